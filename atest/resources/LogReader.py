"""Reads what the log of a run shows of emails."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from robot.api import ExecutionResult
from robot.api.deco import keyword, library


@library(scope="GLOBAL")
class LogReader:
    """Keywords that read an ``output.xml`` and what lies beside it."""

    @keyword
    def get_shown_emails(self, output: Path, test: str, name: str) -> list[str]:
        """Returns the HTML that a keyword wrote to the log in a test, once for each of its runs."""
        runs = _runs(output, test, name)
        return ["".join(each.message for each in step.messages if each.html) for step in runs]

    @keyword
    def get_messages(self, output: Path, test: str, name: str) -> list[str]:
        """Returns all that the runs of a keyword wrote to the log in a test."""
        return [each.message for step in _runs(output, test, name) for each in step.messages]

    @keyword
    def get_pages(self, output: Path, html: str) -> list[str]:
        """Returns the pages that HTML in a log has links to."""
        names = dict.fromkeys(re.findall(r'(?:src|href)="([^"]*)"', html))
        return [(output.parent / name).read_text(encoding="utf-8") for name in names]


def _runs(output: Path, test: str, name: str) -> list[Any]:
    """Return the runs of a keyword in a test."""
    tests = {each.name: each for each in ExecutionResult(output).suite.all_tests}
    return [step for step in _steps(tests[test]) if step.name == name]


def _steps(parent: Any) -> Iterator[Any]:
    """Yield the keywords that ran, also those within others."""
    for step in parent.body:
        if step.type == "KEYWORD":
            yield step
            yield from _steps(step)
