"""Bytes of every kind of declared, undeclared and mis-declared charset."""

from __future__ import annotations

import encodings.aliases
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.mime.charsets import decode, fits


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        ("Grüße", "utf-8", "UTF-8"),
        ("Grüße", "utf-8", ' "utf8"; x'),
        ("Grüße", "utf-8-sig", "utf-8"),
        ("Grüße", "utf-8", ""),
        ("Grüße", "utf-8", "us-ascii"),
        ("Grüße", "utf-8", "x-nobody-knows"),
        ("Grüße", "utf-8", "rot13"),
        ("Grüße", "utf-8", "unicode-escape"),
        ("Grüße", "utf-8", "idna"),
        ("Grüße", "utf-8", "zip"),
        ("Grüße", "utf-8", "\0"),
        ("Grüße", "cp1252", ""),
        ("Grüße", "cp1252", "utf-8"),
        ("“€”", "cp1252", "iso-8859-1"),
        ("Grüße", "utf-16", ""),
        ("Grüße", "utf-16", "utf-16"),
        ("Grüße", "utf-16-be", "UTF-16BE"),
        ("Grüße\r\n", "utf-16-be", "utf-16"),
        ("Grüße\r\n", "utf-16-le", "utf-16"),
        ("Gruesse", "ascii", "utf-16"),
        ("Grüße", "utf-8-sig", "iso-8859-1"),
        ("Grüße", "cp1252", "x-win-1252"),
        ("Grüße", "cp1252", "windows1252"),
        ("Grüße", "cp1252", "latin-1"),
        ("Привет", "koi8-u", "koi8-ru"),
        ("Grüße", "utf-7", "utf-7"),
        ("İğş", "cp1254", "iso-8859-9"),
        ("Привет", "koi8-r", "KOI8-R"),
        ("Привет", "cp1251", "windows-1251"),
        ("שלום", "cp1255", "windows-1255"),
        ("שלום", "iso8859-8", "iso-8859-8-i"),
        ("مرحبا", "cp1256", "windows-1256"),
        ("สวัสดี", "cp874", "tis-620"),
        ("測試", "big5", "Big5"),
        ("碁銹裏", "cp950", "big5"),
        ("測試", "big5hkscs", "big5-hkscs"),
        ("朱镕基𠀀", "gb18030", "gb2312"),
        ("你好", "hz", "hz-gb-2312"),
        ("テスト①髙", "cp932", "Shift_JIS"),
        ("テスト", "euc_jp", "euc-jp"),
        ("テスト", "iso2022_jp", "ISO-2022-JP"),
        ("テスト", "iso2022_jp", ""),
        ("ﾃｽﾄ", "iso2022_jp_ext", "iso-2022-jp"),
        ("テスト①", "cp932", "x-sjis"),
        ("テスト①", "euc_jis_2004", "x-euc-jp"),
        ("똠방각하", "cp949", "ks_c_5601-1987"),
        ("안녕", "euc_kr", "EUC-KR"),
    ],
)
def test_texts_of_the_world(text: str, codec: str, charset: str) -> None:
    assert decode(text.encode(codec), charset) == text


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Grüße".encode()[:-1] + b"\xe2", "utf-8", "Grüß\N{REPLACEMENT CHARACTER}"),
        ("Größe und Grüße".encode()[:-3] + b"\xff", "", "Größe und Grü\N{REPLACEMENT CHARACTER}"),
        (b"\x81\x8d\x9a", "", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}š"),
        ("Grüße".encode(), "big5", "Grüße"),
        (b"a\xff", "big5", "a\N{REPLACEMENT CHARACTER}"),
        (b"+2D3eAA-", "utf-7", "\N{GRINNING FACE}"),
        (b"+2D0-", "utf-7", "\N{REPLACEMENT CHARACTER}"),
        (b"", "utf-16", ""),
        (b"\x1b$B%F%9\x1b(B \x1b$B\x7f", "iso-2022-jp", "テス \N{REPLACEMENT CHARACTER}"),
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
        (b"\xff\xfea", "", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_damaged_texts_get_the_best_reading(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


@pytest.mark.parametrize(
    ("data", "charset", "hint", "text"),
    [
        ("Привет".encode("cp1251"), "", "windows-1251", "Привет"),
        ("Привет".encode("cp1251"), "utf-8", "windows-1251", "Привет"),
        ("Привет".encode("cp1251"), "x-nobody-knows", "windows-1251", "Привет"),
        ("Привет".encode(), "", "windows-1251", "Привет"),
        ("Привет".encode("cp1251"), "koi8-r", "windows-1251", "оПХБЕР"),
        ("Grüße".encode(), "", "utf-16", "Grüße"),
        ("Grüße!".encode("cp1252"), "", "utf-16", "Grüße!"),
        (b"a\xff", "big5", "windows-1251", "aя"),
    ],
)
def test_a_hint_counts_where_nothing_else_fits(
    data: bytes, charset: str, hint: str, text: str
) -> None:
    assert decode(data, charset, hint=hint) == text


@pytest.mark.parametrize(
    ("data", "charset", "note"),
    [
        ("Grüße".encode(), "x-nobody-knows", "as 'x-nobody-knows' were read as utf-8."),
        (b"plain", "x-nobody-knows", "as 'x-nobody-knows' were read as utf-8."),
        ("Grüße".encode(), "us-ascii", "as 'us-ascii' were read as utf-8."),
        ("Grüße".encode("cp1252"), "utf-8", "as 'utf-8' were read as cp1252."),
        ("Grüße".encode("cp1252"), "", "as '' were read as cp1252."),
        ("Grüße aus München".encode() + b"\xff", "", "as '' were read as damaged UTF-8."),
        (b"a\xff", "big5", "as 'big5' were read as big5."),
        ("Grüße".encode("utf-16"), "", "as '' were read as utf-16."),
    ],
)
def test_the_log_tells_of_guesses(
    data: bytes, charset: str, note: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    decode(data, charset)
    assert [message for *_, message in caplog.record_tuples if "declared" in message] == [
        f"Bytes declared {note}"
    ]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("Grüße".encode(), "utf-8"),
        ("Grüße".encode(), ""),
        ("Grüße".encode("cp1252"), "iso-8859-1"),
        (b"plain", ""),
        (b"plain", "US-ASCII"),
    ],
)
def test_the_log_is_quiet_where_nothing_was_guessed(
    data: bytes, charset: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    decode(data, charset)
    assert not caplog.records


CHARSETS = st.sampled_from(sorted(set(encodings.aliases.aliases.values()))) | st.text(max_size=20)


@given(st.binary() | st.text().map(str.encode), CHARSETS)
def test_decoding_never_fails_and_can_always_be_written(data: bytes, charset: str) -> None:
    decode(data, charset).encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")))
def test_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode(), "utf-8") == text


@pytest.mark.parametrize(
    ("data", "charset", "fit"),
    [
        (b"Gr\xc3\xbc", "UTF-8", True),
        (b"Gr\xfc", "utf-8", False),
        (b"Gr\xfc", "latin1", True),
        (b"\xc3", "gb2312", False),
        (b"Gr\xfc", "x-nobody-knows", False),
        (b"", "utf-8", True),
    ],
)
def test_what_fits_needs_no_guess(data: bytes, charset: str, fit: bool) -> None:
    assert fits(data, charset) is fit


@pytest.mark.parametrize("charset", ["gbk", "gb2312", "gb18030", "cp936"])
def test_the_euro_sign_of_windows_in_gbk(charset: str) -> None:
    assert decode("你好 ".encode("gbk") + b"\x80 10", charset) == "你好 € 10"
    assert decode("亐".encode("gbk") + "€".encode("gb18030"), charset) == "亐€"
