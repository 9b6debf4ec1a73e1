"""The links of an email, and which of them is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ImapLibrary.errors import LinkNotFound
from ImapLibrary.mail.comparing import Manner, Pattern
from ImapLibrary.mail.content import normalize
from ImapLibrary.unknown import Fields

MOST_LISTED = 20
"""So many links are listed at most by a failure."""

_SCHEME = r"(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|mailto:)"

_WITHOUT_BLANKS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"  # CJK, kana, hangul
    "\U00020000-\U0003ffff"
)
"""Scripts whose words follow an address without a blank. Other letters may be part of one."""

_END = rf"\s<>\"“”„«»`{_WITHOUT_BLANKS}"

# Not within another address, and not the first half of that of a mailbox.
_WWW = (
    rf"(?:(?<![\w.@/\\:=%&?#~+-])|(?<=[{_WITHOUT_BLANKS}]))[Ww]{{3}}\."
    rf"(?=[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{{2}})(?![^/?#{_END}]*@)"
)
"""Begins an address that lacks its scheme, as mail programs make a link of it."""

# An address in angle brackets may be broken over lines (RFC 3986, appendix C).
_ADDRESS = re.compile(
    rf"<(?:[Uu][Rr][Ll]:)?({_SCHEME}[^\s<>]+(?:[ ]*\n[ ]*[^\s<>]+){{0,20}})>"
    rf"|((?:{_SCHEME}|{_WWW})[^{_END}]+)"
)

_AFTER = ".,;:!?'*’‘…،؛؟।"
"""What ends an address in a sentence, though the syntax of addresses allows some of it."""

_CLOSING = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Link(Fields):
    """A link of an email.

    | =Field=  | =Value=                                                                     |
    | `href`   | where it leads, as the email says                                           |
    | `text`   | what it shows, on one line; of images their alternative text                |
    | `index`  | its position among the links of the email, from 0 on                        |
    | `button` | whether it looks like a button                                              |
    | `image`  | whether it shows an image                                                   |
    | `hidden` | whether it can't be seen                                                    |
    """

    href: str
    text: str
    index: int
    button: bool = False
    image: bool = False
    hidden: bool = False

    def __str__(self) -> str:
        looks = [name for name in ("button", "image", "hidden") if getattr(self, name)]
        return f"{self.text!r} -> {self.href}" + (f" ({', '.join(looks)})" if looks else "")


def find_links(html: str, text: str, hidden: bool = False) -> tuple[Link, ...]:
    """Return the links of an email, in the order in which they stand there.

    html, text: the source of its HTML and its readable text
    hidden: whether to keep what can't be seen

    If there is no HTML, or none with a link, they are the addresses in the text.
    """
    links = tuple(_html_links(html)) if html else ()
    if not links:
        links = tuple(_text_links(text))
    shown = (link for link in links if hidden or not link.hidden)
    return tuple(
        link if link.index == index else replace(link, index=index)
        for index, link in enumerate(shown)
    )


def addresses_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the addresses in plain text, each with where it starts and ends there.

    One that begins with `www.` gets the scheme that mail programs give it.
    """
    for match in _ADDRESS.finditer(text):
        broken, bare = match.groups()
        written = broken or _without_punctuation(bare)
        address = "".join(written.split())
        if address[:4].lower() == "www.":
            address = f"http://{address}"
        if re.search(r":.*\w", address):
            start = match.start(1 if broken else 2)
            yield start, start + len(written), address


def choose(
    links: Sequence[Link],
    text: str | None = None,
    url: str | None = None,
    index: int | None = None,
) -> Link:
    """Return the one link that is meant.

    links: those of one email
    text: what it shows, compared as criteria are
    url: where it leads, compared in the same way; or all of it with wildcards
    index: its position among those that match, from 0 on, or from the last on if below 0

    Raises LinkNotFound, with the candidates, unless there is exactly one. Several that lead to
    the same address are one. Raises InvalidArgument if text or url can't be compared with.
    """
    matching = _with_url(_with_text(links, text), url)
    if index is not None and -len(matching) <= index < len(matching):
        return matching[index]
    if not links:
        raise LinkNotFound("This email has no links.")
    conditions = _conditions(text, url)
    if not matching:
        raise LinkNotFound(f"No link of this email matches {conditions}. It has:{_listed(links)}")
    those = f"that match {conditions}" if conditions else "of this email"
    if index is not None:
        raise LinkNotFound(
            f"There is no link with index {index} among the {len(matching)} {those}:"
            f"{_listed(matching)}"
        )
    if len({link.href for link in matching}) > 1:
        raise LinkNotFound(
            f"{len(matching)} links {those} lead to different addresses. Say which one is meant by "
            f"text=, url= or index=:{_listed(matching)}"
        )
    return matching[0]


def _with_text(links: Sequence[Link], text: str | None) -> Sequence[Link]:
    if text is None:
        return links
    pattern = Pattern.parsed("text", text)
    return [link for link in links if pattern.matches(link.text)]


def _with_url(links: Sequence[Link], url: str | None) -> Sequence[Link]:
    if url is None:
        return links
    pattern = Pattern.parsed("url", url)
    patterns = [pattern]
    if pattern.manner is Manner.CONTAINS:  # wildcards may as well be a part of an address
        patterns.append(replace(pattern, manner=Manner.GLOB))
    return [link for link in links if any(each.matches(link.href) for each in patterns)]


def _conditions(text: str | None, url: str | None) -> str:
    given = {"text": text, "url": url}
    return " and ".join(f"{name} {value!r}" for name, value in given.items() if value is not None)


def _listed(links: Sequence[Link]) -> str:
    """Return the links as lines with the positions that index= takes."""
    lines = [f"\n  {index}: {link}" for index, link in enumerate(links[:MOST_LISTED])]
    if len(links) > MOST_LISTED:
        lines.append(f"\n  ... and {len(links) - MOST_LISTED} more")
    return "".join(lines)


def _html_links(html: str) -> Iterator[Link]:
    # The HTML library is loaded when the first HTML is read, not when the library is.
    from ImapLibrary.html.page import read_page

    anchors = read_page(html).anchors
    revealed = anchors
    if any(anchor.hidden for anchor in anchors):
        revealed = read_page(html, hidden=True).anchors
    for index, (anchor, all_of_it) in enumerate(zip(anchors, revealed, strict=True)):
        yield Link(
            href=anchor.href,
            text=normalize((all_of_it if anchor.hidden else anchor).text),
            index=index,
            button=anchor.button,
            image=anchor.image,
            hidden=anchor.hidden,
        )


def _text_links(text: str) -> Iterator[Link]:
    for index, (start, end, address) in enumerate(addresses_in(text)):
        yield Link(href=address, text="".join(text[start:end].split()), index=index)


def _without_punctuation(address: str) -> str:
    """Return an address without what follows it in a sentence."""
    opened = {closing: address.count(_CLOSING[closing]) for closing in _CLOSING}
    unopened = {closing: address.count(closing) - opened[closing] for closing in _CLOSING}
    end = len(address)
    while end:
        last = address[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _AFTER:
            break
        end -= 1
    return address[:end]
