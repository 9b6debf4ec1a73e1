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
failures | errors
values   | arguments unknown deadline neighbours version moments unique units location
mime     | mime mime.detection mime.charsets mime.transfer mime.headers mime.fields
mime     | mime.parameters mime.parts mime.structure
html     | html html.tags html.style html.lines html.text html.button html.page
mail     | mail mail.content mail.filenames mail.attachments mail.reader mail.message
mail     | mail.reference mail.walking mail.comparing mail.links mail.codewords mail.codeshapes
mail     | mail.codes mail.choosing mail.differing mail.export mail.preview mail.placeholders
mail     | mail.quality mail.telling report
syntax   | imap imap.uidset imap.flags imap.listing imap.habits imap.sasl imap.tokens imap.proxy
criteria | criteria criteria.nearness criteria.base criteria.header criteria.content criteria.state
criteria | criteria.dates criteria.server criteria.criteria criteria.misreading
imap     | imap.sockets imap.wire imap.pace imap.imap4 imap.account imap.tunnel imap.client
imap     | imap.answers imap.idling imap.login imap.folders imap.knownuids imap.connection
imap     | imap.patience
open     | mailbox mailboxes
files    | files
finding  | finding finding.fetching finding.screening finding.searching finding.matching
waiting  | waiting waiting.story waiting.looking waiting.gathering
waiting  | waiting.wait waiting.racing waiting.junk
changing | changing changing.changes changing.selection changing.contents
changing | changing.recognising changing.target changing.moving changing.appending
writing  | sending sending.headerlines sending.composing sending.answering
sending  | sending.uploads sending.outgoing sending.fitting sending.esmtp sending.smtp
web      | web web.httpwire web.opening
server   | mailserver mailserver.messages mailserver.folders mailserver.accounts
server   | mailserver.services mailserver.server
older    | migration migration.translating migration.names migration.rewriting
older    | migration.editing migration.migrating
keywords | keywords keywords.running keywords.hints keywords.taking keywords.mistaken keywords.emails
keywords | keywords.walks
keywords | keywords.asserting keywords.expecting keywords.previews
keywords | keywords.appending keywords.attachments keywords.codes keywords.links
keywords | keywords.changing keywords.checking keywords.deleting keywords.folders keywords.moving
keywords | keywords.files keywords.finding keywords.headers keywords.reading keywords.sending
keywords | keywords.quality keywords.server keywords.sessions keywords.waiting keywords.multipart
keywords | keywords.showing keywords.legacy keywords.components
library  | plugins library __init__
commands | migration.command doctor doctor.diagnosis doctor.command __main__
"""
"""A module imports what stands above it, or to its left."""

PURE = ("failures", "values", "mime", "html", "mail", "syntax", "criteria", "writing")
"""The layers that know no socket and no file, only values."""

KEYWORDS = {
    f"keywords.{name}"
    for name in (
        *("appending", "attachments", "changing", "checking", "codes", "deleting"),
        *("expecting", "files", "finding", "folders", "headers", "legacy", "links", "moving"),
        *("multipart", "quality", "reading", "sending", "server", "sessions", "showing", "waiting"),
    )
}
"""The modules with a class of keywords each."""

ALONE = {
    "imapclient": {"imap.client"},
    "imaplib": {"imap.client", "imap.imap4", "imap.login"},
    "smtplib": {"sending.esmtp"},
    "socket": {"imap.sockets", "imap.wire", "mailserver.server", "mailserver.services"},
    "selectors": {"imap.sockets", "imap.wire"},
    "ssl": {
        "imap.account",
        "imap.client",
        "doctor.diagnosis",
        "web.httpwire",
        "imap.imap4",
        "imap.login",
        "mailserver.server",
        "mailserver.services",
        "web.opening",
        "sending.smtp",
        "imap.wire",
    },
    "asyncio": {"mailserver.server", "mailserver.services"},
    "threading": {
        "deadline",
        "doctor.diagnosis",
        "mailserver.server",
        "waiting.racing",
        "imap.pace",
        "imap.tokens",
        "imap.sockets",
        "mailbox",
        "waiting.wait",
    },
    "pymap": {
        "mailserver.accounts",
        "mailserver.folders",
        "mailserver.messages",
        "mailserver.services",
    },
    "pysasl": {"mailserver.accounts", "mailserver.services"},
    "aiosmtpd": {"mailserver.services"},
    "proxyprotocol": {"mailserver.services"},
    "trustme": {"mailserver.server"},
    "justhtml": {"mail.export", "html.text"},
    "charset_normalizer": {"mime.detection"},
    "typing_extensions": {  # for type checkers since it need not be installed
        "mail.message",
        "criteria.criteria",
        "keywords.changing",
        "keywords.deleting",
        "keywords.expecting",
        "keywords.finding",
        "keywords.moving",
        "keywords.waiting",
    },
    "assertionengine": {"arguments", "keywords.asserting"},
    "robot": {
        "arguments",
        "moments",
        "doctor.command",
        "imap.tokens",
        "keywords.previews",
        "keywords.running",
        "migration.editing",
        "migration.migrating",
        "migration.names",
        "plugins",
        *KEYWORDS,
    },
    "robotlibcore": {"library", "plugins"},
    "mailserver.services": {"mailserver.server"},
    "mailserver.accounts": {"mailserver.services"},
    "mailserver.server": {"keywords.server"},
    "keywords": {
        "keywords.appending",
        "keywords.attachments",
        "keywords.changing",
        "keywords.checking",
        "keywords.codes",
        "keywords.deleting",
        "keywords.expecting",
        "keywords.files",
        "keywords.finding",
        "keywords.headers",
        "keywords.hints",
        "keywords.legacy",
        "keywords.links",
        "keywords.multipart",
        "keywords.moving",
        "keywords.previews",
        "keywords.quality",
        "keywords.reading",
        "keywords.sending",
        "keywords.sessions",
        "keywords.showing",
        "keywords.waiting",
        "keywords.components",
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


def is_ours(name: str) -> bool:
    return name.removeprefix("ImapLibrary.") in SOURCES


def imports(module: str) -> set[str]:
    """Return what a module imports, wherever in it: our own by the names in the table."""
    found: set[str] = set()
    for node in ast.walk(SOURCES[module]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            # What is imported from a package of ours is a module.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update({name for name in inner if is_ours(name)} or {node.module or ""})
    return {name.removeprefix("ImapLibrary.") for name in found - {"ImapLibrary"}}


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
        if any(f"{name}.".startswith(f"{imported}.") for name in imports(module))
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


RARELY_NEEDED = (
    *("assertionengine", "justhtml", "pymap", "aiosmtpd", "trustme"),
    "robot.libraries.BuiltIn",
)


@pytest.mark.parametrize(
    ("program", "late"),
    [
        ("import ImapLibrary", (*RARELY_NEEDED, "imapclient", "smtplib", "ImapLibrary.keywords")),
        ("import ImapLibrary; ImapLibrary.ImapLibrary()", RARELY_NEEDED),
    ],
)
def test_what_is_not_needed_yet_is_not_loaded(program: str, late: tuple[str, ...]) -> None:
    program += f"; import sys; print([name for name in {late} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
