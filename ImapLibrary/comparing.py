"""How texts and people are compared, the same in every criterion and with every server.

Text compares decoded, without regard to case, with runs of white space as one blank and without
characters that have no width. What is wanted is a part of it, unless a prefix says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import translate

from ImapLibrary.content import normalize
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.headers import Address

WHOLE_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")

_WORD = re.compile(r"\w+(?:[.@+-]+\w+)*")
_WILDCARDS = re.compile(r"\[.*?\]|[*?]")


class Manner(Enum):
    """How a wanted text is compared, by the prefix that asks for it."""

    CONTAINS = ""
    EXACT = "exact:"
    GLOB = "glob:"
    REGEXP = "regexp:"


def fold(text: str) -> str:
    """Return the text in the form in which texts are compared."""
    blanks_joined = " ".join(normalize(text).split())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", blanks_joined).casefold())


@dataclass(frozen=True)
class Pattern:
    """A wanted text.

    text: what is wanted, without the prefix
    manner: `CONTAINS`: a part of the text; `EXACT`: all of it; `GLOB`: all of it, with `*`, `?` and
        `[abc]`; `REGEXP`: a regular expression that is found anywhere in the text as it was
        written, but for line ends, which are `\\n`
    """

    text: str
    manner: Manner

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
            _check_regexp(name, text)
        return cls(text, manner)

    def matches(self, text: str) -> bool:
        """Return whether the text is what is wanted."""
        if self.manner is Manner.REGEXP:
            return re.search(self.text, unicodedata.normalize("NFC", normalize(text))) is not None
        wanted, folded = fold(self.text), fold(text)
        if self.manner is Manner.GLOB:
            return re.fullmatch(translate(wanted), folded) is not None
        return folded == wanted if self.manner is Manner.EXACT else wanted in folded

    def matches_any(self, people: Iterable[Address]) -> bool:
        """Return whether one of the people is wanted.

        A whole address compares with the address as a whole: `qa+1@x` isn't `qa+11@x`. Anything
        else compares with name and address, as `Name <address>`; `exact:` and `glob:` also with
        either alone.
        """
        if self.manner is Manner.CONTAINS and WHOLE_ADDRESS.fullmatch(self.text.strip()):
            return any(fold(self.text) == fold(person.address) for person in people)
        return any(self._matches_person(person) for person in people)

    def wide(self, whole_words: bool = False) -> str:
        """Return the part of it that servers are most likely to find; empty if there is none.

        White space, accents, and case beyond ASCII are compared differently everywhere, a plain
        word alike by all.

        whole_words: whether the server finds nothing else, so that a word that may be a part of
            another one is no help
        """
        if self.manner is Manner.REGEXP:
            return ""
        pieces = _WILDCARDS.split(self.text) if self.manner is Manner.GLOB else [self.text]
        words = [word for piece in pieces for word in self._words(piece, whole_words)]
        plain = [word for word in words if word.isascii()]
        return max(plain or words, key=len, default="")

    def _words(self, piece: str, whole_words: bool) -> list[str]:
        text = unicodedata.normalize("NFC", piece)
        found = list(_WORD.finditer(text))
        if not whole_words:
            return [word.group() for word in found] or [text.strip()]
        # Beyond the ends of a wanted text, the word may go on.
        return [word.group() for word in found if word.start() > 0 and word.end() < len(text)]

    def _matches_person(self, person: Address) -> bool:
        shown = f"{person.name} <{person.address}>"
        if self.manner is Manner.CONTAINS:
            return self.matches(shown)
        return any(self.matches(each) for each in (shown, person.address, person.name))


def not_empty(name: str, text: str) -> None:
    """Raise InvalidArgument if there is nothing in a text that could be compared.

    name: the argument, for the failure
    """
    if not fold(text):
        raise InvalidArgument(
            f"The criterion {name} is empty, which would match every email. Leave it out if you "
            "mean that; if it comes from a variable, the variable has no value."
        )


def _check_regexp(name: str, text: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise InvalidArgument(
            f"The criterion {name} is no regular expression: {error}. It reads {text!r}. In Robot "
            r"Framework data, a backslash is written twice: \\d for a digit."
        ) from error
