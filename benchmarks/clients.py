"""What is compared: the library, and beside it the packages that suites use today.

All do the same work through the same few methods. Where a package offers several ways, the best
of those that its own documentation shows is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any, Protocol

from rawsocket import PASSWORD, Place, RawSocket
from table import OURS

from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import Security
from ImapLibrary.mail.message import Email

PATIENCE = 90
"""Seconds that a wait may last."""


class Client(Protocol):
    """What the benchmarks do with a mailbox."""

    name: str

    def open(self, place: Place) -> None:
        """Connect, log in and open INBOX."""

    def close(self) -> None:
        """Log out."""

    def wait(self, subject: str) -> str:
        """Wait for the email with that subject, and return its text."""

    def mark_all_as_read(self) -> None:
        """Mark all emails as read."""

    def body(self, subject: str) -> str:
        """Return the text of the email with that subject, which is there, and mark it as read."""


class Library:
    """This library, by its keywords."""

    name = OURS

    def __init__(self) -> None:
        self._keywords: dict[str, Callable[..., Any]] = ImapLibrary().keywords
        self.emails: list[Email] = []

    def open(self, place: Place) -> None:
        """Call `Open Mailbox`."""
        self._keywords["open_mailbox"](
            place.host, place.user, PASSWORD, port=place.port, security=Security.NONE
        )

    def close(self) -> None:
        """Call `Close Mailbox`."""
        self._keywords["close_mailbox"]()

    def find(self, subject: str) -> Email:
        """Call `Wait For Email`."""
        email: Email = self._keywords["wait_for_email"](
            subject=subject, timeout=timedelta(seconds=PATIENCE)
        )
        return email

    def find_all(self) -> list[Email]:
        """Call `Find Emails`, and remember what it returns."""
        self.emails = self.call("find_emails")
        return self.emails

    def call(self, keyword: str, *arguments: object, **named: object) -> Any:
        """Call a keyword."""
        return self._keywords[keyword](*arguments, **named)

    def read(self, email: Email) -> str:
        """Call `Get Email Body`."""
        text: str = self._keywords["get_email_body"](email)
        return text

    def wait(self, subject: str) -> str:
        """Call `Wait For Email`, and read the text that has come with it."""
        return self.find(subject).text

    def mark_all_as_read(self) -> None:
        """Call `Mark All As Read`."""
        self._keywords["mark_all_as_read"]()

    def body(self, subject: str) -> str:
        """Call `Wait For Email` and `Get Email Body`."""
        return self.read(self.find(subject))


class BareIMAPClient:
    """IMAPClient alone, as its documentation shows IDLE."""

    name = "IMAPClient"

    def __init__(self) -> None:
        self._package = import_module("imapclient")

    def open(self, place: Place) -> None:
        """Connect, log in and open INBOX."""
        self._client = self._package.IMAPClient(place.host, place.port, ssl=False)
        self._client.login(place.user, PASSWORD)
        self._client.select_folder("INBOX")

    def close(self) -> None:
        """Log out."""
        self._client.logout()

    def wait(self, subject: str) -> str:
        """IDLE, then search and fetch."""
        found: list[int] = []
        while not found:
            self._client.idle()
            self._client.idle_check(timeout=PATIENCE)
            self._client.idle_done()
            found = self._client.search(["SUBJECT", subject])
        return str(self._client.fetch(found[-1:], ["BODY.PEEK[]"])[found[-1]][b"BODY[]"])

    def mark_all_as_read(self) -> None:
        """Search the unread emails and flag them."""
        unread = self._client.search(["UNSEEN"])
        self._client.add_flags(unread, [b"\\Seen"], silent=True)

    def body(self, subject: str) -> str:
        """Fetch the structure, then the first part that is text, which the caller must find."""
        (uid,) = self._client.search(["SUBJECT", subject])
        parts = self._client.fetch([uid], ["BODYSTRUCTURE"])[uid][b"BODYSTRUCTURE"][0]
        number = next(n for n, part in enumerate(parts, 1) if part[0].lower() == b"text")
        item = f"BODY[{number}]"
        return str(self._client.fetch([uid], [item])[uid][item.encode()])


class ImapTools:
    """imap_tools, as its documentation shows IDLE."""

    name = "imap_tools"

    def __init__(self) -> None:
        self._package = import_module("imap_tools")

    def open(self, place: Place) -> None:
        """Connect, log in and open INBOX."""
        mailbox = self._package.MailBoxUnencrypted(place.host, place.port)
        self._mailbox = mailbox.login(place.user, PASSWORD, "INBOX")

    def close(self) -> None:
        """Log out."""
        self._mailbox.logout()

    def wait(self, subject: str) -> str:
        """IDLE, then fetch what matches."""
        found: list[Any] = []
        while not found:
            self._mailbox.idle.wait(timeout=PATIENCE)
            found = list(self._mailbox.fetch(self._package.AND(subject=subject), mark_seen=False))
        return str(found[-1].text)

    def mark_all_as_read(self) -> None:
        """Ask for the unread emails and flag them."""
        unread = self._mailbox.uids(self._package.AND(seen=False))
        self._mailbox.flag(unread, self._package.MailMessageFlags.SEEN, True)

    def body(self, subject: str) -> str:
        """Fetch the whole email, for there is no other way to its text."""
        (found,) = self._mailbox.fetch(self._package.AND(subject=subject))
        return str(found.text)


class ImapLibrary2:
    """robotframework-imaplibrary2, which looks every ten seconds."""

    name = "imaplibrary2"

    def __init__(self) -> None:
        self._library = import_module("ImapLibrary2").ImapLibrary2()

    def open(self, place: Place) -> None:
        """Call its `Open Mailbox`."""
        self._library.open_mailbox(
            host=place.host,
            port=place.port,
            user=place.user,
            password=PASSWORD,
            is_secure="False",
        )

    def close(self) -> None:
        """Call its `Close Mailbox`, which closes the folder and expunges; log out besides."""
        self._library.close_mailbox()
        self._library._imap.logout()

    def wait(self, subject: str) -> str:
        """Call its `Wait For Email` and `Get Email Body`."""
        found = self._library.wait_for_email(subject=subject, timeout=PATIENCE)
        return str(self._library.get_email_body(found))

    def mark_all_as_read(self) -> None:
        """Call its `Mark All Emails As Read`."""
        self._library.mark_all_emails_as_read()

    def body(self, subject: str) -> str:
        """Walk to the text part; its `Get Email Body` refuses multipart emails."""
        found = self._library.wait_for_email(subject=subject, timeout=PATIENCE)
        while self._library.walk_multipart_email(found):
            if self._library.get_multipart_content_type() == "text/plain":
                return str(self._library.get_multipart_payload(decode=True))
        raise RuntimeError("The email has no text.")


PEERS: tuple[type[Client], ...] = (BareIMAPClient, ImapTools, ImapLibrary2)
ALL: tuple[type[Client], ...] = (RawSocket, Library, *PEERS)
