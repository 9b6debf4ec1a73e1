"""What makes a link look like a button.

Emails have no buttons of their own kind. What people take for one is a link on a ground or within
a frame that leaves it some room, made of the link itself, of an element within it or, since
Outlook draws nothing else, of the table cell that holds nothing but the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ImapLibrary.html.style import is_zero
from ImapLibrary.html.text import Element

_CLASS = re.compile(r"button|btn|(?<![a-z])cta(?![a-z])", re.IGNORECASE)

_GROUNDS = ("background", "background-color", "background-image")

_ROOM = (
    "padding",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "border-radius",
)

_UNSEEN = frozenset(
    ["#fff", "#ffffff", "inherit", "initial", "no-repeat", "none", "transparent", "white"]
)
"""Grounds and frames that nobody sees: most emails are white."""


def is_button(elements: Iterable[Element], words: bool) -> bool:
    """Return whether a link looks like a button.

    elements: those that show the link and nothing else
    words: whether the link has a text of its own. An image on a coloured ground is rather a logo.
    """
    seen: set[str] = set()
    for element in elements:
        if _is_named(element):
            return True
        if words:
            seen.update(_look(element))
    return seen >= {"ground", "frame"} or bool(seen & {"ground", "frame"} and "room" in seen)


def _is_named(element: Element) -> bool:
    """Return whether its author calls an element a button."""
    attributes = element.attributes
    named = attributes.get("class")
    return (
        element.name == "button"
        or attributes.get("role") == "button"
        or (named is not None and _CLASS.search(named) is not None)
    )


def _look(element: Element) -> Iterator[str]:
    """Yield what an element has of a button's looks."""
    declared = element.declared
    if _is_ground((element.attributes.get("bgcolor") or "").lower()) or any(
        _is_ground(declared[name]) for name in _GROUNDS if name in declared
    ):
        yield "ground"
    if _is_frame(declared.get("border", "")):
        yield "frame"
    display = declared.get("display", "") if element.name == "a" else ""
    if display.endswith(("block", "flex")) or any(
        _is_length(declared[name]) for name in _ROOM if name in declared
    ):
        yield "room"


def _is_ground(value: str) -> bool:
    return not _UNSEEN.issuperset(value.split())


def _is_frame(value: str) -> bool:
    words = value.split()
    return bool(words) and not any(is_zero(word) or word in _UNSEEN for word in words)


def _is_length(value: str) -> bool:
    return any(word[0].isdigit() and not is_zero(word) for word in value.split())
