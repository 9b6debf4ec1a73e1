"""Runs the unit tests, the acceptance suites on each server, and the example with a browser.

All of it in one Python environment.

`python tasks.py test` makes the environment and calls this. The rows of its table are written to
a JSON file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

ATEST = Path(__file__).parent
ROOT = ATEST.parent


@dataclass
class Row:
    """A line of the table.

    what: a server, the unit tests, or the example with a browser
    note: why nothing was run, or what went wrong, "" if all is well
    failed: tests that failed, and 1 for a row that ought to have run tests and did not
    """

    what: str
    version: str = ""
    started: str = ""
    environment: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""


def main() -> None:
    """Run what the command line names, and write the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs="+", default=[], metavar="NAME", help="what to run")
    parser.add_argument("--marked", default="", metavar="MARKERS", help="which unit tests to run")
    parser.add_argument("--first-of", nargs="+", default=[], help="servers, one of which is enough")
    parser.add_argument("--require", nargs="+", default=[], help="what must run")
    parser.add_argument(
        "--faults", nargs="+", default=[], metavar="SERVER", help="servers for the fault laboratory"
    )
    parser.add_argument("--chosen", action="store_true", help="a choice of the faults only")
    parser.add_argument("--repeat", type=int, default=1, help="the faults, so many times")
    parser.add_argument("--results", type=Path, required=True, help="folder for logs")
    parser.add_argument("--rows", type=Path, required=True, help="file for the rows of the table")
    arguments = parser.parse_args()
    # A harness that is told to end must stop its servers, as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    arguments.results.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in arguments.run:
        if name == "unit":
            rows.append(run_unit_tests(arguments.results, arguments.marked))
        elif name == "browser":
            rows.append(run_browser(name in arguments.require, arguments.results))
        else:
            rows.append(run_suites(name, name in arguments.require, arguments.results))
    for name in arguments.first_of:
        rows.append(run_suites(name, False, arguments.results))
        if not rows[-1].note:
            break
    for name in arguments.faults:
        required = name in arguments.require
        rows.append(run_faults(name, required, arguments.repeat, arguments.chosen))
    for row in rows:
        row.environment = (
            f"Python {platform.python_version()}, Robot Framework {version('robotframework')}"
        )
    content = json.dumps([asdict(row) for row in rows])
    arguments.rows.write_text(content, encoding="utf-8")


def run_unit_tests(results: Path, marked: str) -> Row:
    """Run pytest.

    marked: an expression of the markers of the tests that are run; empty for all
    """
    report = results / "unit.xml"
    report.unlink(missing_ok=True)
    # The tests wait more than they compute.
    processes = str(2 * (os.cpu_count() or 1))
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes, f"--junitxml={report}"]
    if marked:
        command += ["-m", marked]
    code = subprocess.run(command, cwd=ROOT).returncode
    row = Row("unit tests", version=f"pytest {version('pytest')}")
    if report.exists():
        suite = next(ElementTree.parse(report).iter("testsuite"))
        row.skipped = int(suite.get("skipped", 0))
        row.failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        row.passed = int(suite.get("tests", 0)) - row.skipped - row.failed
    return _checked(row, code, "see what pytest printed")


def run_suites(name: str, required: bool, results: Path) -> Row:
    """Run the acceptance suites on a server.

    required: whether it is a failure that this machine can't run the server
    """
    from servers import SERVERS
    from servers.base import Unavailable

    try:
        with SERVERS[name]() as server:
            row = Row(name, version=server.version, started=server.started)
            _run_robot(row, ATEST / "suites", server.variables(), results / name)
            return row
    except Unavailable as reason:
        return _not_run(name, required, reason)


def run_browser(required: bool, results: Path) -> Row:
    """Run the example that opens an email in a browser.

    required: whether it is a failure that this machine has no browser
    """
    import browser
    from servers.base import Unavailable

    name = "browser"
    try:
        variables = browser.variables()
    except Unavailable as reason:
        return _not_run(name, required, reason)
    row = Row(name, version=browser.version(variables["CHROMIUM"]), started="headless")
    _run_robot(row, ROOT / "examples" / name, variables, results / name)
    return row


def run_faults(name: str, required: bool, repeat: int, chosen: bool) -> Row:
    """Run the fault laboratory on a server.

    required: whether it is a failure that this machine can't run the server
    repeat, chosen: as for `faults.matrix.run`
    """
    from faults import matrix
    from servers import SERVERS
    from servers.base import Unavailable

    what = f"faults on {name}"
    try:
        with SERVERS[name]() as server:
            report = matrix.run(server, repeat=repeat, chosen=chosen)
            print(f"{what}: {report}", flush=True)
            row = Row(what, version=server.version, started=server.started)
            row.passed, row.failed = report.passed, report.failed
            return _checked(row, 0, "see above")
    except Unavailable as reason:
        return _not_run(what, required, reason)


def _not_run(what: str, required: bool, reason: Exception) -> Row:
    note = f"{'missing' if required else 'skipped'}: {reason}"
    return Row(what, failed=int(required), note=note)


def _run_robot(row: Row, suites: Path, variables: dict[str, str], results: Path) -> None:
    from robot.api import ExecutionResult

    output = results / "output.xml"
    output.unlink(missing_ok=True)
    options = [
        "--name",
        row.what.title(),
        "--exclude",
        f"not-{row.what}",
        "--outputdir",
        str(results),
    ]
    for name, value in variables.items():
        options += ["--variable", f"{name}:{value}"]
    code = subprocess.run(
        [sys.executable, "-m", "robot", "--console", "dotted", *options, str(suites)],
        cwd=ROOT,
    ).returncode
    if output.exists():
        total = ExecutionResult(output).statistics.total
        row.passed, row.failed, row.skipped = total.passed, total.failed, total.skipped
    _checked(row, code, f"see {results}")


def _checked(row: Row, code: int, advice: str) -> Row:
    """Count it as a failure if no test was run, or if the run failed though all tests passed.

    code: the exit code, such as that of pytest when something was left open at the end
    """
    if row.passed + row.failed == 0:
        row.failed = 1
        row.note = f"no test was run; {advice}"
    elif code and not row.failed:
        row.failed = 1
        row.note = f"exit code {code}; {advice}"
    return row


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
