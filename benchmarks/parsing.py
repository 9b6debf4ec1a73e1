"""What reading emails costs: the corpus, beside the standard library with `policy.default`.

    python benchmarks/parsing.py

Both get subject, addresses, date, text, HTML, and the names and contents of attachments from the
bytes of each email. Where the standard library raises, what it has got so far must do.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from ImapLibrary.message import RECIPIENT_FIELDS, Email

EMAILS = Path(__file__).parent.parent / "utest" / "emails"
REPETITIONS = 15


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


READERS: dict[str, Callable[[bytes], object]] = {"floor": standard, "ours": ours}


def corpus() -> dict[str, float]:
    """Return the microseconds an email takes in the mean, by who reads it: medians of rounds."""
    emails = [path.read_bytes() for path in sorted(EMAILS.glob("*.eml"))]
    rounds: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(REPETITIONS):
        for name, read in READERS.items():
            begin = time.perf_counter()
            for raw in emails:
                read(raw)
            rounds[name].append((time.perf_counter() - begin) / len(emails) * 1_000_000)
    # The first round loads modules.
    return {name: statistics.median(times[1:]) for name, times in rounds.items()}


def main() -> None:
    """Print the figures, and exit with 1 if the standard library is faster."""
    figures = corpus()
    floor, mine = figures["floor"], figures["ours"]
    print(f"standard library {floor:.0f} us an email, ours {mine:.0f} us, ratio {mine / floor:.2f}")
    sys.exit(mine > floor)


if __name__ == "__main__":
    main()
