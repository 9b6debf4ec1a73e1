"""An SMTP server for what real ones can't be made to do: refuse, leave, hang, dribble, lie.

It takes every email by default. A test replaces what is to go wrong, by command; GREETING and
CONTENT (all of an email has come) count as commands:

    with ScriptedSmtp() as server:
        server.on["RCPT"] = say("550 No such user")
"""

from __future__ import annotations

import hmac
import socket
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import cast

from scripted import Handler, ScriptedServer, Session

CHALLENGE = b"<1896.697170952@mail.example>"


@dataclass
class Received:
    """An email that was taken."""

    sender: str
    recipients: list[str]
    content: bytes


class ScriptedSmtp(ScriptedServer):
    """A server on a free loopback port.

    features: what the answer to EHLO says; STARTTLS is added while there is no TLS yet
    received: the emails that were taken
    users: passwords by user
    tokens: access tokens by user
    """

    greeting = "220 mail.example ready"
    features = ("8BITMIME", "SMTPUTF8", "SIZE 10000000", "AUTH PLAIN LOGIN CRAM-MD5")

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.users = {"qa": "xyzzy-Plugh-42"}
        self.tokens: dict[str, str] = {}

    def __enter__(self) -> ScriptedSmtp:
        super().__enter__()
        return self

    def new_session(self, sock: socket.socket) -> Session:
        return SmtpSession(self, sock)


class SmtpSession(Session):
    """One client's connection."""

    @property
    def smtp(self) -> ScriptedSmtp:
        return cast(ScriptedSmtp, self.server)

    def obey(self, line: str) -> None:
        """Note a line of the client, and do what it says."""
        self.smtp.lines.append(line)
        command, _, arguments = line.partition(" ")
        self.handle(command.upper(), "", arguments)

    def do_ehlo(self, tag: str, arguments: str) -> None:
        features = ["mail.example", *self.smtp.features]
        self.send(*(f"250-{each}" for each in features[:-1]), f"250 {features[-1]}")

    def do_helo(self, tag: str, arguments: str) -> None:
        self.send("250 mail.example")

    def do_starttls(self, tag: str, arguments: str) -> None:
        self.send("220 go ahead")
        self.start_tls()

    def do_auth(self, tag: str, arguments: str) -> None:
        mechanism, _, initial = arguments.partition(" ")
        if mechanism == "PLAIN":
            _, user, password = b64decode(initial).decode().split("\0")
            self.judge(self.smtp.users.get(user) == password)
        elif mechanism in ("XOAUTH2", "OAUTHBEARER"):
            shown = b64decode(initial).decode()
            right = any(
                shown.startswith((f"user={user}\x01", f"n,a={user},\x01"))
                and f"\x01auth=Bearer {token}\x01\x01" in shown
                for user, token in self.smtp.tokens.items()
            )
            if not right:  # the reason comes as a challenge, which has to be answered
                assert self.ask(b'{"status":"401"}') in (b"", b"\x01")
            self.judge(right)
        elif mechanism == "LOGIN":
            user, password = self.ask(b"Username:").decode(), self.ask(b"Password:").decode()
            self.judge(self.smtp.users.get(user) == password)
        else:
            user, _, proof = self.ask(CHALLENGE).decode().partition(" ")
            password = self.smtp.users.get(user, "")
            self.judge(hmac.new(password.encode(), CHALLENGE, "md5").hexdigest() == proof)

    def ask(self, challenge: bytes) -> bytes:
        self.send(f"334 {b64encode(challenge).decode()}")
        self.smtp.lines.append(self.readline())
        return b64decode(self.smtp.lines[-1])

    def judge(self, right: bool) -> None:
        self.send("235 welcome" if right else "535 5.7.8 wrong")

    def do_mail(self, tag: str, arguments: str) -> None:
        self.sender = arguments.partition("<")[2].partition(">")[0]
        self.recipients: list[str] = []
        self.send("250 sender ok")

    def do_rcpt(self, tag: str, arguments: str) -> None:
        self.recipients.append(arguments.partition("<")[2].partition(">")[0])
        self.send("250 recipient ok")

    def do_data(self, tag: str, arguments: str) -> None:
        self.send("354 go on")
        lines: list[bytes] = []
        while (line := self._stream.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line.removeprefix(b"."))
        self.content = b"".join(lines)
        self.handle("CONTENT", "", "")

    def do_content(self, tag: str, arguments: str) -> None:
        self.keep()
        self.send("250 2.0.0 taken as 42")

    def keep(self) -> None:
        """Take the email."""
        self.smtp.received.append(Received(self.sender, self.recipients, self.content))

    def do_quit(self, tag: str, arguments: str) -> None:
        self.send("221 bye")
        self.close()


def say(*lines: str) -> Handler:
    """Return a handler that sends nothing but these lines."""
    return lambda session, tag, arguments: session.send(*lines)


def refuse_recipients(**answers: str) -> Handler:
    """Return a handler for RCPT that refuses the users of these names with these answers."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        for user, answer in answers.items():
            if f"<{user}@" in arguments:
                session.send(answer)
                return
        session.default("RCPT", tag, arguments)

    return handle
