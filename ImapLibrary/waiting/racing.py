"""Several waits at once, until the first of them has what it is for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from ImapLibrary.deadline import SLICE, Deadline
from ImapLibrary.errors import WaitTimedOut
from ImapLibrary.waiting.wait import Wait

T = TypeVar("T")


def first_of(waits: Mapping[str, Wait[T]], deadline: Deadline) -> tuple[str, T]:
    """Return what is found first, with the name of its wait.

    deadline: that of all the waits; it is called off as soon as the race is over

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
        deadline.call_off()
        for thread in threads:
            thread.join()


def _get(results: queue.SimpleQueue[tuple[str, T]]) -> tuple[str, T]:
    """Wait for a result in slices, so that an interruption gets through on every system."""
    while True:
        with suppress(queue.Empty):
            return results.get(timeout=SLICE)
