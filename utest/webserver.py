"""A web server for what real ones can't be made to do: hang, dribble, break off, lie.

    with WebServer({"/page": page("Hello")}) as server:
        open_link(server.url + "/page", ...)

What it was asked for is in `server.requests`, each with its request line and its header fields.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

Answer = bytes | Callable[[socket.socket], None]
"""What to send, or what to do with the connection."""


def page(
    body: str | bytes,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    **fields: str,
) -> bytes:
    """Return an answer. Header fields are named as in `set_cookie="a=b"`."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in fields.items()]
    if "transfer_encoding" not in fields and "content_length" not in fields:
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content


def redirect(to: str, status: str = "302 Found", **fields: str) -> bytes:
    """Return an answer that leads elsewhere."""
    return page("Elsewhere", status, location=to, **fields)


class WebServer:
    """A server on a free loopback port, with one thread for each connection.

    answers: by path; a path that is not among them is answered with status 404
    tls: the context for TLS, None for plain text
    """

    def __init__(self, answers: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self.answers = dict(answers)
        self.tls = tls
        self.requests: list[list[str]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> WebServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request[0].split(" ")[1] for request in self.requests]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self._connections.append(connection)
            with connection.makefile("rb") as stream:
                if stream.peek(1).startswith(b"\x16"):  # TLS, of which this server knows nothing
                    connection.sendall(page("Speak plainly", "400 Bad Request"))
                request = []
                while line := stream.readline().decode("latin-1").rstrip("\r\n"):
                    request.append(line)
            if request:
                self.requests.append(request)
                self._answer(connection, request[0].split(" ")[1])
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _answer(self, connection: socket.socket, path: str) -> None:
        answer = self.answers.get(path, page("No such page", "404 Not Found"))
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)
