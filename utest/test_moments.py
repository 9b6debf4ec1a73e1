"""Days and moments as users write them."""

from __future__ import annotations

import locale
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.moments import imap_date, parse_moment, search_before, search_since

UTC = timezone.utc
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@pytest.fixture
def machine_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts the machine into another time zone for the time of a test."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows can't change the time zone of a process")
    with monkeypatch.context() as patch:

        def put(zone: str) -> None:
            patch.setenv("TZ", zone)
            time.tzset()

        yield put
    time.tzset()


class TestParse:
    @pytest.mark.parametrize(
        "text", ["2026-03-03", "03-Mar-2026", "3-mar-2026", " 2026-03-03 ", "2026-03-03 00:00"]
    )
    def test_the_same_day(self, text: str) -> None:
        start = parse_moment("since", text).start
        assert start == datetime(2026, 3, 3).astimezone()

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-03-03T10:30Z", datetime(2026, 3, 3, 10, 30, tzinfo=UTC)),
            ("2026-03-03 10:30:15+02:00", datetime(2026, 3, 3, 8, 30, 15, tzinfo=UTC)),
            ("2026-03-03 10:30", datetime(2026, 3, 3, 10, 30).astimezone()),
            ("20260303 103015", datetime(2026, 3, 3, 10, 30, 15).astimezone()),
            ("2026-03-03 10:30:15.123", datetime(2026, 3, 3, 10, 30, 15, 123000).astimezone()),
        ],
    )
    def test_moments(self, text: str, moment: datetime) -> None:
        assert parse_moment("since", text).start == moment
        assert parse_moment("since", text).end == moment

    def test_today_is_a_day_and_now_a_moment(self) -> None:
        before = datetime.now().astimezone()
        today, now = parse_moment("on", "Today"), parse_moment("on", "now")
        assert today.end - today.start >= timedelta(hours=23)
        assert today.start <= before <= now.start == now.end

    def test_dates_and_datetimes_are_taken_as_they_are(self) -> None:
        assert parse_moment("on", date(2026, 3, 3)) == parse_moment("on", "2026-03-03")
        aware = datetime(2026, 3, 3, 12, tzinfo=EAST)
        assert parse_moment("on", aware).start == aware
        assert parse_moment("on", aware).day.start == datetime(2026, 3, 3, tzinfo=EAST)
        assert parse_moment("on", aware).day.end == datetime(2026, 3, 4, tzinfo=EAST)

    def test_what_has_no_zone_is_in_that_of_the_machine(
        self, machine_in: Callable[[str], None]
    ) -> None:
        machine_in("Asia/Tokyo")
        start = datetime(2026, 3, 2, 15, tzinfo=UTC)
        assert parse_moment("since", "2026-03-03").start == start
        assert parse_moment("since", "2026-03-03 00:00").start == start

    @pytest.mark.parametrize(
        ("zone", "text", "start", "end"),
        [
            ("Europe/Berlin", "2026-10-25", "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"),
            ("Europe/Berlin", "2026-03-29", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
            (
                "Europe/Berlin",
                "2026-03-29 10:00",
                "2026-03-29T00:00+01:00",
                "2026-03-30T00:00+02:00",
            ),
            (
                "Europe/Berlin",
                "2026-03-29 01:00",
                "2026-03-29T00:00+01:00",
                "2026-03-30T00:00+02:00",
            ),
            ("America/St_Johns", "2026-11-01", "2026-11-01T00:00-02:30", "2026-11-02T00:00-03:30"),
            # Midnight is left out there.
            ("Africa/Cairo", "2026-04-24", "2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00"),
            (
                "Africa/Cairo",
                "2026-04-24 10:00",
                "2026-04-24T01:00+03:00",
                "2026-04-25T00:00+03:00",
            ),
            # Midnight comes twice there.
            ("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00"),
        ],
    )
    def test_the_day_of_a_change_of_the_clocks_is_longer_or_shorter(
        self, machine_in: Callable[[str], None], zone: str, text: str, start: str, end: str
    ) -> None:
        machine_in(zone)
        day = parse_moment("on", text).day
        assert (day.start, day.end) == (datetime.fromisoformat(start), datetime.fromisoformat(end))

    def test_the_day_of_now_is_today(self) -> None:
        assert parse_moment("on", "now").day == parse_moment("on", "today")

    @pytest.mark.parametrize(
        "value", ["0001-01-01", "9999-12-31", "31-Dec-9999", "9999-12-31 23:59+00:00", date.max]
    )
    def test_too_far_away(self, value: date | str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            parse_moment("criterion before", value)
        assert str(caught.value) == (
            f"The criterion before is too far away for an email: {str(value)!r}. Give a year from "
            "2 to 9998, or leave it out."
        )

    @pytest.mark.parametrize("text", ["yesterday evening", "2026-13-01", "31-Foo-2026", "", "x"])
    def test_no_date(self, text: str) -> None:
        with pytest.raises(InvalidArgument) as caught:
            parse_moment("criterion sent_on", text)
        assert str(caught.value) == (
            f"The criterion sent_on is no date: {text!r}. Write it like 2026-03-24, "
            "2026-03-24 10:00, 24-Mar-2026, today or now."
        )


class TestSearchDays:
    def test_as_imap_writes_them(self) -> None:
        assert imap_date(date(2026, 3, 9)) == "9-Mar-2026"

    def test_whatever_language_the_machine_speaks(self) -> None:
        before = locale.setlocale(locale.LC_TIME)
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:  # the machine lacks it
                continue
            try:
                assert imap_date(date(2026, 5, 9)) == "9-May-2026"
            finally:
                locale.setlocale(locale.LC_TIME, before)

    @given(
        st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        st.timedeltas(timedelta(0), timedelta(days=3)),
        st.sampled_from([UTC, EAST, WEST]),
    )
    def test_they_are_wide_enough_for_every_zone(
        self, moment: datetime, more: timedelta, zone: timezone
    ) -> None:
        def day(text: str) -> date:
            number, month, year = text.split("-")
            names = [
                "Jan",
                "Feb",
                "Mar",
                "Apr",
                "May",
                "Jun",
                "Jul",
                "Aug",
                "Sep",
                "Oct",
                "Nov",
                "Dec",
            ]
            return date(int(year), names.index(month) + 1, int(number))

        assert (moment + more).astimezone(zone).date() >= day(search_since(moment))
        assert (moment - more).astimezone(zone).date() < day(search_before(moment))
