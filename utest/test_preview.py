"""The page that shows an email in the log."""

from __future__ import annotations

import re
from base64 import b64encode
from html import unescape
from pathlib import Path

import pytest
from attacks import ESCAPING, LEADING, LOADING
from corpus import SAMPLES, Sample
from justhtml import stream

from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.preview import (
    IN_A_FILE,
    WITHIN_THE_LOG,
    Limits,
    frame,
    missing,
    only_headers,
    page,
    row,
)
from ImapLibrary.mime.parts import Extent

URL = "http://attacker.example"

ORDER = (Path(__file__).parent.parent / "atest" / "resources" / "order.eml").read_bytes()

HEAD = (
    '<!DOCTYPE html>\n<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    'form-action \'none\'"><meta name="referrer" content="no-referrer"><title>Your order</title>'
)

BODY = """<header><h1>Your order</h1><table><tr><th>From</th><td>The Shop \
&lt;noreply@shop.example&gt;</td></tr><tr><th>To</th><td>qa@example.com</td></tr><tr><th>Cc</th>\
<td>boss@example.com</td></tr><tr><th>Date</th><td>Tue, 24 Mar 2026 10:00:00 +0100</td></tr><tr>\
<th>Attachments</th><td>invoice.pdf (application/pdf), 9 bytes</td></tr><tr><th>In</th>\
<td>folder &#x27;INBOX&#x27; of qa on imap.example.com, UID 7</td></tr></table></header>
<input type="radio" name="view" id="view0" checked><label for="view0">Email</label>
<section><iframe sandbox="" srcdoc="&lt;meta charset=&quot;utf-8&quot;&gt;&lt;meta \
http-equiv=&quot;Content-Security-Policy&quot; content=&quot;default-src &#x27;none&#x27;; img-src \
data:; style-src &#x27;unsafe-inline&#x27;&quot;&gt;&lt;meta http-equiv=&quot;x-dns-prefetch-control\
&quot; content=&quot;off&quot;&gt;&lt;title&gt;&lt;/title&gt;
&lt;p&gt;Thank you. Your code is &lt;b&gt;4711&lt;/b&gt;.
&lt;a href=&quot;#-&quot; title=&quot;https://shop.example/confirm?id=42&quot;&gt;Confirm&lt;/a&gt;\
&lt;/p&gt;
"></iframe></section>
<input type="radio" name="view" id="view1"><label for="view1">Text</label>
<section><pre>
Thank you. Your code is 4711.</pre></section>
<input type="radio" name="view" id="view2"><label for="view2">Links (1)</label>
<section><table><tr><th>Confirm</th><td>https://shop.example/confirm?id=42</td></tr></table>\
</section>
<input type="radio" name="view" id="view3"><label for="view3">Source</label>
<section><pre>
From: The Shop &lt;noreply@shop.example&gt;
"""


def html_email(html: str, subject: str = "Hi", **headers: str) -> Email:
    lines = [f"{name}: {value}" for name, value in {"Subject": subject, **headers}.items()]
    return Email("\r\n".join([*lines, "Content-Type: text/html", "", html]).encode())


def notes(page: str) -> list[str]:
    """Return what is said of an email besides what it says itself."""
    return [unescape(note) for note in re.findall("<p>(.*?)</p>", page.partition("</header>")[0])]


def views(page: str) -> list[str]:
    return re.findall(r"<label [^>]*>([^<]*)</label>", page)


def test_word_for_word() -> None:
    email = Email(ORDER, uid=7, location=Location("imap.example.com", 993, "qa", "INBOX", 1))
    head, _, rest = page(email, IN_A_FILE).partition("<style>")
    _, _, body = rest.partition("</style>\n")
    assert head == HEAD
    body = body.replace("\r\n", "\n")
    assert body.startswith(BODY)
    assert body.endswith("--mixed--\n</pre></section>\n")


def test_row() -> None:
    assert row(Email(ORDER)) == (
        "The Shop <noreply@shop.example>",
        "Your order",
        "Tue, 24 Mar 2026 10:00:00 +0100",
        "invoice.pdf (application/pdf), 9 bytes",
    )
    assert row(Email(b"\r\n")) == ("", "", "", "")


def test_of_plain_text_there_is_no_frame() -> None:
    shown = page(Email(b"Subject: Hi\r\n\r\nA < B\r\n"), IN_A_FILE)
    assert views(shown) == ["Text", "Source"]
    assert "<pre>\nA &lt; B</pre>" in shown
    assert "<iframe" not in shown


@pytest.mark.parametrize("limits", [IN_A_FILE, WITHIN_THE_LOG])
def test_images_of_the_email_are_in_place(limits: Limits) -> None:
    (sample,) = (each for each in SAMPLES if each.name == "origin_big5_mixed_related_alternative")
    shown = page(Email(sample.raw), limits)
    assert "img src=&quot;data:image/png;base64,iVBORw0KGgo" in shown
    assert notes(shown) == []


def test_images_that_were_fetched_alone() -> None:
    email = Email(
        b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        b"<img src=cid:a>\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\n",
        size=3_000_000,
    )
    (image,) = email.attachments_so_far
    assert not image.part.whole
    shown = page(email, IN_A_FILE, [(image, b"\x89PNG")])
    assert "img src=&quot;data:image/png;base64,iVBORw==&quot;" in shown
    assert notes(shown) == ["Only its first 145 bytes of 2.9 MiB were fetched."]
    assert "image/png, inline), not fetched" in shown


class TestWhatIsNotThere:
    """What was not fetched, or is too long, is said."""

    def test_only_headers(self) -> None:
        email = Email(ORDER.partition(b"--mixed")[0], size=5000)
        assert only_headers(email)
        assert page(email, IN_A_FILE) == ""
        assert row(email)[3] == "(not all was fetched)"
        assert row(Email(b"Subject: Without parts\r\n\r\n", size=5000))[3] == ""

    def test_a_body_that_is_empty_was_fetched(self) -> None:
        email = Email(b"Subject: Hi\r\n\r\n")
        assert missing(email) == ""
        assert views(page(email, IN_A_FILE)) == ["Text", "Source"]

    def test_first_bytes(self) -> None:
        email = Email(ORDER[:600], size=3 * 1024 * 1024)
        assert notes(page(email, IN_A_FILE)) == [
            "Only its first 600 bytes of 3.0 MiB were fetched."
        ]
        assert "Thank you. Your code is 4711." in page(email, IN_A_FILE)

    def test_an_attachment_that_is_cut(self) -> None:
        raw = ORDER.partition(b"JVBERi0x")[0] + b"JVBE"
        email = Email(raw, size=len(ORDER) + 9000)
        assert row(email)[3] == "invoice.pdf (application/pdf), not fetched\n(not all was fetched)"

    def test_outline(self) -> None:
        email = Email(ORDER, extent=Extent.OUTLINE)
        assert missing(email).startswith("Only its headers and texts were fetched")

    def test_images(self) -> None:
        shown = page(html_email("<img src=https://x/1.png><img src=cid:a>"), IN_A_FILE)
        assert notes(shown) == [
            "Images that lie on a server, were not fetched or are too large are not shown."
        ]

    def test_long_texts_are_cut(self) -> None:
        email = html_email("<p>12345</p><p>x</p>")
        shown = page(email, Limits(html=8, text=3, images=0))
        told = notes(shown)
        assert told[:2] == [
            "Of its HTML, 8 of 20 characters are shown.",
            "Of its text, 3 of 8 characters are shown.",
        ]
        assert re.fullmatch(r"Of its source, 3 of \d+ characters are shown\.", told[2])
        assert "<pre>\nSub</pre>" in shown
        assert "&lt;p&gt;12345\n" in shown

    def test_many_links_are_counted(self) -> None:
        html = "".join(f'<p><a href="https://x.example/{n}">{n}</a></p>' for n in range(250))
        shown = page(html_email(html), IN_A_FILE)
        assert "Links (250)" in views(shown)
        assert "<td>https://x.example/199</td>" in shown
        assert "<td>https://x.example/200</td>" not in shown
        assert notes(shown) == ["Of its 250 links, 200 are told."]

    def test_a_large_email_makes_a_page_of_bounded_length(self) -> None:
        image = b64encode(b"\x89PNG" + b"x" * 10_000_000).decode()
        html = '<img src="cid:a">' + "<b>\"&'</b>" * 500_000
        email = Email(
            (
                "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html"
                f"\r\n\r\n{html}\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n"
                f"Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n{image}"
                "\r\n--b--\r\n"
            ).encode()
        )
        assert len(frame(page=page(email, WITHIN_THE_LOG))) < 1024 * 1024
        assert len(page(email, IN_A_FILE)) < 16 * 1024 * 1024


class TestAttacks:
    @pytest.mark.parametrize("html", [LOADING, LEADING, ESCAPING])
    def test_the_page_has_no_tag_and_no_attribute_but_its_own(self, html: str) -> None:
        escaping = ESCAPING.format(url=URL)
        email = html_email(
            html.format(url=URL),
            escaping,
            From=f'"{escaping}" <a@b.example>',
            To=escaping,
            Date=escaping,
        )
        self.assert_harmless(page(email, IN_A_FILE))

    def test_nor_do_names_of_files_break_out(self) -> None:
        name = ESCAPING.format(url=URL)
        quoted = name.replace('"', '\\"')
        email = Email(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            b'Content-Disposition: attachment; filename="'
            + quoted.encode()
            + b'"\r\n\r\nx\r\n--b--'
        )
        assert name in email.attachments[0].name
        self.assert_harmless(page(email, IN_A_FILE))

    def test_the_element_of_the_log_is_one(self) -> None:
        for html in (frame(page=ESCAPING.format(url=URL)), frame(url=ESCAPING.format(url=URL))):
            names = [data[0] for kind, data in stream(html) if kind == "start"]
            assert names in (
                ["details", "summary", "iframe"],
                ["details", "summary", "iframe", "a"],
            )

    def assert_harmless(self, shown: str) -> None:
        allowed = {"meta", "title", "style", "header", "h1", "table", "tr", "th", "td", "br", "p"}
        allowed |= {"input", "label", "section", "iframe", "pre"}
        attributes = {"charset", "http-equiv", "content", "name", "type", "id", "for", "checked"}
        attributes |= {"sandbox", "srcdoc"}
        for kind, data in stream(shown):
            if kind == "start":
                assert data[0] in allowed
                assert set(data[1]) <= attributes
                assert data[1].get("sandbox", "") == ""
                if data[0] == "iframe":
                    assert "sandbox" in data[1]
                    assert data[1]["srcdoc"].startswith('<meta charset="utf-8"><meta http-equiv=')
        text = "".join(data for kind, data in stream(shown) if kind == "text")
        assert "<script>fetch(" in text  # what was told was told whole


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_email_of_the_corpus_can_be_shown(sample: Sample) -> None:
    for raw in (sample.raw, sample.raw[: len(sample.raw) // 2]):
        email = Email(raw, size=len(sample.raw))
        row(email)
        page(email, IN_A_FILE).encode("utf-8", "replace")


def test_frame_of_a_file() -> None:
    assert frame(url="email-previews/1.html") == (
        '<details><summary>Show the email</summary><iframe sandbox="" loading="lazy" '
        'src="email-previews/1.html" style="width: 100%; min-width: 50em; height: 40em; border: 1px '
        'solid #ccc"></iframe><a href="email-previews/1.html" target="_blank" rel="noreferrer">'
        "In a tab of its own</a></details>"
    )


def test_frame_of_a_page() -> None:
    assert frame(page="<p>\"&'") == (
        '<details><summary>Show the email</summary><iframe sandbox="" loading="lazy" '
        'srcdoc="&lt;p&gt;&quot;&amp;&#x27;" style="width: 100%; min-width: 50em; height: 40em; '
        'border: 1px solid #ccc"></iframe></details>'
    )
