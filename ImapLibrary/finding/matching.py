"""The emails in a folder that meet criteria, without waiting for any."""

from __future__ import annotations

from collections.abc import Iterator

from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.finding.screening import screen
from ImapLibrary.finding.searching import Search
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.mail.message import Email


def matching(
    connection: Connection,
    criteria: Criteria,
    *,
    first_uid: int = 1,
    check_newest: int = NEWEST,
    at_once: bool = False,
) -> Iterator[Email]:
    """Yield the emails that meet the criteria, newest first, as much of each as it took to tell.

    first_uid: the lowest UID that counts
    check_newest: so many of the newest emails are tested whatever the server finds
    at_once: as in `screen`, for who wants them all

    Raises MarkMismatch if the criteria name an email of another folder.
    """
    criteria.check_location(connection.location)
    connection.noop()  # lets the server announce what has arrived
    search = Search(criteria, check_newest)
    uids = search.candidates(connection)
    if criteria.server_conditions:
        uids &= search.confirmed(connection)
    newest_first = sorted((uid for uid in uids if uid >= first_uid), reverse=True)
    for verdict in screen(connection, criteria, newest_first, at_once=at_once):
        if verdict.matches:
            yield verdict.email
