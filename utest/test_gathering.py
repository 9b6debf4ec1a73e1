"""Waits for several emails, for none, and until some are gone."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from scripted import Handler, ScriptedServer, Session, message
from waits import WHERE, Suite, opened, refuse, silent_idle

from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import (
    CommandRefused,
    EmailArrived,
    ImapLibraryError,
    InvalidArgument,
    MarkMismatch,
    SeveralEmails,
    WaitTimedOut,
)
from ImapLibrary.finding.screening import Verdict, judge
from ImapLibrary.imap.connection import Connection
from ImapLibrary.mail.message import Email

SECOND = timedelta(seconds=1)
LONG = 20 * SECOND
SHORT = 0.3 * SECOND
RECEIVED = "received 2026-11-24 12:00:00 +0000"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("Old")) as server:
        yield server


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    with opened(server) as suite:
        yield suite


def told(uid: int, subject: str) -> str:
    return f"  UID {uid}: '{subject}' from noreply@shop.example, {RECEIVED}"


def text_of(kind: type[ImapLibraryError], caught: pytest.ExceptionInfo[ImapLibraryError]) -> str:
    assert type(caught.value) is kind
    return str(caught.value)


def going(server: ScriptedServer, uid: int) -> Handler:
    """Return a handler of IDLE that lets an email go."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send("+ idling")
        for number, stored in enumerate(server.emails, 1):
            if stored.uid == uid:
                server.emails.remove(stored)
                session.send(f"* {number} EXPUNGE")
                session.told -= 1
                break
        session.readline()
        session.send(f"{tag} OK done")

    return handle


def nothing_to_read(uid: int) -> Handler:
    """Return a handler of FETCH that knows of an email, and has nothing to read of it."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        if "BODY" in arguments and str(uid) in arguments.partition(" ")[0]:
            session.send(f"{tag} OK done")
        else:
            session.default("FETCH", tag, arguments)

    return handle


class TestAtLeast:
    def test_those_that_are_there_count(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver(message("New"))
        emails = suite.waits.wait_for_emails(at_least=2, timeout=LONG)
        assert [email.subject for email in emails] == ["Old", "New"]

    def test_with_a_mark_only_later_ones(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver_later(0.2, message("A"), message("B"), message("C"))
        emails = suite.waits.wait_for_emails(at_least=2, after=mark, timeout=LONG)
        assert [email.subject for email in emails] == ["A", "B", "C"]

    def test_one_by_one(self, server: ScriptedServer, suite: Suite) -> None:
        for number in range(5):
            server.deliver_later(0.1 + number / 10, message(f"Part {number}"))
        emails = suite.waits.wait_for_emails(at_least=5, subject="part", timeout=LONG)
        assert [email.subject for email in emails] == [f"Part {number}" for number in range(5)]

    def test_the_emails_can_be_read(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver(message("Part 2"))
        server.deliver(message("Part 3"))
        server.lines.clear()
        emails = suite.waits.wait_for_emails(at_least=2, subject="part", timeout=LONG)
        assert [email.text for email in emails] == ["Some text."] * 2
        assert emails[0].attachments == ()
        assert [line.split(" (")[0] for line in suite.sent() if "BODY.PEEK[]" in line] == [
            "UID FETCH 2:3"
        ]
        assert all(stored.flags == set() for stored in server.emails)

    def test_of_more_than_50_there_are_just_the_headers(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        for number in range(51):
            server.deliver(message(f"Part {number}"))
        emails = suite.waits.wait_for_emails(at_least=51, subject="part", timeout=LONG)
        assert len(emails) == 51
        assert not any(email.text_complete for email in emails)

    def test_flags_are_asked_again(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        first = server.deliver(message("A"), "\\Seen")
        server.deliver(message("B"))

        def unread(session: Session, tag: str, arguments: str) -> None:
            with server.changed:
                next(each for each in server.emails if each.uid == first).flags.clear()
            session.default("IDLE", tag, arguments)

        server.on["IDLE"] = unread
        emails = suite.waits.wait_for_emails(
            at_least=2, after=mark, status="UNSEEN", timeout=LONG, poll_frequency=0.2 * SECOND
        )
        assert [email.subject for email in emails] == ["A", "B"]

    def test_time_out_lists_what_came(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver(message("Part 1"))
        server.deliver(message("Other"))
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(at_least=2, subject="part", after=mark, timeout=SHORT)
        assert text_of(WaitTimedOut, caught) == (
            "1 of 2 emails received within 0.3s that match subject 'part' and arrived after UID "
            f"1, in {WHERE}:\n{told(2, 'Part 1')}\n"
            f"1 other email arrived meanwhile:\n{told(3, 'Other')} - subject is 'Other'"
        )

    def test_what_matched_and_went_is_told(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver(message("Part 1"))
        server.on["IDLE"] = going(server, 2)
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(
                at_least=2, after=mark, timeout=2 * SHORT, poll_frequency=0.2 * SECOND
            )
        assert text_of(WaitTimedOut, caught) == (
            f"No email received within 0.6s that arrived after UID 1, in {WHERE}.\n"
            "No other email arrived meanwhile.\n"
            f"Matched, but gone meanwhile:\n{told(2, 'Part 1')}"
        )

    def test_what_went_unread_is_told(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        uid = server.deliver(message("Part 1"))
        server.on["FETCH"] = nothing_to_read(uid)
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(at_least=1, subject="part", after=mark, timeout=SHORT)
        assert text_of(WaitTimedOut, caught) == (
            "No email received within 0.3s that matches subject 'part' and arrived after UID 1, in "
            f"{WHERE}.\n"
            "No other email arrived meanwhile.\n"
            "Gone before it could be read, so that nobody knows whether it matched: UID 2."
        )

    def test_what_has_matched_stays_though_it_is_not_new_any_more(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        # SEARCH does not find it, and many others make it too old to be looked at anyway.
        server.on["SEARCH"] = lambda session, tag, _: session.send("* SEARCH", f"{tag} OK done")
        server.deliver_later(0.2, *[message("Other")] * 15)
        server.deliver_later(0.5, message("Old, too"))
        emails = suite.waits.wait_for_emails(
            at_least=2, subject="old", timeout=LONG, poll_frequency=0.2 * SECOND
        )
        assert [email.uid for email in emails] == [1, 17]

    @pytest.mark.parametrize("numbers", [{}, {"at_least": 0}, {"at_least": 1, "count": 1}])
    def test_numbers_that_make_no_sense(self, suite: Suite, numbers: dict[str, int]) -> None:
        with pytest.raises(InvalidArgument, match="at_least or count, one of them, and 1 or more"):
            suite.waits.wait_for_emails(**numbers)


class TestExactly:
    def test_ends_when_no_further_one_comes(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver(message("A"))
        server.deliver_later(0.2, message("B"))
        begin = time.monotonic()
        emails = suite.waits.wait_for_emails(count=2, settle=0.5 * SECOND, after=mark, timeout=LONG)
        assert [email.subject for email in emails] == ["A", "B"]
        assert time.monotonic() - begin >= 0.5

    def test_one_more_is_a_failure_at_once(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver(message("A"))
        server.deliver_later(0.3, message("B"))
        with pytest.raises(SeveralEmails) as caught:
            suite.waits.wait_for_emails(count=1, settle=LONG, after=mark, timeout=2 * LONG)
        assert text_of(SeveralEmails, caught) == (
            f"2 emails in {WHERE} arrived after UID 1, and there should be 1:\n{told(3, 'B')}\n{told(2, 'A')}"
        )

    def test_the_same_one_has_to_settle_again(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.deliver(message("New"))
        flags = server.emails[-1].flags
        timers = [
            threading.Timer(0.4, lambda: flags.add("\\Seen")),
            threading.Timer(1.4, flags.clear),
        ]
        begin = time.monotonic()
        for timer in timers:
            timer.start()
        emails = suite.waits.wait_for_emails(
            count=1,
            after=mark,
            status="UNSEEN",
            settle=SECOND,
            timeout=LONG,
            poll_frequency=0.2 * SECOND,
        )
        assert [email.subject for email in emails] == ["New"]
        assert time.monotonic() - begin >= 2.4

    def test_one_in_the_place_of_another_has_to_settle_too(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        def exchange(session: Session, tag: str, arguments: str) -> None:
            del server.on["IDLE"]
            time.sleep(0.5)
            server.deliver(message("B"))
            going(server, 1)(session, tag, arguments)

        server.on["IDLE"] = exchange
        begin = time.monotonic()
        emails = suite.waits.wait_for_emails(
            count=1, settle=SECOND, timeout=LONG, poll_frequency=0.2 * SECOND
        )
        assert [email.subject for email in emails] == ["B"]
        assert time.monotonic() - begin >= 1.4

    def test_the_time_may_be_too_short_to_settle(self, suite: Suite) -> None:
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(count=1, settle=LONG, timeout=SHORT)
        assert text_of(WaitTimedOut, caught) == (
            f"1 of 1 emails received within 0.3s that are there, in {WHERE}:\n{told(1, 'Old')}\n"
            "No other email arrived meanwhile.\n"
            "So many should be there, but 20s had not passed yet in which no further one came "
            "(settle). Give a longer timeout, or a shorter settle."
        )

    def test_a_short_time_does_not_settle_fewer(self, suite: Suite) -> None:
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(count=2, settle=LONG, timeout=SHORT)
        assert "settle" not in str(caught.value)


class TestNone:
    def test_before_the_call_does_not_count(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver(message("Early"))
        suite.waits.email_should_not_arrive(within=SHORT)

    def test_before_the_call_counts_after_a_mark(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        mark = suite.mark()
        server.deliver(message("Early"))
        with pytest.raises(EmailArrived) as caught:
            suite.waits.email_should_not_arrive(within=LONG, after=mark, subject="early")
        assert text_of(EmailArrived, caught) == (
            f"An email arrived in {WHERE} that matches subject 'early' and arrived after UID 1:\n"
            f"{told(2, 'Early')}"
        )

    def test_during_the_time(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver_later(0.3, message("Late"))
        begin = time.monotonic()
        with pytest.raises(EmailArrived):
            suite.waits.email_should_not_arrive(within=LONG)
        assert time.monotonic() - begin < 15

    def test_at_the_deadline(self, server: ScriptedServer, suite: Suite) -> None:
        # It arrives while nobody is told, and is there at the last look.
        server.on["IDLE"] = lambda session, tag, _: (
            session.send("+ idling"),
            session.readline(),
            server.emails.append(type(server.emails[0])(server.uidnext, message("Last"))),
            session.send(f"{tag} OK done"),
        )[-1]
        with pytest.raises(EmailArrived):
            suite.waits.email_should_not_arrive(within=SHORT, poll_frequency=LONG)

    def test_others_may_come(self, server: ScriptedServer, suite: Suite) -> None:
        server.deliver_later(0.1, message("Other"))
        suite.waits.email_should_not_arrive(within=SHORT, subject="mine")

    def test_without_an_answer_nothing_is_known(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.on["FETCH"] = refuse("NO Not now")
        with pytest.raises(CommandRefused, match="NO Not now"):
            suite.waits.email_should_not_arrive(within=SHORT, after=mark)

    def test_what_went_unread_is_told(
        self, server: ScriptedServer, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        mark = suite.mark()
        uid = server.deliver(message("Early"))
        server.on["FETCH"] = nothing_to_read(uid)
        suite.waits.email_should_not_arrive(within=SHORT, subject="early", after=mark)
        assert (
            "Gone before it could be read, so that nobody knows whether it matched: UID 2."
        ) in caplog.messages

    def test_a_mark_of_another_folder(self, server: ScriptedServer, suite: Suite) -> None:
        mark = suite.mark()
        server.uidvalidity += 1
        suite.mailboxes.close_all()
        suite.mailboxes.open(suite.account, "INBOX")
        with pytest.raises(MarkMismatch):
            suite.waits.email_should_not_arrive(within=SHORT, after=mark)


class TestGone:
    def test_without_an_answer_nothing_is_known(self, server: ScriptedServer, suite: Suite) -> None:
        server.on["SEARCH"] = refuse("NO Not now")
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_until_email_is_gone(subject="old", timeout=SHORT)
        assert text_of(WaitTimedOut, caught) == (
            "It is not known whether emails that match subject 'old' are still there.\n"
            f"The last look got no answer: The server refused SEARCH for {WHERE}: NO Not now."
        )

    def test_waits_until_it_is_gone(self, server: ScriptedServer, suite: Suite) -> None:
        def expunged(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            server.emails.clear()
            session.send("* 1 EXPUNGE")
            session.readline()
            session.send(f"{tag} OK done")

        server.on["IDLE"] = expunged
        begin = time.monotonic()
        suite.waits.wait_until_email_is_gone(subject="old", timeout=LONG, poll_frequency=LONG)
        assert time.monotonic() - begin < 5

    def test_nothing_is_gone_already(self, suite: Suite) -> None:
        suite.waits.wait_until_email_is_gone(subject="new", timeout=0 * SECOND)

    def test_flags_can_make_it_go(self, server: ScriptedServer, suite: Suite) -> None:
        def read(session: Session, tag: str, arguments: str) -> None:
            server.emails[0].flags.add("\\Seen")
            session.default("IDLE", tag, arguments)

        server.on["IDLE"] = read
        suite.waits.wait_until_email_is_gone(
            status="UNSEEN", timeout=LONG, poll_frequency=0.2 * SECOND
        )

    def test_time_out_lists_what_is_there(self, suite: Suite) -> None:
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_until_email_is_gone(subject="old", timeout=SHORT)
        assert text_of(WaitTimedOut, caught) == (
            f"An email that matches subject 'old' is still in {WHERE} after 0.3s:\n{told(1, 'Old')}"
        )

    def test_an_email_of_another_folder(self, server: ScriptedServer, suite: Suite) -> None:
        email = suite.wait(subject="old")
        server.has_archive = True
        suite.mailboxes.get().select("Archive")
        with pytest.raises(MarkMismatch) as caught:
            suite.waits.wait_until_email_is_gone(uid=email, timeout=0 * SECOND)
        assert text_of(MarkMismatch, caught) == (
            f"A mark or an email of {WHERE} can't be used in folder 'Archive' of qa on 127.0.0.1. "
            "Select that folder, or name its mailbox with mailbox=."
        )

    def test_needs_a_criterion(self, suite: Suite) -> None:
        with pytest.raises(InvalidArgument, match="`Wait Until Email Is Gone` needs a criterion"):
            suite.waits.wait_until_email_is_gone()


class TestEach:
    """What holds for all of them."""

    @pytest.mark.parametrize("name", ["wait_for_emails", "email_should_not_arrive", "gone"])
    def test_uidvalidity_changes_meanwhile(
        self, server: ScriptedServer, suite: Suite, name: str
    ) -> None:
        def anew() -> None:
            server.uidvalidity = 99
            for session in server.sessions:
                session.close()

        waits = suite.waits
        timer = threading.Timer(0.3, anew)
        timer.start()
        with pytest.raises(MarkMismatch, match="UIDVALIDITY was 7 and is now 99"):
            if name == "gone":
                waits.wait_until_email_is_gone(subject="old", timeout=LONG)
            elif name == "wait_for_emails":
                waits.wait_for_emails(at_least=5, timeout=LONG)
            else:
                waits.email_should_not_arrive(within=LONG)

    @pytest.mark.parametrize("wanted", [{"search": "X"}, {"gmail": "x"}, {"status": "RECENT"}])
    def test_what_only_the_server_can_tell_is_asked(
        self, server: ScriptedServer, suite: Suite, wanted: dict[str, str]
    ) -> None:
        server.deliver(message("New"))
        server.on["SEARCH"] = lambda session, tag, _: session.send("* SEARCH 2", f"{tag} OK done")
        emails = suite.waits.wait_for_emails(at_least=1, timeout=LONG, **wanted)
        assert [email.subject for email in emails] == ["New"]

    def test_the_server_is_asked_for_news_before_a_look(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        server.on["IDLE"] = silent_idle
        mark = suite.mark()
        before = len(server.lines)
        suite.waits.email_should_not_arrive(within=SECOND, after=mark, poll_frequency=0.2 * SECOND)
        sent = suite.sent(before)
        looks = [number for number, line in enumerate(sent) if line.startswith("UID FETCH")]
        assert len(looks) > 2
        assert {sent[number - 1] for number in looks} == {"NOOP"}

    def test_what_was_looked_at_is_not_news_any_more(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        mark = suite.mark()
        server.deliver_later(0.2, message("Other"))
        suite.waits.email_should_not_arrive(
            subject="mine", within=2 * SECOND, after=mark, poll_frequency=LONG
        )
        # At the beginning, at the push, and at the end.
        assert server.count("UID FETCH 2:* (UID FLAGS)") <= 4

    def test_what_was_there_before_did_not_arrive(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        server.deliver_later(0.2, message("Other"))
        with pytest.raises(WaitTimedOut) as caught:
            suite.waits.wait_for_emails(at_least=1, subject="mine", timeout=2 * SHORT)
        assert text_of(WaitTimedOut, caught).endswith(
            f"\n1 other email arrived meanwhile:\n{told(2, 'Other')} - subject is 'Other'"
        )

    def test_what_can_never_match_is_tested_once(
        self, server: ScriptedServer, suite: Suite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tested = []

        def counted(connection: Connection, wanted: Criteria, email: Email) -> Verdict:
            tested.append(email.uid)
            return judge(connection, wanted, email)

        monkeypatch.setattr("ImapLibrary.waiting.gathering.judge", counted)
        server.deliver(message("Mine"), "\\Seen")
        with pytest.raises(WaitTimedOut):
            suite.waits.wait_for_emails(
                at_least=1,
                subject="mine",
                status="UNSEEN",
                timeout=2 * SHORT,
                poll_frequency=0.2 * SECOND,
            )
        assert set(tested) == {2}


def test_a_failure_shows_in_the_log_what_was_there_instead(
    server: ScriptedServer, suite: Suite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    mark = suite.mark()
    server.deliver(message("<b>Part</b>"))
    with pytest.raises(WaitTimedOut):
        suite.waits.wait_for_email(subject="code", status="SEEN", after=mark, timeout=SHORT)
    assert (
        "<tr><td>2</td><td>2026-11-24 12:00:00 +0000</td>"
        "<td>Shop &lt;noreply@shop.example&gt;</td><td>&lt;b&gt;Part&lt;/b&gt;</td>"
        "<td>status &#x27;SEEN&#x27;<br>subject &#x27;code&#x27;</td>"
        "<td>it has no flags (it is UNSEEN)<br>subject is &#x27;&lt;b&gt;Part&lt;/b&gt;&#x27;</td></tr>"
    ) in caplog.text
