"""Conditions on when an email was received or sent."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from ImapLibrary.criteria.base import Condition
from ImapLibrary.criteria.nearness import apart
from ImapLibrary.imap.habits import Habits
from ImapLibrary.mail.message import Email
from ImapLibrary.moments import Moment, parse_moment, search_before, search_since


class _Dated(Condition):
    """A condition on a day or a moment."""

    def __init__(self, value: Moment) -> None:
        self.period = parse_moment(f"criterion {self.name}", value)
        super().__init__(str(value))

    def moment(self, email: Email) -> datetime | None:
        """Return the moment that the condition is about."""
        return email.date if self.name.startswith("sent_") else email.received

    def key(self, name: str) -> bytes:
        """Return the SEARCH key for what the condition is about."""
        return (f"SENT{name}" if self.name.startswith("sent_") else name).encode()

    def accepts(self, email: Email) -> bool:
        moment = self.moment(email)
        return moment is not None and self.holds(moment)

    @abstractmethod
    def holds(self, moment: datetime) -> bool:
        """Return whether the moment is right."""

    def instead(self, email: Email) -> str:
        moment = self.moment(email)
        what = "sent" if self.name.startswith("sent_") else "received"
        return f"it was {what} {moment:%Y-%m-%d %H:%M:%S %z}" if moment else f"no date {what}"

    def nearly(self, email: Email) -> str:
        moment = self.moment(email)
        return self.missed(moment) if moment else ""

    @abstractmethod
    def missed(self, moment: datetime) -> str:
        """Return by how much a moment is not right."""


class Since(_Dated):
    """Received at that moment or later; of a day, from its first moment on."""

    name = "since"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [self.key("SINCE"), search_since(self.period.start).encode()]

    def holds(self, moment: datetime) -> bool:
        return moment >= self.period.start

    def missed(self, moment: datetime) -> str:
        return f"{apart(self.period.start - moment)} too early"


class Before(_Dated):
    """Received before that moment; of a day, before its first moment."""

    name = "before"

    def search_keys(self, habits: Habits) -> list[bytes]:
        return [self.key("BEFORE"), search_before(self.period.start).encode()]

    def holds(self, moment: datetime) -> bool:
        return moment < self.period.start

    def missed(self, moment: datetime) -> str:
        return f"{apart(moment - self.period.start)} too late"


class On(_Dated):
    """Received on that day, or on the day of that moment."""

    name = "on"

    def search_keys(self, habits: Habits) -> list[bytes]:
        day = self.period.day
        since, before = search_since(day.start), search_before(day.end)
        return [self.key("SINCE"), since.encode(), self.key("BEFORE"), before.encode()]

    def holds(self, moment: datetime) -> bool:
        return self.period.day.start <= moment < self.period.day.end

    def missed(self, moment: datetime) -> str:
        day = self.period.day
        if moment < day.start:
            return f"{apart(day.start - moment)} too early"
        return f"{apart(moment - day.end)} too late"


class SentSince(Since):
    """Like `since`, by the Date that the sender wrote."""

    name = "sent_since"


class SentBefore(Before):
    """Like `before`, by the Date that the sender wrote."""

    name = "sent_before"


class SentOn(On):
    """Like `on`, by the Date that the sender wrote."""

    name = "sent_on"
