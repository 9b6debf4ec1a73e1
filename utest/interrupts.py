"""What Robot Framework's time-outs do to a thread on Windows, on any system."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds after which a test gives up. Nothing that works takes a tenth of it."""


class Interruption(BaseException):
    """As Robot Framework's time-out: no `Exception`, so that nobody catches it by accident."""


def interrupted(operation: Callable[[], object], seconds: float = 0.3) -> bool:
    """Interrupt an operation that would take for ever, and return whether that ended it.

    seconds: when to interrupt it

    Python delivers the exception between two steps of its own, never in the middle of a system
    call. So it only gets through if no system call lasts long.
    """
    ended: list[str] = []

    def run() -> None:
        try:
            operation()
            ended.append("by itself")
        except Interruption:
            ended.append("by the interruption")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert thread.is_alive()
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interruption)
    )
    thread.join(PATIENCE)
    return ended == ["by the interruption"]
