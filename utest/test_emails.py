"""What keywords fetch of the emails that they are given, and what they leave as it is."""

from __future__ import annotations

import pytest
from scripted import ScriptedServer, message
from waits import opened

from ImapLibrary.errors import IncompleteEmail, MailboxNotOpen
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

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
