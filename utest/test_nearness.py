"""By how little something misses, word for word."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from ImapLibrary.criteria.base import Condition
from ImapLibrary.criteria.criteria import criteria
from ImapLibrary.criteria.nearness import apart, in_common, of_name, of_people, of_text, of_texts
from ImapLibrary.mail.comparing import Pattern
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.headers import Address
from ImapLibrary.mime.parts import Extent
from ImapLibrary.moments import parse_moment

HTML = (
    'Content-Type: text/html; charset=utf-8\r\n\r\n<a href="https://shop.example/reset?t=1">Reset</a>'
    '<a href="https://shop.example/confirm?t=2">Confirm</a>'
)


def text(wanted: str, there: str) -> str:
    return of_text(Pattern.parsed("subject", wanted), there)


def people(wanted: str, *addresses: str) -> str:
    return of_people(Pattern.parsed("sender", wanted), [Address("", each) for each in addresses])


def missed(email: Email, **wanted: Any) -> str:
    """Return what is said of an email that misses one condition."""
    conditions: tuple[Condition, ...] = criteria(**wanted).misses(email)
    assert len(conditions) == 1
    return conditions[0].missed_by(email)


class TestText:
    @pytest.mark.parametrize(
        ("wanted", "there", "told"),
        [
            ("Your code 124", "Your code 123", "has only 'your code 12' of it"),
            ("exact:Your code 124", "YOUR CODE 123", "has only 'your code 12' of it"),
            ("Re: Your code", "Your code is 42", "has only 'your code' of it"),
            ("Your code for Ann", "The code for you", "has only 'code for' of it"),
            ("code", "Cod", "has only 'cod' of it"),
            ("exact:Your code", "Re: Your code", "has more than that"),
            ("glob:Your * code", "Re: Your new code", "has more than that"),
            ("glob:Your * code", "Your new number", "lacks 'code'"),
            ("glob:*order*paid*Ann*", "Order 12", "lacks 'paid' and 'ann'"),
            ("regexp:Your code \\d+", "YOUR CODE 42", "differs only in case"),
        ],
    )
    def test_near(self, wanted: str, there: str, told: str) -> None:
        assert text(wanted, there) == told

    @pytest.mark.parametrize(
        ("wanted", "there"),
        [
            ("Your code", "Newsletter"),
            ("42", "41"),
            ("code", ""),
            ("glob:a*b", "xyz"),
            ("glob:*one*two*", "two, one"),
            ("regexp:code \\d", "code x"),
        ],
    )
    def test_far_away(self, wanted: str, there: str) -> None:
        assert text(wanted, there) == ""

    def test_what_is_there_is_cut(self) -> None:
        assert text("x" * 500, "x" * 300) == f"has only '{'x' * 97}...' of it"

    def test_of_several_the_nearest_is_named(self) -> None:
        pattern = Pattern.parsed("link", "example.com/confirm")
        texts = ["https://example.com/help", "https://example.com/confirn", "x"]
        assert of_texts(pattern, texts) == (
            "'https://example.com/confirn' has only 'example.com/confir' of it"
        )
        assert of_texts(pattern, texts[1:2] * 2) == "has only 'example.com/confir' of it"
        assert of_texts(pattern, ["x", "y"]) == ""
        assert of_texts(pattern, []) == ""

    def test_long_ones_take_no_time(self) -> None:
        begin = time.perf_counter()
        for number in range(20):
            text("a criterion of two hundred characters " * 5, f"{number} characters of " * 100_000)
        assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    ("wanted", "there", "common"),
    [
        ("abc", "xabcx", "abc"),
        ("abcd", "xbcx", "bc"),
        ("abab", "ab-bab", "bab"),
        ("abc", "", ""),
        ("", "abc", ""),
    ],
)
def test_in_common(wanted: str, there: str, common: str) -> None:
    assert in_common(wanted, there) == common


class TestPeople:
    @pytest.mark.parametrize(
        ("wanted", "there", "told"),
        [
            ("qa+1@example.com", ["QA+11@Example.com"], "differs only before the @"),
            ("qa@example.com", ["qa@example.org"], "differs only after the @"),
            (
                "qa@example.com",
                ["boss@shop.example", "qa@example.org"],
                "'qa@example.org' differs only after the @",
            ),
            ("qa@example.com", ["qb@examples.com", "x@y.z"], "'qb@examples.com' comes near"),
            ("qa@example.com", ["x@y.z", "boss@shop.example"], ""),
            ("qa@example.com", [], ""),
            ("shop", ["noreply@sho.example"], "has only 'sho' of it"),
        ],
    )
    def test_told(self, wanted: str, there: list[str], told: str) -> None:
        assert people(wanted, *there) == told


def test_name_of_a_field() -> None:
    assert of_name("X-Campaign", ["Subject", "X-Campain"]) == "'X-Campain' comes near"
    assert of_name("X-Campaign", ["Subject"]) == ""


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "less than a second"),
        (1.5, "1 second"),
        (119, "119 seconds"),
        (720, "12 minutes"),
        (7200, "2 hours"),
        (47 * 3600, "47 hours"),
        (1e6, "11 days"),
    ],
)
def test_apart(seconds: float, told: str) -> None:
    assert apart(timedelta(seconds=seconds)) == told


class TestConditions:
    """What each kind of criterion says."""

    RECEIVED = parse_moment("since", "2026-03-03T10:00:00+00:00").start
    EMAIL = Email(
        b"From: Shop <noreply@shop.example>\r\nTo: qa+2@example.com\r\nSubject: Your invoice\r\n"
        b"Cc: Ann <ann@example.com>\r\nX-Campaign: spring\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000"
        b"\r\n\r\nYour code is 41.\r\n",
        uid=7,
        flags=["\\Seen", "Work"],
        received=RECEIVED,
        size=700,
        extent=Extent.WHOLE,
    )

    @pytest.mark.parametrize(
        ("wanted", "told"),
        [
            ({"subject": "Your code"}, "subject is 'Your invoice' (has only 'your' of it)"),
            ({"sender": "shop@shop.example"}, ("sender is 'Shop <noreply@shop.example>' "
            "(differs only before the @)")),
            ({"recipient": "qa+1@example.com"}, ("recipient is 'qa+2@example.com, Ann "
            "<ann@example.com>' ('qa+2@example.com' differs only before the @)")),
            ({"cc": "ann@example.org"}, ("cc is 'Ann <ann@example.com>' "
            "(differs only after the @)")),
            ({"header": "X-Campaign: springs"}, ("X-Campaign is 'spring' "
            "(has only 'spring' of it)")),
            ({"header": "X-Campain"}, "it has none ('X-Campaign' comes near)"),
            ({"header": "List-Id"}, "it has none"),
            ({"body": "code is 42"}, "body is 'Your code is 41.' (has only 'code is 4' of it)"),
            ({"text": "code is 42"}, "text is 'Your code is 41.' (has only 'code is 4' of it)"),
            ({"link": "confirm"}, "it has no links"),
            ({"attachment": "a.pdf"}, "it has no attachments"),
            ({"has_attachments": True}, "it has none"),
            ({"status": "unseen flagged"}, "flags are Work \\Seen (it is SEEN and UNFLAGGED)"),
            ({"status": "keyword Play unkeyword work"}, "flags are Work \\Seen (it is UNKEYWORD Play and KEYWORD work)"),
            ({"keyword": "Work Play"}, "flags are Work \\Seen (lacks Play)"),
            ({"larger": 999}, "size is 700 (300 bytes too small)"),
            ({"larger": 700}, "size is 700 (1 byte too small)"),
            ({"smaller": 700}, "size is 700 (1 byte too large)"),
            ({"since": "2026-03-03T10:12Z"}, ("it was received 2026-03-03 10:00:00 +0000 "
            "(12 minutes too early)")),
            ({"before": "2026-03-03T10:00Z"}, ("it was received 2026-03-03 10:00:00 +0000 "
            "(less than a second too late)")),
            ({"on": parse_moment("on", "2026-03-04T12:00+00:00").start},
            "it was received 2026-03-03 10:00:00 +0000 (14 hours too early)"),
            ({"on": parse_moment("on", "2026-03-02T12:00+00:00").start},
            "it was received 2026-03-03 10:00:00 +0000 (10 hours too late)"),
            ({"sent_since": "2026-03-03T09:00:30Z"}, ("it was sent 2026-03-03 09:00:00 +0000 "
            "(30 seconds too early)")),
            ({"uid": "9:12"}, "UID is 7 (2 too low)"),
            ({"uid": "1:3,5"}, "UID is 7 (2 too high)"),
            ({"not_subject": "invoice"}, "subject is 'Your invoice'"),
        ],
    )  # fmt: skip
    def test_told(self, wanted: dict[str, Any], told: str) -> None:
        assert missed(self.EMAIL, **wanted) == told

    def test_without_flags_or_date(self) -> None:
        email = Email(b"Subject: x\r\n\r\n")
        assert missed(email, keyword="Work") == "it has no flags"
        assert missed(email, since="2026-03-03") == "no date received"

    def test_links(self) -> None:
        assert missed(Email(HTML.encode()), link="https://shop.example/confirm?t=3") == (
            "links are 'https://shop.example/reset?t=1, https://shop.example/confirm?t=2' "
            "('https://shop.example/confirm?t=2' has only 'https://shop.example/confirm?t=' of it)"
        )

    def test_attachments(self) -> None:
        email = Email(
            b"Content-Type: application/pdf; name=invoice-41.pdf\r\n"
            b"Content-Disposition: attachment\r\n\r\nx"
        )
        assert missed(email, attachment="invoice-42.pdf") == (
            "attachments are 'invoice-41.pdf' (has only 'invoice-4' of it)"
        )
        assert missed(email, attachment="application/ms*") == (
            "attachments are 'application/pdf' (has only 'application/' of it)"
        )
