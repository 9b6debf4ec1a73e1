"""The mailboxes that a suite has open, by alias, and the one that keywords act on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from ImapLibrary.arguments import given
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    InvalidArgument,
    MailboxNotOpen,
    OutcomeUnknown,
    ReadOnly,
)
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.listing import INBOX
from ImapLibrary.imap.pace import Pace
from ImapLibrary.location import Location
from ImapLibrary.waiting.patience import Pauses, is_final, sleep

T = TypeVar("T")

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


class Mailbox:
    """An account, the folder that is open in it, and a connection that is replaced if it breaks.

    alias: what keywords call it
    opener: the suite or test that opened it
    readonly: whether nothing may be changed in the account
    pace: what the commands of all its connections keep to
    """

    def __init__(
        self, alias: str, account: Account, folder: str, opener: Opener, *, readonly: bool = False
    ) -> None:
        self.alias = alias
        self.account = account
        self.folder = folder
        self.opener = opener
        self.readonly = readonly
        self.pace = Pace()
        self._connection = self._connect(Deadline(account.timeout))

    @property
    def location(self) -> Location:
        """The folder that is open, in the state in which it was when last connected."""
        return self._connection.location

    def described(self) -> str:
        """Return a line for the log."""
        connection = self._connection
        for_reading = " for reading only" if connection.readonly else ""
        return (
            f"Opened {connection.location}{for_reading}, which has {connection.exists} emails, "
            f"as mailbox {self.alias!r}."
        )

    def connection(self, deadline: Deadline) -> Connection:
        """Return a usable connection with the folder selected.

        deadline: when what is done next has to be over, if the account's time-out is not sooner
        """
        if self._connection.broken:
            before = self._connection.location
            self._connection = self._connect(deadline.or_sooner(self.account.timeout))
            _log.info("The connection of %s was lost and has been made anew.", self.account)
            if self._connection.location != before:
                _log.warning("The UIDs of %s have changed meanwhile (UIDVALIDITY).", before)
        self._connection.allow(deadline)
        return self._connection

    def do(self, operation: Callable[[Connection], T]) -> T:
        """Do something that may be done twice, for a connection may turn out to be lost."""
        deadline = Deadline(self.account.timeout)
        connection = self._reached(deadline)
        try:
            return operation(connection)
        except ConnectionLost as lost:
            if deadline.passed:
                raise
            _log.debug("%s Trying again.", lost)
        return operation(self._reached(deadline))

    def do_once(
        self, operation: Callable[[Connection], T], resume: Callable[[Connection, Deadline], T]
    ) -> T:
        """Do something that must not be done twice.

        resume: what to do over a new connection when the first was lost: it finds out how far
            things had got, and does the rest. The deadline is when the server has come to rest:
            what is seen earlier may not be the end of it.

        Raises OutcomeUnknown if that can't be found out.
        """
        deadline = Deadline(self.account.timeout)
        failure: ConnectionFailed | ConnectionLost
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
            except (ConnectionFailed, ConnectionLost) as again:
                failure = again
        raise OutcomeUnknown(
            f"{failure} It is not known how much was done before that: look before trying again."
        ) from failure

    def select(self, folder: str) -> str:
        """Open another folder, and return the name of the one that was open.

        Raises FolderNotFound or CommandRefused if it can't be opened; then that one stays open.
        """
        before = self.location.folder
        self.do(lambda connection: self._select(connection, folder))
        self.folder = self.location.folder
        return before

    def rename_folder(self, name: str, new_name: str) -> str:
        """Give a folder another name, and return that. Raises FolderNotFound or CommandRefused."""
        old, new = self._normal(name), self._normal(new_name)
        opened = self._leave(old)

        def end_renaming(connection: Connection, settled: Deadline) -> None:
            sleep(settled)
            connection.folders.end_renaming(old, new)

        try:
            self.do_once(lambda connection: connection.folders.rename(old, new), end_renaming)
        except CommandRefused:
            self.select(opened)
            raise
        if _is_within(opened, old):
            # INBOX stays, and so do those below it (RFC 9051, section 6.3.6).
            self.select(opened if old == INBOX else new + opened.removeprefix(old))
        return new

    def delete_folder(self, name: str) -> bool:
        """Delete a folder, and return whether there was one. Raises CommandRefused.

        If it was the one that is open, INBOX is open then.
        """
        opened = self._leave(self._normal(name))
        try:
            return self.do(lambda connection: connection.folders.delete(name))
        except CommandRefused:
            self.select(opened)
            raise

    def close(self) -> None:
        """Log out. A server that does not answer is not waited for long."""
        self._connection.log_out()

    def _reached(self, deadline: Deadline) -> Connection:
        """Return a usable connection. A server that is down may come back until the deadline."""
        pauses = Pauses()
        while True:
            try:
                return self.connection(deadline)
            except (ConnectionFailed, ConnectionLost) as trouble:
                if is_final(trouble):
                    raise
                _log.debug("%s It is tried again.", trouble)
                pauses.rest(deadline)
                if deadline.passed:
                    raise

    def _normal(self, name: str) -> str:
        return self.do(lambda connection: connection.folders.normal(name))

    def _leave(self, name: str) -> str:
        """Open INBOX if that folder is open, or one below it, and return the one that was open.

        Servers end a connection that has a folder open which is not there any more.
        """
        opened = self.location.folder
        return self.select(INBOX) if _is_within(opened, name) else opened

    def _connect(self, deadline: Deadline) -> Connection:
        connection = Connection(self.account, deadline, self.pace)
        try:
            connection.select(self.folder, readonly=self.readonly)
        except BaseException:
            connection.log_out(deadline)
            raise
        return connection

    def _select(self, connection: Connection, folder: str) -> None:
        try:
            connection.select(folder, readonly=self.readonly)
        except CommandRefused:
            connection.select(self.folder, readonly=self.readonly)  # for now none is
            raise


class Mailboxes:
    """What is open. The one opened or switched to last is the one that keywords act on."""

    def __init__(self) -> None:
        self._open: dict[str, Mailbox] = {}  # the current one is the last

    def open(
        self,
        account: Account,
        folder: str,
        alias: str | None = None,
        opener: Opener = NOBODY,
        *,
        readonly: bool = False,
    ) -> Mailbox:
        """Open a mailbox and make it the current one.

        alias: its name from now on; without one, the user's name, numbered if need be
        opener: the suite or test that opens it
        readonly: whether nothing may be changed in it

        Raises InvalidArgument if the alias is taken.
        """
        if alias is not None and alias in self._open:
            raise InvalidArgument(
                f"A mailbox with the alias {alias!r} is open already. Close it first, or choose "
                "another alias."
            )
        name = alias or self._free(account.user)
        mailbox = Mailbox(name, account, folder, opener, readonly=readonly)
        self._open[mailbox.alias] = mailbox
        return mailbox

    def get(self, alias: str | None = None) -> Mailbox:
        """Return the mailbox of that alias, or the current one. Raises MailboxNotOpen."""
        if not self._open:
            raise MailboxNotOpen("No mailbox is open. Use `Open Mailbox` first.")
        if alias is None:
            return next(reversed(self._open.values()))
        if alias not in self._open:
            near = get_close_matches(alias, self._open, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise MailboxNotOpen(
                f"No mailbox with the alias {alias!r} is open.{hint} Open are: "
                f"{', '.join(self._open)}."
            )
        return self._open[alias]

    def writable(self, alias: str | None = None) -> Mailbox:
        """Return the mailbox of that alias, or the current one, for something to be changed in it.

        Raises ReadOnly if it was opened so that nothing is, and MailboxNotOpen.
        """
        mailbox = self.get(alias)
        if mailbox.readonly:
            raise ReadOnly(
                f"The mailbox {mailbox.alias!r} was opened with readonly=True, so that nothing can "
                "be changed in it. Nothing was sent."
            )
        return mailbox

    def holding(self, location: Location) -> Mailbox | None:
        """Return a mailbox that has that folder open, None if there is none."""
        opened = (each for each in self._open.values() if each.location == location)
        return next(opened, None)

    def opened(self, alias: str | None, folder: str | None) -> Mailbox:
        """Return a mailbox as `get` does, with that folder open if one is given."""
        mailbox = self.get(alias)
        if folder is not None and given("folder", folder) != mailbox.location.folder:
            mailbox.select(folder)
            _log.info("%s", mailbox.described())
        return mailbox

    def switch(self, alias: str) -> str:
        """Make a mailbox the current one, and return the alias of the one that was."""
        mailbox, before = self.get(alias), self.get().alias
        self._open[alias] = self._open.pop(mailbox.alias)
        return before

    def close(self, alias: str | None = None) -> None:
        """Close a mailbox; the one that was current before it is current again."""
        self._open.pop(self.get(alias).alias).close()

    def close_all(self) -> int:
        """Close what is open, and return how many mailboxes that were. It never fails."""
        return self._close_if(lambda opener: True)

    def end_test(self) -> None:
        """Close what tests opened. Only one runs at a time, so it is the one that has ended."""
        self._close_if(lambda opener: opener.in_test)

    def end_suite(self, suite: str) -> None:
        """Close what the suite of that full name opened, its tests included."""
        self._close_if(lambda opener: opener.suite == suite)

    def _close_if(self, leaves: Callable[[Opener], bool]) -> int:
        leaving = [alias for alias, mailbox in self._open.items() if leaves(mailbox.opener)]
        for alias in leaving:
            self._open.pop(alias).close()
        return len(leaving)

    def _free(self, user: str) -> str:
        alias, number = user, 1
        while alias in self._open:
            number += 1
            alias = f"{user} ({number})"
        return alias


def _is_within(folder: str, name: str) -> bool:
    """Return whether a folder is the one of that name, or below it."""
    return f"{folder}/".startswith(f"{name}/")
