"""Dovecot 2.3, as Debian packages it, with a private configuration beside the system's own.

Accounts need not be made: every name logs in with the one password, and LMTP delivers to every
name. What follows a `+` is not part of the name. The mail of a name that begins with `small` has
a quota of 100 kB. At 127.0.0.2, every account may have one connection at a time.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.base import (
    ADDRESS,
    PASSWORD,
    Running,
    Unavailable,
    child_process,
    free_ports,
    greets,
    restartable,
    wait_until,
    wait_until_silent,
    write_certificate,
)

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap lmtp
listen = {address} 127.0.0.2
{users}

ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u quota_rule=*:bytes=%{{if;%n;*;small*;100000;300000000}} allow_all_users=yes
}}

mail_location = maildir:~/mail
first_valid_uid = 1
mail_fsync = never
mail_max_userip_connections = 1000
# The one way to have two limits: they are asked for before the user is known.
local 127.0.0.2 {{
  mail_max_userip_connections = 1
}}
mail_plugins = quota
recipient_delimiter = +
default_vsz_limit = 1G
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
plugin {{
  quota = count:Account
  quota_vsizes = yes
  quota_grace = 0
}}

service imap-login {{
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_min_avail = 1
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
}}
protocol lmtp {{
  postmaster_address = postmaster@example.com
}}
"""
# Without root no service can take on another user or change the root folder.
_ROOTLESS = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


@contextmanager
def running() -> Iterator[Running]:
    """Run Dovecot until the block ends.

    Raises Unavailable if it is not installed, or is a version with another configuration syntax.
    """
    program = _program()
    version = _version(program)
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        imap, imaps, lmtp = free_ports(3)
        ca_file = write_certificate(folder)
        uid, gid, users = _identity(folder)
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=folder,
                address=ADDRESS,
                password=PASSWORD,
                users=users,
                uid=uid,
                gid=gid,
                imap=imap,
                imaps=imaps,
                lmtp=lmtp,
            )
        )

        @contextmanager
        def started() -> Iterator[None]:
            log = folder / "dovecot.log"
            with child_process([program, "-F", "-c", str(configuration)], log) as process:
                wait_until(lambda: greets(imap, b"* OK") and greets(lmtp, b"220"), process, log)
                yield
            # Its log-in processes outlive it a little, and would take what is meant for the next.
            wait_until_silent(imap)

        with restartable(started) as restart:
            yield Running(
                name="dovecot",
                version=version,
                started=f"{program}, own configuration",
                imap_port=imap,
                imaps_port=imaps,
                ca_file=ca_file,
                delivery="lmtp",
                delivery_port=lmtp,
                restart=restart,
            )


def _program() -> str:
    # Debian keeps it in a folder that only root has on its path.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    program = shutil.which("dovecot", path=path)
    if program is None:
        raise Unavailable("not installed (Debian, Ubuntu: dovecot-imapd and dovecot-lmtpd)")
    if not any(Path(folder, "lmtp").exists() for folder in _LIBEXEC):
        raise Unavailable("its LMTP server is not installed (Debian, Ubuntu: dovecot-lmtpd)")
    return program


_LIBEXEC = ("/usr/lib/dovecot", "/usr/libexec/dovecot", "/usr/local/libexec/dovecot")


def _version(program: str) -> str:
    """Return the version, such as 2.3.19.1."""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = printed.stdout.split()[0]
    if not version.startswith("2.3."):
        raise Unavailable(f"{version} is installed; the configuration is written for 2.3")
    return version


def _identity(folder: Path) -> tuple[int, int, str]:
    """Return the user and group that own the mail, and the settings that this needs.

    Dovecot refuses to read mail as root, so root hands the mail folder to a user without rights.
    """
    mail = folder / "mail"
    mail.mkdir()
    if sys.platform == "win32":  # for the type checker: there is no Dovecot on Windows
        raise Unavailable("it does not exist for Windows")
    import grp
    import pwd

    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(mail, nobody.pw_uid, nobody.pw_gid)
        folder.chmod(0o755)
        return nobody.pw_uid, nobody.pw_gid, ""
    group = grp.getgrgid(os.getgid()).gr_name
    return os.getuid(), os.getgid(), _ROOTLESS.format(user=getpass.getuser(), group=group)
