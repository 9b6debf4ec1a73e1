"""The library in Robot Framework: its imports, and when mailboxes close by themselves."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from inspect import signature
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from scripted import ScriptedServer, Session, message

from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import CloseScope
from ImapLibrary.errors import InvalidArgument

OPEN = """
    *** Settings ***
    Library    ImapLibrary    {arguments}

    *** Keywords ***
    Open
        [Arguments]    ${{user}}
        Open Mailbox    127.0.0.1    ${{user}}    any    port={port}    security=NONE

    Should Be Open
        [Arguments]    @{{users}}
        FOR    ${{user}}    IN    @{{users}}
            Switch Mailbox    ${{user}}
        END

    Should Be Closed
        [Arguments]    @{{users}}
        FOR    ${{user}}    IN    @{{users}}
            Run Keyword And Expect Error    No mailbox *    Switch Mailbox    ${{user}}
        END
"""


@dataclass
class Run:
    """Suites in a folder, and a server that notes who comes and goes."""

    folder: Path
    server: ScriptedServer
    events: list[str]

    def robot(self, suites: dict[str, str], arguments: str = "") -> None:
        """Run suites, and fail with what Robot Framework printed if any of their tests failed.

        suites: their text by path; they can import `open.resource`
        arguments: those of its import of the library
        """
        text = textwrap.dedent(OPEN).format(arguments=arguments, port=self.server.port)
        (self.folder / "open.resource").write_text(text, encoding="utf-8")
        for name, suite in suites.items():
            path = self.folder / "run" / f"{name}.robot"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(suite), encoding="utf-8")
        command = [sys.executable, "-m", "robot", "--pythonpath", self.folder, "--outputdir", "out"]
        done = subprocess.run(
            [*command, "run"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with ScriptedServer(message("First")) as server:
        events: list[str] = []
        users: dict[Session, str] = {}

        def log_in(session: Session, tag: str, arguments: str) -> None:
            users[session] = arguments.split('"')[1]
            events.append(f"{users[session]} in")
            session.default("LOGIN", tag, arguments)

        def log_out(session: Session, tag: str, arguments: str) -> None:
            events.append(f"{users[session]} out")
            session.default("LOGOUT", tag, arguments)

        server.on["LOGIN"] = log_in
        server.on["LOGOUT"] = log_out
        yield Run(tmp_path, server, events)


INIT = """
    *** Settings ***
    Resource          open.resource
    Suite Setup       Open    parent
    Suite Teardown    Should Be Open    parent
"""

FIRST = """
    *** Settings ***
    Resource          open.resource
    Suite Setup       Open    first
    Test Setup        Open    setup
    Suite Teardown    Should Be Open    parent    first

    *** Test Cases ***
    One
        Open    test
        Should Be Open    parent    first    setup    test
        [Teardown]    Should Be Open    test    setup

    Two
        [Setup]    Should Be {state}    setup    test
        Should Be Open    parent    first
"""

SECOND = """
    *** Settings ***
    Resource    open.resource

    *** Test Cases ***
    One
        Should Be {state}    first    setup    test
        Open    second
"""


class TestScopes:
    """Each in a parent suite that opens one mailbox, a suite that opens three, and another one."""

    def in_suites(self, run: Run, scope: str, after_test: str, after_suite: str) -> list[str]:
        suites = {
            "__init__": INIT,
            "a/first": FIRST.format(state=after_test),
            "b/second": SECOND.format(state=after_suite),
        }
        run.robot(suites, f"scope={scope}" if scope else "")
        return run.events

    @pytest.mark.parametrize("scope", ["", "RUN"])
    def test_run(self, run: Run, scope: str) -> None:
        # Suites switch among them, so that the order in which they close says nothing.
        events = self.in_suites(run, scope, "Open", "Open")
        assert events[:5] == ["parent in", "first in", "setup in", "test in", "second in"]
        assert sorted(events[5:]) == sorted(
            ["parent out", "first out", "setup out", "test out", "second out"]
        )

    @pytest.mark.parametrize("scope", ["SUITE", "suite"])
    def test_suite(self, run: Run, scope: str) -> None:
        events = self.in_suites(run, scope, "Open", "Closed")
        assert events[:4] == ["parent in", "first in", "setup in", "test in"]
        assert sorted(events[4:7]) == ["first out", "setup out", "test out"]
        assert events[7:] == ["second in", "second out", "parent out"]

    def test_test(self, run: Run) -> None:
        events = self.in_suites(run, "TEST", "Closed", "Closed")
        assert events[:4] == ["parent in", "first in", "setup in", "test in"]
        assert sorted(events[4:6]) == ["setup out", "test out"]
        assert events[6:] == ["first out", "second in", "second out", "parent out"]

    @pytest.mark.parametrize("scope", ["SUITE", "TEST"])
    def test_what_fails_is_closed_too(self, run: Run, scope: str) -> None:
        suite = """
            *** Settings ***
            Resource    open.resource

            *** Test Cases ***
            One
                [Tags]    robot:skip-on-failure
                Open    one
                Fail    On purpose
        """
        run.robot({"a": suite, "b": OPENS_NOTHING}, f"scope={scope}")
        assert run.events == ["one in", "one out"]

    @pytest.mark.parametrize("scope", ["SUITE", "TEST"])
    def test_what_a_suite_teardown_opens_goes_with_the_suite(self, run: Run, scope: str) -> None:
        suite = """
            *** Settings ***
            Resource          open.resource
            Suite Teardown    Open    late

            *** Test Cases ***
            One
                No Operation
        """
        run.robot({"a": suite, "b": OPENS_NOTHING}, f"scope={scope}")
        assert run.events == ["late in", "late out"]

    def test_a_library_imported_while_the_suite_runs(self, run: Run) -> None:
        suite = """
            *** Settings ***
            Suite Setup    Import And Open

            *** Test Cases ***
            One
                Open    test

            Two
                Run Keyword And Expect Error    No mailbox *    Switch Mailbox    test
                Switch Mailbox    suite

            *** Keywords ***
            Import And Open
                Import Resource    open.resource
                Open    suite
        """
        run.robot({"a": suite, "b": OPENS_NOTHING}, "scope=TEST")
        assert run.events == ["suite in", "test in", "test out", "suite out"]

    def test_closing_by_hand_is_not_done_again(self, run: Run) -> None:
        suite = """
            *** Settings ***
            Resource         open.resource
            Test Teardown    Close All Mailboxes

            *** Test Cases ***
            One
                Open    one

            Two
                Open    two
                Close Mailbox
        """
        run.robot({"a": suite}, "scope=TEST")
        assert run.events == ["one in", "one out", "two in", "two out"]


OPENS_NOTHING = """
    *** Settings ***
    Resource    open.resource

    *** Test Cases ***
    One
        Run Keyword And Expect Error    No mailbox is open. *    Close Mailbox
"""


class TestImports:
    def test_each_with_other_arguments_has_mailboxes_of_its_own(self, run: Run) -> None:
        open_mailbox = (
            f"Open Mailbox    127.0.0.1    {{}}    any    port={run.server.port}    security=NONE"
        )
        suite = f"""
            *** Settings ***
            Library    ImapLibrary    timeout=1 s    scope=TEST    AS    Short
            Library    ImapLibrary    timeout=2 s    AS    Long

            *** Test Cases ***
            One
                Short.{open_mailbox.format("short")}
                Long.{open_mailbox.format("long")}
                Run Keyword And Expect Error    No mailbox *    Short.Switch Mailbox    long
                Run Keyword And Expect Error    No mailbox *    Long.Switch Mailbox    short

            Two
                Run Keyword And Expect Error    No mailbox *    Short.Switch Mailbox    short
                Long.Switch Mailbox    long
                Short.{open_mailbox.format("short")}
                Run Keyword And Expect Error    No email received within 1s *
                ...    Short.Wait For Email    subject=Second
                Run Keyword And Expect Error    No email received within 2s *
                ...    Long.Wait For Email    subject=Second
        """
        run.robot({"a": suite, "b": suite.split("Two\n")[0]})
        one_suite = ["short in", "long in", "short out", "short in", "short out"]
        assert run.events == [
            *one_suite,
            "short in",
            "long in",
            "short out",
            "long out",
            "long out",
        ]

    def test_the_same_in_two_suites_is_one_library(self, run: Run) -> None:
        first = """
            *** Settings ***
            Library    ImapLibrary
            Resource    open.resource

            *** Test Cases ***
            One
                Open    one
        """
        second = """
            *** Settings ***
            Library    ImapLibrary

            *** Test Cases ***
            One
                ${email} =    Wait For Email    subject=First    mailbox=one
                Should Be Equal    ${email.subject}    First
        """
        run.robot({"a": first, "b": second})
        assert run.events == ["one in", "one out"]


ONE_TEST = """
*** Test Cases ***
One
    No Operation
"""


def test_a_time_out_of_robot_framework_ends_a_wait_and_the_mailbox_goes_on(run: Run) -> None:
    suite = """
        *** Settings ***
        Resource       open.resource
        Suite Setup    Open    one

        *** Test Cases ***
        One
            [Tags]    robot:skip-on-failure
            [Timeout]    2 seconds
            Wait For Email    subject=Second    timeout=1 day

        Two
            Should Contain    ${PREV TEST MESSAGE}    Test timeout 2 seconds exceeded.
            ${email} =    Wait For Email    subject=First
            Should Be Equal    ${email.subject}    First
    """
    run.robot({"a": suite})
    assert run.server.count("IDLE") > 0
    assert run.events == ["one in", "one in", "one out"]


def test_a_failure_is_shown_without_the_name_of_its_class(run: Run) -> None:
    suite = """
        *** Settings ***
        Resource    open.resource

        *** Test Cases ***
        One
            Run Keyword And Expect Error    EQUALS:No mailbox is open. Use `Open Mailbox` first.
            ...    Mark All As Read
    """
    run.robot({"a": suite})


def test_arguments_by_name_may_be_in_any_case(run: Run) -> None:
    run.robot(
        {
            "any_case": """
            *** Settings ***
            Resource    open.resource

            *** Test Cases ***
            Any Case
                Open    qa
                Open Mailbox    Host=127.0.0.1    USER=qa-2    Password=any    Port=PORT    Security=NONE
                Run Keyword And Expect Error    No email received within 0s *
                ...    Wait For Email    Subject=x    Timeout=0    Poll_Frequency=1
                Run Keyword And Expect Error    Argument 'timeout' got value 'soon' that cannot be *
                ...    Wait For Email    Timeout=soon
                Get Email Count    Assertion_Operator===    Assertion_Expected=${0}    status=SEEN
                Run Keyword And Expect Error    *has no argument 'Host'. Did you mean 'host'? *
                ...    Open Mailbox    host=127.0.0.1    Host=127.0.0.2
                Run Keyword And Expect Error    *has no argument 'Hst'. Did you mean 'host'? *
                ...    Open Mailbox    Hst=127.0.0.1
            """.replace("PORT", str(run.server.port))
        }
    )


@pytest.mark.parametrize(
    "keyword",
    [
        "open_mailbox",
        "open_mailbox_oauth",
        "send_email",
        "reply_to_email",
        "forward_email",
        "append_email",
    ],
)
def test_none_is_no_text(keyword: str) -> None:
    """Robot Framework makes the text "None" of it, unless the type of the argument has it."""
    library = ImapLibrary()
    for name, type_ in library.get_keyword_types(keyword).items():
        members = get_args(type_) or (type_,)
        if name not in ("return", "email") and str in members:
            assert type(None) in members, name


def test_what_is_none_of_a_few_words_is_told_them(run: Run) -> None:
    """A failure of Robot Framework names what is right, unless None is right, too."""
    run.robot(
        {
            "words": """
            *** Settings ***
            Resource    open.resource

            *** Test Cases ***
            A Word
                Run Keyword And Expect Error
                ...    *cannot be converted to OnMultiple: *Available: 'FAIL', 'NEWEST' and 'OLDEST'
                ...    Wait For Email    on_multiple=FIRST
                Run Keyword And Expect Error
                ...    *cannot be converted to OnMultiple: *Available: 'FAIL', 'NEWEST' and 'OLDEST'
                ...    Wait For Email    On_Multiple=FIRST
                Run Keyword And Expect Error
                ...    *cannot be converted to Provider: *Available: 'GMAIL', 'OUTLOOK' and 'YAHOO'
                ...    Open Mailbox    provider=GOOGLE

            A Time
                FOR    ${name}    IN    timeout    Timeout    poll_frequency
                    Run Keyword And Expect Error
                    ...    *got value '1,5' that * timedelta: Write it like 30 s, 2 min or 0:02:00.
                    ...    Wait For Email    ${name}=1,5
                END

            None And Nothing
                Open    qa
                FOR    ${name}    IN    timeout    Timeout    on_multiple
                    Run Keyword And Expect Error    *Argument '${name.lower()}' got value '' that cannot *
                    ...    Wait For Email    ${name}=
                END
                Wait For Email    subject=First    timeout=${None}    on_multiple=${None}
                Wait For Email    subject=First    Timeout=${None}    On_Multiple=${None}
            """
        },
        "timeout=1 s",
    )


def test_what_may_be_none_is_so_by_default() -> None:
    """Its type does not say so to Robot Framework, which takes None all the same, then."""
    library = ImapLibrary()
    for name, method in library.keywords.items():
        shown = library.get_keyword_types(name)
        for argument, type_ in get_type_hints(method).items():
            if shown.get(argument) != type_:
                assert signature(method).parameters[argument].default is None


@pytest.mark.parametrize(
    ("keyword", "argument"),
    [
        ("find_emails", "has_attachments"),
        ("save_email", "overwrite"),
        ("open_mailbox", "readonly"),
        ("check_email_quality", "fail"),
    ],
)
def test_what_is_neither_true_nor_false_is_refused(keyword: str, argument: str) -> None:
    """Any text counts as true, so that a misspelt False would be the opposite."""
    with pytest.raises(InvalidArgument) as caught:
        ImapLibrary().run_keyword(keyword, [], {argument: "Flase"})
    assert str(caught.value) == f"The argument {argument} must be True or False, not 'Flase'."


@pytest.mark.parametrize("argument", ["legacy_hints", "previews", "embed_previews"])
def test_an_import_takes_nothing_but_true_and_false_either(argument: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^The argument {argument} must be True or False"):
        ImapLibrary(**{argument: "Flase"})


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (
            "timeout=abc",
            (
                "Argument 'timeout' got value 'abc' that cannot be converted to timedelta: "
                "Write it like 30 s, 2 min or 0:02:00."
            ),
        ),
        ("timeout=", "The argument timeout is missing or empty. If it comes from a variable, *"),
        ("timeout=${None}", "Argument 'timeout' got value 'None' that cannot be converted to *"),
        ("timeout=-5", "The argument timeout can't be negative."),
        (
            "scope=GLOBAL",
            (
                "Argument 'scope' got value 'GLOBAL' that cannot be converted to CloseScope: "
                "CloseScope does not have member 'GLOBAL'. Available: 'RUN', 'SUITE' and 'TEST'"
            ),
        ),
        ("scope=", "The argument scope is missing or empty. If it comes from a variable, *"),
        (
            "check_newest=all",
            "Argument 'check_newest' got value 'all' that cannot be converted to integer.",
        ),
        ("check_newest=-1", "The argument check_newest can't be negative."),
    ],
)
def test_a_wrong_import_ends_no_run(tmp_path: Path, argument: str, said: str) -> None:
    """Robot Framework lets through what its own conversion of such arguments raises."""
    suite = f"*** Settings ***\nLibrary    ImapLibrary    {argument}\n" + ONE_TEST
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "first.robot").write_text(suite, encoding="utf-8")
    (tmp_path / "run" / "second.robot").write_text(ONE_TEST, encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--outputdir", "out", "run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0
    assert (tmp_path / "out" / "log.html").exists()
    assert "2 tests, 2 passed, 0 failed" in done.stdout
    lines = [line for line in done.stderr.splitlines() if "[ ERROR ]" in line]
    assert len(lines) == 1
    begin = "[[] ERROR ] Error in file '*first.robot' on line 2: Initializing library *failed: "
    assert fnmatchcase(lines[0], begin + said)


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout": "2 min", "scope": "suite", "check_newest": "20"},
        {"timeout": timedelta(minutes=2), "scope": CloseScope.SUITE, "check_newest": 20},
        {"timeout": 120, "scope": "SUITE", "check_newest": "20"},
        {"timeout": "0", "check_newest": 0},
    ],
)
def test_what_an_import_takes(arguments: dict[str, Any]) -> None:
    ImapLibrary(**arguments)


def test_an_import_refuses_what_it_does_not_know() -> None:
    with pytest.raises(InvalidArgument) as caught:
        ImapLibrary(preview=False)
    assert str(caught.value) == (
        "`Library    ImapLibrary` has no argument 'preview'. Did you mean 'previews'? It takes "
        "timeout, scope, check_newest, legacy_hints, plugins, previews, embed_previews."
    )
