"""Runs a mail server of atest/servers in a process of its own, away from what is measured.

As a program it runs the server that its argument names, prints where it is, and stops it when its
input ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ATEST = Path(__file__).parents[1] / "atest"


class Unavailable(Exception):
    """This machine can't run the server; the text says why."""


@dataclass(frozen=True)
class Server:
    """A server that accepts connections on the loopback interface.

    imap_port: for plain text
    delivery, delivery_port: how and where it takes emails: "smtp" or "lmtp"
    """

    name: str
    version: str
    imap_port: int
    delivery: str
    delivery_port: int


@contextmanager
def running(name: str) -> Iterator[Server]:
    """Run a server until the block ends. Raises Unavailable."""
    command = [sys.executable, __file__, name]
    pipe = subprocess.PIPE
    # The end of the block closes the input, and waits.
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"The server {name} did not start; its message stands above.")
        answer = json.loads(line)
        if "unavailable" in answer:
            raise Unavailable(f"{name}: {answer['unavailable']}")
        yield Server(**answer)


def main() -> None:
    """Run the server until the input ends."""
    sys.path.append(str(ATEST))
    from servers import SERVERS, base

    try:
        with SERVERS[sys.argv[1]]() as server:
            fields = ("name", "version", "imap_port", "delivery", "delivery_port")
            print(json.dumps({field: getattr(server, field) for field in fields}), flush=True)
            sys.stdin.read()
    except base.Unavailable as reason:
        print(json.dumps({"unavailable": str(reason)}))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
