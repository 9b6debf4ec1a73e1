"""Which way in is taken, and what is said when it is closed. `test_connection` has passwords."""

from __future__ import annotations

import logging
import re
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from provider import TOKEN, Provider
from proxies import Handshake, ProxyServer, http, socks5
from scripted import ScriptedServer, Session

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import ConnectionFailed, ConnectionLost, ImapLibraryError, LoginFailed
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.proxy import Proxy, ProxyKind
from ImapLibrary.imap.tokens import AccessToken


@pytest.fixture
def server() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def connect(server: ScriptedServer, **changes: Any) -> Connection:
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "user": "qa",
        "password": "",
        "port": server.port,
        "security": Security.NONE,
        "timeout": 10.0,
    }
    account = Account(**(settings | changes))
    return Connection(account, Deadline(account.timeout))


def failure(kind: type[ImapLibraryError], server: ScriptedServer, **changes: Any) -> str:
    with pytest.raises(kind) as caught:
        connect(server, **changes)
    assert type(caught.value) is kind
    return str(caught.value)


@pytest.mark.parametrize(
    ("capabilities", "mechanism"),
    [
        ("AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER", "OAUTHBEARER"),
        ("AUTH=PLAIN AUTH=XOAUTH2", "XOAUTH2"),
        ("LOGINDISABLED AUTH=PLAIN AUTH=LOGIN", "PLAIN"),
        ("LOGINDISABLED AUTH=LOGIN", "LOGIN"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_the_strongest_that_is_offered(
    server: Provider, capabilities: str, mechanism: str, at_once: bool
) -> None:
    server.capabilities = f"IMAP4rev1 {capabilities}{' SASL-IR' if at_once else ''}"
    connect(server, password=TOKEN, token=AccessToken(TOKEN)).close()
    assert server.mechanisms == [mechanism]
    assert server.count("LOGIN") == 0
    at_once = at_once and mechanism != "LOGIN"
    assert server.count(f"AUTHENTICATE {mechanism} ") == at_once


@pytest.mark.parametrize(
    ("capabilities", "command"), [("SASL-IR", "AUTHENTICATE PLAIN"), ("", "LOGIN")]
)
def test_a_password_takes_one_round_trip(server: Provider, capabilities: str, command: str) -> None:
    server.capabilities = f"IMAP4rev1 AUTH=PLAIN {capabilities}"
    connect(server, password=TOKEN).close()
    assert [line.startswith(command) for line in server.lines] == [False, True]


def test_a_password_is_taken_where_no_token_is(server: Provider) -> None:
    connect(server, password="secret", token=AccessToken(TOKEN)).close()
    assert 'LOGIN "qa" "secret"' in server.lines


def test_a_wrong_token_is_not_followed_by_the_password(server: Provider) -> None:
    server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
    failure(LoginFailed, server, password="secret", token=AccessToken("wrong"))
    assert server.count("LOGIN") == 0


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("at_once", ["", " SASL-IR"])
def test_a_refused_token(server: Provider, mechanism: str, at_once: str) -> None:
    server.capabilities = f"IMAP4rev1 AUTH={mechanism}{at_once}"
    assert failure(LoginFailed, server, token=AccessToken("wrong")) == (
        "Could not log in as qa on 127.0.0.1: NO [AUTHENTICATIONFAILED] No. It said of the access "
        'token: {"status":"401","schemes":"Bearer"}. Has the access token expired, and was it '
        "made for this user and for IMAP? fresh_token= takes a keyword that gives a new one."
    )
    assert server.said[-1] == ("" if mechanism == "XOAUTH2" else "AQ==")


def test_a_refused_token_without_a_reason(server: Provider) -> None:
    server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
    server.reason = None
    assert failure(LoginFailed, server, token=AccessToken("wrong")).startswith(
        "Could not log in as qa on 127.0.0.1: NO [AUTHENTICATIONFAILED] No. Has the access token "
    )


def test_a_token_that_has_expired_is_replaced(
    server: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ImapLibrary")
    server.capabilities = "IMAP4rev1 AUTH=OAUTHBEARER SASL-IR"
    token = AccessToken("expired", lambda: TOKEN)
    for _ in range(2):
        connect(server, token=token).close()
    assert server.mechanisms == ["OAUTHBEARER"] * 3
    (said,) = caplog.messages
    assert said.startswith("Could not log in as qa on 127.0.0.1: NO [AUTHENTICATIONFAILED] No.")
    assert said.endswith(" A fresh access token is tried.")


@pytest.mark.parametrize("code", ["[CAPABILITY IMAP4rev1 IDLE MOVE] ", ""])
def test_what_is_said_beside_a_refusal_is_not_what_can_be_done_after_the_log_in(
    server: Provider, code: str
) -> None:
    server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"

    def authenticate(session: Session, tag: str, arguments: str) -> None:
        session.send(f"* CAPABILITY {server.capabilities}", f"{tag} NO Expired")
        server.on["AUTHENTICATE"] = welcome

    def welcome(session: Session, tag: str, arguments: str) -> None:
        server.capabilities = "IMAP4rev1 IDLE MOVE"
        session.send(f"{tag} OK {code}in")

    server.on["AUTHENTICATE"] = authenticate
    connection = connect(server, token=AccessToken("Old", lambda: TOKEN))
    assert connection.has("MOVE")
    assert connection.can_idle
    assert server.count("CAPABILITY") == (1 if code else 2)
    connection.close()


def test_a_fresh_token_that_is_refused_too(server: Provider) -> None:
    server.capabilities = "IMAP4rev1 AUTH=OAUTHBEARER SASL-IR"
    text = failure(LoginFailed, server, token=AccessToken("expired", lambda: "worse"))
    assert text.endswith(" This was a fresh access token. Was it made for this user and for IMAP?")
    assert len(server.mechanisms) == 2


@pytest.mark.parametrize("first", ["expired", ""])
def test_a_fresh_token_that_leaves_no_time(server: Provider, first: str) -> None:
    """The server is not to blame. The next keyword has the token."""
    server.capabilities = "IMAP4rev1 AUTH=OAUTHBEARER SASL-IR"

    def slow() -> str:
        time.sleep(1)
        return TOKEN

    token = AccessToken(first, slow)
    text = failure(ConnectionFailed, server, token=token, timeout=0.9)
    assert re.sub(r"1\.\d", "1.0", text) == (
        "Could not log in as qa on 127.0.0.1: it took 1.0 seconds until what fresh_token= names "
        "gave a fresh access token, and then the time for the server was up. The token is kept. A "
        "longer timeout= of `Open Mailbox` leaves more time."
    )
    connect(server, token=token, timeout=0.9).close()


def test_a_way_to_a_fresh_token_that_fails_is_gone_once(server: Provider) -> None:
    server.capabilities = "IMAP4rev1 AUTH=OAUTHBEARER SASL-IR"
    calls: list[str] = []

    def fail() -> str:
        calls.append("once")
        raise KeyError("id_token")

    text = failure(LoginFailed, server, token=AccessToken("", fail))
    assert text.startswith("No fresh access token could be had: ")
    assert calls == ["once"]


def test_no_way_for_tokens(server: Provider) -> None:
    server.capabilities = "IMAP4rev1 AUTH=PLAIN AUTH=CRAM-MD5"
    assert failure(LoginFailed, server, token=AccessToken(TOKEN)) == (
        "Could not log in on 127.0.0.1: the server takes no access tokens (OAUTHBEARER or "
        "XOAUTH2). It offers: CRAM-MD5, PLAIN."
    )
    server.capabilities = "IMAP4rev1"
    assert failure(LoginFailed, server, token=AccessToken(TOKEN)).endswith(": no other way.")


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER", "PLAIN"])
@pytest.mark.parametrize("leaving", [True, False])
def test_what_a_server_repeats_is_hidden_in_any_form(
    server: Provider,
    everything_logged: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    mechanism: str,
    leaving: bool,
) -> None:
    sent: list[str] = []

    def repeat(session: Session, tag: str, arguments: str) -> None:
        sent.append(arguments.split()[1])
        said = f"{sent[0]} {TOKEN} {b64encode(TOKEN.encode()).decode()}"
        if mechanism == "PLAIN":
            session.send(f"* BYE {said}" if leaving else f"{tag} NO {said}")
            return
        session.send(f"+ {b64encode(said.encode()).decode()}")
        session.readline()
        session.send(f"* BYE {said}" if leaving else f"{tag} NO {said}")

    server.capabilities = f"IMAP4rev1 SASL-IR AUTH={mechanism}"
    server.on["AUTHENTICATE"] = repeat
    kind = ConnectionLost if leaving else LoginFailed
    text = failure(kind, server, password=TOKEN, token=AccessToken(TOKEN))
    shown = text + everything_logged.text + "".join(capfd.readouterr())
    assert TOKEN in b64decode(sent[0]).decode()
    for secret in (sent[0], TOKEN, b64encode(TOKEN.encode()).decode()):
        assert secret not in shown
    assert ("it is not shown." if leaving else "NO *** *** ***.") in text


def test_no_password_without_tls_unless_that_was_asked_for(server: Provider) -> None:
    """The server has no TLS, so that the password could only go out in plain text."""
    for security in (Security.TLS, Security.STARTTLS):
        server.on["GREETING"] = lambda session, tag, arguments: session.send(server.greeting)
        failure(ConnectionFailed, server, password=TOKEN, security=security)
    assert not server.mechanisms
    assert server.count("LOGIN") == 0
    assert not any(TOKEN in line for line in server.lines)


def test_a_server_that_takes_no_passwords_even_in_tls(server: Provider, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server.tls)
    server.implicit_tls = True
    server.capabilities = "IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2"
    text = failure(
        LoginFailed,
        server,
        password="secret",
        security=Security.TLS,
        verify=tmp_path / "ca.pem",
    )
    assert text == (
        "Could not log in on 127.0.0.1: the server does not take passwords (LOGINDISABLED). It "
        "offers: XOAUTH2."
    )


class TestClientCertificate:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> trustme.CA:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        return authority

    @pytest.fixture
    def demanding(self, server: Provider, authority: trustme.CA) -> Provider:
        """A server that lets in only those who show a certificate of the authority."""
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server.tls)
        authority.configure_trust(server.tls)
        server.tls.verify_mode = ssl.CERT_REQUIRED
        server.capabilities = "IMAP4rev1 STARTTLS"
        return server

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    def test_it_is_shown(
        self, demanding: Provider, authority: trustme.CA, tmp_path: Path, security: Security
    ) -> None:
        demanding.implicit_tls = security is Security.TLS
        path = tmp_path / "client.pem"
        authority.issue_cert("qa@example.com").private_key_and_cert_chain_pem.write_to_path(
            str(path)
        )
        with closing(
            connect(
                demanding,
                password="secret",
                security=security,
                verify=tmp_path / "ca.pem",
                client_certificate=path,
            )
        ) as connection:
            connection.select("INBOX")

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    def test_it_is_missed(
        self, demanding: Provider, tmp_path: Path, version: ssl.TLSVersion
    ) -> None:
        assert demanding.tls
        demanding.implicit_tls = True
        demanding.tls.maximum_version = version
        text = failure(
            ConnectionFailed,
            demanding,
            password="secret",
            security=Security.TLS,
            verify=tmp_path / "ca.pem",
        )
        assert text.endswith(
            " The server may want a certificate of ours: client_certificate= takes a PEM file "
            "with a certificate that it trusts, and the key."
        )


def test_alerts_before_and_in_the_log_in_are_shown(
    server: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    server.greeting = "* OK [ALERT] Down at noon"
    server.on["LOGIN"] = lambda session, tag, arguments: session.send(
        f"* OK [ALERT] {arguments} is too simple", f"{tag} OK [ALERT] Quota is low"
    )
    connect(server, password="xyzzy").close()
    assert [each.getMessage() for each in caplog.records if each.levelname == "WARNING"] == [
        "127.0.0.1 says: [ALERT] Down at noon",
        '127.0.0.1 says: [ALERT] "qa" "***" is too simple',
        "127.0.0.1 says: [ALERT] Quota is low",
    ]


@pytest.mark.parametrize("challenge", ["+ Go ahead", "+ ", "+"])
def test_a_challenge_that_says_nothing(server: Provider, challenge: str) -> None:
    server.capabilities = "IMAP4rev1 AUTH=PLAIN LOGINDISABLED"
    answers = []

    def authenticate(session: Session, tag: str, arguments: str) -> None:
        session.send(challenge)
        answers.append(session.readline())
        session.send(f"{tag} OK in")

    server.on["AUTHENTICATE"] = authenticate
    connect(server, password="xyzzy").close()
    assert answers == [b64encode(b"\0qa\0xyzzy").decode()]


@pytest.mark.parametrize("handshake", [http, socks5])
def test_tls_to_a_port_for_plain_text_through_a_proxy(
    server: Provider, handshake: Handshake
) -> None:
    """The greeting may be here before the handshake of TLS."""
    with ProxyServer(handshake) as proxy:
        through = Proxy(
            ProxyKind.HTTP if handshake is http else ProxyKind.SOCKS5, "127.0.0.1", proxy.port
        )
        text = failure(ConnectionFailed, server, password="x", security=Security.TLS, proxy=through)
    assert text.startswith(f"Could not speak TLS with 127.0.0.1 port {server.port}: ")
    assert text.endswith(
        ". If this is a port for plain text (usually 143), try security=STARTTLS or security=NONE."
    )
