"""The bytes of a header -> its fields, and where it ends (RFC 5322, section 2.2).

Headers are as they come: with lines that are no field, without the blank line at their end, with an
envelope line from a mailbox file, with line ends doubled on the way.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

MAX_HEADER = 256 * 1024
"""So many bytes of a header are read; servers refuse to take in as many."""

_EMPTY_LINE = re.compile(rb"\r*\n")

_END = re.compile(rb"\n(\r*\n)")

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*")

_CLEARLY_A_FIELD = re.compile(r"[!-9;-~]+[ \t]*:(?:\s|$)")
"""Which `https://example.com` isn't."""

_WELL_KNOWN = re.compile(
    r"(?:content-|mime-|x-|list-|received|from|to|cc|subject|date|message-id|reply-to)",
    re.IGNORECASE,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Header:
    """A header as it was found.

    fields: names and values in order. Values are still folded, and bytes above 127 are surrogate
        escapes, as the standard library has them.
    end: where in the message the content begins
    ended: whether there was a blank line to end it
    """

    fields: tuple[tuple[str, str], ...]
    end: int
    ended: bool


def read_header(source: bytes, start: int, end: int) -> Header:
    """Return the header at the start of a part.

    start, end: where in the message `source` the part lies
    """
    stop, body, ended = end_of_header(source, start, end)
    if stop - start > MAX_HEADER:
        _log.debug("A header is longer than %d bytes. The rest of it is left out.", MAX_HEADER)
        stop = start + MAX_HEADER
    text = source[start:stop].decode("ascii", "surrogateescape")
    fields, read = _fields(text)
    return Header(tuple(fields), body if read is None else start + read, ended)


def end_of_header(source: bytes, start: int, end: int) -> tuple[int, int, bool]:
    """Return where the header stops, where the content begins, and whether a blank line says so."""
    if match := _EMPTY_LINE.match(source, start, end):
        return start, match.end(), True
    if match := _END.search(source, start, end):
        return match.start(1), match.end(), True
    return end, end, False


def _fields(text: str) -> tuple[list[tuple[str, str]], int | None]:
    """Return the fields, and where the content begins if that is before the end of `text`."""
    lines = text.split("\n")
    fields: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines):
        if line[:1] in (" ", "\t") and fields:
            fields[-1][1].append(line)
        elif match := _FIELD.match(line):
            fields.append((match[1], [line[match.end() :]]))
        elif not _is_noise(line, lines, number):
            _log.debug("The blank line at the end of a header is missing.")
            return _joined(fields), sum(map(len, lines[:number])) + number
    return _joined(fields), None


def _joined(fields: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    return [(name, "\n".join(lines).rstrip("\r\n")) for name, lines in fields]


def _is_noise(line: str, lines: list[str], number: int) -> bool:
    """Return whether a line that is no field lies within the header, rather than after it.

    That is so if nothing but fields follows, well-known ones among them. Such a line is what an
    application leaves that writes a line end into a subject, and what mailbox files put before each
    message.
    """
    if not line.strip("\r"):
        return True
    rest = [each for each in lines[number + 1 :] if each.strip("\r")]
    within = any(map(_WELL_KNOWN.match, rest)) and all(
        each[0] in " \t" or _CLEARLY_A_FIELD.match(each) for each in rest
    )
    if within:
        _log.debug("A line in a header is no field and is left out: %.80r", line.rstrip("\r"))
    return within
