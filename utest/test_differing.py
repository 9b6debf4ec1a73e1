"""What failures say when something is not what it should be, word for word."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from ImapLibrary.mail.differing import difference, kind, shown

MORNING = datetime(2026, 3, 24, 10, 0, tzinfo=timezone(timedelta(hours=1)))

BODY = "Hello Jane,\n\nyour order 41 has shipped.\nBye"


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        ("Größe\n", "text", r"'Größe\n'"),
        ("", "text", "''"),
        ("x" * 201, "text", f"'{'x' * 200}'..."),
        (b"\xff", "bytes", r"b'\xff'"),
        (3, "number", "3"),
        (2.5, "number", "2.5"),
        (True, "truth value", "True"),
        (MORNING, "date", "2026-03-24 10:00:00 +0100"),
        (["a", "b"], "list", "'a', 'b'"),
        ([], "list", "none"),
        (None, "nothing", "None"),
        (timedelta(1), "timedelta", "1 day, 0:00:00"),
    ],
)
def test_kinds_of_values(value: object, name: str, text: str) -> None:
    assert (kind(value), shown(value)) == (name, text)


def test_short_texts_stand_on_one_line() -> None:
    assert difference("The subject", "should be", "Hello", "Welcome") == (
        "The subject should be 'Hello' (text), but found 'Welcome' (text)."
    )


def told(should: str, expected: str, found: str = BODY) -> str:
    """Return what follows the sentence with both sides."""
    sentence, _, more = difference("The body", should, expected, found).partition("(text).")
    assert sentence == f"The body {should} {shown(expected)} (text), but found {shown(found)} "
    return more


def test_the_line_that_comes_nearest() -> None:
    assert told("should contain", "your order 42 has shipped") == (
        "\nWhat comes nearest is the line 'your order 41 has shipped.'"
    )
    assert told("should contain", "HELLO") == "\nWhat comes nearest is the line 'Hello Jane,'"
    assert told("should contain", "June") == ""
    assert told("should contain", "Nothing of the kind, far and wide") == ""


def test_the_line_that_should_not_be_there() -> None:
    assert told("should not contain", "order") == (
        "\nIt is in line 3: 'your order 41 has shipped.'"
    )
    assert told("should not contain", "Jane,\n\nyour") == "\nIt is in line 1: 'Hello Jane,'"
    assert told("should not contain", "\n\nyour") == "\nIt is in line 1: 'Hello Jane,'"
    assert told("should not contain", "regexp:your order") == ""
    separated = "one\N{LINE SEPARATOR}two\nthree\nfour"
    assert told("should not contain", "three", separated) == "\nIt is in line 2: 'three'"


def test_the_first_line_that_differs() -> None:
    assert told("should be", BODY.replace("41", "42")) == (
        "\nThe first difference is in line 3:\n"
        "  expected: 'your order 42 has shipped.'\n"
        "  found:    'your order 41 has shipped.'"
    )
    assert told("should be", f"{BODY}\nPS") == (
        "\nThe first difference is in line 5:\n  expected: 'PS'\n  found:    nothing"
    )
    assert told("should be", BODY.removesuffix("\nBye")) == (
        "\nThe first difference is in line 4:\n  expected: nothing\n  found:    'Bye'"
    )
    assert told("should be", f"{BODY}\n") == (
        "\nThe first difference is in line 5:\n  expected: ''\n  found:    nothing"
    )


def test_the_part_of_a_long_line_that_matters() -> None:
    line = "a" * 500 + "b" + "c" * 500
    assert told("should be", line.replace("b", "B"), line) == (
        "\nThe first difference is in line 1:\n"
        f"  expected: ...'{'a' * 40}B{'c' * 159}'...\n"
        f"  found:    ...'{'a' * 40}b{'c' * 159}'..."
    )
    assert told("should not contain", "b", f"Hello\n{line}") == (
        f"\nIt is in line 2: ...'{'a' * 40}b{'c' * 159}'..."
    )


def test_no_line_is_pointed_out_where_one_sees_it_all() -> None:
    assert told("should be", "Hello") == ""
    assert told("should start with", "") == ""


def test_a_text_of_any_length_is_told_in_time() -> None:
    lines = "\n".join(f"{'lorem ipsum ' * 40}{number}" for number in range(100_000))
    begin = time.monotonic()
    assert len(difference("The body", "should contain", "dolor sit amet " * 9, lines)) < 700
    assert time.monotonic() - begin < 5
