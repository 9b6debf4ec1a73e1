"""The embedded mail server: something to test against that needs no installation.

It runs inside the test run: pymap speaks IMAP and aiosmtpd SMTP, over emails that are kept in
memory (`services`, `accounts`). Those two libraries, and trustme for TLS, come with
`pip install robotframework-imap[server]`; none is imported before a server is started.

What pymap does otherwise than large servers do: it pushes an email to IDLE without delay, a part
of a multipart email ends with the line end before the boundary, the sizes in BODYSTRUCTURE count
a part's headers, SEARCH BODY looks into the headers too, and arguments other than emails may not
be literals of more than 4,096 bytes.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import socket
import sys
import tempfile
import threading
import weakref
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, final

from ImapLibrary.arguments import Secret, given, reveal
from ImapLibrary.errors import InvalidArgument, MailServerError
from ImapLibrary.unknown import Fields

if TYPE_CHECKING:
    import asyncio
    import ssl

    from ImapLibrary.mailserver.services import Services

_log = logging.getLogger(__name__)

_OLDEST_PYTHON = (3, 11)
"""pymap's, and with it the embedded server's."""

_HIGHEST_PORT = 65_535

_SECONDS_TO_STOP = 5.0
"""How long stop() waits for the thread. It takes a fraction of a second; this is for a machine
that is very busy, and keeps a run from hanging in its last step."""


@final
class MailServer(Fields):
    """A mail server in a thread of its own. It runs from its making until `stop()`.

    Every address is an account: it is made when it first gets an email or logs in. Upper and
    lower case make no difference, and `local+tag@domain` belongs to `local@domain`. An email
    goes into the INBOX of each account that a recipient of the SMTP envelope belongs to, once,
    with exactly the bytes that SMTP received.

    host: address or name of this machine to listen at, "127.0.0.1" by default
    smtp_port, imap_port: 0 by default, which takes a free port
    password: the one that log-ins need, IMAP and SMTP; any will do by default. IMAP takes it for
        an access token, too (XOAUTH2).
    tls: whether to offer TLS as well: STARTTLS on both ports, and TLS from the first byte on
        `imaps_port`. The certificate is made at start, for `host` and `localhost`, and `ca_file`
        is what clients must trust. Log-in without TLS stays possible.
    imaps_port: as imap_port; with tls only

    Attributes: host; smtp_port and imap_port, the real numbers; imaps_port and ca_file, which are
    None without TLS.

    Raises MailServerError if the extra `server` is not installed, if this Python is older than
    3.11, or if a port can't be had; InvalidArgument if a number is no port, host or password are
    empty, or imaps_port is given without tls.
    """

    _FIELDS = ("host", "smtp_port", "imap_port", "imaps_port", "ca_file")

    def __init__(
        self,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        imap_port: int = 0,
        password: str | Secret | None = None,
        tls: bool = False,
        imaps_port: int = 0,
    ) -> None:
        if password is not None and not reveal(password):
            raise InvalidArgument(
                "The argument password is empty. If it comes from a variable, the variable has no "
                "value; to accept any password, leave the argument out."
            )
        if imaps_port and not tls:
            raise InvalidArgument(
                "The argument imaps_port is the port for TLS from the first byte, which is offered "
                "with tls=True only. Add that, or leave imaps_port out."
            )
        self.host = given("host", host)
        _check_requirements(tls)
        self.imaps_port: int | None = None
        self.ca_file: Path | None = None
        with ExitStack() as on_failure:
            smtp = on_failure.enter_context(_listen(host, smtp_port, "SMTP"))
            imap = on_failure.enter_context(_listen(host, imap_port, "IMAP"))
            self.smtp_port: int = smtp.getsockname()[1]
            self.imap_port: int = imap.getsockname()[1]
            imaps, context = None, None
            if tls:
                imaps = on_failure.enter_context(_listen(host, imaps_port, "IMAPS"))
                self.imaps_port = imaps.getsockname()[1]
                context, authority = _certificate(host)
                self.ca_file = _temporary_file(authority)
                # Runs in stop(), and at the latest at the end of the process.
                self._forget_ca_file = weakref.finalize(self, self.ca_file.unlink, missing_ok=True)
                on_failure.callback(self._forget_ca_file)
            self._start(smtp, imap, imaps, context, password)
            on_failure.pop_all()

    def _start(
        self,
        smtp: socket.socket,
        imap: socket.socket,
        imaps: socket.socket | None,
        tls: ssl.SSLContext | None,
        password: str | Secret | None,
    ) -> None:
        import asyncio

        from ImapLibrary.mailserver.services import Services

        # The same kind of loop everywhere: the one that Windows has by default differs.
        self._loop = asyncio.SelectorEventLoop()
        self._stop = asyncio.Event()
        ready: Future[None] = Future()
        services = Services(smtp, imap, imaps, tls, password)
        self._thread = threading.Thread(
            target=_run,
            args=(self._loop, services, self._stop, ready),
            name=f"mail server {self.host}:{self.smtp_port}",
            daemon=True,
        )
        self._thread.start()
        ready.result()

    def stop(self) -> None:
        """End all connections, close the ports and forget all emails. Again: nothing happens."""
        if self._thread.is_alive():
            # The loop may close in between: then the thread is ending by itself.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(_SECONDS_TO_STOP)
            if self._thread.is_alive():
                _log.warning(
                    "The %s did not stop within %g seconds. Its ports may stay in use.",
                    self,
                    _SECONDS_TO_STOP,
                )
        if self.ca_file is not None:
            self._forget_ca_file()

    def __enter__(self) -> MailServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __str__(self) -> str:
        ports = [f"SMTP port {self.smtp_port}", f"IMAP port {self.imap_port}"]
        if self.imaps_port is not None:
            ports.append(f"IMAPS port {self.imaps_port}")
        return f"mail server on {self.host}: {', '.join(ports)}"

    def __repr__(self) -> str:
        return f"<{self}>"


def _run(
    loop: asyncio.SelectorEventLoop, services: Services, stop: asyncio.Event, ready: Future[None]
) -> None:
    """Be the server's thread. `ready` gets the failure if the start fails."""
    import asyncio

    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(services.run(lambda: ready.set_result(None), stop))
    except BaseException as error:
        # Also what is no Exception: the starting thread waits for an answer.
        if ready.done():
            raise
        ready.set_exception(error)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        asyncio.set_event_loop(None)
        loop.close()


def _check_requirements(tls: bool) -> None:
    if sys.version_info < _OLDEST_PYTHON:
        raise MailServerError(
            f"The embedded mail server needs Python 3.11 or later, and this is "
            f"{platform.python_version()}. Run the tests with a newer Python, or start a GreenMail "
            "server instead, which works with every Python: "
            "docker run -p 3025:3025 -p 3143:3143 greenmail/standalone"
        )
    for package in ("pymap", "aiosmtpd", *(["trustme"] if tls else [])):
        try:
            import_module(package)
        except ImportError as error:
            raise MailServerError(
                f"The embedded mail server needs the package {package}, which can't be imported "
                f"({error}). Install what it needs with: pip install robotframework-imap[server]"
            ) from error


def _listen(host: str, port: int, service: str) -> socket.socket:
    """Return a socket that listens. Raises MailServerError naming the port if it can't."""
    if not 0 <= port <= _HIGHEST_PORT:
        raise InvalidArgument(
            f"The {service} port {port} is no port: these are numbers from 1 to {_HIGHEST_PORT}, "
            "and 0 stands for any free one."
        )
    family, address = _resolve(host)
    try:
        listening = socket.create_server((address, port), family=family)
        # asyncio switches Nagle's algorithm off, which costs 40 ms an answer, only where it finds
        # the protocol named; create_server leaves it out.
        return socket.socket(
            family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listening.detach()
        )
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _not_of_this_machine(host, "this machine has no such address") from error
        raise MailServerError(
            f"The mail server could not listen on port {port} of {host} for {service}: "
            f"{error.strerror or error}. Another program (or a mail server that "
            "was started before) may use the port. Choose another one, or none: then a free one "
            "is taken."
        ) from error


def _resolve(host: str) -> tuple[socket.AddressFamily, str]:
    """Return the family and the address of a host. Raises MailServerError if it has none."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _not_of_this_machine(host, f"the host name is unknown ({reason})") from error
    return family, str(address[0])


def _not_of_this_machine(host: str, reason: str) -> MailServerError:
    return MailServerError(
        f"The mail server could not listen on {host}: {reason}. Give a name or an address of this "
        "machine, or leave host out: then it is 127.0.0.1."
    )


def _certificate(host: str) -> tuple[ssl.SSLContext, bytes]:
    """Return what a TLS server needs, and the authority to trust (PEM)."""
    import ssl

    import trustme

    authority = trustme.CA()
    names = dict.fromkeys([host, "localhost", "127.0.0.1", "::1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context, authority.cert_pem.bytes()


def _temporary_file(content: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix="imaplibrary-ca-", suffix=".pem")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)
