"""Finding and counting emails, and checking their flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults.account import FLAGGED, READ, SENDER, TEXT, UNREAD
from faults.keywords.base import SEEN, Keyword, equal

if TYPE_CHECKING:
    from faults.cell import Cell


def _mark(cell: Cell) -> None:
    equal(cell.library.get_mailbox_mark(), cell.mark)


def _find(cell: Cell) -> None:
    emails = cell.library.find_emails(sender=SENDER, status="UNSEEN")
    equal([email.subject for email in emails], [FLAGGED, UNREAD])


def _count(cell: Cell) -> None:
    equal(cell.library.get_email_count(body=TEXT), 3)


def _count_all(cell: Cell) -> None:
    equal(cell.library.get_email_count(), 3)


def _count_should_be(cell: Cell) -> None:
    equal(cell.library.email_count_should_be(3, sender=SENDER), None)


def _flags(cell: Cell) -> None:
    equal(cell.library.get_email_flags(cell.uids[READ]), [SEEN])


def _check(name: str, subject: str, *flags: str) -> Keyword:
    """Return a keyword that checks the flags of an email and finds all well."""

    def call(cell: Cell) -> None:
        check = getattr(cell.library, name.lower().replace(" ", "_"))
        equal(check(cell.uids[subject], *flags), None)

    return Keyword(name, call)


KEYWORDS = (
    Keyword("Get Mailbox Mark", _mark),
    Keyword("Find Emails", _find),
    Keyword("Get Email Count, by text", _count),
    Keyword("Get Email Count, of all", _count_all),
    Keyword("Email Count Should Be", _count_should_be),
    Keyword("Get Email Flags", _flags),
    _check("Email Should Be Read", READ),
    _check("Email Should Be Unread", UNREAD),
    _check("Email Should Be Flagged", FLAGGED),
    _check("Email Should Not Be Flagged", READ),
    _check("Email Should Have Flags", FLAGGED, "Flagged"),
    _check("Email Should Not Have Flags", FLAGGED, "Seen"),
)
