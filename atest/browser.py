"""The browser of the example in examples/browser/. Selenium comes with pip, the browser does not."""

from __future__ import annotations

import shutil
import subprocess
import sys

from servers.base import Unavailable

NAMES = ("chromium", "google-chrome")


def variables() -> dict[str, str]:
    """Return the variables of the example: where the programs are that it starts.

    Raises Unavailable if one is not installed, or if the mail server of the example can't run.
    """
    if sys.version_info < (3, 11):
        raise Unavailable("needs Python 3.11")
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise Unavailable("no Chromium or Chrome; on Debian, install chromium")
    driver = shutil.which("chromedriver")
    if driver is None:
        raise Unavailable("no chromedriver; on Debian, install chromium-driver")
    return {"CHROMIUM": chromium, "CHROMEDRIVER": driver}


def version(chromium: str) -> str:
    """Return the version of a browser, such as "Chromium 156.0.8078.108"."""
    printed = subprocess.run([chromium, "--version"], capture_output=True, text=True).stdout
    return " ".join(printed.split()[:2]) or "unknown"
