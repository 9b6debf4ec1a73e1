"""From a connected wire to a client that is logged in: greeting, TLS, and the log-in itself."""

from __future__ import annotations

import imaplib
import ssl

from ImapLibrary.account import (
    Account,
    certificate_refused,
    greeting_failed,
    tls_failed,
    turned_away,
)
from ImapLibrary.arguments import Security, reveal
from ImapLibrary.client import Client, reworded, sentence
from ImapLibrary.errors import CommandRefused, ConnectionFailed, ConnectionLost, LoginFailed
from ImapLibrary.imap4 import Refused
from ImapLibrary.wire import Wire


def greet(wire: Wire, account: Account, tls: ssl.SSLContext | None) -> Client:
    """Hear the greeting, and begin TLS at the point that the account says.

    Raises ConnectionFailed if the server can't be trusted, or is no IMAP server that takes us.
    """
    try:
        if tls and account.security is Security.TLS:
            wire.start_tls(tls, account.host)
        client = Client(wire, account)
        if tls and account.security is Security.STARTTLS:
            _start_tls(client, tls)
        return client
    except ssl.SSLCertVerificationError as error:
        raise certificate_refused(account, error) from error
    except OSError as error:
        raise tls_failed(account, error) from error
    except (imaplib.IMAP4.error, Refused, ConnectionLost) as error:
        said = error.args[0]
        if isinstance(said, bytes) and said.startswith(b"* BYE"):
            raise turned_away(account, reworded(error)) from error
        raise greeting_failed(account, reworded(error)) from error


def log_in(client: Client) -> None:
    """Log in with what the account says. Raises LoginFailed."""
    if client.imap.state != "AUTH":  # else greeted with PREAUTH: logged in already
        _log_in(client, client.account)
    if "CAPABILITY" in client.imap.untagged_responses:
        client.capabilities()  # has them remembered, and spares asking later
        # Modified UTF-7 and SEARCH with a charset do everywhere else.
        if client.has("UTF8=ONLY"):
            client.command("ENABLE", "UTF8=ACCEPT")
            client.utf8 = True


def _log_in(client: Client, account: Account) -> None:
    password = reveal(account.password)
    try:
        with client.imap.untraced():
            client.call("LOGIN", lambda: _authenticate(client, account.user, password))
    except CommandRefused as refused:
        answer = refused.answer.replace(password, "***") if password else refused.answer
        raise LoginFailed(
            f"Could not log in as {account.user} on {account.host}: {sentence(answer)} "
            "Are user and password right, and is IMAP allowed for this account?"
        ) from None
    except ConnectionLost as lost:
        if password and password in str(lost.__cause__):
            raise ConnectionLost(
                f"The connection of {account} ended in LOGIN. What the server said of it "
                "repeats the password, so it is not shown."
            ) from None
        raise


def _start_tls(client: Client, tls: ssl.SSLContext) -> None:
    server = f"The server at {client.account.host} port {client.account.port}"
    advice = (
        "With security=TLS the connection is encrypted from the start (usually on port 993); "
        "with security=NONE everything is sent in plain text."
    )
    if client.imap.state == "AUTH":
        raise ConnectionFailed(
            f"{server} logged us in by its greeting (PREAUTH), after which TLS can't be "
            f"started. {advice}"
        )
    if not client.has_capability("STARTTLS"):
        raise ConnectionFailed(f"{server} offers no STARTTLS. {advice}")
    try:
        client.starttls(tls)
    except Refused as refused:
        raise ConnectionFailed(
            f"{server} refused STARTTLS: {sentence(str(refused))} {advice}"
        ) from None


def _authenticate(client: Client, user: str, password: str) -> None:
    plain_allowed = client.has_capability("AUTH=PLAIN")
    login_allowed = not client.has_capability("LOGINDISABLED")
    host = client.account.host
    if login_allowed and (user + password).isascii():
        client.login(user, password)
    elif plain_allowed:
        # Beyond ASCII the LOGIN command has no encoding; SASL has UTF-8 (RFC 4616).
        client.plain_login(user, password)
    elif login_allowed:
        raise LoginFailed(
            f"Could not log in on {host}: user or password has characters "
            "outside ASCII, and the server does not offer AUTH=PLAIN, which could carry them."
        )
    else:
        raise LoginFailed(
            f"Could not log in on {host}: the server does not take passwords "
            "over this connection (LOGINDISABLED). Try security=TLS or security=STARTTLS."
        )
