"""Runs the demo, the tests, the linters and so on, each in an environment it makes.

    python tasks.py demo
    python tasks.py test [--require NAME ...] [--only NAME ...] [--matrix] [--at-once NUMBER]
    python tasks.py faults [--chosen] [--repeat TIMES] [--only SERVER ...]
    python tasks.py lint
    python tasks.py docs
    python tasks.py benchmark [--only NAME ...] [--quick]

Needs Python 3.10 or later with pip, and nothing else: what it installs goes to .venv/ and what it
produces to results/, both beside this file.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ROOT / ".venv"
RESULTS = ROOT / "results"
SERVERS = ("embedded", "greenmail", "dovecot")
NAMED_SERVERS = ("cyrus", "courier")
"""These take two minutes each, and run when they are named."""

NEEDING_MORE = (*SERVERS, "browser", *NAMED_SERVERS)
"""What tests need that pip doesn't install, and that a machine may not have."""

TESTING = "server,test,browser"
"""The extras for tests on this Python. Those on others do without the browser."""

OLDEST_PYTHON = (3, 10)
OLDEST_PYTHON_OF_SERVER = (3, 11)

Row = dict[str, Any]
"""A line of the table, as atest/run.py describes it."""

Command = tuple[str, ...]
"""How to start an interpreter, such as ("python3.12",) or ("py", "-3.12")."""


@dataclass(frozen=True)
class Job:
    """Some of the tests, in one environment.

    python: that of the environment
    environment: its name
    what: the part of the tests
    harness: the arguments of atest/run.py
    """

    python: Path
    environment: str
    what: str
    harness: Sequence[str]

    def __str__(self) -> str:
        return f"{self.what} ({self.environment})"

    @property
    def results(self) -> Path:
        """The folder for logs."""
        return RESULTS / self.environment

    @property
    def rows(self) -> Path:
        """The file that the harness writes its rows to."""
        return self.results / f"{self.what}.json"

    @property
    def printed(self) -> Path:
        """The file for what it prints, if that is not to be seen at once."""
        return self.results / f"{self.what}.txt"


def main() -> None:
    """Do what the command line says, and exit with a code that tells whether it went well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("demo", help="run examples/ on the embedded server").set_defaults(do=demo)
    commands.add_parser("lint", help="run ruff, mypy and robocop").set_defaults(do=lint)
    commands.add_parser("docs", help="make the documentation").set_defaults(do=docs)
    tests = commands.add_parser("test", help="run unit tests, suites, examples and faults")
    tests.set_defaults(do=test)
    tests.add_argument(
        "--require",
        nargs="+",
        default=[],
        choices=NEEDING_MORE,
        help="what must run, not be skipped",
    )
    tests.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=("unit", *NEEDING_MORE, "faults"),
        help="run nothing else",
    )
    tests.add_argument(
        "--matrix", action="store_true", help="also on the oldest and newest versions to be had"
    )
    tests.add_argument(
        "--at-once",
        type=int,
        default=1,
        choices=range(1, 10),
        metavar="NUMBER",
        help="how much runs at a time; with more than 1, what it prints comes at its end",
    )
    benchmarks = commands.add_parser("benchmark", help="measure how fast it is")
    benchmarks.set_defaults(do=benchmark)
    benchmarks.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="run nothing else; see benchmarks/"
    )
    benchmarks.add_argument(
        "--quick", action="store_true", help="repeat little: to see that all works, no figures"
    )
    laboratory = commands.add_parser("faults", help="run keywords through all faults")
    laboratory.set_defaults(do=faults)
    laboratory.add_argument(
        "--chosen", action="store_true", help="only the cells that 'test' runs, not all"
    )
    laboratory.add_argument("--repeat", type=int, default=1, help="how often, 1 by default")
    laboratory.add_argument(
        "--only", nargs="+", default=SERVERS, choices=(*SERVERS, *NAMED_SERVERS)
    )
    arguments = parser.parse_args()
    try:
        sys.exit(arguments.do(arguments))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")


def demo(arguments: argparse.Namespace) -> int:
    """Run the suites in examples/ on the embedded server."""
    capable = {v: c for v, c in interpreters().items() if v >= OLDEST_PYTHON_OF_SERVER}
    if not capable:
        sys.exit("The demo's mail server needs Python 3.11 or later, and none was found.")
    # interpreters() begins with the one that runs this.
    python = make_environment(next(iter(capable.values())), "server")
    output = RESULTS / "demo"
    # What needs a browser is left out: not every machine has one.
    command: list[str | Path] = [python, "-m", "robot", "--exclude", "browser"]
    code = run([*command, "--outputdir", output, "--log", "log.html", "examples"])
    print(f"\nEach step, with the emails, is in the log: {output / 'log.html'}")
    return code


def lint(arguments: argparse.Namespace) -> int:
    """Run the linters and check the formatting; all of them, even if one finds something."""
    python = make_environment((sys.executable,), "server,lint")
    checks = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["robocop", "check", "--no-cache", "atest", "examples"],
        ["robocop", "format", "--no-cache", "--check", "--diff", "atest", "examples"],
    )
    failed = [" ".join(check) for check in checks if run([python, "-m", *check])]
    print("\nFailed: " + ", ".join(failed) if failed else "\nNothing to complain about.")
    return int(bool(failed))


def docs(arguments: argparse.Namespace) -> int:
    """Make the documentation: pages by Sphinx, and what libdoc says of the keywords."""
    python = make_environment((sys.executable,), "server,docs")
    pages = RESULTS / "docs"
    # Made anew each time, so that nothing is left of what is not there any more.
    shutil.rmtree(pages, ignore_errors=True)
    strictly = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet", "--fresh-env"]
    made = run([python, "-m", "sphinx", *strictly, "docs", pages])
    documented = run([python, "-m", "robot.libdoc", "ImapLibrary", pages / "ImapLibrary.html"])
    if made or documented:
        return 1
    print(f"\nThe documentation is in {pages / 'index.html'}")
    return 0


def benchmark(arguments: argparse.Namespace) -> int:
    """Run the benchmarks and print their table."""
    peers = (ROOT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in peers if "==" in line]
    python = make_environment((sys.executable,), "server", pins)
    command: list[str | Path] = [python, ROOT / "benchmarks" / "benchmark.py"]
    command += ["--results", RESULTS / "benchmarks"]
    if arguments.only:
        command += ["--only", *arguments.only]
    if arguments.quick:
        command += ["--quick"]
    return run(command)


def test(arguments: argparse.Namespace) -> int:
    """Run the tests and print the table."""
    # What is required is run, whatever else is left out.
    usual = ("unit", *SERVERS, "browser", "faults")
    wanted = {*(arguments.only or usual), *arguments.require}
    python = make_environment((sys.executable,), TESTING)
    jobs = []
    for name in ("unit", *NEEDING_MORE):
        if name in wanted:
            harness = ["--run", name]
            if name in arguments.require:
                harness += ["--require", name]
            if name == "unit" and arguments.matrix:  # the others run on the oldest and the newest
                harness += ["--marked", "once"]
            jobs.append(Job(python, "default", name, harness))
    if "faults" in wanted:
        jobs += fault_jobs(python, SERVERS, ["--chosen"], arguments.require)
    if arguments.matrix:
        jobs += matrix_jobs()
    return told(run_jobs(jobs, arguments.at_once))


def matrix_jobs() -> list[Job]:
    """Return what runs on the oldest and on the newest versions to be had."""
    found = interpreters()
    oldest = make_environment(found[min(found)], "server,test", lower_bounds())
    newest = make_environment(found[max(found)], "server,test", upgrade=True)
    units = ["--run", "unit", "--marked", "not once"]
    any_server = ["--first-of", "embedded", "dovecot", "greenmail"]
    return [
        Job(oldest, "oldest", "unit", units),
        Job(oldest, "oldest", "a server", any_server),
        Job(newest, "newest", "unit", units),
        Job(newest, "newest", "embedded", ["--run", "embedded"]),
    ]


def faults(arguments: argparse.Namespace) -> int:
    """Run the fault laboratory and print the table."""
    python = make_environment((sys.executable,), TESTING)
    how = ["--repeat", str(arguments.repeat), *(["--chosen"] if arguments.chosen else [])]
    return told(run_jobs(fault_jobs(python, arguments.only, how), 1))


def fault_jobs(
    python: Path, servers: Sequence[str], how: Sequence[str], required: Sequence[str] = ()
) -> list[Job]:
    """Return the fault laboratory on each of some servers.

    how: further arguments of the harness
    required: the servers that must run
    """
    jobs = []
    for server in servers:
        require = ["--require", server] if server in required else []
        harness = ["--faults", server, *how, *require]
        jobs.append(Job(python, "default", f"faults on {server}", harness))
    return jobs


def told(rows: Sequence[Row]) -> int:
    """Print the table, and return the exit code that the rows mean."""
    passed, failed, skipped = (
        sum(row[name] for row in rows) for name in ("passed", "failed", "skipped")
    )
    print(f"\n{table(rows)}\n\n{passed} passed, {failed} failed, {skipped} skipped")
    return int(failed > 0 or passed == 0)


def run_jobs(jobs: Sequence[Job], at_once: int = 1) -> list[Row]:
    """Run jobs, so many at once, and return their rows in order."""
    if at_once == 1:
        return [row for job in jobs for row in run_job(job)]
    rows = []
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for job, found in zip(jobs, pool.map(partial(run_job, quiet=True), jobs), strict=True):
                print(f"\n{job}\n{job.printed.read_text(encoding='utf-8', errors='replace')}")
                rows += found
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return rows


def run_job(job: Job, quiet: bool = False) -> list[Row]:
    """Run a job and return its rows.

    quiet: keep what it prints in a file
    """
    job.results.mkdir(parents=True, exist_ok=True)
    job.rows.unlink(missing_ok=True)
    command: list[str | Path] = [job.python, ROOT / "atest" / "run.py"]
    command += ["--results", job.results, "--rows", job.rows, *job.harness]
    run(command, job.printed if quiet else None)
    if job.rows.exists():
        rows: list[Row] = json.loads(job.rows.read_text(encoding="utf-8"))
        return rows
    broken: Row = {"what": job.what, "version": "", "started": "", "environment": str(job.python)}
    return [broken | {"passed": 0, "failed": 1, "skipped": 0, "note": "the harness broke off"}]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, each column as wide as its widest cell."""
    columns = {
        "server": "what",
        "version": "version",
        "how it was started": "started",
        "with": "environment",
        "passed": "passed",
        "failed": "failed",
        "note": "note",
    }
    cells = [list(columns), *([str(row[key]) for key in columns.values()] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    cells.insert(1, ["-" * width for width in widths])
    lines = ("  ".join(cell.ljust(w) for cell, w in zip(line, widths)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def make_environment(
    interpreter: Command, extras: str, pins: Sequence[str] = (), upgrade: bool = False
) -> Path:
    """Return the Python of a virtual environment that holds this project, making it if need be.

    extras: of the project, separated by commas
    pins: exact versions of some dependencies, as pip takes them
    upgrade: whether to bring all dependencies to their newest versions
    """
    version = ask(interpreter, "import platform; print(platform.python_version())")
    if version is None:
        sys.exit(f"{' '.join(interpreter)} does not run.")
    content = b"".join((ROOT / name).read_bytes() for name in ("setup.cfg", "pyproject.toml"))
    digest = hashlib.sha256(content + repr((ROOT, extras, pins, upgrade)).encode()).hexdigest()
    folder = ENVIRONMENTS / f"{version}-{digest[:8]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    complete = folder / "complete"
    if complete.exists() and not upgrade:
        return python
    if not complete.exists():
        print(f"Making an environment with Python {version} in {folder}", flush=True)
        create_environment(interpreter, folder)
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    if upgrade:
        install += ["--upgrade", "--upgrade-strategy", "eager"]
    install += ["--editable", f"{ROOT}[{extras}]", *pins]
    # A second try, since registries have their moments.
    if run(install) and run(install):
        sys.exit("pip could not install what is needed; its message stands above.")
    complete.touch()
    return python


def create_environment(interpreter: Command, folder: Path) -> None:
    """Make an empty virtual environment, with venv or, where Python lacks it, virtualenv."""
    for module in ("venv", "virtualenv"):
        shutil.rmtree(folder, ignore_errors=True)
        made = subprocess.run(
            [*interpreter, "-m", module, str(folder)], capture_output=True, text=True
        )
        if made.returncode == 0:
            return
        if module == "venv":
            message = made.stdout + made.stderr
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(
        f"{message}\nPython could not make a virtual environment. On Debian and Ubuntu, install "
        "the package python3-venv; elsewhere 'pip install virtualenv' may help."
    )


def interpreters() -> dict[tuple[int, int], Command]:
    """Return the Pythons of this machine that the library supports, by version.

    The one that runs this comes first.
    """
    found: dict[tuple[int, int], Command] = {}
    for command in interpreter_candidates():
        # A name on the path proves nothing: pyenv has one for each version, active or not.
        answer = ask(command, "import sys; print(*sys.version_info[:2], sys.version_info[3])")
        if answer is None:
            continue
        major, minor, level = answer.split()
        version = (int(major), int(minor))
        if version >= OLDEST_PYTHON and level == "final":
            found.setdefault(version, command)
    return found


def interpreter_candidates() -> Iterator[Command]:
    """Yield what might start a Python."""
    yield (sys.executable,)
    for minor in range(OLDEST_PYTHON[1], OLDEST_PYTHON[1] + 10):
        yield (f"python3.{minor}",)
        if os.name == "nt":
            yield ("py", f"-3.{minor}")
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True).stdout.strip()
        for python in sorted(Path(root, "versions").glob("3.*/bin/python")):
            yield (str(python),)


def ask(interpreter: Command, code: str) -> str | None:
    """Return what an interpreter prints for a line of code, None if it does not run."""
    try:
        done = subprocess.run([*interpreter, "-c", code], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def lower_bounds() -> list[str]:
    """Return the oldest versions of the dependencies that setup.cfg allows, as pins."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = setup["options"]["install_requires"].split("\n")
    return [line.replace(">=", "==") for line in lines if ">=" in line]


def run(command: Sequence[str | Path], printed: Path | None = None) -> int:
    """Run a command in the project's folder and return its exit code.

    printed: a file for what it prints
    """
    words = [str(part) for part in command]
    sys.stdout.flush()
    if printed is None:
        return subprocess.run(words, cwd=ROOT).returncode
    with printed.open("wb") as file:
        return subprocess.run(words, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT).returncode


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.10 or later is needed; this is {sys.version.split()[0]}.")
    main()
