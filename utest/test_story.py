"""The words of a wait that failed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scripted import ScriptedServer, Session, message
from waits import WHERE, far, first, opened, silent_idle

from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.errors import WaitTimedOut
from ImapLibrary.finding.screening import Verdict
from ImapLibrary.mail.message import Email
from ImapLibrary.waiting.story import Story

RECEIVED = "received 2026-11-24 12:00:00 +0000"
SHOP = f"from noreply@shop.example, {RECEIVED}"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


class TestTimeOut:
    def test_nothing_came(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            assert suite.failure(WaitTimedOut, timeout=0.2) == (
                f"No email received within 0.2s that is unread, in {WHERE}.\n"
                "No other email arrived meanwhile."
            )

    def test_one_other_email_came(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            server.deliver_later(0.2, message("Your invoice"))
            assert suite.failure(WaitTimedOut, subject="Your code", timeout=1.0) == (
                f"No email received within 1s that matches subject 'Your code', in {WHERE}.\n"
                "1 other email arrived meanwhile:\n"
                f"  UID 1: 'Your invoice' {SHOP} - subject is 'Your invoice' (has only 'your' of it)"
            )

    def test_near_misses_ordered_by_how_few_criteria_they_miss(
        self, server: ScriptedServer
    ) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(
                message("None", **{"from": "a@b.example", "to": "c@d.example"}), "\\Seen"
            )
            server.deliver(message("Code", "Your  code\r\nis 41"))
            server.deliver(message("Code", to="Q <c@d.example>, e@f.example", cc="e@f.example"))
            server.deliver(message("Code", **{"from": "Bank <a@b.example>"}))
            text = suite.failure(
                WaitTimedOut,
                after=mark,
                sender="shop",
                recipient="qa@example.com",
                subject="code",
                text="your code is 42",
                status="UNSEEN",
                timeout=0.0,
            )
        assert text == (
            "No email received within 0s that matches status 'UNSEEN' and sender 'shop' and "
            "recipient 'qa@example.com' and subject 'code' and text 'your code is 42' and arrived after UID 0, "
            f"in {WHERE}.\n"
            "4 other emails arrived meanwhile:\n"
            f"  UID 4: 'Code' from a@b.example, {RECEIVED} - sender is 'Bank <a@b.example>'\n"
            f"  UID 3: 'Code' {SHOP} - recipient is 'Q <c@d.example>, e@f.example'\n"
            f"  UID 2: 'Code' {SHOP} - text is 'Your code is 41' (has only 'your code is 4' of it)\n"
            f"  UID 1: 'None' from a@b.example, {RECEIVED} - flags are \\Seen (it is SEEN), sender "
            "is 'a@b.example', recipient is 'c@d.example', subject is 'None'"
        )

    def test_what_is_taken_literally_is_told(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            text = suite.failure(
                WaitTimedOut, subject="regex:code", sender="shop timeout=5", timeout=0.0
            )
        assert text == (
            "No email received within 0s that matches sender 'shop timeout=5' and subject "
            f"'regex:code', in {WHERE}.\n"
            "No other email arrived meanwhile.\n"
            "In sender, 'timeout=' is a part of the text and no argument: put two blanks or more "
            "in front of it if it is to be one.\n"
            "In subject, 'regex:' is a part of the text and no prefix: write regexp: instead."
        )

    def test_of_many_the_nearest_are_told(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            for n in range(7):
                server.deliver(message(f"Code {n}"))
            text = suite.failure(WaitTimedOut, after=mark, subject="invoice", timeout=0.0)
        assert text == (
            "No email received within 0s that matches subject 'invoice' and arrived after UID 0, "
            f"in {WHERE}.\n"
            "7 other emails arrived meanwhile:\n"
            f"  UID 7: 'Code 6' {SHOP} - subject is 'Code 6'\n"
            f"  UID 6: 'Code 5' {SHOP} - subject is 'Code 5'\n"
            f"  UID 5: 'Code 4' {SHOP} - subject is 'Code 4'\n"
            f"  UID 4: 'Code 3' {SHOP} - subject is 'Code 3'\n"
            f"  UID 3: 'Code 2' {SHOP} - subject is 'Code 2'\n"
            "  and 2 more"
        )

    def test_when_nothing_came_what_was_there_is_told(self, server: ScriptedServer) -> None:
        server.deliver(message("Your code"), "\\Seen")
        with opened(server) as suite:
            text = suite.failure(WaitTimedOut, subject="code", status="UNSEEN", timeout=0.0)
        assert text == (
            "No email received within 0s that matches status 'UNSEEN' and subject 'code', in "
            f"{WHERE}.\n"
            "No other email arrived meanwhile. Of those that were there before, these come near:\n"
            f"  UID 1: 'Your code' {SHOP} - flags are \\Seen (it is SEEN)"
        )

    def test_an_email_looked_at_twice_is_told_once_as_it_is_now(
        self, server: ScriptedServer
    ) -> None:
        far(server)
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(message("Code"), "\\Seen")

            def answer(session: Session, tag: str, arguments: str) -> None:
                server.emails[0].flags.add("\\Flagged")
                silent_idle(session, tag, arguments)

            first(server, "IDLE", answer)
            text = suite.failure(WaitTimedOut, after=mark, status="UNSEEN", timeout=0.5)
        assert text.endswith(
            f"1 other email arrived meanwhile:\n  UID 1: 'Code' {SHOP} - flags are \\Flagged \\Seen "
            "(it is SEEN)"
        )

    def test_long_values_are_cut(self, server: ScriptedServer) -> None:
        with opened(server) as suite:
            mark = suite.mark()
            server.deliver(message("Code", "word " * 100))
            text = suite.failure(WaitTimedOut, after=mark, text="other", timeout=0.0)
        assert text.endswith(f" - text is '{('word ' * 20)[:97]}...'")


class TestKept:
    """Emails that are kept to be shown."""

    wanted = criteria(subject="x", sender="y")

    def story(self) -> Story:
        return Story(self.wanted, None, 1.0)

    def miss(self, story: Story, uid: int, count: int, *, arrived: bool) -> None:
        conditions = tuple(self.wanted.conditions[:count])
        story.missed(Verdict(Email(b"\r\n", uid=uid), conditions), arrived=arrived)

    def kept(self, story: Story) -> list[int | None]:
        return [miss.email.uid for miss in story.misses if miss.email]

    def test_those_that_come_nearest(self) -> None:
        story = self.story()
        for uid in range(1, 31):
            self.miss(story, uid, 1 if uid % 2 else 2, arrived=uid > 26)
        assert self.kept(story) == [29, 27, 30, 28, 25, 23, 21, 19, 17, 15]
        assert len(story.misses) == 30

    def test_what_comes_near_later_is_kept(self) -> None:
        story = self.story()
        for uid in range(1, 21):
            self.miss(story, uid, 2, arrived=False)
        self.miss(story, 1, 1, arrived=False)
        assert self.kept(story) == [1, *range(20, 11, -1)]
