"""What has the shape of a code that is to be typed, and what only has digits in common with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ImapLibrary.mail.codewords import names_code
from ImapLibrary.mail.links import addresses_in

_MONTH = (
    r"(?:jan|feb|m[aäáâ]r|a[pvb]r|ma[ijy]|j[uú][nl]|juin|juil|ao[uû]t|aug|ago|s[ey]p|set|o[ck]t|"
    r"out|nov|d[eè][czs]|dic|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w{0,8}\.?"
)

_YEAR = r"(?:19|20)\d\d(?!\d)"

_CURRENCY = (
    r"(?:[$€£¥₹₽₺₴₩₪฿₫]|(?-i:\b(?:USD|EUR|GBP|CHF|JPY|CNY|INR|RUB|PLN|CZK|SEK|DKK|NOK|HUF|TRY|BRL|AUD|"
    r"CAD|TL)\b)|\b(?:rs|kr|zł|kč|lei|euros?|dollars?|руб|грн)\b\.?|円|元|원)"
)

_AMOUNT = r"(?:\d{1,3}(?:[ .,'’]\d{3}){0,5}|\d+)(?:[.,]\d\d?)?"

_DAY = r"(?:[0-2]?\d|3[01])"

_DISCOUNT_CODE = r"(?-i:\b[A-Z]{3,12}\d{1,4}[A-Z]{0,5}\b)"

_DISCOUNT = (
    r"%|[\d\0] off\b|\b(?:save|spare) \0|discount|free shipping|rabatt?|sconto|réduction|remise|"
    r"desc(?:ue|o)nto|korting|скидк|割引|优惠|折扣|할인"
)
"""Amounts are blank already where this is looked for."""


def _patterns(*pairs: tuple[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (reason, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for reason, pattern in pairs
    ]


_ADDRESSES = _patterns(
    ("part of an address", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    (
        "part of an address",
        (
            r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){0,5}[a-z0-9-]{0,30}[a-z][a-z0-9-]{0,30}\.[a-z]{2,18}"
            r"(?:[/?][^\s<>\"]*)?(?![\w.])"
        ),
    ),
    ("part of a style sheet", r"\{[^{}]{13,2000}\}"),
)
"""What isn't meant to be read by people, and what it is."""

_NUMBERS = _patterns(
    (
        "a time",
        (
            r"(?<!\d)(?<!\d:)\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?[+-][01]\d[0-5]\d)?"
            r"(?![\d:])"
        ),
    ),
    ("a time", r"(?<![a-z\d])[0-2]?\dh[0-5]\d(?![a-z\d])"),
    ("a time", r"(?<!\d)[0-2]\d[0-5]\d ?(?:uhr|hrs?|utc|gmt)\b"),
    ("an amount", rf"{_CURRENCY} ?{_AMOUNT}(?!\d)|(?<![\d.,]){_AMOUNT} ?{_CURRENCY}"),
    ("a number with decimals", r"(?<![\d.,])\d{1,3}(?:[.,'’]\d{3})+(?!\d)|(?<!\d)\d+(?:\.\d+)+"),
    ("a number with decimals", r"(?<![\d,])\d+,\d\d(?!\w)|(?<!\d)\d+(?= ?%)"),
    ("a date", rf"(?<!\d){_DAY}([-/.]){_DAY}\1(?:\d\d|{_YEAR})(?![\d-])"),
    ("a date", rf"(?<!\d){_YEAR}([-/.]){_DAY}\1{_DAY}(?![\d-])|(?<!\d)\d+/\d+"),
    ("a year", r"(?:©|\(c\)|copyright)[^\n\d]{0,40}\d{4}(?: ?[-–] ?\d{4})?(?!\d)"),
    ("a year", rf"\b{_MONTH},? (?:(?:de|del) )?(?:\d\d?(?:st|nd|rd|th)?,? )?{_YEAR}"),
    ("a year", rf"(?<!\d){_YEAR} ?(?:[-–] ?{_YEAR}|年|년|г\.|року)"),
    ("a year", rf"\b(?:in|since|until|year|seit|bis|depuis|desde|dal) {_YEAR}"),
    ("a phone number", r"(?:\+|\b00)\d[\d ()/.-]{5,25}\d|\(\d{2,5}\)[\d -]{4,20}\d"),
    ("a phone number", r"(?<![\w-])\d{1,4}(?:[-. ]\d{2,4}){4,8}(?![\w-])"),
    ("a phone number", r"(?<![\w-])\d{3}[-. ]\d{3}[-. ]\d{4}(?![\w-])"),
    ("a phone number", r"(?<![\w-])0(?:\d\d[ -]\d{4}|\d{3}[ -]\d{5}|\d{4}[ -]\d{6})\d*(?![\w-])"),
    ("a phone number", r"(?<![\w-])0\d{2,4}(?:/\d{3,}|[ -]\d{3}[ -]\d{3,4})(?![\w-])"),
    ("a number with a sign", r"(?<!\w)#\w+"),
    ("the end of a number", r"(?:[*•·]{2} ?|\bx{2,}[ -]?|\.{3}|…)\d{3,6}(?![\d*])"),
    (
        "part of a postal address",
        (
            r"(?-i:\b\d{1,5}[A-Z]? (?:[A-Z][\w.'-]* ){1,3}(?:St|Ave?|Rd|Blvd|Dr|"
            r"Ln|Pkwy|Street|Avenue|Road|Boulevard|Lane|Drive|Parkway|Highway|Square|Court|Place|Way)\b)"
        ),
    ),
    ("part of a postal address", r"\b\d{1,5},? (?:rue|avenue|boulevard|chemin|calle) "),
    (
        "part of a postal address",
        r"\w(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|straat|laan) \d+",
    ),
    ("part of a postal address", r"(?-i:, [A-Z]{2},? \d{5}(?:-\d{4})?\b)"),
    ("part of a postal address", r"(?-i:\b\d{4} [A-Z]{2},? [A-Z][a-z])"),
    (
        "part of a postal address",
        r"(?-i:\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b)",
    ),
    (
        "a technical term",
        r"\b(?:sha|aes|rsa|utf|html|ipv|wpa|tls|ssl|http|oauth|covid|base|win)-?\d{1,4}\b",
    ),
    ("a discount", rf"{_DISCOUNT_CODE}(?=[^\n.]{{0,40}}(?:{_DISCOUNT}|checkout))"),
    ("a discount", rf"(?:{_DISCOUNT})[^\n.!?]{{0,60}}?(?P<number>{_DISCOUNT_CODE})"),
    (
        "a measure",
        r"(?<!\d)\d+ (?:min|minutes?|hours?|days?|seconds?|characters|points?|km|kg|[kmg]b)\b",
    ),
    (
        "a measure",
        r"(?<!\d)\d+ ?(?:stunden|tagen?|minuten|minutos|heures|jours|минут\w?|分|秒|小时|天)",
    ),
)
"""What is no code, whatever stands by it, and why."""

_PLACE = r"[A-ZÀ-ÖØ-ÞĆČİŁŚŞŠŻŽ][^\W\d_]{2,}"

_FIELD_START = r"(?:^|[,|•·・] {0,3}|(?<=[\d\0] )- )"

_FIELD_END = r"(?= *(?:$|[,.|•·・(]| -))"

_PLACES = _patterns(
    *(
        ("part of a postal address", f"(?-i:{pattern})")
        for pattern in (
            rf"{_FIELD_START}(?:[A-Z]{{1,2}}-)?\d{{4,5}} {_PLACE}(?:[ -][^\W\d_]+){{0,3}}{_FIELD_END}",
            rf"\b{_PLACE}(?<=[a-zß-ÿ]),? [A-Z]{{2}},? \d{{5}}(?:-\d{{4}})?\b",
            rf"\b{_PLACE},? (?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA) \d{{4}}\b",
            rf", (?:{_PLACE} )?{_PLACE} \d{{5}}(?:-\d{{4}})?{_FIELD_END}",
            rf"\bSingapore \d{{6}}\b|\b{_PLACE}(?: -)? \d{{3}} ?\d{{3}},? India\b",
            rf", {_PLACE}(?: -)? \d{{3}} ?\d{{3}}, {_PLACE}",
            r"(?:^|, ?)\d{6}, (?:г\. ?)?[А-ЯЁ][\w-]+(?=$|,)",
        )
    )
)
"""Postal codes by the names of places around them, which only look like names: so may "Your Code"."""

BLANK = "\0"
"""Stands, as often as that was long, where something was that can't be a code."""

_BEFORE = r"(?<![A-Za-z0-9_\u00c0-\u024f-])(?<![A-Za-z0-9][!#$%&*+/=?@^~])"
_AFTER = r"(?![A-Za-z0-9_\u00c0-\u024f-]|[!#$%&*+/=@^~][A-Za-z0-9])"

_SHAPED = re.compile(
    rf"{_BEFORE}(?:(?P<digits>\d+(?: {{1,3}}(?:- {{1,3}})?\d+)+)"
    rf"|(?P<mixed>(?=[A-Z]*\d)[A-Z0-9]{{2,5}}(?: (?=[A-Z]*\d)[A-Z0-9]{{2,5}}){{1,3}})"
    rf"|(?P<word>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)){_AFTER}"
)

_PASSWORD = re.compile(
    r"(?<!\S)(?=\S*[A-Za-z])(?=\S*\d)(?=\S*[!#$%&*+=?@^~_])[^\s\0]{6,20}?(?=[.,;]?(?!\S))"
)
"""A word of letters, digits and signs."""


@dataclass(frozen=True)
class Shape:
    """Something that might be a code.

    start, end: where it is in the text
    code: what one would type
    unlike: how little it looks like a code, 0 for the likeliest
    doubtful: whether it is one only where it is announced by a colon and ends its line
    """

    start: int
    end: int
    code: str
    unlike: int
    doubtful: bool = False


def without_addresses(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with addresses and styles blanked, and what that was, and why."""
    left, found = _cut(text, ((start, end) for start, end, _ in addresses_in(text)))
    left, more = _blanked(left, _ADDRESSES)
    return left, [(address, "part of an address") for address in found] + more


def without_numbers(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with all numbers blanked that are no code, and what they were, and why."""
    left, found = _blanked(text, _NUMBERS)
    left, more = _blanked(left, _PLACES, unless=names_code)
    return left, found + more


def shapes(text: str) -> Iterator[Shape]:
    """Yield what is shaped like a code."""
    for match in _SHAPED.finditer(text):
        if match["digits"]:
            yield from _spaced(match)
        elif match["mixed"]:
            parts = match.group().split()
            if len({len(part) for part in parts}) == 1:
                yield Shape(*match.span(), "".join(parts), 10)
        elif found := _word(match.group()):
            yield Shape(*match.span(), *found)
    for match in _PASSWORD.finditer(text):
        yield Shape(*match.span(), match.group(), 5, doubtful=True)


def _blanked(
    text: str,
    patterns: list[tuple[str, re.Pattern[str]]],
    unless: Callable[[str], bool] = lambda found: False,
) -> tuple[str, list[tuple[str, str]]]:
    removed: list[tuple[str, str]] = []
    for reason, pattern in patterns:
        matches = (match for match in pattern.finditer(text) if not unless(match.group()))
        number = pattern.groupindex.get("number", 0)
        text, found = _cut(text, (match.span(number) for match in matches))
        removed += ((each, reason) for each in found)
    return text, removed


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, list[str]]:
    """Return a text with parts of it blanked, and these parts."""
    pieces, found, position = [], [], 0
    for start, end in spans:
        found.append(text[start:end].strip())
        pieces += [text[position:start], BLANK * (end - start)]
        position = end
    return "".join([*pieces, text[position:]]), found


def _spaced(match: re.Match[str]) -> Iterator[Shape]:
    """Yield digits with blanks between them as one code, if they stand in equal groups.

    With hyphens between the blanks, 10 - 20 and 1000 - 1800 are rather ranges.
    """
    parts = re.findall(r"\d+", match.group())
    total = sum(map(len, parts))
    least, longest, unlike = (6, 3, 10) if "-" in match.group() else (4, 4, 5)
    if len({len(part) for part in parts}) == 1 and least <= total <= 9 and len(parts[0]) <= longest:
        yield Shape(*match.span(), "".join(parts), unlike)
        return
    for each in re.finditer(r"\d+", match.group()):
        if found := _number(each.group()):
            start = match.start() + each.start()
            yield Shape(start, start + len(each.group()), *found)


def _word(word: str) -> tuple[str, int] | tuple[str, int, bool] | None:
    """Return what of a word one would type, how unlike a code it is, and whether it's doubtful."""
    parts = word.split("-")
    if len(parts) > 1:
        return _groups(word, parts)
    if word.isdigit():
        return _number(word)
    if word.isalpha():
        return (word, 15, True) if word.isupper() and 4 <= len(word) <= 10 else None
    return _letters_and_digits(word)


def _number(digits: str) -> tuple[str, int] | None:
    if not 4 <= len(digits) <= 9:
        return None
    like_a_year = len(digits) == 4 and digits.startswith(("19", "20"))
    like_a_date = re.fullmatch(rf"(?:19|20)\d\d(?:0\d|1[012]){_DAY}", digits)
    return digits, 20 if like_a_year or like_a_date else 0


def _letters_and_digits(word: str) -> tuple[str, int, bool] | None:
    runs = len(re.findall(r"\d+|\D+", word))
    if not 4 <= len(word) <= 12 or re.fullmatch(r"[A-Z]{2}\d{8,}", word):  # such as VAT numbers
        return None
    return word, 5, runs == 2 and not word.isupper()  # Office365, 1080p


def _groups(word: str, parts: list[str]) -> tuple[str, int] | None:
    """Return the code of a word with hyphens."""
    total, lengths = sum(map(len, parts)), {len(part) for part in parts}
    if re.fullmatch(r"[A-Z]{1,2}-\d{4,8}", word):  # Google's G- is not typed
        return parts[1], 5
    if len(lengths) > 1 or total > 20:
        return None
    if all(part.isdigit() for part in parts):
        return ("".join(parts), 5) if 4 <= total <= 9 and len(parts[0]) <= 4 else None
    if len(parts[0]) < 3 or not (word.isupper() or any(map(str.isdigit, word))):
        return None
    return word, 10 if any(map(str.isdigit, word)) else 20
