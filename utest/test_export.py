"""The file that a browser opens: looks the same, loads nothing, runs nothing, links can be clicked."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from attacks import LEADING, LOADING
from corpus import SAMPLES, Sample
from hypothesis import given
from hypothesis import strategies as st
from justhtml import stream
from timing import assert_no_square_time

from ImapLibrary.html.text import html_to_text
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.export import as_html, standalone
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import parse

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DATA_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()

HEAD = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src '
    "'none'; img-src data:; style-src 'unsafe-inline'\"><meta http-equiv=\"x-dns-prefetch-control\" "
    'content="off"><title></title>\n'
)


def image(content_id: str = "logo@x", location: str = "", type_: str = "image/png") -> Attachment:
    part = parse(f"Content-Location: {location}\r\n\r\n".encode())
    return Attachment("logo.png", type_, True, content_id, "2", part)


def body(html: str) -> str:
    """Return what becomes of HTML in an email with a logo."""
    exported = standalone(html, images=[(image(), PNG), (image("", "https://x/a b.png"), PNG)])
    head, _, rest = exported.partition("</title>\n")
    assert f"{head}</title>\n".endswith(HEAD)
    return rest.removesuffix("\n")


@pytest.mark.parametrize(
    "html",
    [
        '<html lang="de"><head></head><body class="a b"><p>Hi &amp; bye</p></body></html>',
        '<a href="https://shop.example/?a=1&amp;b=2#c" target="_blank">Confirm</a>',
        '<a href="mailto:a@b.c">m</a><a href="tel:+1">t</a><a href="myapp://verify?x=1">app</a>',
        '<a href="#top">top</a><a href="page.html">relative</a>',
        '<table bgcolor="#fff"><tr><td width="1" style="color: red">x</td></tr></table>',
        "<style>p > a { color: red } @media (width < 600px) { a { content: 'x' } }</style>",
        "a<br>b<hr><o:p>c</o:p><pre>\nd</pre>",
        '<form action="https://shop.example/"><input value="1"><textarea>&lt;b&gt;</textarea></form>',
        '<img alt="x" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="1">',
        '<base href="https://shop.example/">',
        "Größe 測試 \N{WOMAN}\u200d\N{PERSONAL COMPUTER}",
    ],
)
def test_what_is_harmless_stays(html: str) -> None:
    assert body(html) == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=cid:logo@x>", f'<img src="{DATA_URL}">'),
        ("<IMG SRC='CID:logo%40x'>", f'<img src="{DATA_URL}">'),
        ("<img src=' cid:lo\ngo@x '>", f'<img src="{DATA_URL}">'),
        ("<td background=cid:logo@x>", f'<td background="{DATA_URL}">'),
        ("<img src='https://x/ab.png'>", f'<img src="{DATA_URL}">'),
        (
            "<p style='background: url(cid:logo@x) no-repeat'>",
            f'<p style="background: url(&#x27;{DATA_URL}&#x27;) no-repeat">',
        ),
        (
            '<style>p { background: URL( "cid:logo@x" ) }</style>',
            f"<style>p {{ background: url('{DATA_URL}') }}</style>",
        ),
    ],
)
def test_images_of_the_email_are_in_place(html: str, expected: str) -> None:
    assert body(html) == expected


@pytest.mark.parametrize(
    ("content_id", "html"),
    [
        ("logo(1).png", '<img src="cid:logo(1).png">'),
        ("my logo.png", '<img src="cid:my logo.png">'),
        ("my%20logo.png", '<img src="cid:my%20logo.png">'),
        ("a%40b", '<img src="cid:a%40b">'),
        ("o'x", '<img src="cid:o\'x">'),
    ],
)
def test_content_ids_may_hold_what_urls_escape(content_id: str, html: str) -> None:
    assert f'<img src="{DATA_URL}">' in standalone(html, images=[(image(content_id), PNG)])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=https://x/y.png alt=a>", '<img data-remote-src="https://x/y.png" alt="a">'),
        ("<img src=cid:other@x>", '<img data-remote-src="cid:other@x">'),
        ("<img src=logo.png>", '<img data-remote-src="logo.png">'),
        ("<img src=//x/y>", '<img data-remote-src="//x/y">'),
        ("<img src=data:text/html,x>", '<img data-remote-src="data:text/html,x">'),
        ("<img srcset='https://x 2x'>", '<img data-remote-srcset="https://x 2x">'),
        ("<image src=https://x>", '<image data-remote-src="https://x">'),
        ("<body background=https://x>", '<body data-remote-background="https://x">'),
        ("<input type=image src=https://x>", '<input type="image" data-remote-src="https://x">'),
        ("<p style='background:url(https://x)'>", '<p style="background:url(&#x27;data:,&#x27;)">'),
        ("<p style='background:u\\72l(//x)'>", '<p style="background:url(&#x27;data:,&#x27;)">'),
        ("<p style='background:\\U\\52\\4c(//x)'>", '<p style="background:url(&#x27;data:,&#x27;)">'),
        ("<style>a{background:url(//x</style>", "<style>a{background:url('data:,')</style>"),
        ("<style>@import 'https://x';</style>", "<style>@import '';</style>"),
        ('<style>@import url("//x");</style>', "<style>@import url('data:,');</style>"),
        ("<style>a{b:image-set('HTTP://x' 1x)}</style>", "<style>a{b:image-set('' 1x)}</style>"),
        ("<style>/* url(x) ' */a{}</style>", "<style> a{}</style>"),
        ("<style><!-- a{} --></style>", "<style>  a{}  </style>"),
        ("<link rel=stylesheet href=https://x>", ""),
        ("<link rel=dns-prefetch href=//x>", ""),
        ("<meta http-equiv=refresh content='0;url=https://x'>", ""),
        ("<meta charset=big5>", ""),
        ("<iframe src=https://x>fallback</iframe>", ""),
        ("<frameset><frame src=https://x></frameset>", ""),
        ("<object data=https://x><param name=a>shown instead</object>", "shown instead"),
        ("<video src=https://x poster=//x>shown instead</video>", "shown instead"),
        ("<picture><source srcset=https://x><img alt=a></picture>", '<picture><img alt="a"></picture>'),
        ("<svg><image xlink:href=https://x /><text>t</text></svg>",
         '<image data-remote-xlink:href="https://x"><text>t</text>'),
        ("<a ping=https://x attributionsrc=//x href=#>a</a>", '<a href="#">a</a>'),
        ("<html manifest=https://x>", "<html>"),
    ],
)  # fmt: skip
def test_nothing_is_loaded(html: str, expected: str) -> None:
    assert body(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<script>alert('<b>')</script>b", "ab"),
        ("a<script src=https://x></script>b", "ab"),
        ("<svg><script>alert(1)</script></svg>b", "b"),
        ("<noscript><img src=x></noscript>b", "b"),
        ("<p onclick=x ONLOAD=y style>", '<p style="">'),
        ("<a href='javascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href=' \x01Java\tScr\nipt:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href='&#106;avascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href='data:text/html,x'>a</a><a href='file:///etc/passwd'>b</a>", "<a>a</a><a>b</a>"),
        ("<form action=javascript:x><button formaction=vbscript:x>", "<form><button>"),
        ("<iframe srcdoc='<script>x</script>'></iframe>", ""),
        ("<div srcdoc=x shadowrootmode=open>", "<div>"),
        ("<!-- c --><!--[if mso]><b>o</b><![endif]--><![if !mso]>a<![endif]>", "a"),
        ("<title>other</title>a", "a"),
        ("<xmp><b></xmp>", "<pre>&lt;b&gt;</pre>"),
        ("<plaintext><script>", "<pre>&lt;script&gt;"),
        ("&lt;script>alert(1)&lt;/script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<p title='\"><script>'>", '<p title="&quot;&gt;&lt;script&gt;">'),
        ("<select><style></select><img src=x onerror=y></style>",
         r"<select><style>\3c /select>\3c img src=x onerror=y></style>"),
        ("<a<b c<d=e f\"g=h i=j>", ""),
        ("<p a\"b=c d=e>", '<p d="e">'),
    ],
)  # fmt: skip
def test_nothing_is_run(html: str, expected: str) -> None:
    assert body(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="https://x/?a&amp;b">a</a>', '<a href="#-" title="https://x/?a&amp;b">a</a>'),
        ("<a title='Free \"beer\"' href=//x>a</a>", '<a title="//x" href="#-">a</a>'),
        ("<a href='\" onclick=\"x'>a</a>", '<a href="#-" title="&quot; onclick=&quot;x">a</a>'),
        ("<a href>a</a>", '<a href="#-" title="">a</a>'),
        ("<a href=javascript:x>a</a>", '<a href="#-" title="javascript:x">a</a>'),
        ("<a href=mailto:a@b.c target=_top download>a</a>", '<a href="#-" title="mailto:a@b.c">a</a>'),
        ("<map><area href=//x></map>", '<map><area href="#-" title="//x"></map>'),
        ("<form action=//x target=_top><button formaction=//y>", "<form><button>"),
        ("<base href=//x>a", "a"),
        ("<a name=b title=c>a</a>", '<a name="b" title="c">a</a>'),
    ],
)  # fmt: skip
def test_in_a_log_links_lead_nowhere(html: str, expected: str) -> None:
    assert standalone(html, inert=True).partition("</title>\n")[2].removesuffix("\n") == expected


def test_no_link_of_any_kind_is_left() -> None:
    for html in (LEADING, as_html("https://x/80 mailto:a@b.c javascript://x")):
        hrefs = re.findall(r"(?:href|action)=\"?([^\" ]*)", standalone(html, inert=True))
        assert set(hrefs) == {"#-"}


@pytest.mark.parametrize(
    ("html", "doctype"),
    [
        ("<!doctype html><p>", "<!DOCTYPE html>\n"),
        ("\n<!-- c --><!DOCTYPE HTML><p>", "<!DOCTYPE html>\n"),
        (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd"><p>',
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">\n',
        ),
        (
            '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><p>',
            '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n',
        ),
        ("<p><!doctype html>", ""),
        ("text<!doctype html><p>", ""),
        ("<p>", ""),
    ],
)
def test_the_document_type_decides_on_the_layout_as_before(html: str, doctype: str) -> None:
    assert standalone(html).startswith(f"{doctype}<meta charset")


def test_the_title_is_the_subject() -> None:
    assert "<title>&lt;/title&gt;&lt;b&gt; Hi</title>" in standalone("", title="</title><b> Hi")


def test_an_image_is_there_as_often_as_there_is_room() -> None:
    html = standalone("<img src=cid:logo@x>" * 4, images=[(image(), PNG)], room=250)
    assert html.count(DATA_URL) == 2
    assert html.count('data-remote-src="cid:logo@x"') == 2


def test_an_image_can_not_break_out_of_a_style() -> None:
    svg = "data:image/svg+xml,<svg xmlns='x'></svg>"
    assert body(f'<style>a{{b:url("{svg}")}}</style>') == (
        "<style>a{b:url('data:image/svg+xml,\\3c svg xmlns=%27x%27>\\3c /svg>')}</style>"
    )
    odd = standalone("<img src=cid:a>", images=[(image("a", type_="image/png\">'"), PNG)])
    assert "image/png&quot;&gt;&#x27;;base64," in odd


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c\n  d", "a &lt; b &amp; c\n  d"),
        ("See https://x/?b=1&c=2.", 'See <a href="https://x/?b=1&amp;c=2">https://x/?b=1&amp;c=2</a>.'),
        ("(http://x)", '(<a href="http://x">http://x</a>)'),
        ("<https://x>", '&lt;<a href="https://x">https://x</a>&gt;'),
        ("<https://x/a\n b>", '&lt;<a href="https://x/ab">https://x/a\n b</a>&gt;'),
        ("測試https://x。", '測試<a href="https://x">https://x</a>。'),
        ("mailto:a@b.c", '<a href="mailto:a@b.c">mailto:a@b.c</a>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_text_as_html(text: str, html: str) -> None:
    assert as_html(text).partition("<pre>")[2] == f"{html}</pre>"
    assert body(as_html(text)).partition("<pre>")[2] == f"{html}</pre>"


def test_text_can_not_become_a_script() -> None:
    assert ">javascript://x%0aalert(1)</a>" in body(as_html("javascript://x%0aalert(1)"))
    assert "href" not in body(as_html("javascript://x%0aalert(1)"))


TOKENS = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<svg>",
        "</svg>",
        "<math>",
        "<title>",
        "</title>",
        "<select>",
        "<table>",
        "<textarea>",
        "<noscript>",
        "<plaintext>",
        "<template>",
        "<iframe src=//x>",
        "<img src=//x onerror=x>",
        "<a href=javascript:x title='</style><script>'>",
        "<p style='a:url(//x)'>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!doctype",
        "url(",
        "\\75rl(",
        "@import '",
        '"',
        ">",
        "/",
        "=",
        "\0",
        "&lt;",
        "&#60;script>",
    ]
)
SOURCES = st.lists(TOKENS | st.text(max_size=5), max_size=20).map("".join)

LOADS = {"src", "srcset", "background", "poster", "data", "xlink:href", "ping", "srcdoc"}
RUNNING = {"script", "iframe", "object", "embed", "frame", "link", "base", "svg", "math"}


@given(SOURCES)
def test_whatever_html_is_it_neither_fails_nor_loads_nor_runs(html: str) -> None:
    exported = standalone(html)
    exported.encode("utf-8")
    for kind, data in stream(exported.partition("</title>")[2]):
        if kind == "start":
            name, attributes = data
            assert name not in RUNNING
            assert not LOADS & set(attributes)
            assert not any(key.startswith("on") for key in attributes)
            assert not (attributes.get("href") or "").startswith("javascript")
            assert "//x" not in (attributes.get("style") or "")


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_email_of_the_corpus_becomes_a_file(sample: Sample) -> None:
    email = Email(sample.raw)
    images = [(each, each.content) for each in email.attachments if each.inline]
    html = standalone(email.html or as_html(email.text), title=email.subject, images=images)
    shown = html_to_text(email.html) if email.html else email.text.replace("\0", "")
    assert html_to_text(html) == shown


def test_time_grows_with_the_length_alone() -> None:
    for piece in (
        "<b><p>",
        "<svg>",
        "url(",
        "<p style='url(\"",
        "/*",
        "<style>\\",
        "https://",
        "<img src=cid:",
    ):
        assert_no_square_time(
            lambda count, piece=piece: standalone(as_html(piece * count) + piece * count), 12_500
        )


BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.fixture
def requested() -> Iterator[tuple[str, set[int]]]:
    """The address of a web server, and the numbers that were requested from it so far."""
    seen: set[int] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.add(int(re.sub(r"\D", "", self.path) or 0))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def open_in_browser(html: str, folder: Path) -> str:
    """Open a page in a browser, and return what it becomes there."""
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8")
    assert BROWSER
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000"]
    command += [f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode()


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_loads_nothing(requested: tuple[str, set[int]], tmp_path: Path) -> None:
    url, seen = requested
    page = LOADING.format(url=url)
    open_in_browser(page, tmp_path)
    assert len(seen) > 15  # or this test would prove nothing
    seen.clear()
    exported = standalone(page)
    dom = open_in_browser(exported, tmp_path)
    assert "data-remote-src" in dom
    assert seen == set()
    # What has been taken out and what the policy forbids suffices each by itself.
    without_policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", exported)
    assert without_policy != exported
    open_in_browser(without_policy, tmp_path)
    assert seen == set()
    with_policy = HEAD + re.sub(r"<meta http-equiv=refresh[^>]*>", "", page)
    open_in_browser(with_policy, tmp_path)
    assert seen == set()


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_shows_the_images(tmp_path: Path) -> None:
    html = (
        "<p>測試</p><img src=cid:logo@x id=i><a href='https://shop.example/?a=1&amp;b=2'>測試</a>"
    )
    dom = open_in_browser(standalone(html, images=[(image(), PNG)], title="信件"), tmp_path)
    assert f'<img src="{DATA_URL}" id="i">' in dom
    assert '<a href="https://shop.example/?a=1&amp;b=2">測試</a>' in dom
    assert "<title>信件</title>" in dom
