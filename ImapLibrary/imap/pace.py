"""How fast commands may follow each other while nobody but a wait asks for them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from ImapLibrary.deadline import Deadline, sleep

MOST = 20
"""So many commands a second a wait sends at most, whatever it finds to ask."""

SECOND = 1.1
"""A tenth more than one, for not every command takes equally long on its way to the server."""


class Pace:
    """Knows when commands were sent to a server, and while it is kept holds back one too many.

    It outlives connections, so that a wait whose connections break is no faster.
    """

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=MOST)
        self._kept = 0
        self._lock = threading.Lock()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Hold commands back for the length of a block; what was sent before does not count.

        Blocks of several threads may overlap; then it is from the first to the last.
        """
        with self._lock:
            if not self._kept:
                self._sent.clear()
            self._kept += 1
        try:
            yield
        finally:
            with self._lock:
                self._kept -= 1

    def step(self, deadline: Deadline) -> None:
        """Note that a command goes out, after a pause if need be, which the deadline ends too."""
        if self._kept and len(self._sent) == MOST:
            sleep(deadline.or_sooner(self._sent[0] + SECOND - time.monotonic()))
        self._sent.append(time.monotonic())
