"""The parts of an email one after the other, as suites of the older libraries visit them."""

from __future__ import annotations

from collections.abc import Iterator

from ImapLibrary.mail.message import Email
from ImapLibrary.mime.charsets import decode
from ImapLibrary.mime.parts import MAX_DEPTH, Part, parse

ATTACHED_MESSAGE = "message/rfc822"


class Walk:
    """A walk through the parts of an email, which begins before the first.

    email: the email, with all its bytes
    part: the part where it stands, None before the first and after the last
    count: how many parts the email has on its top level; one that is no multipart is its only part
    """

    def __init__(self, email: Email) -> None:
        self.email = email
        self.part: Part | None = None
        self.count = len(email.root.parts) or 1
        self._way = _parts(email.root)

    def step(self) -> bool:
        """Go to the next part, the email itself being the first; return whether there is one."""
        self.part = next(self._way, None)
        return self.part is not None


def payload(part: Part, *, decoded: bool) -> bytes | str | None:
    """Return the content of a part: text if it has a charset, else bytes.

    decoded: whether its transfer encoding is taken off; if not, it is always text

    Of what only holds other parts it is None.
    """
    if _holds_parts(part):
        return None
    if not decoded:
        return decode(part.body, part.charset)
    return decode(part.content, part.charset) if part.charset else part.content


def _holds_parts(part: Part) -> bool:
    return bool(part.parts) or part.content_type == ATTACHED_MESSAGE


def _parts(part: Part, depth: int = 0) -> Iterator[Part]:
    """Yield a part and all below it, those of attached messages among them."""
    yield part
    below = part.parts
    if part.content_type == ATTACHED_MESSAGE:
        below = (parse(part.content),)
    if depth < MAX_DEPTH:
        for each in below:
            yield from _parts(each, depth + 1)
