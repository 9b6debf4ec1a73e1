"""The keywords in the matrix: how each is called, what it returns, and what it does to a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from faults.account import (
    ARCHIVE,
    FILE,
    FLAGGED,
    LARGE,
    LARGE_FILE,
    READ,
    TEXT,
    UNREAD,
    Snapshot,
    composed,
)
from ImapLibrary.errors import EmailArrived

if TYPE_CHECKING:
    from faults.cell import Cell

NETWORK_SECONDS = 3.0
"""The `timeout` of Open Mailbox: the deadline of every keyword that does not wait for emails."""

WAIT_SECONDS = 7.0
"""Enough for a wait to give up a silent connection and go on with another one."""

QUIET_SECONDS = 2.0
"""How long no email may arrive."""

NEW = "New"
"""The subject of an email that arrives in the middle of a keyword."""

SEEN = r"\Seen"


def _unchanged(before: Snapshot) -> Snapshot:
    return before


@dataclass(frozen=True)
class Keyword:
    """A keyword of the matrix.

    call: calls it, and raises AssertionError if what it returns is wrong
    seconds: its deadline
    grace: how much later it may end
    promise: what it makes of a mailbox when it succeeds; when it fails, each email is either so
        or as it was
    opened: whether the mailbox is open already
    repairs: whether it goes on when the connection is lost and the server can be reached
    steady: whether every run of it takes the same commands
    large: whether it needs the large email
    """

    name: str
    call: Callable[[Cell], None]
    seconds: float = NETWORK_SECONDS
    grace: float = 1.0
    promise: Callable[[Snapshot], Snapshot] = _unchanged
    halfway: Callable[[Snapshot], Snapshot] = _unchanged
    opened: bool = True
    repairs: bool = True
    steady: bool = True
    large: bool = False


def _equal(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(
            f"It returned {str(found)[:200]!r} instead of {str(expected)[:200]!r}."
        )


def _open(cell: Cell) -> None:
    _equal(cell.open_mailbox(), "qa")


def _close(cell: Cell) -> None:
    cell.library.close_mailbox()


def _mark_all(cell: Cell) -> None:
    count = cell.library.mark_all_as_read()
    # When it is repeated because its answer was lost, less is left to do.
    if count not in ((0, 2) if cell.disturbed else (2,)):
        raise AssertionError(f"It returned {count}.")


def _all_read(before: Snapshot) -> Snapshot:
    emails = (READ, UNREAD, FLAGGED)
    return {**before, **{subject: _with_seen(before[subject]) for subject in emails}}


def _one_read(before: Snapshot) -> Snapshot:
    return {**before, UNREAD: _with_seen(before[UNREAD])}


def _with_seen(
    places: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((folder, tuple(sorted({*flags, SEEN}))) for folder, flags in places)


def _mark(cell: Cell) -> None:
    _equal(cell.library.get_mailbox_mark(), cell.mark)


def _wait_present(cell: Cell) -> None:
    email = cell.library.wait_for_email(subject=UNREAD, timeout=timedelta(seconds=WAIT_SECONDS))
    _equal(email.subject, UNREAD)


def _wait_arriving(cell: Cell) -> None:
    cell.deliver_later(NEW)
    email = cell.library.wait_for_email(
        subject=NEW, after=cell.mark, timeout=timedelta(seconds=WAIT_SECONDS)
    )
    _equal((email.subject, email.text.strip()), (NEW, TEXT))


def _wait_several(cell: Cell) -> None:
    cell.deliver_later(NEW)
    emails = cell.library.wait_for_emails(
        at_least=3, status="UNSEEN", timeout=timedelta(seconds=WAIT_SECONDS)
    )
    _equal([email.subject for email in emails], [UNREAD, FLAGGED, NEW])


def _none_arrives(cell: Cell) -> None:
    cell.library.email_should_not_arrive(
        subject=NEW, after=cell.mark, within=timedelta(seconds=QUIET_SECONDS)
    )


def _one_arrives(cell: Cell) -> None:
    cell.deliver_later(NEW)
    try:
        cell.library.email_should_not_arrive(
            subject=NEW, after=cell.mark, within=timedelta(seconds=QUIET_SECONDS)
        )
    except EmailArrived:
        return
    raise AssertionError("It overlooked the email that arrived.")


def _gone(cell: Cell) -> None:
    cell.delete_later(READ)
    cell.library.wait_until_email_is_gone(
        subject=f"exact:{READ}", timeout=timedelta(seconds=WAIT_SECONDS)
    )


def _find(cell: Cell) -> None:
    emails = cell.library.find_emails(sender="noreply@shop.example", status="UNSEEN")
    _equal([email.subject for email in emails], [FLAGGED, UNREAD])


def _count(cell: Cell) -> None:
    _equal(cell.library.get_email_count(body=TEXT), 3)


def _count_all(cell: Cell) -> None:
    _equal(cell.library.get_email_count(), 3)


def _body(cell: Cell) -> None:
    _equal(cell.library.get_email_body(cell.uids[UNREAD]), TEXT)


def _body_unread(cell: Cell) -> None:
    _equal(cell.library.get_email_body(cell.uids[UNREAD], mark_as_read=False), TEXT)


def _attachments(cell: Cell) -> None:
    found = cell.library.get_email_attachments(cell.uids[UNREAD])
    _equal([(each.name, each.content) for each in found], [("data.bin", FILE)])


def _attachment(cell: Cell) -> None:
    _equal(cell.library.get_attachment_content(cell.uids[LARGE]), LARGE_FILE)


def _save_attachments(cell: Cell) -> None:
    (path,) = cell.library.save_email_attachments(cell.uids[LARGE], cell.folder)
    _equal(Path(path).read_bytes(), LARGE_FILE)


def _save(cell: Cell) -> None:
    path = cell.library.save_email(cell.uids[UNREAD], cell.folder / "saved.eml")
    _equal(Path(path).read_bytes(), cell.raw)


def _append(cell: Cell) -> None:
    email = cell.library.append_email(composed(NEW, "qa@example.com"), flags="Flagged")
    _equal(email.subject, NEW)


def _appended(before: Snapshot) -> Snapshot:
    return {**before, NEW: (("INBOX", (r"\Flagged",)),)}


def _append_elsewhere(cell: Cell) -> None:
    cell.library.append_email(sender="a@example.com", subject=NEW, text=TEXT, folder=ARCHIVE)


def _appended_elsewhere(before: Snapshot) -> Snapshot:
    return {**before, NEW: ((ARCHIVE, ()),)}


def _move(cell: Cell) -> None:
    email = cell.library.move_email(cell.uids[FLAGGED], ARCHIVE)
    _equal(email.location.folder, ARCHIVE)


def _moved(before: Snapshot) -> Snapshot:
    return {**before, FLAGGED: ((ARCHIVE, (r"\Flagged",)),)}


def _move_all(cell: Cell) -> None:
    _equal(len(cell.library.move_email(folder=ARCHIVE, sender="noreply@shop.example")), 3)


def _all_moved(before: Snapshot) -> Snapshot:
    moved = {s: tuple((ARCHIVE, flags) for _, flags in before[s]) for s in (READ, UNREAD, FLAGGED)}
    return {**before, **moved}


def _copy(cell: Cell) -> None:
    cell.library.copy_email([cell.uids[READ], cell.uids[FLAGGED]], ARCHIVE)


def _copied(before: Snapshot) -> Snapshot:
    copied = {s: tuple(sorted([*before[s], (ARCHIVE, before[s][0][1])])) for s in (READ, FLAGGED)}
    return {**before, **copied}


def _delete(cell: Cell) -> None:
    cell.library.delete_email(cell.uids[READ])


def _deleted(before: Snapshot) -> Snapshot:
    return {**before, READ: ()}


def _delete_all(cell: Cell) -> None:
    _equal(cell.library.delete_all_emails() in ((0, 3) if cell.disturbed else (3,)), True)


def _all_deleted(before: Snapshot) -> Snapshot:
    return {**before, READ: (), UNREAD: (), FLAGGED: ()}


def _all_flagged_as_deleted(before: Snapshot) -> Snapshot:
    """Deleting takes two commands; the failure says that it is not known how much was done."""
    flagged = {
        s: tuple((folder, tuple(sorted({*flags, r"\Deleted"}))) for folder, flags in before[s])
        for s in (READ, UNREAD, FLAGGED)
    }
    return {**before, **flagged}


def _set_flags(cell: Cell) -> None:
    cell.library.set_email_flags(cell.uids[FLAGGED], add="Seen Answered", remove="Flagged")


def _flags_set(before: Snapshot) -> Snapshot:
    return {**before, FLAGGED: (("INBOX", (r"\Answered", SEEN)),)}


def _mark_unread(cell: Cell) -> None:
    cell.library.mark_email_as_unread(cell.uids[READ])


def _marked_unread(before: Snapshot) -> Snapshot:
    return {**before, READ: (("INBOX", ()),)}


def _create(cell: Cell) -> None:
    cell.library.create_folder(NEW)


def _created(before: Snapshot) -> Snapshot:
    return {**before, f"folder {NEW}": ((NEW, ()),)}


def _rename(cell: Cell) -> None:
    _equal(cell.library.rename_folder(ARCHIVE, NEW), NEW)


def _renamed(before: Snapshot) -> Snapshot:
    return {**before, f"folder {ARCHIVE}": (), f"folder {NEW}": ((NEW, ()),)}


def _list(cell: Cell) -> None:
    found = [(folder.name, folder.messages) for folder in cell.library.list_folders()]
    _equal({("INBOX", 3), (ARCHIVE, 0)} <= set(found), True)


KEYWORDS = (
    Keyword("Open Mailbox", _open, opened=False, repairs=False),
    Keyword("Close Mailbox", _close, steady=False),
    Keyword("Mark All As Read", _mark_all, promise=_all_read),
    Keyword("Get Mailbox Mark", _mark),
    Keyword("Wait For Email, there already", _wait_present, WAIT_SECONDS, 2.0),
    Keyword("Wait For Email, arriving", _wait_arriving, WAIT_SECONDS, 2.0, steady=False),
    Keyword("Wait For Emails", _wait_several, WAIT_SECONDS, 2.0, steady=False),
    Keyword("Email Should Not Arrive, none", _none_arrives, QUIET_SECONDS, 2.0, steady=False),
    Keyword("Email Should Not Arrive, one", _one_arrives, QUIET_SECONDS, 2.0, steady=False),
    Keyword("Wait Until Email Is Gone", _gone, WAIT_SECONDS, 2.0, steady=False),
    Keyword("Find Emails", _find),
    Keyword("Get Email Count, by text", _count),
    Keyword("Get Email Count, of all", _count_all),
    Keyword("Get Email Body", _body, promise=_one_read),
    Keyword("Get Email Body, left unread", _body_unread),
    Keyword("Get Email Attachments", _attachments),
    Keyword("Get Attachment Content, large", _attachment, large=True),
    Keyword("Save Email Attachments, large", _save_attachments, large=True),
    Keyword("Save Email", _save),
    # After an outage, Dovecot may take longer than the keyword has to tell what became of it.
    Keyword("Append Email", _append, promise=_appended, repairs=False),
    Keyword("Append Email, elsewhere", _append_elsewhere, promise=_appended_elsewhere),
    Keyword("Move Email", _move, promise=_moved),
    Keyword("Move Email, several", _move_all, promise=_all_moved),
    Keyword("Copy Email, several", _copy, promise=_copied),
    Keyword("Delete Email", _delete, promise=_deleted, halfway=_all_flagged_as_deleted),
    Keyword(
        "Delete All Emails", _delete_all, promise=_all_deleted, halfway=_all_flagged_as_deleted
    ),
    Keyword("Set Email Flags", _set_flags, promise=_flags_set),
    Keyword("Mark Email As Unread", _mark_unread, promise=_marked_unread),
    Keyword("Create Folder", _create, promise=_created),
    Keyword("Rename Folder", _rename, promise=_renamed),
    Keyword("List Folders", _list),
)
