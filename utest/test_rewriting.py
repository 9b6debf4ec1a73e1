"""Calls of the older libraries, and how they are written today."""

from __future__ import annotations

import pytest
from robot.libdoc import LibraryDocumentation

from ImapLibrary.migration.names import normal
from ImapLibrary.migration.rewriting import SUPERSEDED, Call, rewritten


def today(call: str) -> str:
    """Return a call, written with gaps of four blanks, as it is written today."""
    keyword, *arguments = call.split("    ")
    found = rewritten(keyword, arguments)
    assert len(found.arguments) == len(arguments)
    kept = [each for each in found.arguments if each is not None]
    return "    ".join([found.keyword, *kept, *found.added])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Wait For Mail    a@b.c    d@e.f    UNSEEN    60",
            "Wait For Email    sender=a@b.c    recipient=d@e.f    status=UNSEEN    timeout=60",
        ),
        (
            "Wait For Email    toEmail=a    ccEmail=b    sentsince=c    utf-8=True    x=y",
            "Wait For Email    recipient=a    cc=b    sent_since=c    x=y",
        ),
        ("Get Email Count    FROM_EMAIL=a=b", "Get Email Count    sender=a=b"),
        ("Open Mailbox    server=a    is_secure=True", "Open Mailbox    host=a    security=TLS"),
        ("Open Mailbox    is_secure=${False}    ssl=yes", "Open Mailbox    security=NONE"),
        ("Open Mailbox    ssl=no", "Open Mailbox    security=NONE"),
        ("Open Mailbox    SSL=993", "Open Mailbox    security=TLS"),
        ("Open Mailbox    is_secure=${TRUE}", "Open Mailbox    security=TLS"),
        ("Open Mailbox    is_secure=", "Open Mailbox    security=NONE"),
        (
            "Open Mailbox Oauth    server=a    user=b    access_token=${t}    debug_level=4",
            "Open Mailbox    host=a    user=b    access_token=${t}",
        ),
        ("Get Email Body    email_index=${e}", "Get Email Body    ${e}"),
        ("Delete Email    email_index=${e}", "Delete Email    ${e}"),
        ("Mark Email As Read    Email_Index=${e}", "Mark Email As Read    ${e}"),
        ("Mark All Emails As Read", "Mark All As Read"),
        ("Mark As Read", "Mark All As Read"),
        (
            "Get Attachments From Email    target_folder=a    email_index=${e}",
            "Save Email Attachments    folder=a    email=${e}    inline=True    overwrite=True",
        ),
        (
            "Get Attachments From Email    email_index=${e}",
            "Save Email Attachments    email=${e}    folder=.    inline=True    overwrite=True",
        ),
    ],
)
def test_what_is_rewritten(old: str, new: str) -> None:
    assert today(old) == new
    assert today(new) == new


@pytest.mark.parametrize(
    "call",
    [
        "Wait For Email    subject=a    timeout=60    after=${mark}",
        "Wait For Mail    @{arguments}",
        "Wait For Email    &{criteria}    toEmail=a",
        "Wait For Mail    1    2    3    4    5",
        "Open Mailbox    imap.example.com    me    secret    security=TLS",
        "Open Mailbox    is_secure=${SECURE}",
        "Open Mailbox    is_secure=%{SECURE}",
        "Open Mailbox    proxy_host=a",
        "Open Mailbox Oauth    imap.example.com    me    ${token}",
        "Get Email Body",
        "Get Email Body    ${e}    html=True",
        "Get Email Body    email_index=",
        "Get Email Body    email_index=a=b",
        "Mark As Read    SUBJECT x",
        "Get Attachments From Email    ${e}    a",
        "Walk Multipart Email    email_index=${e}",
        "Log    toEmail=a",
        "Get Email Count",
        "Open Mailbox    is_secure=True    security=TLS",
        "Open Mailbox    server=a    host=a",
        "Open Mailbox Oauth    server=a    ssl=yes    is_secure=yes",
        "Wait For Email    fromEmail=a    sender=a",
        "Wait For Mail    a    from_email=a",
        "Wait For Mail    a        UNSEEN",
        "Wait For Email    toEmail=a    ",
        "Open Mailbox        server=a",
    ],
)
def test_what_stays(call: str) -> None:
    assert today(call) == call


def test_a_count_without_criteria_was_about_unread_emails() -> None:
    assert rewritten("Get Email Count", [], counts_unread=True) == Call(
        "Get Email Count", (), ("status=UNSEEN",)
    )
    assert not rewritten("Wait For Email", [], counts_unread=True).added


def test_unread_emails_stand_where_something_is_left_out() -> None:
    """So a line that has nothing else stays, with what is added to it."""
    given = ["folder=Spam", "utf-8=x", "UTF-8=y"]
    assert rewritten("Get Email Count", given, counts_unread=True) == Call(
        "Get Email Count", ("folder=Spam", "status=UNSEEN", None)
    )


@pytest.mark.parametrize("argument", ["folder=Spam", "Folder=${x}", "timeout=5", "x=y"])
def test_what_is_no_criterion_does_not_count_as_one(argument: str) -> None:
    assert rewritten("Get Email Count", [argument], counts_unread=True) == Call(
        "Get Email Count", (argument,), ("status=UNSEEN",)
    )


@pytest.mark.parametrize("argument", ["subject=x", "FROM_EMAIL=x", "senton=x", "${x}", "&{x}"])
def test_a_count_with_criteria_is_about_these(argument: str) -> None:
    call = rewritten("Get Email Count", ["utf-8=x", argument], counts_unread=True)
    assert not call.added
    assert "status=UNSEEN" not in call.arguments


def test_all_that_is_superseded_is_known() -> None:
    docs = {normal(each.name): each.doc for each in LibraryDocumentation("ImapLibrary").keywords}
    assert {name for name, doc in docs.items() if doc.startswith("*Superseded* by")} == SUPERSEDED
