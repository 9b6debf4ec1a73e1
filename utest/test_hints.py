"""What the log says of old names, and how often."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ImapLibrary.keywords import hints as module
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.mailbox import Opener

HINT = (
    "`Wait For Mail` is a keyword of older libraries and goes on working. Today it is `Wait For "
    "Email`. (legacy_hints=False at import silences this.)"
)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "ImapLibrary"):
        yield caplog


def in_suite(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(module, "opener", lambda: Opener(name))


def test_once_in_a_suite_for_each_name(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = Hints()
    for suite in ("First", "Second"):
        in_suite(monkeypatch, suite)
        for _ in range(3):
            hints.superseded("Wait For Mail", "`Wait For Email`")
    assert log.messages == [HINT, HINT]
    assert {record.levelname for record in log.records} == {"INFO"}
    hints.superseded("Mark As Read", "`Mark All As Read`")
    assert len(log.messages) == 3


def test_warnings_too(log: pytest.LogCaptureFixture) -> None:
    hints = Hints()
    hints.warn("ssl", "The argument ssl=1 is taken as TLS.")
    hints.warn("ssl", "The argument ssl=1 is taken as TLS.")
    assert [(record.levelname, record.message) for record in log.records] == [
        ("WARNING", "The argument ssl=1 is taken as TLS.")
    ]


def test_none_if_none_are_wanted(log: pytest.LogCaptureFixture) -> None:
    hints = Hints(wanted=False)
    hints.superseded("Wait For Mail", "`Wait For Email`")
    hints.warn("ssl", "The argument ssl=1 is taken as TLS.")
    assert not log.messages


@pytest.mark.parametrize(("argument", "count"), [("", 2), ("legacy_hints=False", 0)])
def test_in_a_run_of_two_suites(tmp_path: Path, argument: str, count: int) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.robot").write_text(
            f"*** Settings ***\nLibrary    ImapLibrary    {argument}\n*** Test Cases ***\n"
            + "".join(
                f"{test}\n    Run Keyword And Ignore Error    Mark As Read\n" for test in ("A", "B")
            ),
            encoding="utf-8",
        )
    command = [sys.executable, "-m", "robot", "--log", "NONE", "--report", "NONE"]
    subprocess.run(
        [*command, "--outputdir", str(tmp_path), str(tmp_path)], check=True, capture_output=True
    )
    output = (tmp_path / "output.xml").read_text(encoding="utf-8")
    assert output.count("Today it is `Mark All As Read`.") == count
