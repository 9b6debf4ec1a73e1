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

from ImapLibrary.migration.editing import Edit, Lines
from ImapLibrary.migration.names import Names, normal
from ImapLibrary.migration.rewriting import SUPERSEDED, Call, rewritten

TODAY = "ImapLibrary"
SECOND = "ImapLibrary2"

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
    suite = _parsed(text)
    if not suite.aliases:
        return Migration(text)
    calls = _Calls(suite, Names([*suite.defined, *hiding]))
    calls.visit(suite.model)
    edits = sorted({*suite.edits(), *calls.edits}, key=lambda edit: (edit.line, edit.start))
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return Migration(
        mark + suite.lines.edited(edits),
        tuple((each.line, suite.lines.before(each), each.text) for each in edits),
        tuple(calls.left),
    )


def offered(text: str) -> set[str]:
    """Return the keywords that a resource file has for suites, by their names."""
    suite = _parsed(text)
    return set() if suite.tests else suite.defined


def _parsed(text: str) -> _Suite:
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    # The parser takes line ends in its own way.
    model = get_model("".join(f"{line.splitlines()[0]}\n" for line in lines))
    suite = _Suite(model, Lines(lines, model), normal(text))
    suite.visit(model)
    return suite


class _Suite(ModelVisitor):  # type: ignore[misc]
    """What a suite imports and defines.

    model: what the parser made of it
    lines: what that stands in
    words: what is in it, in the manner of `normal` names
    aliases: what the old libraries are called in it
    second: whether ImapLibrary2 is among them
    defined: the keywords of its own
    tests: whether it has any, as a resource file has not
    """

    def __init__(self, model: Any, lines: Lines, words: str) -> None:
        self.model = model
        self.lines = lines
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
            yield self.lines.replaced(name, *words)


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
            self._call(head, node.get_tokens(Token.ARGUMENT))

    def _call(self, name: Token, arguments: Sequence[Token], *, may_grow: bool = True) -> None:
        """Take a call, and those that are among its arguments.

        may_grow: whether arguments can be added to it
        """
        prefix, name = self._apart(name)
        library, dot, keyword = name.value.rpartition(".")
        known = normal(library) in self._suite.aliases if dot else True
        if known and name.value not in self._defined:
            self._rewrite(prefix, name, arguments, may_grow=may_grow)
        listed = _is_list(keyword, arguments)
        for nested, *own in filter(None, _nested(keyword, arguments)):
            self._call(nested, own, may_grow=not listed)

    def _rewrite(
        self, prefix: str, name: Token, arguments: Sequence[Token], *, may_grow: bool
    ) -> None:
        library, dot, keyword = name.value.rpartition(".")
        values = [each.value for each in arguments]
        call = rewritten(keyword, values, counts_unread=self._suite.second)
        today = f"{library}{dot}{call.keyword}"
        hidden = today in self._defined or f"{prefix}{today}" in self._defined
        possible = (may_grow or not call.added) and not hidden
        if not possible:
            call = Call(keyword, tuple(values))
        elif call.keyword != keyword:
            self.edits.append(self._suite.lines.replaced(name, today))
        if not possible or normal(call.keyword) in SUPERSEDED:
            self.left.append((name.lineno, keyword))
        self.edits += self._of_arguments(name, arguments, call)

    def _of_arguments(self, name: Token, arguments: Sequence[Token], call: Call) -> Iterator[Edit]:
        lines = self._suite.lines
        both = list(zip(arguments, call.arguments, strict=True))
        yield from lines.removed([token for token, value in both if value is None])
        for token, value in both:
            if value not in (None, token.value):
                yield lines.replaced(token, value)
        if call.added:
            yield lines.added([name, *arguments][-1], call.added)

    def _apart(self, name: Token) -> tuple[str, Token]:
        """Return a word such as Given, if there is one, and the name of a keyword after it."""
        prefix = self._prefix.match(name.value)
        if prefix is None or name.value in self._defined:
            return "", name
        start = prefix.end()
        rest = Token(name.type, name.value[start:], name.lineno, name.col_offset + start)
        return prefix[0], rest


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
