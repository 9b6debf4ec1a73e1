"""Files of the suite that go into an email."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ImapLibrary import files
from ImapLibrary.sending.composing import File


def read_files(paths: Path | Sequence[Path]) -> tuple[File, ...]:
    """Return one file or several, as they can be attached. Raises FileFailed."""
    several = [paths] if isinstance(paths, Path) else paths
    return tuple(File(path.name, files.read(path)) for path in several)
