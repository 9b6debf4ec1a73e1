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

LISTED = {("mark as read", "embedded"): {"KiB": 8 / 1024, "MiB": 256 / 1024**2}}
"""What an answer holds for each email: UIDs, from a server that can't count without ESEARCH."""


FIELDS = {"commands": "commands", "KiB": "size", "MiB": "memory", "ms": "time"}


@dataclass(frozen=True)
class Cost:
    """What something cost the client, each field in the unit that `FIELDS` has for it.

    size: what went over the wire
    memory: what Python allocated at most
    time: of the processor
    """

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
    _costs(lab, server, FEW)  # loads modules
    costs = {size: _costs(lab, server, size) for size in sizes}
    return [
        row
        for what in costs[FEW]
        for row in _rows(what, server, {size: costs[size][what] for size in sizes})
    ]


def _rows(what: str, server: str, costs: dict[int, Cost]) -> Iterator[Row]:
    """Yield the rows of one thing: what it costs with the most emails, and with few."""
    most = max(costs)
    listed = LISTED.get((what, server), {})
    curves = {
        unit: [getattr(cost, field) for cost in costs.values()] for unit, field in FIELDS.items()
    }
    told = (
        f"{', '.join(f'{each:.3g}' for each in curve)} {unit}" for unit, curve in curves.items()
    )
    note = f"with {', '.join(f'{size:,}' for size in costs)}: {'; '.join(told)}"
    for unit, curve in curves.items():
        limit = None
        if unit in SLACK:
            limit = round(curve[0] + SLACK[unit] + listed.get(unit, 0) * most, 1)
        figures = {FLOOR: curve[0], OURS: curve[-1]}
        name = f"{what}, {most:,} on {server}"
        yield Row(name, unit, figures, limit=limit, note=note if unit == "ms" else "")


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
