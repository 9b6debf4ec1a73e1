"""A folder full of emails, and a session of its own that tends it between measurements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import EmailMessage

from rawsocket import Place, RawSocket


class Folder:
    """The INBOX of an account that nobody has used before.

    place: where it is
    """

    def __init__(self, place: Place, emails: Iterable[EmailMessage]) -> None:
        self.place = place
        self._socket = RawSocket()
        self._socket.open(place)
        self._append(emails)

    def grow(self, emails: Iterable[EmailMessage], size: int) -> None:
        """Add emails, and copies of them, to the first one until there are so many in all."""
        self._append(emails)
        while (exists := self._exists()) < size:
            copied = min(exists - 1, size - exists)
            self.command(f"COPY 2:{copied + 1} INBOX")

    def command(self, text: str) -> bytes:
        """Do a command, and return the answer."""
        return self._socket.command(text)

    def make_unread(self) -> None:
        """Take the flag away from all emails.

        Do so before a client opens the folder, or the server tells it of each change.
        """
        self._socket.command(r"STORE 1:* -FLAGS.SILENT (\Seen)")

    def check_read(self) -> None:
        """Raise RuntimeError if an email is unread."""
        self._socket.command("NOOP")  # takes note of what others have changed
        if b"* SEARCH\r\n" not in self._socket.command("SEARCH UNSEEN"):
            raise RuntimeError("Some emails were left unread.")

    def _append(self, emails: Iterable[EmailMessage]) -> None:
        self._socket.append(email.as_bytes().replace(b"\n", b"\r\n") for email in emails)

    def _exists(self) -> int:
        found = re.search(rb"\* (\d+) EXISTS", self.command("SELECT INBOX"))
        if found is None:
            raise RuntimeError("The server does not say how many emails there are.")
        return int(found[1])

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
