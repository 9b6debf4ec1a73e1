"""What is worth another try when a connection fails, and how long to pause before it."""

from __future__ import annotations

import time

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import FolderNotFound, ImapLibraryError, LoginFailed
from ImapLibrary.imap.login import TEMPORARY
from ImapLibrary.imap.wire import SLICE

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds before something that failed is tried again; they double each time."""


class Pauses:
    """The pauses between tries, each twice as long as the one before."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def rest(self, deadline: Deadline) -> None:
        """Pause, but no longer than the deadline allows."""
        sleep(deadline.or_sooner(self._next))
        self._next = min(2 * self._next, LONGEST_PAUSE)


def is_final(trouble: ImapLibraryError) -> bool:
    """Return whether it would be wrong, or of no use, to try again."""
    if isinstance(trouble, LoginFailed):
        return not any(reason in str(trouble) for reason in TEMPORARY)
    return isinstance(trouble, FolderNotFound)


def sleep(deadline: Deadline) -> None:
    """Sleep in slices, so that an interruption gets through on every system."""
    while not deadline.passed:
        time.sleep(min(SLICE, deadline.remaining()))
