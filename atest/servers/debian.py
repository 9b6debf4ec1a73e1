"""Debian packages beside the system: downloaded and unpacked, never installed.

Mail servers conflict with each other as packages. As files in a folder they do not.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from servers.base import Unavailable

_CACHE = Path(__file__).parents[2] / ".venv" / "debian"

_TOOLS = ("apt-get", "apt-cache", "dpkg")

EAT_MY_DATA = "libeatmydata1"
"""With this, programs do not wait for the disk. No mail needs to outlive the machine."""


@dataclass(frozen=True)
class Unpacked:
    """Packages in a folder of their own.

    folder: what is `/` for a package that is installed
    version: that of the first package
    """

    folder: Path
    version: str

    def path(self, name: str) -> Path:
        """Return where a file is that would be at `/name` if it were installed."""
        return self.folder / name

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which programs find their libraries."""
        places = [self.folder / "usr" / "lib", self.folder / "lib"]
        folders = [place for base in places for place in (base, *base.glob("*-linux-gnu*"))]
        preloaded = self.folder.glob("usr/lib/*/libeatmydata.so")
        return {
            **os.environ,
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, folders)),
            "LD_PRELOAD": os.pathsep.join(map(str, preloaded)),
        }


def unpacked(*packages: str) -> Unpacked:
    """Return packages, and the libraries that the system lacks for them.

    Raises Unavailable where they can't be had: not on Debian or Ubuntu, or offline.
    """
    if missing := [tool for tool in _TOOLS if not shutil.which(tool)]:
        raise Unavailable(f"taken from Debian's packages, and there is no {missing[0]}")
    version = _candidate(packages[0])
    folder = _CACHE / f"{packages[0]}-{version.replace(':', '.')}"
    if not folder.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_CACHE) as name:
            made = Path(name, "root")
            _unpack(_download([*packages, *_libraries(packages)], Path(name)), made)
            made.rename(folder)
    return Unpacked(folder, version.partition("-")[0])


def _candidate(package: str) -> str:
    """Return the version that would be installed."""
    found = re.search(r"Candidate: (\S+)", _output(["apt-cache", "policy", package]))
    if not found or found[1] == "(none)":
        raise Unavailable(f"apt knows no package {package} (is 'apt-get update' needed?)")
    return found[1]


def _libraries(packages: tuple[str, ...]) -> list[str]:
    """Return the libraries that would be installed with packages. Nothing is."""
    simulated = _output(
        ["apt-get", "install", "--simulate", "--no-install-recommends", "-qq", *packages]
    )
    # An upgrade of what is there has its version in brackets.
    return re.findall(r"^Inst (lib\S+) \(", simulated, re.MULTILINE)


def _download(packages: list[str], folder: Path) -> list[Path]:
    done = subprocess.run(
        ["apt-get", "download", "-qq", *dict.fromkeys(packages)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Unavailable(f"no download from Debian: {done.stderr.strip()[-200:]}")
    return sorted(folder.glob("*.deb"))


def _unpack(archives: list[Path], folder: Path) -> None:
    folder.mkdir(mode=0o755)
    for archive in archives:
        subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True)


def _output(command: list[str]) -> str:
    """Return what a command prints in English."""
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    ).stdout
