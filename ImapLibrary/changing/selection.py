"""Which emails a keyword is about: those that it is given, or all that meet criteria."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ImapLibrary.changing.changes import check_change, saying, storing
from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.finding import fetching
from ImapLibrary.finding.matching import matching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import FlagChange
from ImapLibrary.imap.uidset import uid_sets
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import References, uid_of


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
    there, missing = _looked_up(connection, given)
    if missing:
        raise fetching.not_there(connection, missing)
    return there


def changed_flags(
    connection: Connection, emails: Sequence[Email], changes: Sequence[FlagChange]
) -> list[Email]:
    """Change the flags of emails of one folder, and return them with those that they had, changed.

    Raises MarkMismatch if that is not the folder that is selected, ReadOnly, and InvalidArgument if
    the server would not keep a flag: nothing is sent then.
    """
    changed = list(emails)
    if changed:
        uid_of(changed[0], connection.location)  # of thousands, one tells
    uids = [email.uid or 0 for email in emails]
    for change in changes:
        check_change(connection, change)
    for number, change in enumerate(changes):
        done = f"changed ({', '.join(map(str, changes[:number]))})"
        with (
            saying(done, uids if number else ()),
            storing(connection, uids, change),
        ):
            # Thousands of emails have few different flags.
            before = {email.flags for email in changed}
            after = {flags: frozenset(change.applied(flags)) for flags in before}
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
    there, _ = _looked_up(connection, given)
    return there


def all_uids(connection: Connection) -> list[int]:
    """Return the UIDs of all emails in the folder, in ascending order."""
    connection.noop()
    return connection.search([b"ALL"])


def all_emails(connection: Connection) -> list[Email]:
    """Return all emails in the folder with their headers, the oldest first."""
    connection.noop()
    return fetching.headers(connection, "1:*") if connection.exists else []


def _looked_up(connection: Connection, given: References) -> tuple[list[Email], Collection[int]]:
    """Return those of the emails that are in the folder, each once, and the UIDs of the others.

    Raises InvalidArgument or MarkMismatch.
    """
    with connection.under_way("NOOP"):  # lets the server say what has gone
        references = given if isinstance(given, list) else [given]
        wanted = {uid_of(reference, connection.location): reference for reference in references}
        known = {uid: email for uid, email in wanted.items() if isinstance(email, Email)}
        others = wanted.keys() - known.keys()
        keys = [(b"UID", part.encode()) for part in uid_sets(known)]
    if not connection.has_shown(known) and _count(connection, keys) < len(known):
        there = {uid for key in keys for uid in connection.search(key)}
        known = {uid: email for uid, email in known.items() if uid in there}
    for part in uid_sets(others):
        known.update((email.uid or 0, email) for email in fetching.headers(connection, part))
    missing = wanted.keys() - known.keys() if len(known) < len(wanted) else ()
    if others:
        known = {uid: known[uid] for uid in wanted if uid in known}  # in their order
    return list(known.values()), missing


def _count(connection: Connection, keys: Sequence[Sequence[bytes]]) -> int:
    """Return how many emails are there: few servers need to list them for that."""
    return sum(connection.span(*key).count for key in keys)
