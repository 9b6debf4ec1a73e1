"""Where to connect and as whom, and in which words it is told that this did not work."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ImapLibrary.arguments import Secret, Security, TrueOrFalse, given, reveal
from ImapLibrary.errors import ConnectionFailed, InvalidArgument
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.imap.tokens import AccessToken


@dataclass(frozen=True)
class Service:
    """What a server is asked for.

    protocol: its name
    ports: those of IANA's registry
    anonymous: whether there are servers that want no log-in
    """

    protocol: str
    ports: Mapping[Security, int]
    anonymous: bool = False


IMAP = Service("IMAP", {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143})
"""RFC 9051 and RFC 8314, section 3.2."""

SMTP = Service(
    "SMTP", {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}, anonymous=True
)
"""Submission (RFC 6409 and RFC 8314, section 3.3), and port 25 for servers without any of that."""


_HOST = re.compile(
    r"(?:[\w+.-]+://)?(?:[^@/]*@)?(?:\[(?P<address>[^]]*)\]|(?P<host>[^:/\[\]]*))"
    r"(?::(?P<port>\d*))?(?:/.*)?"
)
"""An address of the web's kind, or a part of one. An IPv6 address without brackets is none."""


@dataclass(frozen=True)
class Account:
    """Where to connect, as whom, and how careful to be. Raises InvalidArgument if unusable.

    token: an OAuth2 access token, with which the password may be empty
    verify: True checks the certificate against the system's authorities, False accepts any,
        a path names a PEM file with the authorities to trust
    client_certificate: a PEM file with the certificate that we show, and its key
    proxy: what to connect through
    timeout: seconds that one keyword waits for the server at most
    service: for what; where it can be anonymous, user and password may both be empty
    """

    host: str
    user: str
    password: str | Secret = field(repr=False)
    port: int
    security: Security = Security.TLS
    verify: bool | Path = True
    timeout: float = 30.0
    service: Service = IMAP
    token: AccessToken | None = field(default=None, repr=False)
    client_certificate: Path | None = None
    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        _check_host(given("host", self.host))
        if self.user or reveal(self.password) or self.token or not self.service.anonymous:
            given("user", self.user)
            if self.token is None or reveal(self.password):
                given("password", reveal(self.password))
        if self.client_certificate and self.security is Security.NONE:
            raise InvalidArgument("A client_certificate is shown in TLS, and security is NONE.")
        if not 1 <= self.port <= 65535:
            raise InvalidArgument(f"There is no port {self.port}: ports go from 1 to 65535.")

    def __str__(self) -> str:
        user = f"{self.user} on " if self.user else ""
        return f"{user}{self.host} port {self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """Return the rules for TLS that the account stands for."""
        context = tls_context(self.verify)
        if self.client_certificate:
            _show(context, self.client_certificate)
        return context


def to_verify(verify: TrueOrFalse | Path | None) -> bool | Path:
    """Return how to check certificates. Robot Framework leaves the text of a path a text.

    Raises InvalidArgument if it is empty: a variable without a value must not switch it off.
    """
    if verify is None:
        return True
    return verify if isinstance(verify, bool) else Path(given("verify", str(verify)))


def _check_host(host: str) -> None:
    """Raise InvalidArgument if a host is more than a name or an address, or none at all."""
    text = host.strip()
    found = _HOST.fullmatch(text)
    alone = (found["host"] or found["address"] or "") if found else text
    if len(alone.split()) != 1:
        raise InvalidArgument(
            f"The argument host takes a name or an address alone, and {host!r} is neither. If the "
            "server is one that `Start Mail Server` returned, give ${server.host}."
        )
    if alone != host:
        port = f" and port={found['port']}" if found and found["port"] else ""
        raise InvalidArgument(
            f"The argument host takes a name or an address alone. Give host={alone}{port}."
        )


def tls_context(verify: bool | Path) -> ssl.SSLContext:
    """Return the rules for TLS that an argument stands for, see `Account`."""
    context = _authorities(verify)
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # older ones are broken (RFC 8996)
    return context


def _authorities(verify: bool | Path) -> ssl.SSLContext:
    if isinstance(verify, bool):
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=verify)
    except (OSError, ValueError) as error:
        raise InvalidArgument(
            f"The file {str(verify)!r} given as verify= could not be read as certificates "
            f"in PEM form: {error}. verify= takes True, False, or the path of such a file."
        ) from error


def _show(context: ssl.SSLContext, path: Path) -> None:
    """Have a certificate shown to servers that ask for one."""

    def passphrase() -> str:  # without this, OpenSSL would ask for it on the console
        raise InvalidArgument(
            f"The key in {str(path)!r}, given as client_certificate=, is encrypted. Give a file "
            "with the key in the clear that nobody else can read."
        )

    try:
        context.load_cert_chain(path, password=passphrase)
    except (OSError, ValueError) as error:
        raise InvalidArgument(
            f"The file {str(path)!r} given as client_certificate= could not be read as a "
            f"certificate and its private key in PEM form: {error}."
        ) from error


def certificate_refused(account: Account, error: ssl.SSLCertVerificationError) -> ConnectionFailed:
    """Say that the server's certificate is not trusted, and which switch is about that."""
    return ConnectionFailed(
        f"The certificate of {account.host} port {account.port} is not trusted: "
        f"{error.verify_message.rstrip('.')}. verify=False accepts any certificate, as a test server may "
        "need; verify=path/to/ca.pem trusts the authorities in that file."
    )


def tls_failed(account: Account, error: OSError) -> ConnectionFailed:
    """Say that no TLS session came about."""
    reason = getattr(error, "reason", None) or error.strerror or str(error)
    hint = _is_it_one(account)
    if account.security is Security.TLS:
        usual = account.service.ports[Security.STARTTLS]
        hint = (
            f"If this is a port for plain text (usually {usual}), try security=STARTTLS or "
            "security=NONE."
        )
    hint = _certificate_wanted(reason) or hint
    return ConnectionFailed(
        f"Could not speak TLS with {account.host} port {account.port}: {reason}. {hint}"
    )


def turned_away(account: Account, reason: str) -> ConnectionFailed:
    """Say that the server took its leave instead of greeting."""
    return ConnectionFailed(
        f"The server at {account.host} port {account.port} turned the connection away: {reason}"
    )


def greeting_failed(account: Account, reason: str) -> ConnectionFailed:
    """Say that the server did not present itself as one of this service."""
    hint = _is_it_one(account)
    if account.security is not Security.TLS:
        usual = account.service.ports[Security.TLS]
        hint += (
            f" A server that expects TLS (usually on port {usual}) stays silent: try security=TLS."
        )
    hint = _certificate_wanted(reason) or hint
    return ConnectionFailed(
        f"No usable greeting came from {account.host} port {account.port}: {reason} {hint}"
    )


def _certificate_wanted(reason: str) -> str:
    """Return what to do if TLS failed for a server does not know who we are, else nothing.

    TLS 1.3 says so plainly, but only after the handshake; TLS 1.2 has one word for many troubles.
    """
    if not re.search("ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|HANDSHAKE_FAILURE)", reason):
        return ""
    return (
        "The server may want a certificate of ours: client_certificate= takes a PEM file with a "
        "certificate that it trusts, and the key."
    )


def _is_it_one(account: Account) -> str:
    return f"Is this the port of an {account.service.protocol} server?"
