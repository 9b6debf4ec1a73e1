"""Waiting for an email: look, let the server push, look again, until a deadline.

A push is a hint, never the truth. Servers announce late, or not at all, or before they were
asked; so every few seconds there is a look in any case, and the last one when the time is up.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from contextlib import nullcontext
from threading import Lock
from typing import Generic, Protocol, TypeVar

from ImapLibrary.deadline import Deadline, sleep
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    ImapLibraryError,
)
from ImapLibrary.finding.fetching import all_with_first_bytes, just_headers
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.patience import Pauses, is_final
from ImapLibrary.mail.message import Email
from ImapLibrary.mailbox import Mailbox
from ImapLibrary.waiting.story import Story

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_log = logging.getLogger(__name__)

GRACE = 1.5
"""Seconds after the deadline in which the last look must be over."""

MORE_SECONDS = 1.0
"""Seconds that it may take to fetch more of emails for the log, once a wait has failed."""

MORE_GRACE = 1.7
"""Seconds after the deadline in which that must be over, so that it can be written to the log."""

ANOTHER_LOOK = 1 / 3
"""The part of the time that a look leaves to another one when the server says nothing at all."""

SHORTEST_LOOK = 1.0
"""If that part has fewer seconds, they would not do for another look."""

IDLE_GRACE = 5.0
"""Seconds that a server has to end an IDLE, which is no work for it, before it is given up."""

NEAR = 0.005
"""A server whose round trip takes no longer than so many seconds may be asked often."""

EAGER_SECONDS = 10.0
"""For so long after the start of a wait a near server is asked often, less and less so.

Some servers hold a push back (Dovecot for half a second) although they would answer at once.
"""

SHORTEST_SLICE = 0.15
SLICE_GROWTH = 1 / 30
"""A slice of listening is the thirtieth part of the time waited, but at least the shortest one.
With two commands each, IDLE and DONE, a server gets no more than 14 a second, so that there is room
for looks below the most that the pace lets through."""

BURST_GAP = 0.5
"""Seconds between two looks at least when one push comes after the other. The first is followed
at once."""

TURN = 1.0
"""Seconds between two looks of a wait that shares its connection: it can't listen meanwhile."""


class Watch(Protocol[T_co]):
    """What a wait needs to know how to look, and what it is for."""

    @property
    def story(self) -> Story:
        """What is noted of the course of the wait."""

    @property
    def due(self) -> Deadline | None:
        """When a look is needed even if nothing happens; None if no look is."""

    def look(self, connection: Connection, *, pushed: bool, thorough: bool) -> T_co | None:
        """Look once, and return what the wait is for, None if it has to go on."""

    def is_behind(self, connection: Connection) -> bool:
        """Return whether the server has announced arrivals since the last look began."""

    def give_up(self) -> T_co:
        """Return what it means that the time is up, or raise that."""


class Wait(Generic[T]):
    """One wait.

    deadline: when the time is up
    poll_frequency: seconds after which there is a look even if the server pushed nothing
    turns: held while looking, if waits in other folders use the same connection

    story: what is noted of its course
    """

    def __init__(
        self,
        watch: Watch[T],
        mailbox: Mailbox,
        deadline: Deadline,
        poll_frequency: float,
        turns: Lock | None = None,
    ) -> None:
        self._watch = watch
        self.story = watch.story
        self._mailbox = mailbox
        self._deadline = deadline
        self._poll_frequency = poll_frequency
        self._turns = turns
        self._limit = self._deadline.later(GRACE)
        self._eager = Deadline(EAGER_SECONDS)
        self._burst = Deadline(0)
        self._pauses = Pauses()

    def run(self) -> T:
        """Return what is waited for, or what the watch makes of it that the time is up.

        A connection that breaks is replaced, and a command that is refused is tried again, as
        long as there is time.

        Raises what a look raises, such as MarkMismatch if the UIDs of the folder lose their
        meaning, and LoginFailed or FolderNotFound if the mailbox can't be opened anew.
        """
        with self._mailbox.pace.kept():
            return self._run()

    def more_of(self, emails: Sequence[Email]) -> Sequence[Email]:
        """Return emails that did not match with their first 64 KiB, for the log of a failed wait.

        Those of which just the headers are here are fetched by one command, in what is left of the
        time by which a wait may overrun. If nothing comes of it, they stay as they are.
        """
        limit = self._deadline.later(MORE_GRACE).or_sooner(MORE_SECONDS)
        if self.story.unanswered or limit.passed or not any(map(just_headers, emails)):
            return emails
        try:
            connection = self._mailbox.connection(limit)
            if {email.location for email in emails} == {connection.location}:
                return all_with_first_bytes(connection, emails)
        except ImapLibraryError as failure:
            _log.debug("No more of these emails can be shown in the log: %s", failure)
        return emails

    def call_off(self) -> None:
        """Let it end now, even if the server does not answer. Any thread may do so."""
        self._deadline.call_off()
        self._limit.call_off()

    def _run(self) -> T:
        pushed, thorough, repeated = False, True, False
        _log.debug("Waiting up to %s for an email that %s.", self._deadline, self.story.wanted())
        while True:
            try:
                with self._turns or nullcontext():
                    if self._deadline.called_off:
                        return self._watch.give_up()
                    last = self._deadline.passed
                    _log.debug("%s", _reason_to_look(pushed, thorough, last))
                    connection = self._mailbox.connection(self._limit)
                    connection.bear(self._silence())
                    found = self._watch.look(connection, pushed=pushed, thorough=thorough or last)
                self.story.answered()
                if found is not None:
                    return found
                if last:
                    return self._watch.give_up()
                pushed, thorough = self._listen(connection), False
            except (ConnectionLost, ConnectionFailed, CommandRefused) as trouble:
                if is_final(trouble):
                    raise
                self.story.trouble(trouble)
                # The last look is worth a second try when all that it lacked was the connection.
                final = last and (repeated or not isinstance(trouble, ConnectionLost))
                if final or self._limit.passed:
                    return self._watch.give_up()
                repeated = last
                _log.debug("%s It is tried again.", trouble)
                self._pauses.rest(self._deadline)
                pushed, thorough = False, True

    def _silence(self) -> float:
        """Return for how many seconds a look bears a server that says nothing.

        As long as there is time to look again over another connection, it leaves that time.
        """
        remaining = self._limit.remaining()
        again = remaining * ANOTHER_LOOK
        return remaining - again if again >= SHORTEST_LOOK else math.inf

    def _listen(self, connection: Connection) -> bool:
        """Wait until the next look is due, and return whether the server pushed it."""
        due = self._deadline.or_sooner(self._poll_frequency)
        if self._watch.due:
            due = due.or_sooner(self._watch.due.remaining())
        if self._turns:
            sleep(due.or_sooner(TURN))
            return False
        can_idle = connection.can_idle  # asked first: what arrives with the answer counts, too
        pushed = self._watch.is_behind(connection)  # announced during the look, and never again
        while not pushed and not due.passed:
            until = due.or_sooner(self._slice(connection))
            pushed = self._idle(connection, until) if can_idle else self._poll(connection, until)
            if not until.passed:  # the server ended it, and may have forgotten to say why
                break
            can_idle = connection.can_idle
        if pushed:
            sleep(self._deadline.or_sooner(self._burst.remaining()))
            self._burst = Deadline(BURST_GAP)
        return pushed

    def _idle(self, connection: Connection, until: Deadline) -> bool:
        patience = until.remaining() + IDLE_GRACE
        connection.allow(self._limit.or_sooner(patience), until.remaining())
        return connection.idle(until)

    def _poll(self, connection: Connection, until: Deadline) -> bool:
        """Do for a server without IDLE what listening does for one that has it."""
        sleep(until)
        connection.allow(self._limit)
        connection.noop()
        return self._watch.is_behind(connection)

    def _slice(self, connection: Connection) -> float:
        """Return for how many seconds to listen before the server is asked to say something.

        A far server is left alone until the next look, and after a while a near one is, too.
        """
        if self._eager.passed or (connection.round_trip or NEAR) > NEAR:
            return self._poll_frequency
        waited = EAGER_SECONDS - self._eager.remaining()
        return max(SHORTEST_SLICE, waited * SLICE_GROWTH)


def _reason_to_look(pushed: bool, thorough: bool, last: bool) -> str:
    if last:
        return "The time is up: the last look."
    if pushed:
        return "The server announced a change: a look at what is new."
    return "A look at everything." if thorough else "A look, for the server announced nothing."
