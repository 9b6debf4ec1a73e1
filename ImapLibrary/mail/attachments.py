"""The parts of an email -> the files that come with it.

Everything that isn't the text of the email counts: files, attached messages, invitations, and the
images that its HTML shows. These are told apart as inline.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from urllib.parse import unquote

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.mail.content import html_parts
from ImapLibrary.mail.filenames import JOINERS
from ImapLibrary.mime.charsets import decode
from ImapLibrary.mime.parts import Extent, Part, parse
from ImapLibrary.unknown import Fields

_CALENDARS = frozenset({"text/calendar", "application/ics"})

_MESSAGES = frozenset({"message/rfc822", "message/global"})

_HEAD = 64 * 1024
"""So much of an attached message is looked at for its subject."""

_SHOWN = re.compile(
    r"""\b(?:src|background)\s*=\s* (?: "([^"]*)" | '([^']*)' | ([^\s"'<>]+) )
      | \burl\(\s* (?: (?P<quote> ["'] | &(?:quot|apos|\#3[49]); ) (.*?) (?P=quote)
                     | ([^\s"'<>()]+) )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""What HTML loads by itself, unlike what it links to. It is only compared with what is there."""

_EXTENSIONS = {
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/ms-tnef": ".dat",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/xml": ".xml",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
"""Those that the standard library knows differ from system to system."""


@dataclass(frozen=True, eq=False)
class Attachment(Fields):
    """A file that came with an email.

    name: as the sender calls it, decoded, with any character; without one, a name that says what
        it is
    type: the media type, such as `image/png`, in lower case
    inline: whether the HTML of the email shows it
    content_id: its Content-ID without angle brackets, by which HTML refers to it; empty if there
        is none
    number: its part number in the email, such as `2.1` (RFC 9051, section 6.4.5.1)
    part: the part that it is
    """

    _FIELDS = ("name", "type", "size", "sha256", "inline", "content_id", "content")

    name: str
    type: str
    inline: bool
    content_id: str
    number: str
    part: Part = field(repr=False)

    @property
    def content(self) -> bytes:
        """The file itself, decoded anew each time: it may be large.

        Raises IncompleteEmail if it wasn't fetched.
        """
        if not self.part.whole:
            raise IncompleteEmail(
                f"The attachment {self.name!r} of a large email was not fetched. `Get Attachment "
                "Content` fetches it."
            )
        return self.part.content

    @property
    def size(self) -> int:
        """The size of the file in bytes."""
        return self._measured[0]

    @property
    def sha256(self) -> str:
        """The SHA-256 digest of the file, as 64 hexadecimal digits in lower case."""
        return self._measured[1]

    @cached_property
    def _measured(self) -> tuple[int, str]:
        content = self.content
        return len(content), hashlib.sha256(content).hexdigest()

    @property
    def urls(self) -> frozenset[str]:
        """The URLs by which the HTML of the email can show it (RFC 2392, RFC 2557)."""
        location = re.sub(r"\s+", "", self.part.headers.get("Content-Location", ""))
        # HTML escapes the Content-ID, but what looks like an escape may as well be a part of it.
        ids = {self.content_id, unquote(self.content_id)} - {""}
        return frozenset({*(f"cid:{each}" for each in ids), *filter(None, [location])})

    def text(self, charset: str = "") -> str:
        r"""Return the file as text, with line ends as `\n`.

        charset: what to read it in, by default what the email or the file itself says

        Raises IncompleteEmail if it wasn't fetched.
        """
        content = self.content
        text = decode(content, charset) if charset else self.part.text
        return re.sub("\r\n?", "\n", text)

    def with_body(self, body: bytes) -> Attachment:
        """Return the attachment with its content, as encoded for transfer."""
        return replace(self, part=self.part.with_body(body))

    def __str__(self) -> str:
        return f"{_printable(self.name)} ({self.type}{', inline' if self.inline else ''})"

    def __repr__(self) -> str:
        known = f"size={self.size}, sha256={self.sha256!r}" if self.part.whole else "not fetched"
        return (
            f"<Attachment {self.name!r}: {self.type}, {known}, inline={self.inline}, "
            f"content_id={self.content_id!r}>"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Attachment) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    @property
    def _value(self) -> tuple[object, ...]:
        content = self.sha256 if self.part.whole else None
        return self.name, self.type, self.inline, self.content_id, content


def attachments(root: Part) -> tuple[Attachment, ...]:
    """Return the files that come with an email, in its order."""
    files = [leaf for leaf in _leaves(root) if leaf.is_file]
    referable = any(
        leaf.part.content_id or "Content-Location" in leaf.part.headers for leaf in files
    )
    shown = _shown(root) if referable else frozenset()
    found = (
        Attachment(
            _name(leaf),
            leaf.part.content_type,
            leaf.embedded,
            leaf.part.content_id,
            leaf.number,
            leaf.part,
        )
        for leaf in files
    )
    return tuple(replace(each, inline=True) if each.urls & shown else each for each in found)


def names_settled(root: Part) -> bool:
    """Return whether no byte that may still come could change which files there are, or a name."""
    return not any(part.open or not part.known for part in root.walk()) and not any(
        leaf.is_message and not leaf.part.whole and not leaf.part.filename.strip()
        for leaf in _leaves(root)
    )


def url_key(url: str) -> str:
    """Return a URL of the HTML of an email as it stands in `Attachment.urls`."""
    url = re.sub(r"[\t\r\n]", "", url).strip()  # as browsers do
    return f"cid:{unquote(url[4:])}" if url[:4].lower() == "cid:" else url


@dataclass(frozen=True)
class _Leaf:
    """A part without parts.

    number: its part number
    parent: the multipart that it is in; None if it is the email itself
    first: whether the email begins with it
    """

    part: Part
    number: str
    parent: Part | None
    first: bool

    @property
    def is_message(self) -> bool:
        return self.part.content_type in _MESSAGES

    @property
    def is_calendar(self) -> bool:
        return self.part.content_type in _CALENDARS

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and not (just) a text of the email."""
        part = self.part
        if part.content_type.startswith("multipart/"):
            return False  # nested too deeply to be read
        if part.attached:
            return True
        if self._within("alternative") and part.content_type.startswith("text/"):
            return self.is_calendar
        # A text with a name is shown below the text of the email, and can be saved.
        return bool(part.filename) and not self.first if part.readable else True

    @property
    def embedded(self) -> bool:
        """Whether it is declared as a part of the HTML that it comes with (RFC 2387)."""
        inline = self.part.disposition == "inline" and self.part.content_id
        return bool(inline) and self._within("related")

    def _within(self, subtype: str) -> bool:
        return self.parent is not None and self.parent.content_type == f"multipart/{subtype}"


def _leaves(root: Part) -> Iterator[_Leaf]:
    """Yield the leaves with their part numbers, in the order of the email."""
    if not root.parts:
        yield _Leaf(root, "1", None, True)
    for number, part in enumerate(root.parts, 1):
        yield from _leaves_below(part, str(number), root, number == 1)


def _leaves_below(part: Part, number: str, parent: Part, first: bool) -> Iterator[_Leaf]:
    if not part.parts:
        yield _Leaf(part, number, parent, first)
    for count, child in enumerate(part.parts, 1):
        yield from _leaves_below(child, f"{number}.{count}", part, first and count == 1)


def _name(leaf: _Leaf) -> str:
    given = leaf.part.filename.strip()
    if given:
        return given
    if leaf.is_message:
        subject = parse(leaf.part.content[:_HEAD], Extent.PREFIX).headers.get("Subject", "")
        return f"{subject.strip() or 'message'}.eml"
    if leaf.is_calendar:
        return "invite.ics"
    return f"part-{leaf.number}{_extension(leaf.part.content_type)}"


def _printable(name: str) -> str:
    """Return a name with escapes in place of what could mislead who reads it in a log."""
    return "".join(
        each if each.isprintable() or each in JOINERS else each.encode("unicode_escape").decode()
        for each in name
    )


def _extension(content_type: str) -> str:
    other = ".txt" if content_type.startswith(("text/", "message/")) else ".bin"
    return _EXTENSIONS.get(content_type, other)


def _shown(root: Part) -> frozenset[str]:
    """Return the URLs that the HTML of an email loads by itself."""
    html = "\n".join(part.text for part in html_parts(root).parts)
    return frozenset(
        url_key(unescape(found[found.lastindex or 0])) for found in _SHOWN.finditer(html)
    )
