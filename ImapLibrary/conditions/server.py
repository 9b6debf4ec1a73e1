"""Conditions that only the server can tell: SEARCH keys that are passed on."""

from __future__ import annotations

import re

from ImapLibrary.comparing import not_empty
from ImapLibrary.conditions.base import Condition, quoted
from ImapLibrary.habits import Habits
from ImapLibrary.message import Email

_SEARCH_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


class Search(Condition):
    """SEARCH keys as RFC 9051 has them, passed on as they are. Only the server can tell."""

    name = "search"
    about_flags = True
    only_server = True

    def __init__(self, value: str) -> None:
        not_empty(self.name, value)
        super().__init__(value)

    def search_keys(self, habits: Habits) -> list[bytes]:
        # What is quoted and not ASCII has to be sent as a literal.
        return [
            match.group().encode() if match.group().isascii() else _unquoted(match).encode()
            for match in _SEARCH_WORD.finditer(self.value)
        ]

    def accepts(self, email: Email) -> bool:
        return True

    def instead(self, email: Email) -> str:
        return "the server does not find it"


class Gmail(Search):
    """Gmail's own search language (X-GM-RAW)."""

    name = "gmail"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [b"X-GM-RAW", quoted(self.value)]


def _unquoted(match: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
