"""What a criterion means, what SEARCH is asked for it, and that a cut email never misleads it."""

from __future__ import annotations

import unicodedata

import pytest
from corpus import SAMPLES, Sample
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import message

from ImapLibrary.criteria import Criteria, criteria, fold
from ImapLibrary.errors import IncompleteEmail, InvalidArgument
from ImapLibrary.message import Email
from ImapLibrary.mime import Extent

TEXTS = st.text(max_size=30)
VISIBLE = TEXTS.filter(fold)


def matches(raw: bytes | Email, **given: str) -> bool:
    email = raw if isinstance(raw, Email) else Email(raw)
    return not criteria(**given).misses(email)


def missed(raw: bytes, **given: str) -> list[str]:
    return [criterion.name for criterion in criteria(**given).misses(Email(raw))]


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Your CODE", "your code"),
            ("Straße", "STRASSE"),
            ("İstanbul", "i\N{COMBINING DOT ABOVE}stanbul"),
            ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
            ("Å", "\N{ANGSTROM SIGN}"),
            ("a\N{NO-BREAK SPACE}b", "a b"),
            ("a\N{NARROW NO-BREAK SPACE} \t\r\n b", "a b"),
            ("in\N{ZERO WIDTH SPACE}voice", "invoice"),
            ("in\N{SOFT HYPHEN}voice\N{ZERO WIDTH NO-BREAK SPACE}", "invoice"),
            (" a ", "a"),
        ],
    )
    def test_same(self, one: str, other: str) -> None:
        assert fold(one) == fold(other)

    @pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("resume", "résumé"), ("0", "O")])
    def test_different(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    @given(TEXTS)
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(TEXTS)
    def test_canonically_equivalent_texts_are_the_same(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFD", text)) == fold(text)
        assert fold(unicodedata.normalize("NFC", text)) == fold(text)

    @given(TEXTS)
    def test_case_makes_no_difference(self, text: str) -> None:
        assert fold(text.casefold()) == fold(text)

    @given(st.lists(st.text("ab", min_size=1, max_size=3), max_size=4), st.data())
    def test_white_space_makes_no_difference(self, words: list[str], data: st.DataObject) -> None:
        blanks = st.text(" \t\r\n\N{NO-BREAK SPACE}", min_size=1, max_size=3)
        text = "".join(word + data.draw(blanks) for word in words)
        assert fold(text) == " ".join(words)


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
        keys = b" ".join(criteria(recipient="qa@x.example").search_keys())
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
            ("DELETED", (), False),
            ("UNDELETED UNDRAFT UNFLAGGED", ("$Other",), True),
            ("ALL", ("\\Seen",), True),
        ],
    )
    def test_flags(self, status: str, flags: tuple[str, ...], met: bool) -> None:
        assert matches(Email(message(), flags=flags), status=status) is met

    def test_unknown(self) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(status="UNREAD")
        assert str(caught.value) == (
            "There is no status 'UNREAD'. An email can be asked for by ALL, ANSWERED, DELETED, "
            "DRAFT, FLAGGED, NEW, OLD, RECENT, SEEN, UNANSWERED, UNDELETED, UNDRAFT, UNFLAGGED, "
            "UNSEEN."
        )

    @pytest.mark.parametrize("status", ["UNSEEN OR SEEN", "UNSEEN 1:*", "KEYWORD $x", "NOT SEEN"])
    def test_nothing_else_of_search_gets_through(self, status: str) -> None:
        with pytest.raises(InvalidArgument):
            criteria(status=status)


class TestGiven:
    @pytest.mark.parametrize("name", ["sender", "recipient", "subject", "text", "status"])
    @pytest.mark.parametrize(
        "value", ["", " ", "\t", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE} \N{SOFT HYPHEN}"]
    )
    def test_an_empty_criterion_is_a_failure_that_names_it(self, name: str, value: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            criteria(**{name: value})
        assert str(caught.value) == (
            f"The criterion {name} is empty, which would match every email. Leave it out if you "
            "mean that; if it comes from a variable, the variable has no value."
        )

    @pytest.mark.parametrize("name", ["sender", "recipient", "subject", "text", "status"])
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

    def test_all_must_hold(self) -> None:
        assert matches(message("Code"), subject="code", sender="shop", text="some")
        assert missed(message("Code"), subject="code", sender="bank", text="none") == ["sender"]
        assert missed(message("Code"), subject="x", sender="bank") == ["sender", "subject"]

    def test_none_means_unread(self) -> None:
        assert str(criteria()) == "unread"
        assert criteria().search_keys() == [b"UNSEEN"]
        assert str(criteria(subject="a", status="seen")) == "status 'seen' and subject 'a'"


class TestSearchKeys:
    @pytest.mark.parametrize(
        ("value", "key"),
        [
            ("invoice", b'"invoice"'),
            ("Your invoice 17", b'"invoice"'),
            ("Grüße aus Koeln", b'"Koeln"'),
            ("noreply@shop.example", b'"noreply@shop.example"'),
            ("Your\N{NO-BREAK SPACE}code", b'"Your"'),
            ("Übergröße", "Übergröße".encode()),
            ("Übergro\N{COMBINING DIAERESIS}ße", "Übergröße".encode()),
            ('say "hi"', b'"say"'),
            ('"\\', b'"\\"\\\\"'),
            ("  ??  ", b'"??"'),
        ],
    )
    def test_the_word_that_servers_find(self, value: str, key: bytes) -> None:
        assert criteria(subject=value).search_keys() == [b"SUBJECT", key]

    @given(VISIBLE.filter(lambda text: not set(text) & set("\r\n\0")))
    def test_a_key_is_one_string_of_imap(self, value: str) -> None:
        (_, key) = criteria(text=value).search_keys()
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
