"""Reading emails."""

from robot.api.deco import keyword

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.content import visible_text
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mail.walking import payload
from ImapLibrary.mailboxes import Mailboxes


class ReadingKeywords:
    """Keywords that read what an email says."""

    def __init__(self, mailboxes: Mailboxes, walks: Walks) -> None:
        self._emails = Emails(mailboxes)
        self._walks = walks

    @keyword
    @takes_assertion("The body")
    def get_email_body(
        self,
        email: Reference | None = None,
        *,
        html: bool = False,
        raw: bool = False,
        mark_as_read: bool = True,
        mailbox: str | None = None,
        email_index: Reference | None = None,
    ) -> str | bytes | None:
        """Returns the text of an email, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. Must be given. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the text, see `Assertions`. |
        | ``html``         | ``True`` returns the HTML source instead of the text. |
        | ``raw``          | ``True`` returns the part as the sender wrote it, decoded but not tidied. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. In a folder that is open for reading only, it always stays as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |
        | ``email_index``  | What ``email`` is called in suites of older libraries. |

        The text is that of the plain text part if there is one, else that of the HTML part as a
        browser would show it, and empty if there is neither. Lines end in ``\\n``; blanks that do
        not break are plain blanks, characters without width are gone, so that ``Should Contain``
        finds what one sees. Attachments are not read, however large they are.

        While `Walk Multipart Email` visits the parts of the email, the text is the current part, as
        `Get Multipart Payload` returns it.

        Fails if the email is of another folder, or if what has to be fetched of it has gone.

        Examples:
        | ${body} = | Get Email Body | ${email} | |
        | Should Contain | ${body} | Your code is | |
        | ${html} = | Get Email Body | ${email} | html=True |
        | ${body} = | Get Email Body | ${email.uid} | mark_as_read=False |
        | Get Email Body | ${email} | contains | Your code is |
        """
        email = email_index if email is None else email
        if email is None:
            raise InvalidArgument("`Get Email Body` needs an email, or its UID.")
        walk = None if html or raw else self._walks.through(email, mailbox)
        if walk and walk.part:
            return payload(walk.part, decoded=True)
        found = self._emails.with_text(email, mailbox, mark_as_read)
        if raw:
            return found.html_source if html else found.text_source
        return found.html if html else found.text

    @keyword
    @takes_assertion("The text")
    def get_email_text(
        self,
        email: Reference,
        *,
        hidden: bool = False,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> str:
        """Returns what the HTML of an email shows, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the text, see `Assertions`. |
        | ``hidden``       | ``True`` also returns what styles hide, such as the preheader that only a list of emails shows. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        `Get Email Body` returns the plain text part if there is one. This keyword returns the
        text of the HTML part even then, because people see that one. Without HTML, both return
        the same.

        The text is as a browser would show it. Blocks and the rows of tables stand on lines of
        their own, paragraphs between blank lines. Cells of a row, floats and the items of a flex
        box are separated by a blank, items of a list begin with ``- `` or their number. Images are
        represented by their alternative text, links by what they show: `Get Email Links` tells
        where they lead. Of style sheets nothing is known, only of the styles that elements have
        themselves.

        Examples:
        | ${text} = | Get Email Text | ${email} | |
        | Should Start With | ${text} | Welcome! Your code is 1234. | |
        | ${text} = | Get Email Text | ${email} | hidden=True |
        | Should Start With | ${text} | Only one step to go | |
        | Get Email Text | ${email} | not contains | {{ |
        """
        found = self._emails.with_text(email, mailbox, mark_as_read)
        return visible_text(found.html, hidden).strip("\n") if found.html else found.text
