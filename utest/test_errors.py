"""The tree of failures."""

from __future__ import annotations

import re

import pytest

from ImapLibrary import errors
from ImapLibrary.errors import CommandRefused, FolderNotFound, ImapLibraryError

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def drawn() -> dict[str, str]:
    """Return each class in the drawing of the docstring, and the one that it hangs below."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r" {4}([│ ]*)(?:[├└]── )?([A-Z][A-Za-z]+)(?: {2,}|$)", line)
        if found:
            above = [each for each in above if each[0] < found.start(2)]
            parents[found[2]] = above[-1][1] if above else "Exception"
            above.append((found.start(2), found[2]))
    return parents


def test_the_drawing_is_the_tree() -> None:
    assert drawn() == {name: each.__mro__[1].__name__ for name, each in CLASSES.items()}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_robot_framework_shows_the_text_alone(kind: type[ImapLibraryError]) -> None:
    assert kind.ROBOT_SUPPRESS_NAME is True
    assert issubclass(kind, ImapLibraryError)
    assert kind.__doc__


@pytest.mark.parametrize("kind", [CommandRefused, FolderNotFound])
def test_a_refusal_keeps_the_answer_beside_the_text(kind: type[CommandRefused]) -> None:
    refused = kind("The server refused SELECT.", "NO [NOPERM] Not yours")
    assert str(refused) == "The server refused SELECT."
    assert refused.answer == "NO [NOPERM] Not yours"
