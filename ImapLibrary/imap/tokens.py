"""OAuth2 access tokens: short-lived, so that a long run needs a fresh one now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ImapLibrary.arguments import Secret, one_line, reveal
from ImapLibrary.errors import InvalidArgument, LoginFailed
from ImapLibrary.imap.sasl import hidden

_ONE_AT_A_TIME = threading.RLock()
"""A fresh token may come from a keyword, and Robot Framework runs one keyword at a time. That one may
open a mailbox with a token of its own."""


class AccessToken:
    """An access token, and perhaps a way to the next one.

    token: the one to begin with; may be empty if there is a way to get one
    fresh: gives a new one
    """

    def __init__(self, token: str | Secret, fresh: Callable[[], object] | None = None) -> None:
        one_line("access token", reveal(token))
        self._token = token
        self._fresh = fresh

    @property
    def renewable(self) -> bool:
        """Whether there is a way to a fresh one."""
        return self._fresh is not None

    @property
    def known(self) -> str:
        """The token that there is; empty as long as there has been none."""
        return reveal(self._token)

    def text(self) -> str:
        """Return the token, a fresh one if there has been none yet."""
        if not reveal(self._token).strip():
            self.renew()
        return reveal(self._token)

    def renew(self) -> None:
        """Put a fresh token in the place of this one.

        Raises InvalidArgument if none is given, and LoginFailed if what was to give it fails; but
        the failure of a keyword goes through as Robot Framework has it.
        """
        token = self._given()
        if not isinstance(token, str | Secret):
            raise InvalidArgument(
                "fresh_token= must give an access token, as text or as a Secret, but gave "
                f"something of the type {type(token).__name__}."
            )
        if not reveal(token).strip():
            raise InvalidArgument("fresh_token= gave an empty access token.")
        one_line("access token", reveal(token))
        self._token = token

    def _given(self) -> object:
        """Return what the way to a fresh token leads to."""
        # Robot Framework has loaded it by now; without it, importing this library takes longer.
        from robot.errors import RobotError

        try:
            with _ONE_AT_A_TIME:
                return self._fresh() if self._fresh else ""
        except RobotError:  # which time-outs are before Robot Framework 7.3
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
            old = reveal(self._token)
            raise LoginFailed(
                "No fresh access token could be had: what fresh_token= names failed with "
                f"{hidden(what, [old] if old.strip() else [])}."
            ) from error
