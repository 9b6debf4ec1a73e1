"""What can be done from the command line: `python -m ImapLibrary COMMAND`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

COMMANDS = {
    "check": ("doctor.command", "tell what works with a mailbox"),
    "migrate": ("migration.command", "rewrite suites of older libraries as they are written today"),
}
"""The module whose `main` does a command, and what it is for."""


def main(arguments: Sequence[str]) -> int:
    """Do a command, and return the exit code."""
    if arguments and arguments[0] in COMMANDS:
        module = import_module(f"ImapLibrary.{COMMANDS[arguments[0]][0]}")
        code: int = module.main(arguments[1:])
        return code
    asked = arguments and arguments[0] in ("-h", "--help")
    lines = ["python -m ImapLibrary COMMAND", ""]
    lines += [f"    {name:<10}{purpose}" for name, (_, purpose) in COMMANDS.items()]
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A folder or file may have a name that the terminal, or what it is piped into, can't show.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
