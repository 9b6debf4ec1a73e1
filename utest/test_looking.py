"""What a look finds: arrivals, what SEARCH overlooks, flags that change, and which email counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from scripted import Handler, ScriptedServer, Session, message
from waits import WHERE, far, first, opened, refuse, silent_idle

from ImapLibrary.arguments import OnMultiple
from ImapLibrary.errors import InvalidArgument, MarkMismatch, SeveralEmails, WaitTimedOut
from ImapLibrary.location import Mark
from ImapLibrary.waiting import looking

WANTED = message("Wanted")
OTHER = message("Other")
OLDEST, NEWEST, FAIL = OnMultiple.OLDEST, OnMultiple.NEWEST, OnMultiple.FAIL


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("Old")) as server:
        yield server


def found(*uids: int) -> Handler:
    """Return a handler for SEARCH that finds these, whatever is asked."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send(f"* SEARCH {' '.join(map(str, uids))}".rstrip(), f"{tag} OK done")

    return handle


def expunge(session: Session, uid: int) -> None:
    """Remove an email, and tell the client."""
    server = session.server
    number = [stored.uid for stored in server.emails].index(uid) + 1
    del server.emails[number - 1]
    session.told -= 1
    session.send(f"* {number} EXPUNGE")


class TestBaseline:
    def test_mark_of_an_empty_folder_is_1(self) -> None:
        with ScriptedServer() as server, opened(server) as suite:
            mark = suite.mark()
            assert mark.uid == 1
            server.deliver(WANTED)
            assert suite.wait(after=mark).subject == "Wanted"

    def test_uidnext_counts_when_it_is_above_the_highest_uid(self) -> None:
        with ScriptedServer(OTHER) as server:
            server.uidnext = 9  # emails 2 to 8 were there and have gone
            with opened(server) as suite:
                assert suite.mark().uid == 9

    @pytest.mark.parametrize("uidnext", ["", "* OK [UIDNEXT 1] stale"])
    def test_uidnext_missing_or_stale(self, uidnext: str) -> None:
        def select(session: Session, tag: str, arguments: str) -> None:
            session.told = len(session.server.emails)
            lines = [f"* {session.told} EXISTS", "* OK [UIDVALIDITY 7] valid", uidnext]
            session.send(*filter(None, lines), f"{tag} OK done")

        with ScriptedServer(OTHER, OTHER, first_uid=5) as server:
            server.on["SELECT"] = select
            with opened(server) as suite:
                assert suite.mark().uid == 7
                server.deliver(WANTED)
                assert suite.wait(after=Mark(suite.mark().location, 7)).subject == "Wanted"

    def test_a_mark_knows_what_noop_tells(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            server.deliver(OTHER)
            assert suite.mark().uid == 3

    def test_status_is_not_asked(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            suite.mark()
        assert server.count("STATUS") == 0

    def test_baseline_before_search_so_that_nothing_falls_between(
        self, server: ScriptedServer
    ) -> None:
        def arrival_then_search(session: Session, tag: str, arguments: str) -> None:
            session.server.deliver(WANTED)
            found(1)(session, tag, arguments)

        far(server)
        first(server, "SEARCH", arrival_then_search)
        with opened(server) as suite:
            assert suite.wait(subject="Wanted").subject == "Wanted"
        lines = server.lines
        assert lines.index("NOOP") < next(n for n, x in enumerate(lines) if "SEARCH" in x)

    def test_n_star_answers_with_the_last_message_when_none_is_newer(
        self, server: ScriptedServer
    ) -> None:
        with opened(server) as suite:
            text = suite.failure(WaitTimedOut, after=suite.mark(), timeout=0.0)
        assert "UID FETCH 2:* (UID FLAGS)" in server.lines
        assert "No other email arrived meanwhile." in text

    def test_n_star_after_a_push_of_nothing(self, server: ScriptedServer) -> None:
        # The server announces an arrival that has gone when it is asked for.
        def announce(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling", "* 2 EXISTS")
            session.readline()
            session.send("* 2 EXPUNGE", f"{tag} OK done")

        first(server, "IDLE", announce)
        with opened(server) as suite:
            text = suite.failure(WaitTimedOut, after=suite.mark(), timeout=0.6)
        assert "No other email arrived meanwhile." in text


class TestMarks:
    def test_several_after_a_mark_each_once_in_order(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.2, *(message(f"New {n}") for n in (1, 2, 3)))
            one = suite.wait(after=mark)
            two = suite.wait(after=one)
            three = suite.wait(after=two.uid)
            assert [one.subject, two.subject, three.subject] == ["New 1", "New 2", "New 3"]
            suite.failure(WaitTimedOut, after=three, timeout=0.2)

    def test_more_after_a_mark_than_one_look_goes_through(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(looking, "MOST", 20)
        with opened(server) as suite:
            mark = suite.mark()
            for n in range(50):
                server.deliver(message(f"New {n}"))
            assert suite.wait(after=mark).subject == "New 0"
            assert suite.wait(after=mark, subject="New 49").subject == "New 49"

    def test_what_was_there_before_does_not_count(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            suite.failure(WaitTimedOut, after=mark, subject="Old", timeout=0.2)
            assert server.count("UID SEARCH") == 0

    @pytest.mark.parametrize(
        "elsewhere",
        [{"user": "somebody"}, {"folder": "Archive"}, {"host": "mail.example.com"}],
    )
    def test_mark_of_another_mailbox(
        self, server: ScriptedServer, elsewhere: dict[str, Any]
    ) -> None:
        with opened(server) as suite:
            other = replace(suite.mark().location, **elsewhere)
            assert suite.failure(MarkMismatch, after=Mark(other, 1)) == (
                f"A mark or an email of {other} can't be used in {WHERE}. Select that folder, or "
                "name its mailbox with mailbox=."
            )

    def test_mark_of_another_uidvalidity(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            before = Mark(replace(suite.mark().location, uidvalidity=6), 1)
            assert "its UIDVALIDITY was 6 and is now 7" in suite.failure(MarkMismatch, after=before)

    @pytest.mark.parametrize("uidvalidity", [7, 8])
    def test_email_of_another_server(self, server: ScriptedServer, uidvalidity: int) -> None:
        with ScriptedServer(OTHER) as elsewhere:
            elsewhere.uidvalidity = uidvalidity
            with opened(elsewhere) as there:
                email = there.wait()
        with opened(server) as suite:
            suite.failure(MarkMismatch, after=email)

    def test_after_what_is_no_email(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            assert "'last' is no email" in suite.failure(InvalidArgument, after="last")

    def test_moved_in_with_an_old_date(self, server: ScriptedServer) -> None:
        # The INTERNALDATE is the same for all, too.
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(message("New", date="Tue, 24 Nov 2026 10:00:00 +0000"))
            server.deliver(message("Moved in", date="Thu, 1 Jan 1970 00:00:00 +0000"))
            assert suite.wait(after=mark, on_multiple=NEWEST).subject == "Moved in"
            assert suite.wait(after=mark).subject == "New"


class TestSeveral:
    @pytest.fixture
    def codes(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(*(message("Code", f"Code {n}") for n in (1, 2, 3))) as server:
            yield server

    def test_with_criteria_the_newest(self, codes: ScriptedServer) -> None:
        with opened(codes) as suite:
            assert suite.wait(subject="code").uid == 3

    def test_with_after_the_oldest(self, codes: ScriptedServer) -> None:
        with opened(codes) as suite:
            assert suite.wait(subject="code", after=1).uid == 2
            assert suite.wait(after=1).uid == 2

    def test_without_criteria_several_are_a_failure(self, codes: ScriptedServer) -> None:
        codes.emails[0].flags.add("\\Seen")
        with opened(codes) as suite:
            assert suite.failure(SeveralEmails) == (
                f"2 emails in {WHERE} are unread, and it can't be known which one is meant:\n"
                "  UID 3: 'Code' from noreply@shop.example, received 2026-11-24 12:00:00 +0000\n"
                "  UID 2: 'Code' from noreply@shop.example, received 2026-11-24 12:00:00 +0000\n"
                "Give criteria that only one of them meets, or say on_multiple=NEWEST or OLDEST."
            )

    def test_without_criteria_the_one_unread_email(self, codes: ScriptedServer) -> None:
        codes.emails[0].flags.add("\\Seen")
        codes.emails[2].flags.add("\\Seen")
        with opened(codes) as suite:
            assert suite.wait().uid == 2

    @pytest.mark.parametrize(("choice", "uid"), [(OLDEST, 1), (NEWEST, 3)])
    @pytest.mark.parametrize("criteria", [{}, {"subject": "code"}, {"text": "code"}])
    def test_on_multiple_overrides(
        self, codes: ScriptedServer, choice: OnMultiple, uid: int, criteria: dict[str, str]
    ) -> None:
        with opened(codes) as suite:
            assert suite.wait(on_multiple=choice, **criteria).uid == uid

    @pytest.mark.parametrize(("choice", "uid"), [(OLDEST, 2), (NEWEST, 3)])
    def test_on_multiple_overrides_after_too(
        self, codes: ScriptedServer, choice: OnMultiple, uid: int
    ) -> None:
        with opened(codes) as suite:
            assert suite.wait(on_multiple=choice, after=1).uid == uid

    def test_fail_with_criteria(self, codes: ScriptedServer) -> None:
        with opened(codes) as suite:
            text = suite.failure(SeveralEmails, subject="code", text="code", on_multiple=FAIL)
        assert text.startswith(f"3 emails in {WHERE} match subject 'code' and text 'code', and ")

    def test_fail_with_after(self, codes: ScriptedServer) -> None:
        with opened(codes) as suite:
            text = suite.failure(SeveralEmails, after=1, on_multiple=FAIL)
        assert text.startswith(f"2 emails in {WHERE} are unread and arrived after UID 1, and ")

    def test_one_message_id_is_two_emails(self) -> None:
        twice = message("Twice", message_id="<1@shop.example>")
        with ScriptedServer(twice, twice) as server, opened(server) as suite:
            text = suite.failure(SeveralEmails, subject="twice", on_multiple=FAIL)
        assert text.startswith(f"2 emails in {WHERE} ")
        assert (
            "\n2 of them have the same Message-ID <1@shop.example>: one email, delivered more than "
            "once?\n"
        ) in text

    def test_the_newest_of_those_that_land_together(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            server.deliver_later(0.3, *(message("Code", str(n)) for n in (1, 2, 3)))
            assert suite.wait(subject="code").text == "3"

    def test_several_means_at_the_look_that_found_one(self, server: ScriptedServer) -> None:
        # Best effort: what comes after the answer to that look is not waited for.
        far(server)

        def another(session: Session, tag: str, arguments: str) -> None:
            session.default("FETCH", tag, arguments)
            session.server.deliver(WANTED)

        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(WANTED)
            first(server, "FETCH", another)
            assert suite.wait(after=mark, on_multiple=FAIL).uid == 2
            text = suite.failure(SeveralEmails, after=mark, on_multiple=FAIL)
        assert text.startswith("2 emails in ")

    def test_a_late_email_of_an_earlier_test_is_told_apart_by_its_recipient(
        self, server: ScriptedServer
    ) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(message("Code", "late", to="qa+1@example.com"))
            server.deliver(message("Code", "right", to="qa+11@example.com"))
            email = suite.wait(after=mark, recipient="qa+11@example.com")
            assert (email.uid, email.text) == (3, "right")


class TestSearch:
    def test_what_is_there_is_returned_at_once(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            assert suite.wait(subject="old").subject == "Old"
        assert server.count("IDLE") == 0

    def test_an_index_that_lags_behind(self) -> None:
        with ScriptedServer(*[OTHER] * 20, WANTED, *[OTHER] * 9) as server:
            server.on["SEARCH"] = found()
            with opened(server) as suite:
                assert suite.wait(subject="Wanted", timeout=0.0).uid == 21

    def test_the_last_look_does_not_rely_on_the_index_either(self, server: ScriptedServer) -> None:
        # An old email changes so that it matches, and SEARCH never gets to know.
        far(server)

        def unread(session: Session, tag: str, arguments: str) -> None:
            session.server.emails[0].flags.clear()
            silent_idle(session, tag, arguments)

        server.on["SEARCH"] = found()
        server.emails[0].flags.add("\\Seen")
        first(server, "IDLE", unread)
        with opened(server) as suite:
            assert suite.wait(subject="Old", status="UNSEEN", timeout=0.5, poll=30.0).uid == 1

    @pytest.mark.parametrize("answer", ["NO Can't search", "BAD Too complex"])
    def test_search_refused_is_made_up_for(self, answer: str) -> None:
        with ScriptedServer(WANTED, *[OTHER] * 30) as server:

            def search(session: Session, tag: str, arguments: str) -> None:
                if arguments == "ALL":
                    session.default("SEARCH", tag, arguments)
                else:
                    session.send(f"{tag} {answer}")

            server.on["SEARCH"] = search
            with opened(server) as suite:
                assert suite.wait(subject="wanted", timeout=0.0).uid == 1

    def test_badcharset_is_made_up_for_and_not_tried_again(self) -> None:
        with ScriptedServer(message("=?utf-8?b?0JLQsNGIINC60L7QtA==?="), *[OTHER] * 30) as server:

            def search(session: Session, tag: str, arguments: str) -> None:
                if "CHARSET" in arguments:
                    session.send(f"{tag} NO [BADCHARSET (US-ASCII)] Not that")
                else:
                    session.default("SEARCH", tag, arguments)

            server.on["SEARCH"] = search
            with opened(server) as suite:
                assert suite.wait(subject="ваш код", timeout=0.0).uid == 1
                server.lines.clear()
                text = suite.failure(
                    WaitTimedOut, subject="счёт", status="UNSEEN", timeout=0.7, poll=0.2
                )
        assert server.lines.count("UID SEARCH UNSEEN") > 2
        assert server.count("UID SEARCH CHARSET UTF-8") == 1
        assert "match" in text

    def test_charset_only_when_needed(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            suite.wait(subject="Old")
        assert 'UID SEARCH SUBJECT "Old"' in server.lines

    def test_search_refused_for_good_still_finds_the_newest(self, server: ScriptedServer) -> None:
        far(server)
        server.on["SEARCH"] = refuse("NO Never")
        with opened(server) as suite:
            server.deliver_later(0.4, WANTED)
            assert suite.wait(subject="wanted").subject == "Wanted"

    def test_search_returns_too_much(self) -> None:
        emails = [*[OTHER] * 40, WANTED, *[OTHER] * 40]
        with ScriptedServer(*emails) as server, opened(server) as suite:
            assert suite.wait(subject="wanted", timeout=0.0).uid == 41

    def test_search_returns_what_is_gone(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = found(1, 5, 77)
        with opened(server) as suite:
            assert suite.wait(subject="old", timeout=0.0).uid == 1

    def test_of_very_many_the_newest_are_looked_at_and_it_is_said(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(looking, "MOST", 20)
        with ScriptedServer(WANTED, *[OTHER] * 30) as server, opened(server) as suite:
            text = suite.failure(WaitTimedOut, subject="wanted", timeout=0.0)
            assert text.endswith("\nNot looked at, because there were too many: 11.")
            assert suite.wait(subject="wanted", on_multiple=OLDEST, timeout=0.0).uid == 1


class TestArrivals:
    def test_many_arrivals_headers_first_and_bodies_only_of_matches(
        self, server: ScriptedServer
    ) -> None:
        far(server)

        def many(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            for n in range(30):
                session.server.deliver(message("Wanted" if n == 7 else "Other"))
            session.tell()
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", many)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, subject="Wanted", text="some", poll=30.0).uid == 9
        fetched = [line for line in server.lines if "BODY" in line]
        assert [line.split()[2] for line in fetched if "[HEADER]" in line] == ["2:11"]
        assert [line.split()[2] for line in fetched if "<0.65536>" in line] == ["9"]

    def test_many_arrivals_capped_and_said(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(looking, "MOST", 20)
        with opened(server) as suite:
            mark = suite.mark()
            for _ in range(30):
                server.deliver(OTHER)
            text = suite.failure(
                WaitTimedOut, after=mark, subject="wanted", on_multiple=NEWEST, timeout=0.3
            )
        assert "\n20 other emails arrived meanwhile:\n" in text
        assert text.endswith("\n  and 15 more\nNot looked at, because there were too many: 10.")

    def test_expunged_while_waiting(self, server: ScriptedServer) -> None:
        # The wanted email is announced, goes away before it is fetched, and comes again.
        far(server)

        def come_and_go(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            uid = session.server.deliver(WANTED)
            session.tell()
            session.readline()
            expunge(session, uid)
            session.send(f"{tag} OK done")
            session.server.deliver_later(0.2, WANTED)

        first(server, "IDLE", come_and_go)
        with opened(server) as suite:
            assert suite.wait(subject="wanted", poll=30.0).uid == 3

    def test_an_old_email_goes_and_a_new_one_comes(self, server: ScriptedServer) -> None:
        # The number of emails stays the same.
        far(server)

        def exchange(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            expunge(session, 1)
            session.server.deliver(WANTED)
            session.tell()
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", exchange)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=30.0).uid == 2

    def test_matched_and_vanished_is_told(self, server: ScriptedServer) -> None:
        def gone_when_read(session: Session, tag: str, arguments: str) -> None:
            if "<0.65536>" in arguments:
                session.send(f"{tag} OK done")
            else:
                session.default("FETCH", tag, arguments)

        server.on["FETCH"] = gone_when_read
        with opened(server) as suite:
            text = suite.failure(WaitTimedOut, subject="old", timeout=0.0)
        assert text == (
            f"No email received within 0s that matches subject 'old', in {WHERE}.\n"
            "No other email arrived meanwhile.\n"
            "Matched, but gone meanwhile:\n"
            "  UID 1: 'Old' from noreply@shop.example, received 2026-11-24 12:00:00 +0000"
        )

    def test_the_next_best_is_returned_when_the_best_has_vanished(self) -> None:
        with ScriptedServer(WANTED, WANTED) as server:

            def gone_when_read(session: Session, tag: str, arguments: str) -> None:
                if arguments.startswith("2 ") and "<0.65536>" in arguments:
                    session.send(f"{tag} OK done")
                else:
                    session.default("FETCH", tag, arguments)

            server.on["FETCH"] = gone_when_read
            with opened(server) as suite:
                assert suite.wait(subject="wanted", timeout=0.0).uid == 1

    def test_a_match_beyond_the_first_64_kib(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            long = "x" * 70 + "\r\n"
            server.deliver(message("Long", long * 1000 + "The end"))
            assert suite.wait(after=mark, text="the end").subject == "Long"
            assert suite.wait(text="the end", timeout=0.0).subject == "Long"

    def test_a_match_in_the_name_of_an_attachment(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(with_attachment("Terms-2026.pdf"))
            assert suite.wait(after=mark, text="terms-2026.pdf").subject == "Attached"


def with_attachment(filename: str) -> bytes:
    """Return an email with a large first attachment and a second of that name."""
    part = (
        "--b\r\nContent-Type: {}\r\nContent-Disposition: {}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n{}\r\n"
    )
    large = "QUJD" * 18 + "\r\n"
    return message(
        "Attached",
        part.format("text/plain", "inline", "SGVsbG8=")
        + part.format("application/pdf", "attachment; filename=first.pdf", large * 1000)
        + part.format("application/pdf", f'attachment; filename="{filename}"', "QUJD")
        + "--b--",
        content_type='multipart/mixed; boundary="b"',
    )


class TestFlags:
    def test_status_and_after_must_both_hold(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(OTHER, "\\Seen")
            server.deliver(WANTED)
            assert suite.wait(after=mark, status="UNSEEN").subject == "Wanted"

    def test_flags_of_an_arrival_change_while_waiting(self, server: ScriptedServer) -> None:
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(WANTED, "\\Seen")

            def unread(session: Session, tag: str, arguments: str) -> None:
                session.server.emails[1].flags.clear()
                session.send("+ idling", "* 2 FETCH (UID 2 FLAGS ())")
                session.readline()
                session.send(f"{tag} OK done")

            first(server, "IDLE", unread)
            email = suite.wait(after=mark, status="UNSEEN", text="some", poll=30.0)
            assert (email.uid, email.seen) == (2, False)

    def test_what_cannot_change_is_not_fetched_again(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(WANTED, "\\Seen")
            server.deliver(OTHER)
            suite.failure(
                WaitTimedOut, after=mark, status="UNSEEN", subject="wanted", timeout=1.0, poll=0.2
            )
        assert sum("BODY" in line for line in server.lines) == 1

    def test_an_arrival_pending_for_its_flags_may_need_more_to_be_judged(
        self, server: ScriptedServer
    ) -> None:
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(message("Long", "x" * 70_000 + " The end"), "\\Seen")

            def unread(session: Session, tag: str, arguments: str) -> None:
                session.server.emails[1].flags.clear()
                silent_idle(session, tag, arguments)

            first(server, "IDLE", unread)
            assert suite.wait(after=mark, status="UNSEEN", text="the end", poll=0.3).uid == 2

    def test_an_old_email_is_flagged_unread_while_waiting(self, server: ScriptedServer) -> None:
        far(server)
        server.emails[0].flags.add("\\Seen")

        def unread(session: Session, tag: str, arguments: str) -> None:
            session.server.emails[0].flags.clear()
            session.send("+ idling", "* 1 FETCH (UID 1 FLAGS ())")
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", unread)
        with opened(server) as suite:
            assert suite.wait(poll=30.0).uid == 1

    def test_an_old_email_flagged_unread_unnoticed(self, server: ScriptedServer) -> None:
        far(server)
        server.emails[0].flags.add("\\Seen")

        def unread(session: Session, tag: str, arguments: str) -> None:
            session.server.emails[0].flags.clear()
            silent_idle(session, tag, arguments)

        first(server, "IDLE", unread)
        with opened(server) as suite:
            assert suite.wait(subject="old", status="UNSEEN", poll=0.3).uid == 1

    def test_flags_that_change_between_finding_and_reading(self, server: ScriptedServer) -> None:
        def read_meanwhile(session: Session, tag: str, arguments: str) -> None:
            if "<0.65536>" in arguments:
                session.server.emails[0].flags.add("\\Seen")
            session.default("FETCH", tag, arguments)

        server.on["FETCH"] = read_meanwhile
        with opened(server) as suite:
            text = suite.failure(WaitTimedOut, subject="old", status="UNSEEN", timeout=0.0)
        assert text.endswith(" - flags are \\Seen (it is SEEN)")

    @pytest.mark.parametrize("status", ["RECENT", "NEW", "OLD"])
    def test_what_belongs_to_a_session_is_left_to_the_server(
        self, server: ScriptedServer, status: str
    ) -> None:
        server.deliver(message("Second"))
        server.on["SEARCH"] = found(1)
        with opened(server) as suite:
            assert suite.wait(status=status, timeout=0.0).subject == "Old"
            assert f"UID SEARCH {status}" in server.lines
            text = suite.failure(WaitTimedOut, status=status, subject="Second", timeout=0.0)
        assert "  UID 2: 'Second' from noreply@shop.example, received " in text
        assert f" - the server does not count it as {status}\n" in text

    def test_looking_does_not_mark_as_read(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            assert not suite.wait().seen
            assert not suite.wait(text="some text").seen
        assert server.emails[0].flags == set()
