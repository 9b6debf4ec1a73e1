"""Bytes in a declared, undeclared or mis-declared charset -> text. It never fails.

What a sender declares is often the smaller brother of what it writes: GB2312 where GB18030 is
meant, ISO-8859-1 where it is Windows-1252. Decoding with the larger one loses nothing, and that is
what browsers do (WHATWG Encoding Standard, section 4.2).

Every reading that is a guess is told in the log.
"""

from __future__ import annotations

import codecs
import logging
import re
from contextlib import suppress
from functools import lru_cache

from ImapLibrary.mime.detection import detect

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_ALIASES = {
    "gb_2312-80": "gb2312",
    "csgb2312": "gb2312",
    "cn-big5": "big5",
    "windows-31j": "cp932",
    "koi8-ru": "koi8-u",
}
"""Declared names that Python does not know."""

_FORMS = (
    (re.compile(r"^(?:x-)+(.+)$"), r"\1"),
    (re.compile(r"^(?:win|windows|cp)-?(\d+)$"), r"cp\1"),
    (re.compile(r"^(iso-8859-\d+)-[ie]$"), r"\1"),
)
"""Other forms of names that Python knows."""

_UTF_8 = ("utf-8-sig",)

_CODECS = {
    "utf-8": _UTF_8,
    "iso8859-1": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "shift_jis": ("cp932",),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("cp949",),
    "iso2022_jp": ("iso2022_jp_ext",),
}
"""Python's codec -> the codecs to try in turn, where it would read less than was written."""

_NO_CHARSET = frozenset(
    {
        "ascii",
        "idna",
        "punycode",
        "raw-unicode-escape",
        "unicode-escape",
        "undefined",
        "mbcs",
        "oem",
    }
)
"""Codecs of Python that say nothing about bytes above 127, are no charset of any email, or depend
on the machine."""

_ASCII = ("us-ascii", "ascii")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_ESCAPE = b"\x1b$"
"""Begins what switches ISO-2022-JP to characters of two bytes."""

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE
)

_EURO = "ImapLibrary.euro"
"""Reads the byte 0x80 where Python has no character for it: the euro sign of Windows in GBK."""

_log = logging.getLogger(__name__)


def is_known(charset: str) -> bool:
    """Return whether text can be read in a charset of that name."""
    return bool(_codecs(_name(charset)))


def fits(data: bytes, charset: str) -> bool:
    """Return whether `data` is text in the charset of that name."""
    return _first(data, _fitting(data, _codecs(_name(charset)))) is not None


def decode(data: bytes, charset: str = "", *, hint: str = "") -> str:
    """Return `data` as text, in the best reading there is.

    charset: the declared name, empty if none was. Unknown names count as not declared.
    hint: a name from elsewhere, for what the declared one doesn't fit

    What can't be decoded becomes U+FFFD.
    """
    name = _name(charset)
    declared = _fitting(data, _codecs(name))
    text = _first(data, declared)
    if text is None:
        codec, text = _guess(data, declared, _fitting(data, _codecs(_name(hint))))
        as_declared = not name or (name in _ASCII and data.isascii())
        if codec != "utf-8" or not as_declared:
            _log.debug("Bytes declared as %r were read as %s.", charset[:50], codec)
    return _without_surrogates(text)


def decode_html(data: bytes, charset: str = "") -> str:
    """Return HTML as text: by the charset that was declared with it, else by what it says itself.

    charset: empty if none was
    """
    meta = _META_CHARSET.search(data[:2048])
    return decode(data, charset, hint=meta[1].decode("ascii") if meta else "")


def _name(charset: str) -> str:
    """Return the name in a charset parameter such as `"UTF-8; foo"`, in lower case."""
    match = re.search(r"[A-Za-z0-9][\w.:+-]*", charset[:100], re.ASCII)
    return match.group().lower() if match else ""


@lru_cache(100)
def _codecs(name: str) -> tuple[str, ...]:
    """Return the codecs to try for a declared name, none if it says nothing that is understood."""
    forms = (name, _ALIASES.get(name, ""), *(form.sub(new, name) for form, new in _FORMS))
    found = next(filter(None, map(_codec, forms)), "")
    if not found or found.replace("_", "-") in _NO_CHARSET:
        return ()
    return _CODECS.get(found, (found,))


def _codec(name: str) -> str:
    """Return Python's name of a codec from bytes to text, empty if it has none."""
    try:
        found = codecs.lookup(name).name
        b"a".decode(found, "replace")  # refuses those that aren't from bytes to text, such as zip
    except (LookupError, ValueError):
        return ""
    return found


def _fitting(data: bytes, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Return the declared codecs, none if the bytes say clearly that they are in no such one."""
    if declared in ((), _UTF_8):
        return declared
    if data.startswith(codecs.BOM_UTF8):
        return ()
    if not declared[0].startswith(("utf-16", "utf-32")) or _mark(data):
        return declared
    if b"\0" not in data:
        return ()
    if declared[0] == "utf-16":
        # Without its mark it is in either byte order. Most senders are on little-endian machines,
        # whatever RFC 2781 says; blanks and line ends tell.
        return ("utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le",)
    return declared


def _euro(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error(_EURO, _euro)


def _first(data: bytes, candidates: tuple[str, ...]) -> str | None:
    """Return the text in the first of these codecs that fits."""
    for codec in candidates:
        with suppress(ValueError):
            return data.decode(codec, _EURO if codec == "gb18030" else "strict")
    if candidates and candidates[0].startswith("iso2022_jp"):
        # Circled digits and the like, which JIS X 0208 hasn't, are in JIS X 0213 where vendors put
        # them.
        with suppress(ValueError):
            return data.replace(b"\x1b$B", b"\x1b$(Q").decode("iso2022_jp_2004")
    return None


def _mark(data: bytes) -> str:
    """Return the codec of which a byte order mark is at the start, empty if there is none."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), "")


def _guess(data: bytes, declared: tuple[str, ...], hinted: tuple[str, ...]) -> tuple[str, str]:
    """Return codec and text of bytes that are not what was declared, if anything was."""
    if codec := _mark(data):
        return codec, data.decode(codec, "replace")
    if declared and data.isascii():
        return declared[0], data.decode(declared[0], "replace")
    candidates = ["iso2022_jp"] if _ESCAPE in data and data.isascii() else ["utf-8", *hinted]
    for codec in candidates:
        text = _first(data, _CODECS.get(codec, (codec,)))
        if text is not None:
            return codec, text
    if declared not in ((), _UTF_8):
        return declared[0], data.decode(declared[0], "replace")
    return _utf8_or_other(data)


def _utf8_or_other(data: bytes) -> tuple[str, str]:
    """Tell damaged UTF-8, which is mostly right, from other charsets, which are not at all."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count(REPLACEMENT)
    right = sum(character > "\x7f" for character in text) - broken
    if right >= max(broken, 1):
        return "damaged UTF-8", text
    codec = detect(data) or "cp1252"
    candidates = _CODECS.get(codec, (codec,))
    found = _first(data, candidates)
    return codec, data.decode(candidates[0], "replace") if found is None else found


def _without_surrogates(text: str) -> str:
    """Join surrogate pairs and replace lone ones: UTF-7 can hold both, and no output can."""
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
