"""Everything that can go wrong, as one tree.

    ImapLibraryError
    ├── InvalidArgument         refused before anything was sent
    ├── MailboxNotOpen          no mailbox is open, or none by that alias
    ├── ReadOnly                what is open for reading only was to be changed
    ├── ConnectionFailed        no connection could be made
    │   └── LoginFailed         ... because the server refused user or password
    ├── ConnectionLost          an open connection ended, or gave no answer in time
    ├── CommandRefused          the server answered NO or BAD
    │   ├── FolderNotFound      ... because it has no such folder
    │   └── QuotaExceeded       ... because the account may not have more emails
    ├── ExpungeUnsafe           emails would have gone that nobody asked to delete
    ├── EmailRefused            the SMTP server did not take an email, or not for everyone
    ├── OutcomeUnknown          nobody knows whether it was done, or to which email
    ├── EmailNotFound           no email (any more) where one was expected
    │   └── WaitTimedOut        ... within the time of a wait
    ├── SeveralEmails           so many emails were expected, more are there
    ├── EmailArrived            an email came that should not have come
    ├── CodeNotFound            an email has no code, or none that stands out
    ├── LinkNotFound            an email has no such link, or several
    ├── LinkNotOpened           a link led to no page
    ├── MarkMismatch            a mark or an email belongs to another folder or another state of it
    ├── NotAsExpected           what a keyword was to check does not hold
    ├── IncompleteEmail         a field lies beyond what was fetched of a large email
    ├── HeaderNotFound          an email has no such header
    ├── AttachmentNotFound      an email has no such attachment
    ├── SeveralAttachments      one attachment was expected, several match
    ├── FileFailed              a file could not be read or written
    └── MailServerError         the embedded mail server could not be started

A text says what was tried, what came back, and what to do. Robot Framework shows the text
alone: a class name would tell a tester nothing.
"""


class ImapLibraryError(Exception):
    """What every failure of this library derives from."""

    ROBOT_SUPPRESS_NAME = True


class InvalidArgument(ImapLibraryError):
    """An argument was refused before anything was sent to a server."""


class MailboxNotOpen(ImapLibraryError):
    """No mailbox is open, or none has the alias that was asked for."""


class ReadOnly(ImapLibraryError):
    """A mailbox or folder that is open for reading only was to be changed. Nothing was sent."""


class ConnectionFailed(ImapLibraryError):
    """No connection could be made: name, address, port, TLS or greeting."""


class LoginFailed(ConnectionFailed):
    """The server refused the user or the password."""


class ConnectionLost(ImapLibraryError):
    """An open connection ended, or did not answer within the time for it."""


class CommandRefused(ImapLibraryError):
    """The server answered a command with NO or BAD (RFC 9051, section 7.1).

    answer: the status and the text of the answer
    """

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


class FolderNotFound(CommandRefused):
    """The server has no folder of that name."""


class QuotaExceeded(CommandRefused):
    """The account, or the folder, may not have more or larger emails (RFC 9208, OVERQUOTA)."""


class ExpungeUnsafe(ImapLibraryError):
    """The server can only remove all emails that are flagged as deleted, others' among them."""


class EmailRefused(ImapLibraryError):
    """A server did not take an email that was to be sent, or not for all of its recipients."""


class OutcomeUnknown(ImapLibraryError):
    """Something may have been done, or not, for the answer was lost; or nobody knows which email
    came of it."""

    ADVICE = "It is not known how much was done before that: look before trying again."


class EmailNotFound(ImapLibraryError):
    """There is no such email, or it is not there any more."""


class WaitTimedOut(EmailNotFound):
    """The time of a wait ran out before a matching email was there."""


class SeveralEmails(ImapLibraryError):
    """More emails match than were expected, so that it can't be known which are meant."""


class EmailArrived(ImapLibraryError):
    """An email arrived although none should have."""


class CodeNotFound(ImapLibraryError):
    """An email has no code that one would type, or none that stands out."""


class LinkNotFound(ImapLibraryError):
    """An email has no link like the one that is asked for, or several."""


class LinkNotOpened(ImapLibraryError):
    """A link did not lead to a page, or to one that is too large or too slow."""


class MarkMismatch(ImapLibraryError):
    """A mark or an email is of another mailbox, folder or UIDVALIDITY."""


class NotAsExpected(ImapLibraryError):
    """An email or a folder is not as a test expects it."""


class IncompleteEmail(ImapLibraryError):
    """A field of a large email lies beyond what was fetched of it."""


class HeaderNotFound(ImapLibraryError):
    """An email does not have the header that was asked for."""


class AttachmentNotFound(ImapLibraryError):
    """No attachment of an email is the one that was asked for."""


class SeveralAttachments(ImapLibraryError):
    """One attachment was expected and several match, so that none can be chosen."""


class FileFailed(ImapLibraryError):
    """A file could not be read or written."""


class MailServerError(ImapLibraryError):
    """The embedded mail server could not be started."""
