"""Several waits at once, until the first of them has what it is for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from ImapLibrary.deadline import SLICE, Deadline
from ImapLibrary.errors import WaitTimedOut
from ImapLibrary.waiting.wait import Wait

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds that the servers of the other waits have to answer when the race is over. A connection on
which there is no answer by then is given up."""


def first_of(waits: Mapping[str, Wait[T]], deadline: Deadline) -> tuple[str, T]:
    """Return what is found first, with the name of its wait.

    deadline: that of all the waits; it is called off as soon as the race is over

    Nobody waits for a server that does not answer then: its connection is given up.

    Raises WaitTimedOut when all have ended in vain, with the texts of all, and what else a wait
    raises.
    """
    results: queue.SimpleQueue[tuple[str, Future[T]]] = queue.SimpleQueue()

    def run(name: str) -> None:
        future: Future[T] = Future()
        try:
            future.set_result(waits[name].run())
        except BaseException as failure:  # noqa: BLE001  # whatever it is, somebody waits for it
            future.set_exception(failure)
        results.put((name, future))

    threads = [threading.Thread(target=run, args=(name,), daemon=True) for name in waits]
    for thread in threads:
        thread.start()
    failures = []
    try:
        for _ in threads:
            name, future = _get(results)
            try:
                return name, future.result()
            except WaitTimedOut as failure:
                failures.append(str(failure))
        raise WaitTimedOut("\n".join(failures))
    finally:
        _end(waits.values(), threads, deadline)


def _end(
    waits: Iterable[Wait[T]], threads: Collection[threading.Thread], deadline: Deadline
) -> None:
    """End what is left of a race: in good order where servers answer, and else all the same."""
    deadline.call_off()
    try:
        _join(threads)
    finally:
        for wait in waits:
            wait.call_off()
    _join(threads)


def _join(threads: Iterable[threading.Thread]) -> None:
    """Wait for threads, but not for long, in slices as below."""
    until = Deadline(PATIENCE)
    for thread in threads:
        while thread.is_alive() and not until.passed:
            thread.join(min(SLICE, until.remaining()))


def _get(results: queue.SimpleQueue[tuple[str, T]]) -> tuple[str, T]:
    """Wait for a result in slices, so that an interruption gets through on every system."""
    while True:
        with suppress(queue.Empty):
            return results.get(timeout=SLICE)
