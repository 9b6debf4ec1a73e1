"""Content transfer encodings (RFC 2045, section 6), as they come rather than as they should.

The standard library gives a Base64 text back undecoded when a character of it is missing. A reader
would rather have what is there.
"""

from __future__ import annotations

import binascii
import re
import string
from contextlib import suppress

_BASE64 = (string.ascii_letters + string.digits + "+/").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
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
    clean = piece.translate(None, _NOT_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def decode_quoted_printable(data: bytes, *, header: bool = False) -> bytes:
    """Return what quoted-printable text holds (RFC 2045, section 6.7).

    header: the Q encoding of RFC 2047, in which `_` is a blank
    """
    return binascii.a2b_qp(data, header=header)


def encoding_name(encoding: str) -> str:
    """Return the name in a Content-Transfer-Encoding in lower case; comments may follow it."""
    match = re.search(r"[a-z0-9-]+", encoding[:100].lower())
    return match.group() if match else ""


def decode_body(data: bytes, encoding: str) -> bytes:
    """Return the body of a part without its content transfer encoding.

    encoding: the value of Content-Transfer-Encoding. Unknown encodings are taken for none.
    """
    name = encoding_name(encoding)
    if name == "base64":
        return decode_base64(data)
    if name == "quoted-printable":
        return decode_quoted_printable(data)
    return _decode_uuencode(data) if name in _UUENCODE else data


def _decode_uuencode(data: bytes) -> bytes:
    """Return what lies between `begin` and `end`, leaving out lines that are damaged."""
    decoded = b""
    _, _, lines = data.partition(b"begin ")
    for line in lines.splitlines()[1:]:
        if line.strip() == b"end":
            break
        with suppress(binascii.Error):
            decoded += binascii.a2b_uu(line)
    return decoded
