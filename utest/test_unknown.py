"""Named arguments that are misspelt."""

from __future__ import annotations

import pytest

from ImapLibrary.criteria.criteria import CriteriaArguments
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.unknown import refuse_unknown

KNOWN = ("sender", "recipient", "subject", "timeout")


def refusal(*others: str) -> str:
    with pytest.raises(InvalidArgument) as caught:
        refuse_unknown("Wait For Email", others, KNOWN)
    return str(caught.value)


def test_none_is_fine() -> None:
    refuse_unknown("Wait For Email", (), KNOWN)


@pytest.mark.parametrize(
    ("other", "meant"),
    [
        ("subjct", "subject"),
        ("SUBJECT", "subject"),
        ("time_out", "timeout"),
        ("reciever", "recipient"),
    ],
)
def test_what_may_have_been_meant(other: str, meant: str) -> None:
    assert refusal(other) == (
        f"`Wait For Email` has no argument {other!r}. Did you mean {meant!r}? It takes sender, "
        "recipient, subject, timeout."
    )


@pytest.mark.parametrize(
    ("other", "meant"),
    [
        ("from", "sender"),
        ("To", "recipient"),
        ("content", "body"),
        ("url", "link"),
        ("flags", "status"),
    ],
)
def test_what_is_called_otherwise_elsewhere(other: str, meant: str) -> None:
    with pytest.raises(InvalidArgument, match=f"Did you mean '{meant}'\\?"):
        refuse_unknown("Find Emails", [other], CriteriaArguments.__annotations__)


def test_what_the_keyword_does_not_have_is_not_proposed() -> None:
    with pytest.raises(InvalidArgument) as caught:
        refuse_unknown("Open Mailbox", ["from"], ["host", "user"])
    assert str(caught.value) == ("`Open Mailbox` has no argument 'from'. It takes host, user.")


def test_what_resembles_nothing_gets_no_guess() -> None:
    assert refusal("xyzzy") == (
        "`Wait For Email` has no argument 'xyzzy'. It takes sender, recipient, subject, timeout."
    )


def test_the_first_of_several_is_named() -> None:
    assert "'subjct'" in refusal("subjct", "xyzzy")
