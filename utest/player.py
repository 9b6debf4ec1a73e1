"""Plays what a server said once: transcripts in `replay/`, over a real socket.

A transcript is text. Each line says who spoke, what is quoted ends in CR LF on the wire:

    # What this shows.
    S: * OK Gimap ready
    C: A1 CAPABILITY
    S: * CAPABILITY IMAP4rev1 IDLE
    S: A1 OK Thats all she wrote!
    ---- the connection ends, and the next one begins

Tags are A1, A2 and so on, whatever the client makes them. `[...]` in what the client says stands
for anything. Literals are as long as they say, over as many lines as that takes. `# Charset: gbk`
has the server's lines sent in that charset instead of UTF-8.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripted import ScriptedServer, Session

FOLDER = Path(__file__).parent / "replay"

CHARSET = re.compile(r"^# Charset: (\S+)$", re.MULTILINE)

LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n\Z")

ANYTHING = "[...]"

Cut = Callable[[bytes], list[bytes]]
"""How what the server says is cut into pieces, each of which is sent by itself."""


def as_one(said: bytes) -> list[bytes]:
    return [said]


def as_lines(said: bytes) -> list[bytes]:
    return said.splitlines(keepends=True)


def as_bytes(said: bytes) -> list[bytes]:
    return [said[i : i + 1] for i in range(len(said))]


@dataclass(frozen=True)
class Line:
    """A line of a transcript, and where it stands in it."""

    number: int
    speaker: str
    text: str


@dataclass(frozen=True)
class Transcript:
    """What was said over one connection after the other.

    about: what the comment at the top says
    """

    name: str
    about: str
    charset: str
    connections: tuple[tuple[Line, ...], ...]

    def encoded(self, line: Line) -> bytes:
        return line.text.encode(self.charset) + b"\r\n"

    def said(self) -> Iterator[bytes]:
        """Yield what the server says over each connection."""
        for connection in self.connections:
            yield b"".join(self.encoded(line) for line in connection if line.speaker == "S")


def read(name: str) -> Transcript:
    """Return the transcript of that name, such as `gmail/labels`. Raises ValueError."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    about = re.match(r"(?:#.*\n)*", text)
    charset = CHARSET.search(text)
    connections: list[list[Line]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("----"):
            connections.append([])
        elif match := re.fullmatch("([CS]):(?: (.*))?", line):
            connections[-1].append(Line(number, match[1], match[2] or ""))
        elif line and not line.startswith("#"):
            raise ValueError(f"{name}, line {number}: {line!r} is none of what may stand here.")
    return Transcript(
        name,
        CHARSET.sub("", about[0]).lstrip() if about else "",
        charset[1] if charset else "utf-8",
        tuple(map(tuple, connections)),
    )


def names() -> list[str]:
    """Return the names of all transcripts."""
    paths = sorted(FOLDER.rglob("*.txt"))
    return [path.relative_to(FOLDER).with_suffix("").as_posix() for path in paths]


class Player(ScriptedServer):
    """A server that plays a transcript, and fails when the client does not say what stands there.

    differences: what the client said and ought not to have said, or the other way round
    """

    def __init__(self, transcript: Transcript, cut: Cut = as_one) -> None:
        super().__init__()
        self.cut = cut
        self.transcript = transcript
        self.differences: list[str] = []
        self._left = list(transcript.connections)

    def __enter__(self) -> Player:
        super().__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        if self._left:
            self.differences.append(f"{len(self._left)} more connections ought to have been made.")
        assert not self.differences, "\n".join(self.differences)

    def new_session(self, sock: socket.socket) -> Session:
        if self._left:
            return _Replay(self, sock, self._left.pop(0))
        self.differences.append("More connections were made than the transcript has.")
        return _Replay(self, sock, ())


@dataclass
class _Tags:
    """The client's tags by those in the transcript."""

    known: dict[str, str] = field(default_factory=dict)

    def theirs(self, said: bytes) -> bytes:
        """Return what the server says with the client's tags."""
        tag = re.match(rb"(A\d+) ", said)
        if not tag:
            return said
        return self.known[tag[1].decode()].encode() + said[tag.end() - 1 :]

    def ours(self, text: str, heard: str) -> str:
        """Return what the client said with the tag that it has in the transcript."""
        tag = re.match(r"(A\d+) ", text)
        if not tag or tag[1] in self.known:
            return heard
        theirs, _, rest = heard.partition(" ")
        self.known[tag[1]] = theirs
        return f"{tag[1]} {rest}"


class _Replay(Session):
    """One connection of a transcript."""

    def __init__(self, player: Player, sock: socket.socket, lines: tuple[Line, ...]) -> None:
        super().__init__(player, sock)
        self._player = player
        self._lines = lines
        self._tags = _Tags()

    def serve(self) -> None:
        with suppress(OSError, ValueError):
            self._play()
        self.close()
        with suppress(OSError):
            self._stream.close()

    def _play(self) -> None:
        said = b""
        for line in self._lines:
            if line.speaker == "S":
                said += self._spoken(line, said)
                continue
            self._say(said)
            said = b""
            if not self._hears(line):
                return
        self._say(said)
        if self._lines and (more := self._stream.readline()):
            self._differs(f"The client said {more!r} when all had been said.")

    def _spoken(self, line: Line, before: bytes) -> bytes:
        """Return a line as it is sent. In a literal, what looks like a tag is none."""
        text = self._player.transcript.encoded(line)
        return text if in_literal(before) else self._tags.theirs(text)

    def _say(self, said: bytes) -> None:
        for piece in self._player.cut(said):
            self.send_raw(piece)

    def _hears(self, line: Line) -> bool:
        heard = self._stream.readline().decode(errors="replace").rstrip("\r\n")
        told = self._tags.ours(line.text, heard)
        pattern = re.escape(line.text).replace(re.escape(ANYTHING), ".*")
        if re.fullmatch(pattern, told):
            return True
        self._differs(f"Line {line.number} is {line.text!r}, and the client said {told!r}.")
        return False

    def _differs(self, how: str) -> None:
        self._player.differences.append(f"{self._player.transcript.name}: {how}")


def in_literal(said: bytes) -> bool:
    """Return whether what follows belongs to a literal that was announced and is not complete."""
    return remaining(said) > 0


def remaining(said: bytes) -> int:
    """Return how many bytes are missing at the end of what was said, for a literal.

    Raises ValueError if a literal ends where no item of an answer can.
    """
    start = 0
    while start < len(said):
        end = said.find(b"\n", start) + 1 or len(said)
        literal = LITERAL.search(said[start:end])
        start = end
        if literal:
            start += int(literal[1])
            if said[start : start + 1] not in (b"", b" ", b")", b"\r"):
                raise ValueError(f"A literal ends before {said[start : start + 20]!r}.")
    return start - len(said)
