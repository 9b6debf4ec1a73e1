"""Several waits at once, until the first of them has what it is for."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import TypeAlias, TypeVar

from ImapLibrary.deadline import SLICE, Deadline
from ImapLibrary.errors import WaitTimedOut
from ImapLibrary.waiting.wait import Wait

T = TypeVar("T")

_log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that the servers of the other waits have to answer when the race is over. A connection on
which there is no answer by then is given up."""

News: TypeAlias = "queue.SimpleQueue[tuple[str, Future[T] | logging.LogRecord]]"
"""What waits in other threads have to tell, each with its name: their ends, and lines for the log."""


def first_of(waits: Mapping[str, Wait[T]], deadline: Deadline) -> tuple[str, T]:
    """Return what is found first, with the name of its wait.

    deadline: that of all the waits; it is called off as soon as the race is over

    Nobody waits for a server that does not answer then: its connection is given up.

    Raises WaitTimedOut when all have ended in vain, with the texts of all, and what else a wait
    raises.
    """
    news: News[T] = queue.SimpleQueue()
    names: dict[int, str] = {}

    def run(name: str) -> None:
        names[threading.get_ident()] = name
        future: Future[T] = Future()
        try:
            future.set_result(waits[name].run())
        except BaseException as failure:  # noqa: BLE001  # whatever it is, somebody waits for it
            future.set_exception(failure)
        news.put((name, future))

    threads = [threading.Thread(target=run, args=(name,), daemon=True) for name in waits]
    failures = []
    with _heard(names, news):
        try:
            for thread in threads:
                thread.start()
            for _ in threads:
                name, future = _next_result(news)
                try:
                    return name, future.result()
                except WaitTimedOut as failure:
                    failures.append(str(failure))
            raise WaitTimedOut("\n".join(failures))
        finally:
            _end(waits.values(), [thread for thread in threads if thread.ident], deadline)


@contextmanager
def _heard(names: Mapping[int, str], news: News[T]) -> Iterator[None]:
    """Let what waits write to the log be among the news, and write at the end what is left of it.

    names: the waits, by the identifiers of their threads
    """
    records = _Records(names, news.put)
    logger = logging.getLogger()
    logger.addHandler(records)
    try:
        yield
    finally:
        logger.removeHandler(records)
        with suppress(queue.Empty):
            while True:
                _write(*news.get_nowait())


class _Records(logging.Handler):
    """Takes what waits write to the log, with their names."""

    def __init__(
        self, names: Mapping[int, str], take: Callable[[tuple[str, logging.LogRecord]], None]
    ) -> None:
        super().__init__()
        self._names = names
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        if name := self._names.get(record.thread or 0):
            self._take((name, record))


def _write(name: str, record: object) -> None:
    """Write to the log what a wait wrote, for Robot Framework takes nothing from its thread."""
    if isinstance(record, logging.LogRecord):
        _log.log(record.levelno, "In mailbox %r: %s", name, record.getMessage())


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


def _next_result(news: News[T]) -> tuple[str, Future[T]]:
    """Wait for a result in slices, so that an interruption gets through on every system."""
    while True:
        with suppress(queue.Empty):
            name, what = news.get(timeout=SLICE)
            if isinstance(what, Future):
                return name, what
            _write(name, what)
