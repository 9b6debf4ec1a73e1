"""When something has to be over, by a clock that nobody sets."""

from __future__ import annotations

import threading
import time

SLICE = 0.25
"""Seconds that a wait lasts at most before the interpreter gets a word in."""


class Deadline:
    """A moment on the monotonic clock, which can be called off: then it has passed at once.

    seconds: how far away the moment is, from now on
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds
        self._called_off = threading.Event()

    def remaining(self) -> float:
        """Return the seconds that are left, never below zero."""
        return 0.0 if self.called_off else max(0.0, self._at - time.monotonic())

    def __str__(self) -> str:
        figure = f"{round(self.seconds, 2):g}"
        return f"{figure} second" if figure == "1" else f"{figure} seconds"

    @property
    def passed(self) -> bool:
        return self.remaining() == 0.0

    @property
    def called_off(self) -> bool:
        """Whether nobody waits for what was to be done by then, so that it can be left undone."""
        return self._called_off.is_set()

    def call_off(self) -> None:
        """Let it pass now, for those made by `or_sooner` too. Any thread may do so."""
        self._called_off.set()

    def later(self, seconds: float) -> Deadline:
        """Return a deadline that comes `seconds` after this one, and can't be called off with it."""
        return Deadline(self._at - time.monotonic() + seconds)

    def or_sooner(self, seconds: float) -> Deadline:
        """Return a deadline `seconds` from now, or this one if that comes first."""
        sooner = Deadline(min(self._at - time.monotonic(), seconds))
        sooner._called_off = self._called_off
        return sooner


def sleep(deadline: Deadline) -> None:
    """Sleep in slices, so that an interruption gets through on every system."""
    while not deadline.passed:
        time.sleep(min(SLICE, deadline.remaining()))
