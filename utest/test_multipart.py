"""Visiting the parts of emails by keyword, in several mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from scripted import ScriptedServer, message
from waits import Suite, opened

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.multipart import MultipartKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email

BODY = (
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nText\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>HTML</p>\r\n--b--\r\n"
)
MULTIPART = message("=?utf-8?q?M=C3=BCll?=", BODY, content_type="multipart/alternative; boundary=b")
PLAIN = message("Plain", "Only text")
CONTAINER = "multipart/alternative"


class Old:
    """The keywords as a suite of an older library calls them."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        walks = Walks(suite.mailboxes)
        self.parts = MultipartKeywords(suite.mailboxes, Hints(), walks)
        self.read = ReadingKeywords(suite.mailboxes, walks)

    def walk(self, *emails: Email | int | str | bytes) -> list[int | bool]:
        return [self.parts.walk_multipart_email(email) for email in emails]

    @property
    def type(self) -> str:
        return self.parts.get_multipart_content_type()


@pytest.fixture
def old() -> Iterator[Old]:
    with ScriptedServer(MULTIPART, MULTIPART, PLAIN) as server, opened(server) as suite:
        yield Old(suite)


def test_to_the_end_and_anew(old: Old) -> None:
    assert old.walk(1, 1, 1, 1, 1) == [2, 2, 2, False, 2]
    assert old.type == CONTAINER


def test_one_fetch_for_all_parts_marks_as_read(old: Old) -> None:
    old.walk(1, 1, 1, 1)
    fetches = [line for line in old.suite.server.lines if line.startswith("UID FETCH")]
    assert len(fetches) == 1
    assert "\\Seen" in old.suite.server.emails[0].flags
    assert "\\Seen" not in old.suite.server.emails[1].flags


def test_an_email_in_any_form_is_the_same(old: Old) -> None:
    email = old.suite.wait(uid="1")
    assert old.walk(email, "1", b"1", 1) == [2, 2, 2, False]


def test_another_email_begins_anew(old: Old) -> None:
    assert old.walk(1, 1, 2) == [2, 2, 2]
    assert old.type == CONTAINER
    assert old.walk(1) == [2]
    assert old.type == CONTAINER


def test_one_part_is_the_email_itself(old: Old) -> None:
    assert old.walk(3, 3) == [1, False]


def test_what_the_current_part_is(old: Old) -> None:
    old.walk(1, 1)
    assert old.type == "text/plain"
    assert old.parts.get_multipart_payload(decode=True) == "Text"
    assert old.parts.get_multipart_param("Charset") == "utf-8"
    assert old.parts.get_multipart_param("name") is None
    assert old.parts.get_multipart_param("filename", "content-disposition") is None


def test_fields_are_those_of_the_email(old: Old) -> None:
    old.walk(1, 1)
    assert old.parts.get_multipart_field("subject") == "Müll"
    assert old.parts.get_multipart_field("X-None") is None
    assert "Subject" in old.parts.get_multipart_field_names()


class TestBody:
    def test_is_the_current_part(self, old: Old) -> None:
        bodies = []
        while old.parts.walk_multipart_email(1):
            bodies.append(old.read.get_email_body(1))
        assert bodies == [None, "Text", "<p>HTML</p>"]
        assert old.read.get_email_body(1) == "Text"

    def test_of_other_emails_is_read_as_always(self, old: Old) -> None:
        old.walk(1)
        assert old.read.get_email_body(2) == "Text"
        assert old.read.get_email_body(3) == "Only text"

    def test_as_html_is_that_of_the_email(self, old: Old) -> None:
        old.walk(1)
        assert old.read.get_email_body(1, html=True) == "<p>HTML</p>"

    def test_of_an_old_argument_name(self, old: Old) -> None:
        assert old.read.get_email_body(email_index="3") == "Only text"

    def test_of_no_email(self, old: Old) -> None:
        with pytest.raises(InvalidArgument, match="^`Get Email Body` needs an email, or its UID.$"):
            old.read.get_email_body()


def test_each_mailbox_has_its_own_walk(old: Old) -> None:
    mailboxes = old.suite.mailboxes
    mailboxes.open(replace(old.suite.account, user="other"), "INBOX", "other")
    old.walk(1)
    mailboxes.switch("qa")
    old.walk(1, 1)
    mailboxes.switch("other")
    assert old.type == CONTAINER
    assert old.walk(1, 1) == [2, 2]
    mailboxes.switch("qa")
    assert old.type == "text/plain"
    assert old.read.get_email_body(1) == "Text"
    assert old.read.get_email_body(1, mailbox="other") == "<p>HTML</p>"


def test_a_mailbox_that_is_opened_anew_has_none(old: Old) -> None:
    old.walk(1, 1)
    old.suite.mailboxes.close()
    old.suite.mailboxes.open(old.suite.account, "INBOX")
    assert old.walk(1) == [2]
    assert old.type == CONTAINER


def test_each_folder_has_emails_of_its_own(old: Old) -> None:
    old.walk(1, 1)
    old.suite.mailboxes.opened(None, "Archive")
    assert old.walk(1) == [2]
    assert old.type == CONTAINER


@pytest.mark.parametrize(
    "keyword",
    [
        lambda parts: parts.get_multipart_content_type(),
        lambda parts: parts.get_multipart_payload(),
        lambda parts: parts.get_multipart_param("charset"),
        lambda parts: parts.get_multipart_field("Subject"),
        lambda parts: parts.get_multipart_field_names(),
    ],
)
@pytest.mark.parametrize("steps", [0, 4])
def test_before_and_after_a_walk(old: Old, keyword: object, steps: int) -> None:
    old.walk(*[1] * steps)
    with pytest.raises(InvalidArgument) as caught:
        keyword(old.parts)  # type: ignore[operator]
    assert str(caught.value) == (
        "No parts of an email are being visited in mailbox 'qa': `Walk Multipart Email` goes to "
        "the first, and after the last it is over."
    )
