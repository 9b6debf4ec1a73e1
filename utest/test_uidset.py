"""Sets of UIDs: short enough for a line, whatever gaps they have, and read as servers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.imap.uidset import LONGEST, in_short, uid_sets, uids_of

UIDS = st.sets(st.integers(min_value=1, max_value=2**32 - 1))


@pytest.mark.parametrize(
    ("uids", "expected"),
    [
        ([], []),
        ([7], ["7"]),
        ([3, 1, 2], ["1:3"]),
        ([5, 1, 5, 7, 6, 2], ["1:2,5:7"]),
        (range(1, 5001), ["1:5000"]),
    ],
)
def test_runs_become_ranges(uids: list[int], expected: list[str]) -> None:
    assert uid_sets(uids) == expected


def test_a_set_fits_into_a_line() -> None:
    """A line may have 8,192 bytes; some are for the command around the set."""
    sets = uid_sets(range(10_000, 20_000, 2))
    assert len(sets) == 4
    assert max(map(len, sets)) <= LONGEST < 8192 - 100


@given(UIDS, st.integers(min_value=25, max_value=200))
def test_no_uid_is_lost_and_none_added(uids: set[int], longest: int) -> None:
    sets = uid_sets(uids, longest)
    assert [uid for each in sets for uid in uids_of(each)] == sorted(uids)
    assert all(len(each) <= longest for each in sets)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", [7]), ("3:5,1", [3, 4, 5, 1]), ("5:3", [3, 4, 5]), ("1,1:3", [1, 2, 3])],
)
def test_what_servers_write(text: str, expected: list[int]) -> None:
    assert list(uids_of(text)) == expected


@pytest.mark.parametrize("text", ["", "*", "1:*", "a", "1;2"])
def test_what_is_no_set(text: str) -> None:
    with pytest.raises(ValueError):
        list(uids_of(text))


def test_a_set_of_all_there_can_be_is_not_made_at_once() -> None:
    assert next(uids_of("1:4294967295")) == 1


def test_the_beginning_is_shown_of_a_long_set() -> None:
    assert in_short([]) == ""
    assert in_short([3, 4, 9]) == "3:4,9"
    assert in_short(range(1, 100, 2), most=10) == "1,3,5,7,9,..."
