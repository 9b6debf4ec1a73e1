"""One cell of the matrix: a keyword, a fault and a server."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from servers.base import HOST, PASSWORD, Running

from faults.account import FILE, LARGE_FILE, UNREAD, Snapshot, TestAccount
from faults.keywords import NETWORK_SECONDS, Keyword
from faults.kinds import Due, Kind
from faults.proxy import Proxy
from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import Security
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.location import Mark

LATER = 0.4
"""Seconds after the start of a keyword at which something happens to the mailbox."""

_SENTENCES = re.compile(r"[A-Z`'\"].{19,}[.!?:]")


@dataclass(frozen=True)
class Result:
    """What came of a cell.

    complaints: what was not as promised, empty if all was
    failure: the text of the keyword's failure, "" if it succeeded
    overrun: so many seconds after its deadline the keyword ended, below zero if before
    commands, answers: how many bytes passed each way
    """

    cell: str
    complaints: list[str]
    failure: str
    overrun: float
    commands: int
    answers: int


class Cell:
    """One run of a keyword, with an account and a proxy of its own.

    traffic: how many bytes pass each way when nothing goes wrong

    library: as Robot Framework would have it
    mark, uids: of the mailbox, by subject, before the keyword
    raw: an email as the server has it
    folder: for files
    """

    def __init__(
        self,
        server: Running,
        keyword: Keyword,
        kind: Kind,
        number: int,
        traffic: tuple[int, int] = (0, 0),
    ) -> None:
        self.name = f"{keyword.name} / {kind.name} / {server.name}"
        self.library: Any = ImapLibrary()
        self.mark: Mark | None = None
        self.uids: dict[str, int] = {}
        self.disturbed = kind.due is not Due.RESULT
        self._server, self._keyword, self._kind = server, keyword, kind
        self._number = number
        self._fault = kind.fault(*traffic)
        self._expected: Snapshot = {}
        self._later: list[threading.Thread] = []
        self._server_runs = threading.Lock()
        self._complaints: list[str] = []

    def run(self) -> Result:
        """Do it, and return what came of it."""
        try:
            return self._prepared()
        except Exception as error:  # noqa: BLE001  # the other cells are of interest all the same
            complaint = f"It could not be prepared or looked at: {error!r}"
            return Result(self.name, [complaint], "", 0.0, 0, 0)

    def _prepared(self) -> Result:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self._account = TestAccount(self._server, self._number)
            stack.callback(self._account.close)
            self._account.fill(large=self._keyword.large)
            self.raw = self._account.raw(UNREAD)
            port = self._server.imaps_port if self._kind.tls else self._server.imap_port
            self._proxy = stack.enter_context(Proxy(port, self._restart))
            if self._keyword.opened:
                self._open_first()
            self._expected = self._account.snapshot()
            return self._measure()

    def open_mailbox(self) -> str:
        """Open the mailbox, through the proxy."""
        alias: str = self.library.open_mailbox(
            HOST,
            self._account.address,
            PASSWORD,
            port=self._proxy.port,
            security=Security.TLS if self._kind.tls else Security.NONE,
            verify=self._server.ca_file,
            alias="qa",
            timeout=timedelta(seconds=NETWORK_SECONDS),
        )
        return alias

    def deliver_later(self, subject: str) -> None:
        """Let an email arrive in the middle of the keyword."""
        self._expected[subject] = (("INBOX", ()),)
        self._do_later(partial(self._account.deliver, subject))

    def delete_later(self, subject: str) -> None:
        """Let another client delete an email in the middle of the keyword."""
        del self._expected[subject]
        self._do_later(partial(self._account.delete, subject))

    def _restart(self) -> None:
        if self._server.restart is None:
            raise RuntimeError(f"{self._server.name} can't be restarted.")
        with self._server_runs:
            self._server.restart()
            self._account.reconnect()

    def _open_first(self) -> None:
        self.open_mailbox()
        self.mark = self.library.get_mailbox_mark()
        self.uids = {email.subject: email.uid for email in self.library.find_emails()}

    def _do_later(self, action: Callable[[], None]) -> None:
        def act() -> None:
            with self._server_runs:
                action()

        timer = threading.Timer(LATER, act)
        timer.start()
        self._later.append(timer)

    def _measure(self) -> Result:
        self._proxy.arm(self._fault)
        begin = time.monotonic()
        failure = self._outcome()
        overrun = time.monotonic() - begin - self._keyword.seconds
        traffic = self._proxy.commands, self._proxy.answers
        struck = self._proxy.struck
        self._proxy.arm(None)
        for thread in self._later:
            thread.join()
        with self._server_runs:  # it may have failed before the server was up again
            pass
        self._check_outcome(failure, overrun)
        if not struck:
            self._complaints.append("The keyword was over before the fault.")
        self._check_mailbox(done=not failure)
        self._check_files()
        self._check_next_keyword()
        return Result(self.name, self._complaints, failure, overrun, *traffic)

    def _outcome(self) -> str:
        """Call the keyword, and return how it fails, "" if it does not."""
        try:
            self._keyword.call(self)
        except ImapLibraryError as failure:
            return str(failure)
        except AssertionError as wrong:
            self._complaints.append(str(wrong))
        except Exception as error:  # noqa: BLE001  # that is the finding
            self._complaints.append(f"It broke with {error!r}.")
            return repr(error)
        return ""

    def _check_outcome(self, failure: str, overrun: float) -> None:
        due = self._kind.due
        if failure and (due is Due.RESULT or (due is Due.REPAIR and self._keyword.repairs)):
            self._complaints.append(f"It failed, though it need not have: {failure}")
        if failure and not _SENTENCES.fullmatch(failure.splitlines()[0]):
            self._complaints.append(f"Its failure is no full sentence: {failure}")
        if overrun > self._keyword.grace:
            self._complaints.append(f"It ended {overrun:.1f} s after its deadline.")

    def _check_mailbox(self, *, done: bool) -> None:
        promised = self._keyword.promise(self._expected)
        halfway = self._keyword.halfway(self._expected)
        after = self._account.snapshot()
        for subject in sorted({*self._expected, *promised, *after}):
            allowed = [promised.get(subject, ())]
            if not done:
                allowed += [each.get(subject, ()) for each in (self._expected, halfway)]
            if after.get(subject, ()) not in allowed:
                self._complaints.append(
                    f"The email {subject!r} is {_places(after.get(subject, ()))} now, and not "
                    f"{' or '.join(map(_places, allowed))}."
                )

    def _check_files(self) -> None:
        """Find files that are not whole."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.read_bytes() not in (FILE, LARGE_FILE, self.raw):
                self._complaints.append(f"The file {path.name} is not whole.")

    def _check_next_keyword(self) -> None:
        """See whether the library goes on as if nothing had been."""
        try:
            if self._keyword.opened and self._keyword.name != "Close Mailbox":
                found = self.library.get_email_count()
                emails = self._account.snapshot()
                del emails["folder INBOX"]
                there = sum(folder == "INBOX" for at in emails.values() for folder, _ in at)
                if found != there:
                    self._complaints.append(f"The next keyword counts {found}, not {there}.")
            self.library.close_all_mailboxes()
        except ImapLibraryError as failure:
            self._complaints.append(f"The next keyword fails: {failure}")


def _places(places: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return " and ".join(f"in {folder} {flags}" for folder, flags in places) or "nowhere"
