"""When something has to be over, by a clock that nobody sets."""

from __future__ import annotations

import time


class Deadline:
    """A moment on the monotonic clock. Asking is all one can do with it.

    seconds: how far away the moment is, from now on
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left, never below zero."""
        return max(0.0, self._at - time.monotonic())

    def __str__(self) -> str:
        figure = f"{self.seconds:.3g}"
        return f"{figure} second" if figure == "1" else f"{figure} seconds"

    @property
    def passed(self) -> bool:
        return self.remaining() == 0.0

    def later(self, seconds: float) -> Deadline:
        """Return a deadline that comes `seconds` after this one."""
        return Deadline(self._at - time.monotonic() + seconds)

    def or_sooner(self, seconds: float) -> Deadline:
        """Return a deadline `seconds` from now, or this one if that comes first."""
        return Deadline(min(self._at - time.monotonic(), seconds))
