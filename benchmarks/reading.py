"""What the text of an email costs that has a large attachment.

As a program it lets one client read the email, and prints what memory that took: in a process of
its own, because a peak can't be taken back.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from clients import ALL, Client, Library
from deliverer import compose
from folder import Folder
from lab import Lab, medians
from proxy import HOST, Proxy
from rawsocket import Place
from table import Row

KIB = 1024
MIB = 1024 * KIB
ATTACHED = 25 * MIB

SUBJECT = "Your invoice."

NO_WAIT = "the others have no wait that found the email before, so all their round trips count"

CLEAR_PEAK = Path("/proc/self/clear_refs")
"""Exists on Linux alone."""


def body(lab: Lab) -> list[Row]:
    """Read the text of an email with an attachment of 25 MiB on Dovecot."""
    place = lab.place("dovecot")
    with Folder(place, [_invoice(place.user)]) as folder:
        seconds: dict[str, list[float]] = {kind.name: [] for kind in ALL}
        for _ in range(lab.repetitions(11)):
            for kind in ALL:
                seconds[kind.name].append(_timed(folder, kind()))
        counts = {kind.name: _counted(folder, kind()) for kind in ALL}
        allocated = {kind.name: _memory(folder, kind, "allocated") for kind in ALL}
        if CLEAR_PEAK.exists():
            resident = {kind.name: _memory(folder, kind, "resident") for kind in ALL}
    after_wait = {name: trips for name, (trips, _) in counts.items()}
    transferred = {name: size / KIB for name, (_, size) in counts.items()}
    what = f"body, {ATTACHED // MIB} MiB attached"
    rows = [
        Row(what, "ms", medians(seconds.items(), 1000)),
        Row(f"{what}: after the wait", "round trips", after_wait, limit=2, note=NO_WAIT),
        Row(f"{what}: over the wire", "KiB", transferred, limit=128),
        Row(f"{what}: Python's peak", "MiB", allocated, limit=5),
    ]
    if CLEAR_PEAK.exists():
        rows.append(Row(f"{what}: process's peak", "MiB", resident, limit=5))
    return rows


def _invoice(to: str) -> EmailMessage:
    """Return an email with a text and a large attachment."""
    email = compose(to, SUBJECT)
    content = bytes(range(256)) * (ATTACHED // 256)
    email.add_attachment(content, "application", "pdf", filename="invoice.pdf")
    return email


def _timed(folder: Folder, client: Client) -> float:
    """Return how many seconds a client takes to find the email and read it."""
    folder.make_unread()
    client.open(folder.place)
    begin = time.perf_counter()
    text = client.body(SUBJECT)
    seconds = time.perf_counter() - begin
    client.close()
    if SUBJECT not in text:
        raise RuntimeError(f"{client.name} returned {text[:200]!r}.")
    folder.check_read()
    return seconds


def _counted(folder: Folder, client: Client) -> tuple[int, int]:
    """Return how many round trips the body takes, and how many bytes pass from the wait on."""
    folder.make_unread()
    with Proxy(folder.place.port) as proxy:
        client.open(replace(folder.place, port=proxy.port))
        opened = found = len(proxy.traffic)
        if isinstance(client, Library):
            email = client.find(SUBJECT)
            found = len(proxy.traffic)
            client.read(email)
        else:
            client.body(SUBJECT)
        traffic = proxy.traffic.since(opened)
        client.close()
    return traffic.since(found - opened).round_trips(), traffic.bytes()


def _memory(folder: Folder, kind: type[Client], measure: str) -> float:
    """Return by how many MiB the memory of a process grew at most when a client read the email."""
    folder.make_unread()
    place = folder.place
    command = [sys.executable, __file__, measure, kind.name, str(place.port), place.user]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout) / MIB


def allocated(read: Callable[[], str]) -> int:
    """Return how many bytes Python had allocated at most, of what it had not before."""
    tracemalloc.start()
    read()
    return tracemalloc.get_traced_memory()[1]


def resident(read: Callable[[], str]) -> int:
    """Return by how many bytes the memory that the system gave to the process grew at most."""
    CLEAR_PEAK.write_text("5", encoding="ascii")  # proc(5)
    before = _status("VmRSS")
    read()
    return _status("VmHWM") - before


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return int(values[field].split()[0]) * KIB


def main() -> None:
    """Open a mailbox, read the email, and print what that did to the memory."""
    measure, name, port, user = sys.argv[1:]
    client = next(kind for kind in ALL if kind.name == name)()
    client.open(Place(HOST, int(port), user))
    print({"allocated": allocated, "resident": resident}[measure](lambda: client.body(SUBJECT)))
    client.close()


if __name__ == "__main__":
    main()
