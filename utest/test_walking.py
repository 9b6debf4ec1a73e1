"""The parts of an email in the order in which suites of the older libraries visit them."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from ImapLibrary.mail.message import Email
from ImapLibrary.mail.walking import Walk, payload
from ImapLibrary.mime.parts import Part


def leaf(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([*headers, b"", body])


def multipart(kind: bytes, *parts: bytes) -> bytes:
    boundary = b"x" + kind
    lines = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    field = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, boundary)
    return field + lines + b"--" + boundary + b"--\r\n"


TEXT = leaf(
    b"caf=C3=A9",
    b"Content-Type: text/plain; charset=utf-8",
    b"Content-Transfer-Encoding: quoted-printable",
)
HTML = leaf(b"<p>caf\xe9</p>", b"Content-Type: text/html; charset=iso-8859-1")
PDF = leaf(b"JVBERg==", b"Content-Type: application/pdf", b"Content-Transfer-Encoding: base64")
ALTERNATIVE = multipart(b"alternative", TEXT, HTML)


def types(raw: bytes) -> Iterator[str]:
    walk = Walk(Email(raw))
    while walk.step():
        assert walk.part
        yield walk.part.content_type


def only(raw: bytes) -> Part:
    walk = Walk(Email(raw))
    assert walk.step()
    assert walk.part
    return walk.part


@pytest.mark.parametrize(
    ("raw", "count", "expected"),
    [
        (leaf(b"Hello"), 1, ["text/plain"]),
        (ALTERNATIVE, 2, ["multipart/alternative", "text/plain", "text/html"]),
        (
            multipart(b"mixed", ALTERNATIVE, PDF),
            2,
            [
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "text/html",
                "application/pdf",
            ],
        ),
        (
            multipart(b"mixed", TEXT, leaf(ALTERNATIVE, b"Content-Type: message/rfc822"), PDF),
            3,
            [
                "multipart/mixed",
                "text/plain",
                "message/rfc822",
                "multipart/alternative",
                "text/plain",
                "text/html",
                "application/pdf",
            ],
        ),
    ],
)
def test_the_way(raw: bytes, count: int, expected: list[str]) -> None:
    assert Walk(Email(raw)).count == count
    assert list(types(raw)) == expected


def test_before_the_first_and_after_the_last_there_is_none() -> None:
    walk = Walk(Email(leaf(b"Hello")))
    assert walk.part is None
    assert [walk.step(), walk.step(), walk.step()] == [True, False, False]
    assert walk.part is None


def test_messages_in_messages_end_somewhere() -> None:
    raw = leaf(b"Hello")
    for _ in range(300):
        raw = leaf(raw, b"Content-Type: message/rfc822")
    assert 40 < len(list(types(raw))) < 100


class TestPayload:
    @pytest.mark.parametrize(
        ("part", "decoded", "encoded"),
        [
            (TEXT, "café", "caf=C3=A9"),
            (HTML, "<p>café</p>", "<p>café</p>"),
            (PDF, b"%PDF", "JVBERg=="),
            (leaf(b"Hello"), b"Hello", "Hello"),
            (leaf(b"Hi", b"Content-Type: text/plain; charset=no-such-charset"), "Hi", "Hi"),
            (ALTERNATIVE, None, None),
            (leaf(TEXT, b"Content-Type: message/rfc822"), None, None),
        ],
    )
    def test_what_is_in_a_part(
        self, part: bytes, decoded: str | bytes | None, encoded: str | None
    ) -> None:
        assert payload(only(part), decoded=True) == decoded
        assert payload(only(part), decoded=False) == encoded


def test_as_the_standard_library_walks() -> None:
    """The older libraries go that way."""
    email = EmailMessage(policy=SMTP)
    email.set_content("text")
    email.add_alternative("<p>html</p>", subtype="html")
    inner = EmailMessage(policy=SMTP)
    inner.set_content("inner")
    email.add_attachment(inner)
    email.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    assert list(types(email.as_bytes())) == [part.get_content_type() for part in email.walk()]
