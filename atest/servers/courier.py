"""Courier IMAP 5, from Debian's packages beside the system.

Accounts need not be made: every name logs in with the one password. What follows a `+` is not part
of the name. Emails are put into the maildirs that Courier serves by an LMTP server in this process.

Where Courier asks about passwords is a path below /run that can't be configured, and it wants a user
`courier`. So it runs in a mount namespace of its own, in which /run and /etc/passwd are others.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from servers.base import (
    ADDRESS,
    PASSWORD,
    Running,
    Unavailable,
    answering,
    child_process,
    free_ports,
    greets,
    restartable,
    wait_until,
    wait_until_silent,
    write_certificate,
)
from servers.debian import EAT_MY_DATA, Unpacked, unpacked

_PACKAGES = ("courier-imap", "courier-base", "courier-authlib", "gamin", EAT_MY_DATA)

_CAPABILITY = (
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE "
    "AUTH=PLAIN"
)

_SETTINGS = {
    "IMAP_CAPABILITY": _CAPABILITY,
    "IMAP_CAPABILITY_TLS": _CAPABILITY,
    "IMAP_KEYWORDS": "1",
    "IMAP_ACL": "1",
    "IMAP_IDLE_TIMEOUT": "1",
    "IMAP_ENHANCEDIDLE": "0",
    "IMAP_USELOCKS": "1",
    "IMAP_CHECK_ALL_FOLDERS": "0",
    "IMAP_OBSOLETE_CLIENT": "0",
    "IMAP_DISABLETHREADSORT": "0",
    "IMAP_MAILBOX_SANITY_CHECK": "1",
    "IMAP_STARTTLS": "YES",
    "IMAP_TLS_REQUIRED": "0",
    "TLS_VERIFYPEER": "NONE",
}

_OWN_RUN = """
mount --bind "$1/passwd" /etc/passwd || exit 1
mount -t tmpfs none /run && mkdir /run/courier && ln -s "$1" /run/courier/authdaemon || exit 1
ulimit -n 256
shift
exec "$@"
"""
"""Has `$1` in the place of /run/courier/authdaemon, and `$1/passwd` in that of /etc/passwd, and runs
the rest.

Courier closes all files that there can be for each connection, which takes as long as the limit is
high.
"""


@dataclass(frozen=True)
class _Mail:
    """The maildirs, and who owns them.

    folder: where they are, each in a folder named like its account
    """

    folder: Path
    uid: int
    gid: int

    def home(self, user: str) -> Path:
        """Return the home of an account, with its maildir made if need be."""
        home = self.folder / user.replace("/", "_")
        if not home.exists():
            made = Path(tempfile.mkdtemp(dir=self.folder))
            for name in ("", "tmp", "new", "cur"):
                (made / "Maildir" / name).mkdir()
            for path in (made, *made.rglob("*")):
                os.chown(path, self.uid, self.gid)
            try:
                made.rename(home)
            except OSError:  # another session was faster
                shutil.rmtree(made)
        return home


@contextmanager
def running() -> Iterator[Running]:
    """Run Courier until the block ends.

    Raises Unavailable without root, if its packages can't be had, or without mount namespaces.
    """
    enter = _namespace()
    packages = unpacked(*_PACKAGES)
    with tempfile.TemporaryDirectory(prefix="courier-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        mail = _prepared(folder)
        imap, imaps, lmtp = free_ports(3)
        ca_file = write_certificate(folder)
        environment = packages.environment() | _settings(packages, folder)

        @contextmanager
        def started() -> Iterator[None]:
            log = folder / "courier.log"
            begin = [*enter, str(folder / "run")]
            with (
                child_process(
                    [*begin, *_command(packages, imaps, tls=True)],
                    folder / "courier-tls.log",
                    environment,
                    signal.SIGKILL,
                ),
                child_process(
                    [*begin, *_command(packages, imap)], log, environment, signal.SIGKILL
                ) as process,
            ):
                wait_until(lambda: greets(imap, b"* OK") and _listens(imaps), process, log)
                yield
            wait_until_silent(imap)
            wait_until_silent(imaps)

        with ExitStack() as stack:
            stack.enter_context(_accounts(folder / "run" / "socket", mail))
            stack.enter_context(_delivery(lmtp, mail))
            restart = stack.enter_context(restartable(started))
            yield Running(
                name="courier",
                version=packages.version,
                started="Debian's packages, unpacked",
                imap_port=imap,
                imaps_port=imaps,
                ca_file=ca_file,
                delivery="lmtp",
                delivery_port=lmtp,
                restart=restart,
                root="INBOX/",
            )


def _namespace() -> list[str]:
    """Return the beginning of a command that gets a /run of its own. Its first argument follows.

    Raises Unavailable if the system allows none.
    """
    if not shutil.which("unshare"):
        raise Unavailable("needs a mount namespace, and there is no unshare")
    if os.getuid() != 0:  # in a user namespace, Courier can't drop the groups it is in
        raise Unavailable("needs root, for a mount namespace and to change users")
    # What is killed takes everything along that it started. Other signals it does not heed.
    enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    tried = subprocess.run([*enter, "true"], capture_output=True, text=True)
    if tried.returncode:
        raise Unavailable(f"needs a mount namespace: {tried.stderr.strip()}")
    return [*enter, "sh", "-c", _OWN_RUN, "sh"]


def _prepared(folder: Path) -> _Mail:
    """Make the folders and files that Courier looks for."""
    import pwd  # which Windows has not

    nobody = pwd.getpwnam("nobody")
    folder.chmod(0o755)
    for name in ("run", "mail"):
        (folder / name).mkdir()
    users = Path("/etc/passwd").read_text()
    users += f"courier:x:{nobody.pw_uid}:{nobody.pw_gid}::/:/bin/sh\n"
    (folder / "run" / "passwd").write_text(users)
    return _Mail(folder / "mail", nobody.pw_uid, nobody.pw_gid)


def _settings(packages: Unpacked, folder: Path) -> dict[str, str]:
    """Return the settings, which Courier takes from its environment."""
    both = (folder / "key.pem").read_text() + (folder / "certificate.pem").read_text()
    (folder / "both.pem").write_text(both)
    return _SETTINGS | {
        "COURIERTLS": str(packages.path("usr/bin/couriertls")),
        "TLS_CERTFILE": str(folder / "both.pem"),
        "TLS_TRUSTCERTS": str(folder / "ca.pem"),
        "GAMIN_DEBUG_SERVER": str(packages.path("usr/libexec/gam_server")),
        "GAM_CLIENT_ID": folder.name,  # not that of the system
    }


def _command(packages: Unpacked, port: int, *, tls: bool = False) -> list[str]:
    """Return the command that serves one port."""
    command = [
        str(packages.path("usr/sbin/couriertcpd")),
        f"-address={ADDRESS}",
        "-maxprocs=500",
        "-maxperip=500",
        "-nodnslookup",
        "-noidentlookup",
        str(port),
    ]
    if tls:
        command += [str(packages.path("usr/bin/couriertls")), "-server", "-tcpd"]
    return [
        *command,
        str(packages.path("usr/lib/courier/courier/imaplogin")),
        str(packages.path("usr/bin/imapd")),
        "Maildir",
    ]


def _listens(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection((ADDRESS, port), timeout=5).close()
        return True
    return False


@contextmanager
def _accounts(path: Path, mail: _Mail) -> Iterator[None]:
    """Answer Courier, as its authdaemond does, who logs in with which password."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # Where the client is, then AUTH with a length, and so many bytes: service, method, user
            # and password in lines.
            asked = next(line for line in self.rfile if line.startswith(b"AUTH "))
            content = self.rfile.read(int(asked.split()[1])).decode()
            _, method, user, password, *_ = content.split("\n")
            if (method, password) != ("login", PASSWORD):
                self.wfile.write(b"FAIL\n")
                return
            home = mail.home(user)
            told = f"ADDRESS={user}\nUID={mail.uid}\nGID={mail.gid}\nHOME={home}\n.\n"
            self.wfile.write(told.encode())

    with answering(path, Handler):
        yield


@contextmanager
def _delivery(port: int, mail: _Mail) -> Iterator[None]:
    """Take emails by LMTP, and put them into maildirs."""
    try:
        from aiosmtpd.controller import Controller
        from aiosmtpd.lmtp import LMTP
        from aiosmtpd.smtp import SMTP, Envelope, Session
    except ImportError:
        raise Unavailable("needs aiosmtpd, of the extra 'server'") from None

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            assert isinstance(envelope.original_content, bytes)
            for recipient in envelope.rcpt_tos:
                _deliver(mail, recipient, envelope.original_content)
            return "250 Delivered"

    class LmtpController(Controller):
        def factory(self) -> SMTP:
            return LMTP(self.handler, **self.SMTP_kwargs)

    controller = LmtpController(Handler(), ADDRESS, port, data_size_limit=None)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def _deliver(mail: _Mail, recipient: str, email: bytes) -> None:
    local, _, domain = recipient.partition("@")
    maildir = mail.home(f"{local.partition('+')[0]}@{domain}") / "Maildir"
    descriptor, name = tempfile.mkstemp(dir=maildir / "tmp", prefix=f"{time.time_ns()}.")
    with open(descriptor, "wb") as file:
        file.write(email.replace(b"\r\n", b"\n"))
    os.chown(name, mail.uid, mail.gid)
    os.rename(name, maildir / "new" / Path(name).name)
