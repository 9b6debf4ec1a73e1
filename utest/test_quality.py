"""What the rules find wrong with emails, word for word, and the keyword that tells it."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from email.message import EmailMessage

import pytest
from scripted import ScriptedServer
from waits import opened

from ImapLibrary.errors import InvalidArgument, NotAsExpected
from ImapLibrary.keywords.quality import MOST_TOLD, QualityKeywords
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.quality import MAX_HTML, RULES, Finding, check
from ImapLibrary.mailboxes import Mailboxes

QUALITY = QualityKeywords(Mailboxes())

UNSUBSCRIBE = {
    "List-Unsubscribe": "<mailto:u@x.example>, <https://x.example/u/1>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}

GOOD_HTML = """<!doctype html><style>.a:after { content: "{{css}} %CSS%" }</style><!-- {{note}} -->
<div style="display:none">Today only</div>
<a href="https://x.example/sale?q=50%25%20off"><img src="https://x.example/logo.png" alt="The Shop"></a>
<p>Everything 50% off. <a href="https://x.example/sale?q=50%25%20off">See all</a></p>
<a href="mailto:help@x.example" aria-label="Write to us"></a><img src="line.png" alt="">"""

GOOD_TEXT = "Everything 50% off: https://X.example/sale?q=50%25%20off\n"


def email(text: str = GOOD_TEXT, html: str = GOOD_HTML, **headers: str) -> Email:
    """Return an email that is in no mailbox. An empty header leaves it out."""
    made = EmailMessage()
    fields = {"Subject": "Sale", "From": "Shop <s@x.example>", "To": "qa@example.com"}
    others = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {**fields, **UNSUBSCRIBE, **others}.items():
        if value:
            made[name] = value
    if text:
        made.set_content(text)
        if html:
            made.add_alternative(html, subtype="html")
    else:
        made.set_content(html, subtype="html")
    return Email(made.as_bytes())


def found(mail: Email, rule: str) -> list[str]:
    """Return what one rule finds, without its name."""
    findings = check(mail, [name for name in RULES if name != rule])
    return [str(finding).removeprefix(f"{rule}: ") for finding in findings]


def test_a_good_email_has_nothing_wrong() -> None:
    assert check(email()) == []


def test_a_good_email_of_plain_text_has_nothing_wrong() -> None:
    assert check(email("See https://x.example/a\n", html="")) == []


class TestImageAlt:
    @pytest.mark.parametrize(
        ("html", "told"),
        [
            ("<img src=https://x.example/a.png>", ["image https://x.example/a.png"]),
            ("<img src='cid:1'><img src='cid:1'><img src='cid:2'>", ["image cid:1", "image cid:2"]),
            ("<img>", ["image without an address"]),
            ("<img alt=''><p style=display:none><img>", []),
            ("<img src='data:image/gif," + "A" * 999, []),  # a tag that never ends is none
            (
                "<img src='data:image/gif," + "A" * 999 + "'>",
                ["image data:image/gif," + "A" * 185 + "..."],
            ),
        ],
    )
    def test_images_that_nothing_stands_for(self, html: str, told: list[str]) -> None:
        expected = [f"{where} has no alternative text" for where in told]
        assert found(email(html=html), "image-alt") == expected


class TestLinkText:
    @pytest.mark.parametrize(
        ("html", "told"),
        [
            ("<a href=https://x.example/a></a>", ["link https://x.example/a"]),
            ("<a href=a><img src=b alt=''></a>", ["link a"]),
            ("<a href='a'>&nbsp;&zwnj;</a>", ["link a"]),
            ("<a href></a>", ["link without an address"]),
            ("<a href=a title=Shop></a><a href=b aria-label=Shop></a><a name=c></a>", []),
            ("<a href=a><img src=b alt=Shop></a><map><area href=c alt=Map></map>", []),
            ("<p style=display:none><a href=a></a>", []),
        ],
    )
    def test_links_that_say_nothing(self, html: str, told: list[str]) -> None:
        assert found(email(html=html), "link-text") == [f"{where} has no text" for where in told]


class TestPlaceholder:
    @pytest.mark.parametrize(
        ("mail", "told"),
        [
            (email(Subject="Hi {{name}}"), "header Subject still has the placeholder {{name}}"),
            (email(From="%SHOP% <s@x.example>"), "header From still has the placeholder %SHOP%"),
            (email(To='"[[name]]" <qa@x.example>'), "header To still has the placeholder [[name]]"),
            (
                email(List_Unsubscribe="<https://x.example/u/%ID%>"),
                "header List-Unsubscribe still has the placeholder %ID%",
            ),
            (email("Hi ${name}!\n"), "plain text still has the placeholder ${name}"),
            (email("Hi ${name}!\n", html=""), "plain text still has the placeholder ${name}"),
            (email("", "<p>Hi <b>${</b>name}!"), "HTML still has the placeholder ${name}"),
            (
                email(html="<p style=display:none>Hi {{{name}}}!"),
                "HTML still has the placeholder {{{name}}}",
            ),
            (email(html="<img alt='%ALT%'>"), "HTML still has the placeholder %ALT%"),
            (email(html="<p>Hi <%= name %>"), "HTML still has the placeholder <%= name %>"),
            (
                email(html="<a href='https://x.example/?id=%ID%'>a</a>"),
                "link https://x.example/?id=%ID% still has the placeholder %ID%",
            ),
            (
                email(html="<img src='https://x.example/{{id}}.gif' alt=''>"),
                "image https://x.example/{{id}}.gif still has the placeholder {{id}}",
            ),
        ],
    )
    def test_what_was_not_filled_in(self, mail: Email, told: str) -> None:
        assert found(mail, "placeholder") == [told]

    def test_once_in_each_place(self) -> None:
        mail = email("{{a}} {{a}} {{b}}\n", "<p>{{a}}")
        assert found(mail, "placeholder") == [
            "plain text still has the placeholder {{a}}",
            "plain text still has the placeholder {{b}}",
            "HTML still has the placeholder {{a}}",
        ]


class TestPlainText:
    TOLD = "HTML has no plain text beside it, for readers and programs that show no HTML"

    def test_html_alone(self) -> None:
        assert found(email(""), "plain-text") == [self.TOLD]

    def test_a_blank_text_is_none(self) -> None:
        assert found(email(" \n\n"), "plain-text") == [self.TOLD]

    def test_a_text_before_the_html_is_none_of_its_own(self) -> None:
        mail = EmailMessage()
        mail.set_content("Forwarded by {{name}}:\n")
        mail.add_attachment("<p>Sale https://x.example/", subtype="html", disposition="inline")
        both = Email(mail.as_bytes())
        assert found(both, "plain-text") == [self.TOLD]
        assert found(both, "same-links") == []
        assert found(both, "placeholder") == ["plain text still has the placeholder {{name}}"]


class TestSameLinks:
    @pytest.mark.parametrize(
        ("text", "html", "told"),
        [
            (
                "https://x.example/b\n",
                "<a href=https://x.example/a>a</a>",
                [
                    "link https://x.example/a is in the HTML, but not in the plain text",
                    "link https://x.example/b is in the plain text, but not in the HTML",
                ],
            ),
            (
                "https://x.example/b?id=1\n",
                "<p>Nothing",
                ["link https://x.example/b?id=1 is in the plain text, but not in the HTML"],
            ),
            ("https://x.example\n", "<a href=HTTPS://X.example/>a</a>", []),
            (
                "https://x.example/A\n",
                "<a href=https://x.example/A>a</a><a href=https://x.example/a>a</a>",
                ["link https://x.example/a is in the HTML, but not in the plain text"],
            ),
            ("None\n", "<a href=mailto:a@x.example>a</a><a href='#b'>b</a><a href='//['>c</a>", []),
            (
                "https://xn--mnchen-3ya.example:8080/%c3%a4?q=%C3%9F#%E2%82%AC\n",
                "<a href=https://München.example:8080/ä?q=ß#€>a</a>",
                [],
            ),
            ("https://a@xn--mnchen-3ya.example/\n", "<a href=https://a@münchen.example>a</a>", []),
            (
                "https://x.example/%252f\n",
                "<a href=https://x.example/%252F>a</a>",
                [
                    "link https://x.example/%252F is in the HTML, but not in the plain text",
                    "link https://x.example/%252f is in the plain text, but not in the HTML",
                ],
            ),
            (
                "None\n",
                "<a href=https://ä..example/>a</a>",
                ["link https://ä..example/ is in the HTML, but not in the plain text"],
            ),
            ("www.x.example/a\n", "<p>Nothing", []),
            ("None\n", "<p style=display:none><a href=https://x.example/>View</a>", []),
        ],
    )
    def test_links_that_differ(self, text: str, html: str, told: list[str]) -> None:
        assert found(email(text, html), "same-links") == told

    @pytest.mark.parametrize(("text", "html"), [("", GOOD_HTML), ("https://x.example/\n", "")])
    def test_there_is_nothing_to_compare(self, text: str, html: str) -> None:
        assert found(email(text, html), "same-links") == []


class TestListUnsubscribe:
    def test_missing(self) -> None:
        assert found(email(List_Unsubscribe=""), "list-unsubscribe") == [
            "header has no List-Unsubscribe"
        ]

    def test_no_address(self) -> None:
        assert found(email(List_Unsubscribe="https://x.example/u"), "list-unsubscribe") == [
            "header List-Unsubscribe has no address in angle brackets: 'https://x.example/u'"
        ]

    @pytest.mark.parametrize("value", ["<MAILTO:u@x.example>", "(Click) < http://x.example/u >"])
    def test_one_address_is_enough(self, value: str) -> None:
        assert found(email(List_Unsubscribe=value), "list-unsubscribe") == []


class TestOneClick:
    @pytest.mark.parametrize("value", ["", "One-Click", "List-Unsubscribe=Two-Clicks"])
    def test_not_announced(self, value: str) -> None:
        assert found(email(List_Unsubscribe_Post=value), "one-click") == [
            "header has no 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'"
        ]

    @pytest.mark.parametrize("value", ["", "<mailto:u@x.example>", "<http://x.example/u>"])
    def test_nowhere_to_click(self, value: str) -> None:
        assert found(email(List_Unsubscribe=value), "one-click") == [
            "header List-Unsubscribe has no https address, which one click takes"
        ]

    @pytest.mark.parametrize(
        ("signature", "told"),
        [
            ("v=1; h=From:To:Subject; b=x", ["{}"]),
            ("v=1; h=From : list-unsubscribe; b=x", ["{}"]),
            ("v=1; b=h=; bh=List-Unsubscribe:List-Unsubscribe-Post", ["{}"]),
            ("v=1;h=From:\r\n LIST-Unsubscribe : List-Unsubscribe-Post;b=x", []),
        ],
    )
    def test_signatures_must_cover_it(self, signature: str, told: list[str]) -> None:
        mail = Email(f"DKIM-Signature: {signature}\r\n".encode() + email().raw)
        expected = "header DKIM-Signature does not cover List-Unsubscribe and List-Unsubscribe-Post"
        assert found(mail, "one-click") == [each.format(expected) for each in told]

    def test_one_signature_of_several_is_enough(self) -> None:
        mail = Email(
            b"DKIM-Signature: v=1; h=From\r\n"
            b"DKIM-Signature: h=From:List-Unsubscribe:List-Unsubscribe-Post\r\n" + email().raw
        )
        assert found(mail, "one-click") == []


class TestHtmlSize:
    @staticmethod
    def sized(size: int) -> Email:
        """Return an email with so many bytes of HTML, and more of its transfer encoding."""
        html = "<p>é".encode().ljust(size, b"=")
        coded = b"\r\n".join(re.findall(rb".{1,76}", b64encode(html)))
        return Email(
            b"Content-Type: text/html; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + coded
        )

    def test_too_large(self) -> None:
        assert found(self.sized(MAX_HTML + 1), "html-size") == [
            "HTML has 104,449 bytes; Gmail clips what is more than 102 KB (104,448 bytes)"
        ]

    def test_just_fits(self) -> None:
        assert found(self.sized(MAX_HTML), "html-size") == []


class TestLeavingRulesOut:
    BAD = email(List_Unsubscribe="", List_Unsubscribe_Post="", Subject="{{subject}}")

    @pytest.mark.parametrize(
        "names",
        [
            "placeholder one-click",
            " one_click,  PLACEHOLDER ",
            ["one-click", "placeholder"],
            "one-click one-click placeholder",
        ],
    )
    def test_by_name(self, names: str | list[str]) -> None:
        assert [each.rule for each in check(self.BAD, names)] == ["list-unsubscribe"]

    @pytest.mark.parametrize(
        ("names", "told"),
        [
            (
                "image_alts",
                "There is no rule 'image_alts'. Did you mean 'image-alt'? The rules are ",
            ),
            (["placeholder", "x"], "There is no rule 'x'. The rules are image-alt, link-text, "),
        ],
    )
    def test_what_is_no_rule(self, names: str | list[str], told: str) -> None:
        with pytest.raises(InvalidArgument, match="^" + re.escape(told)):
            check(self.BAD, names)

    def test_all_of_them(self) -> None:
        with pytest.raises(InvalidArgument, match="^All rules are left out, so that there is noth"):
            check(self.BAD, list(RULES))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "ImapLibrary")
    return caplog


class TestKeyword:
    def test_all_is_well(self, log: pytest.LogCaptureFixture) -> None:
        assert QUALITY.check_email_quality(email()) == []
        assert log.messages == ["Nothing is wrong with this email."]

    def test_it_fails_with_all_that_is_wrong(self) -> None:
        with pytest.raises(NotAsExpected) as failure:
            QUALITY.check_email_quality(email(List_Unsubscribe="", Subject="Hi %NAME%"))
        assert str(failure.value) == (
            "3 things are wrong in this email:\n"
            "  'Hi %NAME%' from s@x.example\n"
            "placeholder: header Subject still has the placeholder %NAME%\n"
            "list-unsubscribe: header has no List-Unsubscribe\n"
            "one-click: header List-Unsubscribe has no https address, which one click takes\n"
            "A rule that does not matter here can be left out by its name, as in "
            "leave_out=placeholder."
        )

    def test_one_thing(self) -> None:
        with pytest.raises(NotAsExpected, match=r"^1 thing is wrong in this email:\n"):
            QUALITY.check_email_quality(email(""), leave_out="same-links")

    def test_or_returns_it(self, log: pytest.LogCaptureFixture) -> None:
        assert QUALITY.check_email_quality(email(Subject="Hi %NAME%"), fail=False) == [
            Finding("placeholder", "header Subject", "still has the placeholder %NAME%")
        ]
        assert log.messages == ["placeholder: header Subject still has the placeholder %NAME%"]

    def test_a_long_list_is_cut(self) -> None:
        html = "".join(f"<img src={number}>" for number in range(MOST_TOLD + 7))
        with pytest.raises(NotAsExpected) as failure:
            QUALITY.check_email_quality(email(html=html), leave_out="same-links")
        lines = str(failure.value).splitlines()
        assert lines[0] == f"{MOST_TOLD + 7} things are wrong in this email:"
        assert lines[-2] == "... and 7 more, which fail=False returns"
        assert len(lines) == MOST_TOLD + 4

    def test_every_rule_is_documented(self) -> None:
        doc = QualityKeywords.check_email_quality.__doc__ or ""
        table = doc.partition("| =Rule=")[2].partition("\n\n")[0]
        assert re.findall(r"^ *\| ``(\S+)`` ", table, re.MULTILINE) == list(RULES)

    def test_an_email_of_a_mailbox_is_fetched_and_stays_unread(self) -> None:
        raw = email(Subject="Hi %NAME%").raw
        with ScriptedServer(raw, first_uid=7) as server, opened(server) as suite:
            quality = QualityKeywords(suite.mailboxes)
            (finding,) = quality.check_email_quality(7, fail=False, mailbox="qa")
            assert finding.rule == "placeholder"
            assert not any("STORE" in line for line in server.lines)
