"""Mailboxes of an account that the server gives one connection: they use it in turn."""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scripted import Handler, ScriptedServer, Session, message
from waits import Suite, first, hang, opened, refuse, wait_until

from ImapLibrary.arguments import Security
from ImapLibrary.criteria.criteria import UNREAD
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    ConnectionLost,
    FolderNotFound,
    LoginFailed,
    WaitTimedOut,
)
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.mailbox import Mailbox
from ImapLibrary.waiting.looking import OneEmail, Wanted
from ImapLibrary.waiting.wait import Wait

LONG = timedelta(seconds=20)

SHORT = 1.0
"""Seconds in which a log-in that is refused is tried again."""

DOVECOT = (
    "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded "
    "(mail_max_userip_connections=1)"
)


def bye(reason: str) -> Handler:
    return lambda session, tag, arguments: session.bye(reason)


def when_another_is_there(server: ScriptedServer, command: str, handler: Handler) -> None:
    """Let the handler do the command of a session that is not the only one."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        there = [each for each in server.sessions if each.socket.fileno() >= 0]
        if there in ([], [session]):
            session.default(command, tag, arguments)
        else:
            handler(session, tag, arguments)

    server.on[command] = handle


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server that lets an account log in once, with an email in INBOX and two in Archive."""
    with ScriptedServer(message("In INBOX")) as running:
        running.has_archive = True
        running.archive(message("First in Archive"))
        running.archive(message("Second in Archive"))
        when_another_is_there(running, "LOGIN", refuse("NO [LIMIT] No more"))
        yield running


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    """A suite with the mailbox qa."""
    with opened(server) as suite:
        yield suite


@pytest.fixture
def shared(suite: Suite) -> Suite:
    """A suite with the mailboxes qa and archive, on one connection."""
    add(suite)
    return suite


def add(suite: Suite, folder: str = "Archive", alias: str = "archive") -> Mailbox:
    return suite.mailboxes.open(suite.account, folder, alias)


def subjects(suite: Suite, alias: str) -> list[str]:
    return [email.subject for email in suite.find.find_emails(mailbox=alias)]


def race(suite: Suite, timeout: timedelta = LONG, **arguments: Any) -> tuple[str, str]:
    alias, email = suite.waits.wait_for_email_in_any_mailbox(
        "qa", "archive", timeout=timeout, **arguments
    )
    return alias, email.subject


class TestOpening:
    @pytest.mark.parametrize(
        ("command", "handler"),
        [
            ("LOGIN", refuse("NO [LIMIT] Too much")),
            ("LOGIN", refuse("NO [INUSE] Not now")),
            ("LOGIN", refuse(DOVECOT)),
            ("LOGIN", refuse("NO [ALERT] Too many simultaneous connections. (Failure)")),
            ("LOGIN", bye("Too many open sessions")),
            ("GREETING", bye("Too many connections")),
            ("GREETING", bye("Connection limit exceeded")),
            ("SELECT", refuse("BAD User is authenticated but not connected.")),
        ],
    )
    def test_when_a_further_connection_is_refused(
        self,
        suite: Suite,
        caplog: pytest.LogCaptureFixture,
        command: str,
        handler: Handler,
    ) -> None:
        del suite.server.on["LOGIN"]
        when_another_is_there(suite.server, command, handler)
        caplog.set_level(logging.INFO, "ImapLibrary.mailbox")
        mailbox = add(suite)
        (text,) = caplog.messages
        assert text.endswith(" The connection of mailbox 'qa' is shared instead.")
        assert mailbox.described() == (
            "Opened folder 'Archive' of qa on 127.0.0.1, which has 2 emails, as mailbox 'archive'."
        )
        assert subjects(suite, "archive") == ["Second in Archive", "First in Archive"]
        assert subjects(suite, "qa") == ["In INBOX"]

    @pytest.mark.parametrize(
        "answer",
        [
            "NO [AUTHENTICATIONFAILED] Wrong",
            "NO [AUTHENTICATIONFAILED] Too many failed attempts",
            "NO [THROTTLED] Slow down",
        ],
    )
    def test_not_when_it_is_refused_for_another_reason(self, suite: Suite, answer: str) -> None:
        suite.server.on["LOGIN"] = refuse(answer)
        with pytest.raises(LoginFailed, match=r"Could not log in as qa on 127\.0\.0\.1: NO"):
            suite.mailboxes.open(replace(suite.account, timeout=SHORT), "Archive", "archive")
        assert subjects(suite, "qa") == ["In INBOX"]

    def test_not_when_the_connection_is_lost(self, suite: Suite) -> None:
        suite.server.on["LOGIN"] = bye("Going down")
        with pytest.raises(ConnectionLost, match="Going down"):
            add(suite)

    @pytest.mark.parametrize(
        "changed",
        [
            {"user": "boss"},
            {"password": "other"},
            {"host": "localhost"},
            {"verify": False},
            {"verify": Path("ca.pem")},
        ],
    )
    def test_never_with_another_account(self, suite: Suite, changed: dict[str, Any]) -> None:
        settings = {
            "host": "127.0.0.1",
            "user": "qa",
            "password": "xyzzy",
            "port": suite.server.port,
            "security": Security.NONE,
            "timeout": SHORT,
        }
        with pytest.raises(LoginFailed, match="LIMIT"):
            suite.mailboxes.open(Account(**(settings | changed)), "Archive", "archive")

    def test_with_a_token_and_a_time_out_given_anew(self, suite: Suite) -> None:
        def account(timeout: float) -> Account:
            return Account(
                *("127.0.0.1", "boss", "", suite.server.port, Security.NONE),
                timeout=timeout,
                token=AccessToken("a-token"),
            )

        suite.mailboxes.close_all()
        suite.server.capabilities += " AUTH=XOAUTH2 SASL-IR"
        suite.server.on["AUTHENTICATE"] = lambda session, tag, arguments: session.send(
            f"{tag} OK logged in"
        )
        suite.mailboxes.open(account(10.0), "INBOX", "qa")
        when_another_is_there(suite.server, "AUTHENTICATE", refuse("NO [LIMIT] No more"))
        suite.mailboxes.open(account(9.0), "Archive", "archive")
        assert subjects(suite, "qa") == ["In INBOX"]

    def test_a_folder_that_is_not_there(self, suite: Suite) -> None:
        with pytest.raises(FolderNotFound, match="Could not open folder 'Nowhere'"):
            add(suite, folder="Nowhere")
        assert subjects(suite, "qa") == ["In INBOX"]
        suite.mailboxes.close()
        assert suite.server.count("LOGOUT") == 1

    def test_the_connection_with_the_fewest_mailboxes(self, suite: Suite) -> None:
        del suite.server.on["LOGIN"]
        qa, other = suite.mailboxes.get("qa"), add(suite, alias="other")
        when_another_is_there(suite.server, "LOGIN", refuse("NO [LIMIT] No more"))
        third, fourth = add(suite, alias="third"), add(suite, alias="fourth")
        assert third.line is qa.line
        assert fourth.line is other.line


class TestTurns:
    def test_nothing_is_left_of_one_that_is_closed(self, shared: Suite) -> None:
        subjects(shared, "archive")
        closed = weakref.ref(shared.mailboxes.get("archive"))
        shared.mailboxes.close("archive")
        gc.collect()
        assert closed() is None
        assert subjects(shared, "qa") == ["In INBOX"]

    def test_a_folder_is_selected_when_it_is_the_turn_of_another(self, shared: Suite) -> None:
        before = shared.server.count("SELECT")
        for alias in ("archive", "archive", "qa", "qa", "archive"):
            subjects(shared, alias)
        assert shared.server.count("SELECT") == before + 2

    def test_a_mailbox_of_its_own_selects_once(self, suite: Suite) -> None:
        del suite.server.on["LOGIN"]
        add(suite)
        for alias in ("qa", "archive", "qa"):
            subjects(suite, alias)
        assert suite.server.count("SELECT") == 2

    def test_each_keeps_its_folder(self, shared: Suite) -> None:
        qa, archive = shared.mailboxes.get("qa"), shared.mailboxes.get("archive")
        assert archive.select("Spam") == "Archive"
        assert subjects(shared, "qa") == ["In INBOX"]
        assert (qa.location.folder, archive.location.folder) == ("INBOX", "Spam")
        with pytest.raises(FolderNotFound):
            archive.select("Nowhere")
        assert (qa.location.folder, archive.location.folder) == ("INBOX", "Spam")

    def test_each_is_as_it_was_opened_for_reading_only_or_not(self, suite: Suite) -> None:
        reader = suite.mailboxes.open(suite.account, "Archive", "archive", readonly=True)
        assert reader.connection(Deadline(5)).readonly
        assert not suite.mailboxes.get("qa").connection(Deadline(5)).readonly
        assert reader.connection(Deadline(5)).readonly

    def test_uids_that_have_changed_meanwhile(
        self, shared: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        shared.server.uidvalidity = 9
        assert subjects(shared, "qa") == ["In INBOX"]
        assert "have changed meanwhile (UIDVALIDITY)" in caplog.text
        caplog.clear()
        subjects(shared, "archive")
        subjects(shared, "qa")
        assert "UIDVALIDITY" not in caplog.text

    def test_a_connection_that_breaks_is_replaced_for_both(self, shared: Suite) -> None:
        log_ins = shared.server.count("LOGIN")
        shared.mailboxes.get("qa").connection(Deadline(5)).close()
        # Until the server has noticed, it lets no other one in.
        wait_until(lambda: all(each.socket.fileno() < 0 for each in shared.server.sessions))
        assert len(subjects(shared, "archive")) == 2
        assert subjects(shared, "qa") == ["In INBOX"]
        assert shared.server.count("LOGIN") == log_ins + 1

    def test_a_folder_that_has_gone_leaves_the_other_alone(self, shared: Suite) -> None:
        subjects(shared, "qa")
        shared.server.folders = ("INBOX",)
        with pytest.raises(FolderNotFound):
            subjects(shared, "archive")
        log_ins = shared.server.count("LOGIN")
        assert subjects(shared, "qa") == ["In INBOX"]
        assert shared.server.count("LOGIN") == log_ins

    def test_time_that_passes_between_two_turns_does_not_count(
        self, server: ScriptedServer
    ) -> None:
        with opened(server, network_timeout=0.5) as suite:
            add(suite)
            log_ins = server.count("LOGIN")
            time.sleep(0.6)
            assert subjects(suite, "qa") == ["In INBOX"]
            assert server.count("LOGIN") == log_ins


class TestClosing:
    @pytest.mark.parametrize(("closed", "kept"), [("qa", "archive"), ("archive", "qa")])
    def test_one_keeps_the_other(self, shared: Suite, closed: str, kept: str) -> None:
        there = subjects(shared, kept)
        log_outs = shared.server.count("LOGOUT")
        shared.mailboxes.close(closed)
        assert subjects(shared, kept) == there
        assert shared.server.count("LOGOUT") == log_outs
        assert shared.mailboxes.get(kept).turns is None
        shared.mailboxes.close(kept)
        assert shared.server.count("LOGOUT") == log_outs + 1

    def test_all(self, shared: Suite) -> None:
        log_outs = shared.server.count("LOGOUT")
        assert shared.mailboxes.close_all() == 2
        assert shared.server.count("LOGOUT") == log_outs + 1


class TestWaiting:
    @pytest.mark.parametrize(
        ("alias", "deliver"),
        [
            ("qa", lambda server: server.deliver(message("New"))),
            ("archive", lambda server: server.archive(message("New"))),
        ],
    )
    def test_in_both_finds_the_email_of_either(
        self, shared: Suite, alias: str, deliver: Callable[[ScriptedServer], object]
    ) -> None:
        first(shared.server, "NOOP", later(shared.server, deliver))
        begin = time.monotonic()
        assert race(shared, subject="New") == (alias, "New")
        assert time.monotonic() - begin < 5
        assert not shared.server.count("IDLE")
        assert len([each for each in shared.server.sessions if each.socket.fileno() >= 0]) == 1

    def test_each_has_its_mark(self, shared: Suite) -> None:
        marks = [shared.find.get_mailbox_mark(mailbox=alias) for alias in ("qa", "archive")]
        shared.server.archive(message("New"))
        assert race(shared, after=marks) == ("archive", "New")

    def test_looks_are_a_second_apart_and_the_time_out_tells_of_each(self, shared: Suite) -> None:
        with pytest.raises(WaitTimedOut) as caught:
            race(shared, timedelta(seconds=2.5), subject="mine")
        text = str(caught.value)
        assert text.count("No email received within 2.5s that matches subject 'mine'") == 2
        # A look each at once, after one second, after two, and when the time is up.
        assert 6 <= shared.server.count("NOOP") <= 9

    @pytest.mark.parametrize("seconds", [0.0, 0.5])
    def test_the_deadline_holds_when_the_server_does_not_answer(
        self, shared: Suite, seconds: float
    ) -> None:
        shared.server.on["NOOP"] = hang
        begin = time.monotonic()
        with pytest.raises(WaitTimedOut):
            race(shared, timedelta(seconds=seconds), subject="mine")
        assert time.monotonic() - begin <= seconds + 2

    def test_whose_turn_comes_when_the_race_is_over_looks_no_more(self, shared: Suite) -> None:
        mailbox, deadline = shared.mailboxes.get("qa"), Deadline(20)
        watch = OneEmail(Wanted(UNREAD, after=None), 20)
        wait = Wait(watch, mailbox, deadline, 5.0, turns=mailbox.turns)
        before = len(shared.server.lines)
        with ThreadPoolExecutor() as pool:
            with mailbox.line.turns:
                ended = pool.submit(wait.run)
                time.sleep(0.2)
                deadline.call_off()
            with pytest.raises(WaitTimedOut):
                ended.result(10)
        assert shared.sent(before) == []

    def test_in_one_of_them_listens(self, shared: Suite) -> None:
        shared.server.deliver_later(0.3, message("New"))
        email = shared.waits.wait_for_email(mailbox="qa", subject="New", timeout=LONG)
        assert email.subject == "New"
        assert shared.server.count("IDLE")


def later(server: ScriptedServer, deliver: Callable[[ScriptedServer], object]) -> Handler:
    """Return a handler of NOOP that has something delivered after the looks that come next."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        threading.Timer(0.5, deliver, [server]).start()
        session.default("NOOP", tag, arguments)

    return handle
