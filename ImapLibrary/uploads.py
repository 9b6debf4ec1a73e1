"""Files of this machine that go into an email."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ImapLibrary.composing import File
from ImapLibrary.errors import InvalidArgument

Paths = Path | Sequence[Path]


def read(argument: str, path: Path) -> bytes:
    """Return the content of a file. Raises InvalidArgument if it can't be read.

    argument: the one that names the file, for the failure
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: NUL is in the path
        where = "" if path.is_absolute() else f" It was looked for in {str(Path.cwd())!r}."
        raise InvalidArgument(
            f"The file {str(path)!r} given as {argument}= could not be read: "
            f"{getattr(error, 'strerror', None) or error}.{where}"
        ) from error


def read_files(argument: str, paths: Paths) -> tuple[File, ...]:
    """Return one file or several, as they can be attached."""
    several = [paths] if isinstance(paths, Path) else paths
    return tuple(File(path.name, read(argument, path)) for path in several)
