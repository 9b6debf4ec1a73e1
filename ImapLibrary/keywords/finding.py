"""Waiting for emails."""

import logging
from datetime import timedelta

from robot.api.deco import keyword

from ImapLibrary.arguments import OnMultiple
from ImapLibrary.connection import Connection
from ImapLibrary.criteria import criteria
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.location import Location, Mark
from ImapLibrary.looking import Wanted
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.message import Email
from ImapLibrary.reference import Reference, uid_of
from ImapLibrary.story import in_short
from ImapLibrary.unknown import refuse_unknown
from ImapLibrary.waiting import Wait

_log = logging.getLogger(__name__)


class FindingKeywords:
    """Keywords that wait for emails.

    timeout: the time of a wait that says none
    """

    def __init__(self, mailboxes: Mailboxes, timeout: timedelta) -> None:
        self._mailboxes = mailboxes
        self._timeout = timeout

    @keyword
    def get_mailbox_mark(self, mailbox: str | None = None) -> Mark:
        """Returns a mark: what arrives from now on is later than it.

        Take the mark, trigger the product, and give the mark to `Wait For Email`: then emails
        that were there before can't be mistaken for the new one, and one that arrives early is
        not missed. The emails stay as they are, unlike with `Mark All As Read`.

        ``mailbox`` is the alias of the mailbox, by default the current one.

        Example:
        | ${mark} = | Get Mailbox Mark | | |
        | Trigger The Product | | | |
        | ${email} = | Wait For Email | subject=Welcome | after=${mark} |
        """
        mark = self._mailboxes.get(mailbox).do(_mark)
        _log.info("This is %s.", mark)
        return mark

    @keyword
    def wait_for_email(
        self,
        *,
        sender: str | None = None,
        recipient: str | None = None,
        subject: str | None = None,
        text: str | None = None,
        status: str | None = None,
        after: Mark | Reference | None = None,
        on_multiple: OnMultiple | None = None,
        timeout: timedelta | None = None,
        poll_frequency: timedelta = timedelta(seconds=5),
        mailbox: str | None = None,
        **others: object,
    ) -> Email:
        """Waits until an email is there that meets all criteria, and returns it.

        Emails that are there already and match are returned at once, unless ``after`` is given.
        Without any criterion, it waits for *the* one unread email.

        | =Criterion=   | =Is met by= |
        | ``sender``    | Address or name in From. |
        | ``recipient`` | Address or name in To, Cc, Bcc, Delivered-To, X-Original-To or Envelope-To. |
        | ``subject``   | Text in the subject. |
        | ``text``      | Text anywhere: in the headers, the text or the HTML source. |
        | ``status``    | Flags: ``UNSEEN``, ``SEEN``, ``FLAGGED``, ``ANSWERED`` and so on, as in SEARCH (RFC 9051, section 6.4.4); several are separated by blanks. |

        Text compares as part of the whole, decoded, without regard to case, any white space as
        one blank. A whole address compares as a whole: ``qa+1@example.com`` is not
        ``qa+11@example.com``. An empty criterion is a failure.

        | =Argument=         | =Meaning= |
        | ``after``          | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``on_multiple``    | When several match: ``NEWEST`` or ``OLDEST`` takes one, ``FAIL`` lists them. By default the newest; with ``after`` the oldest, so that waits in a row return each email once; without criteria it fails. |
        | ``timeout``        | How long to wait, by default what was given at import. With 0 it looks once. |
        | ``poll_frequency`` | After how long to look even if the server has announced nothing, 5 seconds by default. |
        | ``mailbox``        | Alias of the mailbox, by default the current one. |

        Returns an `Email`. Most of its fields read directly, as in ``${email.subject}``. As text
        it is its UID.

        Fails when the time is up, and says what was wanted, what arrived instead and in which
        criterion it differs. Never runs more than two seconds longer than ``timeout``. Looking
        never marks an email as read.

        Whether several match is known only as far as they are there at the same look. An email
        that an earlier test is still waiting for can arrive late; only a different recipient
        for each test tells such emails apart.

        Examples:
        | ${email} = | Wait For Email | subject=Confirm your address | timeout=2 min |
        | ${email} = | Wait For Email | sender=noreply@example.com | recipient=qa+1@example.com |
        | Should Be Equal | ${email.sender_name} | Example Shop | |
        | ${next} = | Wait For Email | sender=noreply@example.com | after=${email} |
        """
        refuse_unknown("Wait For Email", others, _WAIT_ARGUMENTS)
        conditions = criteria(
            sender=sender, recipient=recipient, subject=subject, text=text, status=status
        )
        chosen = self._mailboxes.get(mailbox)
        wait = Wait(
            Wanted(
                conditions,
                _as_mark(after, chosen.location),
                on_multiple or _on_multiple(conditions.by_default, after is not None),
            ),
            chosen,
            timeout=_seconds("timeout", self._timeout if timeout is None else timeout),
            poll_frequency=max(0.1, _seconds("poll_frequency", poll_frequency)),
        )
        email = wait.run()
        _log.info("%s", in_short(email))
        return email


_WAIT_ARGUMENTS = (
    "sender",
    "recipient",
    "subject",
    "text",
    "status",
    "after",
    "on_multiple",
    "timeout",
    "poll_frequency",
    "mailbox",
)


def _mark(connection: Connection) -> Mark:
    next_uid = connection.next_uid()
    return Mark(connection.location, next_uid)


def _as_mark(after: Mark | Reference | None, location: Location) -> Mark | None:
    if after is None or isinstance(after, Mark):
        return after
    return Mark(location, uid_of(after, location) + 1)


def _on_multiple(by_default: bool, after: bool) -> OnMultiple:
    if after:
        return OnMultiple.OLDEST
    return OnMultiple.FAIL if by_default else OnMultiple.NEWEST


def _seconds(name: str, value: timedelta) -> float:
    seconds = value.total_seconds()
    if seconds < 0:
        raise InvalidArgument(f"The argument {name} can't be negative.")
    return seconds
