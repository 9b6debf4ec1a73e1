"""What tests of changes share: the keywords with an open mailbox, and answers that get lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from scripted import Handler, ScriptedServer, Session

from ImapLibrary.arguments import Security
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.appending import AppendingKeywords
from ImapLibrary.keywords.changing import ChangingKeywords
from ImapLibrary.keywords.checking import CheckingKeywords
from ImapLibrary.keywords.deleting import DeletingKeywords
from ImapLibrary.keywords.finding import FindingKeywords
from ImapLibrary.keywords.folders import FolderKeywords
from ImapLibrary.keywords.moving import MovingKeywords
from ImapLibrary.mailboxes import Mailboxes

WITH_MOVE = "IMAP4rev1 IDLE UIDPLUS MOVE"
WITH_UIDPLUS = "IMAP4rev1 IDLE UIDPLUS"
BARE = "IMAP4rev1 IDLE"

OLD_FIGURES = ["MESSAGES 1", "UIDNEXT 1 UIDVALIDITY 8", "UIDNEXT 1"]
"""What servers tell by STATUS of a folder that has an email with UID 501, if not what is right."""


class Keywords:
    """The keywords that change something, with a mailbox open on a server."""

    def __init__(self, server: ScriptedServer, timeout: float = 10.0, **options: Any) -> None:
        self.mailboxes = Mailboxes()
        self.appending = AppendingKeywords(self.mailboxes)
        self.changing = ChangingKeywords(self.mailboxes, NEWEST)
        self.checking = CheckingKeywords(self.mailboxes)
        self.deleting = DeletingKeywords(self.mailboxes, NEWEST)
        self.finding = FindingKeywords(self.mailboxes, NEWEST)
        self.folders = FolderKeywords(self.mailboxes)
        self.moving = MovingKeywords(self.mailboxes, NEWEST)
        self.mailboxes.open(account(server, timeout), "INBOX", **options)


@contextmanager
def opened(server: ScriptedServer, **options: Any) -> Iterator[Keywords]:
    """Provide the keywords with an open mailbox, and forget what was sent to open it."""
    keywords = Keywords(server, **options)
    server.lines.clear()
    try:
        yield keywords
    finally:
        keywords.mailboxes.close_all()


def account(server: ScriptedServer, timeout: float = 10.0) -> Account:
    return Account(
        host="127.0.0.1",
        user="qa",
        password="xyzzy",
        port=server.port,
        security=Security.NONE,
        timeout=timeout,
    )


def failure(kind: type[ImapLibraryError], operation: Callable[[], object]) -> str:
    """Return the text with which the operation fails."""
    with pytest.raises(kind) as caught:
        operation()
    assert type(caught.value) is kind
    return str(caught.value)


def say(*lines: str) -> Handler:
    """Return a handler that sends lines; `TAG` in them is the command's tag."""
    return lambda session, tag, arguments: session.send(
        *(line.replace("TAG", tag) for line in lines)
    )


def lose_command(server: ScriptedServer, command: str, times: int = 1) -> None:
    """Let the connection end before the command is done."""
    _break(server, command, times, done=False)


def lose_answer(server: ScriptedServer, command: str, times: int = 1) -> None:
    """Let the connection end after the command was done, so that nobody is told."""
    _break(server, command, times, done=True)


def _break(server: ScriptedServer, command: str, times: int, *, done: bool) -> None:
    left = [times]

    def handle(session: Session, tag: str, arguments: str) -> None:
        left[0] -= 1
        if not left[0]:
            del server.on[command]
        if done:
            session.mute = True
            session.default(command, tag, arguments)
        session.close()

    server.on[command] = handle
