"""What one look into a folder does, and what is remembered from look to look.

What counts as an arrival is a UID from the baseline on. The baseline is taken before the first
SEARCH, so that nothing falls between the two. Arrivals are few: they are fetched and tested here.
The server's SEARCH is only asked about what was there before, and the newest few of that are
tested in any case, because an index may not know them yet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from ImapLibrary.arguments import OnMultiple
from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import EmailNotFound, SeveralEmails, WaitTimedOut
from ImapLibrary.finding import fetching
from ImapLibrary.finding.screening import FEW, Verdict, judge, screen
from ImapLibrary.finding.searching import Search
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.location import Location, Mark, check_location
from ImapLibrary.mail.message import Email
from ImapLibrary.waiting.story import Story

_log = logging.getLogger(__name__)

MOST = 200
"""So many emails at most are looked at in one look, unless the oldest match is wanted."""


@dataclass(frozen=True)
class Wanted:
    """Which email is wanted.

    after: only what arrived later counts; None if emails that are there already count too
    on_multiple: what to do when one look finds several
    check_newest: so many of the newest emails are tested whatever the server finds
    """

    criteria: Criteria
    after: Mark | None
    on_multiple: OnMultiple = OnMultiple.NEWEST
    check_newest: int = NEWEST


class OneEmail:
    """A folder under watch for one email: which is wanted, and what has been seen so far.

    timeout: seconds of the wait, for its story

    location: the folder, None before the first look
    """

    def __init__(self, wanted: Wanted, timeout: float) -> None:
        self.story = Story(wanted.criteria, wanted.after, timeout)
        self.due = None  # nothing but news can end the wait
        self._wanted = wanted
        self.criteria = wanted.criteria
        self.location: Location | None = wanted.after.location if wanted.after else None
        self._baseline = wanted.after.uid if wanted.after else 0
        self._unseen = self._baseline  # no look has seen the UIDs from here on
        self._exists = 0
        self._arrivals = 0
        self._search = Search(self.criteria, wanted.check_newest)
        # An email's content never changes, its flags do: what misses by flags alone stays pending.
        self._pending: dict[int, Email] = {}
        self._hopeless: set[int] = set()
        self._confirmed: set[int] | None = None

    def is_behind(self, connection: Connection) -> bool:
        """Return whether the server has announced arrivals since the last look began."""
        return connection.arrivals != self._arrivals

    def look(self, connection: Connection, *, pushed: bool, thorough: bool) -> Email | None:
        """Look once, and return the email, with its first bytes, if it is there.

        pushed: whether the server has just said that something changed; otherwise it is asked
        thorough: look at everything, not just at what can have changed since the last look

        Raises SeveralEmails if that is to be a failure, and MarkMismatch if the UIDs of the folder
        have lost their meaning.
        """
        self.location = self.location or connection.location
        check_location(self.location, connection.location)
        self.criteria.check_location(connection.location)
        if not self._baseline:
            self._baseline = self._unseen = connection.next_uid()
        elif not pushed:
            connection.noop()
        self._confirmed = None
        return self._choose(connection, self._matching(connection, pushed, thorough))

    def give_up(self) -> NoReturn:
        """Raise WaitTimedOut."""
        raise WaitTimedOut(self.story.told(self.location))

    def _matching(self, connection: Connection, pushed: bool, thorough: bool) -> Iterator[Email]:
        """Yield the emails that match, the preferred first, and look no further than asked."""
        oldest_first = self._wanted.on_multiple is OnMultiple.OLDEST
        found = False
        if oldest_first:
            yield from self._sift(connection, self._older(connection, thorough))
        for email in self._sift(connection, self._arrived(connection, pushed)):
            found = True
            yield email
        if not oldest_first and (thorough or not found):
            yield from self._sift(connection, self._older(connection, thorough))

    def _choose(self, connection: Connection, matching: Iterable[Email]) -> Email | None:
        """Return the email that is meant; None if there is none or all of them went away."""
        if self._wanted.on_multiple is OnMultiple.FAIL:
            matching = list(matching)
            if len(matching) > 1:
                raise SeveralEmails(self.story.several(matching, self.location))
        for email in matching:
            try:
                latest = fetching.with_first_bytes(connection, email)
                verdict = judge(connection, self.criteria, latest)
            except EmailNotFound:
                self.story.vanished(email)
                continue
            if verdict.matches:
                return verdict.email
            self._missed(verdict)  # its flags have changed meanwhile
        return None

    def _arrived(self, connection: Connection, pushed: bool) -> Iterator[Verdict]:
        """Test what has arrived since the last look, and before if its flags may have changed."""
        announced = connection.exists - self._exists
        self._exists, self._arrivals = connection.exists, connection.arrivals
        if pushed and not self._pending and 0 < announced <= FEW:
            yield from self._just_arrived(connection)
        else:
            yield from self._listed(connection)

    def _just_arrived(self, connection: Connection) -> Iterator[Verdict]:
        """Get arrivals in one command. Few emails are cheaper to have than to ask about."""
        answered = fetching.first_bytes(connection, f"{self._unseen}:*")
        # When none is that new, the answer is the last one there is (RFC 9051, section 9).
        emails = {email.uid: email for email in answered if (email.uid or 0) >= self._unseen}
        arrived = self._preferred_first(uid for uid in emails if uid)
        for uid in arrived:
            with suppress(EmailNotFound):
                yield judge(connection, self.criteria, emails[uid])
        self._unseen = max([self._unseen, *(uid + 1 for uid in arrived)])

    def _listed(self, connection: Connection) -> Iterator[Verdict]:
        """Ask which emails there are before any is fetched, and for the flags of those known."""
        flags = connection.fetch(f"{min([self._unseen, *self._pending])}:*", "(UID FLAGS)")
        arrived = self._preferred_first(uid for uid in flags if uid >= self._unseen)
        oldest_first = self._wanted.on_multiple is OnMultiple.OLDEST
        known = {uid: fetching.flags_of(flags[uid]) for uid in self._pending if uid in flags}
        self._pending = {uid: self._pending[uid].with_flags(now) for uid, now in known.items()}
        if oldest_first:
            yield from self._judged_again(connection)
        yield from screen(connection, self.criteria, arrived)
        if not oldest_first:
            yield from self._judged_again(connection)
        self._unseen = max([self._unseen, *(uid + 1 for uid in arrived)])

    def _judged_again(self, connection: Connection) -> Iterator[Verdict]:
        for uid in self._preferred_first(self._pending):
            with suppress(EmailNotFound):
                yield judge(connection, self.criteria, self._pending[uid])

    def _older(self, connection: Connection, thorough: bool) -> Iterator[Verdict]:
        """Test emails from below the baseline, as far as they must be known.

        thorough: search by all criteria, and test the newest few besides, which an index of the
            server may not know yet; otherwise only flags can have changed
        """
        if self._wanted.after or not (thorough or self.criteria.about_flags):
            return
        uids = self._search.candidates(connection, newest=thorough)
        older = (uid for uid in uids - self._hopeless if uid < self._baseline)
        yield from screen(connection, self.criteria, self._preferred_first(older))

    def _sift(self, connection: Connection, verdicts: Iterator[Verdict]) -> Iterator[Email]:
        """Yield the emails that match, and note the others."""
        for verdict in verdicts:
            if verdict.matches and not self._allowed_by_server(connection, verdict.uid):
                verdict = Verdict(verdict.email, self.criteria.server_conditions)
            if verdict.matches:
                yield verdict.email
            else:
                self._missed(verdict)

    def _allowed_by_server(self, connection: Connection, uid: int) -> bool:
        """Ask the server what it alone can tell (RECENT and the like), once a look."""
        if not self.criteria.server_conditions:
            return True
        if self._confirmed is None:
            self._confirmed = self._search.confirmed(connection)
        return uid in self._confirmed

    def _missed(self, verdict: Verdict) -> None:
        """Note an email that does not match, and whether another look at it can be worth it."""
        arrived = verdict.uid >= self._baseline
        self.story.missed(verdict, arrived=arrived)
        if not all(missed.about_flags for missed in verdict.misses):
            self._hopeless.add(verdict.uid)
            self._pending.pop(verdict.uid, None)
        elif arrived:
            self._pending[verdict.uid] = verdict.email

    def _preferred_first(self, uids: Iterable[int]) -> list[int]:
        """Return the UIDs in the order in which they are wanted, as many as a look goes through.

        The oldest match can't be known without those that came before it, so there is no limit
        then.
        """
        if self._wanted.on_multiple is OnMultiple.OLDEST:
            return sorted(uids)
        newest = sorted(uids, reverse=True)
        if len(newest) > MOST:
            _log.info("Of %d emails, only the newest %d are looked at.", len(newest), MOST)
        self.story.left_out(newest[MOST:])
        return newest[:MOST]
