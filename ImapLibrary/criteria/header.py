"""Conditions on who wrote to whom about what, and on any other header field."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ImapLibrary.criteria.base import Condition, Textual, quoted
from ImapLibrary.criteria.nearness import of_name, of_people, of_text, of_texts, shortened
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.comparing import Pattern, not_empty
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.headers import Address

RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To")

_FIELD_NAME = re.compile(r"[!-9;-~]+")


class Subject(Textual):
    """The subject."""

    name = "subject"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return self.search_for(habits, "SUBJECT")

    def accepts(self, email: Email) -> bool:
        return self.pattern.matches(email.subject)

    def instead(self, email: Email) -> str:
        return f"subject is {shortened(email.subject)}"

    def nearly(self, email: Email) -> str:
        return of_text(self.pattern, email.subject)


class Sender(Textual):
    """The address or the name of an author (From)."""

    name = "sender"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return self.search_for(habits, "FROM")

    def accepts(self, email: Email) -> bool:
        return self.pattern.matches_any(email.senders)

    def instead(self, email: Email) -> str:
        return f"sender is {_people(email.senders)}"

    def nearly(self, email: Email) -> str:
        return of_people(self.pattern, email.senders)


class Recipient(Textual):
    """The address or the name of somebody who got the email: by To, Cc or Bcc, or as the
    delivering server noted it (catch-all and Bcc emails name the address nowhere else)."""

    name = "recipient"

    def search_keys(self, habits: Habits) -> list[bytes]:
        noted = (f"HEADER {header}" for header in RECIPIENT_HEADERS)
        return self.search_for(habits, *noted, "TO", "CC", "BCC")

    def accepts(self, email: Email) -> bool:
        return self.pattern.matches_any(email.recipient_addresses)

    def instead(self, email: Email) -> str:
        return f"recipient is {_people(email.recipient_addresses)}"

    def nearly(self, email: Email) -> str:
        return of_people(self.pattern, email.recipient_addresses)


class Cc(Textual):
    """The address or the name of somebody who got a copy."""

    name = "cc"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return self.search_for(habits, "CC")

    def accepts(self, email: Email) -> bool:
        return self.pattern.matches_any(email.headers.addresses("Cc"))

    def instead(self, email: Email) -> str:
        return f"cc is {_people(email.headers.addresses('Cc'))}"

    def nearly(self, email: Email) -> str:
        return of_people(self.pattern, email.headers.addresses("Cc"))


class Header(Condition):
    """A header field, as `Name: text`; the name alone if it only has to be there."""

    name = "header"

    def __init__(self, value: str) -> None:
        not_empty(self.name, value)
        super().__init__(value)
        name, colon, text = value.partition(":")
        self._field = name.strip()
        if not _FIELD_NAME.fullmatch(self._field):
            raise InvalidArgument(
                f"The criterion {self.name} must be like 'X-Campaign: spring', or a name alone; "
                f"{value!r} has no such name."
            )
        self.pattern = Pattern.parsed(self.name, text.strip()) if colon else None

    def search_keys(self, habits: Habits) -> list[bytes]:
        decoded = "HEADER" not in habits.undecoded
        text = self.pattern.wide(habits.whole_words) if self.pattern and decoded else ""
        return [b"HEADER", self._field.encode(), quoted(text)]

    def accepts(self, email: Email) -> bool:
        values = email.headers.getall(self._field)
        if self.pattern is None:
            return bool(values)
        return any(self.pattern.matches(value) for value in values)

    def instead(self, email: Email) -> str:
        values = email.headers.getall(self._field)
        return f"{self._field} is {shortened(', '.join(values))}" if values else "it has none"

    def nearly(self, email: Email) -> str:
        values = email.headers.getall(self._field)
        if not values:
            return of_name(self._field, email.headers)
        return of_texts(self.pattern, values) if self.pattern else ""


def _people(people: Iterable[Address]) -> str:
    """Return people as they are compared, each once."""
    return shortened(", ".join(dict.fromkeys(str(person) for person in people)))
