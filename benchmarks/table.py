"""The table that a run of the benchmarks prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FLOOR = "floor"
OURS = "ours"


@dataclass(frozen=True)
class Row:
    """One thing that was measured, of the floor, of the library and of others.

    what: what it is
    unit: of all the figures
    figures: by the names of `clients.py`; who can't be compared is left out
    times: how many times the floor ours may be at most, None if that is no goal
    limit: what ours may be at most, None if that is no goal
    note: what else there is to know; printed below the table
    """

    what: str
    unit: str
    figures: Mapping[str, float]
    times: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor ours is."""
        floor = self.figures.get(FLOOR)
        return self.figures[OURS] / floor if floor else None

    @property
    def has_goal(self) -> bool:
        return self.times is not None or self.limit is not None

    @property
    def met(self) -> bool:
        """Whether all goals are; true if there are none."""
        near = self.times is None or (self.ratio is not None and self.ratio <= self.times)
        return near and (self.limit is None or self.figures[OURS] <= self.limit)


def table(rows: Sequence[Row], peers: Sequence[str]) -> str:
    """Return the rows as text, the notes below."""
    head = ["what", "unit", "floor", "ours", "ratio", "goal", "met", *peers]
    cells = [head, *(_cells(row, peers) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    cells.insert(1, ["-" * width for width in widths])
    lines = ["  ".join(_aligned(line, widths)).rstrip() for line in cells]
    notes = [f"{row.what}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _cells(row: Row, peers: Sequence[str]) -> list[str]:
    return [
        row.what,
        row.unit,
        _number(row.figures.get(FLOOR)),
        _number(row.figures[OURS]),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        _goal(row),
        ("yes" if row.met else "NO") if row.has_goal else "",
        *(_number(row.figures.get(peer)) for peer in peers),
    ]


def _goal(row: Row) -> str:
    goals = []
    if row.times is not None:
        goals.append(f"{row.times:g} x floor")
    if row.limit is not None:
        goals.append(f"{row.limit:g}")
    return ", ".join(goals)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Put words to the left and figures to the right."""
    words = {0, 1, 5, 6}
    return [
        cell.ljust(width) if i in words else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
