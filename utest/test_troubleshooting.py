"""What the documentation says of failures: each that it shows is provoked, and reads like that."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import BLOCKS, ROOT
from scripted import ScriptedServer, Session, message

if sys.version_info < (3, 11):
    pytest.skip("the embedded server needs Python 3.11", allow_module_level=True)

from test_examples import robot

from ImapLibrary.mailserver.server import MailServer

pytestmark = pytest.mark.once

EXAMPLES = ROOT / "examples"

SUITE = """
*** Settings ***
Library    ImapLibrary    timeout=1 s
Library    signing_in.py
Library    invoicing.py
Library    OperatingSystem
Suite Setup    Open What Is Needed

*** Variables ***
${{IMAP}}    {server.imap_port}
${{IMAPS}}    {server.imaps_port}
${{SMTP_PORT}}    {server.smtp_port}
${{SCRIPTED}}    {scripted.port}

*** Test Cases ***
Failure
    {steps}

*** Keywords ***
Open What Is Needed
    FOR    ${{user}}    IN    other    qa
        Open Mailbox    localhost    ${{user}}@example.com    any    port=${{IMAP}}
        ...    security=NONE    alias=${{user}}
    END
    Sign In    qa@example.com    127.0.0.1    ${{SMTP_PORT}}
    ${{email}} =    Wait For Email    subject=Sign in
    VAR    ${{email}}    ${{email}}    scope=SUITE

Open Scripted
    Open Mailbox    127.0.0.1    qa@example.com    any    port=${{SCRIPTED}}    security=NONE
"""

LOG_IN = "Open Mailbox    localhost    qa@example.com    {}    security=NONE    alias=new"

CODES = "${two} =    Append Email    subject=Two    text=Your code is 1234 or 5678."
NO_CODE = "${none} =    Append Email    subject=None    text=Hello!"
MARK = "${mark} =    Get Mailbox Mark"
JUNK = "Create Folder    Junk"
TRASHED = "Append Email    subject=In vain    folder=Junk    text=Hello!"
INVOICE = "Send Invoice    qa@example.com    A lamp    127.0.0.1    ${SMTP_PORT}"
INVOICED = "${invoice} =    Wait For Email    subject=A lamp"

PROVOKED = {
    "Could not connect to ... port 993: the host name": [
        "Open Mailbox    imap.invalid    qa@example.com    any"
    ],
    "Could not connect to ... port ...: connection refused": [
        "Open Mailbox    127.0.0.1    qa@example.com    any    port=1"
    ],
    "Could not speak TLS": ["Open Mailbox    localhost    qa@example.com    any    port=${IMAP}"],
    "No usable greeting": [f"{LOG_IN.format('any')}    port=${{IMAPS}}    timeout=1 s"],
    "The certificate of": ["Open Mailbox    localhost    qa@example.com    any    port=${IMAPS}"],
    "The server at ... port ... offers no STARTTLS": [
        "Open Mailbox    127.0.0.1    qa@example.com    any    port=${SCRIPTED}    security=STARTTLS"
    ],
    "Could not log in as": [f"{LOG_IN.format('wrong')}    port=${{SCRIPTED}}"],
    "Could not log in on ...: the server does not take passwords": [
        f"{LOG_IN.format('any')}    port=${{SCRIPTED}}"
    ],
    "Could not log in on ...: the server takes no access tokens": [
        f"{LOG_IN.format('access_token=old')}    port=${{SCRIPTED}}"
    ],
    "The argument password is missing": [f"{LOG_IN.format('${EMPTY}')}    port=${{IMAP}}"],
    "No email received within ... that matches ..., in folder ... of ... on ... ... other": [
        MARK,
        "Append Email    subject=Another    text=Hello!",
        "Wait For Email    subject=In vain    after=${mark}",
    ],
    "No email received within ... that matches ..., in folder ... of ... on ... No other": [
        "Wait For Email    subject=In vain"
    ],
    "No email received within ... that matches ... and arrived after": [
        MARK,
        "Wait For Email    subject=Sign in    after=${mark}",
    ],
    "No email received within ... In the folder": [
        JUNK,
        TRASHED,
        "Wait For Email    subject=In vain    timeout=6 s",
    ],
    "No email received within ... The last look got no answer": [
        "Open Scripted",
        "Wait For Email    subject=In vain",
    ],
    "The server can't search": ["Wait For Email    search=NONSENSE"],
    "... emails in folder ... of ... on ... are unread": [NO_CODE, "Wait For Email"],
    "... emails in folder ... of ... on ... match": [
        CODES,
        CODES,
        "Wait For Emails    count=1    subject=Two",
    ],
    "An email arrived in": [
        MARK,
        CODES,
        "Email Should Not Arrive    subject=Two    after=${mark}    within=0 s",
    ],
    "A mark or an email of": [MARK, "Wait For Email    after=${mark}    mailbox=other"],
    "This email is of folder ... of ... on ..., which is open": [
        "Switch Mailbox    other",
        "Get Email Body    ${email}",
    ],
    "The UIDs of folder": [
        "Create Folder    Old",
        "Select Folder    Old",
        MARK,
        "Delete Folder    Old",
        "Create Folder    Old",
        "Wait For Email    after=${mark}    folder=Old",
    ],
    "The criterion subject is empty": ["Wait For Email    subject=${EMPTY}"],
    "`Wait For Email` has no argument": ["Wait For Email    subjct=Hello"],
    "The criterion subject is no regular expression": [
        "Wait For Email    subject=regexp:[0-9 shipped"
    ],
    "There is no status 'UNREAD'": ["Wait For Email    status=UNREAD"],
    "No mailbox is open": ["Close All Mailboxes", "Wait For Email    subject=Sign in"],
    "This email is of folder ... of ... on ..., whose mailbox is closed": [
        "Close All Mailboxes",
        "Get Email Body    ${email}",
    ],
    "No mailbox with the alias": ["Mark All As Read    mailbox=otter"],
    "The mailbox '...' was opened with readonly": [
        f"{LOG_IN.format('any')}    port=${{IMAP}}    readonly=True",
        "Mark All As Read",
    ],
    "This email has ... codes": [CODES, "Get Email Code    ${two}"],
    "There is no code": [NO_CODE, "Get Email Code    ${none}"],
    "... links of this email": ["Get Email Link    ${email}"],
    "No link of this email": ["Get Email Link    ${email}    text=Sign out"],
    "... could not be opened": [
        "${link} =    Append Email    subject=Link    text=Go to http://127.0.0.1:1/page",
        "Open Email Link    ${link}",
    ],
    "No attachment of the email": [
        INVOICE,
        INVOICED,
        "Get Attachment Content    ${invoice}    name=invoice",
    ],
    "The email has no header": ["Get Email Header    ${email}    X-Order"],
    "... Only the first 64 KiB": [
        "Append Email    subject=Large    text=${{'x' * 200_000}}",
        "${large} =    Wait For Email    subject=Large",
        "Log    ${large.text}",
    ],
    "The body should contain": ["Get Email Body    ${email}    contains    your code"],
    "ValueError: Argument 'assertion_operator'": ["Get Email Subject    ${email}    Sign in"],
    "The operator == needs a value": ["Get Email Subject    ${email}    =="],
    "Keyword 'ImapLibrary.Get Email Count' got": ["Get Email Count    ==    3"],
    "This email does not match": ["Email Should Match    ${email}    subject=Sign out"],
    "An email in folder": ["Email Count Should Be    2    subject=Sign in"],
    "... things are wrong": ["Check Email Quality    ${email}"],
    "There is no email with UID": ["Get Email Body    4711"],
    "Could not open folder": ["Create Folder    Archive", "Select Folder    Archiv"],
    "The server refused ... for folder": [
        "Create Folder    Archive",
        f"{LOG_IN.format('any')}    port=${{IMAP}}    folder=Archive",
        "Delete Folder    Archive    mailbox=qa",
        "Find Emails",
    ],
    "... It is not known how much": [
        "Open Scripted",
        "Append Email    subject=Lost    text=Hello!",
    ],
    "It can't be told which email": ["Open Scripted", "Append Email    ${{b'Subject: Same'}}"],
    "Could not write": ["Save Email    ${email}    ${CURDIR}/signing_in.py"],
    "The mail server could not listen": ["Start Mail Server    smtp_port=${SMTP_PORT}"],
    "Initializing library": ["Import Library    ImapLibrary    plugins=no_such.Plugin"],
}
"""How each begins, and steps the last of which fails with it."""


def one_line(text: str) -> str:
    """Return a text with a blank wherever there is white space: pages wrap it as fits."""
    return " ".join(text.split())


FAILURES = [
    one_line(block.text)
    for block in BLOCKS
    if (block.page, block.language) == ("troubleshooting", "text")
]


def steps_to(failure: str) -> list[str]:
    """Return the steps that lead to a failure."""
    (steps,) = (steps for begin, steps in PROVOKED.items() if failure.startswith(begin))
    return steps


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(tls=True) as server:
        yield server


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A server that does what no good one can be brought to, see `fail_as`."""
    with ScriptedServer(message("Hello")) as server:
        yield server


def fail_as(failure: str, scripted: ScriptedServer) -> None:
    """Have the server do what leads to a failure."""

    def refuse(session: Session, tag: str, _: str) -> None:
        session.send(f"{tag} NO [AUTHENTICATIONFAILED] No")

    def hang_up(session: Session, _: str, __: str) -> None:
        session.close()

    def append_twice(session: Session, tag: str, arguments: str) -> None:
        scripted.deliver(b"Subject: Same")
        session.do_append(tag, arguments)

    if "LOGINDISABLED" in failure:
        scripted.capabilities = "IMAP4rev1 LOGINDISABLED"
    elif failure.startswith("Could not log in as"):
        scripted.on["LOGIN"] = refuse
    elif "The last look" in failure:
        scripted.on["SEARCH"] = hang_up
    elif "It is not known" in failure:
        scripted.on["APPEND"] = hang_up
    elif failure.startswith("It can't be told"):
        scripted.uid_codes = False
        scripted.on["APPEND"] = append_twice


def pattern(failure: str) -> str:
    """Return what a failure matches that is shown with dots."""
    return re.escape(failure).replace(r"\.\.\.", ".*") + ".*"


@pytest.mark.parametrize("failure", FAILURES, ids=lambda text: text[:60])
def test_failures_read_as_they_are_shown(
    failure: str, server: MailServer, scripted: ScriptedServer, tmp_path: Path
) -> None:
    for name in ("signing_in.py", "invoicing.py"):
        shutil.copy(EXAMPLES / name, tmp_path)
    fail_as(failure, scripted)
    *before, last = steps_to(failure)
    steps = [*before, f"${{said}} =    Run Keyword And Expect Error    *    {last}"]
    steps.append("Create File    ${CURDIR}/said.txt    ${said}")
    suite = SUITE.format(steps="\n    ".join(steps), server=server, scripted=scripted)
    (tmp_path / "failure.robot").write_text(suite, encoding="utf-8")
    robot("failure.robot", cwd=tmp_path)
    said = (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert re.fullmatch(pattern(failure), one_line(said)), said


def test_every_failure_is_provoked_by_its_own_steps() -> None:
    begins = [[begin for begin in PROVOKED if failure.startswith(begin)] for failure in FAILURES]
    assert sorted(begin for (begin,) in begins) == sorted(PROVOKED)
