"""What the log says of old names, and how often."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ImapLibrary.keywords import hints as module
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.mailboxes import Opener

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
