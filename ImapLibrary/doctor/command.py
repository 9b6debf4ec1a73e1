"""python -m ImapLibrary check: says in words what works with a mailbox, before a suite is written.

It ends with 0 if tests can run on the mailbox, with 1 if not. The password is taken from the
environment variable IMAP_PASSWORD, an access token from IMAP_ACCESS_TOKEN; without either, the
password is asked for.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ImapLibrary.arguments import Security
from ImapLibrary.doctor.diagnosis import Finding, State, examine
from ImapLibrary.errors import ImapLibraryError, InvalidArgument
from ImapLibrary.imap.account import IMAP, Account
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.imap.tokens import AccessToken


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says, and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        account = _account(options)
    except ImapLibraryError as failure:
        findings = [Finding("Arguments", State.FAILED, str(failure))]
        _print(findings, "", as_json=options.json)
        return 1
    if options.json:
        findings = list(examine(account))
    else:
        findings = list(_told(examine(account)))
    fine = all(finding.state is not State.FAILED for finding in findings)
    _print(findings if options.json else [], suggestion(account) if fine else "", options.json)
    return 0 if fine else 1


def suggestion(account: Account) -> str:
    """Return how `Open Mailbox` is to be called for the account; what is the default is left out."""
    # Robot Framework has loaded none of it: this runs by itself.
    from robot.utils import escape

    cells = ["Open Mailbox", escape(account.host), escape(account.user)]
    cells.append("access_token=${TOKEN}" if account.token else "${PASSWORD}")
    if account.port != IMAP.ports[account.security]:
        cells.append(f"port={account.port}")
    if account.security is not Security.TLS:
        cells.append(f"security={account.security.name}")
    if account.security is not Security.NONE and account.verify is not True:
        cells.append(f"verify={escape(str(account.verify))}")
    if account.client_certificate:
        cells.append(f"client_certificate={escape(str(account.client_certificate))}")
    if account.proxy:
        cells.append("proxy=${PROXY}")
    return "    ".join(cells)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ImapLibrary check",
        description="Tell what works with a mailbox. The password comes from the environment "
        "variable IMAP_PASSWORD (an access token from IMAP_ACCESS_TOKEN), or is asked for.",
    )
    parser.add_argument("--host", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--port", type=int, help="by default 993 with TLS, else 143")
    parser.add_argument(
        "--security",
        type=str.upper,
        choices=[each.name for each in Security],
        default=Security.TLS.name,
    )
    parser.add_argument("--verify", default="True", help="True, False or a PEM file")
    parser.add_argument(
        "--client-certificate", type=Path, help="a PEM file with your certificate and its key"
    )
    parser.add_argument("--proxy", default="", help="such as socks5://host:1080")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for each step")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


def _account(options: argparse.Namespace) -> Account:
    security = Security[options.security]
    token = os.environ.get("IMAP_ACCESS_TOKEN", "")
    password = os.environ.get("IMAP_PASSWORD", "")
    if not token and not password:
        password = _asked(options.user)
    switch = {"true": True, "false": False}.get(options.verify.lower())
    return Account(
        host=options.host,
        user=options.user,
        password=password,
        port=IMAP.ports[security] if options.port is None else options.port,
        security=security,
        verify=Path(options.verify) if switch is None else switch,
        client_certificate=options.client_certificate,
        timeout=options.timeout,
        token=AccessToken(token) if token else None,
        proxy=Proxy.parse(options.proxy) if options.proxy else None,
    )


def _asked(user: str) -> str:
    try:
        return getpass.getpass(f"Password of {user}: ")
    except EOFError:
        raise InvalidArgument(
            "There is no terminal to ask for a password. Put it into the environment variable "
            "IMAP_PASSWORD, or an access token into IMAP_ACCESS_TOKEN."
        ) from None


def _told(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Print findings as they come, for some take a while."""
    for finding in findings:
        print(_line(finding), flush=True)
        yield finding


def _line(finding: Finding) -> str:
    return f"{finding.state.name:<7} {finding.about}: {finding.text}"


def _print(findings: Sequence[Finding], line: str, as_json: bool) -> None:
    if as_json:
        report = {
            "ok": bool(line),
            "findings": [
                {"about": each.about, "state": each.state.name, "text": each.text, **each.facts}
                for each in findings
            ],
            "suggestion": line,
        }
        print(json.dumps(report, indent=2))
        return
    for finding in findings:
        print(_line(finding))
    print(f"\nTests can run on this mailbox:\n\n    {line}" if line else "\nTests can't run so.")
