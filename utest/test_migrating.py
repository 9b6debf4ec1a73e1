"""Suites of older libraries become suites of today, and nothing else in them changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ImapLibrary.__main__ import main
from ImapLibrary.migration.migrating import migrated

OLDER = Path(__file__).parent.parent / "atest" / "suites" / "older"

OLD = """\
*** Settings ***
Documentation       Wait For Mail    fromEmail=x
Library             Collections
Library    ImapLibrary2      # Wait For Mail
Suite Setup         Run Keywords    Mark As Read    AND    Log    Wait For Mail
Test Teardown   Mark All Emails As Read
Test Template       Wait For Mail

*** Variables ***
${NAME}             Wait For Mail

*** Test Cases ***
First
    [Documentation]    Mark As Read
    [Setup]    Open Mailbox    server=imap.example.com   user=qa    is_secure=True    # comment
    [Template]    NONE
    ${e}=   ImapLibrary2.wait_for_mail    ${SENDER}
    ...     toEmail=${USER}    # who

    ...     UNSEEN
    IF    $e    Mark As Read    ELSE    Get Email Count
    Wait Until Keyword Succeeds    1 min    5 s    Wait For Mail    toEmail=a    utf-8=True
    Wait For Email    subject=toEmail=x
    ...    utf-8=True
    ...    ccEmail=b
    Run Keyword If    $e    Mark As Read    ELSE    Wait For Email    fromEmail=c
    Get Attachments From Email\temail_index=${e}\ttarget_folder=x
    Walk Multipart Email    ${e}
    Other.Wait For Mail    toEmail=x
    Get Email Body    email_index=${e}

*** Keywords ***
A Keyword
    Mark As Read
    [Teardown]    Mark As Read
"""

NEW = """\
*** Settings ***
Documentation       Wait For Mail    fromEmail=x
Library             Collections
Library    ImapLibrary      # Wait For Mail
Suite Setup         Run Keywords    Mark All As Read    AND    Log    Wait For Mail
Test Teardown   Mark All As Read
Test Template       Wait For Mail

*** Variables ***
${NAME}             Wait For Mail

*** Test Cases ***
First
    [Documentation]    Mark As Read
    [Setup]    Open Mailbox    host=imap.example.com   user=qa    security=TLS    # comment
    [Template]    NONE
    ${e}=   ImapLibrary.Wait For Email    sender=${SENDER}
    ...     recipient=${USER}    # who

    ...     recipient=UNSEEN
    IF    $e    Mark All As Read    ELSE    Get Email Count    status=UNSEEN
    Wait Until Keyword Succeeds    1 min    5 s    Wait For Email    recipient=a
    Wait For Email    subject=toEmail=x
    ...    cc=b
    Run Keyword If    $e    Mark All As Read    ELSE    Wait For Email    sender=c
    Save Email Attachments\temail=${e}\tfolder=x    inline=True    overwrite=True
    Walk Multipart Email    ${e}
    Other.Wait For Mail    toEmail=x
    Get Email Body    ${e}

*** Keywords ***
A Keyword
    Mark All As Read
    [Teardown]    Mark All As Read
"""
OLD = OLD.replace("    ...     UNSEEN\n", "    ...     status=UNSEEN\n")
NEW = NEW.replace("    ...     recipient=UNSEEN\n", "    ...     status=UNSEEN\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_nothing_but_names_changes(end: str, mark: str) -> None:
    old, new = (mark + text.replace("\n", end) for text in (OLD, NEW))
    assert migrated(old).text == new


def test_twice_is_as_good_as_once() -> None:
    again = migrated(NEW)
    assert again.text == NEW
    assert not again.changes


def test_without_an_end_of_the_last_line() -> None:
    text = "*** Settings ***\nLibrary    ImapLibrary\n*** Keywords ***\nA\n    Mark As Read"
    assert migrated(text).text == text.replace("Mark As", "Mark All As")


@pytest.mark.parametrize(
    "library", ["ImapLibrary3", "imaplibrary2", "Other    AS    ImapLibrary2", "RPA.Email.ImapSmtp"]
)
def test_a_suite_of_something_else_stays(library: str) -> None:
    text = OLD.replace("ImapLibrary2      #", f"{library}    #")
    assert migrated(text).text == text


def test_the_import_that_the_guide_advises() -> None:
    text = OLD.replace("Library    ImapLibrary2", "Library    ImapLibrary    AS    ImapLibrary2")
    new = migrated(text).text
    assert "Library    ImapLibrary    AS    ImapLibrary2  " in new
    assert "${e}=   ImapLibrary2.Wait For Email    sender=${SENDER}" in new
    assert "ELSE    Get Email Count\n" in new  # here nothing tells that it counted unread ones


def test_keywords_of_the_suite_itself_stay() -> None:
    text = f"{OLD}\nMark As Read\n    Log    Mine\n"
    new = migrated(text).text
    assert "IF    $e    Mark As Read    ELSE" in new
    assert "ImapLibrary.Wait For Email" in new


def test_a_suite_of_today_stays() -> None:
    text = (
        "*** Settings ***\nLibrary    ImapLibrary\n*** Test Cases ***\nA\n"
        "    ${e} =    Wait For Email    subject=x    sent_since=today    timeout=1 min\n"
        "    ${n} =    Get Email Count\n"
    )
    assert migrated(text).text == text


def test_a_comment_outlives_the_argument_before_it() -> None:
    head = (
        "*** Settings ***\nLibrary    ImapLibrary\n*** Keywords ***\nA\n    Wait For Email    on=x"
    )
    old = f"{head}\n    ...    utf-8=True    # why\n    ...    cc=a\n"
    assert migrated(old).text == f"{head}\n    ...    # why\n    ...    cc=a\n"


def test_what_is_left_is_told() -> None:
    line = OLD.splitlines().index("    Walk Multipart Email    ${e}") + 1
    assert migrated(OLD).left == ((line, "Walk Multipart Email"),)


@pytest.mark.parametrize(
    "step",
    [
        "Run Keyword    OLD",
        "BuiltIn.Run Keyword And Ignore Error    OLD    x",
        "Run Keyword And Expect Error    Mark As Read    OLD",
        "Run Keyword Unless    Mark As Read    OLD",
        "Repeat Keyword    3 x    OLD",
        "Wait Until Keyword Succeeds    1 min    1 s    OLD",
        "Run Keyword If    $a    Log    Mark As Read    ELSE IF    $b    OLD    ELSE    OLD",
        "Run Keyword If    $a    Run Keyword And Return Status    OLD",
        "Run Keywords    Log Many    OLD",
        "Run Keywords    Log    Mark As Read    AND    OLD    AND    OLD    x",
    ],
)
def test_keywords_that_are_arguments(step: str) -> None:
    head = "*** Settings ***\nLibrary    ImapLibrary\n*** Keywords ***\nA\n    "
    old = head + step.replace("OLD", "Mark All Emails As Read")
    new = head + step.replace("OLD    x", "Mark All Emails As Read    x").replace(
        "OLD", "Mark All As Read"
    )
    assert migrated(old).text == new


class TestCommandLine:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "old.robot").write_bytes(OLD.encode())
        (tmp_path / "shared.resource").write_bytes(OLD.encode())
        (tmp_path / "notes.txt").write_bytes(OLD.encode())
        return tmp_path

    def test_files_in_folders_are_rewritten(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["migrate", str(folder)]) == 0
        assert (folder / "below" / "old.robot").read_bytes() == NEW.encode()
        assert (folder / "shared.resource").read_bytes() == NEW.encode()
        assert (folder / "notes.txt").read_bytes() == OLD.encode()
        told = capsys.readouterr().out.splitlines()
        assert told[-1] == "2 files changed."
        old = folder / "below" / "old.robot"
        assert f"{old}:4: ImapLibrary2 -> ImapLibrary" in told
        assert f"{old}:16: toEmail=${{USER}} -> recipient=${{USER}}" not in told
        assert f"{old}:5: Mark As Read -> Mark All As Read" in told
        assert main(["migrate", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "0 files changed."

    def test_check_changes_nothing(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["migrate", "--check", str(folder / "shared.resource")]) == 1
        assert (folder / "shared.resource").read_bytes() == OLD.encode()
        assert capsys.readouterr().out.splitlines()[-1] == "1 files would change."
        main(["migrate", str(folder)])
        assert main(["migrate", str(folder), "--check"]) == 0

    def test_a_file_that_can_not_be_read(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "latin.robot").write_bytes(b"*** Comments ***\n\xe9\n")
        assert main(["migrate", str(folder), str(folder / "missing.robot")]) == 2
        assert "latin.robot: " in (errors := capsys.readouterr().err)
        assert "missing.robot: " in errors
        assert (folder / "shared.resource").read_bytes() == NEW.encode()


@pytest.mark.parametrize("path", sorted(OLDER.glob("*.robot")), ids=lambda path: path.stem)
def test_suites_in_the_old_style_end_up_without_old_names(path: Path) -> None:
    new = migrated(path.read_text(encoding="utf-8")).text
    assert migrated(new).text == new
    for old in ("Wait For Mail", "toEmail", "fromEmail", "is_secure", "utf-8=", "Mark As Read"):
        assert old not in new
