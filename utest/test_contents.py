"""The bytes of an email that is to be stored: not changed, but for the line ends of Unix."""

from __future__ import annotations

from pathlib import Path

import pytest

from ImapLibrary import files
from ImapLibrary.changing.contents import Content
from ImapLibrary.errors import FileFailed, InvalidArgument


@pytest.fixture(params=["bytes", "file"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def content(raw: bytes, kind: str, folder: Path) -> Content:
    if kind == "bytes":
        return Content(raw)
    path = folder / "email.eml"
    path.write_bytes(raw)
    return Content(path)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (b"A: b\r\n\r\nText\r\n", b"A: b\r\n\r\nText\r\n"),
        (b"A: b\n\nText\n", b"A: b\r\n\r\nText\r\n"),
        (b"A: b\n\r\nmixed\n", b"A: b\r\n\r\nmixed\r\n"),
        (b"A: b\r\n\r\nodd\n\nends\r", b"A: b\r\n\r\nodd\n\nends\r"),
        (b"no line end", b"no line end"),
        (b"\n", b"\r\n"),
    ],
)
@pytest.mark.parametrize("piece", [7, 1024])
def test_line_ends(
    raw: bytes,
    stored: bytes,
    piece: int,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first line decides. All that matters of it is in the first piece."""
    monkeypatch.setattr(files, "PIECE", piece)
    email = content(raw, kind, tmp_path)
    assert b"".join(email.pieces()) == stored
    assert email.size == len(stored)
    assert email.head(5) == stored[:5]
    assert email.head(1000) == stored


def test_a_file_cut_between_the_two_bytes_of_a_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIECE", 5)
    email = content(b"A:b\n\n1234\r\n\n\n", "file", tmp_path)
    assert b"".join(email.pieces()) == b"A:b\r\n\r\n1234\r\n\r\n\r\n"


@pytest.mark.parametrize("piece", [7, 1024])
@pytest.mark.parametrize(
    ("now", "change"), [(b"A: b\n\nText\nmore\n", "more"), (b"A: b\n\nText", "fewer")]
)
def test_a_file_that_changes(
    now: bytes, change: str, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a byte too many is given, which the server would take for a command."""
    monkeypatch.setattr(files, "PIECE", piece)
    email = content(b"A: b\n\nText\n", "file", tmp_path)
    path = tmp_path / "email.eml"
    path.write_bytes(now)
    given = b""
    with pytest.raises(FileFailed) as caught:
        for each in email.pieces():
            given += each
    assert len(given) <= email.size
    assert str(caught.value) == (
        f"The file {path} was changed while it was sent: it has {change} bytes now. The email was "
        "not put into the folder. Append it once the file is complete."
    )


def test_empty(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument) as caught:
        content(b"", kind, tmp_path)
    what = "The email" if kind == "bytes" else f"The file {tmp_path / 'email.eml'}"
    assert str(caught.value) == f"{what} is empty."


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileFailed) as caught:
        Content(tmp_path / "none.eml")
    assert str(caught.value) == (
        f"Could not read {tmp_path / 'none.eml'}: No such file or directory. Is the path right?"
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileFailed, match="it is a folder. Give the path of a file"):
        Content(tmp_path)


def test_nul_in_a_path() -> None:
    with pytest.raises(FileFailed, match="embedded null"):
        Content(Path("a\0b"))
