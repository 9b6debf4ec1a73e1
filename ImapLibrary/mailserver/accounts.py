"""The accounts of the embedded mail server: who may log in, and whose an address is.

pymap speaks IMAP; what it speaks about is here, in `folders` and in `messages`, behind the
interfaces that pymap gives to storage, and all in memory. Everything runs in one event loop, and
no function waits while it changes anything, so nothing needs a lock.

These modules need pymap; `mailserver.server` imports them only when a server starts.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from pymap.backend.session import BaseSession
from pymap.config import IMAPConfig
from pymap.exceptions import AuthorizationFailure, InvalidAuth, NotAllowedError
from pymap.interfaces.login import IdentityInterface, LoginInterface
from pymap.parsing.message import AppendMessage
from pymap.token import AllTokens
from pymap.user import UserMetadata
from pysasl.creds.external import ExternalVerificationRequired
from pysasl.creds.server import ServerCredentials
from pysasl.identity import Identity as Claimed

from ImapLibrary.arguments import Secret, reveal
from ImapLibrary.mailserver.folders import Folders
from ImapLibrary.mailserver.messages import Message


def account_name(address: str) -> str:
    """Return the account that an address belongs to.

    address: `local@domain` or `local+tag@domain`, in any case; without `@` it is taken as it is
    """
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return domain.lower()
    base = local.partition("+")[0]
    return f"{base or local}@{domain}".lower()


class Session(BaseSession[Message]):
    """One client that is logged in."""

    def __init__(self, owner: str, config: IMAPConfig, folders: Folders) -> None:
        super().__init__(owner)
        self._config = config
        self._folders = folders

    @property
    def config(self) -> IMAPConfig:
        """The settings of pymap."""
        return self._config

    @property
    def mailbox_set(self) -> Folders:
        """The folders of the account."""
        return self._folders


class Accounts(LoginInterface):
    """All accounts. One is made when it first gets an email or logs in.

    password: the one password of all accounts, or None if any will do
    """

    def __init__(self, config: IMAPConfig, password: str | Secret | None) -> None:
        self._config = config
        self._password = password
        self._folders: dict[str, Folders] = {}

    @property
    def tokens(self) -> AllTokens:
        """What pymap would make tokens with. This server makes none: the password is the token."""
        return AllTokens(self._config)

    def accepts(self, password: str) -> bool:
        """Tell whether a log-in with this password succeeds."""
        if self._password is None:
            return True
        return hmac.compare_digest(_octets(reveal(self._password)), _octets(password))

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Check the password of a log-in, or the access token. Raises InvalidAuth if it is wrong.

        The token is the password: there is nobody who could issue others.
        """
        try:
            right = credentials.verify(_Claim(credentials.authcid, self.accepts))
        except ExternalVerificationRequired as external:
            if not self.accepts(external.token or ""):
                raise InvalidAuth() from None
            return Identity(account_name(credentials.authzid), self)
        if not right:
            raise InvalidAuth()
        return Identity(account_name(credentials.authcid), self)

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        """Let a user act as itself only (RFC 4616). Raises AuthorizationFailure otherwise."""
        if account_name(authzid) != authenticated.name:
            raise AuthorizationFailure()
        return Identity(authenticated.name, self)

    def session(self, address: str) -> Session:
        """Return a session of the account that an address belongs to."""
        name = account_name(address)
        folders = self._folders.setdefault(name, Folders())
        return Session(name, self._config, folders)

    async def deliver(self, raw: bytes, recipients: Iterable[str]) -> list[str]:
        """Put an email into the INBOX of each account that a recipient belongs to, once.

        Returns the names of the accounts.
        """
        names = list(dict.fromkeys(account_name(address) for address in recipients))
        for name in names:
            await self.session(name).append_messages("INBOX", [AppendMessage(raw)])
        return names

    def described(self, name: str) -> UserMetadata:
        """Return what pymap knows of a user."""
        return UserMetadata(self._config, name)


class Identity(IdentityInterface):
    """A user whose password was right."""

    def __init__(self, name: str, accounts: Accounts) -> None:
        self._name = name
        self._accounts = accounts

    @property
    def name(self) -> str:
        """The name of the account."""
        return self._name

    @property
    def roles(self) -> frozenset[str]:
        """Nobody has special rights."""
        return frozenset()

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        """Open a session."""
        yield self._accounts.session(self._name)

    async def new_token(self, *, expiration: datetime | None = None) -> str | None:
        """Make no token: the password is the one there is."""
        return None

    async def get(self) -> UserMetadata:
        """Return what pymap knows of this user."""
        return self._accounts.described(self._name)

    async def set(self, metadata: UserMetadata) -> int | None:
        """Users can't be changed."""
        raise NotAllowedError()

    async def delete(self) -> None:
        """Users can't be deleted."""
        raise NotAllowedError()


class _Claim(Claimed):
    """What a SASL mechanism checks the user's answers against."""

    def __init__(self, name: str, accepts: Callable[[str], bool]) -> None:
        self._name = name
        self._accepts = accepts

    @property
    def authcid(self) -> str:
        return self._name

    def compare_authcid(self, authcid: str) -> bool:
        return authcid == self._name

    def compare_secret(self, secret: str) -> bool:
        return self._accepts(secret)

    def get_clear_secret(self) -> str | None:
        return None


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
