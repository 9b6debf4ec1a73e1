"""Ways to a server through proxies: what is asked of them, and what is said when they refuse."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxies import ANSWERS, Handshake, ProxyServer, http, saying, silent, socks4, socks5
from scripted import ScriptedServer, message

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, InvalidArgument
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.proxy import Proxy

SCHEMES = {socks4: "socks4", socks5: "socks5", http: "http"}
NAME = "imap.beyond.invalid"
"""A name that can't be looked up here."""


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("Hello")) as running:
        yield running


def connect(
    server: ScriptedServer, url: str, host: str = NAME, timeout: float = 10, **changes: Any
) -> Connection:
    settings: dict[str, Any] = {
        "host": host,
        "user": "qa",
        "password": "xyzzy",
        "port": server.port,
        "security": Security.NONE,
        "timeout": timeout,
        "proxy": Proxy.parse(url),
    }
    account = Account(**(settings | changes))
    return Connection(account, Deadline(account.timeout))


def failure(server: ScriptedServer, url: str, timeout: float = 10, host: str = NAME) -> str:
    """Return the text with which connecting fails, in time."""
    begin = time.monotonic()
    with pytest.raises(ConnectionFailed) as caught:
        connect(server, url, host, timeout)
    assert time.monotonic() - begin < timeout + 1
    assert not server.sessions
    return str(caught.value)


@pytest.mark.parametrize("kind", SCHEMES)
@pytest.mark.parametrize("host", [NAME, "127.0.0.1", "bücher.invalid"])
def test_the_proxy_gets_the_name_as_it_is(
    server: ScriptedServer, kind: Handshake, host: str
) -> None:
    with ProxyServer(kind) as proxy:
        url = f"{SCHEMES[kind]}://127.0.0.1:{proxy.port}"
        with closing(connect(server, url, host)) as connection:
            connection.select("INBOX")
            assert connection.exists == 1
        assert proxy.asked == [(host.encode("idna").decode(), server.port)]
        assert proxy.credentials == [""]


@pytest.mark.parametrize(
    ("kind", "user", "presented"),
    [
        (socks4, "qa", "qa"),
        (socks5, "q%40a:s%3Acret", "q@a:s:cret"),
        (socks5, "qa", "qa:"),
        (http, "qa:schl%C3%BCssel", "qa:schlüssel"),
    ],
)
def test_who_asks(server: ScriptedServer, kind: Handshake, user: str, presented: str) -> None:
    with ProxyServer(kind) as proxy:
        connect(server, f"{SCHEMES[kind]}://{user}@127.0.0.1:{proxy.port}").close()
        assert proxy.credentials == [presented]


@pytest.mark.parametrize("kind", SCHEMES)
def test_tls_is_with_the_server(server: ScriptedServer, kind: Handshake, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(server.tls)
    server.implicit_tls = True
    with ProxyServer(kind) as proxy:
        url = f"{SCHEMES[kind]}://127.0.0.1:{proxy.port}"
        connect(server, url, security=Security.TLS, verify=tmp_path / "ca.pem").close()


@pytest.mark.parametrize("kind", [socks5, http])
def test_ipv6_addresses(server: ScriptedServer, kind: Handshake) -> None:
    with ProxyServer(kind) as proxy:
        connect(server, f"{SCHEMES[kind]}://127.0.0.1:{proxy.port}", "2001:db8::1").close()
        assert proxy.asked == [("2001:db8::1", server.port)]


def test_socks4_knows_no_ipv6(server: ScriptedServer) -> None:
    with ProxyServer(socks4) as proxy, pytest.raises(InvalidArgument) as caught:
        connect(server, f"socks4://127.0.0.1:{proxy.port}", "2001:db8::1")
    assert str(caught.value) == (
        f"SOCKS4 knows no IPv6, so the socks4 proxy 127.0.0.1 port {proxy.port} can't be asked "
        "for 2001:db8::1."
    )


def test_a_bound_address_of_any_kind_is_read(server: ScriptedServer) -> None:
    for address in (b"\x03\x05proxy", b"\x04" + bytes(16)):
        answer = b"\x05\x00\x00" + address + b"\x00\x00"
        with ProxyServer(socks5, answer) as proxy:
            connect(server, f"socks5://127.0.0.1:{proxy.port}").close()


@pytest.mark.parametrize(
    ("scheme", "handshake", "reason"),
    [
        ("socks4", saying(b"\0\x5b" + bytes(6)), "it refused, or could not reach the server"),
        ("socks4", saying(b"\0\x07" + bytes(6)), "it answered with code 7"),
        ("socks4", saying(b"\0"), "it closed the connection"),
        ("socks5", saying(b"\x05\xff"), "it wants user and password"),
        ("socks5", saying(b"\x05\x02"), "it wants user and password"),
        ("socks5", saying(b"HTTP/1.1 400"), "it does not speak SOCKS5"),
        (
            "socks5",
            saying(b"\x05\x00", b"\x05\x04\x00\x01" + bytes(6)),
            "it can't reach the host, or does not know its name",
        ),
        ("socks5", saying(b"\x05\x00", b"\x05\x63\x00\x01"), "it answered with code 99"),
        ("socks5", saying(b""), "it closed the connection"),
        ("http", saying(b"HTTP/1.1 403 Not Here\r\n\r\n"), "it answered 403 Not Here"),
        ("http", saying(b"HTTP/1.0 502\r\n\r\n"), "it answered 502"),
        ("http", saying(b"* OK IMAP\r\n"), "it does not speak HTTP"),
        ("http", saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200), "its answer does not end"),
    ],
)
def test_a_proxy_that_refuses_says_why(
    server: ScriptedServer, scheme: str, handshake: Handshake, reason: str
) -> None:
    with ProxyServer(handshake) as proxy:
        assert failure(server, f"{scheme}://127.0.0.1:{proxy.port}") == (
            f"Could not connect to {NAME} port {server.port} through the {scheme} proxy 127.0.0.1 "
            f"port {proxy.port}: {reason}."
        )


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((b"\x05\xff",), "it wants another log-in"),
        ((b"\x05\x02", b"\x01\x01"), "it refused the user or the password"),
    ],
)
def test_a_proxy_that_refuses_the_user(
    server: ScriptedServer, answers: tuple[bytes, ...], reason: str
) -> None:
    with ProxyServer(saying(*answers)) as proxy:
        text = failure(server, f"socks5://qa:xyzzy@127.0.0.1:{proxy.port}")
        assert text.endswith(f": {reason}.")


def test_a_proxy_that_repeats_the_password(server: ScriptedServer) -> None:
    answer = b"HTTP/1.1 407 Who is qa:xyzzy or cWE6eHl6enk=?\r\n\r\n"
    with ProxyServer(saying(answer)) as proxy:
        text = failure(server, f"http://qa:xyzzy@127.0.0.1:{proxy.port}")
    assert text.endswith(": it answered 407 Who is qa:*** or ***?.")


@pytest.mark.parametrize("scheme", SCHEMES.values())
def test_a_proxy_that_hangs_is_given_up_in_time(server: ScriptedServer, scheme: str) -> None:
    with ProxyServer(silent) as proxy:
        text = failure(server, f"{scheme}://127.0.0.1:{proxy.port}", timeout=0.3)
        assert text.endswith(": The server did not answer within 0.3 seconds.")


@pytest.mark.parametrize("kind", SCHEMES)
def test_a_proxy_that_dribbles_is_given_up_in_time(kind: Handshake) -> None:
    # It has reached the server by then, so there is a session.
    with ScriptedServer() as server, ProxyServer(kind, ANSWERS[kind], pause=0.2) as proxy:
        begin = time.monotonic()
        with pytest.raises(ConnectionFailed, match="did not answer within"):
            connect(server, f"{SCHEMES[kind]}://127.0.0.1:{proxy.port}", timeout=0.5)
        assert time.monotonic() - begin < 1.5


def test_no_proxy_there(server: ScriptedServer) -> None:
    assert failure(server, "socks5://127.0.0.1:1") == (
        "The proxy can't be reached. Could not connect to 127.0.0.1 port 1: connection refused. "
        "Is the server running, and are host and port right?"
    )


def test_what_socks5_can_not_carry(server: ScriptedServer) -> None:
    with ProxyServer(socks5) as proxy:
        url = f"socks5://127.0.0.1:{proxy.port}"
        text = failure(server, f"socks5://{'q' * 256}@127.0.0.1:{proxy.port}")
        assert text.endswith("has more than 255 bytes, which SOCKS5 can't carry.")
        assert failure(server, url, host="a..b").endswith(": the host name can't be one.")
