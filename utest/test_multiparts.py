"""Multiparts as they come, and how much of them is read."""

from __future__ import annotations

import logging
import tracemalloc

import pytest

from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import MAX_DEPTH, MAX_PARTS, Extent, Part, parse

MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def shape(part: Part) -> object:
    """Return a tree as content types and, of leaves, contents."""
    if part.parts:
        return (part.content_type, *(shape(each) for each in part.parts))
    return part.body


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"one", b"one"),
        (b"", b""),
        (b"\r\none", b"one"),
        (MIXED + b"--b\r\n\r\none\r\n--b--\r\n", ("multipart/mixed", b"one")),
        (MIXED.replace(b"\r", b"") + b"--b\n\none\n--b--\n", ("multipart/mixed", b"one")),
        (MIXED.replace(b"\n", b"") + b"--b\r\rone\r--b--\r", ("multipart/mixed", b"one")),
        (MIXED + b"--b\r\n\r\none\r\n\r\n--b--", ("multipart/mixed", b"one\r\n")),
        (MIXED + b"pre\r\n--b\r\n\r\none\r\n--b--\r\npost", ("multipart/mixed", b"one")),
        (MIXED + b"--b \t\r\n\r\none\r\n--b--  ", ("multipart/mixed", b"one")),
        (MIXED + b"--b\r\n\r\none\r\n--b\r\n\r\ntwo", ("multipart/mixed", b"one", b"two")),
        (MIXED + b"--b\r\n--b\r\n\r\ntwo\r\n--b--", ("multipart/mixed", b"", b"two")),
        (MIXED + b"--b\r\n\r\n--bb\r\n --b\r\nx--b\r\n--b--", ("multipart/mixed", b"--bb\r\n --b\r\nx--b")),
        (MIXED + b"--b\r\nA: 1\r\n--b--", ("multipart/mixed", b"")),
        (MIXED + b"--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo", ("multipart/mixed", b"one")),
        (MIXED + b"no boundary", b"no boundary"),
        (MIXED + b"--b--", b"--b--"),
        (b"Content-Type: multipart/mixed\r\n\r\n--b", b"--b"),
        (
            MIXED + b"--b\r\n" + MIXED.replace(b"=b", b"=bc") + b"--bc\r\n\r\none\r\n--b\r\n\r\ntwo",
            ("multipart/mixed", ("multipart/mixed", b"one"), b"two"),
        ),
        (
            MIXED + b"--b\r\n" + MIXED + b"--b\r\n\r\none\r\n--b--",
            ("multipart/mixed", b"", b"one"),
        ),
        (b"\xef\xbb\xbfContent-Type: text/html\r\n\r\none", b"one"),
    ],
)  # fmt: skip
def test_trees(raw: bytes, expected: object) -> None:
    assert shape(parse(raw)) == expected


def test_parts_of_a_digest_are_messages() -> None:
    body = b"--b\r\n\r\nSubject: a\r\n\r\nx\r\n--b--"
    root = parse(MIXED.replace(b"multipart/mixed", b"Multipart/Digest") + body)
    assert [part.content_type for part in root.parts] == ["message/rfc822"]
    assert root.parts[0].body == b"Subject: a\r\n\r\nx"
    assert not root.parts[0].readable
    named = parse(MIXED.replace(b"=b", b"=digest") + body.replace(b"--b", b"--digest"))
    assert [part.content_type for part in named.parts] == ["text/plain"]


def test_an_attached_message_is_there_byte_for_byte() -> None:
    message = b"Subject:  odd \r\n folds\r\nX: \xff\r\n\r\nbare\nlines\r\n"
    raw = MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + message + b"\r\n--b--"
    (part,) = parse(raw).parts
    assert part.body == part.content == message
    assert part.content_type == "message/rfc822"
    assert part.parts == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"", ("text/plain", "", "", "", "")),
        (b"Content-Disposition: INLINE; filename=a\r\n", ("text/plain", "", "inline", "a", "")),
        (b"Content-Type: a/b; name=c\r\n", ("a/b", "", "", "c", "")),
        (
            b"Content-Type: Text/HTML; name=c\r\nContent-Disposition: attachment; filename=d\r\n",
            ("text/html", "", "attachment", "d", ""),
        ),
        (
            b"Content-Type: Text/Plain; charset=UTF-8\r\nContent-ID: <e@f>\r\n",
            ("text/plain", "UTF-8", "", "", "e@f"),
        ),
    ],
)
def test_what_a_part_says_of_itself(header: bytes, expected: tuple[str, ...]) -> None:
    part = parse(header + b"\r\n")
    said = (part.content_type, part.charset, part.disposition, part.filename, part.content_id)
    assert said == expected


def test_what_may_still_be_missing() -> None:
    raw = MIXED + b"--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\n"
    for size, open_, parts in (
        (len(MIXED), False, []),
        (raw.index(b"one"), True, [(False, False)]),
        (raw.index(b"one") + len(b"one\r\n"), True, [(False, True)]),
        (raw.index(b"Content-Type: text/html"), True, [(True, True), (False, False)]),
        (raw.index(b"two") + len(b"two\r\n"), True, [(True, True), (False, True)]),
        (len(raw), False, [(True, True), (True, True)]),
    ):
        root = parse(raw[:size], Extent.PREFIX)
        assert root.open is open_
        assert [(part.whole, part.known) for part in root.parts] == parts
    assert not parse(MIXED, Extent.PREFIX).known
    assert parse(MIXED).known


def test_deep_parts_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    levels = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d.\r\n\r\n--b%d.\r\n\r\nlevel %d\r\n--b%d.\r\n"
        % ((level,) * 4)
        for level in range(5000)
    )
    email = Email(b"Subject: deep\r\n" + levels)
    assert email.subject == "deep"
    assert email.text.split("\n") == [f"level {level}" for level in range(MAX_DEPTH)]
    assert caplog.messages.count("Parts are nested deeper than 50 levels. These are left out.") == 1


def test_many_parts_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    part = b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n"
    email = Email(MIXED + part * 100_000 + b"--b--")
    assert sum(1 for _ in email.root.walk()) == MAX_PARTS
    assert email.text.count("x") == (MAX_PARTS - 1) // 2
    assert caplog.messages == ["There are more than 1000 parts. The others are left out."]
    cut = Email(MIXED + part * 1000, size=10_000_000)
    assert cut.text == email.text


def test_the_log_tells_of_a_missing_boundary(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    parse(MIXED + b"--b\r\n\r\none\r\n--b--")
    parse(MIXED + b"--b\r\n\r\none\r\n", Extent.PREFIX)
    assert not caplog.messages
    parse(MIXED + b"--b\r\n\r\none\r\n")
    assert caplog.messages == ["The last boundary of a multipart is missing."]


def test_notes_are_made_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    email = Email(
        b"From: \xff <a@example.com>\r\nSubject: \xff\r\nContent-Type: multipart/alternative; "
        b"boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n/w=\r\n"
        b"--b\r\nContent-Type: text/html; charset=x-none\r\n\r\n<p>\xff\r\n"
    )
    for _ in range(2):
        _ = (
            email.subject,
            email.sender,
            email.sender_name,
            email.text,
            email.html,
            email.text_source,
        )
    assert sorted(caplog.messages) == [
        "Base64 text is damaged. What is Base64 in it is decoded, and the rest left out.",
        "Bytes declared as '' were read as cp1252.",
        "Bytes declared as '' were read as cp1252.",
        "Bytes declared as '' were read as cp1252.",
        "Bytes declared as 'x-none' were read as cp1252.",
        "The last boundary of a multipart is missing.",
    ]  # fmt: skip


def test_a_large_attachment_costs_nothing_unless_it_is_read() -> None:
    attachment = b"QUJD" * 19 + b"\r\n"
    raw = (
        b"Subject: large\r\n" + MIXED + b"--b\r\n\r\nSee below.\r\n--b\r\nContent-Type: "
        b"application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + attachment * (50 * 1024 * 1024 // len(attachment)) + b"--b--\r\n"
    )  # fmt: skip
    tracemalloc.start()
    try:
        email = Email(raw)
        assert (email.subject, email.text, email.html) == ("large", "See below.", "")
        assert email.root.parts[1].filename == "x.pdf"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 1024
    assert email.root.parts[1].content.startswith(b"ABCABC")
