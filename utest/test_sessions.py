"""Opening and closing by keyword: what is refused at once, and what the log says."""

from __future__ import annotations

import logging
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxies import ProxyServer, saying, socks5
from scripted import ScriptedServer, Session, message

from ImapLibrary.arguments import SECRETS_KNOWN, Provider, Secret, Security
from ImapLibrary.errors import (
    ConnectionFailed,
    ConnectionLost,
    ImapLibraryError,
    InvalidArgument,
    LoginFailed,
    MailboxNotOpen,
)
from ImapLibrary.keywords import sessions
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.sessions import SessionKeywords
from ImapLibrary.mailboxes import Mailboxes


class Client:
    """The keywords, and a server to open mailboxes on."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        self.mailboxes = Mailboxes()
        self.keywords = SessionKeywords(self.mailboxes, Hints())

    def open(self, **changed: Any) -> str:
        arguments: dict[str, Any] = {
            "host": "127.0.0.1",
            "user": "qa",
            "password": "xyzzy",
            "port": self.server.port,
            "security": Security.NONE,
        }
        return self.keywords.open_mailbox(**(arguments | changed))

    def refusal(self, kind: type[ImapLibraryError] = InvalidArgument, **changed: Any) -> str:
        """Return the text with which opening fails."""
        return failure(kind, lambda: self.open(**changed))


def failure(kind: type[ImapLibraryError], operation: Callable[[], object]) -> str:
    with pytest.raises(kind) as caught:
        operation()
    assert type(caught.value) is kind
    return str(caught.value)


@pytest.fixture
def client() -> Iterator[Client]:
    with ScriptedServer(message("First"), message("Second")) as server:
        client = Client(server)
        yield client
        client.mailboxes.close_all()


class TestOpenMailbox:
    def test_returns_the_alias_and_logs_what_is_open(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        assert client.open() == "qa"
        assert client.open(alias="customer", folder="Archive") == "customer"
        opened = [each for each in caplog.messages if each.startswith("Opened")]
        assert opened == [
            "Opened folder 'INBOX' of qa on 127.0.0.1, which has 2 emails, as mailbox 'qa'.",
            "Opened folder 'Archive' of qa on 127.0.0.1, which has 2 emails, as mailbox 'customer'.",
        ]
        assert client.mailboxes.get().alias == "customer"

    def test_outside_robot_framework_nobody_has_opened_it(self, client: Client) -> None:
        client.open()
        client.mailboxes.end_test()
        client.mailboxes.end_suite("Run")
        assert client.mailboxes.get().alias == "qa"

    def test_takes_a_secret(self, client: Client) -> None:
        try:
            secret = Secret("xyzzy")
        except TypeError:
            pytest.skip("Robot Framework has Secret since 7.4")
        client.open(password=secret)
        assert 'LOGIN "qa" "xyzzy"' in client.server.lines

    @pytest.mark.parametrize(
        ("security", "port"),
        [(Security.TLS, 993), (Security.STARTTLS, 143), (Security.NONE, 143)],
    )
    def test_the_port_follows_the_security(
        self, client: Client, security: Security, port: int
    ) -> None:
        text = client.refusal(ConnectionFailed, host="x..invalid", port=None, security=security)
        assert text.startswith(f"Could not connect to x..invalid port {port}: ")

    @pytest.mark.parametrize("as_text", [True, False])
    def test_the_path_of_authorities_may_be_text(
        self, client: Client, tmp_path: Path, as_text: bool
    ) -> None:
        authority = trustme.CA()
        path = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(path))
        client.server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(client.server.tls)
        client.server.implicit_tls = True
        client.open(security=Security.TLS, verify=str(path) if as_text else path)
        assert client.mailboxes.get().alias == "qa"


class TestWaysIn:
    @pytest.fixture
    def client(self, client: Client) -> Client:
        client.server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"
        return client

    @pytest.fixture
    def tokens(self, client: Client) -> list[str]:
        """The tokens that were sent. The server takes those that are fresh."""
        sent: list[str] = []

        def authenticate(session: Session, tag: str, arguments: str) -> None:
            said = b64decode(arguments.split()[1]).decode()
            sent.append(said.split("Bearer ")[1].strip("\1"))
            session.send(f"{tag} OK in" if sent[-1] == "fresh" else f"{tag} NO [EXPIRED] Old")

        client.server.on["AUTHENTICATE"] = authenticate
        return sent

    def test_a_token_needs_no_password(self, client: Client, tokens: list[str]) -> None:
        client.open(password="", access_token="fresh")
        assert tokens == ["fresh"]

    def test_a_fresh_one_when_it_has_expired(self, client: Client, tokens: list[str]) -> None:
        client.open(password="", access_token="expired", fresh_token=lambda: "fresh")
        assert tokens == ["expired", "fresh"]

    def test_a_fresh_one_to_begin_with(self, client: Client, tokens: list[str]) -> None:
        client.open(password="", fresh_token=lambda: "fresh")
        assert tokens == ["fresh"]

    def test_a_connection_that_is_replaced_takes_the_latest(
        self, client: Client, tokens: list[str]
    ) -> None:
        client.open(password="", access_token="expired", fresh_token=lambda: "fresh")
        client.server.sessions[0].close()
        client.mailboxes.get().do(lambda connection: connection.noop())
        assert tokens == ["expired", "fresh", "fresh"]

    @pytest.mark.parametrize("provider", Provider)
    def test_a_provider_fills_in_the_host(self, client: Client, provider: Provider) -> None:
        client.server.tls = None
        with ProxyServer(saying(b"HTTP/1.1 403 No\r\n\r\n")) as proxy:
            text = client.refusal(
                ConnectionFailed,
                host="",
                port=None,
                security=Security.TLS,
                provider=provider,
                proxy=f"http://127.0.0.1:{proxy.port}",
            )
        assert text.startswith(f"Could not connect to {provider.value} port 993 through the http")

    def test_a_host_of_its_own_comes_first(self, client: Client, tokens: list[str]) -> None:
        client.open(provider=Provider.GMAIL, access_token="fresh")
        assert tokens == ["fresh"]

    def test_through_a_proxy(self, client: Client) -> None:
        with ProxyServer(socks5) as proxy:
            client.open(host="beyond.invalid", proxy=f"socks5://127.0.0.1:{proxy.port}")
        assert proxy.asked == [("beyond.invalid", client.server.port)]

    def test_none_is_the_default(self, client: Client) -> None:
        names = ("folder", "alias", "verify", "access_token", "proxy", "client_certificate")
        assert client.open(**dict.fromkeys(names)) == "qa"
        assert client.mailboxes.get().location.folder == "INBOX"
        assert client.mailboxes.get().account.verify is True

    @pytest.mark.skipif(not SECRETS_KNOWN, reason="Robot Framework has Secret since 7.4")
    def test_a_secret_is_recommended_once(
        self, client: Client, tokens: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        sessions._advise_secrets.cache_clear()
        caplog.set_level(logging.INFO, "ImapLibrary")
        client.open(password=Secret("xyzzy"), access_token=Secret("fresh"))
        assert len(caplog.messages) == 1
        for _ in range(2):
            client.open(password="", access_token="fresh")
        (advice,) = (each for each in caplog.messages if "Secret" in each)
        assert advice == (
            "The password or token is plain text, which Robot Framework shows in the log at the "
            "level TRACE. A Secret, such as ${PASSWORD: Secret}, would hide it."
        )


class TestRefused:
    """Before anything is sent."""

    @pytest.fixture(autouse=True)
    def nothing_was_sent(self, client: Client) -> Iterator[None]:
        yield
        assert not client.server.sessions
        assert failure(MailboxNotOpen, client.mailboxes.get)

    @pytest.mark.parametrize("name", ["host", "user", "password", "folder"])
    @pytest.mark.parametrize("value", ["", " "])
    def test_what_must_not_be_empty(self, client: Client, name: str, value: str) -> None:
        assert client.refusal(**{name: value}) == (
            f"The argument {name} is missing or empty. If it comes from a variable, the variable "
            "has no value."
        )

    @pytest.mark.parametrize("name", ["host", "user", "password"])
    def test_none_is_not_given(self, client: Client, name: str) -> None:
        assert client.refusal(**{name: None}).startswith(
            f"The argument {name} is missing or empty."
        )

    def test_nothing_given(self, client: Client) -> None:
        text = failure(InvalidArgument, client.keywords.open_mailbox)
        assert text.startswith("The argument host is missing or empty.")

    @pytest.mark.parametrize("name", ["host", "user", "password", "folder"])
    @pytest.mark.parametrize(
        ("character", "called"),
        [("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "NUL")],
    )
    def test_what_would_end_a_command(
        self, client: Client, name: str, character: str, called: str
    ) -> None:
        assert client.refusal(**{name: f"x{character}A1 DELETE INBOX"}) == (
            f"The {name} contains {called}, which no IMAP command can carry. Nothing was sent."
        )

    @pytest.mark.parametrize("seconds", [0, -1])
    def test_no_time_at_all(self, client: Client, seconds: int) -> None:
        assert client.refusal(timeout=timedelta(seconds=seconds)) == (
            "The argument timeout must be more than zero seconds."
        )

    def test_no_port(self, client: Client) -> None:
        assert client.refusal(port=70_000) == ("There is no port 70000: ports go from 1 to 65535.")

    def test_no_such_argument(self, client: Client) -> None:
        assert client.refusal(secruity="NONE") == (
            "`Open Mailbox` has no argument 'secruity'. Did you mean 'security'? It takes host, "
            "user, password, port, security, folder, alias, timeout, verify, readonly, "
            "client_certificate, access_token, fresh_token, provider, proxy."
        )


class TestTrouble:
    """What the keyword hands on; each kind of trouble is tested where it is told."""

    def test_a_wrong_password(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        client.server.on["LOGIN"] = lambda session, tag, arguments: session.send(
            f"{tag} NO No {arguments}"
        )
        assert "xyzzy" not in client.refusal(LoginFailed)
        assert "xyzzy" not in caplog.text
        assert failure(MailboxNotOpen, client.mailboxes.get)

    def test_the_time_out_is_that_of_the_network(self, client: Client) -> None:
        client.server.on["SELECT"] = lambda session, tag, arguments: None
        text = client.refusal(ConnectionLost, timeout=timedelta(seconds=0.5))
        assert text.startswith("The server did not answer within 0.5 seconds. This was SELECT for ")


class TestSwitchAndClose:
    def test_switching_returns_the_one_before(self, client: Client) -> None:
        client.open(alias="one")
        client.open(alias="two")
        assert client.keywords.switch_mailbox("one") == "two"
        assert client.keywords.switch_mailbox("two") == "one"

    def test_closing_the_current_or_a_named_one(self, client: Client) -> None:
        for alias in ("one", "two", "three"):
            client.open(alias=alias)
        client.keywords.close_mailbox("two")
        client.keywords.close_mailbox()
        assert client.mailboxes.get().alias == "one"
        client.keywords.close_mailbox()
        assert failure(MailboxNotOpen, client.keywords.close_mailbox) == (
            "No mailbox is open. Use `Open Mailbox` first."
        )

    def test_closing_all_is_never_a_failure(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary")
        client.open(alias="one")
        client.open(alias="two")
        caplog.clear()
        client.keywords.close_all_mailboxes()
        client.keywords.close_all_mailboxes()
        assert caplog.messages == ["Closed 2 mailboxes.", "Closed 0 mailboxes."]
        assert client.server.count("LOGOUT") == 2
        client.open()
        client.keywords.close_all_mailboxes()
        assert caplog.messages[-1] == "Closed 1 mailbox."
