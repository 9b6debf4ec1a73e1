"""What stands for an email: the email itself, or its UID in any form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ImapLibrary.errors import InvalidArgument, MarkMismatch
from ImapLibrary.location import Location, Mark
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, as_mark, as_marks, uid_of

INBOX = Location("imap.example.com", 993, "qa", "INBOX", 7)


@pytest.mark.parametrize(
    "reference", [42, "42", b"42", Email(b"", uid=42), Email(b"", uid=42, location=INBOX), "042"]
)
def test_each_form_of_a_uid(reference: Reference) -> None:
    assert uid_of(reference, INBOX) == 42


@pytest.mark.parametrize("place", [replace(INBOX, folder="Spam"), replace(INBOX, uidvalidity=8)])
def test_an_email_of_another_place_is_none_of_this_one(place: Location) -> None:
    with pytest.raises(MarkMismatch):
        uid_of(Email(b"", uid=42, location=place), INBOX)


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("last", "'last'"),
        ("", "''"),
        (" 42", "' 42'"),
        ("4 2", "'4 2'"),
        ("1:*", "'1:*'"),
        ("1,2", "'1,2'"),
        ("*", "'*'"),
        (0, "'0'"),
        (-1, "'-1'"),
        ("+1", "'+1'"),
        ("4.0", "'4.0'"),
        ("\N{SUPERSCRIPT TWO}", "'\N{SUPERSCRIPT TWO}'"),
        ("\N{ARABIC-INDIC DIGIT TWO}", "'\N{ARABIC-INDIC DIGIT TWO}'"),
        (b"b'10'", "\"b'10'\""),
        (b"\xff", "'\N{REPLACEMENT CHARACTER}'"),
        (True, "'True'"),
        (2**32, "'4294967296'"),
        ("9999999999", "'9999999999'"),
        ("9" * 5000, f"'{'9' * 5000}'"),
    ],
)
def test_what_is_no_uid_is_shown_with_what_would_be(reference: Reference, shown: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        uid_of(reference, INBOX)
    assert str(caught.value) == (
        f"{shown} is no email. Give what `Wait For Email` returned, or a UID, which is a whole "
        "number from 1 to 4294967295."
    )


def test_of_a_list_one_email_is_wanted() -> None:
    """Robot Framework makes a text of it before it calls a keyword."""
    with pytest.raises(InvalidArgument) as caught:
        uid_of(str([Email(b"", uid=42)]), INBOX)
    assert str(caught.value).endswith(
        " is no email. Give what `Wait For Email` returned, or a UID, which is a whole number from "
        "1 to 4294967295. Of a list, give one, such as ${emails}[0]."
    )


def test_a_day_is_no_mark() -> None:
    with pytest.raises(InvalidArgument) as caught:
        as_mark("yesterday", INBOX)
    assert str(caught.value) == (
        "'yesterday' is no email. Give what `Wait For Email` returned, or a UID, which is a whole "
        "number from 1 to 4294967295. The argument after also takes a mark from `Get Mailbox Mark`. "
        "Days and times are for since, such as since=today."
    )


@pytest.mark.parametrize("character", ["\r", "\n", "\r\n", "\0"])
def test_no_command_can_be_injected(character: str) -> None:
    with pytest.raises(InvalidArgument):
        uid_of(f"42{character}A1 DELETE INBOX", INBOX)
    with pytest.raises(InvalidArgument):
        uid_of(f"42{character}", INBOX)


@pytest.mark.parametrize("meant", [uid_of, as_mark])
def test_an_email_of_a_file_is_in_no_folder(meant: Callable[[Email, Location], object]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        meant(Email(b"\r\n"), INBOX)
    assert str(caught.value) == (
        "This email is of a file and in no folder, so that only keywords that read it can take it."
    )


def test_marks_and_emails_tell_which_mailbox_they_are_of() -> None:
    mark, email = Mark(INBOX, 7), Email(b"", uid=42, location=replace(INBOX, user="boss"))
    assert as_marks(None) == []
    assert as_marks(mark) == [mark]
    assert as_marks([mark, email]) == [mark, Mark(replace(INBOX, user="boss"), 43)]


@pytest.mark.parametrize("after", ["42", 42, [42], [Email(b"", uid=42)]])
def test_a_uid_does_not_tell_which_mailbox_it_is_of(after: Any) -> None:
    with pytest.raises(InvalidArgument) as caught:
        as_marks(after)
    assert str(caught.value) == (
        "'42' does not tell which mailbox it is of. In several mailboxes, after takes marks from "
        "`Get Mailbox Mark` and emails that were found, one for each mailbox."
    )


def test_no_marks_at_all() -> None:
    with pytest.raises(InvalidArgument) as caught:
        as_marks([])
    assert str(caught.value) == (
        "The argument after is an empty list. Leave it out if emails that are there already count "
        "too."
    )
