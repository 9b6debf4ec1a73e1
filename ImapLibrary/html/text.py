"""HTML -> the text that a browser would show. Nothing is loaded, from nowhere.

The HTML library splits the source into tags and text, as browsers do. No tree is built: to nest
broken HTML as browsers nest it can take the square of its length, and an email must not be able to
stop a test run. So which elements are open is kept here, as far as it matters to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from justhtml import stream

from ImapLibrary.html.lines import Lines
from ImapLibrary.html.style import BLOCK_DISPLAYS, Style, Styles
from ImapLibrary.html.tags import (
    CELLS,
    CLOSED_BY_START,
    LINES,
    LISTS,
    PARAGRAPHS,
    PREFORMATTED,
    SCOPE,
    SECTIONS,
    VOID,
)

MAX_OPEN = 100_000
"""Where more elements are open, the rest is left out: nobody wrote that for people to read."""

_NUMBER = re.compile(r"-?\d{1,9}")

_MAX_INDENT = 20

_Default = TypeVar("_Default", int, None)


def html_to_text(source: str, hidden: bool = False) -> str:
    r"""Return the text of HTML as a browser would show it.

    hidden: whether to keep what styles hide, such as the preheader that only a list of emails shows

    Blocks and rows stand on lines of their own that end with `\n`, paragraphs between blank lines.
    Cells of a row are separated by a blank, list items begin with `- ` or their number. Images are
    represented by their alternative text, links by their visible text. Only the styles of an
    element itself can hide it, style sheets can't.
    """
    reader = Reader(hidden)
    reader.read(source)
    return reader.lines.result()


@dataclass(slots=True)
class Element:
    """An element that is open.

    declared: the declarations of its style
    start: the position in the lines at which it begins
    breaks: 1 if it stands on lines of its own, 2 if between blank lines, else 0
    marked: whether its items have markers, if it is a list
    count: the number of its next item, if it is a list with numbers
    line: the number of the line in which its last cell began, if it is a row with cells
    """

    name: str
    attributes: Mapping[str, str | None]
    declared: Mapping[str, str]
    style: Style
    start: int
    breaks: int
    marked: bool = True
    count: int | None = None
    line: int | None = None


class Reader:
    """Follows the tags, and writes down the texts that are visible.

    hidden: whether to write down what styles hide, too
    """

    def __init__(self, hidden: bool = False) -> None:
        self.lines = Lines()
        self.elements = [Element("", {}, {}, Style(), 0, 0)]
        self._positions: dict[str, list[int]] = {}
        self._styles = Styles(hidden)
        self._at_start_of_pre = False

    def read(self, source: str) -> None:
        """Read HTML to its end."""
        for event in stream(source):
            if event[0] == "text":
                self.text(event[1])
            elif event[0] == "start":
                self.start(*event[1])
            elif event[0] == "end":
                self.end(event[1])
            if len(self.elements) > MAX_OPEN:
                break

    def text(self, data: str) -> None:
        """Read a text."""
        # The HTML parser's rule, not that of CSS: a line end right after <pre> is none of its text.
        text = data.removeprefix("\n") if self._at_start_of_pre else data
        self._at_start_of_pre = False
        style = self.elements[-1].style
        if style.shows_text and style.preformatted:
            self.lines.preformatted(text)
        elif style.shows_text:
            self.lines.collapsed(text)

    def start(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Read a start tag."""
        self._close_implied(name)
        declared, style = self._styles.of(name, attributes, self.elements[-1].style)
        start, breaks = self.lines.position, self._breaks(name, declared)
        element = Element(name, attributes, declared, style, start, breaks)
        element.marked = "none" not in declared.get("list-style", "").split()
        self.opened(element)
        if not element.style.gone:
            self.lines.block(element.breaks)
            self._begin(element)
        if name not in VOID:
            self._positions.setdefault(name, []).append(len(self.elements))
            self.elements.append(element)
        self._at_start_of_pre = name in PREFORMATTED

    def end(self, name: str) -> None:
        """Read an end tag, which closes the innermost element of its name and all within it."""
        self._at_start_of_pre = False
        if name == "br":
            self.start(name, {})
        position = self._position(name)
        if position == len(self.elements) - 1 > 0:  # as nearly always, and quickly told
            self._close_from(position)
        elif position > 0:
            scope = () if name == "table" else ("table",) if name in SECTIONS else SCOPE
            if position >= self._last(scope):
                self._close_from(position)

    def opened(self, element: Element) -> None:
        """Take note of an element, for readers that read more than text."""

    def closed(self, element: Element) -> None:
        """Take note that an element ended. Elements without an end tag, such as images, don't."""

    def _breaks(self, name: str, declared: Mapping[str, str]) -> int:
        display = declared.get("display", "")
        if display == "contents" or display.startswith("inline"):
            return 0
        if name in PARAGRAPHS:
            return 1 if name in LISTS and self._last(LISTS) > 0 else 2
        return 1 if name in LINES or display in BLOCK_DISPLAYS else 0

    def _begin(self, element: Element) -> None:
        """Write what an element shows by itself."""
        attributes = element.attributes
        if element.name == "br":
            self.lines.line_break()
        elif element.name == "img" and not element.style.invisible:
            self.lines.collapsed(attributes.get("alt") or "")
        elif element.name in CELLS:
            self._begin_cell()
        elif element.name == "ol":
            element.count = _number(attributes.get("start"), 1)
        elif element.name == "li" and element.breaks:
            marker = self._marker(_number(attributes.get("value"), None))
            self.lines.item(marker if element.marked else "")

    def _begin_cell(self) -> None:
        """Go on in the line of the cell before, if that one had no more than this line."""
        row = self.elements[-1]
        if row.line is not None:
            self.lines.block(1)
        self.lines.begin_cell(same_line=row.line == self.lines.number)
        row.line = self.lines.next_number

    def _marker(self, number: int | None) -> str:
        """Return what a browser shows before the next item of the innermost list, and count it."""
        depth = sum(len(self._positions.get(name, ())) for name in LISTS)
        indent = "  " * min(depth - 1, _MAX_INDENT)
        innermost = self.elements[self._last(LISTS)] if depth else None
        if innermost is None or (innermost.count is None and innermost.marked):
            return f"{indent}- "
        if innermost.count is None:
            return ""
        count = innermost.count if number is None else number
        innermost.count = count + 1
        return f"{indent}{count}. " if innermost.marked else ""

    def _close_implied(self, name: str) -> None:
        """Close the elements whose end tags may be left out before this start tag."""
        if name in CLOSED_BY_START:
            names, scope = CLOSED_BY_START[name]
        elif name in LINES or name in PARAGRAPHS:
            names, scope = ("p",), SCOPE
        else:
            return
        open_ = [at for at in map(self._position, names) if at > 0]
        if open_:
            limit = self._last(scope)
            within = [at for at in open_ if at > limit]
            if within:
                self._close_from(min(within))

    def _last(self, names: Iterable[str]) -> int:
        """Return where the innermost open element of these names is, -1 if none is open."""
        return max(map(self._position, names), default=-1)

    def _position(self, name: str) -> int:
        """Return where the innermost open element of that name is, -1 if none is open."""
        positions = self._positions.get(name)
        return positions[-1] if positions else -1

    def _close_from(self, position: int) -> None:
        for element in reversed(self.elements[position:]):
            self._positions[element.name].pop()
            if not element.style.gone:
                self.lines.block(element.breaks)
            if element.name in CELLS:
                self.lines.end_cell()
            self.closed(element)
        del self.elements[position:]


def _number(text: str | None, default: _Default) -> int | _Default:
    match = _NUMBER.match(text.strip()) if text else None
    return int(match.group()) if match else default
