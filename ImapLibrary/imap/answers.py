"""What servers answer to FETCH, COPY and APPEND, by UID. No I/O."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ImapLibrary.imap.client import UNREADABLE, parsed_fetch
from ImapLibrary.imap.uidset import uids_of

_log = logging.getLogger(__name__)

LITERAL_WITHOUT_BLANK = re.compile(rb"(?<=>)(\{\d+\})$")
"""GreenMail leaves no blank between `BODY[]<0>` and the literal."""

FLAGS = re.compile(rb"\bFLAGS \(([^()]+)\)")

SPAN_OPTIONS = "RETURN (MIN MAX COUNT)"

FOUND = re.compile(rb"\bALL (\S+)")

MOST_FOUND = 2_000_000
"""A server that names more UIDs in an answer is not believed: `1:4294967295` would fill the memory."""

SPAN_FIGURE = re.compile(rb"\b(MIN|MAX|COUNT) (\d+)")


def by_uid(answer: Sequence[Any]) -> dict[int, dict[bytes, Any]]:
    """Parse the answer to a FETCH, each email by itself, so that an odd one costs no other.

    imaplib gives a tuple for each literal and ends each email with plain bytes. What comes
    without a UID was not asked for and can't be told whose it is.
    """
    emails: dict[int, dict[bytes, Any]] = {}
    lines: list[Any] = []
    for line in answer:
        lines.append(line)
        if not isinstance(line, bytes):
            continue
        for items in _parsed(lines):
            if isinstance(items.get(b"UID"), int):
                emails.setdefault(items[b"UID"], {}).update(items)
        lines = []
    return emails


def copied_uids(code: bytes, asked: int) -> dict[int, int]:
    """Return what COPYUID says (RFC 4315): the new UIDs by the old ones.

    asked: how many emails were to be copied

    One that can't be read, or has more than these, says nothing; the emails can be found otherwise.
    """
    try:
        _, old, new = code.decode("ascii").split()
        told = dict(islice(zip(uids_of(old), uids_of(new), strict=True), asked + 1))
    except (AttributeError, ValueError):
        return {}
    return told if len(told) <= asked else {}


def appended_uid(codes: Sequence[Any]) -> int | None:
    """Return the UID that APPENDUID says (RFC 4315), None if it was not sent or can't be read."""
    try:
        return int(codes[-1].split()[1])
    except (AttributeError, LookupError, ValueError):
        return None


@dataclass(frozen=True)
class Span:
    """Some emails of a folder: the lowest and the highest of their UIDs, and how many they are."""

    first: int = 0
    last: int = 0
    count: int = 0


def told_span(answers: Sequence[Any]) -> Span | None:
    """Return what ESEARCH says (RFC 4731), None if there is no answer that can be read.

    MIN and MAX may be missing only where nothing is found.
    """
    if not answers or not isinstance(answers[-1], bytes):
        return None
    figures = {name: int(number) for name, number in SPAN_FIGURE.findall(answers[-1])}
    if figures.get(b"COUNT") == 0:
        return Span()
    if figures.keys() != {b"MIN", b"MAX", b"COUNT"}:
        return None
    return Span(figures[b"MIN"], figures[b"MAX"], figures[b"COUNT"])


def told_uids(answers: Sequence[Any]) -> list[int]:
    """Return the UIDs that ESEARCH names (RFC 9051, section 7.3.4), in ascending order.

    By IMAP4rev2, it is the answer to any SEARCH. Raises ValueError if it can't be read, or names
    more than there can be.
    """
    found = (FOUND.search(answer) for answer in answers if isinstance(answer, bytes))
    named = (uid for match in found if match for uid in uids_of(match[1].decode("ascii")))
    uids = sorted(islice(named, MOST_FOUND + 1))
    if len(uids) > MOST_FOUND:
        raise ValueError(f"more than {MOST_FOUND:,} UIDs")
    return uids


def _parsed(lines: list[Any]) -> list[dict[bytes, Any]]:
    spaced = _changed(lines, lambda text: LITERAL_WITHOUT_BLANK.sub(rb" \1", text))
    try:
        return parsed_fetch(spaced)
    except UNREADABLE:
        pass
    try:
        return parsed_fetch(_changed(spaced, _with_flags_in_quotes))
    except UNREADABLE as error:
        _log.debug("An answer to FETCH was left out because it could not be read: %s", error)
        return []


def _changed(lines: list[Any], change: Callable[[bytes], bytes]) -> list[Any]:
    """Return lines changed, but not the literals in them."""
    return [
        (change(line[0]), *line[1:]) if isinstance(line, tuple) else change(line) for line in lines
    ]


def _with_flags_in_quotes(text: bytes) -> bytes:
    """Return text with its flags in quotes, for IMAPClient reads no atom with `[` in it."""

    def quoted(flags: re.Match[bytes]) -> bytes:
        names = (flag.replace(b"\\", b"\\\\") for flag in flags[1].split())
        return b'FLAGS ("%s")' % b'" "'.join(names)

    return FLAGS.sub(quoted, text)
