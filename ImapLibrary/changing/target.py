"""A folder that emails are about to get into, and which of its emails are the ones that did.

A server with UIDPLUS says so itself. Otherwise, or when its answer was lost, what came into the
folder since then is compared with what was to get there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from ImapLibrary.changing.recognising import Recognition
from ImapLibrary.errors import EmailNotFound, OutcomeUnknown
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email


@dataclass(frozen=True)
class Target:
    """A folder, and the lowest UID that an email getting into it from now on can have."""

    location: Location
    first_uid: int

    def uids(
        self,
        connection: Connection,
        emails: Mapping[int, Email],
        raw: Callable[[int], bytes | None],
        taken: Collection[int] = (),
    ) -> dict[int, int]:
        """Return the UIDs that emails have in the folder, without those that are not there.

        emails: the emails by anything that names them, with their headers at least. Of several that
            are the same, those that come first are there first.
        raw: returns all the bytes of one of them, None if nobody has them any more
        taken: UIDs that others are known to have there

        Bytes are compared only where headers and size prove nothing. Raises OutcomeUnknown if it
        can't be told which are there, or the folder's UIDs have lost their meaning.
        """
        arrived = [email for email in self._arrived(connection) if email.uid not in taken]
        found = Recognition(emails, arrived, self.location)
        found.by_message_id()
        if found.alike:
            ours = {name: _digest(raw(name)) for name in found.doubtful}
            theirs = self._digests(connection, found.alike.values())
            found.by(ours.get, theirs.get)
            found.by_looks([name for name in found.doubtful if ours[name] is None])
        found.check_clear()
        return found.uids

    def _arrived(self, connection: Connection) -> list[Email]:
        """Return what has got into the folder since then, oldest first, with its headers."""
        with connection.elsewhere(self.location.folder):
            self._check_uidvalidity(connection.location.uidvalidity)
            emails = fetching.headers(connection, f"{self.first_uid}:*")
        # When none is that new, the answer is the last one there is (RFC 9051, section 9).
        return [email for email in emails if email.uid and email.uid >= self.first_uid]

    def _digests(self, connection: Connection, emails: Iterable[Email]) -> dict[int, bytes | None]:
        """Return digests of emails in the folder by UID, without those that have gone."""
        digests = {}
        with connection.elsewhere(self.location.folder):
            self._check_uidvalidity(connection.location.uidvalidity)
            for email in emails:
                with suppress(EmailNotFound):
                    digests[email.uid or 0] = _digest(fetching.whole(connection, email).raw)
        return digests

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


def _digest(raw: bytes | None) -> bytes | None:
    return None if raw is None else sha256(raw).digest()
