"""What the text and the links of a large newsletter cost, beside a bare parse of its HTML.

The floor has the HTML library go through the source, tag by tag, and does nothing with them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from email.message import EmailMessage

from justhtml import stream
from lab import Lab, medians
from table import FLOOR, OURS, Row

from ImapLibrary.html import page
from ImapLibrary.mail.links import Link, find_links
from ImapLibrary.mail.message import Email

KIB = 1024
SIZE = 500 * KIB

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>News of the week</title>
<style>.card { border: 1px solid #ddd } @media (max-width: 600px) { .card { width: 100% } }</style>
</head><body style="margin:0;padding:0;background-color:#f4f4f4">
<div style="display:none;max-height:0;overflow:hidden">What is in it this week &zwnj;&nbsp;</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
"""

ARTICLE = """<table class="card" role="presentation" width="600" cellpadding="0" cellspacing="0"
 style="border-collapse:collapse;font-family:Arial,Helvetica,sans-serif;font-size:14px"><tr>
<td width="200" valign="top" style="padding:16px">
<a href="https://click.shop.example/c/{n}?u=0a1b2c3d&amp;utm_source=news&amp;utm_medium=email">
<img src="https://img.shop.example/{n}.png" width="200" height="150" alt="Offer {n}"></a></td>
<td valign="top" style="padding:16px 16px 16px 0;color:#333333;line-height:1.5">
<h2 style="margin:0 0 8px 0;font-size:20px">Offer {n}: <b>good</b> things &amp; more</h2>
<p style="margin:0 0 12px 0">Every week we choose what is <i>worth</i> your time, write down
 what it&rsquo;s good for and what it costs, and leave out the rest.</p>
<ul><li>delivered within 2&nbsp;days</li><li>may be sent back for {n} days</li></ul>
<table role="presentation" cellpadding="0" cellspacing="0"><tr><td bgcolor="#0066cc"
 style="border-radius:4px;padding:10px 20px"><a style="color:#ffffff;text-decoration:none"
 href="https://click.shop.example/b/{n}?u=0a1b2c3d&amp;id={n}">See offer {n}</a></td></tr></table>
</td></tr></table>
"""

TAIL = """</td></tr></table>
<p style="font-size:11px">You get this because you asked for it.
<a href="https://shop.example/unsubscribe?u=0a1b2c3d">Unsubscribe</a></p></body></html>
"""


def newsletter(size: int = SIZE) -> str:
    """Return the HTML of a newsletter of at least so many characters."""
    articles = size // len(ARTICLE) + 1
    return HEAD + "".join(ARTICLE.format(n=n) for n in range(1, articles + 1)) + TAIL


def text_and_links(lab: Lab) -> list[Row]:
    """Read text and links of an email of HTML alone, again and again."""
    html = newsletter()
    message = EmailMessage()
    message["Subject"] = "News of the week"
    message.set_content(html, subtype="html", cte="8bit")
    raw = message.as_bytes()
    readers: dict[str, Callable[[], object]] = {
        FLOOR: lambda: sum(1 for _ in stream(html)),
        OURS: lambda: _read(raw),
    }
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for read in readers.values():
        read()  # loads modules
    for _ in range(lab.repetitions(15)):
        for name, read in readers.items():
            begin = time.process_time()  # it has no one to wait for
            read()
            seconds[name].append(time.process_time() - begin)
    what = f"text and links of {len(html) // KIB} KiB of HTML"
    return [Row(what, "ms", medians(seconds.items(), 1000), times=3)]


def _read(raw: bytes) -> tuple[str, tuple[Link, ...]]:
    page._read.cache_clear()
    email = Email(raw)
    return email.text, find_links(email.html, email.text)
