"""What a server offers -> the email in a form that it takes, and what is announced about it.

Without SMTPUTF8 (RFC 6531) a server takes no address outside ASCII, and without 8BITMIME
(RFC 6152) no such content. An email that is made here is made to fit or refused; one that was given
is not changed, and the log warns.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from ImapLibrary.errors import EmailRefused
from ImapLibrary.mail.message import Email
from ImapLibrary.sending.composing import ADDRESS_FIELDS, compose, in_seven_bits
from ImapLibrary.sending.outgoing import NOT_SENT, Outgoing

Offers = Callable[[str], bool]
"""Whether a server offers a service extension (RFC 5321, section 2.2)."""

_log = logging.getLogger(__name__)


def fitted(outgoing: Outgoing, offers: Offers, place: str) -> Outgoing:
    """Return an email in a form that the server takes. Raises EmailRefused if there is none.

    place: where the server is, for people
    """
    if offers("SMTPUTF8"):  # then it takes 8-bit content as well (RFC 6531, section 3.1)
        return outgoing
    _refuse_abroad(outgoing, place)
    missing = [each for each in _needed(outgoing) if not offers(each)]
    if not missing:
        return outgoing
    if outgoing.draft is None:
        _log.warning(
            "The server at %s offers no %s, and the email has bytes outside ASCII. It is sent as it "
            "was given; the server may refuse or change it.",
            place,
            " and no ".join(missing),
        )
        return outgoing
    _log.info(
        "The server at %s offers no 8BITMIME, so an attached email with bytes outside ASCII is "
        "sent encoded, as a file of type application/octet-stream.",
        place,
    )
    return replace(outgoing, email=Email(compose(in_seven_bits(outgoing.draft))))


def options(outgoing: Outgoing, offers: Offers) -> list[str]:
    """Return what is to be announced about an email, so far as the server knows of it."""
    said = {"SIZE": f"SIZE={len(outgoing.content)}", "8BITMIME": "BODY=8BITMIME"}
    return [said.get(each, each) for each in ("SIZE", *_needed(outgoing)) if offers(each)]


def _needed(outgoing: Outgoing) -> list[str]:
    """Return the extensions without which the email can't be sent as it is."""
    header = outgoing.content.partition(b"\r\n\r\n")[0]
    abroad = not header.isascii() or any(not each.isascii() for each in _envelope(outgoing))
    eight_bit = not outgoing.content.isascii()
    return ["8BITMIME"] * eight_bit + ["SMTPUTF8"] * abroad


def _envelope(outgoing: Outgoing) -> list[str]:
    return [outgoing.sender, *outgoing.recipients]


def _refuse_abroad(outgoing: Outgoing, place: str) -> None:
    """Raise EmailRefused if the envelope, or a header that is made here, has such an address."""
    named = outgoing.email.headers.addresses(*ADDRESS_FIELDS) if outgoing.draft else ()
    for address in [*_envelope(outgoing), *(each.address for each in named)]:
        if not address.isascii():
            raise EmailRefused(
                f"The server at {place} takes ASCII addresses only (it offers no SMTPUTF8), and "
                f"{address} is none. A domain can be written in ASCII, as in "
                f"xn--bcher-kva.example. {NOT_SENT}"
            )
