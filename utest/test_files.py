"""Reading and writing files, and how its failures read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ImapLibrary.errors import FileFailed
from ImapLibrary.files import Folder, read, write

NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Let root be somebody else, because to root everything is permitted."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    content = bytes(range(256)) + b"\r\n\n\r"
    path = write(tmp_path / "new" / "folder" / "mail.eml", content)
    assert path == tmp_path / "new" / "folder" / "mail.eml"
    assert read(path) == content


def test_the_path_that_is_returned_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write(Path("mail.eml"), b"") == tmp_path / "mail.eml"
    assert Folder(Path("folder")).save("a", b"") == tmp_path / "folder" / "a"


def test_a_file_is_replaced_on_request_only(tmp_path: Path) -> None:
    path = write(tmp_path / "mail.eml", b"first, and longer")
    with pytest.raises(FileFailed) as failure:
        write(path, b"second")
    assert str(failure.value) == (
        f"Could not write {path}: it is there already. Give another path, or overwrite=True to "
        "replace it."
    )
    assert read(path) == b"first, and longer"
    write(path, b"second", overwrite=True)
    assert read(path) == b"second"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere" / "precious", b"precious")
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        (folder / "link").symlink_to(elsewhere)
        (folder / "dangling").symlink_to(tmp_path / "elsewhere" / "new")
    except OSError:
        pytest.skip("this user may not make links")
    with pytest.raises(FileFailed, match="it is there already"):
        write(folder / "dangling", b"x")
    assert Folder(folder).save("link", b"x").name == "link (2)"
    for overwriting in (Folder(folder, overwrite=True), Folder(folder, overwrite=True)):
        assert overwriting.save("link", b"x") == folder / "link"
        assert overwriting.save("dangling", b"x") == folder / "dangling"
    assert read(elsewhere) == b"precious"
    assert names(tmp_path / "elsewhere") == ["precious"]


@pytest.mark.parametrize("what", [read, lambda path: write(path, b"", overwrite=True)])
def test_a_folder_is_no_file(tmp_path: Path, what: object) -> None:
    assert callable(what)
    with pytest.raises(FileFailed) as failure:
        what(tmp_path)
    assert str(failure.value).endswith(f"{tmp_path}: it is a folder. Give the path of a file.")


def test_what_is_missing_can_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "missing.eml"
    with pytest.raises(FileFailed) as failure:
        read(path)
    # The reason in between is in the words of the system.
    assert str(failure.value).startswith(f"Could not read {path}: ")
    assert str(failure.value).endswith(". Is the path right?")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "file", b"")
    with pytest.raises(FileFailed) as failure:
        write(path / "mail.eml", b"")
    assert str(failure.value).startswith(f"Could not make the folder {path}: ")
    assert str(failure.value).endswith("A part of the path is a file, where a folder is needed.")
    with pytest.raises(FileFailed, match="where a folder is needed"):
        Folder(path / "below")


def test_a_path_that_no_system_has(tmp_path: Path) -> None:
    for fails in (read, lambda path: write(path, b""), lambda path: Folder(path)):
        with pytest.raises(FileFailed, match="null (byte|character)"):
            fails(tmp_path / "x\0y" / "z")
    with pytest.raises(FileFailed, match=r"Choose a shorter path\.$"):
        write(tmp_path / ("x" * 300), b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_without_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    write(closed / "mail.eml", b"")
    closed.chmod(0)
    calls = (read, lambda path: write(path, b"", overwrite=True), lambda path: Folder(path / "new"))
    with ordinary_user():
        for fails in calls:
            with pytest.raises(FileFailed) as failure:
                fails(closed / "mail.eml")
            assert str(failure.value).endswith(
                ": Permission denied. Is it in use, or does the user who runs the tests lack the "
                "permission?"
            )
    closed.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_half_a_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, mode: str) -> object:
        assert mode == "xb"
        path.touch()
        return open("/dev/full", "wb")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(FileFailed, match=r"There is no room left\.$"):
        write(tmp_path / "mail.eml", b"x")
    assert names(tmp_path) == []


def test_equal_names_get_numbers(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "new")
    saved = [folder.save(name, name.encode()).name for name in ("a.png", "A.PNG", "a.png", "b")]
    assert saved == ["a.png", "A (2).PNG", "a (3).png", "b"]
    assert names(tmp_path / "new") == sorted(saved)
    assert read(tmp_path / "new" / "A (2).PNG") == b"A.PNG"


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path / "LOGO.png", b"old")
    write(tmp_path / "logo (2).png", b"old")
    (tmp_path / "data").mkdir()
    folder = Folder(tmp_path)
    assert folder.save("logo.png", b"new").name == "logo (3).png"
    assert folder.save("data", b"new").name == "data (2)"
    # One that another test has made meanwhile.
    write(tmp_path / "late.txt", b"old")
    assert folder.save("late.txt", b"new").name == "late (2).txt"
    assert read(tmp_path / "LOGO.png") == read(tmp_path / "late.txt") == b"old"


def test_what_is_there_is_replaced_on_request(tmp_path: Path) -> None:
    write(tmp_path / "logo.png", b"old, and longer")
    (tmp_path / "data").mkdir()
    folder = Folder(tmp_path, overwrite=True)
    saved = [folder.save("logo.png", b"new").name, folder.save("logo.png", b"newer").name]
    assert saved == ["logo.png", "logo (2).png"]
    assert read(tmp_path / "logo.png") == b"new"
    assert folder.save("data", b"new").name == "data (2)"


@pytest.mark.parametrize("name", ["../evil", "..", "/etc/evil", "C:\\evil", "a/../../evil", "~"])
def test_nothing_gets_outside_the_folder(tmp_path: Path, name: str) -> None:
    path = Folder(tmp_path / "folder").save(name, b"x")
    assert path.parent == tmp_path / "folder"
    assert path.resolve().parent == (tmp_path / "folder").resolve()
    assert names(tmp_path) == ["folder"]


def test_many_equal_names_take_no_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for _ in range(3000):
        last = folder.save("logo.png", b"")
    assert last.name == "logo (3000).png"
