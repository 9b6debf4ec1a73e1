"""The floor: what an email client can do at best, with a bare socket and nothing around it.

It parses nothing and expects nothing but the answers that a good server gives, in one piece or
several. No library can be much faster, and none that copes with real servers can be as fast.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from table import FLOOR

PASSWORD = "secret"
"""The password of all accounts on all servers here."""

SEEN = r"+FLAGS.SILENT (\Seen)"

_FIRST_BYTES = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)"
"""What the library asks too, so that the server has the same work."""

_EXISTS = re.compile(rb"\* (\d+) EXISTS\r\n")
_TAIL = 2048
"""Tagged answers are shorter than this (that to LOGIN may list what the server can do), so that no
more needs to be searched."""


@dataclass(frozen=True)
class Place:
    """Where a mailbox is: plain-text IMAP at that port, with that user."""

    host: str
    port: int
    user: str


class RawSocket:
    """A session that knows just what the benchmarks need."""

    name = FLOOR

    def __init__(self) -> None:
        self._tag = 0

    def open(self, place: Place) -> None:
        """Connect, log in and select INBOX."""
        self._socket = socket.create_connection((place.host, place.port), 60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read_until(rb"\* OK .*\r\n")
        self.command(f'LOGIN "{place.user}" "{PASSWORD}"')
        self.command("SELECT INBOX")

    def close(self) -> None:
        """Log out."""
        self.command("LOGOUT")
        self._socket.close()

    def wait(self, subject: str) -> str:
        """Wait for the next email by IDLE and return its first bytes, whatever its subject."""
        tag = self._send("IDLE")
        pushed = self._read_until(rb"\+ ?.*\r\n")
        while not (found := _EXISTS.search(pushed)):
            pushed += self._receive()
        self._socket.sendall(b"DONE\r\n")
        self._answer(tag)
        return self.command(f"FETCH {int(found[1])} {_FIRST_BYTES}").decode()

    def mark_all_as_read(self) -> None:
        """Flag all emails as read in one command."""
        self.command(f"STORE 1:* {SEEN}")

    def body(self, subject: str) -> str:
        """Return the first bytes of the one email that is there, and mark it as read."""
        answer = self.command(f"FETCH 1 {_FIRST_BYTES}")
        self.command(f"STORE 1 {SEEN}")
        return answer.decode()

    def headers(self) -> bytes:
        """Return what a FETCH of all headers says."""
        return self.command("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])")

    def append(self, emails: Iterable[bytes]) -> None:
        """Put emails into INBOX by one command (RFC 3502, RFC 7888)."""
        tag = self._next_tag()
        self._socket.sendall(f"{tag} APPEND INBOX".encode())
        for email in emails:
            self._socket.sendall(b" {%d+}\r\n%s" % (len(email), email))
        self._socket.sendall(b"\r\n")
        self._answer(tag)

    def command(self, text: str) -> bytes:
        """Send a command and return all that comes up to its end."""
        return self._answer(self._send(text))

    def _send(self, text: str) -> str:
        tag = self._next_tag()
        self._socket.sendall(f"{tag} {text}\r\n".encode())
        return tag

    def _next_tag(self) -> str:
        self._tag += 1
        return f"R{self._tag}"

    def _answer(self, tag: str) -> bytes:
        answer = self._read_until(rb"(?:\A|\n)%s (?:OK|NO|BAD)[^\r\n]*\r\n\Z" % tag.encode())
        if b"%s OK" % tag.encode() not in answer[-_TAIL:]:
            raise RuntimeError(f"The server said {answer[-_TAIL:]!r}.")
        return answer

    def _read_until(self, pattern: bytes) -> bytes:
        data = bytearray()
        while not re.search(pattern, data[-_TAIL:]):
            data += self._receive()
        return bytes(data)

    def _receive(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise RuntimeError("The server closed the connection.")
        return data
