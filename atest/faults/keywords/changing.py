"""Changing the flags of emails, putting them into folders, and deleting them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from faults.account import ARCHIVE, FLAGGED, READ, SENDER, TEXT, TRASH, UNREAD, Snapshot, composed
from faults.keywords.base import (
    ALL,
    NEW,
    SEEN,
    Keyword,
    equal,
    with_email,
    with_flags,
    without,
)

if TYPE_CHECKING:
    from faults.cell import Cell


def _mark_all(cell: Cell) -> None:
    equal(cell.library.mark_all_as_read(), 2)


def _older_mark_all(cell: Cell) -> None:
    equal(cell.library.mark_all_emails_as_read(), 2)


def _older_mark_all_too(cell: Cell) -> None:
    equal(cell.library.mark_as_read(), 2)


def _mark_read(cell: Cell) -> None:
    emails = cell.library.mark_email_as_read(status="UNSEEN")
    equal([email.subject for email in emails], [UNREAD, FLAGGED])


def _mark_unread(cell: Cell) -> None:
    equal(cell.library.mark_email_as_unread(cell.uids[READ]).subject, READ)


def _flag(cell: Cell) -> None:
    equal(cell.library.flag_email(cell.uids[UNREAD]).subject, UNREAD)


def _unflag(cell: Cell) -> None:
    equal(cell.library.unflag_email(cell.uids[FLAGGED]).subject, FLAGGED)


def _set_flags(cell: Cell) -> None:
    (email,) = cell.library.set_email_flags(status="FLAGGED", add="Seen Answered", remove="Flagged")
    equal((email.subject, email.flags - {r"\Recent"}), (FLAGGED, {SEEN, r"\Answered"}))


def _append(cell: Cell) -> None:
    email = cell.library.append_email(composed(NEW, "qa@example.com"), flags="Flagged")
    equal(email.subject, NEW)


def _append_elsewhere(cell: Cell) -> None:
    email = cell.library.append_email(
        sender="a@example.com", subject=NEW, text=TEXT, folder=ARCHIVE
    )
    equal((email.subject, email.folder), (NEW, ARCHIVE))


def _move(cell: Cell) -> None:
    equal(cell.library.move_email(cell.uids[FLAGGED], ARCHIVE).folder, ARCHIVE)


def _move_all(cell: Cell) -> None:
    equal(len(cell.library.move_email(folder=ARCHIVE, sender=SENDER)), 3)


def _all_moved(before: Snapshot) -> Snapshot:
    return {**before, **{s: tuple((ARCHIVE, flags) for _, flags in before[s]) for s in ALL}}


def _copy(cell: Cell) -> None:
    uids = [cell.uids[READ], cell.uids[FLAGGED]]
    equal(len(cell.library.copy_email(uids, ARCHIVE)), 2)


def _copied(before: Snapshot) -> Snapshot:
    copied = {s: tuple(sorted([*before[s], (ARCHIVE, before[s][0][1])])) for s in (READ, FLAGGED)}
    return {**before, **copied}


def _delete(cell: Cell) -> None:
    equal(cell.library.delete_email(cell.uids[READ]).subject, READ)


def _delete_into_trash(cell: Cell) -> None:
    equal(cell.library.delete_email(cell.uids[FLAGGED], to_trash=True).folder, TRASH)


def _delete_some(cell: Cell) -> None:
    equal(len(cell.library.delete_emails(status="UNSEEN")), 2)


def _delete_all(cell: Cell) -> None:
    equal(cell.library.delete_all_emails(), 3)


_deleting = partial(Keyword, halfway=with_flags(*ALL, add=r"\Deleted"))
"""Takes two commands. When it fails, it says that it is not known how much was done."""

KEYWORDS = (
    Keyword("Mark All As Read", _mark_all, promise=with_flags(*ALL, add=SEEN)),
    Keyword("Mark All Emails As Read", _older_mark_all, promise=with_flags(*ALL, add=SEEN)),
    Keyword("Mark As Read", _older_mark_all_too, promise=with_flags(*ALL, add=SEEN)),
    Keyword("Mark Email As Read", _mark_read, promise=with_flags(UNREAD, FLAGGED, add=SEEN)),
    Keyword("Mark Email As Unread", _mark_unread, promise=with_email(READ, "INBOX")),
    Keyword("Flag Email", _flag, promise=with_flags(UNREAD, add=r"\Flagged")),
    Keyword("Unflag Email", _unflag, promise=with_email(FLAGGED, "INBOX")),
    Keyword(
        "Set Email Flags",
        _set_flags,
        promise=with_email(FLAGGED, "INBOX", r"\Answered", SEEN),
        halfway=with_email(FLAGGED, "INBOX"),
    ),
    Keyword("Append Email", _append, promise=with_email(NEW, "INBOX", r"\Flagged")),
    Keyword("Append Email, elsewhere", _append_elsewhere, promise=with_email(NEW, ARCHIVE)),
    Keyword("Move Email", _move, promise=with_email(FLAGGED, ARCHIVE, r"\Flagged")),
    Keyword("Move Email, several", _move_all, promise=_all_moved),
    Keyword("Copy Email, several", _copy, promise=_copied),
    _deleting("Delete Email", _delete, promise=without(READ)),
    Keyword(
        "Delete Email, into the trash",
        _delete_into_trash,
        promise=with_email(FLAGGED, TRASH, r"\Flagged"),
        servers=("dovecot", "cyrus"),
    ),
    _deleting("Delete Emails", _delete_some, promise=without(UNREAD, FLAGGED)),
    _deleting("Delete All Emails", _delete_all, promise=without(*ALL)),
)
