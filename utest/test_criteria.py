"""What a criterion means, what SEARCH is asked for it, and that a cut email never misleads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, get_args, get_type_hints

import pytest
from corpus import SAMPLES, Sample
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import message

from ImapLibrary.criteria.criteria import UNREAD, Criteria, CriteriaArguments, criteria
from ImapLibrary.errors import IncompleteEmail, InvalidArgument, MarkMismatch
from ImapLibrary.imap.habits import Habits, habits_of
from ImapLibrary.location import Location
from ImapLibrary.mail.comparing import fold
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent

TEXTS = st.text(max_size=30)
VISIBLE = TEXTS.filter(fold)


def matches(raw: bytes | Email, **given: Any) -> bool:
    email = raw if isinstance(raw, Email) else Email(raw)
    return not criteria(**given).misses(email)


def missed(raw: bytes, **given: Any) -> list[str]:
    return [criterion.name for criterion in criteria(**given).misses(Email(raw))]


class TestSubject:
    @pytest.mark.parametrize(
        ("subject", "wanted"),
        [
            ("Confirm your address", "your"),
            ("Confirm your address", "CONFIRM  your\taddress"),
            ("Confirm\r\n your\r\n\taddress", "Confirm your address"),
            ("=?utf-8?b?R3LDvMOfZSBhdXMgS8O2bG4=?=", "grüsse aus KÖLN"),
            ("=?utf-8?q?Your=C2=A0code?=", "your code"),
            ("=?utf-8?q?co=E2=80=8Bde?=", "code"),
            ("=?utf-8?q?Cafe=CC=81?=", "café"),
            ("=?utf-8?q?Best=C3=A4ti?= =?utf-8?q?gung?=", "bestätigung"),
        ],
    )
    def test_contains(self, subject: str, wanted: str) -> None:
        assert matches(message(subject), subject=wanted)

    def test_does_not_contain(self) -> None:
        assert missed(message("Your invoice"), subject="your code") == ["subject"]

    def test_no_subject(self) -> None:
        assert missed(b"From: a@example.com\r\n\r\n", subject="x") == ["subject"]


def sent_by(value: str) -> bytes:
    return message(**{"from": value})


class TestSender:
    @pytest.mark.parametrize(
        ("sender", "wanted"),
        [
            ("Shop <noreply@shop.example>", "noreply@shop.example"),
            ("Shop <NoReply@Shop.Example>", "noreply@shop.example"),
            ("Shop <noreply@shop.example>", " noreply@shop.example "),
            ("Shop <noreply@shop.example>", "shop"),
            ("Shop <noreply@shop.example>", "@shop.example"),
            ("Shop <noreply@shop.example>", "noreply@"),
            ("Shop <noreply@shop.example>", "Shop <noreply@shop.example>"),
            ("Shop <noreply@shop.example>", "<noreply@shop.example>"),
            ('"M\xfcller, J\xfcrgen" <j@example.com>', "müller, jürgen"),
            ("=?utf-8?q?J=C3=BCrgen?= <j@example.com>", "JÜRGEN"),
            ("a@example.com, b@example.com", "b@example.com"),
        ],
    )
    def test_met(self, sender: str, wanted: str) -> None:
        assert matches(sent_by(sender), sender=wanted)

    @pytest.mark.parametrize(
        ("sender", "wanted"),
        [
            ("qa+11@example.com", "qa+1@example.com"),
            ("xqa@example.com", "qa@example.com"),
            ("qa@example.com.evil.example", "qa@example.com"),
            ("qa@example.co", "qa@example.com"),
            ('"qa@example.com" <other@example.com>', "qa@example.com"),
            ("Shop <noreply@shop.example>", "shop@"),
        ],
    )
    def test_not_met(self, sender: str, wanted: str) -> None:
        assert missed(sent_by(sender), sender=wanted) == ["sender"]

    def test_nobody(self) -> None:
        assert missed(b"Subject: x\r\n\r\n", sender="x") == ["sender"]

    @given(st.from_regex(r"[a-z+]{1,5}@[a-z]{1,5}\.example", fullmatch=True), TEXTS)
    def test_a_whole_address_is_met_by_itself_alone(self, address: str, more: str) -> None:
        assert matches(sent_by(address), sender=address.upper())
        assert not matches(sent_by(f"x{address}"), sender=address)
        assert not matches(sent_by(f"{address}x"), sender=address)


class TestRecipient:
    @pytest.mark.parametrize(
        "header", ["To", "Cc", "Bcc", "Delivered-To", "X-Original-To", "Envelope-To"]
    )
    def test_wherever_it_stands(self, header: str) -> None:
        raw = f"From: a@example.com\r\n{header}: Q <qa+1@example.com>\r\n\r\n".encode()
        assert matches(raw, recipient="qa+1@example.com")
        assert matches(raw, recipient="qa+1")
        assert missed(raw, recipient="qa+11@example.com") == ["recipient"]

    def test_a_catch_all_names_it_in_a_second_delivered_to(self) -> None:
        raw = b"To: list@example.com\r\nDelivered-To: a@x.example\r\nDelivered-To: b@x.example\r\n\r\n"
        assert matches(raw, recipient="b@x.example")

    def test_the_sender_is_no_recipient(self) -> None:
        assert missed(message(), recipient="noreply@shop.example") == ["recipient"]

    def test_all_headers_are_searched(self) -> None:
        keys = b" ".join(criteria(recipient="qa@x.example").search_keys(Habits()))
        for header in (b"TO", b"CC", b"BCC", b"Delivered-To", b"X-Original-To", b"Envelope-To"):
            assert header + b' "qa@x.example"' in keys
        assert keys.count(b"OR") == 5


class TestText:
    @pytest.mark.parametrize(
        "raw",
        [
            message(text="Your code is 42"),
            message(text="Your =\r\ncode=20is 42", content_transfer_encoding="quoted-printable"),
            message(text="WW91ciBjb2RlIGlzIDQy", content_transfer_encoding="base64"),
            message(text="<p>Your <b>code</b> is&nbsp;42</p>", content_type="text/html"),
            message(text="<p title='Your code is 42'></p>", content_type="text/html"),
            message("Your code is 42"),
            message(x_note="Your code is 42"),
        ],
    )
    def test_wherever_it_is_written(self, raw: bytes) -> None:
        assert matches(raw, text="YOUR CODE IS 42")
        assert missed(raw, text="your code is 43") == ["text"]

    def test_in_the_name_of_an_attachment(self) -> None:
        (sample,) = (each for each in SAMPLES if each.name == "rfc_2231_names")
        names = [part.filename for part in Email(sample.raw).root.parts if part.filename]
        assert names
        assert all(matches(sample.raw, text=name) for name in names)


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "flags", "met"),
        [
            ("UNSEEN", (), True),
            ("unseen", ("\\seen",), False),
            ("SEEN", ("\\Seen",), True),
            ("SEEN FLAGGED", ("\\Seen",), False),
            (" seen  flagged ", ("\\Flagged", "\\Seen"), True),
            ("UNSEEN UNANSWERED", ("\\Answered",), False),
            ("SEEN, FLAGGED", ("\\Seen",), False),
            ("seen,flagged,", ("\\Flagged", "\\Seen"), True),
            ("SEEN,KEYWORD foo,KEYWORD bar", ("\\Seen", "Foo", "Bar"), True),
            ("DELETED", (), False),
            ("UNDELETED UNDRAFT UNFLAGGED", ("$Other",), True),
            ("ALL", ("\\Seen",), True),
            ("KEYWORD foo", ("Foo",), True),
            ("keyword $Foo UNSEEN", ("$foo",), True),
            ("KEYWORD foo", ("\\Seen", "Bar"), False),
            ("UNKEYWORD foo", (), True),
            ("SEEN unkeyword foo", ("\\Seen", "FOO"), False),
            ("KEYWORD unseen", ("unseen",), True),
            ("KEYWORD keyword KEYWORD foo", ("keyword", "foo"), True),
        ],
    )
    def test_flags(self, status: str, flags: tuple[str, ...], met: bool) -> None:
        assert matches(Email(message(), flags=flags), status=status) is met

    @pytest.mark.parametrize(
        ("status", "hint"),
        [
            ("URGENT", ""),
            ("UNREAD", "Did you mean 'UNSEEN'? "),
            ("FLAGGED read", "Did you mean 'SEEN'? "),
        ],
    )
    def test_unknown(self, status: str, hint: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(status=status)
        assert str(caught.value) == (
            f"There is no status {status.upper().split()[-1]!r}. {hint}An email can be asked for by "
            "ALL, ANSWERED, DELETED, DRAFT, FLAGGED, KEYWORD, NEW, OLD, RECENT, SEEN, UNANSWERED, "
            "UNDELETED, UNDRAFT, UNFLAGGED, UNKEYWORD, UNSEEN."
        )

    def test_the_server_is_asked_for_keywords_as_they_are_written(self) -> None:
        keys = criteria(status="unseen keyword $Foo unkeyword bar").search_keys(Habits())
        assert keys == [b"UNSEEN", b"KEYWORD", b"$Foo", b"UNKEYWORD", b"bar"]

    @pytest.mark.parametrize(
        ("status", "key", "given"),
        [
            ("SEEN keyword", "KEYWORD", "there is none"),
            ("UNKEYWORD \\Seen", "UNKEYWORD", "'\\\\Seen' is none"),
            ("KEYWORD a*", "KEYWORD", "'a*' is none"),
        ],
    )
    def test_a_keyword_has_a_name(self, status: str, key: str, given: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(status=status)
        assert str(caught.value) == (
            f"The status {key} must be followed by the name of a flag, such as {key} $Forwarded; "
            f"{given}."
        )

    @pytest.mark.parametrize(
        "status", ["UNSEEN OR SEEN", "UNSEEN 1:*", "KEYWORD (x)", "NOT SEEN", "KEYWORD a b"]
    )
    def test_nothing_else_of_search_gets_through(self, status: str) -> None:
        with pytest.raises(InvalidArgument):
            criteria(status=status)


TEXTUAL = [
    name for name, hint in get_type_hints(CriteriaArguments).items() if str in get_args(hint)
]


TOLD = ["sender", "recipient", "subject", "text", "status"]
TOLD += ["not_sender", "not_subject", "not_header", "not_body", "not_keyword"]


class TestGiven:
    @pytest.mark.parametrize("name", TOLD)
    @pytest.mark.parametrize(
        "value", ["", " ", "\t", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE} \N{SOFT HYPHEN}"]
    )
    def test_an_empty_criterion_is_a_failure_that_names_it(self, name: str, value: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(**{name: value})
        assert str(caught.value) == (
            f"The criterion {name} is empty, which would match "
            f"{'no' if name.startswith('not_') else 'every'} email. Leave it out if you "
            "mean that; if it comes from a variable, the variable has no value."
        )

    @pytest.mark.parametrize("name", ["status", "keyword", "not_keyword"])
    def test_commas_alone_name_no_flag(self, name: str) -> None:
        with pytest.raises(InvalidArgument, match=f"^The criterion {name} is empty, which would "):
            criteria(**{name: ", ,"})

    @pytest.mark.parametrize("name", TOLD)
    @pytest.mark.parametrize(
        ("character", "called"),
        [("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "NUL")],
    )
    def test_what_ends_a_command_is_refused(self, name: str, character: str, called: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(**{name: f'x"{character}ZZ1 DELETE Important'})
        assert str(caught.value) == (
            f"The criterion {name} contains {called}, which no IMAP command can carry. Nothing was "
            "sent."
        )

    @pytest.mark.parametrize("name", TEXTUAL)
    @pytest.mark.parametrize("character", ["\r", "\n", "\0"])
    @pytest.mark.parametrize("begin", ["", "x", "7", "X-Tag: x", "2026-01-01", "exact:x"])
    def test_nor_does_any_other_let_it_through(self, name: str, character: str, begin: str) -> None:
        with pytest.raises(InvalidArgument):
            criteria(**{name: f"{begin}{character}ZZ1 DELETE Important"})
        with pytest.raises(InvalidArgument):
            criteria(**{name: f"{begin}{character}"})

    def test_all_must_hold(self) -> None:
        assert matches(message("Code"), subject="code", sender="shop", text="some")
        assert missed(message("Code"), subject="code", sender="bank", text="none") == ["sender"]
        assert missed(message("Code"), subject="x", sender="bank") == ["sender", "subject"]

    def test_none_are_met_by_all(self) -> None:
        assert criteria().search_keys(Habits()) == [b"ALL"]
        assert matches(message())

    def test_unread_stands_in_for_them(self) -> None:
        assert str(UNREAD) == "unread"
        assert UNREAD.search_keys(Habits()) == [b"UNSEEN"]

    def test_they_are_told_as_they_were_given(self) -> None:
        assert str(criteria(subject="a", status="seen")) == "status 'seen' and subject 'a'"
        assert str(criteria(not_subject="a")) == "not_subject 'a'"


def received(date: str, raw: bytes = b"") -> Email:
    return Email(raw or message(), uid=7, received=datetime.fromisoformat(date))


class TestHeader:
    RAW = message(x_campaign="Spring =?utf-8?q?f=C3=BCr?= you", reply_to="help@shop.example")

    @pytest.mark.parametrize(
        "wanted",
        ["X-Campaign: spring für", "x-campaign:exact:Spring für you", "Reply-To", "reply-to: help"],
    )
    def test_met(self, wanted: str) -> None:
        assert matches(self.RAW, header=wanted)
        assert not matches(self.RAW, not_header=wanted)

    @pytest.mark.parametrize("wanted", ["X-Campaign: autumn", "X-Other", "Subject: spring"])
    def test_not_met(self, wanted: str) -> None:
        assert missed(self.RAW, header=wanted) == ["header"]

    def test_each_value_of_a_repeated_field_counts(self) -> None:
        raw = b"X-Tag: one\r\nX-Tag: two\r\n\r\n"
        assert matches(raw, header="X-Tag: exact:two")

    def test_keys(self) -> None:
        keys = criteria(header="X-Tag: big offer").search_keys(Habits())
        assert keys == [b"HEADER", b"X-Tag", b'"offer"']
        assert criteria(header="X-Tag").search_keys(Habits()) == [b"HEADER", b"X-Tag", b'""']

    @pytest.mark.parametrize("value", [": x", "a b: c", "Grüße: x"])
    def test_no_name(self, value: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(header=value)
        assert str(caught.value) == (
            "The criterion header must be like 'X-Campaign: spring', or a name alone; "
            f"{value!r} has no such name."
        )


class TestBody:
    ALTERNATIVE = (
        b"Subject: Your code\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nPlain words\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p class=hint>Rich&nbsp;<b>words</b></p>\r\n--b--\r\n"
    )

    @pytest.mark.parametrize("wanted", ["plain words", "rich words", "regexp:^Rich"])
    def test_what_one_reads(self, wanted: str) -> None:
        assert matches(self.ALTERNATIVE, body=wanted)

    @pytest.mark.parametrize("wanted", ["your code", "hint", "<b>"])
    def test_not_what_one_does_not_read(self, wanted: str) -> None:
        assert missed(self.ALTERNATIVE, body=wanted) == ["body"]
        assert matches(self.ALTERNATIVE, not_body=wanted)


class TestLink:
    HTML = (
        b"Content-Type: text/html\r\n\r\n"
        b'<a href="https://shop.example/confirm?id=1&amp;x=2">Confirm now</a>'
        b'<a href="https://shop.example/hidden" style="display:none">Hidden</a>\r\n'
    )

    @pytest.mark.parametrize(
        "wanted", ["confirm?id=1&x=2", "confirm now", "regexp:/confirm\\?id=\\d"]
    )
    def test_met(self, wanted: str) -> None:
        assert matches(self.HTML, link=wanted)
        assert not matches(self.HTML, not_link=wanted)

    def test_plain_text_has_links_too(self) -> None:
        assert matches(
            message(text="See https://shop.example/a."), link="exact:https://shop.example/a"
        )

    @pytest.mark.parametrize("wanted", ["hidden", "display", "exact:confirm"])
    def test_not_met(self, wanted: str) -> None:
        assert missed(self.HTML, link=wanted) == ["link"]


def with_file(name: str, media_type: str, disposition: str = "attachment") -> bytes:
    return (
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n"
        + f"--b\r\nContent-Type: {media_type}; name={name}\r\n".encode()
        + f"Content-Disposition: {disposition}\r\n\r\nx\r\n--b--\r\n".encode()
    )


class TestAttachment:
    PDF = with_file("Invoice-17.pdf", "application/pdf")

    @pytest.mark.parametrize(
        "wanted", ["invoice", "glob:invoice-*.pdf", "application/pdf", "application/*"]
    )
    def test_met(self, wanted: str) -> None:
        assert matches(self.PDF, attachment=wanted, has_attachments=True)
        assert not matches(self.PDF, not_attachment=wanted)

    @pytest.mark.parametrize("wanted", ["exact:invoice", "image/*", "application/p", ".doc"])
    def test_not_met(self, wanted: str) -> None:
        assert missed(self.PDF, attachment=wanted) == ["attachment"]

    def test_none(self) -> None:
        assert matches(message(), has_attachments=False)
        assert missed(message(), has_attachments=True) == ["has_attachments"]
        assert missed(self.PDF, has_attachments=False) == ["has_attachments"]

    def test_files_beyond_the_first_bytes_may_be_the_ones(self) -> None:
        cut = Email(self.PDF[:80], size=len(self.PDF))
        with pytest.raises(IncompleteEmail):
            matches(cut, attachment="invoice")
        with pytest.raises(IncompleteEmail):
            matches(cut, has_attachments=False)


class TestKeyword:
    def test_all_of_them(self) -> None:
        email = Email(message(), flags=["$Forwarded", "Work", "\\Seen"])
        assert matches(email, keyword="$forwarded WORK")
        assert not matches(email, keyword="Work Play")
        assert matches(email, keyword="$forwarded, work")
        assert not matches(email, keyword="Work,Play")
        assert not matches(email, not_keyword="Work,$Forwarded")
        assert matches(email, not_keyword="Play")
        assert criteria(keyword="$A b").search_keys(Habits()) == [
            b"KEYWORD",
            b"$A",
            b"KEYWORD",
            b"b",
        ]

    def test_a_failure_names_the_opposite(self) -> None:
        with pytest.raises(InvalidArgument, match="^The criterion not_keyword must be the name of"):
            criteria(not_keyword="\\Seen")

    @pytest.mark.parametrize("value", ["\\Seen", "a(b", 'a"b', "ü", "a]"])
    def test_no_flag(self, value: str) -> None:
        with pytest.raises(InvalidArgument, match="must be the name of a flag, such as"):
            criteria(keyword=value)

    @pytest.mark.parametrize("name", ["keyword", "not_keyword"])
    def test_flags_of_imap_are_asked_for_by_status(self, name: str) -> None:
        """As keywords they would be on no email: one would find none, the other one all."""
        with pytest.raises(InvalidArgument) as caught:
            criteria(**{name: "Work seen"})  # type: ignore[typeddict-item]
        assert str(caught.value) == (
            f"The criterion {name} is about flags of a client's own, and 'seen' is one of IMAP. Use "
            "status=SEEN, or status=UNSEEN for emails without it."
        )


class TestSize:
    def test_more_or_less(self) -> None:
        email = Email(b"\r\n", size=100)
        assert matches(email, larger=99, smaller=101)
        assert not matches(email, larger=100)
        assert not matches(email, smaller=100)
        assert criteria(larger=5).search_keys(Habits()) == [b"LARGER", b"5"]

    def test_negative(self) -> None:
        with pytest.raises(InvalidArgument, match="larger can't be negative"):
            criteria(larger=-1)


class TestDates:
    EMAIL = received("2026-03-03T10:00:00+00:00", message(date="Mon, 2 Mar 2026 23:30:00 -0800"))

    @pytest.mark.parametrize(
        "wanted",
        [
            {"since": "2026-03-03T10:00Z"},
            {"since": "2026-03-01"},
            {"before": "2026-03-03T10:00:01Z"},
            {"before": "05-Mar-2026"},
            {"on": datetime(2026, 3, 3, 20, tzinfo=timezone.utc)},
            {"sent_since": "2026-03-03T07:30Z"},
            {"sent_before": "2026-03-03T07:31Z"},
            {"sent_on": datetime(2026, 3, 3, tzinfo=timezone.utc)},
        ],
    )
    def test_met(self, wanted: dict[str, Any]) -> None:
        assert matches(self.EMAIL, **wanted)

    @pytest.mark.parametrize(
        "wanted",
        [
            {"since": "2026-03-03T10:00:01Z"},
            {"before": "2026-03-03T10:00Z"},
            {"on": datetime(2026, 3, 4, tzinfo=timezone.utc)},
            {"sent_since": "2026-03-03T07:31Z"},
            {"sent_before": "2026-03-03T07:30Z"},
            {"sent_on": datetime(2026, 3, 2, tzinfo=timezone.utc)},
        ],
    )
    def test_not_met(self, wanted: dict[str, Any]) -> None:
        assert not matches(self.EMAIL, **wanted)

    def test_without_a_date_none_is_met(self) -> None:
        assert missed(message(), sent_since="2000-01-01") == ["sent_since"]
        assert missed(message(), before="2100-01-01") == ["before"]

    def test_servers_are_asked_a_day_more(self) -> None:
        assert criteria(since="2026-03-03T10:00Z").search_keys(Habits()) == [
            b"SINCE",
            b"2-Mar-2026",
        ]
        assert criteria(sent_before="2026-03-03T10:00Z").search_keys(Habits()) == [
            b"SENTBEFORE",
            b"5-Mar-2026",
        ]
        day = datetime(2026, 3, 3, 12, tzinfo=timezone.utc)
        assert criteria(on=day).search_keys(Habits()) == [
            b"SINCE",
            b"2-Mar-2026",
            b"BEFORE",
            b"6-Mar-2026",
        ]


class TestUid:
    @pytest.mark.parametrize("value", ["7", "1:7", "9:7", "7:*", "1,7", "3:5,7:8"])
    def test_met(self, value: str) -> None:
        assert matches(Email(message(), uid=7), uid=value)

    @pytest.mark.parametrize("value", ["8", "8:*", "1:6,8"])
    def test_not_met(self, value: str) -> None:
        assert not matches(Email(message(), uid=7), uid=value)

    @pytest.mark.parametrize(
        "value", ["0", "x", "1:", "1 2", "1,", "-1", "1\N{ARABIC-INDIC DIGIT TWO}"]
    )
    def test_no_uid(self, value: str) -> None:
        with pytest.raises(InvalidArgument, match="uid must be a UID or a set of them"):
            criteria(uid=value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("header", "Subject: "), ("header", "Subject:"), ("has_attachments", "")],
    )
    def test_what_has_no_value_is_empty(self, name: str, value: Any) -> None:
        with pytest.raises(InvalidArgument, match=f"The criterion {name} is empty, which would"):
            criteria(**{name: value})

    @pytest.mark.parametrize("name", ["subject", "body", "header", "search", "not_text"])
    def test_half_a_character(self, name: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(**{name: "a\udce9"})
        assert str(caught.value) == (
            f"The criterion {name} holds '\\udce9', which is no character but half of one, and "
            "can't be sent."
        )

    def test_an_email_is_of_one_folder(self) -> None:
        here = Location("imap.example.com", 993, "qa", "INBOX", 7)
        wanted = criteria(uid=Email(message(), uid=7, location=here))
        assert wanted.about_one_folder
        wanted.check_location(here)
        with pytest.raises(MarkMismatch):
            wanted.check_location(replace(here, folder="Archive"))

    def test_a_number_is_of_any_folder(self) -> None:
        wanted = criteria(uid="7")
        assert not wanted.about_one_folder
        wanted.check_location(Location("imap.example.com", 993, "qa", "Archive", 8))


class TestSearch:
    @pytest.mark.parametrize("value", ["SUBJECT {5}", "SUBJECT {5+} ", "NOT BODY ~{17}"])
    def test_what_announces_more_to_come_is_refused(self, value: str) -> None:
        # The server would take the next command for it.
        with pytest.raises(InvalidArgument) as caught:
            criteria(search=value)
        literal = value.split()[-1].lstrip("~")
        assert str(caught.value) == (
            f"The criterion search ends with {literal}, which makes the server wait for more. If "
            "that is text to search for, put it in quotes."
        )

    def test_as_text_it_is_none(self) -> None:
        assert criteria(search='SUBJECT "{5}"').search_keys(Habits()) == [b"SUBJECT", b'"{5}"']
        assert criteria(search="{5} x").search_keys(Habits()) == [b"{5}", b"x"]
        assert criteria(gmail="{5}").search_keys(Habits()) == [b"X-GM-RAW", b'"{5}"']


class TestInstead:
    @pytest.mark.parametrize(
        ("wanted", "instead"),
        [
            ({"cc": "x"}, "cc is 'b@example.com'"),
            ({"link": "x"}, "it has no links"),
            ({"attachment": "x"}, "it has no attachments"),
            ({"has_attachments": True}, "it has none"),
            ({"header": "X-Tag: x"}, "X-Tag is 'one'"),
            ({"header": "X-Other: x"}, "it has none"),
            ({"keyword": "x"}, "flags are \\Seen"),
            ({"larger": 1000}, "size is 5"),
            ({"before": "2000-01-01"}, "it was received 2026-03-03 10:00:00 +0000"),
            ({"sent_since": "2000-01-01"}, "no date sent"),
            ({"uid": "9"}, "UID is 7"),
            ({"search": "OLD"}, "the server does not find it"),
        ],
    )
    def test_what_it_has(self, wanted: dict[str, Any], instead: str) -> None:
        email = Email(
            message(cc="b@example.com", x_tag="one"),
            uid=7,
            flags=["\\Seen"],
            size=5,
            received=datetime(2026, 3, 3, 10, tzinfo=timezone.utc),
            extent=Extent.WHOLE,
        )
        (condition,) = criteria(**wanted).conditions
        assert condition.instead(email) == instead


class TestSearchKeys:
    @pytest.mark.parametrize(
        ("value", "key"),
        [
            ("invoice", b'"invoice"'),
            ("Your invoice 17", b'"invoice"'),
            ("Grüße aus Koeln", b'"Koeln"'),
            ("noreply@shop.example", b'"noreply@shop.example"'),
            ("Your\N{NO-BREAK SPACE}code", b'"Your"'),
            ("確認", "確認".encode()),
            ('tell "hi"', b'"tell"'),
            ('"\\', b'"\\"\\\\"'),
            ("  ??  ", b'"??"'),
        ],
    )
    def test_the_word_that_servers_find(self, value: str, key: bytes) -> None:
        assert criteria(subject=value).search_keys(Habits()) == [b"SUBJECT", key]

    @pytest.mark.parametrize(
        ("wanted", "keys"),
        [
            ({"sender": "qa@x.example"}, [b"FROM", b'"qa@x.example"']),
            ({"cc": "qa@x.example"}, [b"CC", b'"qa@x.example"']),
            ({"body": "invoice"}, [b"BODY", b'"invoice"']),
            ({"keyword": "$a b"}, [b"KEYWORD", b"$a", b"KEYWORD", b"b"]),
            ({"larger": 7, "smaller": 9}, [b"LARGER", b"7", b"SMALLER", b"9"]),
            ({"uid": "2:9"}, [b"UID", b"2:9"]),
            ({"not_subject": "x", "not_keyword": "x"}, [b"ALL"]),
        ],
    )
    def test_each_has_its_own(self, wanted: dict[str, Any], keys: list[bytes]) -> None:
        assert criteria(**wanted).search_keys(Habits()) == keys

    @pytest.mark.parametrize(
        ("wanted", "keys"),
        [
            ({"sender": "sales@x.example"}, [b"HEADER", b"FROM", b'"ales@x.example"']),
            ({"cc": "qa@x.example"}, [b"HEADER", b"CC", b'"qa@x.example"']),
            ({"sender": "The Shop"}, [b"ALL"]),
        ],
    )
    def test_greenmail_finds_a_part_of_an_address_in_the_header_alone(
        self, wanted: dict[str, Any], keys: list[bytes]
    ) -> None:
        habits = habits_of(b"* OK IMAP4rev1 Server GreenMail v2.1.13 ready", lambda _: False)
        assert criteria(**wanted).search_keys(habits) == keys

    @given(VISIBLE.filter(lambda text: not set(text) & set("\r\n\0")))
    def test_a_key_is_one_string_of_imap(self, value: str) -> None:
        *_, key = criteria(text=value).search_keys(Habits())
        if key == b"ALL":
            return  # nothing in the text compares alike everywhere
        if key.isascii():
            assert key[:1] == key[-1:] == b'"'
            inner = key[1:-1].replace(b"\\\\", b"").replace(b'\\"', b"")
            assert b'"' not in inner
            assert b"\\" not in inner
        assert not set(key) & set(b"\r\n\0")


LINE = st.sampled_from(
    ["Your code is 42", "", "x" * 50, "a=C3=BCb", "<b>bold</b>", "--b", "R3LDvA=="]
)
HEADER = st.sampled_from(
    [
        "Content-Type: text/plain",
        "Content-Type: text/html; charset=utf-8",
        'Content-Type: application/pdf; name="code 42.pdf"',
        "Content-Disposition: attachment; filename*=utf-8''gr%C3%BC%C3%9Fe.pdf",
        'Content-Disposition: inline; filename="bold.txt"',
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable",
        "Subject: =?utf-8?q?a=C3=BCb_code?=",
    ]
)
PART = st.tuples(st.lists(HEADER, max_size=3), st.lists(LINE, max_size=3))


@st.composite
def emails(draw: st.DrawFn) -> bytes:
    """Multiparts, in one of which another may lie, and what they hold in all encodings."""
    kind = draw(st.sampled_from(["mixed", "alternative", "related"]))
    lines = ["Subject: Code", f"Content-Type: multipart/{kind}; boundary=b", ""]
    for headers, text in draw(st.lists(PART, max_size=4)):
        lines += ["--b", *headers, "", *text]
    return "\r\n".join([*lines, "--b--", ""]).encode()


WORDS = (
    "code",
    "42",
    "grü",
    "bold",
    "<b>",
    "b>",
    "aüb",
    "pdf",
    "utf-8",
    "c3",
    "x",
    "bold.t",
    "--b",
)


def answer(conditions: Criteria, email: Email) -> tuple[str, ...] | None:
    try:
        return tuple(criterion.name for criterion in conditions.misses(email))
    except IncompleteEmail:
        return None


MISLEADING = {
    "html before the plain text": (
        'multipart/alternative; boundary="b"',
        ["--b", "Content-Type: text/html", "", "<p>Gr&uuml;n</p>", "--b", "", "Other", "--b--"],
        ["grün", "gr&uuml", "other"],
    ),
    "half a tag": (
        "text/html; charset=utf-8",
        ["<p>One</p><!-- two --><b title='three'>four</b>"],
        ["<p", "-- two", "title", "one four", "onefour", "two"],
    ),
    "a file after the text": (
        'multipart/related; boundary="b"',
        ["--b", "Content-Type: text/html", "", "<p>Hi</p>", "--b"]
        + ["Content-Type: image/png; name=second.png", "", "xx", "--b--"],
        ["second", "hi"],
    ),
    "a name that another one replaces": (
        'multipart/mixed; boundary="b"',
        ["--b", "", "Hi", "--b", "Content-Type: application/pdf; name=one.pdf"]
        + ['Content-Disposition: attachment; filename="two.pdf"', "", "xx", "--b--"],
        ["one", "two", '"two', "hi"],
    ),
    "half a character": (
        "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
        ["aa=C3=BCbb=E2=82=AC"],
        ["=c3", "aaübb", "aa\N{LATIN CAPITAL LETTER A WITH TILDE}", "\N{REPLACEMENT CHARACTER}"],
    ),
}


class TestCutEmails:
    """What the first bytes say is what the whole says, or nothing."""

    @pytest.mark.parametrize("name", MISLEADING)
    def test_at_every_byte(self, name: str) -> None:
        content_type, lines, words = MISLEADING[name]
        raw = message("Code", "\r\n".join(lines), content_type=content_type)
        cuts = [Email(raw[:size], extent=Extent.PREFIX) for size in range(len(raw))]
        for word in words:
            conditions = criteria(text=word)
            said = {answer(conditions, cut) for cut in cuts}
            assert said <= {None, answer(conditions, Email(raw))}, word

    @settings(max_examples=300)
    @given(emails(), st.data())
    def test_made(self, raw: bytes, data: st.DataObject) -> None:
        cut = Email(raw[: data.draw(st.integers(0, len(raw)))], extent=Extent.PREFIX)
        conditions = criteria(text=data.draw(st.sampled_from(WORDS)))
        said = answer(conditions, cut)
        assert said is None or said == answer(conditions, Email(raw))

    @settings(max_examples=20)
    @given(st.data())
    @pytest.mark.parametrize("sample", SAMPLES, ids=str)
    def test_odd(self, sample: Sample, data: st.DataObject) -> None:
        whole = Email(sample.raw)
        cut = Email(sample.raw[: data.draw(st.integers(0, len(sample.raw)))], extent=Extent.PREFIX)
        texts = [whole.subject, whole.sender, whole.text, whole.html, cut.text_so_far]
        texts += cut.headers_so_far.lines
        words = sorted({word for text in texts for word in text.split() if fold(word)})
        word = data.draw(st.sampled_from(words or ["x"])).replace("\0", "") or "x"
        for name in ("subject", "sender", "recipient", "text"):
            conditions = criteria(**{name: word})
            said = answer(conditions, cut)
            assert said is None or said == answer(conditions, whole)
