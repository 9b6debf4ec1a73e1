"""Which charset bytes are in that nobody declared one for, and that are no UTF-8.

Detectors guess wrong on Western texts, where few bytes tell anything, and those are the most
frequent. So one is only asked where Western is no possibility: where words consist of bytes above
127, as they do in Cyrillic, Greek, Hebrew, Arabic, Thai and the scripts of East Asia. There any
guess is better than none.
"""

from __future__ import annotations

import re

FEWEST_BYTES = 20
"""So many bytes above 127 are needed to guess by."""

_CANDIDATES = (
    *("koi8_r", "koi8_u", "cp1251", "iso8859_5", "cp866"),
    *("cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874"),
    *("big5", "gb18030", "shift_jis", "euc_jp", "cp949", "cp1252"),
)
"""What emails are written in, and no more: among a hundred codecs one often fits by chance."""

_WORDS = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")

_BEYOND_ASCII = bytes(range(0x80, 0x100))


def detect(data: bytes) -> str:
    """Return the codec that `data` is most likely in, empty if it can't be told."""
    words = b"".join(_WORDS.findall(data))
    beyond = len(words) - len(words.translate(None, _BEYOND_ASCII))
    if beyond < FEWEST_BYTES or beyond * 2 < len(words):
        return ""
    # Loaded when it is needed first, which in most test runs is never.
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_CANDIDATES)).best()
    return best.encoding if best else ""
