"""A proxy that speaks SOCKS4, SOCKS5 and HTTP over real sockets, and connects to loopback alone.

Names mean what they mean to the proxy: each stands for this machine, so that a test can use names
that only a proxy can look up.
"""

from __future__ import annotations

import socket
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

Handshake = Callable[["Client"], int | None]
"""Talks to a client, and returns the port to connect to, None if it gets no further."""


class Client:
    """A client's connection to the proxy."""

    def __init__(self, proxy: ProxyServer, sock: socket.socket) -> None:
        self.proxy = proxy
        self.socket = sock

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise OSError("the client is gone")
            data += piece
        return data

    def read_until(self, end: bytes) -> bytes:
        data = b""
        while not data.endswith(end):
            data += self.read(1)
        return data.removesuffix(end)

    def asked_for(self, host: str, port: int, credentials: str = "") -> int:
        self.proxy.asked.append((host, port))
        self.proxy.credentials.append(credentials)
        return port


class ProxyServer:
    """A proxy on a free loopback port.

    handshake: what it speaks
    answer: what it says when the way is free; by default what it should
    pause: seconds between the bytes of that answer

    asked: the hosts and ports that clients asked for
    credentials: user and password of each, with a colon between them, "" for none
    """

    def __init__(self, handshake: Handshake, answer: bytes | None = None, pause: float = 0) -> None:
        self.asked: list[tuple[str, int]] = []
        self.credentials: list[str] = []
        self._handshake = handshake
        self._answer = ANSWERS.get(handshake, b"") if answer is None else answer
        self._pause = pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> ProxyServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            port = self._handshake(Client(self, sock))
            if port is None:
                return
            with socket.create_connection(("127.0.0.1", port)) as server:
                self._say(sock, server)
                threading.Thread(target=_pump, args=(sock, server), daemon=True).start()
                _pump(server, sock)

    def _say(self, sock: socket.socket, server: socket.socket) -> None:
        if self._pause:
            for byte in self._answer:
                time.sleep(self._pause)
                sock.sendall(bytes([byte]))
        else:  # in one piece with the greeting, where the server greets
            server.settimeout(0.2)
            try:
                greeting = server.recv(65536)
            except TimeoutError:
                greeting = b""
            server.settimeout(None)
            sock.sendall(self._answer + greeting)


def socks4(client: Client) -> int:
    version, command = client.read(2)
    assert (version, command) == (4, 1)
    port = int.from_bytes(client.read(2), "big")
    address = client.read(4)
    user = client.read_until(b"\0").decode()
    named = address == b"\0\0\0\1"
    host = client.read_until(b"\0").decode() if named else str(ip_address(address))
    return client.asked_for(host, port, user)


def socks5(client: Client) -> int:
    _, count = client.read(2)
    methods = client.read(count)
    credentials = ""
    if 2 in methods:
        client.socket.sendall(b"\x05\x02")
        client.read(1)
        user, password = (client.read(client.read(1)[0]).decode() for _ in range(2))
        credentials = f"{user}:{password}"
        client.socket.sendall(b"\x01\x00")
    else:
        client.socket.sendall(b"\x05\x00")
    _, _, _, kind = client.read(4)
    if kind == 3:
        host = client.read(client.read(1)[0]).decode()
    else:
        host = str(ip_address(client.read(4 if kind == 1 else 16)))
    return client.asked_for(host, int.from_bytes(client.read(2), "big"), credentials)


def http(client: Client) -> int:
    request = client.read_until(b"\r\n\r\n").decode()
    line, *fields = request.split("\r\n")
    method, target, _ = line.split(" ")
    assert method == "CONNECT"
    host, _, port = target.rpartition(":")
    credentials = ""
    for field in fields:
        name, _, value = field.partition(": ")
        if name == "Proxy-Authorization":
            credentials = b64decode(value.removeprefix("Basic ")).decode()
    return client.asked_for(host.strip("[]"), int(port), credentials)


ANSWERS: dict[Handshake, bytes] = {
    socks4: b"\x00\x5a\x00\x00\x00\x00\x00\x00",
    socks5: b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00",
    http: b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n",
}


def saying(*answers: bytes) -> Handshake:
    """Return what answers anything the client sends by the next of these, and then closes."""

    def handshake(client: Client) -> None:
        for answer in answers:
            client.socket.recv(65536)
            client.socket.sendall(answer)

    return handshake


def silent(client: Client) -> None:
    """Never say anything."""
    while client.socket.recv(65536):
        pass


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
