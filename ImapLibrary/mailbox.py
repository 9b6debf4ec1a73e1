"""An open mailbox, and the connection that it has for itself or shares with others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

from ImapLibrary.deadline import Deadline, sleep
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    EmailNotFound,
    FolderNotFound,
    ImapLibraryError,
    OutcomeUnknown,
)
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.client import GONE
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.listing import INBOX
from ImapLibrary.imap.pace import Pace
from ImapLibrary.imap.patience import Pauses, is_crowded, is_final, is_passing
from ImapLibrary.location import Location
from ImapLibrary.units import number_of

T = TypeVar("T")

TRIES = 3
"""So often something is tried in which connections break. GreenMail closes one now and then while
many clients change the same folder, and nothing keeps the next one from the same."""

SETTLE = 1.0
"""Seconds in which a server ends what it was doing when the connection was lost."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opener:
    """What was running when a mailbox was opened.

    suite: the full name of the suite, empty outside Robot Framework
    in_test: whether it was one of the suite's tests, and not its setup or teardown
    """

    suite: str = ""
    in_test: bool = False


NOBODY = Opener()
"""The opener outside Robot Framework."""


class Line:
    """A connection, and the mailboxes that use it: one, or several of an account in turn.

    pace: what the commands of all its connections keep to
    turns: held by the one of several waits at once whose turn it is
    users: the mailboxes
    holder: the one that selected the folder which is open, None if none is
    connection: the latest one, None before the first
    """

    def __init__(self) -> None:
        self.pace = Pace()
        self.turns = Lock()
        self.users: set[Mailbox] = set()
        self.holder: Mailbox | None = None
        self.connection: Connection | None = None


class Mailbox:
    """An account, the folder that is open in it, and a connection that is replaced if it breaks.

    alias: what keywords call it
    opener: the suite or test that opened it
    readonly: whether nothing may be changed in the account
    lines: those of the account that are open; if the server refuses one more, one of them is used

    line: the connection and who uses it
    location: the folder that is open, in the state in which it was when last selected; without a
        UIDVALIDITY, if it has not been yet
    """

    def __init__(
        self,
        alias: str,
        account: Account,
        folder: str,
        opener: Opener,
        *,
        readonly: bool = False,
        lines: Sequence[Line] = (),
    ) -> None:
        self.alias = alias
        self.account = account
        self.opener = opener
        self.readonly = readonly
        self.location = Location(account.host, account.port, account.user, folder, 0)
        self.line = Line()
        self._let_in = False
        self._reached(Deadline(account.timeout), lines)
        self.line.users.add(self)

    @property
    def pace(self) -> Pace:
        """What the commands of all its connections keep to."""
        return self.line.pace

    @property
    def turns(self) -> Lock | None:
        """What waits in several mailboxes at once hold in turn, None if this one shares nothing."""
        return self.line.turns if len(self.line.users) > 1 else None

    def described(self) -> str:
        """Return a line for the log."""
        connection = self._ready(Deadline(self.account.timeout))
        for_reading = " for reading only" if connection.readonly else ""
        return (
            f"Opened {connection.location}{for_reading}, which has "
            f"{number_of(connection.exists, 'email')}, as mailbox {self.alias!r}."
        )

    def connection(self, deadline: Deadline) -> Connection:
        """Return a usable connection with the folder selected.

        deadline: when what is done next has to be over, if the account's time-out is not sooner
        """
        before = self.location
        connection = self._ready(deadline)
        if before.uidvalidity and self.location != before:
            _log.warning("The UIDs of %s have changed meanwhile (UIDVALIDITY).", before)
        connection.allow(deadline)
        return connection

    def do(self, operation: Callable[[Connection], T]) -> T:
        """Do something that may be done again, for connections may turn out to be lost."""
        deadline, pauses = Deadline(self.account.timeout), Pauses()
        for _ in range(TRIES - 1):
            connection = self._reached(deadline)
            try:
                return operation(connection)
            except ConnectionLost as lost:
                if deadline.passed:
                    raise
                _log.debug("%s Trying again.", lost)
            pauses.rest(deadline)
        return operation(self._reached(deadline))

    def do_once(
        self,
        operation: Callable[[Connection], T],
        resume: Callable[[Connection, Deadline], T],
        begun: Callable[[], bool] = lambda: True,
    ) -> T:
        """Do something that must not be done twice.

        resume: what to do over a new connection when the first was lost: it finds out how far
            things had got, and does the rest. The deadline is when the server has come to rest:
            what is seen earlier may not be the end of it.
        begun: tells whether anything was sent by now that changes something

        Raises OutcomeUnknown if that can't be found out.
        """
        deadline = Deadline(self.account.timeout)
        failure: ImapLibraryError
        connection = self._reached(deadline)
        try:
            return operation(connection)
        except ConnectionLost as lost:
            failure = lost
        # Counted from here, so that it passes while a server that is down comes back.
        settled = deadline.or_sooner(SETTLE)
        if not deadline.passed:
            _log.debug("%s Finding out what was done.", failure)
            try:
                return resume(self._reached(deadline), settled)
            except (EmailNotFound, OutcomeUnknown):  # says itself what was done
                raise
            except ImapLibraryError as again:
                failure = again
            except Exception:  # a keyword for fresh tokens that fails, as Robot Framework has it
                if begun():
                    _log.warning("%s", OutcomeUnknown.ADVICE)
                raise
        if not begun():
            raise failure
        raise OutcomeUnknown(f"{failure} {OutcomeUnknown.ADVICE}") from failure

    def select(self, folder: str) -> str:
        """Open another folder, and return the name of the one that was open.

        Raises FolderNotFound or CommandRefused if it can't be opened; then that one stays open.
        """
        here = self.location
        try:
            self._go_to(folder)
        except BaseException:
            self._set_out_for(here)
            raise
        return here.folder

    def rename_folder(self, name: str, new_name: str) -> str:
        """Give a folder another name, and return that. Raises FolderNotFound or CommandRefused."""
        old, new = self._normal(name), self._normal(new_name)
        opened = self.location.folder

        def end_renaming(connection: Connection, settled: Deadline) -> None:
            sleep(settled)
            connection.folders.end_renaming(old, new)

        with self._left(_is_within(opened, old)):
            self.do_once(lambda connection: connection.folders.rename(old, new), end_renaming)
        if _is_within(opened, old):
            # INBOX stays, and so do those below it (RFC 9051, section 6.3.6).
            self._go_to(opened if old == INBOX else new + opened.removeprefix(old))
        return new

    def delete_folder(self, name: str) -> bool:
        """Delete a folder, and return whether there was one. Raises CommandRefused.

        If it was the one that is open, INBOX is open then.
        """
        with self._left(self.location.folder == self._normal(name)):
            return self.do(lambda connection: connection.folders.delete(name))

    def close(self, limit: Deadline | None = None) -> None:
        """Log out, unless another mailbox uses the connection.

        limit: when that has to be over, if a little while is not sooner

        A server that does not answer is not waited for long.
        """
        line = self.line
        line.users.discard(self)
        if line.holder is self:
            line.holder = None
        if line.connection and not line.users:
            line.connection.log_out(limit)

    def _reached(self, deadline: Deadline, lines: Sequence[Line] = ()) -> Connection:
        """Return a usable connection. A server that is down may come back until the deadline.

        lines: those that can be used if the server refuses one more
        """
        pauses = Pauses()
        while True:
            try:
                return self.connection(deadline)
            except (ConnectionFailed, ConnectionLost, CommandRefused) as trouble:
                if lines and is_crowded(trouble):
                    self._share(lines, trouble)
                    lines = ()
                    continue
                if not self._may_pass(trouble):
                    raise
                _log.debug("%s It is tried again.", trouble)
                pauses.rest(deadline)
                if deadline.passed:
                    raise

    def _share(self, lines: Sequence[Line], failure: ImapLibraryError) -> None:
        """Use the line with the fewest mailboxes."""
        self.line = min(lines, key=lambda line: len(line.users))
        sharers = ", ".join(sorted(repr(user.alias) for user in self.line.users))
        _log.info("%s The connection of mailbox %s is shared instead.", failure, sharers)

    def _may_pass(self, trouble: ConnectionFailed | ConnectionLost | CommandRefused) -> bool:
        """Return whether what keeps the mailbox from being reached may be over in a while.

        Before the first log-in, only if the server says so: host, user or password may be wrong.
        """
        if is_passing(trouble):
            return True
        return self._let_in and not isinstance(trouble, CommandRefused) and not is_final(trouble)

    def _normal(self, name: str) -> str:
        return self.do(lambda connection: connection.folders.normal(name))

    def _go_to(self, folder: str) -> None:
        """Open a folder, now or, if that fails, before anything else is done."""
        self._set_out_for(replace(self.location, folder=folder, uidvalidity=0))
        self.do(_nothing)

    def _set_out_for(self, location: Location) -> None:
        """Let a folder be opened before anything else is done."""
        self.location = location
        if self.line.holder is self:
            self.line.holder = None

    @contextmanager
    def _left(self, is_open: bool) -> Iterator[None]:
        """Have INBOX open while the folder that is open is taken away, if it is that one.

        Servers end a connection that has a folder open which is not there any more. If the block
        fails, the folder is open again. If it is not there any more, what is done next says so:
        nobody must find themselves in INBOX, and delete that.
        """
        if not is_open:
            yield
            return
        here = self.location
        self.select(INBOX)
        try:
            yield
        except BaseException:
            self._set_out_for(here)
            raise

    def _ready(self, deadline: Deadline) -> Connection:
        """Return the connection of the line, made anew if need be, with the folder selected."""
        line = self.line
        connection = line.connection
        if connection is None or connection.broken:
            line.connection = self._connect(deadline.or_sooner(self.account.timeout))
            if connection:
                _log.info("The connection of %s was lost and has been made anew.", self.account)
            return line.connection
        if line.holder is not self:
            connection.allow(deadline)
            self._enter(connection)
        return connection

    def _connect(self, deadline: Deadline) -> Connection:
        connection = Connection(self.account, deadline, self.line.pace)
        self._let_in = True
        try:
            self._enter(connection)
        except BaseException:
            connection.log_out(deadline)
            raise
        return connection

    def _enter(self, connection: Connection) -> None:
        """Open the folder."""
        self.line.holder = None  # a refused SELECT leaves no folder selected
        try:
            connection.select(self.location.folder, readonly=self.readonly)
        except FolderNotFound as missing:
            if self.location.uidvalidity:  # it was open
                raise FolderNotFound(f"{missing} {GONE}", missing.answer) from None
            raise
        self.line.holder, self.location = self, connection.location


def _nothing(connection: Connection) -> None:
    """Do no more than what has to be done before anything else."""


def _is_within(folder: str, name: str) -> bool:
    """Return whether a folder is the one of that name, or below it."""
    return f"{folder}/".startswith(f"{name}/")
