"""Bytes in a declared, undeclared or mis-declared charset -> text. It never fails.

What a sender declares is often the smaller brother of what it writes: GB2312 where GB18030 is
meant, ISO-8859-1 where it is Windows-1252. Decoding with the larger one loses nothing, and that is
what browsers do (WHATWG Encoding Standard, section 4.2).
"""

from __future__ import annotations

import codecs
import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_CODECS: dict[str, tuple[str, ...]] = {
    "utf-8": ("utf-8-sig",),
    "utf8": ("utf-8-sig",),
    "unicode-1-1-utf-8": ("utf-8-sig",),
    "unicode-1-1-utf-7": ("utf-7",),
    "iso-8859-1": ("cp1252", "latin-1"),
    "latin1": ("cp1252", "latin-1"),
    "iso-8859-9": ("cp1254", "iso8859-9"),
    "iso-8859-8-i": ("iso8859-8",),
    "iso-8859-8-e": ("iso8859-8",),
    "iso-8859-6-i": ("iso8859-6",),
    "iso-8859-11": ("cp874", "iso8859-11"),
    "tis-620": ("cp874", "tis-620"),
    "gb2312": ("gb18030",),
    "gb_2312-80": ("gb18030",),
    "gbk": ("gb18030",),
    "x-gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "hz-gb-2312": ("hz",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "x-x-big5": ("big5", "cp950", "big5hkscs"),
    "cn-big5": ("big5", "cp950", "big5hkscs"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "shift-jis": ("cp932", "shift_jis_2004"),
    "sjis": ("cp932", "shift_jis_2004"),
    "x-sjis": ("cp932", "shift_jis_2004"),
    "windows-31j": ("cp932", "shift_jis_2004"),
    "ms932": ("cp932", "shift_jis_2004"),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004"),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "euc-kr": ("cp949",),
    "ks_c_5601": ("cp949",),
    "ks_c_5601-1987": ("cp949",),
    "ks_c_5601-1989": ("cp949",),
    "ksc5601": ("cp949",),
    "windows-949": ("cp949",),
    "windows-874": ("cp874",),
}
"""Declared name -> the codecs to try in turn, where Python's own would read less."""

_UNDECLARED = frozenset({"", "us-ascii", "ascii", "none", "unknown", "unknown-8bit", "x-unknown"})
"""Names that say nothing about bytes above 127."""

_NO_CHARSET = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"}
)
"""Codecs of Python that are no charset of any email, or that depend on the machine."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def is_known(charset: str) -> bool:
    """Return whether text can be read in a charset of that name."""
    return bool(_codecs(_name(charset)))


def decode(data: bytes, charset: str = "") -> str:
    """Return `data` as text, in the best reading there is.

    charset: the declared name, empty if none was. Unknown names count as not declared.

    What can't be decoded becomes U+FFFD.
    """
    name = _name(charset)
    candidates = () if name in _UNDECLARED else _codecs(name)
    text = _first(data, candidates)
    if text is None and not candidates:
        text = _undeclared(data)
    if text is None:
        text = _misdeclared(data, candidates[0])
    return _without_surrogates(text)


def _name(charset: str) -> str:
    """Return the name in a charset parameter such as `"UTF-8; foo"`, in lower case."""
    match = re.search(r"[A-Za-z0-9][\w.:+-]*", charset[:100], re.ASCII)
    return match.group().lower() if match else ""


def _codecs(name: str) -> tuple[str, ...]:
    if name in _CODECS:
        return _CODECS[name]
    try:
        found = codecs.lookup(name).name
        b"a".decode(found, "replace")  # refuses those that aren't from bytes to text, such as zip
    except (LookupError, ValueError):
        return ()
    return () if found.replace("_", "-") in _NO_CHARSET else (found,)


def _first(data: bytes, candidates: tuple[str, ...]) -> str | None:
    for codec in candidates:
        try:
            return data.decode(codec)
        except ValueError:
            continue
    return None


def _undeclared(data: bytes) -> str:
    """Read what nobody declared: by its byte order mark, as Japanese escapes, UTF-8, Western."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    if b"\x1b$" in data and data.isascii():
        text = _first(data, _CODECS["iso-2022-jp"])
        if text is not None:
            return text
    text = _first(data, ("utf-8",))
    return _western_or_utf8(data) if text is None else text


def _misdeclared(data: bytes, codec: str) -> str:
    """Read bytes that contradict their declaration."""
    if codec == "utf-8-sig":
        return _western_or_utf8(data)
    text = _first(data, ("utf-8",)) if not data.isascii() else None
    return data.decode(codec, "replace") if text is None else text


def _western_or_utf8(data: bytes) -> str:
    """Tell damaged UTF-8, which is mostly right, from a Western charset, which is not at all."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count(REPLACEMENT)
    right = sum(character > "\x7f" for character in text) - broken
    return text if right > broken else _first(data, ("cp1252", "latin-1")) or ""


def _without_surrogates(text: str) -> str:
    """Join surrogate pairs and replace lone ones: UTF-7 can hold both, and no output can."""
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
