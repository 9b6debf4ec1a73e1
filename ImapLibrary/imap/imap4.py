"""imaplib, put on a wire that keeps deadlines, and made to tell what it otherwise keeps to itself."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from imaplib import Time2Internaldate
from typing import Any

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionLost
from ImapLibrary.imap.habits import misreads_noon
from ImapLibrary.imap.pace import Pace
from ImapLibrary.imap.sasl import Dialogue, hidden
from ImapLibrary.imap.wire import Wire
from ImapLibrary.moments import not_noon

CAPABILITY_CODE = re.compile(rb"\[CAPABILITY ([^]]*)\]")
"""The response code of RFC 9051, section 7.1."""

ALERT = re.compile(rb"\[(?:WEB)?ALERT\b")
"""The response code of what people must get to read (RFC 9051, section 7.1), and Gmail's own."""

_log = logging.getLogger(__name__)

EXPUNGED = re.compile(rb"(?:\* \d+ EXPUNGE\r\n)+")


class Refused(Exception):
    """The server answered NO or BAD; the text is its answer."""


class RefusedMidway(Refused):
    """It did so in the middle of a literal. What it takes the rest for, nobody knows."""


class Imap4(imaplib.IMAP4):
    """The protocol's commands and answers over a `Wire`.

    pace: what every command keeps to

    exists: how many emails the folder has, by the server's last word
    arrivals: how often the server said that emails arrived
    gone: how many emails went, by the server's word
    changes: how often the server said that emails arrived or went, or that flags changed
    """

    def __init__(self, wire: Wire, host: str, port: int, pace: Pace | None = None) -> None:
        self.exists = 0
        self.arrivals = 0
        self.gone = 0
        self.changes = 0
        self._alerts: set[bytes] = set()
        self._untold: list[str] = []
        self._wire = wire
        self._pace = pace or Pace()
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port

    def read(self, size: int) -> bytes:
        return self._wire.read(size)

    def readline(self) -> bytes:
        line = self._wire.readline()
        if not line.endswith(b"\n"):
            raise ConnectionLost("The server closed the connection without a word.")
        return line.rstrip(b"\r\n") + b"\r\n"  # imaplib insists

    def wait_for_line(self, until: Deadline) -> bool:
        """Return whether a line can be read by then."""
        return self._wire.wait_for_line(until)

    def send(self, data: Any) -> None:
        self._wire.send(data)

    def step(self) -> None:
        """Keep to the pace: something goes out that a server counts as a command."""
        self._pace.step(self._wire.deadline)

    def shutdown(self) -> None:
        self._wire.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        answer = self._simple_command("STARTTLS")
        self._wire.start_tls(ssl_context or ssl.create_default_context(), self.host, agreed=True)
        # What was said in plain text does not count any more (RFC 9051, section 6.2.1).
        self.untagged_responses.clear()
        self._get_capabilities()
        return answer

    def login(self, user: str, password: str) -> Any:
        """Log in. imaplib would send the user as it is, which is wrong if it has a blank."""
        answer = self._simple_command("LOGIN", self._quote(user), self._quote(password))
        self.state = "AUTH"
        return answer

    def append_in_pieces(
        self, folder: bytes, flags: str, date: datetime | None, size: int, pieces: Iterable[bytes]
    ) -> None:
        """Add an email to a folder (RFC 9051, section 6.3.12), without having it whole in memory.

        The server is asked before the first byte, so that one that refuses is spared them all.
        imaplib would have the email in one piece, and change its line ends.
        """
        if date and misreads_noon(self.welcome):
            date = not_noon(date)
        when = [Time2Internaldate(date)] if date else []
        tag = self._command("APPEND", folder, f"({flags})", *when, f"{{{size}}}")
        while self._get_response() is not None:  # None is the server's consent, "+"
            self._check_append(tag)
        for piece in pieces:
            self._upload(tag, piece)
        self._upload(tag, b"\r\n")
        self._command_complete("APPEND", tag)

    def await_consent(self, tag: bytes) -> None:
        """Wait until the server asks for a literal. Raises Refused if it does not want it."""
        while self._get_response():
            if self.tagged_commands[tag]:
                self._get_tagged_response(tag)

    def sasl_login(self, dialogue: Dialogue, *, at_once: bool) -> Any:
        """Log in by SASL (RFC 9051, section 6.2.2). imaplib can't begin with the first answer.

        at_once: whether the server takes the first answer with the command (SASL-IR)
        """
        greeting = dialogue.greeting() if at_once else None
        # imaplib takes a bound method for what answers challenges, and calls it for each.
        self.literal = dialogue.respond  # type: ignore[assignment]
        answer = self._simple_command("AUTHENTICATE", dialogue.mechanism, greeting)
        self.state = "AUTH"
        return answer

    @contextmanager
    def untraced(self) -> Iterator[None]:
        """Keep what is said meanwhile out of the log: servers may repeat what they refuse."""
        level, self.debug = self.debug, 0
        try:
            yield
        finally:
            self.debug = level

    def print_log(self) -> None:
        """Do nothing. The log has it all, and what imaplib kept besides may hold a password."""

    def _upload(self, tag: bytes, piece: bytes) -> None:
        """Send a piece of an email, and heed what the server says meanwhile.

        One that does not want the email any more may say so and read no further.
        """
        while piece := piece[self._wire.send_until_line(piece) :]:
            try:
                self._get_response()
                self._check_append(tag)
            except Refused as refused:
                raise RefusedMidway(str(refused)) from None

    def _check_append(self, tag: bytes) -> None:
        """Raise what ends an APPEND before the server has the email."""
        self._check_bye()
        if self.tagged_commands[tag]:
            self._command_complete("APPEND", tag)
            raise self.abort("the server ended APPEND before it had the email")

    # The methods below are private in imaplib, but there is no other place at which every command
    # and every answer passes by. Type checkers do not know them.

    def _new_tag(self) -> bytes:
        self.step()
        tag: bytes = super()._new_tag()  # type: ignore[misc]
        return tag

    def _get_tagged_response(self, tag: bytes, expect_bye: bool = False) -> Any:
        status, data = super()._get_tagged_response(tag, expect_bye)  # type: ignore[misc]
        if status in ("NO", "BAD"):
            raise Refused(f"{status} {data[-1].decode(errors='replace')}".strip())
        # imaplib overlooks what servers can do when they say so in the answer to LOGIN.
        if capability := CAPABILITY_CODE.match(data[-1]):
            self.untagged_responses["CAPABILITY"] = [capability[1]]
        if ALERT.match(data[-1]):
            self._alerted(data[-1])
        return status, data

    def _append_untagged(self, status: str, data: Any) -> None:
        if status == "EXISTS":
            self._announced(data)
        elif status == "EXPUNGE":
            # Nobody asks which, and there can be thousands, for each of which imaplib takes its time.
            count = 1 + self._wire.skip(EXPUNGED).count(b"\n")
            self.exists = max(0, self.exists - count)
            self.gone += count
            self.changes += count
            return
        elif status == "FETCH":
            self.changes += 1
        elif status == "BYE" and self.state == "NONAUTH":
            # imaplib overlooks it as long as it waits for the next challenge of a log-in.
            raise self.abort(data.decode(errors="replace"))
        elif isinstance(data, bytes) and ALERT.match(data):
            self._alerted(data)
        super()._append_untagged(status, data)  # type: ignore[misc]

    def tell_alerts(self, secrets: Iterable[str]) -> None:
        """Have somebody read what the server wanted to be read up to the log-in, which is over.

        secrets: what nobody may read of it
        """
        for text in self._untold:
            _log.warning("%s says: %s", self.host, hidden(text, secrets))
        self._untold.clear()

    def _alerted(self, said: bytes) -> None:
        """Have somebody read what the server wants to be read, once (RFC 9051, section 7.1)."""
        if said in self._alerts:
            return
        self._alerts.add(said)
        self._untold.append(said.decode(errors="replace"))
        if self.debug:
            self.tell_alerts(())

    def _announced(self, count: Any) -> None:
        if isinstance(count, bytes) and count.isdigit():
            self.exists = int(count)
        self.arrivals += 1
        self.changes += 1
