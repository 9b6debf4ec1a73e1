"""The styles of HTML elements, as far as they decide what is shown and how it is laid out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ImapLibrary.html.tags import LINES, PARAGRAPHS, PREFORMATTED, WITHOUT_TEXT

BLOCK_DISPLAYS = frozenset(
    ["block", "flex", "flow-root", "grid", "list-item", "table", "table-row"]
)

_OF_TEXT = ("white-space", "text-transform")
"""What styles say of a text other than whether it is shown."""

_IMPORTANT = re.compile(r"\s*!\s*important\s*$")

_ZERO = re.compile(r"[+-]?(?:0+\.?0*|\.0+)(?:[a-z]{1,4}|%)?")


class Style(NamedTuple):
    """What the style of an element means to its text and, inherited, to the texts within it."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    preformatted: bool = False
    broken: bool = False
    transform: str = ""

    @property
    def shows_text(self) -> bool:
        return not (self.gone or self.invisible or self.tiny)

    def within(self, declared: Mapping[str, str]) -> Style:
        """Return the style of an element with these declarations inside of one with this style."""
        gone = self.gone or _hides(declared)
        invisible, tiny = self.invisible, self.tiny
        preformatted, broken = self.preformatted, self.broken
        if visibility := declared.get("visibility"):
            invisible = visibility in ("hidden", "collapse")
        if size := declared.get("font-size"):
            # Layouts set the size to zero around cells, and set it again for the texts in them.
            tiny = is_zero(size) or (tiny and _is_relative(size))
        if white_space := declared.get("white-space"):
            broken = white_space == "pre-line"  # its line ends stay, but not its blanks
            preformatted = white_space.startswith("pre") and not broken
        transform = declared.get("text-transform", self.transform)
        return Style(gone, invisible, tiny, preformatted, broken, transform)


class Styles:
    """The styles of one document. Each is read once: newsletters repeat theirs by the hundred.

    hidden: whether to read past all that hides something
    """

    def __init__(self, hidden: bool) -> None:
        self._hidden = hidden
        self._known: dict[tuple[object, ...], tuple[Mapping[str, str], Style, int]] = {}

    def of(
        self, name: str, attributes: Mapping[str, str | None], parent: Style
    ) -> tuple[Mapping[str, str], Style, int]:
        """Return what an element declares, its style, and how it breaks lines.

        The last is 1 if it stands on lines of its own, 2 if between blank lines, else 0.

        parent: the style of the element around it
        """
        key: tuple[object, ...] = (name, parent)
        if attributes:
            written, size = attributes.get("style"), bool(attributes.get("size"))
            key = (name, parent, written, "hidden" in attributes, size)
        found = self._known.get(key)
        if found is None:
            declared = _declarations(name, attributes)
            style, breaks = self._style(name, declared, parent), _breaks(name, declared)
            found = self._known[key] = (declared, style, breaks)
        return found

    def _style(self, name: str, declared: Mapping[str, str], parent: Style) -> Style:
        if name in WITHOUT_TEXT:
            return parent._replace(gone=True)
        if self._hidden:
            declared = {key: declared[key] for key in _OF_TEXT if key in declared}
        return parent.within(declared)


def _declarations(name: str, attributes: Mapping[str, str | None]) -> dict[str, str]:
    """Return the style that an element declares: by its name, by attributes, by `style`."""
    declared = {"white-space": "pre"} if name in PREFORMATTED else {}
    if "hidden" in attributes:
        declared["display"] = "none"
    if name == "font" and attributes.get("size"):
        declared["font-size"] = "medium"
    important: set[str] = set()
    for declaration in (attributes.get("style") or "").lower().split(";"):
        key, _, value = declaration.partition(":")
        # What `list-style` says of the marker, `list-style-type` says alone.
        key = key.strip().removesuffix("-type")
        if "!" in value and _IMPORTANT.search(value):
            value = _IMPORTANT.sub("", value)
            important.add(key)
        elif key in important:
            continue
        declared[key] = value.strip()
    declared.pop("", None)
    return declared


def _breaks(name: str, declared: Mapping[str, str]) -> int:
    display = declared.get("display", "")
    if display == "contents" or display.startswith("inline"):
        return 0
    if name in PARAGRAPHS:
        return 2
    return 1 if name in LINES or display in BLOCK_DISPLAYS else 0


def is_beside(declared: Mapping[str, str], around: Mapping[str, str]) -> bool:
    """Return whether an element stands beside those around it, not on lines of its own.

    around: the declarations of the element that it is in
    """
    if around.get("display") in ("flex", "inline-flex"):
        direction = around.get("flex-direction", "") + around.get("flex-flow", "")
        return "column" not in direction
    return declared.get("float") in ("left", "right") and declared.get("width") != "100%"


def _hides(declared: Mapping[str, str]) -> bool:
    """Return whether an element isn't shown, whatever is declared within it.

    `mso-hide` isn't asked: what it hides in Outlook alone is what all others show, such as the
    button beside a drawing of it.
    """
    if declared.get("display") == "none" or is_zero(declared.get("opacity", "")):
        return True
    box = (
        declared.get(f"{most}{side}", "") for most in ("", "max-") for side in ("width", "height")
    )
    return declared.get("overflow") == "hidden" and any(map(is_zero, box))


def is_zero(value: str) -> bool:
    """Return whether a length or a number is zero."""
    return _ZERO.fullmatch(value) is not None


def _is_relative(size: str) -> bool:
    """Return whether a font size is relative to that around it."""
    return size.endswith(("em", "%", "smaller", "larger", "inherit")) and not size.endswith("rem")
