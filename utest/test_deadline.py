"""Deadlines: moments on a clock that nobody sets."""

from __future__ import annotations

import time

import pytest

from ImapLibrary.deadline import Deadline, sleep

HOUR = 3600.0


def test_what_remains_shrinks_and_never_goes_below_zero() -> None:
    deadline = Deadline(0.05)
    first = deadline.remaining()
    assert 0 < first <= 0.05
    time.sleep(0.01)
    assert deadline.remaining() < first
    time.sleep(0.05)
    assert deadline.remaining() == 0.0
    assert deadline.passed


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_one_that_is_not_ahead_has_passed(seconds: float) -> None:
    assert Deadline(seconds).passed


def test_one_that_is_ahead_has_not_passed() -> None:
    assert not Deadline(HOUR).passed


def test_setting_the_clock_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    deadline = Deadline(HOUR)
    tomorrow = time.time() + 24 * HOUR
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    assert not deadline.passed


def test_later_counts_from_the_deadline_and_not_from_now() -> None:
    assert HOUR < Deadline(HOUR).later(5.0).remaining() <= HOUR + 5
    assert Deadline(-10.0).later(5.0).passed


def test_or_sooner_takes_what_comes_first() -> None:
    assert Deadline(HOUR).or_sooner(5.0).remaining() <= 5.0
    assert 5.0 < Deadline(HOUR).or_sooner(2 * HOUR).remaining() <= HOUR
    assert Deadline(-1.0).or_sooner(HOUR).passed


def test_sleep_lasts_until_then() -> None:
    begin = time.monotonic()
    sleep(Deadline(0.3))
    assert time.monotonic() - begin >= 0.3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.0, "1 second"),
        (30.0, "30 seconds"),
        (0.3, "0.3 seconds"),
        (29.99999, "30 seconds"),
        (1.00001, "1 second"),
        (0.0, "0 seconds"),
        (120.0, "120 seconds"),
        (999.7, "999.7 seconds"),
        (1800.0, "1800 seconds"),
    ],
)
def test_it_reads_as_people_say_it(seconds: float, text: str) -> None:
    assert str(Deadline(seconds)) == text
