"""Named arguments that a keyword does not have.

Robot Framework itself refuses an unknown named argument only where no positional one can take
its place: a misspelt name silently becomes the value of another argument. Keywords whose names
older libraries share therefore collect what they do not know, and it is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ImapLibrary.errors import InvalidArgument


def refuse_unknown(keyword: str, others: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidArgument if there are other arguments than the known ones."""
    names = list(known)
    for other in others:
        near = get_close_matches(other.lower(), names, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise InvalidArgument(
            f"`{keyword}` has no argument {other!r}. {hint}It takes {', '.join(names)}."
        )
