"""Runs cells on a server."""

from __future__ import annotations

import gc
import itertools
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from servers import SERVERS
from servers.base import Running

from faults.cell import Cell, Result
from faults.choice import Pair, all_pairs, chosen_pairs
from faults.kinds import NOTHING, NOTHING_IN_TLS

AT_ONCE = 12
"""So many cells run at a time. Most of their time they wait."""

AT_ONCE_HERE = 6
"""So many on the embedded server, which shares this process."""

TRIES = 3
"""So often a cell runs by itself as long as a busy machine may be all that was wrong."""


@dataclass
class Report:
    """What came of the cells.

    cells: how many different ones there were
    again: how many runs were late, so that the cell ran again
    slowest: the one that ended the longest after its deadline
    """

    passed: int = 0
    failed: int = 0
    again: int = 0
    slowest: Result | None = None
    names: set[str] = field(default_factory=set)

    @property
    def cells(self) -> int:
        return len(self.names)

    def add(self, result: Result) -> None:
        """Count a cell, and print it if something was wrong."""
        self.names.add(result.cell)
        if not result.complaints:
            self.passed += 1
        self.check(result)

    def check(self, result: Result) -> None:
        """Count and print what was wrong, if anything was."""
        if result.complaints:
            self.failed += 1
            _tell("FAILED", result)

    def note(self, result: Result) -> None:
        """Note whether a run has to be repeated, and by how much it missed its deadline."""
        if result.again:
            self.again += 1
            _tell("AGAIN ", result)
        if self.slowest is None or result.overrun > self.slowest.overrun:
            self.slowest = result

    def __str__(self) -> str:
        text = (
            f"{self.cells} cells, {self.passed} passed, {self.failed} failed, "
            f"{self.again} late and run again"
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
        alone = []
        with ThreadPoolExecutor(
            AT_ONCE_HERE if self._server.name == "embedded" else AT_ONCE
        ) as pool:
            self._rehearse(pool, pairs)
            peaceful = [pair for pair in pairs if not pair[1].restarts]
            for pair, result in zip(peaceful, pool.map(self._once, peaceful), strict=True):
                self.report.note(result)
                if result.again:
                    alone.append(pair)
                else:
                    self.report.add(result)
        alone += [pair for pair in pairs if pair[1].restarts]
        for pair in alone:
            self.report.add(self._alone(pair))

    def _rehearse(self, pool: ThreadPoolExecutor, pairs: Iterable[Pair]) -> None:
        """Let nothing go wrong: what passes then tells where the middle of each keyword is."""
        wanted = {_passing(pair): _plain(pair) for pair in pairs if pair[1].place}
        missing = {key: plain for key, plain in wanted.items() if key not in self._traffic}
        for key, plain, first in zip(
            missing, missing.values(), pool.map(self._once, missing.values()), strict=True
        ):
            self.report.note(first)
            result = self._alone(plain) if first.again else first
            self._traffic[key] = result.traffic
            self.report.check(result)

    def _alone(self, pair: Pair) -> Result:
        """Run a cell by itself, again if a busy machine may be all that was wrong."""
        for _ in range(TRIES):
            result = self._once(pair)
            self.report.note(result)
            if not result.again:
                break
            if pair[1].place:  # in the rehearsal, something else may have passed, too
                self._traffic[_passing(pair)] = self._once(_plain(pair)).traffic
        return result

    def _once(self, pair: Pair) -> Result:
        keyword, kind = pair
        traffic = self._traffic.get(_passing(pair), (0, 0))
        return Cell(self._server, keyword, kind, next(self._numbers), traffic).run()


def _passing(pair: Pair) -> tuple[str, bool]:
    """Return what decides how much passes: the keyword, and whether it does in TLS."""
    return pair[0].name, pair[1].tls


def _plain(pair: Pair) -> Pair:
    """Return the keyword without a fault."""
    return pair[0], NOTHING_IN_TLS if pair[1].tls else NOTHING


def _tell(word: str, result: Result) -> None:
    print(f"{word}  {result.cell}", *result.complaints, sep="\n        ", flush=True)


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
        # The accounts of the embedded server stay. Python would go through them all now and then, for
        # seconds in which every thread stands still.
        gc.collect()
        gc.freeze()
        laboratory.run(pairs)
    return laboratory.report
