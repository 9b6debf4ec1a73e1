"""What tasks.py decides before it starts anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SPEC = spec_from_file_location("tasks", ROOT / "tasks.py")
assert SPEC
assert SPEC.loader
tasks: Any = module_from_spec(SPEC)
sys.modules["tasks"] = tasks  # where dataclasses look for what annotations mean
SPEC.loader.exec_module(tasks)

ROW = {
    "what": "embedded",
    "version": "pymap 0.36.7",
    "started": "in the run",
    "environment": "Python 3.11.7",
    "passed": 12,
    "failed": 0,
    "skipped": 1,
    "note": "",
}


class TestTable:
    def test_columns_are_as_wide_as_their_widest_cell(self) -> None:
        missing = {
            **ROW,
            "what": "greenmail",
            "version": "",
            "passed": 0,
            "note": "skipped: no Java",
        }
        assert tasks.table([ROW, missing]).splitlines() == [
            "server     version       how it was started  with           passed  failed  note",
            "---------  ------------  ------------------  -------------  ------  ------  ----------------",
            "embedded   pymap 0.36.7  in the run          Python 3.11.7  12      0",
            "greenmail                in the run          Python 3.11.7  0       0       skipped: no Java",
        ]

    def test_a_run_without_rows_has_a_head(self) -> None:
        assert len(tasks.table([]).splitlines()) == 2


class TestLowerBounds:
    def test_every_dependency_has_one(self) -> None:
        setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
        needed = re.search(r"^install_requires =\n((?: {4}.+\n)+)", setup, re.MULTILINE)
        assert needed
        pins = tasks.lower_bounds()
        assert [pin.partition("==")[0] for pin in pins] == re.findall(
            r"^ +([\w-]+)", needed[1], re.MULTILINE
        )
        assert all(re.fullmatch(r"[\w-]+==\d+(\.\d+)+", pin) for pin in pins)
        assert "robotframework==7.0" in pins


class TestInterpreters:
    def test_the_one_that_runs_comes_first(self) -> None:
        found = tasks.interpreters()
        assert next(iter(found)) == sys.version_info[:2]
        assert found[sys.version_info[:2]] == (sys.executable,)

    @pytest.mark.skipif(os.name == "nt", reason="the scripts are for a shell")
    def test_only_those_that_run_and_are_supported_count(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = {
            "python3.10": "echo 3 10 final",
            "python3.12": "echo 3 12 final",
            "python3.13": "exit 127",  # as pyenv does for a version that is not active
            "python3.14": "echo 3 14 alpha",
            "python3.15": "echo 3 9 final",
            "python3.16": "echo 3 12 final",
        }
        for name, answer in answers.items():
            script = tmp_path / name
            script.write_text(f"#!/bin/sh\n{answer}\n")
            script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/nowhere")
        expected = {(3, 10): ("python3.10",), (3, 12): ("python3.12",)}
        assert tasks.interpreters() == expected | {sys.version_info[:2]: (sys.executable,)}


class TestAsk:
    def test_what_is_printed(self) -> None:
        assert tasks.ask((sys.executable,), "print('  yes ')") == "yes"

    @pytest.mark.parametrize("command", [("no-such-python",), (sys.executable, "--no-such-option")])
    def test_what_does_not_run(self, command: tuple[str, ...]) -> None:
        assert tasks.ask(command, "print(1)") is None

    def test_what_fails(self) -> None:
        assert tasks.ask((sys.executable,), "print(1); raise SystemExit(1)") is None


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for results."""
    monkeypatch.setattr(tasks, "RESULTS", tmp_path)
    return tmp_path


def job(what: str, *harness: str) -> Any:
    return tasks.Job(Path(sys.executable), "default", what, harness)


class TestJobs:
    def test_a_harness_that_breaks_off_is_a_failure(self, results: Path) -> None:
        (row,) = tasks.run_job(job("broken", "--no-such-option"))
        assert (row["what"], row["note"]) == ("broken", "the harness broke off")
        assert (row["passed"], row["failed"]) == (0, 1)
        assert tasks.table([row])

    def test_rows_of_an_earlier_run_do_not_count(self, results: Path) -> None:
        broken = job("broken", "--no-such-option")
        broken.rows.parent.mkdir()
        broken.rows.write_text("[]", encoding="utf-8")
        assert len(tasks.run_job(broken)) == 1

    def test_running_nothing_gives_none(self, results: Path) -> None:
        assert tasks.run_job(job("nothing")) == []

    def test_what_runs_at_once_is_told_in_order(
        self, results: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        jobs = [job("nothing"), job("broken", "--no-such-option"), job("helped", "--help")]
        rows = tasks.run_jobs(jobs, at_once=2)
        assert [row["what"] for row in rows] == ["broken", "helped"]
        nothing, broken, helped = re.split(
            r"^\w+ \(default\)$", capfd.readouterr().out, flags=re.MULTILINE
        )[1:]
        assert not nothing.strip()
        assert "unrecognized arguments: --no-such-option" in broken
        assert "what to run" in helped


class TestBrowser:
    @pytest.mark.skipif(sys.version_info < (3, 11), reason="says so before it looks for a browser")
    @pytest.mark.parametrize(
        ("programs", "reason"),
        [
            ([], "no Chromium or Chrome; on Debian, install chromium"),
            (["google-chrome"], "no chromedriver; on Debian, install chromium-driver"),
        ],
    )
    @pytest.mark.parametrize(
        ("required", "failed", "word"),
        [([], 0, "skipped"), (["--require", "browser"], 1, "missing")],
    )
    @pytest.mark.skipif(os.name == "nt", reason="the programs are for a shell")
    def test_a_machine_without_one(
        self,
        programs: list[str],
        reason: str,
        required: list[str],
        failed: int,
        word: str,
        results: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for name in programs:
            (tmp_path / name).touch(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        (row,) = tasks.run_job(job("browser", "--run", "browser", *required))
        assert (row["passed"], row["failed"]) == (0, failed)
        assert row["note"] == f"{word}: {reason}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required: COMMAND"),
        (["test", "--require", "exchange"], "invalid choice: 'exchange'"),
        (["test", "--only", "exchange"], "invalid choice: 'exchange'"),
        (["test", "--at-once", "0"], "invalid choice: 0"),
        (["deploy"], "invalid choice: 'deploy'"),
    ],
)
def test_what_the_command_line_does_not_know(arguments: list[str], said: str) -> None:
    command = [sys.executable, str(ROOT / "tasks.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert said in done.stderr
