"""How fast commands may follow each other."""

from __future__ import annotations

import time

from ImapLibrary.deadline import Deadline
from ImapLibrary.imap.pace import MOST, Pace


def seconds_for(pace: Pace, commands: int, deadline: Deadline) -> float:
    begin = time.monotonic()
    for _ in range(commands):
        pace.step(deadline)
    return time.monotonic() - begin


class TestPace:
    def test_the_most_is_what_servers_bear(self) -> None:
        assert MOST == 20

    def test_one_more_has_to_wait_until_a_second_is_over(self) -> None:
        pace = Pace()
        with pace.kept():
            assert seconds_for(pace, MOST, Deadline(60)) < 0.5
            assert 0.5 < seconds_for(pace, 1, Deadline(60)) < 2
            assert seconds_for(pace, MOST - 1, Deadline(60)) < 0.5

    def test_only_while_it_is_kept(self) -> None:
        pace = Pace()
        with pace.kept():
            pass
        assert seconds_for(pace, 100 * MOST, Deadline(60)) < 0.5

    def test_until_the_last_of_several_keeps_it_no_more(self) -> None:
        pace = Pace()
        with pace.kept():
            with pace.kept():
                seconds_for(pace, MOST, Deadline(60))
            assert seconds_for(pace, 1, Deadline(60)) > 0.5

    def test_a_second_one_who_keeps_it_grants_no_more(self) -> None:
        pace = Pace()
        with pace.kept():
            seconds_for(pace, MOST, Deadline(60))
            with pace.kept():
                assert seconds_for(pace, 1, Deadline(60)) > 0.5

    def test_what_was_sent_before_does_not_count(self) -> None:
        pace = Pace()
        seconds_for(pace, MOST, Deadline(60))
        with pace.kept():
            assert seconds_for(pace, MOST, Deadline(60)) < 0.5

    def test_no_longer_than_the_deadline(self) -> None:
        pace = Pace()
        with pace.kept():
            assert seconds_for(pace, MOST + 1, Deadline(0.1)) < 0.6

    def test_not_after_the_deadline_was_called_off(self) -> None:
        pace, deadline = Pace(), Deadline(60)
        deadline.call_off()
        with pace.kept():
            assert seconds_for(pace, MOST + 1, deadline) < 0.5
