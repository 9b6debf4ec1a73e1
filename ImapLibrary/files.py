"""Reading and writing files of the suite, with failures that say what to do."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath

from ImapLibrary.errors import FileFailed
from ImapLibrary.mail.filenames import numbered, safe_name, same_file

PIECE = 256 * 1024
"""Bytes of a large file that are in memory at a time."""

_REMEDIES = {
    errno.ENOENT: "Is the path right?",
    errno.EACCES: "Is it in use, or does the user who runs the tests lack the permission?",
    errno.EPERM: "Is it in use, or does the user who runs the tests lack the permission?",
    errno.ENOTDIR: "A part of the path is a file, where a folder is needed.",
    errno.EEXIST: "A part of the path is a file, where a folder is needed.",
    errno.ENAMETOOLONG: "Choose a shorter path.",
    errno.ENOSPC: "There is no room left.",
}


def to_path(value: str | PurePath) -> Path | str:
    """A path. Without a root it begins in the folder where Robot Framework was started."""
    # An email, which is a text, and an empty text stay what they are. Keywords refuse them: what is
    # said here of one of several types, Robot Framework does not show.
    if isinstance(value, PurePath) or (type(value) is str and value.strip()):
        return Path(value)
    return value


def read(path: Path) -> bytes:
    """Return the content of a file. Raises FileFailed."""
    if os.path.isdir(path):
        raise FileFailed(f"Could not read {path}: it is a folder. Give the path of a file.")
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _failed("read", path, error) from error


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the content of a file piece by piece, so that it is never in memory as a whole.

    Raises FileFailed.
    """
    if os.path.isdir(path):
        raise FileFailed(f"Could not read {path}: it is a folder. Give the path of a file.")
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except (OSError, ValueError) as error:
        raise _failed("read", path, error) from error


def write(path: Path, content: bytes, *, overwrite: bool = False) -> Path:
    """Write a new file, and return its absolute path. Folders that are missing are made.

    overwrite: replace the file if there is one already; a link is replaced, not followed

    Raises FileFailed.
    """
    path = path.absolute()
    if os.path.isdir(path):
        raise FileFailed(f"Could not write {path}: it is a folder. Give the path of a file.")
    _make_folder(path.parent)
    if not _created(path, content, overwrite):
        raise FileFailed(
            f"Could not write {path}: it is there already. Give another path, or overwrite=True to "
            "replace it."
        )
    return path


class Folder:
    """A folder that files are saved into beside each other. It is made if it is missing.

    overwrite: replace files that were there before; those saved here are never replaced

    Raises FileFailed.
    """

    def __init__(self, path: Path, *, overwrite: bool = False) -> None:
        self._path = path.absolute()
        self._overwrite = overwrite
        self._numbers: Counter[str] = Counter()
        _make_folder(self._path)
        self._taken = set() if overwrite else self._names_there()

    def save(self, name: str, content: bytes) -> Path:
        """Write a file with a safe name as near to `name` as is free, and return its path.

        Raises FileFailed.
        """
        safe = safe_name(name)
        while True:
            self._numbers[same_file(safe)] += 1
            candidate = numbered(safe, self._numbers[same_file(safe)])
            path = self._path / candidate
            if same_file(candidate) in self._taken or os.path.isdir(path):
                continue
            self._taken.add(same_file(candidate))
            if _created(path, content, self._overwrite):
                return path

    def _names_there(self) -> set[str]:
        try:
            return {same_file(path.name) for path in self._path.iterdir()}
        except OSError as error:
            raise _failed("list", self._path, error) from error


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _failed("make the folder", path, error) from error


def _created(path: Path, content: bytes, overwrite: bool) -> bool:
    """Write a new file, and return whether there wasn't one already."""
    try:
        if overwrite:
            path.unlink(missing_ok=True)
        file = path.open("xb")  # follows no link
    except FileExistsError:
        return False
    except (OSError, ValueError) as error:
        raise _failed("write", path, error) from error
    try:
        with file:
            file.write(content)
    except BaseException as error:  # a time-out of Robot Framework, too, leaves no half of a file
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _failed("write", path, error) from error
        raise
    return True


def _failed(action: str, path: Path, error: OSError | ValueError) -> FileFailed:
    if not isinstance(error, OSError):
        return FileFailed(f"Could not {action} {path!s:.200}: {error}.")
    remedy = _REMEDIES.get(error.errno or 0, "")
    return FileFailed(f"Could not {action} {path}: {error.strerror}. {remedy}".rstrip())
