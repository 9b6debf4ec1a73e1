"""Header fields as a person reads them: decoded, unfolded, addresses split (RFC 5322, RFC 2047).

Every function takes what a careless sender may write. Nothing here raises on odd input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import groupby

from ImapLibrary.mime.charsets import decode, fits
from ImapLibrary.mime.transfer import decode_base64, decode_quoted_printable
from ImapLibrary.unknown import Fields

# RFC 2047 allows 75 characters; some senders put a whole subject into one word. A word ends where
# the next one begins, so that a line of unfinished ones takes no quadratic time.
_ENCODED_WORD = re.compile(
    r"=\?([^?\s]{0,80})\?([bBqQ])\?([^?=]*(?:(?:=(?!\?[^=])|\?(?!=))[^?=]*)*)\?="
)

_ADDRESS_TOKEN = re.compile(
    r"""(?P<quoted> "(?:[^"\\]|\\.){0,254}" )
      | (?P<comment> \((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,99}\)){0,254}\) )
      | (?P<angle> <[^<>]*> )
      | (?P<separator> [,;] )
      | (?P<colon> : )
      | (?P<text> =\?[^?\s]{1,80}\?[bBqQ]\?[^?]*\?= | [^",;:()<>=]+ | . )""",
    re.VERBOSE | re.DOTALL,
)

_ENCODED_COMMA = re.compile(r"=\?[^?\s]{1,80}\?q\?=2C\?=", re.IGNORECASE)
"""What Python's `email` makes of a comma between addresses where it folds a line."""

_LINE_ENDS = re.compile(r"\r{0,9}\n[ \t]|[\r\n]")

_COMMENT = re.compile(r"\([^()]*\)?")

_ZONE = re.compile(r"(:\d\d(?:\.\d+)?)\s?(?:GMT|UTC?)?([+-])(\d?\d):?(\d\d)$")
"""The seconds and the zone at the end of a date, in any of the forms that are in use."""

_TWELVE_HOURS = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?)\s?([AP])M\b", re.IGNORECASE)

_LEAP_SECOND = re.compile(r"(?<=:\d\d):60(?!\d)")

_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,254})"|"')
"""A quoted part of a name, or a quote that is not closed."""

_WORD = re.compile(r'(?:"[^"]*"|[^\s"]|")+')
"""What lies between white space that isn't in quotes."""

_LISTED = re.compile(r'(?:"[^"]*"|[^,"]|")+')
"""What lies between commas that aren't in quotes."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+|\".*\"@[^@\s]+")

_DOTTED = r"[^@\s.<>\"]+(?:(?:\s+\.\s*|\.)[^@\s.<>\"]+)*"

_ADDRESS_WITH_BLANKS = re.compile(rf"\s*{_DOTTED}\s*@\s*{_DOTTED}\s*")
"""An address with blanks ahead of its dots (RFC 5322, section 4.4), and nothing else."""


@dataclass(frozen=True)
class Address(Fields):
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

    def __init__(self, fields: Iterable[tuple[str, str]], charset: str = "") -> None:
        """fields: names and values, still folded, with surrogate escapes for bytes above 127

        charset: of the text below them, which bytes above 127 are likely to be in too
        """
        values: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for name, value in fields:
            names.setdefault(name.lower(), name)
            values.setdefault(name.lower(), []).append(value)
        self._raw = values
        self._names = names
        self._charset = charset
        self._decoded: dict[str, tuple[str, ...]] = {}
        self._addresses: dict[str, list[Address]] = {}

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
        return tuple(_readable(value, self._charset) for value in self._raw.get(name.lower(), ()))

    @property
    def lines(self) -> tuple[str, ...]:
        """Every field as `Name: value`, fields of one name together."""
        return tuple(f"{name}: {value}" for name in self for value in self.getall(name))

    def addresses(self, *names: str) -> tuple[Address, ...]:
        """Return the mailboxes of all the fields of these names, in that order."""
        found: list[Address] = []
        for name in names:
            # Addresses are split before names are decoded: a decoded name may hold a comma.
            key = name.lower()
            if key not in self._addresses:
                values = self._raw.get(key, ())
                parsed = (parse_addresses(value, self._charset) for value in values)
                self._addresses[key] = [address for each in parsed for address in each]
            found += self._addresses[key]
        return tuple(found)

    def raw(self, name: str) -> str:
        """Return the first value of a field as it came, with surrogate escapes; empty if none."""
        return next(iter(self._raw.get(name.lower(), ())), "")

    def _values(self, name: str) -> tuple[str, ...]:
        key = name.lower()
        if key not in self._decoded:
            values = self._raw[key]
            self._decoded[key] = tuple(decode_header(value, self._charset) for value in values)
        return self._decoded[key]


def decode_header(value: str, charset: str = "") -> str:
    """Return the value of a header field unfolded and decoded (RFC 5322 2.2.3, RFC 2047, RFC 6532).

    value: still folded; bytes above 127 are surrogate escapes
    charset: what these are likely to be in if they aren't UTF-8
    """
    return on_one_line(decode_words(_readable(value, charset))).strip()


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
    charset = run[0][0]
    data = b""
    for encoding, words in groupby(run, lambda word: word[1]):
        contents = [to_bytes(content) for _, _, content in words]
        if encoding == "b":
            data += _decode_base64_words(contents, charset)
        else:
            data += b"".join(decode_quoted_printable(each, header=True) for each in contents)
    return decode(data, charset)


def _decode_base64_words(contents: list[bytes], charset: str) -> bytes:
    """Return what adjacent words hold: some senders cut Base64 anywhere, others don't pad it."""
    contents = [b"".join(each.split()) for each in contents]
    joined = b"".join(contents)
    whole = decode_base64(joined)
    if any(len(each) % 4 for each in contents[:-1]):
        complete = len(joined) % 4 == 0 and fits(whole, charset)
        if not complete and all(len(each) % 4 != 1 for each in contents):
            return b"".join(map(decode_base64, contents))
    return whole


def parse_addresses(value: str, charset: str = "") -> list[Address]:
    """Return the mailboxes of an address field, those of groups too (RFC 5322, section 3.4).

    value: still folded; bytes above 127 are surrogate escapes
    charset: what these are likely to be in if they aren't UTF-8

    Names with a comma that lack their quotes, semicolons as separators, addresses without a domain
    or without their angle brackets are understood. A group's own name is left out.
    """
    found: list[Address] = []
    name = comment = ""
    angle: str | None = None
    at = False  # whether the name is an address
    listed = _ENCODED_COMMA.sub(",", on_one_line(_readable(value, charset)))
    for token in _ADDRESS_TOKEN.finditer(listed):
        kind, text = token.lastgroup, token.group()
        if kind == "angle":
            angle = text.strip("<>") if angle is None else angle
        elif kind == "comment":
            comment = comment or text[1:-1]
        elif kind == "colon" and angle is None and not at:
            name = ""
        elif kind != "separator":
            name += text
            at = at or "@" in text
        elif angle is None and not at and text == ",":
            name += text  # the comma of a name such as Doe, Jane <jane@example.com>
        else:
            found += _address(name, angle, comment)
            name = comment = ""
            angle = None
            at = False
    return found + _address(name, angle, comment)


def _address(name: str, angle: str | None, comment: str) -> list[Address]:
    """Return the mailbox made of the pieces found between two separators, none if it is empty."""
    if angle is not None:
        # A source route, <@relay:user@host>, is obsolete and not part of the address.
        route = angle.startswith(("@", "mailto:"))
        bare = _bare(angle.rpartition(":")[2] if route else angle)
        return [Address(_display(name), bare)] if bare or name.strip() else []
    found: list[Address] = []
    for piece in filter(str.strip, _LISTED.findall(decode_words(name))):
        found += _without_angle(piece)
    if found and comment:
        found[-1] = Address(_display(comment), found[-1].address)
    return found


def _without_angle(text: str) -> list[Address]:
    """Return the addresses in a text that has no angle brackets where they should be."""
    if _ADDRESS_WITH_BLANKS.fullmatch(text):
        return [Address("", "".join(text.split()))]
    words = [word.strip("<>") for word in _WORD.findall(text)]
    addresses = [word for word in words if _ADDRESS.fullmatch(word)]
    if not addresses:
        return [Address("", _bare(text))]
    name = " ".join(word for word in words if word not in addresses)
    return [Address(_display(name), addresses[0]), *(Address("", each) for each in addresses[1:])]


def _display(name: str) -> str:
    """Return a display name without quotes, escapes and encoding."""
    unquoted = _QUOTED.sub(
        lambda match: re.sub(r"\\(.)", r"\1", match[1] or ""), name.strip(" ,<>")
    )
    return on_one_line(decode_words(unquoted)).replace("\t", " ").strip(" ,")


def _bare(address: str) -> str:
    """Return an address without the comments, blanks and brackets that are none of it."""
    if "(" in address:
        tokens = _ADDRESS_TOKEN.finditer(address)
        address = "".join(token.group() for token in tokens if token.lastgroup != "comment")
    stripped = address.strip(" \t<>")
    return "".join(_WORD.findall(stripped)) if "@" in address else stripped


def parse_date(value: str) -> datetime | None:
    """Return a Date field as an aware datetime, None if it can't be understood.

    A date without a zone, or with `-0000`, is taken for UTC.
    """
    value = _TWELVE_HOURS.sub(_of_24_hours, _COMMENT.sub(" ", value).strip())
    value, leap = _LEAP_SECOND.subn(":59", value, 1)
    # Python understands the Z from 3.11 on.
    iso = _ZONE.sub(_zone("{}{}:{}"), re.sub("[Zz]$", "+00:00", value))
    rfc = _ZONE.sub(_zone(" {}{}{}"), value)
    for parse, form in ((parsedate_to_datetime, rfc), (datetime.fromisoformat, iso)):
        try:
            date = parse(form) + timedelta(seconds=leap)
            if date.year < 1000:  # of three digits (RFC 5322, section 4.3)
                date = date.replace(year=date.year + 1900)
            return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
    return None


def _of_24_hours(match: re.Match[str]) -> str:
    hour = int(match[1])
    if hour <= 12:
        hour = hour % 12 + 12 * (match[3] in "Pp")
    return f"{hour:02}{match[2]}"


def _zone(form: str) -> Callable[[re.Match[str]], str]:
    """Return what writes the zone of a date in a form."""
    return lambda match: match[1] + form.format(match[2], match[3].zfill(2), match[4])


def _readable(value: str, charset: str = "") -> str:
    """Turn surrogate escapes, which stand for bytes above 127 or below, into text."""
    data = to_bytes(value)
    if data.isascii() and b"\x1b" not in data:
        return value
    return decode(data, hint=charset)


def to_bytes(value: str) -> bytes:
    """Return the bytes that surrogate escapes stand for, and all else as UTF-8."""
    try:
        return value.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape")


def on_one_line(value: str) -> str:
    """Return a value unfolded (RFC 5322, section 2.2.3)."""
    return _LINE_ENDS.sub(" ", value) if "\n" in value or "\r" in value else value
