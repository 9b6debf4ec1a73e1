"""The accounts, folders and emails of the embedded mail server, all in memory.

pymap speaks IMAP; what it speaks about is here, behind the interfaces that pymap gives to storage.
Its own in-memory storage would not do: it loses the last byte of an email that ends with its
headers, misses the push of an email that arrives while an earlier one is being announced, and
takes seconds to parse a large email at delivery. Here an email is its bytes, and they are parsed
when a client asks for something that needs it.

Everything runs in one event loop, and no function waits while it changes anything, so nothing
needs a lock.

This module needs pymap; `ImapLibrary.mailserver.server` imports it only when a server is started.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default as parsing_policy
from functools import cached_property

from pymap.backend.mailbox import MailboxDataInterface, MailboxSetInterface
from pymap.backend.session import BaseSession
from pymap.bytes import Writeable
from pymap.concurrent import Event
from pymap.config import IMAPConfig
from pymap.exceptions import AuthorizationFailure, InvalidAuth, NotAllowedError
from pymap.flags import FlagOp
from pymap.interfaces.login import IdentityInterface, LoginInterface
from pymap.interfaces.message import CachedMessage
from pymap.listtree import ListTree
from pymap.mailbox import MailboxSnapshot
from pymap.message import BaseLoadedMessage, BaseMessage
from pymap.mime import MessageBody, MessageContent, MessageHeader
from pymap.parsing.message import AppendMessage
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag, Recent, Seen, Wildcard, get_system_flags
from pymap.selected import SelectedMailbox, SelectedSet
from pymap.token import AllTokens
from pymap.user import UserMetadata
from pysasl.creds.server import ServerCredentials
from pysasl.identity import Identity as Claimed

from ImapLibrary.arguments import Secret, reveal

_FIRST_UID = 101
"""Not 1, so that a suite that takes message numbers for UIDs fails here already."""

_PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the standard library's header parser raises on malformed headers instead of a defect. An
email that has some must stay readable as a whole, and must not end a connection."""


def account_name(address: str) -> str:
    """Return the account that an address belongs to.

    address: `local@domain` or `local+tag@domain`, in any case; without `@` it is taken as it is
    """
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return domain.lower()
    base = local.partition("+")[0]
    return f"{base or local}@{domain}".lower()


class Original:
    """The bytes of one email, as they were received, and what can be read from them.

    envelope: its ENVELOPE, which SEARCH asks for again and again, once it is known
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.envelope: EnvelopeStructure | None = None

    @cached_property
    def parsed(self) -> MessageContent:
        """The MIME structure, found when a client first asks for a part of it."""
        try:
            return MessageContent.parse(self.raw)
        except _PARSER_ERRORS:
            return MessageContent(self.raw, MessageHeader.empty(), MessageBody.empty())

    @cached_property
    def searchable(self) -> str:
        """Headers and text parts, decoded and in lower case (RFC 9051, section 6.4.4)."""
        found = [self.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")]
        try:
            found += _texts(message_from_bytes(self.raw, policy=parsing_policy))
        except _PARSER_ERRORS:
            # What can't be decoded is searched as it stands.
            found.append(self.raw.decode("utf-8", "replace"))
        return "\n".join(found).lower()


def _texts(message: object) -> Iterable[str]:
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        yield from (str(value) for value in part.values())
        if part.get_content_maintype() == "text":
            yield part.get_content()


class Message(BaseMessage):
    """An email in a folder: its UID, flags and date, and its bytes."""

    def __init__(
        self,
        uid: int,
        internal_date: datetime,
        permanent_flags: Iterable[Flag],
        original: Original,
        *,
        recent: bool = False,
        expunged: bool = False,
    ) -> None:
        super().__init__(uid, internal_date, permanent_flags, expunged=expunged)
        self.original = original
        self.recent = recent

    def copied(self, uid: int, *, recent: bool = False, expunged: bool = False) -> Message:
        """Return the same email under another UID."""
        return Message(
            uid,
            self.internal_date,
            self.permanent_flags,
            self.original,
            recent=recent,
            expunged=expunged,
        )

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        """Return what FETCH and SEARCH read from."""
        return LoadedMessage(self, requirement)


class LoadedMessage(BaseLoadedMessage):
    """What FETCH and SEARCH read from.

    pymap knows how to take an email apart. This class gives out the bytes as they were received
    where pymap would take them from its parts, and has an answer for malformed headers.
    """

    def __init__(self, message: Message, requirement: FetchRequirement) -> None:
        super().__init__(message, requirement, None)
        self._original = message.original

    @property
    def content(self) -> MessageContent:
        """The parsed email."""
        return self._original.parsed

    def __bytes__(self) -> bytes:
        return self._original.raw

    def get_size(self, section: Sequence[int] | None = None) -> int:
        """Return the size in bytes of the email, or of one part."""
        return super().get_size(section) if section else len(self._original.raw)

    def get_body(self, section: Sequence[int] | None = None, binary: bool = False) -> Writeable:
        """Return the email, or one part of it."""
        if section or binary:
            return super().get_body(section, binary)
        return Writeable.wrap(self._original.raw)

    def get_header(self, name: bytes) -> Sequence[str]:
        """Return the values of a header; none if they can't be parsed."""
        try:
            return super().get_header(name)
        except _PARSER_ERRORS:
            return []

    def get_envelope_structure(self) -> EnvelopeStructure:
        """Return the ENVELOPE; an empty one if the headers can't be parsed."""
        if self._original.envelope is None:
            self._original.envelope = self._parsed_envelope()
        return self._original.envelope

    def _parsed_envelope(self) -> EnvelopeStructure:
        try:
            envelope = super().get_envelope_structure()
            # pymap parses the headers again while it sends them; see it fail now if it must.
            bytes(envelope)
        except _PARSER_ERRORS:
            return EnvelopeStructure.empty()
        return envelope

    def get_body_structure(self) -> BodyStructure:
        """Return the BODYSTRUCTURE; an empty one if the headers can't be parsed."""
        try:
            structure = super().get_body_structure()
            bytes(structure.extended)
        except _PARSER_ERRORS:
            return BodyStructure.empty()
        return structure

    def contains(self, value: bytes) -> bool:
        """Tell whether the decoded headers or text parts contain `value`, in any case."""
        return value.decode("utf-8", "replace").lower() in self._original.searchable


class _Snapshot(MailboxSnapshot):
    """What SELECT and STATUS answer."""

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags of the FLAGS response, in which RFC 9051 (7.3.5) knows no wildcard."""
        return super().flags - {Wildcard}


class Folder(MailboxDataInterface[Message]):
    """The emails of one folder, and the order in which they changed.

    changed: by UID the number of its last change, ascending; an expunged UID stays in it
    """

    def __init__(self) -> None:
        self._id = ObjectId.random_mailbox_id()
        self._uid_validity = MailboxSnapshot.new_uid_validity()
        self._next_uid = _FIRST_UID
        self._messages: dict[int, Message] = {}
        self._changed: dict[int, int] = {}
        self._changes = 0
        self._news: Event = Event.for_asyncio()
        self._selected_set = SelectedSet()

    @property
    def mailbox_id(self) -> ObjectId:
        """What tells this folder from others, whatever their names."""
        return self._id

    @property
    def readonly(self) -> bool:
        """No folder is read-only."""
        return False

    @property
    def uid_validity(self) -> int:
        """UIDVALIDITY: it differs between two folders of one name, and two servers on one port."""
        return self._uid_validity

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        """All flags last, keywords of the client's own included."""
        return get_system_flags() - {Recent} | {Wildcard}

    @property
    def selected_set(self) -> SelectedSet:
        """The sessions that have this folder open."""
        return self._selected_set

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        """Tell a session what changed since it was told last.

        wait_on: if given, wait until there is something to tell, or until this event is set
        """
        if wait_on is not None:
            either = wait_on.or_event(self._news)
            # Between the last command and now an email may have come: then there is nothing
            # to wait for.
            if selected.mod_sequence == self._changes and not wait_on.is_set():
                await either.wait()
        if selected.mod_sequence is None:
            selected.add_updates(list(self._messages.values()), [])
        else:
            uids = self._changed_since(selected.mod_sequence)
            here = [self._messages[uid] for uid in uids if uid in self._messages]
            selected.add_updates(here, [uid for uid in uids if uid not in self._messages])
        selected.mod_sequence = self._changes
        return selected

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        """Add an email and return it with its UID."""
        when = append_msg.when or datetime.now().astimezone()
        original = Original(bytes(append_msg.literal))
        return self._add(Message(0, when, append_msg.flag_set, original), recent)

    async def copy(self, uid: int, destination: Folder, *, recent: bool = False) -> int | None:
        """Copy an email and return its UID there; None if there is no such email."""
        message = self._messages.get(uid)
        return None if message is None else destination._add(message, recent).uid

    async def move(self, uid: int, destination: Folder, *, recent: bool = False) -> int | None:
        """Move an email and return its UID there; None if there is no such email."""
        message = self._messages.pop(uid, None)
        if message is None:
            return None
        self._note([uid])
        return destination._add(message, recent).uid

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message:
        """Return an email; one that was expunged as the session knew it."""
        message = self._messages.get(uid)
        if message is not None:
            return message
        assert isinstance(cached_msg, Message)
        return cached_msg.copied(uid, expunged=True)

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        """Change the flags of an email and return it."""
        message = await self.get(uid, cached_msg)
        flags = mode.apply(message.permanent_flags, flag_set)
        if flags != message.permanent_flags:
            message.permanent_flags = flags
            self._note([uid])
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        """Expunge emails."""
        self._note([uid for uid in uids if self._messages.pop(uid, None) is not None])

    async def claim_recent(self, selected: SelectedMailbox) -> None:
        """Show to one session alone which emails are new (RFC 3501, section 2.3.2)."""
        for message in self._messages.values():
            if message.recent:
                message.recent = False
                selected.session_flags.add_recent(message.uid)

    async def cleanup(self) -> None:
        """Nothing to do."""

    async def snapshot(self) -> MailboxSnapshot:
        """Return what SELECT and STATUS answer."""
        messages = self._messages.values()
        unseen = [n for n, one in enumerate(messages, 1) if Seen not in one.permanent_flags]
        return _Snapshot(
            self._id,
            self.readonly,
            self._uid_validity,
            self.permanent_flags,
            self.session_flags,
            exists=len(messages),
            recent=sum(message.recent for message in messages),
            unseen=len(unseen),
            first_unseen=unseen[0] if unseen else None,
            next_uid=self._next_uid,
        )

    def _add(self, message: Message, recent: bool) -> Message:
        uid = self._next_uid
        self._next_uid += 1
        self._messages[uid] = added = message.copied(uid, recent=recent)
        self._note([uid])
        return added

    def _note(self, uids: Iterable[int]) -> None:
        for uid in uids:
            self._changes += 1
            # Taking it out first keeps the dictionary in the order of the changes.
            self._changed.pop(uid, None)
            self._changed[uid] = self._changes
        self._news.set()

    def _changed_since(self, change: int) -> list[int]:
        uids = []
        for uid, number in reversed(self._changed.items()):
            if number <= change:
                break
            uids.append(uid)
        return uids


class Folders(MailboxSetInterface[Folder]):
    """The folders of one account."""

    delimiter = "/"

    def __init__(self) -> None:
        self._folders = {"INBOX": Folder()}
        self._subscribed: set[str] = set()

    async def set_subscribed(self, name: str, subscribed: bool) -> None:
        """Put a name on the list of LSUB, or take it off."""
        (self._subscribed.add if subscribed else self._subscribed.discard)(name)

    async def list_subscribed(self) -> ListTree:
        """Return the folders for LSUB."""
        return self._tree(name for name in self._folders if name in self._subscribed)

    async def list_mailboxes(self) -> ListTree:
        """Return the folders for LIST."""
        return self._tree(self._folders)

    async def get_mailbox(self, name: str) -> Folder:
        """Return a folder. Raises KeyError if there is none of that name."""
        return self._folders["INBOX" if name.upper() == "INBOX" else name]

    async def add_mailbox(self, name: str) -> ObjectId:
        """Create a folder. Raises ValueError if there is one of that name."""
        name = name.rstrip(self.delimiter)
        if name in self._folders:
            raise ValueError(name)
        self._folders[name] = Folder()
        return self._folders[name].mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        """Delete a folder. Raises KeyError if there is none of that name."""
        del self._folders[name]

    async def rename_mailbox(self, before: str, after: str) -> None:
        """Rename a folder and those below it (RFC 9051, section 6.3.6).

        Raises KeyError if there is none of that name, ValueError if the new name is taken.
        """
        tree = self._tree(self._folders)
        if tree.get(before) is None:
            raise KeyError(before)
        if tree.get(after) is not None:
            raise ValueError(after)
        for old, new in tree.get_renames(before, after):
            self._folders[new] = self._folders.pop(old)
        # Renaming INBOX moves its emails and leaves it empty.
        self._folders.setdefault("INBOX", Folder())

    def _tree(self, names: Iterable[str]) -> ListTree:
        return ListTree(self.delimiter).update("INBOX", *names)


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
        """What pymap needs for log-ins by token, which this server does not offer."""
        return AllTokens(self._config)

    def accepts(self, password: str) -> bool:
        """Tell whether a log-in with this password succeeds."""
        if self._password is None:
            return True
        return hmac.compare_digest(_octets(reveal(self._password)), _octets(password))

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        """Check the password of a log-in. Raises InvalidAuth if it is wrong."""
        if not credentials.verify(_Claim(credentials.authcid, self.accepts)):
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
        """Tokens are not offered."""
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
