"""Headers as they come: where they end, and what is no field in them."""

from __future__ import annotations

import logging

import pytest
from timing import assert_no_square_time

from ImapLibrary.mime.fields import MAX_HEADER, Header, read_header


def header_of(source: bytes) -> Header:
    return read_header(source, 0, len(source))


@pytest.mark.parametrize(
    ("source", "fields", "content"),
    [
        (b"A: 1\r\nB: 2\r\n\r\nx", [("A", "1"), ("B", "2")], b"x"),
        (b"A: 1\nB: 2\n\nx", [("A", "1"), ("B", "2")], b"x"),
        (b"A: 1\r\r\nB: 2\r\r\n\r\r\nx", [("A", "1"), ("B", "2")], b"x"),
        (b"A: 1\r\n", [("A", "1")], b""),
        (b"A: 1", [("A", "1")], b""),
        (b"\r\nx", [], b"x"),
        (b"", [], b""),
        (b"A : 1\r\nB:\r\n\r\n", [("A", "1"), ("B", "")], b""),
        (b"A: 1\r\n 2\r\n\t3\r\n\r\n", [("A", "1\r\n 2\r\n\t3")], b""),
        (b"A: 1\r\n \r\n\r\nx", [("A", "1\r\n ")], b"x"),
        (b" 0\r\nTo: 1\r\n\r\nx", [("To", "1")], b"x"),
        (b"A: \xff\r\n\r\n", [("A", "\udcff")], b""),
        (b"A: 1\r\nHello there\r\n\r\nx", [("A", "1")], b"Hello there\r\n\r\nx"),
        (b"A: 1\r\nHello\r\nNote: x\r\n\r\nx", [("A", "1")], b"Hello\r\nNote: x\r\n\r\nx"),
        (
            b"A: 1\r\nHello\r\nTo: https\r\nhttps://example.com\r\n\r\n",
            [("A", "1")],
            b"Hello\r\nTo: https\r\nhttps://example.com\r\n\r\n",
        ),
        (b"A: 1\r\nodd\r\nFrom: 2\r\n 3\r\n\r\nx", [("A", "1"), ("From", "2\r\n 3")], b"x"),
        (b"odd\r\nMIME-Version: 1.0\r\n\r\nx", [("MIME-Version", "1.0")], b"x"),
        (b"From a@b.c Tue Nov 24 10:00:00 2026\nTo: 1\n\nx", [("To", "1")], b"x"),
        (b"From here on\r\n\r\nx", [], b"From here on\r\n\r\nx"),
    ],
)
def test_headers(source: bytes, fields: list[tuple[str, str]], content: bytes) -> None:
    header = header_of(source)
    assert list(header.fields) == fields
    assert source[header.end :] == content


def test_a_header_ends_with_its_blank_line() -> None:
    assert header_of(b"A: 1\r\n\r\n").ended
    assert header_of(b"\n").ended
    assert not header_of(b"A: 1\r\n").ended
    assert not header_of(b"A: 1\r\n\r").ended


def test_the_header_of_a_part_lies_within_it() -> None:
    source = b"--b\r\nA: 1\r\n\r\nx\r\n--b--"
    header = read_header(source, 5, source.index(b"\r\n--b--"))
    assert header.fields == (("A", "1"),)
    assert source[header.end :].startswith(b"x")
    assert read_header(b"\r\n\r\nx", 2, 5).end == 4


def test_of_an_endless_header_the_rest_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    source = b"A: 1\r\nB: " + b"x" * MAX_HEADER + b"\r\nC: 3\r\n\r\ntext"
    header = header_of(source)
    assert [name for name, _ in header.fields] == ["A", "B"]
    assert header.fields[0][1] == "1"
    assert len(header.fields[1][1]) == MAX_HEADER - len(b"A: 1\r\nB: ")
    assert source[header.end :] == b"text"
    assert caplog.messages == [
        f"A header is longer than {MAX_HEADER} bytes. The rest of it is left out."
    ]


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (b"A: 1\r\nHello\r\n", "The blank line at the end of a header is missing."),
        (b"odd\r\nTo: 2\r\n\r\n", "A line in a header is no field and is left out: 'odd'"),
    ],
)
def test_the_log_tells_of_what_is_no_field(
    source: bytes, note: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    header_of(source)
    assert caplog.messages == [note]


@pytest.mark.parametrize("piece", [b"x\r\n ", b"\r", b"junk\r\n", b"A:\r\n", b"\r\r\n ", b"::"])
def test_hostile_headers_are_read_to_their_end(piece: bytes) -> None:
    assert_no_square_time(
        lambda length: header_of(b"A: 1\r\n" + piece * (length // len(piece))), 250_000
    )
