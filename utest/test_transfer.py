"""Content transfer encodings, right and wrong."""

from __future__ import annotations

import base64
import binascii
import logging
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.mime.transfer import decode_base64, decode_body, decode_quoted_printable


@given(st.binary())
def test_what_was_encoded_comes_back(data: bytes) -> None:
    assert decode_base64(base64.b64encode(data)) == data
    assert decode_body(base64.encodebytes(data), "BASE64") == data
    if b"\r" not in data:  # the standard library's encoder changes line ends
        assert decode_body(quopri.encodestring(data), "Quoted-Printable") == data


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        (b"", b""),
        (b"SGVsbG8=", b"Hello"),
        (b"SGVsbG8", b"Hello"),
        (b"SGVsbG8h\r\n", b"Hello!"),
        (b"SGVs\r\n bG8=", b"Hello"),
        (b"SGVs*bG8=", b"Hello"),
        (b"SGVsbG8hI", b"Hello!"),
        (b"SGk=\r\nSGVsbG8=\r\n", b"HiHello"),
        (b"SGVsbG8=\r\n-- \r\nA list's footer", b"Hello"),
        (b"====", b""),
    ],
)
def test_base64_as_it_comes(encoded: bytes, decoded: bytes) -> None:
    assert decode_base64(encoded) == decoded


def test_base64_of_many_padded_pieces_takes_no_square_time() -> None:
    assert decode_base64(b"SGk=\r\n" * 1_000) == b"Hi" * 1_000
    assert_no_square_time(lambda count: decode_base64(b"SGk=\r\n" * count), 75_000)


@given(st.binary())
def test_decoding_never_fails(data: bytes) -> None:
    for encoding in ("base64", "quoted-printable", "x-uuencode", "7bit", "\0", ""):
        assert isinstance(decode_body(data, encoding), bytes)


@pytest.mark.parametrize(
    ("encoding", "decoded"),
    [
        ("base64", b"Hi"),
        (" Base64 (a comment)", b"Hi"),
        ("base64; x=y", b"Hi"),
        ("7bit", b"SGk="),
        ("x-nobody-knows", b"SGk="),
        ("", b"SGk="),
    ],
)
def test_the_name_of_the_encoding(encoding: str, decoded: bytes) -> None:
    assert decode_body(b"SGk=", encoding) == decoded


def test_quoted_printable_of_headers_has_underscores_for_blanks() -> None:
    assert decode_quoted_printable(b"a_b=20c", header=True) == b"a b c"
    assert decode_quoted_printable(b"a_b=20c") == b"a_b c"
    assert decode_quoted_printable(b"100 =% =E2=82=AC=\r\n!") == b"100 =% \xe2\x82\xac!"


def test_blanks_that_a_server_put_after_a_soft_line_break() -> None:
    assert decode_quoted_printable(b"soft= \t\r\nware= \nhouse = 1") == b"softwarehouse = 1"


def test_uuencode() -> None:
    lines = b"".join(binascii.b2a_uu(b"x" * 45) for _ in range(3))
    body = b"Here it is\nbegin 644 a.txt\n" + lines + b"\xff damaged\n`\nend\nbye\n"
    assert decode_body(body, "x-uuencode") == b"x" * 135


def test_uuencoded_lines_that_end_with_a_checksum() -> None:
    line = binascii.b2a_uu(b"Hello, world!").rstrip() + b"X\n"
    assert decode_body(b"begin 644 a.txt\n" + line + b"`\nend\n", "uuencode") == b"Hello, world!"


def test_uuencoded_text_without_end_takes_no_square_time() -> None:
    line = binascii.b2a_uu(b"x" * 45)
    assert decode_body(b"begin 644 a\n" + line * 1_000, "uuencode") == b"x" * 45 * 1_000
    assert_no_square_time(
        lambda count: decode_body(b"begin 644 a\n" + line * count, "uuencode"), 100_000
    )


@pytest.mark.parametrize(
    ("body", "encoding", "note"),
    [
        (b"SGVsbG8hI", "base64", "Base64 text is damaged."),
        (b"SGVs*bG8=", "base64", "Base64 text is damaged."),
        (b"SGk=\r\nSGk=", "base64", "Base64 text is damaged."),
        (
            b"begin 644 a\n\xffgone\n",
            "uuencode",
            "A line of uuencoded text is damaged and left out.",
        ),
        (b"Hi", "x-none", "The transfer encoding 'x-none' is unknown and taken for none."),
    ],
)
def test_the_log_tells_what_is_damaged(
    body: bytes, encoding: str, note: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    decode_body(body, encoding)
    (record,) = caplog.records
    assert record.getMessage().startswith(note)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"SGVs\r\nbG8=\r\n", "base64"), (b"a=\r\nb", "quoted-printable"), (b"a", "7Bit"), (b"a", "")],
)
def test_the_log_is_quiet_of_what_is_not(
    body: bytes, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    decode_body(body, encoding)
    assert not caplog.records
