"""The elements of HTML, by what they mean to the layout of text and to the tags around them."""

from __future__ import annotations

from collections.abc import Mapping

VOID = frozenset(
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

WITHOUT_TEXT = frozenset(
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

LINES = frozenset(
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

PARAGRAPHS = frozenset(
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

PREFORMATTED = frozenset(["listing", "plaintext", "pre", "textarea", "xmp"])

LISTS = ("ol", "ul", "menu", "dir")

CELLS = ("td", "th")

ROWS = ("tr", *CELLS)

SECTIONS = ("tbody", "thead", "tfoot", "caption", *ROWS)

SCOPE = ("table", "caption", "td", "th", "button", "object")
"""What an end tag within it can't close anything outside of (HTML Standard, section 13.2.4.2)."""

CLOSED_BY_START: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(LINES | PARAGRAPHS, (("p",), SCOPE)),
    "li": (("li",), (*LISTS, *SCOPE)),
    "dt": (("dt", "dd"), ("dl", *SCOPE)),
    "dd": (("dt", "dd"), ("dl", *SCOPE)),
    "option": (("option",), ("select", *SCOPE)),
    "td": (CELLS, ("table",)),
    "th": (CELLS, ("table",)),
    "tr": (ROWS, ("table",)),
    "tbody": (SECTIONS, ("table",)),
    "thead": (SECTIONS, ("table",)),
    "tfoot": (SECTIONS, ("table",)),
}
"""Start tag -> the elements that it closes, and those whose inside it doesn't leave."""
