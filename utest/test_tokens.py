"""Access tokens, and where fresh ones come from."""

from __future__ import annotations

import threading

import pytest

from ImapLibrary.arguments import Secret
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.tokens import AccessToken


def refusal(given: object) -> str:
    with pytest.raises(InvalidArgument) as caught:
        AccessToken("", lambda: given).text()
    return str(caught.value)


def test_the_token_is_kept_until_it_is_renewed() -> None:
    tokens = iter(["second", "third"])
    token = AccessToken("first", lambda: next(tokens))
    assert [token.text(), token.text()] == ["first", "first"]
    token.renew()
    assert [token.text(), token.text()] == ["second", "second"]
    assert token.renewable
    assert not AccessToken("first").renewable


def test_the_first_one_may_be_a_fresh_one() -> None:
    tokens = iter(["first"])
    token = AccessToken("", lambda: next(tokens))
    assert [token.text(), token.text()] == ["first", "first"]


def test_a_secret_may_follow_text() -> None:
    try:
        secret = Secret("second")
    except TypeError:
        pytest.skip("Robot Framework has Secret since 7.4")
    token = AccessToken("first", lambda: secret)
    token.renew()
    assert token.text() == "second"


def test_what_is_no_token() -> None:
    assert refusal(None) == (
        "fresh_token= must give an access token, as text or as a Secret, but gave something of "
        "the type NoneType."
    )
    assert refusal(" ") == "fresh_token= gave an empty access token."
    assert "xyzzy" not in refusal("xyzzy\n")
    with pytest.raises(InvalidArgument, match="access token contains a line feed"):
        AccessToken("xyzzy\n")


def test_a_way_to_a_fresh_one_may_need_a_fresh_one_itself() -> None:
    inner = AccessToken("", lambda: "inner")
    texts: list[str] = []
    outer = AccessToken("", inner.text)
    thread = threading.Thread(target=lambda: texts.append(outer.text()), daemon=True)
    thread.start()
    thread.join(10)
    assert texts == ["inner"]
