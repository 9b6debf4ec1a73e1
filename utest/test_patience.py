"""What is tried again, and after which pause."""

from __future__ import annotations

import pytest

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    ConnectionLost,
    FolderNotFound,
    ImapLibraryError,
    LoginFailed,
)
from ImapLibrary.imap import patience
from ImapLibrary.imap.patience import Pauses, is_crowded, is_final, is_passing


class TestFinal:
    @pytest.mark.parametrize(
        "trouble", [LoginFailed("NO Wrong password."), FolderNotFound("No such.", "NO")]
    )
    def test_what_another_try_would_not_mend(self, trouble: ImapLibraryError) -> None:
        assert is_final(trouble)

    @pytest.mark.parametrize(
        "trouble",
        [
            LoginFailed("NO [UNAVAILABLE] Later."),
            LoginFailed("NO [LIMIT] Too many."),
            LoginFailed("NO [INUSE] Locked."),
            LoginFailed("NO [THROTTLED] Slow down."),
            ConnectionFailed("Refused."),
            ConnectionLost("Gone."),
        ],
    )
    def test_what_may_pass(self, trouble: ImapLibraryError) -> None:
        assert not is_final(trouble)


class TestPassing:
    @pytest.mark.parametrize(
        "trouble",
        [
            LoginFailed("NO [UNAVAILABLE] Later."),
            LoginFailed("NO [THROTTLED] Slow down."),
            CommandRefused("NO [INUSE] Locked.", "NO"),
            CommandRefused("NO [LIMIT] Rate limit hit.", "NO"),
            CommandRefused("BAD User is authenticated but not connected.", "BAD"),
            ConnectionFailed("BYE [UNAVAILABLE] Later."),
        ],
    )
    def test_what_the_server_calls_so(self, trouble: ImapLibraryError) -> None:
        assert is_passing(trouble)

    @pytest.mark.parametrize(
        "trouble",
        [
            LoginFailed("NO [AUTHENTICATIONFAILED] Wrong."),
            CommandRefused("NO Not now.", "NO"),
            FolderNotFound("NO [UNAVAILABLE] There are: INBOX.", "NO"),
            ConnectionLost("Gone."),
        ],
    )
    def test_nothing_else(self, trouble: ImapLibraryError) -> None:
        assert not is_passing(trouble)


class TestCrowded:
    @pytest.mark.parametrize(
        "said",
        [
            "NO [LIMIT] Go away",
            "NO [INUSE] Locked",
            "NO [UNAVAILABLE] Later",
            "NO Maximum number of connections from user+IP exceeded",
            "NO [ALERT] Too many simultaneous connections. (Failure)",
            "BYE too many open sessions for qa",
            "BYE Exceeded the number of concurrent logins",
            "BYE Connection limit reached",
            "BAD User is authenticated but not connected.",
        ],
    )
    def test_as_many_connections_as_are_allowed(self, said: str) -> None:
        assert is_crowded(LoginFailed(f"Could not log in as qa on localhost: {said}"))

    @pytest.mark.parametrize(
        "said",
        [
            "NO [AUTHENTICATIONFAILED] Invalid credentials",
            "NO [AUTHENTICATIONFAILED] Too many failed attempts",
            "NO [THROTTLED] Rate limit hit",
            "BYE Idle for too long, the connection is closed",
        ],
    )
    def test_another_reason(self, said: str) -> None:
        assert not is_crowded(ConnectionLost(f"The connection of qa ended in LOGIN: {said}"))


class TestPauses:
    def test_they_double_up_to_the_longest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rested: list[float] = []
        monkeypatch.setattr(
            patience, "sleep", lambda deadline: rested.append(round(deadline.seconds, 1))
        )
        pauses = Pauses()
        for _ in range(8):
            pauses.rest(Deadline(3600))
        assert rested == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]

    def test_none_is_longer_than_the_deadline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rested: list[float] = []
        monkeypatch.setattr(patience, "sleep", lambda deadline: rested.append(deadline.seconds))
        Pauses().rest(Deadline(0.02))
        assert rested == [pytest.approx(0.02, abs=0.02)]
