"""What an email must be like: as SEARCH keys for the server, and as the test that decides.

Servers differ in what they find: some match words only, some do not decode, some look into an
index that lags behind. So SEARCH is only asked for candidates, by keys that are wider than the
criterion, and what a criterion means is said once, here: text compares decoded, without regard
to case, with runs of white space as one blank, as a substring; a whole address as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from ImapLibrary.arguments import one_line
from ImapLibrary.content import normalize
from ImapLibrary.errors import IncompleteEmail, InvalidArgument
from ImapLibrary.headers import Address
from ImapLibrary.message import Email
from ImapLibrary.mime import Extent, Part

WHOLE_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")

LONGEST_SHOWN = 100
"""So many characters are shown at most of what an email has instead of what is wanted."""

WORD = re.compile(r"\w+(?:[.@+-]+\w+)*")

RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To")

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


def fold(text: str) -> str:
    """Return the text in the form in which texts are compared."""
    blanks_joined = " ".join(normalize(text).split())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", blanks_joined).casefold())


@dataclass(frozen=True)
class Criterion:
    """One condition. Subclasses say how to search for it and how to test it.

    value: what the user gave
    """

    value: str

    name: ClassVar[str] = ""
    about_flags: ClassVar[bool] = False
    about_text: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"{self.name} {self.value!r}"

    def search_keys(self) -> list[bytes]:
        """Return SEARCH keys that find at least what the test accepts."""
        raise NotImplementedError

    def accepts(self, email: Email) -> bool:
        """Return whether the email meets the condition.

        Raises IncompleteEmail if that can't be told from what was fetched of it.
        """
        raise NotImplementedError

    def instead(self, email: Email) -> str:
        """Return what an email that does not meet the condition has in place of it."""
        raise NotImplementedError


class Subject(Criterion):
    """The subject contains the text."""

    name = "subject"

    def search_keys(self) -> list[bytes]:
        return [b"SUBJECT", _wide(self.value)]

    def accepts(self, email: Email) -> bool:
        return fold(self.value) in fold(email.subject)

    def instead(self, email: Email) -> str:
        return f"subject is {_short(email.subject)}"


class Sender(Criterion):
    """The address or the name of an author (From)."""

    name = "sender"

    def search_keys(self) -> list[bytes]:
        return [b"FROM", _wide(self.value)]

    def accepts(self, email: Email) -> bool:
        return _is_among(self.value, email.senders)

    def instead(self, email: Email) -> str:
        return f"sender is {_people(email.senders)}"


class Recipient(Criterion):
    """The address or the name of somebody who got the email: by To, Cc or Bcc, or as the
    delivering server noted it (catch-all and Bcc emails name the address nowhere else)."""

    name = "recipient"

    def search_keys(self) -> list[bytes]:
        value = _wide(self.value)
        keys: list[bytes] = []
        for header in RECIPIENT_HEADERS:
            keys += [b"OR", b"HEADER", header.encode(), value]
        return [*keys, b"OR", b"TO", value, b"OR", b"CC", value, b"BCC", value]

    def accepts(self, email: Email) -> bool:
        return _is_among(self.value, email.recipient_addresses)

    def instead(self, email: Email) -> str:
        return f"recipient is {_people(email.recipient_addresses)}"


class Text(Criterion):
    """Something written in the email: in a header, a file name, its text, or its HTML source."""

    name = "text"
    about_text = True

    def search_keys(self) -> list[bytes]:
        return [b"TEXT", _wide(self.value)]

    def accepts(self, email: Email) -> bool:
        wanted = fold(self.value)
        return any(wanted in fold(text) for text in _written(email))

    def instead(self, email: Email) -> str:
        begins = " ".join(email.text_so_far.split())
        return f"text is {_short(begins)}"


class Status(Criterion):
    """Flags, by the SEARCH keys that ask for them; several are separated by blanks."""

    name = "status"
    about_flags = True

    @property
    def words(self) -> list[str]:
        return self.value.upper().split()

    @property
    def asks_session(self) -> bool:
        """Whether only the server can tell."""
        return any(word in SESSION_STATUS for word in self.words)

    def search_keys(self) -> list[bytes]:
        return [word.encode() for word in self.words]

    def accepts(self, email: Email) -> bool:
        flags = {flag.casefold() for flag in email.flags}
        wanted = (FLAGS_OF_STATUS[word] for word in self.words if word in FLAGS_OF_STATUS)
        return all((flag.casefold() in flags) is present for flag, present in wanted)

    def instead(self, email: Email) -> str:
        if self.asks_session:
            return f"the server does not count it as {self.value.upper()}"
        return f"flags are {' '.join(sorted(email.flags))}" if email.flags else "it has no flags"


class Criteria:
    """Conditions that must all hold.

    by_default: whether they stand in for criteria that the user did not give
    session_conditions: those of them that only the server can decide
    """

    def __init__(self, conditions: Sequence[Criterion], by_default: bool = False) -> None:
        self.conditions = tuple(conditions)
        self.by_default = by_default
        self.about_flags = any(condition.about_flags for condition in conditions)
        self.about_text = any(condition.about_text for condition in conditions)
        self.session_conditions = tuple(
            condition
            for condition in conditions
            if isinstance(condition, Status) and condition.asks_session
        )

    def __str__(self) -> str:
        if self.by_default:
            return "unread"
        return " and ".join(str(condition) for condition in self.conditions)

    def search_keys(self) -> list[bytes]:
        """Return SEARCH keys that find at least the matching emails."""
        return [key for condition in self.conditions for key in condition.search_keys()]

    def flag_keys(self) -> list[bytes]:
        """Return the SEARCH keys of the conditions that are about flags."""
        flags = (condition for condition in self.conditions if condition.about_flags)
        return [key for condition in flags for key in condition.search_keys()]

    def misses(self, email: Email) -> tuple[Criterion, ...]:
        """Return the conditions that the email does not meet, the cheapest to test first.

        Raises IncompleteEmail if the rest of the email must be fetched to tell.
        """
        headers = [condition for condition in self.conditions if not condition.about_text]
        missed = tuple(condition for condition in headers if not condition.accepts(email))
        if missed:
            return missed
        texts = (condition for condition in self.conditions if condition.about_text)
        return tuple(condition for condition in texts if not condition.accepts(email))


def criteria(
    *,
    sender: str | None = None,
    recipient: str | None = None,
    subject: str | None = None,
    text: str | None = None,
    status: str | None = None,
) -> Criteria:
    """Return the criteria that were given; those that are None were not.

    Without any, they are "unread". Raises InvalidArgument for what can be no criterion.
    """
    given: list[Criterion] = []
    for kind, value in (
        (Status, status),
        (Sender, sender),
        (Recipient, recipient),
        (Subject, subject),
        (Text, text),
    ):
        if value is not None:
            given.append(kind(_usable(kind.name, value)))
    for condition in given:
        if isinstance(condition, Status):
            _check_status(condition.words)
    return Criteria(given) if given else Criteria([Status("UNSEEN")], by_default=True)


def _usable(name: str, value: str) -> str:
    if not fold(value):
        raise InvalidArgument(
            f"The criterion {name} is empty, which would match every email. Leave it out if you "
            "mean that; if it comes from a variable, the variable has no value."
        )
    return one_line(f"criterion {name}", value)


def _check_status(words: Iterable[str]) -> None:
    known = ["ALL", *FLAGS_OF_STATUS, *SESSION_STATUS]
    for word in words:
        if word not in known:
            raise InvalidArgument(
                f"There is no status {word!r}. An email can be asked for by "
                f"{', '.join(sorted(known))}."
            )


def _is_among(wanted: str, people: Iterable[Address]) -> bool:
    """Compare an address as a whole, and anything else with what is shown of a person."""
    folded = fold(wanted)
    if WHOLE_ADDRESS.fullmatch(wanted.strip()):
        return any(folded == fold(person.address) for person in people)
    return any(folded in fold(f"{person.name} <{person.address}>") for person in people)


def _short(text: str) -> str:
    """Return a text in quotes, as much of it as is good to read."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}...")


def _people(people: Iterable[Address]) -> str:
    """Return people as they are compared, each once."""
    return _short(", ".join(dict.fromkeys(str(person) for person in people)))


def _written(email: Email) -> Iterator[str]:
    """Yield what is written in an email, and last what may have to be fetched first.

    Text that is not here to its end is no help: what a part of it reads as (half of an HTML tag)
    need not be what the whole says. Raises IncompleteEmail if there may be more.
    """
    yield from email.headers.lines
    yield from _file_names(email.root)
    yield email.text
    yield email.html
    if email.extent is Extent.PREFIX and _goes_on(email.root):
        raise IncompleteEmail("More files may follow beyond the first bytes of this email.")


def _file_names(part: Part) -> Iterator[str]:
    if part.known:
        yield part.filename
    for child in part.parts:
        yield from _file_names(child)


def _goes_on(part: Part) -> bool:
    """Return whether there may be more parts, or more of a part's header, than these."""
    return part.open or not part.known or any(_goes_on(child) for child in part.parts)


def _wide(value: str) -> bytes:
    """Return the part of a text that servers are most likely to find, as it goes on the wire.

    White space, accents, and case beyond ASCII are compared differently everywhere, a plain word
    alike by all. A text that has none goes as UTF-8, which the caller must announce.
    """
    words: list[str] = WORD.findall(unicodedata.normalize("NFC", value)) or [value.strip()]
    plain = [word for word in words if word.isascii()]
    if not plain:
        return max(words, key=len).encode()
    escaped = max(plain, key=len).replace("\\", "\\\\").replace('"', '\\"')
    return b'"' + escaped.encode() + b'"'
