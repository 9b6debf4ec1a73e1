"""What servers answer to FETCH, by UID. No I/O."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

from ImapLibrary.client import UNREADABLE, parsed_fetch

_log = logging.getLogger(__name__)

LITERAL_WITHOUT_BLANK = re.compile(rb"(?<=>)(\{\d+\})$")
"""GreenMail leaves no blank between `BODY[]<0>` and the literal."""


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


def _parsed(lines: list[Any]) -> list[dict[bytes, Any]]:
    spaced = [
        (LITERAL_WITHOUT_BLANK.sub(rb" \1", line[0]), line[1]) if isinstance(line, tuple) else line
        for line in lines
    ]
    try:
        return parsed_fetch(spaced)
    except UNREADABLE as error:
        _log.debug("An answer to FETCH was left out because it could not be read: %s", error)
        return []
