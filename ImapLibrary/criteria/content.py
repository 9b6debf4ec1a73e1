"""Conditions on what an email says, and on what comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ImapLibrary.arguments import TrueOrFalse
from ImapLibrary.criteria.base import Condition, Textual
from ImapLibrary.criteria.nearness import of_text, of_texts, shortened
from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.comparing import Manner, not_empty
from ImapLibrary.mail.content import visible_text
from ImapLibrary.mail.links import find_links
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent, Part


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

    def nearly(self, email: Email) -> str:
        return of_text(self.pattern, email.text_so_far)


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

    def nearly(self, email: Email) -> str:
        return of_text(self.pattern, email.text_so_far)


class Link(Textual):
    """Where a link leads, or what it shows."""

    name = "link"
    about_content = True

    def search_keys(self, habits: Habits) -> list[bytes]:
        return []  # servers look neither into tags nor into what is encoded

    def accepts(self, email: Email) -> bool:
        return any(map(self.pattern.matches, _of_links(email)))

    def instead(self, email: Email) -> str:
        links = ", ".join(link.href for link in find_links(email.html, email.text))
        return f"links are {shortened(links)}" if links else "it has no links"

    def nearly(self, email: Email) -> str:
        return of_texts(self.pattern, _of_links(email))


class Attached(Textual):
    """The name of a file that comes with the email, or its type if there is a slash in it."""

    name = "attachment"
    about_content = True

    def search_keys(self, habits: Habits) -> list[bytes]:
        return []

    def accepts(self, email: Email) -> bool:
        return any(map(self._is_wanted, _files(email)))

    def _is_wanted(self, attachment: Attachment) -> bool:
        if not self._is_type:
            return self.pattern.matches(attachment.name)
        # Nobody looks for a part of a type: image/* has a wildcard.
        whole = self.pattern.manner is Manner.CONTAINS
        pattern = replace(self.pattern, manner=Manner.GLOB) if whole else self.pattern
        return pattern.matches(attachment.type)

    @property
    def _is_type(self) -> bool:
        return "/" in self.pattern.text

    def instead(self, email: Email) -> str:
        told = ", ".join(map(self._told, email.attachments_so_far))
        return f"attachments are {shortened(told)}" if told else "it has no attachments"

    def nearly(self, email: Email) -> str:
        return of_texts(self.pattern, map(self._told, email.attachments_so_far))

    def _told(self, attachment: Attachment) -> str:
        return attachment.type if self._is_type else attachment.name


class HasAttachments(Condition):
    """Whether files come with the email, other than images that its HTML shows."""

    name = "has_attachments"
    about_content = True

    def __init__(self, value: TrueOrFalse) -> None:
        not_empty(self.name, str(value))
        super().__init__(str(value))
        self._wanted = bool(value)

    def search_keys(self, habits: Habits) -> list[bytes]:
        return []

    def accepts(self, email: Email) -> bool:
        return any(not attachment.inline for attachment in _files(email)) is self._wanted

    def instead(self, email: Email) -> str:
        return "it has none" if self._wanted else "it has some"


def _files(email: Email) -> Iterator[Attachment]:
    """Yield the files that come with an email. Raises IncompleteEmail if there may be more."""
    yield from email.attachments_so_far
    _check_for_more(email)


def _check_for_more(email: Email) -> None:
    if email.extent is Extent.PREFIX and _goes_on(email.root):
        raise IncompleteEmail("More files may follow beyond the first bytes of this email.")


def _of_links(email: Email) -> list[str]:
    """Return where the links of an email lead, and what they show."""
    links = find_links(email.html, email.text)
    return [text for link in links for text in (link.href, link.text)]


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
    _check_for_more(email)


def _file_names(part: Part) -> Iterator[str]:
    if part.known:
        yield part.filename
    for child in part.parts:
        yield from _file_names(child)


def _goes_on(part: Part) -> bool:
    """Return whether there may be more parts, or more of a part's header, than these."""
    return part.open or not part.known or any(_goes_on(child) for child in part.parts)
