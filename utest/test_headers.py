"""Header fields as senders write them, and as people read them."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.mime.headers import (
    Address,
    Headers,
    decode_header,
    decode_words,
    parse_addresses,
    parse_date,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Hello", "Hello"),
        ("  Hello ", "Hello"),
        ("one\r\n two\r\n\tthree", "one two three"),
        ("one\ntwo", "one two"),
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("a=?utf-8?q?b?=c", "abc"),
        ("(=?utf-8?q?a?=)", "(a)"),
        ("=?utf-8?q?a_b=20c?=", "a b c"),
        ("=?utf-8?q?a b?=", "a b"),
        ("=?utf-8?q?a?b?=", "a?b"),
        ("=?utf-8?q??=", ""),
        ("=?utf-8*de?q?=C3=BC?=", "ü"),
        ("=?x-nobody-knows?q?=C3=BC?=", "ü"),
        ("=??q?a?=", "a"),
        ("J\udcc3\udcbcrgen", "Jürgen"),
        ("J\udcfcrgen", "Jürgen"),
        ("\x1b$B%F%9%H\x1b(B", "テスト"),
        # A word that hides line ends must not give two lines.
        ("=?utf-8?q?a=0D=0ABcc:_b?=", "a  Bcc: b"),
        # Some senders fold within a word.
        ("=?utf-8?Q?Gr=C3=BC\r\n =C3=9Fe?=", "Grü ße"),
        ("=?utf-8?B?R3LDvM\r\n OfZQ==?=", "Grüße"),
        ("=?utf-8?Q?Gr=C3=BC=C3?=", "Grü\N{REPLACEMENT CHARACTER}"),
        ("1 = 2 ? 3 =? 4", "1 = 2 ? 3 =? 4"),
    ],
)
def test_a_value_is_decoded_and_on_one_line(value: str, text: str) -> None:
    assert decode_header(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        ("=?utf-8?b?w?= =?utf-8?b?7w=?=", "ü"),
        ("=?utf-8?b?w7w=?= =?utf-8?b?w7w=?=", "üü"),
        ("=?utf-8?B?w7w=?= =?utf-8?Q?=C3=BC?= =?utf-8?B?w7w=?=", "üüü"),
        ("=?utf-8?B?SGVsbG8?= =?utf-8?B?IHdvcmxk?=", "Hello world"),
        ("=?utf-8?B?SGVsbG8?=\r\n =?utf-8?B?w7w?= =?utf-8?B?IQ?=", "Helloü!"),
        ("=?utf-8?B?w7zDvA?= =?utf-8?B?w7zDvA?=", "üüüü"),
        ("=?utf-8?B?R3LDvMOfZSBhdXMgTc?= =?utf-8?B?O8bmNoZW4?=", "Grüße aus München"),
        ("=?utf-8?B?w?= =?utf-8?B?7w?=", "ü"),
        ("=?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=", "üü"),
        ("=?utf-8?q?=C3?= =?utf-8*de?q?=BC?=", "ü"),
    ],
)
def test_neighbours_are_decoded_together(value: str, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize("value", ["=?utf-8?q?a", "=?utf-8?z?x?=", "=?utf-8?q?a=", "=??=", "=?"])
def test_what_is_no_encoded_word_stays(value: str) -> None:
    assert decode_words(value) == value


def test_unfinished_words_without_end_take_no_square_time() -> None:
    for piece in ("=?utf-8?q?", "=?utf-8?q?a?= ", "=?", "?="):
        assert_no_square_time(lambda count, piece=piece: decode_words(piece * count), 25_000)


@pytest.mark.parametrize(
    "piece",
    ['"a\\', "(a(", "(()", "<a;", "[", "a@", "a@b,", "a ", 'a" ', ":00", "(", "=", "\r", "\n"],
)
def test_hostile_values_take_no_square_time(piece: str) -> None:
    def read(length: int) -> None:
        value = piece * (length // len(piece))
        decode_header(value)
        parse_addresses(value)
        parse_date(value)

    assert_no_square_time(read, 25_000)


@pytest.mark.parametrize(
    ("value", "charset", "text"),
    [
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("測試".encode("big5"), "big5", "測試"),
        ("Grüße".encode(), "big5", "Grüße"),
        ("件名".encode("iso2022_jp"), "", "件名"),
    ],
)
def test_raw_bytes_are_likely_in_the_charset_of_the_text(
    value: bytes, charset: str, text: str
) -> None:
    raw = value.decode("ascii", "surrogateescape")
    assert decode_header(raw, charset) == text
    headers = Headers([("Subject", raw), ("From", f"{raw} <a@b.c>")], charset)
    assert headers["subject"] == text
    assert headers.addresses("FROM") == (Address(text, "a@b.c"),)
    assert headers.raw("subject") == raw
    assert headers.raw("missing") == ""


def test_a_name_without_address_has_none() -> None:
    assert parse_addresses("Mail System <>") == [Address("Mail System", "")]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(WORDS, min_size=1, max_size=20), st.sampled_from(["utf-8", "gb18030"]))
def test_what_the_standard_library_encodes_comes_back(words: list[str], charset: str) -> None:
    text = " ".join(words)
    assert decode_header(Header(text, charset).encode()) == text


ODD = st.lists(
    st.sampled_from(
        ["=?utf-8?q?", "=?", "?=", "=C3", "\udcff", '"', "\\", "(", ")", "<", ">", ",", ";", ":"]
        + ["@", " ", "\r\n ", "\0", "\x1b$B", "ü", "[", "]"]
    )
    | st.text(max_size=3),
    max_size=20,
).map("".join)


@given(ODD)
def test_nothing_odd_is_a_failure(value: str) -> None:
    for text in [decode_header(value), *map(str, parse_addresses(value))]:
        assert "\r" not in text
        assert "\n" not in text
        text.encode()
    parse_date(value)


JANE = Address("Doe, Jane", "jane@example.com")


class TestAddresses:
    @pytest.mark.parametrize(
        "value",
        [
            '"Doe, Jane" <jane@example.com>',
            "Doe, Jane <jane@example.com>",
            "=?utf-8?q?Doe=2C_Jane?= <jane@example.com>",
            '"=?utf-8?q?Doe=2C_Jane?=" <jane@example.com>',
            "jane@example.com (Doe, Jane)",
            '"Doe,\r\n Jane"\r\n <jane@example.com>',
            '"Doe, Jane" < jane@example.com >',
            '"Doe, Jane" <@relay.example,@other.example:jane@example.com>',
            '"Doe, J\\ane" <jane@example.com> (work)',
            "Team: Doe, Jane <jane@example.com>;",
            ', ;"Doe, Jane" <jane@example.com>,,',
        ],
    )
    def test_each_way_to_write_one(self, value: str) -> None:
        assert parse_addresses(value) == [JANE]

    @pytest.mark.parametrize(
        ("value", "addresses"),
        [
            ("a@x.example, b@y.example", ["a@x.example", "b@y.example"]),
            ("a@x.example; b@y.example", ["a@x.example", "b@y.example"]),
            ("<a@x.example>, b@y.example (B)", ["a@x.example", "B <b@y.example>"]),
            (
                "A: a@x.example, B <b@y.example>; c@z.example",
                ["a@x.example", "B <b@y.example>", "c@z.example"],
            ),
            ("root, a@x.example", ["root", "a@x.example"]),
            ("undisclosed-recipients:;", []),
            ("", []),
            (" , ;", []),
            ("<>", []),
            ("a @ x . example", ["a@x.example"]),
            ("a@[IPv6:::1]", ["a@[IPv6:::1]"]),
            ("a@[127.0.0.1], b@y.example", ["a@[127.0.0.1]", "b@y.example"]),
            ("qa+1@example.com", ["qa+1@example.com"]),
            ('"a@x.example" <b@y.example>', ["a@x.example <b@y.example>"]),
            ('"unfinished <a@x.example>', ["unfinished <a@x.example>"]),
            (r'"\"quoted\" <x>" <a@x.example>', ['"quoted" <x> <a@x.example>']),
            ("jane@example.com (Jane (at work))", ["Jane (at work) <jane@example.com>"]),
            ("a@b.c d@e.f", ["a@b.c", "d@e.f"]),
            ("Team: a@b.c, Bee <d@e.f>;, g@h.i", ["a@b.c", "Bee <d@e.f>", "g@h.i"]),
            ("<mailto:jane@example.com>", ["jane@example.com"]),
            ("A <a@b.c> =?utf-8?q?=2C?= B <d@e.f>", ["A <a@b.c>", "B <d@e.f>"]),
            ("Doe=?utf-8?q?=2C?= Jane <jane@example.com>", ["Doe, Jane <jane@example.com>"]),
            ("Jane <jane@example.com", ["Jane <jane@example.com>"]),
            ("Jane <jane@example.com, b@c.d", ["Jane <jane@example.com>", "b@c.d"]),
            ("jane@example.com>", ["jane@example.com"]),
            ("<<jane@example.com>>", ["jane@example.com"]),
            ("Jane <<jane@example.com>>", ["Jane <jane@example.com>"]),
            ("Jane jane@example.com", ["Jane <jane@example.com>"]),
            ("jane@example.com Jane", ["Jane <jane@example.com>"]),
            ("I <3 you <jane@example.com>", ["I <3 you <jane@example.com>"]),
            ('"jane doe"@example.com', ['"jane doe"@example.com']),
            ('"a,b"@example.com, root', ['"a,b"@example.com', "root"]),
            ('root, "a,b', ["root", '"a', "b"]),
            ('Jane <"jane doe"@example.com>', ['Jane <"jane doe"@example.com>']),
            (
                r"Pete(A nice \) chap) <pete(his account)@silly.test(his host)>",
                ["Pete <pete@silly.test>"],
            ),
            (
                (
                    "A Group(Some people) :Chris Jones <c@(Chris's host.)public.example>, "
                    "joe@example.org, John <jdoe@one.test> (my dear friend); (the end of the group)"
                ),
                [
                    "Chris Jones <c@public.example>",
                    "joe@example.org",
                    "John <jdoe@one.test>",
                ],
            ),
            ("(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", []),
            (
                "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
                ["Mary Smith <mary@example.net>", "jdoe@test.example"],
            ),
            ("john . q . public@example.com", ["john.q.public@example.com"]),
            ("Jane\t<jane@example.com>", ["Jane <jane@example.com>"]),
            ('"Jane\tDoe" <jane@example.com>', ["Jane Doe <jane@example.com>"]),
            ("jane@example.com. Jane", ["Jane <jane@example.com.>"]),
            ('"a(b)"@example.com, <"a(b)"@x.y>', ['"a(b)"@example.com', '"a(b)"@x.y']),
            ("=?utf-8?Q?Doe,_Jane_(x):_<y>;?= <a@b.c>", ["Doe, Jane (x): <y>; <a@b.c>"]),
            ("a@b.c (=?utf-8?Q?J=C3=A4ne?=)", ["Jäne <a@b.c>"]),
            ("=?utf-8?Q?J=C3=A4ne_<a=40b.c>?=", ["Jäne <a@b.c>"]),
            ("=?utf-8?Q?a=40b.c?=", ["a@b.c"]),
            ("J\udcfcrgen <j@x.example>", ["Jürgen <j@x.example>"]),
            ("jürgen@bücher.example", ["jürgen@bücher.example"]),
        ],
    )
    def test_fields(self, value: str, addresses: list[str]) -> None:
        assert [str(address) for address in parse_addresses(value)] == addresses

    @given(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
        st.sampled_from(["utf-8", "utf-7"]),
    )
    def test_what_the_standard_library_writes_comes_back(self, name: str, charset: str) -> None:
        value = formataddr((name, "qa@example.com"), charset)
        # A comma at an end is taken for a separator that somebody left there.
        assert [str(each) for each in parse_addresses(value)] == [
            str(Address(name.strip(","), "qa@example.com"))
        ]


class TestDates:
    @pytest.mark.parametrize(
        ("value", "date"),
        [
            ("Tue, 24 Nov 2026 10:00:00 +0100", "2026-11-24T10:00:00+01:00"),
            ("24 Nov 26 10:00 GMT", "2026-11-24T10:00:00+00:00"),
            (" Tue, 24 Nov 2026 10:00:00 -0500 (EST) ", "2026-11-24T10:00:00-05:00"),
            ("Tue, 24 Nov 2026 10:00:00 -0000", "2026-11-24T10:00:00+00:00"),
            ("Tue, 24 Nov 2026 10:00:00", "2026-11-24T10:00:00+00:00"),
            ("Tue Nov 24 10:00:00 2026", "2026-11-24T10:00:00+00:00"),
            ("2026-11-24T10:00:00+01:00", "2026-11-24T10:00:00+01:00"),
            ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00+00:00"),
            ("2026-11-24 10:00:00", "2026-11-24T10:00:00+00:00"),
            ("2026-11-24 10:00:00.123 +0100", "2026-11-24T10:00:00.123000+01:00"),
            ("Tue, 24 Nov 98 10:00:00 GMT", "1998-11-24T10:00:00+00:00"),
            ("Tue, 24 (a comment) Nov 2026 10:00:00 +0100 (CET)", "2026-11-24T10:00:00+01:00"),
            ("Tue, 24 Nov 2026 10:00:00 +0100 (not closed", "2026-11-24T10:00:00+01:00"),
            ("Tue, 24 Nov 2026 10:00:00 +01:00", "2026-11-24T10:00:00+01:00"),
            ("Tue, 24 Nov 2026 10:00:00 GMT+0100", "2026-11-24T10:00:00+01:00"),
            ("Tue, 24 Nov 2026 10:00:00 UTC-05:30", "2026-11-24T10:00:00-05:30"),
            ("Tue, 24 Nov 2026 10:00:00 +5:30", "2026-11-24T10:00:00+05:30"),
            ("Tue, 24 Nov 2026 10:00 -530", "2026-11-24T10:00:00-05:30"),
            ("Tue, 24 Nov 2026 3:30:45 PM +0100", "2026-11-24T15:30:45+01:00"),
            ("Tue, 24 Nov 2026 3:30:45 am +0100", "2026-11-24T03:30:45+01:00"),
            ("24 Nov 2026 12:30 PM", "2026-11-24T12:30:00+00:00"),
            ("24 Nov 2026 12:30AM GMT", "2026-11-24T00:30:00+00:00"),
            ("24 Nov 2026 15:30 PM GMT", "2026-11-24T15:30:00+00:00"),
            ("24 Nov 126 10:00 GMT", "2026-11-24T10:00:00+00:00"),
            ("Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00+00:00"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ],
    )
    def test_each_way_to_write_one(self, value: str, date: str) -> None:
        parsed = parse_date(value)
        assert parsed is not None
        assert parsed.isoformat() == date

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "yesterday",
            "Tue, 99 Nov 2026 10:00:00 +0000",
            "Tue, 24 Nov 2026 10:00:00 +9999",
            "31 Dec 9999 23:59:60 +0000",
            "Tue, 24 Nov 2026 10:00:61 +0000",
            "Tue, 24 Nov 99999999999999999999 10:00:00 +0000",
            "\0",
        ],
    )
    def test_what_is_none(self, value: str) -> None:
        assert parse_date(value) is None


FIELDS = [
    ("Received", "two"),
    ("Subject", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="),
    ("received", "one"),
    ("To", "A <a@x.example>, b@y.example"),
    ("Cc", '"=?utf-8?q?C=2C_D?=" <c@z.example>'),
]


class TestHeaders:
    def test_names_are_the_same_in_any_case(self) -> None:
        headers = Headers(FIELDS)
        assert headers["subject"] == headers["SUBJECT"] == "Grüße"
        assert "sUbJeCt" in headers
        assert headers.get("subject") == "Grüße"

    def test_a_field_that_is_there_twice(self) -> None:
        headers = Headers(FIELDS)
        assert headers["Received"] == "two"
        assert headers.getall("RECEIVED") == ("two", "one")

    def test_a_field_that_is_not_there(self) -> None:
        headers = Headers(FIELDS)
        assert "Bcc" not in headers
        assert 7 not in headers
        assert headers.get("Bcc") is None
        assert headers.getall("Bcc") == ()
        assert headers.addresses("Bcc") == ()
        with pytest.raises(KeyError):
            headers["Bcc"]

    def test_it_is_a_mapping_in_the_order_of_the_email(self) -> None:
        headers = Headers(FIELDS)
        assert list(headers) == ["Received", "Subject", "To", "Cc"]
        assert len(headers) == 4
        assert dict(headers)["Subject"] == "Grüße"
        assert repr(Headers(FIELDS[1:2])) == "{'Subject': 'Grüße'}"

    def test_lines_hold_every_value(self) -> None:
        assert Headers(FIELDS[:3]).lines == ("Received: two", "Received: one", "Subject: Grüße")

    def test_addresses_of_several_fields(self) -> None:
        found = Headers(FIELDS).addresses("Cc", "to")
        assert [str(each) for each in found] == [
            "C, D <c@z.example>",
            "A <a@x.example>",
            "b@y.example",
        ]


def test_what_the_standard_library_folds_comes_back() -> None:
    message = EmailMessage(SMTP)
    message["Subject"] = subject = " ".join(["Bestätigung", "der", "Übergröße"] * 20)
    line = message.as_bytes().decode("ascii", "surrogateescape").partition(":")[2]
    assert decode_header(line) == subject
