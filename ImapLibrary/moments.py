"""Days and moments as users write them, whatever language the machine speaks.

What has no time zone is in the zone of the machine that runs the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, timezone, tzinfo

from ImapLibrary.errors import InvalidArgument

Moment = str | date | datetime
"""What an argument for a day or a moment may be."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As RFC 9051 writes them in dates; `strftime` would write them in the language of the machine."""

_IMAP_DATE = re.compile(r"(\d{1,2})-([a-z]{3})-(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A day, or a moment.

    start: when it begins, with time zone
    end: the moment after it; for a moment the same as its start
    zone: the time zone that was given with it, None for that of the machine
    """

    start: datetime
    end: datetime
    zone: tzinfo | None = None

    @property
    def day(self) -> Period:
        """The day in which it begins."""
        return self if self.end > self.start else _day(self.start.date(), self.zone)


def parse_moment(name: str, value: Moment) -> Period:
    """Return the period that an argument stands for.

    name: what the value is, for the failure: "criterion since", "argument date"
    value: a date or datetime; or a text: `2026-03-24`, `2026-03-24 10:00`, `2026-03-24T10:00Z`,
        `24-Mar-2026`, `today`, `now`, or what Robot Framework's DateTime library takes for a date,
        such as `20260324 100000`

    Raises InvalidArgument for anything else.
    """
    if isinstance(value, str) and value.strip().lower() == "now":
        now = datetime.now().astimezone()
        return Period(now, now)
    moment = _parsed(name, value.strip()) if isinstance(value, str) else value
    if moment.year in (MINYEAR, MAXYEAR):  # or it is out of range in another zone, or a day later
        raise InvalidArgument(
            f"The {name} is too far away for an email: {str(value)!r}. Give a year from "
            f"{MINYEAR + 1} to {MAXYEAR - 1}, or leave it out."
        )
    if isinstance(moment, datetime):
        start = moment if moment.tzinfo else _here(moment)
        return Period(start, start, moment.tzinfo)
    return _day(moment)


def imap_date(day: date) -> str:
    """Return a day as SEARCH takes it (RFC 9051, section 9: `date`)."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year:04}"


def not_noon(moment: datetime) -> datetime:
    """Return the same moment, in a zone where it is not the hour of noon."""
    if moment.hour != 12:
        return moment
    east = (moment.utcoffset() or timedelta()) + timedelta(hours=1)
    return moment.astimezone(timezone(east))


def search_since(moment: datetime) -> str:
    """Return the SEARCH day on or after which everything lies that is not before the moment.

    Servers look at the date alone, in the zone in which it was written.
    """
    return imap_date(moment.astimezone(timezone.utc).date() - timedelta(days=1))


def search_before(moment: datetime) -> str:
    """Return the SEARCH day before which everything lies that is before the moment."""
    return imap_date(moment.astimezone(timezone.utc).date() + timedelta(days=2))


def _parsed(name: str, text: str) -> date | datetime:
    if text.lower() == "today":
        return date.today()
    try:
        if imap := _IMAP_DATE.fullmatch(text):
            month = MONTHS.index(imap[2].capitalize()) + 1
            return date(int(imap[3]), month, int(imap[1]))
        if len(text) == len("2026-03-24"):
            return date.fromisoformat(text)
        return datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
    except ValueError:
        return _by_robot(name, text)


def _by_robot(name: str, text: str) -> datetime:
    from robot.libraries.DateTime import convert_date  # it is slow to import

    try:
        return datetime.fromisoformat(str(convert_date(text)))
    except ValueError as error:
        raise InvalidArgument(
            f"The {name} is no date: {text!r}. Write it like 2026-03-24, "
            "2026-03-24 10:00, 24-Mar-2026, today or now."
        ) from error


def _day(day: date, zone: tzinfo | None = None) -> Period:
    """Return the day from midnight to midnight, which may be 23 or 25 hours."""
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return Period(start, end, zone) if zone else Period(_here(start), _here(end))


def _here(moment: datetime) -> datetime:
    """Return a moment with the offset that the machine's zone has then.

    What the clocks leave out counts from before they change: a midnight is the day's first moment.
    """
    return datetime.fromtimestamp(moment.timestamp(), timezone.utc).astimezone()
