"""Sending, against a server that does all it may and may not, over real sockets."""

from __future__ import annotations

import base64
import logging
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxies import Handshake, ProxyServer, http, socks5
from scripted import Handler, Session
from scripted_smtp import ScriptedSmtp, SmtpSession, refuse_recipients, say

from ImapLibrary.arguments import Security
from ImapLibrary.errors import (
    ConnectionFailed,
    ConnectionLost,
    EmailRefused,
    ImapLibraryError,
    InvalidArgument,
    LoginFailed,
    OutcomeUnknown,
)
from ImapLibrary.imap.account import SMTP, Account
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.mail.message import Email
from ImapLibrary.sending.esmtp import Answer
from ImapLibrary.sending.outgoing import Outgoing
from ImapLibrary.sending.smtp import send
from ImapLibrary.units import amount

PASSWORD = "xyzzy-Plugh-42"
SHORT = 1.0
ID = "<1@example.com>"
RAW = f"Message-ID: {ID}\r\nSubject: Hello\r\n\r\nText.\r\n".encode()
NO_GREETING = (
    "Is this the port of an SMTP server? A server that expects TLS (usually on port 465) stays "
    "silent: try security=TLS."
)
TLS_ADVICE = (
    "With security=TLS the connection is encrypted from the start (usually on port 465); with "
    "security=NONE everything is sent in plain text."
)


def account(server: ScriptedSmtp, **changes: Any) -> Account:
    """Return where to send, in plain text and without log-in unless `changes` say else."""
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "user": "",
        "password": "",
        "port": server.port,
        "security": Security.NONE,
        "timeout": 10.0,
        "service": SMTP,
    }
    return Account(**(settings | changes))


def outgoing(*recipients: str, raw: bytes = RAW, sender: str = "qa@example.com") -> Outgoing:
    return Outgoing(sender, recipients or ("jane@example.com",), Email(raw))


# More than the buffers between here and a server that reads nothing can hold.
LARGE = outgoing(raw=RAW + b"x" * 30_000_000)


def deliver(server: ScriptedSmtp, email: Outgoing | None = None, **changes: Any) -> Answer:
    return send(account(server, **changes), email or outgoing())


def failure(
    kind: type[ImapLibraryError], operation: Callable[[], object], within: float = 5.0
) -> str:
    """Return the text with which the operation fails, soon enough."""
    begin = time.monotonic()
    with pytest.raises(kind) as caught:
        operation()
    assert time.monotonic() - begin < within
    assert type(caught.value) is kind
    return str(caught.value)


def silent(session: Session, tag: str, arguments: str) -> None:
    """Hang: never answer."""


def leave(session: Session, tag: str, arguments: str) -> None:
    """Close the connection without a word."""
    session.close()


def reset(session: Session, tag: str, arguments: str) -> None:
    session.reset()


def dribble(session: Session, tag: str, arguments: str) -> None:
    session.dribble(b"250 " + b"." * 1000, 0.05)


def linger(session: Session, tag: str, arguments: str) -> None:
    """Read nothing more for a while."""
    time.sleep(3)


def interrupt(server: ScriptedSmtp, answer: str, then: Handler) -> None:
    """Have the server say something when some of the content has come, and then do something."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send("354 go on")
        session._stream.read(1000)
        session.send(answer)
        then(session, tag, arguments)

    server.on["DATA"] = handle


def flood(session: Session, tag: str, arguments: str) -> None:
    """Talk without end."""
    while True:
        session.send_raw(b"250-still working on it\r\n" * 1000)


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def offer_tls(server: ScriptedSmtp, leaf: trustme.LeafCert, *, implicit: bool) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(server.tls)
    server.implicit_tls = implicit
    if not implicit:
        server.features = ("STARTTLS", "SIZE")
        server.on["STARTTLS"] = start_tls_and_allow_log_in


def start_tls_and_allow_log_in(session: Session, tag: str, arguments: str) -> None:
    assert isinstance(session, SmtpSession)
    session.smtp.features = ("AUTH PLAIN",)
    session.do_starttls(tag, arguments)


class TestDialogue:
    def test_an_email_takes_five_commands(self, server: ScriptedSmtp) -> None:
        answer = deliver(server)
        assert answer == Answer(250, "2.0.0 taken as 42")
        assert [line.lower() for line in server.lines] == [
            "ehlo [127.0.0.1]",
            f"mail from:<qa@example.com> size={len(RAW)}",
            "rcpt to:<jane@example.com>",
            "data",
            "quit",
        ]

    def test_the_server_gets_envelope_and_bytes(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing("jane@example.com", "bob@example.com"))
        (received,) = server.received
        assert received.sender == "qa@example.com"
        assert received.recipients == ["jane@example.com", "bob@example.com"]
        assert received.content == RAW

    @pytest.mark.parametrize(
        ("raw", "content"),
        [
            (b".\r\n..\r\n.a\r\n", b".\r\n..\r\n.a\r\n"),
            (b"a\r\n.\r\nQUIT\r\n", b"a\r\n.\r\nQUIT\r\n"),
            (b"a\n.\nQUIT\n", b"a\r\n.\r\nQUIT\r\n"),
            (b"a\r.\rQUIT\r", b"a\r\n.\r\nQUIT\r\n"),
            (b"a\r.\r\nQUIT\n\r.\n", b"a\r\n.\r\nQUIT\r\n\r\n.\r\n"),
            (b"a", b"a\r\n"),
            (b"", b"\r\n"),
            (b"\0\xff\x80\r\n", b"\0\xff\x80\r\n"),
        ],
    )
    def test_no_content_ends_the_email_early(
        self, server: ScriptedSmtp, raw: bytes, content: bytes
    ) -> None:
        deliver(server, outgoing(raw=raw))
        assert [received.content for received in server.received] == [content]

    def test_large_emails_arrive_whole(self, server: ScriptedSmtp) -> None:
        raw = RAW + b"0123456789abcdef\r\n.\r\n" * 200_000
        deliver(server, outgoing(raw=raw))
        assert server.received[0].content == raw

    def test_a_server_of_old_is_greeted_the_old_way(self, server: ScriptedSmtp) -> None:
        server.on["EHLO"] = say("502 what?")
        deliver(server)
        assert [line.lower() for line in server.lines[1:3]] == [
            "helo [127.0.0.1]",
            "mail from:<qa@example.com>",
        ]

    def test_8_bit_content_is_announced(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing(raw=b"Subject: x\r\n\r\n\xe4\r\n"))
        assert server.lines[1].endswith("SIZE=17 BODY=8BITMIME")

    def test_the_size_is_that_of_what_is_sent(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing(raw=b"a\nb"))
        assert server.lines[1].endswith(f"SIZE={len(server.received[0].content)}")

    def test_an_address_with_blanks_in_quotes(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing('"jane doe"@example.com'))
        sent = [line.lower() for line in server.lines]
        assert 'rcpt to:<"jane doe"@example.com>' in sent

    def test_8_bit_header_is_announced(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing(raw="Subject: ä\r\n\r\n".encode()))
        assert server.lines[1].endswith("SIZE=15 BODY=8BITMIME SMTPUTF8")

    def test_what_the_server_does_not_know_is_not_announced(self, server: ScriptedSmtp) -> None:
        server.features = ("PIPELINING",)
        raw = "Subject: ä\r\n\r\n".encode()
        deliver(server, outgoing(raw=raw))
        assert server.lines[1].lower() == "mail from:<qa@example.com>"
        assert server.received[0].content == raw

    def test_addresses_outside_ascii(self, server: ScriptedSmtp) -> None:
        deliver(server, outgoing("jörg@bücher.example"))
        assert server.lines[1].endswith(" SMTPUTF8")
        assert server.received[0].recipients == ["jörg@bücher.example"]

    @pytest.mark.parametrize("address", ["qa@[127.0.0.1]", '"a;b"@example.com', "o'hara+x@a.b"])
    def test_addresses_of_all_kinds(self, server: ScriptedSmtp, address: str) -> None:
        deliver(server, outgoing(address))
        assert server.received[0].recipients == [address]

    @pytest.mark.parametrize("handler", [silent, leave, reset, say("what?")])
    def test_the_answer_to_quit_matters_to_nobody(
        self, server: ScriptedSmtp, handler: Handler
    ) -> None:
        server.on["QUIT"] = handler
        begin = time.monotonic()
        deliver(server, timeout=SHORT)
        assert time.monotonic() - begin < SHORT + 0.5
        assert server.received

    def test_the_connection_is_closed(self, server: ScriptedSmtp) -> None:
        deliver(server)
        assert server.sessions[0].socket.fileno() == -1 or not server.sessions[0].socket.recv(1)


class TestLogIn:
    @pytest.mark.parametrize("password", [PASSWORD, "grün-Ü-测试", "a b\"\\'"])
    @pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
    def test_each_way(self, server: ScriptedSmtp, mechanism: str, password: str) -> None:
        server.features = (f"AUTH {mechanism}",)
        server.users = {"jörg": password}
        deliver(server, user="jörg", password=password)
        assert server.received

    def test_secret(self, server: ScriptedSmtp) -> None:
        types = pytest.importorskip("robot.api.types", reason="Robot Framework is older than 7.4")
        deliver(server, user="qa", password=types.Secret(PASSWORD))
        assert server.received

    def test_the_strongest_way_comes_first(self, server: ScriptedSmtp) -> None:
        deliver(server, user="qa", password=PASSWORD)
        assert server.lines[1] == "AUTH CRAM-MD5"
        assert PASSWORD not in "".join(server.lines)

    def test_a_way_that_is_only_announced_is_passed_over(self, server: ScriptedSmtp) -> None:
        def only_login(session: Session, tag: str, arguments: str) -> None:
            if arguments == "LOGIN":
                session.default("AUTH", tag, arguments)
            else:
                session.send("504 5.5.4 Not today")

        server.on["AUTH"] = only_login
        deliver(server, user="qa", password=PASSWORD)
        assert server.received

    def test_a_challenge_that_is_none_is_passed_over(self, server: ScriptedSmtp) -> None:
        def garbled(session: Session, tag: str, arguments: str) -> None:
            if arguments == "CRAM-MD5":
                session.send("334 x")
                assert session.readline() == "*"
                session.send("501 cancelled")
            else:
                session.default("AUTH", tag, arguments)

        server.on["AUTH"] = garbled
        deliver(server, user="qa", password=PASSWORD)
        assert server.received

    def test_logged_in_already(self, server: ScriptedSmtp) -> None:
        server.on["AUTH"] = say("503 already authenticated")
        deliver(server, user="qa", password=PASSWORD)
        assert server.received

    def test_wrong_password(self, server: ScriptedSmtp) -> None:
        text = failure(LoginFailed, lambda: deliver(server, user="qa", password="wr0ng"))
        assert text == (
            "Could not log in as qa on 127.0.0.1: 535 5.7.8 wrong. Are user and password right, and "
            "may this account send by SMTP?"
        )
        assert not server.received

    def test_a_server_that_leaves_after_a_wrong_password(self, server: ScriptedSmtp) -> None:
        def refuse_and_leave(session: Session, tag: str, arguments: str) -> None:
            session.send("535 5.7.8 wrong")
            session.close()

        server.on["AUTH"] = refuse_and_leave
        text = failure(LoginFailed, lambda: deliver(server, user="qa", password="wr0ng"))
        assert "535 5.7.8 wrong" in text

    @pytest.mark.parametrize(
        "shown",
        [
            PASSWORD,
            base64.b64encode(PASSWORD.encode()).decode(),
            base64.b64encode(f"\0qa\0{PASSWORD}".encode()).decode(),
        ],
    )
    @pytest.mark.parametrize("line", ["535 {} is wrong", "421 {} is wrong", "{} is wrong"])
    def test_a_password_that_the_server_repeats_is_not_shown(
        self, server: ScriptedSmtp, shown: str, line: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.on["AUTH"] = say(line.format(shown))
        with pytest.raises(ImapLibraryError) as caught:
            deliver(server, user="qa", password=PASSWORD)
        assert "*** is wrong" in str(caught.value)
        error: BaseException | None = caught.value
        while error is not None:  # Robot Framework logs what an error came from, unless suppressed
            assert shown not in str(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        assert shown not in caplog.text

    @pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
    def test_by_access_token(self, server: ScriptedSmtp, mechanism: str) -> None:
        server.features = (f"AUTH {mechanism} PLAIN",)
        server.tokens = {"qa": "t0ken"}
        deliver(server, user="qa", token=AccessToken("t0ken"))
        assert server.received

    def test_a_fresh_token_is_asked_for_once(self, server: ScriptedSmtp) -> None:
        server.features = ("AUTH XOAUTH2",)
        server.tokens = {"qa": "fresh"}
        asked = []

        def fresh() -> str:
            asked.append(1)
            return "fresh"

        deliver(server, user="qa", token=AccessToken("stale", fresh))
        assert server.received
        assert asked == [1]

    def test_wrong_token(self, server: ScriptedSmtp, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        server.features = ("AUTH XOAUTH2",)
        text = failure(LoginFailed, lambda: deliver(server, user="qa", token=AccessToken("wr0ng")))
        assert text == (
            'Could not log in as qa on 127.0.0.1: 535 5.7.8 wrong. {"status":"401"}. Has the access '
            "token expired, and was it made for this user and for SMTP? fresh_token= takes a keyword "
            "that gives a new one."
        )
        assert "wr0ng" not in caplog.text

    def test_a_token_that_the_server_repeats_is_not_shown(self, server: ScriptedSmtp) -> None:
        server.features = ("AUTH XOAUTH2",)
        server.on["AUTH"] = say("535 t0ken is wrong")
        text = failure(LoginFailed, lambda: deliver(server, user="qa", token=AccessToken("t0ken")))
        assert "535 *** is wrong" in text

    def test_a_server_that_takes_no_tokens(self, server: ScriptedSmtp) -> None:
        text = failure(LoginFailed, lambda: deliver(server, user="qa", token=AccessToken("t0ken")))
        assert text == (
            "Could not log in as qa on 127.0.0.1: the server takes no access tokens (OAUTHBEARER or "
            "XOAUTH2). It offers: PLAIN, LOGIN, CRAM-MD5."
        )

    def test_where_no_token_is_taken_the_password_is(self, server: ScriptedSmtp) -> None:
        deliver(server, user="qa", password=PASSWORD, token=AccessToken("t0ken"))
        assert server.received

    def test_a_token_needs_a_user(self, server: ScriptedSmtp) -> None:
        failure(InvalidArgument, lambda: deliver(server, token=AccessToken("t0ken")))
        assert not server.sessions

    @pytest.mark.parametrize(("scheme", "kind"), [("socks5", socks5), ("http", http)])
    def test_through_a_proxy(self, server: ScriptedSmtp, scheme: str, kind: Handshake) -> None:
        with ProxyServer(kind) as proxy:
            deliver(server, proxy=Proxy.parse(f"{scheme}://127.0.0.1:{proxy.port}"))
            assert proxy.asked == [("127.0.0.1", server.port)]
        assert server.received

    def test_a_client_certificate_that_is_not_there(
        self, server: ScriptedSmtp, tmp_path: Path
    ) -> None:
        text = failure(
            InvalidArgument,
            lambda: deliver(
                server, security=Security.TLS, client_certificate=tmp_path / "client.pem"
            ),
        )
        assert "client.pem' given as client_certificate= could not be read" in text
        assert not server.sessions

    def test_no_way_that_is_known(self, server: ScriptedSmtp) -> None:
        server.features = ("AUTH XOAUTH2 NTLM",)
        text = failure(LoginFailed, lambda: deliver(server, user="qa", password=PASSWORD))
        assert text == (
            "Could not log in as qa on 127.0.0.1: the server takes XOAUTH2 and NTLM, and this "
            "library knows CRAM-MD5, PLAIN, LOGIN."
        )

    def test_no_way_at_all(self, server: ScriptedSmtp) -> None:
        server.features = ("SIZE",)
        text = failure(LoginFailed, lambda: deliver(server, user="qa", password=PASSWORD))
        assert text == (
            "Could not log in as qa on 127.0.0.1: the server offers no log-in (AUTH). If it wants "
            "none, leave out user and password; if it wants TLS before, try security=TLS or "
            "security=STARTTLS."
        )

    @pytest.mark.parametrize(("user", "password"), [("qa", ""), ("", "x"), ("q\na", "x")])
    def test_half_a_log_in_is_refused(self, server: ScriptedSmtp, user: str, password: str) -> None:
        failure(InvalidArgument, lambda: deliver(server, user=user, password=password))
        assert not server.sessions


class TestGreeting:
    def test_unknown_host(self, server: ScriptedSmtp) -> None:
        text = failure(ConnectionFailed, lambda: deliver(server, host="smtp.nowhere.invalid"))
        assert text.startswith(
            f"Could not connect to smtp.nowhere.invalid port {server.port}: the host name is unknown"
        )

    def test_refused_port(self, server: ScriptedSmtp) -> None:
        with socket.socket() as reserved:  # bound, but it does not listen
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
            text = failure(ConnectionFailed, lambda: deliver(server, port=port))
        assert text == (
            f"Could not connect to 127.0.0.1 port {port}: connection refused. Is the server "
            "running, and are host and port right?"
        )

    @pytest.mark.parametrize("greeting", ["* OK IMAP4rev1 ready", "SSH-2.0-x", "HTTP/1.1 400 Bad"])
    def test_not_smtp(self, server: ScriptedSmtp, greeting: str) -> None:
        server.greeting = greeting
        text = failure(ConnectionFailed, lambda: deliver(server))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server sent what is no "
            f"SMTP: '{greeting}'. {NO_GREETING}"
        )

    @pytest.mark.parametrize(
        "greeting", ["554 5.7.1 You are on a list", "421 4.3.2 Too many connections"]
    )
    def test_turned_away(self, server: ScriptedSmtp, greeting: str) -> None:
        server.greeting = greeting
        text = failure(ConnectionFailed, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} turned the connection away: The server "
            f"said: {greeting}."
        )

    def test_refused_hello(self, server: ScriptedSmtp) -> None:
        server.on["EHLO"] = server.on["HELO"] = say("550 Who are you?")
        text = failure(ConnectionFailed, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} turned the connection away: The server "
            "said: 550 Who are you?"
        )

    @pytest.mark.parametrize("hangs", [silent, dribble, flood])
    def test_greeting_that_does_not_end(self, server: ScriptedSmtp, hangs: Handler) -> None:
        server.on["GREETING"] = hangs
        text = failure(ConnectionFailed, lambda: deliver(server, timeout=SHORT))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server did not answer "
            f"within 1 second. {NO_GREETING}"
        )

    def test_silent_end(self, server: ScriptedSmtp) -> None:
        server.on["GREETING"] = leave
        text = failure(ConnectionFailed, lambda: deliver(server))
        assert "The server closed the connection without a word." in text

    def test_line_without_end(self, server: ScriptedSmtp) -> None:
        server.on["GREETING"] = lambda session, tag, arguments: session.send_raw(
            b"220 " + b"x" * 10_000 + b"\r\n"
        )
        text = failure(ConnectionFailed, lambda: deliver(server))
        assert "The server sent a line that does not end." in text


class TestTls:
    @pytest.mark.parametrize("implicit", [True, False])
    def test_trusted_authority(
        self, server: ScriptedSmtp, authority: trustme.CA, ca_file: Path, implicit: bool
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=implicit)
        security = Security.TLS if implicit else Security.STARTTLS
        deliver(server, security=security, verify=ca_file, user="qa", password=PASSWORD)
        assert server.received

    def test_what_was_said_in_plain_text_is_forgotten(
        self, server: ScriptedSmtp, authority: trustme.CA, ca_file: Path
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=False)
        deliver(server, security=Security.STARTTLS, verify=ca_file)
        assert [line.split()[0].upper() for line in server.lines[:3]] == [
            "EHLO",
            "STARTTLS",
            "EHLO",
        ]
        assert "SIZE" not in server.lines[3]

    @pytest.mark.parametrize("implicit", [True, False])
    def test_unknown_authority(
        self, server: ScriptedSmtp, authority: trustme.CA, implicit: bool
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=implicit)
        security = Security.TLS if implicit else Security.STARTTLS
        text = failure(ConnectionFailed, lambda: deliver(server, security=security))
        assert text.startswith(
            f"The certificate of 127.0.0.1 port {server.port} is not trusted: unable to get local "
            "issuer certificate. verify=False accepts any certificate"
        )

    def test_any_certificate(self, server: ScriptedSmtp, authority: trustme.CA) -> None:
        offer_tls(server, authority.issue_cert("elsewhere.example"), implicit=True)
        deliver(server, security=Security.TLS, verify=False)
        assert server.received

    def test_tls_to_a_port_for_plain_text(self, server: ScriptedSmtp) -> None:
        text = failure(ConnectionFailed, lambda: deliver(server, security=Security.TLS))
        assert text.startswith(f"Could not speak TLS with 127.0.0.1 port {server.port}: ")
        assert text.endswith(
            ". If this is a port for plain text (usually 587), try security=STARTTLS or "
            "security=NONE."
        )

    def test_plain_text_to_a_port_for_tls(
        self, server: ScriptedSmtp, authority: trustme.CA
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=True)
        text = failure(ConnectionFailed, lambda: deliver(server, timeout=SHORT))
        assert text.endswith(NO_GREETING)

    def test_no_starttls(self, server: ScriptedSmtp) -> None:
        text = failure(ConnectionFailed, lambda: deliver(server, security=Security.STARTTLS))
        assert (
            text == f"The server at 127.0.0.1 port {server.port} offers no STARTTLS. {TLS_ADVICE}"
        )
        assert len(server.lines) == 1

    def test_refused_starttls(self, server: ScriptedSmtp) -> None:
        server.features = ("STARTTLS",)
        server.on["STARTTLS"] = say("454 4.7.0 Not now")
        text = failure(ConnectionFailed, lambda: deliver(server, security=Security.STARTTLS))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused STARTTLS: 454 4.7.0 Not now. "
            f"{TLS_ADVICE}"
        )

    def test_what_is_sent_ahead_of_the_handshake_ends_it(self, server: ScriptedSmtp) -> None:
        server.features = ("STARTTLS",)
        server.on["STARTTLS"] = say("220 go ahead", "250 evil.example")
        text = failure(ConnectionFailed, lambda: deliver(server, security=Security.STARTTLS))
        assert "That is how an attack looks" in text


class TestRefusals:
    def test_sender(self, server: ScriptedSmtp) -> None:
        server.on["MAIL"] = say("530-5.7.0 First", "530 5.7.0 log in")
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the sender qa@example.com: "
            "530 5.7.0 First 5.7.0 log in. The email was not sent."
        )
        assert server.lines[-1] == "QUIT"

    def test_size(self, server: ScriptedSmtp) -> None:
        server.on["MAIL"] = say("552 5.3.4 Message size exceeds fixed limit")
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email because of its size "
            f"({amount(len(RAW))}): 552 5.3.4 Message size exceeds fixed limit. The email was not sent."
        )

    def test_the_only_recipient(self, server: ScriptedSmtp) -> None:
        server.on["RCPT"] = say("550 5.1.1 No such user!")
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the recipient jane@example.com: "
            "550 5.1.1 No such user! The email was not sent."
        )
        assert not server.received

    def test_all_recipients(self, server: ScriptedSmtp) -> None:
        server.on["RCPT"] = refuse_recipients(jane="550 No such user", bob="452 Full")
        text = failure(
            EmailRefused, lambda: deliver(server, outgoing("jane@example.com", "bob@example.com"))
        )
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused 2 recipients:\n"
            "  jane@example.com: 550 No such user.\n"
            "  bob@example.com: 452 Full.\n"
            "The email was not sent."
        )
        assert not server.count("DATA")

    def test_some_recipients(self, server: ScriptedSmtp) -> None:
        server.on["RCPT"] = refuse_recipients(bob="550 No such user")
        to = ("jane@example.com", "bob@example.com", "eve@example.com")
        text = failure(EmailRefused, lambda: deliver(server, outgoing(*to)))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the recipient bob@example.com: "
            "550 No such user. To the others the email was sent: jane@example.com, eve@example.com."
        )
        assert len(server.received) == 1

    @pytest.mark.parametrize("command", ["DATA", "CONTENT"])
    def test_content(self, server: ScriptedSmtp, command: str) -> None:
        server.on[command] = say("554 5.7.1 Spam")
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email: 554 5.7.1 Spam. The "
            "email was not sent."
        )

    def test_content_that_was_not_asked_for(self, server: ScriptedSmtp) -> None:
        server.on["DATA"] = say("250 OK")  # only 354 asks for it (RFC 5321, section 4.3.2)
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email: 250 OK. The email was "
            "not sent."
        )

    def test_content_after_a_recipient(self, server: ScriptedSmtp) -> None:
        server.on["RCPT"] = refuse_recipients(bob="550 No such user")
        server.on["CONTENT"] = say("554 5.7.1 Spam")
        to = ("jane@example.com", "bob@example.com")
        text = failure(EmailRefused, lambda: deliver(server, outgoing(*to)))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email: 554 5.7.1 Spam. The "
            "email was not sent. Before that, it refused the recipient bob@example.com: 550 No such "
            "user."
        )

    @pytest.mark.parametrize("answer", ["552 5.3.4 Too big for me.", "421 4.3.2 Shutting down."])
    @pytest.mark.parametrize("then", [leave, linger])
    def test_in_the_middle_of_the_content(
        self, server: ScriptedSmtp, answer: str, then: Handler
    ) -> None:
        interrupt(server, answer, then)
        text = failure(EmailRefused, lambda: deliver(server, LARGE), within=2.0)
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email: {answer} The email was "
            "not sent."
        )

    def test_in_the_middle_of_the_content_under_tls(
        self, server: ScriptedSmtp, authority: trustme.CA, ca_file: Path
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=True)
        interrupt(server, "552 5.3.4 Too big for me.", linger)
        text = failure(
            EmailRefused,
            lambda: deliver(server, LARGE, security=Security.TLS, verify=ca_file),
        )
        assert "refused the email: 552 5.3.4 Too big for me. The email was not sent." in text

    def test_leaving_instead_of_taking_the_email(self, server: ScriptedSmtp) -> None:
        server.on["CONTENT"] = say("421 4.3.2 Shutting down")
        text = failure(EmailRefused, lambda: deliver(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused the email: 421 4.3.2 Shutting "
            "down. The email was not sent."
        )

    def test_addresses_that_the_server_can_not_take(self, server: ScriptedSmtp) -> None:
        server.features = ("SIZE",)
        text = failure(EmailRefused, lambda: deliver(server, outgoing("jane@bücher.example")))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} takes ASCII addresses only (it offers no "
            "SMTPUTF8), and jane@bücher.example is none. A domain can be written in ASCII, as in "
            "xn--bcher-kva.example. The email was not sent."
        )
        assert not server.count("MAIL")


STEPS = {
    "MAIL": "MAIL FROM",
    "RCPT": "RCPT TO",
    "DATA": "DATA",
    "AUTH": "AUTH",
}


def patience(reason: str) -> float:
    """Return a time-out that only what hangs comes near."""
    return SHORT if "within" in reason else 10.0


def without_reason(text: str) -> str:
    """Return a text without the words of this operating system."""
    return re.sub(r"(connection broke:) [\w ]+\.", r"\1 REASON.", text)


class TestLost:
    @pytest.mark.parametrize("command", STEPS)
    @pytest.mark.parametrize(
        ("handler", "reason"),
        [
            (leave, "The server closed the connection without a word."),
            (reset, "The connection broke: REASON."),
            (silent, "The server did not answer within 1 second."),
            (dribble, "The server did not answer within 1 second."),
            (flood, "The server did not answer within 1 second."),
            (say("what?"), "The server sent what is no SMTP: 'what?'."),
            (say("421 Too late"), "The server took its leave: 421 Too late."),
        ],
        ids=["leave", "reset", "silent", "dribble", "flood", "garbage", "421"],
    )
    def test_before_the_content(
        self, server: ScriptedSmtp, command: str, handler: Handler, reason: str
    ) -> None:
        server.on[command] = handler
        text = failure(
            ConnectionLost,
            lambda: deliver(server, user="qa", password=PASSWORD, timeout=patience(reason)),
        )
        assert without_reason(text) == (
            f"{reason} This was {STEPS[command]} for qa on 127.0.0.1 port {server.port}. The email "
            "was not sent."
        )

    def test_within_the_content(self, server: ScriptedSmtp) -> None:
        def stop_reading(session: Session, tag: str, arguments: str) -> None:
            session.send("354 go on")
            time.sleep(2)

        server.on["DATA"] = stop_reading
        text = failure(
            ConnectionLost,
            lambda: deliver(server, LARGE, timeout=SHORT),
        )
        assert text == (
            "The server did not answer within 1 second. This was the content of the email for "
            f"127.0.0.1 port {server.port}. The email was not sent."
        )

    def test_taken_before_all_of_it_was_there(self, server: ScriptedSmtp) -> None:
        interrupt(server, "250 2.0.0 taken as 42", linger)
        text = failure(ConnectionLost, lambda: deliver(server, LARGE))
        assert text == (
            "The server answered before it had all of the email: 250 2.0.0 taken as 42. This was "
            f"the content of the email for 127.0.0.1 port {server.port}. The email was not sent."
        )

    @pytest.mark.parametrize(
        ("handler", "reason"),
        [
            (leave, "The server closed the connection without a word."),
            (reset, "The connection broke: REASON."),
            (silent, "The server did not answer within 1 second."),
            (dribble, "The server did not answer within 1 second."),
            (say("what?"), "The server sent what is no SMTP: 'what?'."),
        ],
        ids=["leave", "reset", "silent", "dribble", "garbage"],
    )
    def test_after_the_content(self, server: ScriptedSmtp, handler: Handler, reason: str) -> None:
        def keep_and(session: Session, tag: str, arguments: str) -> None:
            assert isinstance(session, SmtpSession)
            session.keep()
            handler(session, tag, arguments)

        server.on["CONTENT"] = keep_and
        text = failure(OutcomeUnknown, lambda: deliver(server, timeout=patience(reason)))
        assert without_reason(text) == (
            f"It is unknown whether the email was sent. The server at 127.0.0.1 port {server.port} "
            f"got all of it, and then no answer came: {reason} Before you send it again, see "
            f"whether the email with the Message-ID {ID} arrives."
        )
        assert len(server.received) == 1  # and it is not sent a second time
        assert len(server.sessions) == 1

    def test_one_deadline_holds_for_all_steps(self, server: ScriptedSmtp) -> None:
        def late(session: Session, tag: str, arguments: str) -> None:
            time.sleep(0.2)
            session.default("RCPT", tag, arguments)

        server.on["RCPT"] = late
        to = tuple(f"user{number}@example.com" for number in range(20))
        text = failure(ConnectionLost, lambda: deliver(server, outgoing(*to), timeout=0.5))
        assert "The server did not answer within 0.5 seconds." in text


def test_nothing_of_the_password_is_logged(
    server: ScriptedSmtp, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        server.features = (f"AUTH {mechanism}",)
        deliver(server, user="qa", password=PASSWORD)
    captured = capfd.readouterr()
    logged = caplog.text + captured.out + captured.err
    assert PASSWORD not in logged
    assert base64.b64encode(PASSWORD.encode()).decode() not in logged
    assert base64.b64encode(f"\0qa\0{PASSWORD}".encode()).decode() not in logged
    assert PASSWORD not in repr(account(server, user="qa", password=PASSWORD))
