"""Which cells belong to the matrix of a server, and which of them are run with every test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from faults.keywords import KEYWORDS
from faults.keywords.base import Keyword
from faults.kinds import KINDS, Kind

Pair = tuple[Keyword, Kind]

APART = 10
"""So many faults lie between those that a keyword meets on a server and on the next one."""


def all_pairs(server: str, *, restarts: bool) -> list[Pair]:
    """Return what belongs together on a server, fault by fault.

    restarts: whether the server can be restarted
    """
    return [
        (keyword, kind)
        for kind in KINDS
        for keyword in KEYWORDS
        if (server in keyword.servers or not keyword.servers)
        and (restarts or not kind.restarts)
        and _fit(keyword, kind)
    ]


def chosen_pairs(pairs: Sequence[Pair], shift: int) -> list[Pair]:
    """Return a few of the pairs, always the same ones, for a run that takes no long time.

    Each keyword is in it, and each fault about as often as any other. What changes a mailbox is in
    it once more, with its last answer lost: then it was done, though nobody was told.

    shift: another number for each server lets a keyword meet other faults there
    """
    kinds = list(dict.fromkeys(kind for _, kind in pairs))
    used: Counter[Kind] = Counter()
    chosen: list[Pair] = []
    for keyword in dict.fromkeys(keyword for keyword, _ in pairs):
        fitting = [kind for each, kind in pairs if each is keyword]
        start = (APART * shift + len(chosen)) % len(kinds)
        fitting.sort(key=lambda kind: (used[kind], (kinds.index(kind) - start) % len(kinds)))
        picked = fitting[:1]
        if keyword.changes:
            picked += [kind for kind in fitting[1:] if kind.place == 1][:1]
        for kind in picked:
            used[kind] += 1
            chosen.append((keyword, kind))
    return chosen


def _fit(keyword: Keyword, kind: Kind) -> bool:
    """Tell whether a fault can befall a keyword."""
    if keyword.sends and (kind.tls or kind.restarts):
        return False  # the embedded server's SMTP is in plain text
    return keyword.steady or kind.place < 1  # the last answer of a wait can't be foreseen
