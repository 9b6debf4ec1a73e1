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

from resources.WebSite import WebSite
from servers.base import HOST, PASSWORD, Running

from faults.account import FILE, LARGE_FILE, LINK, UNREAD, Places, Snapshot, TestAccount
from faults.keywords.base import NETWORK_SECONDS, Keyword
from faults.kinds import Due, Kind
from faults.proxy import BEGINNING, Proxy
from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import Security
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.imap.client import UNUSED
from ImapLibrary.location import Mark

LATER = BEGINNING
"""Seconds after the start of a keyword at which something happens to the mailbox."""

PATIENCE = 4
"""So many times its seconds a keyword gets where it need not fail: a busy machine is no fault."""

SETTLES = 5.0
"""Seconds in which a server ends what it was doing when the connection was lost."""

PAGE_ENDS = b"</pre>\n"
"""What a text ends with that is saved for a browser."""

UNSENT = "was not sent"
"""What a failure says when nobody can have got the email."""

SILENCE = "answer within"
"""What a failure says when the time was too short for one command."""

LAST_MOMENT = 0.5
"""A keyword that fails within so many seconds of its deadline had too little time for all of them."""

_SENTENCES = re.compile(r"[A-Z`'\"].{19,}[.!?:]")


@dataclass(frozen=True)
class Result:
    """What came of a cell.

    complaints: what was not as promised, empty if all was
    overrun: so many seconds after its deadline the keyword ended, below zero if before
    again: whether all that was wrong may be a busy machine, or an answer shorter than the one before
    traffic: how many bytes passed each way, or will pass for certain if the keyword is not steady
    """

    cell: str
    complaints: list[str]
    overrun: float = 0.0
    again: bool = False
    traffic: tuple[int, int] = (0, 0)


class Cell:
    """One run of a keyword, with an account and a proxy of its own.

    traffic: how many bytes pass each way when nothing goes wrong

    library: as Robot Framework would have it
    mark, uids: of the mailbox, by subject, before the keyword
    raw: an email as the server has it
    folder: for files
    disturbed: whether a connection may be lost, so that something is done again
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
        self.library: Any = ImapLibrary(legacy_hints=False)
        self.mark: Mark | None = None
        self.uids: dict[str, int] = {}
        self.disturbed = kind.due is not Due.RESULT
        self._server, self._keyword, self._kind = server, keyword, kind
        self._patience = 1 if kind.due is Due.EITHER else PATIENCE
        self._number = number
        self._fault = kind.fault(*traffic)
        self._expected: Snapshot = {}
        self._later: list[threading.Thread] = []
        self._server_runs = threading.Lock()
        self._complaints: list[str] = []
        self._doubts: list[str] = []  # complaints, but a busy machine may be all that is wrong

    @property
    def address(self) -> str:
        """The address of the account, which is also the user's name."""
        return self._account.address

    @property
    def port(self) -> int:
        """Where the server is reached through the proxy."""
        return self._proxy.port

    @property
    def timeout(self) -> timedelta:
        """How long the keyword may take."""
        return timedelta(seconds=self._keyword.seconds * self._patience)

    def run(self) -> Result:
        """Do it, and return what came of it."""
        try:
            return self._prepared()
        except Exception as error:  # noqa: BLE001  # the other cells are of interest all the same
            complaint = f"It could not be prepared or looked at: {error!r}"
            return Result(self.name, [complaint], again=True)

    def _prepared(self) -> Result:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self._account = TestAccount(self._server, self._number)
            stack.callback(self._account.close)
            self._account.fill(large=self._keyword.large, link=self._link(stack))
            self.raw = self._account.raw(UNREAD)
            self._proxy = stack.enter_context(Proxy(self._disturbed_port, self._restart))
            if self._keyword.opened:
                self._open_first()
            self._expected = self._account.snapshot()
            return self._measure()

    @property
    def _disturbed_port(self) -> int:
        if self._keyword.sends:
            return self._server.delivery_port
        return self._server.imaps_port if self._kind.tls else self._server.imap_port

    def _link(self, stack: ExitStack) -> str:
        """Return where the links in the emails lead, which is a real page if it has to be."""
        if not self._keyword.site:
            return LINK
        site = WebSite()
        stack.callback(site._close)
        return f"{site.start_web_site()}/welcome"

    def open_mailbox(
        self, alias: str = "qa", *, direct: bool = False, folder: str = "INBOX", **way_in: str
    ) -> str:
        """Open the mailbox.

        direct: not through the proxy
        way_in: how to log in, by default the password
        """
        secure = self._kind.tls and not direct
        opened: str = self.library.open_mailbox(
            HOST,
            self.address,
            port=self._server.imap_port if direct else self.port,
            security=Security.TLS if secure else Security.NONE,
            verify=self._server.ca_file,
            alias=alias,
            folder=folder,
            timeout=timedelta(seconds=NETWORK_SECONDS * self._patience),
            **(way_in or {"password": PASSWORD}),
        )
        return opened

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
        self.open_mailbox(direct=self._keyword.sends)
        self.mark = self.library.get_mailbox_mark()
        self.uids = {email.subject: email.uid for email in self.library.find_emails()}
        if self._keyword.prepare:
            self._keyword.prepare(self)

    def _do_later(self, action: Callable[[], None]) -> None:
        def act() -> None:
            with self._server_runs:
                try:
                    action()
                except Exception as error:  # noqa: BLE001  # or nobody would be told
                    self._complaints.append(f"Nothing could happen to the mailbox: {error!r}")

        timer = threading.Timer(LATER, act)
        timer.start()
        self._later.append(timer)

    def _leave_unused(self) -> None:
        """Let the connections be as if nothing had come over them for a while."""
        for mailbox in self.library._mailboxes._open.values():
            mailbox.line.connection._wire._heard_at -= UNUSED

    def _measure(self) -> Result:
        if self._kind.unused:
            self._leave_unused()
        self._proxy.arm(self._fault)
        begin = time.monotonic()
        failure = self._outcome()
        overrun = time.monotonic() - begin - self.timeout.total_seconds()
        traffic, struck = self._traffic(), self._proxy.struck
        self._proxy.arm(None)
        for thread in self._later:
            thread.join()
        with self._server_runs:  # it may have failed before the server was up again
            pass
        self._check_outcome(failure, overrun)
        if not struck:
            self._doubts.append("The keyword was over before the fault.")
        self._check_mailbox(failure)
        self._check_files()
        self._check_next_keyword()
        if overrun > self._keyword.grace:
            self._doubts.append(f"It ended {overrun:.1f} s after its deadline.")
        again = bool(self._doubts) and not self._complaints
        return Result(self.name, self._complaints + self._doubts, overrun, again, traffic)

    def _traffic(self) -> tuple[int, int]:
        if self._keyword.steady:
            return self._proxy.commands, self._proxy.answers
        commands, answers = self._proxy.beginning
        return commands // 2, answers // 2  # so much passes in any case

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
            too_short = overrun > -LAST_MOMENT or SILENCE in failure
            complaints = self._doubts if too_short else self._complaints
            complaints.append(f"It failed, though it need not have: {failure}")
        if failure and not _SENTENCES.fullmatch(failure.splitlines()[0]):
            self._complaints.append(f"Its failure is no full sentence: {failure}")

    def _check_mailbox(self, failure: str) -> None:
        """Find emails that are not where they should be, as soon as the server has settled."""
        end = time.monotonic() + SETTLES
        while (wrong := self._misplaced(failure)) and time.monotonic() < end:
            time.sleep(0.2)
        self._complaints += wrong

    def _misplaced(self, failure: str) -> list[str]:
        promised = self._keyword.promise(self._expected)
        allowed = [self._expected] if UNSENT in failure else [promised]
        if failure and UNSENT not in failure:
            allowed += [self._expected, self._keyword.halfway(self._expected)]
        after = self._account.snapshot()
        wrong = []
        for subject in sorted({*self._expected, *promised, *after}):
            found, right = after.get(subject, ()), [each.get(subject, ()) for each in allowed]
            if found not in right:
                wanted = " or ".join(map(_places, dict.fromkeys(right)))
                wrong.append(f"The email {subject!r} is {_places(found)} now, and not {wanted}.")
        return wrong

    def _check_files(self) -> None:
        """Find files that are not whole."""
        for path in self.folder.rglob("*"):
            if path.is_file() and not self._is_whole(path):
                self._complaints.append(f"The file {path.name} is not whole.")

    def _is_whole(self, path: Path) -> bool:
        content = path.read_bytes()
        if path.suffix == ".html":
            return content.endswith(PAGE_ENDS)
        return content in (FILE, LARGE_FILE, self.raw)

    def _check_next_keyword(self) -> None:
        """See whether the library goes on as if nothing had been."""
        try:
            if self._keyword.opened and not self._keyword.closes:
                folder = self.library.get_folder_status().name
                found, there = self.library.get_email_count(), self._account.count(folder)
                if found != there:
                    self._complaints.append(f"The next keyword counts {found}, not {there}.")
            self.library.close_all_mailboxes()
        except ImapLibraryError as failure:
            complaints = self._doubts if SILENCE in str(failure) else self._complaints
            complaints.append(f"The next keyword fails: {failure}")


def _places(places: Places) -> str:
    return " and ".join(f"in {folder} {flags}" for folder, flags in places) or "nowhere"
