"""How texts and people are compared, the same in every criterion and with every server.

Text compares decoded, without regard to case, with runs of white space as one blank and without
characters that have no width. What is wanted is a part of it, unless a prefix says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import translate
from functools import lru_cache

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.content import normalize
from ImapLibrary.mime.headers import Address

WHOLE_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")

WILDCARDS = re.compile(r"\[!?\]?[^]]*\]|[*?]")
"""What stands for other text in a pattern of the manner `GLOB`."""

_WORD = re.compile(r"\w+(?:[.@+-]+\w+)*")
_CHUNK = re.compile(r"\S+")
_CUTS = re.compile(r"ss|\s", re.IGNORECASE)
"""Where a text is cut that is to compare alike everywhere: ss may be ß."""


NO_FLAGS = re.RegexFlag(0)


class Manner(Enum):
    """How a wanted text is compared, by the prefix that asks for it."""

    CONTAINS = ""
    EXACT = "exact:"
    GLOB = "glob:"
    REGEXP = "regexp:"


def fold(text: str, ignore_case: bool = True) -> str:
    """Return the text in the form in which texts are compared."""
    blanks_joined = unicodedata.normalize("NFC", " ".join(normalize(text).split()))
    return unicodedata.normalize("NFC", blanks_joined.casefold()) if ignore_case else blanks_joined


def as_written(text: str) -> str:
    """Return the text in the form in which regular expressions are compared with it."""
    return unicodedata.normalize("NFC", normalize(text))


@dataclass(frozen=True)
class Pattern:
    """A wanted text.

    text: what is wanted, without the prefix
    manner: `CONTAINS`: a part of the text; `EXACT`: all of it; `GLOB`: all of it, with `*`, `?` and
        `[abc]`; `REGEXP`: a regular expression that is found anywhere in the text as it was
        written, but for line ends, which are `\\n`
    ignore_case: whether letters compare alike in upper and lower case; not in a `REGEXP`
    """

    text: str
    manner: Manner
    ignore_case: bool = True

    @classmethod
    def parsed(cls, name: str, value: str) -> Pattern:
        """Return the pattern that an argument stands for.

        name: the argument, for the failure

        Raises InvalidArgument for an empty one, and for what is no regular expression.
        """
        given = (each for each in Manner if each.value and value.startswith(each.value))
        manner = next(given, Manner.CONTAINS)
        text = value.removeprefix(manner.value)
        not_empty(name, text)
        if manner is Manner.REGEXP:
            text = unicodedata.normalize("NFC", text)
            _check_regexp(name, text)
        return cls(text, manner)

    @property
    def is_address(self) -> bool:
        """Whether it is a whole address, and not compared in a manner of its own."""
        plain = self.manner is Manner.CONTAINS
        return plain and WHOLE_ADDRESS.fullmatch(self.text.strip()) is not None

    def matches(self, text: str) -> bool:
        """Return whether the text is what is wanted."""
        if self.manner is Manner.REGEXP:
            return regexp(self.text).search(as_written(text)) is not None
        wanted, folded = (fold(each, self.ignore_case) for each in (self.text, text))
        if self.manner is Manner.GLOB:
            return _like(wanted, folded) or (self.ignore_case and self._like_as_written(text))
        return folded == wanted if self.manner is Manner.EXACT else wanted in folded

    def matches_any(self, people: Iterable[Address]) -> bool:
        """Return whether one of the people is wanted.

        A whole address compares with the address as a whole: `qa+1@x` isn't `qa+11@x`. Anything
        else compares with name and address, as `Name <address>`; `exact:` and `glob:` also with
        either alone.
        """
        if self.is_address:
            return any(fold(self.text) == fold(person.address) for person in people)
        return any(self._matches_person(person) for person in people)

    def wide(self, whole_words: bool = False) -> str:
        """Return a part of it that every server finds wherever it matches; empty if there is none.

        whole_words: whether the server finds nothing else, so that a word that may be a part of
            another one is no help
        """
        if self.manner is Manner.REGEXP:
            return ""
        pieces = [self.text]
        if self.manner is Manner.GLOB:
            pieces = WILDCARDS.split(fold(self.text, ignore_case=False))
        # At an end, an s may be one half of ß.
        texts = (unicodedata.normalize("NFC", piece.strip().strip("sS")) for piece in pieces)
        parts = [part for text in texts for part in _plain_parts(text, whole_words)]
        ascii_parts = [part for part in parts if part.isascii()]
        return max(ascii_parts or parts, key=len, default="")

    def _like_as_written(self, text: str) -> bool:
        """Return whether a text is as the wildcards have it before ß, one character, becomes ss."""
        wanted, written = (fold(each, ignore_case=False) for each in (self.text, text))
        return _like(wanted, written, re.IGNORECASE)

    def _matches_person(self, person: Address) -> bool:
        shown = f"{person.name} <{person.address}>"
        if self.manner is Manner.CONTAINS:
            return self.matches(shown)
        return any(self.matches(each) for each in (shown, person.address, person.name))


@lru_cache
def regexp(text: str, flags: re.RegexFlag = NO_FLAGS) -> re.Pattern[str]:
    """Return a regular expression. Raises what `re` raises if it is none.

    Python's warning that it may mean something else one day would stand on the console.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(text, flags)


def _like(wanted: str, text: str, flags: re.RegexFlag = NO_FLAGS) -> bool:
    """Return whether all of a text is as the wildcards have it."""
    return re.fullmatch(translate(wanted), text, flags) is not None


def _plain_parts(text: str, whole_words: bool) -> Iterator[str]:
    """Yield the parts of a text that compare alike everywhere, to the letter or but for case."""
    for word in list(_WORD.finditer(text)) or list(_CHUNK.finditer(text)):
        parts = [part for part in _CUTS.split("".join(map(_plain, word.group()))) if part]
        if not whole_words:
            yield from parts
        elif parts == [word.group()] and word.start() > 0 and word.end() < len(text):
            yield word.group()  # at the ends of the text, the word may go on


def _plain(character: str) -> str:
    """Return the character; a blank if servers may not find it where it counts as the same.

    They differ in whether é is e and an accent, whether ß is ss, and in the two forms of sigma.
    """
    decomposed = unicodedata.normalize("NFD", character) != character
    folds_oddly = character.casefold() != character.lower() or character in "σΣ"
    return " " if decomposed or folds_oddly else character


def not_empty(name: str, text: str) -> None:
    """Raise InvalidArgument if there is nothing in a text that could be compared.

    name: the argument, for the failure
    """
    if not fold(text):
        matched = "no" if name.startswith("not_") else "every"
        raise InvalidArgument(
            f"The criterion {name} is empty, which would match {matched} email. Leave it out if you "
            "mean that; if it comes from a variable, the variable has no value."
        )


def _check_regexp(name: str, text: str) -> None:
    try:
        regexp(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidArgument(
            f"The criterion {name} is no regular expression: {error}. It reads {text!r}. In Robot "
            r"Framework data, a backslash is written twice: \\d for a digit."
        ) from error
