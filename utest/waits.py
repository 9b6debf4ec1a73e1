"""What tests of waiting share: a suite with an open mailbox, and servers that misbehave once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from scripted import Handler, ScriptedServer, Session

from ImapLibrary.arguments import Security
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.finding import FindingKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.waiting import WaitingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.location import Mark
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

WHERE = "folder 'INBOX' of qa on 127.0.0.1"


class Suite:
    """The keywords with a mailbox open on a server. No wait may last too long."""

    def __init__(self, server: ScriptedServer, network_timeout: float = 10.0) -> None:
        self.server = server
        self.mailboxes = Mailboxes()
        self.find = FindingKeywords(self.mailboxes, NEWEST)
        self.waits = WaitingKeywords(self.mailboxes, timedelta(seconds=10), NEWEST)
        self.read = ReadingKeywords(self.mailboxes, Walks(self.mailboxes))
        self.account = Account(
            host="127.0.0.1",
            user="qa",
            password="xyzzy",
            port=server.port,
            security=Security.NONE,
            timeout=network_timeout,
        )
        self.mailboxes.open(self.account, "INBOX")

    def mark(self) -> Mark:
        return self.find.get_mailbox_mark()

    def wait(self, *, timeout: float = 15.0, poll: float = 5.0, **arguments: Any) -> Email:
        """Wait for an email; seconds instead of time intervals."""
        begin = time.monotonic()
        try:
            return self.waits.wait_for_email(
                timeout=timedelta(seconds=timeout),
                poll_frequency=timedelta(seconds=poll),
                **arguments,
            )
        finally:
            assert time.monotonic() - begin <= timeout + 2

    def failure(self, kind: type[ImapLibraryError], **arguments: Any) -> str:
        """Return the text with which a wait fails."""
        with pytest.raises(kind) as caught:
            self.wait(**arguments)
        assert type(caught.value) is kind
        return str(caught.value)

    def sent(self, since: int = 0) -> list[str]:
        """Return the commands that were sent since so many had been sent."""
        return self.server.lines[since:]


@contextmanager
def opened(server: ScriptedServer, **arguments: Any) -> Iterator[Suite]:
    """Provide a suite with an open mailbox."""
    suite = Suite(server, **arguments)
    try:
        yield suite
    finally:
        suite.mailboxes.close_all()


def first(server: ScriptedServer, command: str, handler: Handler) -> None:
    """Let the handler do the next command of that name, and the default all later ones."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        del server.on[command]
        handler(session, tag, arguments)

    server.on[command] = handle


def far(server: ScriptedServer) -> None:
    """Let the server seem too far away to be asked often."""

    def late(session: Session, tag: str, arguments: str) -> None:
        time.sleep(0.02)
        session.default("NOOP", tag, arguments)

    server.on["NOOP"] = late


def refuse(answer: str) -> Handler:
    """Return a handler that answers with nothing but that, such as `NO Not now`."""
    return lambda session, tag, arguments: session.send(f"{tag} {answer}")


def silent_idle(session: Session, tag: str, arguments: str) -> None:
    """Agree to push, and never do."""
    session.send("+ idling")
    session.readline()
    session.send(f"{tag} OK done")


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def hang(session: Session, tag: str, arguments: str) -> None:
    """Never answer."""
    session.readline()
