"""Messages that the standard library makes come back exactly; broken at random, they are read."""

from __future__ import annotations

import string
from datetime import datetime, timedelta, timezone
from email import policy
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.mail.content import normalize
from ImapLibrary.mail.message import Email

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
# The standard library takes `=?` for words that it has encoded already, and drops blanks where it
# folds. A comma at the end of a name is taken for one that somebody left there.
SUBJECTS = WORDS.filter(lambda word: "=?" not in word)
NAMES = SUBJECTS.filter(lambda name: name.strip(",") == name)
PLAIN = st.text(string.ascii_letters + string.digits, min_size=1, max_size=10)
ADDRESSES = st.builds(
    lambda name, user: Mailbox(name, user, "example.com"), st.just("") | NAMES, PLAIN
)
LINES = st.lists(WORDS, max_size=5).map(lambda lines: "".join(f"{line}\n" for line in lines))
DATES = st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)).map(
    lambda date: date.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=date.minute)))
)
ENCODINGS = st.sampled_from(["base64", "quoted-printable", "8bit"])


class File(NamedTuple):
    """A file to attach."""

    name: str
    content: bytes
    image: bool


class Made(NamedTuple):
    """A message, and what its fields are."""

    raw: bytes
    expected: dict[str, Any]


FILES = st.builds(File, NAMES.map(lambda name: f"{name}.bin"), st.binary(), st.booleans())


@st.composite
def made(draw: st.DrawFn) -> Made:
    """Make a message of any shape that the standard library makes."""
    message = EmailMessage(policy.SMTP)
    sender, recipients = draw(ADDRESSES), draw(st.lists(ADDRESSES, max_size=3))
    subject, date = draw(SUBJECTS), draw(DATES)
    message["From"], message["Subject"], message["Date"] = sender, subject, date
    if recipients:
        message["To"] = recipients
    text, html = draw(st.none() | LINES), draw(st.none() | LINES)
    if text is not None:
        message.set_content(text, cte=draw(ENCODINGS))
    if html is not None and text is not None:
        message.add_alternative(f"<p>{html}", subtype="html", cte=draw(ENCODINGS))
    elif html is not None:
        message.set_content(f"<p>{html}", subtype="html", cte=draw(ENCODINGS))
    files = draw(st.lists(FILES, max_size=3))
    for file in files:
        kind = ("image", "png") if file.image else ("application", "octet-stream")
        message.add_attachment(file.content, *kind, filename=file.name)
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}")  # or one at random, and no failure could be repeated
    return Made(
        message.as_bytes(),
        {
            "subject": subject,
            "sender": sender.addr_spec,
            "sender_name": sender.display_name,
            "recipients": tuple({each.addr_spec.casefold(): None for each in recipients}),
            "date": date,
            "text": normalize(text or "").strip("\n"),
            "html": "" if html is None else f"<p>{html}".rstrip("\n"),
            "files": files,
        },
    )


def files_of(email: Email) -> list[File]:
    return [
        File(part.filename, part.content, part.content_type == "image/png")
        for part in email.root.walk()
        if part.filename
    ]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(made())
def test_what_the_standard_library_makes_comes_back(message: Made) -> None:
    email = Email(message.raw)
    files, text = message.expected.pop("files"), message.expected.pop("text")
    for name, value in message.expected.items():
        found = getattr(email, name)
        if name == "recipients":
            found = tuple(address.casefold() for address in found)
        assert found == value, name
    if text:  # or else it is that of the HTML
        assert email.text == text
    assert files_of(email) == files


@given(WORDS, WORDS, WORDS)
def test_alternatives_come_back(subject: str, text: str, html: str) -> None:
    message = EmailMessage(policy.SMTP)
    message["Subject"] = subject
    message.set_content(f"t {text} t", cte="base64")
    message.add_alternative(f"<p>{html}", subtype="html", cte="quoted-printable")
    email = Email(message.as_bytes())
    assert email.text_source == f"t {text} t\r\n"
    assert email.html == f"<p>{html}"


@given(made(), made())
def test_a_message_in_a_message_comes_back(outer: Made, inner: Made) -> None:
    parts = (b"Content-Type: message/rfc822\r\n\r\n" + each.raw for each in (outer, inner))
    raw = (
        b"Content-Type: multipart/mixed; boundary=around\r\n\r\n--around\r\n"
        + b"\r\n--around\r\n".join(parts)
        + b"\r\n--around--\r\n"
    )
    email = Email(raw)
    assert [part.content for part in email.root.parts] == [outer.raw, inner.raw]
    assert email.text == ""


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Make a message and break it in a few places."""
    raw = bytearray(draw(made()).raw)
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(raw)))
        stop = min(len(raw), start + draw(st.integers(0, 80)))
        what = draw(st.sampled_from(["cut", "drop", "double", "flip", "insert"]))
        if what == "cut":
            del raw[start:]
        elif what == "drop":
            del raw[start:stop]
        elif what == "double":
            raw[start:start] = raw[start:stop]
        elif what == "flip":
            raw[start:stop] = bytes(byte ^ 0x80 for byte in raw[start:stop])
        else:
            raw[start:start] = draw(
                st.binary(max_size=10)
                | st.sampled_from(
                    [b"\r\n", b"\r\n\r\n", b"\r", b'"', b"=?", b"=", b"--", b";", b"\0"]
                )
            )
    return bytes(raw)


def read(email: Email) -> dict[str, Any]:
    """Return all that can be read of an email."""
    return {
        "subject": email.subject,
        "senders": email.senders,
        "recipients": email.recipient_addresses,
        "date": email.date,
        "text": email.text,
        "html": email.html,
        "text source": email.text_source,
        "lines": email.headers.lines,
        "files": files_of(email),
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(broken())
def test_what_is_broken_is_read(raw: bytes) -> None:
    found = read(Email(raw))
    for text in (found["subject"], found["text"], found["html"], *found["lines"]):
        text.encode()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(broken(), st.data())
def test_what_is_broken_and_cut_says_the_same_or_that_it_is_cut(
    raw: bytes, data: st.DataObject
) -> None:
    whole = Email(raw)
    cut = Email(raw[: data.draw(st.integers(0, len(raw)))], size=len(raw) + 1)
    for name in ("subject", "senders", "date", "text", "html"):
        try:
            value = getattr(cut, name)
        except IncompleteEmail:
            continue
        assert value == getattr(whole, name), name
