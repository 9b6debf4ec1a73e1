"""Which attachments of an email are meant: name patterns and media types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ImapLibrary.errors import AttachmentNotFound, SeveralAttachments
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.comparing import Manner, Pattern

MOST = 20
"""So many attachments are told one by one."""


@dataclass(frozen=True)
class Selection:
    """What attachments have to be like.

    name, media_type: patterns with wildcards, or with a prefix that says otherwise; None if they
        may be any
    inline: whether those that the HTML shows count
    """

    name: str | None
    media_type: str | None
    inline: bool

    def __post_init__(self) -> None:
        """Raise InvalidArgument if a pattern is empty, or no regular expression."""
        _alike("", "name", self.name)
        _alike("", "type", self.media_type)

    def any_of(self, attachments: Iterable[Attachment]) -> list[Attachment]:
        """Return those that are meant, perhaps none."""
        return [each for each in attachments if self._matches(each)]

    def some_of(self, attachments: Sequence[Attachment]) -> list[Attachment]:
        """Return those that are meant. Raises AttachmentNotFound if a pattern meets none."""
        found = self.any_of(attachments)
        if not found and (self.name is not None or self.media_type is not None):
            raise self._not_found(attachments)
        return found

    def one_of(self, attachments: Sequence[Attachment]) -> list[Attachment]:
        """Return the one that is meant.

        Raises AttachmentNotFound if there is none, SeveralAttachments if there are several.
        """
        found = self.any_of(attachments)
        if not found:
            raise self._not_found(attachments)
        if len(found) > 1:
            wanted = self._wanted(attachments)
            match = f" that match {wanted}" if wanted else ""
            raise SeveralAttachments(
                f"The email has {len(found)} attachments{match}, and it can't be known which one "
                f"is meant:{_listed(found)}\nGive a name= or type= that only one of them has, or "
                "leave out those that the HTML shows with inline=False."
            )
        return found

    def _matches(self, attachment: Attachment) -> bool:
        return (
            (self.inline or not attachment.inline)
            and _alike(attachment.name, "name", self.name)
            and _alike(attachment.type, "type", self.media_type)
        )

    def _not_found(self, attachments: Sequence[Attachment]) -> AttachmentNotFound:
        if not attachments:
            return AttachmentNotFound("The email has no attachments.")
        return AttachmentNotFound(
            f"No attachment of the email matches {self._wanted(attachments)}. It has:"
            f"{_listed(attachments)}"
        )

    def _wanted(self, attachments: Iterable[Attachment]) -> str:
        """Return what makes a difference among some attachments, as it was asked for."""
        asked = (("name", self.name), ("type", self.media_type))
        patterns = [f"{argument}={pattern}" for argument, pattern in asked if pattern]
        left_out = not self.inline and any(each.inline for each in attachments)
        return " and ".join([*patterns, *(["inline=False"] if left_out else [])])


def _alike(text: str, argument: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    pattern = Pattern.parsed(argument, wanted)
    if pattern.manner is not Manner.CONTAINS:
        return pattern.matches(text)
    # Brackets may as well be part of the name: `report [final].pdf`.
    manners = (Manner.EXACT, Manner.GLOB)
    return any(replace(pattern, manner=manner).matches(text) for manner in manners)


def _listed(attachments: Sequence[Attachment]) -> str:
    more = len(attachments) - MOST
    lines = [f"\n  {each}" for each in attachments[:MOST]]
    return "".join(lines) + (f"\n  and {more} more" if more > 0 else "")
