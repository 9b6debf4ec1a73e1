"""What a mailbox costs that grows: commands, bytes, memory and time of the processor, on our side.

The floor is what the same costs with a hundred emails. All that may grow is the answer itself.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from clients import Library
from deliverer import compose
from folder import Folder
from lab import Lab
from proxy import Proxy
from table import FLOOR, OURS, Row

FEW = 100
SIZES = (FEW, 1000, 10_000, 100_000)

NEEDLE = "The one that is looked for"

SLACK = {"commands": 0.0, "KiB": 4.0, "MiB": 1.0}
"""By so much more than with few emails a figure may be. Time is shown, and is no goal."""


@dataclass(frozen=True)
class Cost:
    """What something cost the client."""

    commands: int
    size: float
    memory: float
    time: float


def on_embedded(lab: Lab) -> list[Row]:
    """Let a mailbox grow on the embedded server."""
    return _grown(lab, "embedded")


def on_dovecot(lab: Lab) -> list[Row]:
    """Let a mailbox grow on Dovecot."""
    return _grown(lab, "dovecot")


def _grown(lab: Lab, server: str) -> list[Row]:
    sizes = SIZES[: lab.repetitions(len(SIZES))]
    costs = {size: _costs(lab, server, size) for size in sizes}
    return [
        row
        for size in sizes[1:]
        for what, cost in costs[size].items()
        for row in _rows(f"{what}, {size:,} on {server}", costs[FEW][what], cost)
    ]


def _rows(what: str, few: Cost, many: Cost) -> Iterator[Row]:
    figures = {
        "commands": (few.commands, many.commands),
        "KiB": (few.size, many.size),
        "MiB": (few.memory, many.memory),
        "ms": (few.time, many.time),
    }
    for unit, (floor, ours) in figures.items():
        limit = None if unit == "ms" else round(floor + SLACK[unit], 1)
        yield Row(what, unit, {FLOOR: floor, OURS: ours}, limit=limit)


def _costs(lab: Lab, server: str, size: int) -> dict[str, Cost]:
    """Return what each thing costs with so many emails."""
    place = lab.place(server)
    with Folder(place, [compose(place.user, NEEDLE)]) as folder:
        folder.grow([compose(place.user, f"Number {n}") for n in range(1, FEW)], size)
        with Proxy(place.port) as proxy:
            library = Library()
            opened = replace(place, port=proxy.port)
            work: dict[str, Callable[[], object]] = {
                "open": lambda: library.open(opened),
                "search": lambda: library.call("find_emails", subject=NEEDLE),
                "wait": lambda: _wait(lab, server, library, place.user),
                "mark as read": library.mark_all_as_read,
            }
            costs = {}
            for what, do in work.items():
                with _measured(proxy) as cost:
                    do()
                costs[what] = cost()
            library.close()
    return costs


def _wait(lab: Lab, server: str, library: Library, user: str) -> None:
    """Take a mark, have an email delivered, and wait for it."""
    mark = library.call("get_mailbox_mark")
    subject, _ = lab.deliverer(server).later(user, 0.2)
    library.call("wait_for_email", subject=subject, after=mark)


@contextmanager
def _measured(proxy: Proxy) -> Iterator[Callable[[], Cost]]:
    """Provide what tells the cost of the block, when it has ended."""
    before = len(proxy.traffic)
    costs: list[Cost] = []
    tracemalloc.start()
    begin = time.thread_time()
    yield lambda: costs[0]
    seconds = time.thread_time() - begin
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    traffic = proxy.traffic.since(before)
    size = traffic.bytes()
    commands = sum(name not in ("IDLE", "DONE") for _, name in traffic.commands())
    costs.append(Cost(commands, size / 1024, memory / 1024**2, seconds * 1000))
