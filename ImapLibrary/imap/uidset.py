"""Sets of UIDs as IMAP writes them (RFC 9051, section 9): `7`, `2:4`, `1,3:5`. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 8000
"""Characters of a set at most, since servers need not take lines longer than 8,192 bytes."""


def uid_sets(uids: Iterable[int], longest: int = LONGEST) -> list[str]:
    """Return UIDs as sets, with runs as ranges, each of which fits into one command."""
    sets: list[str] = []
    for first, last in _runs(uids):
        run = str(first) if first == last else f"{first}:{last}"
        if sets and len(sets[-1]) + len(run) < longest:
            sets[-1] += f",{run}"
        else:
            sets.append(run)
    return sets


def uids_of(text: str) -> Iterator[int]:
    """Yield the UIDs of a set, in its order, each once. Raises ValueError for what is no set.

    GreenMail writes `1,1:3` for the UIDs from 1 to 3.
    """
    seen: set[int] = set()
    for run in text.split(","):
        first, _, last = run.partition(":")
        ends = sorted((int(first), int(last or first)))
        for uid in range(ends[0], ends[1] + 1):
            if uid not in seen:
                seen.add(uid)
                yield uid


def in_short(uids: Iterable[int], most: int = 100) -> str:
    """Return the set for a message, its beginning if it is longer than `most` characters."""
    first, *more = uid_sets(uids, most) or [""]
    return f"{first},..." if more else first


def _runs(uids: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    ordered = sorted(set(uids))
    if ordered and ordered[-1] - ordered[0] == len(ordered) - 1:
        return [(ordered[0], ordered[-1])]  # mostly so, and quick to tell of thousands
    for uid in ordered:
        if runs and uid == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], uid)
        else:
            runs.append((uid, uid))
    return runs
