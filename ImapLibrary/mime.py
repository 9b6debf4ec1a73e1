"""The bytes of a message, or the first of them -> a tree of its parts (RFC 2045, RFC 2046).

Of a message that was not fetched whole, the tree says what may still be missing: the last part may
go on, and every multipart that was not closed may have more parts. Everything before is as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from email import errors as defects
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser
from email.policy import Compat32
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ImapLibrary.charsets import decode
from ImapLibrary.headers import Headers, decode_header
from ImapLibrary.transfer import decode_body, encoding_name

MAX_DEPTH = 50
"""How deep parts are read; what is nested deeper is left out."""

_CHUNK = 64 * 1024

_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What the standard library raises on odd parameters, differently from version to version: numbers
too long to convert, charset names with NUL, indexes out of range."""

READABLE_TYPES = frozenset({"text/plain", "text/html"})
"""What a mail program shows as the text of an email."""


class Extent(Enum):
    """How much of a message its bytes are."""

    WHOLE = "whole"
    PREFIX = "prefix"
    """The first bytes, cut anywhere."""
    OUTLINE = "outline"
    """All headers and all readable texts, but other parts with empty bodies."""


if TYPE_CHECKING:
    _StandardMessage = Message[str, str]
    _StandardPolicy = Compat32["_Message"]
else:  # these take their types for type checkers only
    _StandardMessage = Message
    _StandardPolicy = Compat32


class _Message(_StandardMessage):
    """A message whose content can be had as it came, messages attached to it too."""

    def get_content_type(self) -> str:
        """Return what the parser shall take it for: it takes attached messages apart, for which
        there is no way back to their bytes.
        """
        declared = self.declared_type
        return "application/octet-stream" if declared.startswith("message/") else declared

    @property
    def declared_type(self) -> str:
        """Type and subtype in lower case; `text/plain` if nothing understandable is declared."""
        return super().get_content_type()

    @property
    def body(self) -> bytes:
        """The content of a leaf, as encoded for transfer; nothing if it is a multipart.

        The public `get_payload` decodes it by the declared charset, right or wrong.
        """
        payload = vars(self)["_payload"]
        return payload.encode("ascii", "surrogateescape") if isinstance(payload, str) else b""


class _RawHeaders(_StandardPolicy):
    """The one policy that parses anything, without its habit of replacing bytes above 127."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_POLICY = _RawHeaders()


@dataclass(frozen=True, eq=False)
class Part:
    """A message, or a part of one: a leaf with content or a multipart with parts.

    message: the standard library's view of it
    parts: the parts of a multipart; none in a leaf. An attached message is a leaf.
    whole: whether the content of a leaf is there to its end
    known: whether the headers are there to their end, so that one can tell what it is
    open: whether a multipart may have more parts than these
    """

    message: _Message
    parts: tuple[Part, ...]
    whole: bool
    known: bool
    open: bool

    @cached_property
    def headers(self) -> Headers:
        """The header fields, those of MIME among them."""
        return Headers(self.message.raw_items())

    @cached_property
    def content_type(self) -> str:
        """Type and subtype in lower case; `text/plain` if nothing understandable is declared."""
        declared = self.message.declared_type
        if self.message.is_multipart() or self.parts:
            return declared
        # A multipart whose boundary is missing or never comes has nothing but its text.
        return "text/plain" if declared.startswith("multipart/") else declared

    @cached_property
    def charset(self) -> str:
        """The charset as declared; empty if it isn't."""
        return self.parameter("charset")

    @cached_property
    def disposition(self) -> str:
        """`inline`, `attachment` or any other word in lower case; empty if there is none."""
        return self.headers.get("Content-Disposition", "").partition(";")[0].strip().lower()

    @cached_property
    def filename(self) -> str:
        """The file name, decoded as sent (it may hold any character); empty if there is none."""
        return self.parameter("filename", "content-disposition") or self.parameter("name")

    @cached_property
    def content_id(self) -> str:
        """Content-ID without its angle brackets; empty if there is none."""
        return self.headers.get("Content-ID", "").strip().removeprefix("<").removesuffix(">")

    @property
    def transfer_encoding(self) -> str:
        """The content transfer encoding in lower case; empty if there is none."""
        return encoding_name(self.headers.get("Content-Transfer-Encoding", ""))

    @property
    def attached(self) -> bool:
        """Whether it is meant as a file beside the text (RFC 2183, section 2.8)."""
        return self.disposition not in ("", "inline")

    @property
    def readable(self) -> bool:
        """Whether it is a text that a mail program shows as part of the email."""
        return not self.parts and self.content_type in READABLE_TYPES and not self.attached

    def walk(self) -> Iterator[Part]:
        """Yield it and all parts below it, in the order of the email."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def content(self) -> bytes:
        """The content of a leaf without its transfer encoding, so far as it is there."""
        return decode_body(self.body, self.transfer_encoding)

    @property
    def body(self) -> bytes:
        """The content of a leaf as it came; nothing if it is a multipart."""
        return self.message.body

    def with_body(self, body: bytes) -> Part:
        """Return the leaf with its content, which was fetched apart, as it came."""
        message = copy(self.message)
        message.set_payload(body.decode("ascii", "surrogateescape"))
        return Part(message, (), whole=True, known=True, open=False)

    def parameter(self, name: str, header: str = "content-type") -> str:
        """Return a parameter of a MIME field, decoded; empty if it is not there.

        Understands RFC 2231 and what is sent in its place: encoded words, raw bytes.
        """
        fields = _tolerant(lambda: self.message.get_params([], header)) or []
        values = [value for key, value in fields if key.lower() == name]
        for value in values:
            if isinstance(value, tuple):  # RFC 2231, to be preferred to a plain one beside it
                charset, _, text = value
                return decode(text.encode("latin-1", "surrogateescape"), charset or "")
        return decode_header(values[0]) if values else ""


def parse(raw: bytes, extent: Extent = Extent.WHOLE) -> Part:
    """Return the tree of a message. Whatever the bytes are, there is one.

    extent: how much of the message `raw` is
    """
    if extent is Extent.PREFIX:
        # A cut line can look like a boundary that it isn't.
        raw = raw[: raw.rfind(b"\n") + 1]
    cut = extent is Extent.PREFIX
    try:
        return _part(_parsed(raw), extent, cut)
    except (RecursionError, *_ODD):
        # The standard library's parser goes down one call for each level of nesting, and trips
        # over odd boundaries.
        message = BytesHeaderParser(_Message, policy=_POLICY).parsebytes(raw)
        return _part(message, extent, cut)


def headers_end(raw: bytes) -> bool:
    """Return whether the end of the header lies within these first bytes of a message."""
    return raw.startswith((b"\n", b"\r\n")) or re.search(rb"\n\r?\n", raw) is not None


def _parsed(raw: bytes) -> _Message:
    # Bit by bit, since `BytesParser` needs five times the size of an email in between.
    parser = BytesFeedParser(_Message, policy=_POLICY)
    for start in range(0, len(raw), _CHUNK):
        parser.feed(raw[start : start + _CHUNK])
    return parser.close()


def _part(message: _Message, extent: Extent, cut: bool, depth: int = 0) -> Part:
    """Return the tree below `message`.

    cut: whether the bytes ended within it
    """
    multipart = message.get_content_maintype() == "multipart"
    if not (multipart and message.is_multipart()) or depth == MAX_DEPTH:
        # The first boundary of a multipart may be still to come.
        known = not cut or (message.body != b"" and not multipart)
        part = Part(message, (), whole=not cut, known=known, open=False)
        return _emptied(part) if extent is Extent.OUTLINE and not part.readable else part
    open_ = cut and _unclosed(message)
    children = [child for child in message.get_payload() if isinstance(child, _Message)]
    parts = tuple(
        _part(child, extent, open_ and child is children[-1], depth + 1) for child in children
    )
    return Part(message, parts, whole=not open_, known=True, open=open_)


def _emptied(part: Part) -> Part:
    """Return a leaf of an outline whose content was left out."""
    return Part(part.message, (), whole=False, known=True, open=False)


def _unclosed(message: _Message) -> bool:
    return any(isinstance(d, defects.CloseBoundaryNotFoundDefect) for d in message.defects)


def _tolerant(ask: Callable[[], Any]) -> Any:
    """Return what the standard library says, None where it trips over odd parameters."""
    try:
        return ask()
    except _ODD:
        return None
