"""The keywords that send, against a server over a real socket, and run by Robot Framework."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedServer, message
from scripted_smtp import ScriptedSmtp, say

from ImapLibrary.arguments import Security
from ImapLibrary.errors import (
    ConnectionFailed,
    EmailRefused,
    FileFailed,
    InvalidArgument,
    MailboxNotOpen,
)
from ImapLibrary.finding import fetching
from ImapLibrary.imap.account import Account
from ImapLibrary.keywords.sending import SendingKeywords
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.units import amount

PASSWORD = "xyzzy-Plugh-42"


class Suite:
    """The keywords, with a server to send by."""

    def __init__(self, smtp: ScriptedSmtp) -> None:
        self.smtp = smtp
        self.mailboxes = Mailboxes()
        self.keywords = SendingKeywords(self.mailboxes)
        self.server: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": smtp.port,
            "security": Security.NONE,
        }

    def send(self, **arguments: Any) -> str:
        return self.keywords.send_email(**(self.server | arguments))

    def say(self, **arguments: Any) -> str:
        """Send from somebody to somebody."""
        return self.send(**({"sender": "qa@example.com", "to": "jane@example.com"} | arguments))

    def open(self, server: ScriptedServer) -> None:
        account = Account("127.0.0.1", "qa", "x", server.port, Security.NONE, timeout=10.0)
        self.mailboxes.open(account, "INBOX")

    @property
    def sent(self) -> Email:
        """The email that was sent last."""
        return Email(self.smtp.received[-1].content)

    @property
    def envelope(self) -> tuple[str, list[str]]:
        return self.smtp.received[-1].sender, self.smtp.received[-1].recipients


@pytest.fixture
def suite() -> Iterator[Suite]:
    with ScriptedSmtp() as smtp:
        suite = Suite(smtp)
        yield suite
        suite.mailboxes.close_all()


NONE = dict.fromkeys(("user", "password", "verify", "access_token", "proxy", "client_certificate"))


class TestNone:
    """What a variable without a value stands for is not given."""

    def test_sending(self, suite: Suite) -> None:
        suite.say(
            **NONE, cc=None, bcc=None, reply_to=None, subject=None, text="Hello!", headers=None
        )
        assert suite.envelope == ("qa@example.com", ["jane@example.com"])
        assert (suite.sent.subject, suite.sent.cc, suite.sent.text) == ("", (), "Hello!")

    def test_sending_a_file(self, suite: Suite) -> None:
        raw = b"From: a@example.com\r\nTo: b@example.com\r\n\r\nHello!\r\n"
        suite.send(**NONE, eml=raw, sender=None, to=None, cc=None, bcc=None)
        assert suite.envelope == ("a@example.com", ["b@example.com"])

    def test_forwarding(self, suite: Suite) -> None:
        email = Email(b"Subject: Hi\r\n\r\nHello!\r\n")
        suite.keywords.forward_email(
            email, to="c@example.com", sender="b@example.com", text=None, **suite.server, **NONE
        )
        assert suite.sent.subject == "Fwd: Hi"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("host", "The argument host is missing or empty. "),
            ("sender", "An email needs one sender, and here are none. Give it as sender=."),
            ("to", "An email needs a recipient, and here are none. "),
        ],
    )
    def test_what_is_needed(self, suite: Suite, name: str, said: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            suite.say(text="Hello!", **{name: None})
        assert str(caught.value).startswith(said)

    def test_what_a_reply_needs(self, suite: Suite) -> None:
        with pytest.raises(InvalidArgument, match="^The argument text is missing or empty. "):
            suite.keywords.reply_to_email(
                Email(b""), text=None, sender="b@example.com", **suite.server
            )


class TestSend:
    def test_all_fields_arrive(self, suite: Suite, tmp_path: Path) -> None:
        for name in ("logo.png", "data.csv", "übersicht.pdf"):
            (tmp_path / name).write_bytes(name.encode())
        message_id = suite.send(
            sender="Jörg <joerg@example.com>",
            to=["Jane <jane@example.com>", "bob@example.com"],
            cc="carl@example.com",
            bcc="dora@example.com",
            reply_to="help@example.com",
            subject="Grüße",
            text="Text",
            html='<p>HTML <img src="cid:logo.png"></p>',
            attachments=[tmp_path / "data.csv", tmp_path / "übersicht.pdf"],
            inline_images=tmp_path / "logo.png",
            headers={"X-Run": "42"},
        )
        assert suite.envelope == (
            "joerg@example.com",
            ["jane@example.com", "bob@example.com", "carl@example.com", "dora@example.com"],
        )
        assert suite.sent.message_id == message_id
        assert suite.sent.subject == "Grüße"
        assert suite.sent.sender_name == "Jörg"
        assert suite.sent.headers["To"] == "Jane <jane@example.com>, bob@example.com"
        assert suite.sent.headers["Cc"] == "carl@example.com"
        assert suite.sent.headers["Reply-To"] == "help@example.com"
        assert suite.sent.headers["X-Run"] == "42"
        assert (suite.sent.text, suite.sent.html) == (
            "Text",
            '<p>HTML <img src="cid:logo.png"></p>',
        )
        files = [part for part in suite.sent.root.walk() if part.filename]
        assert [(part.filename, part.content.decode(), part.disposition) for part in files] == [
            ("logo.png", "logo.png", "inline"),
            ("data.csv", "data.csv", "attachment"),
            ("übersicht.pdf", "übersicht.pdf", "attachment"),
        ]

    def test_bcc_stays_secret(self, suite: Suite) -> None:
        suite.say(bcc="Dora <dora@example.com>")
        assert suite.envelope[1] == ["jane@example.com", "dora@example.com"]
        assert b"dora" not in suite.sent.raw
        assert "Bcc" not in suite.sent.headers

    def test_who_is_named_twice_gets_it_once(self, suite: Suite) -> None:
        suite.say(cc="Jane <jane@example.com>, bob@example.com")
        assert suite.envelope[1] == ["jane@example.com", "bob@example.com"]

    def test_log_in(self, suite: Suite) -> None:
        suite.say(user="qa", password=PASSWORD)
        assert suite.smtp.count("AUTH") == 1

    def test_what_was_sent_to_whom_is_logged(
        self, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        message_id = suite.say(subject="Help", bcc="dora@example.com")
        (line,) = caplog.messages
        assert line == (
            "Sent 'Help' from qa@example.com to jane@example.com, dora@example.com "
            f"({amount(suite.sent.size)}, Message-ID {message_id}) by 127.0.0.1 port "
            f"{suite.smtp.port}. It said: 250 2.0.0 taken as 42."
        )

    def test_nothing_is_logged_as_sent_that_was_not(
        self, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        suite.smtp.on["RCPT"] = say("550 No such user")
        with pytest.raises(EmailRefused):
            suite.say()
        assert not caplog.messages

    @pytest.mark.parametrize(
        ("security", "port"), [(Security.TLS, 465), (Security.STARTTLS, 587), (Security.NONE, 25)]
    )
    def test_the_port_depends_on_the_security(self, security: Security, port: int) -> None:
        # Nobody listens at these ports of an address that is for documentation.
        keywords = SendingKeywords(Mailboxes())
        with pytest.raises(
            ConnectionFailed, match=rf"Could not connect to 192\.0\.2\.1 port {port}: "
        ):
            keywords.send_email(
                host="192.0.2.1",
                security=security,
                sender="qa@example.com",
                to="jane@example.com",
                timeout=timedelta(seconds=0.1),
            )

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            (
                {"sender": ""},
                "An email needs one sender, and here are none. Give it as sender=.",
            ),
            (
                {"sender": "a@example.com, b@example.com"},
                "An email needs one sender, and here are 2. Give it as sender=.",
            ),
            (
                {"to": ""},
                "An email needs a recipient, and here are none. Give them as to=, cc= or bcc=.",
            ),
            ({"timeout": timedelta(0)}, "The argument timeout must be more than zero seconds."),
            ({"port": 0}, "There is no port 0: ports go from 1 to 65535."),
            ({"host": " "}, "The argument host is missing or empty. "),
            ({"subject": "x\nBcc: eve@example.com"}, "The subject contains a line feed, which no "),
        ],
    )
    def test_what_can_not_be_sent_connects_nowhere(
        self, suite: Suite, arguments: dict[str, Any], text: str
    ) -> None:
        with pytest.raises(InvalidArgument) as caught:
            suite.say(**arguments)
        assert str(caught.value).startswith(text)
        assert not suite.smtp.sessions


class TestServersOfAscii:
    """They offer neither 8BITMIME nor SMTPUTF8."""

    EIGHT_BIT = "From: shop@example.com\r\nSubject: Größe\r\n\r\nübel\r\n".encode()

    @pytest.fixture(autouse=True)
    def of_ascii(self, suite: Suite, caplog: pytest.LogCaptureFixture) -> None:
        suite.smtp.features = ("SIZE 100000",)
        caplog.set_level(logging.INFO)

    @pytest.mark.parametrize("name", ["sender", "to", "cc", "bcc", "reply_to"])
    def test_an_address_that_they_can_not_take_is_refused(self, suite: Suite, name: str) -> None:
        with pytest.raises(EmailRefused) as caught:
            suite.say(**{name: "jörg@example.com"})
        assert str(caught.value) == (
            f"The server at 127.0.0.1 port {suite.smtp.port} takes ASCII addresses only (it offers no "
            "SMTPUTF8), and jörg@example.com is none. A domain can be written in ASCII, as in "
            "xn--bcher-kva.example. The email was not sent."
        )
        assert not suite.smtp.count("MAIL")

    def test_a_forwarded_email_is_encoded(
        self, suite: Suite, caplog: pytest.LogCaptureFixture
    ) -> None:
        message_id = suite.keywords.forward_email(
            Email(self.EIGHT_BIT), to="bob@example.com", sender="qa@example.com", **suite.server
        )
        assert suite.sent.raw.isascii()
        assert suite.smtp.lines[1].endswith(f"SIZE={len(suite.sent.raw)}")
        attached = suite.sent.root.parts[1]
        assert attached.filename == "original.eml"
        assert attached.content_type == "application/octet-stream"
        assert attached.content == self.EIGHT_BIT
        assert suite.sent.message_id == message_id
        assert caplog.messages[0] == (
            f"The server at 127.0.0.1 port {suite.smtp.port} offers no 8BITMIME, so an attached email "
            "with bytes outside ASCII is sent encoded, as a file of type application/octet-stream."
        )

    @pytest.mark.parametrize("offered", ["8BITMIME", "SMTPUTF8"])
    def test_others_get_the_email_itself(self, suite: Suite, offered: str) -> None:
        suite.smtp.features = (offered,)  # GreenMail offers SMTPUTF8 alone
        suite.keywords.forward_email(
            Email(self.EIGHT_BIT), to="bob@example.com", sender="qa@example.com", **suite.server
        )
        assert b"\r\n\r\n" + self.EIGHT_BIT + b"\r\n--" in suite.sent.raw

    def test_a_forwarded_email_in_ascii_stays_an_email(self, suite: Suite) -> None:
        suite.keywords.forward_email(
            Email(message()), to="bob@example.com", sender="qa@example.com", **suite.server
        )
        assert b"Content-Type: message/rfc822" in suite.sent.raw

    @pytest.mark.parametrize(
        ("raw", "missing"),
        [
            (EIGHT_BIT, "8BITMIME and no SMTPUTF8"),
            (b"From: shop@example.com\r\n\r\n\xff\r\n", "8BITMIME"),
        ],
    )
    def test_what_is_sent_as_it_is_warns(
        self, suite: Suite, caplog: pytest.LogCaptureFixture, raw: bytes, missing: str
    ) -> None:
        suite.send(eml=raw, to="bob@example.com")
        assert suite.sent.raw == raw
        (warning,) = [each for each in caplog.records if each.levelno == logging.WARNING]
        assert warning.getMessage() == (
            f"The server at 127.0.0.1 port {suite.smtp.port} offers no {missing}, and the email has "
            "bytes outside ASCII. It is sent as it was given; the server may refuse or change it."
        )


class TestEml:
    RAW = (
        b"From: Shop <shop@example.com>\r\nTo: jane@example.com\r\nCc: Bob <bob@example.com>\r\n"
        b"Bcc: dora@example.com\r\nMessage-ID: <1@example.com>\r\nX:  odd \xe4\r\n\r\n.\r\n\xff\r\n"
    )

    def test_a_file_is_sent_as_it_is(self, suite: Suite, tmp_path: Path) -> None:
        (tmp_path / "email.eml").write_bytes(self.RAW)
        assert suite.send(eml=tmp_path / "email.eml") == "<1@example.com>"
        assert suite.sent.raw == self.RAW
        assert suite.envelope == (
            "shop@example.com",
            ["jane@example.com", "bob@example.com", "dora@example.com"],
        )

    def test_the_envelope_can_be_another(self, suite: Suite) -> None:
        suite.send(
            eml=self.RAW, sender="qa@example.com", to=["a@example.com"], cc="b@example.com", bcc=""
        )
        assert suite.sent.raw == self.RAW
        assert suite.envelope == ("qa@example.com", ["a@example.com", "b@example.com"])

    def test_line_ends_become_those_of_email(self, suite: Suite) -> None:
        suite.send(eml=self.RAW.replace(b"\r\n", b"\n"))
        assert suite.sent.raw == self.RAW

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("subject", "x"),
            ("text", "x"),
            ("html", "x"),
            ("reply_to", "a@example.com"),
            ("attachments", [Path("x")]),
            ("inline_images", Path("x")),
            ("headers", {"X": "y"}),
        ],
    )
    def test_it_is_not_changed(self, suite: Suite, name: str, value: object) -> None:
        with pytest.raises(InvalidArgument) as caught:
            suite.send(eml=self.RAW, **{name: value})
        assert str(caught.value) == (
            f"The argument {name} can't be given together with eml, which is sent as it is."
        )

    @pytest.mark.parametrize("eml", [b"", b"Subject: x\r\n\r\n"])
    def test_one_from_nobody_needs_a_sender(self, suite: Suite, eml: bytes) -> None:
        with pytest.raises(InvalidArgument, match="An email needs one sender, and here are none"):
            suite.send(eml=eml, to="jane@example.com")

    def test_a_file_that_is_not_there(self, suite: Suite) -> None:
        with pytest.raises(FileFailed, match=r"Could not read nowhere\.eml: "):
            suite.send(eml=Path("nowhere.eml"))


class TestAnswers:
    LARGE = message("Question", "Long question.\r\n" * 6000, message_id="<question@shop.example>")

    @pytest.fixture(params=["email", "uid"])
    def reference(self, request: pytest.FixtureRequest, suite: Suite) -> Iterator[Any]:
        """An open mailbox with an email longer than what is fetched at first."""
        with ScriptedServer(self.LARGE) as server:
            suite.open(server)
            if request.param == "uid":
                yield "1"
                return
            email = suite.mailboxes.get().do(lambda connection: fetching.one(connection, 1))
            assert not email.complete
            yield email

    def test_reply(self, suite: Suite, reference: Any) -> None:
        message_id = suite.keywords.reply_to_email(
            reference, text="Answer", sender="qa@example.com", **suite.server
        )
        assert suite.envelope == ("qa@example.com", ["noreply@shop.example"])
        assert suite.sent.message_id == message_id
        assert suite.sent.subject == "Re: Question"
        assert suite.sent.headers["In-Reply-To"] == "<question@shop.example>"
        assert suite.sent.text.startswith("Answer\n\n")
        assert suite.sent.text.count("\n> Long question.") == 6000

    def test_forward(self, suite: Suite, reference: Any) -> None:
        suite.keywords.forward_email(
            reference, to="bob@example.com", sender="qa@example.com", **suite.server
        )
        assert suite.envelope == ("qa@example.com", ["bob@example.com"])
        assert suite.sent.subject == "Fwd: Question"
        assert b"\r\n\r\n" + self.LARGE + b"\r\n--" in suite.sent.raw

    def test_forward_inline(self, suite: Suite, reference: Any) -> None:
        suite.keywords.forward_email(
            reference, to="bob@example.com", sender="qa@example.com", inline=True, **suite.server
        )
        assert suite.sent.text.count("\nLong question.") == 6000
        assert suite.sent.root.content_type == "text/plain"

    def test_a_whole_email_needs_no_mailbox(self, suite: Suite) -> None:
        suite.keywords.reply_to_email(
            Email(self.LARGE), text="x", sender="qa@example.com", **suite.server
        )
        assert suite.sent.subject == "Re: Question"

    def test_a_uid_needs_one(self, suite: Suite) -> None:
        with pytest.raises(MailboxNotOpen):
            suite.keywords.reply_to_email(7, text="x", sender="qa@example.com", **suite.server)
        assert not suite.smtp.sessions

    def test_the_email_stays_unread(self, suite: Suite) -> None:
        with ScriptedServer(self.LARGE) as server:
            suite.open(server)
            for inline in (True, False):
                suite.keywords.forward_email(
                    1, to="a@b.example", sender="qa@example.com", inline=inline, **suite.server
                )
            assert server.emails[0].flags == set()


ROBOT = """
*** Settings ***
Library    ImapLibrary
*** Variables ***
${{PASSWORD: Secret}}    %{{MAIL_PASSWORD}}
*** Test Cases ***
Right
    VAR    &{{SMTP}}    host=127.0.0.1    port={port}    security=NONE    user=qa    password=${{PASSWORD}}
    ...    sender=qa@example.com
    ${{id}} =    Send Email    &{{SMTP}}    to=${{{{('jane@example.com', 'bob@example.com')}}}}    subject=Hi
    ...    attachments=${{CURDIR}}/suite.robot    headers=${{{{ {{'X-Run': 1}} }}}}
    Should Match Regexp    ${{id}}    ^<.+@example.com>$
Wrong
    Send Email    host=127.0.0.1    port={port}    security=NONE    user=other    password=${{PASSWORD}}
    ...    sender=qa@example.com    to=jane@example.com
Misspelt
    Send Email    host=127.0.0.1    secruity=NONE
"""


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_robot_framework_sends_and_shows_no_secret(
    suite: Suite, tmp_path: Path, mechanism: str
) -> None:
    pytest.importorskip("robot.api.types", reason="Robot Framework is older than 7.4")
    suite.smtp.features = (f"AUTH {mechanism}",)
    (tmp_path / "suite.robot").write_text(ROBOT.format(port=suite.smtp.port), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "robot", "--loglevel", "TRACE", "suite.robot"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "MAIL_PASSWORD": PASSWORD},
    )
    assert run.returncode == 2, run.stdout  # "Wrong" and "Misspelt" fail
    assert "Could not log in as other on 127.0.0.1: 535 5.7.8 wrong." in run.stdout
    assert "got unexpected named argument 'secruity'" in run.stdout
    assert suite.envelope == ("qa@example.com", ["jane@example.com", "bob@example.com"])
    assert suite.sent.headers["X-Run"] == "1"
    written = [run.stdout, run.stderr]
    written += [
        path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.suffix != ".robot"
    ]
    assert len(written) == 5  # output.xml, log.html and report.html
    assert "suite.robot" in "".join(written)
    for secret in (PASSWORD, f"\0qa\0{PASSWORD}", f"\0other\0{PASSWORD}"):
        assert secret not in "".join(written)
        assert base64.b64encode(secret.encode()).decode() not in "".join(written)
