"""Moving and copying emails."""

import logging
from typing import TYPE_CHECKING

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName, given
from ImapLibrary.changing.moving import Transfer
from ImapLibrary.changing.selection import chosen
from ImapLibrary.criteria.criteria import Criteria, CriteriaArguments
from ImapLibrary.keywords.taking import asked, takes_criteria
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import References
from ImapLibrary.mail.telling import told
from ImapLibrary.mailboxes import Mailboxes

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_log = logging.getLogger(__name__)


class MovingKeywords:
    """Keywords that bring emails into another folder."""

    def __init__(self, mailboxes: Mailboxes, check_newest: int) -> None:
        self._mailboxes = mailboxes
        self._check_newest = check_newest

    @keyword
    @takes_criteria
    def move_email(
        self,
        emails: References | None = None,
        folder: FolderName | None = None,
        *,
        expunge_all: bool = False,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Moves an email into another folder, or several, or all that meet all `Criteria`.

        | =Argument=      | =Meaning= |
        | ``emails``      | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``folder``      | Name of the other folder, with ``/`` between its levels. Must be given. |
        | ``expunge_all`` | ``True`` goes on where the server can't move or remove single emails, although others that are flagged as deleted go too. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        Takes one command for any number of emails, or a few on a server without MOVE. Returns the
        email in the other folder, with its new UID and the flags that it had when it was found; if
        a list or criteria were given, a list. To use what is returned, open that folder with
        `Select Folder`.

        If the connection breaks, it is found out what was done before the rest is. No email gets
        lost: the original is removed only when its copy is known. It is not there twice, either,
        unless the server goes on with the lost command for more than a second.

        Fails if there is no such folder, even if no email is to go there, if an email that was
        given is not in the folder that is open, if the mailbox is open for reading only, or if it
        can't be told which of several emails in the other folder is the one. That no email meets
        the criteria is no failure.

        Examples:
        | Create Folder | Archive/2026 | | |
        | ${moved} = | Move Email | ${email} | Archive/2026 |
        | Move Email | folder=Archive/2026 | sender=noreply@example.com | |
        """
        criteria = asked(self.move_email, given)
        return self._transfer(emails, folder, mailbox, criteria, expunge_all, keep=False)

    @keyword
    @takes_criteria
    def copy_email(
        self,
        emails: References | None = None,
        folder: FolderName | None = None,
        *,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Copies an email into another folder, or several, or all that meet all `Criteria`.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``folder``  | Name of the other folder, with ``/`` between its levels. Must be given. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        The copies have the same flags and the same time of arrival. Everything else is as with
        `Move Email`.

        Examples:
        | Create Folder | Archive/2026 | | |
        | ${copy} = | Copy Email | ${email} | Archive/2026 |
        | Copy Email | folder=Archive/2026 | subject=Welcome | |
        """
        criteria = asked(self.copy_email, given)
        return self._transfer(emails, folder, mailbox, criteria, False, keep=True)

    def _transfer(
        self,
        emails: References | None,
        folder: FolderName | None,
        mailbox: str | None,
        criteria: Criteria,
        expunge_all: bool,
        *,
        keep: bool,
    ) -> Email | list[Email]:
        typed = given("folder", folder)
        opened = self._mailboxes.writable(mailbox)
        found = opened.do(
            lambda connection: chosen(connection, emails, criteria, self._check_newest)
        )
        name = opened.do(lambda connection: connection.folders.normal(typed))
        transfer = Transfer(found, name, keep=keep, expunge_all=expunge_all)
        there = opened.do_once(transfer.begin, transfer.resume, transfer.begun)
        _log.info("%s", told("Copied" if keep else "Moved", there, f"to folder {name!r}"))
        return there if emails is None or isinstance(emails, list) else there[0]
