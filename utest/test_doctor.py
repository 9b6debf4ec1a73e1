"""What is told of a mailbox from the command line, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxies import ProxyServer, socks5
from scripted import ScriptedServer, Session

from ImapLibrary.__main__ import main
from ImapLibrary.arguments import Security
from ImapLibrary.doctor import command as doctor
from ImapLibrary.doctor import diagnosis
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.imap.tokens import AccessToken

PASSWORD = "xyzzy-Plugh"


class Server(ScriptedServer):
    """A server whose one folder is also the one for the probe.

    received: what it says about when an email was received
    """

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = "IMAP4rev1 IDLE MOVE UIDPLUS SPECIAL-USE LITERAL+"
        self.folders = ("INBOX",)
        self.received: datetime | None = None
        self.on["CREATE"] = self._create
        self.on["DELETE"] = self._delete
        self.on["APPEND"] = self._append
        self.on["FETCH"] = self._fetch

    def _create(self, session: Session, tag: str, arguments: str) -> None:
        self.folders += (arguments.strip('"'),)
        session.send(f"{tag} OK made")

    def _delete(self, session: Session, tag: str, arguments: str) -> None:
        self.folders = tuple(name for name in self.folders if name != arguments.strip('"'))
        self.emails.clear()
        session.send(f"{tag} OK gone")

    def _append(self, session: Session, tag: str, arguments: str) -> None:
        self.deliver(arguments.encode())
        session.send(f"{tag} OK [APPENDUID 7 1] taken")

    def _fetch(self, session: Session, tag: str, arguments: str) -> None:
        received = self.received or datetime.now(timezone.utc)
        session.send(
            f'* 1 FETCH (UID 1 INTERNALDATE "{received:%d-%b-%Y %H:%M:%S +0000}")', f"{tag} OK done"
        )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
    monkeypatch.delenv("IMAP_ACCESS_TOKEN", raising=False)
    monkeypatch.setattr(diagnosis, "PUSH_SECONDS", 0.5)
    with Server() as running:
        yield running


@pytest.fixture
def check(server: Server, capsys: pytest.CaptureFixture[str]) -> Any:
    """What runs the command and returns its exit code and what it printed."""

    def run(*arguments: str, security: str = "none") -> tuple[int, str]:
        place = ["--host", "127.0.0.1", "--user", "qa", "--port", str(server.port)]
        code = main(["check", *place, "--security", security, "--timeout", "5", *arguments])
        printed = "".join(capsys.readouterr())
        assert PASSWORD not in printed
        print(printed)  # pytest shows it if something fails
        return code, printed

    return run


def line(printed: str, about: str) -> str:
    """Return the line of a finding."""
    found = re.search(rf"^(\w+ +{about}: .*)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]


def test_all_is_well(server: Server, check: Any) -> None:
    code, printed = check()
    assert code == 0
    push = r"OK      Push: The server announces an email within \d+ ms \(IDLE\)."
    assert re.fullmatch(push, line(printed, "Push"))
    expected = [
        r"OK      Name and port: 127.0.0.1 port \d+ answers \(127.0.0.1, \d+ ms\).",
        "NOTE    TLS: None: whatever is sent can be read on the way.",
        "OK      Log-in methods: the LOGIN command. That means a password.",
        "OK      Log-in: qa is let in.",
        "OK      Capabilities: IDLE, MOVE, UIDPLUS, SPECIAL-USE.",
        "OK      Folders: INBOX. INBOX has 0 emails.",
        push,
        "OK      Clock: The server's is right.",
        "OK      Search: The server finds text outside ASCII.",
        "",
        "Tests can run on this mailbox:",
        "",
        rf"    Open Mailbox    127.0.0.1    qa    \${{PASSWORD}}    port={server.port}    security=NONE",
    ]
    for found, pattern in zip(printed.splitlines(), expected, strict=True):
        assert re.fullmatch(pattern, found), found
    assert server.folders == ("INBOX",)
    (created,) = (each for each in server.lines if each.startswith("CREATE"))
    assert re.fullmatch(r'CREATE "ImapLibrary-check-[0-9a-f]{8}"', created)


def test_as_json(server: Server, check: Any) -> None:
    code, printed = check("--json")
    report = json.loads(printed)
    assert (code, report["ok"]) == (0, True)
    assert report["suggestion"].startswith("Open Mailbox    127.0.0.1    qa    ${PASSWORD}    ")
    findings = {each.pop("about"): each for each in report["findings"]}
    assert findings["Log-in methods"]["mechanisms"] == []
    assert "IDLE" in findings["Capabilities"]["capabilities"]
    assert findings["Folders"]["folders"] == ["INBOX"]
    assert 0 <= findings["Push"]["seconds"] < 5
    assert abs(findings["Clock"]["skew"]) <= 2
    assert findings["Search"]["non_ascii"] is True
    assert {each["state"] for each in findings.values()} == {"OK", "NOTE"}


@pytest.mark.parametrize(
    ("command", "answer", "about", "said"),
    [
        ("LOGIN", "NO Invalid", "Log-in", "Could not log in as qa on 127.0.0.1: NO Invalid."),
        ("SELECT", "NO Locked", "Folders", "Could not open folder 'INBOX' of qa on 127.0.0.1 "),
        ("APPEND", "NO [OVERQUOTA] Full", "Probe", "Could not append an email of "),
        ("GREETING", "BYE Too many", "TLS", "The server at 127.0.0.1 port "),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_mailbox_that_tests_can_not_run_on(
    server: Server, check: Any, command: str, answer: str, about: str, said: str, as_json: bool
) -> None:
    server.on[command] = lambda session, tag, arguments: session.send(f"{tag} {answer}")
    code, printed = check(*(["--json"] if as_json else []))
    assert code == 1
    if as_json:
        report = json.loads(printed)
        assert not report["ok"]
        assert not report["suggestion"]
        last = report["findings"][-1]
        assert (last["about"], last["state"]) == (about, "FAILED")
        assert last["text"].startswith(said)
    else:
        assert line(printed, about).startswith(f"FAILED  {about}: {said}")
        assert printed.endswith("\nTests can't run so.\n")
    assert server.folders == ("INBOX",)


def test_nobody_there(server: Server, check: Any) -> None:
    code, printed = check("--port", "1")
    assert code == 1
    assert line(printed, "Name and port").startswith(
        "FAILED  Name and port: Could not connect to 127.0.0.1 port 1: connection refused."
    )


@pytest.mark.parametrize(
    ("capabilities", "note"),
    [
        ("MOVE UIDPLUS SPECIAL-USE", "Without IDLE, waits look at intervals."),
        (
            "IDLE UIDPLUS MOVE",
            "Without SPECIAL-USE, the server does not say which folder is the trash.",
        ),
    ],
)
def test_what_a_server_lacks(server: Server, check: Any, capabilities: str, note: str) -> None:
    server.capabilities = f"IMAP4rev1 {capabilities}"
    code, printed = check()
    assert code == 0
    assert line(printed, "Capabilities").startswith("NOTE ")
    assert line(printed, "Capabilities").endswith(f". {note}")


@pytest.mark.parametrize("idle", ["IDLE", ""])
def test_a_server_that_does_not_push(server: Server, check: Any, idle: str) -> None:
    def idle_in_silence(session: Session, tag: str, arguments: str) -> None:
        session.send("+ idling")
        session.readline()
        session.send(f"{tag} OK done")

    server.capabilities = f"IMAP4rev1 {idle}"
    server.on["IDLE"] = idle_in_silence
    code, printed = check()
    assert code == 0
    assert line(printed, "Push").startswith("NOTE    Push: The server does not announce emails")


@pytest.mark.parametrize(("seconds", "said"), [(90, "90 s ahead"), (-3600, "s behind")])
def test_a_clock_that_is_wrong(server: Server, check: Any, seconds: int, said: str) -> None:
    server.received = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    code, printed = check()
    assert code == 0
    shown = re.match(r"NOTE    Clock: The server's is (\d+) s (\w+)\. ", line(printed, "Clock"))
    assert shown
    assert abs(int(shown[1]) - abs(seconds)) <= 2
    assert shown[2] == said.split()[-1]


@pytest.mark.parametrize(
    ("answer", "said"),
    [("NO [BADCHARSET] No", r"\(NO \[BADCHARSET\] No\)"), ("OK done", r"\(it found nothing\)")],
)
def test_a_server_that_does_not_search(server: Server, check: Any, answer: str, said: str) -> None:
    server.on["SEARCH"] = lambda session, tag, arguments: session.send(f"{tag} {answer}")
    code, printed = check()
    assert code == 0
    assert re.match(
        f"NOTE    Search: The server does not find text outside ASCII {said}. ",
        line(printed, "Search"),
    )


def test_folders_can_not_be_made(server: Server, check: Any) -> None:
    server.on["CREATE"] = lambda session, tag, arguments: session.send(f"{tag} NO Not allowed")
    code, printed = check()
    assert code == 0
    assert line(printed, "Probe").startswith("NOTE    Probe: Could not create folder 'INBOX/Imap")
    assert "Push" not in printed


def test_folders_are_made_below_inbox_where_that_has_to_be(server: Server, check: Any) -> None:
    def create(session: Session, tag: str, arguments: str) -> None:
        if "INBOX" in arguments:
            server._create(session, tag, arguments)
        else:
            session.send(f"{tag} NO Only below INBOX")

    server.on["CREATE"] = create
    code, printed = check()
    assert (code, server.folders) == (0, ("INBOX",))
    assert line(printed, "Search").startswith("OK ")


def test_a_folder_that_is_left_over_is_named(server: Server, check: Any) -> None:
    server.on["DELETE"] = lambda session, tag, arguments: session.send(f"{tag} NO Not now")
    code, printed = check()
    assert code == 0
    assert re.match(
        r"NOTE    Probe: The folder 'ImapLibrary-check-\w+' is left over, please delete it. ",
        line(printed, "Probe"),
    )


def test_an_account_that_may_have_one_connection(server: Server, check: Any) -> None:
    def log_in(session: Session, tag: str, arguments: str) -> None:
        there = [each for each in server.sessions if each.socket.fileno() >= 0]
        if there in ([], [session]):
            session.default("LOGIN", tag, arguments)
        else:
            session.send(f"{tag} NO [LIMIT] One is enough")

    server.on["LOGIN"] = log_in
    code, printed = check()
    assert code == 0
    assert re.match(
        "NOTE    Push: It was not tried, since that takes a second connection. .*One is enough. .* "
        "Mailboxes of this account will share one connection.",
        line(printed, "Push"),
    )
    assert line(printed, "Search").startswith("OK ")
    assert server.folders == ("INBOX",)


def test_a_probe_that_is_not_seen_at_once(server: Server, check: Any) -> None:
    server.on["FETCH"] = lambda session, tag, arguments: session.send(f"{tag} OK done")
    code, printed = check()
    assert code == 0
    assert line(printed, "Clock") == (
        "NOTE    Clock: The server did not say when it received the probe."
    )


def test_time_enough_for_a_server_that_does_not_push(
    server: Server, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take as long to push as to answer, and longer."""

    def idle_in_silence(session: Session, tag: str, arguments: str) -> None:
        session.send("+ idling")
        session.readline()
        session.send(f"{tag} OK done")

    monkeypatch.setattr(diagnosis, "PUSH_SECONDS", 1.5)
    server.on["IDLE"] = idle_in_silence
    code, printed = check("--timeout", "1")
    assert code == 0
    assert line(printed, "Push").startswith("NOTE    Push: The server does not announce emails")


def test_nobody_to_ask_for_a_password(check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAP_PASSWORD")
    monkeypatch.setattr("getpass.getpass", ask_nobody)
    code, printed = check()
    assert code == 1
    assert line(printed, "Arguments") == (
        "FAILED  Arguments: There is no terminal to ask for a password. Put it into the environment "
        "variable IMAP_PASSWORD, or an access token into IMAP_ACCESS_TOKEN."
    )


def ask_nobody(prompt: str) -> str:
    raise EOFError


class TestTls:
    @pytest.fixture
    def ca_file(self, server: Server, tmp_path: Path) -> Path:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        soon = datetime.now(timezone.utc) + timedelta(days=3)
        authority.issue_cert("127.0.0.1", common_name="mail", not_after=soon).configure_cert(
            server.tls
        )
        server.implicit_tls = True
        return tmp_path / "ca.pem"

    def test_a_certificate_that_ends_soon(self, check: Any, ca_file: Path) -> None:
        code, printed = check("--verify", str(ca_file), security="tls")
        assert code == 0
        assert re.match(
            r"NOTE    TLS: TLSv1\.[23]\. The certificate of mail is trusted, until \d{4}-\d\d-\d\d\.",
            line(printed, "TLS"),
        )
        assert f"    verify={ca_file}".replace("\\", "\\\\") in printed

    def test_any_certificate(self, check: Any, ca_file: Path) -> None:
        code, printed = check("--verify", "False", security="tls")
        assert code == 0
        assert "The certificate was not checked (verify=False)" in line(printed, "TLS")
        assert printed.rstrip().endswith("    verify=False")

    def test_no_certificate_that_is_trusted(self, check: Any, ca_file: Path) -> None:
        code, printed = check(security="tls")
        assert code == 1
        assert line(printed, "TLS").startswith("FAILED  TLS: The certificate of 127.0.0.1 port ")

    def test_no_such_file(self, check: Any, tmp_path: Path) -> None:
        code, printed = check("--verify", str(tmp_path / "missing.pem"), security="tls")
        assert code == 1
        assert line(printed, "TLS").startswith("FAILED  TLS: The file ")


def test_an_access_token_of_the_environment(
    server: Server, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_ACCESS_TOKEN", "ya29.xyzzy")
    server.capabilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR LOGINDISABLED"
    server.on["AUTHENTICATE"] = lambda session, tag, arguments: session.send(f"{tag} OK in")
    code, printed = check()
    assert code == 0
    assert line(printed, "Log-in methods") == (
        "OK      Log-in methods: XOAUTH2. That means an access token (access_token=)."
    )
    assert "    access_token=${TOKEN}    " in printed


def test_through_a_proxy(server: Server, check: Any) -> None:
    with ProxyServer(socks5) as proxy:
        url = f"socks5://qa:{PASSWORD}@127.0.0.1:{proxy.port}"
        code, printed = check("--proxy", url)
    assert code == 0
    assert f"(through the socks5 proxy 127.0.0.1 port {proxy.port}, " in printed


def test_an_argument_that_makes_no_sense(check: Any) -> None:
    code, printed = check("--proxy", f"gopher://{PASSWORD}@x")
    assert code == 1
    assert line(printed, "Arguments").startswith("FAILED  Arguments: The argument proxy is no ")


def test_the_suggestion_leaves_out_what_is_the_default() -> None:
    account = Account("imap.example.com", "qa", "x", 993)
    assert doctor.suggestion(account) == "Open Mailbox    imap.example.com    qa    ${PASSWORD}"
    account = Account(
        "imap.example.com",
        "qa",
        "",
        144,
        Security.STARTTLS,
        Path("a\\b.pem"),
        token=AccessToken("x"),
        proxy=Proxy.parse("http://u:p@x:1"),
    )
    assert doctor.suggestion(account) == (
        "Open Mailbox    imap.example.com    qa    access_token=${TOKEN}    port=144    "
        "security=STARTTLS    verify=a\\\\b.pem    proxy=${PROXY}"
    )
    account = Account(
        "imap.example.com", "SRS0=a=x@example.com", "x", 993, client_certificate=Path("c.pem")
    )
    assert doctor.suggestion(account) == (
        "Open Mailbox    imap.example.com    SRS0\\=a\\=x@example.com    ${PASSWORD}    "
        "client_certificate=c.pem"
    )


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["nonsense"], 2), (["--help"], 0)])
def test_commands_are_listed(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ImapLibrary", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == code
    assert "check" in (done.stderr if code else done.stdout)


def test_names_that_the_output_can_not_show(tmp_path: Path) -> None:
    suite = tmp_path / "確認.robot"
    suite.write_text(
        "*** Settings ***\nLibrary    ImapLibrary2\n*** Test Cases ***\nA\n    Mark As Read\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "ImapLibrary", "migrate", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u78ba\\u8a8d.robot" in done.stdout
