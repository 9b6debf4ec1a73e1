"""What `docs/migrating.rst` says is tested: each row of its tables is an acceptance test.

`python utest/test_migrating_guide.py` writes the suite anew.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from robot.libdoc import LibraryDocumentation

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "migrating.rst").read_text(encoding="utf-8")
SUITE = ROOT / "atest" / "suites" / "migrating.robot"

HEAD = """\
*** Settings ***
Documentation    The rows of ``docs/migrating.rst``: what suites call in other libraries, and here.
...
...              ``python utest/test_migrating_guide.py`` writes this file.

Library          ../resources/Proxies.py
Resource         ../resources/mailbox.resource

Test Setup       Open Mailbox With Order
Test Teardown    Close All Mailboxes


*** Test Cases ***
"""

TAIL = """\
*** Keywords ***
Open Mailbox With Order
    Open Test Mailbox
    Deliver Raw Email    ${CURDIR}/../resources/order.eml    to=${ADDRESS}
    ${email} =    Wait For Email    subject=Your order
    VAR    ${email}    ${email}    scope=TEST
    ${port} =    Start Proxy    socks5
    VAR    ${USER}    ${ADDRESS}    scope=TEST
    VAR    ${FILE}    ${CURDIR}/../resources/order.eml    scope=TEST
    VAR    ${TOKEN}    ${PASSWORD}    scope=TEST
    VAR    ${PROXY_PORT}    ${port}    scope=TEST
"""


NOT_EVERYWHERE = {
    "Oauth": "not-cyrus    not-courier",
    "access_token": "not-cyrus    not-courier",
    "Create Folder": "not-courier",
}
"""What not every server of the acceptance tests takes, and the tags that say it."""


@dataclass(frozen=True)
class Row:
    """A row of a table.

    library: the number of the table, from 1 on
    old, new: calls
    differs: what differs. If it begins with "Fails", the first literal is what the failure of the
        old call says; if with "Both fail", the new one fails in the same way.
    """

    library: int
    old: list[str]
    new: list[str]
    differs: str

    @property
    def runs(self) -> bool:
        """Whether the old call works here, or fails here, and is not of a foreign library."""
        return self.library < 3


def rows() -> Iterator[Row]:
    for library, table in enumerate(GUIDE.split(".. list-table::")[1:], 1):
        body = re.split(r"\n\n(?=\S)", table)[0]
        for text in body.split("\n   * - ")[2:]:
            cells = [" ".join(cell.split("\n")) for cell in text.split("\n     - ")]
            old, new, differs = cells
            yield Row(library, _calls(old), _calls(new), differs.strip())


def _calls(cell: str) -> list[str]:
    return re.findall(r"``(.+?)``", cell)


def suite() -> str:
    """Return the suite with a test for each row."""
    return (
        HEAD + "\n".join(_test(number, row) for number, row in enumerate(rows(), 1)) + "\n" + TAIL
    )


def _test(number: int, row: Row) -> str:
    library = ("The Older Libraries", "ImapLibrary2", "RPA")[row.library - 1]
    name = row.old[-1].split("    ")[0]
    lines: list[str] = []
    if row.runs:
        lines += _steps(row.old, row, fails=row.differs.startswith(("Fails", "Both fail")))
    if not row.runs or row.new != row.old:
        lines += _steps(row.new, row, fails=row.differs.startswith("Both fail"))
    tags = (tags for part, tags in NOT_EVERYWHERE.items() if any(part in line for line in lines))
    tagged = [f"    [Tags]    {each}" for each in tags][:1]
    return "\n".join([f"{number:02} {name} Of {library}", *tagged, *lines]) + "\n"


def _steps(calls: list[str], row: Row, *, fails: bool) -> Iterator[str]:
    *steps, last = calls
    yield from (f"    {step}" for step in steps)
    if fails:
        text = glob.escape(_calls(row.differs)[0])
        last = f"Run Keyword And Expect Error    *{text}*    {last}"
    yield f"    {last}"


def test_there_is_a_test_for_each_row() -> None:
    assert SUITE.read_text(encoding="utf-8") == suite()


def test_every_row_is_understood() -> None:
    found = list(rows())
    assert {row.library for row in found} == {1, 2, 3}
    assert len(found) == GUIDE.count("\n   * - ") - 3  # less the headings
    assert all(row.old and row.new and row.differs for row in found)


def test_new_calls_are_of_keywords_that_are_not_superseded() -> None:
    docs = {k.name: k.doc for k in LibraryDocumentation("ImapLibrary").keywords}
    for row in rows():
        for call in row.new:
            name = call.split("    ")[0]
            assert name == "Log" or not docs[name].startswith("*Superseded*"), call


def test_every_superseded_keyword_is_told_of() -> None:
    superseded = {
        keyword.name
        for keyword in LibraryDocumentation("ImapLibrary").keywords
        if re.match(r"\*Superseded\*", keyword.doc)
    }
    old = {call.split("    ")[0] for row in rows() if row.runs for call in row.old}
    assert superseded <= old


if __name__ == "__main__":
    SUITE.write_text(suite(), encoding="utf-8")
