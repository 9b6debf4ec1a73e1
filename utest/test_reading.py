"""Reading the body: what is returned, what is fetched for it, and what is marked as read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from scripted import ScriptedServer, Session, message
from waits import WHERE, Suite, first, opened

from ImapLibrary.errors import EmailNotFound, InvalidArgument, MarkMismatch
from ImapLibrary.mail.message import Email

HTML = message("Html", "<p>Your&nbsp;code</p>\r\n", content_type="text/html")
PLAIN = message("Plain", "Your\N{NO-BREAK SPACE}code\r\n", content_type="text/plain; charset=utf-8")
LARGE = message("Large", "word \r\n" * 20_000 + "The end")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(PLAIN, HTML, LARGE) as server:
        yield server


@pytest.fixture
def suite(server: ScriptedServer) -> Iterator[Suite]:
    with opened(server) as suite:
        server.lines.clear()
        yield suite


@pytest.fixture
def readonly(server: ScriptedServer) -> None:
    """Let the folder open for reading only, as long as this is needed."""

    def select(session: Session, tag: str, arguments: str) -> None:
        session.told = len(server.emails)
        session.send(
            f"* {session.told} EXISTS",
            "* OK [UIDVALIDITY 7] valid",
            f"{tag} OK [READ-ONLY] done",
        )

    server.on["SELECT"] = select


def seen(server: ScriptedServer) -> list[int]:
    return [stored.uid for stored in server.emails if "\\Seen" in stored.flags]


def found(suite: Suite, subject: str) -> Email:
    """Return an email that was waited for, as suites do."""
    email = suite.wait(subject=subject)
    suite.server.lines.clear()
    return email


class TestWhatIsReturned:
    @pytest.mark.parametrize(
        ("uid", "arguments", "body"),
        [
            (1, {}, "Your code"),
            (1, {"raw": True}, "Your\N{NO-BREAK SPACE}code\r\n\r\n"),
            (1, {"html": True}, ""),
            (2, {}, "Your code"),
            (2, {"html": True}, "<p>Your&nbsp;code</p>"),
            (2, {"html": True, "raw": True}, "<p>Your&nbsp;code</p>\r\n\r\n"),
        ],
    )
    def test_text_html_or_the_source(
        self, suite: Suite, uid: int, arguments: dict[str, Any], body: str
    ) -> None:
        assert suite.read.get_email_body(uid, **arguments) == body

    @pytest.mark.parametrize("reference", [1, "1", b"1"])
    def test_by_uid_in_any_form(self, suite: Suite, reference: int | str | bytes) -> None:
        assert suite.read.get_email_body(reference) == "Your code"

    def test_all_of_a_long_text(self, suite: Suite) -> None:
        email = found(suite, "Large")
        assert not email.complete
        assert suite.read.get_email_body(email).endswith("The end")


class TestMarkingAsRead:
    def test_an_email_that_is_here_costs_one_store(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        email = found(suite, "Plain")
        suite.read.get_email_body(email)
        assert server.lines == ["UID STORE 1 +FLAGS.SILENT (\\Seen)"]
        assert seen(server) == [1]

    def test_one_that_is_fetched_for_it_is_marked_by_that(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        email = found(suite, "Large")
        suite.read.get_email_body(email)
        assert server.lines == ["UID FETCH 3 (UID BODYSTRUCTURE)", "UID FETCH 3 (UID BODY[])"]
        assert seen(server) == [3]

    @pytest.mark.parametrize("subject", ["Plain", "Large"])
    def test_not_on_request(self, server: ScriptedServer, suite: Suite, subject: str) -> None:
        email = found(suite, subject)
        suite.read.get_email_body(email, mark_as_read=False)
        suite.read.get_email_body(email.uid or 0, mark_as_read=False)
        assert server.count("UID STORE") == 0
        assert seen(server) == []

    def test_an_email_that_failed_to_be_read_is_not_marked(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        email = found(suite, "Large")
        server.on["FETCH"] = lambda session, tag, arguments: session.send(f"{tag} OK done")
        with pytest.raises(EmailNotFound):
            suite.read.get_email_body(email)
        assert server.count("UID STORE") == 0

    @pytest.mark.parametrize("subject", ["Plain", "Large"])
    @pytest.mark.usefixtures("readonly")
    def test_never_in_a_folder_open_for_reading_only(
        self,
        server: ScriptedServer,
        suite: Suite,
        caplog: pytest.LogCaptureFixture,
        subject: str,
    ) -> None:
        caplog.set_level(logging.DEBUG, "ImapLibrary.keywords")
        email = found(suite, subject)
        caplog.clear()
        assert suite.read.get_email_body(email)
        assert suite.read.get_email_body(email.uid or 0)
        assert server.count("UID STORE") == 0
        assert all("BODY[" not in line for line in server.lines)  # without PEEK it would mark
        assert seen(server) == []
        said = "The folder is open for reading only, so the email stays as it is."
        assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
            ("DEBUG", said)
        ] * 2


class TestWhichEmail:
    def test_one_that_is_not_there(self, suite: Suite) -> None:
        with pytest.raises(
            EmailNotFound, match=r"^There is no email with UID 77 in folder 'INBOX'"
        ):
            suite.read.get_email_body(77)

    def test_one_that_has_gone_since_is_read_if_it_is_here(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        email = found(suite, "Plain")
        del server.emails[0]
        assert suite.read.get_email_body(email) == "Your code"

    def test_one_that_has_gone_since_and_is_not_here_whole(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        email = found(suite, "Large")
        del server.emails[2]
        with pytest.raises(EmailNotFound) as caught:
            suite.read.get_email_body(email)
        assert str(caught.value) == f"The email with UID 3 has gone from {WHERE} while it was read."

    def test_one_of_another_folder(self, server: ScriptedServer, suite: Suite) -> None:
        email = found(suite, "Plain")
        suite.mailboxes.open(suite.account, "Archive", "archive")
        with pytest.raises(MarkMismatch, match="which is open as mailbox 'qa', but"):
            suite.read.get_email_body(email)
        assert suite.read.get_email_body(email, mailbox="qa") == "Your code"

    def test_one_of_a_folder_that_was_made_anew(self, server: ScriptedServer, suite: Suite) -> None:
        email = found(suite, "Plain")
        server.uidvalidity = 8
        first(server, "STORE", lambda session, tag, arguments: session.close())
        with pytest.raises(MarkMismatch, match="UIDVALIDITY was 7 and is now 8"):
            suite.read.get_email_body(email)

    def test_what_is_no_email(self, suite: Suite) -> None:
        with pytest.raises(InvalidArgument, match=r"^'last' is no email\."):
            suite.read.get_email_body("last")

    def test_a_lost_connection_costs_another_try(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        first(server, "FETCH", lambda session, tag, arguments: session.close())
        assert suite.read.get_email_body(1) == "Your code"
        assert seen(server) == [1]
