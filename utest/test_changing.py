"""Marking all as read: how many commands, up to where, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from changes import lose_answer, lose_command
from scripted import ScriptedServer, Session, message
from waits import WHERE, Suite, first, opened, refuse

from ImapLibrary.errors import CommandRefused, MailboxNotOpen
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.changing import ChangingKeywords


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    emails = [message(f"Number {n}") for n in range(1, 6)]
    with ScriptedServer(*emails, first_uid=10) as server:
        server.greeting = "* OK Dovecot ready."
        server.emails[0].flags.add("\\Seen")
        server.emails[2].flags.add("\\Seen")
        yield server


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    with opened(server) as suite:
        server.lines.clear()
        yield suite


def unread(server: ScriptedServer) -> list[int]:
    return [stored.uid for stored in server.emails if "\\Seen" not in stored.flags]


class TestMarkAllAsRead:
    def test_two_commands_and_how_many_were_unread(
        self, server: ScriptedServer, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 3
        assert server.lines == ["UID SEARCH UNSEEN", "UID STORE 11:14 +FLAGS.SILENT (\\Seen)"]
        assert unread(server) == []
        assert len(server.emails) == 5
        assert caplog.messages == ["Marked 3 emails as read."]

    def test_a_server_that_may_tell_of_arrivals_only_when_asked(
        self, server: ScriptedServer
    ) -> None:
        server.greeting = "* OK ready"
        with opened(server) as suite:
            server.lines.clear()
            server.deliver(message("New"))
            assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 4
        assert server.lines[:2] == ["NOOP", "UID SEARCH UNSEEN"]
        assert server.count("UID STORE") == 1
        assert unread(server) == []

    def test_a_server_that_searches_before_it_looks_what_arrived(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        def search_of_before(session: Session, tag: str, arguments: str) -> None:
            session.send("* SEARCH 11 13 14")
            session.server.deliver(message("New"))
            session.tell()
            session.send(f"{tag} OK done")

        first(server, "SEARCH", search_of_before)
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 4
        assert server.count("UID SEARCH") == 2
        assert unread(server) == []

    def test_none_unread_costs_one_command(self, server: ScriptedServer, suite: Suite) -> None:
        for stored in server.emails:
            stored.flags.add("\\Seen")
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 0
        assert server.lines == ["UID SEARCH UNSEEN"]

    def test_an_empty_folder_gets_no_range(self, server: ScriptedServer, suite: Suite) -> None:
        server.emails.clear()
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 0
        assert server.count("UID STORE") == 0

    def test_what_arrives_between_the_commands_stays_unread(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        def search_then_arrival(session: Session, tag: str, arguments: str) -> None:
            session.default("SEARCH", tag, arguments)
            session.server.deliver(message("New"))

        first(server, "SEARCH", search_then_arrival)
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 3
        assert unread(server) == [15]
        assert suite.wait().subject == "New"

    def test_a_folder_open_for_reading_only(self, server: ScriptedServer, suite: Suite) -> None:
        server.on["STORE"] = refuse("NO [NOPERM] Read-only")
        with pytest.raises(CommandRefused) as caught:
            ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read()
        assert str(caught.value) == (
            f"The server refused STORE for {WHERE}: NO [NOPERM] Read-only."
        )

    @pytest.mark.parametrize("lose", [lose_command, lose_answer])
    def test_a_lost_connection_costs_another_try(
        self, server: ScriptedServer, suite: Suite, lose: Callable[[ScriptedServer, str], None]
    ) -> None:
        lose(server, "STORE")
        assert ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read() == 3
        assert unread(server) == []

    def test_of_another_mailbox(self, server: ScriptedServer, suite: Suite) -> None:
        with ScriptedServer(message("Other")) as other, opened(other) as there:
            account = there.account
            suite.mailboxes.open(account, "INBOX", "other")
            suite.mailboxes.switch("qa")
            keywords = ChangingKeywords(suite.mailboxes, NEWEST)
            assert keywords.mark_all_as_read(mailbox="other") == 1
            assert unread(server) == [11, 13, 14]
            assert unread(other) == []
            assert keywords.mark_all_as_read() == 3

    def test_of_no_mailbox(self, suite: Suite) -> None:
        with pytest.raises(MailboxNotOpen):
            ChangingKeywords(suite.mailboxes, NEWEST).mark_all_as_read(mailbox="other")
