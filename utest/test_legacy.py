"""Superseded keywords: what they call, return and refuse."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import changes
import pytest
from scripted import ScriptedServer, Session, message
from waits import Suite, opened
from webserver import WebServer, page

from ImapLibrary.arguments import Security
from ImapLibrary.errors import InvalidArgument, LinkNotFound, LinkNotOpened, WaitTimedOut
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.changing import ChangingKeywords
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.legacy import LegacyKeywords
from ImapLibrary.keywords.multipart import MultipartKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.sessions import SessionKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email

LINKS = (
    '<p><a href="{web}/first?a=1&amp;b=2">1</a> <a href="mailto:qa@example.com">2</a>\r\n'
    '<a href="{web}/first?a=1&amp;b=2">3</a> <a href="{web}/gone">4</a> code 1234\r\n'
    '<a href="{web}/hidden" style="display:none">5</a></p>'
)
IN_TEXT = "See https://shop.example/a and https://shop.example/b."
BOTH = (
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain 1\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>bold 2</b>\r\n--b--\r\n"
)
TWO_FILES = (
    '--b\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nFirst\r\n'
    '--b\r\nContent-Disposition: inline; filename="b.png"\r\nContent-Type: image/png\r\n\r\nB\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nnumber 77\r\n--b--\r\n"
)

SILENCE = "(legacy_hints=False at import silences this.)"


class Old:
    """The keywords as a suite of an older library calls them."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        walks = Walks(suite.mailboxes)
        hints = Hints()
        self.parts = MultipartKeywords(suite.mailboxes, hints, walks)
        self.keywords = LegacyKeywords(
            suite.mailboxes,
            hints,
            walks,
            sessions=SessionKeywords(suite.mailboxes, hints),
            waiting=suite.waits,
            reading=ReadingKeywords(suite.mailboxes, walks),
            attachments=AttachmentKeywords(suite.mailboxes),
            changing=ChangingKeywords(suite.mailboxes, NEWEST),
        )


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with WebServer(
        {"/first?a=1&b=2": page("<p>Caf\N{LATIN SMALL LETTER E WITH ACUTE}</p>")}
    ) as web:
        yield web


@pytest.fixture
def old(web: WebServer) -> Iterator[Old]:
    emails = (
        message("Links", LINKS.format(web=web.url), content_type="text/html; charset=utf-8"),
        message("Text", IN_TEXT),
        message("Both", BOTH, content_type="multipart/alternative; boundary=b"),
        message("Files", TWO_FILES, content_type="multipart/mixed; boundary=b"),
    )
    with ScriptedServer(*emails) as server, opened(server) as suite:
        yield Old(suite)


def seen(old: Old) -> list[int]:
    return [each.uid for each in old.suite.server.emails if "\\Seen" in each.flags]


class TestWaitForMail:
    def test_by_position_as_in_2012(self, old: Old) -> None:
        email = old.keywords.wait_for_mail(
            "noreply@shop.example", "qa@example.com", "unseen", timedelta(0)
        )
        assert email.subject == "Files"

    def test_by_name(self, old: Old) -> None:
        found = old.keywords.wait_for_mail(
            toEmail="qa@example.com", Subject="links", timeout=timedelta(0)
        )
        assert found == 1

    def test_all_of_it_counts(self, old: Old) -> None:
        with pytest.raises(WaitTimedOut) as caught:
            old.keywords.wait_for_mail(
                "noreply@shop.example", "nobody@example.com", "SEEN", timedelta(0)
            )
        text = str(caught.value)
        assert text.startswith("No email received within 0s that matches ")
        for criterion in ("status 'SEEN'", "sender 'noreply@shop", "recipient 'nobody@"):
            assert criterion in text

    def test_what_is_no_argument(self, old: Old) -> None:
        with pytest.raises(InvalidArgument, match="no argument 'subjct'. Did you mean 'subject'"):
            old.keywords.wait_for_mail(subjct="Links")


class TestLinks:
    def test_of_html_in_its_order(self, old: Old, web: WebServer) -> None:
        first = f"{web.url}/first?a=1&b=2"
        assert old.keywords.get_links_from_email(1) == [
            first,
            "mailto:qa@example.com",
            first,
            f"{web.url}/gone",
            f"{web.url}/hidden",
        ]
        assert seen(old) == [1]

    def test_of_text(self, old: Old) -> None:
        assert old.keywords.get_links_from_email(b"2") == [
            "https://shop.example/a",
            "https://shop.example/b",
        ]

    @pytest.mark.parametrize("index", [{}, {"link_index": 2}, {"link_index": -3}])
    def test_opened(self, old: Old, index: dict[str, int]) -> None:
        source = "<p>Caf\N{LATIN SMALL LETTER E WITH ACUTE}</p>"
        assert old.keywords.open_link_from_email(1, **index) == source
        assert old.keywords.open_link_from_mail(1, **index) == source

    @pytest.mark.parametrize("index", [5, -6, 99])
    def test_that_is_not_there(self, old: Old, index: int) -> None:
        with pytest.raises(LinkNotFound) as caught:
            old.keywords.open_link_from_email(1, index)
        assert str(caught.value) == (
            f"Link number {index} not found! The email has 5 links, counted from 0."
        )

    def test_that_leads_to_an_error(self, old: Old, web: WebServer) -> None:
        with pytest.raises(LinkNotOpened) as caught:
            old.keywords.open_link_from_email(1, 3)
        assert str(caught.value) == f"The link led to an error: {web.url}/gone: status 404."

    def test_that_is_for_no_browser(self, old: Old) -> None:
        with pytest.raises(LinkNotOpened, match="mailto:qa@example.com"):
            old.keywords.open_link_from_email(1, 1)


class TestMatches:
    def test_in_the_text(self, old: Old) -> None:
        assert old.keywords.get_matches_from_email(1, r"code (\d)(\d+)") == [("1", "234")]

    def test_else_in_the_source_of_html(self, old: Old) -> None:
        assert old.keywords.get_matches_from_email(1, r"<a href=.mailto:(\w+)") == ["qa"]

    def test_in_the_current_part_alone(self, old: Old) -> None:
        for _ in range(2):
            old.parts.walk_multipart_email(3)
        assert old.keywords.get_matches_from_email(3, r"\d") == ["1"]
        assert old.keywords.get_matches_from_email(3, r"<b>") == []
        old.parts.walk_multipart_email(3)
        assert old.keywords.get_matches_from_email(3, r"<b>(\w+)") == ["bold"]

    def test_none(self, old: Old) -> None:
        assert old.keywords.get_matches_from_email(2, "xyzzy") == []

    def test_a_pattern_that_is_none(self, old: Old) -> None:
        with pytest.raises(InvalidArgument) as caught:
            old.keywords.get_matches_from_email(2, "(")
        assert str(caught.value).startswith("The pattern '(' is no regular expression: missing )")


class TestAttachments:
    def test_are_saved_and_replace_files(self, old: Old, tmp_path: Path) -> None:
        for _ in range(2):
            paths = old.keywords.get_attachments_from_email(4, tmp_path / "new")
            assert paths == [str(tmp_path / "new" / name) for name in ("a.txt", "b.png")]
        assert (tmp_path / "new" / "a.txt").read_text() == "First"

    def test_where_robot_framework_runs(
        self, old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert len(old.keywords.get_attachments_from_email(email_index="4")) == 2
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.png"]

    def test_of_no_email(self, old: Old) -> None:
        with pytest.raises(InvalidArgument) as caught:
            old.keywords.get_attachments_from_email()
        assert str(caught.value) == "`Get Attachments From Email` needs an email, or its UID."

    def test_of_a_misspelt_argument(self, old: Old) -> None:
        with pytest.raises(InvalidArgument, match="'folder'. Did you mean 'target_folder'"):
            old.keywords.get_attachments_from_email(email_index="4", folder="x")


@pytest.mark.parametrize("name", ["mark_all_emails_as_read", "mark_as_read"])
def test_all_are_marked(old: Old, name: str) -> None:
    assert getattr(old.keywords, name)() == 4
    assert seen(old) == [1, 2, 3, 4]


class TestEmailIndex:
    """The old name of what `Mark Email As Read` and `Delete Email` are about."""

    @pytest.fixture
    def changes(self) -> Iterator[changes.Keywords]:
        with ScriptedServer(message("First"), message("Second")) as server:
            server.capabilities = changes.WITH_UIDPLUS
            with changes.opened(server) as keywords:
                yield keywords

    def test_marked(self, changes: changes.Keywords) -> None:
        marked = changes.changing.mark_email_as_read(email_index="1")
        assert isinstance(marked, Email)
        assert marked == 1
        assert marked.seen

    def test_deleted(self, changes: changes.Keywords) -> None:
        assert changes.deleting.delete_email(email_index=b"1") == 1
        assert [email.uid for email in changes.finding.find_emails()] == [2]

    def test_of_no_email(self, changes: changes.Keywords) -> None:
        with pytest.raises(InvalidArgument) as caught:
            changes.deleting.delete_email()
        assert str(caught.value) == ("`Delete Email` needs an email, its UID, or a list of them.")

    def test_of_a_misspelt_argument(self, changes: changes.Keywords) -> None:
        with pytest.raises(InvalidArgument, match="no argument 'emial'. Did you mean 'emails'"):
            changes.deleting.delete_email(1, emial=2)


def test_logged_in_by_token(old: Old) -> None:
    tokens: list[str] = []

    def authenticate(session: Session, tag: str, arguments: str) -> None:
        tokens.append(b64decode(arguments.split()[1]).decode())
        session.send(f"{tag} OK in")

    old.suite.server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
    old.suite.server.on["AUTHENTICATE"] = authenticate
    alias = old.keywords.open_mailbox_oauth(
        server="127.0.0.1",
        user="by-token",
        access_token="xyzzy",
        debug_level=4,
        port=old.suite.server.port,
        security=Security.NONE,
    )
    assert alias == "by-token"
    assert tokens == ["user=by-token\1auth=Bearer xyzzy\1\1"]
    assert old.suite.mailboxes.get().location.folder == "INBOX"


def test_no_token(old: Old) -> None:
    with pytest.raises(InvalidArgument):
        old.keywords.open_mailbox_oauth("127.0.0.1", "qa")


def test_a_misspelt_argument_of_opening(old: Old) -> None:
    with pytest.raises(InvalidArgument, match="no argument 'tokn'"):
        old.keywords.open_mailbox_oauth("127.0.0.1", "qa", "xyzzy", tokn="x")


def test_what_is_used_today_is_said_once(old: Old, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ImapLibrary.keywords.hints")
    old.keywords.mark_as_read()
    old.keywords.mark_as_read()
    old.parts.walk_multipart_email(3)
    old.parts.walk_multipart_email(3)
    old.keywords.open_link_from_mail(1)
    hints = [each.message for each in caplog.records if each.name == "ImapLibrary.keywords.hints"]
    assert [hint.partition(" Today it is ")[::2] for hint in hints] == [
        (f"`{name}` is a keyword of older libraries and goes on working.", f"{today}. {SILENCE}")
        for name, today in (
            ("Mark As Read", "`Mark All As Read`"),
            ("Walk Multipart Email", "`Get Email Body` and `Get Email Attachments`"),
            ("Open Link From Mail", "`Open Email Link`"),
        )
    ]
