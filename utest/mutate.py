"""Proves of each email in `emails/` that it is needed: that it alone catches a mistake in the reader.

    python utest/mutate.py [--jobs NUMBER] [NAME ...]

`mutations.txt` holds a mutation of the reader for each email, as a small diff:

    name_of_the_email module
    - text that is in the module once
    + text to put in its place

Each mutation is applied in a copy of the package, and all emails are read with it. Exactly the one
that it is for must read otherwise than its expected values say.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import ImapLibrary

HERE = Path(__file__).parent
PACKAGE = Path(ImapLibrary.__file__).parent
MUTATIONS = HERE / "mutations.txt"

TIMEOUT = 120

READ_ALL = """
import sys, types
sys.path[:0] = sys.argv[1:]
# The package without its __init__, which loads everything else.
sys.modules["ImapLibrary"] = package = types.ModuleType("ImapLibrary")
package.__path__ = [sys.argv[1] + "/ImapLibrary"]
from corpus import SAMPLES
for sample in SAMPLES:
    try:
        caught = sample.read() != sample.expected
    except Exception:
        caught = True
    if caught:
        print(sample)
"""
"""What a process of its own does with a copy of the package: name the emails that read otherwise."""


@dataclass(frozen=True)
class Mutation:
    """A mistake in the reader that one email is there to catch."""

    email: str
    module: str
    old: str
    new: str

    def path(self, package: Path) -> Path:
        """Return where the module is in a package."""
        return package.joinpath(*self.module.split(".")).with_suffix(".py")

    def apply(self, source: str) -> str:
        """Return the source of the module with the mistake in it."""
        found = source.count(self.old)
        if found != 1:
            raise ValueError(f"{self.email}: what to change is {found} times in {self.module}.")
        return source.replace(self.old, self.new)


def mutations() -> list[Mutation]:
    """Return the mutations of `mutations.txt`."""
    blocks = MUTATIONS.read_text(encoding="utf-8").strip().split("\n\n")
    return [_mutation(block.split("\n")) for block in blocks]


def _mutation(lines: list[str]) -> Mutation:
    email, module = lines[0].split()
    old, new = ([line[2:] for line in lines[1:] if line.startswith(sign)] for sign in "-+")
    if not old or len(old) + len(new) != len(lines) - 1:
        raise ValueError(f"{email}: after the first line, lines begin with - or +.")
    return Mutation(email, module, "\n".join(old), "\n".join(new))


def caught_by(mutation: Mutation, copy: Path) -> set[str]:
    """Return the names of the emails that read otherwise with this mutation.

    copy: a folder with a copy of the package, which is left as it was
    """
    module = mutation.path(copy / "ImapLibrary")
    source = module.read_text(encoding="utf-8")
    module.write_text(mutation.apply(source), encoding="utf-8")
    try:
        return _misread(copy)
    finally:
        module.write_text(source, encoding="utf-8")


def _misread(copy: Path) -> set[str]:
    command = [sys.executable, "-B", "-c", READ_ALL, str(copy), str(HERE)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return {"(endless)"}
    return set(done.stdout.split()) if done.returncode == 0 else {"(none can be read)"}


def run(chosen: list[Mutation], jobs: int) -> Iterator[tuple[Mutation, set[str]]]:
    """Yield each mutation with the names of the emails that catch it."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copy = Path(folder) / str(number)
            shutil.copytree(PACKAGE, copy / "ImapLibrary", ignore=_compiled)
            copies.put(copy)

        def one(mutation: Mutation) -> tuple[Mutation, set[str]]:
            copy = copies.get()
            try:
                return mutation, caught_by(mutation, copy)
            finally:
                copies.put(copy)

        yield from pool.map(one, chosen)


def _compiled(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__"]


def main() -> None:
    """Run the mutations of the emails that are named, by default all, and print what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="of an email")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="NUMBER")
    arguments = parser.parse_args()
    chosen = [each for each in mutations() if each.email in (arguments.names or [each.email])]
    wrong = 0
    for mutation, caught in run(chosen, arguments.jobs):
        if caught != {mutation.email}:
            wrong += 1
            print(f"{mutation.email}: caught by {', '.join(sorted(caught)) or 'none'}")
    print(f"{len(chosen) - wrong} of {len(chosen)} mutations are caught by just their email.")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
