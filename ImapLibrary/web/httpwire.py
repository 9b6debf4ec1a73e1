"""HTTP and HTTPS over a `Wire`: a server that hangs or dribbles ends by the deadline.

The standard library knows HTTP, cookies and proxies, but its time-out starts anew with each byte.
So its connections get a wire in the place of a socket.
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit
from urllib.request import (
    AbstractHTTPHandler,
    HTTPCookieProcessor,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from ImapLibrary.deadline import Deadline
from ImapLibrary.imap.wire import Wire
from ImapLibrary.version import __version__

_INTERIM = frozenset(range(100, 200)) - {101}
"""The status of answers that are not the last one; 101 ends what HTTP says of a connection."""


class Client:
    """Gets what stands at addresses, all of it by one deadline, and keeps cookies in between.

    tls: the rules for https
    """

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext) -> None:
        self._handler = _Handler(deadline, tls)
        self._opener = OpenerDirector()
        self._opener.addheaders = [
            ("User-Agent", f"Mozilla/5.0 (compatible; ImapLibrary/{__version__})"),
            ("Accept", "text/html,*/*;q=0.8"),
        ]
        # There is none for file:, ftp: or data:, and none that follows redirects.
        for handler in (_Proxies(), HTTPCookieProcessor(), self._handler):
            self._opener.add_handler(handler)

    def get(self, address: str) -> HTTPResponse:
        """Return the answer to a GET, whatever its status.

        Raises ConnectionFailed, ConnectionLost, and what the standard library raises.
        """
        response: HTTPResponse = self._opener.open(Request(address))
        return response

    def close(self) -> None:
        """Close the connections."""
        while self._handler.wires:
            self._handler.wires.pop().close()


class _Proxies(ProxyHandler):
    """Uses the proxies that the environment names, but none for this machine, as browsers do."""

    def proxy_open(self, req: Request, proxy: str, type: str) -> HTTPResponse | None:
        """Called by urllib for any address, with the proxy for its scheme."""
        host = urlsplit(req.full_url).hostname or ""
        if host in ("localhost", "::1") or host.startswith("127."):
            return None
        through: HTTPResponse | None = super().proxy_open(req, proxy, type)
        return through


class _Handler(AbstractHTTPHandler):
    """Lets urllib use connections over wires."""

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.wires: list[Wire] = []
        self._deadline = deadline
        self._tls = tls

    def http_open(self, request: Request) -> HTTPResponse:
        """Called by urllib for http:."""
        return self.do_open(self._plain, request)

    def https_open(self, request: Request) -> HTTPResponse:
        """Called by urllib for https:."""
        return self.do_open(self._secure, request)

    def http_request(self, request: Request) -> Request:
        """Called by urllib ahead of http_open."""
        return self.do_request_(request)

    https_request = http_request

    # urllib gives a time-out along; the deadline of the wires is what counts.

    def _plain(self, host: str, /, **_: object) -> HTTPConnection:
        return _Connection(host, self._wire)

    def _secure(self, host: str, /, **_: object) -> HTTPConnection:
        return _SecureConnection(host, self._wire, self._tls)

    def _wire(self, host: str, port: int) -> Wire:
        wire = Wire(host, port, self._deadline)
        self.wires.append(wire)
        return wire


class _Response(HTTPResponse):
    """Reads on past what comes ahead of the answer, such as 103 Early Hints (RFC 9110, 15.2).

    The standard library does so for 100 alone.
    """

    def begin(self) -> None:
        """Called to read up to the end of the header."""
        super().begin()
        while self.status in _INTERIM:
            self.headers = self.msg = None  # type: ignore[assignment]
            super().begin()


class _Connection(HTTPConnection):
    """An HTTP connection over a wire.

    wire: connects to a host and a port
    tls: the rules for TLS, None for plain text
    """

    response_class = _Response

    def __init__(
        self, host: str, wire: Callable[[str, int], Wire], tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(host)
        self._make_wire = wire
        self._tls = tls

    def connect(self) -> None:
        """Called when there is something to send."""
        wire = self._make_wire(self.host, self.port)
        self.sock = _Socket(wire)
        proxied: str | None = self._tunnel_host  # type: ignore[attr-defined]
        if proxied:
            self._tunnel()  # type: ignore[attr-defined]
        if self._tls:
            wire.start_tls(self._tls, proxied or self.host)


class _SecureConnection(_Connection):
    default_port = 443


class _Socket:
    """As much of a socket as an HTTP connection uses."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def sendall(self, data: bytes) -> None:
        self._wire.send(data)

    def makefile(self, *_: Any) -> io.BufferedIOBase:
        return _File(self._wire)

    def close(self) -> None:
        """Do nothing: urllib closes the socket while it still reads from its file."""


class _File(io.BufferedIOBase):
    """As much of a socket's file as an HTTP response uses: it always says how much to read."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def read(self, size: int | None = -1, /) -> bytes:
        return self._wire.read(size or 0)

    def readline(self, limit: int | None = -1, /) -> bytes:
        return self._wire.readline()
