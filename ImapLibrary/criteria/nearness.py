"""What is there instead of what is wanted, and by how little that misses it, in a few words.

What is far away gets no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import SequenceMatcher, get_close_matches
from functools import partial

from ImapLibrary.mail.comparing import WILDCARDS, Manner, Pattern, as_written, fold, regexp
from ImapLibrary.mime.headers import Address

LONGEST_SHOWN = 100
"""So many characters are shown at most of what an email has instead of what is wanted."""

LONGEST_COMPARED = 10_000
"""So many characters of a text are compared at most, for hundreds of emails may have to be told."""

SHORTEST = 4
"""So many characters in common are worth to be told, or all but one of what is wanted."""

CLOSE = 0.75
"""How much addresses that differ on both sides of the @ must have in common to come near."""

_UNITS = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def shortened(text: str) -> str:
    """Return a text in quotes, as much of it as is good to read."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}...")


def of_text(pattern: Pattern, text: str) -> str:
    """Return by how little a text misses."""
    text = text[:LONGEST_COMPARED]
    if pattern.manner is Manner.REGEXP:
        alike = regexp(pattern.text, re.IGNORECASE).search(as_written(text))
        return "differs only in case" if alike else ""
    wanted, folded = fold(pattern.text), fold(text)
    if pattern.manner is Manner.GLOB:
        return _of_pieces(pattern, text)
    if wanted in folded:
        return "has more than that"
    common = in_common(wanted, folded).strip()
    enough = len(common) >= max(2, min(SHORTEST, len(wanted) - 1))
    return f"has only {shortened(common)} of it" if enough else ""


def of_texts(pattern: Pattern, texts: Iterable[str]) -> str:
    """Return by how little the nearest of some texts misses, and which it is if there are more."""
    each = list(dict.fromkeys(texts))
    near = {text: told for text in each if (told := of_text(pattern, text))}
    common = partial(in_common, fold(pattern.text))
    nearest = max(near, key=lambda text: len(common(fold(text[:LONGEST_COMPARED]))), default="")
    return _named(nearest, near[nearest], len(each)) if near else ""


def of_people(pattern: Pattern, people: Iterable[Address]) -> str:
    """Return by how little the nearest of some people misses: the address, if one is wanted."""
    if not pattern.is_address:
        return of_texts(pattern, map(str, people))
    wanted = fold(pattern.text)
    each = list(dict.fromkeys(person.address for person in people))
    nearest = max(each, key=partial(_likeness, wanted), default="")
    name, _, host = wanted.rpartition("@")
    if fold(nearest).endswith(f"@{host}"):
        return _named(nearest, "differs only before the @", len(each))
    if fold(nearest).startswith(f"{name}@"):
        return _named(nearest, "differs only after the @", len(each))
    return f"{shortened(nearest)} comes near" if _likeness(wanted, nearest) >= CLOSE else ""


def of_name(wanted: str, names: Iterable[str]) -> str:
    """Return which of some names comes near one that is not there."""
    names_by_fold = {fold(name): name for name in names}
    nearest = get_close_matches(fold(wanted), names_by_fold, n=1)
    return f"{shortened(names_by_fold[nearest[0]])} comes near" if nearest else ""


def apart(time: timedelta) -> str:
    """Return a time in the largest unit of which there are two."""
    seconds = time.total_seconds()
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return "1 second" if seconds >= 1 else "less than a second"


def count(number: int, unit: str) -> str:
    """Return a number with its unit, such as `300 bytes` and `1 byte`."""
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def in_common(wanted: str, text: str) -> str:
    """Return the longest part of what is wanted that is in a text."""
    longest = ""
    for start in range(len(wanted)):
        for end in range(start + len(longest) + 1, len(wanted) + 1):
            if wanted[start:end] not in text:
                break
            longest = wanted[start:end]
    return longest


def _of_pieces(pattern: Pattern, text: str) -> str:
    """Return what is told of a text that is not as the wildcards have it."""
    if Pattern(f"*{pattern.text}*", Manner.GLOB).matches(text):
        return "has more than that"
    pieces = [piece for each in WILDCARDS.split(pattern.text) if (piece := fold(each))]
    missing = [shortened(piece) for piece in pieces if piece not in fold(text)]
    return f"lacks {' and '.join(missing)}" if 0 < len(missing) < len(pieces) else ""


def _likeness(wanted: str, address: str) -> float:
    """Return how much of two addresses is the same, from 0 to 1."""
    return SequenceMatcher(None, wanted, fold(address)).ratio()


def _named(text: str, told: str, count: int) -> str:
    """Return what is told of a text, which is named if it is not the only one."""
    return f"{shortened(text)} {told}" if count > 1 else told
