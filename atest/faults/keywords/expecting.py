"""Checking what emails say."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from faults.account import CODE, FILE_NAME, LINK, SENDER, TEXT, UNREAD
from faults.keywords.base import Keyword, equal

if TYPE_CHECKING:
    from faults.cell import Cell


def _recipients(cell: Cell) -> None:
    equal(cell.library.get_email_recipients(cell.uids[UNREAD]), [cell.address])


def _gets(name: str, value: object) -> Keyword:
    """Return a keyword that gets something of an email."""
    return Keyword(name, lambda cell: equal(_called(cell, name), value))


def _checks(name: str, *expected: str, **named: str) -> Keyword:
    """Return a keyword that checks an email and finds all well."""
    return Keyword(name, lambda cell: equal(_called(cell, name, *expected, **named), None))


def _called(cell: Cell, name: str, *arguments: str, **named: str) -> object:
    keyword = getattr(cell.library, name.lower().replace(" ", "_"))
    return keyword(cell.uids[UNREAD], *arguments, **named)


KEYWORDS = (
    _gets("Get Email Subject", UNREAD),
    _gets("Get Email Sender", SENDER),
    _gets("Get Email Date", datetime(2026, 11, 24, 12, tzinfo=timezone.utc)),
    Keyword("Get Email Recipients", _recipients),
    _checks("Email Should Match", sender=SENDER, body=TEXT, attachment=FILE_NAME),
    _checks("Email Subject Should Be", UNREAD),
    _checks("Email Sender Should Be", SENDER),
    _checks("Email Body Should Contain", CODE),
    _checks("Email Body Should Not Contain", "password"),
    _checks("Email Should Have Attachment", FILE_NAME),
    _checks("Email Should Have Link", LINK),
)
