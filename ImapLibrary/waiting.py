"""Waiting for an email: look, let the server push, look again, until a deadline.

A push is a hint, never the truth. Servers announce late, or not at all, or before they were
asked; so every few seconds there is a look in any case, and the last one when the time is up.

What counts as an arrival is a UID from the baseline on. The baseline is taken before the first
SEARCH, so that nothing falls between the two.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from ImapLibrary import fetching
from ImapLibrary.arguments import OnMultiple
from ImapLibrary.connection import Connection
from ImapLibrary.criteria import Criteria
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    ConnectionFailed,
    ConnectionLost,
    EmailNotFound,
    LoginFailed,
    SeveralEmails,
    WaitTimedOut,
)
from ImapLibrary.location import Mark, check_location
from ImapLibrary.message import Email
from ImapLibrary.screening import FEW, Verdict, candidates, judge, screen
from ImapLibrary.story import Story
from ImapLibrary.wire import SLICE

_log = logging.getLogger(__name__)

GRACE = 1.5
"""Seconds after the deadline in which the last look must be over."""

NEAR = 0.005
"""A server whose round trip takes no longer than so many seconds may be asked often."""

EAGER_SECONDS = 10.0
"""For so long after the start of a wait a near server is asked often, less and less so.

Some servers hold a push back (Dovecot for half a second) although they would answer at once.
"""

SHORTEST_SLICE = 0.15
SLICE_GROWTH = 1 / 30
"""The time to the next look is the thirtieth part of the time waited, but at least the shortest
slice: two commands each, with the other looks fewer than 20 a second."""

MOST_PATIENT = 5.0
"""Seconds between two attempts to connect again, at most."""

MOST = 200
"""So many emails at most are looked at in one look, the newest."""


class Mailbox(Protocol):
    """What a wait needs of a mailbox."""

    def connection(self, deadline: Deadline) -> Connection:
        """Return a usable connection that keeps the deadline, made anew if the last one broke."""


@dataclass(frozen=True)
class Plan:
    """What to wait for.

    after: only what arrived later counts; None if emails that are there already count too
    on_multiple: what to do when one look finds several
    timeout: seconds to wait
    poll_frequency: seconds after which there is a look even if the server pushed nothing
    """

    criteria: Criteria
    after: Mark | None
    on_multiple: OnMultiple
    timeout: float
    poll_frequency: float


class Wait:
    """One wait for one email: what is wanted, and what has been seen so far."""

    def __init__(self, plan: Plan, mailbox: Mailbox) -> None:
        self._plan = plan
        self._criteria = plan.criteria
        self._mailbox = mailbox
        self._story = Story(plan.criteria, plan.timeout)
        self._deadline = Deadline(plan.timeout)
        self._limit = self._deadline.later(GRACE)
        self._eager = Deadline(EAGER_SECONDS)
        self._location = plan.after.location if plan.after else None
        self._baseline = plan.after.uid if plan.after else 0
        self._unseen = self._baseline
        self._exists = 0
        self._arrivals = 0
        # An email's content never changes, its flags do: what misses by flags alone is kept.
        self._rejected: set[int] = set()
        self._pending: dict[int, Verdict] = {}

    def run(self) -> Email:
        """Return the email that is waited for.

        Raises WaitTimedOut, SeveralEmails, or MarkMismatch if the UIDs of the folder lose their
        meaning. A connection that breaks is replaced as long as there is time.
        """
        thorough, pushed, pauses = True, False, 0.1
        while True:
            last = self._deadline.passed
            try:
                connection = self._connect()
                email = self._look(connection, pushed=pushed, thorough=thorough or last)
                if email is not None:
                    return email
                if last:
                    break
                pushed, thorough = self._pause(connection), False
            except (ConnectionLost, ConnectionFailed) as trouble:
                self._story.trouble(trouble)
                if last or isinstance(trouble, LoginFailed):
                    break
                _log.debug("%s A new connection is tried.", trouble)
                _sleep(self._deadline.or_sooner(pauses))
                pushed, thorough, pauses = False, True, min(2 * pauses, MOST_PATIENT)
        raise WaitTimedOut(self._story.told(self._location))

    def _connect(self) -> Connection:
        connection = self._mailbox.connection(self._limit)
        if self._location is None:
            self._location = connection.location
        check_location(self._location, connection.location)
        return connection

    def _look(self, connection: Connection, *, pushed: bool, thorough: bool) -> Email | None:
        """Look once, and return the email if it is there."""
        if not self._baseline:
            self._baseline = self._unseen = connection.next_uid()
        elif not pushed:
            connection.noop()
        found = self._arrived(connection, pushed)
        if self._plan.after is None and (thorough or not found):
            found += self._older(connection, thorough)
        self._story.answered()
        return self._chosen(connection, found)

    def _arrived(self, connection: Connection, pushed: bool) -> list[Email]:
        """Return the matching emails from the baseline on."""
        self._arrivals = connection.arrivals
        if pushed and not self._pending and connection.exists - self._exists <= FEW:
            verdicts = list(self._fetch_few(connection))
        else:
            verdicts = list(self._fetch_many(connection))
        self._exists = connection.exists
        self._unseen = max([self._unseen, *(verdict.uid + 1 for verdict in verdicts)])
        return self._matching(connection, verdicts, arrived=True)

    def _fetch_few(self, connection: Connection) -> Iterator[Verdict]:
        """Get what has just arrived in one command. Few emails are cheaper to have than to ask."""
        for email in fetching.first_bytes(connection, f"{self._unseen}:*"):
            # When none is that new, the answer is the last one there is (RFC 9051, section 9).
            if email.uid is not None and email.uid >= self._unseen:
                with suppress(EmailNotFound):
                    yield judge(connection, self._criteria, email)

    def _fetch_many(self, connection: Connection) -> Iterator[Verdict]:
        """Ask which emails there are before any is fetched, and for the flags of those known."""
        first = min([self._unseen, *self._pending])
        flags = connection.fetch(f"{first}:*", "(UID FLAGS)")
        for uid, verdict in list(self._pending.items()):
            if uid in flags:
                email = verdict.email.with_flags(fetching.flags_of(flags[uid]))
                yield Verdict(email, self._criteria.misses(email))
            else:
                self._pending.pop(uid)
        arrived = self._newest(uid for uid in flags if uid >= self._unseen)
        yield from screen(connection, self._criteria, arrived)

    def _older(self, connection: Connection, thorough: bool) -> list[Email]:
        """Return matching emails from below the baseline, as far as they must be known.

        thorough: search by all criteria, and test the newest few besides, which an index of the
            server may not know yet; otherwise only flags can have changed
        """
        if not thorough and not self._criteria.about_flags:
            return []
        uids = set(candidates(connection, self._criteria))
        if thorough:
            uids.update(connection.fetch_newest(FEW, "(UID)"))
        unknown = self._newest(uid for uid in uids - self._rejected if uid < self._baseline)
        found: list[Email] = []
        for verdict in screen(connection, self._criteria, unknown):
            found += self._matching(connection, [verdict], arrived=False)
            if found and self._plan.on_multiple is OnMultiple.NEWEST:
                break
        return found

    def _newest(self, uids: Iterable[int]) -> list[int]:
        """Return as many UIDs as one look goes through, the newest first."""
        newest = sorted(uids, reverse=True)
        if len(newest) > MOST:
            _log.debug("Of %d emails, the newest %d are looked at.", len(newest), MOST)
            self._story.left_out(len(newest) - MOST)
        return newest[:MOST]

    def _matching(
        self, connection: Connection, verdicts: list[Verdict], *, arrived: bool
    ) -> list[Email]:
        """Sort emails into those that match, those that may once their flags change, the rest."""
        matching = [verdict for verdict in verdicts if verdict.matches]
        if matching and self._criteria.ask_session:
            allowed = candidates(connection, self._criteria)
            matching = [verdict for verdict in matching if verdict.uid in allowed]
        for verdict in verdicts:
            if verdict in matching:
                continue
            self._story.missed(verdict, arrived=arrived)
            if not all(missed.about_flags for missed in verdict.misses):
                self._rejected.add(verdict.uid)
            elif arrived:
                self._pending[verdict.uid] = verdict
        return [verdict.email for verdict in matching]

    def _chosen(self, connection: Connection, found: list[Email]) -> Email | None:
        """Return the one email that is meant, with its text; None if all of them went away."""
        found = sorted(found, key=_uid, reverse=self._plan.on_multiple is not OnMultiple.OLDEST)
        if len(found) > 1 and self._plan.on_multiple is OnMultiple.FAIL:
            raise SeveralEmails(self._story.several(found, self._location))
        for email in found:
            try:
                return fetching.with_first_bytes(connection, email)
            except EmailNotFound:
                self._story.vanished(email)
        return None

    def _pause(self, connection: Connection) -> bool:
        """Wait until the next look is due, and return whether the server pushed it."""
        if connection.arrivals != self._arrivals:
            return True  # announced during the look, too late for it, and never again
        due = self._deadline.or_sooner(self._plan.poll_frequency)
        if not connection.can_idle:
            _sleep(due.or_sooner(self._slice(connection)))
            return False
        while not due.passed:
            until = due.or_sooner(self._slice(connection))
            connection.allow(self._limit, until.remaining())
            if connection.idle(until):
                return True
        return False

    def _slice(self, connection: Connection) -> float:
        """Return the seconds to the next short look; far servers, after a while all, get none."""
        waited = EAGER_SECONDS - self._eager.remaining()
        if self._eager.passed or (connection.round_trip or NEAR) > NEAR:
            return self._plan.poll_frequency
        return max(SHORTEST_SLICE, waited * SLICE_GROWTH)


def _uid(email: Email) -> int:
    return email.uid or 0


def _sleep(deadline: Deadline) -> None:
    """Sleep in slices, so that an interruption gets through on every system."""
    while not deadline.passed:
        time.sleep(min(SLICE, deadline.remaining()))
