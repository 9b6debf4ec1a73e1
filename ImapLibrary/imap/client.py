"""IMAPClient on our wire: the only module that knows it.

IMAPClient and, below it, imaplib are used for what they do well: commands, literals and the
parsing of answers. Every failure leaves here reworded.

A command that was interrupted, by a time-out or by Ctrl-C, leaves an answer behind that would
be taken for the answer of the next command. Such a client is `broken` and never used again.
"""

from __future__ import annotations

import imaplib
import logging
import math
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response, parse_message_list

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import CommandRefused, ConnectionLost, FolderNotFound, QuotaExceeded
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.imap4 import Imap4, Refused, RefusedMidway
from ImapLibrary.imap.pace import Pace
from ImapLibrary.imap.wire import Wire
from ImapLibrary.location import Location

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

NONEXISTENT = "[NONEXISTENT]"
"""How servers say that there is no such folder (RFC 5530, section 3)."""

UNUSED = 10.0
"""Seconds after which a firewall or a server may have forgotten a connection. A NOOP tells; before
that, it would cost more than it is good for."""

TRIAL = 1 / 3
"""The part of the time within which a NOOP must be answered that comes first."""

SHORTEST_TRIAL = 1.0
"""If that part has fewer seconds, there is no time for another connection anyway."""

ABOUT_THE_OPEN_FOLDER = frozenset({"EXPUNGE", "FETCH", "IDLE", "NOOP", "SEARCH", "STORE"})
"""Commands that name no folder."""

GONE = "Something has deleted or renamed that folder since it was opened. `Select Folder` opens another."

MOST_GARBAGE = 200
"""So many characters are shown at most of what a server sent that is no IMAP."""


class Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient over a `Wire`. It greets on being made.

    account: whose connection it is, for failures
    pace: what its commands keep to
    place: what commands are about, for failures: the account, or the folder that is selected
    broken: whether it can't be used any more
    utf8: whether the server was told that we take and send UTF-8 (RFC 6855)
    """

    def __init__(self, wire: Wire, account: Account, pace: Pace | None = None) -> None:
        self._wire = wire
        self._pace = pace
        self.account = account
        self.place: Account | Location = account
        self.broken = False
        self.utf8 = False
        super().__init__(account.host, account.port, ssl=False)
        self.normalise_times = False
        self.imap.debug = 4  # the lines alone; 5 adds what each was matched with

    @property
    def imap(self) -> Imap4:
        """imaplib, for commands that it does better."""
        imap: Imap4 = self._imap
        return imap

    @property
    def late(self) -> bool:
        """Whether the time for what is being done is up."""
        return self._wire.deadline.passed

    def allow(self, deadline: Deadline, trial: float = TRIAL) -> None:
        """Set when everything has to be over from now on.

        trial: the part of the time in which the server has to answer a NOOP that comes first
        """
        self._wire.deadline, self._wire.patience = deadline, math.inf
        share = deadline.remaining() * trial
        self._wire.trial = share if share >= SHORTEST_TRIAL else None

    def call(self, command: str, operation: Callable[[], T]) -> T:
        """Do one command, and see to it that a failure is told well and never used again."""
        if self.broken:
            raise ConnectionLost(f"The connection of {self.account} was lost before.")
        if self._wire.trial and command != "NOOP":
            self._try_out()
        try:
            return operation()
        except Refused as refused:
            if isinstance(refused, RefusedMidway):
                self.close()
            said = f"The server refused {command} for {self.place}: {sentence(str(refused))}"
            if command in ABOUT_THE_OPEN_FOLDER and NONEXISTENT in str(refused):
                raise FolderNotFound(f"{said} {GONE}", str(refused)) from None
            raise refusal(said, str(refused)) from None
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
                f"The connection of {self.account} ended in {command}: {reworded(error)}"
            ) from error
        except BaseException:
            self.close()
            raise

    def command(self, name: str, *arguments: str | bytes, answer: str = "") -> list[Any]:
        """Do a command and return what the server says under that name, or under `answer`.

        name: one word, or two for a command by UID, such as `UID STORE`
        arguments: as they go on the wire
        answer: the name of an untagged response, or of a response code such as `COPYUID`
        """
        words = name.split()
        key = answer or words[-1]

        def operation() -> list[Any]:
            said = self.imap.untagged_responses
            said.pop(key, None)
            self.imap._simple_command(*words, *arguments)
            return list(said.pop(key, []))

        return self.call(words[-1], operation)

    @contextmanager
    def under_way(self, name: str, *arguments: str | bytes) -> Iterator[None]:
        """Do a command that takes a server its time, and meanwhile what is in the block.

        name, arguments: as for `command`; what the server says besides is not looked at

        When the block fails, the answer is read all the same; when it is interrupted, it is not.
        """
        words = name.split()
        tag = self.call(words[-1], lambda: self.imap._command(*words, *arguments))
        try:
            yield
        except Exception:
            self.call(words[-1], lambda: self.imap._command_complete(words[-1], tag))
            raise
        except BaseException:
            self.close()
            raise
        self.call(words[-1], lambda: self.imap._command_complete(words[-1], tag))

    def _try_out(self) -> None:
        """See whether the server still hears us, if there was no sign of it for a while.

        Any server answers a NOOP soon. What else is to be done may take it a long time, and that
        must not be taken for a lost connection.
        """
        if self._wire.unused < UNUSED:
            self._wire.trial = None
            return
        with suppress(CommandRefused):  # which is an answer
            self.call("NOOP", lambda: self.imap._simple_command("NOOP"))

    def has(self, capability: str) -> bool:
        """Return whether the server says that it can do something. May cost a CAPABILITY, once."""
        return self.call("CAPABILITY", lambda: bool(self.has_capability(capability)))

    def forget_capabilities(self) -> None:
        """Let what the server has said that it can do count no more."""
        self._cached_capabilities = None
        self.imap.untagged_responses.pop("CAPABILITY", None)

    def close(self) -> None:
        """Close the connection as it is. Nothing is sent and nothing raised."""
        self.broken = True
        self._wire.close()

    def starttls(self, context: ssl.SSLContext) -> None:
        """Go on in TLS. IMAPClient's own way is to wrap a socket, and asks what is known by now."""
        self.imap.starttls(context)
        self._cached_capabilities = None

    def _create_IMAP4(self) -> Imap4:
        return Imap4(self._wire, self.account.host, self.account.port, self._pace)

    def _send_literal(self, tag: bytes, item: bytes, *_: bool) -> None:
        """Send a literal. IMAPClient would log it: an email, or the code that one looks for."""
        # IMAPClient 4 says it by an argument, too.
        at_once = b"LITERAL+" in (self._cached_capabilities or ())
        size = b" {%d%s}\r\n" % (len(item), b"+" if at_once else b"")
        _log.debug("> %s and the literal", size.strip().decode())
        self.imap.send(size)
        if not at_once:
            self.imap.await_consent(tag)
        self.imap.send(item)

    def _set_read_timeout(self) -> None:
        """Leave the socket alone: the wire knows its deadlines."""


def parsed_fetch(lines: Sequence[Any]) -> list[dict[bytes, Any]]:
    """Return what answers to FETCH say, email by email. Raises one of UNREADABLE."""
    return list(parse_fetch_response(lines, normalise_times=False, uid_is_key=False).values())


def parsed_uids(answer: Sequence[bytes | None]) -> list[int]:
    """Return the UIDs in the answer to SEARCH, in ascending order. Raises one of UNREADABLE."""
    return sorted(parse_message_list([b" ".join(line for line in answer if line)]))


def refusal(said: str, answer: str) -> CommandRefused:
    """Return the failure for an answer of NO or BAD, with advice where the reason is known."""
    if "[TRYCREATE]" in answer:  # RFC 9051, section 7.1
        return FolderNotFound(f"{said} `Create Folder` makes the folder.", answer)
    if "bandwidth limits" in answer:  # Gmail calls this OVERQUOTA, too
        return CommandRefused(f"{said} Too much was asked for of late: try again later.", answer)
    if "[OVERQUOTA]" in answer:  # RFC 9208, section 4.3
        return QuotaExceeded(f"{said} There is no room left for it: delete emails first.", answer)
    return CommandRefused(said, answer)


def reworded(error: Exception) -> str:
    """Return what imaplib says of a lost connection as a sentence."""
    if isinstance(error, ConnectionLost):
        return str(error)
    if isinstance(error.args[0], bytes):  # a greeting
        return f"The server said: {sentence(error.args[0].decode(errors='replace')[2:])}"
    reason = str(error).split(" => ", 1)[-1]
    if garbage := re.fullmatch("unexpected (?:tagged )?response: b(.*)", reason, re.DOTALL):
        return f"The server sent what is no IMAP: {garbage[1][:MOST_GARBAGE]}."
    return f"The server said: {sentence(reason)}"


def sentence(text: str) -> str:
    """Return what a server said with a full stop, for something follows it."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
