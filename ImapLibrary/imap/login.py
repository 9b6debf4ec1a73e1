"""From a connected wire to a client that is logged in: greeting, TLS, and the log-in itself."""

from __future__ import annotations

import imaplib
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from ImapLibrary.arguments import Security, reveal
from ImapLibrary.errors import CommandRefused, ConnectionFailed, ConnectionLost, LoginFailed
from ImapLibrary.imap.account import (
    Account,
    certificate_refused,
    greeting_failed,
    tls_failed,
    turned_away,
)
from ImapLibrary.imap.client import Client, reworded, sentence
from ImapLibrary.imap.imap4 import Refused
from ImapLibrary.imap.pace import Pace
from ImapLibrary.imap.sasl import TOKENS, Dialogue, by_login, by_plain, by_token, hidden, spellings
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.imap.wire import Wire
from ImapLibrary.version import __version__

T = TypeVar("T")

_log = logging.getLogger(__name__)

TEMPORARY = ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "[THROTTLED]")
"""Reasons to refuse a log-in that pass (RFC 5530, section 3, and RFC 9051, section 7.1). Gmail has
the last one."""

ADVICE = {
    **dict.fromkeys(TEMPORARY, "This is not about user and password: try again later."),
    "[EXPIRED]": "The password has expired: give the account a new one.",
    "[ALERT]": "",
}
"""What to do about a refusal that names its reason. An alert is written for people and says it."""

COREMAIL = b"Coremail"
"""What 163, 126 and yeah.net greet with. They open no folder before they were told what program this
is, by ID (RFC 2971)."""


def greet(
    wire: Wire, account: Account, tls: ssl.SSLContext | None, pace: Pace | None = None
) -> Client:
    """Hear the greeting, and begin TLS at the point that the account says.

    Raises ConnectionFailed if the server can't be trusted, or is no IMAP server that takes us.
    """
    try:
        if tls and account.security is Security.TLS:
            wire.start_tls(tls, account.host)
        client = Client(wire, account, pace)
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
    """Log in with what the account says. Raises LoginFailed.

    An access token comes before a password, where there are both and the server takes it.
    """
    if client.imap.state != "AUTH":  # else greeted with PREAUTH: logged in already
        with client.imap.untraced():
            _log_in(client, client.account)
    client.imap.tell_alerts(_secrets(client.account))
    if COREMAIL in client.imap.welcome:
        _introduce(client)
    if "CAPABILITY" in client.imap.untagged_responses:
        client.capabilities()  # has them remembered, and spares asking later
        # Modified UTF-7 and SEARCH with a charset do everywhere else.
        if client.has("UTF8=ONLY"):
            client.command("ENABLE", "UTF8=ACCEPT")
            client.utf8 = True


def _introduce(client: Client) -> None:
    """Say what program this is. A server that does not want to know it says that."""
    try:
        client.command("ID", f'("name" "ImapLibrary" "version" "{__version__}")')
    except CommandRefused as refused:
        _log.debug("%s", refused)


def _log_in(client: Client, account: Account) -> None:
    password = reveal(account.password)
    if account.token and (_takes_tokens(client) or not password):
        _log_in_by_token(client, account.token)
    else:
        _log_in_by_password(client, account.user, password)


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


def _log_in_by_password(client: Client, user: str, password: str) -> None:
    try:
        _shown_without(password, client, lambda: _send_password(client, user, password))
    except CommandRefused as refused:
        raise _refused(
            client, refused, "Are user and password right, and is IMAP allowed for this account?"
        ) from None


def _send_password(client: Client, user: str, password: str) -> None:
    plain_allowed = client.has_capability("AUTH=PLAIN")
    login_allowed = not client.has_capability("LOGINDISABLED")
    login_usable = login_allowed and (user + password).isascii()
    host = client.account.host
    # Without SASL-IR, PLAIN takes a round trip more than LOGIN, and is no safer.
    if plain_allowed and (client.has_capability("SASL-IR") or not login_usable):
        _sasl(client, by_plain(user, password))
    elif login_usable:
        client.call("LOGIN", lambda: client.login(user, password))
    elif client.has_capability("AUTH=LOGIN"):
        _sasl(client, by_login(user, password))
    elif login_allowed:
        # The LOGIN command has no encoding beyond ASCII; SASL has UTF-8 (RFC 4616).
        raise LoginFailed(
            f"Could not log in on {host}: user or password has characters "
            "outside ASCII, and the server does not offer AUTH=PLAIN, which could carry them."
        )
    else:
        raise LoginFailed(_no_passwords(client))


def _no_passwords(client: Client) -> str:
    tried = f"Could not log in on {client.account.host}: the server does not take passwords"
    if client.account.security is Security.NONE:
        return (
            f"{tried} over this connection (LOGINDISABLED). Try security=TLS or security=STARTTLS."
        )
    return f"{tried} (LOGINDISABLED). It offers: {_offered(client)}."


def _log_in_by_token(client: Client, token: AccessToken) -> None:
    if not _takes_tokens(client):
        raise LoginFailed(
            f"Could not log in on {client.account.host}: the server takes no access tokens "
            f"({' or '.join(TOKENS)}). It offers: {_offered(client)}."
        )
    if not token.renewable:
        _send_token(
            client,
            token.text(),
            "Has the access token expired, and was it made for this user and for IMAP? "
            "fresh_token= takes a keyword that gives a new one.",
        )
        return
    text = _in_time(client, token.text)
    try:
        _send_token(client, text)
    except LoginFailed as failure:
        # Servers seldom say why they refuse a token; that it has expired is the usual reason.
        _log.info("%s A fresh access token is tried.", failure)
        client.forget_capabilities()  # that it told beside the refusal: a log-in changes them
        _in_time(client, token.renew)
        _send_token(
            client,
            token.text(),
            "This was a fresh access token. Was it made for this user and for IMAP?",
        )


def _in_time(client: Client, operation: Callable[[], T]) -> T:
    """Do what may get a fresh token. Raises ConnectionFailed if it leaves no time to log in."""
    begin = time.monotonic()
    done = operation()
    if client.late:
        raise ConnectionFailed(
            f"Could not log in as {client.account.user} on {client.account.host}: it took "
            f"{time.monotonic() - begin:.1f} seconds until what fresh_token= names gave a fresh "
            "access token, and then the time for the server was up. The token is kept. A longer "
            "timeout= of `Open Mailbox` leaves more time."
        )
    return done


def _send_token(client: Client, token: str, advice: str = "") -> None:
    account = client.account
    dialogue = by_token(account.user, token, account.host, account.port, client.has_capability)
    try:
        _shown_without(token, client, lambda: _sasl(client, dialogue))
    except CommandRefused as refused:
        if dialogue.told:
            told = hidden(" ".join(dialogue.told.split()), _spellings(account, token))
            advice = f"It said of the access token: {told}. {advice}"
        raise _refused(client, refused, advice) from None


def _sasl(client: Client, dialogue: Dialogue) -> None:
    at_once = client.has_capability("SASL-IR")
    client.call("AUTHENTICATE", lambda: client.imap.sasl_login(dialogue, at_once=at_once))


def _shown_without(secret: str, client: Client, operation: Callable[[], None]) -> None:
    """Do something in which a server may repeat a secret, and see to it that nobody reads it."""
    spellings = list(_spellings(client.account, secret)) if secret else []
    try:
        operation()
    except CommandRefused as refused:
        answer = hidden(refused.answer, spellings)
        raise CommandRefused(answer, answer) from None
    except ConnectionLost as lost:
        if any(spelling in f"{lost} {lost.__cause__}" for spelling in spellings):
            raise ConnectionLost(
                f"The connection of {client.account} ended in the log-in. What the server said "
                "of it repeats the password or token, so it is not shown."
            ) from None
        raise


def _secrets(account: Account) -> list[str]:
    secrets = [reveal(account.password), account.token.known if account.token else ""]
    return [each for secret in secrets if secret for each in _spellings(account, secret)]


def _spellings(account: Account, secret: str) -> Iterator[str]:
    return spellings(account.user, secret, account.host, account.port)


def _refused(client: Client, refused: CommandRefused, advice: str) -> LoginFailed:
    account = client.account
    reasons = (told for code, told in ADVICE.items() if f" {code} " in f"{refused.answer} ")
    return LoginFailed(
        f"Could not log in as {account.user} on {account.host}: {sentence(refused.answer)} "
        f"{next(reasons, advice)}".rstrip()
    )


def _takes_tokens(client: Client) -> bool:
    return any(client.has_capability(f"AUTH={each}") for each in TOKENS)


def mechanisms(client: Client) -> list[str]:
    """Return the SASL mechanisms that the server offers."""
    names = (name.decode(errors="replace") for name in client.capabilities())
    return sorted(name.removeprefix("AUTH=") for name in names if name.startswith("AUTH="))


def _offered(client: Client) -> str:
    return ", ".join(mechanisms(client)) or "no other way"
