"""What an `Email` says of its bytes, and how it behaves as a value."""

from __future__ import annotations

import copy
import pickle
import random
from datetime import datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import robot
from corpus import EMAILS, SAMPLES, Sample
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent

INBOX = Location("imap.example.com", 993, "qa", "INBOX", 1)

RAW = (
    b"From: QA <qa@example.com>\r\nSender: robot@example.com\r\nReply-To: help@example.com\r\n"
    b"Received: two\r\nReceived: one\r\nSubject: Hello\r\n\r\nA text.\r\n"
)

ADDRESS_FIELDS = ("to", "cc", "bcc", "reply_to")

FIELDS = (
    *ADDRESS_FIELDS,
    "attachments",
    "subject",
    "sender",
    "sender_name",
    "recipients",
    "recipient_addresses",
    "date",
    "message_id",
    "text",
    "html",
    "text_source",
    "html_source",
)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_the_corpus_reads_as_expected(sample: Sample) -> None:
    assert sample.read() == sample.expected


def test_every_file_of_the_corpus_belongs_to_an_email() -> None:
    names = {path.name for path in EMAILS.iterdir()}
    assert names == {f"{sample}.{suffix}" for sample in SAMPLES for suffix in ("eml", "json")}
    assert all(sample.expected for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_cut_email_says_the_same_or_that_it_is_cut(sample: Sample) -> None:
    whole = Email(sample.raw)
    size = len(sample.raw)
    cuts = range(size) if size < 400 else sorted(random.Random(1).sample(range(size), 100))
    for cut in cuts:
        email = Email(sample.raw[:cut], size=len(sample.raw))
        for name in FIELDS:
            try:
                value = getattr(email, name)
            except IncompleteEmail:
                continue
            assert value == getattr(whole, name), (cut, name)


def test_a_cut_email_is_read_as_far_as_it_goes() -> None:
    email = Email(RAW[:-4], size=len(RAW))
    assert email.subject == "Hello"
    assert email.text_so_far == ""
    assert not email.complete
    cut_later = Email(RAW + b"More", size=len(RAW) + 100)
    assert cut_later.text_so_far == "A text."


def test_what_was_not_fetched_fails_in_plain_words() -> None:
    email = Email(RAW[:-4], size=3 * 1024 * 1024)
    with pytest.raises(IncompleteEmail) as failure:
        _ = email.text
    assert str(failure.value) == (
        f"Only the first {len(RAW) - 4} bytes of this email (3.0 MiB) were fetched, and its text "
        "goes on beyond them, or may. `Get Email Body` fetches it."
    )
    with pytest.raises(IncompleteEmail, match=r"and that is not all of it\.$"):
        _ = email.raw
    with pytest.raises(IncompleteEmail, match=r"and its header goes on beyond them\.$"):
        _ = Email(RAW[:50], size=2000).subject


TOKENS = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b"--b",
        b"--b--",
        b"\r\n--b\r\n",
        b"\r\n\r\n",
        b"Content-Type: multipart/alternative; boundary=b\r\n",
        b"Content-Type: multipart/related; boundary=b; start=x\r\n",
        b"Content-Type: text/html; charset=utf-7\r\n",
        b"Content-Type: text/plain; format=flowed; delsp=yes\r\n",
        b"Content-Type: multipart/mixed; boundary*0*=utf-8''b; boundary*99*=%\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Content-Disposition: attachment; filename*1=x; filename*=\x00''%ff\r\n",
        b"Subject: =?utf-8?B?4pyT?= =?idna?Q?=ff?=\r\n",
        b'From: a@b.c, <>;:"(\r\n',
        b"Date: Tue, 99 Nov 99999 10:00 +99999999\r\n",
        b"begin 666 x\r\n",
        b"<p style=display:none>",
        b"\xff",
        b"+2AA-",
    ]
)
ODD_BYTES = st.one_of(
    st.binary(max_size=200), st.lists(TOKENS | st.binary(max_size=5), max_size=30).map(b"".join)
)


@given(ODD_BYTES)
def test_reading_never_fails(raw: bytes) -> None:
    email = Email(raw)
    for name in FIELDS:
        getattr(email, name)
    assert all(isinstance(line, str) for line in email.headers.lines)
    assert all(isinstance(part.filename, str) for part in email.root.walk())
    assert repr(email)
    email.text.encode()
    email.html.encode()


@given(ODD_BYTES, st.data())
def test_odd_bytes_that_are_cut_say_the_same_or_that_they_are_cut(
    raw: bytes, data: st.DataObject
) -> None:
    whole = Email(raw)
    cut = data.draw(st.integers(0, len(raw)))
    email = Email(raw[:cut], size=len(raw) + 1)
    for name in FIELDS:
        try:
            value = getattr(email, name)
        except IncompleteEmail:
            continue
        assert value == getattr(whole, name), name


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(TEXTS, TEXTS, TEXTS)
def test_what_the_standard_library_writes_comes_back(subject: str, text: str, html: str) -> None:
    message = EmailMessage(policy.SMTP)
    message["Subject"] = subject
    message["From"] = "qa@example.com"
    message.set_content(f"t {text} t", cte="base64")
    message.add_alternative(f"<p>{html}", subtype="html", cte="quoted-printable")
    email = Email(message.as_bytes())
    assert email.subject == subject
    assert email.text_source == f"t {text} t\r\n"
    assert email.html == f"<p>{html}"


def test_parts_nested_without_end_are_left_out() -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        for level in range(5000)
    )
    assert Email(b"Subject: deep\r\n" + raw).subject == "deep"
    assert isinstance(Email(raw).text, str)
    few = raw[: raw.index(b"b200")]
    assert Email(few).text == ""


def test_senders_are_those_of_from_alone() -> None:
    email = Email(RAW)
    assert [str(sender) for sender in email.senders] == ["QA <qa@example.com>"]


def test_the_untouched_parts_keep_what_the_tidied_ones_lose() -> None:
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
        b"one\xc2\xa0\r\ntwo \r\nthree\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n1\r\n--b--\r\n"
    )
    email = Email(raw)
    assert email.text == "one \ntwo three"
    assert email.text_source == "one\N{NO-BREAK SPACE}\r\ntwo \r\nthree\r\n"
    assert email.html == "<p>\n1"
    assert email.html_source == "<p>\r\n1"


def test_an_email_is_its_uid_as_text() -> None:
    email = Email(RAW, uid=42, location=INBOX)
    assert str(email) == f"{email}" == "42"
    assert email == "42"
    assert email == 42
    assert email == b"42"
    assert email != "43"
    assert email != 43
    assert int(email) == 42
    assert {email: 1}["42"] == 1
    assert "42" in {email}
    assert repr(email) == "<Email 42: 'Hello' from qa@example.com>"


def test_emails_are_the_same_by_uid_and_folder() -> None:
    email = Email(RAW, uid=42, location=INBOX)
    assert email == Email(b"", uid=42, location=INBOX)
    assert email != Email(RAW, uid=42, location=Location("imap.example.com", 993, "qa", "Spam", 1))
    assert Email(RAW) == Email(RAW)
    assert Email(RAW) != Email(b"other")
    assert Email(RAW)
    assert len({email, Email(RAW, uid=42, location=INBOX)}) == 1


def test_an_email_survives_copies_and_pickling() -> None:
    received = datetime(2026, 11, 24, 10, tzinfo=timezone(timedelta(hours=1)))
    email = Email(
        RAW[:-2], uid=42, location=INBOX, flags=["\\Seen"], received=received, size=len(RAW)
    )
    assert copy.copy(email) is email
    assert copy.deepcopy([email])[0] is email
    again = pickle.loads(pickle.dumps(email))
    assert type(again) is Email
    assert again == email
    assert (again.flags, again.received, again.size) == (email.flags, received, len(RAW))
    assert again.extent is Extent.PREFIX
    assert again.location == INBOX


def test_an_email_cannot_be_changed() -> None:
    email = Email(RAW, uid=42)
    with pytest.raises(AttributeError, match="can't be set"):
        email.subject = "x"  # type: ignore[misc]  # that is what is tested
    with pytest.raises(AttributeError, match="can't be deleted"):
        del email.uid
    with pytest.raises(AttributeError, match="can't be set"):
        email.note = "x"  # type: ignore[attr-defined]  # that is what is tested


def test_flags_decide_whether_it_is_seen() -> None:
    email = Email(RAW, uid=42, flags=["\\SEEN"])
    assert email.seen
    unseen = email.with_flags([])
    assert not unseen.seen
    assert unseen.root is email.root


def test_a_date_without_zone_is_local_time() -> None:
    received = Email(RAW, received=datetime(2026, 11, 24)).received
    assert received is not None
    assert received == datetime(2026, 11, 24).astimezone()


SUITE = r"""
*** Settings ***
Library    ${LIBRARY}

*** Test Cases ***
Fields Read Well
    ${email} =    Get Email
    Should Be Equal    ${email.subject}    Hello
    Should Be Equal    ${email.headers}[Reply-To]    help@example.com
    Should Be Equal    ${email.headers['SUBJECT']}    Hello
    Should Be Equal    ${email.headers.getall('received')}[1]    one
    Should Be Equal    ${email.text}    A text.

It Is A UID
    ${email} =    Get Email
    Should Be Equal    ${email}    42
    Should Be Equal    ${email}    ${42}
    Should Be Equal As Integers    ${email}    42
    Should Be True    ${email} > 0
    Should Be Equal    UID ${email}    UID 42
    Should Not Be Empty    ${email}

An Argument Stays An Email
    ${email} =    Get Email
    ${type} =    Type Of    ${email}
    Should Be Equal    ${type}    Email
    ${type} =    Type Of    ${42}
    Should Be Equal    ${type}    int

A Field That Is Not There Says So
    ${email} =    Get Cut Email
    Run Keyword And Expect Error
    ...    Resolving variable '\${email.text}' failed: Only the first * `Get Email Body` fetches it.
    ...    Log    ${email.text}
"""

LIBRARY = """
from ImapLibrary.mail.message import Email
RAW = {raw!r}

def get_email() -> Email:
    return Email(RAW, uid=42)

def get_cut_email() -> Email:
    return Email(RAW[:-4], uid=42, size=10000)

def type_of(email: Email | int | str | bytes) -> str:
    return type(email).__name__
"""


def test_an_email_in_robot_framework(tmp_path: Path) -> None:
    library = tmp_path / "EmailMaker.py"
    library.write_text(LIBRARY.format(raw=RAW), encoding="utf-8")
    (tmp_path / "suite.robot").write_text(SUITE, encoding="utf-8")
    with (tmp_path / "console.txt").open("w", encoding="utf-8") as console:
        failed = robot.run(
            str(tmp_path / "suite.robot"),
            variable=[f"LIBRARY:{library.as_posix()}"],
            output=None,
            report=None,
            log=None,
            stdout=console,
            stderr=console,
        )
    assert failed == 0, (tmp_path / "console.txt").read_text(encoding="utf-8")


NOTED = """
*** Settings ***
Library    ${LIBRARY}

*** Test Cases ***
A Guess Is In The Log
    Read Odd Email
"""

READER = """
from ImapLibrary.mail.message import Email

def read_odd_email() -> str:
    return Email(b"Content-Type: text/plain; charset=x-none\\r\\n\\r\\n\\xe4").text
"""


def test_guesses_are_in_the_log_of_robot_framework_at_debug(tmp_path: Path) -> None:
    library = tmp_path / "OddReader.py"
    library.write_text(READER, encoding="utf-8")
    (tmp_path / "suite.robot").write_text(NOTED, encoding="utf-8")
    for level, noted in (("DEBUG", True), ("INFO", False)):
        output = tmp_path / f"{level}.xml"
        robot.run(
            str(tmp_path / "suite.robot"),
            variable=[f"LIBRARY:{library.as_posix()}"],
            loglevel=level,
            output=str(output),
            report=None,
            log=None,
            console="none",
        )
        note = "Bytes declared as 'x-none' were read as cp1252."
        assert (note in output.read_text(encoding="utf-8")) is noted
