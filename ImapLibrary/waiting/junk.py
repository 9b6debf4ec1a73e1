"""Whether emails that did not come went to the spam folder: asked when a wait has failed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.finding.matching import matching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.listing import Folder
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.telling import listed
from ImapLibrary.mailbox import Mailbox

_log = logging.getLogger(__name__)

NAMES = frozenset({"junk", "spam", "junk e-mail", "junk email", "bulk mail"})
"""What the folder is called where the server does not say which one it is (RFC 6154)."""

MOST = 3
"""So many emails are told at most."""

GRACE = 1.9
"""Seconds after the deadline of a wait in which the look must be over."""

LONG_ENOUGH = 5.0
"""Seconds of a wait after which there is a look. In the first seconds a server may be asked often
already, and a shorter wait is hardly one for an email that was sent."""

CLOCKS_APART = timedelta(minutes=1)
"""By so much the clocks of server and machine may differ."""

ROUND_TRIPS = 10
"""It takes fewer: LIST, EXAMINE, NOOP, SEARCH, two FETCHes, and SELECT to come back."""


def in_junk(mailbox: Mailbox, criteria: Criteria, begin: datetime, deadline: Deadline) -> str:
    """Return a line about emails that went to the spam folder, if that is quickly known.

    mailbox: in which the wait has failed
    begin, deadline: of the wait
    """
    if deadline.seconds < LONG_ENOUGH or criteria.about_one_folder:
        return ""
    limit = deadline.later(GRACE)
    try:
        connection = mailbox.connection(limit)
    except ImapLibraryError as failure:
        _log.debug("It can't be told what is in the spam folder: %s", failure)
        return ""
    name, emails = junked(connection, criteria, begin - CLOCKS_APART, limit.remaining())
    if not emails:
        return ""
    return f"\nIn the folder {name!r}, however, there is what was waited for:{listed(emails)}"


def junked(
    connection: Connection, criteria: Criteria, since: datetime, seconds: float
) -> tuple[str, Sequence[Email]]:
    """Return the name of the spam folder, and the emails in it that meet the criteria.

    since: only what was received at that moment or later counts
    seconds: how long it may take

    The name is empty where there is no such folder, where the server is too far away to ask it in
    that time, or fails. This is for a hint, and never a failure itself.
    """
    if (connection.round_trip or seconds) * ROUND_TRIPS > seconds:
        return "", ()
    try:
        name = _junk_folder(connection.folders.all())
        if not name or name == connection.location.folder:
            return "", ()
        with connection.elsewhere(name):
            found = (
                email
                for email in matching(connection, criteria)
                if email.received and email.received >= since
            )
            return name, list(islice(found, MOST))
    except ImapLibraryError as failure:
        _log.debug("It can't be told what is in the spam folder: %s", failure)
        return "", ()


def _junk_folder(folders: Sequence[Folder]) -> str:
    special = (folder.name for folder in folders if folder.special_use == "Junk")
    named = (f.name for f in folders if f.name.rpartition("/")[2].lower() in NAMES)
    return next(special, "") or next(named, "")
