"""An email -> a page that shows it: as a person sees it, its text, its links and its source.

The page stands in a log that many people open, maybe long after the test. So it loads nothing and
runs nothing: the email is in a frame with an empty `sandbox`, both have a content security policy,
and `mail.export` has taken out what these forbid. No link leads anywhere: a click in a log must not
use up a link that works once, or unsubscribe a tester. Where they lead is told as text.

Nothing is fetched for it. What was not fetched, and what is too long to be shown, is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from ImapLibrary.mail.attachments import Attachment, names_settled
from ImapLibrary.mail.export import POLICY, Image, standalone
from ImapLibrary.mail.links import find_links
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent
from ImapLibrary.units import amount

MOST_LINKS = 200
"""So many links are told at most."""


@dataclass(frozen=True)
class Limits:
    """How much of an email is shown.

    html: characters of its HTML
    text: characters of its text, and of its source
    images: characters of the data URLs that its images become
    """

    html: int
    text: int
    images: int


IN_A_FILE = Limits(html=1024 * 1024, text=256 * 1024, images=8 * 1024 * 1024)

WITHIN_THE_LOG = Limits(html=64 * 1024, text=16 * 1024, images=128 * 1024)
"""For `output.xml`, which Robot Framework reads as a whole, and browsers the log made of it."""

COLUMNS = ("From", "Subject", "Date", "Attachments")

_STYLE = """
html, body { height: 100%; margin: 0; background: #fff; color: #222; font: 14px/1.4 sans-serif }
body { display: flex; flex-wrap: wrap; flex-direction: row; align-content: flex-start }
header { flex: 0 0 100%; padding: 8px 12px; background: #f4f4f4; box-sizing: border-box }
h1 { margin: 0 0 4px; font-size: 16px; overflow-wrap: anywhere }
th, td { padding: 0 12px 0 0; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: normal; color: #666 }
header p { margin: 4px 0 0; color: #a40 }
input { position: absolute; opacity: 0 }
label { padding: 6px 12px; border-bottom: 3px solid transparent; cursor: pointer }
input:checked + label { border-color: #26c }
input:focus-visible + label { outline: 2px solid #26c }
section { order: 1; display: none; flex: 0 0 100%; box-sizing: border-box; padding: 8px 12px;
  border-top: 1px solid #ddd }
input:checked + label + section { display: block }
iframe { width: 100%; height: 70vh; border: 0 }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
"""

_HEAD = (
    '<!DOCTYPE html>\n<meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}; base-uri \'none\'; '
    "form-action 'none'\">"
    '<meta name="referrer" content="no-referrer">'
)


def row(email: Email) -> tuple[str, ...]:
    """Return what stands under `COLUMNS` of an email, as plain texts."""
    headers = email.headers_so_far
    return (
        "\n".join(map(str, headers.addresses("From"))),
        headers.get("Subject", ""),
        headers.get("Date", ""),
        "\n".join(_files(email)),
    )


def missing(email: Email) -> str:
    """Return what of an email was not fetched, as a sentence; empty if all was."""
    if email.complete:
        return ""
    if email.extent is Extent.OUTLINE:
        return "Only its headers and texts were fetched, and images if they were asked for."
    of = amount(email.size)
    return f"Only its first {amount(len(email.fetched))} of {of} were fetched."


def page(email: Email, limits: Limits, images: Iterable[Image] = ()) -> str:
    """Return the page, to be written in UTF-8; empty if nothing but headers was fetched.

    images: inline attachments that were fetched besides what the email holds itself
    """
    if only_headers(email):
        return ""
    notes = [missing(email)] if missing(email) else []
    views = list(_views(email, limits, [*images, *_fetched_images(email)], notes))
    subject = escape(email.headers_so_far.get("Subject", ""))
    told = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f"{_HEAD}<title>{subject}</title><style>{_STYLE}</style>\n"
        f"<header><h1>{subject}</h1>{_header_table(email)}{told}</header>\n"
        + "".join(_tab(number, *view) for number, view in enumerate(views))
    )


def frame(page: str = "", url: str = "") -> str:
    """Return the element of a log in which a page opens when somebody wants to see it.

    page: the page itself, or
    url: where it is, relative to the log
    """
    source = f'src="{escape(url)}"' if url else f'srcdoc="{escape(page)}"'
    style = "width: 100%; min-width: 50em; height: 40em; border: 1px solid #ccc"
    link = f'<a href="{escape(url)}" target="_blank" rel="noreferrer">In a tab of its own</a>'
    return (
        "<details><summary>Show the email</summary>"
        f'<iframe sandbox="" loading="lazy" {source} style="{style}"></iframe>'
        f"{link if url else ''}</details>"
    )


def _views(
    email: Email, limits: Limits, images: Sequence[Image], notes: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of each view, and add to the notes what it leaves out."""
    html, text = email.html_so_far, email.text_so_far
    if html:
        shown = standalone(
            _cut(html, limits.html, "HTML", notes), images=images, room=limits.images, inert=True
        )
        if "data-remote-" in shown:
            notes.append(
                "Images that lie on a server, were not fetched or are too large are not shown."
            )
        yield "Email", f'<iframe sandbox="" srcdoc="{escape(shown)}"></iframe>'
    yield "Text", _pre(_cut(text, limits.text, "text", notes))
    links = find_links(html[: limits.html], text[: limits.text])
    if len(links) > MOST_LINKS:
        notes.append(f"Of its {len(links):,} links, {MOST_LINKS} are told.")
    if links:
        lines = [(each.text, each.href) for each in links[:MOST_LINKS]]
        yield f"Links ({len(links)})", _rows(lines)
    source = email.fetched.decode("utf-8", "backslashreplace")
    yield "Source", _pre(_cut(source, limits.text, "source", notes))


def _tab(number: int, name: str, content: str) -> str:
    checked = "" if number else " checked"
    return (
        f'<input type="radio" name="view" id="view{number}"{checked}>'
        f'<label for="view{number}">{name}</label>\n<section>{content}</section>\n'
    )


def _header_table(email: Email) -> str:
    headers = email.headers_so_far
    lines = [(name, "\n".join(map(str, headers.addresses(name)))) for name in ("From", "To", "Cc")]
    lines += [("Date", headers.get("Date", "")), ("Attachments", "\n".join(_files(email)))]
    if email.received:
        lines.append(("Received", f"{email.received:%Y-%m-%d %H:%M:%S %z}"))
    if email.location:
        lines.append(("In", f"{email.location}, UID {email}"))
    return _rows([line for line in lines if line[1]])


def _rows(lines: Iterable[tuple[str, str]]) -> str:
    """Return a table of names and values, which are escaped, with line ends kept."""
    cells = (
        f"<tr><th>{escape(name)}</th><td>{'<br>'.join(map(escape, value.splitlines()))}</td></tr>"
        for name, value in lines
    )
    return f"<table>{''.join(cells)}</table>"


def _pre(text: str) -> str:
    # A parser leaves out a line end that directly follows the tag.
    return f"<pre>\n{escape(text, quote=False)}</pre>"


def _cut(text: str, length: int, what: str, notes: list[str]) -> str:
    """Return so much of a text, without NUL, and note if that is not all of it."""
    if len(text) > length:
        notes.append(f"Of its {what}, {length:,} of {len(text):,} characters are shown.")
    return text[:length].replace("\0", "")


def _files(email: Email) -> list[str]:
    """Return a line for each attachment that is known, and say if there may be more."""
    lines = [f"{each}, {_size(each)}" for each in email.attachments_so_far]
    settled = email.complete or names_settled(email.root)
    return lines if settled else [*lines, "(not all was fetched)"]


def _size(attachment: Attachment) -> str:
    return amount(attachment.size) if attachment.part.whole else "not fetched"


def _fetched_images(email: Email) -> list[Image]:
    return [
        (each, each.content) for each in email.attachments_so_far if each.inline and each.part.whole
    ]


def only_headers(email: Email) -> bool:
    """Return whether nothing of the body was fetched."""
    return email.extent is Extent.PREFIX and not email.fetched.partition(b"\r\n\r\n")[2]
