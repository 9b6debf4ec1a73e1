"""What a header field says -> its lines: ASCII, folded, without room for a field more.

The standard library has this too, but encodes a long Message-ID in References, where no mail
program decodes it, decodes what only looks encoded, and writes addresses outside ASCII wrongly.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import quote

from ImapLibrary.mime.headers import Address

LINE = 76
"""Columns of a line with an encoded word at most (RFC 2047, section 2); others may have 78."""

_LONGEST_LINE = 998
"""Characters of a line at most, which what can't be folded may need (RFC 5322, section 2.1.1)."""

_LONGEST_NAME = 60
"""Characters of a quoted name, which is not folded."""

_LONGEST_SECTION = 18
"""Bytes of a section of a file name, each of which may take three columns."""

_BYTES_ENCODED = 39
"""Bytes of an encoded word, so that the first one fits beside the name of most fields."""

_STRUCTURED = re.compile(
    r"(resent-)?date|expires|(resent-)?message-id|in-reply-to|references|supersedes|received"
    r"|return-path|delivered-to|disposition-notification-to|mime-version"
    r"|content-(?!description$).*|list-.*|archived-at|auto-submitted|dkim-signature|arc-.*"
    r"|authentication-results|received-spf|importance|priority|precedence",
    re.IGNORECASE,
)
"""Fields that programs read: in them, an encoded word is no text but a wrong value."""

_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
"""Words that a name may consist of without quotes (RFC 5322, section 3.2.3)."""


def text_field(name: str, value: str) -> bytes:
    """Return a field whose value is text, such as Subject, or words in ASCII, such as References.

    value: must be a single line
    """
    stands = _visible if _STRUCTURED.fullmatch(name) else _plain
    room = _LONGEST_LINE - len(f"{name}: ")
    # What has several blanks in a row is encoded in a text, so that they survive any folding.
    words = re.split(r"(?<=\S) (?=\S)", value)
    pieces: list[str] = []
    for plain, run in groupby(words, lambda word: stands(word) and len(word) <= room):
        together = list(run)
        pieces += together if plain else _encoded(" ".join(together))
    return _folded(name, pieces)


def address_field(name: str, addresses: Iterable[Address]) -> bytes:
    """Return a field whose value is a list of mailboxes, such as To.

    An address outside ASCII is written as it is (RFC 6532), which only some servers take.
    """
    pieces: list[str] = []
    for address in addresses:
        if address.name:
            pieces += [*_phrase(address.name), f"<{address.address}>,"]
        else:
            pieces.append(f"{address.address},")
    pieces[-1] = pieces[-1].removesuffix(",")
    return _folded(name, pieces)


def file_field(disposition: str, filename: str) -> bytes:
    """Return the field that names a file (RFC 2183), as `attachment` or `inline`.

    filename: any characters; what is not ASCII or too long is encoded (RFC 2231)
    """
    if re.fullmatch("[ -~]+", filename) and len(filename) <= _LONGEST_NAME:
        parameters = [f"filename={_quoted(filename)}"]
    else:
        # A section must not end within the three characters of an encoded byte.
        encoded = "utf-8''" + quote(filename, safe="")
        sections = re.findall(rf"(?:%..|[^%]){{1,{_LONGEST_SECTION}}}", encoded)
        parameters = [f"filename*{number}*={each}" for number, each in enumerate(sections)]
        if len(sections) == 1:
            parameters = [f"filename*={sections[0]}"]
    pieces = [f"{piece};" for piece in [disposition, *parameters]]
    pieces[-1] = pieces[-1].removesuffix(";")
    return _folded("Content-Disposition", pieces)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _plain(word: str) -> bool:
    """Return whether a word of a text can stand as it is and is not taken for an encoded one."""
    return bool(re.fullmatch("[!-~]+", word)) and "=?" not in word


def _visible(word: str) -> bool:
    """Return whether a word of a structured field can stand as it is (RFC 2047, section 5)."""
    return bool(re.fullmatch("[\t -~]+", word))


def _phrase(name: str) -> Iterable[str]:
    if _ATOMS.fullmatch(name) and "=?" not in name and len(name) <= _LONGEST_NAME:
        return [name]
    if re.fullmatch("[ -~]+", name) and "=?" not in name and len(name) <= _LONGEST_NAME:
        return [_quoted(name)]
    return _encoded(name)


def _encoded(text: str) -> Iterator[str]:
    """Yield encoded words (RFC 2047), none of which ends within a character."""
    chunk = b""
    for character in text:
        data = character.encode()
        if len(chunk + data) > _BYTES_ENCODED:
            yield _encoded_word(chunk)
            chunk = b""
        chunk += data
    yield _encoded_word(chunk)


def _encoded_word(data: bytes) -> str:
    return f"=?utf-8?b?{b64encode(data).decode()}?="


def _folded(name: str, pieces: Iterable[str]) -> bytes:
    """Return the field with line ends between pieces, where a line would get too long."""
    lines = [f"{name}:"]
    for piece in pieces:
        # The first piece stays beside the name: some readers take an empty line for the end.
        if len(lines[-1]) + 1 + len(piece) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {piece}"
    return "".join(f"{line}\r\n" for line in lines).encode()
