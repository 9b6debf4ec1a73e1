"""Commands that change emails in the selected folder, each for any number of UIDs.

A set of UIDs is as long as a command line may be; so 5,000 in a row take one command, and 5,000
with gaps a handful.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from ImapLibrary.errors import ExpungeUnsafe, InvalidArgument, ReadOnly
from ImapLibrary.imap.answers import copied_uids
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import FlagChange, has_flag
from ImapLibrary.imap.uidset import in_short, uid_sets

_log = logging.getLogger(__name__)


@contextmanager
def storing(connection: Connection, uids: Iterable[int], change: FlagChange) -> Iterator[None]:
    """Change flags, and meanwhile do what is in the block: with thousands, a server takes its time.

    It is asked not to repeat the flags. Raises ReadOnly or, if the server would not keep a flag,
    InvalidArgument: nothing is sent then.
    """
    check_writable(connection)
    if change.sign != "-":
        _check_kept(connection, change.names)
    *others, last = uid_sets(uids) or [""]
    _store(connection, others, change)
    with connection.under_way("UID STORE", last, change.item) if last else nullcontext():
        yield


def check_writable(connection: Connection) -> None:
    """Raise ReadOnly if the server lets nothing be changed in the folder that is selected."""
    if connection.readonly:
        raise ReadOnly(
            f"The server opened {connection.location} for reading only, so that nothing in it can "
            "be changed. Nothing was sent."
        )


def check_expunge(connection: Connection, uids: Collection[int], *, expunge_all: bool) -> list[int]:
    """Return the UIDs of emails that would go too if some were removed.

    expunge_all: whether that is meant. Raises ExpungeUnsafe if it is not.
    """
    if connection.has("UIDPLUS"):
        return []
    others = sorted(set(connection.search([b"DELETED"])).difference(uids))
    if others and not expunge_all:
        many = len(others) > 1
        which = (
            f"{len(others)} other{'s' * many} in {connection.location} {'are' if many else 'is'}"
        )
        raise ExpungeUnsafe(
            f"The server can't remove single emails (it has no UIDPLUS), and {which} flagged as "
            f"deleted and would go too: UID {in_short(others)}. Nothing was changed. "
            "expunge_all=True lets them go."
        )
    return others


def expunge(
    connection: Connection,
    uids: Collection[int],
    *,
    sets: Sequence[str] | None = None,
    expunge_all: bool = False,
) -> None:
    """Remove emails for good. If others go too, the log says which.

    sets: the same UIDs as sets that may span gaps, if there is nothing in these
    expunge_all: let others go that are flagged as deleted, if the server can't but do that.
        Raises ExpungeUnsafe otherwise.
    """
    parts = uid_sets(uids) if sets is None else sets
    check_writable(connection)
    others = check_expunge(connection, uids, expunge_all=expunge_all)
    _store(connection, parts, FlagChange("+", ("\\Deleted",)))
    if connection.has("UIDPLUS"):
        for part in parts:
            connection.command("UID EXPUNGE", part)
    elif parts:
        connection.command("EXPUNGE")
    if others:
        _log.info("Also gone, because they were flagged as deleted: UID %s.", in_short(others))


def copy(connection: Connection, uids: Collection[int], folder: str) -> dict[int, int]:
    """Copy emails into another folder, and return their UIDs there by the ones here.

    Nothing is returned about emails of which the server does not say it (RFC 4315, COPYUID).
    """
    return _transfer(connection, "UID COPY", uids, folder)


def move(connection: Connection, uids: Collection[int], folder: str) -> dict[int, int]:
    """Move emails into another folder by MOVE (RFC 6851). Returns what `copy` does."""
    check_writable(connection)
    return _transfer(connection, "UID MOVE", uids, folder)


def _store(connection: Connection, parts: Iterable[str], change: FlagChange) -> None:
    for part in parts:
        connection.command("UID STORE", part, change.item)


def _transfer(
    connection: Connection, command: str, uids: Collection[int], folder: str
) -> dict[int, int]:
    name = connection.folders.wire(folder)
    new: dict[int, int] = {}
    asked = len(set(uids))
    for part in uid_sets(uids):
        for code in connection.command(command, part, name, answer="COPYUID"):
            new.update(copied_uids(code, asked))
    return new


def _check_kept(connection: Connection, flags: Iterable[str]) -> None:
    kept = connection.permanent_flags
    if kept is None:
        return
    for flag in flags:
        if not has_flag(kept, flag) and (flag.startswith("\\") or "\\*" not in kept):
            raise InvalidArgument(
                f"The server does not keep the flag {flag} in {connection.location}. It keeps "
                f"{' '.join(kept) or 'none'}."
            )
