"""Header fields as a person reads them: decoded, unfolded, addresses split (RFC 5322, RFC 2047).

Every function takes what a careless sender may write. Nothing here raises on odd input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from ImapLibrary.charsets import decode
from ImapLibrary.transfer import decode_base64, decode_quoted_printable

# RFC 2047 allows 75 characters; some senders put a whole subject into one word. A word ends where
# the next one begins, so that a line of unfinished ones takes no quadratic time.
_ENCODED_WORD = re.compile(r"=\?([^?\s]{0,80})\?([bBqQ])\?((?:[^?=\r\n]|=(?!\?[^=])|\?(?!=))*)\?=")

_ADDRESS_TOKEN = re.compile(
    r"""(?P<quoted> "(?:[^"\\]|\\.){0,998}" )
      | (?P<comment> \((?:[^()\\]|\\.){0,998}\) )
      | (?P<angle> <[^<>]*> )
      | (?P<literal> \[[^\[\]]*\] )
      | (?P<separator> [,;] )
      | (?P<colon> : )
      | (?P<text> [^",;:()<>\[]+ | . )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Address:
    """A mailbox of an address field (RFC 5322, section 3.4).

    name: the display name, decoded; empty if there is none
    address: the bare address, such as `qa@example.com`
    """

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class Headers(Mapping[str, str]):
    """Header fields by name, in any case: `${email.headers}[Subject]`.

    Values are decoded and unfolded. A field that is there several times gives its first value
    here; `getall` gives each of them.
    """

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        """fields: names and values as the standard library's parser reads them from bytes"""
        values: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for name, value in fields:
            names.setdefault(name.lower(), name)
            values.setdefault(name.lower(), []).append(value)
        self._raw = values
        self._names = names
        self._decoded: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> str:
        return self._values(name)[0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(dict(self))

    def getall(self, name: str) -> tuple[str, ...]:
        """Return every value of a field, in the order of the email; none if it isn't there."""
        return self._values(name) if name in self else ()

    def getall_raw(self, name: str) -> tuple[str, ...]:
        """Return every value of a field as it was sent: folded, encoded words not decoded."""
        return tuple(_readable(value) for value in self._raw.get(name.lower(), ()))

    @property
    def lines(self) -> tuple[str, ...]:
        """Every field as `Name: value`, fields of one name together."""
        return tuple(f"{name}: {value}" for name in self for value in self.getall(name))

    def addresses(self, *names: str) -> tuple[Address, ...]:
        """Return the mailboxes of all the fields of these names, in that order."""
        found: list[Address] = []
        for name in names:
            # Addresses are split before names are decoded: a decoded name may hold a comma.
            for value in self._raw.get(name.lower(), ()):
                found += parse_addresses(value)
        return tuple(found)

    def _values(self, name: str) -> tuple[str, ...]:
        key = name.lower()
        if key not in self._decoded:
            self._decoded[key] = tuple(decode_header(value) for value in self._raw[key])
        return self._decoded[key]


def decode_header(value: str) -> str:
    """Return the value of a header field unfolded and decoded (RFC 5322 2.2.3, RFC 2047, RFC 6532).

    value: as the standard library's parser gives it; bytes above 127 are surrogate escapes
    """
    return _on_one_line(decode_words(_readable(value)))


def decode_words(text: str) -> str:
    """Return `text` with its encoded words decoded (RFC 2047).

    Neighbours in one charset are decoded together: senders cut words within a character.
    """
    pieces: list[str] = []
    run: list[tuple[str, str, str]] = []
    end = 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[end : word.start()]
        charset, encoding, content = word.groups()
        charset = charset.partition("*")[0].lower()  # a language may follow (RFC 2231, section 5)
        if run and (between.strip() or run[-1][0] != charset):
            pieces.append(_decode_run(run))
            run = []
            between = between if between.strip() else ""
        elif run:
            between = ""
        pieces.append(between)
        run.append((charset, encoding.lower(), content))
        end = word.end()
    pieces.append(_decode_run(run))
    pieces.append(text[end:])
    return "".join(pieces)


def _decode_run(run: list[tuple[str, str, str]]) -> str:
    """Decode adjacent encoded words of one charset."""
    if not run:
        return ""
    data = b""
    base64 = ""
    for _, encoding, content in run:
        if encoding == "b":
            base64 += content  # which some senders cut anywhere, too
            continue
        data += decode_base64(_bytes(base64))
        base64 = ""
        data += decode_quoted_printable(_bytes(content), header=True)
    data += decode_base64(_bytes(base64))
    return decode(data, run[0][0])


def parse_addresses(value: str) -> list[Address]:
    """Return the mailboxes of an address field, those of groups too (RFC 5322, section 3.4).

    value: as the standard library's parser gives it

    Names with a comma that lack their quotes, semicolons as separators and addresses without a
    domain are understood. A group's own name is left out.
    """
    found: list[Address] = []
    name = angle = comment = ""
    at = False  # whether the name is an address
    for token in _ADDRESS_TOKEN.finditer(_on_one_line(_readable(value), strip=False)):
        kind, text = token.lastgroup, token.group()
        if kind == "angle":
            angle = angle or text[1:-1]
        elif kind == "comment":
            comment = comment or text[1:-1]
        elif kind == "colon" and not angle and not at:
            name = ""
        elif kind != "separator":
            name += text
            at = at or "@" in text
        elif not angle and not at and text == ",":
            name += text  # the comma of a name such as Doe, Jane <jane@example.com>
        else:
            found += _address(name, angle, comment)
            name = angle = comment = ""
            at = False
    return found + _address(name, angle, comment)


def _address(name: str, angle: str, comment: str) -> list[Address]:
    """Return the mailbox made of the pieces found between two separators, none if it is empty."""
    if angle:
        # A source route, <@relay:user@host>, is obsolete and not part of the address.
        bare = angle.rpartition(":")[2] if angle.startswith("@") else angle
        return [Address(_display(name), _bare(bare))] if bare.strip() or name.strip() else []
    words = [_bare(word) for word in name.split(",") if word.strip()]
    return [Address("", word) for word in words[:-1]] + [
        Address(_display(comment), word) for word in words[-1:]
    ]


def _display(name: str) -> str:
    """Return a display name without quotes, escapes and encoding."""
    unquoted = re.sub(
        r'"((?:[^"\\]|\\.){0,998})"', lambda match: re.sub(r"\\(.)", r"\1", match[1]), name
    )
    return _on_one_line(decode_words(unquoted)).strip(" ,")


def _bare(address: str) -> str:
    return re.sub(r"\s+", "", address) if "@" in address else address.strip()


def parse_date(value: str) -> datetime | None:
    """Return a Date field as an aware datetime, None if it can't be understood.

    A date without a zone, or with `-0000`, is taken for UTC.
    """
    for parse in (parsedate_to_datetime, _parse_iso_date):
        try:
            date = parse(value.strip())
            return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
    return None


def _parse_iso_date(value: str) -> datetime:
    # Python understands the Z from 3.11 on.
    return datetime.fromisoformat(re.sub("[Zz]$", "+00:00", value))


def _readable(value: str) -> str:
    """Turn surrogate escapes, which stand for bytes above 127 or below, into text."""
    data = _bytes(value)
    return decode(data) if b"\x1b" in data or not data.isascii() else value


def _bytes(value: str) -> bytes:
    try:
        return value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")


def _on_one_line(value: str, *, strip: bool = True) -> str:
    unfolded = re.sub(r"\r?\n[ \t]|[\r\n]", " ", value)
    return unfolded.strip() if strip else unfolded
