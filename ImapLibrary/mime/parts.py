"""The bytes of a message, or the first of them -> a tree of its parts (RFC 2045, RFC 2046).

Of a message that was not fetched whole, the tree says what may still be missing: the last part may
go on, and every multipart that was not closed may have more parts. Everything before is as it is.

The tree says where things lie, and copies nothing but headers. What is left out of it because a
message has more than anybody could mean is told in the log.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from ImapLibrary.mime.charsets import decode, decode_html
from ImapLibrary.mime.fields import end_of_header, read_header
from ImapLibrary.mime.headers import Headers
from ImapLibrary.mime.parameters import boundary, media_type, parameter
from ImapLibrary.mime.transfer import decode_body, encoding_name

MAX_DEPTH = 50
"""How deep parts are read; what is nested deeper is left out."""

MAX_PARTS = 1000
"""How many parts are read; those that follow are left out."""

READABLE_TYPES = frozenset({"text/plain", "text/html"})
"""What a mail program shows as the text of an email."""

_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]*\r*(?:\n|\Z)")

_log = logging.getLogger(__name__)


class Extent(Enum):
    """How much of a message its bytes are."""

    WHOLE = "whole"
    PREFIX = "prefix"
    """The first bytes, cut anywhere."""
    OUTLINE = "outline"
    """All headers and all readable texts, but other parts with empty bodies."""


@dataclass(frozen=True, eq=False)
class Part:
    """A message, or a part of one: a leaf with content or a multipart with parts.

    headers: the header fields, those of MIME among them
    source: the message that it is part of
    start, end: where its content lies in `source`
    default_type: what it is if it doesn't say
    parts: the parts of a multipart; none in a leaf. An attached message is a leaf.
    whole: whether the content of a leaf is there to its end
    known: whether the headers are there to their end, so that one can tell what it is
    open: whether a multipart may have more parts than these
    """

    headers: Headers
    source: bytes
    start: int
    end: int
    default_type: str
    parts: tuple[Part, ...]
    whole: bool
    known: bool
    open: bool

    @cached_property
    def content_type(self) -> str:
        """Type and subtype in lower case; `text/plain` if nothing understandable is declared."""
        declared = media_type(self.headers.raw("Content-Type")) or self.default_type
        # A multipart whose boundary is missing or never comes has nothing but its text.
        return "text/plain" if declared.startswith("multipart/") and not self.parts else declared

    @cached_property
    def charset(self) -> str:
        """The charset as declared; empty if it isn't."""
        return self.parameter("charset")

    @cached_property
    def disposition(self) -> str:
        """`inline`, `attachment` or any other word in lower case; empty if there is none."""
        # A comment may follow; and some senders forget the semicolon before the parameters.
        return re.split(r"[\s;(]", self.headers.get("Content-Disposition", ""))[0].lower()

    @cached_property
    def filename(self) -> str:
        """The file name, decoded as sent (it may hold any character); empty if there is none."""
        return self.parameter("filename", "Content-Disposition") or self.parameter("name")

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
    def body(self) -> bytes:
        """The content as it came, encoded for transfer."""
        return self.source[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The content of a leaf without its transfer encoding, so far as it is there."""
        return decode_body(self.body, self.transfer_encoding)

    @cached_property
    def text(self) -> str:
        """The content of a text leaf: by its declared charset, else by what HTML says itself."""
        read = decode_html if self.content_type == "text/html" else decode
        return read(self.content, self.charset)

    def with_body(self, body: bytes) -> Part:
        """Return the leaf with its content, which was fetched apart, as it came."""
        return replace(self, source=body, start=0, end=len(body), whole=True)

    def parameter(self, name: str, header: str = "Content-Type") -> str:
        """Return a parameter of a MIME field, decoded; empty if it is not there."""
        return parameter(self.headers.raw(header), name)


def parse(raw: bytes, extent: Extent = Extent.WHOLE) -> Part:
    """Return the tree of a message. Whatever the bytes are, there is one.

    extent: how much of the message `raw` is
    """
    cut = extent is Extent.PREFIX
    if cut:
        # A cut line can look like a boundary that it isn't.
        raw = raw[: raw.rfind(b"\n") + 1]
    elif b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    return _Parser(raw, extent).part(start, len(raw), cut)


def headers_end(raw: bytes) -> bool:
    """Return whether the end of the header lies within these first bytes of a message."""
    *_, ended = end_of_header(raw, 0, len(raw))
    return ended


class _Parser:
    """Finds the parts of a message."""

    def __init__(self, source: bytes, extent: Extent) -> None:
        self._source = source
        self._outline = extent is Extent.OUTLINE
        self._count = 0
        self._noted: set[str] = set()

    def part(
        self, start: int, end: int, cut: bool, default_type: str = "text/plain", depth: int = 0
    ) -> Part:
        """Return the tree below what lies between `start` and `end`.

        cut: whether the bytes ended within it
        """
        self._count += 1
        header = read_header(self._source, start, end)
        types = (value for name, value in header.fields if name.lower() == "content-type")
        declared = next(types, "")
        headers = Headers(header.fields, parameter(declared, "charset"))
        leaf = Part(
            headers,
            self._source,
            header.end,
            end,
            default_type,
            parts=(),
            whole=not cut,
            known=header.ended or not cut,
            open=False,
        )
        delimiter = boundary(declared) if media_type(declared).startswith("multipart/") else b""
        if delimiter:
            return self._multipart(leaf, delimiter, cut, depth)
        # An outline holds no content of parts that nobody reads.
        return replace(leaf, whole=False) if self._outline and not leaf.readable else leaf

    def _multipart(self, leaf: Part, delimiter: bytes, cut: bool, depth: int) -> Part:
        empty = replace(leaf, end=leaf.start, whole=True)
        if depth == MAX_DEPTH:
            self._note(f"Parts are nested deeper than {MAX_DEPTH} levels. These are left out.")
            return empty
        spans, closed = self._spans(leaf.start, leaf.end, delimiter)
        if not spans:
            # The first boundary may be still to come.
            return replace(leaf, known=not cut)
        open_ = cut and not closed
        if not closed and not cut:
            self._note("The last boundary of a multipart is missing.")
        digest = media_type(leaf.headers.raw("Content-Type")) == "multipart/digest"
        default_type = "message/rfc822" if digest else "text/plain"
        parts: list[Part] = []
        for number, (start, end) in enumerate(spans, 1):
            if self._count >= MAX_PARTS:
                self._note(f"There are more than {MAX_PARTS} parts. The others are left out.")
                return replace(empty, parts=tuple(parts))
            goes_on = open_ and number == len(spans)
            parts.append(self.part(start, end, goes_on, default_type, depth + 1))
        return replace(leaf, parts=tuple(parts), whole=not open_, open=open_)

    def _spans(self, start: int, end: int, delimiter: bytes) -> tuple[list[tuple[int, int]], bool]:
        """Return where the parts of a multipart lie, and whether it is closed."""
        spans: list[tuple[int, int]] = []
        begin = -1
        for line, after, closing in self._delimiters(start, end, delimiter):
            if begin >= 0:
                spans.append((begin, max(begin, line)))
            if closing or len(spans) > MAX_PARTS:
                return spans, True
            begin = after
        if begin >= 0:
            # Where nothing follows, the last line end is that of the boundary that is missing.
            last = self._before_line_end(end) if end == len(self._source) else end
            spans.append((begin, max(begin, last)))
        return spans, False

    def _delimiters(
        self, start: int, end: int, delimiter: bytes
    ) -> Iterator[tuple[int, int, bool]]:
        """Yield where each line with the boundary begins and ends, and whether it is the last.

        The line end before a boundary belongs to it (RFC 2046, section 5.1.1).
        """
        mark = b"\n--" + delimiter
        at = self._source.find(mark, start - 1, end)
        while at >= 0:
            after = at + len(mark)
            # Other boundaries may begin like this one.
            if match := _END_OF_DELIMITER.match(self._source, after, end):
                yield self._before_line_end(at + 1), match.end(), match[1] is not None
            at = self._source.find(mark, after, end)

    def _before_line_end(self, at: int) -> int:
        """Return where the line end before `at` begins."""
        if self._source[at - 1 : at] != b"\n":
            return at
        return at - 2 if self._source[at - 2 : at - 1] == b"\r" else at - 1

    def _note(self, text: str) -> None:
        """Tell something in the log, once."""
        if text not in self._noted:
            self._noted.add(text)
            _log.debug(text)
