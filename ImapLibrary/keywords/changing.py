"""Changing the flags of emails."""

import logging

from robot.api.deco import keyword

from ImapLibrary.connection import Connection
from ImapLibrary.mailboxes import Mailboxes

_log = logging.getLogger(__name__)


class ChangingKeywords:
    """Keywords that change emails."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    @keyword
    def mark_all_as_read(self, mailbox: str | None = None) -> int:
        """Marks all emails of the folder as read, and returns how many were unread.

        What arrives from then on is unread, so that `Wait For Email` without criteria waits for
        it. It takes two commands, however many emails there are. Nothing is deleted or expunged.

        ``mailbox`` is the alias of the mailbox, by default the current one.

        Fails if the folder is open for reading only and has unread emails.

        Example:
        | ${unread} = | Mark All As Read |
        """
        count = self._mailboxes.get(mailbox).do(_mark_all_as_read)
        _log.info("Marked %d emails as read.", count)
        return count


def _mark_all_as_read(connection: Connection) -> int:
    unread = connection.search([b"UNSEEN"])
    if unread:
        # One range. It reaches no further than what was there before: a later arrival stays
        # unread. Emails in between that were read already lose nothing.
        connection.add_flags(f"{unread[0]}:{unread[-1]}", ["\\Seen"])
    return len(unread)
