"""What the answers of a server have shown of the UIDs of a folder while it is selected. No I/O.

An answer is good until the server announces that more has arrived, or that something has gone.
Both are counted, so that what was noted tells by the count whether it is still good.
"""

from __future__ import annotations

from collections.abc import Iterable


class KnownUids:
    """The lowest UID that can come, and those that are there.

    next: the lowest UID that an email arriving from now on can have
    arrivals: how many arrivals had been announced when `next` was right, None if it may not be
    """

    def __init__(self, next_uid: int = 1, arrivals: int | None = None) -> None:
        self.next = next_uid
        self.arrivals = arrivals
        self._shown: set[int] = set()
        self._gone = 0

    def note_highest(self, uids: Iterable[int], arrivals: int) -> None:
        """Note UIDs that have the highest one of the folder among them.

        arrivals: how many had been announced when they were asked for
        """
        self.next = max(self.next, max(uids, default=0) + 1)
        self.arrivals = arrivals

    def note_shown(self, uids: Iterable[int], gone_before: int, gone: int) -> None:
        """Note UIDs that an answer has shown.

        gone_before: how many emails had gone when it was asked for
        gone: how many have gone now; if it is more, what went may be among the UIDs
        """
        if self._gone != gone_before:
            self._shown, self._gone = set(), gone_before
        if gone_before == gone:
            self._shown.update(uids)

    def has_shown(self, uids: Iterable[int], gone: int) -> bool:
        """Return whether all of these UIDs were shown, and nothing has gone since.

        gone: how many emails have gone now
        """
        return self._gone == gone and self._shown.issuperset(uids)
