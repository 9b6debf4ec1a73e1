"""What an argument may be before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ImapLibrary.arguments import (
    CloseScope,
    FolderName,
    OnMultiple,
    Secret,
    Security,
    given,
    one_line,
    reveal,
    to_folder_name,
    to_security,
    to_time,
    without_none,
)
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.listing import Folder
from ImapLibrary.mail.message import Email

try:
    from robot.api.types import Secret as RobotSecret
except ImportError:
    RobotSecret: Any = None  # type: ignore[no-redef]

CONTROL = [("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "NUL")]


def test_what_is_given_comes_back_as_it_is() -> None:
    assert given("user", " qa ") == " qa "
    assert one_line("folder", "") == ""
    assert one_line("folder", "Entwürfe\t(neu)") == "Entwürfe\t(neu)"


@pytest.mark.parametrize("value", ["", " ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_what_is_empty_is_named(value: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        given("host", value)
    assert str(caught.value) == (
        "The argument host is missing or empty. If it comes from a variable, the variable has no "
        "value."
    )


@pytest.mark.parametrize(("character", "called"), CONTROL)
@pytest.mark.parametrize("template", ["{}x", "x{}", "x{}A1 DELETE INBOX{}"])
@pytest.mark.parametrize("check", [one_line, given])
def test_what_ends_a_command_is_named(
    check: Callable[[str, str], str], template: str, character: str, called: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check("folder name", template.replace("{}", character))
    assert str(caught.value) == (
        f"The folder name contains {called}, which no IMAP command can carry. Nothing was sent."
    )


@pytest.mark.parametrize(
    ("value", "seconds"), [("30 s", 30), ("2 min", 120), ("0:02:00", 120), ("5", 5), (0.5, 0.5)]
)
def test_times(value: str | float, seconds: float) -> None:
    assert to_time(value) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "abc", "1,5", "PT2S", "9" * 99, float("inf"), None])
def test_what_is_no_time(value: str | float | None) -> None:
    with pytest.raises(ValueError, match="^Write it like 30 s, 2 min or 0:02:00.$"):
        to_time(value)


@pytest.mark.parametrize(
    ("value", "member"),
    [("TLS", Security.TLS), ("start_tls", Security.STARTTLS), ("none", Security.NONE)],
)
def test_securities(value: str, member: Security) -> None:
    assert to_security(value) is member


@pytest.mark.parametrize("value", [None, "", "SSL", 1, True])
def test_what_is_no_security(value: object) -> None:
    """A variable without a value must not mean plain text."""
    with pytest.raises(ValueError, match="^There are TLS, STARTTLS, NONE.$"):
        to_security(value)


@pytest.mark.parametrize(
    ("type_", "known"),
    [
        (OnMultiple | None, OnMultiple),
        (timedelta | None, timedelta),
        (FolderName | None, FolderName),
        (int | None, int | None),
        (str | None, str | None),
        (list[str] | None, list[str] | None),
        (OnMultiple | str | None, OnMultiple | str | None),
        (list[Security], list[Security]),
        (Security, Security),
        (Any, Any),
    ],
)
def test_types_that_robot_framework_is_to_know(type_: Any, known: Any) -> None:
    assert without_none(type_) == known


@pytest.mark.parametrize(
    ("value", "name"),
    [("Archive/2026", "Archive/2026"), ("", ""), (2026, "2026"), (Folder("Archive"), "Archive")],
)
def test_names_of_folders(value: object, name: str) -> None:
    assert to_folder_name(value) == name


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (
            None,
            "Give the name of a folder. If it comes from a variable, the variable has no value.",
        ),
        (Email(b"Subject: x", uid=7), "This is an email. Give the name of one folder, as text."),
        (["Archive"], "Give the name of one folder, as text."),
        (("Archive",), "Give the name of one folder, as text."),
        ({"folder": "Archive"}, "Give the name of one folder, as text."),
        (b"Archive", "Give the name of one folder, as text."),
    ],
)
def test_what_is_no_name_of_a_folder(value: object, advice: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(advice)}$"):
        to_folder_name(value)


def test_a_password_in_plain_text_is_itself() -> None:
    assert reveal("xyzzy") == "xyzzy"


@pytest.mark.skipif(not RobotSecret, reason="Robot Framework has Secret since 7.4")
def test_secrets_are_those_of_robot_framework() -> None:
    assert Secret is RobotSecret
    assert reveal(Secret("xyzzy")) == "xyzzy"


@pytest.mark.skipif(bool(RobotSecret), reason="Robot Framework has Secret since 7.4")
def test_before_there_were_secrets_the_name_stands_for_nothing() -> None:
    assert Secret.__module__ == "ImapLibrary.arguments"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Security, ["TLS", "STARTTLS", "NONE"]),
        (OnMultiple, ["NEWEST", "OLDEST", "FAIL"]),
        (CloseScope, ["RUN", "SUITE", "TEST"]),
    ],
)
def test_the_words_that_suites_use(
    kind: type[Security | OnMultiple | CloseScope], names: list[str]
) -> None:
    assert [member.name for member in kind] == names
