"""The links and images of HTML: where they lead, what they show, and what they look like."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_text import PIECES
from timing import assert_no_square_time

from ImapLibrary.html.page import MAX_BASE, MAX_TEXT, Anchor, Image, _read, read_page
from ImapLibrary.html.text import html_to_text
from ImapLibrary.mail.links import find_links
from ImapLibrary.mail.message import Email


def links(source: str) -> list[tuple[str, str]]:
    return [(anchor.href, anchor.text) for anchor in read_page(source).anchors]


def the_link(source: str) -> Anchor:
    (anchor,) = read_page(source).anchors
    return anchor


@pytest.mark.parametrize(
    ("source", "href"),
    [
        (
            '<a href="https://x.example/?a=1&amp;b=2&copy=3">a</a>',
            "https://x.example/?a=1&b=2&copy=3",
        ),
        ("<a href=https://x.example/a=b>a</a>", "https://x.example/a=b"),
        ("<A HREF='https://x.example/'>a</A>", "https://x.example/"),
        ('<a href="\n https://x.example/long\r\n/way\t">a</a>', "https://x.example/long/way"),
        ('<a href="https://x.example/a b">a</a>', "https://x.example/a b"),
        ('<a href="mailto:qa@x.example">a</a>', "mailto:qa@x.example"),
        ('<a href="">a</a>', ""),
        ("<a href>a</a>", ""),
        ("<a href=a href=b>a</a>", "a"),
        ('<a href="#top">a</a>', "#top"),
        ('<a href="{{unsubscribe}}">a</a>', "{{unsubscribe}}"),
    ],
)
def test_addresses_are_as_browsers_read_them(source: str, href: str) -> None:
    assert the_link(source).href == href


@pytest.mark.parametrize(
    ("base", "href", "resolved"),
    [
        ("https://x.example/a/b", "c", "https://x.example/a/c"),
        ("https://x.example/a/b", "/c?d", "https://x.example/c?d"),
        ("https://x.example/a/b", "//y.example/", "https://y.example/"),
        ("https://x.example/a/b", "http://y.example/", "http://y.example/"),
        ("https://x.example/a/b", "mailto:qa@x.example", "mailto:qa@x.example"),
        ("HTTPS://x.example/", "c", "https://x.example/c"),
        ("/a/", "c", "c"),
        ("javascript:alert(1)", "c", "c"),
        ("https://x.example/", "http://[x", "http://[x"),
        ("https://[x", "c", "c"),
        ("https://x.example/" + "a" * MAX_BASE, "c", "c"),
    ],
)
def test_base_is_what_addresses_are_relative_to(base: str, href: str, resolved: str) -> None:
    assert the_link(f'<base href="{base}"><a href="{href}">a</a>').href == resolved


def test_the_first_base_counts_for_all_links() -> None:
    source = (
        "<a href=a>a</a><base target=x><base href=http://x/><base href=http://y/><a href=b>b</a>"
    )
    assert links(source) == [("http://x/a", "a"), ("http://x/b", "b")]


def test_links_come_in_document_order_with_duplicates() -> None:
    source = "<a href=2>b</a><map><area href=1 alt=c></map><a href=2>b</a><a name=x>no</a><area>"
    assert links(source) == [("2", "b"), ("1", "c"), ("2", "b")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("x <a href=1> a \n b </a> y", "a b"),
        ("<a href=1>a<br>b</a>", "a b"),
        ("<a href=1><h1>a</h1><p>b</p></a>c", "a b"),
        ("<a href=1>a&nbsp;b&amp;c</a>", "a b&c"),
        ('<a href=1>Buy <img src=x alt="it now"></a>', "Buy it now"),
        ("<a href=1><img src=x></a>", ""),
        ('<a href=1>a<span style="display:none">no</span></a>', "a"),
        ("<a href=1><pre>a\n  b</pre></a>", "a b"),
        ("<ul><li><a href=1>a</a></ul>", "a"),
        ("<ol><li>x<li><b><a href=1>a</a></b>y</ol>", "a"),
        ("<a href=1>a", "a"),
        ("<div><a href=1>a</div>b</a>c", "a b"),
        ("<p><a href=1>a<p>b</a>c", "a b"),
        ("<p><a href=1><div>a</div></a></p>b", "a"),
        ("<p><a href=1><table><tr><td>a</table></a></p>b", "a"),
        ("<table><tr><td><a href=1>a<td>b</table>c", "a"),
        ("<table><tr><th><a href=1>a<th>b</table>c", "a"),
        ("<a href=1>a</b></p></a>b", "a"),
        ("<a href=1>a<a name=x>b</a>c", "a"),
        ("<button><a href=1>a</button>b</a>", "ab"),
        (f"<a href=1>{'a' * MAX_TEXT}b</a>", "a" * MAX_TEXT),
    ],
)
def test_the_text_of_a_link_is_what_it_shows(source: str, text: str) -> None:
    assert links(source) == [("1", text)]


def test_a_link_ends_where_the_next_begins_except_in_a_cell_within_it() -> None:
    assert links("<a href=1>a<a href=2>b</a>c") == [("1", "a"), ("2", "b")]
    within = "<a href=1>a<table><tr><td>b<a href=2>c</a>d</table>e</a>f"
    assert links(within) == [("1", "a bcd e"), ("2", "c")]
    assert links("<a href=1>a<table><tr><td>b</a>c</table>d</a>e") == [("1", "a bc d")]


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ('<div style="display:none"><a href=1>a</a></div>', True),
        ('<a href=1 style="visibility:hidden">a</a>', True),
        ('<a href=1 style="display:none"><img src=x></a>', True),
        ('<a href=1 style="font-size:0">a</a>', True),
        ('<map><area href=1 style="display:none"></map>', True),
        ('<a href=1 style="font-size:0"><img src=x></a>', False),
        ('<a href=1 style="visibility:hidden"><b style="visibility:visible">a</b></a>', False),
        ("<a href=1></a>", False),
        ("<map><area href=1></map>", False),
    ],
)
def test_a_link_is_hidden_if_a_style_leaves_nothing_of_it(source: str, hidden: bool) -> None:
    assert the_link(source).hidden == hidden


@pytest.mark.parametrize(
    ("source", "image"),
    [
        ("<a href=1><img src=x></a>", True),
        ("<a href=1>a<b><img src=x></b></a>", True),
        ("<map><area href=1></map>", True),
        ("<a href=1>a</a><img src=x>", False),
        ("<img src=x><a href=1>a</a>", False),
        ('<a href=1>a<img src=x style="display:none"></a>', False),
        ('<a href=1>a<img src=x style="visibility:hidden"></a>', False),
    ],
)
def test_a_link_with_an_image_says_so(source: str, image: bool) -> None:
    assert the_link(source).image == image


@pytest.mark.parametrize(
    ("attributes", "label"),
    [
        ("", ""),
        ('aria-label=" The\n shop " title="Visit us"', "The shop"),
        ('aria-label=" " title="Visit us"', "Visit us"),
        ("aria-label title", ""),
    ],
)
def test_the_label_of_a_link_is_for_those_who_do_not_see_it(attributes: str, label: str) -> None:
    assert the_link(f"<a href=x {attributes}>a</a>").label == label


@pytest.mark.parametrize(
    ("source", "alt"),
    [
        ("<img src=x>", None),
        ("<img src=x alt>", ""),
        ('<img src=x alt=" ">', ""),
        ('<img src=" x\n" alt="The shop">', "The shop"),
    ],
)
def test_an_image_has_an_alternative_text_an_empty_one_or_none(
    source: str, alt: str | None
) -> None:
    assert read_page(source).images == (Image("x", alt),)


def test_images_that_a_style_hides_are_not_shown() -> None:
    source = "<img><p style=display:none><img src=a><p style=visibility:hidden><img src=b>"
    assert [image.src for image in read_page(source).images] == [""]
    assert [image.src for image in read_page(source, hidden=True).images] == ["", "a", "b"]


@pytest.mark.parametrize(
    "source",
    [
        "<a href=1 role=button>a</a>",
        '<a href=1 class="big btn-primary">a</a>',
        '<a href=1 class="mcnButton">a</a>',
        "<a href=1 class=CTA>a</a>",
        "<a href=1><span class=hero-cta>a</span></a>",
        "<button><a href=1>a</a></button>",
        "<a href=1><button>a</button></a>",
        "<a href=1 class=btn><img src=x alt=a></a>",
        '<a href=1 style="background:#1a73e8;padding:12px 24px">a</a>',
        '<a href=1 style="background-color:orange;border-radius:4px">a</a>',
        '<a href=1 style="background-image:url(x.png);padding-left:0.5em">a</a>',
        '<a href=1 style="border:1px solid #333;padding:0 4px">a</a>',
        '<a href=1 style="background:#36c;border:12px solid #36c">a</a>',
        '<a href=1 style="background:#36c;display:inline-block;width:200px">a</a>',
        '<a href=1><span style="background:#36c;padding:8px">a</span></a>',
        '<div style="background:#36c;padding:8px"><a href=1>a</a></div>',
        '<table><tr><td bgcolor="#36c" style="padding:8px"><a href=1>a</a></td></tr></table>',
        '<table><tr><td bgcolor="#36c"><a href=1 style="padding:8px">a</a></td></tr></table>',
        '<table><tr><td style="background:#36c;border-radius:3px"> <a href=1>a</a> </table>',
        '<p><a href=1 style="background:#36c;padding:8px"><div>a</div></a>',
        '<table bgcolor=red><tr><td style="padding:8px"><a href=1>a</a><a href=2></a></table>',
    ],
)
def test_what_looks_like_a_button(source: str) -> None:
    assert read_page(source).anchors[0].button


@pytest.mark.parametrize(
    "source",
    [
        "<a href=1>a</a>",
        '<a href=1 style="background:yellow">a</a>',
        '<a href=1 style="padding:8px">a</a>',
        '<a href=1 style="border:1px solid #333">a</a>',
        '<a href=1 style="border:0 solid red;padding:8px">a</a>',
        '<a href=1 style="border:none;padding:8px">a</a>',
        '<a href=1 style="background:#36c;padding:0 0px">a</a>',
        '<a href=1 style="background:transparent;padding:8px">a</a>',
        '<a href=1 style="background:#FFF none;padding:8px">a</a>',
        '<a href=1 class="fact-octagon">a</a>',
        '<div style="background:#36c;padding:8px">Here: <a href=1>a</a></div>',
        '<div style="background:#36c;padding:8px"><a href=1>a</a> or not</div>',
        '<div style="background:#36c;display:block"><a href=1>a</a></div>',
        '<body bgcolor=red style="padding:8px"><a href=1>a</a></body>',
        '<table><tr><td bgcolor=navy style="padding:8px"><a href=1><img src=x alt=a></a></table>',
        '<table><tr><td bgcolor=navy style="padding:8px"><a href=1></a></table>',
    ],
)
def test_what_is_no_button(source: str) -> None:
    assert not read_page(source).anchors[-1].button


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda n: "<a" * 5 * n, id="unfinished"),
        pytest.param(lambda n: "<a href=x>" * n, id="unclosed"),
        pytest.param(lambda n: "<table><td><a href=x>" * n + "y", id="nested"),
        pytest.param(lambda n: "<table><td><a href=x>" * n + "<img alt=x>" * n, id="images"),
        pytest.param(lambda n: "<table><td><a href=x>" * n + "y" * 50 * n, id="one text"),
        pytest.param(lambda n: "<a href=x>" + "<b>" * n + "y" + "</b>" * n, id="look"),
        pytest.param(lambda n: f"<a class='{'bt' * 5 * n}' href=x>y", id="class"),
        pytest.param(lambda n: f"<a style='{'padding:0;' * n}' href=x>y", id="styles"),
        pytest.param(lambda n: f"<a href='{'../' * 5 * n}'>y", id="address"),
        pytest.param(
            lambda n: f"<base href=http://x/{'a/' * 1000}>" + "<a href=../>y" * (n // 10), id="base"
        ),
    ],
)
def test_hostile_html_takes_no_square_time(source: Callable[[int], str]) -> None:
    assert_no_square_time(lambda count: read_page(source(count)), 5_000)


LINK_PIECES = st.sampled_from(
    ["<a href=u>", "<a>", "</a>", "<area href=v>", "<object>", "</object>", "<base href=//[>"]
)


@given(st.lists(PIECES | LINK_PIECES, max_size=40).map("".join), st.booleans())
def test_any_html_has_links_and_its_text(source: str, hidden: bool) -> None:
    page = read_page(source, hidden)
    assert page.text == html_to_text(source, hidden)
    assert [a.href for a in page.anchors] == [a.href for a in read_page(source, not hidden).anchors]
    shown = page.text.split()
    for anchor in page.anchors:
        if anchor.href == "u":
            assert set("".join(anchor.text.split())) <= set("".join(shown))


def test_text_and_links_make_one_reading() -> None:
    source = "<p>Some text with <a href=https://shop.example/one-reading>a link</a>.</p>"
    before = _read.cache_info().misses
    email = Email(f"Content-Type: text/html\r\n\r\n{source}".encode())
    assert email.text == "Some text with a link."
    assert [link.text for link in find_links(email.html, email.text)] == ["a link"]
    assert _read.cache_info().misses == before + 1
