"""Where an email is, and that UIDs of one place mean nothing in another."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from ImapLibrary.errors import MarkMismatch
from ImapLibrary.location import Location, Mark, check_location

INBOX = Location("imap.example.com", 993, "qa", "INBOX", 7)


def test_they_read_well_in_a_log() -> None:
    assert str(INBOX) == "folder 'INBOX' of qa on imap.example.com"
    assert str(Mark(INBOX, 42)) == (
        "the mark at UID 42 in folder 'INBOX' of qa on imap.example.com"
    )


def test_the_same_place_is_the_same_value() -> None:
    assert replace(INBOX) == INBOX
    assert len({Mark(INBOX, 1), Mark(replace(INBOX), 1), Mark(INBOX, 2)}) == 2
    check_location(INBOX, replace(INBOX))


@pytest.mark.parametrize("name", ["host", "port", "user", "folder", "uidvalidity"])
def test_none_can_be_changed(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(INBOX, name, getattr(INBOX, name))
    with pytest.raises(FrozenInstanceError):
        Mark(INBOX, 1).uid = 2  # type: ignore[misc]  # that is what is tested


@pytest.mark.parametrize(
    "other",
    [
        replace(INBOX, host="localhost"),
        replace(INBOX, user="boss"),
        replace(INBOX, folder="Spam"),
        replace(INBOX, folder="Spam", uidvalidity=8),
    ],
)
def test_another_place_is_named_with_what_to_do(other: Location) -> None:
    with pytest.raises(MarkMismatch) as caught:
        check_location(INBOX, other)
    assert str(caught.value) == (
        f"A mark or an email of {INBOX} can't be used in {other}. Select that folder, or name its "
        "mailbox with mailbox=."
    )


def test_another_server_on_the_same_host_is_told_by_its_port() -> None:
    with pytest.raises(MarkMismatch) as caught:
        check_location(INBOX, replace(INBOX, port=10993))
    assert str(caught.value) == (
        "A mark or an email of folder 'INBOX' of qa on imap.example.com port 993 can't be used in "
        "folder 'INBOX' of qa on imap.example.com port 10993. Select that folder, or name its "
        "mailbox with mailbox=."
    )


def test_the_same_folder_made_anew_is_told_by_its_uidvalidity() -> None:
    with pytest.raises(MarkMismatch) as caught:
        check_location(INBOX, replace(INBOX, uidvalidity=8))
    assert str(caught.value) == (
        "The UIDs of folder 'INBOX' of qa on imap.example.com have lost their meaning: its "
        "UIDVALIDITY was 7 and is now 8, as after the folder was made anew. Take a new mark, or "
        "find the email again."
    )
