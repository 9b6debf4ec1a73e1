"""Emails in a line each."""

from __future__ import annotations

from ImapLibrary.mail.message import Email
from ImapLibrary.mail.telling import in_short, listed, told
from ImapLibrary.mime.parts import Extent


def test_bare() -> None:
    assert in_short(Email(b"\r\n", uid=3)) == "UID 3: '' from nobody"
    assert in_short(Email(b"Subject: Of a file\r\n\r\n")) == "'Of a file' from nobody"


def test_what_is_not_here_is_no_failure() -> None:
    email = Email(b"Subject: x", uid=3, extent=Extent.PREFIX)
    assert in_short(email) == "UID 3: an email with very long headers"


def test_listed_shows_the_newest() -> None:
    emails = [Email(b"Subject: x\r\n\r\n", uid=uid) for uid in range(1, 13)]
    lines = listed(emails).splitlines()
    assert lines[1] == "  UID 12: 'x' from nobody"
    assert lines[-1] == "  and 2 more"
    assert len(lines) == 12


def test_listed_shows_the_oldest_where_these_are_what_comes_first() -> None:
    emails = [Email(b"Subject: x\r\n\r\n", uid=uid) for uid in range(1, 13)]
    lines = listed(emails, oldest_first=True).splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == [
        *(f"  UID {uid}" for uid in range(1, 11)),
        "  and 2 more",
    ]


def test_listed_takes_cut_emails() -> None:
    email = Email(b"Subject: x", uid=3, extent=Extent.PREFIX)
    assert listed([email]) == "\n  UID 3: an email with very long headers"


def test_what_was_done_to_emails() -> None:
    emails = [Email(b"Subject: One\r\n\r\n", uid=1), Email(b"Subject: Two\r\n\r\n", uid=2)]
    assert told("Marked", [], "as read") == "Marked 0 emails as read."
    assert told("Flagged", emails[:1]) == "Flagged 1 email:\n  UID 1: 'One' from nobody"
    assert told("Marked", emails, "as read") == (
        "Marked 2 emails as read:\n  UID 2: 'Two' from nobody\n  UID 1: 'One' from nobody"
    )
