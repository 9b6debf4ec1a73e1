"""The links of an email, from HTML and from plain text, and which of them is meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.errors import InvalidArgument, LinkNotFound
from ImapLibrary.mail.links import MOST_LISTED, Link, choose, find_links


def in_text(text: str) -> list[str]:
    return [link.href for link in find_links("", text)]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("See https://x.example/a?b=c&d=e%20f#g now", "https://x.example/a?b=c&d=e%20f#g"),
        ("See https://x.example/a.", "https://x.example/a"),
        ("See https://x.example/a...", "https://x.example/a"),
        ("Is it https://x.example/a?", "https://x.example/a"),
        ("(see https://x.example/a)", "https://x.example/a"),
        ("(see https://x.example/a.)", "https://x.example/a"),
        ("https://x.example/A_(b)", "https://x.example/A_(b)"),
        ("(https://x.example/A_(b))", "https://x.example/A_(b)"),
        ("[here](https://x.example/a)", "https://x.example/a"),
        ("[https://x.example/a]", "https://x.example/a"),
        ("**https://x.example/a**", "https://x.example/a"),
        ("'https://x.example/a'", "https://x.example/a"),
        ('"https://x.example/a"', "https://x.example/a"),
        ("„https://x.example/a“", "https://x.example/a"),
        ("«https://x.example/a»", "https://x.example/a"),
        ("https://x.example/a?token=abc-_~=", "https://x.example/a?token=abc-_~="),
        ("https://x.example/a/", "https://x.example/a/"),
        ("https://x.example:8443/a", "https://x.example:8443/a"),
        ("HTTPS://X.example/a", "HTTPS://X.example/a"),
        ("> https://x.example/a\n> b", "https://x.example/a"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<URL:https://x.example/a\nb>", "https://x.example/ab"),
        ("https://x.example/a…", "https://x.example/a"),
        ("<https://x.example/a\n  bc\nd>", "https://x.example/abcd"),
        ("<https://x.example/a and so on>", "https://x.example/a"),
        ("<https://x.example/a\nand so on", "https://x.example/a"),
        ("https://x.example/a<br>", "https://x.example/a"),
        ("点击https://x.example/a。谢谢", "https://x.example/a"),
        ("https://x.example/aを開く", "https://x.example/a"),
        ("https://x.example/a에서 확인", "https://x.example/a"),
        ("เปิดhttps://x.example/aเพื่อ", "https://x.example/a"),
        ("افتح https://x.example/a، الآن", "https://x.example/a"),
        ("https://müller.example/bestätigen?n=Jörg", "https://müller.example/bestätigen?n=Jörg"),
        ("shop-app://confirm?id=1", "shop-app://confirm?id=1"),
        ("Write to mailto:qa@x.example.", "mailto:qa@x.example"),
        ("www.example.com/confirm", "http://www.example.com/confirm"),
        ("Go to www.example.com.", "http://www.example.com"),
        ("(see WWW.Example.com/a?b=c@d)", "http://WWW.Example.com/a?b=c@d"),
        ("<www.example.com/a>", "http://www.example.com/a"),
        ("点击www.example.com/a。谢谢", "http://www.example.com/a"),
        ("www.müller.example:8080", "http://www.müller.example:8080"),
        ("https://x.example/?u=www.example.com/", "https://x.example/?u=www.example.com/"),
        ("https://www.example.com/", "https://www.example.com/"),
    ],
)
def test_addresses_in_plain_text(text: str, href: str) -> None:
    assert in_text(text) == [href]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://",
        "http://.",
        "x.example/a",
        "qa@x.example",
        "a: b",
        "qa@www.example.com",
        "x.www.example.com",
        "/srv/www.example.com/log",
        "www.jane.doe@example.com",
        "www.",
        "www. example.com",
        "www.example",
        "www.example...",
        "www.1.23",
        "awww.example.com",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert in_text(text) == []


def test_an_address_without_scheme_shows_what_is_written() -> None:
    (link,) = find_links("", "Go to www.example.com/confirm.")
    assert link == Link("http://www.example.com/confirm", "www.example.com/confirm", 0)


def test_addresses_come_in_order_with_duplicates() -> None:
    assert in_text("http://b http://a,\n<http://b>") == ["http://b", "http://a", "http://b"]
    links = find_links("", "http://b http://a")
    assert [link.index for link in links] == [0, 1]
    assert links[0] == Link("http://b", "http://b", 0)


def test_the_links_of_html_go_before_the_text() -> None:
    assert [link.href for link in find_links("<a href=1>a</a>", "http://x")] == ["1"]
    assert [link.href for link in find_links("<p>http://x", "http://y")] == ["http://y"]


def test_hidden_links_are_left_out_unless_asked_for() -> None:
    html = '<p style="display:none"><a href=1>a&shy;b</a></p><a href=2 role=button>c<img></a>'
    shown = Link("2", "c", 0, button=True, image=True)
    assert find_links(html, "http://x") == (shown,)
    assert find_links(html, "", hidden=True) == (
        Link("1", "ab", 0, hidden=True),
        Link("2", "c", 1, button=True, image=True),
    )
    assert find_links('<a href=1 style="display:none">a</a>', "http://x") == ()


LINKS = find_links(
    "<a href=https://x.example/>The Shop</a><a href=https://x.example/in?a=1>Log in</a>"
    '<a href=https://x.example/in/help class=btn>How to log&nbsp;in</a><a href="http://x/[A]">a</a>'
    "<a href=https://x.example/in?a=1><img alt=Enter></a>",
    "",
)


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        ({"text": "The Shop"}, 0),
        ({"text": "shop"}, 0),
        ({"text": " log  IN "}, None),
        ({"text": "exact: log  IN "}, 1),
        ({"text": "to log in"}, 2),
        ({"text": "Enter"}, 4),
        ({"url": "https://x.example/"}, None),
        ({"url": "exact:https://x.example/"}, 0),
        ({"url": "/help"}, 2),
        ({"url": "regexp:/$"}, 0),
        ({"url": "*help"}, 2),
        ({"url": "*/in?a=?"}, 1),
        ({"url": "http://x/[A]"}, 3),
        ({"text": "regexp:^Log"}, 1),
        ({"text": "glob:h*in"}, 2),
        ({"text": "exact:log in", "url": "*help"}, None),
        ({"text": "log", "url": "*help"}, 2),
        ({"url": "*/in*", "index": 1}, 2),
        ({"url": "*/in*", "index": -1}, 4),
        ({"index": 0}, 0),
        ({"index": -1}, 4),
        ({"index": 5}, None),
        ({"index": -6}, None),
        ({"url": "y.example"}, None),
        ({"url": "*/in"}, None),
        ({"url": "*/IN?A=1"}, 1),
        ({"text": "log"}, None),
        ({}, None),
    ],
)
def test_the_link_that_is_meant(criteria: dict[str, str | int], index: int | None) -> None:
    if index is not None:
        assert choose(LINKS, **criteria) is LINKS[index]  # type: ignore[arg-type]
    else:
        with pytest.raises(LinkNotFound):
            choose(LINKS, **criteria)  # type: ignore[arg-type]


def test_an_only_link_needs_no_criteria() -> None:
    assert choose(LINKS[:1]) is LINKS[0]
    assert choose((LINKS[1], LINKS[4])) is LINKS[1]


def test_failures_list_the_candidates() -> None:
    all_five = (
        "\n  0: 'The Shop' -> https://x.example/"
        "\n  1: 'Log in' -> https://x.example/in?a=1"
        "\n  2: 'How to log in' -> https://x.example/in/help (button)"
        "\n  3: 'a' -> http://x/[A]"
        "\n  4: 'Enter' -> https://x.example/in?a=1 (image)"
    )
    with pytest.raises(LinkNotFound) as failure:
        choose(LINKS, text="Log out", url="*/out")
    assert str(failure.value) == (
        f"No link of this email matches text 'Log out' and url '*/out'. It has:{all_five}"
    )
    with pytest.raises(LinkNotFound) as failure:
        choose(LINKS)
    assert str(failure.value) == (
        "5 links of this email lead to different addresses. Say which one is meant by text=, url= "
        f"or index=:{all_five}"
    )
    with pytest.raises(LinkNotFound) as failure:
        choose(LINKS, text="log")
    assert str(failure.value) == (
        "2 links that match text 'log' lead to different addresses. Say which one is meant by "
        "text=, url= or index=:"
        "\n  0: 'Log in' -> https://x.example/in?a=1"
        "\n  1: 'How to log in' -> https://x.example/in/help (button)"
    )
    with pytest.raises(LinkNotFound) as failure:
        choose(LINKS, text="shop", index=1)
    assert str(failure.value) == (
        "There is no link with index 1 among the 1 that match text 'shop':"
        "\n  0: 'The Shop' -> https://x.example/"
    )
    with pytest.raises(LinkNotFound, match=r"^This email has no links\.$"):
        choose((), text="Log in")


def test_a_failure_does_not_list_hundreds() -> None:
    many = [Link(f"http://x/{index}", "a", index) for index in range(MOST_LISTED + 3)]
    with pytest.raises(LinkNotFound, match=r"\n  \.\.\. and 3 more$"):
        choose(many)


@pytest.mark.parametrize("name", ["text", "url"])
def test_an_empty_criterion_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^The criterion {name} is empty, "):
        choose(LINKS, **{name: " "})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        lambda n: "http://" * n,
        lambda n: "<http://a\n" * n,
        lambda n: "<http://a" + "\nb" * 2 * n,
        lambda n: "http://a" + ")" * 4 * n,
        lambda n: "http://a" + "(" * 2 * n + ")" * 2 * n,
        lambda n: "a" * 6 * n + "://",
        lambda n: "a://" * n,
        lambda n: "www.aa." * n,
        lambda n: '"www.a.bb' * n,
        lambda n: ",www.a.bb" * n,
        lambda n: "www." + "a." * 2 * n + "1",
    ],
)
def test_hostile_text_is_read_to_its_end(text: Callable[[int], str]) -> None:
    assert_no_square_time(lambda count: find_links("", text(count)), 12_500)


TOKENS = st.sampled_from(
    ["http://", "<", ">", "(", ")", "\n", " ", ".", "a", "。", "mailto:", "www.", "aa"]
)


@given(st.lists(TOKENS | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_has_links(text: str) -> None:
    for link in find_links("", text):
        assert link.href == "".join(link.href.split())
        assert link.text in "".join(text.split())
        assert link.href in (link.text, f"http://{link.text}")
