"""How little to ask of a server to get an email, and its answers as `Email`s.

The first 64 KiB of an email nearly always hold its headers and its whole text, whatever is
attached. Of the others the structure is asked (RFC 9051, section 7.5.2), then just the parts
that people read, and of the attachments those that are asked for. No flag is set unless that is
asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from ImapLibrary.errors import CommandRefused, EmailNotFound
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import RECENT, without
from ImapLibrary.imap.uidset import in_short, uid_sets
from ImapLibrary.mail.attachments import Attachment, names_settled
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent
from ImapLibrary.mime.structure import plan

_log = logging.getLogger(__name__)

Choice = Callable[[Sequence[Attachment]], Sequence[Attachment]]

FIRST_BYTES = 64 * 1024

SMALL = 1024 * 1024
"""Up to this size an email is fetched whole when more than its text is needed."""

MOST_READ = 50
"""Of so many emails at most that a keyword returns the first bytes are fetched if just their headers
told that they match. A longer list is for its headers."""

_ALONE = frozenset({"base64"})
"""The transfer encodings of parts that are fetched alone. Servers differ in whether the line end
before a boundary belongs to a part, which makes a difference in all others."""

METADATA = "UID FLAGS INTERNALDATE RFC822.SIZE"


def first_bytes(connection: Connection, uids: str) -> list[Email]:
    """Return the emails of a UID set that exist, oldest first, each with its first 64 KiB."""
    answers = connection.fetch(uids, f"({METADATA} BODY.PEEK[]<0.{FIRST_BYTES}>)")
    return [
        # Only an answer of exactly this length may have been cut. The size that the server names
        # is no help: some only estimate it.
        _email(
            connection,
            uid,
            answer,
            raw,
            Extent.PREFIX if len(raw) == FIRST_BYTES else Extent.WHOLE,
        )
        for uid, answer, raw in _with_content(answers)
    ]


def headers(connection: Connection, uids: str) -> list[Email]:
    """Return the emails of a UID set that exist, oldest first, each with its headers only."""
    answers = connection.fetch(uids, f"({METADATA} BODY.PEEK[HEADER])")
    return [
        _email(connection, uid, answer, _ended(raw), Extent.PREFIX)
        for uid, answer, raw in _with_content(answers)
    ]


def one(connection: Connection, uid: int) -> Email:
    """Return the email with that UID with its first 64 KiB. Raises EmailNotFound."""
    for email in first_bytes(connection, str(uid)):
        if email.uid == uid:
            return email
    raise not_there(connection, [uid])


def not_there(connection: Connection, uids: Collection[int]) -> EmailNotFound:
    """Return the failure for emails that were named and are not in the folder."""
    those = "It" if len(uids) == 1 else "They"
    return EmailNotFound(
        f"There is no email with UID {in_short(uids)} in {connection.location}. {those} may have "
        "been deleted or moved, or the UID may be of another folder."
    )


def flags_now(connection: Connection, uid: int) -> tuple[str, ...]:
    """Return the flags that an email has at the moment, but \\Recent. Raises EmailNotFound.

    \\Recent tells which session saw the email first, and nothing about the email.
    """
    connection.noop()  # or some servers tell those of the last time that they looked
    answer = connection.fetch(str(uid), "(UID FLAGS)").get(uid)
    if answer is None:
        raise not_there(connection, [uid])
    return tuple(without(flags_of(answer), [RECENT]))


def with_first_bytes(connection: Connection, email: Email) -> Email:
    """Return the email with its first 64 KiB, if just its headers are here."""
    return one(connection, _uid(email)) if just_headers(email) else email


def all_with_first_bytes(connection: Connection, emails: Sequence[Email]) -> list[Email]:
    """Return the emails in that order, with their first 64 KiB where just the headers are here.

    It takes one command. An email that has gone stays as it is, and so do the flags: they are those
    of the moment at which it was found. Of more than `MOST_READ` emails nothing is fetched, and where
    the server refuses that (Exchange does for an email that it can't convert), they stay as they are.
    """
    lacking = [_uid(email) for email in emails if just_headers(email)]
    if not lacking or len(emails) > MOST_READ:
        return list(emails)
    (uids,) = uid_sets(lacking)
    try:
        read = {email.uid: email for email in first_bytes(connection, uids)}
    except CommandRefused as refused:
        _log.debug("Only the headers are there: %s", refused)
        return list(emails)
    return [
        read[email.uid].with_flags(email.flags) if email.uid in read else email for email in emails
    ]


def just_headers(email: Email) -> bool:
    """Return whether an email in a folder was fetched by its headers only."""
    return email.extent is Extent.PREFIX and len(email.fetched) < FIRST_BYTES


def more_of(connection: Connection, email: Email) -> Email:
    """Return the email with more of it, for a question that what is here can't answer."""
    if email.extent is Extent.OUTLINE:
        return whole(connection, email)
    more = with_first_bytes(connection, email)
    return _outline(connection, email) if more is email else more


def with_text(connection: Connection, email: Email, *, mark_as_read: bool = False) -> Email:
    """Return the email with all that people read of it, however large its attachments are.

    mark_as_read: fetch so that the server sets \\Seen, if anything has to be fetched
    """
    if email.text_complete and email.html_complete and email.headers_complete:
        return email
    return _outline(connection, email, mark_as_read=mark_as_read)


def with_headers(connection: Connection, email: Email) -> Email:
    """Return the email with all its header fields."""
    return email if email.headers_complete else _outline(connection, email)


def with_attachments(connection: Connection, email: Email, choose: Choice) -> Email:
    """Return the email with what it takes to `load` the chosen attachments one by one.

    choose: called with the attachments of the email, whose content may be missing

    Of a large email that is its outline, unless that can't tell which attachments there are, or
    one of them can't be fetched alone.
    """
    if email.complete or email.size <= SMALL:
        return whole(connection, email)
    outline = email if email.extent is Extent.OUTLINE else _outline(connection, email)
    if names_settled(outline.root):
        chosen = choose(outline.attachments_so_far)
        if all(each.part.transfer_encoding in _ALONE for each in chosen):
            return outline
    return whole(connection, outline)


def load(connection: Connection, email: Email, attachment: Attachment) -> Attachment:
    """Return an attachment of `with_attachments` with its content, fetched alone if need be."""
    if attachment.part.whole:
        return attachment
    uid, section = _uid(email), attachment.number
    answer = connection.fetch(str(uid), f"(UID BODY.PEEK[{section}])").get(uid)
    if answer is None:
        raise _gone(connection, email)
    body = _bytes(answer.get(f"BODY[{section}]".encode()))
    if body:
        return attachment.with_body(body)
    same = (a for a in whole(connection, email).attachments if a.number == attachment.number)
    return next(same, attachment)


def _outline(connection: Connection, email: Email, *, mark_as_read: bool = False) -> Email:
    """Return the email with all its headers, those of its parts too, and all its texts."""
    uid = _uid(email)
    answer = connection.fetch(str(uid), "(UID BODYSTRUCTURE)").get(uid, {})
    try:
        outline = plan(answer[b"BODYSTRUCTURE"])
    except (KeyError, ValueError):  # gone, or a structure that nobody understands
        return whole(connection, email, mark_as_read=mark_as_read)
    body = "BODY" if mark_as_read else "BODY.PEEK"
    items = " ".join(f"{body}[{section}]" for section in outline.sections)
    parts = connection.fetch(str(uid), f"(UID {items})").get(uid)
    if parts is None:
        raise _gone(connection, email)
    answers = {
        section: _bytes(parts.get(f"BODY[{section}]".encode())) for section in outline.sections
    }
    try:
        return email.with_raw(outline.assemble(answers), Extent.OUTLINE)
    except ValueError:  # server and library understand the email differently
        return whole(connection, email, mark_as_read=mark_as_read)


def whole(connection: Connection, email: Email, *, mark_as_read: bool = False) -> Email:
    """Return the email with every byte of it.

    mark_as_read: fetch so that the server sets \\Seen, if anything has to be fetched
    """
    if email.complete:
        return email
    item = "BODY[]" if mark_as_read else "BODY.PEEK[]"
    answer = connection.fetch(str(email.uid), f"(UID {item})").get(_uid(email), {})
    if b"BODY[]" not in answer:
        raise _gone(connection, email)
    return email.with_raw(_bytes(answer[b"BODY[]"]))


def flags_of(answer: dict[bytes, Any]) -> tuple[str, ...]:
    """Return the FLAGS of one email's answer to FETCH."""
    return tuple(map(_flag, answer.get(b"FLAGS") or ()))


def _flag(atom: bytes | int | None) -> str:
    """Return the name of a flag, which IMAPClient takes for a number or for nothing if it can."""
    if isinstance(atom, bytes):
        return atom.decode(errors="replace")
    return "NIL" if atom is None else str(atom)


def _with_content(
    answers: dict[int, dict[bytes, Any]],
) -> Iterator[tuple[int, dict[bytes, Any], bytes]]:
    """Yield UID, answer and content, oldest first. News of other emails' flags has no content."""
    for uid, answer in sorted(answers.items()):
        for item, value in answer.items():
            if item.startswith(b"BODY["):
                yield uid, answer, _bytes(value)


def _email(
    connection: Connection, uid: int, answer: dict[bytes, Any], raw: bytes, extent: Extent
) -> Email:
    size = len(raw) if extent is Extent.WHOLE else int(answer.get(b"RFC822.SIZE") or 0)
    return Email(
        raw,
        uid=uid,
        location=connection.location,
        flags=flags_of(answer),
        received=answer.get(b"INTERNALDATE"),
        size=max(size, len(raw)),
        extent=extent,
    )


def _ended(header: bytes) -> bytes:
    """Return a header with the empty line that ends it, which GreenMail leaves out."""
    return header if header.endswith(b"\r\n\r\n") else header + b"\r\n"


def _uid(email: Email) -> int:
    if email.uid is None:
        raise EmailNotFound("This email is in no folder, so that nothing more can be fetched.")
    return email.uid


def _bytes(value: Any) -> bytes:
    """Return what stands in a FETCH answer as bytes: NIL and numbers may come unasked."""
    if value is None:
        return b""
    return value if isinstance(value, bytes) else str(value).encode()


def _gone(connection: Connection, email: Email) -> EmailNotFound:
    return EmailNotFound(
        f"The email with UID {email.uid} has gone from {connection.location} while it was read."
    )
