"""Conditions on what an email says, and on what comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from ImapLibrary.conditions.base import Textual, shortened
from ImapLibrary.content import visible_text
from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.habits import Habits
from ImapLibrary.message import Email
from ImapLibrary.mime import Extent, Part


class Body(Textual):
    """The text that a person reads, that of the plain text part or that of the HTML."""

    name = "body"
    about_content = True

    def search_keys(self, habits: Habits) -> list[bytes]:
        return self.search_for(habits, "BODY")

    def accepts(self, email: Email) -> bool:
        return self.pattern.matches(email.text) or self.pattern.matches(visible_text(email.html))

    def instead(self, email: Email) -> str:
        return f"body is {_beginning(email)}"


class Text(Textual):
    """Something written in the email: in a header, a file name, its text, or its HTML source."""

    name = "text"
    about_content = True

    def search_keys(self, habits: Habits) -> list[bytes]:
        return self.search_for(habits, "TEXT")

    def accepts(self, email: Email) -> bool:
        return any(self.pattern.matches(text) for text in _written(email))

    def instead(self, email: Email) -> str:
        return f"text is {_beginning(email)}"


def _beginning(email: Email) -> str:
    return shortened(" ".join(email.text_so_far.split()))


def _written(email: Email) -> Iterator[str]:
    """Yield what is written in an email, and last what may have to be fetched first.

    Text that is not here to its end is no help: what a part of it reads as (half of an HTML tag)
    need not be what the whole says. Raises IncompleteEmail if there may be more.
    """
    yield from email.headers.lines
    yield from _file_names(email.root)
    yield email.text
    yield email.html
    if email.extent is Extent.PREFIX and _goes_on(email.root):
        raise IncompleteEmail("More files may follow beyond the first bytes of this email.")


def _file_names(part: Part) -> Iterator[str]:
    if part.known:
        yield part.filename
    for child in part.parts:
        yield from _file_names(child)


def _goes_on(part: Part) -> bool:
    """Return whether there may be more parts, or more of a part's header, than these."""
    return part.open or not part.known or any(_goes_on(child) for child in part.parts)
