"""What it costs to flag, to move and to delete thousands of emails.

The floor says the same over a bare socket, in as few commands as there can be. Both have fetched
the headers of the emails before, and rested since: a server that comes from that work is quicker.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clients import Library
from deliverer import compose
from folder import Folder
from lab import Lab, medians
from marking import MANY
from proxy import Proxy, Traffic
from rawsocket import Place, RawSocket
from table import FLOOR, OURS, Row

ELSEWHERE = "Archive"

STOCK = "Stock"
"""The folder from which the emails come again after each change."""

REST = 0.2
"""Seconds between finding emails and changing them. Reading what was found takes us as long, so that
without a rest the floor alone would meet a busy server."""

LONGEST_COMMAND = 8.0
"""KiB that a command may be long (RFC 7162, section 4)."""


@dataclass(frozen=True)
class Change:
    """One change of all emails of a folder.

    what: what it is called
    raw: the commands that it takes at least
    ours: the keyword that does it, given the emails
    limit: how many commands we may need
    """

    what: str
    raw: Sequence[str]
    ours: Callable[[Library], object]
    limit: int


CHANGES = (
    Change(
        "flag",
        [r"STORE 1:* +FLAGS.SILENT (\Flagged)"],
        lambda library: library.call("flag_email", library.emails),
        limit=3,
    ),
    Change(
        "move",
        [f"MOVE 1:* {ELSEWHERE}"],
        lambda library: library.call("move_email", library.emails, ELSEWHERE),
        limit=4,
    ),
    Change(
        "delete",
        [r"STORE 1:* +FLAGS.SILENT (\Deleted)", "EXPUNGE"],
        lambda library: library.call("delete_email", library.emails),
        limit=4,
    ),
)


def change(lab: Lab) -> list[Row]:
    """Change 5,000 emails on Dovecot, that were found before."""
    place = lab.place("dovecot")
    emails = (compose(place.user, f"Number {number}") for number in range(1, MANY + 1))
    with Folder(place, emails) as folder:
        folder.command(f"CREATE {ELSEWHERE}")
        folder.command(f"CREATE {STOCK}")
        folder.command(f"MOVE 1:* {STOCK}")
        return [row for each in CHANGES for row in _rows(lab, folder, each)]


def _rows(lab: Lab, folder: Folder, change: Change) -> list[Row]:
    seconds: dict[str, list[float]] = {FLOOR: [], OURS: []}
    for _ in range(lab.repetitions(15)):
        for name, times in seconds.items():
            _fill(folder)
            times.append(_timed(name, folder.place, change))
    _fill(folder)
    with Proxy(folder.place.port) as proxy:
        traffic = _observed(proxy, folder.place, change)
    commands = traffic.commands()
    longest = max(piece.size for piece in traffic if piece.from_client)
    what = f"{change.what} {MANY:,}"
    return [
        Row(what, "ms", medians(seconds.items(), 1000), times=1.2),
        Row(what, "commands", {FLOOR: len(change.raw), OURS: len(commands)}, limit=change.limit),
        Row(f"{what}: longest", "KiB", {OURS: longest / 1024}, limit=LONGEST_COMMAND),
    ]


def _fill(folder: Folder) -> None:
    """Have the emails in INBOX, as they were at first, and nowhere else but in the stock."""
    for name in ("INBOX", ELSEWHERE):
        if b"* 0 EXISTS" not in folder.command(f"SELECT {name}"):
            folder.command(r"STORE 1:* +FLAGS.SILENT (\Deleted)")
            folder.command("EXPUNGE")
    folder.command(f"SELECT {STOCK}")
    folder.command("COPY 1:* INBOX")


def _timed(name: str, place: Place, change: Change) -> float:
    """Return how many seconds a change takes."""
    if name == FLOOR:
        raw = RawSocket()
        raw.open(place)
        raw.headers()
        _rest()
        begin = time.perf_counter()
        for command in change.raw:
            raw.command(command)
        seconds = time.perf_counter() - begin
        raw.close()
        return seconds
    library = Library()
    library.open(place)
    library.find_all()
    _rest()
    begin = time.perf_counter()
    changed = change.ours(library)  # kept, as a suite keeps it: to let go of it takes time too
    seconds = time.perf_counter() - begin
    assert changed
    library.close()
    return seconds


def _rest() -> None:
    """Let the server come to rest.

    Python throws away what finding has left over, as timeit does: a full round of its collector
    takes as long as a change, and would fall into one of three changes.
    """
    gc.collect()
    time.sleep(REST)


def _observed(proxy: Proxy, place: Place, change: Change) -> Traffic:
    """Return what passes by while we do a change."""
    library = Library()
    library.open(replace(place, port=proxy.port))
    library.find_all()
    before = len(proxy.traffic)
    change.ours(library)
    traffic = proxy.traffic.since(before)
    library.close()
    return traffic
