"""Where to connect and as whom: what is refused at once, and what is said when it goes wrong."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ImapLibrary.arguments import Security
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.account import (
    IMAP,
    Account,
    certificate_refused,
    greeting_failed,
    tls_failed,
    turned_away,
)
from ImapLibrary.imap.tokens import AccessToken

ACCOUNT = Account("imap.example.com", "qa@example.com", "xyzzy", 993)
PLACE = "imap.example.com port 993"


def refusal(**changed: Any) -> str:
    with pytest.raises(InvalidArgument) as caught:
        replace(ACCOUNT, **changed)
    return str(caught.value)


class TestAccount:
    def test_it_is_shown_without_its_password(self) -> None:
        assert str(ACCOUNT) == "qa@example.com on imap.example.com port 993"
        assert "xyzzy" not in repr(ACCOUNT)

    def test_careful_unless_told_otherwise(self) -> None:
        assert (ACCOUNT.security, ACCOUNT.verify) == (Security.TLS, True)

    def test_ports_of_the_registry(self) -> None:
        assert IMAP.ports == {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}

    @pytest.mark.parametrize("name", ["host", "user", "password"])
    @pytest.mark.parametrize("value", ["", "  "])
    def test_what_must_be_given_is_named(self, name: str, value: str) -> None:
        assert refusal(**{name: value}).startswith(f"The argument {name} is missing or empty.")

    @pytest.mark.parametrize(
        ("host", "instead"),
        [
            ("imaps://mail.example.com:993", "host=mail.example.com and port=993"),
            ("IMAP://mail.example.com/INBOX", "host=mail.example.com"),
            ("imap://qa:secret@mail.example.com", "host=mail.example.com"),
            ("mail.example.com:3143", "host=mail.example.com and port=3143"),
            ("mail.example.com:", "host=mail.example.com"),
            (" mail.example.com\t", "host=mail.example.com"),
            ("[::1]:993", "host=::1 and port=993"),
            ("[fe80::1%eth0]", "host=fe80::1%eth0"),
            ("imaps://[2001:db8::1]", "host=2001:db8::1"),
            (" ::1", "host=::1"),
        ],
    )
    def test_a_host_is_a_name_or_an_address_alone(self, host: str, instead: str) -> None:
        assert refusal(host=host) == (
            f"The argument host takes a name or an address alone. Give {instead}."
        )

    @pytest.mark.parametrize(
        "host", ["mail server on 127.0.0.1: SMTP port 3025, IMAP port 3143", "imaps://", ":993"]
    )
    def test_what_is_no_host(self, host: str) -> None:
        assert refusal(host=host) == (
            f"The argument host takes a name or an address alone, and {host!r} is neither. If the "
            "server is one that `Start Mail Server` returned, give ${server.host}."
        )

    @pytest.mark.parametrize(
        "host", ["localhost", "127.0.0.1", "::1", "fe80::1%eth0", "münchen.example", "x..invalid"]
    )
    def test_hosts(self, host: str) -> None:
        assert replace(ACCOUNT, host=host).host == host

    @pytest.mark.parametrize("port", [0, -1, 65536])
    def test_a_number_that_is_no_port(self, port: int) -> None:
        assert refusal(port=port) == f"There is no port {port}: ports go from 1 to 65535."

    @pytest.mark.parametrize("port", [1, 65535])
    def test_the_first_and_the_last_port(self, port: int) -> None:
        assert replace(ACCOUNT, port=port).port == port

    @pytest.mark.parametrize("character", ["\r", "\n", "\0"])
    def test_a_password_that_is_refused_is_not_shown(self, character: str) -> None:
        assert "xyzzy" not in refusal(password=f"xyzzy{character}A1 DELETE INBOX")


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return path


class TestTlsContext:
    def test_true_checks_certificate_and_name(self) -> None:
        context = ACCOUNT.tls_context()
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname

    def test_false_accepts_any(self) -> None:
        context = replace(ACCOUNT, verify=False).tls_context()
        assert context.verify_mode is ssl.CERT_NONE
        assert not context.check_hostname

    def test_a_file_names_the_only_authorities(self, ca_file: Path) -> None:
        context = replace(ACCOUNT, verify=ca_file).tls_context()
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert len(context.get_ca_certs()) == 1

    @pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
    @pytest.mark.parametrize("verify", [True, False])
    def test_old_versions_of_tls_are_not_spoken(
        self, security: Security, verify: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lax() -> ssl.SSLContext:
            """Return what some systems have for a default."""
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about old versions of TLS
                context.minimum_version = ssl.TLSVersion.TLSv1
            return context

        monkeypatch.setattr(ssl, "create_default_context", lax)
        context = replace(ACCOUNT, security=security, verify=verify).tls_context()
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2

    @pytest.mark.parametrize("name", ["missing.pem", ".", "text.pem", "nul\0.pem"])
    def test_what_is_no_such_file_is_named(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "text.pem").write_text("this is no certificate")
        path = tmp_path / name
        with pytest.raises(InvalidArgument) as caught:
            replace(ACCOUNT, verify=path).tls_context()
        text = str(caught.value)
        assert text.startswith(
            f"The file {str(path)!r} given as verify= could not be read as certificates in PEM "
            "form: "
        )
        assert text.endswith(". verify= takes True, False, or the path of such a file.")


class TestClientCertificate:
    def context(self, path: Path, **changed: Any) -> ssl.SSLContext:
        return replace(ACCOUNT, client_certificate=path, **changed).tls_context()

    def refusal(self, path: Path) -> str:
        with pytest.raises(InvalidArgument) as caught:
            self.context(path)
        return str(caught.value)

    def test_what_is_no_certificate_with_a_key_is_named(self, tmp_path: Path) -> None:
        issued = trustme.CA().issue_cert("qa@example.com")
        (tmp_path / "text.pem").write_text("this is no certificate")
        issued.cert_chain_pems[0].write_to_path(str(tmp_path / "no key.pem"))
        for name in ("missing.pem", "text.pem", "no key.pem"):
            path = tmp_path / name
            assert self.refusal(path).startswith(
                f"The file {str(path)!r} given as client_certificate= could not be read as a "
                "certificate and its private key in PEM form: "
            )

    def test_nobody_is_asked_for_a_passphrase(self, tmp_path: Path) -> None:
        issued = trustme.CA().issue_cert("qa@example.com")
        key = load_pem_private_key(issued.private_key_pem.bytes(), None)
        encrypted = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"xyzzy")
        )
        path = tmp_path / "client.pem"
        path.write_bytes(encrypted + issued.cert_chain_pems[0].bytes())
        assert self.refusal(path) == (
            f"The key in {str(path)!r}, given as client_certificate=, is encrypted. Give a file "
            "with the key in the clear that nobody else can read."
        )

    def test_there_is_none_in_plain_text(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidArgument) as caught:
            self.context(tmp_path, security=Security.NONE)
        assert str(caught.value) == ("A client_certificate is shown in TLS, and security is NONE.")


class TestToken:
    def test_with_one_there_need_be_no_password(self) -> None:
        account = replace(ACCOUNT, password="", token=AccessToken("xyzzy"))
        assert "xyzzy" not in repr(account)

    def test_a_password_beside_it_is_looked_at_all_the_same(self) -> None:
        text = refusal(password="xyzzy\n", token=AccessToken("token"))
        assert text.startswith("The password contains a line feed")


class TestFailures:
    def test_a_certificate_names_the_switch(self) -> None:
        error = ssl.SSLCertVerificationError()
        error.verify_message = "certificate has expired"
        assert str(certificate_refused(ACCOUNT, error)) == (
            f"The certificate of {PLACE} is not trusted: certificate has expired. verify=False "
            "accepts any certificate, as a test server may need; verify=path/to/ca.pem trusts the "
            "authorities in that file."
        )

    def test_tls_that_fails_on_a_port_for_tls(self) -> None:
        error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
        error.reason = "WRONG_VERSION_NUMBER"
        assert str(tls_failed(ACCOUNT, error)) == (
            f"Could not speak TLS with {PLACE}: WRONG_VERSION_NUMBER. If this is a port for plain "
            "text (usually 143), try security=STARTTLS or security=NONE."
        )

    def test_tls_that_fails_after_starttls(self) -> None:
        account = replace(ACCOUNT, security=Security.STARTTLS)
        assert str(tls_failed(account, ConnectionResetError(104, "Connection reset by peer"))) == (
            f"Could not speak TLS with {PLACE}: Connection reset by peer. Is this the port of an "
            "IMAP server?"
        )

    def test_tls_that_fails_without_a_reason(self) -> None:
        assert ": EOF occurred. If " in str(tls_failed(ACCOUNT, OSError("EOF occurred")))

    def test_a_greeting_that_is_none(self) -> None:
        assert str(greeting_failed(ACCOUNT, "The server said: NO.")) == (
            f"No usable greeting came from {PLACE}: The server said: NO. Is this the port of an "
            "IMAP server?"
        )

    @pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
    def test_a_server_that_is_silent_may_want_tls(self, security: Security) -> None:
        text = str(greeting_failed(replace(ACCOUNT, security=security), "Nothing came."))
        assert text == (
            f"No usable greeting came from {PLACE}: Nothing came. Is this the port of an IMAP "
            "server? A server that expects TLS (usually on port 993) stays silent: try "
            "security=TLS."
        )

    def test_a_farewell_instead_of_a_greeting(self) -> None:
        assert str(turned_away(ACCOUNT, "The server said: BYE Full.")) == (
            f"The server at {PLACE} turned the connection away: The server said: BYE Full."
        )
