"""HTML as the text that a browser shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.html.text import MAX_OPEN, html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("  a \n\t b  ", "a b"),
        ("a<b> b</b>c <i> d</i>", "a bc d"),
        ("1 &lt; 2 &amp; 3&nbsp;&euro; &#x4f60;", "1 < 2 & 3\N{NO-BREAK SPACE}€ 你"),
        ("<p>a<p>b", "a\n\nb"),
        ("<h1>T</h1>a", "T\n\na"),
        ("<div>a</div><div>b</div>c", "a\nb\nc"),
        ("a<br>b<br><br>c</br>d", "a\nb\n\nc\nd"),
        ("<div>a<br></div><div>b</div>", "a\nb"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("a</div></p></b></table>b", "ab"),
        ("<pre>\n a\n  b\n\n c</pre>d  e", " a\n  b\n\n c\n\nd e"),
        ('<div style="white-space:pre-wrap"> a\n  b</div>', " a\n  b"),
        ('<div style="white-space:pre-line"> a  b \n\n  c<b> d</b></div> e', "a b\n\nc d\ne"),
        ('<div style="white-space:pre-line"><p style="white-space:normal">a\nb</p></div>', "a b"),
        ('<a style="text-transform:uppercase">Confirm <b>groß</b></a> it', "CONFIRM GROSS it"),
        ('<p style="text-transform:lowercase">A<b style="text-transform:none">B</b></p>', "aB"),
        ("<p style='display:none!important; display:block'>a</p>b", "b"),
        ("<p style='display:block ! important; display:none'>a</p>b", "a\n\nb"),
        ("<ul><li>x<ul><li>y</ul><li>z</ul>", "- x\n  - y\n- z"),
        ("<ol start=3><li>q<li value=7>r<li>s</ol>", "3. q\n7. r\n8. s"),
        ("<ol><li><p>a</p><ul><li>b</ul><li>c</ol>", "1. a\n\n  - b\n2. c"),
        ('<ul style="list-style: none"><li>a<li>b</ul>', "a\nb"),
        ('<ul><li style="display:inline">a <li style="display:inline">b</ul>', "a b"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"),
        ("<table><tr><td>a<td>b<tr><th>c</th><td>d</td></table>e", "a b\nc d\ne"),
        ("<table><tr><td><p>a</p></td><td></td><td><p>b</p></td></tr></table>", "a b"),
        ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
        ("<table><tr><td><table><tr><td>1<tr><td>2</table><td>r</table>", "1\n2\nr"),
        ("<table><tr><td>a</td><td></td></tr><tr><td>b</td></tr></table>", "a\nb"),
        ('<a href="https://x.example">Buy <img src=x alt="now"></a><img src=y>', "Buy now"),
        ('<a style="display: block">a</a><a>b</a>', "a\nb"),
        ('<div style="display:inline-block">1</div><div style="display:inline-flex">2</div>', "12"),
    ],
)
def test_what_is_shown(source: str, text: str) -> None:
    assert html_to_text(source) == text


FLEX = '<div style="display:flex">'
FLOAT = '<div style="float:left">'


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"a{FLEX}<div>1</div><div>2</div>\n<div>3</div></div>b", "a\n1 2 3\nb"),
        (f"{FLEX}<p>1</p><div><p>2</p></div><p></p><h1>3</h1></div>b", "1 2 3\nb"),
        ("<div style='display:inline-flex'><div>1</div><div>2</div></div>b", "1 2 b"),
        ("<div style='display:flex;flex-direction:column'><div>1</div><div>2</div></div>", "1\n2"),
        ("<div style='display:flex;flex-flow:column wrap'><div>1</div><div>2</div></div>", "1\n2"),
        (f"{FLEX}<div><div>1</div><div>2</div></div><div>3</div></div>", "1\n2\n3"),
        (f"{FLEX}<div>1<br></div><div>2</div></div>", "1 2"),
        (f"{FLEX}<div>1</div>{FLEX}<div>2</div><div>3</div></div></div>", "1 2 3"),
        (f"{FLEX}<span>1</span><span>2</span></div>", "12"),
        ("<ul style='display:flex'><li>1<li>2</ul>", "1 2"),
        (f"<p>a</p>{FLEX}<div></div><div>1</div></div>", "a\n\n1"),
        (f"<p>a</p>{FLOAT}1</div>{FLOAT}2</div><div>b</div>", "a\n\n1 2\nb"),
        (f"a{FLOAT}1</div>b<div style='float: right'>2</div>c", "a 1 b 2 c"),
        (f"{FLOAT}1</div><div style='clear:both'></div>{FLOAT}2</div>", "1\n2"),
        (f"{FLOAT}1</div><br>{FLOAT}2</div>", "1\n2"),
        (f"{FLOAT}1<br>2</div>{FLOAT}3</div>", "1\n2\n3"),
        (f"{FLOAT}<p>1</p></div><p>2</p>", "1\n\n2"),
        (f"<table><tr><td>{FLOAT}1</div>{FLOAT}2</div></td><td>3</td></table>", "1 2 3"),
        ("<div style='float:left;width:100%'>1</div><div style='float:left'>2</div>", "1\n2"),
        (f"{FLOAT}1</div><div style='float:none'>2</div>", "1\n2"),
        (f"{FLOAT}1</div><div style='display:none'>2</div>{FLOAT}3</div>", "1 3"),
    ],
)
def test_what_is_laid_out_side_by_side(source: str, text: str) -> None:
    assert html_to_text(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "<head><title>no</title><style>no</style></head>yes",
        "<script>no</script>yes",
        "<template>no</template>yes",
        "<!-- no -->yes<!--[if mso]>no<![endif]-->",
        "<![if !mso]>yes<![endif]>",
        "<noscript><p>no</noscript>yes",
        "yes<svg><title>no</title></svg>",
        "yes<title>no",
    ],
)
@pytest.mark.parametrize("hidden", [True, False])
def test_what_is_never_text(source: str, hidden: bool) -> None:
    assert html_to_text(source, hidden) == "yes"


@pytest.mark.parametrize(
    "source",
    [
        '<div style="display:none">no</div>yes',
        '<DIV STYLE="color:red; DISPLAY : NONE !important">no <b>no</b></DIV>yes',
        '<p style="display:none">no<p>yes',
        "<span hidden>no</span>yes",
        '<span style="visibility:hidden">no</span>yes',
        '<span style="font-size:0">no <b style="font-size:2em">no</b></span>yes',
        '<span style="font-size:0.0px">no</span>yes',
        '<span style="opacity:0">no</span>yes',
        '<div style="max-height:0;overflow:hidden">no</div>yes',
        '<table><tr style="display:none"><td>no<tr><td>yes</table>',
        '<ul><li style="display:none">no</ul>yes',
        '<img style="display:none" alt=no>yes',
    ],
)
def test_what_styles_hide(source: str) -> None:
    assert html_to_text(source) == "yes"
    assert "no" in html_to_text(source, hidden=True)


@pytest.mark.parametrize(
    "source",
    [
        '<td style="font-size:0px"><div style="font-size:13px">yes</div></td>',
        '<td style="font-size:0"><font size=2>yes</font></td>',
        '<td style="font-size:0"><img alt=yes></td>',
        '<p style="visibility:hidden"><b style="visibility:visible">yes</b></p>',
        '<a style="mso-hide:all">yes</a>',
        '<p style="font-size:0.8em">yes</p>',
        '<p style="max-height:0">yes</p>',
        '<div style="display:none"></div></div>yes',
    ],
)
def test_what_only_seems_hidden(source: str) -> None:
    assert html_to_text(source) == "yes"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(lambda n: "<div>" * 10 * n + "x", id="deep"),
        pytest.param(lambda n: "<table><tr><td>" * 3 * n + "x", id="tables"),
        pytest.param(lambda n: "<ul><li>x" * 3 * n, id="lists"),
        pytest.param(lambda n: "<p>" + "<b id=1>" * n + "</p><p>x" * n, id="formatting"),
        pytest.param(lambda n: "<b>" * 2 * n + "<i></b>" * 2 * n, id="crossed"),
        pytest.param(lambda n: "<!--" * 20 * n, id="comments"),
        pytest.param(lambda n: "< " * 20 * n, id="less than"),
        pytest.param(lambda n: "&" * 20 * n, id="ampersands"),
        pytest.param(lambda n: "<p " + "a=1 " * 10 * n + ">x", id="attributes"),
        pytest.param(lambda n: '<p style="' + "a:b;" * 10 * n + '">x', id="styles"),
        pytest.param(lambda n: "<br>" * 20 * n, id="breaks"),
        pytest.param(lambda n: "<p>" + "word " * 200 * n, id="10 MB"),
    ],
)
def test_hostile_html_takes_no_square_time(source: Callable[[int], str]) -> None:
    assert_no_square_time(lambda count: html_to_text(source(count)), 2_500)


def test_html_nested_deeper_than_is_read() -> None:
    assert isinstance(html_to_text("<b>" * (MAX_OPEN * 2) + "x"), str)


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<td>",
        "</td>",
        "<tr>",
        "</tr>",
        "<table>",
        "</table>",
        "<li>",
        "</li>",
        "<ol>",
        "</ol>",
        "<ul>",
        "</ul>",
        "<pre>",
        "</pre>",
        "<svg>",
        "</svg>",
        "<select>",
        "<option>",
        "<button>",
        "</button>",
        "<br>",
        "<img/alt=i>",
        "<script>",
        "</script>",
        "<title>",
        "<div/hidden>",
        "</body>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&",
        "<",
        ">",
        "=",
        "'",
        "x",
        "\x00",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join), st.booleans())
def test_any_html_has_a_text(source: str, hidden: bool) -> None:
    text = html_to_text(source, hidden)
    assert isinstance(text, str)
    if "<" not in source and "&" not in source and "\0" not in source and "\r" not in source:
        assert text.split() == source.split()
