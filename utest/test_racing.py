"""Waits in several mailboxes at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from interrupts import interrupted
from robot.errors import ExecutionFailed
from scripted import ScriptedServer, message
from waits import Suite, hang, opened, refuse

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    InvalidArgument,
    LoginFailed,
    MailboxNotOpen,
    MarkMismatch,
    WaitTimedOut,
)
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.tokens import AccessToken

LONG = timedelta(seconds=20)


@pytest.fixture
def servers() -> Iterator[list[ScriptedServer]]:
    with ScriptedServer() as one, ScriptedServer() as two, ScriptedServer() as three:
        yield [one, two, three]


@pytest.fixture
def suite(servers: list[ScriptedServer]) -> Iterator[Suite]:
    """A suite with the mailboxes a, b and c, each on a server of its own."""
    with opened(servers[0]) as suite:
        suite.mailboxes.close_all()
        for alias, server in zip("abc", servers, strict=True):
            account = Account("127.0.0.1", alias, "x", server.port, Security.NONE, timeout=10.0)
            suite.mailboxes.open(account, "INBOX", alias)
        yield suite


def test_the_first_ends_the_race(suite: Suite, servers: list[ScriptedServer]) -> None:
    servers[1].deliver_later(0.3, message("Here"))
    begin = time.monotonic()
    alias, email = suite.waits.wait_for_email_in_any_mailbox("a", "b", "c", timeout=LONG)
    assert (alias, email.subject) == ("b", "Here")
    assert time.monotonic() - begin < 10


def test_the_others_can_be_used_as_before(suite: Suite, servers: list[ScriptedServer]) -> None:
    before = [len(server.sessions) for server in servers]
    servers[0].deliver_later(0.3, message("Here"))
    suite.waits.wait_for_email_in_any_mailbox("a", "b", "c", timeout=LONG)
    servers[2].deliver(message("Next"))
    assert suite.waits.wait_for_email(mailbox="c", timeout=LONG).subject == "Next"
    assert [len(server.sessions) for server in servers] == before


@pytest.mark.parametrize("command", ["NOOP", "IDLE", "GREETING"])
def test_the_first_ends_the_race_though_another_server_hangs(
    suite: Suite, servers: list[ScriptedServer], command: str
) -> None:
    if command == "GREETING":
        suite.mailboxes.get("b").connection(Deadline(10)).close()
    servers[1].on[command] = hang
    servers[0].deliver_later(0.3, message("Here"))
    begin = time.monotonic()
    alias, _ = suite.waits.wait_for_email_in_any_mailbox("a", "b", timeout=LONG)
    assert (alias, time.monotonic() - begin < 4) == ("a", True)
    del servers[1].on[command]
    servers[1].deliver(message("Next"))
    assert suite.waits.wait_for_email(mailbox="b", timeout=LONG).subject == "Next"


def test_each_mailbox_has_its_mark(suite: Suite, servers: list[ScriptedServer]) -> None:
    for server in servers:
        server.deliver(message("Old"))
    marks = [suite.find.get_mailbox_mark(mailbox=alias) for alias in "cb"]
    servers[2].deliver(message("New"))
    alias, email = suite.waits.wait_for_email_in_any_mailbox("b", "c", after=marks, timeout=LONG)
    assert (alias, email.subject) == ("c", "New")


def test_a_mark_is_missing(suite: Suite) -> None:
    mark = suite.find.get_mailbox_mark(mailbox="a")
    with pytest.raises(InvalidArgument, match="after has no mark of the mailbox 'b'"):
        suite.waits.wait_for_email_in_any_mailbox("a", "b", after=mark)


def test_a_mark_of_a_folder_that_was_made_anew(suite: Suite, servers: list[ScriptedServer]) -> None:
    mark = suite.find.get_mailbox_mark(mailbox="a")
    servers[0].uidvalidity += 1
    suite.mailboxes.get("a").connection(Deadline(10)).close()
    suite.find.get_email_count(mailbox="a")  # from now on, the mailbox knows the new state
    with pytest.raises(MarkMismatch, match="UIDVALIDITY was 7 and is now 8"):
        suite.waits.wait_for_email_in_any_mailbox("a", after=mark, timeout=LONG)


def test_after_an_email_only_later_ones_count(suite: Suite, servers: list[ScriptedServer]) -> None:
    for number in "123":
        servers[0].deliver(message(f"Old {number}"))
        servers[1].deliver(message(f"Other {number}"))
    emails = [suite.waits.wait_for_email(subject="2", mailbox=alias) for alias in "ab"]
    alias, email = suite.waits.wait_for_email_in_any_mailbox("a", after=emails, timeout=LONG)
    assert (alias, email.subject) == ("a", "Old 3")
    alias, email = suite.waits.wait_for_email_in_any_mailbox("b", after=emails[1], timeout=LONG)
    assert (alias, email.subject) == ("b", "Other 3")


def test_after_a_mark_the_oldest_comes_first(suite: Suite, servers: list[ScriptedServer]) -> None:
    mark = suite.find.get_mailbox_mark(mailbox="a")
    servers[0].deliver(message("First"))
    servers[0].deliver(message("Second"))
    _, email = suite.waits.wait_for_email_in_any_mailbox("a", after=mark, timeout=LONG)
    assert email.subject == "First"
    _, email = suite.waits.wait_for_email_in_any_mailbox("a", after=[email], timeout=LONG)
    assert email.subject == "Second"


def test_the_time_out_tells_of_each(
    suite: Suite, servers: list[ScriptedServer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    servers[1].deliver(message("Other"))
    with pytest.raises(WaitTimedOut) as caught:
        suite.waits.wait_for_email_in_any_mailbox(
            "a", "b", subject="mine", timeout=timedelta(seconds=0.3)
        )
    text = str(caught.value)
    assert text.count("No email received within 0.3s that matches subject 'mine'") == 2
    assert "UID 1: 'Other' from noreply@shop.example" in text
    assert "<td>Shop &lt;noreply@shop.example&gt;</td><td>Other</td>" in caplog.text


def test_what_is_wrong_with_one_is_told_at_once(
    suite: Suite, servers: list[ScriptedServer]
) -> None:
    servers[1].on["LOGIN"] = refuse("NO [AUTHENTICATIONFAILED] Go away")
    suite.mailboxes.get("b").connection(Deadline(10)).close()
    begin = time.monotonic()
    with pytest.raises(LoginFailed):
        suite.waits.wait_for_email_in_any_mailbox("a", "b", timeout=LONG)
    assert time.monotonic() - begin < 10


def test_what_breaks_in_one_is_told_at_once(suite: Suite, servers: list[ScriptedServer]) -> None:
    def gone() -> str:
        raise ExecutionFailed("the identity provider is down")

    account = Account(
        "127.0.0.1",
        "d",
        "",
        servers[1].port,
        Security.NONE,
        timeout=10.0,
        token=AccessToken("first", gone),
    )
    servers[1].capabilities += " AUTH=XOAUTH2 SASL-IR"
    servers[1].on["AUTHENTICATE"] = lambda session, tag, arguments: session.send(f"{tag} OK in")
    suite.mailboxes.open(account, "INBOX", "d")
    servers[1].on["AUTHENTICATE"] = refuse("NO Expired")
    suite.mailboxes.get("d").connection(Deadline(10)).close()
    begin = time.monotonic()
    with pytest.raises(ExecutionFailed, match="the identity provider is down"):
        suite.waits.wait_for_email_in_any_mailbox("a", "d", timeout=LONG)
    assert time.monotonic() - begin < 10


def test_the_log_has_the_story_of_each(
    suite: Suite, servers: list[ScriptedServer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    suite.mailboxes.get("b").connection(Deadline(10)).close()
    with pytest.raises(WaitTimedOut):
        suite.waits.wait_for_email_in_any_mailbox("a", "b", timeout=timedelta(seconds=0.3))
    # Robot Framework takes nothing from another thread.
    here = threading.get_ident()
    lines = {(each.levelname, each.getMessage()) for each in caplog.records if each.thread == here}
    for alias in "ab":
        assert ("DEBUG", f"In mailbox '{alias}': A look at everything.") in lines
        assert ("DEBUG", f"In mailbox '{alias}': The time is up: the last look.") in lines
    anew = (
        f"In mailbox 'b': The connection of b on 127.0.0.1 port {servers[1].port} was lost and has "
        "been made anew."
    )
    assert ("INFO", anew) in lines


def test_the_log_warns_of_what_a_wait_warned_of(
    suite: Suite, servers: list[ScriptedServer], caplog: pytest.LogCaptureFixture
) -> None:
    servers[1].uidvalidity += 1
    suite.mailboxes.get("b").connection(Deadline(10)).close()
    with pytest.raises(WaitTimedOut):
        suite.waits.wait_for_email_in_any_mailbox("b", timeout=timedelta(seconds=0))
    here = threading.get_ident()
    assert (
        "In mailbox 'b': The UIDs of folder 'INBOX' of b on 127.0.0.1 have changed meanwhile "
        "(UIDVALIDITY)."
    ) in [each.getMessage() for each in caplog.records if each.thread == here]


def test_interrupted(suite: Suite, servers: list[ScriptedServer]) -> None:
    assert interrupted(
        lambda: suite.waits.wait_for_email_in_any_mailbox("a", "b", timeout=10 * LONG)
    )
    servers[1].deliver(message("Next"))
    assert suite.waits.wait_for_email(mailbox="b", timeout=LONG).subject == "Next"


def test_interrupted_though_a_server_hangs(suite: Suite, servers: list[ScriptedServer]) -> None:
    servers[1].on["NOOP"] = hang
    begin = time.monotonic()
    assert interrupted(
        lambda: suite.waits.wait_for_email_in_any_mailbox("a", "b", timeout=10 * LONG)
    )
    assert time.monotonic() - begin < 4


def test_mailboxes_must_be_named(suite: Suite) -> None:
    with pytest.raises(InvalidArgument, match="needs aliases of mailboxes"):
        suite.waits.wait_for_email_in_any_mailbox()
    with pytest.raises(MailboxNotOpen, match="'d'"):
        suite.waits.wait_for_email_in_any_mailbox("a", "d")
