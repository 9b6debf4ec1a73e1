"""What the server is asked about the emails that are there: candidates, and what it alone can tell.

SEARCH is trusted to return at least what matches, except for the newest few, which an index may
not know yet. Those are candidates in any case.
"""

from __future__ import annotations

import logging

from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.errors import CommandRefused, InvalidArgument
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.habits import NEWEST, NEWEST_OF_INDEX

_log = logging.getLogger(__name__)


class Search:
    """The questions to a server about some criteria. One that refuses is asked for less, for good.

    check_newest: so many of the newest emails are candidates whatever the server finds
    """

    def __init__(self, criteria: Criteria, check_newest: int = NEWEST) -> None:
        self._criteria = criteria
        self._check_newest = check_newest
        self._refused = False

    def candidates(self, connection: Connection, *, newest: bool = True) -> set[int]:
        """Return the UIDs of the emails that may match.

        newest: whether to have the newest few among them
        """
        uids = self._found(connection)
        if newest:
            uids.update(connection.fetch_newest(self._count(connection), "(UID)"))
        return uids

    def confirmed(self, connection: Connection) -> set[int]:
        """Return the UIDs that meet what only the server can tell.

        Raises InvalidArgument if the server does not understand what it is asked for.
        """
        return self._sure(connection, self._criteria.server_keys())

    def _found(self, connection: Connection) -> set[int]:
        if not self._refused:
            keys = self._criteria.search_keys(connection.habits)
            try:
                return set(_search(connection, keys))
            except CommandRefused as refused:
                _log.debug("%s It is asked for less from now on.", refused)
                self._refused = True
        return self._sure(connection, self._criteria.sure_keys())

    def _sure(self, connection: Connection, keys: list[bytes]) -> set[int]:
        try:
            return set(_search(connection, keys))
        except CommandRefused as refused:
            if not self._criteria.server_conditions:
                raise
            asked = " and ".join(str(each) for each in self._criteria.server_conditions)
            raise InvalidArgument(
                f"The server can't search for {asked}: {refused.answer}"
            ) from refused

    def _count(self, connection: Connection) -> int:
        count = self._check_newest
        if connection.habits.whole_words:
            count = max(count, NEWEST_OF_INDEX)
        _log.debug("The newest %d emails are checked whatever the server finds.", count)
        return count


def _search(connection: Connection, keys: list[bytes]) -> list[int]:
    """Send the keys. A charset is only announced when it is needed, because some refuse any."""
    ascii_only = all(key.isascii() for key in keys)
    return connection.search(keys, None if ascii_only else "UTF-8")
