"""The web site of a product, which the links in its emails lead to."""

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from robot.api.deco import keyword, library

LARGE = 1_000_000

PIECES = 100


class _Site(ThreadingHTTPServer):
    """A web site on a free port.

    used: the addresses for one use that were used up
    visited: the paths that were asked for, in order
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.used: set[str] = set()
        self.visited: list[str] = []


class _Visit(BaseHTTPRequestHandler):
    """Answers as the first part of the path says."""

    server: _Site

    def do_GET(self) -> None:
        self.server.visited.append(self.path)
        answer = getattr(self, urlsplit(self.path).path.split("/")[1], self.missing)
        with suppress(ConnectionError):  # the library may have enough before the end
            answer()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def confirm(self) -> None:
        if self.path in self.server.used:
            self._send(b"<p>This link was used already.</p>", 410)
            return
        self.server.used.add(self.path)
        self._send("<h1>Thank&nbsp;you, Jörg!</h1><p>Your address is confirmed.".encode())

    def click(self) -> None:
        """Count a click, as services do that send newsletters, and lead to the page."""
        self._redirect("/session")

    def session(self) -> None:
        self._redirect("/welcome", ("Set-Cookie", "session=42; Path=/"))

    def welcome(self) -> None:
        self._send(f"<p>Welcome {self.headers.get('Cookie', 'stranger')}</p>".encode())

    def loop(self) -> None:
        self._redirect("/loop")

    def file(self) -> None:
        self._redirect("file:///etc/passwd")

    def latin(self) -> None:
        self._send("Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n".encode("latin-1"), kind=None)

    def large(self) -> None:
        self._send(b"x" * LARGE)

    def slow(self) -> None:
        """Send a page piece by piece, each in time, but not all of them."""
        self._begin(200, ("Content-Length", str(PIECES)))
        for _ in range(PIECES):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def stuck(self) -> None:
        """Never answer."""
        while self.rfile.read(1):
            pass

    def missing(self) -> None:
        self._send(b"<p>There is no such page.</p>", 404)

    def _redirect(self, to: str, *fields: tuple[str, str]) -> None:
        self._begin(302, ("Location", to), *fields)

    def _send(self, content: bytes, status: int = 200, kind: str | None = "text/html") -> None:
        self._begin(status, *[("Content-Type", f"{kind}; charset=utf-8")] * bool(kind))
        self.wfile.write(content)

    def _begin(self, status: int, *fields: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()


@library(scope="SUITE", listener="SELF")
class WebSite:
    """Keywords for a web site that runs as long as the suite."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._site: _Site | None = None

    @keyword
    def start_web_site(self) -> str:
        """Starts the web site, and returns its address."""
        self._site = _Site()
        threading.Thread(target=self._site.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._site.server_port}"

    @keyword
    def visited_pages(self) -> list[str]:
        """Returns the paths that were asked for, in order."""
        return list(self._site.visited) if self._site else []

    def _close(self) -> None:
        if self._site:
            self._site.shutdown()
            self._site.server_close()
