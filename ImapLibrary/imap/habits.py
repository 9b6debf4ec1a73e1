"""What is known of single servers: where they differ from RFC 9051, and where they can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NEWEST = 10
"""So many of the newest emails may be missing in what a server finds: it indexes them a bit later."""

NEWEST_OF_INDEX = 50
"""The same for servers that look into an index of words."""


@dataclass(frozen=True)
class Habits:
    """How a server searches.

    whole_words: it finds nothing but whole words, by an index that may lag behind deliveries
    undecoded: keys for which it looks at emails as they were sent, so that it does not find what
        is encoded (Base64, quoted-printable, encoded words)
    whole_addresses: for FROM, TO, CC and BCC it finds nothing but whole addresses, so that a part
        of one has to be searched for in the header
    """

    whole_words: bool = False
    undecoded: frozenset[str] = frozenset()
    whole_addresses: bool = False


GREENMAIL_UNDECODED = frozenset({"BODY", "TEXT", "FROM", "TO", "CC", "BCC", "HEADER"})
"""Of GreenMail 2.1."""


WELL_KNOWN = (b"Dovecot", b"Cyrus IMAP", b"GreenMail", b"imaplibrary.test")
"""In the greetings of servers that were seen to keep their word. The last is our own.

They give the right UIDNEXT at each SELECT, where others give an old one or none (Courier). And they
announce what has arrived with the answer to any command, where others wait for NOOP (Courier).
"""


def is_well_known(greeting: bytes) -> bool:
    """Return whether a server's UIDNEXT, and its silence about arrivals, can be relied on."""
    return any(name in greeting for name in WELL_KNOWN)


def misreads_noon(greeting: bytes) -> bool:
    """Return whether a server takes 12:30 in the date of APPEND for 0:30, as GreenMail 2.1 does."""
    return b"GreenMail" in greeting


def habits_of(greeting: bytes, has_capability: Callable[[str], bool]) -> Habits:
    """Return the habits of a server.

    greeting: its first line
    has_capability: tells whether it has a capability
    """
    by_index = has_capability("X-GM-EXT-1") or b"Microsoft Exchange" in greeting
    if b"GreenMail" in greeting:
        return Habits(by_index, GREENMAIL_UNDECODED, whole_addresses=True)
    return Habits(by_index)
