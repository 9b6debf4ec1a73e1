"""Emails and empty values where a path or a text is meant, as Robot Framework hands them over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from changes import failure
from scripted import ScriptedServer, message
from scripted_smtp import ScriptedSmtp

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.keywords.mistaken import path, paths, refuse_emails
from ImapLibrary.mail.message import Email

PATH = (
    "The argument {} takes a path, and this is an email. `Save Email` makes a file of it, and "
    "`Forward Email` sends it on."
)
EMPTY = (
    "The argument {} is missing or empty. If it comes from a variable, the variable has no value."
)
TEXT = (
    "The argument {0} takes a text, and this is an email, which as text is its UID. Give what it "
    "says, such as ${{email.{0}}}."
)
ADDRESSES = (
    "The recipient \"{'a': 'qa@example.com'}\" is a dictionary. Addresses are a text, with commas "
    "between them, or a list of texts."
)
SOURCE = "{} is no email to append. Give one that a keyword returned, the path of a file, or bytes."

CASES = [
    (
        "Send Email    &{SMTP}    security=${None}",
        (
            "ValueError: Argument 'security' got value 'None' (None) that cannot be converted to "
            "Security: There are TLS, STARTTLS, NONE."
        ),
    ),
    (
        "Send Email    &{SMTP}    timeout=${None}",
        (
            "ValueError: Argument 'timeout' got value 'None' (None) that cannot be converted to "
            "timedelta: Write it like 30 s, 2 min or 0:02:00."
        ),
    ),
    ("Send Email    &{SMTP}    to=${{{'a': 'qa@example.com'}}}", ADDRESSES),
    ("Send Email    &{SMTP}    cc=${{[{'a': 'qa@example.com'}]}}", ADDRESSES),
    ("Send Email    &{SMTP}    eml=${email}", PATH.format("eml")),
    ("Send Email    &{SMTP}    attachments=${email}", PATH.format("attachments")),
    ("Send Email    &{SMTP}    attachments=${both}", PATH.format("attachments")),
    ("Send Email    &{SMTP}    inline_images=${both}", PATH.format("inline_images")),
    ("Append Email    subject=x    attachments=${both}", PATH.format("attachments")),
    ("Save Email    ${email}    ${email}", PATH.format("path")),
    ("Save Email As HTML    ${email}    ${email}", PATH.format("path")),
    ("Save Email Attachments    ${email}    ${email}", PATH.format("folder")),
    ("Load Email    ${email}", PATH.format("path")),
    ("Open Mailbox    &{IMAP}    client_certificate=${email}", PATH.format("client_certificate")),
    ("Send Email    &{SMTP}    text=${email}", TEXT.format("text")),
    ("Send Email    &{SMTP}    html=${email}", TEXT.format("html")),
    ("Send Email    &{SMTP}    subject=${email}", TEXT.format("subject")),
    ("Append Email    text=${email}", TEXT.format("text")),
    ("Reply To Email    ${email}    &{SMTP}    text=${email}", TEXT.format("text")),
    ("Forward Email    ${email}    &{SMTP}    to=a@b.cc    text=${email}", TEXT.format("text")),
    ("Send Email    &{SMTP}    eml=${EMPTY}", EMPTY.format("eml")),
    ("Send Email    &{SMTP}    attachments=${EMPTY}", EMPTY.format("attachments")),
    ("Send Email    &{SMTP}    attachments=${{['there', '']}}", EMPTY.format("attachments")),
    ("Append Email    ${EMPTY}", EMPTY.format("email")),
    ("Append Email    subject=x    inline_images=${SPACE}", EMPTY.format("inline_images")),
    ("Save Email    ${email}    ${EMPTY}", EMPTY.format("path")),
    ("Load Email    ${EMPTY}", EMPTY.format("path")),
    ("Open Mailbox    &{IMAP}    client_certificate=${EMPTY}", EMPTY.format("client_certificate")),
    (
        "Append Email    ${{[$email]}}",
        SOURCE.format("\"[<Email 1: 'First' from noreply@shop.example>]\"")
        + " Of a list, give one, such as ${emails}[0].",
    ),
    ("Append Email    ${{{'a': 1}}}", SOURCE.format("\"{'a': 1}\"")),
    (
        "Append Email    ${email.uid}",
        SOURCE.format("'1'") + " `Wait For Email` with uid=1 returns the email that has this UID.",
    ),
    (
        "Append Email    1",
        SOURCE.format("'1'") + " `Wait For Email` with uid=1 returns the email that has this UID.",
    ),
]

SUITE = """
*** Settings ***
Library    ImapLibrary
*** Variables ***
&{IMAP}    host=127.0.0.1    port=%d    security=NONE    user=qa    password=x
&{SMTP}    host=127.0.0.1    port=%d    security=NONE    sender=qa@example.com
*** Test Cases ***
"""

TEST = """
%s
    Open Mailbox    &{IMAP}
    ${email} =    Wait For Email
    VAR    @{both}    there    ${email}
    Run Keyword And Expect Error    EQUALS:%s
    ...    %s
"""


def test_paths_are_one_or_several() -> None:
    assert path("eml", "a.eml") == path("eml", Path("a.eml")) == Path("a.eml")
    assert paths("attachments", None) == paths("attachments", []) == []
    assert paths("attachments", "a.pdf") == [Path("a.pdf")]
    assert paths("attachments", ["a.pdf", Path("b.pdf")]) == [Path("a.pdf"), Path("b.pdf")]


def test_an_email_is_no_path_and_no_text() -> None:
    email = Email(b"Subject: x\r\n\r\n", uid=7)
    for given in (email, [Path("a.pdf"), email]):
        text = failure(InvalidArgument, lambda given=given: paths("attachments", given))  # type: ignore[misc]
        assert text == PATH.format("attachments")
    assert failure(InvalidArgument, lambda: refuse_emails(subject="x", html=email)) == (
        TEXT.format("html")
    )


def test_in_suites(tmp_path: Path) -> None:
    """There are files that are called like the UID."""
    for name in ("1", "there"):
        (tmp_path / name).write_bytes(b"Subject: x\r\nFrom: a@b.cc\r\nTo: a@b.cc\r\n\r\n")
    with ScriptedServer(message("First")) as imap, ScriptedSmtp() as smtp:
        tests = [
            TEST % (number, said.replace("$", "\\$"), call)
            for number, (call, said) in enumerate(CASES, 1)
        ]
        suite = SUITE % (imap.port, smtp.port) + "".join(tests)
        (tmp_path / "suite.robot").write_text(suite, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "robot", "--output", "NONE", "suite.robot"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert run.returncode == 0, run.stdout
        assert len(imap.emails) == 1
        assert not smtp.received
