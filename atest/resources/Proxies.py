"""Proxies between the library and the server, as stand in front of the mail servers of a company."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from robot.api.deco import keyword, library

# The unit tests have proxies, too.
sys.path.append(str(Path(__file__).parents[2] / "utest"))
proxies = import_module("proxies")


@library(scope="TEST", listener="SELF")
class Proxies:
    """Keywords for a proxy that runs until the test ends. It takes any name for this machine."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._running: list[Any] = []

    @keyword
    def start_proxy(self, kind: str) -> int:
        """Starts a proxy that speaks ``http``, ``socks4`` or ``socks5``, and returns its port."""
        proxy = proxies.ProxyServer(getattr(proxies, kind))
        self._running.append(proxy.__enter__())
        port: int = proxy.port
        return port

    @keyword
    def asked_of_proxy(self) -> tuple[str, str]:
        """Returns where the last client wanted to go to, ``host:port``, and its ``user:password``."""
        proxy = self._running[-1]
        host, port = proxy.asked[-1]
        return f"{host}:{port}", proxy.credentials[-1]

    def _end_test(self, data: object, result: object) -> None:
        while self._running:
            self._running.pop().__exit__()
