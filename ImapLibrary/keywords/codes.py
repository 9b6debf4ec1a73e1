"""Reading the codes that emails bring."""

import logging
from collections.abc import Iterator

from robot.api.deco import keyword

from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.content import visible_text
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes

_log = logging.getLogger(__name__)


class CodeKeywords:
    """Keywords for one-time codes."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    @takes_assertion("The code")
    def get_email_code(
        self,
        email: Reference,
        *,
        pattern: str | None = None,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> str:
        """Returns the code that a person would type, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the code, see `Assertions`. |
        | ``pattern``      | What the code is like: a [https://docs.python.org/3/library/re.html|regular expression]. If there is a group in it, the group is the code. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        The code is what stands nearest to a word such as "code", "PIN", "password" or
        "verification", in any of the languages that emails are written in. It has 4 to 9 digits,
        or letters and digits, or groups of them. It is never a year, a date, a time, an amount, a
        phone number, part of an address of any kind, or what belongs to another word, such as an
        order number, a postal code or a discount code. Only what one sees counts: the text, then
        the HTML, then the subject, the first of them that has a code near such a word, or else
        the first that has one at all.

        It is returned as one types it: ``483 920`` and ``483-920`` as ``483920``, ``G-483920`` as
        ``483920``, digits of any script as ``0`` to ``9``. Hyphens between letters stay, as in
        ``WDJB-MJHT``.

        With a ``pattern``, whatever it matches in the text is a candidate, except in addresses.

        Fails unless there is one, or one that stands out by standing clearly nearest to such a
        word. The failure lists the candidates with the reasons for and against them.

        Examples:
        | ${code} = | Get Email Code | ${email} | |
        | Should Be Equal | ${code} | 1234 | |
        | ${code} = | Get Email Code | ${email} | pattern=\\\\b\\\\d{4}\\\\b |
        | ${code} = | Get Email Code | ${email} | pattern=code is (\\\\w+) |
        | Get Email Code | ${email} | matches | ^\\\\d{4}$ |
        """
        # Its many patterns are compiled when the first code is read, not when the library is.
        from ImapLibrary.mail.codes import find_code

        found = self._emails.with_text(email, mailbox, mark_as_read)
        code = find_code(_visible(found), pattern)
        _log.info("The code is %s.", code)
        return code


def _visible(email: Email) -> Iterator[str]:
    """Yield what a person sees of an email, as far as it is asked for."""
    yield email.text
    yield visible_text(email.html)
    yield email.subject
