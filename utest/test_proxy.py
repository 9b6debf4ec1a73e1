"""What a proxy argument may look like, and what is said of one that makes no sense."""

from __future__ import annotations

import pytest

from ImapLibrary.arguments import Secret
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.proxy import Proxy, ProxyKind


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("socks5://10.0.0.1:1080", Proxy(ProxyKind.SOCKS5, "10.0.0.1", 1080)),
        ("socks5h://proxy.example:1080", Proxy(ProxyKind.SOCKS5, "proxy.example", 1080)),
        ("SOCKS4://qa@proxy:9", Proxy(ProxyKind.SOCKS4, "proxy", 9, "qa")),
        ("socks4a://proxy:9", Proxy(ProxyKind.SOCKS4, "proxy", 9)),
        ("http://proxy:8080/", Proxy(ProxyKind.HTTP, "proxy", 8080)),
        ("http://qa:a%40b%3Ac@proxy:8080", Proxy(ProxyKind.HTTP, "proxy", 8080, "qa", "a@b:c")),
        ("http://[::1]:8080", Proxy(ProxyKind.HTTP, "::1", 8080)),
    ],
)
def test_addresses_of_proxies(url: str, proxy: Proxy) -> None:
    assert Proxy.parse(url) == proxy


@pytest.mark.parametrize(
    "url",
    [
        "proxy:1080",
        "socks5://qa:xyzzy@proxy",
        "socks5://qa:xyzzy@proxy:0",
        "socks5://qa:xyzzy@proxy:x",
        "socks5://qa:xyzzy@proxy:99999",
        "socks5://qa:xyzzy@:1080",
        "ftp://qa:xyzzy@proxy:21",
        "https://qa:xyzzy@proxy:443",
        "http://qa:xyzzy@proxy:8080/path",
        "http://qa:12#xyzzy@proxy:8080",
        "http://qa:12?xyzzy@proxy:8080",
        "http://qa:xyzzy@[proxy:8080",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Proxy.parse(url)
    assert str(caught.value).startswith("The argument proxy is no address of a proxy. It looks ")
    assert "xyzzy" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["socks5://a%0d:b@c:1", "socks5://a:b%0a@c:1", "http://a\n@c:1"])
def test_nothing_can_be_injected(url: str) -> None:
    with pytest.raises(InvalidArgument, match="contains a (carriage return|line feed)"):
        Proxy.parse(url)


def test_a_secret_is_revealed_and_never_shown() -> None:
    try:
        secret = Secret("socks5://qa:xyzzy@proxy:1080")
    except TypeError:
        pytest.skip("Robot Framework has Secret since 7.4")
    proxy = Proxy.parse(secret)
    assert proxy.password == "xyzzy"
    assert str(proxy) == "socks5 proxy proxy port 1080"
    assert "xyzzy" not in repr(proxy)
