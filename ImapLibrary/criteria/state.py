"""Conditions on flags, size and UID: what the server knows of an email without reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ImapLibrary.criteria.base import Condition
from ImapLibrary.criteria.nearness import count
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.flags import OWN_FLAG, SYSTEM_FLAGS, flag_words, has_flag
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.comparing import not_empty
from ImapLibrary.mail.message import Email

FLAGS_OF_STATUS = {
    "ANSWERED": ("\\Answered", True),
    "DELETED": ("\\Deleted", True),
    "DRAFT": ("\\Draft", True),
    "FLAGGED": ("\\Flagged", True),
    "SEEN": ("\\Seen", True),
    "UNANSWERED": ("\\Answered", False),
    "UNDELETED": ("\\Deleted", False),
    "UNDRAFT": ("\\Draft", False),
    "UNFLAGGED": ("\\Flagged", False),
    "UNSEEN": ("\\Seen", False),
}
"""The SEARCH keys of RFC 9051, section 6.4.4, that a flag decides."""

SESSION_STATUS = ("NEW", "OLD", "RECENT")
"""Keys of RFC 3501 that mean something else in each session. Only the server can answer them."""

_WITH_FLAG = {"KEYWORD": True, "UNKEYWORD": False}
"""The keys that a client's own flag follows."""

_MEANT = {"READ": "SEEN", "UNREAD": "UNSEEN"}
"""What mail programs say, and what it is called here."""

_UID_SET = re.compile(r"[1-9]\d*(:([1-9]\d*|\*))?(,[1-9]\d*(:([1-9]\d*|\*))?)*", re.ASCII)


class Status(Condition):
    """Flags, by the SEARCH keys that ask for them; several have blanks or commas between."""

    name = "status"
    about_flags = True

    def __init__(self, value: str) -> None:
        not_empty(self.name, " ".join(flag_words(value)))
        super().__init__(value)
        self._keys = dict(_keys(value))
        self.only_server = any(key in SESSION_STATUS for key in self._keys)

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [word.encode() for key in self._keys for word in key.split()]

    def accepts(self, email: Email) -> bool:
        return not any(self._opposites(email))

    def instead(self, email: Email) -> str:
        if self.only_server:
            return f"the server does not count it as {' '.join(self._keys)}"
        return _flags(email)

    def nearly(self, email: Email) -> str:
        return "" if self.only_server else f"it is {' and '.join(self._opposites(email))}"

    def _opposites(self, email: Email) -> Iterator[str]:
        """Yield the keys that are true of an email in place of those that are not."""
        for key, (flag, present) in self._keys.items():
            if has_flag(email.flags, flag) is not present:
                yield key.removeprefix("UN") if key.startswith("UN") else f"UN{key}"


def _keys(status: str) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield the SEARCH keys of a status, with the flag that decides and whether it must be there."""
    words = iter(flag_words(status))
    for word in words:
        key = word.upper()
        if key in _WITH_FLAG:
            flag = _own_flag(key, next(words, ""))
            yield f"{key} {flag}", (flag, _WITH_FLAG[key])
        else:
            yield key, _flag_of(key)


def _flag_of(key: str) -> tuple[str, bool]:
    if key in FLAGS_OF_STATUS:
        return FLAGS_OF_STATUS[key]
    if key in ("ALL", *SESSION_STATUS):
        return "", False  # which no email has
    hint = f"Did you mean {_MEANT[key]!r}? " if key in _MEANT else ""
    known = sorted(["ALL", *FLAGS_OF_STATUS, *SESSION_STATUS, *_WITH_FLAG])
    raise InvalidArgument(
        f"There is no status {key!r}. {hint}An email can be asked for by {', '.join(known)}."
    )


def _own_flag(key: str, flag: str) -> str:
    if OWN_FLAG.fullmatch(flag):
        return flag
    given = f"{flag!r} is none" if flag else "there is none"
    raise InvalidArgument(
        f"The status {key} must be followed by the name of a flag, such as {key} $Forwarded; {given}."
    )


class Keyword(Condition):
    """Flags of a client's own, such as `$Forwarded`; several have blanks or commas between."""

    name = "keyword"
    about_flags = True

    def __init__(self, value: str) -> None:
        not_empty(self.name, " ".join(flag_words(value)))
        super().__init__(value)
        self._flags = flag_words(value)
        for flag in self._flags:
            if f"\\{flag}".casefold() in map(str.casefold, SYSTEM_FLAGS):
                raise InvalidArgument(
                    f"The criterion {self.name} is about flags of a client's own, and {flag!r} is one "
                    f"of IMAP. Use status={flag.upper()}, or status=UN{flag.upper()} for emails "
                    "without it."
                )
        if not all(OWN_FLAG.fullmatch(flag) for flag in self._flags):
            raise InvalidArgument(
                f"The criterion {self.name} must be the name of a flag, such as $Forwarded; {value!r} "
                "is none. Flags that begin with a backslash are asked for by status."
            )

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [key for flag in self._flags for key in (b"KEYWORD", flag.encode())]

    def accepts(self, email: Email) -> bool:
        return not any(self._missing(email))

    def instead(self, email: Email) -> str:
        return _flags(email)

    def nearly(self, email: Email) -> str:
        return f"lacks {' and '.join(self._missing(email))}" if email.flags else ""

    def _missing(self, email: Email) -> Iterator[str]:
        return (flag for flag in self._flags if not has_flag(email.flags, flag))


class Size(Condition):
    """The size in bytes."""

    def __init__(self, value: int) -> None:
        if value < 0:
            raise InvalidArgument(f"The criterion {self.name} can't be negative.")
        self.bytes = value
        super().__init__(str(value))

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [self.name.upper().encode(), self.value.encode()]

    def instead(self, email: Email) -> str:
        return f"size is {email.size}"


class Larger(Size):
    """More than so many bytes."""

    name = "larger"

    def accepts(self, email: Email) -> bool:
        return email.size > self.bytes

    def nearly(self, email: Email) -> str:
        return f"{count(self.bytes + 1 - email.size, 'byte')} too small"


class Smaller(Size):
    """Less than so many bytes."""

    name = "smaller"

    def accepts(self, email: Email) -> bool:
        return email.size < self.bytes

    def nearly(self, email: Email) -> str:
        return f"{count(email.size + 1 - self.bytes, 'byte')} too large"


class Uid(Condition):
    """UIDs, as a set in the syntax of RFC 9051: `7`, `2:9`, `5:*`, `1,3`; or an email."""

    name = "uid"

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.location = value.location if isinstance(value, Email) else None
        if not _UID_SET.fullmatch(value):
            raise InvalidArgument(
                f"The criterion uid must be a UID or a set of them, such as 7, 2:9 or 5:*; "
                f"{value!r} is none."
            )
        self._ranges = [_range(run) for run in value.split(",")]

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [b"UID", self.value.encode()]

    def accepts(self, email: Email) -> bool:
        uid = email.uid or 0
        return any(first <= uid <= last for first, last in self._ranges)

    def instead(self, email: Email) -> str:
        return f"UID is {email.uid}"

    def nearly(self, email: Email) -> str:
        uid = email.uid or 0
        apart = min(
            (first - uid if uid < first else last - uid for first, last in self._ranges), key=abs
        )
        return f"{abs(apart):,.0f} too {'low' if apart > 0 else 'high'}"


def _range(run: str) -> tuple[float, float]:
    """Return the lowest and the highest UID of `7`, `2:9` or `5:*`."""
    first, _, last = run.partition(":")
    ends = sorted((float(first), float("inf") if last == "*" else float(last or first)))
    return ends[0], ends[1]


def _flags(email: Email) -> str:
    return f"flags are {' '.join(sorted(email.flags))}" if email.flags else "it has no flags"
