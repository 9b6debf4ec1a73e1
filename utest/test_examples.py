"""Every example that a user can read is run: those of the README, of `examples/`, of the keywords.

Examples name servers that do not exist here, so their addresses are exchanged for those of the
embedded server. Nothing else is changed.
"""

from __future__ import annotations

import imaplib
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from proxies import ProxyServer, socks5
from robot.libdoc import LibraryDocumentation
from robot.libdocpkg.model import KeywordDoc
from scripted import ScriptedServer, Session
from webserver import WebServer, page, redirect

if sys.version_info < (3, 11):
    pytest.skip("the embedded server needs Python 3.11", allow_module_level=True)

from ImapLibrary.mailserver.server import MailServer

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.rst").read_text(encoding="utf-8")
LIBRARY = LibraryDocumentation("ImapLibrary")

QUIET = ("--output", "NONE", "--log", "NONE", "--report", "NONE")

EMAILS = (
    ("qa+1@example.com", "Confirm your address", "Welcome! https://shop.example/confirm?id=42"),
    ("qa@example.com", "Welcome", "Welcome! Your code is 1234."),
)

HTML = """
<div style="display:none">Only one step to go</div>
<p>Welcome! Your code is <b>1234</b>.</p>
<p><a class="button" href="{site}/confirm?id=42">Confirm your address</a></p>
<p><a href="{site}/unsubscribe">Unsubscribe</a></p>
"""

PAGES = {
    "/confirm?id=42": page("<p>Thank you!"),
    "/unsubscribe": redirect("/goodbye"),
    "/goodbye": page("<p>Goodbye!"),
}

PRODUCT = """
import smtplib
from email.message import EmailMessage

def trigger_the_product(*_):
    for to, subject, text in {emails!r}:
        email = EmailMessage()
        email["From"] = "Example Shop <noreply@example.com>"
        email["To"] = to
        email["Subject"] = subject
        email["Date"] = "Tue, 24 Mar 2026 10:00:00 +0100"
        email.set_content(text)
        if subject == "Welcome":
            email.add_attachment({html!r}, subtype="html", disposition="inline")
            email.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="invoice.pdf")
            email.add_attachment("Item,Price\\nSocks,7.50\\n", subtype="csv", filename="items.csv")
        with smtplib.SMTP("127.0.0.1", {port}) as smtp:
            smtp.send_message(email, "noreply@example.com", [to])

def get_access_token():
    return "fresh"

sign_up = configure_the_product = trigger_the_product
"""

FILES = {
    "logo.png": b"\x89PNG",
    "report.pdf": b"%PDF-1.7",
    "email.eml": b"From: shop@example.com\r\nSubject: As it is\r\n\r\nText.\r\n",
}


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer(tls=True)
    # The folder that an example opens is made as any IMAP client would make it.
    for user in ("qa@example.com", "boss@example.com"):
        client = imaplib.IMAP4(server.host, server.imap_port)
        client.login(user, "any")
        client.create("Archive/2026")
        client.logout()
    yield server
    server.stop()


@pytest.fixture
def provider() -> Iterator[ScriptedServer]:
    """A server that takes fresh access tokens, which the embedded one does not."""

    def authenticate(session: Session, tag: str, arguments: str) -> None:
        fresh = b"fresh" in b64decode(arguments.split()[1])
        session.send(f"{tag} OK in" if fresh else f"{tag} NO [EXPIRED] Too old")

    with ScriptedServer() as server:
        server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
        server.on["AUTHENTICATE"] = authenticate
        yield server


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    with ProxyServer(socks5) as proxy:
        yield proxy


@pytest.fixture
def site() -> Iterator[WebServer]:
    """The web site that links in emails lead to."""
    with WebServer(PAGES) as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path, server: MailServer, site: WebServer) -> Path:
    """A folder with what the examples mention: a product, the authority's certificate, files."""
    html = HTML.format(site=site.url)
    product = PRODUCT.format(emails=EMAILS, html=html, port=server.smtp_port)
    (tmp_path / "product.py").write_text(product, encoding="utf-8")
    (tmp_path / "ca.pem").write_bytes(Path(server.ca_file).read_bytes())
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def robot(*arguments: str | Path, cwd: Path) -> None:
    """Run Robot Framework, and fail with what it printed if anything failed."""
    command = [sys.executable, "-m", "robot", *QUIET, *map(str, arguments)]
    run = subprocess.run(
        command, check=False, cwd=cwd, capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout + run.stderr


def run_suite(text: str, folder: Path) -> None:
    (folder / "example.robot").write_text(text, encoding="utf-8")
    robot("example.robot", cwd=folder)


def code_blocks(language: str) -> list[str]:
    """Return the code blocks of the README in that language."""
    blocks = re.findall(rf"\.\. code:: {language}\n\n((?:    .*\n|\n)+)", README)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).strip("\n") + "\n" for block in blocks]


def on_this_server(row: str, server: MailServer) -> str:
    """Exchange the servers that examples name for this one."""
    tls = f"port={server.imaps_port}    verify=${{CURDIR}}/ca.pem"
    if "imap.example.com" in row:
        return row.replace("imap.example.com", "localhost") + f"    {tls}"
    if "smtp.example.com" in row:  # the embedded server has no port for SMTP in TLS alone
        starttls = f"port={server.smtp_port}    security=STARTTLS    verify=${{CURDIR}}/ca.pem"
        return row.replace("smtp.example.com", "localhost") + f"    {starttls}"
    row = row.replace("port=3025", f"port={server.smtp_port}")
    row = row.replace("port=3143", f"port={server.imap_port}")
    return row.replace("port=3993", f"port={server.imaps_port}")


def example_rows(doc: str) -> list[str]:
    """Return the rows of the tables below `Example:` as lines of a suite."""
    table = re.split(r"^Examples?:\n", doc, flags=re.MULTILINE)[1]
    lines = (line for line in table.splitlines() if line.startswith("|"))
    cells = ([cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines)
    return ["    ".join(cell.strip("| ") for cell in row if cell.strip("| ")) for row in cells]


def test_readme_shows_the_files_of_the_examples() -> None:
    """So that running the examples runs the README."""
    first_email = (ROOT / "examples" / "first_email.robot").read_text(encoding="utf-8")
    assert code_blocks("python") == [(ROOT / "examples" / "shop.py").read_text(encoding="utf-8")]
    assert code_blocks("robotframework")[1] == first_email


def test_readme_shows_parts_of_the_example_with_a_browser() -> None:
    """That one is run by `python tasks.py test`, where there is a browser."""
    (shown,) = (each for each in code_blocks("robotframework") if "Save Email As HTML" in each)
    example = (ROOT / "examples" / "browser" / "confirming.robot").read_text(encoding="utf-8")
    for part in re.split(r"\n\n(?=\*)", shown.strip()):
        assert part in example


def test_readme_names_the_greenmail_that_is_tested() -> None:
    pinned = re.search(r"greenmail/standalone:(\S+)", (ROOT / "atest/compose.yaml").read_text())
    assert pinned
    assert re.findall(r"greenmail/standalone:(\S+)", README) == [pinned[1]]


def test_examples_pass(tmp_path: Path) -> None:
    robot("--exclude", "browser", ROOT / "examples", cwd=tmp_path)


def test_first_suite_of_the_readme_passes(folder: Path, server: MailServer) -> None:
    suite = code_blocks("robotframework")[0].replace(
        "Library           ImapLibrary", "Library    ImapLibrary\nLibrary    product.py"
    )
    lines = [on_this_server(line, server) for line in suite.splitlines()]
    run_suite("\n".join([*lines, "*** Variables ***", "${PASSWORD}    any", ""]), folder)


def test_suite_in_the_introduction_passes(folder: Path, server: MailServer) -> None:
    intro = LIBRARY.doc.replace("*****", "***")
    suite = re.search(r"^\| \*\*\* Settings.*?(?=^\s*$)", intro, re.MULTILINE | re.DOTALL)
    assert suite
    lines = re.findall(r"^\| ?(.*)$", suite.group(), re.MULTILINE)
    lines = [on_this_server(line, server) for line in lines]
    lines.insert(1, "Library    product.py")
    run_suite("\n".join([*lines, "*** Variables ***", "${PASSWORD}    any", ""]), folder)


@pytest.mark.parametrize("keyword", LIBRARY.keywords, ids=lambda keyword: keyword.name)
def test_examples_of_a_keyword_pass(
    keyword: KeywordDoc,
    folder: Path,
    server: MailServer,
    provider: ScriptedServer,
    proxy: ProxyServer,
) -> None:
    rows = [
        on_this_server(row, server)
        .replace("provider=GMAIL", f"host=127.0.0.1    port={provider.port}    security=NONE")
        .replace("127.0.0.1:1080", f"127.0.0.1:{proxy.port}")
        for row in example_rows(keyword.doc)
    ]
    settings = [row for row in rows if row.startswith("Suite Teardown")]
    steps = [row for row in rows if row not in settings] or ["No Operation"]
    setup = "Close All Mailboxes" if keyword.name == "Open Mailbox" else "Open What Is Needed"
    run_suite(
        "\n".join(
            [
                "*** Settings ***",
                "Library    ImapLibrary    timeout=10 s",
                "Library    OperatingSystem",
                "Library    product.py",
                *settings,
                "*** Variables ***",
                "${PASSWORD}    any",
                "${TOKEN}    expired",
                "*** Test Cases ***",
                keyword.name,
                f"    [Setup]    {setup}",
                *(f"    {step}" for step in steps),
                "*** Keywords ***",
                "Open What Is Needed",
                *open_mailbox("boss", server),
                *open_mailbox("qa", server),
                "    Trigger The Product",
                "    ${email} =    Wait For Email    subject=Welcome",
                "    ${server} =    Start Mail Server",
                "    VAR    ${email}    ${email}    scope=TEST",
                "    VAR    ${server}    ${server}    scope=TEST",
                "",
            ]
        ),
        folder,
    )


def open_mailbox(name: str, server: MailServer) -> list[str]:
    return [
        f"    Open Mailbox    {server.host}    {name}@example.com    any    alias={name}",
        f"    ...    port={server.imap_port}    security=NONE",
    ]


@pytest.mark.parametrize("row", example_rows(LIBRARY.inits[0].doc))
def test_import_examples_pass(row: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "OrderNumbers.py", tmp_path)
    run_suite(f"*** Settings ***\n{row}\n*** Test Cases ***\nImport\n    No Operation\n", tmp_path)
