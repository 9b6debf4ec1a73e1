"""Cyrus IMAP 3, from Debian's packages beside the system.

Accounts need not be made: a mailbox is there as soon as its user logs in or gets an email. What
follows a `+` is not part of the name.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socketserver
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.base import (
    ADDRESS,
    HOST,
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
from servers.debian import EAT_MY_DATA, unpacked

_PACKAGES = ("cyrus-imapd", "cyrus-common", EAT_MY_DATA)

_SETTINGS = """
cyrus_user: {user}
configdirectory: {folder}/config
partition-default: {folder}/mail
defaultpartition: default
proc_path: {folder}/run/proc
mboxname_lockpath: {folder}/run/lock
lmtpsocket: {folder}/run/lmtp
idlesocket: {folder}/run/idle
notifysocket: {folder}/run/notify
servername: {host}

virtdomains: userid
defaultdomain: example.com
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: 300000
autocreate_post: yes
autocreate_users: anyone
autocreate_inbox_folders: Junk|Trash
xlist-junk: Junk
xlist-trash: Trash
duplicatesuppression: no
lmtp_downcase_rcpt: no
munge8bit: no
search_engine: none
sync_log: no

allowplaintext: yes
failedloginpause: 0
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {folder}/run/passwords
sasl_mech_list: PLAIN LOGIN
tls_server_cert: {folder}/certificate.pem
tls_server_key: {folder}/key.pem
tls_client_certs: off
"""

_SERVICES = """
START {{
  recover cmd="{programs}/ctl_cyrusdb -C {folder}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{programs}/imapd -C {folder}/imapd.conf" listen="{address}:{imap}" prefork=1 maxchild=200
  imaps cmd="{programs}/imapd -C {folder}/imapd.conf -s" listen="{address}:{imaps}" prefork=0 maxchild=200
  lmtp cmd="{programs}/lmtpd -C {folder}/imapd.conf -a" listen="{address}:{lmtp}" prefork=1 maxchild=50
}}
EVENTS {{
}}
DAEMON {{
  idled cmd="{programs}/idled -C {folder}/imapd.conf"
}}
"""


@contextmanager
def running() -> Iterator[Running]:
    """Run Cyrus until the block ends. Raises Unavailable if its packages can't be had."""
    packages = unpacked(*_PACKAGES)
    with tempfile.TemporaryDirectory(prefix="cyrus-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        imap, imaps, lmtp = free_ports(3)
        ca_file = write_certificate(folder)
        user = _owner()
        programs = packages.path("usr/lib/cyrus/bin")
        values = {
            "address": ADDRESS,
            "folder": folder,
            "host": HOST,
            "imap": imap,
            "imaps": imaps,
            "lmtp": lmtp,
            "programs": programs,
            "user": user,
        }
        (folder / "imapd.conf").write_text(_SETTINGS.format(**values))
        (folder / "cyrus.conf").write_text(_SERVICES.format(**values))
        _make_folders(folder, user)
        environment = {**packages.environment(), "CYRUS_USER": user}
        command = [str(programs / "master"), "-D", "-C", str(folder / "imapd.conf")]
        command += ["-M", str(folder / "cyrus.conf"), "-p", str(folder / "run" / "pid")]

        @contextmanager
        def started() -> Iterator[None]:
            log = folder / "cyrus.log"
            with child_process(command, log, environment) as process:
                wait_until(lambda: greets(imap, b"* OK") and greets(lmtp, b"220"), process, log)
                yield
            wait_until_silent(imap)

        with passwords(folder / "run" / "passwords"), restartable(started) as restart:
            yield Running(
                name="cyrus",
                version=packages.version,
                started="Debian's packages, unpacked",
                imap_port=imap,
                imaps_port=imaps,
                ca_file=ca_file,
                delivery="lmtp",
                delivery_port=lmtp,
                restart=restart,
            )


@contextmanager
def passwords(path: Path) -> Iterator[None]:
    """Answer whoever asks at a socket, as saslauthd does, whether a password is right."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # User, password, service and realm, each with its length before it.
            asked = [self.rfile.read(*struct.unpack("!H", self.rfile.read(2))) for _ in range(4)]
            answer = b"OK" if asked[1] == PASSWORD.encode() else b"NO"
            self.wfile.write(struct.pack("!H", len(answer)) + answer)

    with answering(path, Handler):
        yield


def _owner() -> str:
    """Return the user that Cyrus runs as: it does not as root."""
    if sys.platform == "win32":  # for the type checker: there is no Cyrus on Windows
        raise Unavailable("it does not exist for Windows")
    return "nobody" if os.getuid() == 0 else getpass.getuser()


def _make_folders(folder: Path, user: str) -> None:
    for name in ("config", "mail", "run", "config/db", "config/socket", "run/proc", "run/lock"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user)
