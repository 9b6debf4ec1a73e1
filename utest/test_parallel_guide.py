"""What `docs/parallel.rst` shows is run: its suite, and its commands as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import pytest
from pages import BLOCKS, ROOT
from robot.api import ExecutionResult

if sys.version_info < (3, 11):
    pytest.skip("the embedded server needs Python 3.11", allow_module_level=True)

from ImapLibrary.mail.message import Email
from ImapLibrary.mailserver.server import MailServer

pytestmark = pytest.mark.once

SUITES = ("Checkout", "Invoices", "Newsletter", "Passwords", "Sign Up")
"""Of an odd number, so that shards are not equal."""

TESTS = ("The Shop Asks To Confirm The Address", "The Shop Asks Once")

NAMES = sorted(f"Suites.{suite}.{test}" for suite in SUITES for test in TESTS)


def shown(language: str) -> list[str]:
    """Return the blocks of the guide in that language."""
    return [each.text for each in BLOCKS if (each.page, each.language) == ("parallel", language)]


(SUITE,) = shown("robotframework")

(PREVIEWS,) = shown("python")

INSTALL, ON_ONE_MACHINE, SHARD_1, SHARD_2, MERGE, TOGETHER = (
    shlex.split(command) for command in shown("shell")
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(tls=True) as server:
        yield server


def machine(folder: Path, server: MailServer) -> Path:
    """Make a folder with several suites like that of the guide, and return it."""
    suites = folder / "suites"
    suites.mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "shop.py", suites)
    text = SUITE.replace(
        "imap.example.com    qa@example.com    %{IMAP_PASSWORD}",
        "localhost    qa@example.com    %{IMAP_PASSWORD}"
        f"    port={server.imaps_port}    verify={server.ca_file}",
    ).replace("smtp.example.com    587", f"{server.host}    {server.smtp_port}")
    for name in SUITES:
        (suites / f"{name.replace(' ', '_')}.robot").write_text(text, encoding="utf-8")
    return folder


def run(command: list[str], cwd: Path) -> None:
    """Run a command of the guide, with the programs of this environment."""
    programs = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "IMAP_PASSWORD": "any",
    }
    program = shutil.which(command[0], path=str(programs))
    assert program, f"{command[0]} is not installed"
    done = subprocess.run(
        [program, *command[1:]], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def passed(output: Path) -> list[str]:
    """Return the names of the tests in results, all of which passed, in alphabetical order."""
    tests = list(ExecutionResult(output).suite.all_tests)
    assert [test.name for test in tests if not test.passed] == []
    return sorted(test.full_name for test in tests)


def links(output: Path) -> set[str]:
    """Return what the log made of an output links to."""
    return set(re.findall(r'email-previews/[^"&<]*', output.read_text(encoding="utf-8")))


def recipients(server: MailServer) -> list[str]:
    """Return whom the emails in the shared mailbox are for."""
    import imaplib

    client = imaplib.IMAP4(server.host, server.imap_port)
    client.login("qa@example.com", "any")
    client.select("INBOX", readonly=True)
    _, answers = client.fetch("1:*", "(BODY.PEEK[HEADER])")
    client.logout()
    return [Email(answer[1]).to[0].address for answer in answers if isinstance(answer, tuple)]


def test_pabot_is_what_is_installed() -> None:
    assert INSTALL[:2] == ["pip", "install"]
    assert metadata(INSTALL[2])["Name"] == "robotframework-pabot"


def test_one_machine_runs_every_test_once_without_crosstalk(
    tmp_path: Path, server: MailServer
) -> None:
    run(ON_ONE_MACHINE, machine(tmp_path, server))
    assert passed(tmp_path / "output.xml") == NAMES
    assert len(links(tmp_path / "output.xml")) == len(NAMES)
    assert all((tmp_path / link).is_file() for link in links(tmp_path / "output.xml"))
    assert len(set(recipients(server))) == len(recipients(server)) == len(NAMES)


def test_shards_run_every_test_once_without_crosstalk(tmp_path: Path, server: MailServer) -> None:
    results = tmp_path / "results"
    by_shard: list[str] = []
    for number, command in enumerate((SHARD_1, SHARD_2), 1):
        here = machine(tmp_path / f"machine {number}", server)
        run(command, here)
        shutil.copytree(here / "results" / str(number), results / str(number))
        by_shard += passed(results / str(number) / "output.xml")
        assert 0 < len(by_shard) < len(NAMES) or number == 2
    # Merging would hide a test that ran in both.
    assert sorted(by_shard) == NAMES
    run(MERGE, tmp_path)
    assert passed(results / "output.xml") == NAMES
    (tmp_path / TOGETHER[1]).write_text(PREVIEWS, encoding="utf-8")
    run(TOGETHER, tmp_path)
    assert len(links(results / "output.xml")) == len(NAMES)
    assert all((results / link).is_file() for link in links(results / "output.xml"))
    assert len(set(recipients(server))) == len(recipients(server)) == len(NAMES)
