"""The folders of the embedded mail server, and what happens to the emails in them.

pymap's own in-memory storage would not do: it loses the last byte of an email that ends with its
headers, and misses the push of an email that arrives while an earlier one is being announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pymap.backend.mailbox import MailboxDataInterface, MailboxSetInterface
from pymap.concurrent import Event
from pymap.flags import FlagOp
from pymap.interfaces.message import CachedMessage
from pymap.listtree import ListEntry, ListTree
from pymap.mailbox import MailboxSnapshot
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Recent, Seen, Wildcard, get_system_flags
from pymap.selected import SelectedMailbox, SelectedSet

from ImapLibrary.mailserver.messages import Message, Original, spelt

_FIRST_UID = 101
"""Not 1, so that a suite that takes message numbers for UIDs fails here already."""

_SPECIAL = frozenset({"Archive", "Drafts", "Junk", "Sent", "Trash"})
"""Folders that are what they are called: each has the attribute of that name (RFC 6154)."""


class _Entry(ListEntry):
    """A line of the answer to LIST."""

    @property
    def attributes(self) -> Sequence[bytes]:
        """What is said of a folder, its special use included."""
        use = [self.name.encode()] if self.exists and self.name in _SPECIAL else []
        return [*super().attributes, *use]


class _Tree(ListTree):
    """The folders that LIST answers with."""

    def list(self) -> Iterable[ListEntry]:
        """Return all lines."""
        for entry in super().list():
            yield _Entry(entry.name, entry.exists, entry.marked, entry.has_children)


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
        return self._add(Message(0, when, spelt(append_msg.flag_set), original), recent)

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
        before = message.permanent_flags
        flags = mode.apply(before, spelt(flag_set, before))
        if flags != before:
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
        return _Tree(self.delimiter).update("INBOX", *self._folders)

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
