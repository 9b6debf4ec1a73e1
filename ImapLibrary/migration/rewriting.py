"""A call as it is written for an older library -> the same call as it is written today.

Only what means the same is rewritten. Values that are known at run time only stay as they are, for
the keywords of today understand the old arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ImapLibrary.migration.names import normal
from ImapLibrary.migration.translating import CRITERIA, EMAIL, HOST, IS_SECURE, NEEDLESS, SSL

Arguments = tuple[str | None, ...]

SUPERSEDED = frozenset(
    {
        "waitformail",
        "openmailboxoauth",
        "getlinksfromemail",
        "getmatchesfromemail",
        "openlinkfromemail",
        "openlinkfrommail",
        "getattachmentsfromemail",
        "markallemailsasread",
        "markasread",
        "walkmultipartemail",
        "getmultipartcontenttype",
        "getmultipartfield",
        "getmultipartfieldnames",
        "getmultipartpayload",
        "getmultipartparam",
    }
)
"""Superseded keywords, by `normal` names. Some can't be replaced word for word, others not always."""

_POSITIONS = ("sender", "recipient", "status", "timeout")
"""What `Wait For Mail` takes by position."""

_UNREAD = "status=UNSEEN"

_VARIABLE = re.compile(r"[$%]\{(?!true\})", re.IGNORECASE)
_NAMED = re.compile(r"([A-Za-z][\w-]*)=(.*)", re.DOTALL)
_FALSE = frozenset({"false", "no", "off", "0", "none", "${false}", "${none}", ""})


@dataclass(frozen=True)
class Call:
    """A call of a keyword.

    keyword: its name
    arguments: one for each of those before, None for one that is left out
    added: what comes after them
    """

    keyword: str
    arguments: Arguments
    added: tuple[str, ...] = ()


def rewritten(keyword: str, arguments: Sequence[str], *, counts_unread: bool = False) -> Call:
    """Return a call as it is written today; the same if nothing is to be changed.

    keyword: its name without that of a library
    counts_unread: whether `Get Email Count` counts what is unread if there are no criteria
    """
    rule = _RULES.get(normal(keyword))
    if rule is None or any(not each or each.startswith(("@{", "&{")) for each in arguments):
        return Call(keyword, tuple(arguments))
    call = rule(keyword, arguments)
    if _repeats_a_name(call):  # of which Robot Framework takes the last
        return Call(keyword, tuple(arguments))
    if counts_unread and normal(keyword) == "getemailcount" and not _has_criteria(arguments):
        return _of_unread(call)
    return call


def _repeats_a_name(call: Call) -> bool:
    names = [name for name, _ in map(_split, filter(None, call.arguments)) if name]
    return len(set(names)) < len(names)


def _has_criteria(arguments: Sequence[str]) -> bool:
    names = {_split(each)[0].lower() for each in arguments}
    return not names.isdisjoint({"", *CRITERIA})  # what has no name is unknown


def _of_unread(call: Call) -> Call:
    """Return a call that counts unread emails, and says so in place of what it leaves out."""
    arguments = list(call.arguments)
    if None not in arguments:
        return Call(call.keyword, call.arguments, (_UNREAD,))
    arguments[arguments.index(None)] = _UNREAD
    return Call(call.keyword, tuple(arguments))


def _wait_for_mail(keyword: str, arguments: Sequence[str]) -> Call:
    names = iter(_POSITIONS)
    named = [each if _NAMED.fullmatch(each) else f"{next(names, '')}={each}" for each in arguments]
    if any(each.startswith("=") for each in named):  # more than it ever took
        return Call(keyword, tuple(arguments))
    return _criteria("Wait For Email", named)


def _criteria(keyword: str, arguments: Sequence[str]) -> Call:
    return Call(keyword, tuple(_criterion(each) for each in arguments))


def _criterion(argument: str) -> str | None:
    name, value = _split(argument)
    if name.lower() in NEEDLESS:
        return None
    return f"{CRITERIA[name.lower()]}={value}" if name.lower() in CRITERIA else argument


def _open_mailbox(keyword: str, arguments: Sequence[str]) -> Call:
    names = {_split(each)[0].lower() for each in arguments}
    return Call(keyword, tuple(_opening(each, names) for each in arguments))


def _opening(argument: str, names: set[str]) -> str | None:
    name, value = _split(argument)
    if name.lower() == HOST:
        return f"host={value}"
    if name.lower() == SSL and IS_SECURE in names:
        return None
    if name.lower() not in (IS_SECURE, SSL):
        return argument
    if value.lower() in _FALSE:
        return "security=NONE"
    return argument if _VARIABLE.match(value) else "security=TLS"


def _open_by_token(keyword: str, arguments: Sequence[str]) -> Call:
    if not all(_NAMED.fullmatch(each) for each in arguments):  # today the third is the password
        return Call(keyword, tuple(arguments))
    kept = (None if _split(each)[0].lower() == "debug_level" else each for each in arguments)
    return Call("Open Mailbox", tuple(_opening(each, set()) if each else None for each in kept))


def _about_an_email(keyword: str, arguments: Sequence[str]) -> Call:
    first, *others = arguments or [""]
    name, value = _split(first)
    if name.lower() != EMAIL or not value or _NAMED.fullmatch(value):
        return Call(keyword, tuple(arguments))
    return Call(keyword, (value, *others))


def _mark_all(keyword: str, arguments: Sequence[str]) -> Call:
    return Call(keyword if arguments else "Mark All As Read", tuple(arguments))


def _attachments(keyword: str, arguments: Sequence[str]) -> Call:
    today = {EMAIL: "email", "target_folder": "folder"}
    split = [_split(each) for each in arguments]
    if not {name for name, _ in split} <= set(today):
        return Call(keyword, tuple(arguments))
    named = tuple(f"{today[name]}={value}" for name, value in split)
    here = () if "target_folder" in dict(split) else ("folder=.",)
    added = (*here, "inline=True", "overwrite=True")
    return Call("Save Email Attachments", named, added)


def _split(argument: str) -> tuple[str, str]:
    """Return name and value of an argument; of one that is given by position, no name."""
    match = _NAMED.fullmatch(argument)
    return (match[1], match[2]) if match else ("", argument)


_RULES: dict[str, Callable[[str, Sequence[str]], Call]] = {
    "waitforemail": _criteria,
    "waitformail": _wait_for_mail,
    "getemailcount": _criteria,
    "openmailbox": _open_mailbox,
    "openmailboxoauth": _open_by_token,
    "getemailbody": _about_an_email,
    "markemailasread": _about_an_email,
    "deleteemail": _about_an_email,
    "getattachmentsfromemail": _attachments,
    "markallemailsasread": _mark_all,
    "markasread": _mark_all,
}
"""By `normal` names."""
