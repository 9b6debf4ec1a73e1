"""Connecting, logging in, commands and IDLE, against servers that do all they may and may not."""

from __future__ import annotations

import base64
import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme
from scripted import ScriptedServer, Session, message

from ImapLibrary.arguments import Secret, Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    FolderNotFound,
    ImapLibraryError,
    InvalidArgument,
    LoginFailed,
)
from ImapLibrary.finding.fetching import flags_of
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.answers import Span
from ImapLibrary.imap.connection import Connection

PASSWORD = "xyzzy-Plugh-42"
SHORT = 0.3
TLS_ADVICE = (
    "With security=TLS the connection is encrypted from the start (usually on port 993); with "
    "security=NONE everything is sent in plain text."
)
NO_GREETING = (
    "Is this the port of an IMAP server? A server that expects TLS (usually on port 993) stays "
    "silent: try security=TLS."
)


def account(server: ScriptedServer, **changes: Any) -> Account:
    """Return the account to log in to a server with, in plain text unless `changes` say else."""
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "user": "qa",
        "password": PASSWORD,
        "port": server.port,
        "security": Security.NONE,
        "timeout": 10.0,
    }
    return Account(**(settings | changes))


def connect(server: ScriptedServer, **changes: Any) -> Connection:
    """Return a logged-in connection without a folder."""
    chosen = account(server, **changes)
    return Connection(chosen, Deadline(chosen.timeout))


@contextmanager
def connected(server: ScriptedServer, **changes: Any) -> Iterator[Connection]:
    """Provide a connection with INBOX selected."""
    with closing(connect(server, **changes)) as connection:
        connection.select("INBOX")
        yield connection


def failure(kind: type[ImapLibraryError], operation: Callable[[], object]) -> str:
    """Return the text with which the operation fails."""
    with pytest.raises(kind) as caught:
        operation()
    assert type(caught.value) is kind
    return str(caught.value)


def say(*lines: str) -> Callable[[Session, str, str], None]:
    """Return a handler that sends lines; `TAG` in them is the command's tag."""
    return lambda session, tag, arguments: session.send(
        *(line.replace("TAG", tag) for line in lines)
    )


def silent(session: Session, tag: str, arguments: str) -> None:
    """Hang: never answer."""


def leave(session: Session, tag: str, arguments: str) -> None:
    """Close the connection without a word."""
    session.close()


def reset(session: Session, tag: str, arguments: str) -> None:
    session.reset()


def say_bye(session: Session, tag: str, arguments: str) -> None:
    session.bye("Going down")


def flood(session: Session, tag: str, arguments: str) -> None:
    """Talk without end."""
    while True:
        session.send_raw(b"* OK still working on it\r\n" * 1000)


def dribble(session: Session, tag: str, arguments: str) -> None:
    session.dribble(b"* OK " + b"." * 1000, 0.05)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First"), message("Second")) as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def offer_tls(
    server: ScriptedServer, leaf: trustme.LeafCert, *, implicit: bool = True
) -> ScriptedServer:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(server.tls)
    server.implicit_tls = implicit
    if not implicit:
        server.capabilities = "IMAP4rev1 STARTTLS LOGINDISABLED"
    return server


class TestRoundTrips:
    def test_open_and_close_need_four_commands(self, server: ScriptedServer) -> None:
        # The greeting comes unasked; CAPABILITY is asked by the constructor of imaplib.
        connection = connect(server)
        connection.select("INBOX")
        connection.log_out()
        assert server.lines == [
            "CAPABILITY",
            f'LOGIN "qa" "{PASSWORD}"',
            'SELECT "INBOX"',
            "LOGOUT",
        ]

    def test_starttls_needs_two_more(
        self, server: ScriptedServer, authority: trustme.CA, ca_file: Path
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=False)
        server.on["STARTTLS"] = start_tls_and_allow_log_in
        connect(server, security=Security.STARTTLS, verify=ca_file).log_out()
        assert [line.split()[0] for line in server.lines] == [
            "CAPABILITY",
            "STARTTLS",
            "CAPABILITY",
            "LOGIN",
            "LOGOUT",
        ]

    def test_capabilities_in_the_answer_to_login_are_not_asked_again(
        self, server: ScriptedServer
    ) -> None:
        with connected(server) as connection:
            assert connection.can_idle
            connection.search([b"ALL"])
        assert server.count("CAPABILITY") == 1

    def test_capabilities_are_asked_once_if_no_answer_carried_them(
        self, server: ScriptedServer
    ) -> None:
        server.on["LOGIN"] = say("TAG OK welcome")
        with connected(server) as connection:
            assert connection.can_idle
            connection.search([b"ALL"])
        assert server.count("CAPABILITY") == 2

    def test_small_sends_are_not_held_back(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            option = connection._wire._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert option


def start_tls_and_allow_log_in(session: Session, tag: str, arguments: str) -> None:
    session.server.capabilities = "IMAP4rev1"
    session.do_starttls(tag, arguments)


class TestGreeting:
    def test_unknown_host(self, server: ScriptedServer) -> None:
        text = failure(ConnectionFailed, lambda: connect(server, host="imap.nowhere.invalid"))
        begin = (
            f"Could not connect to imap.nowhere.invalid port {server.port}: the host name is "
            "unknown ("
        )
        assert text.startswith(begin)
        assert text.endswith("). Is it spelled right?")

    @pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example"])
    def test_host_that_can_be_no_name(self, server: ScriptedServer, host: str) -> None:
        text = failure(ConnectionFailed, lambda: connect(server, host=host))
        assert text.startswith(
            f"Could not connect to {host} port {server.port}: the host name is unknown ("
        )

    def test_refused_port(self, server: ScriptedServer) -> None:
        with socket.socket() as reserved:  # bound, but it does not listen
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
            text = failure(ConnectionFailed, lambda: connect(server, port=port))
        assert text == (
            f"Could not connect to 127.0.0.1 port {port}: connection refused. Is the server "
            "running, and are host and port right?"
        )

    @pytest.mark.parametrize(
        ("greeting", "reason"),
        [
            ("SSH-2.0-OpenSSH_9.6", "The server sent what is no IMAP: 'SSH-2.0-OpenSSH_9.6'."),
            ("220 mail ESMTP", "The server sent what is no IMAP: '220 mail ESMTP'."),
            ("HTTP/1.1 400 Bad", "The server sent what is no IMAP: 'HTTP/1.1 400 Bad'."),
            ("* NO busy", "The server said: NO busy."),
        ],
    )
    def test_not_imap(self, server: ScriptedServer, greeting: str, reason: str) -> None:
        server.greeting = greeting
        text = failure(ConnectionFailed, lambda: connect(server))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: {reason} {NO_GREETING}"
        )

    def test_http_server_that_waits_for_a_request(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = silent
        text = failure(ConnectionFailed, lambda: connect(server, timeout=SHORT))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server did not "
            f"answer within 0.3 seconds. {NO_GREETING}"
        )

    @pytest.mark.parametrize("hangs", [dribble, flood])
    def test_greeting_that_does_not_end(
        self, server: ScriptedServer, hangs: Callable[..., None]
    ) -> None:
        server.on["GREETING"] = hangs
        text = failure(ConnectionFailed, lambda: connect(server, timeout=SHORT))
        assert "The server did not answer within 0.3 seconds." in text

    def test_bye(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = say("* BYE Too many connections")
        text = failure(ConnectionFailed, lambda: connect(server))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} turned the connection away: The server "
            "said: BYE Too many connections."
        )

    def test_silent_end(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = leave
        text = failure(ConnectionFailed, lambda: connect(server))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server closed the "
            f"connection without a word. {NO_GREETING}"
        )

    def test_line_without_end(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = lambda session, tag, arguments: session.send_raw(
            b"* OK " + b"x" * 20_000_000
        )
        text = failure(ConnectionFailed, lambda: connect(server))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server sent a line "
            f"that does not end. {NO_GREETING}"
        )

    def test_line_ends_without_carriage_return_are_understood(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = lambda session, tag, arguments: session.send_raw(b"* OK hi\n")
        with connected(server) as connection:
            assert connection.exists == 2

    def test_preauth_needs_no_login(self, server: ScriptedServer) -> None:
        server.greeting = "* PREAUTH welcome"
        with connected(server):
            assert server.count("LOGIN") == 0

    def test_host_with_an_address_that_nobody_listens_at(self, server: ScriptedServer) -> None:
        # On many systems `localhost` is ::1 first, then 127.0.0.1; the server has the latter only.
        with connected(server, host="localhost") as connection:
            assert connection.exists == 2

    def test_several_addresses_are_tried_in_turn(
        self, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deaf = socket.create_server(("127.0.0.1", 0))
        refused = deaf.getsockname()
        deaf.close()
        stream = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        resolved = [(*stream, refused), (*stream, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: resolved)
        with connected(server) as connection:
            assert connection.exists == 2


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Ipv6Server(ScriptedServer):
    def __init__(self) -> None:
        super().__init__(message("First"))
        self._listener.close()
        self._listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        self.port = self._listener.getsockname()[1]


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("secured", [True, False])
def test_an_address_of_ipv6(secured: bool, authority: trustme.CA, ca_file: Path) -> None:
    with Ipv6Server() as server:
        if secured:
            offer_tls(server, authority.issue_cert("::1"))
        security = Security.TLS if secured else Security.NONE
        with connected(server, host="::1", security=security, verify=ca_file) as connection:
            assert str(connection.location) == "folder 'INBOX' of qa on ::1"


class TestTls:
    def test_trusted_authority(
        self, server: ScriptedServer, authority: trustme.CA, ca_file: Path
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"))
        with connected(server, security=Security.TLS, verify=ca_file) as connection:
            assert connection.search([b"ALL"]) == [1, 2]

    def test_starttls(self, server: ScriptedServer, authority: trustme.CA, ca_file: Path) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=False)
        server.on["STARTTLS"] = start_tls_and_allow_log_in
        with connected(server, security=Security.STARTTLS, verify=ca_file) as connection:
            assert connection.search([b"ALL"]) == [1, 2]

    @pytest.mark.parametrize("implicit", [True, False])
    def test_unknown_authority(
        self, server: ScriptedServer, authority: trustme.CA, implicit: bool
    ) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=implicit)
        security = Security.TLS if implicit else Security.STARTTLS
        text = failure(ConnectionFailed, lambda: connect(server, security=security))
        assert text == untrusted(server, "unable to get local issuer certificate")

    def test_other_host(self, server: ScriptedServer, authority: trustme.CA, ca_file: Path) -> None:
        offer_tls(server, authority.issue_cert("imap.example.com"))
        text = failure(
            ConnectionFailed, lambda: connect(server, security=Security.TLS, verify=ca_file)
        )
        reason = "IP address mismatch, certificate is not valid for '127.0.0.1'"
        assert text == untrusted(server, reason)

    def test_expired(self, server: ScriptedServer, authority: trustme.CA, ca_file: Path) -> None:
        yesterday = datetime.now(timezone.utc) - timedelta(days=1)
        offer_tls(server, authority.issue_cert("127.0.0.1", not_after=yesterday))
        text = failure(
            ConnectionFailed, lambda: connect(server, security=Security.TLS, verify=ca_file)
        )
        assert text == untrusted(server, "certificate has expired")

    @pytest.mark.parametrize("implicit", [True, False])
    def test_verify_off(
        self, server: ScriptedServer, authority: trustme.CA, implicit: bool
    ) -> None:
        offer_tls(server, authority.issue_cert("imap.example.com"), implicit=implicit)
        server.on["STARTTLS"] = start_tls_and_allow_log_in
        security = Security.TLS if implicit else Security.STARTTLS
        with connected(server, security=security, verify=False) as connection:
            assert connection.exists == 2

    @pytest.mark.parametrize("content", [None, "this is no certificate"])
    def test_verify_names_no_certificates(
        self, server: ScriptedServer, tmp_path: Path, content: str | None
    ) -> None:
        path = tmp_path / "ca.pem"
        if content:
            path.write_text(content)
        text = failure(InvalidArgument, lambda: connect(server, security=Security.TLS, verify=path))
        assert text.startswith(
            f"The file {str(path)!r} given as verify= could not be read as certificates in PEM "
            "form: "
        )
        assert text.endswith(". verify= takes True, False, or the path of such a file.")
        assert not server.sessions

    def test_tls_to_a_plain_port(self, server: ScriptedServer) -> None:
        text = failure(ConnectionFailed, lambda: connect(server, security=Security.TLS))
        assert text.startswith(f"Could not speak TLS with 127.0.0.1 port {server.port}: ")
        assert text.endswith(
            ". If this is a port for plain text (usually 143), try security=STARTTLS or "
            "security=NONE."
        )

    def test_plain_text_to_a_tls_port(self, server: ScriptedServer, authority: trustme.CA) -> None:
        offer_tls(server, authority.issue_cert("127.0.0.1"))
        text = failure(ConnectionFailed, lambda: connect(server, timeout=SHORT))
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server did not "
            f"answer within 0.3 seconds. {NO_GREETING}"
        )

    def test_handshake_that_does_not_come(self, server: ScriptedServer) -> None:
        server.on["GREETING"] = silent
        text = failure(
            ConnectionFailed, lambda: connect(server, security=Security.TLS, timeout=SHORT)
        )
        assert text == (
            f"No usable greeting came from 127.0.0.1 port {server.port}: The server did not "
            "answer within 0.3 seconds. Is this the port of an IMAP server?"
        )

    def test_no_starttls(self, server: ScriptedServer) -> None:
        text = failure(ConnectionFailed, lambda: connect(server, security=Security.STARTTLS))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} offers no STARTTLS. {TLS_ADVICE}"
        )
        assert server.count("LOGIN") == 0

    def test_starttls_refused(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 STARTTLS"
        server.on["STARTTLS"] = say("TAG NO not now")
        text = failure(ConnectionFailed, lambda: connect(server, security=Security.STARTTLS))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} refused STARTTLS: NO not now. {TLS_ADVICE}"
        )
        assert server.count("LOGIN") == 0

    def test_preauth_keeps_starttls_from_being_made(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 STARTTLS"
        server.greeting = "* PREAUTH welcome"
        text = failure(ConnectionFailed, lambda: connect(server, security=Security.STARTTLS))
        assert text == (
            f"The server at 127.0.0.1 port {server.port} logged us in by its greeting (PREAUTH), "
            f"after which TLS can't be started. {TLS_ADVICE}"
        )

    def test_data_ahead_of_the_handshake_is_taken_for_an_attack(
        self, server: ScriptedServer
    ) -> None:
        server.capabilities = "IMAP4rev1 STARTTLS"
        server.on["STARTTLS"] = say("TAG OK go ahead", "* OK [ALERT] Injected")
        text = failure(ConnectionFailed, lambda: connect(server, security=Security.STARTTLS))
        assert text == (
            "The server sent data between its agreement to STARTTLS and the TLS handshake. That "
            "is how an attack looks, so the connection was given up."
        )

    def test_what_was_said_in_plain_text_does_not_count(
        self, server: ScriptedServer, authority: trustme.CA, ca_file: Path
    ) -> None:
        def inject(session: Session, tag: str, arguments: str) -> None:
            session.send("* CAPABILITY IMAP4rev1 LOGINDISABLED")
            start_tls_and_allow_log_in(session, tag, arguments)

        offer_tls(server, authority.issue_cert("127.0.0.1"), implicit=False)
        server.on["STARTTLS"] = inject
        with connected(server, security=Security.STARTTLS, verify=ca_file) as connection:
            assert not connection.broken


def untrusted(server: ScriptedServer, reason: str) -> str:
    return (
        f"The certificate of 127.0.0.1 port {server.port} is not trusted: {reason}. verify=False "
        "accepts any certificate, as a test server may need; verify=path/to/ca.pem trusts the "
        "authorities in that file."
    )


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "imapclient")
    return caplog


class TestLogIn:
    @pytest.mark.parametrize("kind", [str, Secret])
    @pytest.mark.parametrize(
        "answer",
        [
            "NO [AUTHENTICATIONFAILED] Invalid credentials",
            f"NO I do not know {PASSWORD}",
            f'BAD LOGIN "qa" "{PASSWORD}" is not what I expected',
        ],
    )
    def test_wrong_password_is_shown_nowhere(
        self,
        server: ScriptedServer,
        everything_logged: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        kind: Callable[[str], str | Secret],
        answer: str,
    ) -> None:
        if Secret.__module__ == "ImapLibrary.arguments" and kind is Secret:
            pytest.skip("Robot Framework has Secret since 7.4")
        password = kind(PASSWORD)
        server.on["LOGIN"] = say(f"TAG {answer}")
        text = failure(LoginFailed, lambda: connect(server, password=password))
        assert text == (
            f"Could not log in as qa on 127.0.0.1: {answer.replace(PASSWORD, '***')}. Are user "
            "and password right, and is IMAP allowed for this account?"
        )
        assert PASSWORD not in everything_logged.text
        assert "Connected to host" in everything_logged.text  # the log is on
        assert PASSWORD not in repr(account(server, password=password))
        assert PASSWORD not in "".join(capfd.readouterr())

    def test_password_in_a_farewell_is_not_shown(
        self,
        server: ScriptedServer,
        everything_logged: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        server.on["LOGIN"] = say(f"* BYE Stop guessing {PASSWORD}")
        text = failure(ConnectionLost, lambda: connect(server))
        assert text == (
            f"The connection of qa on 127.0.0.1 port {server.port} ended in the log-in. What "
            "the server said of it repeats the password or token, so it is not shown."
        )
        assert PASSWORD not in everything_logged.text
        assert PASSWORD not in "".join(capfd.readouterr())

    def test_a_lost_connection_leaves_no_error_of_the_log_behind(
        self, server: ScriptedServer, capfd: pytest.CaptureFixture[str], everything_logged: object
    ) -> None:
        # imaplib then prints what it kept of the last commands, in a way that logging can't format.
        with connected(server) as connection:
            server.on["NOOP"] = say("what is this")
            failure(ConnectionLost, connection.noop)
        assert capfd.readouterr() == ("", "")

    def test_password_beyond_ascii(
        self, server: ScriptedServer, everything_logged: pytest.LogCaptureFixture
    ) -> None:
        tokens: list[str] = []

        def authenticate(session: Session, tag: str, arguments: str) -> None:
            session.send("+ ")
            tokens.append(session.readline())
            session.send(f"{tag} OK done")

        server.capabilities = "IMAP4rev1 AUTH=PLAIN"
        server.on["AUTHENTICATE"] = authenticate
        with connected(server, password="schlüssel"):
            assert base64.b64decode(tokens[0]).decode() == "\0qa\0schlüssel"
        assert tokens[0] not in everything_logged.text
        assert "schl" not in everything_logged.text

    def test_password_beyond_ascii_without_a_way_to_send_it(self, server: ScriptedServer) -> None:
        text = failure(LoginFailed, lambda: connect(server, password="schlüssel"))
        assert text == (
            "Could not log in on 127.0.0.1: user or password has characters outside ASCII, and "
            "the server does not offer AUTH=PLAIN, which could carry them."
        )

    def test_quotes_and_blanks_are_escaped(self, server: ScriptedServer) -> None:
        connect(server, user='q "a"', password="a\\b c").close()
        assert server.lines[1] == 'LOGIN "q \\"a\\"" "a\\\\b c"'

    def test_login_disabled(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 STARTTLS LOGINDISABLED"
        text = failure(LoginFailed, lambda: connect(server))
        assert text == (
            "Could not log in on 127.0.0.1: the server does not take passwords over this "
            "connection (LOGINDISABLED). Try security=TLS or security=STARTTLS."
        )
        assert server.count("LOGIN") == 0

    def test_hang(self, server: ScriptedServer) -> None:
        server.on["LOGIN"] = silent
        text = failure(ConnectionLost, lambda: connect(server, timeout=SHORT))
        assert text == (
            "The server did not answer within 0.3 seconds. This was LOGIN for qa on 127.0.0.1 "
            f"port {server.port}."
        )

    def test_bye(self, server: ScriptedServer) -> None:
        server.on["LOGIN"] = say_bye
        text = failure(ConnectionLost, lambda: connect(server))
        assert text == (
            f"The connection of qa on 127.0.0.1 port {server.port} ended in LOGIN: The server "
            "said: Going down."
        )

    @pytest.mark.parametrize("name", ["host", "user", "password"])
    @pytest.mark.parametrize(
        ("character", "called"),
        [("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "NUL")],
    )
    def test_no_command_can_be_injected(
        self, server: ScriptedServer, name: str, character: str, called: str
    ) -> None:
        value = f"qa{character}A1 DELETE INBOX"
        text = failure(InvalidArgument, lambda: connect(server, **{name: value}))
        assert text == (
            f"The {name} contains {called}, which no IMAP command can carry. Nothing was sent."
        )
        assert not server.sessions


class TestSelect:
    def test_location(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            location = connection.location
            assert (location.host, location.user, location.folder, location.uidvalidity) == (
                "127.0.0.1",
                "qa",
                "INBOX",
                7,
            )
            assert connection.exists == 2
            assert not connection.readonly

    @pytest.mark.parametrize(
        ("folder", "hint"),
        [
            ("Archiv", "Near it: Archive."),
            ("spam", "Near it: Spam."),
            ("Zzz", "There are: INBOX, Archive, Spam."),
        ],
    )
    def test_missing_folder(self, server: ScriptedServer, folder: str, hint: str) -> None:
        with connected(server) as connection:
            text = failure(FolderNotFound, lambda: connection.select(folder))
            assert text == (
                f"Could not open folder {folder!r} of qa on 127.0.0.1 port {server.port}: NO "
                f"[NONEXISTENT] No such folder. {hint}"
            )
            assert not connection.broken

    def test_many_folders_are_not_all_listed(self, server: ScriptedServer) -> None:
        server.folders = tuple(f"f{number}" for number in range(30))
        with closing(connect(server)) as connection:
            text = failure(FolderNotFound, lambda: connection.select("Zzz"))
        assert text.endswith("There are: " + ", ".join(server.folders[:20]) + " and more.")

    @pytest.mark.parametrize("listing", [say("TAG NO never"), leave])
    def test_missing_folder_on_a_server_that_does_not_list(
        self, server: ScriptedServer, listing: Callable[..., None]
    ) -> None:
        server.on["LIST"] = listing
        with closing(connect(server)) as connection:
            text = failure(FolderNotFound, lambda: connection.select("Zzz"))
        assert text.endswith(": NO [NONEXISTENT] No such folder.")

    def test_folder_that_is_there_but_does_not_open(self, server: ScriptedServer) -> None:
        server.on["SELECT"] = say("TAG NO [NOPERM] Access denied")
        with closing(connect(server)) as connection:
            text = failure(CommandRefused, lambda: connection.select("Archive"))
        assert text == (
            f"Could not open folder 'Archive' of qa on 127.0.0.1 port {server.port}: NO [NOPERM] "
            "Access denied."
        )

    @pytest.mark.parametrize("character", ["\r", "\n", "\0"])
    def test_no_command_can_be_injected(self, server: ScriptedServer, character: str) -> None:
        with connected(server) as connection:
            sent = list(server.lines)
            failure(InvalidArgument, lambda: connection.select(f"x{character}A1 DELETE INBOX"))
            assert server.lines == sent

    def test_names_beyond_ascii_and_with_quotes(self, server: ScriptedServer) -> None:
        with closing(connect(server)) as connection:
            failure(FolderNotFound, lambda: connection.select('Entwürfe "neu"'))
        assert 'SELECT "Entw&APw-rfe \\"neu\\""' in server.lines

    def test_neither_uidnext_nor_uidvalidity(self, server: ScriptedServer) -> None:
        server.on["SELECT"] = say("* 2 EXISTS", "TAG OK done")
        with connected(server) as connection:
            assert connection.location.uidvalidity == 0
            assert connection.next_uid() == 3

    def test_stale_uidnext(self, server: ScriptedServer) -> None:
        server.on["SELECT"] = say(
            "* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 1] x", "TAG OK done"
        )
        with connected(server) as connection:
            assert connection.next_uid() == 3

    def test_empty_folder(self) -> None:
        with ScriptedServer() as server, connected(server) as connection:
            assert connection.next_uid() == 1
            assert server.count("FETCH") == 0

    @pytest.mark.parametrize("answer", ["* FLAGS ()", "* 2 EXISTS"])
    def test_read_only(self, server: ScriptedServer, answer: str) -> None:
        server.on["SELECT"] = say(answer, "TAG OK [READ-ONLY] done")
        with connected(server) as connection:
            assert connection.readonly
            connection.noop()

    def test_garbage(self, server: ScriptedServer) -> None:
        server.on["SELECT"] = say("* OK [UIDVALIDITY many] x", "TAG OK done")
        with closing(connect(server)) as connection:
            text = failure(ConnectionLost, lambda: connection.select("INBOX"))
            assert text.startswith(
                f"The answer of qa on 127.0.0.1 port {server.port} to SELECT could not be "
                "understood: ValueError("
            )
            assert connection.broken


class Refusing(ScriptedServer):
    """A server that refuses a literal before it has got it."""

    capabilities = "IMAP4rev1"

    def new_session(self, sock: socket.socket) -> Session:
        return RefusingSession(self, sock)


class RefusingSession(Session):
    def readline(self) -> str:
        if self.server.count("SELECT") and not self.server.count("UID SEARCH"):
            tag = self._stream.readline().decode().split()[0]
            self.server.lines.append("UID SEARCH")
            self.send(f"{tag} NO [TOOBIG] No literals today")
        return super().readline()


class TestCommands:
    def test_search(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = say("* SEARCH 9 2", "* SEARCH 5", "TAG OK done")
        with connected(server) as connection:
            assert connection.search([b"SUBJECT", b'"x"']) == [2, 5, 9]
        assert 'UID SEARCH SUBJECT "x"' in server.lines

    @pytest.mark.parametrize("literal_plus", [True, False])
    def test_search_beyond_ascii(self, server: ScriptedServer, literal_plus: bool) -> None:
        if not literal_plus:
            server.capabilities = "IMAP4rev1"
        with connected(server) as connection:
            connection.search([b"SUBJECT", "schlüssel".encode(), b"UNSEEN"], "UTF-8")
        assert "UID SEARCH CHARSET UTF-8 SUBJECT schlüssel UNSEEN" in server.lines

    @pytest.mark.parametrize("literal_plus", [True, False])
    def test_literals_are_not_logged(
        self,
        server: ScriptedServer,
        everything_logged: pytest.LogCaptureFixture,
        literal_plus: bool,
    ) -> None:
        if not literal_plus:
            server.capabilities = "IMAP4rev1"
        with connected(server) as connection:
            connection.search([b"SUBJECT", "schlüssel".encode()], "UTF-8")
        assert "SEARCH CHARSET UTF-8 SUBJECT" in everything_logged.text
        assert "schl" not in everything_logged.text
        assert f"> {{10{'+' if literal_plus else ''}}} and the literal" in everything_logged.text

    def test_a_literal_that_is_refused(self) -> None:
        with Refusing(message("First")) as server, connected(server) as connection:
            text = failure(
                CommandRefused, lambda: connection.search([b"TEXT", "ü".encode()], "UTF-8")
            )
            assert text.endswith(" NO [TOOBIG] No literals today.")
            connection.noop()

    @pytest.mark.parametrize(
        ("answer", "found"),
        [
            ('* ESEARCH (TAG "TAG") UID ALL 2,5:7', [2, 5, 6, 7]),
            ('* ESEARCH (TAG "TAG") UID COUNT 2 ALL 9,3', [3, 9]),
            ('* ESEARCH (TAG "TAG") UID', []),
        ],
    )
    def test_search_that_is_answered_as_by_imap4rev2(
        self, server: ScriptedServer, answer: str, found: list[int]
    ) -> None:
        server.on["SEARCH"] = say(answer, "TAG OK done")
        with connected(server) as connection:
            assert connection.search([b"ALL"]) == found
            server.on["SEARCH"] = say("* SEARCH", "TAG OK done")
            assert connection.search([b"ALL"]) == []

    @pytest.mark.parametrize("uids", ["1:x", "1:4294967295", "1:1999999,2000001:2000002"])
    def test_search_that_is_answered_by_what_nobody_understands(
        self, server: ScriptedServer, uids: str
    ) -> None:
        server.on["SEARCH"] = say(f'* ESEARCH (TAG "TAG") UID ALL {uids}', "TAG OK done")
        with (
            connected(server) as connection,
            pytest.raises(ConnectionLost, match="to SEARCH could not be understood"),
        ):
            connection.search([b"ALL"])

    def test_search_without_results(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = say("* SEARCH", "TAG OK done")
        with connected(server) as connection:
            assert connection.search([b"ALL"]) == []

    def test_refusal_leaves_the_connection_usable(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = say("TAG NO [BADCHARSET (UTF-8)] What?")
        with connected(server) as connection:
            with pytest.raises(CommandRefused) as caught:
                connection.search([b"ALL"])
            assert str(caught.value) == (
                "The server refused SEARCH for folder 'INBOX' of qa on 127.0.0.1: NO [BADCHARSET "
                "(UTF-8)] What?"
            )
            assert caught.value.answer == "NO [BADCHARSET (UTF-8)] What?"
            connection.noop()

    def test_fetch_takes_each_answer_by_itself(self, server: ScriptedServer) -> None:
        server.on["FETCH"] = say(
            "* 1 FETCH (UID 1 FLAGS (\\Seen))",
            '* 2 FETCH (UID 2 BODYSTRUCTURE ("TEXT" "an "unescaped" quote"',
            "* 3 FETCH (FLAGS (\\Seen))",
            "* 4 FETCH (UID NIL FLAGS NIL)",
            "* 5 FETCH NIL",
            "* 6 FETCH (UID 6 BODYSTRUCTURE NIL)",
            "* 7 FETCH (" + "(" * 5000,
            "* 8 FETCH (UID 8 FLAGS ())",
            "TAG OK done",
        )
        with connected(server) as connection:
            answer = connection.fetch("1:8", "(UID FLAGS)")
        assert answer[1][b"FLAGS"] == (b"\\Seen",)
        assert answer[8][b"FLAGS"] == ()
        assert set(answer) <= {1, 6, 8}

    def test_a_flag_may_have_a_bracket(self, server: ScriptedServer) -> None:
        """A flag is an atom, and `[` is no special character in one (RFC 9051, section 9)."""
        server.on["FETCH"] = say(
            "* 1 FETCH (UID 1 FLAGS (Ticket[42 \\Seen))",
            '* 2 FETCH (FLAGS (\\X[ b) UID 2 BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 2 1))',
            "* 3 FETCH (UID 3 FLAGS ([) BODY[HEADER] {13}\r\nFLAGS (a[b)\r\n)",
            "TAG OK done",
        )
        with connected(server) as connection:
            answer = connection.fetch("1:3", "(UID FLAGS)")
        assert {uid: flags_of(items) for uid, items in answer.items()} == {
            1: ("Ticket[42", "\\Seen"),
            2: ("\\X[", "b"),
            3: ("[",),
        }
        assert answer[2][b"BODYSTRUCTURE"][:2] == (b"TEXT", b"PLAIN")
        assert answer[3][b"BODY[HEADER]"] == b"FLAGS (a[b)\r\n"

    def test_what_was_said_of_an_email_before_is_no_answer(self, server: ScriptedServer) -> None:
        server.on["NOOP"] = say(
            "* 2 FETCH (UID 2 FLAGS (\\Seen))",
            "* 2 EXPUNGE",
            "* 3 FETCH (UID 9 FLAGS ())",
            "TAG OK done",
        )
        server.on["FETCH"] = say("TAG OK done")
        with connected(server) as connection:
            connection.noop()
            assert connection.fetch("2", "(UID FLAGS)") == {}
            connection.noop()
            assert connection.fetch_newest(1, "(UID)") == {}

    def test_unsolicited_responses_anywhere(self, server: ScriptedServer) -> None:
        noise = ("* OK [ALERT] Disk full", "* FLAGS (\\Seen)", "* 9 EXPUNGE", "* 1 RECENT")
        for command in ("CAPABILITY", "LOGIN", "SELECT", "NOOP", "SEARCH", "FETCH", "STORE"):
            server.on[command] = noisy(command, noise)
        with connected(server) as connection:
            connection.noop()
            assert connection.search([b"ALL"]) == [1, 2]
            assert list(connection.fetch("1:2", "(UID FLAGS)")) == [1, 2]
            connection.command("UID STORE", "1", "+FLAGS.SILENT (\\Seen)")
            connection.log_out()

    def test_arrivals_are_counted(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            before = connection.arrivals
            server.deliver(message("Third"))
            connection.noop()
            assert (connection.arrivals, connection.exists) == (before + 1, 3)
            assert connection.next_uid() == 4

    @pytest.mark.parametrize(
        ("answer", "span", "searches"),
        [
            ('* ESEARCH (TAG "x") UID MIN 2 MAX 9 COUNT 3', Span(2, 9, 3), 1),
            ("* ESEARCH UID COUNT 3 MAX 9 MIN 2", Span(2, 9, 3), 1),
            ('* ESEARCH (TAG "x") UID COUNT 0', Span(), 1),
            ("* SEARCH 1 2", Span(1, 2, 2), 2),
            ("* ESEARCH what?", Span(1, 2, 2), 2),
            ("* ESEARCH UID COUNT 3", Span(1, 2, 2), 2),
            ("", Span(1, 2, 2), 2),
        ],
    )
    def test_span_of_what_is_found(
        self, server: ScriptedServer, answer: str, span: Span, searches: int
    ) -> None:
        def search(session: Session, tag: str, arguments: str) -> None:
            if "RETURN" not in arguments:
                session.default("SEARCH", tag, arguments)
            elif answer:
                session.send(answer, f"{tag} OK done")
            else:
                session.send(f"{tag} BAD what?")

        server.capabilities += " ESEARCH"
        server.on["SEARCH"] = search
        with connected(server) as connection:
            assert connection.span(b"UNSEEN") == span
        assert server.count("UID SEARCH") == searches
        assert "UID SEARCH RETURN (MIN MAX COUNT) UNSEEN" in server.lines

    def test_span_without_esearch(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            assert connection.span(b"UNSEEN") == Span(1, 2, 2)
            server.emails.clear()
            assert connection.span(b"UNSEEN") == Span()
        assert server.count("UID SEARCH UNSEEN") == 2

    def test_next_uid_costs_no_fetch_without_an_arrival(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            connection.next_uid()
            connection.next_uid()
        assert server.count("FETCH") == 1

    def test_next_uid_costs_no_fetch_after_one_that_has_shown_it(
        self, server: ScriptedServer
    ) -> None:
        with connected(server) as connection:
            server.deliver(message())
            connection.noop()
            connection.fetch("3:*", "(UID FLAGS)")
            sent = len(server.lines)
            assert connection.next_uid() == 4
        assert server.lines[sent] == "NOOP"
        assert server.count("FETCH") == 0

    @pytest.mark.parametrize("uids", ["2", "1:2", "9:*"])
    def test_but_after_others(self, server: ScriptedServer, uids: str) -> None:
        with connected(server) as connection:
            server.deliver(message())
            connection.noop()
            connection.fetch(uids, "(UID FLAGS)")
            assert connection.next_uid() == 4
        assert server.count("FETCH") == 1

    def test_nor_does_a_fetch_show_what_arrives_with_its_answer(
        self, server: ScriptedServer
    ) -> None:
        def late(session: Session, tag: str, arguments: str) -> None:
            del server.on["FETCH"]
            session.send("* 2 FETCH (UID 2 FLAGS ())")
            server.deliver(message())
            session.tell()
            session.send(f"{tag} OK done")

        server.on["FETCH"] = late
        with connected(server) as connection:
            connection.fetch("1:*", "(UID FLAGS)")
            assert connection.next_uid() == 4

    def test_count_that_is_no_number(self, server: ScriptedServer) -> None:
        server.on["NOOP"] = say("* EXISTS many", "TAG OK done")
        with connected(server) as connection:
            connection.noop()
            assert connection.exists == 2

    def test_round_trip_is_the_quickest(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            assert connection.round_trip is None
            connection.noop()
            first = connection.round_trip
            assert first is not None
            server.on["NOOP"] = lambda session, tag, arguments: (
                time.sleep(first + 0.05),
                session.do_noop(tag, arguments),
            )[-1]
            connection.noop()
            assert connection.round_trip == first


def noisy(command: str, noise: tuple[str, ...]) -> Callable[[Session, str, str], None]:
    def handler(session: Session, tag: str, arguments: str) -> None:
        session.send(*noise)
        session.default(command, tag, arguments)

    return handler


class TestBrokenConnections:
    @pytest.mark.parametrize(
        ("trouble", "expected"),
        [
            (silent, "The server did not answer within 0.3 seconds. This was NOOP for {}."),
            (dribble, "The server did not answer within 0.3 seconds. This was NOOP for {}."),
            (flood, "The server did not answer within 0.3 seconds. This was NOOP for {}."),
            (leave, "The server closed the connection without a word. This was NOOP for {}."),
            (say_bye, "The connection of {} ended in NOOP: The server said: Going down."),
            (
                say("XYZ"),
                "The connection of {} ended in NOOP: The server sent what is no IMAP: 'XYZ'.",
            ),
        ],
    )
    def test_trouble(
        self, server: ScriptedServer, trouble: Callable[..., None], expected: str
    ) -> None:
        server.on["NOOP"] = trouble
        with connected(server) as connection:
            connection.allow(Deadline(SHORT))
            text = failure(ConnectionLost, connection.noop)
            assert text == expected.format(connection.account)
            assert connection.broken
            again = failure(ConnectionLost, connection.noop)
            assert again == f"The connection of {connection.account} was lost before."

    def test_reset(self, server: ScriptedServer) -> None:
        server.on["NOOP"] = reset
        with connected(server) as connection:
            text = failure(ConnectionLost, connection.noop)
            assert text.startswith("The connection broke: ")
            assert text.endswith(f". This was NOOP for {connection.account}.")

    def test_end_within_a_literal(self, server: ScriptedServer) -> None:
        def cut(session: Session, tag: str, arguments: str) -> None:
            session.send_raw(b"* 1 FETCH (UID 1 BODY[] {1000}\r\nhalf of it")
            session.close()

        server.on["FETCH"] = cut
        with connected(server) as connection:
            text = failure(ConnectionLost, lambda: connection.fetch("1", "(BODY.PEEK[])"))
            assert text == (
                "The server closed the connection without a word. This was FETCH for "
                f"{connection.account}."
            )

    def test_hang_within_a_literal(self, server: ScriptedServer) -> None:
        server.on["FETCH"] = lambda session, tag, arguments: session.send_raw(
            b"* 1 FETCH (UID 1 BODY[] {1000}\r\nhalf of it"
        )
        with connected(server) as connection:
            connection.allow(Deadline(SHORT))
            text = failure(ConnectionLost, lambda: connection.fetch("1", "(BODY.PEEK[])"))
            assert text.startswith("The server did not answer within 0.3 seconds.")

    def test_hang_in_select(self, server: ScriptedServer) -> None:
        server.on["SELECT"] = silent
        with closing(connect(server)) as connection:
            connection.allow(Deadline(SHORT))
            text = failure(ConnectionLost, lambda: connection.select("INBOX"))
            assert text.endswith(f"This was SELECT for {connection.account}.")

    def test_unreadable_search(self, server: ScriptedServer) -> None:
        server.on["SEARCH"] = say("* SEARCH lots", "TAG OK done")
        with connected(server) as connection:
            text = failure(ConnectionLost, lambda: connection.search([b"ALL"]))
            assert text.startswith(
                f"The answer of {connection.account} to SEARCH could not be understood: "
            )

    @pytest.mark.parametrize("trouble", [silent, leave, say_bye, say("TAG NO never"), flood])
    def test_log_out_never_fails(
        self,
        server: ScriptedServer,
        trouble: Callable[..., None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("ImapLibrary.imap.connection.LOGOUT_SECONDS", SHORT)
        server.on["LOGOUT"] = trouble
        with connected(server) as connection:
            connection.log_out()
            assert connection.broken

    @pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX signals")
    def test_interruption_in_the_middle_of_a_command(self, server: ScriptedServer) -> None:
        class Interrupted(BaseException):
            """As Robot Framework's time-outs are."""

        def interrupt(*_: object) -> None:
            raise Interrupted

        server.on["NOOP"] = silent
        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            with connected(server) as connection:
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                with pytest.raises(Interrupted):
                    connection.noop()
                assert connection.broken
        finally:
            signal.signal(signal.SIGALRM, before)

    def test_a_block_beside_a_command_is_done_before_its_answer_is_read(
        self, server: ScriptedServer
    ) -> None:
        asked, may_answer = threading.Event(), threading.Event()

        def answer(session: Session, tag: str, arguments: str) -> None:
            asked.set()
            may_answer.wait(FOREVER)
            session.send("* 7 EXISTS", f"{tag} OK done")

        server.on["NOOP"] = answer
        with connected(server) as connection:
            before = connection.exists
            with connection.under_way("NOOP"):
                assert asked.wait(FOREVER)
                assert connection.exists == before != 7
                may_answer.set()
            assert connection.exists == 7

    @pytest.mark.parametrize(
        ("failure", "broken"), [(ZeroDivisionError, False), (KeyboardInterrupt, True)]
    )
    def test_a_block_beside_a_command_fails(
        self, server: ScriptedServer, failure: type[BaseException], broken: bool
    ) -> None:
        with connected(server) as connection:
            with pytest.raises(failure), connection.under_way("NOOP"):
                raise failure
            assert connection.broken is broken
            if not broken:
                connection.noop()  # no answer is left that would be taken for its own


def idle(*steps: str | float) -> Callable[[Session, str, str], None]:
    """Return a handler of IDLE that sends strings (`TAG` in them is the tag), waits for seconds
    in between, and reads a line from the client at `DONE`."""

    def handler(session: Session, tag: str, arguments: str) -> None:
        for step in steps:
            if isinstance(step, float):
                time.sleep(step)
            elif step == "DONE":
                session.server.lines.append(session.readline())
            else:
                session.send_raw(step.replace("TAG", tag).encode())

    return handler


FOREVER = 10.0


class TestIdle:
    @pytest.mark.parametrize(
        "steps",
        [
            ("+ idling\r\n* 3 EXISTS\r\n", "DONE", "TAG OK done\r\n"),
            ("* 3 EXISTS\r\n+ idling\r\n", "DONE", "TAG OK done\r\n"),
            ("* 3 EXISTS\r\n", 0.05, "+ idling\r\n", "DONE", "TAG OK done\r\n"),
            ("+ idling\r\n", 0.05, "* 3 EX", 0.05, "ISTS\r\n", "DONE", "TAG OK done\r\n"),
            ("+ idling\r\n", 0.05, "* OK Still here\r\n* 3 EXISTS\r\n", "DONE", "TAG OK x\r\n"),
            ("+ idling\r\n", 0.05, "* 1 FETCH (FLAGS ())\r\n", "DONE", "TAG OK done\r\n"),
        ],
        ids=["glued", "before", "long-before", "split", "chatty", "flags"],
    )
    def test_announcement(self, server: ScriptedServer, steps: tuple[Any, ...]) -> None:
        server.on["IDLE"] = idle(*steps)
        with connected(server) as connection:
            assert connection.idle(Deadline(FOREVER))
            connection.noop()

    @pytest.mark.parametrize(
        "after", ["* 3 EXISTS\r\nTAG OK done\r\n", "TAG OK done\r\n"], ids=["after", "never"]
    )
    def test_announcement_after_done(self, server: ScriptedServer, after: str) -> None:
        server.on["IDLE"] = idle("+ idling\r\n", "DONE", after)
        with connected(server) as connection:
            assert connection.idle(Deadline(0.05)) is ("EXISTS" in after)
        assert server.lines[-1] == "DONE"

    def test_announcement_after_the_answer_counts_for_the_next_command(
        self, server: ScriptedServer
    ) -> None:
        server.on["IDLE"] = idle("+ idling\r\n", "DONE", "TAG OK done\r\n* 3 EXISTS\r\n")
        with connected(server) as connection:
            before = connection.arrivals
            assert not connection.idle(Deadline(0.05))
            connection.noop()
            assert connection.arrivals > before

    def test_push(self, server: ScriptedServer) -> None:
        with connected(server) as connection:
            server.deliver_later(0.1, message("Third"))
            assert connection.idle(Deadline(FOREVER))
            assert connection.exists == 3

    @pytest.mark.parametrize("answer", ["NO not today", "BAD what?"])
    def test_refusal_means_listening(self, server: ScriptedServer, answer: str) -> None:
        server.on["IDLE"] = say(f"TAG {answer}")
        with connected(server) as connection:
            assert connection.can_idle
            assert not connection.idle(Deadline(0.05))
            assert not connection.can_idle
            assert not connection.idle(Deadline(0.05))
            threading.Timer(0.1, lambda: server.sessions[0].send("* 3 EXISTS")).start()
            assert connection.idle(Deadline(FOREVER))
            connection.noop()
        assert server.count("IDLE") == 1

    def test_end_by_the_server(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = idle("+ idling\r\n", 0.05, "TAG OK enough\r\n")
        with connected(server) as connection:
            assert not connection.idle(Deadline(FOREVER))
            connection.noop()

    def test_end_before_consent(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = say("TAG OK done already")
        with connected(server) as connection:
            assert not connection.idle(Deadline(FOREVER))
            connection.noop()

    @pytest.mark.parametrize(
        ("handler", "expected"),
        [
            (leave, "The server closed the connection without a word. This was IDLE for {}."),
            (say_bye, "The connection of {} ended in IDLE: The server said: Going down."),
        ],
    )
    @pytest.mark.parametrize("consent", [True, False])
    def test_end_of_the_connection(
        self, server: ScriptedServer, handler: Callable[..., None], expected: str, consent: bool
    ) -> None:
        def end(session: Session, tag: str, arguments: str) -> None:
            if consent:
                session.send("+ idling")
            handler(session, tag, arguments)

        server.on["IDLE"] = end
        with connected(server) as connection:
            text = failure(ConnectionLost, lambda: connection.idle(Deadline(FOREVER)))
            assert text == expected.format(connection.account)
            assert connection.broken

    def test_reset(self, server: ScriptedServer) -> None:
        def end(session: Session, tag: str, arguments: str) -> None:
            session.send("+ idling")
            time.sleep(0.05)
            session.reset()

        server.on["IDLE"] = end
        with connected(server) as connection:
            text = failure(ConnectionLost, lambda: connection.idle(Deadline(FOREVER)))
            assert text.startswith("The connection broke: ")

    def test_late_answer_to_done(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = idle("+ idling\r\n", "DONE", 0.2, "TAG OK done\r\n")
        with connected(server) as connection:
            assert not connection.idle(Deadline(0.05))
            connection.noop()

    def test_no_answer_to_done(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = idle("+ idling\r\n", "DONE")
        with connected(server) as connection:
            connection.allow(Deadline(SHORT))
            text = failure(ConnectionLost, lambda: connection.idle(Deadline(0.05)))
            assert text == (
                "The server did not answer within 0.3 seconds. This was IDLE for "
                f"{connection.account}."
            )

    def test_no_consent(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = silent
        with connected(server) as connection:
            connection.allow(Deadline(SHORT))
            failure(ConnectionLost, lambda: connection.idle(Deadline(FOREVER)))

    def test_push_over_tls(
        self, server: ScriptedServer, authority: trustme.CA, ca_file: Path
    ) -> None:
        # Both lines are in one record, so the socket has nothing more to tell after the first.
        offer_tls(server, authority.issue_cert("127.0.0.1"))
        server.on["IDLE"] = idle("+ idling\r\n* 3 EXISTS\r\n", "DONE", "TAG OK done\r\n")
        with connected(server, security=Security.TLS, verify=ca_file) as connection:
            assert connection.idle(Deadline(FOREVER))
