"""What readers, mail programs and providers may find wrong with an email.

A rule is a function that yields what it finds: where, and what is the matter there. A rule more is
such a function and its name in `RULES`. Nothing is loaded, so that a rule knows only what the email
itself says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail import content, placeholders
from ImapLibrary.mail.links import addresses_in
from ImapLibrary.mail.message import Email
from ImapLibrary.unknown import Fields

if TYPE_CHECKING:
    from ImapLibrary.html.page import Anchor, Page

MAX_HTML = 102 * 1024
"""Gmail shows so many bytes of HTML, and hides the rest behind a link."""

_MAX_ADDRESS = 200
"""So many characters of an address are told."""

_ASCII = "".join(map(chr, range(128)))

_ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Finding(Fields):
    """Something that is wrong with an email.

    | =Field= | =Value=                                                        |
    | `rule`  | name of the rule that found it, such as ``image-alt``          |
    | `where` | where it is, such as ``image https://shop.example/logo.png``   |
    | `what`  | what is wrong there, such as ``has no alternative text``       |
    """

    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where} {self.what}"


class Sample:
    """An email as the rules look at it. What takes long to read is read once."""

    def __init__(self, email: Email) -> None:
        self.headers = email.headers
        self.html = email.html
        parts = content.readable(email.root).parts
        plain = [part for part in parts if part.content_type == "text/plain"]
        self.plain = content.text_of(plain)
        self.html_alone = len(plain) < len(parts)
        self.html_size = sum(len(part.content) for part in content.html_parts(email.root).parts)

    @cached_property
    def page(self) -> Page:
        """What one sees of the HTML."""
        return _read(self.html)

    @cached_property
    def links(self) -> tuple[Anchor, ...]:
        """The links that one sees in the HTML."""
        return tuple(anchor for anchor in self.page.anchors if not anchor.hidden)

    @cached_property
    def everything(self) -> Page:
        """The HTML with what styles hide, which lists of emails or other programs may show."""
        return _read(self.html, hidden=True)


Found = Iterator[tuple[str, str]]
"""Where something is wrong, and what is wrong there."""

Rule = Callable[[Sample], Found]


def images_without_alternative(sample: Sample) -> Found:
    """An empty text is fine: it says that an image means nothing."""
    for image in sample.page.images:
        if image.alt is None:
            yield _at("image", image.src), "has no alternative text"


def links_without_text(sample: Sample) -> Found:
    """The alternative text of an image counts, and so does what screen readers say instead."""
    for link in sample.links:
        if not (content.normalize(link.text).strip() or link.label):
            yield _at("link", link.href), "has no text"


def unresolved_placeholders(sample: Sample) -> Found:
    """Wherever readers or their programs come across them; never in styles or comments."""
    for where, text in _texts(sample):
        for placeholder in placeholders.in_text(text):
            yield where, f"still has the placeholder {placeholder}"
    for where, address in _addresses(sample):
        for placeholder in placeholders.in_url(address):
            yield where, f"still has the placeholder {placeholder}"


def no_plain_text(sample: Sample) -> Found:
    """A blank one is none."""
    if sample.html_alone:
        yield "HTML", "has no plain text beside it, for readers and programs that show no HTML"


def links_that_differ(sample: Sample) -> Found:
    """Pages alone: an address to write to is often a link in the HTML only."""
    if not sample.html or sample.html_alone:
        return
    in_html = _pages(link.href for link in sample.links)
    # What is written without its scheme may mean the page by either of them.
    in_text = _pages(
        address
        for start, end, address in addresses_in(sample.plain)
        if "://" in sample.plain[start:end]
    )
    for page, address in in_html.items():
        if page not in in_text:
            yield _at("link", address), "is in the HTML, but not in the plain text"
    for page, address in in_text.items():
        if page not in in_html:
            yield _at("link", address), "is in the plain text, but not in the HTML"


def no_list_unsubscribe(sample: Sample) -> Found:
    """What mail programs make an "unsubscribe" beside the sender of (RFC 2369, section 3.2)."""
    value = sample.headers.get("List-Unsubscribe")
    if value is None:
        yield "header", "has no List-Unsubscribe"
    elif not re.search(r"<\s*(?:https?|mailto):", value, re.IGNORECASE):
        yield "header List-Unsubscribe", f"has no address in angle brackets: {_short(value)!r}"


def no_one_click(sample: Sample) -> Found:
    """RFC 8058, sections 3.1 and 4. A signature is not asked for: test systems rarely sign."""
    headers = sample.headers
    if headers.get("List-Unsubscribe-Post", "").strip().lower() != _ONE_CLICK.lower():
        yield "header", f"has no 'List-Unsubscribe-Post: {_ONE_CLICK}'"
    elif not re.search(r"<\s*https:", headers.get("List-Unsubscribe", ""), re.IGNORECASE):
        yield "header List-Unsubscribe", "has no https address, which one click takes"
    elif signatures := headers.getall("DKIM-Signature"):
        needed = {"list-unsubscribe", "list-unsubscribe-post"}
        if not any(needed <= _signed(signature) for signature in signatures):
            yield (
                "header DKIM-Signature",
                "does not cover List-Unsubscribe and List-Unsubscribe-Post",
            )


def html_too_large(sample: Sample) -> Found:
    """As sent, but for the transfer encoding. Images and other files don't count."""
    if sample.html_size > MAX_HTML:
        yield (
            "HTML",
            (
                f"has {sample.html_size:,} bytes; Gmail clips what is more than 102 KB "
                f"({MAX_HTML:,} bytes)"
            ),
        )


RULES: Mapping[str, Rule] = {
    "image-alt": images_without_alternative,
    "link-text": links_without_text,
    "placeholder": unresolved_placeholders,
    "plain-text": no_plain_text,
    "same-links": links_that_differ,
    "list-unsubscribe": no_list_unsubscribe,
    "one-click": no_one_click,
    "html-size": html_too_large,
}
"""All rules, in the order in which their findings are told."""


def check(email: Email, leave_out: str | Iterable[str] = ()) -> list[Finding]:
    """Return what is wrong with an email, each once.

    leave_out: the names of rules, separated by blanks or commas or as a list
    Raises InvalidArgument for what is no rule, and if no rule is left.
    """
    rules = chosen(leave_out)
    sample = Sample(email)
    return [
        Finding(name, where, what)
        for name, rule in rules.items()
        for where, what in dict.fromkeys(rule(sample))
    ]


def chosen(leave_out: str | Iterable[str]) -> dict[str, Rule]:
    """Return the rules without those that are named. Raises InvalidArgument."""
    words = re.split(r"[\s,]+", leave_out) if isinstance(leave_out, str) else leave_out
    named = {_rule(word) for word in words if word}
    left = {name: rule for name, rule in RULES.items() if name not in named}
    if not left:
        raise InvalidArgument("All rules are left out, so that there is nothing to check.")
    return left


def _rule(word: str) -> str:
    name = word.strip().lower().replace("_", "-")
    if name in RULES:
        return name
    near = get_close_matches(name, RULES, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise InvalidArgument(f"There is no rule {word!r}. {hint}The rules are {', '.join(RULES)}.")


def _read(html: str, hidden: bool = False) -> Page:
    # The HTML library is loaded when the first HTML is read, not when the library is.
    from ImapLibrary.html.page import read_page

    return read_page(html, hidden)


def _texts(sample: Sample) -> Iterator[tuple[str, str]]:
    """Yield the texts that people read, each with where it is."""
    for name in ("Subject", "From", "To"):
        yield f"header {name}", sample.headers.get(name, "")
    yield "plain text", sample.plain
    yield "HTML", sample.everything.text


def _addresses(sample: Sample) -> Iterator[tuple[str, str]]:
    """Yield the addresses that programs use, each with where it is."""
    yield "header List-Unsubscribe", sample.headers.get("List-Unsubscribe", "")
    for link in sample.everything.anchors:
        yield _at("link", link.href), link.href
    for image in sample.everything.images:
        yield _at("image", image.src), image.src


def _at(kind: str, address: str) -> str:
    return f"{kind} {_short(address) or 'without an address'}"


def _short(text: str) -> str:
    """Return an address on one line; an image may have its whole content in it."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_ADDRESS else f"{line[:_MAX_ADDRESS]}..."


def _pages(addresses: Iterable[str]) -> dict[str, str]:
    """Return the addresses of pages, by what is the same however it is written."""
    pages: dict[str, str] = {}
    for address in addresses:
        try:
            url = urlsplit(address)
        except ValueError:  # brackets that are no IPv6 address
            continue
        if url.scheme in ("http", "https"):
            same = url._replace(netloc=_host(url.netloc.lower()), path=url.path or "/").geturl()
            pages.setdefault(_in_ascii(same), address)
    return pages


def _host(authority: str) -> str:
    """Return user, host and port with the host as the name service has it (RFC 3987, 3.1)."""
    user, at, place = authority.rpartition("@")
    host, colon, port = place.partition(":")
    if not host.isascii():
        with suppress(UnicodeError):  # no host can be called so
            host = host.encode("idna").decode("ascii")
    return f"{user}{at}{host}{colon}{port}"


def _in_ascii(address: str) -> str:
    """Return an address with what is not ASCII as escapes (RFC 3987, 3.1), all in upper case."""
    escaped = quote(address, safe=_ASCII, errors="replace")
    return re.sub("%[0-9a-f]{2}", lambda escape: escape[0].upper(), escaped, flags=re.IGNORECASE)


def _signed(signature: str) -> set[str]:
    """Return the names of the fields that a DKIM signature covers (RFC 6376, section 3.5)."""
    tags = (tag.partition("=") for tag in signature.split(";"))
    fields = next((value for name, _, value in tags if name.strip() == "h"), "")
    return {field.strip().lower() for field in fields.split(":")}
