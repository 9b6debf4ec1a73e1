"""The log in a real browser: the email is seen, nothing runs, nothing leaves, whatever is clicked."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest
from attacks import ESCAPING, LEADING, LOADING
from chromium import MISSING, Browser
from webserver import WebServer

from ImapLibrary.mail.message import Email
from ImapLibrary.mail.preview import IN_A_FILE, frame, page

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(MISSING is not None, reason=str(MISSING)),
]

LOGO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

WELCOME = '<p id=greeting style="color: #123456">Welcome!</p><img id=logo src="cid:logo" width=90 height=30>'


def email(html: str, subject: str = "Hi", sender: str = "Shop", name: str = "logo.png") -> bytes:
    """Return an email with HTML, and an image that the HTML can show."""
    quoted = name.replace('"', '\\"')
    lines = [
        f'From: "{sender}" <shop@shop.example>',
        f"To: {sender}",
        f"Date: {subject}",
        f"Subject: {subject}",
        "Content-Type: multipart/related; boundary=b",
        "",
        "--b",
        "Content-Type: text/html; charset=utf-8",
        "",
        html,
        "--b",
        "Content-Type: image/png",
        "Content-ID: <logo>",
        f'Content-Disposition: inline; filename="{quoted}"',
        "Content-Transfer-Encoding: base64",
        "",
        b64encode(LOGO).decode(),
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def log_of(folder: Path, emails: list[bytes], arguments: str = "") -> str:
    """Return the address of a log that shows emails, one for each keyword."""
    steps = []
    for number, raw in enumerate(emails):
        (folder / f"{number}.eml").write_bytes(raw)
        steps.append(f"    Load Email    ${{CURDIR}}/{number}.eml\n")
    (folder / "suite.robot").write_text(
        f"*** Settings ***\nLibrary    ImapLibrary    {arguments}\n*** Test Cases ***\nTest\n"
        + "".join(steps),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "robot", "--outputdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "suite.robot")], check=True, capture_output=True)
    return (folder / "out" / "log.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A web server that nobody must ask for anything."""
    with WebServer({}) as server:
        yield server


def open_email(browser: Browser, log: str, number: int) -> None:
    """Open the log at one of its emails, and let it be shown as a person does."""
    browser.open("about:blank")  # or only the fragment would change
    browser.open(f"{log}#s1-t1-k{number}")
    browser.click("details summary")
    browser.enter("details iframe")


def settle() -> None:
    """Give what must not happen the time to happen."""
    time.sleep(1)


@pytest.mark.parametrize("arguments", ["", "embed_previews=True"])
def test_the_email_is_seen(browser: Browser, tmp_path: Path, arguments: str) -> None:
    log = log_of(tmp_path, [email(WELCOME, "Welcome to the shop")], arguments)
    open_email(browser, log, 1)
    assert browser.text("h1") == "Welcome to the shop"
    assert browser.text("header table").splitlines()[0] == "From Shop <shop@shop.example>"
    browser.enter("section iframe")
    assert browser.text("#greeting") == "Welcome!"
    color = "return getComputedStyle(document.getElementById('greeting')).color"
    assert browser.run(color) == "rgb(18, 52, 86)"
    image = "const logo = document.getElementById('logo'); return [logo.naturalWidth, logo.width]"
    assert browser.run(image) == [1, 90]
    # A frame without `allow-same-origin` is of no origin, and so can't reach the log.
    assert browser.run("return [self.origin, location.href]") == ["null", "about:srcdoc"]


def test_text_links_and_source_are_seen_one_at_a_time(browser: Browser, tmp_path: Path) -> None:
    html = f'{WELCOME}<a href="https://shop.example/confirm?id=42">Confirm</a>'
    open_email(browser, log_of(tmp_path, [email(html)]), 1)
    seen = {}
    for number, name in enumerate(["Email", "Text", "Links (1)", "Source"]):
        assert browser.text(f"label[for=view{number}]") == name
        browser.click(f"label[for=view{number}]")
        shown = (
            "return [...document.querySelectorAll('section')].map(each => each.offsetHeight > 0)"
        )
        assert browser.run(shown) == [n == number for n in range(4)]
        seen[name] = browser.text(f"#view{number} ~ label + section:nth-of-type({number + 1})")
    assert seen["Text"] == "Welcome!\n\nConfirm"
    assert seen["Links (1)"] == "Confirm https://shop.example/confirm?id=42"
    assert seen["Source"].startswith('From: "Shop" <shop@shop.example>\nTo: Shop\n')


@pytest.mark.parametrize("arguments", ["", "embed_previews=True"])
def test_nothing_runs_and_nothing_is_loaded(
    browser: Browser, server: WebServer, tmp_path: Path, arguments: str
) -> None:
    attacks = [each.format(url=server.url) for each in (LOADING, LEADING, ESCAPING)]
    in_a_line = ESCAPING.format(url=server.url)
    for number, html in enumerate(attacks):
        (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")
        browser.open((tmp_path / f"{number}.html").as_uri())
        settle()
    assert len(set(server.paths)) > 15  # or this test would prove nothing
    server.requests.clear()
    emails = [email(html, in_a_line, in_a_line, in_a_line) for html in attacks]
    log = log_of(tmp_path, emails, arguments)
    for number in range(1, len(emails) + 1):
        open_email(browser, log, number)
        assert browser.text("h1") == re.sub(" +", " ", in_a_line)
        for view in browser.find("label"):
            browser.run("arguments[0].click()", view)
        settle()
        browser.leave()
        assert browser.url.startswith(log)
    assert server.paths == []
    assert browser.windows == 1


@pytest.mark.parametrize("arguments", ["", "embed_previews=True"])
def test_no_click_leads_anywhere(
    browser: Browser, server: WebServer, tmp_path: Path, arguments: str
) -> None:
    html = LEADING.format(url=server.url)
    (tmp_path / "raw.html").write_text(html, encoding="utf-8")
    browser.open((tmp_path / "raw.html").as_uri())
    browser.click("#named")
    settle()
    assert "/82" in server.paths  # or this test would prove nothing
    server.requests.clear()
    log = log_of(tmp_path, [email(html)], arguments)
    selectors = [f"#{name}" for name in re.findall(r"id=(\w+)", LEADING)]
    assert len(selectors) == 9
    for selector in selectors:
        open_email(browser, log, 1)
        browser.enter("section iframe")
        browser.click(selector)
        settle()
        assert browser.run("return location.href") in ("about:srcdoc", "about:srcdoc#-")
        assert browser.find("#link"), f"{selector} led away"
        browser.leave()
        assert browser.url.startswith(log)
    assert server.paths == []
    assert browser.windows == 1


def test_where_a_link_would_lead_is_seen_when_one_points_at_it(
    browser: Browser, tmp_path: Path
) -> None:
    html = '<a id=a title="Free" href="https://shop.example/?a=1&amp;b=2">Go</a>'
    open_email(browser, log_of(tmp_path, [email(html)]), 1)
    browser.enter("section iframe")
    assert browser.run("return document.links[0].title") == "https://shop.example/?a=1&b=2"
    assert browser.run("return document.links[0].matches(':any-link')")


@pytest.mark.parametrize("frame_of", [lambda url: frame(url=url), None])
def test_sandbox_and_policy_suffice_without_what_was_taken_out(
    browser: Browser,
    server: WebServer,
    tmp_path: Path,
    frame_of: Callable[[str], str] | None,
) -> None:
    html = LOADING.format(url=server.url) + LEADING.format(url=server.url)
    safe = page(Email(email(html)), IN_A_FILE)
    raw, count = re.subn('srcdoc="[^"]*"', lambda _: f'srcdoc="{escape(html)}"', safe)
    assert count == 1
    (tmp_path / "page.html").write_text(raw, encoding="utf-8")
    shown = frame_of("page.html") if frame_of else frame(page=raw)
    (tmp_path / "log.html").write_text(f"<meta charset=utf-8>{shown}", encoding="utf-8")
    browser.open((tmp_path / "log.html").as_uri())
    browser.click("summary")
    browser.enter("details iframe")
    browser.enter("section iframe")
    for target in ("_blank", "_top", "_self"):
        browser.run(
            "const link = document.getElementById('link'); link.target = arguments[0]; link.click()",
            target,
        )
        settle()
    assert server.paths == []
    assert browser.windows == 1
