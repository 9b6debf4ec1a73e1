"""The keywords as their users see them: a changed signature must show in review.

`python utest/test_libdoc.py` writes the approved file anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import robot.version
from robot.libdoc import LibraryDocumentation
from robot.libdocpkg.model import KeywordDoc, LibraryDoc
from robot.utils import html_format

from ImapLibrary.criteria.criteria import CriteriaArguments

APPROVED = Path(__file__).parent / "approved" / "keywords.txt"

LIBRARY = LibraryDocumentation("ImapLibrary")

CRITERIA = frozenset(CriteriaArguments.__annotations__)


def criteria_of(keyword: KeywordDoc) -> frozenset[str]:
    """Return the criteria that a keyword takes: all, or none, whatever its arguments are called."""
    return CRITERIA if {each.name for each in keyword.args} >= CRITERIA else frozenset()


def signatures() -> str:
    """Return every keyword with its arguments, one a line each, and the criteria once."""
    lines: list[str] = []
    criteria: list[str] = []
    for keyword in [*LIBRARY.inits, *LIBRARY.keywords]:
        lines.append(keyword.name)
        named = criteria_of(keyword)
        lines += [f"    {each}" for each in keyword.args if each.name not in named]
        if taken := [f"    {each}" for each in keyword.args if each.name in named]:
            lines.append("    (criteria)")
            criteria = taken
        lines.append(f"    -> {keyword.args.return_type}")
    lines += ["(criteria)", *criteria]
    return "\n".join(lines) + "\n"


@pytest.mark.skipif(
    robot.version.get_version() < "7.4", reason="the type Secret is shown since Robot Framework 7.4"
)
def test_signatures_are_the_approved_ones() -> None:
    assert signatures() == APPROVED.read_text(encoding="utf-8")


@pytest.mark.parametrize("keyword", LIBRARY.keywords, ids=lambda keyword: keyword.name)
def test_every_keyword_is_documented_with_an_example(keyword: KeywordDoc) -> None:
    assert re.search(r"^Examples?:\n\|", keyword.doc, re.MULTILINE)


@pytest.mark.parametrize("keyword", LIBRARY.keywords, ids=lambda keyword: keyword.name)
def test_every_argument_is_typed_and_explained(keyword: KeywordDoc) -> None:
    criteria = criteria_of(keyword)
    for argument in keyword.args:
        if argument.name:  # the marker of keyword-only arguments has none
            assert argument.type
        if argument.name not in ("", "others"):
            # Criteria are explained once, where the keywords that take them point to.
            explained = LIBRARY.doc if argument.name in criteria else keyword.doc
            assert f"``{argument.name}``" in explained, argument.name
    if criteria:
        assert "`Criteria`" in keyword.doc


@pytest.mark.parametrize(
    "documented", [LIBRARY, *LIBRARY.inits, *LIBRARY.keywords], ids=lambda each: each.name
)
def test_tables_show_all_that_is_in_their_cells(documented: LibraryDoc | KeywordDoc) -> None:
    """What is between equals signs is a heading, so that of ``==`` nothing is left."""
    assert "<th></th>" not in html_format(documented.doc)


@pytest.mark.parametrize("keyword", LIBRARY.keywords, ids=lambda keyword: keyword.name)
def test_examples_are_shown_as_they_are_written(keyword: KeywordDoc) -> None:
    """What is between asterisks is bold, so that wildcards are gone."""
    examples = re.split(r"^Examples?:\n", keyword.doc, flags=re.MULTILINE)[1]
    assert not re.search("<[bi]>", html_format(examples))


@pytest.mark.parametrize("keyword", LIBRARY.keywords, ids=lambda keyword: keyword.name)
def test_links_between_keywords_lead_somewhere(keyword: KeywordDoc) -> None:
    sections = re.findall(r"^= (.+) =$", LIBRARY.doc, re.MULTILINE)
    targets = {each.name for each in LIBRARY.keywords} | {"Email", *sections}
    without_code = re.sub(r"``.*?``", "", keyword.doc, flags=re.DOTALL)
    assert set(re.findall(r"`([^`]+)`", without_code)) <= targets


if __name__ == "__main__":
    APPROVED.write_text(signatures(), encoding="utf-8")
