"""Edits of suites by their tokens leave the lines as a person would have written them."""

from __future__ import annotations

import ast

import pytest
from robot.api.parsing import Token, get_model

from ImapLibrary.migration.editing import Lines

HEAD = "*** Keywords ***\nA\n"
PIPED = "| *** Keywords *** |\n| A |\n"


class Suite:
    """A suite of one keyword, and its arguments by what they are."""

    def __init__(self, text: str) -> None:
        self.model = get_model(text)
        self.lines = Lines(text.splitlines(keepends=True), self.model)
        tokens = [each for node in ast.walk(self.model) for each in getattr(node, "tokens", ())]
        self.named = {each.value: each for each in tokens if each.type == Token.ARGUMENT}


def without(text: str, *arguments: str) -> str:
    suite = Suite(text)
    removed = suite.lines.removed([suite.named[each] for each in arguments])
    return suite.lines.edited(list(removed))


@pytest.mark.parametrize(
    ("body", "arguments", "left"),
    [
        ("    Log    a    b    c\n", "a", "    Log    b    c\n"),
        ("    Log    a\tb  c    # d\n", "bc", "    Log    a    # d\n"),
        ("    Log    a\n    ...    b\n    ...    c\n", "b", "    Log    a\n    ...    c\n"),
        ("    Log\n    ...    a    b\n    ...    c\n", "ab", "    Log\n    ...    c\n"),
        ("    Log\n    ...    a    b\n", "a", "    Log\n    ...    b\n"),
        ("    Log\n    ...    a    # d\n    ...    b\n", "a", "    Log\n    # d\n    ...    b\n"),
        ("    Log    a\n    ...    b", "b", "    Log    a\n"),
        (
            "    IF    $x    Log\n    ...    a    ELSE    B\n",
            "a",
            "    IF    $x    Log\n    ...    ELSE    B\n",
        ),
    ],
)
def test_arguments_are_removed_with_what_is_for_them_alone(
    body: str, arguments: str, left: str
) -> None:
    assert without(HEAD + body, *arguments) == HEAD + left


def test_arguments_are_removed_from_between_pipes() -> None:
    lines = "| | Log | a | b |\n| | ... | c | # d |\n| | ... | e |\n| | ... | f |\n"
    assert without(PIPED + lines, "b", "c", "e") == (
        f"{PIPED}| | Log | a |\n| | # d |\n| | ... | f |\n"
    )


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ("    Log    a    # b\n", "    "),
        ("| | Log | a | # b |\n", " | "),
        ("|  | IF | $x | Log | a |\n", " | "),
        ("|\t| Log | a |\n", " | "),
        ("    IF    $x    Log    a    ELSE    Log    b\n", "    "),
    ],
)
def test_words_are_added_with_the_gaps_of_their_line(line: str, gap: str) -> None:
    suite = Suite(PIPED + line)
    added = suite.lines.added(suite.named["a"], ["c", "d"])
    assert suite.lines.edited([added]) == PIPED + line.replace("a", f"a{gap}c{gap}d", 1)
    replaced = suite.lines.replaced(suite.named["a"], "c", "d")
    assert suite.lines.edited([replaced]) == PIPED + line.replace("a", f"c{gap}d", 1)
    assert suite.lines.before(replaced) == "a"
