"""Reading emails."""

from robot.api.deco import keyword

from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.reference import Reference


class ReadingKeywords:
    """Keywords that read what an email says."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    def get_email_body(
        self,
        email: Reference,
        *,
        html: bool = False,
        raw: bool = False,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> str:
        """Returns the text of an email, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``html``         | ``True`` returns the HTML source instead of the text. |
        | ``raw``          | ``True`` returns the part as the sender wrote it, decoded but not tidied. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. In a folder that is open for reading only, it always stays as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        The text is that of the plain text part if there is one, else that of the HTML part as a
        browser would show it, and empty if there is neither. Lines end in ``\\n``; blanks that do
        not break are plain blanks, characters without width are gone, so that ``Should Contain``
        finds what one sees. Attachments are not read, however large they are.

        Fails if the email is of another folder, or if what has to be fetched of it has gone.

        Examples:
        | ${body} = | Get Email Body | ${email} | |
        | Should Contain | ${body} | Your code is | |
        | ${html} = | Get Email Body | ${email} | html=True |
        | ${body} = | Get Email Body | ${email.uid} | mark_as_read=False |
        """
        found = self._emails.with_text(email, mailbox, mark_as_read)
        if raw:
            return found.html_source if html else found.text_source
        return found.html if html else found.text
