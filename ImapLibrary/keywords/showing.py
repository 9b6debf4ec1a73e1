"""Showing emails in the log."""

import logging

from robot.api.deco import keyword

from ImapLibrary.arguments import LogLevel
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.previews import Previews
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes

_log = logging.getLogger(__name__)


class ShowingKeywords:
    """Keywords that show emails to who reads the log."""

    def __init__(self, mailboxes: Mailboxes, previews: Previews) -> None:
        self._emails = Emails(mailboxes)
        self._previews = previews

    @keyword
    def log_email(
        self, email: Reference, *, level: LogLevel = "INFO", mailbox: str | None = None
    ) -> None:
        """Shows an email in the log: as a person sees it, its text, its links and its source.

        | =Argument= | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``level``   | ``DEBUG`` or ``TRACE`` shows it only in a log that goes into such detail. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Emails that keywords return are shown by themselves, each once and as far as it was
        fetched: see `Emails in the log`. This keyword shows an email at a place of your choice,
        and fetches what is missing, but no files. The email stays unread.

        Does nothing where there is no log, or after an import with ``previews=False``. Fails if the
        email has gone, but not if it can't be shown; then the log says why.

        Examples:
        | ${emails} = | Find Emails | subject=Welcome |
        | Log Email | ${emails[0]} | |
        | Log Email | ${email.uid} | level=DEBUG |
        """
        if not self._previews.wanted:
            _log.info("No email is shown in the log, because of previews=False at the import.")
            return
        found, images = self._emails.with_images(email, mailbox)
        self._previews.show_again(found, images, level)
