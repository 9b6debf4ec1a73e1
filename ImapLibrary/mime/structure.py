"""What to fetch of a large email to read its text: its BODYSTRUCTURE -> sections -> an outline.

The outline is the email with the bodies of all parts left out that people don't read. Servers and
this library may understand a broken email differently. So an outline is only given if it reads
back as the structure it was made from; in any doubt there is none, and the email is to be fetched
whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ImapLibrary.mime.parameters import boundary, media_type
from ImapLibrary.mime.parts import READABLE_TYPES, Extent, Part, parse

MAX_PARTS = 100
"""Sections of more parts would make a longer command than servers must take (RFC 7162, section 4)."""

MAX_DEPTH = 20

_DISPOSITION = 9
"""Where Content-Disposition stands in the structure of a text part, after the line count and MD5
(RFC 9051, section 7.5.2)."""


@dataclass(frozen=True)
class _Node:
    """A part in the structure of an email.

    number: its part specifier such as `2.1` (RFC 9051, section 6.4.5.1), empty for the email itself
    parts: the parts of a multipart
    read: whether it is a text that people read
    """

    number: str
    parts: tuple[_Node, ...] = ()
    read: bool = False

    @property
    def header(self) -> str:
        """The section that holds its header."""
        return f"{self.number}.MIME" if self.number else "HEADER"

    @property
    def body(self) -> str:
        """The section that holds its content."""
        return self.number or "1"

    def walk(self) -> Iterator[_Node]:
        """Yield it and all parts below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Outline:
    """What to fetch of an email, and how to put the answers together."""

    root: _Node

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections to fetch: every header, and the content of the parts that people read."""
        return tuple(
            section
            for node in self.root.walk()
            for section in ([node.header, node.body] if node.read else [node.header])
        )

    def assemble(self, answers: Mapping[str, bytes]) -> bytes:
        """Return the bytes of the outline, to be parsed as `Extent.OUTLINE`.

        answers: the content of each section

        Raises ValueError if it would be read as anything but the structure it was made from.
        """
        outline = _assembled(self.root, answers)
        _check(self.root, parse(outline, Extent.OUTLINE), answers)
        return outline


def plan(bodystructure: object) -> Outline:
    """Return what to fetch of an email to read its text.

    bodystructure: as IMAPClient parses it: nested tuples of bytes, numbers and None, in which the
        parts of a multipart are a list at its start

    Raises ValueError if it is none, or one that can't be relied on.
    """
    root = _node(bodystructure, "", 0)
    if sum(1 for _ in root.walk()) > MAX_PARTS:
        raise ValueError(f"More than {MAX_PARTS} parts.")
    return Outline(root)


def _node(structure: object, number: str, depth: int) -> _Node:
    if not isinstance(structure, tuple) or len(structure) < 2 or depth > MAX_DEPTH:
        raise ValueError(f"Not the structure of a part: {structure!r:.80}")
    if isinstance(structure[0], list):
        return _multipart(structure[0], number, depth)
    kind, subtype = (_word(item) for item in structure[:2])
    if kind == "multipart":
        raise ValueError("A multipart without parts.")
    read = f"{kind}/{subtype}" in READABLE_TYPES and not _attached(structure)
    return _Node(number, read=read)


def _multipart(parts: list[object], number: str, depth: int) -> _Node:
    if not parts:
        raise ValueError("A multipart without parts.")
    prefix = f"{number}." if number else ""
    return _Node(
        number,
        tuple(_node(part, f"{prefix}{count}", depth + 1) for count, part in enumerate(parts, 1)),
    )


def _attached(structure: tuple[object, ...]) -> bool:
    """Return whether a text part is a file. A server may leave this out."""
    disposition = structure[_DISPOSITION] if len(structure) > _DISPOSITION else None
    if disposition is None:
        return False
    if not isinstance(disposition, tuple) or not disposition:
        raise ValueError(f"Not a disposition: {disposition!r:.80}")
    return _word(disposition[0]) not in ("", "inline")


def _word(item: object) -> str:
    word = item.decode("latin-1").strip().lower() if isinstance(item, bytes) else None
    if word is None:
        raise ValueError(f"Not a word: {item!r:.80}")
    return word


def _assembled(node: _Node, answers: Mapping[str, bytes]) -> bytes:
    header = answers.get(node.header, b"")
    # The blank line that ends a header is part of the section, though not with every server.
    header = header.rstrip(b"\r\n") + b"\r\n\r\n" if header.strip() else b"\r\n"
    if not node.parts:
        return header + (answers.get(node.body, b"") if node.read else b"")
    delimiter = b"--" + boundary(parse(header).headers.raw("Content-Type"))
    parts = (delimiter + b"\r\n" + _assembled(part, answers) + b"\r\n" for part in node.parts)
    return header + b"".join(parts) + delimiter + b"--\r\n"


def _check(node: _Node, part: Part, answers: Mapping[str, bytes]) -> None:
    """Raise ValueError unless `part` is what `node` and the answers say."""
    if node.parts:
        if len(part.parts) != len(node.parts) or part.open:
            raise ValueError(f"Part {node.number or 'TEXT'} is not the multipart it should be.")
        for below, found in zip(node.parts, part.parts, strict=True):
            _check(below, found, answers)
    elif part.parts or (part.readable and not node.read):
        raise ValueError(f"Part {node.body} is not what the server takes it for.")
    elif node.read and media_type(part.headers.raw("Content-Type")).startswith("multipart/"):
        # GreenMail gives the header of the innermost multipart for that of a part of it.
        raise ValueError(f"Part {node.body} has the header of a multipart.")
    elif node.read and part.body != answers.get(node.body):
        raise ValueError(f"Part {node.body} holds what looks like the end of it.")
