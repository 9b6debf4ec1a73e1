"""An IMAP server for what real ones can't be made to do: lie, be late, dribble, break off.

By default it serves the emails of one folder correctly, as far as the library asks. A test
replaces what is to go wrong:

    with ScriptedServer(email(1)) as server:
        server.on["NOOP"] = lambda session, tag, arguments: session.bye("Going down")

What the client sent is in `server.lines`, so that a test can count commands and round trips.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Handler = Callable[["Session", str, str], None]


def message(subject: str = "Hello", text: str = "Some text.", **headers: str) -> bytes:
    """Return the bytes of a plain email. Headers are named as in `message_id="<1@x>"`."""
    fields = {"from": "Shop <noreply@shop.example>", "to": "qa@example.com", "subject": subject}
    fields.update(headers)
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", text, ""]).encode()


@dataclass(eq=False)
class Stored:
    """An email in the folder, which is no other one, however much alike."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class ScriptedServer:
    """A server on a free loopback port, with one folder and any number of sessions at a time.

    The folder is there under every name, unless there is an archive.

    on: handlers by command (`UID FETCH` counts as `FETCH`), each replaces the default; GREETING
        counts as a command, and so does LITERAL, which is about to be asked for
    has_archive: whether Archive is a folder of its own, which emails are copied and moved to
    archived: the emails in it; their UIDs begin at 501
    uid_codes: whether to say which UIDs emails get where they are copied, moved or appended to
    lines: every line that clients sent, in order, without tags
    tls: the context for TLS, by STARTTLS or, if `implicit_tls`, from the first byte
    """

    capabilities = "IMAP4rev1 IDLE UIDPLUS LITERAL+"
    greeting = "* OK ready"
    has_archive = False
    folders = ("INBOX", "Archive", "Spam")
    tls: ssl.SSLContext | None = None
    implicit_tls = False

    def __init__(self, *raw: bytes, first_uid: int = 1) -> None:
        self.emails = [Stored(uid, each) for uid, each in enumerate(raw, first_uid)]
        self.archived: list[Stored] = []
        self.uid_codes = True
        self.uidvalidity = 7
        self.archive_uidvalidity = 8
        self.uidnext = first_uid + len(raw)
        self.on: dict[str, Handler] = {}
        self.lines: list[str] = []
        self.sessions: list[Session] = []
        self._threads: list[threading.Thread] = []
        self.changed = threading.Condition(threading.RLock())
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> ScriptedServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for session in self.sessions:
            session.close()
        for thread in self._threads:
            thread.join(5)

    def deliver(self, raw: bytes, *flags: str) -> int:
        """Put an email into the folder, which idling sessions are told, and return its UID."""
        with self.changed:
            uid, self.uidnext = self.uidnext, self.uidnext + 1
            self.emails.append(Stored(uid, raw, set(flags)))
            self.changed.notify_all()
        return uid

    def deliver_later(self, seconds: float, *raw: bytes) -> threading.Timer:
        """Deliver emails, in one go, after some time."""

        def deliver_all() -> None:
            with self.changed:
                for each in raw:
                    self.deliver(each)

        timer = threading.Timer(seconds, deliver_all)
        timer.daemon = True
        timer.start()
        return timer

    def archive(self, raw: bytes, flags: Iterable[str] = ()) -> int:
        """Put an email into the folder Archive and return its UID."""
        with self.changed:
            uid = 501 + len(self.archived)
            self.archived.append(Stored(uid, raw, set(flags)))
        return uid

    def count(self, command: str) -> int:
        """Return how often a command was sent, such as `NOOP` or `UID SEARCH`."""
        return sum(line.upper().startswith(command) for line in self.lines)

    def new_session(self, sock: socket.socket) -> Session:
        """Return what talks to a client."""
        return Session(self, sock)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                session = self.new_session(self._listener.accept()[0])
                self.sessions.append(session)
                thread = threading.Thread(target=session.serve, daemon=True)
                thread.start()  # first, for the end of the test may join it at any moment
                self._threads.append(thread)


class Session:
    """One client's connection. The methods named after commands are the default handlers."""

    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self.server = server
        self.socket = sock
        self.told = 0  # of how many emails the client knows
        self.folder = "INBOX"  # that is selected
        self.refused = False  # whether a handler refused a literal, so that none comes
        self.mute = False  # whether to do what is asked and say nothing
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = sock.makefile("rb")

    def serve(self) -> None:
        with suppress(OSError, ValueError):
            if self.server.implicit_tls:
                self.start_tls()
            self.handle("GREETING", "*", "")
            while line := self.readline():
                self.obey(line)
        self.close()
        with suppress(OSError):
            self._stream.close()  # until then the socket is not closed, either

    def obey(self, line: str) -> None:
        """Note a line of the client, and do what it says."""
        tag, _, rest = line.partition(" ")
        self.server.lines.append(rest)
        command, _, arguments = rest.removeprefix("UID ").partition(" ")
        self.handle(command.upper(), tag, arguments)

    def handle(self, command: str, tag: str, arguments: str) -> None:
        """Do a command as the test says, else as a server should."""
        default = getattr(self, f"do_{command.lower()}", None)
        handler = self.server.on.get(command)
        if handler:
            handler(self, tag, arguments)
        elif default:
            default(tag, arguments)
        else:
            self.send(f"{tag} BAD {command}: unknown command")

    def default(self, command: str, tag: str, arguments: str) -> None:
        """Do a command as a server should, whatever the test says."""
        getattr(self, f"do_{command.lower()}")(tag, arguments)

    def readline(self) -> str:
        """Return a line from the client; a literal in it is asked for and joined."""
        line = self._stream.readline().decode(errors="replace").rstrip("\r\n")
        while literal := re.search(r"\{(\d+)(\+?)\}$", line):
            if handler := self.server.on.get("LITERAL"):
                handler(self, line.partition(" ")[0], line)
                if self.refused:
                    self.refused = False
                    return self.readline()
            elif not literal[2]:
                self.send("+ go on")
            content = self._stream.read(int(literal[1])).decode(errors="replace")
            rest = self._stream.readline().decode()
            if not rest:  # the client has gone before the end of its command
                return ""
            line = f"{line[: literal.start()]}{content}{rest.rstrip()}"
        return line

    def send(self, *lines: str) -> None:
        """Send lines in one piece."""
        self.send_raw("".join(f"{line}\r\n" for line in lines).encode())

    def send_raw(self, data: bytes) -> None:
        if not self.mute:
            self.socket.sendall(data)

    def dribble(self, data: bytes, seconds: float) -> None:
        """Send byte for byte, each after some time."""
        for byte in data:
            time.sleep(seconds)
            self.send_raw(bytes([byte]))

    def bye(self, reason: str) -> None:
        """Say why, and close."""
        self.send(f"* BYE {reason}")
        self.close()

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def reset(self) -> None:
        """Break the connection off, as a firewall or a crashed host does (RST)."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._stream.close()
        self.socket.close()

    def start_tls(self) -> None:
        """Go on in TLS."""
        assert self.server.tls
        self._stream.close()
        self.socket = self.server.tls.wrap_socket(self.socket, server_side=True)
        self._stream = self.socket.makefile("rb")

    def do_greeting(self, tag: str, arguments: str) -> None:
        self.send(self.server.greeting)

    def do_starttls(self, tag: str, arguments: str) -> None:
        self.send(f"{tag} OK go ahead")
        self.start_tls()

    def tell(self) -> None:
        """Announce arrivals, if there are any that the client does not know."""
        with self.server.changed:
            if len(self.emails) != self.told:
                self.told = len(self.emails)
                self.send(f"* {self.told} EXISTS")

    def do_capability(self, tag: str, arguments: str) -> None:
        self.send(f"* CAPABILITY {self.server.capabilities}", f"{tag} OK done")

    def do_login(self, tag: str, arguments: str) -> None:
        self.send(f"{tag} OK [CAPABILITY {self.server.capabilities}] logged in")

    def do_logout(self, tag: str, arguments: str) -> None:
        self.send("* BYE bye", f"{tag} OK done")
        self.close()

    def do_list(self, tag: str, arguments: str) -> None:
        names = (f'* LIST () "/" "{name}"' for name in self.server.folders)
        self.send(*names, f"{tag} OK done")

    def do_select(self, tag: str, arguments: str, access: str = "READ-WRITE") -> None:
        if arguments.strip('"') not in self.server.folders:
            self.send(f"{tag} NO [NONEXISTENT] No such folder")
            return
        self.folder = arguments.strip('"')
        with self.server.changed:
            self.told = len(self.emails)
            figures = self._figures(self.folder)
            self.send(
                f"* {self.told} EXISTS",
                f"* OK [UIDVALIDITY {figures['UIDVALIDITY']}] valid",
                f"* OK [UIDNEXT {figures['UIDNEXT']}] next",
                f"{tag} OK [{access}] done",
            )

    def do_examine(self, tag: str, arguments: str) -> None:
        self.do_select(tag, arguments, "READ-ONLY")

    def do_status(self, tag: str, arguments: str) -> None:
        name, _, items = arguments.partition(" ")
        if name.strip('"') not in self.server.folders:
            self.send(f"{tag} NO [NONEXISTENT] No such folder")
            return
        figures = self._figures(name.strip('"'))
        told = " ".join(f"{item} {figures[item]}" for item in items.strip("()").split())
        self.send(f"* STATUS {name} ({told})", f"{tag} OK done")

    def do_noop(self, tag: str, arguments: str) -> None:
        self.tell()
        self.send(f"{tag} OK done")

    def do_search(self, tag: str, arguments: str) -> None:
        """Answer with all emails, except that flags are looked at: wide, as SEARCH may be."""
        self.tell()
        named = re.fullmatch(r"UID (\S+)", arguments)
        uids = {each.uid for _, each in self._chosen(named[1] if named else "1:*", by_uid=True)}
        found = (
            stored.uid
            for stored in self.emails
            if not ("UNSEEN" in arguments and "\\Seen" in stored.flags)
            and not ("DELETED" in arguments and "\\Deleted" not in stored.flags)
            and stored.uid in uids
        )
        self.send(f"* SEARCH {' '.join(map(str, found))}".rstrip(), f"{tag} OK done")

    def do_fetch(self, tag: str, arguments: str) -> None:
        numbers, _, items = arguments.partition(" ")
        by_uid = self.server.lines[-1].startswith("UID ")
        for sequence, stored in self._chosen(numbers, by_uid):
            self.send_raw(b"* %d FETCH (%s)\r\n" % (sequence, self._items(stored, items)))
        self.send(f"{tag} OK done")

    def do_store(self, tag: str, arguments: str) -> None:
        numbers, _, change = arguments.partition(" ")
        flags = set(re.findall(r"[\\$]?\w+", change.partition("(")[2]))
        for _, stored in self._chosen(numbers, by_uid=True):
            kept = stored.flags if change[0] in "+-" else set()
            stored.flags = kept - flags if change[0] == "-" else kept | flags
        self.send(f"{tag} OK done")

    def do_expunge(self, tag: str, arguments: str) -> None:
        numbers = arguments or "1:*"
        with self.server.changed:
            for sequence, stored in reversed(self._chosen(numbers, by_uid=True)):
                if "\\Deleted" in stored.flags:
                    self._remove(sequence, stored)
        self.send(f"{tag} OK done")

    def do_copy(self, tag: str, arguments: str) -> None:
        code = self._copied(arguments)
        self.send(f"{tag} OK {code} done")

    def do_move(self, tag: str, arguments: str) -> None:
        code = self._copied(arguments)
        self.send(f"* OK {code} moved")
        with self.server.changed:
            for sequence, stored in reversed(self._chosen(arguments.split()[0], by_uid=True)):
                self._remove(sequence, stored)
        self.send(f"{tag} OK done")

    def do_append(self, tag: str, arguments: str) -> None:
        name, flags, content = re.findall(
            r'^("[^"]*") \(([^)]*)\)(?: "[^"]*")? (.*)$', arguments, re.DOTALL
        )[0]
        raw = content.encode()
        if name.strip('"') == "Archive":
            uid = self.server.archive(raw, flags.split())
            uidvalidity = self.server.archive_uidvalidity
        else:
            uid, uidvalidity = self.server.deliver(raw, *flags.split()), self.server.uidvalidity
        self.tell()
        self.send(f"{tag} OK {self._code(f'APPENDUID {uidvalidity} {uid}')} done")

    def do_idle(self, tag: str, arguments: str) -> None:
        self.send("+ idling")
        with self.idling():
            self.readline()
        self.send(f"{tag} OK done")

    @contextmanager
    def idling(self) -> Iterator[None]:
        """Announce arrivals from a thread while the client is waited for."""
        done = threading.Event()

        def push() -> None:
            with suppress(OSError), self.server.changed:
                while not done.is_set():
                    self.tell()
                    self.server.changed.wait(0.05)

        pusher = threading.Thread(target=push, daemon=True)
        pusher.start()
        yield
        done.set()
        pusher.join()

    @property
    def emails(self) -> list[Stored]:
        """The emails of the folder that is selected."""
        archive = self.server.has_archive and self.folder == "Archive"
        return self.server.archived if archive else self.server.emails

    def _figures(self, folder: str) -> dict[str, int]:
        server = self.server
        if server.has_archive and folder == "Archive":
            emails, uidnext = server.archived, 501 + len(server.archived)
            uidvalidity = server.archive_uidvalidity
        else:
            emails, uidnext, uidvalidity = server.emails, server.uidnext, server.uidvalidity
        return {
            "MESSAGES": len(emails),
            "UNSEEN": sum("\\Seen" not in each.flags for each in emails),
            "UIDNEXT": uidnext,
            "UIDVALIDITY": uidvalidity,
        }

    def _copied(self, arguments: str) -> str:
        """Copy emails to Archive, and return the code that says where they are."""
        originals = [each for _, each in self._chosen(arguments.split()[0], by_uid=True)]
        old = ",".join(str(each.uid) for each in originals)
        new = ",".join(str(self.server.archive(each.raw, each.flags)) for each in originals)
        return self._code(f"COPYUID {self.server.archive_uidvalidity} {old} {new}")

    def _code(self, text: str) -> str:
        return f"[{text}]" if self.server.uid_codes else ""

    def _remove(self, sequence: int, stored: Stored) -> None:
        self.emails.remove(stored)
        self.told -= 1
        self.send(f"* {sequence} EXPUNGE")

    def _chosen(self, numbers: str, by_uid: bool) -> list[tuple[int, Stored]]:
        """Return emails with their sequence numbers; `n:*` has the last one at least."""
        with self.server.changed:
            known = list(enumerate(self.emails, 1))
        last = (known[-1][1].uid if by_uid else len(known)) if known else 0
        wanted: set[int] = set()
        for run in numbers.split(","):
            ends = [last if end == "*" else int(end) for end in run.split(":")]
            wanted.update(range(min(ends), max(ends) + 1))
        return [(n, each) for n, each in known if (each.uid if by_uid else n) in wanted]

    def _items(self, stored: Stored, items: str) -> bytes:
        parts = [b"UID %d" % stored.uid]
        if "FLAGS" in items:
            parts.append(f"FLAGS ({' '.join(sorted(stored.flags))})".encode())
        if "INTERNALDATE" in items:
            parts.append(b'INTERNALDATE "24-Nov-2026 12:00:00 +0000"')
        if "RFC822.SIZE" in items:
            parts.append(b"RFC822.SIZE %d" % len(stored.raw))
        for whole, peek, section, start, size in re.findall(
            r"(BODY(\.PEEK)?\[(\w*)\](?:<(\d+)\.(\d+)>)?)", items
        ):
            content = stored.raw
            if section == "HEADER":
                content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            origin = f"<{start}>" if "<" in whole else ""
            if origin:
                content = content[int(start) : int(start) + int(size)]
            if not peek:
                stored.flags.add("\\Seen")
            parts.append(f"BODY[{section}]{origin} {{{len(content)}}}\r\n".encode() + content)
        return b" ".join(parts)
