"""smtplib, put on a wire that keeps deadlines, and kept from telling what it should not."""

from __future__ import annotations

import hmac
import smtplib
from base64 import b64decode, b64encode
from dataclasses import dataclass

from ImapLibrary.errors import ConnectionLost
from ImapLibrary.imap.sasl import Dialogue, by_plain
from ImapLibrary.imap.wire import Wire

MOST_GARBAGE = 200
"""So many bytes are shown at most of what a server sent that is no SMTP."""


@dataclass(frozen=True)
class Answer:
    """What a server said to a command (RFC 5321, section 4.2).

    code: 2yz and 3yz are positive
    text: of one line or several
    """

    code: int
    text: str

    @property
    def positive(self) -> bool:
        return 200 <= self.code <= 399

    def __str__(self) -> str:
        """Return a sentence, for something follows it."""
        said = f"{self.code} {self.text}".strip()
        return said if said.endswith((".", "!", "?")) else f"{said}."


class Leaving(ConnectionLost):
    """The server said 421: it closes the connection, and has not done what it was asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"The server took its leave: {answer}")
        self.answer = answer


class Esmtp(smtplib.SMTP):
    """The protocol's commands and answers over a `Wire`. smtplib's debug output is never on."""

    def __init__(self, wire: Wire) -> None:
        address = wire.local_address.partition("%")[0]
        # Left to itself, smtplib asks DNS for the name of this machine, which can take long.
        super().__init__(local_hostname=f"[IPv6:{address}]" if ":" in address else f"[{address}]")
        self._wire = wire
        self._line = b""
        self.file = self  # what smtplib reads lines from

    def send(self, s: str | bytes) -> None:  # type: ignore[override]
        self._wire.send(s.encode(self.command_encoding) if isinstance(s, str) else s)

    def upload(self, content: bytes) -> bool:
        """Send content, but no more once the server answers. Return whether all of it was sent."""
        return self._wire.send_until_line(content) == len(content)

    def readline(self, limit: int) -> bytes:
        self._line = self._wire.readline()
        return self._line

    def close(self) -> None:
        self._wire.close()

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text. Raises ConnectionLost if there is no answer, or it is garbage."""
        try:
            code, text = super().getreply()
        except smtplib.SMTPServerDisconnected:
            raise ConnectionLost("The server closed the connection without a word.") from None
        except smtplib.SMTPResponseException:
            raise ConnectionLost("The server sent a line that does not end.") from None
        if code < 0:
            garbage = repr(self._line[:MOST_GARBAGE].rstrip())[1:]
            raise ConnectionLost(f"The server sent what is no SMTP: {garbage}.")
        if code == 421:
            raise Leaving(_answer(code, text))
        return code, text

    def answer(self) -> Answer:
        """Return the next answer."""
        return _answer(*self.getreply())

    def command(self, command: str, arguments: str = "") -> Answer:
        """Return the answer to a command."""
        return _answer(*self.docmd(command, arguments))

    def hello(self) -> Answer:
        """Present ourselves, and learn anew what the server can do (RFC 3207, section 4.2)."""
        answer = _answer(*self.ehlo())
        return answer if answer.positive else _answer(*self.helo())

    def mail_from(self, sender: str, options: list[str]) -> Answer:
        """Begin an email. With the option SMTPUTF8, addresses may be outside ASCII."""
        return _answer(*self.mail(sender, options))

    def rcpt_to(self, recipient: str) -> Answer:
        """Name a recipient of the email."""
        return _answer(*self.rcpt(recipient))

    def authenticate(self, mechanism: str, user: str, password: str) -> Answer:
        """Log in by CRAM-MD5, PLAIN or LOGIN. smtplib itself takes nothing outside ASCII."""
        if mechanism == "PLAIN":
            return self.converse(by_plain(user, password))
        answer = self.command("AUTH", mechanism)
        if mechanism == "CRAM-MD5" and answer.code == 334:
            try:
                proof = hmac.new(password.encode(), b64decode(answer.text), "md5").hexdigest()
            except ValueError:  # no challenge, or a Python that is forbidden to use MD5
                return self.command("*")
            return self.command(base64(f"{user} {proof}"))
        for secret in (user, password):
            if answer.code == 334:
                answer = self.command(base64(secret))
        return answer

    def converse(self, dialogue: Dialogue) -> Answer:
        """Log in by SASL (RFC 4954), with the first answer in the command."""
        answer = self.command("AUTH", f"{dialogue.mechanism} {dialogue.greeting()}")
        while answer.code == 334:
            answer = self.command(dialogue.respond(answer.text.encode()).decode())
        return answer


def base64(text: str) -> str:
    """Return text as SASL sends it."""
    return b64encode(text.encode()).decode()


def _answer(code: int, text: bytes) -> Answer:
    return Answer(code, " ".join(text.decode(errors="replace").split()))
