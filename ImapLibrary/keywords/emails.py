"""How keywords get the emails that they are given, with what it takes of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from ImapLibrary.changing.changes import AS_READ, store
from ImapLibrary.errors import MailboxNotOpen, MarkMismatch
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, uid_of
from ImapLibrary.mailboxes import Mailboxes

More = Callable[[Connection, Email], Email]

_log = logging.getLogger(__name__)


class Emails:
    """The emails of open mailboxes, and those that are in none."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    def get(
        self, reference: Reference, mailbox: str | None, more: More, *, marking: bool = False
    ) -> Email:
        """Return the email that is meant, with what it takes.

        mailbox: alias of the mailbox that it is in, None for the current one
        more: fetches what it takes and is not here yet. It may be called twice.
        marking: whether that also marks the email as read

        An email that is in no folder, such as one from a file, is what it is: no mailbox needs to
        be open for it. Neither is it for one that was fetched whole, unless it is to be marked or
        a mailbox is named.
        """
        if isinstance(reference, Email):
            if reference.uid is None:
                return reference
            if mailbox is None:
                if reference.complete and not marking:
                    return reference
                self._check_open(reference)

        def fetch(connection: Connection) -> Email:
            uid = uid_of(reference, connection.location)
            here = reference if isinstance(reference, Email) else fetching.one(connection, uid)
            return more(connection, here)

        return self._mailboxes.get(mailbox).do(fetch)

    def with_text(self, reference: Reference, mailbox: str | None, mark_as_read: bool) -> Email:
        """Return the email with its headers and texts, and mark it as read if that can be."""
        if not mark_as_read:
            return self.get(reference, mailbox, fetching.with_text)
        return self.get(
            reference,
            mailbox,
            lambda connection, email: _read(connection, email, fetching.with_text),
            marking=True,
        )

    def whole(self, reference: Reference, mailbox: str | None) -> Email:
        """Return the email with every byte of it, and mark it as read if that can be."""
        return self.get(
            reference,
            mailbox,
            lambda connection, email: _read(connection, email, fetching.whole),
            marking=True,
        )

    def with_images(
        self, reference: Reference, mailbox: str | None
    ) -> tuple[Email, list[tuple[Attachment, bytes]]]:
        """Return the email with its texts, and the images that its HTML shows; it stays unread."""
        found = self.get(reference, mailbox, _with_images)
        shown = _inline(found.attachments_so_far)
        return found, [(each, self.load(found, each, mailbox).content) for each in shown]

    def load(self, email: Email, attachment: Attachment, mailbox: str | None) -> Attachment:
        """Return an attachment with its content.

        email: the email that it is of, which `finding.fetching.with_attachments` has prepared
        """
        if attachment.part.whole:
            return attachment

        def fetch(connection: Connection) -> Attachment:
            uid_of(email, connection.location)  # the connection may have been made anew meanwhile
            return fetching.load(connection, email, attachment)

        return self._mailboxes.get(mailbox).do(fetch)

    def _check_open(self, email: Email) -> None:
        """Raise unless the mailbox of an email is the current one, and say where it is.

        Whether the right folder of it is open, and in the right state, is seen when it is used.
        """
        where = email.location
        if where is None:
            return
        holder = self._mailboxes.holding(where)
        if holder and holder is not self._mailboxes.get():
            raise MarkMismatch(
                f"This email is of {where}, which is open as mailbox {holder.alias!r}, but that is "
                f"not the current one. Say mailbox={holder.alias}, or use `Switch Mailbox`."
            )
        if self._mailboxes.has_account_of(where):
            return
        why, how = "not all of it was fetched", "or read the email before you close it"
        if email.complete:
            why = "it is to be marked as read"
            how = "read the email before you close it, or say mark_as_read=False"
        raise MailboxNotOpen(
            f"This email is of {where}, whose mailbox is closed, and {why}. Open the mailbox again, "
            f"{how}."
        )


def _with_images(connection: Connection, email: Email) -> Email:
    return fetching.with_attachments(connection, email, _inline)


def _inline(attachments: Sequence[Attachment]) -> list[Attachment]:
    return [each for each in attachments if each.inline]


def _read(connection: Connection, email: Email, fetch: Callable[..., Email]) -> Email:
    """Return the email with what it takes, marked as read in as few commands as it takes."""
    if connection.readonly:
        _log.debug("The folder is open for reading only, so the email stays as it is.")
        return fetch(connection, email)
    found = fetch(connection, email, mark_as_read=True)
    if found is email:  # nothing was fetched that would have set the flag
        store(connection, [str(email)], AS_READ)
    return found
