"""What every condition has in common, and what servers are asked for the sake of one.

Servers differ in what they find: some match words only, some do not decode, some look into an
index that lags behind. So SEARCH is only asked for candidates, by keys that are wider than the
condition, and what a condition means is said once, by its test.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from ImapLibrary.arguments import encodable, one_line
from ImapLibrary.imap.habits import Habits
from ImapLibrary.location import Location
from ImapLibrary.mail.comparing import Pattern
from ImapLibrary.mail.message import Email

ADDRESS_KEYS = frozenset({"FROM", "TO", "CC", "BCC"})
"""The SEARCH keys for people, called as the header fields in which they stand."""


class Condition(ABC):
    """One condition. Subclasses say how to search for it and how to test it.

    value: what the user gave; InvalidArgument is raised if it is of no use

    name: what the argument is called
    about_flags: whether the answer can change
    about_content: whether headers can't answer it
    only_server: whether only the server can answer it
    pattern: the text that is wanted, None if it is about something else
    location: the folder that it names an email of, None if it can be about any
    """

    name: ClassVar[str] = ""
    about_flags = False
    about_content = False
    only_server = False
    pattern: Pattern | None = None
    location: Location | None = None

    def __init__(self, value: str) -> None:
        self.value = encodable(what := f"criterion {self.name}", one_line(what, value))

    def __str__(self) -> str:
        return f"{self.name} {self.value!r}"

    @abstractmethod
    def search_keys(self, habits: Habits) -> list[bytes]:
        """Return SEARCH keys that find at least what the test accepts; none finds everything."""

    @abstractmethod
    def accepts(self, email: Email) -> bool:
        """Return whether the email meets the condition.

        Raises IncompleteEmail if that can't be told from what was fetched of it.
        """

    @abstractmethod
    def instead(self, email: Email) -> str:
        """Return what an email that does not meet the condition has in place of it."""

    def nearly(self, email: Email) -> str:
        """Return by how little that misses the condition; empty if there is little to say."""
        return ""

    def missed_by(self, email: Email) -> str:
        """Return all that is to be said of an email that does not meet the condition."""
        near = self.nearly(email)
        return f"{self.instead(email)} ({near})" if near else self.instead(email)


class Not(Condition):
    """The opposite of a condition.

    No server is asked for it: what is wider than a condition is narrower than its opposite.
    """

    def __init__(self, kind: type[Condition], value: str) -> None:
        # By its name, so that a failure names the argument that was given.
        opposite = type(kind.__name__, (kind,), {"name": f"not_{kind.name}"})
        self._condition: Condition = opposite(value)
        self.about_flags = kind.about_flags
        self.about_content = kind.about_content

    def __str__(self) -> str:
        return str(self._condition)

    def search_keys(self, habits: Habits) -> list[bytes]:
        return []

    def accepts(self, email: Email) -> bool:
        return not self._condition.accepts(email)

    def instead(self, email: Email) -> str:
        return self._condition.instead(email)


class Textual(Condition):
    """A condition on a text."""

    pattern: Pattern

    def __init__(self, value: str) -> None:
        self.pattern = Pattern.parsed(self.name, value)
        super().__init__(value)

    def search_for(self, habits: Habits, *keys: str) -> list[bytes]:
        """Return keys that find the text by any of some SEARCH keys, none if nothing would."""
        text = self.pattern.wide(habits.whole_words)
        # An address is never encoded.
        if not text or (habits.undecoded.intersection(keys) and not self.pattern.is_address):
            return []
        if habits.whole_addresses:
            keys = tuple(f"HEADER {key}" if key in ADDRESS_KEYS else key for key in keys)
        *others, last = ([*key.encode().split(), quoted(text)] for key in keys)
        # OR takes two keys, so that of more every one but the last has its own.
        return [word for key in others for word in (b"OR", *key)] + last


def quoted(text: str) -> bytes:
    """Return a text as a command carries it: quoted, or bare where it will be a literal."""
    if not text.isascii():
        return text.encode()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()
