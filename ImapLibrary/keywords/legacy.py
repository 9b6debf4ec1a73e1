"""Keywords of the older libraries whose names are superseded, for suites that call them.

Keywords whose names live on take old arguments by `migration.translating`. Those for the parts of
emails are in `keywords.multipart`.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName, Provider, Secret, Security, TrueOrFalse
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import InvalidArgument, LinkNotFound, LinkNotOpened
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.changing import ChangingKeywords
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.sessions import SessionKeywords
from ImapLibrary.keywords.taking import refuse_others, takes_criteria
from ImapLibrary.keywords.waiting import POLL_FREQUENCY, WaitingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.links import find_links
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_opening
from ImapLibrary.web.opening import open_link

LINK_SECONDS = 30.0
"""For so long a page may take to come, redirects included."""

LARGEST_PAGE = 10 * 1024 * 1024

ERROR_STATUS = 400
"""From this status on a page says that something is wrong (RFC 9110, section 15)."""


class LegacyKeywords:
    """Old names, each of which calls what there is today.

    sessions, waiting, reading, attachments, changing: the keywords of today
    """

    def __init__(
        self,
        mailboxes: Mailboxes,
        hints: Hints,
        walks: Walks,
        *,
        sessions: SessionKeywords,
        waiting: WaitingKeywords,
        reading: ReadingKeywords,
        attachments: AttachmentKeywords,
        changing: ChangingKeywords,
    ) -> None:
        self._emails = Emails(mailboxes)
        self._hints = hints
        self._walks = walks
        self._sessions = sessions
        self._waiting = waiting
        self._reading = reading
        self._attachments = attachments
        self._changing = changing

    @keyword
    @takes_criteria
    def wait_for_mail(
        self,
        from_email: str | None = None,
        to_email: str | None = None,
        status: str | None = None,
        timeout: timedelta | None = None,
        *,
        poll_frequency: timedelta = POLL_FREQUENCY,
        folder: FolderName | None = None,
        mailbox: str | None = None,
        **given: Any,
    ) -> Email:
        """*Superseded* by `Wait For Email`.

        | =Argument=       | =Meaning= |
        | ``from_email``   | Address or name in From: today ``sender``. |
        | ``to_email``     | An address that it was sent to: today ``recipient``. |
        | ``status``       | Flags, as in all `Criteria`. |
        | ``timeout``, ``poll_frequency``, ``folder``, ``mailbox`` | As in `Wait For Email`. |

        The first four may be given by position, as suites of 2012 do.

        Examples:
        | ${email} = | Wait For Mail | noreply@example.com | qa@example.com | UNSEEN | 60 |
        | ${email} = | Wait For Mail | fromEmail=noreply@example.com | timeout=60 |
        """
        self._hints.superseded("Wait For Mail", "`Wait For Email`")
        by_position: dict[str, Any] = {
            "from_email": from_email,
            "to_email": to_email,
            "status": status,
        }
        return self._waiting.wait_for_email(
            timeout=timeout,
            poll_frequency=poll_frequency,
            folder=folder,
            mailbox=mailbox,
            **{name: value for name, value in by_position.items() if value is not None},
            **given,
        )

    @keyword
    def open_mailbox_oauth(
        self,
        host: str | None = "",
        user: str | None = "",
        access_token: str | Secret | None = "",
        folder: FolderName | None = None,
        debug_level: int = 0,
        *,
        port: int | None = None,
        security: Security = Security.TLS,
        verify: TrueOrFalse | Path | None = True,
        provider: Provider | None = None,
        **others: object,
    ) -> str:
        """*Superseded* by `Open Mailbox` with ``access_token``, which can get fresh tokens, too.

        | =Argument=         | =Meaning= |
        | ``host``, ``user`` | Server and user. Both must be given, but a ``provider`` does for the server. |
        | ``access_token``   | The OAuth2 access token. Must be given. |
        | ``folder``, ``port``, ``security``, ``verify``, ``provider`` | As in `Open Mailbox`. |
        | ``debug_level``    | Of no effect: Robot Framework's log levels tell what is logged. |

        Returns the alias, and fails as `Open Mailbox` does.

        Example:
        | Open Mailbox Oauth | user=qa@example.com | access_token=fresh | provider=GMAIL |
        """
        self._hints.superseded("Open Mailbox Oauth", "`Open Mailbox` with access_token=")
        old = to_opening(host, security, others)
        refuse_others(self.open_mailbox_oauth, old.others)
        return self._sessions.open_mailbox(
            old.host,
            user,
            access_token=access_token,
            folder=folder,
            port=port,
            security=old.security,
            verify=verify,
            provider=provider,
        )

    @keyword
    def get_links_from_email(self, email_index: Reference) -> list[str]:
        """*Superseded* by `Get Email Links`, whose links have ``href`` and ``text``.

        ``email_index`` is what `Wait For Email` returned, or a UID.

        Returns where the links lead, in the order of the email: those of the HTML, ``mailto:`` and
        repetitions among them; without any, the addresses in the text. Marks the email as read.

        Examples:
        | @{links} = | Get Links From Email | ${email} |
        | Should End With | ${links}[0] | /confirm?id=42 |
        """
        self._hints.superseded("Get Links From Email", "`Get Email Links`")
        return self._links(email_index)

    @keyword
    def get_matches_from_email(self, email_index: Reference, pattern: str) -> list[str]:
        """*Superseded* by `Get Email Body` and ``Get Regexp Matches`` of the String library.

        | =Argument=      | =Meaning= |
        | ``email_index`` | What `Wait For Email` returned, or a UID. |
        | ``pattern``     | A [https://docs.python.org/3/library/re.html|regular expression]. |

        Returns what ``re.findall`` finds in the text of the email, or, if that is nothing, in the
        source of its HTML. While `Walk Multipart Email` visits its parts, that is the current
        part. Marks the email as read.

        Examples:
        | @{codes} = | Get Matches From Email | ${email} | \\\\d{4} |
        | Should Be Equal | ${codes}[0] | 1234 | |
        """
        self._hints.superseded(
            "Get Matches From Email", "`Get Email Body` and `Get Regexp Matches`"
        )
        try:
            wanted = re.compile(pattern)
        except re.error as error:
            raise InvalidArgument(
                f"The pattern {pattern!r} is no regular expression: {error}."
            ) from error
        body = self._reading.get_email_body(email_index)
        matches = wanted.findall(body) if isinstance(body, str) else []
        if matches or self._walks.through(email_index):
            return matches
        source = self._reading.get_email_body(email_index, html=True, raw=True)
        return wanted.findall(str(source))

    @keyword
    def open_link_from_email(self, email_index: Reference, link_index: int = 0) -> str:
        """*Superseded* by `Open Email Link`, which also tells the status and the address.

        | =Argument=      | =Meaning= |
        | ``email_index`` | What `Wait For Email` returned, or a UID. |
        | ``link_index``  | Which link of those that `Get Links From Email` returns, from 0 on. |

        Returns the source of the page. Fails if there is no such link, if it is not of http or
        https, if no page comes within 30 seconds, or if its status tells of an error.

        Example:
        | Run Keyword And Expect Error | Link number 7 not found!* | Open Link From Email | ${email} | 7 |
        """
        self._hints.superseded("Open Link From Email", "`Open Email Link`")
        return self._page(email_index, link_index)

    @keyword
    def open_link_from_mail(self, email_index: Reference, link_index: int = 0) -> str:
        """*Superseded* by `Open Email Link`, as is `Open Link From Email`, of which it is another name.

        ``email_index`` and ``link_index`` are the same as there.

        Example:
        | Run Keyword And Expect Error | Link number 7 not found!* | Open Link From Mail | ${email} | 7 |
        """
        self._hints.superseded("Open Link From Mail", "`Open Email Link`")
        return self._page(email_index, link_index)

    @keyword
    def get_attachments_from_email(
        self,
        email_index: Reference | None = None,
        target_folder: Path | None = None,
        **others: object,
    ) -> list[str]:
        """*Superseded* by `Save Email Attachments`.

        | =Argument=        | =Meaning= |
        | ``email_index``   | What `Wait For Email` returned, or a UID. Must be given. |
        | ``target_folder`` | Where to save, by default the folder in which Robot Framework runs. It is made if it is missing. |

        Saves all attachments and images, and replaces files of the same name in the folder. Returns
        the paths, which are absolute.

        Examples:
        | @{paths} = | Get Attachments From Email | email_index=${email} | target_folder=${OUTPUT_DIR}/invoices |
        | File Should Exist | ${paths}[0] | | |
        """
        self._hints.superseded(
            "Get Attachments From Email",
            "`Save Email Attachments` with inline=True and overwrite=True",
        )
        refuse_others(self.get_attachments_from_email, others)
        if email_index is None:
            raise InvalidArgument("`Get Attachments From Email` needs an email, or its UID.")
        return self._attachments.save_email_attachments(
            email_index, target_folder or Path(), inline=True, overwrite=True
        )

    @keyword
    def mark_all_emails_as_read(self) -> int:
        """*Superseded* by `Mark All As Read`, which it calls.

        Example:
        | Mark All Emails As Read |
        """
        self._hints.superseded("Mark All Emails As Read", "`Mark All As Read`")
        return self._changing.mark_all_as_read()

    @keyword
    def mark_as_read(self) -> int:
        """*Superseded* by `Mark All As Read`, which it calls: it marks all emails.

        Example:
        | Mark As Read |
        """
        self._hints.superseded("Mark As Read", "`Mark All As Read`")
        return self._changing.mark_all_as_read()

    def _links(self, email: Reference) -> list[str]:
        found = self._emails.with_text(email, None, True)
        return [link.href for link in find_links(found.html_source, found.text, hidden=True)]

    def _page(self, email: Reference, number: int) -> str:
        """Return the source of the page that a link leads to, by its number."""
        links = self._links(email)
        if not -len(links) <= number < len(links):
            raise LinkNotFound(
                f"Link number {number} not found! The email has {len(links)} links, counted from 0."
            )
        opened = open_link(links[number], deadline=Deadline(LINK_SECONDS), max_size=LARGEST_PAGE)
        if opened.status >= ERROR_STATUS:
            raise LinkNotOpened(f"The link led to an error: {opened}.")
        return opened.source
