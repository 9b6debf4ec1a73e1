"""What a `proxy` argument says: which proxy, where it is and who asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit

from ImapLibrary.arguments import Secret, one_line, reveal
from ImapLibrary.errors import InvalidArgument


class ProxyKind(Enum):
    """What a proxy speaks. Each of them looks host names up by itself."""

    HTTP = "http"
    SOCKS4 = "socks4"
    SOCKS5 = "socks5"


_SCHEMES = {
    **{kind.value: kind for kind in ProxyKind},
    "socks4a": ProxyKind.SOCKS4,  # as curl calls it when the proxy looks names up
    "socks5h": ProxyKind.SOCKS5,
}


@dataclass(frozen=True)
class Proxy:
    """A proxy to connect through. As text it is shown without its password.

    user, password: both empty if it wants none
    """

    kind: ProxyKind
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.kind.value} proxy {self.host} port {self.port}"

    @classmethod
    def parse(cls, url: str | Secret) -> Proxy:
        """Return the proxy that an address such as `socks5://user:password@host:1080` names.

        Raises InvalidArgument, which does not show the address, for there may be a password in it.
        """
        parts = _split(one_line("proxy", reveal(url)))
        kind = _SCHEMES.get(parts.scheme)
        try:
            port = parts.port
        except ValueError:
            port = None
        beyond = parts.path.strip("/") or parts.query or parts.fragment
        if kind is None or not parts.hostname or not port or beyond:
            raise _not_understood()
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        one_line("user name for the proxy", user)
        one_line("password for the proxy", password)
        return cls(kind, parts.hostname, port, user, password)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:  # its text shows what it stumbled over
        raise _not_understood() from None


def _not_understood() -> InvalidArgument:
    return InvalidArgument(
        "The argument proxy is no address of a proxy. It looks like http://host:8080, "
        "socks4://user@host:1080 or socks5://user:password@host:1080; special characters in user "
        "and password are written as in URLs, such as %40 for @."
    )
