"""A logged-in connection to an IMAP server, and what is asked about the folder it has selected."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from typing import Any

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import CommandRefused, ConnectionLost, FolderNotFound
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.answers import SPAN_OPTIONS, Span, appended_uid, by_uid, told_span, told_uids
from ImapLibrary.imap.client import parsed_uids
from ImapLibrary.imap.folders import Folders
from ImapLibrary.imap.habits import Habits, habits_of, is_well_known
from ImapLibrary.imap.idling import idle, listen
from ImapLibrary.imap.knownuids import KnownUids
from ImapLibrary.imap.login import greet, log_in
from ImapLibrary.imap.pace import Pace
from ImapLibrary.imap.tunnel import reach
from ImapLibrary.location import Location, Mark, check_location

_log = logging.getLogger(__name__)

LOGOUT_SECONDS = 3.0
"""Nobody wants to wait long for a farewell."""

AT_ONCE = 1.0
"""A server that ends IDLE within so many seconds can't push. Others end it after half an hour."""


class Connection:
    """One session with a server, from greeting to log-out.

    pace: what its commands keep to

    location: the selected folder, in the state in which it was selected
    readonly: whether the folder is open for reading only
    permanent_flags: the flags that can be set in it, `\\*` for any others; None if nobody said
    folders: the folders of the account
    round_trip: seconds that the quickest answer to a NOOP took, None before the first
    """

    def __init__(self, account: Account, deadline: Deadline, pace: Pace | None = None) -> None:
        self.account = account
        self.location = Location(account.host, account.port, account.user, "", 0)
        self._uids = KnownUids()
        self.readonly = False
        self.permanent_flags: tuple[str, ...] | None = None
        self.round_trip: float | None = None
        self._idle_refused = False
        # First of all, because it fails if the file with the authorities can't be read.
        tls = None if account.security is Security.NONE else account.tls_context()
        self._wire = reach(account, deadline)
        try:
            self._client = greet(self._wire, account, tls, pace)
            self._imap = self._client.imap
            log_in(self._client)
            self.folders = Folders(self._client)
        except BaseException:
            self._wire.close()
            raise

    @property
    def broken(self) -> bool:
        """Whether the connection can't be used any more."""
        return self._client.broken

    @property
    def exists(self) -> int:
        """How many emails the folder has, by the server's last word."""
        return self._imap.exists

    @property
    def arrivals(self) -> int:
        """How often the server has said that emails arrived."""
        return self._imap.arrivals

    def allow(self, limit: Deadline, extra: float = 0.0) -> None:
        """Set when everything that is done from now on has to be over.

        limit: the latest moment there is
        extra: seconds that are granted beyond the account's time-out, for an IDLE that is to last

        If the first command is a NOOP, the server has a part of the time to answer it: when it
        does not hear us any more, there is time left for a new connection. If it is another one,
        a NOOP precedes it when the connection was not used for a while.
        """
        self._client.allow(limit.or_sooner(self.account.timeout + extra))

    def bear(self, silence: float) -> None:
        """Give the server up when it says nothing for so many seconds, until `allow` is called."""
        self._wire.patience = silence

    @property
    def can_idle(self) -> bool:
        """Whether the server says that it can push (RFC 2177). May cost a CAPABILITY, once."""
        if self._idle_refused:
            return False
        return self.has("IDLE")

    @property
    def habits(self) -> Habits:
        """What is known of how the server searches. May cost a CAPABILITY, once."""
        return self._client.call(
            "CAPABILITY", lambda: habits_of(self._imap.welcome, self._client.has_capability)
        )

    @property
    def well_known(self) -> bool:
        """Whether the server's UIDNEXT, and its silence about arrivals, can be relied on."""
        return is_well_known(self._imap.welcome)

    def select(self, folder: str, *, readonly: bool = False) -> None:
        """Make `folder` the one that commands are about.

        readonly: open it so that nothing can be changed (EXAMINE)

        Raises FolderNotFound, with the names that come near, if the server has no such folder,
        and CommandRefused if it has but does not open it. Then no folder is selected.
        """
        name = self.folders.wire(folder)
        command = "EXAMINE" if readonly else "SELECT"
        try:
            answer = self._client.call(command, lambda: self._select(command, name))
        except CommandRefused as refused:
            raise self.folders.refusal(f"open folder {folder!r}", folder, refused) from refused
        self._imap.exists = answer.get(b"EXISTS", 0)
        self.readonly = readonly or b"READ-ONLY" in answer
        flags = answer.get(b"PERMANENTFLAGS")
        self.permanent_flags = None if flags is None else tuple(map(_text, flags))
        self.location = Location(
            self.account.host,
            self.account.port,
            self.account.user,
            self.folders.normal(folder),
            answer.get(b"UIDVALIDITY", 0),
        )
        self._client.place = self.location
        known = b"UIDNEXT" in answer and self.well_known
        self._uids = KnownUids(answer.get(b"UIDNEXT", 1), self.arrivals if known else None)

    def command(self, name: str, *arguments: str | bytes, answer: str = "") -> list[Any]:
        """Do a command and return what the server says under its name, or under `answer`."""
        return self._client.command(name, *arguments, answer=answer)

    def under_way(self, name: str, *arguments: str | bytes) -> AbstractContextManager[None]:
        """Do a command that takes a server its time, and meanwhile what is in the block."""
        return self._client.under_way(name, *arguments)

    def has(self, capability: str) -> bool:
        """Return whether the server says that it can do something. May cost a CAPABILITY, once."""
        return self._client.has(capability)

    def append(
        self,
        folder: str,
        flags: Sequence[str],
        date: datetime | None,
        size: int,
        pieces: Iterable[bytes],
    ) -> int | None:
        """Add an email to a folder, and return its UID there if the server says it.

        size: how many bytes the pieces have altogether

        Raises CommandRefused, and QuotaExceeded if there is no room left.
        """
        name, said = self.folders.wire(folder), self._imap.untagged_responses
        said.pop("APPENDUID", None)
        try:
            self._client.call(
                "APPEND",
                lambda: self._imap.append_in_pieces(name, " ".join(flags), date, size, pieces),
            )
        except CommandRefused as refused:
            raise self.folders.refusal(
                f"append an email of {size:,} bytes to folder {folder!r}", folder, refused
            ) from None
        return appended_uid(said.pop("APPENDUID", []))

    @contextmanager
    def elsewhere(self, folder: str) -> Iterator[None]:
        """Look into another folder for the length of a block. Nothing can be changed there.

        When the block is left early, the connection is closed, for it can't be relied on that the
        right folder is selected. Raises MarkMismatch if its UIDs have lost their meaning meanwhile.
        """
        here, readonly = self.location, self.readonly
        try:
            self.select(folder, readonly=True)
            yield
            self.select(here.folder, readonly=readonly)
            check_location(here, self.location)
        except BaseException:
            self.location = here
            self.close()
            raise

    def noop(self) -> None:
        """Let the server say what has changed, and learn how far away it is."""
        begin = time.perf_counter()
        self._client.call("NOOP", lambda: self._imap._simple_command("NOOP"))
        took = time.perf_counter() - begin
        self.round_trip = took if self.round_trip is None else min(took, self.round_trip)

    def next_uid(self) -> int:
        """Return the lowest UID that an email arriving from now on can have.

        UIDNEXT alone won't do: it is from the time of the SELECT, and some servers leave it out
        or give an old one. So the highest UID is asked for, unless the server has announced no
        arrival since a FETCH has shown it, or since the SELECT if its word on that is good. Then
        this costs one command. It has to be NOOP, which makes every server announce what has
        arrived by now; FETCH and SEARCH answer from before that (Dovecot, pymap).
        """
        self.noop()
        return self.next_uid_if_still()

    def next_uid_if_still(self) -> int:
        """Return `next_uid` without a NOOP, as is enough just after the folder was selected."""
        arrivals = self.arrivals
        if self._uids.arrivals != arrivals:
            self._uids.note_highest(self.fetch_newest(1, "(UID)"), arrivals)
        return self._uids.next

    def mark(self) -> Mark:
        """Return the mark of this moment: what arrives from now on is later."""
        return Mark(self.location, self.next_uid())

    def search(self, keys: Sequence[bytes], charset: str | None = None) -> list[int]:
        """Return the UIDs that the server finds, in ascending order (RFC 9051, section 6.4.4).

        keys: the search keys and their values as they go on the wire; a value with 8-bit
            characters is sent as a literal
        charset: the encoding of the values, None for US-ASCII
        """
        # Where all is UTF-8, naming a charset is an error (RFC 6855, section 3).
        arguments = [b"CHARSET", charset.encode()] if charset and not self._client.utf8 else []
        arguments.extend(keys)
        return self._client.call("SEARCH", lambda: self._search(arguments))

    def span(self, *keys: bytes) -> Span:
        """Return between which UIDs the emails are that the server finds, and how many they are.

        Where the server can (ESEARCH, RFC 4731), it does not list them.
        """
        if self.has("ESEARCH"):
            with suppress(CommandRefused):
                told = self.command("UID SEARCH", SPAN_OPTIONS, *keys, answer="ESEARCH")
                if (span := told_span(told)) is not None:
                    return span
        self._imap.untagged_responses.pop("SEARCH", None)  # some answer as if nothing was said
        uids = self.search(keys)
        return Span(uids[0], uids[-1], len(uids)) if uids else Span()

    def fetch(self, uids: str, items: str) -> dict[int, dict[bytes, Any]]:
        """Return what was asked about the emails that are (still) there, by UID.

        uids: a set in the syntax of RFC 9051, such as `7`, `2:4` or `9:*`
        items: what to fetch, such as `(UID FLAGS)`

        What the server says about other emails on this occasion is returned too.
        """
        arrivals, gone = self.arrivals, self._imap.gone
        answer = self._fetch(lambda: self._imap.uid("FETCH", uids, items))
        self._uids.note_shown(answer, gone, self._imap.gone)
        first, _, last = uids.partition(":")
        # Otherwise the highest need not be among them.
        if last == "*" and first.isdigit() and max(answer, default=0) >= int(first):
            self._uids.note_highest(answer, arrivals)
        return answer

    def has_shown(self, uids: Iterable[int]) -> bool:
        """Return whether all of these emails were fetched, and the server told of none going since.

        Just after a NOOP, by which servers tell what has gone (RFC 9051, section 6.1.2), they are there.
        """
        return self._uids.has_shown(uids, self._imap.gone)

    def fetch_newest(self, count: int, items: str) -> dict[int, dict[bytes, Any]]:
        """Return what was asked about the `count` newest emails, by UID."""
        if not self.exists or count < 1:
            return {}
        first = max(1, self.exists - count + 1)
        return self._fetch(lambda: self._imap.fetch(f"{first}:*", items))

    def idle(self, until: Deadline) -> bool:
        """Let the server push until then, and say at once whether it announced a change.

        until: when to stop; the answer to DONE comes after it

        What arrived in one piece with another answer counts, and so does what the server says
        before its consent and after DONE. A server that refuses, or ends it at once, is not asked
        again; what it says of its own accord is heard all the same. When one ends it later, there
        is time left until then.
        """
        if not self._idle_refused:
            soon = Deadline(AT_ONCE)
            try:
                pushed = self._client.call("IDLE", lambda: idle(self._imap, until))
            except FolderNotFound:
                raise
            except CommandRefused as refused:
                _log.debug("%s From now on it is asked instead.", refused)
                self._idle_refused = True
            else:
                if not (pushed or until.passed or soon.passed):
                    _log.debug("The server ended IDLE at once. From now on it is asked instead.")
                    self._idle_refused = True
                return pushed
        return self._client.call("listening", lambda: listen(self._imap, until))

    def log_out(self, limit: Deadline | None = None) -> None:
        """Take leave of the server and close the connection. Nothing is expunged.

        limit: when that has to be over, if a little while is not sooner

        A server that does not answer soon is not waited for, and no failure is raised.
        """
        if not self.broken:
            soon = min(LOGOUT_SECONDS, self.account.timeout)
            self._client.allow(limit.or_sooner(soon) if limit else Deadline(soon), trial=0)
            with suppress(ConnectionLost, CommandRefused):
                self._client.call("LOGOUT", self._client.logout)
        self.close()

    def close(self) -> None:
        """Close the connection as it is. Nothing is sent and nothing raised."""
        self._client.close()

    def _fetch(self, operation: Callable[[], tuple[str, list[Any]]]) -> dict[int, dict[bytes, Any]]:
        # What was said before, unasked, may be of emails that are gone by now.
        self._imap.untagged_responses.pop("FETCH", None)
        return by_uid(self._client.call("FETCH", lambda: operation()[1]))

    def _search(self, arguments: list[bytes]) -> list[int]:
        said = self._imap.untagged_responses
        said.pop("ESEARCH", None)
        uids = parsed_uids(self._client._raw_command_untagged(b"SEARCH", arguments))
        return uids or told_uids(said.pop("ESEARCH", []))

    def _select(self, command: str, name: bytes) -> dict[bytes, Any]:
        self._imap.untagged_responses.clear()
        self._imap.is_readonly = True  # or imaplib takes a read-only folder for an error
        self._imap.state = "AUTH"  # a refused SELECT leaves no folder selected
        self._imap._simple_command(command, name)
        self._imap.state = "SELECTED"
        answer: dict[bytes, Any] = self._client._process_select_response(
            self._imap.untagged_responses
        )
        return answer


def _text(flag: bytes) -> str:
    return flag.decode(errors="replace")
