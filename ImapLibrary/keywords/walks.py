"""The walks through multipart emails that are under way, one in each open mailbox."""

from weakref import WeakKeyDictionary

from ImapLibrary.errors import InvalidArgument, MailboxNotOpen
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, uid_of
from ImapLibrary.mail.walking import Walk
from ImapLibrary.mailbox import Mailbox
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.mime.parts import Part


class Walks:
    """One walk for each mailbox. It is forgotten together with the mailbox."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes
        self._walks: WeakKeyDictionary[Mailbox, Walk] = WeakKeyDictionary()

    def begin(self, email: Email) -> Walk:
        """Begin a walk in the current mailbox; one that was under way there is over."""
        walk = Walk(email)
        self._walks[self._mailboxes.get()] = walk
        return walk

    def end(self) -> None:
        """End the walk in the current mailbox."""
        del self._walks[self._mailboxes.get()]

    def through(self, reference: Reference, mailbox: str | None = None) -> Walk | None:
        """Return the walk that is under way through that email, None if there is none.

        mailbox: alias of the mailbox that it is in, None for the current one
        """
        if not self._walks or (isinstance(reference, Email) and reference.uid is None):
            return None
        try:
            chosen = self._mailboxes.get(mailbox)
        except MailboxNotOpen:  # which need not be a failure, if the email was fetched whole
            return None
        walk = self._walks.get(chosen)
        if walk is None or walk.email.location != chosen.location:
            return None
        return walk if walk.email.uid == uid_of(reference, chosen.location) else None

    def email(self) -> Email:
        """Return the email through which the walk in the current mailbox goes."""
        return self._current().email

    def part(self) -> Part:
        """Return the part where the walk in the current mailbox stands."""
        part = self._current().part
        assert part is not None  # a walk that has come to its end is forgotten
        return part

    def _current(self) -> Walk:
        chosen = self._mailboxes.get()
        if chosen not in self._walks:
            raise InvalidArgument(
                f"No parts of an email are being visited in mailbox {chosen.alias!r}: `Walk "
                "Multipart Email` goes to the first, and after the last it is over."
            )
        return self._walks[chosen]
