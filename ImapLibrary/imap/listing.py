"""The names of folders as people and as servers write them, and what LIST and STATUS say. No I/O.

People write `Archive/Bücher 2026`, on every server. A server has a delimiter of its own between
the levels of a name, and its own way to write what is not ASCII.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ImapLibrary.arguments import given
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.unknown import Fields

INBOX = "INBOX"

SPECIAL_USES = (
    "\\All",
    "\\Archive",
    "\\Drafts",
    "\\Flagged",
    "\\Important",
    "\\Junk",
    "\\Sent",
    "\\Trash",
)
"""What a folder can be for (RFC 6154, section 2, and RFC 8457)."""

NAME = rb'(?P<name> "(?: \\. | [^"\\] )*" | [^\s"(]\S* )'

LISTED = re.compile(
    rb"""\( (?P<attributes> [^)]* ) \) \s+ (?: NIL | "(?P<delimiter> \\. | [^"\\] )" ) \s+ """
    + NAME,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""An answer to LIST (RFC 9051, section 7.3.1); what may follow is for extensions."""

STATUS = re.compile(NAME + rb"\s* \( (?P<figures> [^)]* ) \)", re.VERBOSE | re.DOTALL)

FIGURE = re.compile(rb"([A-Z]+)\s+(\d+)", re.IGNORECASE)

LITERAL = re.compile(rb"\{\d+\}$")


@dataclass(frozen=True, eq=False)
class Folder(Fields):
    """A folder. As text it is its name, and it equals that.

    | =Field=       | =Value= |
    | `name`        | name, with ``/`` between its levels whatever the server has there |
    | `delimiter`   | what the server has between the levels, empty if it has no levels |
    | `special_use` | what it is for, such as ``Trash`` or ``Sent``, empty if the server does not say |
    | `selectable`  | whether it can be opened; else it only has other folders below it |
    | `messages`    | how many emails it has, None if that was not asked |
    | `unread`      | how many of them are unread, None if that was not asked |
    """

    name: str
    delimiter: str = "/"
    special_use: str = ""
    selectable: bool = True
    messages: int | None = None
    unread: int | None = None

    def __str__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.name == other
        return isinstance(other, Folder) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class Naming:
    """How a server writes the names of folders.

    delimiter: what it has between the levels, empty if there are no levels
    utf8: whether it is written in UTF-8 (RFC 6855), else in modified UTF-7 (RFC 9051, section A.1)
    """

    delimiter: str = "/"
    utf8: bool = False

    def wire(self, name: str) -> bytes:
        """Return a name as it goes on the wire, in quotes. Raises InvalidArgument if none can.

        What is no letter of ASCII is encoded, and the levels may be parted by `/` or by what the
        server has there. INBOX is in capitals: some servers list it under no other name.
        """
        text = self.normal(given("folder", name))
        try:
            parted = text.replace("/", self.delimiter) if self.delimiter else text
            raw = parted.encode() if self.utf8 else to_utf7(parted)
        except UnicodeEncodeError as error:
            raise InvalidArgument(
                f"The folder name {name!r} can't be sent: {error.object[error.start]!r} is no "
                "character."
            ) from None
        return _quoted(raw)

    def check_new(self, name: str) -> None:
        """Raise InvalidArgument if no folder can get that name, for servers differ in what they make
        of a level that is empty."""
        if self.delimiter and "" in self.normal(given("folder", name)).split("/"):
            raise InvalidArgument(
                f"The folder name {name!r} has an empty level: there must be something before, "
                "between and after the slashes. Nothing was changed."
            )

    def written(self, raw: bytes) -> str:
        """Return a name that a server wrote."""
        text = raw.decode("utf-8", "replace") if not raw.isascii() or self.utf8 else from_utf7(raw)
        return self.normal(text)

    def normal(self, name: str) -> str:
        """Return a name in the form in which names are shown and compared."""
        if not self.delimiter:
            return INBOX if _is_inbox(name) else name
        parted = name.replace(self.delimiter, "/")
        parted = parted.removesuffix("/") or parted
        # INBOX is the same in any case (RFC 9051, section 5.1), and servers take it so as the first
        # level of other names, too (Dovecot).
        first, slash, rest = parted.partition("/")
        return f"{INBOX}{slash}{rest}" if _is_inbox(first) else parted


def _is_inbox(name: str) -> bool:
    """Return whether that is INBOX, which is the same in any case of ASCII; `ınbox` is not."""
    return name.isascii() and name.upper() == INBOX


def to_utf7(text: str) -> bytes:
    """Return a name in modified UTF-7. Raises UnicodeEncodeError for half a character."""

    def shifted(run: re.Match[str]) -> str:
        encoded = b64encode(run[0].encode("utf-16-be"), b"+,").rstrip(b"=")
        return f"&{encoded.decode()}-"

    return re.sub("[^ -~]+", shifted, text.replace("&", "&-")).encode()


def from_utf7(raw: bytes) -> str:
    """Return the name that is written in modified UTF-7; what is not, stays as it is."""

    def unshifted(run: re.Match[bytes]) -> bytes:
        padding = b"=" * (-len(run[1]) % 4)
        try:
            return b64decode(run[1] + padding, b"+,", validate=True).decode("utf-16-be").encode()
        except ValueError:
            return run[0]

    return re.sub(rb"&([^-]*)-", lambda run: unshifted(run) if run[1] else b"&", raw).decode()


def parse_list(answer: Iterable[Any], naming: Naming) -> Iterator[Folder]:
    """Yield the folders of an answer to LIST. What can't be read, or does not exist, is left out."""
    for line in _lines(answer):
        if not (match := LISTED.match(line)):
            continue
        attributes = set(match["attributes"].decode("ascii", "replace").lower().split())
        delimiter = (match["delimiter"] or b"")[-1:].decode("ascii", "replace")
        if "\\nonexistent" not in attributes or "\\haschildren" in attributes:
            yield Folder(
                name=replace(naming, delimiter=delimiter).written(_unquoted(match["name"])),
                delimiter=delimiter,
                special_use=next((use for use in SPECIAL_USES if use.lower() in attributes), "")[
                    1:
                ],
                selectable=not attributes & {"\\noselect", "\\nonexistent"},
            )


def parse_status(answer: Iterable[Any], naming: Naming) -> dict[str, dict[str, int]]:
    """Return the figures of answers to STATUS by the name of the folder: `{"MESSAGES": 3}`."""
    figures = {}
    for line in _lines(answer):
        if match := STATUS.match(line):
            name = naming.written(_unquoted(match["name"]))
            found = FIGURE.findall(match["figures"])
            figures[name] = {key.decode().upper(): int(figure) for key, figure in found}
    return figures


def _lines(answer: Iterable[Any]) -> Iterator[bytes]:
    """Yield an answer line by line, with names that came as literals in quotes.

    imaplib gives a tuple for each literal, and ends each line with plain bytes.
    """
    line = b""
    for piece in answer:
        if isinstance(piece, tuple):
            line += LITERAL.sub(b"", piece[0]) + _quoted(piece[1])
        else:
            yield line + piece
            line = b""


def _quoted(raw: bytes) -> bytes:
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _unquoted(name: bytes) -> bytes:
    if not name.startswith(b'"'):
        return name
    return re.sub(rb"\\(.)", rb"\1", name[1:-1], flags=re.DOTALL)
