"""Which of some emails meet the criteria, by fetching as little as it takes to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ImapLibrary.criteria.base import Condition
from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import EmailNotFound, IncompleteEmail
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.uidset import uid_sets
from ImapLibrary.mail.message import Email

FEW = 10
"""Up to so many emails are fetched with their first bytes at a time."""


@dataclass(frozen=True)
class Verdict:
    """What the criteria say of one email.

    misses: the conditions that it does not meet
    """

    email: Email
    misses: tuple[Condition, ...]

    @property
    def uid(self) -> int:
        return self.email.uid or 0

    @property
    def matches(self) -> bool:
        return not self.misses


def judge(connection: Connection, criteria: Criteria, email: Email) -> Verdict:
    """Test one email, and fetch more of it as long as what is here can't tell.

    Raises EmailNotFound if the email goes away meanwhile.
    """
    while True:
        try:
            return Verdict(email, criteria.misses(email))
        except IncompleteEmail:
            email = fetching.more_of(connection, email)


def screen(
    connection: Connection, criteria: Criteria, uids: Sequence[int], *, at_once: bool = False
) -> Iterator[Verdict]:
    """Test the emails with those UIDs, in that order. Those that have gone are left out.

    at_once: get all their headers in one go; otherwise it is done batch by batch, so that who
        stops early pays for little

    Of more than a few, headers come first, and first bytes only of those that these can't decide.
    """
    if criteria.about_content and len(uids) <= FEW:
        emails = _fetched(connection, uids, fetching.first_bytes)
        yield from _judged(connection, criteria, uids, emails)
        return
    for batch in [uids] if at_once else _batches(uids):
        emails = _fetched(connection, batch, fetching.headers)
        for start in range(0, len(batch), FEW):
            few = batch[start : start + FEW]
            undecided = [
                uid for uid in few if uid in emails and not _decides(criteria, emails[uid])
            ]
            emails |= _fetched(connection, undecided, fetching.first_bytes)
            yield from _judged(connection, criteria, few, emails)


def _batches(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the UIDs in batches that double, so that many take few commands."""
    start, size = 0, FEW
    while start < len(uids):
        yield uids[start : start + size]
        start, size = start + size, 2 * size


def _judged(
    connection: Connection, criteria: Criteria, uids: Iterable[int], emails: dict[int, Email]
) -> Iterator[Verdict]:
    for uid in uids:
        if uid in emails:
            with suppress(EmailNotFound):
                yield judge(connection, criteria, emails[uid])


def _decides(criteria: Criteria, email: Email) -> bool:
    try:
        criteria.misses(email)
    except IncompleteEmail:
        return False
    return True


def _fetched(
    connection: Connection, uids: Sequence[int], fetch: Callable[[Connection, str], list[Email]]
) -> dict[int, Email]:
    return {
        email.uid: email
        for part in uid_sets(uids)
        for email in fetch(connection, part)
        if email.uid is not None
    }
