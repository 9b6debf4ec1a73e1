"""What every mail server for the acceptance tests has in common."""

from __future__ import annotations

import random
import signal
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme

HOST = "localhost"
ADDRESS = "127.0.0.1"
PASSWORD = "secret"

BELOW_CLIENTS = range(20_000, 32_768)
"""Ports that Linux, macOS and Windows give to nobody unasked."""


class Unavailable(Exception):
    """This machine can't run the server; the text says why and what would help."""


@dataclass(frozen=True)
class Running:
    """A server that accepts connections.

    name: as in tags and switches
    version: what the server says of itself
    started: how it was started, for the table
    imap_port: plain text, and STARTTLS if the server has it
    imaps_port: TLS from the first byte
    ca_file: PEM file with the authority that signed the server's certificate for `HOST`
    delivery: the protocol that takes emails, "smtp" or "lmtp"
    delivery_port: where it listens
    accounts_url: where an account has to be made before its first log-in, "" if nowhere
    restart: restarts it with its mail kept; None if that can't be done
    root: what the name of every folder but INBOX begins with
    """

    name: str
    version: str
    started: str
    imap_port: int
    imaps_port: int
    ca_file: Path
    delivery: str
    delivery_port: int
    accounts_url: str = ""
    restart: Callable[[], None] | None = None
    root: str = ""

    def variables(self) -> dict[str, str]:
        """Return the variables that the suites use, as README.rst describes them."""
        return {
            "SERVER": self.name,
            "HOST": HOST,
            "IMAP_PORT": str(self.imap_port),
            "IMAPS_PORT": str(self.imaps_port),
            "CA_FILE": str(self.ca_file),
            "PASSWORD": PASSWORD,
            "DELIVERY": self.delivery,
            "DELIVERY_PORT": str(self.delivery_port),
            "ACCOUNTS_URL": self.accounts_url,
            "ROOT": self.root,
        }


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on, on the loopback interface.

    None is one of those that systems give to clients, of which there are many here at the same
    time: one could have taken it before the server does, or while that restarts.
    """
    candidates = iter(random.sample(BELOW_CLIENTS, len(BELOW_CLIENTS)))
    return [next(filter(_is_free, candidates)) for _ in range(count)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
        return True


def make_certificate(folder: Path) -> tuple[trustme.LeafCert, Path]:
    """Return a certificate for `HOST` and `ADDRESS`, and the PEM file with its authority."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return authority.issue_cert(HOST, ADDRESS), ca_file


def write_certificate(folder: Path) -> Path:
    """Write such a certificate to `certificate.pem` and `key.pem`, and return its authority's."""
    certificate, ca_file = make_certificate(folder)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for part in certificate.cert_chain_pems:
        part.write_to_path(str(folder / "certificate.pem"), append=True)
    return ca_file


@contextmanager
def child_process(
    command: list[str],
    log: Path,
    environment: dict[str, str] | None = None,
    ended_by: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, however it ends.

    log: the file that gets what it prints
    ended_by: the signal that ends it
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(ended_by)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def answering(path: Path, handler: type[socketserver.StreamRequestHandler]) -> Iterator[None]:
    """Answer whoever asks at a Unix socket until the block ends."""
    with socketserver.ThreadingUnixStreamServer(str(path), handler) as server:
        path.chmod(0o666)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


@contextmanager
def restartable(
    start: Callable[[], AbstractContextManager[object]],
) -> Iterator[Callable[[], None]]:
    """Start a server until the block ends, and yield what restarts it."""
    with ExitStack() as running:

        def restart() -> None:
            running.close()
            running.enter_context(start())

        restart()
        yield restart


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server that was started is ready.

    Raises RuntimeError with the end of its log when it exits before, or takes over a minute.
    """
    deadline = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise RuntimeError(
                f"{Path(str(log)).stem} did not get ready. The end of its log:\n{tail}"
            )
        time.sleep(0.05)


def greets(port: int, greeting: bytes) -> bool:
    """Tell whether the server at that port sends a line that begins so."""
    with suppress(OSError), socket.create_connection((ADDRESS, port), timeout=5) as connection:
        return connection.recv(len(greeting)) == greeting
    return False


def wait_until_silent(port: int) -> None:
    """Wait until nothing listens at that port any more. Raises RuntimeError after ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection((ADDRESS, port), timeout=1).close()
        except ConnectionRefusedError:
            return
        except OSError:  # it is about to end
            pass
        time.sleep(0.02)
    raise RuntimeError(f"Something still listens on port {port}.")
