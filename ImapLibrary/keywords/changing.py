"""Changing the flags of emails."""

import logging
from typing import TYPE_CHECKING

from robot.api.deco import keyword

from ImapLibrary.changing.changes import AS_READ, check_change, store
from ImapLibrary.changing.selection import changed_flags, chosen
from ImapLibrary.criteria.criteria import Criteria, CriteriaArguments
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.answers import Span
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import FlagChange, Flags, flag_names, some_flags
from ImapLibrary.keywords.taking import asked, takes_criteria
from ImapLibrary.location import Location, check_location
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import References
from ImapLibrary.mail.telling import told
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_email
from ImapLibrary.units import number_of

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

_log = logging.getLogger(__name__)

_FLAGGED = ("\\Flagged",)


class ChangingKeywords:
    """Keywords that change the flags of emails."""

    def __init__(self, mailboxes: Mailboxes, check_newest: int) -> None:
        self._mailboxes = mailboxes
        self._check_newest = check_newest

    @keyword
    def mark_all_as_read(self, mailbox: str | None = None) -> int:
        """Marks all emails of the folder as read, and returns how many were unread.

        What arrives from then on is unread, so that `Wait For Email` without criteria waits for
        it. It takes two commands, however many emails there are, and one more where the server has
        to be asked first what has arrived. Nothing is deleted or expunged.

        ``mailbox`` is the alias of the mailbox, by default the current one.

        Fails if the mailbox is open for reading only.

        Example:
        | ${unread} = | Mark All As Read |
        """
        opened = self._mailboxes.writable(mailbox)
        span, here = opened.do(_unread)
        if span.count:
            # One range. It reaches no further than what was there before: a later arrival stays
            # unread. Emails in between that were read already lose nothing.
            unread = f"{span.first}:{span.last}"
            opened.do(lambda connection: _mark_as_read(connection, unread, here))
        _log.info("Marked %s as read.", number_of(span.count, "email"))
        return span.count

    @keyword
    @takes_criteria
    def mark_email_as_read(
        self,
        emails: References | None = None,
        *,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Marks an email as read, or several, or all that meet all `Criteria`.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Takes one command for any number of emails. Those that were read already stay so. Returns
        the email with the flags that it had when it was found, and this change; if a list or
        criteria were given, a list. The flags of the moment are told by `Get Email Flags`.

        Fails if an email that was given is not in the folder, or if the mailbox is open for
        reading only. That no email meets the criteria is no failure.

        Examples:
        | Mark Email As Read | ${email} |
        | ${emails} = | Mark Email As Read | sender=noreply@example.com | status=UNSEEN |
        """
        emails, others = to_email(emails, given)
        criteria = asked(self.mark_email_as_read, others)
        return self._change(emails, criteria, mailbox, "Marked", "as read", AS_READ)

    @keyword
    @takes_criteria
    def mark_email_as_unread(
        self,
        emails: References | None = None,
        *,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Marks an email as unread, or several, or all that meet all `Criteria`.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Everything else is as with `Mark Email As Read`.

        Examples:
        | Mark Email As Unread | ${email} |
        | Mark Email As Unread | subject=Welcome |
        """
        criteria = asked(self.mark_email_as_unread, given)
        return self._change(
            emails, criteria, mailbox, "Marked", "as unread", FlagChange("-", AS_READ.names)
        )

    @keyword
    @takes_criteria
    def flag_email(
        self,
        emails: References | None = None,
        *,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Flags an email as important, or several, or all that meet all `Criteria`.

        That is the flag ``\\Flagged``, which many programs show as a star.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Everything else is as with `Mark Email As Read`.

        Examples:
        | Flag Email | ${email} |
        | Flag Email | sender=noreply@example.com | subject=Welcome |
        """
        criteria = asked(self.flag_email, given)
        return self._change(emails, criteria, mailbox, "Flagged", "", FlagChange("+", _FLAGGED))

    @keyword
    @takes_criteria
    def unflag_email(
        self,
        emails: References | None = None,
        *,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Takes the flag of `Flag Email` from an email, several, or all that meet all `Criteria`.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Everything else is as with `Mark Email As Read`.

        Examples:
        | Unflag Email | ${email} |
        | Unflag Email | status=FLAGGED |
        """
        criteria = asked(self.unflag_email, given)
        return self._change(emails, criteria, mailbox, "Unflagged", "", FlagChange("-", _FLAGGED))

    @keyword
    @takes_criteria
    def set_email_flags(
        self,
        emails: References | None = None,
        *,
        flags: Flags = None,
        add: Flags = None,
        remove: Flags = None,
        mailbox: str | None = None,
        **given: "Unpack[CriteriaArguments]",
    ) -> Email | list[Email]:
        """Changes the flags of an email, or of several, or of all that meet all `Criteria`.

        | =Argument=  | =Meaning= |
        | ``emails``  | An email, as `Wait For Email` returns it, its UID, or a list of them. |
        | ``flags``   | The flags that it is to have, and no others. An empty text takes away all. |
        | ``add``     | Flags to add, if ``flags`` is not given. |
        | ``remove``  | Flags to take away, if ``flags`` is not given. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Flags are ``Seen``, ``Flagged``, ``Answered``, ``Draft`` and ``Deleted``, with or without
        a backslash before them, and keywords, such as ``$Forwarded`` or any word of yours. Several
        are separated by blanks or commas, or given as a list. What tells that a flag is
        missing, such as ``Unread``, is none. With ``Deleted`` alone nothing is removed yet;
        `Delete Email` does all of it.

        Everything else is as with `Mark Email As Read`. It also fails if the server does not keep
        a flag.

        Examples:
        | Set Email Flags | ${email} | add=Answered $Reviewed |
        | Set Email Flags | ${email} | flags=Seen |
        | Set Email Flags | status=FLAGGED | add=Seen | remove=Flagged |
        """
        criteria = asked(self.set_email_flags, given)
        changes = _changes(flags, add, remove)
        how = f"({', '.join(map(str, changes))})"
        return self._change(emails, criteria, mailbox, "Changed the flags of", how, *changes)

    def _change(
        self,
        emails: References | None,
        criteria: Criteria,
        mailbox: str | None,
        done: str,
        how: str,
        *changes: FlagChange,
    ) -> Email | list[Email]:
        opened = self._mailboxes.writable(mailbox)
        # Chosen once: when a change is repeated because its answer was lost, the emails that it
        # was made to may not meet the criteria any more.
        found = opened.do(
            lambda connection: chosen(connection, emails, criteria, self._check_newest)
        )
        changed = opened.do(lambda connection: changed_flags(connection, found, changes))
        _log.info("%s", told(done, changed, how))
        return changed if emails is None or isinstance(emails, list) else changed[0]


def _changes(flags: Flags, add: Flags, remove: Flags) -> list[FlagChange]:
    if (flags is None) == (add is None and remove is None):
        raise InvalidArgument(
            "Give the argument flags, or one or both of add and remove, to say how the flags are to "
            "change. What is None is not given."
        )
    if flags is not None:
        return [FlagChange("", flag_names(flags))]
    given = (("-", "remove", remove), ("+", "add", add))
    return [
        FlagChange(sign, some_flags(name, names))
        for sign, name, names in given
        if names is not None
    ]


def _unread(connection: Connection) -> tuple[Span, Location]:
    """Return where the unread emails are, and the folder that they are of."""
    check_change(connection, AS_READ)
    if not connection.well_known:
        connection.noop()
    arrivals = connection.arrivals
    span = connection.span(b"UNSEEN")
    if connection.arrivals != arrivals:  # many servers search first, and then look what arrived
        span = connection.span(b"UNSEEN")
    return span, connection.location


def _mark_as_read(connection: Connection, uids: str, here: Location) -> None:
    check_location(here, connection.location)
    store(connection, [uids], AS_READ)
