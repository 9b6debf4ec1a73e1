"""How something is not what it should be, in words that show both sides.

Of a long text, what helps to see why: the line that differs, comes near, or should not be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher

LONGEST_SHOWN = 200
"""So many characters are shown at most of a text."""

CONTEXT = 40
"""So many characters of a long line are shown before the place that matters."""

SHORTEST = 3
"""So many characters in a row count as something that two texts have in common."""

LINES_COMPARED = 500
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
    lines = found.split("\n")
    if should == "should be":
        return _first_difference(expected.split("\n"), lines)
    at = found.find(expected) if expected else -1
    if at >= 0:
        number = found.count("\n", 0, at)
        line = _around(lines[number], at - found.rfind("\n", 0, at) - 1)
        return f"\nIt is in line {number + 1}: {line}"
    if " not " in should:
        return ""  # it is there in another form, by a pattern or in another case
    nearest = _nearest(expected[:LONGEST_SHOWN], lines[:LINES_COMPARED])
    return f"\nWhat comes nearest is the line {shown(nearest)}" if nearest else ""


def _nearest(expected: str, lines: Sequence[str]) -> str:
    """Return the line that has most of a text in it, at least half; empty if none has."""
    matcher = SequenceMatcher(b=expected.casefold(), autojunk=False)

    def in_common(line: str) -> int:
        matcher.set_seq1(line[:LONGEST_SHOWN].casefold())
        sizes = (block.size for block in matcher.get_matching_blocks())
        return sum(size for size in sizes if size >= SHORTEST)

    nearest = max(lines, key=in_common)
    return nearest if in_common(nearest) * 2 >= max(len(expected), SHORTEST) else ""


def _first_difference(expected: list[str], found: list[str]) -> str:
    """Return the first line that is another one, on both sides below each other."""
    if len(expected) == 1 and not _is_long(expected[0]):  # one sees it
        return ""
    number = _in_common(expected, found)
    wanted, there = (side[number] if number < len(side) else "" for side in (expected, found))
    at = _in_common(wanted, there)
    lines = (
        _around(side[number], at) if number < len(side) else "nothing" for side in (expected, found)
    )
    return "\nThe first difference is in line {}:\n  expected: {}\n  found:    {}".format(
        number + 1, *lines
    )


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines or characters are the same, from the first on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _around(line: str, at: int) -> str:
    """Return a line, of a long one what is at a place and around it."""
    start = max(0, at - CONTEXT) if len(line) > LONGEST_SHOWN else 0
    return ("..." if start else "") + shown(line[start:])
