"""Suites of the older libraries -> the same suites as they are written today.

Only the calls and imports change that `ImapLibrary.migration.rewriting` knows. All else stays as it is, to the
last blank and line end. A suite that imports none of the libraries is not changed at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from robot.api.parsing import ModelVisitor, Token, get_model

from ImapLibrary.migration.rewriting import SUPERSEDED, Call, normal, rewritten

TODAY = "ImapLibrary"
SECOND = "ImapLibrary2"

GAP = "    "
"""What separates the arguments that are added."""

_BEFORE = {
    "runkeywordif": 1,
    "runkeywordunless": 1,
    "runkeywordandreturnif": 1,
    "runkeywordandexpecterror": 1,
    "repeatkeyword": 1,
    "waituntilkeywordsucceeds": 2,
}
"""How many arguments stand before a keyword that is one, where any do."""

_BRANCHES = {"ELSE": 0, "ELSE IF": 1}
"""The same for what follows these words."""


@dataclass(frozen=True)
class Edit:
    """A piece of a line that is replaced, by its columns."""

    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Migration:
    """What becomes of a suite.

    text: the suite as it is written today
    changes: what changed, as number of the line, what was there, and what is
    left: superseded keywords that stay, as number of the line and name
    """

    text: str
    changes: tuple[tuple[int, str, str], ...] = ()
    left: tuple[tuple[int, str], ...] = ()


def migrated(text: str) -> Migration:
    """Return a suite, or a resource file, as it is written today.

    text: its content, with line ends as they are
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    # The parser takes line ends in its own way.
    model = get_model("".join(f"{line.splitlines()[0]}\n" for line in lines))
    suite = _Suite()
    suite.visit(model)
    if not suite.aliases:
        return Migration(text)
    calls = _Calls(suite)
    calls.visit(model)
    edits = sorted({*suite.edits, *calls.edits}, key=lambda edit: (edit.line, edit.start))
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return Migration(
        mark + _edited(lines, edits),
        tuple(
            (each.line, lines[each.line - 1][each.start : each.end], each.text) for each in edits
        ),
        tuple(calls.left),
    )


class _Suite(ModelVisitor):  # type: ignore[misc]
    """What a suite imports and defines.

    aliases: what the old libraries are called in it
    second: whether ImapLibrary2 is among them
    defined: the keywords of its own
    """

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.second = False
        self.defined: set[str] = set()
        self.edits: list[Edit] = []

    def visit_LibraryImport(self, node: Any) -> None:
        if node.name not in (TODAY, SECOND):
            return
        self.aliases[normal(node.alias or node.name)] = node.alias or TODAY
        if node.name == SECOND:
            self.second = True
            self.edits.append(_replace(node.get_token(Token.NAME), TODAY))

    def visit_KeywordName(self, node: Any) -> None:
        self.defined.add(normal(node.name))


class _Calls(ModelVisitor):  # type: ignore[misc]
    """Collects what changes in the calls of keywords."""

    def __init__(self, suite: _Suite) -> None:
        self._suite = suite
        self.edits: list[Edit] = []
        self.left: list[tuple[int, str]] = []

    def visit_Statement(self, node: Any) -> None:
        head = node.get_token(Token.KEYWORD, Token.NAME)
        if head is None or node.type not in _CALLING:
            return
        arguments = node.get_tokens(Token.ARGUMENT)
        for name, own in _called(head, arguments):
            self._call(name, own, node.tokens)

    def _call(self, name: Token, arguments: Sequence[Token], around: Sequence[Token]) -> None:
        prefix, dot, keyword = name.value.rpartition(".")
        known = normal(prefix) in self._suite.aliases if dot else True
        if not known or (not dot and normal(keyword) in self._suite.defined):
            return
        if normal(keyword) in SUPERSEDED:
            self.left.append((name.lineno, keyword))
        values = [each.value for each in arguments]
        call = rewritten(keyword, values, counts_unread=self._suite.second)
        library = f"{self._suite.aliases[normal(prefix)]}." if dot else ""
        if normal(prefix) != normal(library.rstrip(".")) or call.keyword != keyword:
            self.edits.append(_replace(name, library + call.keyword))
        self.edits += _of_arguments(name, arguments, call, around)


_CALLING = (
    Token.KEYWORD,
    Token.SETUP,
    Token.TEARDOWN,
    Token.SUITE_SETUP,
    Token.SUITE_TEARDOWN,
    Token.TEST_SETUP,
    Token.TEST_TEARDOWN,
)
"""The statements that call a keyword."""


def _called(head: Token, arguments: list[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Yield the keyword of a statement, and those that it takes as arguments, with theirs."""
    yield head, arguments
    key = normal(head.value.rpartition(".")[2])
    if key == "runkeywords":
        calls = _several(arguments)
    elif key in _BEFORE or key.startswith("runkeyword"):
        calls = _branches(arguments, _BEFORE.get(key, 0))
    else:
        return
    for name, *own in filter(None, calls):
        yield from _called(name, own)


def _several(arguments: list[Token]) -> Iterator[list[Token]]:
    """Yield the calls among the arguments of `Run Keywords`."""
    ends = [n for n, each in enumerate(arguments) if each.value == "AND"]
    if not ends:
        yield from ([each] for each in arguments)
        return
    for start, end in zip([-1, *ends], [*ends, len(arguments)], strict=True):
        yield arguments[start + 1 : end]


def _branches(arguments: list[Token], before: int) -> Iterator[list[Token]]:
    """Yield the calls among arguments, `before` of which stand before the first."""
    words = [n for n, each in enumerate(arguments) if each.value in _BRANCHES]
    for start, end in zip([-1, *words], [*words, len(arguments)], strict=True):
        skipped = before if start < 0 else _BRANCHES[arguments[start].value]
        yield arguments[start + 1 + skipped : end]


def _of_arguments(
    name: Token, arguments: Sequence[Token], call: Call, around: Sequence[Token]
) -> Iterator[Edit]:
    for token, value in zip(arguments, call.arguments, strict=True):
        if value is None:
            yield _remove(token, around)
        elif value != token.value:
            yield _replace(token, value)
    if call.added:
        last = arguments[-1] if arguments else name
        end = last.end_col_offset
        yield Edit(last.lineno, end, end, "".join(GAP + each for each in call.added))


def _replace(token: Token, text: str) -> Edit:
    return Edit(token.lineno, token.col_offset, token.end_col_offset, text)


def _remove(token: Token, around: Sequence[Token]) -> Edit:
    """Remove an argument with the gap before it, and what continues a line for it alone."""
    line = [each for each in around if each.lineno == token.lineno]
    index = line.index(token)
    start = line[index - 1].col_offset if index else token.col_offset
    before = [each for each in line[:index] if each.type != Token.SEPARATOR]
    after = [each for each in line[index + 1 :] if each.type not in (Token.SEPARATOR, Token.EOL)]
    if [each.type for each in before] == [Token.CONTINUATION] and not after:
        return Edit(token.lineno, 0, -1, "")
    return Edit(token.lineno, start, token.end_col_offset, "")


def _edited(lines: Sequence[str], edits: Sequence[Edit]) -> str:
    changed = list(lines)
    for edit in reversed(edits):
        line = changed[edit.line - 1]
        end = len(line) if edit.end < 0 else edit.end
        changed[edit.line - 1] = line[: edit.start] + edit.text + line[end:]
    return "".join(changed)
