"""Getters with an operator and a value: what they return, and what their failures say."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from ImapLibrary.arguments import to_operator
from ImapLibrary.errors import HeaderNotFound, InvalidArgument, NotAsExpected
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.headers import HeaderKeywords
from ImapLibrary.keywords.links import LinkKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

NONE_OPEN = Mailboxes()
ATTACHMENTS = AttachmentKeywords(NONE_OPEN)
HEADERS = HeaderKeywords(NONE_OPEN)
LINKS = LinkKeywords(NONE_OPEN)
READING = ReadingKeywords(NONE_OPEN, Walks(NONE_OPEN))

WELCOME = Email(
    b"From: Shop <shop@example.com>\r\n"
    b"To: qa@example.com\r\nCc: Boss <boss@example.com>\r\n"
    b"Subject: Welcome\r\nX-Count: 7\r\nAuto-Submitted: none\r\n"
    b"Date: Tue, 24 Mar 2026 10:00:00 +0100\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\n\r\nHello Jane,\r\n\r\nsee https://shop.example/?id=42\r\n"
    b'--x\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nA\r\n'
    b'--x\r\nContent-Disposition: attachment; filename="b.txt"\r\n\r\nB\r\n--x--\r\n'
)

RETURNS_GROUPS = pytest.mark.skipif(
    version("robotframework-assertion-engine") < "5", reason="groups are new in its version 5.0"
)


def subject(operator: str, expected: object, message: str | None = None) -> Any:
    return HEADERS.get_email_subject(WELCOME, to_operator(operator), expected, message)


def date(operator: str, expected: object) -> Any:
    return HEADERS.get_email_date(WELCOME, to_operator(operator), expected)


def recipients(operator: str, expected: object) -> Any:
    return HEADERS.get_email_recipients(WELCOME, to_operator(operator), expected)


def fails(error: type[Exception], text: str, call: Any, *arguments: Any, **named: Any) -> None:
    with pytest.raises(error) as failure:
        call(*arguments, **named)
    assert str(failure.value) == text


class TestGetters:
    def test_return_what_they_find(self) -> None:
        assert HEADERS.get_email_subject(WELCOME) == "Welcome"
        assert HEADERS.get_email_sender(WELCOME) == "shop@example.com"
        assert HEADERS.get_email_recipients(WELCOME) == ["qa@example.com", "boss@example.com"]
        assert HEADERS.get_email_date(WELCOME) == datetime(
            2026, 3, 24, 10, tzinfo=timezone(timedelta(hours=1))
        )

    def test_what_is_not_there_is_empty(self) -> None:
        empty = Email(b"X: y\r\n\r\n")
        assert HEADERS.get_email_subject(empty) == ""
        assert HEADERS.get_email_sender(empty) == ""
        assert HEADERS.get_email_recipients(empty) == []

    def test_there_is_always_a_date(self) -> None:
        fails(
            HeaderNotFound,
            "The email has no header 'Date'. Did you mean 'X-Date'? It has X-Date.",
            HEADERS.get_email_date,
            Email(b"X-Date: y\r\n\r\n"),
        )
        fails(
            HeaderNotFound,
            "The email has no date: its header Date is 'soon'.",
            HEADERS.get_email_date,
            Email(b"Date: soon\r\n\r\n"),
        )

    def test_take_all_their_arguments_by_name(self) -> None:
        found = HEADERS.get_email_header(
            email=WELCOME,
            name="X-Missing",
            assertion_operator=to_operator("=="),
            assertion_expected="x",
            default="x",
        )
        assert found == "x"

    def test_have_no_other_arguments(self) -> None:
        with pytest.raises(TypeError, match="unexpected keyword argument 'defualt'"):
            HEADERS.get_email_header(WELCOME, "X-Missing", defualt="x")


class TestTexts:
    @pytest.mark.parametrize(
        ("operator", "expected"),
        [
            ("==", "Welcome"),
            ("!=", "welcome"),
            ("<", "X"),
            ("contains", "come"),
            ("not contains", "W3"),
            ("starts", "Wel"),
            ("ends", "come"),
            ("matches", "(?i)^WEL"),
        ],
    )
    def test_that_are_as_expected_are_returned(self, operator: str, expected: str) -> None:
        assert subject(operator, expected) == "Welcome"

    @pytest.mark.parametrize(
        ("operator", "expected", "should"),
        [
            ("==", "welcome", "should be"),
            ("!=", "Welcome", "should not be"),
            ("<", "A", "should be less than"),
            (">", "X", "should be greater than"),
            ("<=", "A", "should be less than or equal to"),
            (">=", "X", "should be greater than or equal to"),
            ("contains", "Come", "should contain"),
            ("not contains", "come", "should not contain"),
            ("starts", "wel", "should start with"),
            ("ends", "Wel", "should end with"),
            ("matches", "^come", "should match"),
        ],
    )
    def test_that_are_not(self, operator: str, expected: str, should: str) -> None:
        text = f"The subject {should} {expected!r} (text), but found 'Welcome' (text)."
        fails(NotAsExpected, text, subject, operator, expected)

    def test_compare_with_numbers(self) -> None:
        assert HEADERS.get_email_header(WELCOME, "X-Count", to_operator("=="), 7) == "7"

    @RETURNS_GROUPS
    def test_groups_of_a_match_are_returned(self) -> None:
        assert subject("matches", "(W)el(c)") == ("W", "c")
        assert subject("matches", "(?P<first>W)") == {"first": "W"}
        matches = to_operator("matches")
        assert LINKS.get_email_link(WELCOME, matches, r"id=(\d+)") == ("42",)

    def test_no_regular_expression(self) -> None:
        fails(
            InvalidArgument,
            "The operator matches takes a regular expression, and '(' is none: missing ), "
            "unterminated subpattern at position 0. In Robot Framework data, a backslash is "
            r"written twice: \\d for a digit.",
            subject,
            "matches",
            "(",
        )

    def test_which_header_it_is(self) -> None:
        fails(
            NotAsExpected,
            "The header x-count should be '8' (text), but found '7' (text).",
            HEADERS.get_email_header,
            WELCOME,
            "x-count",
            to_operator("=="),
            "8",
        )

    def test_of_an_email_show_where_to_look(self) -> None:
        fails(
            NotAsExpected,
            r"The body should contain 'Hello June' (text), but found 'Hello Jane,\n\nsee "
            r"https://shop.example/?id=42' (text)."
            "\nWhat comes nearest is the line 'Hello Jane,'",
            READING.get_email_body,
            WELCOME,
            to_operator("contains"),
            "Hello June",
        )
        assert READING.get_email_text(WELCOME, to_operator("contains"), "Jane").startswith("Hello")


class TestLists:
    @pytest.mark.parametrize(
        ("operator", "expected"),
        [
            ("==", ["boss@example.com", "qa@example.com"]),
            ("!=", "qa@example.com"),
            ("contains", "qa@example.com"),
            ("contains", ["qa@example.com", "boss@example.com"]),
            ("not contains", "qa"),
            ("not contains", ["qa", "boss"]),
        ],
    )
    def test_that_are_as_expected_are_returned(self, operator: str, expected: object) -> None:
        assert recipients(operator, expected) == ["qa@example.com", "boss@example.com"]

    @pytest.mark.parametrize(
        ("operator", "expected", "told"),
        [
            ("==", "qa@example.com", "should be 'qa@example.com' (list)"),
            ("==", [], "should be none (list)"),
            ("contains", ["qa@example.com", "x"], "should contain 'x' (text)"),
            ("contains", 5, "should contain '5' (text)"),
            ("not contains", ["x", "qa@example.com"], "should not contain 'qa@example.com' (text)"),
        ],
    )
    def test_that_are_not(self, operator: str, expected: object, told: str) -> None:
        found = "'qa@example.com', 'boss@example.com' (list)"
        text = f"The recipients {told}, but found {found}."
        fails(NotAsExpected, text, recipients, operator, expected)

    def test_of_attachments_compare_by_name(self) -> None:
        operator = to_operator("==")
        found = ATTACHMENTS.get_email_attachments(WELCOME, operator, ["b.txt", "a.txt"])
        assert found == list(WELCOME.attachments)
        fails(
            NotAsExpected,
            "The names of the attachments should be 'a.txt' (list), but found 'a.txt', 'b.txt' (list).",
            ATTACHMENTS.get_email_attachments,
            WELCOME,
            operator,
            "a.txt",
        )

    @pytest.mark.parametrize("operator", ["contains", "not contains"])
    def test_something_is_looked_for(self, operator: str) -> None:
        fails(
            InvalidArgument,
            f"The operator {operator} needs something to look for, but what is expected is empty. "
            "If it comes from a variable, the variable has no value.",
            recipients,
            operator,
            [],
        )

    def test_of_links_compare_by_address(self) -> None:
        (link,) = LINKS.get_email_links(WELCOME, to_operator("=="), "https://shop.example/?id=42")
        assert LINKS.get_email_link(WELCOME, to_operator("ends"), "id=42") == link
        assert LINKS.get_email_link(WELCOME, to_operator("matches"), "id=42") == link
        fails(
            NotAsExpected,
            "The address of the link should start with 'http:' (text), but found "
            "'https://shop.example/?id=42' (text).",
            LINKS.get_email_link,
            WELCOME,
            to_operator("starts"),
            "http:",
        )

    def test_operators_that_do_not_fit(self) -> None:
        fails(
            InvalidArgument,
            "The operator starts does not fit the recipients (list). It can be ==, !=, contains, "
            "not contains, validate, then.",
            recipients,
            "starts",
            "qa",
        )


class TestDates:
    @pytest.mark.parametrize(
        ("operator", "expected"),
        [
            ("==", "2026-03-24T09:00:00Z"),
            ("==", datetime(2026, 3, 24, 9, tzinfo=timezone.utc)),
            ("!=", "2026-03-24T10:00:00Z"),
            (">", "2026-03-23"),
            (">=", "2026-03-24T09:00:00Z"),
            ("<", "2026-03-26"),
            ("<=", "2026-03-24T09:00:00Z"),
            ("<", "now"),
        ],
    )
    def test_that_are_as_expected_are_returned(self, operator: str, expected: object) -> None:
        assert date(operator, expected) == WELCOME.date

    @pytest.mark.parametrize("operator", ["==", ">=", "<="])
    def test_a_day_is_equal_to_the_moments_in_it(self, operator: str) -> None:
        assert WELCOME.date
        here = WELCOME.date.astimezone().date()
        assert date(operator, here.isoformat())
        assert date(operator, here)
        for other in ("!=", "<", ">"):
            with pytest.raises(NotAsExpected):
                date(other, here)

    def test_the_moment_after_a_day_is_not_of_it(self) -> None:
        midnight = datetime(2026, 3, 25).astimezone()
        email = Email(f"Date: {midnight:%d Mar %Y %H:%M:%S %z}\r\n\r\n".encode())
        assert HEADERS.get_email_date(email, to_operator(">"), "2026-03-24") == midnight

    def test_that_are_not(self) -> None:
        fails(
            NotAsExpected,
            "The date should be less than '2014-03-24' (text), but found "
            "2026-03-24 10:00:00 +0100 (date).",
            date,
            "<",
            "2014-03-24",
        )

    @pytest.mark.parametrize("expected", ["soon", 5])
    def test_no_date(self, expected: object) -> None:
        fails(
            InvalidArgument,
            f"The expected value is no date: '{expected}'. Write it like 2026-03-24, "
            "2026-03-24 10:00, 24-Mar-2026, today or now.",
            date,
            "==",
            expected,
        )

    def test_operators_that_do_not_fit(self) -> None:
        fails(
            InvalidArgument,
            "The operator contains does not fit the date (date). It can be ==, !=, <, >, <=, >=, "
            "validate, then.",
            date,
            "contains",
            "2026",
        )


class TestBytes:
    def content(self, operator: str, expected: object) -> Any:
        return ATTACHMENTS.get_attachment_content(
            WELCOME, to_operator(operator), expected, name="a.txt"
        )

    def test_compare_with_bytes(self) -> None:
        assert self.content("==", b"A") == b"A"
        fails(
            NotAsExpected,
            "The content of the attachment should contain b'B' (bytes), but found b'A' (bytes).",
            self.content,
            "contains",
            b"B",
        )

    @pytest.mark.parametrize(("expected", "told"), [("A", "'A' (text)"), (5, "5 (number)")])
    def test_compare_with_nothing_else(self, expected: object, told: str) -> None:
        fails(
            InvalidArgument,
            f"The content of the attachment (bytes) can't be compared with {told}.",
            self.content,
            "==",
            expected,
        )


class TestOperators:
    @pytest.mark.parametrize(
        ("name", "same"),
        [("==", "equals"), ("Should Be", "=="), ("NOT_CONTAINS", "not contains"), (">=", ">=")],
    )
    def test_by_any_of_their_names(self, name: str, same: str) -> None:
        assert to_operator(name) is to_operator(same)

    def test_need_a_value(self) -> None:
        # Nothing is fetched before that is noticed: a mailbox would have to be open.
        text = (
            "The operator contains needs a value after it to compare with. For an empty text, "
            "write ${EMPTY}."
        )
        fails(InvalidArgument, text, READING.get_email_body, 7, to_operator("*="))

    @pytest.mark.parametrize(("expected", "message"), [("x", None), (None, "Oh")])
    def test_are_needed_by_values(self, expected: object, message: str | None) -> None:
        fails(
            InvalidArgument,
            "There is no operator, so that nothing would be checked. Write one before what is "
            "expected, such as == or contains.",
            HEADERS.get_email_subject,
            7,
            None,
            expected,
            message,
        )


class TestOwnWords:
    def test_name_both_sides(self) -> None:
        message = "{value} ({value_type}) is not {expected} ({expected_type})"
        fails(NotAsExpected, "'Welcome' (text) is not 'X' (text)", subject, "==", "X", message)

    @pytest.mark.parametrize("name", ["ignore_case", "mesage"])
    def test_that_may_be_another_argument(self, name: str) -> None:
        """Also if what is expected is found: the argument would have had no effect."""
        said = (
            f"The message of a failure would be '{name}=True'. If '{name}' is to be the name of an "
            "argument, it is misspelt, or of another keyword."
        )
        fails(InvalidArgument, said, subject, "==", "Welcome", f"{name}=True")

    @pytest.mark.parametrize(
        "message", ["total=wrong again", "subject={value}", "a = b", "=", "A=b"]
    )
    def test_with_an_equals_sign(self, message: str) -> None:
        assert subject("==", "Welcome", message) == "Welcome"

    @pytest.mark.parametrize("message", ["Broken {", "{nothing}", "{0}", "{value.nothing}", "{}"])
    def test_with_braces_that_mean_nothing(self, message: str) -> None:
        fails(NotAsExpected, message, subject, "==", "X", message)


SUITE = """
    *** Settings ***
    Library       ImapLibrary
    Test Setup    Load

    *** Test Cases ***
    Expressions
        ${result} =    Get Email Subject    ${email}    then    value.upper()
        Should Be Equal    ${result}    WELCOME
        ${result} =    Get Email Subject    ${email}    then    ${42}
        Should Be Equal    ${result}    ${42}
        ${result} =    Get Email Attachments    ${email}    validate    value[1].name == 'b.txt'
        Length Should Be    ${result}    2
        ${result} =    Get Email Link    ${email}    evaluate    value.index
        Should Be Equal    ${result}    ${0}
        Should Fail    The recipients should validate to true with 'len(value) > 2' (text), but found
        ...    'qa@example.com', 'boss@example.com' (list).
        ...    Get Email Recipients    ${email}    validate    len(value) > 2
        Should Fail    Evaluating expression 'vlaue' failed: NameError:
        ...    name 'vlaue' is not defined nor importable as module
        ...    Get Email Subject    ${email}    validate    vlaue

    Values As They Are Written
        Get Email Header    ${email}    Auto-Submitted    ==    none
        Get Email Header    ${email}    X-Missing    ==    ${EMPTY}    default=${EMPTY}
        Get Email Body    ${email}    contains    ?id=42
        Get Email Body    email_index=${email}    assertion_operator=contains    assertion_expected=Jane

    Mistakes
        Should Fail    ValueError: Argument 'assertion_operator' got value 'Welcome' that cannot be converted to
        ...    Operator: There is no such operator. There are ==, !=, <, >, <=, >=, contains, not contains,
        ...    starts, ends, matches, validate, then. The operator stands before what is expected.
        ...    Get Email Subject    ${email}    Welcome
        Should Fail    ValueError: Argument 'assertion_operator' got value 'htlm=True' that cannot be converted to
        ...    Operator: There is no such operator. There are ==, !=, <, >, <=, >=, contains, not contains,
        ...    starts, ends, matches, validate, then. If 'htlm' is to be the name of an argument, it is misspelt.
        ...    Get Email Body    ${email}    htlm=True

    *** Keywords ***
    Load
        ${email} =    Load Email    ${CURDIR}/welcome.eml
        VAR    ${email}    ${email}    scope=TEST

    Should Fail
        [Arguments]    @{lines}
        FOR    ${at}    ${line}    IN ENUMERATE    @{lines}
            IF    $line.startswith('Get Email')    BREAK
        END
        TRY
            Run Keyword    @{lines}[${at}:]
        EXCEPT    AS    ${failure}
            Should Be Equal    ${failure.partition("\\n\\n")[0]}    ${{' '.join($lines[:$at])}}
        ELSE
            Fail    Nothing failed.
        END
"""


def test_in_robot_framework(tmp_path: Path) -> None:
    (tmp_path / "welcome.eml").write_bytes(WELCOME.raw)
    (tmp_path / "suite.robot").write_text(textwrap.dedent(SUITE), encoding="utf-8")
    quiet = ("--output", "NONE", "--log", "NONE", "--report", "NONE")
    done = subprocess.run(
        [sys.executable, "-m", "robot", *quiet, "suite.robot"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
