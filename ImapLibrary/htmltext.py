"""HTML -> the text that a browser would show. Nothing is loaded, from nowhere.

The HTML library splits the source into tags and text, as browsers do. No tree is built: to nest
broken HTML as browsers nest it can take the square of its length, and an email must not be able to
stop a test run. So which elements are open is kept here, as far as it matters to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from justhtml import stream

MAX_OPEN = 100_000
"""Where more elements are open, the rest is left out: nobody wrote that for people to read."""

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
"""What CSS collapses; a no-break space isn't among it."""

_NUMBER = re.compile(r"-?\d{1,9}")

_ZERO = re.compile(r"[+-]?(?:0+\.?0*|\.0+)(?:[a-z]{1,4}|%)?")

_MAX_INDENT = 20

_Default = TypeVar("_Default", int, None)

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "bgsound",
        "frame",
        "keygen",
    ]
)

_WITHOUT_TEXT = frozenset(
    [
        "audio",
        "canvas",
        "datalist",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "script",
        "style",
        "template",
        "title",
        "video",
    ]
)

_LINES = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "option",
        "optgroup",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    ]
)
"""Elements that stand on lines of their own."""

_PARAGRAPHS = frozenset(
    [
        "blockquote",
        "dl",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "listing",
        "ol",
        "p",
        "plaintext",
        "pre",
        "ul",
        "xmp",
    ]
)
"""Elements with a blank line before and after them."""

_BLOCK_DISPLAYS = frozenset(
    ["block", "flex", "flow-root", "grid", "list-item", "table", "table-row"]
)

_PREFORMATTED = frozenset(["listing", "plaintext", "pre", "textarea", "xmp"])

_LISTS = ("ol", "ul", "menu", "dir")

_CELLS = ("td", "th")

_ROWS = ("tr", *_CELLS)

_SECTIONS = ("tbody", "thead", "tfoot", "caption", *_ROWS)

_SCOPE = ("table", "caption", "td", "th", "button", "object")
"""What an end tag within it can't close anything outside of (HTML Standard, section 13.2.4.2)."""

_CLOSED_BY_START: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("li",), (*_LISTS, *_SCOPE)),
    "dt": (("dt", "dd"), ("dl", *_SCOPE)),
    "dd": (("dt", "dd"), ("dl", *_SCOPE)),
    "option": (("option",), ("select", *_SCOPE)),
    "td": (_CELLS, ("table",)),
    "th": (_CELLS, ("table",)),
    "tr": (_ROWS, ("table",)),
    "tbody": (_SECTIONS, ("table",)),
    "thead": (_SECTIONS, ("table",)),
    "tfoot": (_SECTIONS, ("table",)),
}
"""Start tag -> the elements that it closes, and those whose inside it doesn't leave."""


def html_to_text(source: str, hidden: bool = False) -> str:
    r"""Return the text of HTML as a browser would show it.

    hidden: whether to keep what styles hide, such as the preheader that only a list of emails shows

    Blocks and rows stand on lines of their own that end with `\n`, paragraphs between blank lines.
    Cells of a row are separated by a blank, list items begin with `- ` or their number. Images are
    represented by their alternative text, links by their visible text. Only the styles of an
    element itself can hide it, style sheets can't.
    """
    reader = _Reader(hidden)
    for event in stream(source):
        if event[0] == "text":
            reader.text(event[1])
        elif event[0] == "start":
            reader.start(*event[1])
        elif event[0] == "end":
            reader.end(event[1])
        if len(reader.elements) > MAX_OPEN:
            break
    return reader.lines.result()


class _Lines:
    """Text with white space collapsed as CSS does (CSS Text, section 4.1)."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._breaks = 0
        self._blank = False
        self._marker = ""
        self._joined = False
        self.number = 0
        """The number of the line that was written to last."""

    @property
    def next_number(self) -> int:
        """The number of the line that the next text is written to."""
        return self.number + (self._breaks if self._pieces else 0)

    def collapsed(self, text: str) -> None:
        """Add text whose white space means no more than one blank."""
        text = _WHITE_SPACE.sub(" ", text)
        self._blank = self._blank or text.startswith(" ")
        words = text.strip(" ")
        if words:
            self._add(words)
            self._blank = text.endswith(" ")

    def preformatted(self, text: str) -> None:
        """Add text whose blanks and line ends stay."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.line_break()
            if line:
                self._add(line)

    def line_break(self) -> None:
        """End the line, even an empty one."""
        self._breaks += 1
        self._joined = False

    def block(self, breaks: int) -> None:
        """Be at the start of a line if `breaks` is 1, after a blank line if it is 2."""
        if not self._joined:
            self._breaks = max(self._breaks, breaks)

    def begin_cell(self, same_line: bool) -> None:
        """Put blocks at the start of a cell where the cell starts.

        same_line: whether to go on in this line, after a blank
        """
        if same_line:
            self._breaks = 0
            self._blank = True
        self._joined = True

    def end_cell(self) -> None:
        """Let blocks stand on lines of their own again."""
        self._joined = False

    def item(self, marker: str) -> None:
        """Put this before the next text."""
        self._marker = marker

    def result(self) -> str:
        """Return all of it."""
        return "".join(self._pieces)

    def _add(self, text: str) -> None:
        self.number = self.next_number
        if self._pieces and (self._breaks or self._blank):
            self._pieces.append("\n" * self._breaks or " ")
        self._pieces += (self._marker, text)
        self._breaks = 0
        self._blank = self._joined = False
        self._marker = ""


@dataclass(frozen=True)
class _Style:
    """What the style of an element means to its text and, inherited, to the texts within it."""

    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    preformatted: bool = False

    @property
    def shows_text(self) -> bool:
        return not (self.gone or self.invisible or self.tiny)

    def within(self, declared: Mapping[str, str]) -> _Style:
        """Return the style of an element with these declarations inside of one with this style."""
        gone = self.gone or _hides(declared)
        invisible, tiny, preformatted = self.invisible, self.tiny, self.preformatted
        if visibility := declared.get("visibility"):
            invisible = visibility in ("hidden", "collapse")
        if size := declared.get("font-size"):
            # Layouts set the size to zero around cells, and set it again for the texts in them.
            tiny = _is_zero(size) or (tiny and _is_relative(size))
        if white_space := declared.get("white-space"):
            preformatted = white_space.startswith("pre")
        return _Style(gone, invisible, tiny, preformatted)


@dataclass
class _Element:
    """An element that is open.

    breaks: 1 if it stands on lines of its own, 2 if between blank lines, else 0
    marked: whether its items have markers, if it is a list
    count: the number of its next item, if it is a list with numbers
    line: the number of the line in which its last cell began, if it is a row with cells
    """

    name: str
    style: _Style
    breaks: int
    marked: bool = True
    count: int | None = None
    line: int | None = None


class _Reader:
    """Follows the tags, and writes down the texts that are visible."""

    def __init__(self, hidden: bool) -> None:
        self.lines = _Lines()
        self.elements = [_Element("", _Style(), 0)]
        self._positions: dict[str, list[int]] = {}
        self._hidden = hidden
        self._at_start_of_pre = False

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
        declared = _declarations(name, attributes)
        element = _Element(name, self._style(name, declared), self._breaks(name, declared))
        element.marked = "none" not in declared.get("list-style", "").split()
        if not element.style.gone:
            self.lines.block(element.breaks)
            self._begin(element, attributes)
        if name not in _VOID:
            self._positions.setdefault(name, []).append(len(self.elements))
            self.elements.append(element)
        self._at_start_of_pre = name in _PREFORMATTED

    def end(self, name: str) -> None:
        """Read an end tag, which closes the innermost element of its name and all within it."""
        self._at_start_of_pre = False
        if name == "br":
            self.start(name, {})
        scope = () if name == "table" else ("table",) if name in _SECTIONS else _SCOPE
        position = self._last((name,))
        if position > 0 and position >= self._last(scope):
            self._close_from(position)

    def _style(self, name: str, declared: Mapping[str, str]) -> _Style:
        parent = self.elements[-1].style
        if self._hidden:
            declared = {"white-space": declared.get("white-space", "")}
        if name in _WITHOUT_TEXT:
            return replace(parent, gone=True)
        return parent.within(declared) if declared else parent

    def _breaks(self, name: str, declared: Mapping[str, str]) -> int:
        display = declared.get("display", "")
        if display in ("inline", "contents"):
            return 0
        if name in _PARAGRAPHS:
            return 1 if name in _LISTS and self._last(_LISTS) > 0 else 2
        return 1 if name in _LINES or display in _BLOCK_DISPLAYS else 0

    def _begin(self, element: _Element, attributes: Mapping[str, str | None]) -> None:
        """Write what an element shows by itself."""
        if element.name == "br":
            self.lines.line_break()
        elif element.name == "img" and not element.style.invisible:
            self.lines.collapsed(attributes.get("alt") or "")
        elif element.name in _CELLS:
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
        depth = sum(len(self._positions.get(name, ())) for name in _LISTS)
        indent = "  " * min(depth - 1, _MAX_INDENT)
        innermost = self.elements[self._last(_LISTS)] if depth else None
        if innermost is None or (innermost.count is None and innermost.marked):
            return f"{indent}- "
        if innermost.count is None:
            return ""
        count = innermost.count if number is None else number
        innermost.count = count + 1
        return f"{indent}{count}. " if innermost.marked else ""

    def _close_implied(self, name: str) -> None:
        """Close the elements whose end tags may be left out before this start tag."""
        if name in _CLOSED_BY_START:
            names, scope = _CLOSED_BY_START[name]
        elif name in _LINES or name in _PARAGRAPHS:
            names, scope = ("p",), _SCOPE
        else:
            return
        limit = self._last(scope)
        within = [at for at in (self._last((each,)) for each in names) if at > limit]
        if within:
            self._close_from(min(within))

    def _last(self, names: Iterable[str]) -> int:
        """Return where the innermost open element of these names is, -1 if none is open."""
        open_ = (self._positions[name][-1] for name in names if self._positions.get(name))
        return max(open_, default=-1)

    def _close_from(self, position: int) -> None:
        for element in reversed(self.elements[position:]):
            self._positions[element.name].pop()
            if not element.style.gone:
                self.lines.block(element.breaks)
            if element.name in _CELLS:
                self.lines.end_cell()
        del self.elements[position:]


def _declarations(name: str, attributes: Mapping[str, str | None]) -> dict[str, str]:
    """Return the style that an element declares: by its name, by attributes, by `style`."""
    declared = {"white-space": "pre"} if name in _PREFORMATTED else {}
    if "hidden" in attributes:
        declared["display"] = "none"
    if name == "font" and attributes.get("size"):
        declared["font-size"] = "medium"
    for declaration in (attributes.get("style") or "").lower().split(";"):
        key, _, value = declaration.partition(":")
        # What `list-style` says of the marker, `list-style-type` says alone.
        key = key.strip().removesuffix("-type")
        declared[key] = value.removesuffix(" !important").removesuffix("!important").strip()
    declared.pop("", None)
    return declared


def _hides(declared: Mapping[str, str]) -> bool:
    """Return whether an element isn't shown, whatever is declared within it.

    `mso-hide` isn't asked: what it hides in Outlook alone is what all others show, such as the
    button beside a drawing of it.
    """
    if declared.get("display") == "none" or _is_zero(declared.get("opacity", "")):
        return True
    box = (
        declared.get(f"{most}{side}", "") for most in ("", "max-") for side in ("width", "height")
    )
    return declared.get("overflow") == "hidden" and any(map(_is_zero, box))


def _is_zero(value: str) -> bool:
    return _ZERO.fullmatch(value) is not None


def _is_relative(size: str) -> bool:
    """Return whether a font size is relative to that around it."""
    return size.endswith(("em", "%", "smaller", "larger", "inherit")) and not size.endswith("rem")


def _number(text: str | None, default: _Default) -> int | _Default:
    match = _NUMBER.match(text.strip()) if text else None
    return int(match.group()) if match else default
