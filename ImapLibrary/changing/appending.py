"""Putting an email into a folder, so that it is there once, whatever happens to the connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ImapLibrary.changing.changes import check_kept
from ImapLibrary.changing.contents import Content
from ImapLibrary.changing.target import Target, target
from ImapLibrary.deadline import Deadline, sleep
from ImapLibrary.errors import EmailNotFound
from ImapLibrary.finding.fetching import FIRST_BYTES
from ImapLibrary.imap.connection import Connection
from ImapLibrary.mail.message import Email


class Append:
    """One email on its way into a folder. `begin` puts it there; `resume` ends it after a lost
    connection.

    content: its bytes
    folder: where it is to get
    flags: the flags that it is to have
    received: when it is to have been received, with time zone
    """

    def __init__(
        self, content: Content, folder: str, flags: Sequence[str], received: datetime
    ) -> None:
        self._content = content
        self._folder = folder
        self._email = Email(
            content.head(FIRST_BYTES),
            flags=flags,
            received=received.replace(microsecond=0),  # servers keep whole seconds
            size=content.size,
        )
        self._target: Target | None = None

    def begun(self) -> bool:
        """Return whether the email may have been sent by now."""
        return self._target is not None

    def begin(self, connection: Connection) -> Email:
        """Put the email into the folder, and return it as it is there.

        Raises FolderNotFound, QuotaExceeded or CommandRefused, and InvalidArgument if the folder is
        the one that is selected and the server would not keep a flag in it.
        """
        here = connection.folders.normal(self._folder) == connection.location.folder
        if here and not connection.readonly:  # or it keeps none, which is not said of new emails
            check_kept(connection, sorted(self._email.flags))
        self._target = target(connection, self._folder)
        return self._placed(connection, self._target, self._append(connection))

    def resume(self, connection: Connection, settled: Deadline) -> Email:
        """Find out whether that was done, do it if not, and return the email."""
        if self._target is None:
            return self.begin(connection)
        sleep(settled)
        uid = self._found(connection, self._target)
        if uid is None:
            uid = self._append(connection)
        return self._placed(connection, self._target, uid)

    def _append(self, connection: Connection) -> int | None:
        content, email = self._content, self._email
        return connection.append(
            self._folder, sorted(email.flags), email.received, content.size, content.pieces()
        )

    def _found(self, connection: Connection, target: Target) -> int | None:
        """Return the UID of the email in the folder, None if it is not there.

        Raises OutcomeUnknown if others may be it.
        """
        return target.uids(connection, {0: self._email}, lambda _: self._content.raw()).get(0)

    def _placed(self, connection: Connection, target: Target, uid: int | None) -> Email:
        if uid is None:
            uid = self._found(connection, target)
        if uid is None:
            raise EmailNotFound(
                f"The server took the email for {target.location}, but it is not to be found "
                "there. Something may have moved or deleted it."
            )
        return self._email.placed(uid, target.location)
