"""No secret in anything that a run leaves behind, at any log level, whichever way in is taken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from provider import Provider
from proxies import ProxyServer, http, saying, socks5
from scripted import Handler, Session
from scripted_smtp import ScriptedSmtp

from ImapLibrary.arguments import SECRETS_KNOWN
from ImapLibrary.imap.sasl import spellings

SECRET = "Xyzzy42Plugh42Frobozz"
STALE = "Stale42Quux42Grault"

WAYS = {
    "LOGIN command": ("", "${PASSWORD}"),
    "PLAIN": ("AUTH=PLAIN SASL-IR", "${PASSWORD}"),
    "PLAIN in two steps": ("AUTH=PLAIN", "${PASSWORD}"),
    "LOGIN mechanism": ("LOGINDISABLED AUTH=LOGIN", "${PASSWORD}"),
    "XOAUTH2": ("AUTH=XOAUTH2 SASL-IR", "access_token=${PASSWORD}"),
    "OAUTHBEARER": ("AUTH=OAUTHBEARER", "access_token=${PASSWORD}"),
    "Fresh token": ("AUTH=XOAUTH2", "access_token=${STALE}    fresh_token=Get Fresh Token"),
}
"""What a server offers, and what `Open Mailbox` is given."""

WAYS_TO_SEND = {
    "PLAIN": "password=${PASSWORD}",
    "LOGIN": "password=${PASSWORD}",
    "CRAM-MD5": "password=${PASSWORD}",
    "XOAUTH2": "access_token=${PASSWORD}",
    "OAUTHBEARER": "access_token=${STALE}    fresh_token=Get Fresh Token",
}
"""How an SMTP server lets in, and what `Send Email` is given."""

SUITE = """
*** Settings ***
Library    ImapLibrary

*** Variables ***
{variables}

*** Test Cases ***
{tests}

*** Keywords ***
Get Fresh Token
    RETURN    ${{PASSWORD}}
"""


@dataclass(frozen=True)
class Run:
    """What a run has left behind.

    files: their contents, by name, and what was printed
    """

    files: dict[str, str]

    def leaks(self) -> list[str]:
        """Return where a secret is found, in whatever form."""
        return [
            f"{name}: ...{text[max(0, place - 150) : place + 50]}..."
            for name, text in self.files.items()
            for form in forms()
            for place in [text.find(form)]
            if place >= 0
        ]


def forms() -> Iterator[str]:
    """Yield what must not be found."""
    for secret in (SECRET, STALE):
        yield from spellings("qa", secret, "127.0.0.1", 0)
        yield b64encode(f"qa:{secret}".encode()).decode()  # as HTTP proxies take it
        # Base64 of text with the secret anywhere in it, such as that with the real port.
        for shift in range(3):
            inside = b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")
            yield inside[4:-2]


def repeat(session: Session, tag: str, arguments: str) -> None:
    """Refuse, and repeat all that the client said, as it was and decoded."""
    mechanism, _, initial = arguments.partition(" ")
    said = [initial]
    if initial.startswith('"'):
        session.send(f"{tag} NO Who is {arguments}?")
        return
    for prompt in {"LOGIN": ["User Name", "Password"]}.get(mechanism, [] if initial else [""]):
        session.send(f"+ {b64encode(prompt.encode()).decode()}")
        said.append(session.readline())
    decoded = [re.sub(r"[\x00-\x1f]", " ", b64decode(each).decode()) for each in said]
    if "OAUTH" in mechanism:
        session.send(f"+ {b64encode(' '.join([*said, *decoded]).encode()).decode()}")
        session.readline()
    session.send(f"{tag} NO Who is {said} or {decoded}?")


def repeat_and_leave(session: Session, tag: str, arguments: str) -> None:
    """The same, but with the connection closed instead of an answer."""
    send = session.send
    session.send = lambda *lines: send(  # type: ignore[method-assign]
        *(line.replace(f"{tag} NO", "* BYE") for line in lines)
    )
    repeat(session, tag, arguments)
    session.close()


def crash(session: Session, tag: str, arguments: str) -> None:
    session.send(f"* garbage {arguments}", f"what is {arguments}")
    session.close()


REFUSALS = (repeat, repeat_and_leave, crash)


def repeating(before: str, *, leaving: bool = False) -> Handler:
    """Return what an SMTP server does that refuses, and repeats all that the client said.

    before: what its answer begins with
    leaving: whether it closes the connection
    """

    def handle(session: Session, tag: str, arguments: str) -> None:
        mechanism, _, initial = arguments.partition(" ")
        said = [initial]
        prompts = {"LOGIN": ["Username:", "Password:"], "CRAM-MD5": ["<1@mail.example>"]}
        for prompt in prompts.get(mechanism, []):
            session.send(f"334 {b64encode(prompt.encode()).decode()}")
            said.append(session.readline())
        decoded = [re.sub(r"[\x00-\x1f]", " ", b64decode(each).decode()) for each in said]
        if "OAUTH" in mechanism:
            session.send(f"334 {b64encode(' '.join([*said, *decoded]).encode()).decode()}")
            session.readline()
        session.send(f"{before} Who is {said} or {decoded}?")
        if leaving:
            session.close()

    return handle


REFUSALS_TO_SEND = {
    "refused": repeating("535"),
    "left": repeating("421", leaving=True),
    "broken": repeating("garbage", leaving=True),
}


def provider(offers: str, refusal: Callable[[Session, str, str], None] | None) -> Provider:
    server = Provider()
    server.good = SECRET
    server.capabilities = f"IMAP4rev1 {offers}"
    if refusal:
        server.on["AUTHENTICATE"] = server.on["LOGIN"] = refusal
    return server


def opening(port: int, rest: str) -> str:
    return (
        f"    Open Mailbox    127.0.0.1    qa    {rest}    port={port}    security=NONE\n"
        "    Find Emails    subject=schlüssel\n    Close All Mailboxes\n"
    )


def ways_in(running: ExitStack) -> Iterator[str]:
    """Yield a test for each way in, and for each way in which it is refused."""
    for name, (offers, arguments) in WAYS.items():
        for refusal in (None, *REFUSALS):
            server = running.enter_context(provider(offers, refusal))
            how = refusal.__name__.replace("_", " ") if refusal else "is let in"
            yield f"{name} {how}\n{opening(server.port, arguments)}"


def ways_to_send(running: ExitStack) -> Iterator[str]:
    """Yield a test for each way to send, and for each way in which that is refused."""
    for mechanism, arguments in WAYS_TO_SEND.items():
        for how, refusal in {"let in": None, **REFUSALS_TO_SEND}.items():
            server = running.enter_context(ScriptedSmtp())
            server.features = (f"AUTH {mechanism}",)
            server.users = server.tokens = {"qa": SECRET}
            if refusal:
                server.on["AUTH"] = refusal
            yield (
                f"Sending by {mechanism} is {how}\n"
                f"    Send Email    host=127.0.0.1    port={server.port}    security=NONE    user=qa\n"
                f"    ...    {arguments}    sender=qa@example.com    to=qa@example.com    text=Hi\n"
            )


def through_proxies(running: ExitStack) -> Iterator[str]:
    repeated = f"HTTP/1.1 407 {b64encode(f'qa:{SECRET}'.encode()).decode()} {SECRET}\r\n\r\n"
    proxies = {
        "Socks lets through": ("socks5", ProxyServer(socks5)),
        "Socks refuses": ("socks5", ProxyServer(saying(b"\x05\x02", b"\x01\x01"))),
        "HTTP lets through": ("http", ProxyServer(http)),
        "HTTP refuses": ("http", ProxyServer(saying(repeated.encode()))),
        "No proxy": ("ftp", ProxyServer(http)),
    }
    server = running.enter_context(provider("", None))
    for name, (scheme, proxy) in proxies.items():
        port = running.enter_context(proxy).port
        os.environ[f"PROXY_{port}"] = f"{scheme}://qa:{SECRET}@127.0.0.1:{port}"
        running.callback(os.environ.pop, f"PROXY_{port}")
        yield f"{name}\n{opening(server.port, f'${{PASSWORD}}    proxy=${{PROXY_{port}}}')}"


def run(folder: Path, kind: str) -> Run:
    """Run everything with secrets of a kind, `: Secret` or nothing for plain text."""
    with ExitStack() as running:
        tests = [*ways_in(running), *ways_to_send(running), *through_proxies(running)]
        names = {"PASSWORD": SECRET, "STALE": STALE}
        names |= {name: value for name, value in os.environ.items() if "PROXY_" in name}
        variables = [f"${{{name}{kind}}}    %{{{name}}}" for name in names]
        suite = SUITE.format(variables="\n".join(variables), tests="\n".join(tests))
        (folder / "ways.robot").write_text(suite, encoding="utf-8")
        command = [sys.executable, "-m", "robot", "--loglevel", "TRACE", "--debugfile", "debug.txt"]
        done = subprocess.run(
            [*command, "--xunit", "xunit.xml", "--outputdir", "out", "ways.robot"],
            cwd=folder,
            env={**os.environ, **names, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    files = {"console": done.stdout, "errors": done.stderr}
    for path in (folder / "out").iterdir():
        text = path.read_text(encoding="utf-8")
        files[path.name] = text + "".join(unpacked(text))
    # Something has to have happened in there, and as it was to.
    refused = len(WAYS) * len(REFUSALS) + len(WAYS_TO_SEND) * len(REFUSALS_TO_SEND) + 3
    assert done.returncode == refused, done.stdout
    assert {"output.xml", "log.html", "report.html", "debug.txt", "xunit.xml"} <= set(files)
    for name in ("output.xml", "log.html", "debug.txt"):
        assert "SELECT" in files[name]
        assert "***" in files[name]
    return Run(files)


def unpacked(html: str) -> Iterator[str]:
    """Yield the texts that Robot Framework packs into its log."""
    for packed in re.findall(r'"(eNo?[A-Za-z0-9+/=]{20,}|eJ[A-Za-z0-9+/=]{20,})"', html):
        yield zlib.decompress(b64decode(packed)).decode()


def by_robot_itself(name: str, text: str) -> str:
    """Return a file without the arguments and return values that Robot Framework writes."""
    if name == "output.xml":
        text = re.sub(r"<(arg|value|var)>[^<]*</\1>", "", text)
        return re.sub(r'<msg [^>]*level="TRACE">(Arguments: \[|Return: )[^<]*</msg>', "", text)
    if name == "debug.txt":
        return re.sub(r"(?m)^.* - TRACE - (Arguments: \[|Return: ).*$", "", text)
    return text


@pytest.mark.skipif(not SECRETS_KNOWN, reason="Robot Framework has Secret since 7.4")
def test_a_secret_is_found_nowhere(tmp_path: Path) -> None:
    found = run(tmp_path, ": Secret")
    assert not found.leaks()
    assert "would hide it" not in found.files["output.xml"]


def test_plain_text_is_shown_by_robot_framework_alone(tmp_path: Path) -> None:
    found = run(tmp_path, "")
    assert found.leaks()  # or there is nothing to be left out below
    # log.html and report.html are made of output.xml.
    ours = {name: text for name, text in found.files.items() if not name.endswith(".html")}
    assert not Run({name: by_robot_itself(name, text) for name, text in ours.items()}).leaks()
    advised = found.files["output.xml"].count("A Secret, such as ${PASSWORD: Secret}, would hide")
    assert advised == SECRETS_KNOWN
