"""Another mail client on the same account, as a person's phone might be."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from robot.api.deco import keyword, library


@library(scope="GLOBAL")
class OtherClient:
    """Keywords that change a mailbox behind the library's back."""

    def __init__(self, host: str, port: int, password: str) -> None:
        self._host = host
        self._port = port
        self._password = password

    @keyword
    def flag_as_deleted(self, address: str, uid: int) -> None:
        """Sets the flag ``\\Deleted`` in the INBOX of an account, and expunges nothing."""
        with self._selected(address) as client:
            answer, data = client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
            if answer != "OK" or data == [None]:
                raise AssertionError(f"The other client could not flag UID {uid}: {answer} {data}")

    @keyword
    def expunge(self, address: str, uid: int) -> None:
        """Deletes an email from the INBOX of an account for good."""
        self.flag_as_deleted(address, uid)
        with self._selected(address) as client:
            answer, data = client.expunge()
            if answer != "OK":
                raise AssertionError(f"The other client could not expunge: {answer} {data}")

    @keyword
    def raw_email(self, address: str, uid: int) -> bytes:
        """Returns an email of the INBOX of an account, as bytes, and leaves it unread."""
        with self._selected(address) as client:
            answer, data = client.uid("FETCH", str(uid), "(BODY.PEEK[])")
            if answer != "OK" or not isinstance(data[0], tuple):
                raise AssertionError(f"The other client could not fetch UID {uid}: {answer} {data}")
            return bytes(data[0][1])

    @keyword
    def copy_to_new_folder(self, address: str, uid: int, folder: str) -> None:
        """Makes a folder and copies an email from the INBOX into it."""
        with self._selected(address) as client:
            client.create(folder)
            answer, data = client.uid("COPY", str(uid), folder)
            if answer != "OK":
                raise AssertionError(f"The other client could not copy: {answer} {data}")

    @contextmanager
    def _selected(self, address: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(self._host, self._port) as client:
            client.login(address, self._password)
            client.select()
            yield client
