"""What servers are asked, by their habits and after a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from scripted import ScriptedServer, Session, message
from waits import refuse

from ImapLibrary.arguments import Security
from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import CommandRefused, InvalidArgument
from ImapLibrary.finding.matching import matching
from ImapLibrary.finding.searching import Search
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(*(message(f"Number {n}", f"Text {n}") for n in range(1, 41))) as server:
        yield server


@contextmanager
def connected(server: ScriptedServer) -> Iterator[Connection]:
    account = Account("127.0.0.1", "qa", "x", server.port, Security.NONE, timeout=10.0)
    with closing(Connection(account, Deadline(10))) as connection:
        connection.select("INBOX")
        server.lines.clear()
        yield connection


def find_none(session: Session, tag: str, arguments: str) -> None:
    session.send("* SEARCH", f"{tag} OK done")


def searches(server: ScriptedServer) -> list[str]:
    return [line for line in server.lines if "SEARCH" in line]


class TestCandidates:
    def test_a_charset_is_announced_only_when_needed(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            assert len(Search(criteria(subject="x")).candidates(connection)) == 40
            Search(criteria(subject="код")).candidates(connection)
        assert searches(server) == [
            'UID SEARCH SUBJECT "x"',
            "UID SEARCH CHARSET UTF-8 SUBJECT код",
        ]

    @pytest.mark.parametrize("answer", ["NO [BADCHARSET (US-ASCII)] Not that", "BAD What?"])
    def test_a_server_that_refuses_is_asked_for_less(
        self, server: ScriptedServer, answer: str
    ) -> None:
        def refuse_texts(session: Session, tag: str, arguments: str) -> None:
            if "SUBJECT" in arguments:
                session.send(f"{tag} {answer}")
            else:
                session.default("SEARCH", tag, arguments)

        server.on["SEARCH"] = refuse_texts
        with connected(server) as connection:
            search = Search(criteria(subject="код", status="unseen"))
            assert len(search.candidates(connection)) == 40
            assert len(search.candidates(connection)) == 40
        assert searches(server)[1:] == ["UID SEARCH UNSEEN", "UID SEARCH UNSEEN"]

    def test_one_that_refuses_everything(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = refuse("NO Not now")
        with connected(server) as connection, pytest.raises(CommandRefused):
            Search(criteria(subject="x")).candidates(connection)

    def test_the_newest_few_in_any_case(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = find_none
        with connected(server) as connection:
            search = Search(criteria(subject="x"), check_newest=3)
            assert search.candidates(connection) == {38, 39, 40}
            assert search.candidates(connection, newest=False) == set()

    @pytest.mark.parametrize(
        ("greeting", "capabilities"),
        [
            ("* OK The Microsoft Exchange IMAP4 service is ready.", "IMAP4rev1 IDLE"),
            ("* OK Gimap ready", "IMAP4rev1 IDLE X-GM-EXT-1"),
        ],
    )
    def test_an_index_of_words_is_asked_for_whole_words(
        self, server: ScriptedServer, greeting: str, capabilities: str
    ) -> None:
        server.greeting, server.capabilities = greeting, capabilities
        server.on["SEARCH"] = find_none
        with connected(server) as connection:
            # More of the newest than there are: an index may lag behind.
            assert len(Search(criteria(subject="umber 4")).candidates(connection)) == 40
            Search(criteria(subject="my Number 4")).candidates(connection)
        assert searches(server) == ["UID SEARCH ALL", 'UID SEARCH SUBJECT "Number"']

    def test_bodies_are_not_searched_where_they_are_not_decoded(
        self, server: ScriptedServer
    ) -> None:
        server.greeting = "* OK IMAP4rev1 Server GreenMail v2.1.13 ready"
        with connected(server) as connection:
            Search(criteria(text="x", body="y", subject="z")).candidates(connection)
        assert searches(server) == ['UID SEARCH SUBJECT "z"']


class TestWhatOnlyTheServerKnows:
    def test_is_asked_as_it_is_given(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            Search(criteria(search='OR SUBJECT "a b" NOT SEEN')).confirmed(connection)
            Search(criteria(search='TEXT "a \\"ü\\" b"')).confirmed(connection)
            Search(criteria(gmail='has:attachment "x"')).confirmed(connection)
        assert searches(server) == [
            'UID SEARCH OR SUBJECT "a b" NOT SEEN',
            'UID SEARCH CHARSET UTF-8 TEXT a "ü" b',  # the literal, as the server reads it
            'UID SEARCH X-GM-RAW "has:attachment \\"x\\""',
        ]

    def test_decides(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = lambda session, tag, _: session.send("* SEARCH 3 5", f"{tag} OK done")
        with connected(server) as connection:
            assert [email.uid for email in matching(connection, criteria(search="OLD"))] == [5, 3]

    def test_a_refusal_is_a_failure(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = refuse("BAD Unknown key X-GM-RAW")
        with connected(server) as connection, pytest.raises(InvalidArgument) as caught:
            list(matching(connection, criteria(gmail="in:spam")))
        assert str(caught.value) == (
            "The server can't search for gmail 'in:spam': BAD Unknown key X-GM-RAW"
        )


class TestMatching:
    def test_newest_first_and_no_more_than_asked(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            found = matching(connection, criteria(subject="number"))
            assert [next(found).uid for _ in range(3)] == [40, 39, 38]
        assert [line for line in server.lines if "HEADER" in line] == [
            "UID FETCH 31:40 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
        ]

    def test_from_a_uid_on(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            found = matching(connection, criteria(subject="number"), first_uid=39)
            assert [email.uid for email in found] == [40, 39]
