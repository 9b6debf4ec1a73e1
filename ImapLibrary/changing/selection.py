"""Which emails a keyword is about: those that it is given, or all that meet criteria."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ImapLibrary.changing.changes import store
from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.finding import fetching
from ImapLibrary.finding.matching import matching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import FlagChange
from ImapLibrary.imap.uidset import uid_sets
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, References, uid_of


def chosen(
    connection: Connection, given: References | None, criteria: Criteria, check_newest: int
) -> list[Email]:
    """Return the emails that are meant, with their headers at least.

    Raises EmailNotFound if one that was given is not there. That none meets the criteria is no
    failure. Raises InvalidArgument if neither emails nor criteria were given, or both.
    """
    if given is None:
        return meeting(connection, criteria, check_newest)
    if criteria.conditions:
        raise InvalidArgument(
            "Emails and criteria were given. Give either: emails to name them, or criteria to let "
            "them be found."
        )
    wanted = _by_uid(connection, given)
    there = _there(connection, wanted)
    if len(there) < len(wanted):
        raise fetching.not_there(connection, wanted.keys() - there.keys())
    return list(there.values())


def changed_flags(
    connection: Connection, emails: Sequence[Email], changes: Sequence[FlagChange]
) -> list[Email]:
    """Change the flags of emails, and return them with their flags now.

    Raises MarkMismatch if they are not in the folder that is selected.
    """
    changed = list(emails)
    uids = [uid_of(email, connection.location) for email in emails]
    for change in changes:
        store(connection, uids, change)
        # Thousands of emails have few different flags.
        after = {flags: change.applied(flags) for flags in {email.flags for email in changed}}
        changed = [email.with_flags(after[email.flags]) for email in changed]
    return changed


def meeting(connection: Connection, criteria: Criteria, check_newest: int) -> list[Email]:
    """Return the emails that meet criteria, the oldest first.

    Raises InvalidArgument if there are no criteria, which would mean all emails.
    """
    if not criteria.conditions:
        raise InvalidArgument(
            "It was not said which emails are meant. Give emails, such as what `Wait For Email` "
            "returned, or criteria, such as subject=."
        )
    found = matching(connection, criteria, check_newest=check_newest, at_once=True)
    return list(found)[::-1]


def still_there(connection: Connection, given: References) -> list[Email]:
    """Return those of the emails that are in the folder, in the order in which they were given."""
    return list(_there(connection, _by_uid(connection, given)).values())


def all_uids(connection: Connection) -> list[int]:
    """Return the UIDs of all emails in the folder, in ascending order."""
    connection.noop()
    return connection.search([b"ALL"])


def all_emails(connection: Connection) -> list[Email]:
    """Return all emails in the folder with their headers, the oldest first."""
    connection.noop()
    return fetching.headers(connection, "1:*") if connection.exists else []


def _by_uid(connection: Connection, given: References) -> dict[int, Reference]:
    """Return the emails, each once. Raises InvalidArgument or MarkMismatch."""
    references = given if isinstance(given, list) else [given]
    return {uid_of(reference, connection.location): reference for reference in references}


def _there(connection: Connection, wanted: dict[int, Reference]) -> dict[int, Email]:
    """Return those of the emails that are in the folder, in the same order."""
    connection.noop()  # lets the server say what has gone
    found: dict[int, Email] = {}
    known = {uid: email for uid, email in wanted.items() if isinstance(email, Email)}
    found.update((uid, known[uid]) for uid in _present(connection, known))
    for part in uid_sets(wanted.keys() - known.keys()):
        found.update((email.uid or 0, email) for email in fetching.headers(connection, part))
    return {uid: found[uid] for uid in wanted if uid in found}


def _present(connection: Connection, uids: Collection[int]) -> Collection[int]:
    """Return those of the UIDs that are in the folder. That all are is told by their number."""
    keys = [(b"UID", part.encode()) for part in uid_sets(uids)]
    if sum(connection.span(*key).count for key in keys) == len(uids):
        return uids
    return {uid for key in keys for uid in connection.search(key)}.intersection(uids)
