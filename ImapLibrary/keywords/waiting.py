"""Waiting for emails: for one, for several, for none, and until some are gone."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName, OnMultiple, not_negative
from ImapLibrary.criteria.criteria import UNREAD, Criteria, CriteriaArguments
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import EmailArrived, InvalidArgument, SeveralEmails, WaitTimedOut
from ImapLibrary.keywords.previews import NO_PREVIEWS, Previews
from ImapLibrary.keywords.taking import asked, takes_criteria
from ImapLibrary.location import Location, Mark
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, as_mark, as_marks
from ImapLibrary.mail.telling import in_short, listed
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_criteria
from ImapLibrary.units import number_of
from ImapLibrary.waiting.gathering import AtLeast, Exactly, Gone, NoneAtAll
from ImapLibrary.waiting.junk import in_junk
from ImapLibrary.waiting.looking import OneEmail, Wanted
from ImapLibrary.waiting.racing import first_of
from ImapLibrary.waiting.wait import Wait

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_log = logging.getLogger(__name__)

T = TypeVar("T")

POLL_FREQUENCY = timedelta(seconds=5)


class WaitingKeywords:
    """Keywords that wait for emails.

    timeout: the time of a wait that says none
    check_newest: so many of the newest emails are tested whatever the server's SEARCH finds
    previews: shows in the log what came instead
    """

    def __init__(
        self,
        mailboxes: Mailboxes,
        timeout: timedelta,
        check_newest: int,
        previews: Previews = NO_PREVIEWS,
    ) -> None:
        self._mailboxes = mailboxes
        self._timeout = timeout
        self._check_newest = check_newest
        self._previews = previews

    @keyword
    @takes_criteria
    def wait_for_email(
        self,
        *,
        after: Mark | Reference | None = None,
        on_multiple: OnMultiple | None = None,
        timeout: timedelta | None = None,
        poll_frequency: timedelta = POLL_FREQUENCY,
        folder: FolderName | None = None,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email:
        """Waits until an email is there that meets all `Criteria`, and returns it.

        Emails that are there already and match are returned at once, unless ``after`` is given.
        Without any criterion, it waits for *the* one unread email.

        | =Argument=         | =Meaning= |
        | ``after``          | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``on_multiple``    | When several match: ``NEWEST`` or ``OLDEST`` takes one, ``FAIL`` lists them. By default the newest; with ``after`` the oldest, so that waits in a row return each email once; without criteria it fails. |
        | ``timeout``        | How long to wait, by default what was given at import. With 0 it looks once. |
        | ``poll_frequency`` | After how long to look even if the server has announced nothing, 5 seconds by default. |
        | ``folder``         | A folder to open and to wait in, by default the one that is open. It stays open, so that other keywords find the email in it. |
        | ``mailbox``        | Alias of the mailbox, by default the current one. |

        Returns an `Email`. Most of its fields read directly, as in ``${email.subject}``. As text
        it is its UID.

        Fails when the time is up, and says what was wanted, what arrived instead and in which
        criterion it differs and by how little. After a wait of 5 seconds or more it also tells
        which emails like that are in the spam folder, where the server is quick to answer. Never
        runs more than two seconds longer than ``timeout``. Looking never marks an email as read.

        Whether several match is known only as far as they are there at the same look. An email
        that an earlier test is still waiting for can arrive late; only a different recipient
        for each test tells such emails apart: `Get Unique Email Address`.

        Examples:
        | ${email} = | Wait For Email | subject=Confirm your address | timeout=2 min |
        | ${email} = | Wait For Email | sender=noreply@example.com | recipient=qa+1@example.com |
        | Should Be Equal | ${email.sender_name} | Example Shop | |
        | ${next} = | Wait For Email | sender=noreply@example.com | after=${email} |
        """
        criteria = asked(self.wait_for_email, to_criteria(given))
        chosen = self._mailboxes.opened(mailbox, folder)
        mark = as_mark(after, chosen.location)
        deadline = self._deadline(timeout)
        watch = self._one_email(criteria, mark, on_multiple, deadline)
        begin = datetime.now(timezone.utc)
        email = self._run(
            Wait(watch, chosen, deadline, _frequency(poll_frequency)),
            hint=lambda: in_junk(chosen, watch.criteria, begin, deadline),
        )
        _log.info("%s", in_short(email))
        return email

    @keyword
    @takes_criteria
    def wait_for_email_in_any_mailbox(
        self,
        *mailboxes: str,
        after: Mark | Email | list[Mark | Email] | None = None,
        timeout: timedelta | None = None,
        poll_frequency: timedelta = POLL_FREQUENCY,
        **given: "Unpack[CriteriaArguments]",
    ) -> tuple[str, Email]:
        """Waits in several mailboxes at once for the first email that meets all `Criteria`.

        | =Argument=         | =Meaning= |
        | ``mailboxes``      | Aliases of open mailboxes. For several folders of one account, open it once for each with ``folder`` and ``alias``. |
        | ``after``          | Only what arrived later counts: a mark or an email for each mailbox, as a list in any order. |
        | ``timeout``        | How long to wait, by default what was given at import. With 0 it looks once. |
        | ``poll_frequency`` | After how long to look even if a server has announced nothing, 5 seconds by default. |

        Mailboxes that share a connection, see `Open Mailbox`, are looked at in turn, once a second.

        Returns the alias of the mailbox and the email. Which one it is of several in one mailbox
        is as with `Wait For Email`. Fails when the time is up, and tells of each mailbox what
        arrived instead.

        Examples:
        | ${alias} | ${email} = | Wait For Email In Any Mailbox | qa | boss | subject=Welcome |
        | ${body} = | Get Email Body | ${email} | mailbox=${alias} | | |
        """
        criteria = asked(self.wait_for_email_in_any_mailbox, given)
        if not mailboxes:
            raise InvalidArgument("`Wait For Email In Any Mailbox` needs aliases of mailboxes.")
        deadline = self._deadline(timeout)
        marks = as_marks(after)
        waits = {}
        for alias in mailboxes:
            chosen = self._mailboxes.get(alias)
            mark = _mark_for(alias, chosen.location, marks)
            watch = self._one_email(criteria, mark, None, deadline)
            waits[alias] = Wait(
                watch, chosen, deadline, _frequency(poll_frequency), turns=chosen.turns
            )
        try:
            alias, email = first_of(waits, deadline)
        except WaitTimedOut:
            for wait in waits.values():
                self._previews.show_failure(wait.story, wait.more_of)
            raise
        _log.info("In mailbox %r: %s", alias, in_short(email))
        return alias, email

    @keyword
    @takes_criteria
    def wait_for_emails(
        self,
        *,
        at_least: int | None = None,
        count: int | None = None,
        settle: timedelta = timedelta(seconds=3),
        after: Mark | Reference | None = None,
        timeout: timedelta | None = None,
        poll_frequency: timedelta = POLL_FREQUENCY,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> list[Email]:
        """Waits until several emails are there that meet all `Criteria`, and returns them.

        Emails that are there already and match count too, unless ``after`` is given.

        | =Argument=         | =Meaning= |
        | ``at_least``       | So many emails or more end the wait. Either this or ``count`` must be given. |
        | ``count``          | Exactly so many are wanted. One more is a failure, at once. |
        | ``settle``         | With ``count``: for how long no further one may come before the wait ends, 3 seconds by default. |
        | ``after``          | Only what arrived later counts: a mark from `Get Mailbox Mark`, or an email or its UID. |
        | ``timeout``        | How long to wait, ``settle`` included, by default what was given at import. |
        | ``poll_frequency`` | After how long to look even if the server has announced nothing, 5 seconds by default. |
        | ``mailbox``        | Alias of the mailbox, by default the current one. |

        Returns a list of emails, the oldest first. Of more than 50 only the headers are fetched, if
        these tell that they match: then ``${email.text}`` fails, and `Get Email Body` fetches it.
        Fails when the time is up, and lists what had come by then.

        Examples:
        | ${mark} = | Get Mailbox Mark | | | |
        | Trigger The Product | | | | |
        | ${emails} = | Wait For Emails | at_least=2 | after=${mark} | |
        | ${emails} = | Wait For Emails | count=1 | after=${mark} | subject=Confirm | settle=1 s |
        | Should Be Equal | ${emails[0].subject} | Confirm your address | | |
        """
        criteria = asked(self.wait_for_emails, given)
        number = at_least if count is None else count
        if number is None or (at_least is not None and count is not None) or number < 1:
            raise InvalidArgument(
                "`Wait For Emails` takes at_least or count, one of them, and 1 or more."
            )
        chosen = self._mailboxes.get(mailbox)
        wanted = self._wanted(criteria, as_mark(after, chosen.location))
        deadline = self._deadline(timeout)
        watch = (
            AtLeast(wanted, deadline.seconds, number)
            if count is None
            else Exactly(wanted, deadline.seconds, number, not_negative("settle", settle))
        )
        emails = self._run(Wait(watch, chosen, deadline, _frequency(poll_frequency)))
        there = f"{number_of(len(emails), 'email')} {'is' if len(emails) == 1 else 'are'} there"
        _log.info("%s:%s", there, listed(emails, oldest_first=True))
        return emails

    @keyword
    @takes_criteria
    def email_should_not_arrive(
        self,
        *,
        within: timedelta,
        after: Mark | Reference | None = None,
        poll_frequency: timedelta = POLL_FREQUENCY,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> None:
        """Fails if an email arrives that meets all `Criteria`, as soon as it does.

        | =Argument=         | =Meaning= |
        | ``within``         | How long none may arrive. |
        | ``after``          | What arrived after it counts too, even before this keyword began: a mark from `Get Mailbox Mark`, or an email or its UID. By default only what arrives from the moment of the call on, which the log names. |
        | ``poll_frequency`` | After how long to look even if the server has announced nothing, 5 seconds by default. |
        | ``mailbox``        | Alias of the mailbox, by default the current one. |

        An email that the product sends before this keyword begins is missed without ``after``,
        so better take the mark first. The failure shows the email that came. It also fails if
        the last look gets no answer, for then it can't be known.

        Examples:
        | ${mark} = | Get Mailbox Mark | | |
        | Trigger The Product | | | |
        | Email Should Not Arrive | subject=Newsletter | within=2 s | after=${mark} |
        """
        criteria = asked(self.email_should_not_arrive, given)
        chosen = self._mailboxes.get(mailbox)
        mark = as_mark(after, chosen.location) or chosen.do(lambda connection: connection.mark())
        _log.info("What arrives after UID %d counts, in %s.", mark.uid - 1, mark.location)
        deadline = Deadline(not_negative("within", within))
        watch = NoneAtAll(self._wanted(criteria, mark), deadline.seconds)
        self._run(Wait(watch, chosen, deadline, _frequency(poll_frequency)))

    @keyword
    @takes_criteria
    def wait_until_email_is_gone(
        self,
        *,
        timeout: timedelta | None = None,
        poll_frequency: timedelta = POLL_FREQUENCY,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> None:
        """Waits until no email is there any more that meets all `Criteria`.

        Something else must delete or move it, or change its flags.

        | =Argument=         | =Meaning= |
        | ``timeout``        | How long to wait, by default what was given at import. With 0 it looks once. |
        | ``poll_frequency`` | After how long to look even if the server has announced nothing, 5 seconds by default. |
        | ``mailbox``        | Alias of the mailbox, by default the current one. |

        At least one criterion must be given. One email alone is named by its UID, as in
        ``uid=${email}``. Fails when the time is up, and lists what is still there.

        Examples:
        | Wait Until Email Is Gone | subject=Draft of the newsletter | timeout=10 s |
        """
        criteria = asked(self.wait_until_email_is_gone, given)
        if not criteria.conditions:
            raise InvalidArgument("`Wait Until Email Is Gone` needs a criterion.")
        deadline = self._deadline(timeout)
        watch = Gone(self._wanted(criteria, None), deadline.seconds)
        chosen = self._mailboxes.get(mailbox)
        self._run(Wait(watch, chosen, deadline, _frequency(poll_frequency)))

    def _one_email(
        self,
        criteria: Criteria,
        mark: Mark | None,
        on_multiple: OnMultiple | None,
        deadline: Deadline,
    ) -> OneEmail:
        """Return the watch for one email; without criteria it is for the one that is unread."""
        if on_multiple is None:
            on_multiple = OnMultiple.NEWEST if criteria.conditions else OnMultiple.FAIL
            on_multiple = OnMultiple.OLDEST if mark else on_multiple
        wanted = Wanted(
            criteria if criteria.conditions else UNREAD, mark, on_multiple, self._check_newest
        )
        return OneEmail(wanted, deadline.seconds)

    def _wanted(self, criteria: Criteria, after: Mark | None) -> Wanted:
        return Wanted(criteria, after, check_newest=self._check_newest)

    def _run(self, wait: Wait[T], hint: Callable[[], str] = str) -> T:
        """Do the wait. If it fails, show in the log what was there instead.

        hint: returns what else to tell when the time is up
        """
        try:
            return wait.run()
        except WaitTimedOut as failure:
            # The text of the failure comes first: if time gets short, less is shown in the log.
            text = str(failure) if wait.story.unanswered else f"{failure}{hint()}"
            self._previews.show_failure(wait.story, wait.more_of)
            raise WaitTimedOut(text) from None
        except (SeveralEmails, EmailArrived):
            self._previews.show_failure(wait.story, wait.more_of)
            raise

    def _deadline(self, timeout: timedelta | None) -> Deadline:
        return Deadline(not_negative("timeout", self._timeout if timeout is None else timeout))


def _mark_for(alias: str, location: Location, marks: list[Mark]) -> Mark | None:
    """Return the mark of a folder; None if there are no marks at all."""
    for mark in marks:
        if replace(mark.location, uidvalidity=location.uidvalidity) == location:
            return mark
    if marks:
        raise InvalidArgument(f"The argument after has no mark of the mailbox {alias!r}.")
    return None


def _frequency(value: timedelta) -> float:
    return max(0.1, not_negative("poll_frequency", value))
