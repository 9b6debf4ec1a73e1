"""How little is fetched to tell which emails match."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from scripted import ScriptedServer, Session, message

from ImapLibrary.arguments import Security
from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import EmailNotFound
from ImapLibrary.finding.fetching import headers
from ImapLibrary.finding.screening import judge, screen
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection

LONG = "x" * 70_000


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(*(message(f"Number {n}", f"Text {n}") for n in range(1, 41))) as server:
        yield server


@pytest.fixture
def connection(server: ScriptedServer) -> Iterator[Connection]:
    account = Account("127.0.0.1", "qa", "x", server.port, Security.NONE, timeout=10.0)
    with closing(Connection(account, Deadline(10))) as connection:
        connection.select("INBOX")
        server.lines.clear()
        yield connection


def fetched(server: ScriptedServer) -> list[str]:
    """Return of which emails headers (H) or first bytes (B) were fetched."""
    return [
        f"{'H' if 'HEADER' in line else 'B'} {line.split()[2]}"
        for line in server.lines
        if "BODY" in line
    ]


class TestScreen:
    def test_few_with_a_text_criterion(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        verdicts = list(screen(connection, criteria(text="text 3"), [4, 3, 2]))
        assert [(verdict.uid, verdict.matches) for verdict in verdicts] == [
            (4, False),
            (3, True),
            (2, False),
        ]
        assert fetched(server) == ["B 2:4"]

    def test_all_at_once(self, server: ScriptedServer, connection: Connection) -> None:
        uids = list(range(40, 0, -1))
        verdicts = list(screen(connection, criteria(subject="number"), uids, at_once=True))
        assert [verdict.uid for verdict in verdicts] == uids
        assert fetched(server) == ["H 1:40"]

    def test_headers_suffice(self, server: ScriptedServer, connection: Connection) -> None:
        verdicts = list(screen(connection, criteria(subject="number 3"), [4, 3, 2]))
        assert [verdict.uid for verdict in verdicts if verdict.matches] == [3]
        assert fetched(server) == ["H 2:4"]

    def test_many_bodies_only_of_those_whose_headers_match(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        conditions = criteria(subject="number 3", text="text 3")
        verdicts = list(screen(connection, conditions, range(40, 0, -1)))
        assert [verdict.uid for verdict in verdicts] == list(range(40, 0, -1))
        assert [verdict.uid for verdict in verdicts if verdict.matches] == [*range(39, 29, -1), 3]
        assert fetched(server) == ["H 31:40", "B 31:39", "H 11:30", "B 30", "H 1:10", "B 3"]

    def test_who_stops_early_pays_for_little(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        verdicts = screen(connection, criteria(subject="number"), range(40, 0, -1))
        assert next(verdicts).uid == 40
        assert fetched(server) == ["H 31:40"]

    def test_none(self, server: ScriptedServer, connection: Connection) -> None:
        assert list(screen(connection, criteria(text="x"), [])) == []
        assert list(screen(connection, criteria(), [])) == []
        assert server.lines == []

    def test_those_that_have_gone_are_left_out(self, connection: Connection) -> None:
        uids = [80, 2, 70]
        assert [verdict.uid for verdict in screen(connection, criteria(), uids)] == [2]
        assert [verdict.uid for verdict in screen(connection, criteria(text="2"), uids)] == [2]

    def test_one_that_goes_while_more_of_it_is_fetched(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.deliver(message("Long", LONG))

        def gone(session: Session, tag: str, arguments: str) -> None:
            if "BODY.PEEK[]<" in arguments:
                session.default("FETCH", tag, arguments)
            else:
                session.send(f"{tag} OK done")

        server.on["FETCH"] = gone
        connection.noop()
        verdicts = list(screen(connection, criteria(text="text 40"), [41, 40]))
        assert [verdict.uid for verdict in verdicts] == [40]


class TestJudge:
    def test_fetches_as_long_as_it_can_not_tell(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.deliver(message("Long", f"{LONG} The end"))
        connection.noop()
        server.lines.clear()
        (email,) = headers(connection, "41")
        verdict = judge(connection, criteria(text="the end"), email)
        assert verdict.matches
        # The scripted server knows no BODYSTRUCTURE, so the last resort is the whole.
        assert [line.partition("(")[2] for line in server.lines[1:]] == [
            "UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)",
            "UID BODYSTRUCTURE)",
            "UID BODY.PEEK[])",
        ]

    def test_gone(self, server: ScriptedServer, connection: Connection) -> None:
        (email,) = headers(connection, "1")
        del server.emails[0]
        with pytest.raises(EmailNotFound):
            judge(connection, criteria(text="text"), email)
