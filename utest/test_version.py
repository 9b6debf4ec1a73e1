"""The version that users, pip and Robot Framework are told."""

from __future__ import annotations

from importlib.metadata import version

import pytest

import ImapLibrary
import ImapLibrary.version


def test_it_is_the_same_everywhere() -> None:
    installed = version("robotframework-imap")
    assert ImapLibrary.__version__ == ImapLibrary.version.__version__ == installed
    assert ImapLibrary.ImapLibrary.ROBOT_LIBRARY_VERSION == installed


def test_the_name_that_the_2016_library_asks_for_says_what_happened() -> None:
    with pytest.raises(ImportError, match="overwrote a part of it"):
        _ = ImapLibrary.version.get_version


def test_any_other_name_is_missing_as_in_any_module() -> None:
    with pytest.raises(
        AttributeError, match=r"^module 'ImapLibrary\.version' has no attribute 'VERSION'$"
    ):
        _ = ImapLibrary.version.VERSION
