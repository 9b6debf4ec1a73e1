"""The bytes of an email that is to be stored: given as such or in a file, of any size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ImapLibrary import files
from ImapLibrary.errors import FileFailed, InvalidArgument

LONE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class Content:
    """The bytes of an email, piece by piece, so that a large file is never in memory as a whole.

    source: the bytes, or the file with them. If its first line ends in LF alone, as text files of
        Unix do, all lines get the CR LF of emails; otherwise nothing is changed.
    size: how many bytes there are

    Raises FileFailed if the file can't be read, and InvalidArgument if there is nothing in it.
    """

    def __init__(self, source: bytes | Path) -> None:
        self._source = source
        first_line = next(self._read(), b"").partition(b"\n")[0]
        self._unix = not first_line.endswith(b"\r")
        self.size = sum(map(len, self._stored()))
        if not self.size:
            what = "The email" if isinstance(source, bytes) else f"The file {source}"
            raise InvalidArgument(f"{what} is empty.")

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning, exactly as many as `size` says.

        Raises FileFailed, before the first byte too many, if the file was changed meanwhile.
        """
        left = self.size
        for piece in self._stored():
            left -= len(piece)
            if left < 0:
                break
            yield piece
        if left:
            raise FileFailed(
                f"The file {self._source!s} was changed while it was sent: it has "
                f"{'more' if left < 0 else 'fewer'} bytes now. The email was not put into the "
                "folder. Append it once the file is complete."
            )

    def head(self, size: int) -> bytes:
        """Return the first bytes, at most so many."""
        head = b""
        for piece in self._stored():
            head += piece
            if len(head) >= size:
                break
        return head[:size]

    def raw(self) -> bytes:
        """Return all of the bytes, which may be many."""
        return b"".join(self.pieces())

    def _stored(self) -> Iterator[bytes]:
        """Yield the bytes as they are to be stored, however many there are now."""
        return _with_crlf(self._read()) if self._unix else self._read()

    def _read(self) -> Iterator[bytes]:
        if isinstance(self._source, bytes):
            return iter([self._source])
        return files.pieces(self._source)


def _with_crlf(pieces: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for piece in pieces:
        yield LONE_LINE_FEED.sub(b"\r\n", before + piece)[len(before) :]
        before = b"\r" if piece.endswith(b"\r") else b""
