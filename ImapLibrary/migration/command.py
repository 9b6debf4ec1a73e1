"""python -m ImapLibrary migrate PATH... [--check]

It rewrites suites of the older libraries, and resource files, as they are written today. Of folders
it takes all of them. `--check` changes nothing and tells by its exit code, 1, that there is
something to change.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ImapLibrary.migration.migrating import Migration, migrated, offered

SUITES = (".robot", ".resource")


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m ImapLibrary migrate",
        description="Rewrite suites of older libraries as they are written today.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    parser.add_argument("--check", action="store_true", help="only tell what would change")
    options = parser.parse_args(arguments)
    return _migrate(options.paths, check=options.check)


def _migrate(paths: Sequence[Path], *, check: bool) -> int:
    texts, failed = _read(paths)
    # Whichever suite imports them: a call that stays works, one that is changed might not.
    hiding = {keyword for text in texts.values() for keyword in offered(text)}
    changed = 0
    for path, text in texts.items():
        migration = migrated(text, hiding)
        try:
            if migration.text != text and not check:
                path.write_bytes(migration.text.encode("utf-8"))
        except OSError as error:
            print(f"{path} can't be written: {error.strerror}.", file=sys.stderr)
            failed = True
            continue
        changed += migration.text != text
        _tell(path, migration)
    print(f"{changed} files {'would change' if check else 'changed'}.")
    return 2 if failed else int(check and changed > 0)


def _read(paths: Sequence[Path]) -> tuple[dict[Path, str], bool]:
    """Return what is in the files, and whether one of them could not be read."""
    texts, failed = {}, False
    for path in _suites(paths):
        try:
            texts[path] = path.read_bytes().decode("utf-8")  # line ends stay as they are
        except OSError as error:
            print(f"{path} can't be read: {error.strerror}.", file=sys.stderr)
            failed = True
        except UnicodeDecodeError as error:
            print(f"{path} can't be read: byte {error.start} is not UTF-8.", file=sys.stderr)
            failed = True
    return texts, failed


def _suites(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files that are named, and those in the folders."""
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUITES)
            yield from filter(Path.is_file, found)
        else:
            yield path


def _tell(path: Path, migration: Migration) -> None:
    for line, before, after in migration.changes:
        print(f"{path}:{line}: {before.strip() or 'nothing'} -> {after.strip() or 'nothing'}")
    for line, keyword in migration.left:
        print(f"{path}:{line}: {keyword} goes on working; see docs/migrating.rst.")
