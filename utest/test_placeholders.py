"""Placeholders of templates, and what only looks like one."""

from __future__ import annotations

import pytest
from timing import assert_no_square_time

from ImapLibrary.mail.placeholders import in_text, in_url


@pytest.mark.parametrize(
    "placeholder",
    [
        "{{name}}",
        "{{ user.name|default('you') }}",
        "{{{name}}}",
        "{% if name %}",
        "${name}",
        "[[name]]",
        "[[ vorname ]]",
        "*|FNAME|*",
        "<%= name %>",
        "%NAME%",
        "%first_name%",
        "%%EMAILADDR%%",
        "%Größe%",
    ],
)
def test_a_placeholder_in_a_text(placeholder: str) -> None:
    assert list(in_text(f"Hello {placeholder}, welcome!")) == [placeholder]


@pytest.mark.parametrize(
    "text",
    [
        "50% off, and 20% more",
        "5%to10%",
        "100%FREE%",
        "%d% and %20%",
        "{name} and { {name} }",
        "$name costs $5 {only}",
        "See [1], [[2]] and [name]",
        "{{}} [[]] ${}",
        "a*|b",
        "a < b %> c",
    ],
)
def test_what_is_none_in_a_text(text: str) -> None:
    assert list(in_text(text)) == []


@pytest.mark.parametrize(
    ("url", "placeholders"),
    [
        ("https://x.example/{{id}}", ["{{id}}"]),
        ("https://x.example/?a=%7B%7Bid%7D%7D&b=$%7bb%7d", ["{{id}}", "${b}"]),
        ("https://x.example/?name=%NAME%", ["%NAME%"]),
        ("https://x.example/?date=%DATE%", ["%DATE%"]),
        ("https://x.example/?name=%NAME%20", ["%NAME%"]),
        ("https://x.example/a%NAME%b", ["%NAME%"]),
    ],
)
def test_a_placeholder_in_an_address(url: str, placeholders: list[str]) -> None:
    assert list(in_url(url)) == placeholders


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/%C3%A4%E2%82%AC",
        "https://x.example/?q=a%20b%20c&d=%DA%7E",
        "https://x.example/?off=50%25&q=%DAte%20x",
        "https://[::1]/[a]/{b}",
    ],
)
def test_what_is_none_in_an_address(url: str) -> None:
    assert list(in_url(url)) == []


@pytest.mark.parametrize("text", ["{{", "{{a", "%a", "[[ ", "[[a", "*|a", "<%a", "${a", "{%a"])
def test_what_never_closes_takes_no_quadratic_time(text: str) -> None:
    assert list(in_text(text * 1_000)) == []
    assert_no_square_time(lambda count: list(in_text(text * count)), 25_000)
