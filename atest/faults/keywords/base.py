"""What is said of a keyword in the matrix, and what it may make of a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faults.account import FLAGGED, READ, UNREAD, Places, Snapshot

if TYPE_CHECKING:
    from faults.cell import Cell

NETWORK_SECONDS = 3.0
"""The `timeout` of Open Mailbox: the deadline of every keyword that does not wait for emails."""

WAIT_SECONDS = 7.0
"""Enough for a wait to give up a silent connection and go on with another one."""

GRACE = 1.0
WAIT_GRACE = 2.0
"""Seconds by which a keyword may end later than its deadline."""

ALL = (READ, UNREAD, FLAGGED)

NEW = "New"
"""The subject of an email that gets into the account by a keyword, or in the middle of one."""

SEEN = r"\Seen"


def unchanged(before: Snapshot) -> Snapshot:
    """Return what is there after a keyword that only looks."""
    return before


@dataclass(frozen=True)
class Keyword:
    """A keyword of the matrix.

    call: calls it, and raises AssertionError if what it returns is wrong
    seconds: its deadline
    grace: how much later it may end
    promise: what it makes of a mailbox when it succeeds; when it fails, each email is either so
        or as it was
    halfway: a third state that a failure may leave behind, of a keyword that takes several commands
    prepare: what has to be done before, while nothing goes wrong
    opened: whether the mailbox is open already
    closes: whether it is not open any more afterwards
    repairs: whether it goes on when the connection is lost and the server can be reached
    steady: whether every run of it takes the same commands
    large: whether it needs the large email
    site: whether it needs a web site
    sends: whether it is its connection by SMTP that is disturbed
    servers: the only servers that can do it, empty if all can
    """

    name: str
    call: Callable[[Cell], None]
    seconds: float = NETWORK_SECONDS
    grace: float = GRACE
    promise: Callable[[Snapshot], Snapshot] = unchanged
    halfway: Callable[[Snapshot], Snapshot] = unchanged
    prepare: Callable[[Cell], None] | None = None
    opened: bool = True
    closes: bool = False
    repairs: bool = True
    steady: bool = True
    large: bool = False
    site: bool = False
    sends: bool = False
    servers: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it changes a mailbox."""
        return self.promise is not unchanged

    @property
    def bare_name(self) -> str:
        """Its name in the library."""
        return self.name.partition(",")[0]


def equal(found: object, expected: object) -> None:
    """Raise AssertionError if a keyword returned something else than it should."""
    if found != expected:
        raise AssertionError(
            f"It returned {str(found)[:200]!r} instead of {str(expected)[:200]!r}."
        )


def with_flags(*subjects: str, add: str) -> Callable[[Snapshot], Snapshot]:
    """Return the promise that emails get a flag, wherever they are."""

    def after(before: Snapshot) -> Snapshot:
        return {**before, **{subject: _flagged(before[subject], add) for subject in subjects}}

    return after


def with_email(subject: str, folder: str, *flags: str) -> Callable[[Snapshot], Snapshot]:
    """Return the promise that an email is in a folder with these flags, and nowhere else."""
    return lambda before: {**before, subject: ((folder, flags),)}


def without(*subjects: str) -> Callable[[Snapshot], Snapshot]:
    """Return the promise that emails or folders are gone."""
    return lambda before: {**before, **dict.fromkeys(subjects, ())}


def _flagged(places: Places, flag: str) -> Places:
    return tuple((folder, tuple(sorted({*flags, flag}))) for folder, flags in places)
