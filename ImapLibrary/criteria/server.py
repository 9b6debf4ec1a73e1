"""Conditions that only the server can tell: SEARCH keys that are passed on."""

from __future__ import annotations

import re

from ImapLibrary.criteria.base import Condition, quoted
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.comparing import not_empty
from ImapLibrary.mail.message import Email

_LITERAL = re.compile(r"(\{\d+\+?\})\s*$")
"""What ends a line of a command to announce that it goes on (RFC 9051, section 4.3)."""

_SEARCH_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class _ByServer(Condition):
    """A condition that is passed on to the server."""

    about_flags = True
    only_server = True

    def __init__(self, value: str) -> None:
        not_empty(self.name, value)
        super().__init__(value)

    def accepts(self, email: Email) -> bool:
        return True

    def instead(self, email: Email) -> str:
        return "the server does not find it"


class Search(_ByServer):
    """SEARCH keys as RFC 9051 has them, passed on as they are. Only the server can tell."""

    name = "search"

    def __init__(self, value: str) -> None:
        super().__init__(value)
        if literal := _LITERAL.search(value):
            raise InvalidArgument(
                f"The criterion search ends with {literal[1]}, which makes the server wait for "
                "more. If that is text to search for, put it in quotes."
            )

    def search_keys(self, habits: Habits) -> list[bytes]:
        # What is quoted and not ASCII has to be sent as a literal.
        return [
            match.group().encode() if match.group().isascii() else _unquoted(match).encode()
            for match in _SEARCH_WORD.finditer(self.value)
        ]


class Gmail(_ByServer):
    """Gmail's own search language (X-GM-RAW)."""

    name = "gmail"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [b"X-GM-RAW", quoted(self.value)]


def _unquoted(match: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
