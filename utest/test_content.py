"""What a person reads of an email: which parts, and in which form."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.mail.content import (
    Reading,
    html_of,
    html_parts,
    normalize,
    readable,
    source_of,
    text_of,
    unflow,
)
from ImapLibrary.mime.parts import Extent, parse


class TestNormalize:
    @pytest.mark.parametrize(
        ("text", "normal"),
        [
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("a\u0085b\u2028c\u2029d", "a\nb\nc\nd"),
            ("a\N{NO-BREAK SPACE}b\N{NARROW NO-BREAK SPACE}c\N{EM SPACE}d", "a b c d"),
            ("a\N{IDEOGRAPHIC SPACE}b\N{FIGURE SPACE}c", "a b c"),
            ("12\N{ZERO WIDTH SPACE}34\N{WORD JOINER}56\N{SOFT HYPHEN}78", "12345678"),
            ("\ufeffa\N{RIGHT-TO-LEFT MARK}b\N{COMBINING GRAPHEME JOINER}c", "abc"),
            ("a  b\t c", "a  b\t c"),
            ("a\r\r\nb", "a\nb"),
            ("👨\u200d👩\u200d👧 ❤️\u200d🔥", "👨\u200d👩\u200d👧 ❤️\u200d🔥"),
            ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
            ("Buy\u200c now 12\u200d34\u200c", "Buy now 1234"),
            ("می\u200c \u200cمی", "می می"),
            ("Grüße 碁 \N{GRINNING FACE}", "Grüße 碁 \N{GRINNING FACE}"),
            ("", ""),
        ],
    )
    def test_what_one_sees_is_what_compares(self, text: str, normal: str) -> None:
        assert normalize(text) == normal

    def test_line_ends_take_no_square_time(self) -> None:
        assert normalize("\r" * 1_000) == "\n" * 1_000
        assert_no_square_time(lambda length: normalize("\r" * length), 250_000)

    @pytest.mark.parametrize("ends", list(product(["\r", "\n", "\r\n", "\u2028"], repeat=4)))
    def test_line_ends_of_all_kinds_together(self, ends: tuple[str, ...]) -> None:
        text = "".join(ends)
        assert normalize(text) == re.sub("\r{0,9}\n|[\r\u2028]", "\n", text)

    @given(st.text())
    def test_twice_changes_nothing(self, text: str) -> None:
        once = normalize(text)
        assert normalize(once) == once
        assert "\r" not in once


def leaf(content_type: str, text: str, *more: str) -> str:
    return "\r\n".join([f"Content-Type: {content_type}", *more, "", text])


def multipart(kind: str, *parts: str, boundary: str = "b", parameters: str = "") -> str:
    lines = [f"Content-Type: multipart/{kind}; boundary={boundary}{parameters}", ""]
    for part in parts:
        lines += [f"--{boundary}", part]
    return "\r\n".join([*lines, f"--{boundary}--", ""])


PLAIN = leaf("text/plain", "plain")
HTML = leaf("text/html", "<p>html")
IMAGE = leaf("image/png", "image", "Content-ID: <logo>")
BLANK = leaf("text/plain", " \r\n\t")
NOTES = leaf("text/plain", "notes", "Content-Disposition: attachment; filename=notes.txt")
MESSAGE = leaf("message/rfc822", "Subject: inner\r\n\r\ninner text")


def read(raw: str, extent: Extent = Extent.WHOLE) -> tuple[str, str]:
    """Return text and HTML, each with a question mark if more could change it."""
    root = parse(raw.encode(), extent)
    text, html = readable(root), html_parts(root)
    return (
        text_of(text.parts) + "?" * (not text.settled),
        html_of(html.parts) + "?" * (not html.settled),
    )


class TestWhichParts:
    @pytest.mark.parametrize(
        ("raw", "text", "html"),
        [
            (PLAIN, "plain", ""),
            (HTML, "html", "<p>html"),
            (IMAGE, "", ""),
            (NOTES, "", ""),
            (MESSAGE, "", ""),
            (multipart("alternative", PLAIN, HTML), "plain", "<p>html"),
            (multipart("alternative", HTML, PLAIN), "plain", "<p>html"),
            (multipart("alternative", BLANK, HTML), "html", "<p>html"),
            (multipart("alternative", PLAIN, IMAGE), "plain", ""),
            (multipart("alternative", leaf("text/html", "<p>one"), HTML), "html", "<p>html"),
            (multipart("alternative", BLANK), "", ""),
            (multipart("mixed", PLAIN, IMAGE, HTML), "plain\nhtml", "<p>html"),
            (multipart("mixed", PLAIN, NOTES, MESSAGE), "plain", ""),
            (multipart("mixed", HTML, HTML), "html\nhtml", "<p>html\n<p>html"),
            (multipart("related", HTML, IMAGE), "html", "<p>html"),
            (multipart("related", HTML, PLAIN), "html", "<p>html"),
            (multipart("signed", PLAIN, leaf("application/pkcs7-signature", "x")), "plain", ""),
            (multipart("x-unknown", PLAIN, HTML), "plain\nhtml", "<p>html"),
            (
                multipart(
                    "related",
                    IMAGE,
                    HTML.replace("\r\n\r\n", "\r\nContent-ID: <r>\r\n\r\n"),
                    parameters='; start="<r>"',
                ),
                "html",
                "<p>html",
            ),
            (multipart("related", HTML, IMAGE, parameters='; start="<gone>"'), "html", "<p>html"),
            (
                multipart("alternative", PLAIN, multipart("related", HTML, IMAGE, boundary="c")),
                "plain",
                "<p>html",
            ),
            (
                multipart("alternative", BLANK, multipart("related", HTML, IMAGE, boundary="c")),
                "html",
                "<p>html",
            ),
            (
                multipart("alternative", multipart("mixed", PLAIN, HTML, boundary="c"), HTML),
                "html",
                "<p>html",
            ),
        ],
    )
    def test_that_are_read(self, raw: str, text: str, html: str) -> None:
        assert read(raw) == (text, html)

    @pytest.mark.parametrize(
        "plain",
        [
            "\N{ZERO WIDTH SPACE}",
            "\N{NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}",
            "\N{SOFT HYPHEN}\N{ZERO WIDTH JOINER}",
            "\ufeff\r\n\N{WORD JOINER}",
        ],
    )
    def test_what_shows_nothing_is_blank(self, plain: str) -> None:
        blank = leaf("text/plain; charset=utf-8", plain)
        assert read(multipart("alternative", blank, HTML)) == ("html", "<p>html")

    def test_of_nothing(self) -> None:
        assert readable(parse(b"", Extent.PREFIX)) == Reading((), False)
        assert html_parts(parse(b"", Extent.PREFIX)) == Reading((), False)


class TestSettled:
    """Whether what has not come yet could change the answer."""

    @pytest.mark.parametrize(
        ("raw", "last", "expected"),
        [
            # A plain text that is there to its end is the answer, whatever alternatives follow.
            (multipart("alternative", PLAIN, HTML), "\r\nplain\r\n--b\r\n", ("plain", "?")),
            (multipart("alternative", PLAIN, HTML), "\r\nplain\r\n", ("plain?", "?")),
            (multipart("alternative", PLAIN, HTML), "<p>html\r\n", ("plain", "<p>html?")),
            (multipart("alternative", PLAIN, HTML), "<p>html\r\n--b--\r\n", ("plain", "<p>html")),
            # Another alternative may follow the HTML.
            (multipart("alternative", HTML, PLAIN), "<p>html\r\n--b\r\n", ("html?", "<p>html?")),
            (multipart("alternative", BLANK, HTML), "<p>html\r\n", ("html?", "<p>html?")),
            # More text may follow in a mixed email, but not beside the root of a related one.
            (multipart("mixed", PLAIN, IMAGE), "\r\nplain\r\n--b\r\n", ("plain?", "?")),
            (multipart("mixed", PLAIN, IMAGE), "\r\nimage\r\n", ("plain?", "?")),
            (multipart("related", HTML, IMAGE), "<p>html\r\n--b\r\n", ("html", "<p>html")),
            (multipart("related", HTML, IMAGE), "<p>html\r\n", ("html?", "<p>html?")),
            (
                multipart("related", HTML, IMAGE, parameters='; start="<r>"'),
                "<p>html\r\n--b\r\n",
                ("html?", "<p>html?"),
            ),
        ],
    )
    def test_cut(self, raw: str, last: str, expected: tuple[str, str]) -> None:
        cut = raw[: raw.index(last) + len(last)]
        assert read(cut, Extent.PREFIX) == expected

    def test_an_outline_is_settled_without_its_attachments(self) -> None:
        raw = multipart("mixed", multipart("alternative", PLAIN, HTML, boundary="c"), IMAGE)
        assert read(raw, Extent.OUTLINE) == ("plain", "<p>html")


class TestForm:
    def test_plain_text_is_tidied_and_its_source_is_not(self) -> None:
        part = parse("Content-Type: text/plain; charset=utf-8\r\n\r\n\r\na\xa0b\r\n\r\n".encode())
        assert text_of([part]) == "a b"
        assert source_of([part]) == "\r\na\xa0b\r\n\r\n"

    def test_html_is_only_given_other_line_ends(self) -> None:
        part = parse("Content-Type: text/html; charset=utf-8\r\n\r\n<p>\r\na\xa0b\r\n".encode())
        assert html_of([part]) == "<p>\na\xa0b"
        assert text_of([part]) == "a b"

    def test_parts_stand_one_below_the_other(self) -> None:
        parts = [parse(PLAIN.encode()), parse(BLANK.encode()), parse(HTML.encode())]
        assert text_of(parts) == "plain\n \n\t\nhtml"
        assert source_of(parts) == "plain\n \r\n\t\n<p>html"
        assert text_of([]) == source_of([]) == html_of([]) == ""

    @pytest.mark.parametrize(
        ("content_type", "body", "text"),
        [
            ("text/html", b'<meta charset="iso-8859-7">\xe1', "α"),
            ("text/html", b"<META http-equiv=x content='text/html; CHARSET=iso-8859-7'>\xe1", "α"),
            ("text/html; charset=iso-8859-1", b'<meta charset="iso-8859-7">\xe1', "á"),
            ("text/html", b"<p>charset=iso-8859-7</p>\xe1", "á"),
            ("text/html", b"<p>" + b"x" * 3000 + b'<meta charset="iso-8859-7">\xe1', "á"),
            ("text/plain", b'<meta charset="iso-8859-7">\xe1', "á"),
            ("text/plain; charset=utf-8", "α".encode(), "α"),
        ],
    )
    def test_the_charset_is_declared_or_stands_in_the_html(
        self, content_type: str, body: bytes, text: str
    ) -> None:
        part = parse(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
        assert part.text[-1] == text

    def test_flowed_lines_are_joined(self) -> None:
        flowed = leaf("text/plain; format=Flowed", "one \r\ntwo\r\n")
        assert text_of([parse(flowed.encode())]) == "one two"
        delsp = leaf("text/plain; format=flowed; DelSp=Yes", "one \r\ntwo\r\n")
        assert text_of([parse(delsp.encode())]) == "onetwo"
        fixed = leaf("text/plain; format=fixed", "one \r\ntwo\r\n")
        assert text_of([parse(fixed.encode())]) == "one \ntwo"


class TestUnflow:
    @pytest.mark.parametrize(
        ("text", "joined"),
        [
            ("one\ntwo", "one\ntwo"),
            ("one \ntwo \nthree\nfour", "one two three\nfour"),
            ("one \n\ntwo", "one \ntwo"),
            ("one ", "one "),
            ("", ""),
            # A blank ahead was put there so that the line is not mistaken for something else.
            (" From here", "From here"),
            (" >not quoted", ">not quoted"),
            # Quotes: only lines of one depth belong together.
            ("> one \n> two", "> one two"),
            (">one \n>two", "> one two"),
            ("> one \n>> two", "> one \n>> two"),
            ("> one \ntwo", "> one \ntwo"),
            (">> one \n>> two\n> three", ">> one two\n> three"),
            # The line that separates a signature ends in a blank, but never flows.
            ("one \n-- \nJane", "one \n-- \nJane"),
            ("-- \nJane", "-- \nJane"),
            ("> one\n> -- \n> Jane", "> one\n> -- \n> Jane"),
        ],
    )
    def test_lines(self, text: str, joined: str) -> None:
        assert unflow(text) == joined

    def test_blanks_before_soft_breaks_may_belong_to_them(self) -> None:
        assert unflow("one \ntwo", delsp=True) == "onetwo"
        assert unflow("one  \ntwo", delsp=True) == "one two"

    @given(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])))
    def test_a_line_alone_keeps_its_words(self, line: str) -> None:
        assert unflow(line).lstrip("> ") == line.lstrip("> ")
