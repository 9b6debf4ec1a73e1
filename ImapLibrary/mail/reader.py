"""What was fetched of an email, and what is read from it, each thing once and not before it's asked.

It stays the same wherever the email goes and however it is flagged, so that all states of an email
share one reader.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from ImapLibrary.mail import content
from ImapLibrary.mail.attachments import Attachment, attachments
from ImapLibrary.mime.headers import Headers
from ImapLibrary.mime.parts import Extent, Part, headers_end, parse


class Reader:
    """Reads the bytes of an email.

    raw: the bytes
    extent: how much of the email they are
    received: when the server received it, if that was asked for
    size: its size in bytes, as the server says
    """

    def __init__(self, raw: bytes, extent: Extent, received: datetime | None, size: int) -> None:
        self.raw = raw
        self.extent = extent
        self.received = received
        self.size = size

    @cached_property
    def root(self) -> Part:
        """The tree of the parts."""
        return parse(self.raw, self.extent)

    @cached_property
    def headers(self) -> Headers:
        """The header fields, as far as they were fetched."""
        return self.root.headers

    @cached_property
    def headers_complete(self) -> bool:
        """Whether no header field is missing."""
        return self.extent is not Extent.PREFIX or headers_end(self.raw) or self.root.known

    @cached_property
    def readable(self) -> content.Reading:
        """The parts that are the readable text."""
        return content.readable(self.root)

    @cached_property
    def html_parts(self) -> content.Reading:
        """The parts that are the HTML."""
        return content.html_parts(self.root)

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files."""
        return attachments(self.root)

    @cached_property
    def text(self) -> str:
        """The readable text, as far as it was fetched."""
        return content.text_of(self.readable.parts)

    @cached_property
    def html(self) -> str:
        """The HTML, as far as it was fetched."""
        return content.html_of(self.html_parts.parts)
