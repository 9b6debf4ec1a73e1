"""What works between this machine and a mailbox, found out by trying each thing once.

Nothing that is there is changed. What needs an email is tried with a probe, in a folder that is made
for it and deleted afterwards.
"""

from __future__ import annotations

import secrets
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import CommandRefused, ImapLibraryError
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.login import greet, mechanisms
from ImapLibrary.imap.sasl import TOKENS
from ImapLibrary.imap.tunnel import reach
from ImapLibrary.imap.wire import Wire
from ImapLibrary.units import number_of

PUSH_SECONDS = 5.0
"""So long a server may take to push before it counts as one that does not."""

HEAD_START = 0.3
"""Seconds from IDLE to the probe, in which the server begins to watch the folder."""

SMALL_SKEW = 2.0
"""Seconds. INTERNALDATE has no fractions, and the way there takes a moment."""

FEW_DAYS = 14
"""A certificate that ends within these is worth a word."""

SUBJECT = "Prüfung"

MATTERS = {
    "IDLE": "waits look at intervals",
    "MOVE": "emails are moved by copying and deleting them",
    "UIDPLUS": "deleting takes more steps",
    "SPECIAL-USE": "the server does not say which folder is the trash",
}
"""What keywords are quicker with, and what it is like without."""


class State(Enum):
    """What a finding means for tests."""

    OK = "it works"
    NOTE = "tests can run, but something is worth knowing"
    FAILED = "tests can't run"


@dataclass(frozen=True)
class Finding:
    """What was found out about one thing.

    text: for people
    facts: the same for programs
    """

    about: str
    state: State
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def examine(account: Account) -> Iterator[Finding]:
    """Yield what is found out, as soon as it is. The first thing that fails is the last."""
    stage = "TLS"
    try:
        tls = None if account.security is Security.NONE else account.tls_context()
        stage = "Name and port"
        begin = time.perf_counter()
        with closing(reach(account, Deadline(account.timeout))) as wire:
            yield _reached(account, wire, time.perf_counter() - begin)
            stage = "TLS"
            client = greet(wire, account, tls)
            yield _protected(wire)
            yield _ways_in(mechanisms(client), client.has_capability("LOGINDISABLED"))
        stage = "Log-in"
        with closing(Connection(account, Deadline(account.timeout))) as connection:
            yield Finding(stage, State.OK, f"{account.user} is let in.")
            stage = "Folders"
            yield _capabilities(connection)
            yield _folders(connection)
            stage = "Probe"
            yield from _Probe(account, connection).findings()
            if not connection.broken:
                connection.log_out()
    except ImapLibraryError as failure:
        yield Finding(stage, State.FAILED, str(failure))


def _reached(account: Account, wire: Wire, seconds: float) -> Finding:
    through = f"through the {account.proxy}, " if account.proxy else ""
    address = wire.peer_address
    return Finding(
        "Name and port",
        State.OK,
        f"{account.host} port {account.port} answers ({through}{address}, {_ms(seconds)}).",
        {"address": address, "seconds": round(seconds, 4)},
    )


def _protected(wire: Wire) -> Finding:
    if wire.tls is None:
        return Finding("TLS", State.NOTE, "None: whatever is sent can be read on the way.")
    version, certificate = wire.tls
    if not certificate:
        return Finding(
            "TLS",
            State.NOTE,
            f"{version}. The certificate was not checked (verify=False), so it might be anyone's.",
            {"version": version},
        )
    until = datetime.fromtimestamp(
        ssl.cert_time_to_seconds(certificate["notAfter"]), tz=timezone.utc
    )
    subject = _subject(certificate)
    soon = until - datetime.now(timezone.utc) < timedelta(days=FEW_DAYS)
    return Finding(
        "TLS",
        State.NOTE if soon else State.OK,
        f"{version}. The certificate of {subject} is trusted, until {until:%Y-%m-%d}.",
        {"version": version, "subject": subject, "until": until.isoformat()},
    )


def _subject(certificate: Mapping[str, Any]) -> str:
    names = {key: value for part in certificate.get("subject", ()) for key, value in part}
    others = [value for _, value in certificate.get("subjectAltName", ())]
    return str(names.get("commonName") or ", ".join(others) or "nobody in particular")


def _ways_in(offered: list[str], login_disabled: bool) -> Finding:
    ways = offered if login_disabled else [*offered, "the LOGIN command"]
    tokens = set(TOKENS) & set(offered)
    passwords = not login_disabled or {"PLAIN", "LOGIN"} & set(offered)
    kinds = [
        *(["a password"] if passwords else []),
        *(["an access token (access_token=)"] if tokens else []),
    ]
    return Finding(
        "Log-in methods",
        State.OK if kinds else State.NOTE,
        f"{', '.join(ways) or 'none'}. That means {' or '.join(kinds) or 'no way in'}.",
        {"mechanisms": offered, "login": not login_disabled},
    )


def _capabilities(connection: Connection) -> Finding:
    names = b" ".join(connection.command("CAPABILITY")).decode(errors="replace").split()
    there = [name for name in MATTERS if connection.has(name)]
    without = [f"Without {name}, {like}." for name, like in MATTERS.items() if name not in there]
    return Finding(
        "Capabilities",
        State.NOTE if without else State.OK,
        " ".join([f"{', '.join(there) or 'None that matter'}.", *without]),
        {"capabilities": names},
    )


def _folders(connection: Connection) -> Finding:
    names = [folder.name for folder in connection.folders.all()]
    connection.select("INBOX")
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return Finding(
        "Folders",
        State.OK,
        f"{shown}. INBOX has {number_of(connection.exists, 'email')}.",
        {"folders": names, "emails": connection.exists},
    )


class _Probe:
    """An email in a folder of its own, brought there while the server is asked to push."""

    def __init__(self, account: Account, connection: Connection) -> None:
        self._account = account
        self._watcher = connection
        self._name = f"ImapLibrary-check-{secrets.token_hex(4)}"
        self._sent = self._taken = datetime.now(timezone.utc)
        self._done = 0.0
        self._failure: Exception | None = None

    def findings(self) -> Iterator[Finding]:
        try:
            folder = self._create()
        except CommandRefused as refused:
            yield Finding(
                "Probe",
                State.NOTE,
                f"{refused} So neither push nor search were tried. Waits for emails need neither.",
            )
            return
        try:
            self._watcher.select(folder)
            yield self._push(folder)
            yield self._clock()
            yield self._search()
        except ImapLibraryError as failure:
            yield Finding("Probe", State.FAILED, str(failure))
        if left := self._delete(folder):
            yield left

    def _create(self) -> str:
        """Make the folder. Where all have to be below INBOX, it is there."""
        try:
            self._watcher.folders.create(self._name)
        except CommandRefused:
            self._name = f"INBOX/{self._name}"
            self._watcher.folders.create(self._name)
        return self._name

    def _push(self, folder: str) -> Finding:
        try:
            other = Connection(self._account, Deadline(self._account.timeout))
        except ImapLibraryError as failure:
            self._append(self._watcher, folder)
            if self._failure:
                raise self._failure from None
            return Finding(
                "Push",
                State.NOTE,
                f"It was not tried, since that takes a second connection. {failure} Mailboxes of this "
                "account will share one connection.",
                {"seconds": None},
            )
        with closing(other):
            timer = threading.Timer(HEAD_START, self._append, [other, folder])
            at_most = HEAD_START + PUSH_SECONDS
            self._watcher.allow(Deadline(self._account.timeout + at_most), at_most)
            timer.start()
            pushed = self._watcher.idle(Deadline(at_most))
            took = time.monotonic()
            timer.join()
        if self._failure:
            raise self._failure
        if pushed and self._watcher.can_idle:
            seconds = max(0.0, took - self._done)
            text = f"The server announces an email within {_ms(seconds)} (IDLE)."
            return Finding("Push", State.OK, text, {"seconds": round(seconds, 4)})
        return Finding(
            "Push",
            State.NOTE,
            "The server does not announce emails (IDLE). Waits look for themselves, so they find "
            "them all the same, a little later.",
            {"seconds": None},
        )

    def _append(self, other: Connection, folder: str) -> None:
        raw = (
            f"From: {self._name}\r\nSubject: =?utf-8?q?Pr=C3=BCfung?=\r\n\r\n"
            "A probe of python -m ImapLibrary check.\r\n"
        ).encode()
        self._sent = datetime.now(timezone.utc)
        try:
            other.append(folder, [], None, len(raw), [raw])
        except Exception as failure:  # noqa: BLE001  # raised where its result is looked for
            self._failure = failure
        self._taken = datetime.now(timezone.utc)
        self._done = time.monotonic()

    def _clock(self) -> Finding:
        self._watcher.allow(Deadline(self._account.timeout))
        self._watcher.noop()
        fetched = self._watcher.fetch("1:*", "(UID INTERNALDATE)").values()
        dates: list[datetime] = [
            each[b"INTERNALDATE"] for each in fetched if each.get(b"INTERNALDATE")
        ]
        received = max(dates, default=None)
        if received is None:
            text = "The server did not say when it received the probe."
            return Finding("Clock", State.NOTE, text, {"skew": None})
        # Negative if the server is behind, nothing if it is between the two moments.
        seconds = min(0.0, (received - self._sent).total_seconds() + 1) or max(
            0.0, (received - self._taken).total_seconds()
        )
        if abs(seconds) <= SMALL_SKEW:
            return Finding("Clock", State.OK, "The server's is right.", {"skew": seconds})
        direction = "ahead" if seconds > 0 else "behind"
        return Finding(
            "Clock",
            State.NOTE,
            f"The server's is {abs(seconds):.0f} s {direction}. `since=` and `before=` go by it; "
            "`after=` with a mark does not depend on clocks.",
            {"skew": seconds},
        )

    def _search(self) -> Finding:
        try:
            found = self._watcher.search([b"SUBJECT", SUBJECT.encode()], "UTF-8")
        except CommandRefused as refused:
            said = refused.answer
        else:
            if found:
                text = "The server finds text outside ASCII."
                return Finding("Search", State.OK, text, {"non_ascii": True})
            said = "it found nothing"
        return Finding(
            "Search",
            State.NOTE,
            f"The server does not find text outside ASCII ({said}). Keywords then test the emails "
            "themselves, which takes longer in large folders.",
            {"non_ascii": False},
        )

    def _delete(self, folder: str) -> Finding | None:
        """Remove the folder, over another connection if this one is lost."""
        try:
            if self._watcher.broken:
                with closing(Connection(self._account, Deadline(self._account.timeout))) as other:
                    other.folders.delete(folder)
                    other.log_out()
            else:
                self._watcher.select("INBOX")
                self._watcher.folders.delete(folder)
        except ImapLibraryError as failure:
            text = f"The folder {folder!r} is left over, please delete it. {failure}"
            return Finding("Probe", State.NOTE, text)
        return None


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
