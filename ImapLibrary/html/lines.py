"""Pieces of text -> lines, as a browser lays them out."""

from __future__ import annotations

import re

_BLANKS = " \t\n\r\f"
"""What CSS collapses; a no-break space isn't among it."""

_WHITE_SPACE = re.compile(f"[\t\n\r\f][{_BLANKS}]*| [{_BLANKS}]+")
"""White space but for single blanks, which most is and which stay as they are."""


class Lines:
    """Text with white space collapsed as CSS does (CSS Text, section 4.1)."""

    def __init__(self) -> None:
        self._pieces: list[str] = []  # in threes: what separates it, a marker, a text
        self._breaks = 0
        self._blank = False
        self._marker = ""
        self._joined = False
        self.number = 0
        """The number of the line that was written to last."""
        self.position = 0
        """How much text was written so far, for `between`."""

    @property
    def next_number(self) -> int:
        """The number of the line that the next text is written to."""
        return self.number + (self._breaks if self._pieces else 0)

    def collapsed(self, text: str) -> None:
        """Add text whose white space means no more than one blank."""
        words = text.strip(_BLANKS)
        if not words:  # as between most tags
            self._blank = self._blank or bool(text)
            return
        self._blank = self._blank or text[0] in _BLANKS
        self._add(_WHITE_SPACE.sub(" ", words))
        self._blank = text[-1] in _BLANKS

    def preformatted(self, text: str) -> None:
        """Add text whose blanks and line ends stay."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.line_break()
            if line:
                self._add(line)

    def broken(self, text: str) -> None:
        """Add text whose line ends stay, but whose blanks mean no more than one."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.line_break()
            self.collapsed(line)

    def line_break(self) -> None:
        """End the line, even an empty one."""
        self._breaks += 1
        self._joined = False

    def block(self, breaks: int) -> None:
        """Be at the start of a line if `breaks` is 1, after a blank line if it is 2."""
        if breaks > self._breaks and not self._joined:
            self._breaks = breaks

    def begin_cell(self, same_line: bool) -> None:
        """Put blocks at the start of a cell where the cell starts.

        same_line: whether to go on in this line, after a blank
        """
        if same_line:
            self._breaks = 0
            self._blank = True
        self._joined = True

    def end_cell(self) -> None:
        """Let blocks stand on lines of their own again."""
        self._joined = False

    def begin_beside(self) -> None:
        """Go on in this line, after a blank, and put blocks at the start of it there, too."""
        self._blank = self._joined = True

    def end_beside(self, start: int) -> None:
        """Go on in the line of what was written since the position `start`, after a blank."""
        self._blank, self._joined = True, False
        if self.position > start:
            self._breaks = 0

    def item(self, marker: str) -> None:
        """Put this before the next text."""
        self._marker = marker

    def result(self) -> str:
        """Return all of it."""
        return "".join(self._pieces)

    def between(self, start: int, end: int, most: int) -> str:
        """Return what was written from one position to another, without what separates it.

        most: so many characters are enough
        """
        pieces: list[str] = []
        for position in range(start + 2, end):
            pieces.append(self._pieces[position])
            most -= len(pieces[-1])
            if most < 0:
                break
        return "".join(pieces)

    def _add(self, text: str) -> None:
        separator = ""
        if self._pieces:
            separator = "\n" * self._breaks or " " * self._blank
            self.number += self._breaks
        self._pieces += (separator, self._marker, text)
        self.position += 3
        self._breaks = 0
        self._blank = self._joined = False
        self._marker = ""
