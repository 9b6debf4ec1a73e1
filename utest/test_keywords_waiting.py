"""The keywords that wait: their arguments and what they log. Waits themselves are tested there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from scripted import ScriptedServer, message
from waits import Suite, far, opened

from ImapLibrary.errors import InvalidArgument, MailboxNotOpen, WaitTimedOut
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.waiting import WaitingKeywords
from ImapLibrary.mailboxes import Mailboxes


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First")) as server:
        yield server


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    with opened(server) as suite:
        server.lines.clear()
        yield suite


class TestWaitForEmail:
    def test_logs_what_it_found(self, suite: Suite, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        suite.wait()
        assert caplog.messages == [
            "UID 1: 'First' from noreply@shop.example, received 2026-11-24 12:00:00 +0000"
        ]

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("subjct", "Did you mean 'subject'? "),
            ("mailbocks", "Did you mean 'mailbox'? "),
            ("zzz", ""),
        ],
    )
    def test_no_such_argument(self, suite: Suite, name: str, hint: str) -> None:
        text = suite.failure(InvalidArgument, **{name: "x"})
        begin = f"`Wait For Email` has no argument {name!r}. {hint}It takes after, on_multiple, "
        assert text.startswith(begin)
        assert suite.server.lines == []

    def test_time_goes_one_way(self, suite: Suite) -> None:
        for name in ("timeout", "poll_frequency"):
            with pytest.raises(InvalidArgument, match=f"^The argument {name} can't be negative.$"):
                suite.waits.wait_for_email(**{name: timedelta(seconds=-1)})

    def test_without_a_time_it_is_that_of_the_import(self, suite: Suite) -> None:
        keywords = WaitingKeywords(suite.mailboxes, timedelta(seconds=0.3), NEWEST)
        with pytest.raises(WaitTimedOut, match=r"^No email received within 0\.3s "):
            keywords.wait_for_email(subject="Second")

    def test_a_time_of_zero_is_one(self, suite: Suite) -> None:
        with pytest.raises(WaitTimedOut, match=r"^No email received within 0s "):
            suite.waits.wait_for_email(subject="Second", timeout=timedelta(0))

    @pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 IDLE"])
    def test_looking_without_a_pause_is_not_to_be_had(
        self, server: ScriptedServer, capabilities: str
    ) -> None:
        server.capabilities = capabilities
        far(server)
        with opened(server) as suite:
            suite.failure(WaitTimedOut, subject="Second", timeout=1.0, poll=0.0)
        assert server.count("UID FETCH") <= 12

    def test_one_of_several_is_logged(
        self, server: ScriptedServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        with opened(server) as suite:
            caplog.set_level(logging.INFO, "ImapLibrary")
            suite.waits.wait_for_emails(at_least=1)
        assert caplog.messages[0].startswith("1 email is there:\n")

    def test_several_are_logged_in_the_order_in_which_they_are_returned(
        self, server: ScriptedServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.deliver(message("Second"))
        with opened(server) as suite:
            caplog.set_level(logging.INFO, "ImapLibrary")
            emails = suite.waits.wait_for_emails(at_least=2)
        first, *lines = caplog.messages[0].splitlines()
        assert first == "2 emails are there:"
        assert [line.split(" from ")[0] for line in lines] == [
            f"  UID {email}: {email.subject!r}" for email in emails
        ]

    def test_nothing_open(self) -> None:
        keywords = WaitingKeywords(Mailboxes(), timedelta(seconds=10), NEWEST)
        with pytest.raises(MailboxNotOpen):
            keywords.wait_for_email()

    def test_what_is_wrong_with_a_criterion_comes_first(self) -> None:
        with pytest.raises(InvalidArgument, match="^The criterion subject is empty"):
            WaitingKeywords(Mailboxes(), timedelta(0), NEWEST).wait_for_email(subject="")

    def test_in_another_mailbox(self, suite: Suite) -> None:
        with ScriptedServer(message("Other")) as other, opened(other) as there:
            suite.mailboxes.open(there.account, "Archive", "other")
            suite.mailboxes.switch("qa")
            assert suite.wait(mailbox="other").subject == "Other"
            assert suite.wait().subject == "First"
            text = suite.failure(WaitTimedOut, mailbox="other", subject="First", timeout=0.0)
            assert ", in folder 'Archive' of qa on 127.0.0.1.\n" in text
