"""Opening and closing mailboxes."""

import logging
from datetime import timedelta
from functools import cache
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary.arguments import (
    SECRETS_KNOWN,
    FolderName,
    Provider,
    Secret,
    Security,
    TrueOrFalse,
    given,
    positive_seconds,
    reveal,
)
from ImapLibrary.imap.account import IMAP, Account, to_verify
from ImapLibrary.imap.listing import INBOX
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.mistaken import path
from ImapLibrary.keywords.running import opener, token_of
from ImapLibrary.keywords.taking import refuse_others
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.migration.translating import to_opening

_log = logging.getLogger(__name__)


class SessionKeywords:
    """Keywords that open, choose and close mailboxes."""

    def __init__(self, mailboxes: Mailboxes, hints: Hints) -> None:
        self._mailboxes = mailboxes
        self._hints = hints

    @keyword
    def open_mailbox(
        self,
        host: str | None = "",
        user: str | None = "",
        password: str | Secret | None = "",
        *,
        port: int | None = None,
        security: Security = Security.TLS,
        folder: FolderName | None = None,
        alias: str | None = None,
        timeout: timedelta = timedelta(seconds=30),
        verify: TrueOrFalse | Path | None = True,
        readonly: bool = False,
        client_certificate: Path | None = None,
        access_token: str | Secret | None = "",
        fresh_token: object = None,
        provider: Provider | None = None,
        proxy: str | Secret | None = "",
        **others: object,
    ) -> str:
        """Connects to an IMAP server, logs in and opens a folder.

        The mailbox is the current one from then on: other keywords act on it unless their
        ``mailbox`` argument names another one.

        | =Argument=     | =Meaning= |
        | ``host``       | Name or address (IPv4 or IPv6) of the server. Must be given unless ``provider`` is. |
        | ``user``       | User name, often the whole email address. Must be given. |
        | ``password``   | Password, as text or as Robot Framework's ``Secret``. Must be given unless there is an access token. |
        | ``port``       | By default 993 with TLS, else 143. |
        | ``security``   | ``TLS`` (default), ``STARTTLS``, or ``NONE`` for plain text. |
        | ``folder``     | The folder to open, ``INBOX`` by default. |
        | ``alias``      | A name for the mailbox, if several are open. By default the user's name. |
        | ``timeout``    | How long a keyword waits for the server at most, 30 seconds by default. Waits for emails have a time of their own. |
        | ``verify``     | ``True`` (default) accepts certificates of known authorities, ``False`` any certificate, a path the authorities in that PEM file. |
        | ``readonly``   | ``True`` lets nothing be changed: no email is marked as read, and keywords that change something fail before anything is sent. |
        | ``client_certificate`` | A PEM file with the certificate that we show, and its private key. |
        | ``access_token`` | An OAuth2 access token, as text or as ``Secret``. |
        | ``fresh_token`` | The name of a keyword (or a Python callable) that returns a fresh access token. It is called when the server refuses the one there is, and at first if there is none. |
        | ``provider``   | ``GMAIL``, ``OUTLOOK`` or ``YAHOO`` fills in the host. |
        | ``proxy``      | What to connect through: ``http://host:port``, ``socks4://host:port`` or ``socks5://host:port``, with ``user:password@`` in front of the host if need be; as text or as ``Secret``. It looks host names up itself. |

        The log-in is the first of these that the server offers: with an access token OAUTHBEARER
        or XOAUTH2, with a password PLAIN or LOGIN. TLS is 1.2 or later. Without
        ``security=NONE`` nothing secret is sent in plain text.

        Passwords and tokens are never shown by this library. Robot Framework itself shows
        arguments that are plain text at the log level TRACE; those that are ``Secret`` (since
        Robot Framework 7.4) it shows nowhere.

        Every mailbox has a connection of its own. If the server refuses it because the account has
        too many, the mailbox shares that of another one of the account that is open, and the log
        says so; the folder is then selected anew at each turn.

        Returns the alias.

        Fails if the server can't be reached or is no IMAP server, if its certificate is not
        trusted, if user, password or token are wrong, if there is no such folder, or if the alias
        is taken.

        Examples:
        | Open Mailbox | imap.example.com | qa@example.com | ${PASSWORD} | | |
        | Open Mailbox | localhost | qa@example.com | secret | port=3143 | security=NONE |
        | Open Mailbox | localhost | qa@example.com | secret | port=3993 | verify=${CURDIR}/ca.pem |
        | Open Mailbox | imap.example.com | qa@example.com | ${PASSWORD} | readonly=True | |
        | Open Mailbox | imap.example.com | boss@example.com | ${PASSWORD} | folder=Archive/2026 | alias=boss |
        | Open Mailbox | user=qa@example.com | access_token=${TOKEN} | fresh_token=Get Access Token | provider=GMAIL |
        | Open Mailbox | imap.example.com | qa@example.com | ${PASSWORD} | proxy=socks5://127.0.0.1:1080 | alias=far |
        """
        # Three arguments have defaults although they must be given: a misspelt name would else
        # end in Robot Framework's "expected 3 non-named arguments, got 2".
        old = to_opening(host, security, others)
        refuse_others(self.open_mailbox, old.others)
        if old.remark:
            self._hints.warn("ssl", old.remark)
        account = Account(
            host=old.host or (provider.value if provider else ""),
            user=user or "",
            password=password or "",
            port=IMAP.ports[old.security] if port is None else port,
            security=old.security,
            verify=to_verify(verify),
            timeout=positive_seconds("timeout", timeout),
            token=token_of(access_token, fresh_token),
            client_certificate=None
            if client_certificate is None
            else path("client_certificate", client_certificate),
            proxy=Proxy.parse(proxy) if proxy and reveal(proxy) else old.proxy,
        )
        name = INBOX if folder is None else given("folder", folder)
        mailbox = self._mailboxes.open(account, name, alias, opener(), readonly=readonly)
        _log.info("%s", mailbox.described())
        if SECRETS_KNOWN and any(
            isinstance(secret, str) and secret for secret in (password, access_token)
        ):
            _advise_secrets()
        return mailbox.alias

    @keyword
    def switch_mailbox(self, alias: str) -> str:
        """Makes the mailbox with the alias ``alias`` the current one.

        Returns the alias of the mailbox that was current before, so that one can switch back.
        Fails if no mailbox has the alias, and lists those that are open.

        Example:
        | ${before} = | Switch Mailbox | boss |
        | Switch Mailbox | ${before} | |
        """
        return self._mailboxes.switch(alias)

    @keyword
    def close_mailbox(self, mailbox: str | None = None) -> None:
        """Logs out and closes the current mailbox, or the one with the alias ``mailbox``.

        The mailbox that was current before it is current again. Nothing is expunged: emails that
        are flagged as deleted stay as they are. Fails if no mailbox is open, other than
        `Close All Mailboxes`.

        Example:
        | Close Mailbox |
        """
        self._mailboxes.close(mailbox)

    @keyword
    def close_all_mailboxes(self) -> None:
        """Logs out of all open mailboxes. Silent when none is open, as a teardown should be.

        Example:
        | Suite Teardown | Close All Mailboxes |
        """
        closed = self._mailboxes.close_all()
        _log.info("Closed %d mailbox%s.", closed, "" if closed == 1 else "es")


@cache
def _advise_secrets() -> None:
    """Tell it once; it is as true for every other mailbox."""
    _log.info(
        "The password or token is plain text, which Robot Framework shows in the log at the level "
        "TRACE. A Secret, such as ${PASSWORD: Secret}, would hide it."
    )
