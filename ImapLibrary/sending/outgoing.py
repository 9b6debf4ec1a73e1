"""An email in its envelope: from whom and to whom it is sent, whatever its header says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.headers import Address
from ImapLibrary.sending.composing import (
    Draft,
    Recipients,
    addresses,
    compose,
    crlf,
    new_id,
)
from ImapLibrary.units import amount

NOT_SENT = "The email was not sent."


@dataclass(frozen=True)
class Outgoing:
    """What is handed to a server (RFC 5321, section 2.3.1).

    sender: the bare address that it comes from and bounces go to
    recipients: the bare addresses that it goes to
    email: what is sent
    draft: what it was made of; None if it was given, and is not to be changed
    """

    sender: str
    recipients: tuple[str, ...]
    email: Email
    draft: Draft | None = None

    @cached_property
    def content(self) -> bytes:
        """The email byte for byte, but in lines that all end in CR LF."""
        lines = crlf(self.email.raw)
        return lines if lines.endswith(b"\r\n") else lines + b"\r\n"

    def __str__(self) -> str:
        named = f", Message-ID {self.email.message_id}" if self.email.message_id else ""
        return (
            f"{self.email.subject!r} from {self.sender} to {', '.join(self.recipients)} "
            f"({amount(self.email.size)}{named})"
        )


def enveloped(draft: Draft, bcc: Recipients = ()) -> Outgoing:
    """Return an email made of a draft, in the envelope that the draft implies.

    bcc: who gets it without being named in it

    Raises InvalidArgument if it can't be made, or is from nobody or to nobody.
    """
    recipients = [
        address for value in (draft.to, draft.cc, bcc) for address in addresses("recipient", value)
    ]
    made = replace(draft, message_id=draft.message_id or new_id(draft))
    outgoing = _outgoing(addresses("sender", draft.sender), recipients, Email(compose(made)))
    return replace(outgoing, draft=made)


def as_it_is(raw: bytes, sender: Recipients, recipients: Recipients) -> Outgoing:
    """Return an email that is not changed, in an envelope of its own.

    sender, recipients: whom it names, if they are empty
    """
    email = Email(raw)
    return _outgoing(
        addresses("sender", sender or email.senders[:1]),
        addresses("recipient", recipients or email.headers.addresses("To", "Cc", "Bcc")),
        email,
    )


def _outgoing(senders: Sequence[Address], recipients: Sequence[Address], email: Email) -> Outgoing:
    if len(senders) != 1:
        raise InvalidArgument(
            f"An email needs one sender, and here are {len(senders) or 'none'}. Give it as sender=."
        )
    if not recipients:
        raise InvalidArgument(
            "An email needs a recipient, and here are none. Give them as to=, cc= or bcc=."
        )
    each = dict.fromkeys(recipient.address for recipient in recipients)
    return Outgoing(senders[0].address, tuple(each), email)
