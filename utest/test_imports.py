"""Which module may import which, and who alone may reach outside. Read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ImapLibrary"

LAYERS = """
failures  | errors
arguments | arguments unknown proxy tokens sasl deadline location neighbours version moments
arguments | unique habits units flags uidset listing translating
reading   | detection charsets transfer htmltags htmlstyle htmllines htmltext htmlbutton htmlpage
reading   | headers fields parameters mime content filenames attachments structure message
reading   | reference walking
criteria  | comparing links conditions conditions.base conditions.header conditions.content
criteria  | conditions.state conditions.dates conditions.server criteria
codes     | codewords codeshapes codes
choosing  | report choosing htmlexport headerlines composing answering
socket    | wire imap4 account tunnel client answers idling login folders connection
files     | files uploads contents outgoing
web       | httpwire opening esmtp smtp
server    | mailstore mailservices mailserver
emails    | fetching screening searching finding story looking gathering patience
emails    | waiting racing junk
emails    | changes selection target moving appending
mailboxes | mailboxes
keywords  | keywords keywords.running keywords.hints keywords.taking keywords.emails keywords.walks
keywords  | keywords.appending keywords.attachments keywords.codes keywords.links
keywords  | keywords.changing keywords.checking keywords.deleting keywords.folders keywords.moving
keywords  | keywords.files keywords.finding keywords.headers keywords.reading keywords.sending
keywords  | keywords.server keywords.sessions keywords.waiting keywords.multipart
keywords  | keywords.legacy
library   | library __init__
tools     | rewriting migrating migrate diagnosis doctor __main__
"""
"""A module imports what stands above it, or to its left."""

PURE = ("failures", "arguments", "reading", "criteria", "codes", "choosing")
"""The layers that know no socket and no file, only values."""

KEYWORDS = {
    f"keywords.{name}"
    for name in (
        *("appending", "attachments", "changing", "checking", "codes", "deleting"),
        *("files", "finding", "folders", "headers", "legacy", "links", "moving", "multipart"),
        *("reading", "sending", "server", "sessions", "waiting"),
    )
}
"""The modules with a class of keywords each."""

ALONE = {
    "imapclient": {"client"},
    "imaplib": {"client", "imap4", "login"},
    "smtplib": {"esmtp"},
    "socket": {"wire", "mailserver", "mailservices"},
    "selectors": {"wire"},
    "ssl": {
        "account",
        "client",
        "diagnosis",
        "httpwire",
        "imap4",
        "login",
        "mailserver",
        "mailservices",
        "opening",
        "smtp",
        "wire",
    },
    "asyncio": {"mailserver", "mailservices"},
    "threading": {"deadline", "diagnosis", "mailserver", "racing", "tokens"},
    "pymap": {"mailservices", "mailstore"},
    "pysasl": {"mailservices", "mailstore"},
    "aiosmtpd": {"mailservices"},
    "proxyprotocol": {"mailservices"},
    "trustme": {"mailserver"},
    "justhtml": {"htmlexport", "htmltext"},
    "charset_normalizer": {"detection"},
    "typing_extensions": {  # for type checkers since it need not be installed
        "message",
        "criteria",
        "keywords.changing",
        "keywords.deleting",
        "keywords.finding",
        "keywords.moving",
        "keywords.waiting",
    },
    "robot": {"arguments", "moments", "keywords.running", "migrating", *KEYWORDS},
    "robotlibcore": {"library"},
    "mailservices": {"mailserver"},
    "mailstore": {"mailservices"},
    "mailserver": {"keywords.server"},
    "keywords": {
        "keywords.attachments",
        "keywords.changing",
        "keywords.codes",
        "keywords.deleting",
        "keywords.files",
        "keywords.finding",
        "keywords.headers",
        "keywords.hints",
        "keywords.legacy",
        "keywords.links",
        "keywords.multipart",
        "keywords.moving",
        "keywords.reading",
        "keywords.sending",
        "keywords.sessions",
        "keywords.waiting",
        "library",
    },
}
"""Which modules alone import something."""

REACHING_OUT = {
    "asyncio",
    "http",
    "imaplib",
    "multiprocessing",
    "selectors",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "urllib",
}

READING_FOLDERS = {"neighbours"}
"""The one of the pure layers that looks at the disk: at the names in `sys.path`."""


def rows() -> Iterator[tuple[str, list[str]]]:
    for line in LAYERS.strip().splitlines():
        name, _, modules = line.partition("|")
        yield name.strip(), modules.split()


ORDER = [module for _, modules in rows() for module in modules]


def sources() -> dict[str, ast.Module]:
    """Return every module of the package by its name below it."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


SOURCES = sources()


def imports(module: str) -> set[str]:
    """Return what a module imports, wherever in it: our own by the names in the table."""
    found: set[str] = set()
    for node in ast.walk(SOURCES[module]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            if node.module == "ImapLibrary":
                found.update(f"ImapLibrary.{alias.name}" for alias in node.names)
            else:
                found.add(node.module or "")
    return {name.removeprefix("ImapLibrary.") for name in found}


def calls(module: str) -> set[str]:
    """Return the plain names that are called in a module."""
    functions = (node.func for node in ast.walk(SOURCES[module]) if isinstance(node, ast.Call))
    return {function.id for function in functions if isinstance(function, ast.Name)}


def test_every_module_stands_in_the_table_once() -> None:
    assert sorted(ORDER) == sorted(SOURCES)


@pytest.mark.parametrize("module", ORDER)
def test_arrows_point_one_way(module: str) -> None:
    allowed = ORDER[: ORDER.index(module)]
    assert imports(module) & set(ORDER) <= set(allowed)


@pytest.mark.parametrize("imported", ALONE)
def test_only_these_import_it(imported: str) -> None:
    importers = {
        module
        for module in SOURCES
        if any(name.split(".")[0] == imported for name in imports(module))
    }
    assert importers == ALONE[imported]


@pytest.mark.parametrize("layer", PURE)
def test_pure_modules_reach_nothing_outside(layer: str) -> None:
    for module in (module for name, modules in rows() if name == layer for module in modules):
        # Taking an address apart reaches nothing.
        reached = {name.split(".")[0] for name in imports(module) - {"urllib.parse"}}
        assert not reached & REACHING_OUT, module
        assert not calls(module) & {"open", "__import__", "eval", "exec"}, module
        assert ("os" in reached) == (module in READING_FOLDERS), module
        assert "pathlib" not in reached, module


@pytest.mark.parametrize("module", ORDER)
def test_nothing_else_is_imported_but_the_standard_library(module: str) -> None:
    outside = {name.split(".")[0] for name in imports(module)} - set(sys.stdlib_module_names)
    ours = {name.split(".")[0] for name in ORDER}
    assert outside - ours <= set(ALONE)


def test_what_few_suites_need_is_not_loaded_with_the_library() -> None:
    program = (
        "import sys, ImapLibrary\n"
        "late = ('justhtml', 'pymap', 'aiosmtpd', 'trustme', 'robot.libraries.BuiltIn')\n"
        "print([name for name in late if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
