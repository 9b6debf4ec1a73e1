"""How something is not what it should be, in words that show both sides.

Of a long text, what helps to see why: the line that differs, comes near, or should not be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

LONGEST_SHOWN = 200
"""So many characters are shown at most of a text."""

LINES_COMPARED = 1000
"""Among so many lines one that comes near is looked for, in the time that a failure may take."""

_KINDS: tuple[tuple[type, str], ...] = (
    (str, "text"),
    (bool, "truth value"),
    (int, "number"),
    (float, "number"),
    (datetime, "date"),
    (bytes, "bytes"),
    (list, "list"),
    (type(None), "nothing"),
)


def kind(value: object) -> str:
    """Return what kind of thing a value is, in a tester's words."""
    names = (name for type_, name in _KINDS if isinstance(value, type_))
    return next(names, type(value).__name__)


def difference(what: str, should: str, expected: object, found: object) -> str:
    """Return the text of a failure.

    what: what was looked at, as the subject of a sentence: "The subject"
    should: what it should do, such as "should be" or "should not contain"
    """
    told = (
        f"{what} {should} {shown(expected)} ({kind(expected)}), "
        f"but found {shown(found)} ({kind(found)})."
    )
    if isinstance(expected, str) and isinstance(found, str) and _is_long(found):
        told += _pointed_out(should, expected, found)
    return told


def shown(value: object) -> str:
    """Return a value as it is good to read in a sentence, the beginning of a long one."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %z}"
    if isinstance(value, str | bytes):
        return repr(value[:LONGEST_SHOWN]) + ("..." if len(value) > LONGEST_SHOWN else "")
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "none"
    return str(value)


def _is_long(text: str) -> bool:
    return "\n" in text or len(text) > LONGEST_SHOWN


def _pointed_out(should: str, expected: str, found: str) -> str:
    """Return lines that show where in a long text to look, if that is known."""
    lines = found.splitlines()
    if should == "should be":
        return _first_difference(expected.splitlines(), lines)
    at = found.find(expected) if expected else -1
    if at >= 0:
        number = found.count("\n", 0, at) + 1
        return f"\nIt is in line {number}: {shown(lines[number - 1])}"
    beginnings = [line[:LONGEST_SHOWN] for line in lines[:LINES_COMPARED] if line]
    near = get_close_matches(expected[:LONGEST_SHOWN], beginnings, 1)
    return f"\nWhat comes nearest is the line {near[0]!r}" if near else ""


def _first_difference(expected: Sequence[str], found: Sequence[str]) -> str:
    """Return the first line that is another one, on both sides below each other."""
    same = 0
    while same < min(len(expected), len(found)) and expected[same] == found[same]:
        same += 1
    if len(expected) < 2 or same == len(expected) == len(found):  # one line shows by itself
        return ""
    sides = (shown(side[same]) if same < len(side) else "nothing" for side in (expected, found))
    return "\nThe first difference is in line {}:\n  expected: {}\n  found:    {}".format(
        same + 1, *sides
    )
