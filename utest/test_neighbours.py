"""The 2016 library beside ours, in both orders of installation, as real files in a real folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ImapLibrary
from ImapLibrary.neighbours import find_old_library

PACKAGE = Path(ImapLibrary.__file__).parent

# What its own __init__.py does first; the rest of its files is one version.py.
OLD_INIT = """
from ImapLibrary.version import get_version

class ImapLibrary(object):
    ROBOT_LIBRARY_VERSION = get_version()
"""
OLD_VERSION = """
VERSION = "0.3.0"

def get_version():
    return VERSION
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder that holds a copy of our package, as site-packages would."""
    shutil.copytree(PACKAGE, tmp_path / "ImapLibrary", ignore=shutil.ignore_patterns("*.pyc"))
    return tmp_path


def place_old_metadata(
    site: Path, name: str = "robotframework_imaplibrary-0.3.0.dist-info"
) -> None:
    (site / name).mkdir()


def import_from(site: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import ImapLibrary; print('imported')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=site)


def test_alone_it_says_nothing(site: Path) -> None:
    done = import_from(site)
    assert (done.stdout.strip(), done.stderr) == ("imported", "")


def test_ours_installed_last_imports_and_warns(site: Path) -> None:
    place_old_metadata(site)
    (site / "ImapLibrary" / "version.py").write_text(OLD_VERSION)
    done = import_from(site)
    assert done.stdout.strip() == "imported"
    assert "robotframework-imaplibrary 0.3.0 is installed beside robotframework-imap" in done.stderr
    assert str(site) in done.stderr
    assert "pip uninstall robotframework-imaplibrary robotframework-imap" in done.stderr


def test_theirs_installed_last_fails_and_says_why(site: Path) -> None:
    place_old_metadata(site)
    (site / "ImapLibrary" / "version.py").write_text(OLD_VERSION)
    (site / "ImapLibrary" / "__init__.py").write_text(OLD_INIT)
    done = import_from(site)
    assert done.returncode != 0
    assert "ImportError: robotframework-imaplibrary was installed after" in done.stderr
    assert "pip install robotframework-imap" in done.stderr


def test_robot_shows_the_warning(site: Path) -> None:
    place_old_metadata(site)
    (site / "suite.robot").write_text(
        "*** Settings ***\nLibrary    ImapLibrary\n*** Test Cases ***\nTest\n    No Operation\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "robot", "-P", str(site), "-d", "out", "suite.robot"],
        capture_output=True,
        text=True,
        cwd=site,
    )
    assert "[ WARN ]" in done.stderr
    assert "robotframework-imaplibrary 0.3.0 is installed beside" in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "robotframework_imaplibrary-0.3.0.dist-info",
        "robotframework_imaplibrary-0.3.0-py3.5.egg-info",
        "robotframework-imaplibrary-0.3.0.egg-info",
        "Robotframework_ImapLibrary-0.3.0.dist-info",
    ],
)
def test_it_is_known_by_each_spelling(tmp_path: Path, name: str) -> None:
    place_old_metadata(tmp_path, name)
    assert list(find_old_library([str(tmp_path)])) == [(str(tmp_path), "0.3.0")]


@pytest.mark.parametrize(
    "name",
    [
        "robotframework_imap-0.1.0.dist-info",
        "robotframework_imaplibrary2-0.4.11.dist-info",
        "robotframework_imaplibrary",
    ],
)
def test_others_are_not_taken_for_it(tmp_path: Path, name: str) -> None:
    place_old_metadata(tmp_path, name)
    assert list(find_old_library([str(tmp_path)])) == []


def test_folders_that_can_not_be_read_are_passed_over(tmp_path: Path) -> None:
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"")
    assert list(find_old_library([str(archive), str(tmp_path / "missing")])) == []
