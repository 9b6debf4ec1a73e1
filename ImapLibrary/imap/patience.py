"""What is worth another try when a connection fails, and how long to pause before it."""

from __future__ import annotations

import re

from ImapLibrary.deadline import Deadline, sleep
from ImapLibrary.errors import FolderNotFound, ImapLibraryError, LoginFailed
from ImapLibrary.imap.login import TEMPORARY

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds before something that failed is tried again; they double each time."""

_PASSING = re.compile(
    f"{'|'.join(map(re.escape, TEMPORARY))}|authenticated but not connected", re.IGNORECASE
)
"""How a server says that it is for the moment that it does not let one in, or open a folder."""

_CROWDED = re.compile(
    r"\[(LIMIT|INUSE|UNAVAILABLE)\]|(too many|maximum|limit|exceed\w*) .{0,40}\b(connection|session|login)s"
    r"|\b(connection|session)s? limit|authenticated but not connected",
    re.IGNORECASE,
)
"""How a server says that an account has enough connections: by a code (RFC 5530, section 3, and
RFC 9051, section 7.1), or in words. The last ones are those of Exchange, which logs in all the
same."""


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


def is_passing(trouble: ImapLibraryError) -> bool:
    """Return whether the server says that it would be otherwise in a while."""
    return not isinstance(trouble, FolderNotFound) and bool(_PASSING.search(str(trouble)))


def is_crowded(trouble: ImapLibraryError) -> bool:
    """Return whether it may be that the account has as many connections as the server allows."""
    return bool(_CROWDED.search(str(trouble)))
