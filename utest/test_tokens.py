"""Access tokens, and where fresh ones come from."""

from __future__ import annotations

import threading

import pytest
from robot.errors import ExecutionFailed

from ImapLibrary.arguments import Secret
from ImapLibrary.errors import InvalidArgument, LoginFailed
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


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("id_token"), "KeyError: 'id_token'"),
        (OSError(), "OSError"),
        (ValueError("xyzzy is too old."), "ValueError: *** is too old"),
    ],
)
def test_a_way_to_a_fresh_one_that_fails(error: Exception, told: str) -> None:
    def fail() -> str:
        raise error

    with pytest.raises(LoginFailed) as caught:
        AccessToken("xyzzy", fail).renew()
    assert str(caught.value) == (
        f"No fresh access token could be had: what fresh_token= names failed with {told}."
    )
    assert caught.value.__cause__ is error


def test_the_failure_of_a_keyword_stays_as_it_is() -> None:
    def fail() -> str:
        raise ExecutionFailed("Keyword failed.")

    with pytest.raises(ExecutionFailed, match=r"^Keyword failed\.$"):
        AccessToken("", fail).text()


def test_a_way_to_a_fresh_one_may_need_a_fresh_one_itself() -> None:
    inner = AccessToken("", lambda: "inner")
    texts: list[str] = []
    outer = AccessToken("", inner.text)
    thread = threading.Thread(target=lambda: texts.append(outer.text()), daemon=True)
    thread.start()
    thread.join(10)
    assert texts == ["inner"]
