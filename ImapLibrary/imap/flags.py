"""The names of flags (RFC 9051, section 2.3.2): what may be sent, and when two are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ImapLibrary.arguments import missing, one_line
from ImapLibrary.errors import InvalidArgument

Flags = list[str | None] | str | None
"""What a keyword may be given for flags: a text, or a list in which Robot Framework keeps None.

Otherwise it would make the text "None" of it, which could be the name of a flag.
"""

SYSTEM_FLAGS = ("\\Answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Seen")

RECENT = "\\recent"
"""The server's own flag: it belongs to a session, and can't be changed."""

_ABSENT = {"unread": "Seen"} | {f"un{flag[1:].lower()}": flag[1:] for flag in SYSTEM_FLAGS}
"""What SEARCH and mail programs say of an email without a flag, by which none is called."""

OWN_FLAG = re.compile(r"[^\x00-\x20\x7f-\U0010ffff(){%*\"\\\],]+")
"""What a keyword, a flag of users or programs, consists of: an atom (RFC 9051, section 9).

A comma could be in one, but is in none: it stands between flags where people write several.
"""


def flag_words(text: str) -> list[str]:
    """Return what stands between blanks and commas, as flags do in a text."""
    return text.replace(",", " ").split()


def flag_names(flags: str | Iterable[str | None]) -> tuple[str, ...]:
    """Return the names as they are sent, each once. Raises InvalidArgument for what is none.

    flags: names separated by blanks or commas, or a list of them; system flags with or without the
        backslash, which is easily lost in test data
    """
    words = flag_words(one_line("flag", flags)) if isinstance(flags, str) else flags
    return tuple(dict.fromkeys(_name(word) for word in words))


def some_flags(argument: str, flags: Flags) -> tuple[str, ...]:
    """Return the names as `flag_names` does. Raises InvalidArgument if there are none.

    argument: its name, for the failure
    """
    names = flag_names(flags or "")
    if not names:
        raise missing(argument)
    return names


def has_flag(flags: Iterable[str], name: str) -> bool:
    """Return whether a flag is among others. Its case makes no difference."""
    return name.casefold() in {flag.casefold() for flag in flags}


def spelt_as(flags: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the names of flags as they are among those that an email has, each once.

    names: as people write them: system flags with or without the backslash, all in any case, and
        each maybe several with blanks or commas between

    Raises InvalidArgument for a word that names no flag, but tells which an email has.
    """
    spellings = {flag.casefold(): flag for flag in (*SYSTEM_FLAGS, *flags)}
    for flag in SYSTEM_FLAGS:
        spellings[flag[1:].casefold()] = spellings[flag.casefold()]
    words = (word for name in names for word in flag_words(name))
    return list(dict.fromkeys(spellings.get(word.casefold()) or _no_state(word) for word in words))


def without(flags: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return those of the flags that are not named."""
    named = {name.casefold() for name in names}
    return [flag for flag in flags if flag.casefold() not in named]


@dataclass(frozen=True)
class FlagChange:
    """A change of the flags of emails.

    sign: `+` adds the flags, `-` takes them away, "" puts them in place of what there is
    names: which flags
    """

    sign: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.sign}{' '.join(self.names)}" or "all taken away"

    @property
    def item(self) -> str:
        """What STORE is told (RFC 9051, section 6.4.6). It is asked not to repeat the flags."""
        return f"{self.sign}FLAGS.SILENT ({' '.join(self.names)})"

    def applied(self, flags: Iterable[str]) -> list[str]:
        """Return the flags that an email has after the change, if it has those before."""
        before = list(flags)
        if not self.sign:
            return [*self.names, *(flag for flag in before if flag.casefold() == RECENT)]
        kept = without(before, self.names)
        return kept if self.sign == "-" else [*kept, *self.names]


def _name(word: str | None) -> str:
    if not word:
        raise InvalidArgument(
            f"{word!r} is no flag. If it comes from a variable, the variable has no value."
        )
    name = one_line("flag", word)
    for flag in SYSTEM_FLAGS:
        if name.removeprefix("\\").casefold() == flag[1:].casefold():
            return flag
    _no_state(name)
    if not OWN_FLAG.fullmatch(name):
        raise InvalidArgument(
            f"{name!r} is no flag. Flags are {', '.join(SYSTEM_FLAGS)}, and keywords, which consist "
            "of ASCII characters other than blanks, commas, quotes, backslashes, brackets, % and *."
        )
    return name


def _no_state(word: str) -> str:
    """Return a word. Raises InvalidArgument if it names no flag, but tells which an email has.

    As a keyword it would be stored, and a check that it is not there would always hold.
    """
    bare = word.removeprefix("\\").casefold()
    if bare == "recent":
        raise InvalidArgument("The flag \\Recent is the server's own: no client can change it.")
    if bare in ("new", "old"):
        raise InvalidArgument(
            f"{word!r} is no flag. It tells whether an email has \\Recent, which is the server's own: "
            "no client can change it."
        )
    if bare == "read":
        raise InvalidArgument(
            f"{word!r} is no flag. It means that an email has Seen: name that flag."
        )
    if bare in _ABSENT:
        raise InvalidArgument(
            f"{word!r} is no flag. It means that an email does not have {_ABSENT[bare]}: take that "
            "flag away, or check that it is not there."
        )
    return word
