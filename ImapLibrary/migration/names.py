"""The names of keywords, and which calls they are met by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from robot.errors import DataError
from robot.running import UserKeyword


def normal(name: str) -> str:
    """Return the name of a keyword as Robot Framework compares it."""
    return re.sub(r"[\s_]", "", name).lower()


class Names:
    """The keywords that a suite or resource files define.

    A name with embedded arguments, such as `Mark All As ${state}`, is met by many calls.
    """

    def __init__(self, names: Iterable[str]) -> None:
        given = frozenset(names)
        self._exact = {normal(name) for name in given}
        self._embedded = [each for each in map(_with_embedded, given) if each is not None]

    def __contains__(self, call: str) -> bool:
        return normal(call) in self._exact or any(each.matches(call) for each in self._embedded)


@cache
def _with_embedded(name: str) -> UserKeyword | None:
    """Return a keyword whose name has embedded arguments; None for any other."""
    try:
        keyword = UserKeyword(name)
    except DataError:  # its pattern is broken, so nothing calls it
        return None
    return keyword if keyword.embedded else None
