"""What is known of the UIDs of a folder, and until when."""

from __future__ import annotations

from ImapLibrary.imap.knownuids import KnownUids


def test_the_next_uid_follows_the_highest_that_was_shown() -> None:
    uids = KnownUids()
    uids.note_highest([7, 9, 8], arrivals=2)
    assert (uids.next, uids.arrivals) == (10, 2)


def test_the_next_uid_never_falls() -> None:
    """The highest email may have been deleted; its UID is never given again (RFC 9051, 2.3.1.1)."""
    uids = KnownUids(10, arrivals=0)
    uids.note_highest([7], arrivals=1)
    assert (uids.next, uids.arrivals) == (10, 1)


def test_an_empty_folder_shows_none() -> None:
    uids = KnownUids(10)
    uids.note_highest([], arrivals=0)
    assert (uids.next, uids.arrivals) == (10, 0)


def test_what_several_answers_have_shown_is_there() -> None:
    uids = KnownUids()
    uids.note_shown([1, 2], gone_before=0, gone=0)
    uids.note_shown([3], gone_before=0, gone=0)
    assert uids.has_shown([1, 3], gone=0)
    assert not uids.has_shown([1, 4], gone=0)


def test_nothing_is_sure_once_something_has_gone() -> None:
    uids = KnownUids()
    uids.note_shown([1, 2], gone_before=0, gone=0)
    assert not uids.has_shown([1], gone=1)


def test_what_went_before_says_nothing_of_what_was_shown_later() -> None:
    uids = KnownUids()
    uids.note_shown([1, 2], gone_before=0, gone=0)
    uids.note_shown([2], gone_before=1, gone=1)
    assert uids.has_shown([2], gone=1)
    assert not uids.has_shown([1], gone=1)


def test_an_answer_during_which_something_went_shows_nothing() -> None:
    uids = KnownUids()
    uids.note_shown([1, 2], gone_before=0, gone=1)
    assert not uids.has_shown([1], gone=0)
    assert not uids.has_shown([1], gone=1)
