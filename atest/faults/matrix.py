"""Runs all cells on a server."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from servers.base import Running

from faults.cell import Cell, Result
from faults.keywords import KEYWORDS, Keyword
from faults.kinds import KINDS, NOTHING, NOTHING_IN_TLS, Kind

AT_ONCE = 12
"""So many cells run at a time. Most of their time they wait."""

AT_ONCE_HERE = 6
"""So many on the embedded server, which shares this process."""


@dataclass
class Report:
    """What came of the cells.

    cells: how many different ones there were
    """

    cells: int = 0
    passed: int = 0
    failed: int = 0
    slowest: Result | None = None
    names: set[str] = field(default_factory=set)

    def add(self, result: Result) -> None:
        """Count a result, and print it if something was wrong."""
        self.names.add(result.cell)
        self.cells = len(self.names)
        if result.complaints:
            self.failed += 1
            print(f"FAILED  {result.cell}", *result.complaints, sep="\n        ", flush=True)
        else:
            self.passed += 1
        if self.slowest is None or result.overrun > self.slowest.overrun:
            self.slowest = result

    def __str__(self) -> str:
        text = f"{self.cells} cells, {self.passed} passed, {self.failed} failed"
        if self.slowest:
            text += (
                f"; the slowest keyword ended {self.slowest.overrun:+.2f} s from its deadline "
                f"({self.slowest.cell})"
            )
        return text


def run(server: Running, repeat: int = 1, share: tuple[int, int] = (0, 1)) -> Report:
    """Run the matrix on a server.

    repeat: so many times
    share: which of how many equal parts of the matrix, counted from 0
    """
    report = Report()
    numbers = itertools.count(1)
    for repetition in range(repeat):
        if repetition:
            print(f"{server.name}, {repetition + 1} of {repeat}: {report}", flush=True)
        _run_once(server, report, numbers, share)
    return report


def _run_once(
    server: Running, report: Report, numbers: Iterable[int], share: tuple[int, int]
) -> None:
    part, parts = share
    combinations = list(itertools.islice(_combinations(), part, None, parts))
    number = iter(numbers)
    rehearsed: dict[tuple[str, bool], tuple[int, int]] = {}

    def cell(keyword: Keyword, kind: Kind) -> Cell:
        traffic = rehearsed.get((keyword.name, kind.tls), (0, 0))
        return Cell(server, keyword, kind, next(number), traffic)

    with ThreadPoolExecutor(AT_ONCE_HERE if server.name == "embedded" else AT_ONCE) as pool:
        # What passes when nothing goes wrong tells where the middle of each keyword is.
        plain = [(keyword, kind) for kind in (NOTHING, NOTHING_IN_TLS) for keyword in KEYWORDS]
        for (keyword, kind), result in zip(
            plain, pool.map(Cell.run, [cell(*each) for each in plain]), strict=True
        ):
            report.add(result)
            # Of a wait, the half is reached in any case.
            shares = 1 if keyword.steady else 2
            rehearsed[keyword.name, kind.tls] = result.commands // shares, result.answers // shares
        for result in pool.map(
            Cell.run, [cell(*each) for each in combinations if not each[1].restarts]
        ):
            report.add(result)
    if server.restart:
        for keyword, kind in combinations:
            if kind.restarts:
                report.add(cell(keyword, kind).run())


def _combinations() -> Iterable[tuple[Keyword, Kind]]:
    """Yield what belongs together: the last answer of a wait can't be foreseen."""
    for kind, keyword in itertools.product(KINDS, KEYWORDS):
        if keyword.steady or kind.place < 1:
            yield keyword, kind
