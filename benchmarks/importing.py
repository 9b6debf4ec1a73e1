"""How long imports take, in interpreters that have imported nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys

from lab import Lab, medians
from table import FLOOR, OURS, Row

IMPORTS = {
    FLOOR: "robot.api, imapclient, robotlibcore",
    OURS: "ImapLibrary",
    "IMAPClient": "imapclient",
    "imap_tools": "imap_tools",
    "imaplibrary2": "ImapLibrary2",
}

MADE = "ImapLibrary; ImapLibrary.ImapLibrary()"
"""What Robot Framework does: it loads the keywords too."""

TIMED = """
import time
begin = time.perf_counter()
import {}
print(time.perf_counter() - begin)
"""


def imports(lab: Lab) -> list[Row]:
    """Import each in turn, again and again."""
    all_of_them = {**IMPORTS, MADE: MADE}
    for modules in all_of_them.values():
        _seconds(modules)  # compiles them, if nobody has before
    seconds: dict[str, list[float]] = {name: [] for name in all_of_them}
    for _ in range(lab.repetitions(51)):
        for name, modules in all_of_them.items():
            seconds[name].append(_seconds(modules))
    figures = medians(seconds.items(), 1000)
    made = {FLOOR: figures[FLOOR], OURS: figures.pop(MADE)}
    what = "import of the library"
    return [
        Row(what, "ms", figures, times=1.15, note=f"the floor is that of {IMPORTS[FLOOR]}"),
        Row(f"{what}, and making it, keywords and all", "ms", made),
    ]


def _seconds(modules: str) -> float:
    """Return how long an import takes in a fresh interpreter."""
    # Where compiled files may not be kept, compiling would be most of what is measured.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", TIMED.format(modules)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return float(done.stdout)
