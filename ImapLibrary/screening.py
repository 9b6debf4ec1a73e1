"""Which of some emails meet the criteria, by fetching as little as it takes to tell."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ImapLibrary import fetching
from ImapLibrary.connection import Connection
from ImapLibrary.criteria import Criteria, Criterion
from ImapLibrary.errors import CommandRefused, EmailNotFound, IncompleteEmail
from ImapLibrary.message import Email

_log = logging.getLogger(__name__)

FEW = 10
"""Up to so many emails are fetched with their first bytes; of more, the headers come first."""


@dataclass(frozen=True)
class Verdict:
    """What the criteria say of one email."""

    email: Email
    misses: tuple[Criterion, ...]

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


def screen(connection: Connection, criteria: Criteria, uids: Sequence[int]) -> Iterator[Verdict]:
    """Test the emails with those UIDs, in that order, fetching a few at a time.

    Emails that have gone, or go away meanwhile, are left out.
    """
    headers_first = len(uids) > FEW or not criteria.about_text
    fetch = fetching.headers if headers_first else fetching.first_bytes
    for start in range(0, len(uids), FEW):
        few = uids[start : start + FEW]
        emails = {email.uid: email for email in fetch(connection, fetching.uid_set(few))}
        for uid in few:
            if uid in emails:
                with suppress(EmailNotFound):
                    yield judge(connection, criteria, emails[uid])


def candidates(connection: Connection, criteria: Criteria) -> list[int]:
    """Return the UIDs that the server finds, in ascending order.

    They are candidates only. A server that can't search for some text, or not in UTF-8, is asked
    about the flags alone.
    """
    keys = criteria.search_keys()
    try:
        return connection.search(keys, None if _is_ascii(keys) else "UTF-8")
    except CommandRefused as refused:
        keys = criteria.flag_keys()
        _log.debug("%s It is asked for %s instead.", refused, b" ".join(keys) or "nothing")
        return connection.search(keys) if keys else []


def _is_ascii(keys: Sequence[bytes]) -> bool:
    return all(key.isascii() for key in keys)
