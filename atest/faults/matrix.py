"""Runs cells on a server."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from servers import SERVERS
from servers.base import Running

from faults.cell import Cell, Result
from faults.choice import Pair, all_pairs, chosen_pairs
from faults.keywords.base import Keyword
from faults.kinds import NOTHING, NOTHING_IN_TLS, Kind

AT_ONCE = 12
"""So many cells run at a time. Most of their time they wait."""

AT_ONCE_HERE = 6
"""So many on the embedded server, which shares this process."""

TRIES = 3
"""So often a cell runs that ends late, the last times by itself. Then it was not the others."""


@dataclass
class Report:
    """What came of the cells.

    cells: how many different ones there were
    late: how many runs ended late; the cell ran again then
    """

    passed: int = 0
    failed: int = 0
    late: int = 0
    slowest: Result | None = None
    names: set[str] = field(default_factory=set)

    @property
    def cells(self) -> int:
        return len(self.names)

    def add(self, result: Result) -> None:
        """Count a result, and print it if something was wrong."""
        self.names.add(result.cell)
        if result.complaints:
            self.fail(result)
        else:
            self.passed += 1

    def fail(self, result: Result) -> None:
        """Count a failure, and print it."""
        self.failed += 1
        print(f"FAILED  {result.cell}", *result.complaints, sep="\n        ", flush=True)

    def time(self, result: Result) -> None:
        """Note by how much a run of a cell missed its deadline."""
        self.late += result.late
        if self.slowest is None or result.overrun > self.slowest.overrun:
            self.slowest = result

    def __str__(self) -> str:
        text = (
            f"{self.cells} cells, {self.passed} passed, {self.failed} failed, "
            f"{self.late} ended late and ran again"
        )
        if self.slowest:
            text += (
                f"; the slowest keyword ended {self.slowest.overrun:+.2f} s from its deadline "
                f"({self.slowest.cell})"
            )
        return text


class Laboratory:
    """The cells of a server, and what came of them so far."""

    def __init__(self, server: Running) -> None:
        self.report = Report()
        self._server = server
        self._numbers = itertools.count(1)
        self._traffic: dict[tuple[str, bool], tuple[int, int]] = {}

    def run(self, pairs: Sequence[Pair]) -> None:
        """Run cells, first all that do not disturb each other, then the others."""
        with ThreadPoolExecutor(
            AT_ONCE_HERE if self._server.name == "embedded" else AT_ONCE
        ) as pool:
            self._rehearse(pool, pairs)
            peaceful = [pair for pair in pairs if not pair[1].restarts]
            results = list(pool.map(lambda pair: self._once(*pair), peaceful))
        for pair, result in itertools.chain(
            zip(peaceful, results, strict=True), self._restarting(pairs)
        ):
            self._judge(pair, result)

    def _rehearse(self, pool: ThreadPoolExecutor, pairs: Iterable[Pair]) -> None:
        """Let nothing go wrong: what passes then tells where the middle of each keyword is."""
        wanted = {(keyword.name, kind.tls): keyword for keyword, kind in pairs if kind.place}
        missing = {key: keyword for key, keyword in wanted.items() if key not in self._traffic}
        plain = [(each, NOTHING_IN_TLS if tls else NOTHING) for (_, tls), each in missing.items()]
        for key, result in zip(
            missing, pool.map(lambda pair: self._once(*pair), plain), strict=True
        ):
            self._traffic[key] = result.traffic
            if result.complaints:
                self.report.fail(result)

    def _restarting(self, pairs: Iterable[Pair]) -> Iterator[tuple[Pair, Result]]:
        for pair in pairs:
            if pair[1].restarts:
                yield pair, self._once(*pair)

    def _judge(self, pair: Pair, result: Result) -> None:
        """Note a result, that of another run of the cell if it ended late."""
        self.report.time(result)
        for _ in range(1, TRIES):
            if not result.late or result.complaints:
                break
            result = self._once(*pair)
            self.report.time(result)
        if result.late:
            result.complaints.append(f"It ended {result.overrun:.1f} s after its deadline.")
        self.report.add(result)

    def _once(self, keyword: Keyword, kind: Kind) -> Result:
        traffic = self._traffic.get((keyword.name, kind.tls), (0, 0))
        return Cell(self._server, keyword, kind, next(self._numbers), traffic).run()


def run(server: Running, *, repeat: int, chosen: bool) -> Report:
    """Run the matrix on a server.

    repeat: so many times
    chosen: only those cells that run with every test
    """
    # The embedded server runs in this process, and what it notes of lost connections is no news.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    laboratory = Laboratory(server)
    pairs = all_pairs(server.name, restarts=server.restart is not None)
    if chosen:
        pairs = chosen_pairs(pairs, shift=list(SERVERS).index(server.name))
    for repetition in range(repeat):
        if repetition:
            print(f"{server.name}, {repetition} of {repeat}: {laboratory.report}", flush=True)
        laboratory.run(pairs)
    return laboratory.report
