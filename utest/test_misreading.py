"""Criteria that may be meant otherwise than they are taken."""

from __future__ import annotations

import pytest

from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.criteria.misreading import taken_literally


def told(**given: str) -> list[str]:
    return taken_literally(criteria(**given))  # type: ignore[arg-type]


def test_an_asterisk() -> None:
    assert told(subject="Order *") == [
        (
            "In subject, * is that character and no wildcard: it is one in glob:Order *, which is "
            "compared with all of the subject, so that a part of it needs * at both ends."
        )
    ]


@pytest.mark.parametrize(
    ("prefix", "meant"),
    [
        ("regex:", "write regexp: instead"),
        ("re:", "write regexp: instead"),
        ("Regexp:", "write regexp: instead"),
        ("globe:", "write glob: instead"),
        ("EXACT:", "write exact: instead"),
        ("pattern:", "the prefixes are exact:, glob: and regexp:"),
    ],
)
def test_a_prefix(prefix: str, meant: str) -> None:
    assert told(body=f"{prefix}.* code") == [
        f"In body, {prefix!r} is a part of the text and no prefix: {meant}."
    ]


@pytest.mark.parametrize("name", ["sender", "not_subject", "timeout", "Folder"])
def test_an_argument_behind_one_blank(name: str) -> None:
    assert told(subject=f"Confirm * {name}=x") == [
        (
            f"In subject, '{name}=' is a part of the text and no argument: put two blanks or more "
            "in front of it if it is to be one."
        )
    ]


def test_in_a_header_field() -> None:
    assert told(header="X-Id: regex:4.") == [
        "In header, 'regex:' is a part of the text and no prefix: write regexp: instead."
    ]


def test_each_criterion_by_itself() -> None:
    assert len(told(subject="a*", sender="b*", text="c")) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "Order 42"},
        {"subject": "glob:Order *"},
        {"subject": "regexp:Order .*"},
        {"subject": "exact:regex:a*"},
        {"subject": "Re: Your order"},
        {"subject": "Order: 42"},
        {"text": "10:30"},
        {"text": "a=b"},
        {"text": "the address a = b"},
        {"text": "x xyzzy=1"},
        {"link": "https://shop.example/?a=b"},
        {"link": "mailto:help@shop.example"},
        {"attachment": "image/*"},
        {"uid": "5:*"},
        {"header": "X-Id"},
        {"header": "X-Link: https://shop.example/"},
        {"not_subject": "a*"},
        {},
    ],
)
def test_what_is_meant_as_it_is(given: dict[str, str]) -> None:
    assert told(**given) == []
