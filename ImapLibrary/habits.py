"""What is known of how servers search, where that differs from what RFC 9051 asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """How a server searches.

    whole_words: it finds nothing but whole words, by an index that may lag behind deliveries
    decodes_bodies: it finds what is encoded for transfer (Base64, quoted-printable)
    """

    whole_words: bool = False
    decodes_bodies: bool = True


def habits_of(greeting: bytes, has_capability: Callable[[str], bool]) -> Habits:
    """Return the habits of a server.

    greeting: its first line
    has_capability: tells whether it has a capability
    """
    by_index = b"Microsoft Exchange" in greeting or has_capability("X-GM-EXT-1")
    return Habits(whole_words=by_index, decodes_bodies=b"GreenMail" not in greeting)
