"""The parts of an email -> what a person reads of it.

Each question is answered together with whether more bytes could change the answer, because the
email may not have been fetched whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ImapLibrary.mime.parts import Part

_LINE_ENDS = re.compile("\r{1,9}\n|[\r\u0085\u2028\u2029]")
_RARE_LINE_ENDS = "\r\u0085\u2028\u2029"
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_WITHOUT_WIDTH = (
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)
_ZERO_WIDTH = re.compile(f"[{_WITHOUT_WIDTH}]")
_VISIBLE = re.compile(rf"[^\s{_WITHOUT_WIDTH}\u200c\u200d]")
_JOINED = "[\u0590-\u1fff\u2100-\u2fff\ua800-\uffff\U00010000-\U0010ffff]"
_NEEDLESS_JOINERS = re.compile(f"[\u200c\u200d](?:(?!{_JOINED})|(?<!{_JOINED}.))")
"""Joiners that are there to hide something. Within emoji and many scripts they belong to the text."""


@dataclass(frozen=True)
class Reading:
    """The leaves that answer a question about an email.

    parts: the leaves, in the order in which they are read
    settled: whether no byte that may still come could change which they are or what they hold
    """

    parts: tuple[Part, ...]
    settled: bool


def normalize(text: str) -> str:
    """Return text as it can be compared with what a person would type.

    Line ends become `\\n`, Unicode's other blanks (NBSP) become blanks, and characters without
    width (zero-width space, soft hyphen, direction marks, byte order mark) go. Joiners go where
    they join nothing.
    """
    text = _with_line_feeds(text)
    if text.isascii():
        return text
    return _BLANKS.sub(" ", _NEEDLESS_JOINERS.sub("", _ZERO_WIDTH.sub("", text)))


def _with_line_feeds(text: str) -> str:
    """Return text with `\\n` for every line end."""
    if "\r\r" not in text:  # most texts have CRLF or LF, which is quickly done
        text = text.replace("\r\n", "\n")
    rare = any(end in text for end in _RARE_LINE_ENDS)
    return _LINE_ENDS.sub("\n", text) if rare else text


def readable(root: Part) -> Reading:
    """Return the leaves that a mail program shows as the text of an email.

    Of alternatives (RFC 2046, section 5.1.4) that is the first plain text that isn't blank, else
    the last that can be shown. Of a multipart/related (RFC 2387) it is the root alone. Of any
    other multipart it is every part, in order; files and attached messages are left out.
    """
    if not root.known:
        return Reading((), False)
    if not root.parts:
        return _leaf(root, root.readable)
    readings = [readable(part) for part in root.parts]
    if root.content_type == "multipart/alternative":
        return _alternative(readings, root.open)
    return _together(root, readings)


def html_parts(root: Part) -> Reading:
    """Return the leaves that hold the HTML of an email: of alternatives the last one."""
    if not root.known:
        return Reading((), False)
    if not root.parts:
        return _leaf(root, root.readable and root.content_type == "text/html")
    readings = [html_parts(part) for part in root.parts]
    if root.content_type == "multipart/alternative":
        return _last(readings, root.open)
    return _together(root, readings)


def text_of(parts: Iterable[Part]) -> str:
    """Return the text of leaves, one below the other, without blank lines around it."""
    return "\n".join(filter(None, (_plain_text(part).strip("\n") for part in parts)))


def source_of(parts: Iterable[Part]) -> str:
    """Return the content of leaves decoded, but otherwise as sent, one below the other."""
    return "\n".join(part.text for part in parts)


def html_of(parts: Iterable[Part]) -> str:
    """Return the HTML of leaves, one below the other, with line ends as `\\n` and none at the end.

    Servers differ in whether the line end before a boundary belongs to a part.
    """
    return _with_line_feeds(source_of(parts)).rstrip("\n")


def visible_text(html: str, hidden: bool = False) -> str:
    """Return the text of HTML as a browser would show it, to be compared with what one sees.

    hidden: whether to keep what styles hide
    """
    if not html:
        return ""
    # The HTML library is loaded when the first HTML is read, not when the library is.
    from ImapLibrary.html.page import read_page

    return normalize(read_page(html, hidden).text)


def unflow(text: str, delsp: bool = False) -> str:
    """Join the lines that format=flowed broke (RFC 3676, section 4).

    text: lines that end with `\\n`
    delsp: whether the blank before a soft line break belongs to the break (section 4.1)
    """
    lines: list[str] = []
    paragraph = ""
    joining = -1  # the quote depth of the paragraph that goes on, if one does
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if joining >= 0 and depth != joining:
            lines.append(paragraph)
            joining = -1
        if joining < 0:
            paragraph = "> " * bool(depth) if depth < 2 else ">" * depth + " "
        signature = content == "-- "
        if signature and joining >= 0:
            lines.append(paragraph)
            paragraph = ">" * depth + " " * bool(depth)
        if content.endswith(" ") and not signature:
            paragraph += content[:-1] if delsp else content
            joining = depth
        else:
            lines.append(paragraph + content)
            joining = -1
    if joining >= 0:
        lines.append(paragraph)
    return "\n".join(lines)


def _leaf(part: Part, wanted: bool) -> Reading:
    return Reading((part,), part.whole) if wanted else Reading((), True)


def _alternative(readings: Sequence[Reading], more: bool) -> Reading:
    for reading in readings:
        plain = reading.parts and all(p.content_type == "text/plain" for p in reading.parts)
        if plain and not _blank(reading):
            return reading
        if not reading.settled:
            return Reading(_last(readings, more).parts, False)
    return _last(readings, more)


def _last(readings: Sequence[Reading], more: bool) -> Reading:
    """Return the last alternative that has something to show."""
    settled = not more and all(reading.settled for reading in readings)
    for reading in reversed(readings):
        if reading.parts and not _blank(reading):
            return Reading(reading.parts, settled)
    return Reading((), settled)


def _together(root: Part, readings: Sequence[Reading]) -> Reading:
    if root.content_type == "multipart/related":
        return _root_of_related(root, readings)
    return Reading(
        tuple(part for reading in readings for part in reading.parts),
        not root.open and all(reading.settled for reading in readings),
    )


def _root_of_related(root: Part, readings: Sequence[Reading]) -> Reading:
    """Return the part that the others are related to: the named one, else the first."""
    start = root.parameter("start").strip("<> ")
    if start:
        for part, reading in zip(root.parts, readings, strict=True):
            if part.content_id == start:
                return reading
    return Reading(readings[0].parts, readings[0].settled and not (start and root.open))


def _blank(reading: Reading) -> bool:
    return not any(_VISIBLE.search(part.text) for part in reading.parts)


def _plain_text(part: Part) -> str:
    if part.content_type == "text/html":
        return visible_text(html_of((part,)))
    text = _with_line_feeds(part.text)
    if part.parameter("format").lower() == "flowed":
        text = unflow(text, part.parameter("delsp").lower() == "yes")
    return normalize(text)
