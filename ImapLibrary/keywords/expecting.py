"""Checking what emails say, and what comes with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from robot.api.deco import keyword

from ImapLibrary.criteria.criteria import Criteria, CriteriaArguments
from ImapLibrary.errors import InvalidArgument, NotAsExpected
from ImapLibrary.finding import fetching
from ImapLibrary.finding.screening import judge
from ImapLibrary.keywords.asserting import failure
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.taking import asked, takes_criteria
from ImapLibrary.mail.choosing import Selection
from ImapLibrary.mail.comparing import Manner, Pattern
from ImapLibrary.mail.content import visible_text
from ImapLibrary.mail.links import choose, find_links
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mail.telling import in_short
from ImapLibrary.mailboxes import Mailboxes

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


class ExpectingKeywords:
    """Keywords that fail if an email is not as a test expects it. None of them changes it."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    @takes_criteria
    def email_should_match(
        self,
        email: Reference,
        *,
        mailbox: str | None = None,
        **given: Unpack[CriteriaArguments],
    ) -> None:
        """Fails unless an email meets all `Criteria`, and lists what it has instead.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Texts compare as they do in a wait: in any case, as a part of the whole unless a prefix
        says otherwise. The flags that ``status`` looks at are those of the moment at which the
        email was read; `Email Should Have Flags` looks at those of now. The email stays unread.

        Fails if it is given no criteria, or ``search`` or ``gmail``, which only a server can tell.

        Examples:
        | Email Should Match | ${email} | subject=Welcome | sender=noreply@example.com |
        | Email Should Match | ${email} | body=Your code is | not_body=password |
        | Email Should Match | ${email} | attachment=invoice | has_attachments=True |
        """
        criteria = asked(self.email_should_match, given)
        _check_that_it_can_be_told(criteria)
        found = self._emails.get(
            email, mailbox, lambda connection, email: judge(connection, criteria, email).email
        )
        missed = [f"  {each}, but {each.missed_by(found)}" for each in criteria.misses(found)]
        if missed:
            lines = "\n".join(missed)
            raise NotAsExpected(f"This email does not match:\n{lines}\nIt is {in_short(found)}.")

    @keyword
    def email_subject_should_be(
        self,
        email: Reference,
        expected: str,
        *,
        ignore_case: bool = False,
        message: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails unless the subject of an email is the expected one.

        | =Argument=      | =Meaning= |
        | ``email``       | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``expected``    | The whole subject; or a pattern for it, after ``glob:`` or ``regexp:`` as in `Criteria`. |
        | ``ignore_case`` | ``True`` takes upper and lower case for the same; not in a ``regexp:``. |
        | ``message``     | What the failure says instead, see `Assertions`. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        Any white space compares as one blank.

        Examples:
        | Email Subject Should Be | ${email} | Welcome | |
        | Email Subject Should Be | ${email} | WELCOME | ignore_case=True |
        | Email Subject Should Be | ${email} | glob:Wel* | |
        """
        pattern = _whole(expected, ignore_case)
        found = self._emails.get(email, mailbox, fetching.with_headers).subject
        if not pattern.matches(found):
            raise NotAsExpected(failure(message, "The subject", "should be", expected, found))

    @keyword
    def email_sender_should_be(
        self,
        email: Reference,
        expected: str,
        *,
        message: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails unless an email is from the expected sender.

        | =Argument=   | =Meaning= |
        | ``email``    | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``expected`` | The address, the name, or both as ``Name <address>``, in any case; or a pattern for one of them, after ``glob:`` or ``regexp:`` as in `Criteria`. |
        | ``message``  | What the failure says instead, see `Assertions`. |
        | ``mailbox``  | Alias of the mailbox, by default the current one. |

        Examples:
        | Email Sender Should Be | ${email} | noreply@example.com |
        | Email Sender Should Be | ${email} | Example Shop |
        | Email Sender Should Be | ${email} | glob:*@example.com |
        """
        pattern = _whole(expected)
        senders = self._emails.get(email, mailbox, fetching.with_headers).senders
        if not pattern.matches_any(senders):
            found = ", ".join(map(str, senders))
            raise NotAsExpected(failure(message, "The sender", "should be", expected, found))

    @keyword
    def email_body_should_contain(
        self,
        email: Reference,
        expected: str,
        *,
        ignore_case: bool = False,
        message: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails unless a text is in an email, where a person reads it.

        | =Argument=      | =Meaning= |
        | ``email``       | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``expected``    | A part of the text; or a pattern, after ``exact:``, ``glob:`` or ``regexp:`` as in `Criteria`. |
        | ``ignore_case`` | ``True`` takes upper and lower case for the same; not in a ``regexp:``. |
        | ``message``     | What the failure says instead, see `Assertions`. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        It is looked for in the plain text and in what the HTML shows, and may be in either. Any
        white space, line ends too, compares as one blank. The email stays unread.

        Examples:
        | Email Body Should Contain | ${email} | Your code is | |
        | Email Body Should Contain | ${email} | your code is | ignore_case=True |
        | Email Body Should Contain | ${email} | regexp:code is \\\\d{4} | |
        """
        pattern = _part(expected, ignore_case)
        texts = self._texts(email, mailbox)
        if not any(map(pattern.matches, texts)):
            raise NotAsExpected(failure(message, "The body", "should contain", expected, texts[0]))

    @keyword
    def email_body_should_not_contain(
        self,
        email: Reference,
        expected: str,
        *,
        ignore_case: bool = False,
        message: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails if a text is in an email, where a person reads it.

        | =Argument=      | =Meaning= |
        | ``email``       | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``expected``    | What should not be there, as in `Email Body Should Contain`. |
        | ``ignore_case``, ``message`` | As in `Email Body Should Contain`. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        It must be neither in the plain text nor in what the HTML shows. The email stays unread.

        Examples:
        | Email Body Should Not Contain | ${email} | {{ | |
        | Email Body Should Not Contain | ${email} | password | ignore_case=True |
        """
        pattern = _part(expected, ignore_case)
        for text in filter(pattern.matches, self._texts(email, mailbox)):
            raise NotAsExpected(failure(message, "The body", "should not contain", expected, text))

    @keyword
    def email_should_have_attachment(
        self,
        email: Reference,
        name: str | None = None,
        *,
        type: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails unless an email has an attachment with that name or of that type.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``name``, ``type`` | Name or media type, as in `Get Email Attachments`. At least one of them. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        The failure lists the attachments that are there. Any attachment will do with
        ``has_attachments=True`` of `Email Should Match`. The email stays unread.

        Examples:
        | Email Should Have Attachment | ${email} | invoice*.pdf | |
        | Email Should Have Attachment | ${email} | items.csv | type=text/csv |
        """
        if name is None and type is None:
            raise InvalidArgument(
                "`Email Should Have Attachment` needs a name or a type=. If any attachment will "
                "do, has_attachments=True of `Email Should Match` tells."
            )
        selection = Selection(name, type, inline=True)
        found = self._emails.get(
            email,
            mailbox,
            lambda connection, email: fetching.with_attachments(connection, email, list),
        )
        selection.some_of(found.attachments_so_far)

    @keyword
    def email_should_have_link(
        self,
        email: Reference,
        url: str | None = None,
        *,
        text: str | None = None,
        mailbox: str | None = None,
    ) -> None:
        """Fails unless an email has a link that leads there or shows that.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``url``, ``text`` | Where the link leads and what it shows, as in `Get Email Link`. Without either, any link will do. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        There may be several. The failure lists the links that are there. The email stays unread.

        Examples:
        | Email Should Have Link | ${email} | url=*/confirm?id=* | |
        | Email Should Have Link | ${email} | text=Unsubscribe | |
        | Email Should Have Link | ${email} | /confirm | text=Confirm your address |
        """
        found = self._emails.with_text(email, mailbox, mark_as_read=False)
        choose(find_links(found.html, found.text), text, url, index=0)

    def _texts(self, email: Reference, mailbox: str | None) -> tuple[str, str]:
        """Return what a person may read of an email: the text, and what the HTML shows."""
        found = self._emails.with_text(email, mailbox, mark_as_read=False)
        return found.text, visible_text(found.html)


def _whole(expected: str, ignore_case: bool = True) -> Pattern:
    """Return the pattern for all of a text, which may be empty."""
    if not expected:
        return Pattern("", Manner.EXACT)
    pattern = Pattern.parsed("expected", expected)
    plain = pattern.manner is Manner.CONTAINS
    return replace(
        pattern, manner=Manner.EXACT if plain else pattern.manner, ignore_case=ignore_case
    )


def _part(expected: str, ignore_case: bool) -> Pattern:
    """Return the pattern for a part of a text."""
    if not expected:
        raise InvalidArgument(
            "The argument expected is empty, which is in every body. If it comes from a variable, "
            "the variable has no value."
        )
    return replace(Pattern.parsed("expected", expected), ignore_case=ignore_case)


def _check_that_it_can_be_told(criteria: Criteria) -> None:
    if not criteria.conditions:
        raise InvalidArgument(
            "`Email Should Match` needs criteria, such as subject=Welcome, or every email would do."
        )
    if criteria.server_conditions:
        told = " and ".join(each.name for each in criteria.server_conditions)
        raise InvalidArgument(
            f"`Email Should Match` can't tell {told}, because only a server knows what meets that. "
            "Give it to `Wait For Email` or `Find Emails`."
        )
