"""Every code block of the documentation and of the README is run, or held to what it speaks of.

- Files that a page shows are those of `examples/`, which `test_examples` runs.
- Blocks with a caption are files: suites among them are run, beside the other files of their page.
- Other blocks of Robot Framework data are tests that are run while a mailbox is open, or settings.
- Commands are run, page by page and in their order, in a folder with the files of `examples/`.
- Files for CI are read: what they call is run as commands are, what they start must be the server
  that the acceptance tests run on.
- Text is what a page says that Robot Framework or a program shows: see `test_troubleshooting`.

Servers that do not exist here are exchanged for the embedded one, or for one that takes tokens.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml
from pages import BLOCKS, PAGES, ROOT, Block, shown_files, undirected
from scripted import ScriptedServer, Session, message

if sys.version_info < (3, 11):
    pytest.skip("the embedded server needs Python 3.11", allow_module_level=True)

from test_examples import on_this_server

from ImapLibrary.mailserver.server import MailServer

pytestmark = pytest.mark.once

EXAMPLES = ROOT / "examples"

COMPOSE = yaml.safe_load((ROOT / "atest" / "compose.yaml").read_text(encoding="utf-8"))
GREENMAIL = COMPOSE["services"]["greenmail"]
GREENMAIL_OPTIONS = re.search(r":-(.*)}", GREENMAIL["environment"]["GREENMAIL_OPTS"])[1]
GREENMAIL_PORTS = {port.rpartition(":")[2] for port in GREENMAIL["ports"]}

AROUND_A_TEST = """
*** Settings ***
Library    ImapLibrary    timeout=10 s
Library    accounts.py
Library    signing_in.py
Suite Setup    Prepare

*** Variables ***
${{PASSWORD}}    any
${{SMTP_HOST}}    {server.host}
${{SMTP_PORT}}    {server.smtp_port}
&{{SERVER}}    host={server.host}    smtp_port={server.smtp_port}
${{TOKEN}}    expired

*** Keywords ***
Prepare
    Open Mailbox    {server.host}    qa@example.com    any    port={server.imap_port}    security=NONE
    Sign In    qa@example.com    ${{SMTP_HOST}}    ${{SMTP_PORT}}
    ${{email}} =    Wait For Email    subject=Sign in
    VAR    ${{email}}    ${{email}}    scope=SUITE

Get Access Token
    RETURN    fresh
"""

TESTED_ALONE = {"parallel"}
"""Pages that are one example, which has tests of its own."""

NO_TEST = """
*** Test Cases ***
Import
    No Operation
"""


class Tokens(ThreadingHTTPServer):
    """Gives access tokens to whoever asks for one.

    forms: what came with each request
    """

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        super().__init__(("127.0.0.1", 0), TokenHandler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class TokenHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert isinstance(self.server, Tokens)
        self.server.forms.append({"path": [self.path], **parse_qs(body)})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"access_token": "fresh", "expires_in": 3599}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Machine:
    """The machine of somebody who does what the pages say.

    folder: where to work, with the files of the examples in it
    server: takes any password
    provider: takes fresh access tokens, and any password; has two emails
    """

    folder: Path
    server: MailServer
    provider: ScriptedServer
    tokens: Tokens

    def robot(self, suite: str) -> None:
        """Run a suite, which must pass."""
        self.run([sys.executable, "-m", "robot", "--log", "NONE", "--report", "NONE", suite])

    def command(self, line: str) -> None:
        """Run a command of a page, on the servers that there are here."""
        known = {
            "IMAP_HOST:imap.example.com": f"IMAP_HOST:localhost -v IMAP_PORT:{self.server.imaps_port}",
            "SMTP_HOST:smtp.example.com": f"SMTP_HOST:localhost -v SMTP_PORT:{self.server.smtp_port}",
            "IMAP_HOST:greenmail": "IMAP_HOST:localhost",
            "IMAP_PORT:3143": f"IMAP_PORT:{self.server.imap_port}",
            "SMTP_PORT:3025": f"SMTP_PORT:{self.server.smtp_port}",
        }
        for there, here in known.items():
            line = line.replace(there, here)
        line = re.sub(r"--host \S+", f"--host localhost --port {self.server.imaps_port}", line)
        self.run(shlex.split(line))

    def run(self, command: list[str], code: int = 0) -> str:
        """Run a program of this Python's, which must end with that code, and return its output."""
        assert self.server.ca_file
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "SSL_CERT_FILE": str(self.server.ca_file),
            "IMAP_PASSWORD": "any",
            **{
                f"{owner}_{what}": what.lower()
                for owner in ("GMAIL", "AZURE")
                for what in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "TENANT_ID")
            },
        }
        program = shutil.which(command[0], path=environment["PATH"])
        assert program, f"{command[0]} is not there"
        run = subprocess.run(
            [program, *command[1:]],
            check=False,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert run.returncode == code, f"{command}\n{run.stdout}{run.stderr}"
        return run.stdout

    def here(self, text: str) -> str:
        """Exchange the servers that a page names for those that there are."""
        provider = f"host=127.0.0.1    port={self.provider.port}    security=NONE"
        text = re.sub(r"provider=(GMAIL|OUTLOOK)", provider, text)
        text = re.sub(
            r"https://(oauth2\.googleapis\.com|login\.microsoftonline\.com)", self.tokens.url, text
        )
        lines = [on_this_server(line, self.server) for line in text.splitlines()]
        return "\n".join([*lines, ""]).replace(
            "${CURDIR}/ca.pem", str(self.server.ca_file).replace("\\", "/")
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    def authenticate(session: Session, tag: str, arguments: str) -> None:
        fresh = b"fresh" in b64decode(arguments.split()[1])
        session.send(f"{tag} OK in" if fresh else f"{tag} NO [EXPIRED] Too old")

    folder = tmp_path / "shop tests"
    shutil.copytree(EXAMPLES, folder)
    with (
        MailServer(tls=True) as server,
        ScriptedServer(*2 * [message("Confirm your address", "Your code is 4711.")]) as provider,
        Tokens() as tokens,
    ):
        provider.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
        provider.on["AUTHENTICATE"] = authenticate
        threading.Thread(target=tokens.serve_forever, daemon=True).start()
        yield Machine(folder, server, provider, tokens)
        tokens.shutdown()


def of(*languages: str) -> list[Block]:
    return [block for block in BLOCKS if block.language in languages]


def pages_with(blocks: list[Block]) -> list[str]:
    return sorted({block.page for block in blocks})


PIECES = [
    block for block in of("robotframework") if not block.caption and block.text.count("\n*** ") == 0
]
FILES = [block for block in of("robotframework", "python") if block.caption]


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert {block.language for block in BLOCKS} == {
        "python",
        "robotframework",
        "shell",
        "text",
        "yaml",
    }
    assert pages_with(of("text")) == ["troubleshooting", "tutorial"]
    # There are no captions in the README: test_examples knows its files and its suites.
    others = set(of("robotframework", "python")) - {*PIECES, *FILES}
    assert {block.page for block in others} == {"README", *TESTED_ALONE}
    assert [line for path in PAGES.values() for line in undirected(path)] == [
        "- When nothing comes, the failure tells what came instead and why that was not it::"
    ]


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_shown_are_examples(page: str) -> None:
    """So that running the examples runs them."""
    for path in shown_files(PAGES[page]):
        assert EXAMPLES in path.parents
        assert path.is_file()


@pytest.mark.parametrize("block", PIECES, ids=str)
def test_pieces_of_suites_pass(block: Block, machine: Machine) -> None:
    is_test = block.text.startswith("*** Test Cases ***")
    rest = AROUND_A_TEST.format(server=machine.server) if is_test else NO_TEST
    (machine.folder / "piece.robot").write_text(machine.here(block.text) + rest, encoding="utf-8")
    machine.robot("piece.robot")


@pytest.mark.parametrize("page", pages_with(FILES))
def test_suites_of_a_page_pass(page: str, machine: Machine) -> None:
    files = [block for block in FILES if block.page == page]
    for block in files:
        (machine.folder / block.caption).write_text(machine.here(block.text), encoding="utf-8")
    suites = [block.caption for block in files if block.caption.endswith(".robot")]
    assert suites
    for suite in suites:
        machine.robot(suite)


def test_providers_are_asked_for_tokens_in_their_way(machine: Machine) -> None:
    for block in (block for block in FILES if block.language == "python"):
        (machine.folder / block.caption).write_text(machine.here(block.text), encoding="utf-8")
        module = block.caption.removesuffix(".py")
        machine.run(["python", "-c", f"import {module}; {module}.get_access_token()"])
    assert machine.tokens.forms == [
        {
            "path": ["/token"],
            "grant_type": ["refresh_token"],
            "client_id": ["client_id"],
            "client_secret": ["client_secret"],
            "refresh_token": ["refresh_token"],
        },
        {
            "path": ["/tenant_id/oauth2/v2.0/token"],
            "grant_type": ["client_credentials"],
            "client_id": ["client_id"],
            "client_secret": ["client_secret"],
            "scope": ["https://outlook.office365.com/.default"],
        },
    ]


@pytest.mark.parametrize("page", sorted({*pages_with(of("shell"))} - TESTED_ALONE))
def test_commands_of_a_page_work(page: str, machine: Machine) -> None:
    for block in of("shell"):
        if block.page == page:
            for line in block.lines:
                check_command(line, machine)


def test_the_tutorial_shows_how_its_suite_fails(machine: Machine) -> None:
    (shown,) = (block.text for block in of("text") if block.page == "tutorial")
    suite = (machine.folder / "first_email.robot").read_text(encoding="utf-8")
    suite = suite.replace("Confirm your address", "Verify your address").replace("30 s", "1 s")
    (machine.folder / "first_email.robot").write_text(suite, encoding="utf-8")
    printed = machine.run(["robot", "first_email.robot"], code=1)
    words = (re.escape(word).replace(r"\.\.\.", r".*") for word in shown.split())
    assert re.search(r"\s+".join(words).replace("30s", "1s"), printed)


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_files_for_ci(block: Block, machine: Machine) -> None:
    content = yaml.safe_load(block.text)
    (job,) = content["jobs"].values() if "jobs" in content else content.values()
    check_services(job)
    commands = job.get("script") or [step["run"] for step in job["steps"] if "run" in step]
    assert any(command.startswith("robot ") for command in commands)
    for command in commands:
        check_command(command, machine)
    assert (machine.folder / "results" / "log.html").is_file()  # what is kept when tests fail


def check_services(job: Any) -> None:
    """Check that a job starts GreenMail as the acceptance tests do, if at all."""
    services = job.get("services", [])
    for service in services.values() if isinstance(services, dict) else services:
        assert (service.get("image") or service["name"]) == GREENMAIL["image"]
        variables = service.get("env") or job["variables"]
        assert variables == {"GREENMAIL_OPTS": GREENMAIL_OPTIONS}
        for port in service.get("ports", []):
            assert port in {f"{each}:{each}" for each in GREENMAIL_PORTS}


def check_command(line: str, machine: Machine) -> None:
    """Run a command, or hold it to what it is about where it can't be run."""
    match shlex.split(line):
        case ["pip", "install", requirement]:
            check_requirement(requirement)
        case ["docker", "run", *options, image]:
            check_container(options, image)
        case ["curl", *_, url]:
            check_readiness(url)
        case ["robot", "--include", "browser", "examples"]:
            pass  # run with the acceptance tests, where there is a browser
        case ["python", "tasks.py", task, *_]:
            machine.run(["python", str(ROOT / "tasks.py"), task, "--help"])
        case ["robot" | "pabot" | "rebot", *_] | ["python", "-m", *_]:
            machine.command(line)
        case _:
            pytest.fail(f"Nothing is known of {line!r}")


def check_requirement(requirement: str) -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    name, _, wanted = requirement.rstrip("]").partition("[")
    assert name in (".", setup["metadata"]["name"]) or f"\n{name}>=" in extras["test"]
    assert all(extra in extras for extra in wanted.split(",") if extra)


def check_container(options: list[str], image: str) -> None:
    assert image == GREENMAIL["image"]
    assert options.pop(0) == "--rm"
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "-p":
            assert value in {f"{port}:{port}" for port in GREENMAIL_PORTS}
        else:
            assert (option, value) == ("-e", f"GREENMAIL_OPTS={GREENMAIL_OPTIONS}")


def check_readiness(url: str) -> None:
    """Check that it is what the acceptance tests ask GreenMail, too."""
    port, _, path = url.rpartition(":")[2].partition("/")
    assert port in GREENMAIL_PORTS
    assert f"/{path}" in (ROOT / "atest" / "servers" / "greenmail.py").read_text(encoding="utf-8")
