"""HTML -> the text, the links and the images that a browser would show.

The text that a link shows is what the reader writes down from its start to its end. Where that is,
the tags alone don't say: a link goes on in the next paragraph if it wasn't closed, and ends with
the table cell that it began in (HTML Standard, section 13.2.4.3: the list of active formatting
elements).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from ImapLibrary.html.button import is_button
from ImapLibrary.html.text import Element, Reader

MAX_TEXT = 1000
"""So many characters of the text of a link are kept."""

MAX_BASE = 2048
"""A longer address isn't taken for what others are relative to: each would become as long."""

_LIMITS = frozenset(["td", "th", "caption", "object"])
"""Elements that a link which begins within them doesn't leave."""

_NOTED = frozenset(["a", "area", "img", "base", *_LIMITS])

_TABS_AND_LINE_ENDS = str.maketrans("", "", "\t\n\r")

_AROUND = "".join(map(chr, range(0x21)))
"""What may stand around an address (URL Standard, section 4.4): control characters and blanks."""


@dataclass(frozen=True)
class Anchor:
    """A link as it stands in HTML.

    href: where it leads, in the light of `<base>`
    text: what it shows on one line, the alternative texts of images included
    image: whether it shows an image
    button: whether it looks like a button, see `html.button`
    hidden: whether nothing of it is shown, because of a style
    label: what a screen reader says in place of the text (`aria-label`, or else `title`)
    """

    href: str
    text: str
    image: bool
    button: bool
    hidden: bool
    label: str = ""


@dataclass(frozen=True)
class Image:
    """An image as it stands in HTML.

    src: where it is loaded from
    alt: its alternative text, None if it has none. An empty one says that nothing is to be said.
    """

    src: str
    alt: str | None


@dataclass(frozen=True)
class Page:
    """What HTML shows.

    text: as `html_to_text` returns it
    anchors: its links, in document order
    images: its images, without those that a style hides
    """

    text: str
    anchors: tuple[Anchor, ...]
    images: tuple[Image, ...]


def read_page(source: str, hidden: bool = False) -> Page:
    """Return what a browser would show of HTML.

    hidden: whether to read as if no style hid anything
    """
    return _read(source, hidden)


# Text and links are often wanted in turn, and make one reading. All arguments are positional, for
# the cache takes other ways to write the same call for another call.
@lru_cache(maxsize=1)
def _read(source: str, hidden: bool, /) -> Page:
    reader = _PageReader(hidden)
    reader.read(source)
    return Page(reader.lines.result(), reader.anchors(), tuple(reader.images))


@dataclass(slots=True)
class _Span:
    """A link while it is read.

    element: the element that it began with
    depth: in how many of the elements that limit it that one is
    start, end: the positions in the lines between which its text is
    images: how many images it shows
    alternatives: how many of these show a text in their place
    """

    element: Element
    depth: int
    start: int
    end: int
    images: int
    alternatives: int


class _PageReader(Reader):
    """Notes where links begin and end, and which elements show nothing but a link."""

    def __init__(self, hidden: bool) -> None:
        super().__init__(hidden)
        self.images: list[Image] = []
        self._base = ""
        self._spans: list[_Span] = []
        self._open: list[_Span] = []
        self._depth = 0
        self._alternatives = 0
        self._starts: set[int] = set()
        self._elements: dict[tuple[int, int], list[Element]] = {}
        self._known: dict[tuple[int, int], tuple[str, bool]] = {}

    def anchors(self) -> tuple[Anchor, ...]:
        """Return the links that were read."""
        while self._open:
            self._end_link()
        return tuple(map(self._anchor, self._spans))

    def opened(self, element: Element) -> None:
        """Begin a link, or note what belongs to the one that is open."""
        name = element.name
        if name not in _NOTED:
            return
        if name == "a":
            self._end_link_here()
            if "href" in element.attributes:
                self._open.append(self._begin_link(element))
        elif name == "area" and "href" in element.attributes:
            self._begin_link(element)
        elif name == "img" and not (element.style.gone or element.style.invisible):
            self._show_image(element)
        elif name == "base":
            self._base = self._base or _base(element.attributes.get("href"))
        elif name in _LIMITS:
            self._depth += 1

    def closed(self, element: Element) -> None:
        """End the links that don't leave an element, and note it if it may be all link."""
        if element.name in _LIMITS:
            self._end_link_here()
            self._depth -= 1
        if element.start in self._starts:
            self._note(element, element.start, self.lines.position)

    def ended(self, name: str) -> None:
        """End the link at its end tag."""
        if name == "a":
            self._end_link_here()

    def _show_image(self, element: Element) -> None:
        attributes = element.attributes
        alt = (attributes["alt"] or "").strip(_AROUND) if "alt" in attributes else None
        self.images.append(Image(_trimmed(attributes.get("src") or ""), alt))
        self._alternatives += bool(alt)

    def _begin_link(self, element: Element) -> _Span:
        start = element.start
        span = _Span(element, self._depth, start, start, len(self.images), self._alternatives)
        self._spans.append(span)
        self._starts.add(start)
        return span

    def _end_link_here(self) -> None:
        """End the link that is open, unless this is a cell within it."""
        if self._open and self._open[-1].depth == self._depth:
            self._end_link()

    def _end_link(self) -> None:
        span = self._open.pop()
        span.end = self.lines.position
        span.images = len(self.images) - span.images
        span.alternatives = self._alternatives - span.alternatives
        self._note(span.element, span.start, span.end)

    def _note(self, element: Element, start: int, end: int) -> None:
        if start < end and element.name not in ("html", "body"):
            self._elements.setdefault((start, end), []).append(element)

    def _anchor(self, span: _Span) -> Anchor:
        element = span.element
        href = _resolved(element.attributes.get("href") or "", self._base)
        if element.name == "area":
            text = " ".join((element.attributes.get("alt") or "").split())
            return Anchor(href, text, image=True, button=False, hidden=element.style.gone)
        text, button = self._shown(span)
        hidden = not (text or span.images or element.style.shows_text)
        return Anchor(href, text, span.images > 0, button, hidden, _label(element))

    def _shown(self, span: _Span) -> tuple[str, bool]:
        """Return the text of a link and whether it looks like a button.

        Links within links can show the same by the thousand, which is read once.
        """
        place = (span.start, span.end)
        if place not in self._known:
            text = self.lines.between(*place, MAX_TEXT)[:MAX_TEXT]
            words = (span.end - span.start) // 3 > span.alternatives
            button = is_button(self._elements.get(place, ()), words)
            self._known[place] = (" ".join(text.split()), button)
        return self._known[place]


def _label(element: Element) -> str:
    for name in ("aria-label", "title"):
        if label := " ".join((element.attributes.get(name) or "").split()):
            return label
    return ""


def _base(href: str | None) -> str:
    """Return what addresses are relative to, empty if it is no address itself."""
    address = _trimmed(href or "")
    usable = address.lower().startswith(("http://", "https://")) and len(address) <= MAX_BASE
    return address if usable else ""


def _resolved(href: str, base: str) -> str:
    """Return where a link leads."""
    address = _trimmed(href)
    try:
        return urljoin(base, address) if base else address
    except ValueError:  # brackets that are no IPv6 address
        return address


def _trimmed(href: str) -> str:
    """Return an address without what browsers ignore in it."""
    return href.translate(_TABS_AND_LINE_ENDS).strip(_AROUND)
