"""The address of a link -> the page that a click on it leads to.

A page is asked for as by a click, by GET, and redirects are followed, but nothing on the page is
run or loaded. Only http and https are spoken, wherever a link or a redirect may point to.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from unicodedata import normalize
from urllib.error import URLError
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, ConnectionLost, LinkNotOpened
from ImapLibrary.imap.account import tls_context
from ImapLibrary.mail.content import visible_text
from ImapLibrary.mime.charsets import decode, decode_html
from ImapLibrary.unknown import Fields
from ImapLibrary.web.httpwire import Client

MOST_REDIRECTS = 20
"""As many as browsers follow."""

_REDIRECTS = (301, 302, 303, 307, 308)

_CHUNK = 64 * 1024

_SAFE = "!#$%&'()*+,/:;=?@[]~|"
"""What may stand in an address as it is: its syntax, and escapes."""

_PACKED = ("gzip", "x-gzip", "deflate")

_GZIP = b"\x1f\x8b"

_OWN_LETTERS = re.compile("[^.\u3002\uff0e\uff61]*[ßς][^.\u3002\uff0e\uff61]*")
"""A label of a host name with letters that Python's IDNA takes for others: ss, σ."""

_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class OpenedLink(Fields):
    """What a link led to.

    | =Field=     | =Value=                                                                  |
    | `status`    | status of the answer, such as 200                                        |
    | `address`   | address of the page, after all redirects                                 |
    | `redirects` | the addresses that led there, from the link's own on; none if it was it  |
    | `text`      | what the page shows, read like the text of an email                      |
    | `source`    | the page as it was sent, decoded                                         |
    """

    status: int
    address: str
    redirects: tuple[str, ...]
    text: str
    source: str

    def __str__(self) -> str:
        way = "".join(f"{address} -> " for address in self.redirects)
        return f"{way}{self.address}: status {self.status}"


def open_link(
    href: str, *, deadline: Deadline, max_size: int, verify: bool | Path = True
) -> OpenedLink:
    """Follow a link and return what it leads to, whatever its status.

    deadline: when all has to be over, redirects included
    max_size: so many bytes a page may have
    verify: as in `Account`

    Raises LinkNotOpened.
    """
    redirects: list[str] = []
    address = href
    with closing(Client(deadline, tls_context(verify))) as client:
        while True:
            _check_scheme(address, redirects)
            with _reworded(address):
                response = client.get(_as_sent(address))
                target = _target(response, address)
                if target is None:
                    source, text = _read(response, address, max_size)
                    return OpenedLink(response.status, address, tuple(redirects), text, source)
            redirects.append(address)
            address = target
            if len(redirects) > MOST_REDIRECTS:
                raise LinkNotOpened(
                    f"{href} was redirected {len(redirects)} times, at last to {address}. It seems "
                    "to go round in circles."
                )


def _check_scheme(address: str, redirects: list[str]) -> None:
    if address.lower().startswith(("http://", "https://")):
        return
    if redirects:
        raise LinkNotOpened(
            f"{redirects[-1]} redirects to {address!r}. Only http and https are followed."
        )
    raise LinkNotOpened(f"{address!r} can't be opened: only http and https can.")


def _as_sent(address: str) -> str:
    """Return an address as it goes over the wire: in ASCII, without user and fragment."""
    parts = urlsplit(address)
    name = parts.hostname or ""
    try:
        host = _OWN_LETTERS.sub(_punycode, name).encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"no host can be called {name!r}") from error
    if not host:
        raise ValueError("it names no host")
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
    return SplitResult(parts.scheme, host + port, path, query, "").geturl()


def _punycode(label: re.Match[str]) -> str:
    """Return a label as browsers encode it, which keep its letters (UTS 46, section 4)."""
    return "xn--" + normalize("NFKC", label.group()).encode("punycode").decode("ascii")


def _target(response: HTTPResponse, address: str) -> str | None:
    """Return where a redirect goes to, None if this is none."""
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or not location:
        return None
    # http.client takes bytes for Latin-1, whereas what is not ASCII here is UTF-8.
    target = urljoin(address, decode(location.strip().encode("latin-1", "replace")))
    fragment = urlsplit(address).fragment
    if fragment and not urlsplit(target).fragment:  # it goes along (RFC 9110, section 10.2.2)
        target = f"{target}#{fragment}"
    return target


def _read(response: HTTPResponse, address: str, max_size: int) -> tuple[str, str]:
    """Return the source of a page and what it shows."""
    data = _content(response, address, max_size)
    charset = response.headers.get_content_charset("")
    if response.headers.get_content_type() in _HTML:
        source = decode_html(data, charset)
        return source, visible_text(source)
    source = decode(data, charset)
    return source, source


def _content(response: HTTPResponse, address: str, max_size: int) -> bytes:
    """Return the bytes of a page. Raises LinkNotOpened if they are too many."""
    data = bytearray()
    try:
        while chunk := response.read(_CHUNK):
            data += chunk
            if len(data) > max_size:
                raise _too_large(address, max_size)
    except ConnectionLost as error:
        raise LinkNotOpened(f"The page at {address} did not come to its end: {error}") from error
    if response.length:
        raise ConnectionLost(f"The connection ended {response.length} bytes before the page did.")
    # Nobody asked for it, but some servers compress whatever they are asked.
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in _PACKED and data:
        return _unpacked(bytes(data), encoding, address, max_size)
    return bytes(data)


def _unpacked(data: bytes, encoding: str, address: str, max_size: int) -> bytes:
    """Return what was compressed. Raises LinkNotOpened if it is too much or cut off."""
    # Some servers leave out the header of deflate; no other data begins like either (RFC 1950).
    headless = encoding == "deflate" and not data.startswith(_GZIP) and data[0] & 15 != 8
    wbits = -zlib.MAX_WBITS if headless else zlib.MAX_WBITS | 32
    unpacker = zlib.decompressobj(wbits)
    unpacked = bytearray()
    for start in range(0, len(data), _CHUNK):
        piece = data[start : start + _CHUNK]
        while piece:
            if unpacker.eof:
                if not piece.startswith(_GZIP[:1]):
                    return bytes(unpacked)
                # Several files of gzip in a row are one (RFC 1952, section 2.2).
                unpacker = zlib.decompressobj(wbits)
            unpacked += unpacker.decompress(piece, max_size + 1 - len(unpacked))
            if len(unpacked) > max_size:
                raise _too_large(address, max_size)
            piece = unpacker.unused_data
    if not unpacker.eof:
        raise LinkNotOpened(
            f"The page at {address} did not come to its end: it was sent compressed ({encoding}), "
            "and the end of that is missing."
        )
    return bytes(unpacked)


def _too_large(address: str, max_size: int) -> LinkNotOpened:
    return LinkNotOpened(
        f"The page at {address} has more than {max_size} bytes. If that is right, give a larger "
        "max_size=."
    )


@contextmanager
def _reworded(address: str) -> Iterator[None]:
    """Say in plain words why an address could not be opened."""
    try:
        yield
    except (ConnectionFailed, ConnectionLost) as error:
        raise LinkNotOpened(f"{address} could not be opened: {error}") from error
    except (OSError, HTTPException, zlib.error, ValueError) as error:
        raise LinkNotOpened(f"{address} could not be opened: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted: {cause.verify_message}. verify=False accepts any "
            "certificate, verify=path/to/ca.pem those of the authorities in that file"
        )
    if isinstance(cause, ssl.SSLError):
        return f"TLS could not be spoken ({cause.reason or cause})"
    if isinstance(cause, HTTPException):
        return f"the server's answer is no HTTP ({type(cause).__name__}: {cause})"
    return str(cause)
