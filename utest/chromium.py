"""A real browser without a window, driven over the WebDriver protocol.

with Browser() as browser:
    browser.open(path.as_uri())
    browser.click("summary")
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from base64 import b64decode
from contextlib import suppress
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

PROGRAM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
DRIVER = shutil.which("chromedriver")

MISSING = None if PROGRAM and DRIVER else "Chromium or chromedriver is not installed"
"""Why no browser can be had, None if one can."""

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""Under what an element is named (WebDriver, section 12.1)."""


class Browser:
    """A browser with one window of its own, and a new profile."""

    def __init__(self, width: int = 1100, height: int = 800) -> None:
        self._profile = tempfile.mkdtemp()
        self._driver, port = _start_driver()
        self._url = f"http://127.0.0.1:{port}"
        arguments = [
            *OPTIONS,
            f"--user-data-dir={self._profile}",
            f"--window-size={width},{height}",
        ]
        options = {"binary": PROGRAM, "args": arguments}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._url += f"/session/{session['sessionId']}"

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(AssertionError):
            self._ask("DELETE", "")
        # A browser that did not end would keep the driver's output open.
        if hasattr(os, "killpg"):
            os.killpg(self._driver.pid, signal.SIGKILL)
        self._driver.kill()
        self._driver.wait()
        if self._driver.stdout:
            self._driver.stdout.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script returns in the frame that is entered."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": arguments})

    def find(self, selector: str) -> list[dict[str, str]]:
        """Return the elements that a CSS selector matches, in the frame that is entered."""
        found = self._ask("POST", "/elements", {"using": "css selector", "value": selector})
        return list(found)

    def click(self, selector: str) -> None:
        """Click on the one element that matches, as a person does."""
        (element,) = self.find(selector)
        self._ask("POST", f"/element/{element[ELEMENT]}/click", {})

    def text(self, selector: str) -> str:
        """Return the text of the one element that matches, as it is seen."""
        (element,) = self.find(selector)
        return str(self._ask("GET", f"/element/{element[ELEMENT]}/text"))

    def enter(self, selector: str) -> None:
        """Enter the one frame that matches, and wait until it is loaded."""
        (element,) = self.find(selector)
        self._ask("POST", "/frame", {"id": element})
        for _ in range(100):
            if self.run("return document.readyState") == "complete":
                return
            time.sleep(0.05)
        raise AssertionError(f"The frame {selector} was not loaded.")

    def leave(self) -> None:
        """Go back to the page with the frames."""
        self._ask("POST", "/frame", {"id": None})

    @property
    def url(self) -> str:
        """The address of the page."""
        return str(self._ask("GET", "/url"))

    @property
    def windows(self) -> int:
        """How many windows and tabs are open."""
        return len(self._ask("GET", "/window/handles"))

    def log(self) -> list[str]:
        """Return what the browser has complained of since it was asked last."""
        entries = self._ask("POST", "/se/log", {"type": "browser"})
        return [str(entry["message"]) for entry in entries]

    def picture(self) -> bytes:
        """Return what is seen, as a PNG."""
        return b64decode(self._ask("GET", "/screenshot"))

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(
            self._url + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except (URLError, TimeoutError) as error:
            told = error.read().decode() if hasattr(error, "read") else ""
            raise AssertionError(f"{method} {path}: {error} {told[:500]}") from None


def _start_driver() -> tuple[subprocess.Popen[str], int]:
    """Return the driver, and the free port on which it says that it listens.

    It takes a port that is free for IPv6; if the same one is in use for IPv4, it ends. So it is
    started again.
    """
    said = []
    for _ in range(5):
        driver = subprocess.Popen(
            [str(DRIVER), "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert driver.stdout
        for line in driver.stdout:
            if "successfully on port" in line:
                return driver, int(line.rstrip(".\n").rpartition(" ")[2])
            said.append(line)
        driver.stdout.close()
        said.append(f"It ended with {driver.wait()}.\n")
    raise AssertionError("chromedriver did not start. It said:\n" + "".join(said))
