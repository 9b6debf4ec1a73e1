"""The HTML of an email -> one file that a browser shows without loading anything from anywhere.

Images that came with the email are put in their places. A content security policy forbids the
browser everything else: scripts, frames, and whatever lies on a server, so that opening the file
tells no sender that the email was read. What it forbids is taken out besides, for other programs.
Links stay as they are, unless they are to lead nowhere: for a log, in which a click must not use up
a link that works once.

The tags are written anew one by one, as the HTML library reads them. No tree is built; see
`html.text` for why. Every `<` that isn't the start of such a tag is escaped, so that a browser sees
the same tags.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape

from justhtml import stream

from ImapLibrary.mail.attachments import Attachment, url_key
from ImapLibrary.mail.links import addresses_in

Image = tuple[Attachment, bytes]
"""An inline attachment and its content."""

MAX_IMAGES = 100 * 1024 * 1024
"""How long all data URLs together may be: one image can be referred to any number of times."""

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""Content-Security-Policy of the file."""

_HEAD = (
    '<meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    '<meta http-equiv="x-dns-prefetch-control" content="off">'
)

_PLAIN = "<style>pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}</style><pre>{}</pre>"

_WITHOUT_CONTENT = frozenset(["iframe", "noembed", "noframes", "noscript", "script", "title"])
"""Elements that go together with the text that directly follows their start tag."""

_WITHOUT_TAGS = frozenset(
    [
        *_WITHOUT_CONTENT,
        "applet",
        "audio",
        "bgsound",
        "embed",
        "frame",
        "frameset",
        "link",
        "math",
        "meta",
        "object",
        "param",
        "portal",
        "source",
        "svg",
        "track",
        "video",
    ]
)
"""Elements of which only what is within them stays, as where nobody knows them."""

_AS_TEXT = frozenset(["listing", "plaintext", "xmp"])
"""Elements whose content is no HTML to browsers; here it is escaped."""

_LINKS = frozenset(["action", "formaction", "href"])

_LEADING = frozenset(["action", "download", "formaction", "target"])
"""What is left out together with where a link leads."""

_NOWHERE = "#-"
"""Where a link leads that is none. Browsers still show it as a link."""

_LOADING = frozenset(
    ["background", "data", "dynsrc", "icon", "lowsrc", "poster", "src", "srcset", "xlink:href"]
)

_DANGEROUS = frozenset(["attributionsrc", "http-equiv", "manifest", "ping", "srcdoc"])

_NAME = re.compile(r"[a-z][a-z0-9:._-]*")

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)

_BAD_SCHEMES = frozenset(["blob", "data", "file", "filesystem", "javascript", "vbscript"])
"""A link may open a page, write an email or start an app; it must not run or read anything here."""

_IGNORED_IN_URLS = re.compile(r"^[\x00-\x20]+|[\t\r\n]")
"""What browsers leave out of URLs (WHATWG URL Standard, section 4.4)."""

_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n]?|([g-z]))", re.IGNORECASE)

_CSS_TOKEN = re.compile(
    r"""(?P<comment> /\*.*?(?:\*/|\Z) | <!-- | --> )
      | (?P<url> url\(\s*(?: "([^"\n]*)"? | '([^'\n]*)'? | ([^)\n]*) )\s*\)? )
      | (?P<string> "[^"\n]*"? | '[^'\n]*'? )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_TAG_IN_CSS = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
"""What would be a tag if a browser took the style sheet for text; as data URLs of SVG have it."""

_REMOTE_STRING = re.compile(r"[\"']\s*(?:https?:|ftp:|[/\\]{2})", re.IGNORECASE)


def standalone(
    html: str,
    *,
    title: str = "",
    images: Iterable[Image] = (),
    room: int = MAX_IMAGES,
    inert: bool = False,
) -> str:
    """Return HTML as one file, to be written in UTF-8.

    title: what the browser shows as the name of the page
    images: the inline attachments with their content
    room: how long the data URLs of the images may be altogether
    inert: let no link lead anywhere; where it would is what a browser shows when one points at it
    """
    writer = _Writer(_Images(images, room), inert)
    for event in stream(html):  # comments are left out, those for Outlook alone too
        if event[0] == "text":
            writer.text(event[1])
        elif event[0] == "start":
            writer.start(*event[1])
        elif event[0] == "end":
            writer.end(event[1])
        elif event[0] == "doctype":
            writer.set_doctype(*event[1])
    head = f"{_HEAD}<title>{escape(title)}</title>"
    return f"{writer.doctype}{head}\n{''.join(writer.pieces)}\n"


def as_html(text: str) -> str:
    """Return plain text as HTML that looks the same, its URLs as links."""
    pieces: list[str] = []
    done = 0
    for start, end, address in addresses_in(text):
        pieces.append(escape(text[done:start]))
        pieces.append(f'<a href="{escape(address)}">{escape(text[start:end])}</a>')
        done = end
    return _PLAIN.format("".join([*pieces, escape(text[done:])]))


class _Images:
    """The images that came with the email, as data URLs by the URL that the HTML has for them."""

    def __init__(self, images: Iterable[Image], room: int) -> None:
        self._images: dict[str, tuple[str, bytes]] = {}
        for attachment, content in images:
            for url in attachment.urls:
                self._images.setdefault(url, (attachment.type, content))
        self._room = room

    def data_url(self, url: str) -> str:
        """Return a data URL that loads nothing in place of a URL; empty if there is none."""
        bare = _IGNORED_IN_URLS.sub("", url)
        if bare[:11].lower() == "data:image/":
            return bare
        media_type, content = self._images.get(url_key(bare), ("", b""))
        length = len(content) * 4 // 3
        if not content or length > self._room:
            return ""
        self._room -= length
        return f"data:{media_type};base64,{b64encode(content).decode()}"


class _Writer:
    """Writes tags and texts as they come, without what a browser would load or run."""

    def __init__(self, images: _Images, inert: bool) -> None:
        self.pieces: list[str] = []
        self.doctype = ""
        self._images = images
        self._inert = inert
        self._opened = ""  # by the event before
        self._began = False

    def set_doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        """Keep the document type if it is where browsers look for it: it decides on the layout."""
        if self._began or self.doctype:
            return
        parts = ["<!DOCTYPE", escape(name or "html")]
        if public is not None:
            parts += ["PUBLIC", *(f'"{escape(each)}"' for each in (public, system) if each)]
        self.doctype = " ".join(parts) + ">\n"

    def start(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Write a start tag."""
        self._began = True
        self._opened = name
        if self._inert:
            attributes = _leading_nowhere(attributes)
        kept = (self._attribute(key, value or "") for key, value in attributes.items())
        self._tag(name, "".join(kept))

    def end(self, name: str) -> None:
        """Write an end tag."""
        self._began = True
        self._opened = ""
        self._tag(f"/{name}")

    def text(self, text: str) -> None:
        """Write a text, or the style sheet that it is."""
        opened, self._opened = self._opened, ""
        self._began = self._began or not text.isspace()
        if opened == "style":
            self.pieces.append(_TAG_IN_CSS.sub(r"\\3c ", self._css(text)))
        elif opened not in _WITHOUT_CONTENT:
            self.pieces.append(escape(text.replace("\0", ""), quote=False))

    def _tag(self, name: str, attributes: str = "") -> None:
        slash, bare = ("/", name[1:]) if name.startswith("/") else ("", name)
        if self._inert and bare == "base":
            return
        if bare not in _WITHOUT_TAGS and _NAME.fullmatch(bare):
            self.pieces.append(f"<{slash}{'pre' if bare in _AS_TEXT else bare}{attributes}>")

    def _attribute(self, key: str, value: str) -> str:
        """Return an attribute as it stands in a tag, empty if it goes."""
        if not _NAME.fullmatch(key) or key.startswith(("on", "shadowroot")) or key in _DANGEROUS:
            return ""
        if key == "style":
            value = self._css(value)
        elif key in _LINKS and _is_bad(value):
            return ""
        elif key in _LOADING:
            loaded = self._images.data_url(value)
            key, value = (key, loaded) if loaded else (f"data-remote-{key}", value)
        return f' {key}="{escape(value)}"'

    def _css(self, css: str) -> str:
        """Return a style sheet or declarations in which all URLs are of images that are here."""
        return _CSS_TOKEN.sub(self._css_token, _CSS_ESCAPE.sub(_unescaped, css))

    def _css_token(self, match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match.group()
        if kind == "comment":
            return " "
        if kind == "url":
            url = next(filter(None, match.groups()[2:5]), "").strip()
            loaded = self._images.data_url(url) or "data:,"
            return f"""url('{loaded.replace("'", "%27")}')"""
        return "''" if _REMOTE_STRING.match(text) else text


def _leading_nowhere(attributes: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the attributes of a tag without a link, but with where it would lead as the title."""
    kept = {key: value for key, value in attributes.items() if key not in _LEADING}
    if "href" in kept:
        kept |= {"title": kept["href"], "href": _NOWHERE}
    return kept


def _unescaped(match: re.Match[str]) -> str:
    """Return an escaped letter of CSS as it is, so that it can't hide the name of a function."""
    letter = match[2] or chr(min(int(match[1], 16), 0x10FFFF))
    return letter if letter.isascii() and letter.isalpha() else match.group()


def _is_bad(url: str) -> bool:
    """Return whether a link does something other than to open a page or an app."""
    scheme = _SCHEME.match(_IGNORED_IN_URLS.sub("", url))
    return scheme is not None and scheme[1].lower() in _BAD_SCHEMES
