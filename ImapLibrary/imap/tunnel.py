"""The way to a server: straight, or through a proxy, which then passes on whatever is sent.

The host name goes to the proxy as it is. Whoever needs a proxy to get out can seldom look up names
beyond it.

    SOCKS4  with the extension 4a for host names
    SOCKS5  RFC 1928, user and password by RFC 1929
    HTTP    CONNECT, RFC 9110, section 9.3.6
"""

from __future__ import annotations

import re
from base64 import b64encode
from ipaddress import IPv4Address, IPv6Address, ip_address

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, ConnectionLost, InvalidArgument
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.proxy import Proxy, ProxyKind
from ImapLibrary.imap.sasl import hidden
from ImapLibrary.imap.wire import Wire

MOST_LINES = 100
"""So many lines the answer of an HTTP proxy may have."""

SOCKS4_FAILURES = {
    91: "it refused, or could not reach the server",
    92: "it could not ask this machine who the user is",
    93: "it takes another user on this machine",
}

SOCKS5_FAILURES = {
    1: "it failed",
    2: "its rules do not allow this",
    3: "it can't reach the network",
    4: "it can't reach the host, or does not know its name",
    5: "the server refuses connections",
    6: "the way is too long",
    7: "it does not connect to servers",
    8: "it does not know this kind of address",
}
"""RFC 1928, section 6."""


class _Refusal(Exception):
    """The proxy does not let us through; the text says why."""


def reach(account: Account, deadline: Deadline) -> Wire:
    """Return a wire to the account's server. Raises ConnectionFailed."""
    proxy = account.proxy
    if proxy is None:
        return Wire(account.host, account.port, deadline)
    try:
        wire = Wire(proxy.host, proxy.port, deadline)
    except ConnectionFailed as failure:
        raise ConnectionFailed(f"The proxy can't be reached. {failure}") from failure
    try:
        _HANDSHAKES[proxy.kind](wire, proxy, account.host, account.port)
    except (_Refusal, ConnectionLost) as error:
        wire.close()
        raise ConnectionFailed(
            f"Could not connect to {account.host} port {account.port} through the {proxy}: "
            f"{str(error).rstrip('.')}."
        ) from None
    except BaseException:
        wire.close()
        raise
    return wire


def _socks4(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    address = _address(host)
    if isinstance(address, IPv6Address):
        raise InvalidArgument(f"SOCKS4 knows no IPv6, so the {proxy} can't be asked for {host}.")
    # An address that can't be one says that a host name follows.
    number = address.packed if address else b"\0\0\0\1"
    name = b"" if address else _ascii(host) + b"\0"
    user = proxy.user.encode() + b"\0"
    wire.send(b"\x04\x01" + port.to_bytes(2, "big") + number + user + name)
    _, code, *_ = _read(wire, 8)
    if code != 90:
        raise _Refusal(SOCKS4_FAILURES.get(code, f"it answered with code {code}"))


def _socks5(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    wire.send(b"\x05\x02\x00\x02" if proxy.user else b"\x05\x01\x00")
    version, method = _read(wire, 2)
    if version != 5:
        raise _Refusal("it does not speak SOCKS5")
    if method == 2 and proxy.user:
        wire.send(b"\x01" + _counted(proxy.user.encode()) + _counted(proxy.password.encode()))
        if _read(wire, 2)[1]:
            raise _Refusal("it refused the user or the password")
    elif method:
        wanted = "another log-in" if proxy.user else "user and password"
        raise _Refusal(f"it wants {wanted}")
    wire.send(b"\x05\x01\x00" + _socks5_address(host) + port.to_bytes(2, "big"))
    _, code, _, kind = _read(wire, 4)
    if code:
        raise _Refusal(SOCKS5_FAILURES.get(code, f"it answered with code {code}"))
    lengths = {1: 4, 4: 16}
    _read(wire, lengths[kind] if kind in lengths else _read(wire, 1)[0])
    _read(wire, 2)


def _http(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    name = f"[{host}]" if isinstance(_address(host), IPv6Address) else _ascii(host).decode()
    lines = [f"CONNECT {name}:{port} HTTP/1.1", f"Host: {name}:{port}"]
    credentials = b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
    if proxy.user:
        lines.append(f"Proxy-Authorization: Basic {credentials}")
    wire.send("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ?(.*)", wire.readline())
    if not status:
        raise _Refusal("it does not speak HTTP")
    for _ in range(MOST_LINES):
        if not wire.readline().strip():
            break
    else:
        raise _Refusal("its answer does not end")
    if not status[1].startswith(b"2"):
        reason = status[2].decode("latin-1").strip()
        if proxy.password:
            reason = hidden(reason, [credentials, proxy.password])
        raise _Refusal(f"it answered {status[1].decode()} {reason}".rstrip())


def _read(wire: Wire, size: int) -> bytes:
    data = wire.read(size)
    if len(data) < size:
        raise _Refusal("it closed the connection")
    return data


def _socks5_address(host: str) -> bytes:
    address = _address(host)
    if address is None:
        return b"\x03" + _counted(_ascii(host))
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` is, None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _ascii(host: str) -> bytes:
    try:
        return host.encode("idna")
    except UnicodeError:
        raise _Refusal("the host name can't be one") from None


def _counted(data: bytes) -> bytes:
    if len(data) > 255:
        raise _Refusal("a name or password has more than 255 bytes, which SOCKS5 can't carry")
    return bytes([len(data)]) + data


_HANDSHAKES = {ProxyKind.SOCKS4: _socks4, ProxyKind.SOCKS5: _socks5, ProxyKind.HTTP: _http}
