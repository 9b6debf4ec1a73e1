"""How the time grows that something takes, whatever the machine."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 4
TRIES = 3
"""A busy machine makes one of two runs slow now and then, but not the same one each time."""

SLACK = 0.2
"""Seconds of processor time that say nothing."""


def assert_no_square_time(operation: Callable[[int], object], size: int) -> None:
    """Fail if something takes the square of the time when there is more of it.

    operation: given a size
    size: one for which the square of the time is some tenths of a second
    """
    for _ in range(TRIES):
        once, more = _seconds(operation, size), _seconds(operation, TIMES * size)
        # Twice as much as in proportion is still far from the square, which is four times that.
        if more < 2 * TIMES * once + SLACK:
            return
    raise AssertionError(f"{TIMES} times as much took {more:.2f} s instead of {once:.2f} s.")


def _seconds(operation: Callable[[int], object], size: int) -> float:
    begin = time.process_time()
    operation(size)
    return time.process_time() - begin
