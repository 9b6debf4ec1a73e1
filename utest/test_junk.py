"""Whether the spam folder has what was waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from scripted import ScriptedServer, Session, message
from waits import opened, refuse

from ImapLibrary.arguments import Security
from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import WaitTimedOut
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.waiting.junk import junked

RECEIVED = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
WANTED = criteria(subject="code")
SECONDS = 10.0


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server whose folders all have the same emails."""
    with ScriptedServer(message("Your code"), message("Other")) as server:
        yield server


@pytest.fixture
def connection(server: ScriptedServer) -> Iterator[Connection]:
    account = Account("127.0.0.1", "qa", "x", server.port, Security.NONE, timeout=10.0)
    with closing(Connection(account, Deadline(10))) as connection:
        connection.select("INBOX")
        connection.noop()
        server.lines.clear()
        yield connection


def listing(*lines: str) -> object:
    return lambda session, tag, arguments: session.send(*lines, f"{tag} OK done")


def test_what_is_in_it_is_told_and_the_folder_left_again(
    server: ScriptedServer, connection: Connection
) -> None:
    name, emails = junked(connection, WANTED, RECEIVED, SECONDS)
    assert (name, [email.subject for email in emails]) == ("Spam", ["Your code"])
    assert server.lines[0].startswith("LIST")
    assert server.lines[1] == 'EXAMINE "Spam"'
    assert server.lines[-1] == 'SELECT "INBOX"'
    assert connection.location.folder == "INBOX"
    assert not connection.readonly
    assert not connection.broken


def test_what_is_older_does_not_count(connection: Connection) -> None:
    later = RECEIVED + timedelta(seconds=1)
    assert junked(connection, WANTED, later, SECONDS) == ("Spam", [])


def test_the_server_may_say_which_folder_it_is(
    server: ScriptedServer, connection: Connection
) -> None:
    server.folders = ("INBOX", "Spam", "Unwanted")
    server.on["LIST"] = listing(
        '* LIST () "/" "Spam"', '* LIST (\\Junk) "/" "Unwanted"', '* LIST () "/" "INBOX"'
    )
    assert junked(connection, WANTED, RECEIVED, SECONDS)[0] == "Unwanted"


def test_there_may_be_none(server: ScriptedServer, connection: Connection) -> None:
    server.folders = ("INBOX",)
    assert junked(connection, WANTED, RECEIVED, SECONDS) == ("", ())
    assert len(server.lines) == 1


def test_a_far_server_is_not_asked(server: ScriptedServer, connection: Connection) -> None:
    connection.round_trip = 0.2
    assert junked(connection, WANTED, RECEIVED, 1.9) == ("", ())
    assert server.lines == []


@pytest.mark.parametrize("command", ["LIST", "EXAMINE", "SEARCH", "FETCH", "SELECT"])
def test_no_failure_comes_of_it(
    server: ScriptedServer, connection: Connection, command: str
) -> None:
    server.on[command] = refuse("NO Not now")
    assert junked(connection, WANTED, RECEIVED, SECONDS) == ("", ())


def test_an_email_that_is_named_is_not_looked_for(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ImapLibrary.waiting.junk.LONG_ENOUGH", 0.0)
    with opened(server) as suite:
        email = suite.wait(subject="code")
        assert "folder 'Spam'" not in suite.failure(
            WaitTimedOut, uid=email, status="FLAGGED", timeout=0
        )
    assert server.count("LIST") == 0


def test_a_time_out_tells_it(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ImapLibrary.waiting.junk.LONG_ENOUGH", 0.0)
    monkeypatch.setattr("ImapLibrary.waiting.junk.CLOCKS_APART", timedelta(days=36500))

    def empty(session: Session, tag: str, arguments: str) -> None:
        session.send("* 0 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x")
        session.send(f"{tag} OK [READ-WRITE] done")

    server.on["SELECT"] = empty
    with opened(server) as suite:
        mark = suite.mark()
        text = suite.failure(WaitTimedOut, subject="code", after=mark, timeout=0.2)
    assert text.endswith(
        "In the folder 'Spam', however, there is what was waited for:\n"
        "  UID 1: 'Your code' from noreply@shop.example, received 2026-11-24 12:00:00 +0000"
    )
