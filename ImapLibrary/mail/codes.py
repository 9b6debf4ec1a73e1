"""The text of an email -> the one-time code that a person would type.

A person looks for the word "code", or its like, and takes what stands by it. So does this: what
is shaped like a code counts by how far from such a word it stands. What stands nearer to another
word, such as "order", or is a year, an amount or part of an address, is none.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ImapLibrary.errors import CodeNotFound, InvalidArgument
from ImapLibrary.mail.codeshapes import BLANK, Shape, shapes, without_addresses, without_numbers
from ImapLibrary.mail.codewords import Label, labels

MAX_LENGTH = 100_000
"""Nobody looks for a code beyond so many characters."""

MOST_LISTED = 10
"""So many candidates are listed at most by a failure."""

FARTHEST = 90
"""What is as far from the words for codes as that, or as unlike a code, is none."""

NEAR = 40
"""What is nearer than that to a word for codes is so whatever the other texts of an email have."""

CLEARLY = 10
"""By so much has the nearest to be nearer than the next, to stand out."""

REACH = 200
"""A word that is as far away as that says nothing about a candidate."""

NEIGHBOURS = 6
"""So many words before a candidate are looked at, and as many after it."""

# What goes on in small letters is no sentence of its own: "order no. 4711 is ...".
_SENTENCE_END = re.compile(r"[.!?](?=\s)(?!\s+[a-zß-öø-ÿа-яё])|[。！？।؟]")

_LINE_ENDS = re.compile(r"\s*\n\s*")

_WORDS = re.compile(r"\w")

_NUMBER = re.compile(r"[A-Za-z0-9-]*\d[A-Za-z0-9-]*")

_COLON = re.compile(r"[:：=][\s\"'“”„«»‘’*_<>\[({「『【]*\Z")


@dataclass(frozen=True)
class Candidate:
    """Something that might be the code.

    code: what one would type
    reason: why it might be the code, or why it isn't
    far: how far it is from being the code, None if it isn't
    """

    code: str
    reason: str
    far: int | None = None

    def __str__(self) -> str:
        return f"{self.code!r}: {self.reason}"


def find_code(texts: Iterable[str], pattern: str | None = None) -> str:
    """Return the code in the first of these texts that has one.

    What stands far from any word for codes counts only if no other text has one that is near.

    pattern: a regular expression for what the code is like. If it has a group, that is the code.

    Raises CodeNotFound, with the candidates, if none stands out; InvalidArgument if the pattern is
    no regular expression.
    """
    expression = None if pattern is None else _compiled(pattern)
    seen: dict[Candidate, None] = {}
    far: list[Candidate] = []
    for text in texts:
        found = candidates(text, expression)
        possible = [each for each in found if each.far is not None]
        if possible and (expression or _order(possible[0]) < NEAR):
            return _outstanding(possible, pattern)
        far = far or possible
        seen.update(dict.fromkeys(found))
    if far:
        return _outstanding(far, pattern)
    raise CodeNotFound(_none(list(seen), pattern))


def candidates(text: str, expression: re.Pattern[str] | None = None) -> list[Candidate]:
    """Return what might be the code, the likeliest first, then what only looks like one.

    expression: what the code is like, whatever else it looks like
    """
    visible, addresses = without_addresses(_as_typed(text[:MAX_LENGTH]))
    if expression is not None:
        return _ranked(_matches(expression, _Surroundings(visible, labels(visible)), visible))
    left, numbers = without_numbers(visible)
    around = _Surroundings(left, labels(left))
    found = _ranked(around.judged(shape) for shape in shapes(left))
    others = (Candidate(what, reason) for what, reason in numbers + addresses)
    return found + [other for other in others if re.search(r"\d{4}", other.code)]


@dataclass(frozen=True)
class _Near:
    """The word that says what something is.

    far: how far the nearest word for a code is
    word: that word
    announced: whether it ends with a colon right before
    other: a word for something else that is nearer
    """

    far: int = REACH
    word: Label | None = None
    announced: bool = False
    other: Label | None = None

    @property
    def reason(self) -> str:
        return f"near {self.word.word!r}" if self.word else "no word such as 'code' is near"


class _Surroundings:
    """What stands around the candidates in a text."""

    def __init__(self, text: str, words: Sequence[Label]) -> None:
        self._text = text
        self._words = words
        self._starts = [word.start for word in words]

    def judged(self, shape: Shape) -> Candidate:
        """Return what is to be thought of something that is shaped like a code."""
        near = self.near(shape.start, shape.end)
        if near.other:
            return Candidate(shape.code, f"belongs to {near.other.word!r}")
        if shape.doubtful and not (near.announced and self._ends_its_line(shape)):
            return Candidate(shape.code, "may as well be a word")
        far = near.far + shape.unlike
        if far < FARTHEST:
            return Candidate(shape.code, near.reason, far)
        if shape.unlike <= 10 and len(shape.code) >= 6 and self._is_alone(shape):
            return Candidate(shape.code, "alone on its line", FARTHEST + shape.unlike)
        return Candidate(shape.code, "no word such as 'code' is near")

    def near(self, start: int, end: int) -> _Near:
        """Return which word says what stands from `start` to `end`."""
        nearest = _Near()
        other, other_far = None, REACH
        for word in self._neighbours(start, end):
            before = word.end <= start
            gap = self._text[word.end : start] if before else self._text[end : word.start]
            if word.only_behind and (before or _length(gap) > 2):
                continue
            far = _far_before(gap) if before else _far_after(gap)
            if word.names_code:
                if far < nearest.far:
                    nearest = _Near(far, word, announced=before and _announces(gap))
            elif far < other_far and _belongs(gap, before):
                other, other_far = word, far
        return replace(nearest, other=other if other_far < nearest.far else None)

    def _neighbours(self, start: int, end: int) -> Iterator[Label]:
        middle = bisect_left(self._starts, start)
        for word in self._words[max(0, middle - NEIGHBOURS) : middle + NEIGHBOURS]:
            if start - REACH < word.end <= start or end <= word.start < end + REACH:
                yield word

    def _is_alone(self, shape: Shape) -> bool:
        begin = self._text.rfind("\n", 0, shape.start) + 1
        return self._ends_its_line(shape) and not _WORDS.search(self._text, begin, shape.start)

    def _ends_its_line(self, shape: Shape) -> bool:
        end = self._text.find("\n", shape.end)
        return not _WORDS.search(self._text, shape.end, end if end >= 0 else len(self._text))


def _far_before(gap: str) -> int:
    """Return how far a word is from a candidate that follows it."""
    between = _without_candidates(gap)
    far = _length(between) + 30 * len(_SENTENCE_END.findall(between))
    return max(0, far - 15) if _announces(gap) else far


def _far_after(gap: str) -> int:
    """Return how far a word is from a candidate that comes before it, which is less usual."""
    between = _without_candidates(gap)
    sentence_ends, line_ends = _SENTENCE_END.findall(between), _LINE_ENDS.findall(between)
    return 20 + _length(between) + 40 * len(sentence_ends) + 10 * len(line_ends)


def _announces(gap: str) -> bool:
    """Return whether the line of the word ends with a colon, right before the candidate."""
    colon = _COLON.search(gap)
    return colon is not None and "\n" not in gap[: colon.start()]


def _without_candidates(gap: str) -> str:
    """Return what a reader has to pass: in a list of codes, all are near to its title."""
    return _NUMBER.sub("", gap)


def _length(text: str) -> int:
    return sum(not (character.isspace() or character == BLANK) for character in text)


def _belongs(gap: str, before: bool) -> bool:
    """Return whether the gap between a word and a candidate is such that they belong together."""
    if _SENTENCE_END.search(gap) or _NUMBER.search(gap) or BLANK in gap:
        return False
    if before:
        return _length(gap) <= 12 and len(_LINE_ENDS.findall(gap)) <= 1
    return _length(gap) <= 14 and "\n" not in gap


def _matches(expression: re.Pattern[str], around: _Surroundings, text: str) -> Iterator[Candidate]:
    """Yield what a user's own expression finds."""
    for match in expression.finditer(text):
        found = match.group(1 if expression.groups else 0)
        if found and BLANK not in found:
            near = around.near(*match.span())
            yield Candidate(found, near.reason, near.far)


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """Return each code once, as the likeliest of its candidates, the likeliest code first."""
    best: dict[str, Candidate] = {}
    for each in sorted(found, key=_order):
        best.setdefault(each.code, each)
    return list(best.values())


def _order(candidate: Candidate) -> int:
    return sys.maxsize if candidate.far is None else candidate.far


def _outstanding(possible: Sequence[Candidate], pattern: str | None) -> str:
    first, *rest = possible
    if not rest or _order(rest[0]) - _order(first) >= CLEARLY:
        return first.code
    if pattern is None:
        remedy = "Say what the right one is like by pattern=, a regular expression."
    else:
        remedy = f"Let the pattern {pattern!r} match only the right one."
    raise CodeNotFound(
        f"This email has {len(possible)} codes, none of which stands out. {remedy}"
        f"{_listed(possible)}"
    )


def _none(seen: Sequence[Candidate], pattern: str | None) -> str:
    if pattern is not None:
        return f"Nothing in this email matches the pattern {pattern!r}."
    if not seen:
        return "There is no code in this email, and nothing that looks like one."
    return (
        "There is no code in this email. If one of these is it, say what it is like by pattern=, a "
        f"regular expression:{_listed(seen)}"
    )


def _listed(found: Sequence[Candidate]) -> str:
    lines = [f"\n  {each}" for each in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        lines.append(f"\n  ... and {len(found) - MOST_LISTED} more")
    return "".join(lines)


def _compiled(pattern: str) -> re.Pattern[str]:
    if not pattern:
        raise InvalidArgument(
            "The argument pattern is empty, which would match anything. If it comes from a "
            "variable, the variable has no value."
        )
    try:
        return re.compile(pattern)
    except re.error as error:
        raise InvalidArgument(
            f"The argument pattern is no regular expression: {error}. It reads {pattern!r}. In "
            r"Robot Framework data, a backslash is written twice: \\d for a digit."
        ) from error


class _Typed(dict[int, int | str]):
    """What one types for a character: digits of any script and wide letters are plain ones."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            typed: int | str = str(digit)
        elif 0xFF21 <= code <= 0xFF5A:
            typed = code - 0xFEE0
        else:
            typed = "-" if unicodedata.category(character) == "Pd" else code
        self[code] = typed
        return typed


_TYPED = _Typed()


def _as_typed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_TYPED)
