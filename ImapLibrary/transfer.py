"""Content transfer encodings (RFC 2045, section 6), as they come rather than as they should.

The standard library gives a Base64 text back undecoded when a character of it is missing. A reader
would rather have what is there.
"""

from __future__ import annotations

import binascii
import re
from email.message import Message

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BASE64_LINES = re.compile(rb"[A-Za-z0-9+/=\s]*")
_UUENCODE = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})


def decode_base64(data: bytes) -> bytes:
    """Return what Base64 text holds (RFC 2045, section 6.8), leaving out what isn't Base64.

    Text may be joined from several padded pieces. What follows the padding and isn't Base64
    (a mailing list's footer) is left out, and so is an incomplete last character.
    """
    head, _, rest = data.partition(b"=")
    pieces = [head, *rest.split(b"=")] if _BASE64_LINES.fullmatch(rest) else [head]
    return b"".join(_decode_piece(piece) for piece in pieces)


def _decode_piece(piece: bytes) -> bytes:
    clean = _NOT_BASE64.sub(b"", piece)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def decode_quoted_printable(data: bytes, *, header: bool = False) -> bytes:
    """Return what quoted-printable text holds (RFC 2045, section 6.7).

    header: the Q encoding of RFC 2047, in which `_` is a blank
    """
    return binascii.a2b_qp(data, header=header)


def decoded_body(message: Message[str, str]) -> bytes:
    """Return the body of a leaf without its content transfer encoding.

    Unknown encodings are taken for none.
    """
    payload = message.get_payload()
    if not isinstance(payload, str):
        return b""
    data = payload.encode("ascii", "surrogateescape")
    encoding = _encoding(message)
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        return decode_quoted_printable(data)
    if encoding in _UUENCODE:
        decoded = message.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else data
    return data


def _encoding(message: Message[str, str]) -> str:
    """Return the first word of Content-Transfer-Encoding: comments and parameters may follow it."""
    declared = str(message.get("content-transfer-encoding", ""))
    match = re.search(r"[a-z0-9-]+", declared[:100].lower())
    return match.group() if match else ""
