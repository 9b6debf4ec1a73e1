"""HTML -> the text that a browser would show. Nothing is loaded, from nowhere.

The HTML library splits the source into tags and text, as browsers do. No tree is built: to nest
broken HTML as browsers nest it can take the square of its length, and an email must not be able to
stop a test run. So which elements are open is kept here, as far as it matters to the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from justhtml import stream

from ImapLibrary.html.lines import Lines
from ImapLibrary.html.style import Style, Styles
from ImapLibrary.html.tags import (
    CELLS,
    CLOSED_BY_START,
    LISTS,
    PREFORMATTED,
    SCOPE,
    SECTIONS,
    VOID,
)

MAX_OPEN = 100_000
"""Where more elements are open, the rest is left out: nobody wrote that for people to read."""

_NUMBER = re.compile(r"-?\d{1,9}")

_MAX_INDENT = 20

_SHOWING = frozenset(["br", "img", "ol", "li", *CELLS])
"""Elements that show something by themselves, or change what others show."""

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
        self.elements = [Element("#document", {}, {}, Style(), 0, 0)]
        self._positions: dict[str, list[int]] = defaultdict(list)
        self._styles = Styles(hidden)
        self._at_start_of_pre = False

    def read(self, source: str) -> None:
        """Read HTML to its end."""
        for event in stream(source):
            if event[0] == "text":
                self.text(event[1])
            elif event[0] == "start":
                self.start(*event[1])
                if len(self.elements) > MAX_OPEN:
                    break
            elif event[0] == "end":
                self.end(event[1])

    def text(self, data: str) -> None:
        """Read a text."""
        # The HTML parser's rule, not that of CSS: a line end right after <pre> is none of its text.
        text = data.removeprefix("\n") if self._at_start_of_pre else data
        self._at_start_of_pre = False
        style = self.elements[-1].style
        if not style.shows_text:
            return
        if style.preformatted:
            self.lines.preformatted(text)
        else:
            self.lines.collapsed(text)

    def start(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Read a start tag."""
        if name in CLOSED_BY_START:
            self._close_implied(*CLOSED_BY_START[name])
        declared, style, breaks = self._styles.of(name, attributes, self.elements[-1].style)
        if breaks == 2 and name in LISTS and self._last(LISTS) > 0:
            breaks = 1
        element = Element(name, attributes, declared, style, self.lines.position, breaks)
        if "list-style" in declared:
            element.marked = "none" not in declared["list-style"].split()
        self.opened(element)
        if not style.gone:
            if breaks:
                self.lines.block(breaks)
            if name in _SHOWING:
                self._begin(element)
        if name not in VOID:
            self._positions[name].append(len(self.elements))
            self.elements.append(element)
        self._at_start_of_pre = name in PREFORMATTED

    def end(self, name: str) -> None:
        """Read an end tag, which closes the innermost element of its name and all within it."""
        self._at_start_of_pre = False
        if name == "br":
            self.start(name, {})
        if name == self.elements[-1].name:  # as nearly always, and quickly told
            self._close_from(len(self.elements) - 1)
        elif (position := self._position(name)) > 0:
            scope = () if name == "table" else ("table",) if name in SECTIONS else SCOPE
            if position >= self._last(scope):
                self._close_from(position)

    def opened(self, element: Element) -> None:
        """Take note of an element, for readers that read more than text."""

    def closed(self, element: Element) -> None:
        """Take note that an element ended. Elements without an end tag, such as images, don't."""

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

    def _close_implied(self, names: Iterable[str], scope: Iterable[str]) -> None:
        """Close the elements whose end tags may be left out before a start tag.

        names, scope: as in `CLOSED_BY_START`
        """
        open_ = [positions[-1] for each in names if (positions := self._positions.get(each))]
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
        while len(self.elements) > position:
            element = self.elements.pop()
            self._positions[element.name].pop()
            if element.breaks and not element.style.gone:
                self.lines.block(element.breaks)
            if element.name in CELLS:
                self.lines.end_cell()
            self.closed(element)


def _number(text: str | None, default: _Default) -> int | _Default:
    match = _NUMBER.match(text.strip()) if text else None
    return int(match.group()) if match else default
