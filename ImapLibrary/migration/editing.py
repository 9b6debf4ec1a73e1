"""Edits of a suite, by the lines and columns of its tokens."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from robot.api.parsing import Token

GAP = "    "
PIPE = " | "
"""What separates words that are added; PIPE in lines that begin with a pipe."""

_NO_DATA = (Token.SEPARATOR, Token.COMMENT, Token.EOL)


@dataclass(frozen=True)
class Edit:
    """A piece of a line that is replaced, by its columns."""

    line: int
    start: int
    end: int
    text: str


class Lines:
    """The lines of a suite, as text and as tokens.

    One line can hold several statements: those of an inline IF.
    """

    def __init__(self, texts: Sequence[str], model: Any) -> None:
        self._texts = texts
        self._tokens: dict[int, list[Token]] = defaultdict(list)
        for node in ast.walk(model):
            for token in getattr(node, "tokens", ()):
                self._tokens[token.lineno].append(token)
        for tokens in self._tokens.values():
            tokens.sort(key=lambda each: each.col_offset)

    def replaced(self, token: Token, *words: str) -> Edit:
        """Return what puts words in place of a token."""
        text = self._gap(token).join(words)
        return Edit(token.lineno, token.col_offset, token.end_col_offset, text)

    def added(self, token: Token, words: Sequence[str]) -> Edit:
        """Return what adds words after a token."""
        gap, end = self._gap(token), token.end_col_offset
        return Edit(token.lineno, end, end, "".join(gap + each for each in words))

    def removed(self, tokens: Collection[Token]) -> Iterator[Edit]:
        """Yield what removes arguments with the gaps before them.

        What continues a line for them alone goes, too, for without them it would be an empty
        argument. If it has a comment, that becomes a line of its own.
        """
        for number in sorted({each.lineno for each in tokens}):
            line = self._tokens[number]
            kept = [each for each in line if each not in tokens and each.type not in _NO_DATA]
            if [each.type for each in kept] != [Token.CONTINUATION]:
                for before, each in pairwise(line):
                    if each in tokens:
                        yield Edit(number, before.col_offset, each.end_col_offset, "")
                continue
            comment = next((each for each in line if each.type == Token.COMMENT), None)
            if comment:
                yield Edit(number, kept[0].col_offset, comment.col_offset, "")
            else:
                yield Edit(number, 0, len(self._texts[number - 1]), "")

    def edited(self, edits: Sequence[Edit]) -> str:
        """Return the text after the edits, which are in order."""
        changed = list(self._texts)
        for edit in reversed(edits):
            line = changed[edit.line - 1]
            changed[edit.line - 1] = line[: edit.start] + edit.text + line[edit.end :]
        return "".join(changed)

    def before(self, edit: Edit) -> str:
        """Return what an edit replaces."""
        return self._texts[edit.line - 1][edit.start : edit.end]

    def _gap(self, token: Token) -> str:
        """Return what separates words in the line of a token."""
        return PIPE if self._texts[token.lineno - 1][:2].strip() == "|" else GAP
