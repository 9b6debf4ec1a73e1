"""Which email is which: only what proves it counts."""

from __future__ import annotations

import pytest
from scripted import message

from ImapLibrary.changing.recognising import Recognition
from ImapLibrary.errors import OutcomeUnknown
from ImapLibrary.location import Location
from ImapLibrary.mail.message import Email

WHERE = Location("127.0.0.1", 143, "qa", "Archive", 8)


def email(uid: int, text: str = "Some text.", **headers: str) -> Email:
    return Email(message("Hello", text, **headers), uid=uid)


def recognised(ours: list[Email], arrived: list[Email]) -> Recognition:
    """Return what is found by Message-ID and size, with the UIDs of ours as names."""
    found = Recognition({each.uid or 0: each for each in ours}, arrived, WHERE)
    found.by_message_id()
    return found


def test_with_a_message_id_size_and_headers_do() -> None:
    found = recognised([email(1, message_id="<1@x>")], [email(7, message_id="<1@x>")])
    assert (found.uids, found.doubtful, found.alike) == ({1: 7}, {}, {})
    found.check_clear()


@pytest.mark.parametrize("name", ["message_id", "date", "from"])
def test_another_header_makes_another_email(name: str) -> None:
    headers = {"message_id": "<1@x>", "date": "x", "from": "a@x"}
    found = recognised([email(1, **headers)], [email(7, **{**headers, name: "z"})])
    assert (found.uids, found.alike) == ({}, {})


def test_without_one_they_prove_nothing() -> None:
    found = recognised([email(1)], [email(7)])
    assert (found.uids, found.doubtful, found.alike) == ({}, {1: email(1)}, {7: email(7)})
    found.check_clear()


def test_nor_do_they_with_another_size() -> None:
    found = recognised([email(1, message_id="<1@x>")], [email(7, "More", message_id="<1@x>")])
    assert found.uids == {}
    with pytest.raises(OutcomeUnknown, match="UID 7 looks the same"):
        found.check_clear()


def test_what_is_equal_is_found_in_its_order_and_the_rest_is_doubtful() -> None:
    found = recognised([email(3), email(1), email(2)], [email(9), email(8)])
    found.by({3: "c", 1: "a", 2: None}.get, {9: "a", 8: "x"}.get)
    assert found.uids == {1: 9}
    assert list(found.doubtful) == [3, 2]
    assert list(found.alike) == [8]


def test_of_those_that_are_the_same_the_first_ones_are_there_first() -> None:
    same = {"message_id": "<1@x>"}
    found = recognised([email(3, **same), email(1, **same)], [email(8, **same)])
    assert found.uids == {3: 8}
    assert found.doubtful == {}  # for nothing else looks like it


def test_more_than_were_to_get_there() -> None:
    same = {"message_id": "<1@x>"}
    with pytest.raises(OutcomeUnknown, match="UID 8:9 looks the same"):
        recognised([email(1, **same)], [email(9, **same), email(8, **same)])


def test_by_looks_only_those_that_are_named() -> None:
    found = recognised(
        [email(1), email(2, "More")], [email(7), email(8, "More"), email(9, "Another")]
    )
    found.by_looks([2])
    assert found.uids == {2: 8}
    assert list(found.doubtful) == [1]
