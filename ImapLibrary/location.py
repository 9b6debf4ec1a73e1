"""Where an email is: which folder of whose mailbox, and from which point on an email is new.

A UID names one email as long as the UIDVALIDITY of its folder stays the same (RFC 9051,
section 2.3.1.1). That is why everything that outlives a command carries both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ImapLibrary.errors import MarkMismatch
from ImapLibrary.unknown import Fields


@dataclass(frozen=True)
class Location:
    """A folder in one state of it.

    host: the server's name or address, as the suite gave it
    port: the port, since there may be another server at another one
    user: the name that logged in
    folder: the folder's name, as people write it
    uidvalidity: the value that changes when the folder's UIDs lose their meaning
    """

    host: str
    port: int
    user: str
    folder: str
    uidvalidity: int

    def __str__(self) -> str:
        return f"folder {self.folder!r} of {self.user} on {self.host}"


@dataclass(frozen=True)
class Mark(Fields):
    """A point in the history of a folder: emails from `uid` on arrived after it.

    location: the folder
    uid: the lowest UID that an email arriving from now on can have
    """

    location: Location
    uid: int

    def __str__(self) -> str:
        return f"the mark at UID {self.uid} in {self.location}"


def check_location(expected: Location, actual: Location) -> None:
    """Raise MarkMismatch if UIDs of one location mean nothing in the other."""
    if expected is actual or expected == actual:  # mostly the former, for thousands of emails
        return
    if replace(expected, uidvalidity=actual.uidvalidity) == actual:
        raise MarkMismatch(
            f"The UIDs of {actual} have lost their meaning: its UIDVALIDITY was "
            f"{expected.uidvalidity} and is now {actual.uidvalidity}, as after the folder was made "
            "anew. Take a new mark, or find the email again."
        )
    of, here = str(expected), str(actual)
    if expected.port != actual.port:
        of, here = f"{of} port {expected.port}", f"{here} port {actual.port}"
    raise MarkMismatch(
        f"A mark or an email of {of} can't be used in {here}. Select that folder, or name "
        "its mailbox with mailbox=."
    )
