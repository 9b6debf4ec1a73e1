"""IMAP and SMTP over the accounts of the embedded mail server, in one event loop.

One loop, because an email must be announced to waiting IMAP clients at the moment that SMTP
accepts it: with a loop and a thread each, announcements get lost.

This module needs pymap and aiosmtpd; `mailserver.server` imports it only when a server is
started.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from argparse import Namespace
from collections.abc import Callable, Sequence

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession
from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.concurrent import Subsystem
from pymap.config import BackendCapability, IMAPConfig
from pymap.imap import IMAPServer
from pysasl import SASLAuth
from pysasl.hashing import Cleartext
from pysasl.mechanism.login import LoginMechanism
from pysasl.mechanism.oauth import OAuth2Mechanism
from pysasl.mechanism.plain import PlainMechanism

from ImapLibrary.arguments import Secret
from ImapLibrary.mailserver.accounts import Accounts

_log = logging.getLogger(__name__)

_LARGEST_EMAIL = 1_000_000_000
"""Bytes of the largest email, by SMTP and by APPEND."""

_LONGEST_COMMAND = 2**24
"""Bytes of the longest IMAP command line: it holds a list of a million UIDs."""

_NAME = "imaplibrary.test"
"""What both services call themselves; asking DNS for the machine's name can take seconds."""

_SECONDS_FOR_BYE = 0.5
"""How long clients that are still connected may delay the end."""


class ImapSettings(IMAPConfig):
    """pymap's settings for a server that any test can log in to, at once.

    starttls: whether STARTTLS is offered
    """

    def __init__(self, tls: ssl.SSLContext | None, starttls: bool) -> None:
        super().__init__(
            Namespace(),
            host=None,
            port=0,
            # Every default that is replaced here has a cost: reading the environment, starting
            # threads that outlive the server, hashing passwords slowly, asking DNS.
            ssl_context=tls or ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            tls_enabled=starttls,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            proxy_protocol=ProxyProtocolNoop(),
            reject_dnsbl=False,
            max_append_len=_LARGEST_EMAIL,
        )
        self._mechanisms = SASLAuth(
            [PlainMechanism(b"PLAIN"), LoginMechanism(b"LOGIN"), OAuth2Mechanism(b"XOAUTH2")]
        )

    @property
    def backend_capability(self) -> BackendCapability:
        """What the storage can do."""
        return BackendCapability(idle=True, object_id=False, multi_append=True)

    @property
    def login_capability(self) -> Sequence[bytes]:
        """Extensions after log-in. pymap's BINARY fails on encodings that it does not know."""
        known = [name for name in super().login_capability if name != b"BINARY"]
        return [*known, b"SPECIAL-USE"]

    @property
    def greeting(self) -> bytes:
        """The text of the greeting."""
        return b"Server ready " + _NAME.encode("ascii")

    @property
    def initial_auth(self) -> SASLAuth:
        """Log-in is allowed without TLS, from anywhere: nothing here is worth protecting."""
        return self._mechanisms

    @property
    def tls_auth(self) -> SASLAuth:
        """The same mechanisms with TLS."""
        return self._mechanisms


class _Inbound:
    """What happens to an email that SMTP received."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:
        """Deliver it by the recipients of the envelope, as the bytes that came."""
        raw = envelope.original_content or b""
        names = await self._accounts.deliver(raw, envelope.rcpt_tos)
        _log.debug("Delivered %d bytes to %s.", len(raw), ", ".join(names))
        return "250 2.0.0 Delivered"


class _SmtpConnection(SMTP):
    """One SMTP client, without aiosmtpd's limit of 1,000 bytes to a line.

    open_connections: holds this one as long as it lasts
    """

    line_length_limit = _LARGEST_EMAIL

    def __init__(
        self, accounts: Accounts, tls: ssl.SSLContext | None, open_connections: set[SMTP]
    ) -> None:
        self._accounts = accounts
        self._open_connections = open_connections
        super().__init__(
            _Inbound(accounts),
            data_size_limit=_LARGEST_EMAIL,
            enable_SMTPUTF8=True,
            hostname=_NAME,
            ident="ESMTP",
            tls_context=tls,
            auth_require_tls=False,
            authenticator=self._authenticate_user,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; after STARTTLS once more."""
        self._open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        self._open_connections.discard(self)
        super().connection_lost(error)

    def _authenticate_user(
        self, server: SMTP, session: SmtpSession, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        password = data.password.decode("utf-8", "surrogateescape")
        return AuthResult(success=self._accounts.accepts(password), handled=False)


class Services:
    """IMAP and SMTP on sockets that listen already.

    imaps: one for TLS from the first byte, if there is TLS
    tls: the certificate, if there is TLS
    password: the one password of all accounts, or None if any will do
    """

    def __init__(
        self,
        smtp: socket.socket,
        imap: socket.socket,
        imaps: socket.socket | None,
        tls: ssl.SSLContext | None,
        password: str | Secret | None,
    ) -> None:
        # Below these levels, both log every line of every client, passwords included. What aiosmtpd
        # warns of is its own deprecated calls, and clients that err as a test may want them to.
        logging.getLogger("pymap").setLevel(logging.WARNING)
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._smtp_socket, self._imap_socket, self._imaps_socket = smtp, imap, imaps
        self._sockets = [one for one in (smtp, imap, imaps) if one is not None]
        self._tls = tls
        self._settings = ImapSettings(tls, starttls=tls is not None)
        self._accounts = Accounts(self._settings, password)
        self._imap_connections: set[asyncio.StreamWriter] = set()
        self._smtp_connections: set[SMTP] = set()
        self._ending = False

    async def run(self, started: Callable[[], None], stop: asyncio.Event) -> None:
        """Serve until `stop` is set, then end every connection.

        started: called once all ports answer
        """
        servers = await self._start()
        started()
        await stop.wait()
        self._ending = True
        # asyncio forgets a connection that it accepted the moment before close(). So first it
        # accepts no more, and then it gets the time to begin with those that it has.
        for listening in self._sockets:
            asyncio.get_running_loop().remove_reader(listening)
        await _settle()
        for server in servers:
            server.close()
        await self._end_connections()

    async def _start(self) -> list[asyncio.Server]:
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(
                lambda: _SmtpConnection(self._accounts, self._tls, self._smtp_connections),
                sock=self._smtp_socket,
            ),
            await self._start_imap(self._settings, self._imap_socket, None),
        ]
        if self._imaps_socket is not None:
            within_tls = ImapSettings(self._tls, starttls=False)
            servers.append(await self._start_imap(within_tls, self._imaps_socket, self._tls))
        return servers

    async def _start_imap(
        self, settings: ImapSettings, listening: socket.socket, tls: ssl.SSLContext | None
    ) -> asyncio.Server:
        server = IMAPServer(self._accounts, settings)

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._imap_connections.add(writer)
            try:
                await server(reader, writer, SocketInfo.get(writer, ProxyResultLocal()))
            except asyncio.CancelledError:
                # Only the end of this server cancels, and asyncio would report it as an error.
                pass
            except ssl.SSLError as error:
                _log.debug("A client broke off TLS: %s", error)  # no error of this server's
            finally:
                if self._ending:
                    # pymap has said BYE. To close politely, TLS would wait for the client.
                    writer.transport.abort()
                self._imap_connections.discard(writer)

        return await asyncio.start_server(converse, sock=listening, ssl=tls, limit=_LONGEST_COMMAND)

    async def _end_connections(self) -> None:
        # Cancelled, pymap says BYE. A client that does not read could keep it from getting that
        # far, so there is a time for it; after that connections are cut.
        await _end_tasks()
        for writer in list(self._imap_connections):
            writer.transport.abort()
        for connection in list(self._smtp_connections):
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()
        await _end_tasks()
        # Sockets are closed a little after the connection was cut.
        await _settle()


async def _settle() -> None:
    """Let the loop do what it has put off; TLS over TCP puts off what was put off."""
    for _ in range(5):
        await asyncio.sleep(0)


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_SECONDS_FOR_BYE)
