"""Waiting for emails, in the course of which something happens to the mailbox."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from faults.account import ARCHIVE, BODY, FLAGGED, READ, SENDER, UNREAD
from faults.keywords.base import NEW, WAIT_GRACE, WAIT_SECONDS, Keyword, equal
from ImapLibrary.errors import EmailArrived

if TYPE_CHECKING:
    from faults.cell import Cell

QUIET_SECONDS = 2.0
"""How long no email may arrive."""


def _present(cell: Cell) -> None:
    email = cell.library.wait_for_email(subject=UNREAD, timeout=cell.timeout)
    equal(email.subject, UNREAD)


def _arriving(cell: Cell) -> None:
    cell.deliver_later(NEW)
    email = cell.library.wait_for_email(subject=NEW, after=cell.mark, timeout=cell.timeout)
    equal((email.subject, email.text.strip()), (NEW, BODY))


def _older(cell: Cell) -> None:
    cell.deliver_later(NEW)
    email = cell.library.wait_for_mail(SENDER, subject=NEW, timeout=cell.timeout)
    equal(email.subject, NEW)


def _open_another(cell: Cell) -> None:
    cell.open_mailbox("other", direct=True, folder=ARCHIVE)
    cell.library.switch_mailbox("qa")


def _in_any(cell: Cell) -> None:
    cell.deliver_later(NEW)
    alias, email = cell.library.wait_for_email_in_any_mailbox(
        "other", "qa", subject=NEW, timeout=cell.timeout
    )
    equal((alias, email.subject), ("qa", NEW))


def _several(cell: Cell) -> None:
    cell.deliver_later(NEW)
    emails = cell.library.wait_for_emails(at_least=3, status="UNSEEN", timeout=cell.timeout)
    equal([email.subject for email in emails], [UNREAD, FLAGGED, NEW])


def _none_arrives(cell: Cell) -> None:
    cell.library.email_should_not_arrive(subject=NEW, after=cell.mark, within=cell.timeout)


def _one_arrives(cell: Cell) -> None:
    cell.deliver_later(NEW)
    try:
        cell.library.email_should_not_arrive(subject=NEW, after=cell.mark, within=cell.timeout)
    except EmailArrived:
        return
    raise AssertionError("It overlooked the email that arrived.")


def _gone(cell: Cell) -> None:
    cell.delete_later(READ)
    cell.library.wait_until_email_is_gone(subject=f"exact:{READ}", timeout=cell.timeout)


_wait = partial(Keyword, seconds=WAIT_SECONDS, grace=WAIT_GRACE, steady=False)

KEYWORDS = (
    _wait("Wait For Email, there already", _present, steady=True),
    _wait("Wait For Email, arriving", _arriving),
    _wait("Wait For Mail", _older),
    _wait("Wait For Email In Any Mailbox", _in_any, prepare=_open_another),
    _wait("Wait For Emails", _several),
    _wait("Email Should Not Arrive, none", _none_arrives, seconds=QUIET_SECONDS),
    _wait("Email Should Not Arrive, one", _one_arrives),
    _wait("Wait Until Email Is Gone", _gone),
)
