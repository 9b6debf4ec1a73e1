"""Replies and forwarded emails, as drafts and as the emails that become of them."""

from __future__ import annotations

import pytest

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.message import Email
from ImapLibrary.sending.answering import forward, reply
from ImapLibrary.sending.composing import compose

LONG_ID = f"<{'a' * 90}@mail.example>"


def original(text: str = "First\nSecond", **fields: str) -> Email:
    header = {
        "From": "The Shop <shop@example.com>",
        "To": "Jane <jane@example.com>, bob@example.com",
        "Subject": "Your order",
        "Date": "Tue, 24 Nov 2026 12:00:00 +0100",
        "Message-ID": "<order@example.com>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    header |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in header.items() if value]
    return Email("\r\n".join([*lines, "", *text.split("\n"), ""]).encode())


def replied(email: Email, text: str = "Thanks") -> Email:
    return Email(compose(reply(email, "jane@example.com", text)))


def forwarded(email: Email, text: str = "", *, inline: bool = False) -> Email:
    return Email(
        compose(forward(email, "jane@example.com", "bob@example.com", text, inline=inline))
    )


class TestReply:
    def test_it_goes_to_the_sender(self) -> None:
        answer = replied(original())
        assert answer.headers["To"] == "The Shop <shop@example.com>"
        assert answer.sender == "jane@example.com"

    def test_it_goes_to_reply_to_if_there_is_one(self) -> None:
        answer = replied(original(Reply_To='"Desk, Help" <help@example.com>, second@example.com'))
        assert answer.recipients == ("help@example.com", "second@example.com")
        assert answer.headers["To"].startswith('"Desk, Help" <help@example.com>')

    def test_an_email_from_nobody_gets_no_reply(self) -> None:
        with pytest.raises(InvalidArgument) as caught:
            reply(original(From=""), "jane@example.com", "Thanks")
        assert str(caught.value) == (
            "The email 'Your order' has neither From nor Reply-To, so there is nobody to reply to. "
            "`Send Email` takes any recipient."
        )

    @pytest.mark.parametrize(
        ("subject", "expected"),
        [
            ("Your order", "Re: Your order"),
            ("Re: Your order", "Re: Your order"),
            ("RE : Your order", "RE : Your order"),
            ("Regards", "Re: Regards"),
            ("", "Re:"),
            ("Größe", "Re: Größe"),
        ],
    )
    def test_re_stands_in_front_once(self, subject: str, expected: str) -> None:
        assert replied(original(Subject=subject)).subject == expected

    @pytest.mark.parametrize(
        ("fields", "references"),
        [
            ({}, "<order@example.com>"),
            ({"References": "<a@x> <b@x>"}, "<a@x> <b@x> <order@example.com>"),
            ({"References": "<a@x>\r\n <order@example.com>"}, "<a@x> <order@example.com>"),
            ({"In_Reply_To": "<a@x>"}, "<a@x> <order@example.com>"),
            ({"In_Reply_To": "<a@x> <b@x>"}, "<order@example.com>"),
            ({"References": "<a@x>", "In_Reply_To": "<b@x>"}, "<a@x> <order@example.com>"),
            ({"References": LONG_ID}, f"{LONG_ID} <order@example.com>"),
        ],
    )
    def test_it_is_tied_to_the_email(self, fields: dict[str, str], references: str) -> None:
        answer = replied(original(**fields))
        assert answer.headers["In-Reply-To"] == "<order@example.com>"
        assert answer.headers["References"] == references

    def test_control_characters_of_the_original_become_blanks(self) -> None:
        odd = original(
            From="The\0Shop <shop@example.com>",
            Subject="Your\0\x01order",
            Message_ID="<or\0der@example.com>",
            References="<a\x7fb@example.com> <first@example.com>",
        )
        answer = replied(odd)
        assert answer.subject == "Re: Your  order"
        assert answer.headers["To"] == "The Shop <shop@example.com>"
        assert "In-Reply-To" not in answer.headers
        assert forwarded(odd).subject == "Fwd: Your  order"
        assert forwarded(odd, inline=True).subject == "Fwd: Your  order"

    @pytest.mark.parametrize("message_id", ["", "none", "<with blank@x>"])
    def test_an_email_without_usable_id_is_not_tied(self, message_id: str) -> None:
        answer = replied(original(Message_ID=message_id, References="<a@x>"))
        assert "In-Reply-To" not in answer.headers
        assert "References" not in answer.headers

    def test_the_text_is_quoted_below(self) -> None:
        answer = replied(original("First\n\n> earlier\n>> still"), "Yes.\nPlease.")
        assert answer.text == (
            "Yes.\nPlease.\n\n"
            "On 2026-11-24 12:00 +0100, The Shop <shop@example.com> wrote:\n"
            "> First\n>\n>> earlier\n>>> still"
        )

    @pytest.mark.parametrize(
        ("fields", "line"),
        [
            ({"Date": ""}, "The Shop <shop@example.com> wrote:"),
            (
                {"From": "", "Reply_To": "help@example.com"},
                "On 2026-11-24 12:00 +0100, somebody wrote:",
            ),
        ],
    )
    def test_what_is_not_known_is_left_out(self, fields: dict[str, str], line: str) -> None:
        assert f"\n{line}\n> First" in replied(original(**fields)).text

    def test_line_ends_in_a_subject_add_no_field(self) -> None:
        answer = replied(original(Subject="=?utf-8?q?a=0D=0ABcc:_eve@example.com?="))
        assert "Bcc" not in answer.headers
        assert answer.subject.startswith("Re: a ")


class TestForward:
    def test_the_email_is_attached_byte_for_byte(self) -> None:
        email = original("Grüße\n.\n--")
        passed_on = forwarded(email, "See below")
        assert [part.content_type for part in passed_on.root.walk()][:3] == [
            "multipart/mixed",
            "text/plain",
            "message/rfc822",
        ]
        assert b"\r\n\r\n" + email.raw + b"\r\n--" in passed_on.raw
        assert passed_on.text == "See below"
        assert passed_on.recipients == ("bob@example.com",)

    def test_inline_its_text_stands_below(self) -> None:
        passed_on = forwarded(original(), "See below", inline=True)
        assert passed_on.root.content_type == "text/plain"
        assert passed_on.text == (
            "See below\n\n"
            "---------- Forwarded email ----------\n"
            "From: The Shop <shop@example.com>\n"
            "Date: 2026-11-24 12:00 +0100\n"
            "Subject: Your order\n"
            "To: Jane <jane@example.com>, bob@example.com\n\n"
            "First\nSecond"
        )

    def test_inline_without_a_word(self) -> None:
        assert forwarded(original(), inline=True).text.startswith("---------- Forwarded email")

    def test_inline_what_is_not_there_is_left_out(self) -> None:
        passed_on = forwarded(original(Date="", Subject="", To="", From=""), inline=True)
        assert passed_on.text == "---------- Forwarded email ----------\n\nFirst\nSecond"

    @pytest.mark.parametrize(
        ("subject", "expected"),
        [
            ("Your order", "Fwd: Your order"),
            ("Fwd: Your order", "Fwd: Your order"),
            ("FW: Your order", "FW: Your order"),
            ("Re: Your order", "Fwd: Re: Your order"),
            ("", "Fwd:"),
        ],
    )
    def test_fwd_stands_in_front_once(self, subject: str, expected: str) -> None:
        assert forwarded(original(Subject=subject)).subject == expected
