"""Names of keywords, and the calls that meet them."""

from __future__ import annotations

import pytest

from ImapLibrary.migration.names import Names, normal


def test_case_blanks_and_underscores_make_no_difference() -> None:
    assert normal("Mark_All as\tRead") == normal("markallasread")
    assert "mark as_READ" in Names(["Mark As Read"])
    assert "Mark As Unread" not in Names(["Mark As Read"])
    assert "Mark As Read" not in Names([])


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("Wait For ${what}", "wait for mail"),
        ("Get ${what} From Email", "Get Attachments From Email"),
        ("${anything} Read", "ImapLibrary2.Mark As Read"),
        ("Mark ${what:(All|Some)} As ${state}", "Mark All As Read"),
        ("Wait ${for}", "Wait For ${what}"),
    ],
)
def test_embedded_arguments_are_met(name: str, call: str) -> None:
    assert call in Names([name, "Other"])


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("Wait For ${what}", "Wait Till Mail"),
        ("Mark ${what:(Some|None)} As Read", "Mark All As Read"),
        ("Mark ${what} As Read", "Mark As Read"),
        ("Mark ${what:(} As Read", "Mark All As Read"),
        ("@{what} As Read", "Mark As Read"),
    ],
)
def test_embedded_arguments_are_not_met(name: str, call: str) -> None:
    assert call not in Names([name])
