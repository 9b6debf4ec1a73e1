"""What is open under which name, and connections that are replaced when they break."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from robot.errors import ExecutionFailed
from scripted import Handler, ScriptedServer, Session, message
from waits import first, hang, refuse, wait_until

from ImapLibrary import mailboxes as mailboxes_module
from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    EmailNotFound,
    FolderNotFound,
    ImapLibraryError,
    InvalidArgument,
    LoginFailed,
    MailboxNotOpen,
    MarkMismatch,
    OutcomeUnknown,
)
from ImapLibrary.imap import connection as connection_module
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.client import UNUSED
from ImapLibrary.imap.connection import Connection
from ImapLibrary.mailbox import SETTLE, Mailbox, Opener
from ImapLibrary.mailboxes import Mailboxes


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First")) as running:
        yield running


@pytest.fixture
def mailboxes() -> Iterator[Mailboxes]:
    opened = Mailboxes()
    yield opened
    opened.close_all()


def account(server: ScriptedServer, **changed: Any) -> Account:
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "user": "qa",
        "password": "xyzzy",
        "port": server.port,
        "security": Security.NONE,
    }
    return Account(**(settings | changed))


def failure(kind: type[ImapLibraryError], operation: Callable[[], object]) -> str:
    with pytest.raises(kind) as caught:
        operation()
    assert type(caught.value) is kind
    return str(caught.value)


def leave(session: Session, tag: str, arguments: str) -> None:
    session.close()


class TestAliases:
    def test_without_one_it_is_the_user_and_numbered_if_need_be(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        aliases = [mailboxes.open(account(server), "INBOX").alias for _ in range(3)]
        assert aliases == ["qa", "qa (2)", "qa (3)"]
        mailboxes.close("qa (2)")
        assert mailboxes.open(account(server), "INBOX").alias == "qa (2)"

    def test_one_that_is_taken_is_refused_before_anything_is_sent(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailboxes.open(account(server), "INBOX", "customer")
        text = failure(
            InvalidArgument, lambda: mailboxes.open(account(server), "INBOX", "customer")
        )
        assert text == (
            "A mailbox with the alias 'customer' is open already. Close it first, or choose another "
            "alias."
        )
        assert len(server.sessions) == 1

    def test_one_is_free_again_after_closing(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailboxes.open(account(server), "INBOX", "customer")
        mailboxes.close("customer")
        mailboxes.open(account(server), "INBOX", "customer")


class TestCurrent:
    @pytest.fixture
    def three(self, server: ScriptedServer, mailboxes: Mailboxes) -> Mailboxes:
        for alias in ("one", "two", "three"):
            mailboxes.open(account(server), "INBOX", alias)
        return mailboxes

    def test_is_the_one_opened_last(self, three: Mailboxes) -> None:
        assert three.get().alias == "three"

    def test_is_the_one_switched_to_last(self, three: Mailboxes) -> None:
        assert three.switch("one") == "three"
        assert three.get().alias == "one"
        assert three.switch("one") == "one"
        assert three.switch("two") == "one"

    def test_stays_when_another_one_is_named(self, three: Mailboxes) -> None:
        assert three.get("one").alias == "one"
        assert three.get().alias == "three"

    def test_after_closing_is_the_one_before(self, three: Mailboxes) -> None:
        three.switch("one")
        three.close()
        assert three.get().alias == "three"
        three.close("two")
        assert three.get().alias == "three"
        three.close()
        failure(MailboxNotOpen, three.get)

    def test_does_not_change_when_opening_fails(
        self, server: ScriptedServer, three: Mailboxes
    ) -> None:
        failure(FolderNotFound, lambda: three.open(account(server), "Nowhere", "four"))
        assert three.get().alias == "three"
        assert server.count("LOGOUT") == 1  # of the one that could not be opened
        failure(MailboxNotOpen, lambda: three.get("four"))


class TestMissing:
    @pytest.mark.parametrize("alias", [None, "customer"])
    def test_nothing_open(self, mailboxes: Mailboxes, alias: str | None) -> None:
        expected = "No mailbox is open. Use `Open Mailbox` first."
        assert failure(MailboxNotOpen, lambda: mailboxes.get(alias)) == expected
        assert failure(MailboxNotOpen, lambda: mailboxes.close(alias)) == expected

    @pytest.mark.parametrize(
        ("alias", "hint"),
        [("costumer", " Did you mean 'customer'?"), ("xyz", ""), ("", "")],
    )
    def test_unknown_alias(
        self, server: ScriptedServer, mailboxes: Mailboxes, alias: str, hint: str
    ) -> None:
        mailboxes.open(account(server), "INBOX", "customer")
        mailboxes.open(account(server), "INBOX", "boss")
        expected = f"No mailbox with the alias {alias!r} is open.{hint} Open are: customer, boss."
        assert failure(MailboxNotOpen, lambda: mailboxes.get(alias)) == expected
        assert failure(MailboxNotOpen, lambda: mailboxes.close(alias)) == expected
        assert failure(MailboxNotOpen, lambda: mailboxes.switch(alias)) == expected


class TestClosing:
    def test_is_a_log_out_and_expunges_nothing(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailboxes.open(account(server), "INBOX")
        server.lines.clear()
        mailboxes.close()
        assert server.lines == ["LOGOUT"]

    def test_all_says_how_many_that_were(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        for _ in range(3):
            mailboxes.open(account(server), "INBOX")
        assert mailboxes.close_all() == 3
        assert mailboxes.close_all() == 0
        assert server.count("LOGOUT") == 3

    @pytest.mark.parametrize("trouble", [leave, hang, refuse("NO Stay"), refuse("XYZ")])
    def test_never_fails(
        self,
        server: ScriptedServer,
        mailboxes: Mailboxes,
        trouble: Handler,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(connection_module, "LOGOUT_SECONDS", 0.3)
        server.on["LOGOUT"] = trouble
        for _ in range(2):
            mailboxes.open(account(server), "INBOX")
        mailboxes.close()
        assert mailboxes.close_all() == 1

    def test_takes_no_longer_than_any_keyword_may(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailboxes.open(account(server, timeout=0.5), "INBOX")
        server.on["LOGOUT"] = hang
        begin = time.monotonic()
        mailboxes.close()
        assert 0.4 < time.monotonic() - begin < 1.5

    @pytest.mark.parametrize("ended", ["all", "test", "suite"])
    def test_all_together_neither(
        self,
        server: ScriptedServer,
        mailboxes: Mailboxes,
        ended: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Those that the time does not suffice for are told all the same, and closed."""
        monkeypatch.setattr(mailboxes_module, "LOGOUT_SECONDS", 0.6)
        server.on["LOGOUT"] = hang
        opened = [
            mailboxes.open(account(server), "INBOX", None, Opener("Run", in_test=True))
            for _ in range(5)
        ]
        connections = [each.connection(Deadline(10)) for each in opened]
        begin = time.monotonic()
        {
            "all": mailboxes.close_all,
            "test": mailboxes.end_test,
            "suite": lambda: mailboxes.end_suite("Run"),
        }[ended]()
        assert 0.5 < time.monotonic() - begin < 1.5
        assert all(each.broken for each in connections)
        wait_until(lambda: server.count("LOGOUT") == 5)

    def test_a_lost_connection_is_left_alone(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        server.on["NOOP"] = leave
        failure(ConnectionLost, mailbox.connection(Deadline(10)).noop)
        mailboxes.close()
        assert server.count("LOGOUT") == 0


class TestOpeners:
    def test_a_test_closes_what_tests_opened(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        for alias, opener in (
            ("suite's", Opener("Run.Suite")),
            ("test's", Opener("Run.Suite", in_test=True)),
            ("nobody's", Opener()),
        ):
            mailboxes.open(account(server), "INBOX", alias, opener)
        mailboxes.end_test()
        assert list_of(mailboxes) == ["nobody's", "suite's"]

    def test_a_suite_closes_its_own_and_no_one_elses(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        for alias, opener in (
            ("parent's", Opener("Run")),
            ("suite's", Opener("Run.Suite")),
            ("its test's", Opener("Run.Suite", in_test=True)),
            ("child's", Opener("Run.Suite.Child")),
            ("neighbour's", Opener("Run.Suite 2")),
        ):
            mailboxes.open(account(server), "INBOX", alias, opener)
        mailboxes.end_suite("Run.Suite")
        assert list_of(mailboxes) == ["child's", "neighbour's", "parent's"]
        assert mailboxes.get().alias == "neighbour's"


def list_of(mailboxes: Mailboxes) -> list[str]:
    """Return the aliases of what is open, which an unknown one makes it tell."""
    text = failure(MailboxNotOpen, lambda: mailboxes.get("?"))
    return sorted(text.partition("Open are: ")[2].removesuffix(".").split(", "))


def count_unread(connection: Connection) -> int:
    return len(connection.search([b"UNSEEN"]))


class TestReplacing:
    @pytest.fixture
    def mailbox(self, server: ScriptedServer, mailboxes: Mailboxes) -> Mailbox:
        return mailboxes.open(account(server), "Archive")

    def test_a_lost_connection_is_replaced_and_the_command_repeated(
        self, server: ScriptedServer, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, "ImapLibrary")
        first(server, "SEARCH", leave)
        assert mailbox.do(count_unread) == 1
        assert len(server.sessions) == 2
        assert server.lines.count('SELECT "Archive"') == 2
        who = mailbox.account
        assert caplog.messages == [
            f"The server closed the connection without a word. This was SEARCH for {who}. Trying again.",
            f"The connection of {who} was lost and has been made anew.",
        ]

    def test_twice_and_not_again(self, server: ScriptedServer, mailbox: Mailbox) -> None:
        def leave_twice(session: Session, tag: str, arguments: str) -> None:
            if len(server.sessions) == 3:
                del server.on["SEARCH"]
                session.do_search(tag, arguments)
            else:
                session.close()

        server.on["SEARCH"] = leave_twice
        assert mailbox.do(count_unread) == 1
        server.on["SEARCH"] = leave
        failure(ConnectionLost, lambda: mailbox.do(count_unread))
        assert len(server.sessions) == 5

    def test_a_refused_command_is_not_repeated(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        server.on["SEARCH"] = refuse("NO Not now")
        failure(CommandRefused, lambda: mailbox.do(count_unread))
        assert server.count("UID SEARCH") == 1
        del server.on["SEARCH"]
        assert mailbox.do(count_unread) == 1
        assert len(server.sessions) == 1

    def test_other_uids_are_a_warning(
        self, server: ScriptedServer, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        first(server, "SEARCH", leave)
        server.uidvalidity = 8
        mailbox.do(count_unread)
        warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
        assert warnings == [
            "The UIDs of folder 'Archive' of qa on 127.0.0.1 have changed meanwhile (UIDVALIDITY)."
        ]
        assert mailbox.location.uidvalidity == 8

    @pytest.mark.parametrize(
        ("command", "handler", "kind"),
        [
            ("GREETING", refuse("BYE Down"), ConnectionFailed),
            ("LOGIN", refuse("NO Changed"), LoginFailed),
            ("SELECT", refuse("NO Gone"), CommandRefused),
        ],
    )
    def test_what_keeps_it_from_being_replaced_is_told(
        self,
        server: ScriptedServer,
        mailboxes: Mailboxes,
        command: str,
        handler: Handler,
        kind: type[ImapLibraryError],
    ) -> None:
        mailbox = mailboxes.open(account(server, timeout=1.0), "Archive")
        first(server, "SEARCH", leave)
        server.on[command] = handler
        failure(kind, lambda: mailbox.do(count_unread))
        del server.on[command]
        assert mailbox.do(count_unread) == 1


class TestOutage:
    """A server that is down may come back in the time that the keyword has."""

    @pytest.fixture
    def mailbox(self, server: ScriptedServer, mailboxes: Mailboxes) -> Mailbox:
        return mailboxes.open(account(server, timeout=3.0), "INBOX")

    def down_for(self, server: ScriptedServer, connections: int, answer: str) -> None:
        """Let the next connections be turned away."""

        def turn_away(session: Session, tag: str, arguments: str) -> None:
            if len(server.sessions) > 1 + connections:
                del server.on["GREETING"]
                session.default("GREETING", tag, arguments)
            else:
                session.send(answer)
                session.close()

        server.on["GREETING"] = turn_away

    def test_it_is_tried_again_until_the_server_is_back(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        first(server, "SEARCH", leave)
        self.down_for(server, 3, "* BYE Down")
        begin = time.monotonic()
        assert mailbox.do(count_unread) == 1
        assert time.monotonic() - begin > 0.6  # 0.1, 0.2 and 0.4 seconds of pause, about
        assert len(server.sessions) == 5

    def test_a_connection_that_was_lost_before_is_no_different(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        server.on["SEARCH"] = leave
        failure(ConnectionLost, lambda: mailbox.do(count_unread))
        del server.on["SEARCH"]
        self.down_for(server, 3, "* BYE Down")
        assert mailbox.do(count_unread) == 1

    def test_it_fails_with_what_kept_it_when_the_time_is_up(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        first(server, "SEARCH", leave)
        self.down_for(server, 1000, "* BYE Down")
        begin = time.monotonic()
        text = failure(ConnectionFailed, lambda: mailbox.do(count_unread))
        assert text.endswith("Down.")
        assert 2.9 < time.monotonic() - begin < 6
        assert len(server.sessions) < 10

    def test_a_refused_log_in_is_not_tried_again(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        first(server, "SEARCH", leave)
        server.on["LOGIN"] = refuse("NO [AUTHENTICATIONFAILED] Changed")
        failure(LoginFailed, lambda: mailbox.do(count_unread))
        assert len(server.sessions) == 2


def go_deaf(server: ScriptedServer) -> None:
    """Let the connections that are open be half-open: nothing comes back any more."""
    for session in server.sessions:
        session.handle = lambda *_: None  # type: ignore[method-assign]


def unused(mailbox: Mailbox) -> None:
    """Let the connection be as if nothing had come over it for a while."""
    mailbox.connection(Deadline(10))._wire._heard_at -= UNUSED


class TestHalfOpen:
    """A firewall has forgotten the connection: nobody says so, and nothing comes back."""

    @pytest.fixture
    def mailbox(self, server: ScriptedServer, mailboxes: Mailboxes) -> Mailbox:
        return mailboxes.open(account(server, timeout=3.6), "INBOX")

    def test_a_noop_that_comes_first_tells(
        self, server: ScriptedServer, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        go_deaf(server)
        caplog.set_level(logging.DEBUG, "ImapLibrary.mailbox")
        assert mailbox.do(lambda connection: connection.next_uid()) == 2
        assert caplog.messages[0] == (
            "The server did not answer within 1.2 seconds. This was NOOP for qa on 127.0.0.1 port "
            f"{server.port}. Trying again."
        )
        assert len(server.sessions) == 2

    def test_after_a_while_a_noop_comes_first(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        unused(mailbox)
        go_deaf(server)
        server.lines.clear()
        assert mailbox.do(count_unread) == 1
        commands = [line.split()[0] for line in server.lines]
        assert commands == ["NOOP", "CAPABILITY", "LOGIN", "SELECT", "UID"]

    def test_a_connection_in_use_costs_no_other_command(
        self, server: ScriptedServer, mailbox: Mailbox
    ) -> None:
        server.lines.clear()
        mailbox.do(count_unread)
        unused(mailbox)
        mailbox.do(Connection.noop)
        mailbox.do(count_unread)
        assert server.lines == ["UID SEARCH UNSEEN", "NOOP", "UID SEARCH UNSEEN"]

    @pytest.mark.parametrize("answer", ["NO Not now", "BAD What?"])
    def test_a_refused_noop_is_an_answer(
        self, server: ScriptedServer, mailbox: Mailbox, answer: str
    ) -> None:
        unused(mailbox)
        server.on["NOOP"] = refuse(answer)
        assert mailbox.do(count_unread) == 1
        assert len(server.sessions) == 1

    @pytest.mark.parametrize("idle", [True, False])
    def test_a_server_that_takes_its_time_is_not_given_up(
        self, server: ScriptedServer, mailbox: Mailbox, idle: bool
    ) -> None:
        def late(session: Session, tag: str, arguments: str) -> None:
            time.sleep(1.5)
            session.do_search(tag, arguments)

        server.on["SEARCH"] = late
        if idle:
            unused(mailbox)
        assert mailbox.do(count_unread) == 1
        assert len(server.sessions) == 1

    def test_a_log_out_tries_nothing(self, server: ScriptedServer, mailboxes: Mailboxes) -> None:
        mailbox = mailboxes.open(account(server), "INBOX", "other")
        unused(mailbox)
        server.lines.clear()
        mailboxes.close("other")
        assert server.lines == ["LOGOUT"]


UNAVAILABLE = refuse("NO [UNAVAILABLE] Later")
INUSE = refuse("NO [INUSE] Locked")
NOT_CONNECTED = refuse("BAD User is authenticated but not connected.")


class TestRefusedForTheMoment:
    """A server says that it would do it a little later, or comes back just now."""

    @pytest.mark.parametrize(
        ("command", "handler"),
        [
            ("LOGIN", UNAVAILABLE),
            ("SELECT", UNAVAILABLE),
            ("SELECT", INUSE),
            ("SELECT", NOT_CONNECTED),
            ("SELECT", leave),
        ],
    )
    def test_while_opening(
        self,
        server: ScriptedServer,
        mailboxes: Mailboxes,
        command: str,
        handler: Handler,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        first(server, command, handler)
        assert mailboxes.open(account(server), "INBOX").do(count_unread) == 1
        assert len(server.sessions) == 2
        assert caplog.messages == []

    @pytest.mark.parametrize(
        ("command", "handler"),
        [("LOGIN", UNAVAILABLE), *(("SELECT", each) for each in (UNAVAILABLE, NOT_CONNECTED))],
    )
    def test_after_a_lost_connection(
        self, server: ScriptedServer, mailboxes: Mailboxes, command: str, handler: Handler
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        first(server, "SEARCH", leave)
        first(server, command, handler)
        assert mailbox.do(count_unread) == 1
        assert len(server.sessions) == 3

    def test_it_is_told_when_the_time_is_up(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        server.on["SELECT"] = UNAVAILABLE
        begin = time.monotonic()
        impatient = account(server, timeout=1.0)
        text = failure(CommandRefused, lambda: mailboxes.open(impatient, "INBOX"))
        assert text.endswith(": NO [UNAVAILABLE] Later.")
        assert 0.9 < time.monotonic() - begin < 3
        assert len(server.sessions) < 6

    @pytest.mark.parametrize(
        ("command", "handler"),
        [
            ("GREETING", leave),
            ("LOGIN", leave),  # so some servers take a wrong password
            ("LOGIN", refuse("NO Wrong")),
            ("SELECT", refuse("NO Gone")),
        ],
    )
    def test_nothing_else_is_tried_again_while_opening(
        self, server: ScriptedServer, mailboxes: Mailboxes, command: str, handler: Handler
    ) -> None:
        server.on[command] = handler
        with pytest.raises(ImapLibraryError):
            mailboxes.open(account(server), "INBOX")
        assert len(server.sessions) == 1


class TestOnce:
    """What must not be done twice waits until the server has come to rest."""

    def settling(self, mailbox: Mailbox) -> list[float]:
        """Lose the connection, and return the seconds left to the server over a new one."""

        def lose(connection: Connection) -> list[float]:
            connection.close()
            raise ConnectionLost("Gone.")

        return mailbox.do_once(lose, lambda connection, settled: [settled.remaining()])

    def test_at_once(self, mailboxes: Mailboxes, server: ScriptedServer) -> None:
        (left,) = self.settling(mailboxes.open(account(server), "INBOX"))
        assert 0.5 < left <= SETTLE

    def test_an_outage_counts(self, mailboxes: Mailboxes, server: ScriptedServer) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")

        def come_back(session: Session, tag: str, arguments: str) -> None:
            time.sleep(SETTLE)
            session.default("GREETING", tag, arguments)

        server.on["GREETING"] = come_back
        assert self.settling(mailbox) == [0.0]

    def test_no_longer_than_the_deadline(
        self, mailboxes: Mailboxes, server: ScriptedServer
    ) -> None:
        (left,) = self.settling(mailboxes.open(account(server, timeout=0.5), "INBOX"))
        assert left <= 0.5

    def outcome(self, mailbox: Mailbox, trouble: Exception, *, begun: bool) -> None:
        """Lose the connection, and fail to find out what was done."""

        def lose(connection: Connection) -> None:
            connection.close()
            raise ConnectionLost("Gone.")

        def fail(connection: Connection, settled: Deadline) -> None:
            raise trouble

        mailbox.do_once(lose, fail, lambda: begun)

    @pytest.mark.parametrize(
        "trouble",
        [
            CommandRefused("Not now.", "NO Not now"),
            MarkMismatch("Made anew."),
            InvalidArgument("No token."),
            LoginFailed("Expired."),
            ConnectionLost("Gone again."),
        ],
    )
    def test_whatever_keeps_it_from_being_found_out_it_is_not_known(
        self, mailboxes: Mailboxes, server: ScriptedServer, trouble: ImapLibraryError
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        text = failure(OutcomeUnknown, lambda: self.outcome(mailbox, trouble, begun=True))
        assert text == (
            f"{trouble} It is not known how much was done before that: look before trying again."
        )
        failure(type(trouble), lambda: self.outcome(mailbox, trouble, begun=False))

    def test_an_email_that_went_elsewhere_was_sent(
        self, mailboxes: Mailboxes, server: ScriptedServer
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        failure(EmailNotFound, lambda: self.outcome(mailbox, EmailNotFound("Gone."), begun=True))

    @pytest.mark.parametrize("begun", [True, False])
    def test_the_failure_of_a_keyword_stays_as_it_is(
        self,
        mailboxes: Mailboxes,
        server: ScriptedServer,
        begun: bool,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        with pytest.raises(ExecutionFailed):
            self.outcome(mailbox, ExecutionFailed("Keyword failed."), begun=begun)
        warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
        assert warnings == [OutcomeUnknown.ADVICE] * begun


class TestDeadline:
    """One for all that a keyword does."""

    def slow(self, server: ScriptedServer, *commands: str) -> None:
        """Let each of these take a little longer than half of two seconds."""
        for command in commands:

            def handle(session: Session, tag: str, arguments: str, name: str = command) -> None:
                time.sleep(1.2)
                session.default(name, tag, arguments)

            server.on[command] = handle

    def test_two_slow_commands_share_it(self, server: ScriptedServer, mailboxes: Mailboxes) -> None:
        def two_commands(connection: Connection) -> None:
            connection.search([b"ALL"])
            connection.noop()

        mailbox = mailboxes.open(account(server, timeout=2.0), "INBOX")
        self.slow(server, "SEARCH", "NOOP")
        text = failure(ConnectionLost, lambda: mailbox.do(two_commands))
        assert text.startswith("The server did not answer within 2 seconds. This was NOOP for ")
        assert len(server.sessions) == 1  # no time is left to try again

    def test_the_second_try_has_what_is_left_of_it(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        def leave_then_hang(session: Session, tag: str, arguments: str) -> None:
            if len(server.sessions) == 1:
                time.sleep(1.2)
                session.close()
            else:
                hang(session, tag, arguments)

        mailbox = mailboxes.open(account(server, timeout=5.0), "INBOX")
        self.slow(server, "LOGIN", "SELECT")
        server.on["NOOP"] = leave_then_hang
        text = failure(ConnectionLost, lambda: mailbox.do(Connection.noop))
        left = re.match(r"The server did not answer within ([\d.]+) seconds\. This was NOOP", text)
        assert left
        assert float(left[1]) < 2

    def test_each_keyword_has_one_of_its_own(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailbox = mailboxes.open(account(server, timeout=2.0), "INBOX")
        time.sleep(2.1)
        assert mailbox.do(count_unread) == 1

    def test_opening_has_one_for_all_its_commands(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        self.slow(server, "LOGIN", "SELECT")
        impatient = account(server, timeout=2.0)
        text = failure(ConnectionLost, lambda: mailboxes.open(impatient, "INBOX"))
        assert text.startswith("The server did not answer within 2 seconds. This was SELECT for ")


class TestDescription:
    @pytest.mark.parametrize(
        ("code", "mode"), [("READ-WRITE", ""), ("READ-ONLY", " for reading only")]
    )
    def test_for_the_log(
        self, server: ScriptedServer, mailboxes: Mailboxes, code: str, mode: str
    ) -> None:
        server.on["SELECT"] = lambda session, tag, arguments: session.send(
            "* 5 EXISTS", "* OK [UIDVALIDITY 7] valid", f"{tag} OK [{code}] done"
        )
        mailbox = mailboxes.open(account(server), "Spam", "junk")
        assert mailbox.described() == (
            f"Opened folder 'Spam' of qa on 127.0.0.1{mode}, which has 5 emails, as mailbox 'junk'."
        )


def test_a_file_with_authorities_that_is_missing_opens_nothing(
    server: ScriptedServer, mailboxes: Mailboxes, tmp_path: Path
) -> None:
    missing = account(server, security=Security.TLS, verify=tmp_path / "missing.pem")
    failure(InvalidArgument, lambda: mailboxes.open(missing, "INBOX"))
    assert not server.sessions
    failure(MailboxNotOpen, mailboxes.get)


class TestFolders:
    def test_another_one_is_opened_and_stays_open(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        assert mailboxes.opened(None, "Archive") is mailbox
        assert mailbox.location.folder == "Archive"
        first(server, "NOOP", leave)
        mailbox.do(lambda connection: connection.noop())
        assert mailbox.location.folder == "Archive"

    @pytest.mark.parametrize("folder", [None, "INBOX"])
    def test_the_one_that_is_open_is_not_opened_again(
        self, server: ScriptedServer, mailboxes: Mailboxes, folder: str | None
    ) -> None:
        mailboxes.open(account(server), "INBOX")
        server.lines.clear()
        mailboxes.opened(None, folder)
        assert server.lines == []

    def test_one_that_can_not_be_opened_leaves_the_other_open(
        self, server: ScriptedServer, mailboxes: Mailboxes
    ) -> None:
        mailbox = mailboxes.open(account(server), "INBOX")
        first(server, "SELECT", refuse("NO No such folder"))
        with pytest.raises(CommandRefused, match="Could not open folder 'Archive'"):
            mailboxes.opened(None, "Archive")
        assert mailbox.location.folder == "INBOX"
        assert mailbox.do(lambda connection: connection.search([b"ALL"]))

    @pytest.mark.parametrize("folder", ["", " ", "a\nb"])
    def test_one_that_has_no_name(
        self, server: ScriptedServer, mailboxes: Mailboxes, folder: str
    ) -> None:
        mailboxes.open(account(server), "INBOX")
        with pytest.raises(InvalidArgument):
            mailboxes.opened(None, folder)
