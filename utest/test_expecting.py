"""`Should` keywords on what emails say: what passes, and what failures say, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scripted import ScriptedServer, message
from waits import Suite, opened

from ImapLibrary.errors import AttachmentNotFound, InvalidArgument, LinkNotFound, NotAsExpected
from ImapLibrary.keywords.expecting import ExpectingKeywords
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

KEYWORDS = ExpectingKeywords(Mailboxes())

WELCOME = Email(
    b'From: "The Shop" <shop@example.com>, boss@example.com\r\nTo: qa@example.com\r\n'
    b"Subject: Welcome  to the\r\n Shop\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
    b"--y\r\n\r\nHello Jane,\r\n\r\nyour code\r\nis 1234.\r\n"
    b'--y\r\nContent-Type: text/html\r\n\r\n<p>Hello Jane!</p><a href="https://shop.example/?id=4">'
    b"Go on</a>\r\n--y--\r\n"
    b'--x\r\nContent-Type: application/pdf; name="invoice 7.pdf"\r\n\r\n%PDF-\r\n--x--\r\n'
)


def fails(
    error: type[Exception], told: str, keyword: Any, /, *arguments: Any, **named: Any
) -> None:
    with pytest.raises(error) as failure:
        keyword(WELCOME, *arguments, **named)
    assert str(failure.value) == told


class TestSubject:
    @pytest.mark.parametrize(
        ("expected", "ignore_case"),
        [
            ("Welcome to the Shop", False),
            ("Welcome to  the\nShop", False),
            ("exact:Welcome to the Shop", False),
            ("glob:Welcome*Shop", False),
            ("regexp:^Welcome", False),
            ("WELCOME TO THE SHOP", True),
            ("glob:WELCOME*", True),
        ],
    )
    def test_as_expected(self, expected: str, ignore_case: bool) -> None:
        KEYWORDS.email_subject_should_be(WELCOME, expected, ignore_case=ignore_case)

    @pytest.mark.parametrize(
        "expected",
        [
            *("Welcome", "WELCOME TO THE SHOP", "glob:WELCOME*", "glob:Welcome"),
            *("regexp:WELCOME", "exact:welcome to the shop", ""),
        ],
    )
    def test_another(self, expected: str) -> None:
        fails(
            NotAsExpected,
            f"The subject should be {expected!r} (text), but found 'Welcome  to the Shop' (text).",
            KEYWORDS.email_subject_should_be,
            expected,
        )

    def test_may_be_empty(self) -> None:
        KEYWORDS.email_subject_should_be(Email(b"\r\n"), "")

    def test_in_own_words(self) -> None:
        fails(
            NotAsExpected,
            "'Welcome  to the Shop' instead of 'X'",
            KEYWORDS.email_subject_should_be,
            "X",
            message="{value} instead of {expected}",
        )


class TestSender:
    @pytest.mark.parametrize(
        "expected",
        [
            *("shop@example.com", "Shop@Example.com", "The Shop", "the shop <shop@example.com>"),
            *("boss@example.com", "glob:*@example.com", "regexp:^The"),
        ],
    )
    def test_as_expected(self, expected: str) -> None:
        KEYWORDS.email_sender_should_be(WELCOME, expected)

    @pytest.mark.parametrize("expected", ["hop@example.com", "Shop", "@example.com", "glob:shop"])
    def test_another(self, expected: str) -> None:
        fails(
            NotAsExpected,
            f"The sender should be {expected!r} (text), but found "
            "'The Shop <shop@example.com>, boss@example.com' (text).",
            KEYWORDS.email_sender_should_be,
            expected,
        )


class TestBody:
    @pytest.mark.parametrize(
        ("expected", "ignore_case"),
        [
            ("your code is 1234", False),
            ("Hello Jane!", False),  # in the HTML
            ("Your Code", True),
            (r"regexp:\d{4}", False),
            ("glob:Hello*Go on", False),
        ],
    )
    def test_has_it_in_it(self, expected: str, ignore_case: bool) -> None:
        KEYWORDS.email_body_should_contain(WELCOME, expected, ignore_case=ignore_case)
        with pytest.raises(NotAsExpected, match="^The body should not contain "):
            KEYWORDS.email_body_should_not_contain(WELCOME, expected, ignore_case=ignore_case)

    def test_does_not(self) -> None:
        KEYWORDS.email_body_should_not_contain(WELCOME, "hello jane")
        fails(
            NotAsExpected,
            "The body should contain 'hello jane,' (text), but found "
            r"'Hello Jane,\n\nyour code\nis 1234.' (text)."
            "\nWhat comes nearest is the line 'Hello Jane,'",
            KEYWORDS.email_body_should_contain,
            "hello jane,",
        )

    def test_shows_where_it_should_not_be(self) -> None:
        fails(
            NotAsExpected,
            "The body should not contain '1234' (text), but found "
            r"'Hello Jane,\n\nyour code\nis 1234.' (text)."
            "\nIt is in line 4: 'is 1234.'",
            KEYWORDS.email_body_should_not_contain,
            "1234",
        )

    def test_in_own_words(self) -> None:
        for keyword, expected in (
            (KEYWORDS.email_body_should_contain, "X"),
            (KEYWORDS.email_body_should_not_contain, "Jane"),
        ):
            fails(NotAsExpected, "Oh", keyword, expected, message="Oh")

    def test_nothing_is_in_every_body(self) -> None:
        for keyword in (
            KEYWORDS.email_body_should_contain,
            KEYWORDS.email_body_should_not_contain,
        ):
            fails(
                InvalidArgument,
                "The argument expected is empty, which is in every body. If it comes from a "
                "variable, the variable has no value.",
                keyword,
                "",
            )


class TestAttachment:
    def test_is_there(self) -> None:
        KEYWORDS.email_should_have_attachment(WELCOME, "invoice*.PDF")
        KEYWORDS.email_should_have_attachment(WELCOME, type="application/*")

    def test_is_not(self) -> None:
        fails(
            AttachmentNotFound,
            "No attachment of the email matches name=terms.pdf and type=text/*. It has:"
            "\n  invoice 7.pdf (application/pdf)",
            KEYWORDS.email_should_have_attachment,
            "terms.pdf",
            type="text/*",
        )

    def test_needs_to_be_said(self) -> None:
        fails(
            InvalidArgument,
            "`Email Should Have Attachment` needs a name or a type=. If any attachment will do, "
            "has_attachments=True of `Email Should Match` tells.",
            KEYWORDS.email_should_have_attachment,
        )


class TestLink:
    def test_is_there(self) -> None:
        KEYWORDS.email_should_have_link(WELCOME)
        KEYWORDS.email_should_have_link(WELCOME, "https://*?id=4")
        KEYWORDS.email_should_have_link(WELCOME, "shop.example", text="go on")

    def test_one_of_several(self) -> None:
        several = Email(b"\r\nhttps://shop.example/1 https://shop.example/2\r\n")
        KEYWORDS.email_should_have_link(several, "shop.example")

    def test_is_not(self) -> None:
        fails(
            LinkNotFound,
            "No link of this email matches text 'Go back' and url '/?id=4'. It has:"
            "\n  0: 'Go on' -> https://shop.example/?id=4",
            KEYWORDS.email_should_have_link,
            "/?id=4",
            text="Go back",
        )
        with pytest.raises(LinkNotFound, match=r"^This email has no links\.$"):
            KEYWORDS.email_should_have_link(Email(b"\r\nText\r\n"))


class TestMatch:
    def test_all_criteria(self) -> None:
        KEYWORDS.email_should_match(
            WELCOME, sender="shop@example.com", subject="welcome", body="code", not_body="password"
        )

    def test_each_that_is_not_met_is_told(self) -> None:
        fails(
            NotAsExpected,
            "This email does not match:"
            "\n  body '5678', but body is 'Hello Jane, your code is 1234.'"
            "\n  not_body 'jane', but body is 'Hello Jane, your code is 1234.'"
            "\n  attachment 'terms', but attachments are 'invoice 7.pdf'"
            "\nIt is 'Welcome  to the Shop' from shop@example.com.",
            KEYWORDS.email_should_match,
            subject="welcome",
            body="5678",
            not_body="jane",
            attachment="terms",
        )

    @pytest.mark.parametrize(
        ("criteria", "text"),
        [
            (
                {},
                (
                    "`Email Should Match` needs criteria, such as subject=Welcome, or every email would "
                    "do."
                ),
            ),
            (
                {"gmail": "x", "search": "ALL"},
                (
                    "`Email Should Match` can't tell search and gmail, because only a server knows what "
                    "meets that. Give it to `Wait For Email` or `Find Emails`."
                ),
            ),
        ],
    )
    def test_criteria_that_can_not_be_told(self, criteria: dict[str, str], text: str) -> None:
        fails(InvalidArgument, text, KEYWORDS.email_should_match, **criteria)

    def test_a_misspelt_criterion(self) -> None:
        with pytest.raises(
            InvalidArgument, match="^`Email Should Match` has no argument 'subjct'. Did you mean"
        ):
            KEYWORDS.email_should_match(WELCOME, subjct="Welcome")


class TestInMailbox:
    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(message("First", text="x" * 70_000 + " the end")) as server:
            yield server

    @pytest.fixture
    def suite(self, server: ScriptedServer) -> Iterator[Suite]:
        with opened(server) as suite:
            yield suite

    def test_what_it_takes_is_fetched_and_stays_unread(
        self, server: ScriptedServer, suite: Suite
    ) -> None:
        keywords = ExpectingKeywords(suite.mailboxes)
        keywords.email_subject_should_be(1, "First")
        keywords.email_sender_should_be("1", "noreply@shop.example")
        keywords.email_should_match(1, body="the end")
        keywords.email_body_should_contain(1, "the end")
        assert server.emails[0].flags == set()

    def test_which_one_it_is(self, suite: Suite) -> None:
        with pytest.raises(NotAsExpected) as failure:
            ExpectingKeywords(suite.mailboxes).email_should_match(1, subject="Second")
        assert str(failure.value) == (
            "This email does not match:\n  subject 'Second', but subject is 'First'\n"
            "It is UID 1: 'First' from noreply@shop.example, received 2026-11-24 12:00:00 +0000."
        )
