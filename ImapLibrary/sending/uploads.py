"""Files of the suite that go into an email."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ImapLibrary import files
from ImapLibrary.sending.composing import File


def read_files(paths: Sequence[Path]) -> tuple[File, ...]:
    """Return files as they can be attached. Raises FileFailed."""
    return tuple(File(path.name, files.read(path)) for path in paths)
