"""The 2016 distribution robotframework-imaplibrary, which owns the same folder ImapLibrary.

pip lets one overwrite files of the other without a word. Whichever was installed last, importing
ImapLibrary says so:

- theirs first, ours last: our `__init__.py` runs and calls `warn_about_old_library`;
- ours first, theirs last: their `__init__.py` runs. It imports `get_version` from
  `ImapLibrary.version`, and that is still ours: a package takes precedence over a module of the
  same name. Our `version` is a package for this reason alone, and fails with `overwritten`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterable

_METADATA_FOLDER = re.compile(
    r"robotframework[-_.]+imaplibrary-(?P<version>[^-]+).*\.(dist|egg)-info", re.IGNORECASE
)
_REMEDY = (
    "Uninstall both and install this one again: "
    "'pip uninstall robotframework-imaplibrary robotframework-imap', "
    "then 'pip install robotframework-imap'."
)

_log = logging.getLogger(__name__)


def warn_about_old_library() -> None:
    """Log a warning if robotframework-imaplibrary is installed for this Python.

    Robot Framework shows it on the console and in the log; plain Python writes it to stderr.
    """
    for folder, version in find_old_library(sys.path):
        _log.warning(
            "robotframework-imaplibrary %s is installed beside robotframework-imap, in %s. Both "
            "own the folder ImapLibrary: installing, updating or uninstalling one overwrites or "
            "removes files of the other. %s",
            version,
            folder,
            _REMEDY,
        )
        return


def overwritten() -> ImportError:
    """Return the error for an ImapLibrary whose `__init__.py` is no longer ours."""
    return ImportError(
        "robotframework-imaplibrary was installed after robotframework-imap and overwrote a part "
        "of it, since both own the folder ImapLibrary. Neither works now. " + _REMEDY
    )


def find_old_library(path: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield folder and version of each installed robotframework-imaplibrary.

    path: folders to look at, as in `sys.path`

    Only names of folders are read: importlib.metadata would take longer than the rest of the
    library takes to import.
    """
    for folder in path:
        try:
            names = os.listdir(folder or os.curdir)
        except OSError:  # a zip file, or a folder that does not exist
            continue
        for name in names:
            if found := _METADATA_FOLDER.fullmatch(name):
                yield folder, found["version"]
