"""A logged-in connection to an IMAP server: the only module that knows IMAPClient.

IMAPClient and, below it, imaplib are used for what they do well: commands, literals and the
parsing of answers. IDLE is our own, because theirs overlooks what arrives together with another
answer, ahead of the server's consent or after its end. Every failure leaves here reworded.

A command that was interrupted, by a time-out or by Ctrl-C, leaves an answer behind that would
be taken for the answer of the next command. Such a connection is `broken` and never used again.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response, parse_message_list

from ImapLibrary.account import (
    Account,
    certificate_refused,
    greeting_failed,
    tls_failed,
    turned_away,
)
from ImapLibrary.arguments import Security, one_line, reveal
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    FolderNotFound,
    LoginFailed,
)
from ImapLibrary.imap4 import Imap4, Refused
from ImapLibrary.location import Location
from ImapLibrary.wire import Wire

LITERAL_WITHOUT_BLANK = re.compile(rb"(?<=>)(\{\d+\})$")
"""GreenMail leaves no blank between `BODY[]<0>` and the literal."""

T = TypeVar("T")

_log = logging.getLogger(__name__)

UNREADABLE = (
    ProtocolError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the parsers raise when they stumble over an answer that is not as it should be."""

LOGOUT_SECONDS = 3.0
"""Nobody wants to wait long for a farewell."""

MOST_GARBAGE = 200
"""So many characters are shown at most of what a server sent that is no IMAP."""

MOST_NAMES = 20
"""So many folders are named at most when one was not found."""


class Connection:
    """One session with a server, from greeting to log-out.

    location: the selected folder, in the state in which it was selected
    readonly: whether the server opened the folder for reading only
    round_trip: seconds that the quickest answer to a NOOP took, None before the first
    broken: whether the connection can't be used any more
    """

    def __init__(self, account: Account, deadline: Deadline) -> None:
        self.account = account
        self.location = Location(account.host, account.user, "", 0)
        self._uid_next = 1
        self._uid_next_known_at: int | None = None
        self.readonly = False
        self.round_trip: float | None = None
        self.broken = False
        self._idle_refused = False
        # First of all, because it fails if the file with the authorities can't be read.
        tls = None if account.security is Security.NONE else account.tls_context()
        self._wire = Wire(account.host, account.port, deadline)
        try:
            self._client = self._greet(tls)
            self._imap: Imap4 = self._client._imap
            self._log_in()
        except BaseException:
            self.close()
            raise

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
        """
        self._wire.deadline = limit.or_sooner(self.account.timeout + extra)

    @property
    def can_idle(self) -> bool:
        """Whether the server says that it can push (RFC 2177). May cost a CAPABILITY, once."""
        if self._idle_refused:
            return False
        return self._call("CAPABILITY", lambda: bool(self._client.has_capability("IDLE")))

    def select(self, folder: str) -> None:
        """Make `folder` the one that commands are about.

        Raises FolderNotFound, with the names that come near, if the server has no such folder,
        and CommandRefused if it has but does not open it.
        """
        name = self._client._normalise_folder(one_line("folder name", folder))
        try:
            answer = self._call("SELECT", lambda: self._select(name))
        except CommandRefused as refused:
            raise self._not_opened(folder, refused) from refused
        self._imap.exists = answer.get(b"EXISTS", 0)
        self.readonly = b"READ-ONLY" in answer
        uidvalidity = answer.get(b"UIDVALIDITY", 0)
        self.location = Location(self.account.host, self.account.user, folder, uidvalidity)
        self._uid_next = answer.get(b"UIDNEXT", 1)
        self._uid_next_known_at = None

    def folders(self) -> list[str]:
        """Return the names of all folders, as people write them."""
        listed = self._call("LIST", lambda: self._client.list_folders())
        return [str(name) for _, _, name in listed]

    def noop(self) -> None:
        """Let the server say what has changed, and learn how far away it is."""
        begin = time.perf_counter()
        self._call("NOOP", lambda: self._imap._simple_command("NOOP"))
        took = time.perf_counter() - begin
        self.round_trip = took if self.round_trip is None else min(took, self.round_trip)

    def next_uid(self) -> int:
        """Return the lowest UID that an email arriving from now on can have.

        UIDNEXT alone won't do: it is from the time of the SELECT, and some servers leave it out
        or give an old one. So the highest UID is asked for, unless the server has announced no
        arrival since that was done.
        """
        self.noop()
        if self._uid_next_known_at != self._imap.arrivals:
            self._uid_next_known_at = self._imap.arrivals
            highest = max(self.fetch_newest(1, "(UID)"), default=0)
            self._uid_next = max(self._uid_next, highest + 1)
        return self._uid_next

    def search(self, keys: Sequence[bytes], charset: str | None = None) -> list[int]:
        """Return the UIDs that the server finds, in ascending order (RFC 9051, section 6.4.4).

        keys: the search keys and their values as they go on the wire; a value with 8-bit
            characters is sent as a literal
        charset: the encoding of the values, None for US-ASCII
        """
        arguments = [b"CHARSET", charset.encode()] if charset else []
        arguments.extend(keys)
        return self._call("SEARCH", lambda: self._search(arguments))

    def fetch(self, uids: str, items: str) -> dict[int, dict[bytes, Any]]:
        """Return what was asked about the emails that are (still) there, by UID.

        uids: a set in the syntax of RFC 9051, such as `7`, `2:4` or `9:*`
        items: what to fetch, such as `(UID FLAGS)`

        What the server says about other emails on this occasion is returned too.
        """
        answer = self._call("FETCH", lambda: self._imap.uid("FETCH", uids, items)[1])
        return _by_uid(answer)

    def fetch_newest(self, count: int, items: str) -> dict[int, dict[bytes, Any]]:
        """Return what was asked about the `count` newest emails, by UID."""
        if not self.exists:
            return {}
        first = max(1, self.exists - count + 1)
        answer = self._call("FETCH", lambda: self._imap.fetch(f"{first}:*", items)[1])
        return _by_uid(answer)

    def add_flags(self, uids: str, flags: Iterable[str]) -> None:
        """Set flags on emails; the server is asked not to repeat them."""
        flag_list = f"({' '.join(flags)})"
        self._call("STORE", lambda: self._imap.uid("STORE", uids, "+FLAGS.SILENT", flag_list))

    def idle(self, until: Deadline) -> bool:
        """Let the server push until then, and say at once whether it announced a change.

        until: when to stop; the answer to DONE comes after it

        What arrived in one piece with another answer counts, and so does what the server says
        before its consent and after DONE. A server that refuses is not asked again; what it says
        of its own accord is heard all the same.
        """
        if not self._idle_refused:
            try:
                return self._call("IDLE", lambda: self._idle(until))
            except CommandRefused as refused:
                _log.debug("%s From now on it is asked instead.", refused)
                self._idle_refused = True
        return self._call("listening", lambda: self._listen(until))

    def log_out(self) -> None:
        """Take leave of the server and close the connection. Nothing is expunged.

        A server that does not answer soon is not waited for, and no failure is raised.
        """
        if not self.broken:
            self._wire.deadline = Deadline(LOGOUT_SECONDS)
            with suppress(ConnectionLost, CommandRefused):
                self._call("LOGOUT", self._client.logout)
        self.close()

    def close(self) -> None:
        """Close the connection as it is. Nothing is sent and nothing raised."""
        self.broken = True
        self._wire.close()

    def _greet(self, tls: ssl.SSLContext | None) -> _Client:
        account = self.account
        try:
            if tls and account.security is Security.TLS:
                self._wire.start_tls(tls, account.host)
            client = _Client(self._wire, account)
            if tls and account.security is Security.STARTTLS:
                self._start_tls(client, tls)
            return client
        except ssl.SSLCertVerificationError as error:
            raise certificate_refused(account, error) from error
        except OSError as error:
            raise tls_failed(account, error) from error
        except (imaplib.IMAP4.error, Refused, ConnectionLost) as error:
            said = error.args[0]
            if isinstance(said, bytes) and said.startswith(b"* BYE"):
                raise turned_away(account, _reworded(error)) from error
            raise greeting_failed(account, _reworded(error)) from error

    def _start_tls(self, client: _Client, tls: ssl.SSLContext) -> None:
        server = f"The server at {self.account.host} port {self.account.port}"
        advice = (
            "With security=TLS the connection is encrypted from the start (usually on port 993); "
            "with security=NONE everything is sent in plain text."
        )
        if client._imap.state == "AUTH":
            raise ConnectionFailed(
                f"{server} logged us in by its greeting (PREAUTH), after which TLS can't be "
                f"started. {advice}"
            )
        if not client.has_capability("STARTTLS"):
            raise ConnectionFailed(f"{server} offers no STARTTLS. {advice}")
        try:
            client.starttls(tls)
        except Refused as refused:
            raise ConnectionFailed(
                f"{server} refused STARTTLS: {_sentence(str(refused))} {advice}"
            ) from None

    def _log_in(self) -> None:
        if self._imap.state == "AUTH":  # greeted with PREAUTH: logged in already
            return
        user, password = self.account.user, reveal(self.account.password)
        try:
            with self._imap.untraced():
                self._call("LOGIN", lambda: self._authenticate(user, password))
        except CommandRefused as refused:
            answer = refused.answer.replace(password, "***") if password else refused.answer
            raise LoginFailed(
                f"Could not log in as {user} on {self.account.host}: {_sentence(answer)} "
                "Are user and password right, and is IMAP allowed for this account?"
            ) from None
        except ConnectionLost as lost:
            if password and password in str(lost.__cause__):
                raise ConnectionLost(
                    f"The connection of {self.account} ended in LOGIN. What the server said of it "
                    "repeats the password, so it is not shown."
                ) from None
            raise
        if "CAPABILITY" in self._imap.untagged_responses:
            self._client.capabilities()  # has them remembered, and spares asking later

    def _authenticate(self, user: str, password: str) -> None:
        plain_allowed = self._client.has_capability("AUTH=PLAIN")
        login_allowed = not self._client.has_capability("LOGINDISABLED")
        if login_allowed and (user + password).isascii():
            self._client.login(user, password)
        elif plain_allowed:
            # Beyond ASCII the LOGIN command has no encoding; SASL has UTF-8 (RFC 4616).
            self._client.plain_login(user, password)
        elif login_allowed:
            raise LoginFailed(
                f"Could not log in on {self.account.host}: user or password has characters "
                "outside ASCII, and the server does not offer AUTH=PLAIN, which could carry them."
            )
        else:
            raise LoginFailed(
                f"Could not log in on {self.account.host}: the server does not take passwords "
                "over this connection (LOGINDISABLED). Try security=TLS or security=STARTTLS."
            )

    def _search(self, arguments: list[bytes]) -> list[int]:
        answer = self._client._raw_command_untagged(b"SEARCH", arguments)
        return sorted(parse_message_list([b" ".join(line for line in answer if line)]))

    def _select(self, name: bytes) -> dict[bytes, Any]:
        self._imap.untagged_responses.clear()
        self._imap.is_readonly = True  # or imaplib takes a read-only folder for an error
        self._imap.state = "AUTH"  # a refused SELECT leaves no folder selected
        self._imap._simple_command("SELECT", name)
        self._imap.state = "SELECTED"
        answer: dict[bytes, Any] = self._client._process_select_response(
            self._imap.untagged_responses
        )
        return answer

    def _idle(self, until: Deadline) -> bool:
        imap = self._imap
        changes = imap.changes
        tag = imap._command("IDLE")
        while imap._get_response() is not None:  # None is the server's consent, "+"
            imap._check_bye()
            if imap.tagged_commands[tag]:  # it ended before it began, most likely by a refusal
                imap._command_complete("IDLE", tag)
                return imap.changes != changes
        self._listen(until, tag, changes)
        if not imap.tagged_commands[tag]:
            imap.send(b"DONE\r\n")
        imap._command_complete("IDLE", tag)
        return imap.changes != changes

    def _listen(self, until: Deadline, tag: Any = None, changes: int | None = None) -> bool:
        """Hear what the server says, until it announces a change, ends the command, or then.

        tag: the command that can end; None if none runs
        changes: the count before the command; None if it is the present one
        """
        imap = self._imap
        before = imap.changes if changes is None else changes
        while imap.changes == before and self._wire.wait_for_line(until):
            imap._get_response()
            imap._check_bye()
            if imap.tagged_commands.get(tag):
                break
        return imap.changes != before

    def _place(self) -> Location | Account:
        return self.location if self.location.folder else self.account

    def _not_opened(self, folder: str, refused: CommandRefused) -> CommandRefused:
        """Return the failure of a SELECT, with the names of folders that may have been meant."""
        tried = f"Could not open folder {folder!r} of {self.account}: {_sentence(refused.answer)}"
        try:
            names = self.folders()
        except (CommandRefused, ConnectionLost):
            return FolderNotFound(tried, refused.answer)
        if folder in names:
            return CommandRefused(tried, refused.answer)
        return FolderNotFound(f"{tried} {_near(folder, names)}", refused.answer)

    def _call(self, command: str, operation: Callable[[], T]) -> T:
        """Do one command, and see to it that a failure is told well and never used again."""
        if self.broken:
            raise ConnectionLost(f"The connection of {self.account} was lost before.")
        try:
            return operation()
        except Refused as refused:
            raise CommandRefused(
                f"The server refused {command} for {self._place()}: {_sentence(str(refused))}",
                str(refused),
            ) from None
        except ConnectionLost as lost:
            self.close()
            raise ConnectionLost(f"{lost} This was {command} for {self.account}.") from lost
        except UNREADABLE as error:
            self.close()
            raise ConnectionLost(
                f"The answer of {self.account} to {command} could not be understood: {error!r}"
            ) from error
        except imaplib.IMAP4.error as error:
            self.close()
            raise ConnectionLost(
                f"The connection of {self.account} ended in {command}: {_reworded(error)}"
            ) from error
        except BaseException:
            self.close()
            raise


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient over our wire."""

    def __init__(self, wire: Wire, account: Account) -> None:
        self._wire = wire
        self._account = account
        super().__init__(account.host, account.port, ssl=False)
        self.normalise_times = False
        self._imap.debug = 4  # the lines alone; 5 adds what each was matched with

    def _create_IMAP4(self) -> Imap4:
        return Imap4(self._wire, self._account.host, self._account.port)

    def starttls(self, context: ssl.SSLContext) -> None:
        """Go on in TLS. IMAPClient's own way is to wrap a socket, and asks what is known by now."""
        self._imap.starttls(context)
        self._cached_capabilities = None

    def _set_read_timeout(self) -> None:
        """Leave the socket alone: the wire knows its deadlines."""


def _by_uid(answer: Sequence[Any]) -> dict[int, dict[bytes, Any]]:
    """Parse the answer to a FETCH, each email by itself, so that an odd one costs no other.

    imaplib gives a tuple for each literal and ends each email with plain bytes. What comes
    without a UID was not asked for and can't be told whose it is.
    """
    emails: dict[int, dict[bytes, Any]] = {}
    lines: list[Any] = []
    for line in answer:
        lines.append(line)
        if not isinstance(line, bytes):
            continue
        for items in _parsed(lines):
            if isinstance(items.get(b"UID"), int):
                emails.setdefault(items[b"UID"], {}).update(items)
        lines = []
    return emails


def _parsed(lines: list[Any]) -> list[dict[bytes, Any]]:
    spaced = [
        (LITERAL_WITHOUT_BLANK.sub(rb" \1", line[0]), line[1]) if isinstance(line, tuple) else line
        for line in lines
    ]
    try:
        parsed = parse_fetch_response(spaced, normalise_times=False, uid_is_key=False)
        return list(parsed.values())
    except UNREADABLE as error:
        _log.debug("An answer to FETCH was left out because it could not be read: %s", error)
        return []


def _near(folder: str, names: list[str]) -> str:
    """Say which folders there are: those with a name like that one, else the first few."""
    by_case = {name.casefold(): name for name in names}
    near = [by_case[name] for name in get_close_matches(folder.casefold(), by_case, n=5)]
    if near:
        return f"Near it: {', '.join(near)}."
    more = " and more" if len(names) > MOST_NAMES else ""
    return f"There are: {', '.join(names[:MOST_NAMES])}{more}."


def _reworded(error: Exception) -> str:
    """Return what imaplib says of a lost connection as a sentence."""
    if isinstance(error, ConnectionLost):
        return str(error)
    if isinstance(error.args[0], bytes):  # a greeting
        return f"The server said: {_sentence(error.args[0].decode(errors='replace')[2:])}"
    reason = str(error).split(" => ", 1)[-1]
    if garbage := re.fullmatch("unexpected (?:tagged )?response: b(.*)", reason, re.DOTALL):
        return f"The server sent what is no IMAP: {garbage[1][:MOST_GARBAGE]}."
    return f"The server said: {_sentence(reason)}"


def _sentence(text: str) -> str:
    """Return what a server said with a full stop, for something follows it."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
