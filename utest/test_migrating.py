"""Suites of older libraries become suites of today, and nothing else in them changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ImapLibrary.__main__ import main
from ImapLibrary.migration.migrating import Migration, migrated, offered

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
Library    ImapLibrary    AS    ImapLibrary2      # Wait For Mail
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
    ${e}=   ImapLibrary2.Wait For Email    sender=${SENDER}
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
KEEPS = "ImapLibrary    AS    ImapLibrary2\n"
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


ALONE = "*** Settings ***\nLibrary    ImapLibrary2\n*** Test Cases ***\nA\n    Mark As Read\n"


@pytest.mark.parametrize(
    ("old", "imported"),
    [
        (ALONE, "ImapLibrary\n"),
        (ALONE.replace("2\n", "2    WITH NAME    Mail\n"), "ImapLibrary    WITH NAME    Mail\n"),
        (ALONE.replace("2\n", "2    AS    ImapLibrary2\n"), "ImapLibrary    AS    ImapLibrary2\n"),
        (ALONE.replace("Library ", "Resource    a.resource\nLibrary "), KEEPS),
        (ALONE.replace("Library ", "Library    a.py\nLibrary "), KEEPS),
        (ALONE.replace("Library ", "Library    Other    AS    String\nLibrary "), KEEPS),
        (ALONE.replace("Library ", "Variables    a.py\nLibrary "), KEEPS),
        (ALONE.replace("Library ", "Library    String    AS    S\nLibrary "), "ImapLibrary\n"),
        (ALONE + "    Import Resource    a.resource\n", KEEPS),
        (ALONE + "    Run Keyword    import_library    a.py\n", KEEPS),
        (ALONE + "    Import Variables    a.py\n", KEEPS),
        (ALONE.replace("Test Cases", "Tasks"), "ImapLibrary\n"),
        (ALONE.replace("Test Cases", "Keywords"), KEEPS),
        (ALONE + "    imap library2.Mark As Read\n", KEEPS),
        (ALONE + "    Set Library Search Order    ImapLibrary2    Other\n", KEEPS),
    ],
)
def test_the_name_stays_where_something_may_go_by_it(old: str, imported: str) -> None:
    new = migrated(old).text
    assert f"Library    {imported}" in new
    assert "    Mark All As Read\n" in new
    assert migrated(new).text == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Get Email Count\n    ...    utf-8=True", "Get Email Count\n    ...    status=UNSEEN"),
        (
            "Get Email Count    # all\n    ...    utf-8=1",
            "Get Email Count    # all\n    ...    status=UNSEEN",
        ),
        ("Get Email Count    folder=Spam", "Get Email Count    folder=Spam    status=UNSEEN"),
        ("Get Email Count    utf-8=1\n    ...    utf-8=1", "Get Email Count    status=UNSEEN"),
    ],
)
def test_what_a_count_was_about(old: str, new: str) -> None:
    assert migrated(f"{ALONE}    ${{n}} =    {old}\n").text.endswith(f"    ${{n}} =    {new}\n")


@pytest.mark.parametrize(
    "call",
    [
        "Wait For Mail    a\n    ...\n    ...    UNSEEN",
        "Wait For Mail    a\n    ...    # to\n    ...    UNSEEN",
    ],
)
def test_a_call_with_an_empty_argument_stays(call: str) -> None:
    assert migrated(f"{ALONE}    {call}\n").text.endswith(f"    {call}\n")


def test_lines_with_pipes() -> None:
    old = (
        "| *** Settings *** |\n| Resource | a.resource |\n| Library | ImapLibrary2 |\n"
        "| *** Test Cases *** |\n| A |\n|    | ${e} =   | Wait For Mail | toEmail=x | utf-8=1 | # c |\n"
        "|    | Get Email Count\n"
        "|    | Wait For Mail | a |   | UNSEEN |\n"
        "|    | ${n} = | Get Email Count |\n|    | ... | utf-8=True |\n|    | Get Attachments From Email | email_index=${e} |\n"
    )
    assert migrated(old).text == (
        "| *** Settings *** |\n| Resource | a.resource |\n| Library | ImapLibrary | AS | ImapLibrary2 |\n"
        "| *** Test Cases *** |\n| A |\n|    | ${e} =   | Wait For Email | recipient=x | # c |\n"
        "|    | Get Email Count | status=UNSEEN\n"
        "|    | Wait For Mail | a |   | UNSEEN |\n"
        "|    | ${n} = | Get Email Count |\n|    | ... | status=UNSEEN |\n"
        "|    | Save Email Attachments | email=${e} | folder=. | inline=True | overwrite=True |\n"
    )


@pytest.mark.parametrize("word", ["Given", "when", "THEN", "And", "But"])
def test_words_in_front_of_keywords(word: str) -> None:
    steps = f"    {word} ImapLibrary2.Mark As Read\n    {word} Run Keyword    {word} Mark As Read\n"
    assert migrated(ALONE + steps).text.endswith(steps.replace("Mark As", "Mark All As"))
    own = (
        f"{ALONE}    {word} Mark As Read\n*** Keywords ***\n{word} mark_as read\n    No Operation\n"
    )
    assert f"    {word} Mark As Read\n" in migrated(own).text


def test_words_of_other_languages() -> None:
    old = (
        "Language: fr\n*** Paramètres ***\nBibliothèque    ImapLibrary\n"
        "*** Unités de test ***\nA\n    Étant donné Mark As Read\n    Angenommen Mark As Read\n"
    )
    assert migrated(old).text == old.replace("donné Mark As", "donné Mark All As")


def test_keywords_of_resource_files_stay() -> None:
    assert migrated(ALONE, {"Mark_As Read"}).text == ALONE.replace("ImapLibrary2", "ImapLibrary")
    resource = "*** Keywords ***\nMark_As Read\n    No Operation\n"
    assert offered(f"\ufeff{resource}") == {"Mark_As Read"}
    assert not offered(ALONE + resource)  # a suite has none for others


def test_nothing_gets_the_name_of_a_keyword_of_the_suite() -> None:
    old = f"{ALONE}*** Keywords ***\nMark All As Read\n    ImapLibrary2.Mark As Read\n"
    migration = migrated(old)
    assert "A\n    Mark As Read\n" in migration.text
    assert "    ImapLibrary2.Mark All As Read\n" in migration.text
    assert migration.left == ((5, "Mark As Read"),)


@pytest.mark.parametrize("own", ["Mark ${what}", "Mark As ${state:(Read|Unread)}", "${anything}"])
def test_what_embedded_arguments_are_met_by_stays(own: str) -> None:
    keywords = f"*** Keywords ***\n{own}\n    No Operation\n"
    assert "A\n    Mark As Read\n" in migrated(ALONE + keywords).text
    assert "A\n    Mark As Read\n" in migrated(ALONE, offered(keywords)).text


def test_nothing_gets_a_name_that_embedded_arguments_are_met_by() -> None:
    keywords = "*** Keywords ***\nMark All As ${state}\n    No Operation\n"
    migration = migrated(ALONE + keywords)
    assert "A\n    Mark As Read\n" in migration.text
    assert migration.left == ((5, "Mark As Read"),)
    assert "A\n    Mark As Read\n" in migrated(ALONE, offered(keywords)).text


def test_embedded_arguments_are_met_by_the_name_of_a_library_too() -> None:
    keywords = "*** Keywords ***\n${who}.Mark ${what} Read\n    No Operation\n"
    step = "    ImapLibrary2.Mark As Read\n"
    assert f"A\n    Mark All As Read\n{step}" in migrated(ALONE + step + keywords).text


def test_keywords_of_the_suite_itself_stay() -> None:
    text = f"{OLD}\nMark As Read\n    Log    Mine\n"
    new = migrated(text).text
    assert "IF    $e    Mark As Read    ELSE" in new
    assert "ImapLibrary2.Wait For Email" in new


def test_a_suite_of_today_stays() -> None:
    text = (
        "*** Settings ***\nLibrary    ImapLibrary\n*** Test Cases ***\nA\n"
        "    ${e} =    Wait For Email    subject=x    sent_since=today    timeout=1 min\n"
        "    ${n} =    Get Email Count\n"
    )
    assert migrated(text).text == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "IF    $a    Wait For Mail    a\n    ...    utf-8=1    ELSE    Mark As Read",
            "IF    $a    Wait For Email    sender=a\n    ...    ELSE    Mark All As Read",
        ),
        (
            "IF    $a    Wait For Mail\n    ...    utf-8=1\n    ...    ELSE    Mark As Read",
            "IF    $a    Wait For Email\n    ...    ELSE    Mark All As Read",
        ),
        (
            "${n} =    IF    $a    Get Email Count    ELSE    Get Email Count    folder=Spam",
            "${n} =    IF    $a    Get Email Count    status=UNSEEN    ELSE    Get Email Count    folder=Spam    status=UNSEEN",
        ),
    ],
)
def test_inline_if(old: str, new: str) -> None:
    assert migrated(f"{ALONE}    {old}\n").text.endswith(f"    {new}\n")


def test_inline_if_with_pipes() -> None:
    head = ALONE.replace("ImapLibrary2", "ImapLibrary2")
    old = (
        "| | IF | $a | Get Email Count | ELSE | Get Email Count | utf-8=1 |\n"
        "| | IF | $a | Get Email Count |\n"
        "| | ... | ELSE | Get Attachments From Email | email_index=${e} |\n"
    )
    assert migrated(head + old).text.endswith(
        "| | IF | $a | Get Email Count | status=UNSEEN | ELSE | Get Email Count | status=UNSEEN |\n"
        "| | IF | $a | Get Email Count | status=UNSEEN |\n"
        "| | ... | ELSE | Save Email Attachments | email=${e} | folder=. | inline=True | overwrite=True |\n"
    )


def test_words_in_front_of_keywords_are_part_of_what_the_suite_defines() -> None:
    """Some versions of Robot Framework look for a keyword with the word first."""
    keywords = "*** Keywords ***\nGiven Mark All ${state}\n    No Operation\n"
    steps = "    Given Mark As Read\n"
    assert f"    Mark All As Read\n{steps}" in migrated(ALONE + steps + keywords).text


def test_a_comment_outlives_the_argument_before_it() -> None:
    head = (
        "*** Settings ***\nLibrary    ImapLibrary\n*** Keywords ***\nA\n    Wait For Email    on=x"
    )
    old = f"{head}\n    ...    utf-8=True    # why\n    ...    cc=a\n"
    assert migrated(old).text == f"{head}\n    # why\n    ...    cc=a\n"


def test_what_is_left_is_told() -> None:
    line = OLD.splitlines().index("    Walk Multipart Email    ${e}") + 1
    assert migrated(OLD).left == ((line, "Walk Multipart Email"),)


@pytest.mark.parametrize(
    "step",
    [
        "Run Keyword    OLD",
        "Run Keyword And Return Status    OLD",
        "Run Keyword And Return    OLD",
        "Run Keyword And Return If    $a    OLD",
        "Run Keyword And Continue On Failure    OLD",
        "Run Keyword And Warn On Failure    OLD",
        "Run Keyword If Test Failed    OLD",
        "${a}    ${b} =    Run Keyword And Ignore Error    OLD",
        "BuiltIn.Run Keyword And Ignore Error    OLD    x",
        "Run Keyword And Expect Error    Mark As Read    OLD",
        "Run Keyword Unless    Mark As Read    OLD",
        "Repeat Keyword    3 x    OLD",
        "Wait Until Keyword Succeeds    1 min    1 s    OLD",
        "Run Keyword If    $a    Log    Mark As Read    ELSE IF    $b    OLD    ELSE    OLD",
        "Run Keyword If    $a    Run Keyword And Return Status    OLD",
        "Run Keywords    Log Many    OLD",
        "Run Keyword    ${KEYWORD}    Mark As Read",
        "Mark ${all} As Read    Mark As Read",
        "[Setup]    OLD",
        "[Teardown]    OLD    # Mark As Read",
        "FOR    ${a}    IN    Mark As Read\n        OLD\n    END",
        "WHILE    True    limit=1\n        OLD\n    END",
        "IF    $a    OLD    ELSE IF    $b    OLD    ELSE    OLD",
        "IF    $a\n        OLD\n    ELSE\n        ${a} =    OLD\n    END",
        "TRY\n        OLD\n    EXCEPT    Mark As Read\n        OLD\n    FINALLY\n        OLD\n    END",
        "RETURN    Mark As Read",
        "VAR    ${a}    Mark As Read",
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
    assert migrated(new).text == new


def test_a_count_in_a_list_of_keywords_stays() -> None:
    """No argument can be added to it there, where the next one would be a keyword."""
    migration = migrated(f"{ALONE}    Run Keywords    Get Email Count    Mark As Read\n")
    assert migration.text.endswith("    Run Keywords    Get Email Count    Mark All As Read\n")
    assert migration.left == ((6, "Get Email Count"),)
    after = migrated(f"{ALONE}    Run Keywords    Get Email Count    AND    Mark As Read\n").text
    assert "    Run Keywords    Get Email Count    status=UNSEEN    AND    Mark All As" in after


def test_data_of_templates_stay() -> None:
    text = (
        "*** Settings ***\nLibrary    ImapLibrary\nTest Template    Wait For Mail\n"
        "*** Test Cases ***\nA\n    toEmail=x    timeout=60\n"
        "B\n    [Template]    Mark As Read\n    Mark As Read\n"
    )
    assert migrated(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "\n\n",
        "*** Test Cases",
        "*** What Is This ***\nLibrary    ImapLibrary2\n",
        "\x00\x01\n    ...\n|\n| |\n",
        "*** Settings ***\n    Library    ImapLibrary2\n...    x\nMark As Read\n",
    ],
)
def test_what_is_no_suite_stays(text: str) -> None:
    assert migrated(text) == Migration(text)


def test_what_can_not_be_understood_stays() -> None:
    rest = "*** Test Cases ***\nA\n    FOR\n    Mark As Read    \x0c\n    END\n    END\n| Mark As Read\n"
    text = f"*** Settings ***\nLibrary    ImapLibrary\nLibrary\n{rest}"
    assert migrated(text).text == text.replace("    Mark As", "    Mark All As")


class TestCommandLine:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "old.robot").write_bytes(OLD.encode())
        (tmp_path / "shared.resource").write_bytes(OLD.encode())
        (tmp_path / "notes.txt").write_bytes(OLD.encode())
        (tmp_path / "folder.robot").mkdir()
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
        assert f"{old}:4: ImapLibrary2 -> ImapLibrary    AS    ImapLibrary2" in told
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
        assert capsys.readouterr().err == (
            f"{folder / 'latin.robot'} can't be read: byte 17 is not UTF-8.\n"
            f"{folder / 'missing.robot'} can't be read: No such file or directory.\n"
        )
        assert (folder / "shared.resource").read_bytes() == NEW.encode()

    def test_keywords_of_a_resource_file_stay_in_all_suites(self, folder: Path) -> None:
        suite = folder / "suite.robot"
        suite.write_text(ALONE, encoding="utf-8")
        (folder / "own.ROBOT").write_text("*** Keywords ***\nMark As Read\n    Log    x\n")
        main(["migrate", str(folder)])
        assert suite.read_text(encoding="utf-8") == ALONE.replace("ImapLibrary2", "ImapLibrary")

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may write anything")
    def test_a_file_that_can_not_be_written(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "shared.resource").chmod(0o444)
        assert main(["migrate", str(folder)]) == 2
        assert "shared.resource can't be written: Permission denied.\n" in capsys.readouterr().err
        assert (folder / "below" / "old.robot").read_bytes() == NEW.encode()


@pytest.mark.parametrize("path", sorted(OLDER.glob("*.robot")), ids=lambda path: path.stem)
def test_suites_in_the_old_style_end_up_without_old_names(path: Path) -> None:
    new = migrated(path.read_text(encoding="utf-8")).text
    assert migrated(new).text == new
    for old in ("Wait For Mail", "toEmail", "fromEmail", "is_secure", "utf-8=", "Mark As Read"):
        assert old not in new
