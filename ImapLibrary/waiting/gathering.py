"""Waits for several emails, for none, or for some to go: all that match, look by look."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Generic, NoReturn, TypeVar

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import EmailArrived, EmailNotFound, SeveralEmails, WaitTimedOut
from ImapLibrary.finding import fetching
from ImapLibrary.finding.screening import Verdict, judge, screen
from ImapLibrary.finding.searching import Search
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.uidset import uid_sets
from ImapLibrary.location import Location, check_location
from ImapLibrary.mail.message import Email
from ImapLibrary.waiting.looking import Wanted
from ImapLibrary.waiting.story import Story

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Gathering(ABC, Generic[T]):
    """A folder under watch for all emails that match. Subclasses say what ends the wait.

    timeout: seconds of the wait, for its story

    location: the folder, None before the first look
    due: when a look is needed even if nothing happens, None if no look is
    found: what matched at the last look, the oldest first
    """

    def __init__(self, wanted: Wanted, timeout: float) -> None:
        self.story = Story(wanted.criteria, wanted.after, timeout)
        self.location: Location | None = wanted.after.location if wanted.after else None
        self.due: Deadline | None = None
        self.found: list[Email] = []
        self._criteria = wanted.criteria
        self._after = wanted.after
        self._search = Search(wanted.criteria, wanted.check_newest)
        self._baseline = wanted.after.uid if wanted.after else 0
        self._arrivals = 0
        # Content never changes. What can't match any more, whatever its flags, is None.
        self._known: dict[int, Email | None] = {}

    def is_behind(self, connection: Connection) -> bool:
        """Return whether the server has announced arrivals since the last look began."""
        return connection.arrivals != self._arrivals

    def look(self, connection: Connection, *, pushed: bool, thorough: bool) -> T | None:
        """Look once, and return what the wait is for, if that is so now.

        pushed: whether the server has just said that something changed; otherwise it is asked

        Raises MarkMismatch if the UIDs of the folder have lost their meaning.
        """
        self.location = self.location or connection.location
        check_location(self.location, connection.location)
        self._criteria.check_location(connection.location)
        if not self._baseline:
            self._baseline = connection.next_uid()
        elif not pushed:
            connection.noop()
        self._arrivals = connection.arrivals
        self.found = self._matching(connection)
        return self.judged(self.found)

    @abstractmethod
    def judged(self, found: list[Email]) -> T | None:
        """Return what the wait is for, or None if it has to go on."""

    @abstractmethod
    def give_up(self) -> T:
        """Return what it means that the time is up, or raise that."""

    def _matching(self, connection: Connection) -> list[Email]:
        """Return the emails that match now, the oldest first."""
        flags = self._flags(connection)
        for gone in self.found:
            if gone.uid not in flags:
                self.story.vanished(gone)
        uids = sorted(flags)
        new = [uid for uid in uids if uid not in self._known]
        for verdict in screen(connection, self._criteria, new):
            self._learn(verdict)
        self.story.unread(uid for uid in new if uid not in self._known)
        matching: list[Email] = []
        for uid in uids:
            if email := self._known.get(uid):
                with suppress(EmailNotFound):
                    verdict = judge(connection, self._criteria, email.with_flags(flags[uid]))
                    self._learn(verdict)
                    matching += [verdict.email] if verdict.matches else []
        return self._confirmed(connection, matching)

    def _flags(self, connection: Connection) -> dict[int, tuple[str, ...]]:
        """Return the flags of all emails that may match, by UID."""
        # When none is that new, the answer is the last one there is (RFC 9051, section 9).
        answers = connection.fetch(f"{self._baseline}:*", "(UID FLAGS)")
        flags = {uid: answer for uid, answer in answers.items() if uid >= self._baseline}
        if self._after is None:
            # What has matched need not be among the newest any more, nor does SEARCH have to find it.
            older = self._search.candidates(connection).union(filter(self._known.get, self._known))
            for uids in uid_sets(uid for uid in older if uid < self._baseline):
                flags.update(connection.fetch(uids, "(UID FLAGS)"))
        return {uid: fetching.flags_of(answer) for uid, answer in flags.items()}

    def _learn(self, verdict: Verdict) -> None:
        hopeless = not all(missed.about_flags for missed in verdict.misses)
        self._known[verdict.uid] = None if hopeless else verdict.email
        if not verdict.matches:
            self.story.missed(verdict, arrived=verdict.uid >= self._baseline)

    def _confirmed(self, connection: Connection, matching: list[Email]) -> list[Email]:
        if not matching or not self._criteria.server_conditions:
            return matching
        confirmed = self._search.confirmed(connection)
        return [email for email in matching if email.uid in confirmed]


class Several(Gathering[list[Email]]):
    """A wait for a number of emails."""

    def __init__(self, wanted: Wanted, timeout: float, count: int) -> None:
        super().__init__(wanted, timeout)
        self._count = count

    def look(self, connection: Connection, *, pushed: bool, thorough: bool) -> list[Email] | None:
        """Look once, and return the emails, with their first bytes unless they are many."""
        found = super().look(connection, pushed=pushed, thorough=thorough)
        return found and fetching.all_with_first_bytes(connection, found)

    def give_up(self) -> NoReturn:
        """Raise WaitTimedOut."""
        raise WaitTimedOut(self.story.told(self.location, self.found, self._count))


class AtLeast(Several):
    """A wait for so many emails or more."""

    def judged(self, found: list[Email]) -> list[Email] | None:
        return found if len(found) >= self._count else None


class Exactly(Several):
    """A wait for so many emails, after which no further one comes for some time.

    settle: seconds
    """

    def __init__(self, wanted: Wanted, timeout: float, count: int, settle: float) -> None:
        super().__init__(wanted, timeout, count)
        self._settle = settle
        self._settling: set[int | None] = set()

    def judged(self, found: list[Email]) -> list[Email] | None:
        if len(found) > self._count:
            raise SeveralEmails(self.story.miscounted(found, self._count, self.location))
        if len(found) < self._count:
            self.due = None
            return None
        uids = {email.uid for email in found}
        if self.due is None or uids != self._settling:
            self._settling, self.due = uids, Deadline(self._settle)
        return found if self.due.passed else None

    def give_up(self) -> NoReturn:
        """Raise WaitTimedOut."""
        told = self.story.told(self.location, self.found, self._count)
        if len(self.found) == self._count:
            told += (
                f"\nSo many should be there, but {self._settle:g}s had not passed yet in which no "
                "further one came (settle). Give a longer timeout, or a shorter settle."
            )
        raise WaitTimedOut(told)


class NoneAtAll(Gathering[None]):
    """A wait during which no email may come."""

    def judged(self, found: list[Email]) -> None:
        if found:
            raise EmailArrived(self.story.arrived(found, self.location))

    def give_up(self) -> None:
        """Return, for none has come; raise why the last look failed if it did."""
        if self.story.unanswered:
            raise self.story.unanswered
        if unread := self.story.told_unread():
            _log.info("%s", unread)


class Gone(Gathering[bool]):
    """A wait until no email matches any more."""

    def judged(self, found: list[Email]) -> bool | None:
        return None if found else True

    def give_up(self) -> NoReturn:
        """Raise WaitTimedOut."""
        raise WaitTimedOut(self.story.still_there(self.found, self.location))
