"""Bytes of every kind of declared, undeclared and mis-declared charset."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.charsets import decode


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
        (b"\x81\x8d", "", "\x81\x8d"),
        ("Grüße".encode(), "big5", "Grüße"),
        (b"a\xff", "big5", "a\N{REPLACEMENT CHARACTER}"),
        (b"+2D3eAA-", "utf-7", "\N{GRINNING FACE}"),
        (b"+2D0-", "utf-7", "\N{REPLACEMENT CHARACTER}"),
        (b"", "utf-16", ""),
    ],
)
def test_damaged_texts_get_the_best_reading(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


CHARSETS = st.sampled_from(sorted(set(encodings.aliases.aliases.values()))) | st.text(max_size=20)


@given(st.binary() | st.text().map(str.encode), CHARSETS)
def test_decoding_never_fails_and_can_always_be_written(data: bytes, charset: str) -> None:
    decode(data, charset).encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")))
def test_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode(), "utf-8") == text
