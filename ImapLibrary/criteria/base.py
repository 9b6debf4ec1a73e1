"""What every condition has in common, and what servers are asked for the sake of one.

Servers differ in what they find: some match words only, some do not decode, some look into an
index that lags behind. So SEARCH is only asked for candidates, by keys that are wider than the
condition, and what a condition means is said once, by its test.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from ImapLibrary.arguments import one_line
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.comparing import Pattern
from ImapLibrary.mail.message import Email

LONGEST_SHOWN = 100
"""So many characters are shown at most of what an email has instead of what is wanted."""


class Condition(ABC):
    """One condition. Subclasses say how to search for it and how to test it.

    value: what the user gave; InvalidArgument is raised if it is of no use

    name: what the argument is called
    about_flags: whether the answer can change
    about_content: whether headers can't answer it
    only_server: whether only the server can answer it
    """

    name: ClassVar[str] = ""
    about_flags = False
    about_content = False
    only_server = False

    def __init__(self, value: str) -> None:
        self.value = one_line(f"criterion {self.name}", value)

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


class Not(Condition):
    """The opposite of a condition.

    No server is asked for it: what is wider than a condition is narrower than its opposite.
    """

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self.about_flags = condition.about_flags
        self.about_content = condition.about_content

    def __str__(self) -> str:
        return f"not_{self._condition}"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return []

    def accepts(self, email: Email) -> bool:
        return not self._condition.accepts(email)

    def instead(self, email: Email) -> str:
        return self._condition.instead(email)


class Textual(Condition):
    """A condition on a text."""

    def __init__(self, value: str) -> None:
        self.pattern = Pattern.parsed(self.name, value)
        super().__init__(value)

    def search_for(self, habits: Habits, *keys: str) -> list[bytes]:
        """Return keys that find the text by any of some SEARCH keys, none if nothing would."""
        text = self.pattern.wide(habits.whole_words)
        # An address is never encoded.
        if not text or (habits.undecoded.intersection(keys) and not self.pattern.is_address):
            return []
        *others, last = ([*key.encode().split(), quoted(text)] for key in keys)
        # OR takes two keys, so that of more every one but the last has its own.
        return [word for key in others for word in (b"OR", *key)] + last


def quoted(text: str) -> bytes:
    """Return a text as a command carries it: quoted, or bare where it will be a literal."""
    if not text.isascii():
        return text.encode()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()


def shortened(text: str) -> str:
    """Return a text in quotes, as much of it as is good to read."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}...")
