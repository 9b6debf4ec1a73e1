"""HTML -> the text that a browser would show. Nothing is loaded, from nowhere.

The HTML library splits the source into tags and text, as browsers do. No tree is built: to nest
broken HTML as browsers nest it can take the square of its length, and an email must not be able to
stop a test run. So which elements are open is kept here, as far as it matters to the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from justhtml import stream

from ImapLibrary.html.lines import Lines
from ImapLibrary.html.style import Style, Styles, is_beside
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

BATCH = 500
"""So many tags and texts are split from the source before they are read.

Splitting and reading in turn, tag by tag, takes a quarter more time: each drives the other from the
caches of the processor.
"""

_NUMBER = re.compile(r"-?\d{1,9}")

_MAX_INDENT = 20

_SHOWING = frozenset(["br", "img", "ol", "li", *CELLS])
"""Elements that show something by themselves, or change what others show."""

_TRANSFORMED: Mapping[str, Callable[[str], str]] = {"uppercase": str.upper, "lowercase": str.lower}
"""What `text-transform` makes of a text, if it is more than the look of some letters."""

_Default = TypeVar("_Default", int, None)
_Item = TypeVar("_Item")


def html_to_text(source: str, hidden: bool = False) -> str:
    r"""Return the text of HTML as a browser would show it.

    hidden: whether to keep what styles hide, such as the preheader that only a list of emails shows

    Blocks and rows stand on lines of their own that end with `\n`, paragraphs between blank lines.
    Cells of a row, floats and the items of a flex box are separated by a blank, list items begin with
    `- ` or their number. Images are represented by their alternative text, links by their visible text. Only the styles of an
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
    beside: whether it stands beside the elements around it, as a cell does
    marked: whether its items have markers, if it is a list
    count: the number of its next item, if it is a list with numbers
    line: the number of the line in which the last cell, or element that stands beside, began in it
    """

    name: str
    attributes: Mapping[str, str | None]
    declared: Mapping[str, str]
    style: Style
    start: int
    breaks: int
    beside: bool = False
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
        self._positions: dict[str, list[int]] = defaultdict(lambda: [0])  # that of the document
        self._styles = Styles(hidden)
        self._at_start_of_pre = False

    def read(self, source: str) -> None:
        """Read HTML to its end."""
        for event in _in_batches(stream(source)):
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
        if style.transform in _TRANSFORMED:
            text = _TRANSFORMED[style.transform](text)
        if style.preformatted:
            self.lines.preformatted(text)
        elif style.broken:
            self.lines.broken(text)
        else:
            self.lines.collapsed(text)

    def start(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Read a start tag."""
        if name in CLOSED_BY_START:
            self._close_implied(name)
        elements, lines = self.elements, self.lines
        parent = elements[-1]
        declared, style, breaks = self._styles.of(name, attributes, parent.style)
        beside = breaks > 0 and is_beside(declared, parent.declared)
        if beside:
            breaks = 0
        elif breaks == 2 and name in LISTS and self._last(LISTS) > 0:
            breaks = 1
        element = Element(name, attributes, declared, style, lines.position, breaks, beside)
        if "list-style" in declared:
            element.marked = "none" not in declared["list-style"].split()
        self.opened(element)
        if not style.gone:
            if breaks:
                lines.block(breaks)
            elif beside:
                self._begin_beside(parent)
            if name in _SHOWING:
                self._begin(element)
        if name not in VOID:
            self._positions[name].append(len(elements))
            elements.append(element)
        self._at_start_of_pre = name in PREFORMATTED

    def end(self, name: str) -> None:
        """Read an end tag, which closes the innermost element of its name and all within it."""
        self._at_start_of_pre = False
        self.ended(name)
        if name == "br":
            self.start(name, {})
        if name == self.elements[-1].name:  # as nearly always, and quickly told
            self._close(self.elements.pop())
        elif (position := self._positions[name][-1]) > 0:
            scope = ("table",) if name in SECTIONS or name == "table" else SCOPE
            if position >= self._last(scope):
                self._close_from(position)

    def opened(self, element: Element) -> None:
        """Take note of an element, for readers that read more than text."""

    def ended(self, name: str) -> None:
        """Take note of an end tag, before it closes what it closes."""

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

    def _begin_beside(self, parent: Element) -> None:
        """Go on in the line of the element before, if that one had no more than this line."""
        if parent.line not in (None, self.lines.number):
            self.lines.block(1)
        self.lines.begin_beside()
        parent.line = self.lines.next_number

    def _marker(self, number: int | None) -> str:
        """Return what a browser shows before the next item of the innermost list, and count it."""
        depth = sum(len(self._positions[name]) - 1 for name in LISTS)
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
        """Close the elements whose end tags may be left out before a start tag."""
        names, scope = CLOSED_BY_START[name]
        if self._last(names) > 0:
            limit = self._last(scope)
            within = [at for each in names if (at := self._positions[each][-1]) > limit]
            if within:
                self._close_from(min(within))

    def _last(self, names: Iterable[str]) -> int:
        """Return where the innermost open element of these names is, 0 if none is open."""
        positions = self._positions
        return max([positions[name][-1] for name in names])

    def _close_from(self, position: int) -> None:
        while len(self.elements) > position:
            self._close(self.elements.pop())

    def _close(self, element: Element) -> None:
        """Write what the end of an element shows. It is none of the open ones any more."""
        name = element.name
        self._positions[name].pop()
        if not element.style.gone:
            if element.breaks:
                self.lines.block(element.breaks)
            elif element.beside:
                self.lines.end_beside(element.start)
        if name in CELLS:
            self.lines.end_cell()
        self.closed(element)


def _in_batches(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield items, but take many at once."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield from batch


def _number(text: str | None, default: _Default) -> int | _Default:
    match = _NUMBER.match(text.strip()) if text else None
    return int(match.group()) if match else default
