"""Which of the emails that came into a folder are those that were to get there. No I/O.

Emails that look the same have the same Message-ID, Date, From and Subject. That proves nothing: the
codes of two tests may differ in their bodies alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from ImapLibrary.errors import OutcomeUnknown
from ImapLibrary.imap.uidset import in_short
from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email


class Recognition:
    """Emails that were to get into a folder, and what has come there since.

    emails: the emails, by anything that names them. Of several that are the same, those that come
        first are there first.
    arrived: what has come

    uids: the UIDs of those that were found so far, by their names
    doubtful: the others, but only those that something else looks like
    alike: what that is, by UID
    """

    def __init__(
        self, emails: Mapping[int, Email], arrived: Iterable[Email], location: Location
    ) -> None:
        self._location = location
        self.uids: dict[int, int] = {}
        self.doubtful = dict(emails)
        self.alike = {email.uid or 0: email for email in arrived}
        self._narrow()

    def by_message_id(self) -> None:
        """Find those that have a Message-ID, and the same size: one that is only alike differs."""
        self.by(
            lambda name: _sized(self.doubtful[name]) if _id(self.doubtful[name]) else None,
            lambda uid: _sized(self.alike[uid]),
        )

    def by_looks(self, names: Iterable[int]) -> None:
        """Find those of which nothing better is known than their headers and their size."""
        ours = {name: _sized(self.doubtful[name]) for name in names}
        self.by(ours.get, lambda uid: _sized(self.alike[uid]))

    def by(self, ours: Callable[[int], Hashable], theirs: Callable[[int], Hashable]) -> None:
        """Find those that are equal in something, None being equal to nothing.

        ours: returns it for one of the emails
        theirs: returns it for a UID

        Raises OutcomeUnknown if more are equal than were to get there.
        """
        there: dict[Hashable, list[int]] = defaultdict(list)
        for uid in sorted(self.alike):
            there[theirs(uid)].append(uid)
        wanted: dict[Hashable, list[int]] = defaultdict(list)
        for name in self.doubtful:
            wanted[ours(name)].append(name)
        wanted.pop(None, None)
        for value, names in wanted.items():
            if len(there[value]) > len(names):
                raise self._unclear(there[value])
            self.uids.update(zip(names, there[value]))
        self._narrow()

    def check_clear(self) -> None:
        """Raise OutcomeUnknown if what has the Message-ID of one that was not found is not the same.

        It is another version of it, or the server has changed it.
        """
        if versions := [uid for uid, email in self.alike.items() if _id(email)]:
            raise self._unclear(versions)

    def _narrow(self) -> None:
        """Leave out what was found, and what looks like nothing that is looked for."""
        ours = {name: each for name, each in self.doubtful.items() if name not in self.uids}
        found = set(self.uids.values())
        theirs = {uid: each for uid, each in self.alike.items() if uid not in found}
        both = set(map(_looks, ours.values())).intersection(map(_looks, theirs.values()))
        self.doubtful = {name: each for name, each in ours.items() if _looks(each) in both}
        self.alike = {uid: each for uid, each in theirs.items() if _looks(each) in both}

    def _unclear(self, uids: Iterable[int]) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"It can't be told which email of {self._location} is the one that was to get there, "
            f"or whether it is there yet: UID {in_short(uids)} looks the same. Something else may "
            "have put the same email there at that time. Look before trying again."
        )


def _looks(email: Email) -> tuple[str, ...]:
    headers = email.headers_so_far
    return tuple(headers.get(name, "") for name in ("Message-ID", "Date", "From", "Subject"))


def _id(email: Email) -> str:
    return _looks(email)[0]


def _sized(email: Email) -> tuple[Hashable, ...]:
    return (*_looks(email), email.size)
