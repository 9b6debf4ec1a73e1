"""The mailboxes that a suite has open, by alias, and the one that keywords act on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches

from ImapLibrary.arguments import given, reveal
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import InvalidArgument, MailboxNotOpen, ReadOnly
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import LOGOUT_SECONDS
from ImapLibrary.location import Location
from ImapLibrary.mailbox import NOBODY, Mailbox, Opener

_log = logging.getLogger(__name__)


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

        If the server lets the account have no further connection, the one of a mailbox of it that
        is open is shared.

        Raises InvalidArgument if the alias is taken.
        """
        if alias is not None and alias in self._open:
            raise InvalidArgument(
                f"A mailbox with the alias {alias!r} is open already. Close it first, or choose "
                "another alias."
            )
        name = alias or self._free(account.user)
        same = (each for each in self._open.values() if _is_same(each.account, account))
        lines = list(dict.fromkeys(each.line for each in same))
        mailbox = Mailbox(name, account, folder, opener, readonly=readonly, lines=lines)
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
        """Return a mailbox that has that folder open, the current one if it has; else None."""
        opened = (each for each in reversed(self._open.values()) if each.location == location)
        return next(opened, None)

    def has_account_of(self, location: Location) -> bool:
        """Return whether a mailbox of the account that a folder is in is open, on any folder."""
        wanted = replace(location, folder="", uidvalidity=0)
        opened = (replace(each.location, folder="", uidvalidity=0) for each in self._open.values())
        return wanted in opened

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
        limit = Deadline(
            LOGOUT_SECONDS
        )  # for all of them: the rest is only told, and not waited for
        for alias in leaving:
            self._open.pop(alias).close(limit)
        return len(leaving)

    def _free(self, user: str) -> str:
        alias, number = user, 1
        while alias in self._open:
            number += 1
            alias = f"{user} ({number})"
        return alias


def _is_same(one: Account, other: Account) -> bool:
    """Return whether two accounts are one, and as careful with the connection.

    How long they wait for the server may differ, and what is given to log in with each time anew.
    """
    if reveal(one.password) != reveal(other.password):
        return False
    return one == replace(other, password=one.password, token=one.token, timeout=one.timeout)
