"""Another mail client on the same account, as a person's phone might be."""

import imaplib

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
        with imaplib.IMAP4(self._host, self._port) as client:
            client.login(address, self._password)
            client.select()
            answer, data = client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)")
            if answer != "OK" or data == [None]:
                raise AssertionError(f"The other client could not flag UID {uid}: {answer} {data}")
