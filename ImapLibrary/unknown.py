"""Named arguments that a keyword does not have.

Robot Framework itself refuses an unknown named argument only where no positional one can take
its place: a misspelt name silently becomes the value of another argument. Keywords whose names
older libraries share therefore collect what they do not know, and it is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ImapLibrary.errors import InvalidArgument

_MEANT = {
    "from": "sender",
    "to": "recipient",
    "content": "body",
    "url": "link",
    "flags": "status",
}
"""What is called otherwise elsewhere, and resembles nothing here or the wrong thing."""


def refuse_unknown(keyword: str, others: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidArgument if there are other arguments than the known ones."""
    names = list(known)
    for other in others:
        meant = _meant(other.lower(), names)
        hint = f"Did you mean {meant!r}? " if meant else ""
        raise InvalidArgument(
            f"`{keyword}` has no argument {other!r}. {hint}It takes {', '.join(names)}."
        )


def _meant(other: str, names: list[str]) -> str:
    """Return the name that may have been meant, or an empty text."""
    if _MEANT.get(other) in names:
        return _MEANT[other]
    near = get_close_matches(other, names, n=1, cutoff=0.5)
    return near[0] if near else ""
