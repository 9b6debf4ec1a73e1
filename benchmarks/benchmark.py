"""Runs the benchmarks in one Python environment, and prints the table.

`python tasks.py benchmark` makes the environment and calls this.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import changing
import growing
import importing
import listing
import marking
import newsletter
import parsing
import reading
import sessions
import waiting
from clients import PEERS
from lab import Benchmark, Lab
from serving import Server, Unavailable
from table import Row, table

BENCHMARKS: dict[str, Benchmark] = {
    "wait-embedded": waiting.embedded,
    "wait-near": waiting.near,
    "wait-far": waiting.far,
    "mark": marking.mark,
    "body": reading.body,
    "parse": parsing.parse,
    "newsletter": newsletter.text_and_links,
    "list": listing.headers,
    "change": changing.change,
    "grow-embedded": growing.on_embedded,
    "grow-dovecot": growing.on_dovecot,
    "sessions": sessions.open_and_close,
    "import": importing.imports,
}

PACKAGES = ("robotframework", "IMAPClient", "imap-tools", "robotframework-imaplibrary2")


def main() -> None:
    """Run what the command line names, and exit with 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=list(BENCHMARKS), choices=BENCHMARKS)
    parser.add_argument("--quick", action="store_true", help="repeat little")
    parser.add_argument("--results", type=Path, required=True, help="folder for the table")
    arguments = parser.parse_args()
    load_before = load()
    rows: list[Row] = []
    skipped: list[str] = []
    with Lab(quick=arguments.quick) as lab:
        for name in arguments.only:
            print(f"{name} ...", flush=True)
            try:
                rows += BENCHMARKS[name](lab)
            except Unavailable as reason:
                skipped.append(f"{name} was skipped: {reason}")
        parts = [
            *conditions(lab.servers),
            f"Load before: {load_before}; after: {load()}",
            "",
            table(rows, [peer.name for peer in PEERS]),
            *skipped,
        ]
    text = "\n".join(parts)
    print(f"\n{text}")
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "table.txt").write_text(f"{text}\n", encoding="utf-8")
    sys.exit(not all(row.met for row in rows))


def conditions(servers: Iterable[Server]) -> list[str]:
    """Return what the figures depend on, in a few lines."""
    software = [f"{package} {version(package)}" for package in PACKAGES]
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        ", ".join([f"Python {platform.python_version()}", *software]),
        *(f"{server.name}: {server.version}" for server in servers),
    ]


def load() -> str:
    """Return how busy the machine is, by the average of the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main()
