"""Marks, and finding emails that are there."""

import logging
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName
from ImapLibrary.criteria.criteria import UNREAD, Criteria, CriteriaArguments
from ImapLibrary.errors import InvalidArgument, NotAsExpected
from ImapLibrary.finding import fetching
from ImapLibrary.finding.matching import matching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.running import imported_as
from ImapLibrary.keywords.taking import asked, takes_criteria
from ImapLibrary.location import Mark
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, as_mark
from ImapLibrary.mail.telling import listed
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_criteria
from ImapLibrary.unique import template_for, unique_address
from ImapLibrary.units import number_of
from ImapLibrary.waiting.story import Story

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_log = logging.getLogger(__name__)


class FindingKeywords:
    """Keywords that find emails without waiting.

    check_newest: so many of the newest emails are tested whatever the server's SEARCH finds
    """

    def __init__(self, mailboxes: Mailboxes, check_newest: int) -> None:
        self._mailboxes = mailboxes
        self._check_newest = check_newest

    @keyword
    def get_mailbox_mark(self, mailbox: str | None = None) -> Mark:
        """Returns a mark: what arrives from now on is later than it.

        Take the mark, trigger the product, and give the mark to `Wait For Email`: then emails
        that were there before can't be mistaken for the new one, and one that arrives early is
        not missed. The emails stay as they are, unlike with `Mark All As Read`. A mark outlives
        the connection, but not the folder: it fails if the folder was made anew (UIDVALIDITY).

        ``mailbox`` is the alias of the mailbox, by default the current one.

        Example:
        | ${mark} = | Get Mailbox Mark | | |
        | Trigger The Product | | | |
        | ${email} = | Wait For Email | subject=Welcome | after=${mark} |
        """
        mark = self._mailboxes.get(mailbox).do(lambda connection: connection.mark())
        _log.info("This is %s.", mark)
        return mark

    @keyword
    def get_unique_email_address(
        self, template: str | None = None, *, mailbox: str | None = None
    ) -> str:
        """Returns an address that no other test uses and whose emails arrive in this mailbox.

        Give it to the product, and to `Wait For Email` as ``recipient``: then no email of another
        test can be mistaken for this one's, though it comes late or from a test that runs at the
        same time on the same mailbox. ``docs/parallel.rst`` shows it with pabot.

        | =Argument= | =Meaning= |
        | ``template`` | What the address is like, with ``{unique}`` where it differs. By default plus-addresses of the user, such as ``qa+{unique}@example.com``; ``{unique}@example.com`` is for a mailbox that catches all of a domain. |
        | ``mailbox``  | Alias of the mailbox, by default the current one. |

        Fails if the user's name is no address and there is no ``template``.

        Examples:
        | ${address} = | Get Unique Email Address | |
        | ${address} = | Get Unique Email Address | qa+signup-{unique}@example.com |
        | Should Match Regexp | ${address} | ^qa[+]signup-[0-9a-f]{12}@ |
        """
        chosen = self._mailboxes.get(mailbox)
        address = unique_address(template or template_for(chosen.account.user))
        _log.info("The address is %s.", address)
        return address

    @keyword
    @takes_criteria
    def find_emails(
        self,
        *,
        after: Mark | Reference | None = None,
        limit: int | None = None,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> list[Email]:
        """Returns the emails that meet all `Criteria`, the newest first, without waiting.

        | =Argument= | =Meaning= |
        | ``after``   | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``limit``   | So many at most, the newest. By default all. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Without criteria these are all emails of the folder. The list is empty if there are none.
        No email is marked as read. Of more than 50 emails only the headers are fetched, if these
        tell that they match: then ``${email.text}`` fails, and `Get Email Body` fetches it.

        Examples:
        | ${emails} = | Find Emails | subject=invoice | since=today | |
        | FOR | ${email} | IN | @{emails} | |
        |     | Log | ${email.subject} | | |
        | END | | | | |
        | ${last three} = | Find Emails | limit=3 | | |
        """
        if limit is not None and limit < 1:
            raise InvalidArgument(f"The argument limit must be 1 or more, not {limit}.")
        criteria = asked(self.find_emails, given)

        def some(connection: Connection) -> list[Email]:
            found = self._matching(connection, criteria, after, at_once=limit is None)
            return fetching.all_with_first_bytes(connection, list(islice(found, limit)))

        found = self._mailboxes.get(mailbox).do(some)
        _log.info("Found %s.%s", number_of(len(found), "email"), listed(found))
        return found

    @keyword
    @takes_assertion("The number of emails")
    @takes_criteria
    def get_email_count(
        self,
        *,
        after: Mark | Reference | None = None,
        folder: FolderName | None = None,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> int:
        """Returns how many emails meet all `Criteria`, without waiting.

        | =Argument= | =Meaning= |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the number, see `Assertions`. |
        | ``after``   | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``folder``  | A folder to open and to count in, by default the one that is open. It stays open. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Without criteria it counts all emails of the folder; or the unread ones, as ImapLibrary2 did,
        in suites that have this library by that name (``Library    ImapLibrary    AS    ImapLibrary2``).

        Examples:
        | ${count} = | Get Email Count | status=UNSEEN |
        | ${count} = | Get Email Count | sender=noreply@example.com |
        | Get Email Count | equals | 1 | subject=Welcome |
        | Get Email Count | > | 0 | subject=Welcome |
        """
        criteria = asked(self.get_email_count, to_criteria(given))
        if after is None and not criteria.conditions and imported_as("ImapLibrary2"):
            criteria = UNREAD

        def counted(connection: Connection) -> int:
            if after is None and not criteria.conditions:
                # Asked, for what servers announce does not add up: GreenMail can say twice in IDLE
                # that an email has gone.
                connection.noop()  # lets the server see what has arrived
                return len(connection.search([b"ALL"]))
            return sum(1 for _ in self._matching(connection, criteria, after, at_once=True))

        found = self._mailboxes.opened(mailbox, folder).do(counted)
        _log.info("Counted %s.", number_of(found, "email"))
        return found

    @keyword
    @takes_criteria
    def email_count_should_be(
        self,
        expected: int,
        *,
        after: Mark | Reference | None = None,
        folder: FolderName | None = None,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> None:
        """Fails unless so many emails meet all `Criteria`, without waiting, and lists those that do.

        | =Argument=  | =Meaning= |
        | ``expected`` | How many there should be, no more and no fewer. |
        | ``after``   | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``folder``  | A folder to open and to count in, by default the one that is open. It stays open. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Without criteria it counts all emails of the folder. To wait until they are there, use
        ``count`` of `Wait For Emails`.

        Examples:
        | Email Count Should Be | 1 | subject=Welcome |
        | Email Count Should Be | 0 | subject=Goodbye |
        """
        criteria = asked(self.email_count_should_be, given)

        def check(connection: Connection) -> None:
            found = list(self._matching(connection, criteria, after, at_once=True))
            if len(found) != expected:
                story = Story(criteria, as_mark(after, connection.location), timeout=0)
                raise NotAsExpected(story.miscounted(found, expected, connection.location))

        self._mailboxes.opened(mailbox, folder).do(check)

    def _matching(
        self,
        connection: Connection,
        criteria: Criteria,
        after: Mark | Reference | None,
        *,
        at_once: bool,
    ) -> Iterator[Email]:
        mark = as_mark(after, connection.location)
        return matching(
            connection,
            criteria,
            first_uid=mark.uid if mark else 1,
            check_newest=self._check_newest,
            at_once=at_once,
        )
