"""An account with a few emails, and a look at it over a connection that nothing disturbs."""

from __future__ import annotations

import imaplib
import re
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from resources.Delivery import Delivery
from servers.base import ADDRESS, PASSWORD, Running

Places = tuple[tuple[str, tuple[str, ...]], ...]
"""The folders in which an email is, and its flags there."""

Snapshot = dict[str, Places]
"""Where each email is, by subject: folders, and its flags there. One that is there twice has two.

Folders are in it too, each by `folder` and its name, as if it were an email in itself.
"""

ARCHIVE = "INBOX/Archive"
"""A folder that is there, and empty. In INBOX any server can have one, and Courier nowhere else."""

TRASH = "Trash"
"""The folder that a server names as the trash, if it names one."""

READ, UNREAD, FLAGGED, LARGE = "Read", "Fresh", "Flagged", "Large"
"""The subjects of the emails in the account; `LARGE` is only there if asked for."""

FLAGS = {READ: r"(\Seen)", UNREAD: "()", FLAGGED: r"(\Flagged)", LARGE: "()"}

SENDER = "noreply@shop.example"
CODE = "314159"
TEXT = f"Your code is {CODE}."
LINK = "https://shop.example/confirm?id=42"
BODY = f"{TEXT}\n{LINK}"
FILE_NAME = "data.bin"
FILE = bytes(range(256)) * 8
LARGE_FILE = bytes(range(256)) * 4096


class TestAccount:
    """An account of its own for one cell."""

    def __init__(self, server: Running, number: int) -> None:
        self.address = f"faults-{number:06}@example.com"
        self._delivery = Delivery(
            ADDRESS, server.delivery_port, server.delivery, PASSWORD, server.accounts_url
        )
        self._delivery.create_account(self.address)
        self._large = False
        self._port = server.imap_port
        self._client = self._connected()
        self._delimiter = _parsed_folder(_check(self._client.list('""', '""'))[0])[0]

    def close(self) -> None:
        """Log out, and leave nothing large in the memory of a server."""
        if self._large:
            self.delete(LARGE)
        self._client.logout()

    def reconnect(self) -> None:
        """Log in anew, after the server was restarted."""
        self._client.shutdown()
        self._client = self._connected()

    def fill(self, *, large: bool, link: str) -> None:
        """Put the emails into INBOX, and make the other folder.

        link: where the link leads that is in each of them
        """
        self._large = large
        _check(self._client.create(ARCHIVE.replace("/", self._delimiter)))
        for subject in (READ, UNREAD, FLAGGED, LARGE) if large else (READ, UNREAD, FLAGGED):
            email = composed(subject, self.address, link)
            _check(self._client.append("INBOX", FLAGS[subject], None, email))

    def deliver(self, subject: str) -> None:
        """Let an email arrive."""
        self._delivery.deliver_raw_email(composed(subject, self.address), self.address)

    def delete(self, subject: str) -> None:
        """Delete an email from INBOX for good, over a connection of its own."""
        with self._connected() as client:
            _check(client.select("INBOX"))
            found = _check(client.search(None, "SUBJECT", subject))[0].decode()
            _check(client.store(found, "+FLAGS", r"(\Deleted)"))
            _check(client.expunge())

    def raw(self, subject: str) -> bytes:
        """Return an email of INBOX as the server has it, and leave it unread."""
        _check(self._client.select("INBOX", readonly=True))
        found = _check(self._client.search(None, "SUBJECT", subject))[0].decode()
        return bytes(_check(self._client.fetch(found, "(BODY.PEEK[])"))[0][1])

    def snapshot(self) -> Snapshot:
        """Return where each email is now."""
        found: Snapshot = {}
        for line in _check(self._client.list()):
            name = _parsed_folder(line)[1]
            folder = name.replace(self._delimiter, "/")
            found[f"folder {folder}"] = ((folder, ()),)
            exists = int(_check(self._client.select(name, readonly=True))[0])
            if not exists:
                continue
            answer = _check(self._client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
            for subject, flags in _parsed(answer):
                found[subject] = tuple(sorted([*found.get(subject, ()), (folder, flags)]))
        _check(self._client.select("INBOX", readonly=True))  # the others can be deleted
        return found

    def count(self, folder: str) -> int:
        """Return how many emails are in a folder."""
        name = folder.replace("/", self._delimiter)
        count = int(_check(self._client.select(name, readonly=True))[0])
        _check(self._client.select("INBOX", readonly=True))  # the others can be deleted
        return count

    def _connected(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(ADDRESS, self._port, timeout=30)
        client.login(self.address, PASSWORD)
        return client


def composed(subject: str, to: str, link: str = LINK) -> bytes:
    """Return an email with a text and a file, as bytes. An answer to it comes back."""
    email = EmailMessage(policy=SMTP)
    email["From"] = f"Shop <{SENDER}>"
    email["To"] = email["Reply-To"] = to
    email["Subject"] = subject
    email["Message-ID"] = f"<{subject.lower()}.{to}>"
    email["Date"] = "Tue, 24 Nov 2026 12:00:00 +0000"
    email.set_content(f"{TEXT}\n{link}\n")
    file = LARGE_FILE if subject == LARGE else FILE
    email.add_attachment(file, maintype="application", subtype="octet-stream", filename=FILE_NAME)
    return email.as_bytes()


def _check(answer: tuple[str, Any]) -> Any:
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"The server refused to show or fill a mailbox: {status} {data}")
    return data


def _parsed_folder(line: bytes) -> tuple[str, str]:
    """Return delimiter and name of a folder in an answer to LIST."""
    *_, delimiter, name = line.decode().split()
    return delimiter.strip('"'), name.strip('"')


def _parsed(answer: list[object]) -> list[tuple[str, tuple[str, ...]]]:
    """Return subject and flags of each email in an answer to FETCH."""
    emails: list[tuple[bytes, bytes]] = []
    for part in answer:
        if isinstance(part, tuple):
            emails.append((part[0], part[1]))
        elif isinstance(part, bytes) and emails:
            emails[-1] = (emails[-1][0] + part, emails[-1][1])  # flags may come last
    parsed = []
    for line, header in emails:
        flags = re.search(rb"FLAGS \(([^)]*)\)", line)
        names = flags[1].decode().split() if flags else []
        subject = header.decode().partition(":")[2].strip()
        parsed.append((subject, tuple(sorted(set(names) - {r"\Recent"}))))
    return parsed
