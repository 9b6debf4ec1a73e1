"""Emails in a line each, for logs and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.mail.message import Email
from ImapLibrary.units import number_of

LISTED = 10
"""So many of several emails are told one by one."""


def in_short(email: Email) -> str:
    """Return one line by which a tester recognises an email."""
    try:
        what = f"{email.subject!r} from {email.sender or 'nobody'}"
    except IncompleteEmail:
        what = "an email with very long headers"
    received = f", received {email.received:%Y-%m-%d %H:%M:%S %z}" if email.received else ""
    return f"UID {email}: {what}{received}" if email.uid else f"{what}{received}"


def told(done: str, emails: Sequence[Email], how: str = "") -> str:
    """Return what was done to emails, for the log: "Marked", the emails, "as read"."""
    count = number_of(len(emails), "email")
    return f"{done} {count}{how and ' '}{how}{':' if emails else '.'}{''.join(_in_short(emails))}"


def listed(emails: Sequence[Email], *, oldest_first: bool = False) -> str:
    """Return lines for the newest or oldest of some emails, and say which share a Message-ID."""
    lines = _in_short(emails, oldest_first=oldest_first)
    message_ids = (email.headers_so_far.get("Message-ID", "") for email in emails)
    for message_id, count in Counter(message_ids).items():
        if message_id and count > 1:
            lines.append(
                f"\n{count} of them have the same Message-ID {message_id}: one email, delivered "
                "more than once?"
            )
    return "".join(lines)


def _in_short(emails: Sequence[Email], *, oldest_first: bool = False) -> list[str]:
    ordered = sorted(emails, key=lambda email: email.uid or 0)  # as they mostly are already
    first = ordered[:LISTED] if oldest_first else ordered[: -LISTED - 1 : -1]
    lines = [f"\n  {in_short(email)}" for email in first]
    if len(emails) > LISTED:
        lines.append(f"\n  and {len(emails) - LISTED} more")
    return lines
