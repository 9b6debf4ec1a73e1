"""When a wait looks: pushes that lie, connections that break, and never too many commands."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from interrupts import interrupted
from scripted import Handler, ScriptedServer, Session, message
from waits import WHERE, Suite, far, first, hang, opened, refuse, silent_idle

from ImapLibrary.errors import FolderNotFound, LoginFailed, MarkMismatch, WaitTimedOut
from ImapLibrary.imap import connection as connection_module
from ImapLibrary.imap import patience
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.previews import More, Previews
from ImapLibrary.keywords.waiting import WaitingKeywords
from ImapLibrary.waiting import wait as waiting
from ImapLibrary.waiting.story import Story

WANTED = message("Wanted")
OTHER = message("Other")
NO_ONE_ASKED = 30.0
"""Seconds to the next look that are longer than any wait here: only a push can end it in time."""

SECOND = timedelta(seconds=1)

A_DAY: dict[str, Any] = {"timeout": timedelta(days=1), "poll_frequency": timedelta(days=1)}

FETCH_FEW = "UID FETCH {}:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("Old")) as server:
        yield server


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server count as near although this machine may be too busy to answer itself soon."""
    monkeypatch.setattr(waiting, "NEAR", 5.0)


def pushing(*raw: bytes) -> Handler:
    """Agree to push, then let emails arrive, and push that."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send("+ idling")
        for each in raw:
            session.server.deliver(each)
        session.tell()
        session.readline()
        session.send(f"{tag} OK done")

    return handle


class Log(Previews):
    """Keeps what it would show of a failed wait, with more of it."""

    def show_failure(self, story: Story, more: More = list) -> None:
        self.shown = more([miss.email for miss in story.misses if miss.email])


class TestMoreForTheLog:
    """What a failed wait fetches of emails of which it has just the headers."""

    @pytest.fixture
    def log(self) -> Log:
        return Log()

    def wait(self, suite: Suite, log: Log, timeout: float = 0.5) -> float:
        """Let a wait fail, and return by how many seconds it overran."""
        keywords = WaitingKeywords(suite.mailboxes, timedelta(seconds=timeout), NEWEST, log)
        begin = time.monotonic()
        with pytest.raises(WaitTimedOut):
            keywords.wait_for_email(subject="Wanted")
        return time.monotonic() - begin - timeout

    def bodies(self, handler: Handler) -> Handler:
        """Return a handler of FETCH that leaves to another what asks for bodies."""

        def handle(session: Session, tag: str, arguments: str) -> None:
            if "BODY.PEEK[]" in arguments:
                handler(session, tag, arguments)
            else:
                session.default("FETCH", tag, arguments)

        return handle

    def test_their_first_bytes_in_one_command(self, server: ScriptedServer, log: Log) -> None:
        server.deliver(OTHER)
        with opened(server) as suite:
            self.wait(suite, log)
            assert [email.text for email in log.shown] == ["Some text."] * 2
            assert sum("BODY.PEEK[]" in line for line in server.lines) == 1
            assert server.emails[0].flags == set()
            assert len(server.sessions) == 1

    @pytest.mark.parametrize("answer", [hang, lambda session, tag, arguments: session.close()])
    def test_no_answer(self, server: ScriptedServer, log: Log, answer: Handler) -> None:
        server.on["FETCH"] = self.bodies(answer)
        with opened(server) as suite:
            assert self.wait(suite, log) < 1.5
            assert [email.text_complete for email in log.shown] == [False]
            assert suite.mark().uid == 2

    def test_bytes_that_dribble(self, server: ScriptedServer, log: Log) -> None:
        server.on["FETCH"] = self.bodies(
            lambda session, *_: session.dribble(b"* 1 FETCH " * 9, 0.2)
        )
        with opened(server) as suite:
            assert self.wait(suite, log) < 1.5
            assert [email.text_complete for email in log.shown] == [False]

    def test_after_a_last_look_that_took_long(self, server: ScriptedServer, log: Log) -> None:
        def late(session: Session, tag: str, arguments: str) -> None:
            time.sleep(0.6)
            session.default("SEARCH", tag, arguments)

        server.on["SEARCH"] = late
        server.on["FETCH"] = self.bodies(hang)
        with opened(server) as suite:
            assert self.wait(suite, log, timeout=0.0) < 2

    def test_not_after_a_last_look_without_an_answer(
        self, server: ScriptedServer, log: Log
    ) -> None:
        server.on["SEARCH"] = refuse("NO Not now")
        with opened(server) as suite:
            self.wait(suite, log)
            assert not any("BODY.PEEK[]" in line for line in server.lines)

    def test_not_of_a_folder_that_was_made_anew(self, server: ScriptedServer, log: Log) -> None:
        with opened(server) as suite:
            show = log.show_failure

            def anew(story: Story, more: More = list) -> None:
                server.uidvalidity += 1
                server.sessions[0].close()
                suite.mailboxes.get().line.connection.close()  # type: ignore[union-attr]
                show(story, more)

            log.show_failure = anew  # type: ignore[method-assign]
            self.wait(suite, log)
            assert [email.text_complete for email in log.shown] == [False]
            assert not any("BODY.PEEK[]" in line for line in server.lines)

    def test_not_of_one_that_vanished(self, server: ScriptedServer, log: Log) -> None:
        def gone(session: Session, tag: str, arguments: str) -> None:
            server.emails.clear()
            session.send(f"{tag} OK done")

        server.on["FETCH"] = self.bodies(gone)
        with opened(server) as suite:
            self.wait(suite, log)
            assert [email.text_complete for email in log.shown] == [False]


class TestPush:
    def test_after_a_push_exactly_one_fetch(self, server: ScriptedServer) -> None:
        far(server)
        first(server, "IDLE", pushing(WANTED))
        with opened(server) as suite:
            mark = suite.mark()
            sent = len(server.lines)
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
            assert suite.sent(sent) == [
                "NOOP",
                "UID FETCH 2:* (UID FLAGS)",
                "IDLE",
                FETCH_FEW.format(2),
            ]

    def test_without_criteria_one_fetch_too(self, server: ScriptedServer) -> None:
        server.emails[0].flags.add("\\Seen")
        far(server)
        first(server, "IDLE", pushing(WANTED))
        with opened(server) as suite:
            assert suite.wait(poll=NO_ONE_ASKED).subject == "Wanted"
        assert server.lines[server.lines.index("IDLE") + 1 : -1] == [FETCH_FEW.format(2)]

    def test_idle_that_pushes_while_it_runs(self, server: ScriptedServer) -> None:
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.5, OTHER)
            server.deliver_later(1.0, WANTED)
            assert suite.wait(after=mark, subject="Wanted", poll=NO_ONE_ASKED).subject == "Wanted"

    def test_idle_that_never_pushes(self, server: ScriptedServer) -> None:
        far(server)
        server.on["IDLE"] = silent_idle
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.2, WANTED)
            assert suite.wait(after=mark, poll=0.5).subject == "Wanted"
            assert server.count("IDLE") >= 1

    def test_idle_that_pushes_late(self, server: ScriptedServer) -> None:
        far(server)

        def late(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            session.server.deliver(WANTED)
            time.sleep(0.6)
            session.tell()
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", late)
        with opened(server) as suite:
            assert suite.wait(after=suite.mark(), poll=NO_ONE_ASKED).subject == "Wanted"

    @pytest.mark.usefixtures("near")
    def test_a_near_server_that_pushes_late_is_asked(self, server: ScriptedServer) -> None:
        # As Dovecot: it would push after half a second, and tells at once when IDLE ends.
        def late(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            session.readline()
            session.tell()
            session.send(f"{tag} OK done")

        server.on["IDLE"] = late
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.3, WANTED)
            sent = len(server.lines)
            assert suite.wait(after=mark, poll=2.0).subject == "Wanted"
            assert suite.sent(sent).count("IDLE") > 1
            assert suite.sent(sent).count("NOOP") == 1

    def test_exists_glued_to_the_consent(self, server: ScriptedServer) -> None:
        far(server)

        def glued(session: Session, tag: str, arguments: str) -> None:
            session.server.deliver(WANTED)
            session.told = 2
            session.send("+ idling", "* 2 EXISTS")
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", glued)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
        assert server.lines.count("IDLE") == 1

    def test_exists_before_the_consent(self, server: ScriptedServer) -> None:
        far(server)

        def early(session: Session, tag: str, arguments: str) -> None:
            session.server.deliver(WANTED)
            session.tell()
            session.send("+ idling")
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", early)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
        assert server.lines.count("IDLE") == 1

    def test_greenmails_gap_after_the_consent(self, server: ScriptedServer) -> None:
        far(server)

        def gap(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            session.server.deliver(WANTED)  # never pushed, but NOOP tells
            session.readline()
            session.send(f"{tag} OK done")

        first(server, "IDLE", gap)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=0.5).subject == "Wanted"

    def test_announced_during_the_look_and_never_again(self, server: ScriptedServer) -> None:
        # The email comes between SEARCH and IDLE: IDLE would not tell of it any more.
        far(server)
        server.on["IDLE"] = silent_idle

        def search_then_arrival(session: Session, tag: str, arguments: str) -> None:
            session.send("* SEARCH")
            session.server.deliver(WANTED)
            session.tell()
            session.send(f"{tag} OK done")

        first(server, "SEARCH", search_then_arrival)
        with opened(server) as suite:
            assert suite.wait(subject="Wanted", poll=NO_ONE_ASKED).subject == "Wanted"
        assert server.count("IDLE") == 0
        assert server.count("NOOP") == 1

    def test_announced_with_the_capabilities(self, server: ScriptedServer) -> None:
        far(server)
        server.on["LOGIN"] = refuse("OK welcome")  # without capabilities, so they are asked for
        server.on["IDLE"] = silent_idle
        asked: list[str] = []

        def capability_and_arrival(session: Session, tag: str, arguments: str) -> None:
            if "UID FETCH 2:* (UID FLAGS)" in server.lines and not asked:
                asked.append(tag)
                session.server.deliver(WANTED)
                session.tell()
            session.default("CAPABILITY", tag, arguments)

        server.on["CAPABILITY"] = capability_and_arrival
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=1.0).subject == "Wanted"

    def test_no_idle_capability_polls(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1"
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.3, WANTED)
            assert suite.wait(after=mark, poll=0.2).subject == "Wanted"
        assert server.count("IDLE") == 0

    @pytest.mark.usefixtures("near")
    def test_a_near_server_without_idle_is_asked_by_noop_alone(
        self, server: ScriptedServer
    ) -> None:
        server.capabilities = "IMAP4rev1"
        with opened(server) as suite:
            mark = suite.mark()
            sent = len(server.lines)
            server.deliver_later(0.5, WANTED)
            assert suite.wait(after=mark, poll=5.0).subject == "Wanted"
            assert sum(line != "NOOP" for line in suite.sent(sent)) == 2

    def test_polling_takes_longer_than_the_network_timeout(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1"
        far(server)
        with opened(server, network_timeout=0.5) as suite:
            mark = suite.mark()
            server.deliver_later(0.2, WANTED)
            assert suite.wait(after=mark, poll=1.0).subject == "Wanted"
            assert len(server.sessions) == 1

    def test_idling_takes_longer_than_the_network_timeout(self, server: ScriptedServer) -> None:
        far(server)
        with opened(server, network_timeout=0.5) as suite:
            mark = suite.mark()
            server.deliver_later(1.2, WANTED)
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
            assert len(server.sessions) == 1

    @pytest.mark.parametrize("answer", ["NO Not now", "BAD What?"])
    def test_idle_refused_is_not_tried_again(self, server: ScriptedServer, answer: str) -> None:
        far(server)
        server.on["IDLE"] = refuse(answer)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.5, WANTED)
            assert suite.wait(after=mark, poll=0.2).subject == "Wanted"
        assert server.count("IDLE") == 1

    @pytest.mark.parametrize("consent", [["+ idling"], []])
    def test_idle_that_ends_at_once_is_not_tried_again(
        self, server: ScriptedServer, consent: list[str]
    ) -> None:
        far(server)

        def end(session: Session, tag: str, arguments: str) -> None:
            session.send(*consent, f"{tag} OK done")

        server.on["IDLE"] = end
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.5, WANTED)
            assert suite.wait(after=mark, poll=0.2).subject == "Wanted"
        assert server.count("IDLE") == 1

    def test_what_is_there_when_idle_ends_at_once_is_found_at_once(
        self, server: ScriptedServer
    ) -> None:
        far(server)

        def end(session: Session, tag: str, arguments: str) -> None:
            session.server.deliver(WANTED)
            session.send("+ idling", f"{tag} OK done")

        server.on["IDLE"] = end
        with opened(server) as suite:
            assert suite.wait(after=suite.mark(), poll=NO_ONE_ASKED).subject == "Wanted"

    def test_idle_that_ends_later_is_begun_again_after_a_look(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection_module, "AT_ONCE", 0.1)
        far(server)

        def end(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            time.sleep(0.2)
            session.server.deliver(OTHER)
            session.send(f"{tag} OK done")
            first(session.server, "IDLE", pushing(WANTED))

        first(server, "IDLE", end)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=NO_ONE_ASKED, subject="Wanted").uid == 3
        assert server.lines.count("UID FETCH 2:* (UID FLAGS)") == 2

    def test_done_never_answered(self, server: ScriptedServer) -> None:
        def stuck(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            session.readline()
            session.server.deliver(WANTED)
            session.readline()

        first(server, "IDLE", stuck)
        with opened(server, network_timeout=0.5) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=0.3).subject == "Wanted"
            assert len(server.sessions) == 2

    def test_done_unanswered_leaves_time_for_a_new_connection(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "IDLE_GRACE", 0.5)

        def stuck(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            session.readline()
            session.server.deliver(WANTED)
            session.readline()

        first(server, "IDLE", stuck)
        with opened(server, network_timeout=60.0) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=0.3, timeout=5.0).subject == "Wanted"

    def test_flags_pushed_cost_no_first_bytes(self, server: ScriptedServer) -> None:
        far(server)

        def flags_then_arrival(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling", "* 1 FETCH (UID 1 FLAGS (\\Flagged))")
            session.readline()
            session.send(f"{tag} OK done")
            first(session.server, "IDLE", pushing(WANTED))

        first(server, "IDLE", flags_then_arrival)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
        assert server.lines.count(FETCH_FEW.format(2)) == 1


class TestRate:
    """How many commands a near server gets. DONE counts, it ends each IDLE."""

    @contextmanager
    def times(self, server: ScriptedServer) -> Iterator[list[float]]:
        """Collect when each command came."""
        times: list[float] = []
        for command in ("NOOP", "FETCH", "SEARCH", "IDLE"):

            def timed(session: Session, tag: str, arguments: str, name: str = command) -> None:
                times.append(time.monotonic())
                session.default(name, tag, arguments)
                if name == "IDLE":
                    times.append(time.monotonic())

            server.on[command] = timed
        yield times

    def most_in_a_second(self, times: list[float]) -> int:
        return max(sum(begin <= each < begin + 1 for each in times) for begin in times)

    @pytest.mark.usefixtures("near")
    def test_never_above_20_commands_a_second(self, server: ScriptedServer) -> None:
        server.emails[0].flags.add("\\Seen")
        with self.times(server) as times, opened(server) as suite:
            suite.failure(WaitTimedOut, timeout=2.5)
        assert 2 * server.count("IDLE") > 2  # it is near, so it was asked
        assert self.most_in_a_second(times) <= 20

    @pytest.mark.usefixtures("near")
    def test_without_idle_neither(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1"
        with self.times(server) as times, opened(server) as suite:
            suite.failure(WaitTimedOut, subject="Wanted", status="UNSEEN", timeout=2.0)
        assert self.most_in_a_second(times) <= 20

    @pytest.mark.usefixtures("near")
    def test_bursts_of_pushes_neither(self, server: ScriptedServer) -> None:
        stop = threading.Event()

        def noise() -> None:
            while not stop.wait(0.01):
                server.deliver(OTHER)

        with self.times(server) as times, opened(server) as suite:
            mark = suite.mark()
            thread = threading.Thread(target=noise)
            thread.start()
            suite.failure(WaitTimedOut, after=mark, subject="Wanted", status="UNSEEN", timeout=2.5)
            stop.set()
            thread.join()
        assert self.most_in_a_second(times) <= 20

    @pytest.mark.usefixtures("near")
    @pytest.mark.parametrize(
        "wait", ["wait_for_emails", "wait_until_email_is_gone", "email_should_not_arrive"]
    )
    def test_five_emails_a_second_and_all_of_them_looked_at(
        self, server: ScriptedServer, wait: str
    ) -> None:
        arguments: dict[str, dict[str, Any]] = {
            "wait_for_emails": {"count": 18, "body": "text", "settle": SECOND / 2},
            "wait_until_email_is_gone": {"body": "text", "timeout": 3 * SECOND},
            "email_should_not_arrive": {"body": "nothing", "within": 3 * SECOND},
        }
        for number in range(15):
            server.deliver_later(number / 5, OTHER)
        with self.times(server) as times, opened(server) as suite:
            server.deliver(OTHER)
            server.deliver(OTHER)
            with suppress(WaitTimedOut):
                getattr(suite.waits, wait)(**arguments[wait])
        assert self.most_in_a_second(times) <= 20

    @pytest.mark.usefixtures("near")
    def test_one_look_that_needs_more(self, server: ScriptedServer) -> None:
        for _ in range(150):
            server.deliver(OTHER)
        with self.times(server) as times, opened(server) as suite:
            suite.failure(WaitTimedOut, body="something else", timeout=0.5)
        assert len(times) > 20
        assert self.most_in_a_second(times) <= 20

    @pytest.mark.usefixtures("near")
    def test_connections_that_break_at_each_look(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "FIRST_PAUSE", 0.0)
        with opened(server) as suite:
            times = []

            def timed(session: Session, tag: str, arguments: str) -> None:
                times.append(time.monotonic())
                session.default("LOGIN", tag, arguments)

            server.on["FETCH"] = eof
            server.on["LOGIN"] = timed
            suite.failure(WaitTimedOut, timeout=1.5)
        assert self.most_in_a_second(times) <= 5  # there are four other commands with each

    @pytest.mark.usefixtures("near")
    def test_fades(self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
        assert waiting.EAGER_SECONDS == 10
        monkeypatch.setattr(waiting, "EAGER_SECONDS", 1.0)
        with self.times(server) as times, opened(server) as suite:
            suite.failure(WaitTimedOut, after=suite.mark(), timeout=2.5)
        late = [each for each in times if each > times[0] + 1.5]
        assert len(late) <= 3  # DONE and the last look

    def test_what_is_near(self) -> None:
        assert waiting.NEAR == 0.005

    def test_a_far_server_gets_no_short_looks(self, server: ScriptedServer) -> None:
        far(server)
        with opened(server) as suite:
            suite.failure(WaitTimedOut, after=suite.mark(), timeout=1.5)
        assert server.count("IDLE") == 1


class TestTime:
    def test_timeout_0_looks_once(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            assert suite.wait(subject="Old", timeout=0.0).subject == "Old"
            suite.failure(WaitTimedOut, subject="Wanted", timeout=0.0)
        assert server.count("IDLE") == 0
        assert server.count("UID SEARCH") == 2

    def test_looks_once_more_at_the_end(self, server: ScriptedServer) -> None:
        far(server)
        server.on["IDLE"] = silent_idle
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver_later(0.3, WANTED)
            assert suite.wait(after=mark, timeout=1.0, poll=NO_ONE_ASKED).subject == "Wanted"

    def test_a_hanging_last_look_is_cut_off(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.on["FETCH"] = hang
            assert "The last look got no answer: " in suite.failure(
                WaitTimedOut, after=mark, timeout=0.0
            )

    def test_a_hanging_last_look_is_told(self, server: ScriptedServer) -> None:
        with opened(server, network_timeout=0.5) as suite:
            mark = suite.mark()
            server.on["FETCH"] = hang
            text = suite.failure(WaitTimedOut, after=mark, timeout=0.0)
            assert text == (
                f"No email received within 0s that is unread and arrived after UID 1, in {WHERE}.\n"
                "No other email arrived meanwhile.\n"
                "The last look got no answer: The server did not answer within 0.5 seconds. "
                f"This was FETCH for qa on 127.0.0.1 port {server.port}."
            )
            del server.on["FETCH"]
            assert suite.wait(subject="Old").subject == "Old"  # on a new connection
            assert len(server.sessions) == 3

    def test_a_last_look_that_loses_its_connection_is_repeated(
        self, server: ScriptedServer
    ) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(WANTED)
            first(server, "FETCH", lambda session, tag, arguments: session.close())
            assert suite.wait(after=mark, timeout=0.0).subject == "Wanted"
            assert len(server.sessions) == 2

    def test_a_last_look_is_repeated_once(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.on["FETCH"] = lambda session, tag, arguments: session.close()
            suite.failure(WaitTimedOut, after=mark, timeout=0.0)
            assert len(server.sessions) == 2

    def test_a_dribbling_server_is_cut_off(self, server: ScriptedServer) -> None:
        def dribble(session: Session, tag: str, arguments: str) -> None:
            session.dribble(b"* OK still there, still there, still there, still there\r\n", 0.1)

        with opened(server) as suite:
            mark = suite.mark()
            server.on["NOOP"] = dribble
            text = suite.failure(WaitTimedOut, after=mark, timeout=0.3)
        assert "The last look got no answer: " in text

    def test_a_flooding_server_is_cut_off(self, server: ScriptedServer) -> None:
        def flood(session: Session, tag: str, arguments: str) -> None:
            while True:
                session.send("* OK still there")

        with opened(server) as suite:
            mark = suite.mark()
            server.on["NOOP"] = flood
            assert "The last look got no answer: " in suite.failure(
                WaitTimedOut, after=mark, timeout=0.0
            )

    def test_a_new_connection_that_hangs_is_cut_off(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.on["NOOP"] = lambda session, tag, arguments: session.close()
            server.on["GREETING"] = hang
            text = suite.failure(WaitTimedOut, after=mark, timeout=0.2)
        assert "The last look got no answer: No usable greeting came from 127.0.0.1" in text

    def test_neither_does_a_farewell_that_hangs(self, server: ScriptedServer) -> None:
        # A new connection finds the folder gone, and takes leave of a server that stays silent.
        with opened(server) as suite:
            mark = suite.mark()
            server.on["NOOP"] = lambda session, tag, arguments: session.close()
            server.folders = ("Inbox2",)
            server.on["LOGOUT"] = hang
            suite.failure(FolderNotFound, after=mark, timeout=0.8)


def eof(session: Session, tag: str, arguments: str) -> None:
    session.send("+ idling")
    session.close()


def bye(session: Session, tag: str, arguments: str) -> None:
    session.send("+ idling")
    session.bye("Restarting")


def reset(session: Session, tag: str, arguments: str) -> None:
    session.send("+ idling")
    session.reset()


class TestSilence:
    """A connection that is half-open is replaced within the wait, if there is time for that."""

    def test_before_the_wait(self, server: ScriptedServer) -> None:
        with opened(server, network_timeout=30.0) as suite:
            mark = suite.mark()
            server.deliver(WANTED)
            server.sessions[0].handle = lambda *_: None  # type: ignore[method-assign]
            assert suite.wait(after=mark, timeout=3.0).subject == "Wanted"
        assert len(server.sessions) == 2

    def test_in_a_look(self, server: ScriptedServer) -> None:
        first(server, "SEARCH", hang)
        with opened(server, network_timeout=30.0) as suite:
            server.deliver_later(0.5, WANTED)
            assert suite.wait(subject="Wanted", timeout=3.0).subject == "Wanted"
        assert len(server.sessions) == 2

    def test_while_polling(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1"
        far(server)
        with opened(server, network_timeout=30.0) as suite:
            mark = suite.mark()

            def arrive() -> None:
                server.sessions[0].handle = lambda *_: None  # type: ignore[method-assign]
                server.deliver(WANTED)

            threading.Timer(0.3, arrive).start()
            assert suite.wait(after=mark, poll=0.5, timeout=4.0).subject == "Wanted"

    def test_a_server_that_takes_its_time_is_not_given_up(self, server: ScriptedServer) -> None:
        """It says something now and then: a look may take longer than the longest silence."""

        def slow(session: Session, tag: str, arguments: str) -> None:
            for _ in range(4):
                time.sleep(0.7)
                session.send("* OK Still searching")
            session.default("SEARCH", tag, arguments)

        server.on["SEARCH"] = slow
        with opened(server, network_timeout=30.0) as suite:
            assert suite.wait(subject="Old", timeout=2.0).subject == "Old"
        assert len(server.sessions) == 1


class TestTrouble:
    @pytest.mark.parametrize("end", [eof, bye, reset])
    def test_connection_ends_in_idle(self, server: ScriptedServer, end: Handler) -> None:
        far(server)

        def end_and_deliver(session: Session, tag: str, arguments: str) -> None:
            session.server.deliver(WANTED)
            end(session, tag, arguments)

        first(server, "IDLE", end_and_deliver)
        with opened(server) as suite:
            mark = suite.mark()
            assert suite.wait(after=mark, poll=NO_ONE_ASKED).subject == "Wanted"
            assert len(server.sessions) == 2

    @pytest.mark.parametrize("command", ["NOOP", "FETCH", "SEARCH"])
    def test_connection_ends_in_a_look(self, server: ScriptedServer, command: str) -> None:
        with opened(server) as suite:
            first(server, command, lambda session, tag, arguments: session.close())
            server.deliver(WANTED)
            assert suite.wait(subject="Wanted").subject == "Wanted"
            assert len(server.sessions) == 2

    def test_unreadable_answer(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            first(server, "FETCH", lambda session, tag, arguments: session.send("nonsense"))
            assert suite.wait(subject="Old").subject == "Old"

    def test_several_connections_end_and_none_is_hammered(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = eof
        with opened(server) as suite:
            suite.failure(WaitTimedOut, after=suite.mark(), timeout=1.5)
        assert 2 <= len(server.sessions) <= 6  # pauses of 0.1, 0.2, 0.4, 0.8 seconds

    def test_server_down_and_up_again(self, server: ScriptedServer) -> None:
        down = threading.Event()

        def greet(session: Session, tag: str, arguments: str) -> None:
            if down.is_set():
                session.close()
            else:
                session.default("GREETING", tag, arguments)

        server.on["GREETING"] = greet

        def go_down(session: Session, tag: str, arguments: str) -> None:
            down.set()
            session.send("+ idling")
            threading.Timer(0.5, down.clear).start()
            session.server.deliver(WANTED)
            session.close()

        first(server, "IDLE", go_down)
        with opened(server) as suite:
            assert suite.wait(after=suite.mark(), poll=NO_ONE_ASKED).subject == "Wanted"
            assert len(server.sessions) > 2

    def test_server_that_stays_down_is_told(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.on["NOOP"] = lambda session, tag, arguments: session.bye("Going down")
            server.on["GREETING"] = lambda session, tag, arguments: session.bye("Maintenance")
            text = suite.failure(WaitTimedOut, after=mark, timeout=0.5)
        assert text == (
            f"No email received within 0.5s that is unread and arrived after UID 1, in {WHERE}.\n"
            "No other email arrived meanwhile.\n"
            f"The last look got no answer: The server at 127.0.0.1 port {server.port} turned the "
            "connection away: The server said: BYE Maintenance."
        )

    def test_trouble_that_passed_is_not_told(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            first(server, "NOOP", lambda session, tag, arguments: session.close())
            text = suite.failure(WaitTimedOut, subject="Wanted", timeout=0.6)
        assert "no answer" not in text
        assert len(server.sessions) == 2

    def test_login_refused_is_told_at_once(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            server.on["LOGIN"] = refuse("NO [AUTHENTICATIONFAILED] Account locked")
            server.on["IDLE"] = eof
            mark = suite.mark()
            text = suite.failure(LoginFailed, after=mark)
        assert text == (
            "Could not log in as qa on 127.0.0.1: NO [AUTHENTICATIONFAILED] Account locked. "
            "Are user and password right, and is IMAP allowed for this account?"
        )
        assert len(server.sessions) == 2

    @pytest.mark.parametrize("code", ["UNAVAILABLE", "LIMIT", "INUSE", "THROTTLED"])
    def test_login_refused_for_the_moment(self, server: ScriptedServer, code: str) -> None:
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            first(server, "LOGIN", refuse(f"NO [{code}] Try again"))
            first(server, "IDLE", eof)
            server.deliver_later(0.5, WANTED)
            assert suite.wait(after=mark).subject == "Wanted"
            assert len(server.sessions) == 3

    def test_folder_gone_is_told_at_once(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.folders = ("Inbox2",)
            server.on["IDLE"] = eof
            assert "Could not open folder 'INBOX'" in suite.failure(FolderNotFound, after=mark)

    def test_uidvalidity_changed_in_the_middle(self, server: ScriptedServer) -> None:
        def make_anew(session: Session, tag: str, arguments: str) -> None:
            session.server.uidvalidity = 8
            eof(session, tag, arguments)

        first(server, "IDLE", make_anew)
        with opened(server) as suite:
            assert suite.failure(MarkMismatch, subject="Wanted") == (
                f"The UIDs of {WHERE} have lost their meaning: its UIDVALIDITY was 7 and is now 8, "
                "as after the folder was made anew. Take a new mark, or find the email again."
            )

    @pytest.mark.parametrize("answer", ["NO [EXPUNGEISSUED] Some are gone", "NO [SERVERBUG] Oops"])
    def test_a_refused_fetch_is_tried_again(self, server: ScriptedServer, answer: str) -> None:
        with opened(server) as suite:
            first(server, "FETCH", refuse(answer))
            assert suite.wait(subject="Old").subject == "Old"
            assert len(server.sessions) == 1

    def test_a_fetch_refused_for_good_is_told(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.on["FETCH"] = refuse("NO [NOPERM] Not yours")
            text = suite.failure(WaitTimedOut, after=mark, timeout=0.3)
        assert text.endswith(
            "The last look got no answer: The server refused FETCH for "
            f"{WHERE}: NO [NOPERM] Not yours."
        )


class TestInterruptions:
    """Robot Framework's time-out and Ctrl-C end a wait at once, and the mailbox serves the next."""

    @pytest.mark.parametrize("capabilities", ["IMAP4rev1 IDLE", "IMAP4rev1"])
    def test_between_looks(self, server: ScriptedServer, capabilities: str) -> None:
        server.capabilities = capabilities
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            assert interrupted(lambda: suite.waits.wait_for_email(after=mark, **A_DAY))
            server.deliver(WANTED)
            assert suite.wait(after=mark).subject == "Wanted"

    def test_in_a_look(self, server: ScriptedServer) -> None:
        with opened(server, network_timeout=86400.0) as suite:
            mark = suite.mark()
            server.on["FETCH"] = hang
            assert interrupted(lambda: suite.waits.wait_for_email(after=mark, **A_DAY))
            del server.on["FETCH"]
            server.deliver(WANTED)
            assert suite.wait(after=mark).subject == "Wanted"
            assert len(server.sessions) == 2

    def test_in_a_pause_after_trouble(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "FIRST_PAUSE", 86400.0)
        with opened(server) as suite:
            first(server, "NOOP", lambda session, tag, arguments: session.close())
            assert interrupted(lambda: suite.waits.wait_for_email(subject="Wanted", **A_DAY))
            server.deliver(WANTED)
            assert suite.wait(subject="Wanted").subject == "Wanted"


def test_waits_of_two_suites_do_not_meet(server: ScriptedServer) -> None:
    """Two connections to one folder: each wait keeps what it has seen to itself."""
    far(server)
    with opened(server) as one, opened(server) as other:
        mark = one.mark()
        server.deliver(WANTED)
        assert one.wait(after=mark) == other.wait(after=mark) == 2
