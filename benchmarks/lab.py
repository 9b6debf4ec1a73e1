"""What every benchmark has at hand: servers, accounts, deliveries, and how often to repeat."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from statistics import median
from types import TracebackType

from deliverer import Deliverer
from proxy import HOST
from rawsocket import Place
from serving import Server, running
from table import Row


class Lab:
    """Servers, started when they are first asked for and stopped at the end.

    quick: whether to repeat as little as it takes to see that all works
    """

    def __init__(self, *, quick: bool) -> None:
        self._quick = quick
        self._servers: dict[str, Server] = {}
        self._deliverers: dict[str, Deliverer] = {}
        self._numbers = itertools.count(1)
        self._stack = ExitStack()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def servers(self) -> list[Server]:
        """The servers that were started."""
        return list(self._servers.values())

    def server(self, name: str) -> Server:
        """Return a server, as in atest/servers. Raises Unavailable."""
        if name not in self._servers:
            self._servers[name] = self._stack.enter_context(running(name))
        return self._servers[name]

    def deliverer(self, name: str) -> Deliverer:
        """Return who delivers to that server."""
        if name not in self._deliverers:
            server = self.server(name)
            deliverer = Deliverer(server.delivery, server.delivery_port)
            self._deliverers[name] = self._stack.enter_context(deliverer)
        return self._deliverers[name]

    def place(self, name: str) -> Place:
        """Return an account on that server that nobody has used before."""
        user = f"benchmark{next(self._numbers)}@example.com"
        return Place(HOST, self.server(name).imap_port, user)

    def repetitions(self, full: int) -> int:
        """Return how often to repeat what is repeated so often in a full run."""
        return min(full, 2) if self._quick else full


Benchmark = Callable[[Lab], list[Row]]
"""Measures something, and returns what is to stand in the table."""


def spread(first: float, last: float, count: int) -> list[float]:
    """Return numbers that lie evenly between two, the first and the last among them."""
    step = (last - first) / max(1, count - 1)
    return [first + number * step for number in range(count)]


def medians(samples: Iterable[tuple[str, list[float]]], scale: float = 1.0) -> dict[str, float]:
    """Return the median of each client's samples, multiplied."""
    return {name: median(values) * scale for name, values in samples}
