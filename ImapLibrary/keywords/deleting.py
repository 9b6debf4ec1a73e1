"""Deleting emails."""

import logging
from typing import TYPE_CHECKING

from robot.api.deco import keyword

from ImapLibrary.changing.changes import expunge
from ImapLibrary.changing.moving import Transfer
from ImapLibrary.changing.selection import all_emails, all_uids, meeting, still_there
from ImapLibrary.criteria.criteria import CriteriaArguments
from ImapLibrary.errors import FolderNotFound, InvalidArgument
from ImapLibrary.imap.connection import Connection
from ImapLibrary.keywords.taking import asked, refuse_others, takes_criteria
from ImapLibrary.location import Location, check_location
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import References, uid_of
from ImapLibrary.mail.telling import told
from ImapLibrary.mailbox import Mailbox
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_email
from ImapLibrary.units import number_of

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_log = logging.getLogger(__name__)

TRASHES = frozenset({"trash", "bin", "deleted items", "deleted messages"})
"""What the trash is usually called. A failure may name such a folder; it is not used for its name,
since nobody said that what is in it may go."""


class DeletingKeywords:
    """Keywords that delete emails."""

    def __init__(self, mailboxes: Mailboxes, check_newest: int) -> None:
        self._mailboxes = mailboxes
        self._check_newest = check_newest

    @keyword
    def delete_email(
        self,
        emails: References | None = None,
        *,
        to_trash: bool = False,
        expunge_all: bool = False,
        mailbox: str | None = None,
        **others: object,
    ) -> Email | list[Email] | None:
        """Deletes an email, or several, for good or into the trash.

        | =Argument=      | =Meaning= |
        | ``emails``      | An email, as `Wait For Email` returns it, its UID, or a list of them. Must be given. |
        | ``to_trash``    | ``True`` moves into the folder that the server names as the trash (RFC 6154). |
        | ``expunge_all`` | ``True`` goes on where the server can't remove single emails, although others that are flagged as deleted go too. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        Nothing else disappears. A server without UIDPLUS can only remove all emails that are
        flagged as deleted. If anybody else flagged some, the keyword fails there and changes
        nothing.

        Returns the email as it was, or as it is in the trash, None if it was gone already; a list
        if a list was given. Again, nothing happens.

        Fails if the mailbox is open for reading only; with ``to_trash`` also if the server names no
        folder as the trash, whatever its folders are called, even if there is nothing to delete.

        Examples:
        | Delete Email | ${email} |
        | Delete Email | ${email.uid} |
        """
        emails, given = to_email(emails, others)
        refuse_others(self.delete_email, given)
        if emails is None:
            raise InvalidArgument("`Delete Email` needs an email, its UID, or a list of them.")
        opened = self._mailboxes.writable(mailbox)
        found = opened.do(lambda connection: still_there(connection, emails))
        deleted = _delete(opened, found, to_trash=to_trash, expunge_all=expunge_all)
        if isinstance(emails, list):
            return deleted
        return deleted[0] if deleted else None

    @keyword
    @takes_criteria
    def delete_emails(
        self,
        *,
        to_trash: bool = False,
        expunge_all: bool = False,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> list[Email]:
        """Deletes all emails that meet all `Criteria`, for good or into the trash.

        | =Argument=      | =Meaning= |
        | ``to_trash``    | ``True`` moves into the folder that the server names as the trash (RFC 6154). |
        | ``expunge_all`` | ``True`` goes on where the server can't remove single emails, although others that are flagged as deleted go too. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        Returns the emails as they were, or as they are in the trash. That there are none is no
        failure. Everything else is as with `Delete Email`; `Delete All Emails` empties a folder.

        Examples:
        | ${deleted} = | Delete Emails | sender=noreply@example.com | subject=Welcome |
        | Delete Emails | status=SEEN | | |
        """
        criteria = asked(self.delete_emails, given)
        opened = self._mailboxes.writable(mailbox)
        found = opened.do(lambda connection: meeting(connection, criteria, self._check_newest))
        return _delete(opened, found, to_trash=to_trash, expunge_all=expunge_all)

    @keyword
    def delete_all_emails(self, *, to_trash: bool = False, mailbox: str | None = None) -> int:
        """Deletes all emails of the folder that is open, for good or into the trash.

        | =Argument=   | =Meaning= |
        | ``to_trash`` | ``True`` moves into the folder that the server names as the trash (RFC 6154). |
        | ``mailbox``  | Alias of the mailbox, by default the current one. |

        It takes a handful of commands, however many emails there are. What arrives meanwhile
        stays. Returns how many were deleted.

        Fails if the mailbox is open for reading only; with ``to_trash`` also if the server names no
        folder as the trash, whatever its folders are called, even if there is nothing to delete.

        Example:
        | ${count} = | Delete All Emails |
        """
        opened = self._mailboxes.writable(mailbox)
        if to_trash:
            return len(_delete(opened, opened.do(all_emails), to_trash=True))
        uids, here = opened.do(lambda connection: (all_uids(connection), connection.location))
        if uids:
            opened.do(lambda connection: _expunge_all(connection, uids, here))
        _log.info("Deleted %s, all there was in %s.", number_of(len(uids), "email"), here)
        return len(uids)


def _delete(
    opened: Mailbox, emails: list[Email], *, to_trash: bool, expunge_all: bool = False
) -> list[Email]:
    """Delete emails that are there, and return them as they were, or as they are in the trash."""
    if to_trash:
        trash = opened.do(_trash)
        transfer = Transfer(emails, trash, keep=False, expunge_all=expunge_all)
        emails = opened.do_once(transfer.begin, transfer.resume, transfer.begun)
        _log.info("%s", told("Moved", emails, f"to the trash, which is folder {trash!r}"))
        return emails
    if emails:
        opened.do(lambda connection: _expunge(connection, emails, expunge_all))
    _log.info("%s", told("Deleted", emails))
    return emails


def _expunge(connection: Connection, emails: list[Email], expunge_all: bool) -> None:
    uids = [uid_of(email, connection.location) for email in emails]
    expunge(connection, uids, expunge_all=expunge_all)


def _expunge_all(connection: Connection, uids: list[int], here: Location) -> None:
    check_location(here, connection.location)
    expunge(connection, uids, sets=[f"{uids[0]}:{uids[-1]}"])


def _trash(connection: Connection) -> str:
    """Return the name of the folder that the server names as the trash."""
    trash = connection.folders.special("Trash")
    if trash is None:
        names = [folder.name for folder in connection.folders.all()]
        named = (name for name in names if name.rpartition("/")[2].casefold() in TRASHES)
        name = next(named, "")
        raise FolderNotFound(
            f"The server names no folder of {connection.account} as the trash (RFC 6154). "
            + (f"If it is {name!r}, move there" if name else "Move to a folder that is there")
            + " with `Move Email`, or delete for good without to_trash.",
            "",
        )
    if trash.name == connection.location.folder:
        raise InvalidArgument(
            f"Folder {trash.name!r} is the trash itself. Without to_trash, emails are deleted for "
            "good."
        )
    return trash.name
