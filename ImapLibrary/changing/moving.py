"""Moving and copying emails into another folder, so that none is lost and nothing is done twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from ImapLibrary.changing.changes import check_expunge, check_writable, copy, expunge, move, saying
from ImapLibrary.changing.target import Target, target
from ImapLibrary.deadline import Deadline, sleep
from ImapLibrary.errors import EmailNotFound, InvalidArgument, MarkMismatch, OutcomeUnknown
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.uidset import in_short, uid_sets
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import uid_of


class Transfer:
    """A move or a copy of emails. `begin` does it; `resume` ends it after a lost connection.

    emails: the emails, all in the folder that is selected, with their headers at least
    folder: where they are to get
    keep: whether they stay where they are, too
    expunge_all: whether others that are flagged as deleted may go, on a server that has neither
        MOVE nor UIDPLUS
    """

    def __init__(
        self, emails: Sequence[Email], folder: str, *, keep: bool, expunge_all: bool = False
    ) -> None:
        self._emails = {email.uid or 0: email for email in emails}
        self._folder = folder
        self._keep = keep
        self._expunge_all = expunge_all
        self._target: Target | None = None
        self._new: dict[int, int] = {}

    def begun(self) -> bool:
        """Return whether anything may have been changed by now."""
        return self._target is not None

    def begin(self, connection: Connection) -> list[Email]:
        """Move or copy the emails, and return them as they are in the other folder.

        Raises FolderNotFound, ExpungeUnsafe or ReadOnly before anything is changed.
        """
        self._check_place(connection)
        if not self._emails:
            target(connection, self._folder)  # a name that is misspelt is to show at once
            return []
        if not self._keep:
            self._check_removal(connection)
        self._target = target(connection, self._folder)
        self._transfer(connection, self._target, self._emails)
        return self._transferred(self._target)

    def resume(self, connection: Connection, settled: Deadline) -> list[Email]:
        """Find out what was done, do the rest, and return the emails as `begin` does.

        Raises OutcomeUnknown if the UIDs of either folder have lost their meaning, or if it can't be
        told which emails got there. Nothing is removed then.
        """
        if self._target is None:
            return self.begin(connection)
        try:
            self._check_place(connection)
        except MarkMismatch as mismatch:
            raise OutcomeUnknown(f"{mismatch} {OutcomeUnknown.ADVICE}") from None
        sleep(settled)
        here = self._here(connection)
        self._note_arrivals(connection, self._target, here)
        if rest := [uid for uid in here if uid not in self._new]:
            self._transfer(connection, self._target, rest)
        copied = [uid for uid in self._here(connection) if uid in self._new]
        if copied and not self._keep:
            self._remove(connection, self._target, copied)
        return self._transferred(self._target)

    def _check_place(self, connection: Connection) -> None:
        for email in self._emails.values():
            uid_of(email, connection.location)

    def _check_removal(self, connection: Connection) -> None:
        """Raise a failure if the emails can't be taken away from where they are."""
        check_writable(connection)
        if connection.folders.normal(self._folder) == connection.location.folder:
            raise InvalidArgument(
                f"The emails are in folder {self._folder!r} already, so they can't be moved there."
            )
        if not connection.has("MOVE"):
            check_expunge(connection, self._emails, expunge_all=self._expunge_all)

    def _transfer(self, connection: Connection, target: Target, uids: Collection[int]) -> None:
        """Move or copy some of the emails. None is removed before it is known where its copy is."""
        move_at_once = not self._keep and connection.has("MOVE")
        self._new.update((move if move_at_once else copy)(connection, uids, self._folder))
        if not self._new.keys() >= set(uids):
            self._note_arrivals(connection, target, self._here(connection))
        if self._keep or move_at_once:
            return
        if missing := set(uids) - self._new.keys():
            raise self._not_found(target, "Copied", missing, " What was to be moved stays.")
        self._remove(connection, target, uids)

    def _remove(self, connection: Connection, target: Target, uids: Collection[int]) -> None:
        """Remove emails whose copies are in the other folder."""
        with saying(
            f"copied to {target.location}, where the copies stay", map(self._new.__getitem__, uids)
        ):
            expunge(connection, uids, expunge_all=self._expunge_all)

    def _here(self, connection: Connection) -> list[int]:
        """Return the UIDs of those of the emails that are in the folder that is selected."""
        parts = (connection.search([b"UID", part.encode()]) for part in uid_sets(self._emails))
        return [uid for part in parts for uid in part]

    def _note_arrivals(self, connection: Connection, target: Target, here: Collection[int]) -> None:
        """Note where the emails are that got into the other folder since the beginning.

        here: those that are still where they were. Of emails that are the same, these are rather
            the ones that did not get there, and they must not be removed for its sake. Otherwise
            they got there in the order of their UIDs.
        """
        still = set(here)
        unknown = self._emails.keys() - self._new.keys()
        in_order = sorted(unknown, key=lambda uid: (uid in still, uid))

        def raw(uid: int) -> bytes | None:
            if uid in still:
                with suppress(EmailNotFound):  # kept, for once it is moved nobody has it any more
                    self._emails[uid] = fetching.whole(connection, self._emails[uid])
            return self._emails[uid].raw if self._emails[uid].complete else None

        emails = {uid: self._emails[uid] for uid in in_order}
        self._new.update(target.uids(connection, emails, raw, self._new.values()))

    def _transferred(self, target: Target) -> list[Email]:
        """Return the emails as they are in the other folder."""
        if missing := self._emails.keys() - self._new.keys():
            raise self._not_found(target, "Copied" if self._keep else "Moved", missing)
        return [
            email.placed(self._new[uid], target.location) for uid, email in self._emails.items()
        ]

    def _not_found(
        self, target: Target, done: str, missing: Collection[int], rest: str = ""
    ) -> EmailNotFound:
        return EmailNotFound(
            f"{done} to {target.location}, but not to be found there: what had UID "
            f"{in_short(missing)}. Something may have moved or deleted it there.{rest}"
        )
