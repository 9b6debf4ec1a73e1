"""Content transfer encodings (RFC 2045, section 6), as they come rather than as they should.

The standard library gives a Base64 text back undecoded when a character of it is missing. A reader
would rather have what is there.
"""

from __future__ import annotations

import binascii
import logging
import re
import string
from collections.abc import Iterator

_BASE64 = (string.ascii_letters + string.digits + "+/").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_BASE64_LINES = re.compile(rb"[A-Za-z0-9+/=\s]*")
_BASE64_AND_BLANKS = _BASE64 + b" \t\r\n"
_SOFT_BREAK_WITH_BLANKS = re.compile(rb"=[ \t]+(\r?\n)")
_UUENCODE = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_NONE = frozenset({"", "7bit", "8bit", "binary"})

_log = logging.getLogger(__name__)


def decode_base64(data: bytes) -> bytes:
    """Return what Base64 text holds (RFC 2045, section 6.8), leaving out what isn't Base64.

    Text may be joined from several padded pieces. What follows the padding and isn't Base64
    (a mailing list's footer) is left out, and so is an incomplete last character.
    """
    padding = data.translate(None, _BASE64_AND_BLANKS)
    if padding in (b"", b"=", b"==") and data.rstrip().endswith(padding):
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            pass  # some of it is missing
    _log.debug("Base64 text is damaged. What is Base64 in it is decoded, and the rest left out.")
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
    if b"= " in data or b"=\t" in data:
        data = _SOFT_BREAK_WITH_BLANKS.sub(rb"=\1", data)  # servers on the way add blanks
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
    if name in _UUENCODE:
        return b"".join(_uuencoded(data))
    if name not in _NONE:
        _log.debug("The transfer encoding %r is unknown and taken for none.", encoding[:50])
    return data


def _uuencoded(data: bytes) -> Iterator[bytes]:
    """Yield what the lines between `begin` and `end` hold, leaving out those that are damaged."""
    _, _, lines = data.partition(b"begin ")
    for line in lines.splitlines()[1:]:
        if line.strip() == b"end":
            break
        # Some encoders end lines with characters that mean nothing. The first tells how many do.
        length = ((line[0] - 32 & 63) * 4 + 5) // 3 if line else 0
        try:
            yield binascii.a2b_uu(line[:length])
        except binascii.Error:
            _log.debug("A line of uuencoded text is damaged and left out.")
