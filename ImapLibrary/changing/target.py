"""A folder that emails are about to get into, and which of its emails are the ones that did.

A server with UIDPLUS says so itself. Otherwise, or when its answer was lost, what came into the
folder since then is compared with what was to get there.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ImapLibrary.errors import OutcomeUnknown
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email


@dataclass(frozen=True)
class Target:
    """A folder, and the lowest UID that an email getting into it from now on can have."""

    location: Location
    first_uid: int

    def arrived(self, connection: Connection) -> list[Email]:
        """Return what has got into the folder since then, oldest first, with its headers.

        Raises OutcomeUnknown if the folder's UIDs have lost their meaning.
        """
        with connection.elsewhere(self.location.folder):
            self._check_uidvalidity(connection.location.uidvalidity)
            emails = fetching.headers(connection, f"{self.first_uid}:*")
        # When none is that new, the answer is the last one there is (RFC 9051, section 9).
        return [email for email in emails if email.uid and email.uid >= self.first_uid]

    def uids(self, connection: Connection, emails: Iterable[Email]) -> list[int | None]:
        """Return the UID that each of some emails has in the folder, None if it is not there.

        Of emails that look the same, the ones that come first are there first.
        """
        there: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for arrived in self.arrived(connection):
            there[_looks(arrived)].append(arrived.uid or 0)
        return [there[looks].popleft() if there[looks] else None for looks in map(_looks, emails)]

    def _check_uidvalidity(self, now: int) -> None:
        before = self.location.uidvalidity
        if now != before:
            raise OutcomeUnknown(
                f"The UIDs of {self.location} have lost their meaning (its UIDVALIDITY was "
                f"{before} and is now {now}), so that it can't be told which emails got there. "
                f"{OutcomeUnknown.ADVICE}"
            )


def target(connection: Connection, folder: str) -> Target:
    """Return a folder as it is before emails get into it. Raises FolderNotFound."""
    location = replace(connection.location, folder=connection.folders.normal(folder))
    if location.folder == connection.location.folder:
        return Target(connection.location, connection.next_uid())
    figures = connection.folders.figures(folder)
    if connection.well_known and figures.keys() >= {"UIDNEXT", "UIDVALIDITY"}:
        return Target(replace(location, uidvalidity=figures["UIDVALIDITY"]), figures["UIDNEXT"])
    # An old UIDNEXT, or none, would let an email that was there before pass for one that got there.
    with connection.elsewhere(folder):
        first_uid = max(connection.next_uid_if_still(), figures.get("UIDNEXT", 1))
        return Target(connection.location, first_uid)


def _looks(email: Email) -> tuple[str, ...]:
    """Return by what an email is recognised."""
    headers = email.headers_so_far
    return tuple(headers.get(name, "") for name in ("Message-ID", "Date", "From", "Subject"))
