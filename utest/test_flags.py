"""The names of flags: what may be sent, and what a change makes of the flags that were there."""

from __future__ import annotations

import pytest

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.flags import FlagChange, flag_names, has_flag, some_flags, spelt_as


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Seen", ["\\Seen"]),
        ("\\seen", ["\\Seen"]),
        ("FLAGGED $Work", ["\\Flagged", "$Work"]),
        ("  Seen \t Seen ", ["\\Seen"]),
        ("Flagged, seen", ["\\Flagged", "\\Seen"]),
        ("Seen,$Work ,", ["\\Seen", "$Work"]),
        (" , ", []),
        (["answered", "NonJunk"], ["\\Answered", "NonJunk"]),
        ("$MDNSent }weird!", ["$MDNSent", "}weird!"]),
        ("", []),
        ([], []),
    ],
)
def test_names(given: str | list[str], expected: list[str]) -> None:
    assert list(flag_names(given)) == expected


@pytest.mark.parametrize(
    "name", ["a(b", "a)", "{5}", "50%", "*", 'a"b', "\\Other", "a]", "a\x7f", "grün", "\\*"]
)
def test_what_is_no_flag(name: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        flag_names(name)
    assert str(caught.value).startswith(f"{name!r} is no flag. Flags are \\Answered, \\Deleted, ")


@pytest.mark.parametrize("name", ["a b", "a\tb", "Seen,Flagged", "$Work,"])
def test_a_flag_of_a_list_is_one_word(name: str) -> None:
    with pytest.raises(InvalidArgument, match="is no flag"):
        flag_names([name])


@pytest.mark.parametrize("flags", [["Seen", None], ["Seen", ""], [None]])
def test_a_flag_of_a_list_has_a_name(flags: list[str | None]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        flag_names(flags)
    assert str(caught.value) == (
        f"{flags[-1]!r} is no flag. If it comes from a variable, the variable has no value."
    )


def test_some_flags() -> None:
    assert some_flags("add", "Seen, $Mine") == ("\\Seen", "$Mine")


@pytest.mark.parametrize("flags", ["", " ", ", ", [], None])
def test_no_flags_at_all(flags: str | list[str | None] | None) -> None:
    with pytest.raises(InvalidArgument) as caught:
        some_flags("add", flags)
    assert str(caught.value) == (
        "The argument add is missing or empty. If it comes from a variable, the variable has no "
        "value."
    )


@pytest.mark.parametrize("given", ["a\rb", "a\nb", "a\0b", ["ok", "a\r\nZZ1 NOOP"]])
def test_no_flag_ends_the_command(given: str | list[str]) -> None:
    with pytest.raises(InvalidArgument, match="which no IMAP command can carry. Nothing was sent"):
        flag_names(given)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("UNSEEN", "Seen"),
        ("\\Unseen", "Seen"),
        ("unread", "Seen"),
        ("UNANSWERED", "Answered"),
        ("Undeleted", "Deleted"),
        ("UNDRAFT", "Draft"),
        ("Unflagged", "Flagged"),
    ],
)
def test_that_a_flag_is_not_there_is_no_flag(name: str, flag: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        flag_names(f"$Mine {name}")
    assert str(caught.value) == (
        f"{name!r} is no flag. It means that an email does not have {flag}: take that flag away, or "
        "check that it is not there."
    )


@pytest.mark.parametrize("name", ["READ", "Read", "\\Read"])
def test_what_programs_call_a_flag_is_none(name: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        flag_names([name])
    assert str(caught.value) == (
        f"{name!r} is no flag. It means that an email has Seen: name that flag."
    )


@pytest.mark.parametrize("name", ["NEW", "Old", "\\New"])
def test_what_a_session_tells_is_no_flag(name: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        flag_names(name)
    assert str(caught.value) == (
        f"{name!r} is no flag. It tells whether an email has \\Recent, which is the server's own: no "
        "client can change it."
    )


@pytest.mark.parametrize("name", ["\\Recent", "\\RECENT", "RECENT", "Recent"])
def test_recent_is_the_servers_own(name: str) -> None:
    with pytest.raises(InvalidArgument, match="is the server's own: no client can change it"):
        flag_names(name)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (FlagChange("+", ("\\Seen",)), ["$Work"], ["$Work", "\\Seen"]),
        (FlagChange("+", ("\\Seen",)), ["\\SEEN"], ["\\Seen"]),
        (FlagChange("-", ("\\Seen", "$work")), ["\\seen", "$Work", "a"], ["a"]),
        (FlagChange("-", ("\\Seen",)), [], []),
        (FlagChange("", ("\\Draft",)), ["\\Seen", "\\Recent"], ["\\Draft", "\\Recent"]),
        (FlagChange("", ()), ["\\Seen"], []),
    ],
)
def test_a_change(change: FlagChange, before: list[str], after: list[str]) -> None:
    assert change.applied(before) == after


def test_case_makes_no_difference() -> None:
    assert has_flag(["\\Seen", "$Work"], "$WORK")
    assert not has_flag(["\\Seen"], "Seen")


@pytest.mark.parametrize(
    ("names", "spelt"),
    [
        (["Seen"], ["\\Seen"]),
        (["\\seen"], ["\\Seen"]),
        (["FLAGGED"], ["\\FLAGGED"]),
        (["$mine", "other"], ["$Mine", "other"]),
        (["Seen  $MINE", "\\Seen"], ["\\Seen", "$Mine"]),
        (["Seen,$MINE", "flagged, seen"], ["\\Seen", "$Mine", "\\FLAGGED"]),
        (["Important", "\\important"], ["Important", "\\Important"]),
        ([""], []),
        ([" , "], []),
        ([], []),
    ],
)
def test_names_are_taken_for_those_of_the_flags_that_are_there(
    names: list[str], spelt: list[str]
) -> None:
    assert spelt_as(["\\FLAGGED", "$Mine", "\\Important"], names) == spelt


@pytest.mark.parametrize("name", ["Unseen", "Seen READ", "Recent", "new"])
def test_what_is_no_flag_is_not_looked_for(name: str) -> None:
    with pytest.raises(InvalidArgument):
        spelt_as(["\\Seen"], [name])


def test_a_flag_of_such_a_name_that_is_there_is_one() -> None:
    assert spelt_as(["Unread", "\\Seen"], ["unread"]) == ["Unread"]
