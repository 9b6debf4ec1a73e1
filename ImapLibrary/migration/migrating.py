"""Suites of the older libraries -> the same suites as they are written today.

Only the calls and imports change that `migration.rewriting` knows. All else stays as it is, to the
last blank and line end. A suite that imports none of the libraries is not changed at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robot.api import Languages
from robot.api.parsing import ModelVisitor, Token, get_model
from robot.libraries import STDLIBS

from ImapLibrary.migration.names import Names, normal
from ImapLibrary.migration.rewriting import SUPERSEDED, Call, rewritten

TODAY = "ImapLibrary"
SECOND = "ImapLibrary2"

GAP = "    "
PIPE = " | "
"""What separates words that are added; PIPE in lines that begin with a pipe."""

_IMPORTING = ("importlibrary", "importresource", "importvariables")
"""Keywords that import other files."""

_SEVERAL = "runkeywords"

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


def migrated(text: str, hiding: Collection[str] = ()) -> Migration:
    """Return a suite, or a resource file, as it is written today.

    text: its content, with line ends as they are
    hiding: keywords of resource files that hide those of libraries, by their names
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    suite = _parsed(lines)
    if not suite.aliases:
        return Migration(text)
    calls = _Calls(suite, Names([*suite.defined, *hiding]))
    calls.visit(suite.model)
    edits = sorted({*suite.edits(), *calls.edits}, key=lambda edit: (edit.line, edit.start))
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return Migration(
        mark + _edited(lines, edits),
        tuple(
            (each.line, lines[each.line - 1][each.start : each.end], each.text) for each in edits
        ),
        tuple(calls.left),
    )


def offered(text: str) -> set[str]:
    """Return the keywords that a resource file has for suites, by their names."""
    suite = _parsed(text.removeprefix("\ufeff").splitlines(keepends=True))
    return set() if suite.tests else suite.defined


def _parsed(lines: Sequence[str]) -> _Suite:
    # The parser takes line ends in its own way.
    model = get_model("".join(f"{line.splitlines()[0]}\n" for line in lines))
    suite = _Suite(model, normal("".join(lines)))
    suite.visit(model)
    return suite


class _Suite(ModelVisitor):  # type: ignore[misc]
    """What a suite imports and defines.

    model: what the parser made of it
    words: what is in it, in the manner of `normal` names
    aliases: what the old libraries are called in it
    second: whether ImapLibrary2 is among them
    defined: the keywords of its own
    tests: whether it has any, as a resource file has not
    """

    def __init__(self, model: Any, words: str) -> None:
        self.model = model
        self.words = words
        self.aliases: set[str] = set()
        self.second = False
        self.defined: set[str] = set()
        self.tests = False
        self._others = any(each in words for each in _IMPORTING)
        self._imports: list[Any] = []

    def visit_LibraryImport(self, node: Any) -> None:
        if node.name not in (TODAY, SECOND):
            self._others = self._others or node.name not in STDLIBS
            return
        self.aliases.add(normal(node.alias or node.name))
        if node.name == SECOND:
            self.second = True
            self._imports.append(node)

    def visit_ResourceImport(self, node: Any) -> None:
        self._others = True

    visit_VariablesImport = visit_ResourceImport

    def visit_KeywordName(self, node: Any) -> None:
        self.defined.add(node.name)

    def visit_TestCaseName(self, node: Any) -> None:
        self.tests = True

    def edits(self) -> Iterator[Edit]:
        """Yield what changes in the imports.

        ImapLibrary2 keeps its name where something may go by it: another file, such as a library
        that calls `get_library_instance`, the prefix of a keyword, or an argument of `Set Library
        Search Order`. The same library by two names would be two, whose keywords could not be told
        apart.
        """
        mentioned = self.words.count(normal(SECOND)) > len(self._imports)
        alone = self.tests and not self._others and not mentioned
        for node in self._imports:
            name = node.get_token(Token.NAME)
            words = [TODAY] if alone or node.alias else [TODAY, "AS", SECOND]
            yield _replace(name, _gap(name, node.tokens).join(words))


class _Calls(ModelVisitor):  # type: ignore[misc]
    """Collects what changes in the calls of keywords.

    defined: keywords that hide those of libraries
    """

    def __init__(self, suite: _Suite, defined: Names) -> None:
        self._suite = suite
        self._defined = defined
        self._prefix = _bdd_prefix(suite.model.languages)
        self.edits: list[Edit] = []
        self.left: list[tuple[int, str]] = []

    def visit_Statement(self, node: Any) -> None:
        head = node.get_token(Token.KEYWORD, Token.NAME)
        if head is not None and node.type in _CALLING:
            self._call(head, node.get_tokens(Token.ARGUMENT), node.tokens)

    def _call(
        self,
        name: Token,
        arguments: Sequence[Token],
        around: Sequence[Token],
        *,
        may_grow: bool = True,
    ) -> None:
        """Take a call, and those that are among its arguments.

        around: all of its statement
        may_grow: whether arguments can be added to it
        """
        name = self._without_prefix(name)
        library, dot, keyword = name.value.rpartition(".")
        known = normal(library) in self._suite.aliases if dot else True
        if known and name.value not in self._defined:
            self._rewrite(name, arguments, around, may_grow=may_grow)
        listed = _is_list(keyword, arguments)
        for nested, *own in filter(None, _nested(keyword, arguments)):
            self._call(nested, own, around, may_grow=not listed)

    def _rewrite(
        self, name: Token, arguments: Sequence[Token], around: Sequence[Token], *, may_grow: bool
    ) -> None:
        library, dot, keyword = name.value.rpartition(".")
        values = [each.value for each in arguments]
        call = rewritten(keyword, values, counts_unread=self._suite.second)
        today = f"{library}{dot}{call.keyword}"
        possible = (may_grow or not call.added) and today not in self._defined
        if not possible:
            call = Call(keyword, tuple(values))
        elif call.keyword != keyword:
            self.edits.append(_replace(name, today))
        if not possible or normal(call.keyword) in SUPERSEDED:
            self.left.append((name.lineno, keyword))
        self.edits += _of_arguments(name, arguments, call, around)

    def _without_prefix(self, name: Token) -> Token:
        """Return the name of a keyword without a word such as Given in front of it."""
        prefix = self._prefix.match(name.value)
        if prefix is None or name.value in self._defined:
            return name
        start = prefix.end()
        return Token(name.type, name.value[start:], name.lineno, name.col_offset + start)


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


def _bdd_prefix(languages: Sequence[str]) -> re.Pattern[str]:
    """Return what finds words such as Given, also of the languages that a file says it is in."""
    words = sorted(Languages(languages).bdd_prefixes, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\s+", re.IGNORECASE)


def _nested(keyword: str, arguments: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the calls among the arguments of a keyword that takes keywords."""
    key = normal(keyword)
    if _is_list(keyword, arguments):
        yield from ([each] for each in arguments)
    elif key == _SEVERAL:
        yield from _between(arguments, {"AND": 0})
    elif key in _BEFORE or key.startswith("runkeyword"):
        yield from _between(arguments, _BRANCHES, _BEFORE.get(key, 0))


def _is_list(keyword: str, arguments: Sequence[Token]) -> bool:
    """Tell whether each argument is a keyword without arguments of its own."""
    return normal(keyword) == _SEVERAL and all(each.value != "AND" for each in arguments)


def _between(
    arguments: Sequence[Token], words: Mapping[str, int], before: int = 0
) -> Iterator[Sequence[Token]]:
    """Yield the calls among arguments.

    words: what separates them, and how many arguments stand after it before the keyword
    before: how many stand before the first keyword
    """
    found = [n for n, each in enumerate(arguments) if each.value in words]
    for start, end in zip([-1, *found], [*found, len(arguments)], strict=True):
        skipped = before if start < 0 else words[arguments[start].value]
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
        gap, end = _gap(last, around), last.end_col_offset
        yield Edit(last.lineno, end, end, "".join(gap + each for each in call.added))


def _gap(token: Token, around: Sequence[Token]) -> str:
    """Return what separates words in the line of a token."""
    first = next(each for each in around if each.lineno == token.lineno)
    return PIPE if first.value.startswith("|") else GAP


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
