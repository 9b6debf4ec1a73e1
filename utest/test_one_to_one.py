"""Every module has its tests: in a file of its name, or where this table says."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "ImapLibrary"

TESTED_WITH = {
    "__main__": "doctor",
    "mailbox": "mailboxes",
    "doctor.command": "doctor",
    "finding.matching": "finding",
    "mailserver.server": "mailserver",
    "mime.parts": "mime",
    "waiting.wait": "waiting",
    "imap.answers": "connection",
    "imap.client": "connection",
    "imap.idling": "connection",
    "imap.sockets": "wire",
    "criteria.base": "criteria",
    "criteria.content": "criteria",
    "criteria.dates": "criteria",
    "criteria.header": "criteria",
    "criteria.server": "criteria",
    "criteria.state": "criteria",
    "mail.reader": "message",
    "mail.codeshapes": "codes",
    "mail.codewords": "codes",
    "imap.habits": "searching",
    "doctor.diagnosis": "doctor",
    "migration.command": "migrating",
    "html.button": "links",
    "html.lines": "text",
    "html.style": "text",
    "html.tags": "text",
    "web.httpwire": "opening",
    "sending.esmtp": "smtp",
    "sending.fitting": "smtp",
    "sending.outgoing": "smtp",
    "sending.headerlines": "composing",
    "sending.uploads": "composing",
    "changing.selection": "changes",
    "changing.target": "appending",
    "mailserver.services": "mailserver",
    "mailserver.accounts": "mailserver",
    "mailserver.folders": "mailserver",
    "mailserver.messages": "mailserver",
    "keywords.attachments": "loading",
    "keywords.checking": "changes",
    "keywords.components": "library",
    "keywords.deleting": "changes",
    "keywords.files": "keywords_on_files",
    "keywords.headers": "keywords_on_files",
    "keywords.running": "library",
    "keywords.server": "mailserver",
    "keywords.showing": "previews",
    "keywords.taking": "finding",
    "keywords.waiting": "keywords_waiting",
    "keywords.walks": "multipart",
}
"""Modules that are only used through another and tested with it, and those of equal names."""


def modules() -> list[str]:
    """Return the modules of the package by their names below it."""
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in sorted(PACKAGE.rglob("*.py")))
    return [".".join(path.parts) for path in paths if path.name != "__init__"]


@pytest.mark.parametrize("module", modules())
def test_a_module_has_its_tests(module: str) -> None:
    name = TESTED_WITH.get(module, module.rpartition(".")[2])
    assert (TESTS / f"test_{name}.py").exists()


def test_the_table_names_no_module_that_is_not_there() -> None:
    assert set(TESTED_WITH) <= set(modules())
