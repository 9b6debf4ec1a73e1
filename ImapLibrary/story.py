"""What happened during a wait, in words for the one whose email did not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ImapLibrary.criteria import Criteria
from ImapLibrary.errors import ImapLibraryError, IncompleteEmail
from ImapLibrary.location import Location
from ImapLibrary.message import Email
from ImapLibrary.screening import Verdict

NEAREST = 5
"""So many emails are told one by one."""


def in_short(email: Email) -> str:
    """Return one line by which a tester recognises an email."""
    try:
        what = f"{email.subject!r} from {email.sender or 'nobody'}"
    except IncompleteEmail:
        what = "an email with very long headers"
    received = f", received {email.received:%Y-%m-%d %H:%M:%S %z}" if email.received else ""
    return f"UID {email}: {what}{received}"


def listed(emails: Sequence[Email], most: int = 10) -> str:
    """Return lines for the newest of some emails, and say which of them share a Message-ID."""
    newest = sorted(emails, key=lambda email: email.uid or 0, reverse=True)
    lines = [f"\n  {in_short(email)}" for email in newest[:most]]
    if len(newest) > most:
        lines.append(f"\n  and {len(newest) - most} more")
    for message_id, count in Counter(email.message_id for email in newest).items():
        if message_id and count > 1:
            lines.append(
                f"\n{count} of them have the same Message-ID {message_id}: one email, delivered "
                "more than once?"
            )
    return "".join(lines)


class Story:
    """Collects during a wait what its failure has to tell."""

    def __init__(self, criteria: Criteria, timeout: float) -> None:
        self._criteria = criteria
        self._timeout = timeout
        self._arrived: dict[int, tuple[int, str]] = {}
        self._older: dict[int, tuple[int, str]] = {}
        self._vanished: list[str] = []
        self._left_out = 0
        self._trouble: ImapLibraryError | None = None

    def missed(self, verdict: Verdict, *, arrived: bool) -> None:
        """Note an email that does not match (yet)."""
        kept = self._arrived if arrived else self._older
        uid = verdict.email.uid or 0
        why = ", ".join(missed.name for missed in verdict.misses)
        kept[uid] = len(verdict.misses), f"{in_short(verdict.email)} - differs in: {why}"

    def vanished(self, email: Email) -> None:
        """Note an email that matched and was gone before it could be read."""
        self._vanished.append(in_short(email))

    def left_out(self, count: int) -> None:
        """Note that there were more emails than are looked at."""
        self._left_out = max(count, self._left_out)

    def trouble(self, error: ImapLibraryError) -> None:
        """Note that the connection failed."""
        self._trouble = error

    def answered(self) -> None:
        """Note that the connection works again."""
        self._trouble = None

    def several(self, found: Sequence[Email], location: Location | None) -> str:
        """Return the text of the failure when it can't be known which email is meant."""
        return (
            f"{len(found)} emails in {location} {self._wanted('are')}, and it can't be known which "
            f"one is meant:{listed(found)}\n"
            "Give criteria that only one of them meets, or say on_multiple=NEWEST or OLDEST."
        )

    def told(self, location: Location | None) -> str:
        """Return the text of the failure."""
        where = f", in {location}" if location else ""
        parts = [f"No email received within {self._timeout:g}s that {self._wanted('is')}{where}."]
        parts.append(self._told_arrivals())
        if self._vanished:
            parts.append(f"Matched, but gone before it could be read: {_lines(self._vanished)}")
        if self._left_out:
            parts.append(f"{self._left_out} emails more were not looked at.")
        if self._trouble:
            parts.append(f"The last look got no answer: {self._trouble}")
        return "\n".join(part for part in parts if part)

    def _wanted(self, verb: str) -> str:
        if self._criteria.by_default:
            return f"{verb} unread"
        return f"{'match' if verb == 'are' else 'matches'} {self._criteria}"

    def _told_arrivals(self) -> str:
        if self._arrived:
            count = len(self._arrived)
            emails = "1 other email" if count == 1 else f"{count} other emails"
            return f"{emails} arrived meanwhile:{_nearest(self._arrived)}"
        nothing = "No other email arrived meanwhile."
        if self._older:
            return f"{nothing} Of those that were there before, these come near:{_nearest(self._older)}"
        return nothing


def _nearest(noted: dict[int, tuple[int, str]]) -> str:
    nearest = sorted(noted.items(), key=lambda item: (item[1][0], -item[0]))
    more = len(noted) - NEAREST
    lines = [line for _, (_, line) in nearest[:NEAREST]]
    return _lines(lines) + (f"\n  and {more} more" if more > 0 else "")


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"\n  {line}" for line in lines)
