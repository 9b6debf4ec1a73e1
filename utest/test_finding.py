"""Marks, addresses of one's own, and emails that are found without waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from scripted import ScriptedServer, Session, message
from waits import WHERE, Suite, far, first, opened, refuse

from ImapLibrary.arguments import to_operator
from ImapLibrary.errors import CommandRefused, InvalidArgument, MailboxNotOpen, NotAsExpected
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.finding import FindingKeywords
from ImapLibrary.mailboxes import Mailboxes

RECEIVED = "received 2026-11-24 12:00:00 +0000"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First")) as server:
        yield server


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    with opened(server) as suite:
        server.lines.clear()
        yield suite


def find_none(session: Session, tag: str, arguments: str) -> None:
    session.send("* SEARCH", f"{tag} OK done")


class TestGetMailboxMark:
    def test_logs_what_it_is(self, suite: Suite, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        assert suite.mark().uid == 2
        assert caplog.messages == [f"This is the mark at UID 2 in {WHERE}."]

    def test_costs_one_command_but_for_the_first(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        far(server)
        suite.mark()
        assert suite.sent() == ["NOOP", "FETCH 1:* (UID)"]
        mark = suite.mark()
        assert suite.sent(2) == ["NOOP"]
        server.deliver(message("New"))
        assert suite.wait(after=mark).subject == "New"
        sent = len(server.lines)
        assert suite.mark().uid == 3
        assert suite.sent(sent) == ["NOOP"]

    def test_of_another_mailbox(self, suite: Suite) -> None:
        with ScriptedServer(*[message()] * 5) as other, opened(other) as there:
            suite.mailboxes.open(there.account, "Archive", "other")
            suite.mailboxes.switch("qa")
            mark = suite.find.get_mailbox_mark(mailbox="other")
            assert (mark.uid, mark.location.folder) == (6, "Archive")
            other.deliver(message("New"))
            assert suite.wait(after=mark, mailbox="other").subject == "New"

    def test_changes_nothing(self, server: ScriptedServer, suite: Suite) -> None:
        suite.mark()
        assert server.emails[0].flags == set()

    def test_a_lost_connection_costs_another_try(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        server.sessions[0].close()
        assert suite.mark().uid == 2
        assert len(server.sessions) == 2


class TestFindEmails:
    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        subjects = ("Old", "Invoice 1", "Other", "Invoice 2", "Invoice 3")
        with ScriptedServer(*map(message, subjects)) as server:
            yield server

    def test_the_newest_first(self, suite: Suite, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        found = suite.find.find_emails(subject="invoice")
        assert [email.subject for email in found] == ["Invoice 3", "Invoice 2", "Invoice 1"]
        (logged,) = caplog.messages
        assert logged == (
            "Found 3 emails."
            f"\n  UID 5: 'Invoice 3' from noreply@shop.example, {RECEIVED}"
            f"\n  UID 4: 'Invoice 2' from noreply@shop.example, {RECEIVED}"
            f"\n  UID 2: 'Invoice 1' from noreply@shop.example, {RECEIVED}"
        )

    @pytest.mark.parametrize(("limit", "uids"), [(1, [5]), (2, [5, 4]), (10, [5, 4, 2])])
    def test_so_many_at_most(self, suite: Suite, limit: int, uids: list[int]) -> None:
        found = suite.find.find_emails(subject="invoice", limit=limit)
        assert [email.uid for email in found] == uids

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_limit_that_makes_no_sense(self, suite: Suite, limit: int) -> None:
        with pytest.raises(InvalidArgument) as caught:
            suite.find.find_emails(limit=limit)
        assert str(caught.value) == f"The argument limit must be 1 or more, not {limit}."

    def test_without_criteria_all(self, suite: Suite) -> None:
        assert [email.uid for email in suite.find.find_emails()] == [5, 4, 3, 2, 1]

    def test_none_is_no_failure(self, suite: Suite) -> None:
        assert suite.find.find_emails(subject="code") == []

    @pytest.mark.parametrize("limit", [None, 3])
    def test_the_emails_can_be_read(
        self, server: ScriptedServer, suite: Suite, limit: int | None
    ) -> None:
        found = suite.find.find_emails(subject="invoice", limit=limit)
        assert [email.text for email in found] == ["Some text."] * 3
        assert found[0].attachments == ()
        assert suite.sent()[-1].startswith(
            "UID FETCH 2,4:5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY."
        )
        assert all(stored.flags == set() for stored in server.emails)

    def test_of_more_than_50_there_are_just_the_headers(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        for _ in range(46):
            server.deliver(message("More"))
        found = suite.find.find_emails()
        assert len(found) == 51
        assert not any(email.text_complete for email in found)
        assert len([line for line in suite.sent() if "BODY" in line]) == 1
        found = suite.find.find_emails(limit=50)
        assert [email.text for email in found] == ["Some text."] * 50

    def test_counting_reads_no_email(self, suite: Suite) -> None:
        suite.find.get_email_count(subject="invoice")
        suite.find.email_count_should_be(3, subject="invoice")
        assert not any("BODY.PEEK[]" in line for line in suite.sent())

    def test_in_an_empty_folder(self, server: ScriptedServer, suite: Suite) -> None:
        server.emails.clear()
        assert suite.find.find_emails() == []
        assert suite.find.get_email_count() == 0

    def test_none_is_marked_as_read(self, server: ScriptedServer, suite: Suite) -> None:
        suite.find.find_emails(text="some text")
        assert all(stored.flags == set() for stored in server.emails)

    def test_what_has_just_arrived_is_found(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver(message("Invoice 4"))
        assert suite.find.find_emails(subject="invoice")[0].uid == 6
        server.deliver(message("Invoice 5"))
        assert suite.find.get_email_count() == 7

    def test_an_index_that_lags_behind(self, server: ScriptedServer, suite: Suite) -> None:
        server.on["SEARCH"] = find_none
        assert len(suite.find.find_emails(subject="invoice")) == 3
        few = FindingKeywords(suite.mailboxes, 2)
        assert [email.uid for email in few.find_emails(subject="invoice")] == [5, 4]
        assert few.get_email_count(subject="invoice") == 2

    def test_those_that_have_gone_are_left_out(self, server: ScriptedServer, suite: Suite) -> None:
        def then_gone(session: Session, tag: str, arguments: str) -> None:
            session.default("SEARCH", tag, arguments)
            del server.emails[3]

        first(server, "SEARCH", then_gone)
        assert [email.uid for email in suite.find.find_emails(subject="invoice")] == [5, 2]

    def test_a_server_that_can_not_search(self, server: ScriptedServer, suite: Suite) -> None:
        server.on["SEARCH"] = refuse("NO Never")
        with pytest.raises(CommandRefused, match=f"^The server refused SEARCH for {WHERE}: NO"):
            suite.find.find_emails(subject="invoice")

    def test_a_lost_connection_costs_another_try(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        first(server, "FETCH", lambda session, tag, arguments: session.close())
        assert len(suite.find.find_emails(subject="invoice")) == 3

    def test_counting_does_not_rely_on_what_was_announced(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        def gone_twice(session: Session, tag: str, arguments: str) -> None:
            del server.emails[:1]
            session.send("* 1 EXPUNGE", "* 1 EXPUNGE", f"{tag} OK done")

        first(server, "NOOP", gone_twice)
        suite.find.get_mailbox_mark()
        assert suite.find.get_email_count() == 4

    def test_counting(
        self, server: ScriptedServer, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        assert suite.find.get_email_count() == 5
        assert server.lines == ["NOOP", "UID SEARCH ALL"]
        assert suite.find.get_email_count(subject="invoice", not_subject="2") == 2
        assert suite.find.get_email_count(subject="invoice 2") == 1
        assert caplog.messages == ["Counted 5 emails.", "Counted 2 emails.", "Counted 1 email."]

    def test_a_count_that_is_checked(self, suite: Suite) -> None:
        assert suite.find.get_email_count(to_operator("=="), "3", subject="invoice") == 3
        for operator, expected, text in (
            (
                ">",
                "3",
                "The number of emails should be greater than 3 (number), but found 3 (number).",
            ),
            ("==", 2.5, "The number of emails should be 2.5 (number), but found 3 (number)."),
        ):
            with pytest.raises(NotAsExpected) as failure:
                suite.find.get_email_count(to_operator(operator), expected, subject="invoice")
            assert str(failure.value) == text
        for operator, expected, text in (
            ("==", "two", "The number of emails (number) can't be compared with 'two' (text)."),
            (
                "contains",
                "2",
                (
                    "The operator contains does not fit the number of emails (number). It can be ==, "
                    "!=, <, >, <=, >=, validate, then."
                ),
            ),
        ):
            with pytest.raises(InvalidArgument) as refused:
                suite.find.get_email_count(to_operator(operator), expected, subject="invoice")
            assert str(refused.value) == text

    def test_a_count_that_should_be(self, suite: Suite) -> None:
        suite.find.email_count_should_be(5)
        suite.find.email_count_should_be(3, subject="invoice")
        suite.find.email_count_should_be(0, subject="code")
        suite.find.email_count_should_be(1, subject="invoice", after=4)

    @pytest.mark.parametrize(
        ("expected", "criteria", "text"),
        [
            (
                1,
                {"subject": "glob:invoice [12]"},
                (
                    f"2 emails in {WHERE} match subject 'glob:invoice [12]', and there should be 1:"
                    f"\n  UID 4: 'Invoice 2' from noreply@shop.example, {RECEIVED}"
                    f"\n  UID 2: 'Invoice 1' from noreply@shop.example, {RECEIVED}"
                ),
            ),
            (
                0,
                {"after": 4},
                (
                    f"An email in {WHERE} arrived after UID 4, and there should be 0:"
                    f"\n  UID 5: 'Invoice 3' from noreply@shop.example, {RECEIVED}"
                ),
            ),
            (
                2,
                {"subject": "code"},
                f"0 emails in {WHERE} match subject 'code', and there should be 2.",
            ),
        ],
    )
    def test_a_count_that_is_another(
        self, suite: Suite, expected: int, criteria: dict[str, object], text: str
    ) -> None:
        with pytest.raises(NotAsExpected) as failure:
            suite.find.email_count_should_be(expected, **criteria)
        assert str(failure.value) == text

    @pytest.mark.parametrize("name", ["find_emails", "get_email_count"])
    def test_no_such_argument(self, suite: Suite, name: str) -> None:
        keyword: Callable[..., object] = getattr(suite.find, name)
        title = name.replace("_", " ").title()
        with pytest.raises(InvalidArgument, match=f"^`{title}` has no argument 'subjct'. Did you"):
            keyword(subjct="x")
        with pytest.raises(InvalidArgument, match=r"^The criterion subject is empty"):
            keyword(subject="")
        assert suite.server.lines == []


class TestGetUniqueEmailAddress:
    def test_of_the_user_or_of_a_template(
        self, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        address = suite.find.get_unique_email_address("{unique}@example.com")
        assert caplog.messages == [f"The address is {address}."]
        with pytest.raises(InvalidArgument, match=r"^The user 'qa' is no email address"):
            suite.find.get_unique_email_address()
        account = replace(suite.account, user="qa@example.com")
        suite.mailboxes.open(account, "INBOX", "addressed")
        assert suite.find.get_unique_email_address(mailbox="addressed").startswith("qa+")


def test_nothing_open() -> None:
    keywords = FindingKeywords(Mailboxes(), NEWEST)
    for keyword in (
        keywords.get_mailbox_mark,
        keywords.get_unique_email_address,
        keywords.find_emails,
        keywords.get_email_count,
    ):
        with pytest.raises(MailboxNotOpen):
            keyword()
