"""What reading emails costs: the corpus, beside the standard library with `policy.default`.

Both get subject, addresses, date, text, HTML, and the names and contents of attachments from the
bytes of each email. Where the standard library raises, what it has got so far must do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from lab import Lab, medians
from table import FLOOR, OURS, Row

from ImapLibrary.mail.message import RECIPIENT_FIELDS, Email

EMAILS = Path(__file__).parent.parent / "utest" / "emails"

NOTE = "the floor is the standard library with policy.default"


def ours(raw: bytes) -> object:
    """Read an email with the library."""
    email = Email(raw)
    files = [(file.name, file.content) for file in email.attachments]
    people = email.senders, email.recipient_addresses
    return email.subject, people, email.date, email.text, email.html, files


def standard(raw: bytes) -> object:
    """Read an email with the standard library, the text of HTML left in its tags."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    read: list[object] = []
    for question in (_subject, _people, _date, _text, _html, _files):
        with suppress(Exception):
            read.append(question(message))
    return read


def _subject(message: EmailMessage) -> object:
    return str(message["Subject"] or "")


def _people(message: EmailMessage) -> object:
    headers = (message[name] for name in ("From", *RECIPIENT_FIELDS))
    return [getattr(header, "addresses", header) for header in headers if header]


def _date(message: EmailMessage) -> object:
    return message["Date"].datetime if message["Date"] else None


def _text(message: EmailMessage) -> object:
    body = message.get_body(("plain", "html"))
    return body.get_content() if body else ""


def _html(message: EmailMessage) -> object:
    body = message.get_body(("html",))
    return body.get_content() if body else ""


def _files(message: EmailMessage) -> object:
    files = message.iter_attachments()
    return [(file.get_filename(), file.get_payload(decode=True)) for file in files]


READERS: dict[str, Callable[[bytes], object]] = {FLOOR: standard, OURS: ours}


def parse(lab: Lab) -> list[Row]:
    """Read the corpus again and again."""
    emails = [path.read_bytes() for path in sorted(EMAILS.glob("*.eml"))]
    seconds: dict[str, list[float]] = {name: [] for name in READERS}
    _read_all(ours, emails)  # loads modules
    for _ in range(lab.repetitions(15)):
        for name, read in READERS.items():
            seconds[name].append(_read_all(read, emails) / len(emails))
    what = f"read an email, mean of {len(emails)}"
    return [Row(what, "ms", medians(seconds.items(), 1000), times=1, note=NOTE)]


def _read_all(read: Callable[[bytes], object], emails: Sequence[bytes]) -> float:
    """Return how many seconds it takes to read the emails."""
    begin = time.perf_counter()
    for raw in emails:
        read(raw)
    return time.perf_counter() - begin
