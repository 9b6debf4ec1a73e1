"""That each email of the corpus has its mutation, and that mutations are told apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from corpus import SAMPLES
from mutate import PACKAGE, Mutation, caught_by, mutations

MUTATIONS = mutations()


def test_each_email_has_its_mutation() -> None:
    assert [mutation.email for mutation in MUTATIONS] == [sample.name for sample in SAMPLES]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.email)
def test_each_mutation_is_of_the_reader_as_it_is(mutation: Mutation) -> None:
    source = mutation.path(PACKAGE).read_text(encoding="utf-8")
    mutated = mutation.apply(source)
    assert mutated != source
    compile(mutated, mutation.module, "exec")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "ImapLibrary")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "caught"),
    [
        ("MAX_HEADER = 256 * 1024", "MAX_HEADER = 256 * 1000", set()),
        ("MAX_HEADER = 256 * 1024", "MAX_HEADER = 16 * 1024", {"subject_of_20000_characters"}),
        ("MAX_HEADER = 256 * 1024", "MAX_HEADER = 1 / 0", {"(none can be read)"}),
    ],
)
def test_the_emails_that_read_otherwise_are_named(
    copy: Path, old: str, new: str, caught: set[str]
) -> None:
    module = copy / "ImapLibrary" / "mime" / "fields.py"
    before = module.read_bytes()
    assert caught_by(Mutation("any", "mime.fields", old, new), copy) == caught
    assert module.read_bytes() == before


def test_what_is_not_there_once_cannot_be_mutated() -> None:
    mutation = Mutation("any", "mime.fields", "x", "y")
    assert mutation.apply("a x b") == "a y b"
    for source in ("", "x x"):
        with pytest.raises(ValueError, match=r"is \d times in mime\.fields"):
            mutation.apply(source)
