"""What keywords fetch of the emails that they are given, and what they leave as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from scripted import ScriptedServer, message
from waits import WHERE, opened

from ImapLibrary.errors import (
    ImapLibraryError,
    IncompleteEmail,
    MailboxNotOpen,
    MarkMismatch,
)
from ImapLibrary.finding import fetching
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.headers import HeaderKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes


def failure(kind: type[ImapLibraryError], read: Callable[[], object]) -> str:
    with pytest.raises(kind) as caught:
        read()
    return str(caught.value)


RAW = message(text="Some text.")


@pytest.mark.parametrize("form", [lambda email: email, int, str, lambda email: b"%d" % email.uid])
def test_an_email_is_named_by_itself_or_by_its_uid(form: object) -> None:
    with ScriptedServer(RAW, RAW, first_uid=7) as server, opened(server) as suite:
        email = suite.wait(status="UNSEEN")
        reference = form(email)  # type: ignore[operator]
        found = Emails(suite.mailboxes).with_text(reference, None, True)
        assert found == email
        assert found.text == "Some text."
        assert ["\\Seen" in each.flags for each in server.emails] == [False, True]


def test_what_is_here_is_not_fetched_again() -> None:
    with ScriptedServer(RAW) as server, opened(server) as suite:
        email = suite.wait(status="UNSEEN")
        sent = len(server.lines)
        emails = Emails(suite.mailboxes)
        assert emails.with_text(email, None, mark_as_read=False) is email
        assert suite.sent(sent) == []
        assert emails.with_text(email, None, mark_as_read=True) is email
        assert suite.sent(sent) == ["UID STORE 1 +FLAGS.SILENT (\\Seen)"]


def test_an_email_of_a_folder_for_reading_only_stays_as_it_is() -> None:
    with ScriptedServer(RAW) as server, opened(server) as suite:
        suite.mailboxes.get().do(lambda connection: setattr(connection, "readonly", True))
        assert Emails(suite.mailboxes).with_text(1, None, mark_as_read=True).text == "Some text."
        assert server.count("UID STORE") == 0
        assert server.emails[0].flags == set()


def test_an_email_that_was_fetched_whole_needs_no_mailbox_but_to_be_marked() -> None:
    with ScriptedServer(RAW) as server, opened(server) as suite:
        email = suite.wait(subject="Hello")
        emails, headers = Emails(suite.mailboxes), HeaderKeywords(suite.mailboxes)
        suite.mailboxes.close()
        sent = len(server.lines)
        assert headers.get_email_subject(email) == "Hello"
        assert emails.with_text(email, None, mark_as_read=False) is email
        assert emails.with_images(email, None) == (email, [])
        assert emails.get(email, None, fetching.whole) is email
        assert suite.read.get_email_body(email, mark_as_read=False) == "Some text."
        assert suite.sent(sent) == []
        for read in (suite.read.get_email_body, lambda email: emails.whole(email, None)):
            assert failure(MailboxNotOpen, lambda read=read: read(email)) == (
                f"This email is of {WHERE}, whose mailbox is closed, and it is to be marked as read. "
                "Open the mailbox again, read the email before you close it, or say "
                "mark_as_read=False."
            )
        text = "No mailbox is open. Use `Open Mailbox` first."
        assert failure(MailboxNotOpen, lambda: headers.get_email_subject(1)) == text
        assert (
            failure(MailboxNotOpen, lambda: headers.get_email_subject(email, mailbox="qa")) == text
        )
        suite.mailboxes.open(suite.account, "INBOX", "again")
        assert suite.read.get_email_body(email) == "Some text."
        assert r"\Seen" in server.emails[0].flags


def test_a_walk_through_the_parts_of_an_email_ends_when_its_mailbox_is_closed() -> None:
    with ScriptedServer(RAW) as server, opened(server) as suite:
        email, mailbox = suite.wait(subject="Hello"), suite.mailboxes.get()
        walks = Walks(suite.mailboxes)
        walks.begin(email)
        suite.mailboxes.close(mailbox.alias)
        reading = ReadingKeywords(suite.mailboxes, walks)
        assert reading.get_email_body(email, mark_as_read=False) == "Some text."


def test_an_email_that_was_not_fetched_whole_needs_its_mailbox() -> None:
    with ScriptedServer(message(text="x" * 70_000)) as server, opened(server) as suite:
        email = suite.wait(subject="Hello")
        suite.mailboxes.close()
        other = replace(suite.account, user="boss")
        for alias in ("boss", "third"):
            assert failure(MailboxNotOpen, lambda: suite.read.get_email_body(email)) == (
                f"This email is of {WHERE}, whose mailbox is closed, and not all of it was fetched. "
                "Open the mailbox again, or read the email before you close it."
            )
            suite.mailboxes.open(other, "INBOX", alias)


def test_an_email_of_a_mailbox_that_is_not_the_current_one() -> None:
    with ScriptedServer(RAW) as server, opened(server) as suite:
        email = suite.wait(subject="Hello")
        suite.mailboxes.open(replace(suite.account, user="boss"), "INBOX", "boss")
        assert HeaderKeywords(suite.mailboxes).get_email_subject(email) == "Hello"
        assert failure(MarkMismatch, lambda: suite.read.get_email_body(email)) == (
            f"This email is of {WHERE}, which is open as mailbox 'qa', but that is not the current "
            "one. Say mailbox=qa, or use `Switch Mailbox`."
        )
        assert suite.read.get_email_body(email, mailbox="qa") == "Some text."
        suite.mailboxes.get("qa").select("Archive")
        assert failure(MarkMismatch, lambda: suite.read.get_email_body(email)) == (
            f"A mark or an email of {WHERE} can't be used in folder 'INBOX' of boss on 127.0.0.1. "
            "Select that folder, or name its mailbox with mailbox=."
        )
        suite.mailboxes.open(suite.account, "INBOX", "second")
        assert suite.read.get_email_body(email) == "Some text."


def test_an_email_that_is_in_no_folder_needs_no_mailbox() -> None:
    mailboxes = Mailboxes()
    keywords = ReadingKeywords(mailboxes, Walks(mailboxes))
    assert keywords.get_email_body(Email(RAW)) == "Some text."
    with pytest.raises(IncompleteEmail):
        keywords.get_email_body(Email(RAW, size=len(RAW) + 1))
    with pytest.raises(MailboxNotOpen):
        keywords.get_email_body(Email(RAW, uid=1))
    with ScriptedServer(RAW) as server, opened(server) as suite:
        sent = len(server.lines)
        assert Emails(suite.mailboxes).with_text(Email(RAW), "qa", True).text == "Some text."
        assert suite.sent(sent) == []
