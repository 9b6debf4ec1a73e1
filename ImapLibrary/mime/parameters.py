"""The parameters of a MIME field, such as charset and filename (RFC 2045, RFC 2231).

Senders write names in every way there is: encoded as RFC 2231 says, joined or in pieces; as the
encoded words that RFC 2047 forbids there; both at once; in raw bytes; with blanks, semicolons and
backslashes that nobody quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from ImapLibrary.mime.charsets import decode
from ImapLibrary.mime.headers import decode_header, to_bytes

_TYPE = re.compile(r"\s*([^\s;/\"]+)\s*/\s*([^\s;/\"(]+)")

_PARAMETER = re.compile(
    r"""(?: ; | (?<!\s)\s ) \s* (?P<name> [^\s;="]+ ) \s* = \s*
        (?: " (?P<quoted> (?:[^"\\]|\\.)* ) " | "? (?P<bare> [^;]* ) )""",
    re.VERBOSE | re.DOTALL,
)

_NAME = re.compile(r"(?P<name>.+?)(?:\*(?P<number>\d{1,4}))?(?P<encoded>\*)?")

_ESCAPED = re.compile(r'\\(["\\])')
"""What a backslash escapes; any other backslash is one of a Windows path."""


_COMMENT = re.compile(r"\s\([^()]*\)?$")
"""A comment after a value that isn't quoted. In names it is part of them: `report (2).pdf`."""


def media_type(field: str) -> str:
    """Return type and subtype of a Content-Type field in lower case, empty if it has none."""
    match = _TYPE.match(field)
    return f"{match[1]}/{match[2]}".lower() if match else ""


def parameter(field: str, name: str) -> str:
    """Return a parameter of a field decoded, empty if it isn't there.

    field: the value of the field, raw
    name: the name of the parameter, in lower case

    An encoded value is preferred to a plain one beside it, which is for older programs.
    """
    pieces: dict[int, tuple[str, bool]] = {}
    plain: str | None = None
    for key, value in _parameters(field):
        match = _NAME.fullmatch(key)
        if not match or match["name"] != name:
            continue
        encoded = match["encoded"] is not None
        if match["number"] is None and encoded:
            if decoded := _decoded([(value, True)]):  # some senders leave it empty
                return decoded
        elif match["number"] is not None:
            pieces.setdefault(int(match["number"]), (value, encoded))
        elif plain is None:
            plain = value
    joined = _decoded([pieces[number] for number in sorted(pieces)])
    return joined or decode_header(plain or "")


def boundary(field: str) -> bytes:
    """Return the boundary that a Content-Type field declares, byte for byte."""
    for key, value in _parameters(field):
        if key == "boundary":
            return to_bytes(value).rstrip()
    return to_bytes(parameter(field, "boundary"))


def _parameters(field: str) -> Iterator[tuple[str, str]]:
    """Yield names in lower case and values without their quotes."""
    for match in _PARAMETER.finditer(field):
        name, quoted = match["name"].lower(), match["quoted"]
        value = match["bare"].strip() if quoted is None else _ESCAPED.sub(r"\1", quoted)
        if quoted is None and not name.startswith(("name", "filename")):
            value = _COMMENT.sub("", value).rstrip()
        yield name, value


def _decoded(pieces: list[tuple[str, bool]]) -> str:
    """Return the value of a parameter that came in pieces (RFC 2231, sections 3 and 4).

    pieces: values in order, each with whether it is percent-encoded. Characters may be split
        between them.
    """
    if not any(encoded for _, encoded in pieces):
        return decode_header("".join(value for value, _ in pieces))
    charset = ""
    first, encoded = pieces[0]
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    data = b"".join(
        unquote_to_bytes(to_bytes(value)) if encoded else to_bytes(value)
        for value, encoded in [(first, encoded), *pieces[1:]]
    )
    return decode(data, charset)
