"""Names that senders chose -> names of files that are safe on every system.

A name is made safe for all of them, wherever the test runs: a suite that passes on Linux shall find
the same file on Windows. It names a file in the folder and nothing else, it reads as what it is,
and people recognise it.
"""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 255
"""The longest name in UTF-8 that the usual file systems take; none counts more units than bytes."""

_MAX_EXTENSION = 32
"""What is longer after the last dot, in bytes, is no extension."""

_SEPARATORS = re.compile(r'[/\\<>:"|?*]')
"""What separates folders, drives and streams somewhere, and what else Windows allows in no name."""

JOINERS = "\u200c\u200d"
"""Invisible, but Persian words and emoji are written with them."""

_NO_END = f". {JOINERS}"
"""What no name may end with: Windows leaves it out, or nobody sees it."""

_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE
)
"""The devices of Windows: they are devices with any extension, too."""


def safe_name(name: str) -> str:
    """Return a name for a file that is as near to `name` as is safe.

    Whatever `name` is, the result is a single, visible, not empty name of at most 255 bytes without
    separators, control characters and marks of direction. It is no device, and doesn't end with
    what Windows leaves out.
    """
    visible = unicodedata.normalize("NFC", "".join(map(_visible, name)))
    safe = _SEPARATORS.sub("_", visible).strip(f" {JOINERS}").rstrip(_NO_END)
    safe = _shortened(safe or "unnamed")
    return _shortened(f"_{safe}") if _RESERVED.match(safe) else safe


def numbered(name: str, number: int) -> str:
    """Return a safe name for the n-th file of that name: `logo.png`, `logo (2).png` and so on."""
    return name if number == 1 else _shortened(name, f" ({number})")


def same_file(name: str) -> str:
    """Return what is equal for names that are one file somewhere: Windows and macOS ignore case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    # Control characters, marks of direction and the like, and halves of characters.
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in JOINERS
    return "" if hidden else character


def _shortened(name: str, number: str = "") -> str:
    """Return the name with a number before its extension, the rest cut to what there is room for."""
    stem, dot, extension = name.rpartition(".")
    if not stem.strip() or len(extension.encode()) > _MAX_EXTENSION:
        stem, dot, extension = name, "", ""
    end = f"{number}{dot}{extension}"
    room = MAX_BYTES - len(end.encode())
    kept = stem.encode()[:room].decode(errors="ignore")
    return (stem if kept == stem else kept.rstrip(_NO_END)) + end
