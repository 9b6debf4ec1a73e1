"""Commands that change emails in the selected folder, each for any number of UIDs.

A set of UIDs is as long as a command line may be; so 5,000 in a row take one command, and 5,000
with gaps a handful. When the server refuses one of these, the failure says what the others did.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from ImapLibrary.errors import CommandRefused, ExpungeUnsafe, InvalidArgument, ReadOnly
from ImapLibrary.imap.answers import copied_uids
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.flags import FlagChange, has_flag
from ImapLibrary.imap.uidset import in_short, uid_sets, uids_of

_log = logging.getLogger(__name__)

AS_READ = FlagChange("+", ("\\Seen",))


@contextmanager
def storing(connection: Connection, uids: Iterable[int], change: FlagChange) -> Iterator[None]:
    """Change flags, and meanwhile do what is in the block: with thousands, a server takes its time.

    It is asked not to repeat the flags.
    """
    *others, last = uid_sets(uids) or [""]
    store(connection, others, change)
    with (
        saying(f"changed ({change})", _among(others)),
        connection.under_way("UID STORE", last, change.item) if last else nullcontext(),
    ):
        yield


def store(connection: Connection, sets: Sequence[str], change: FlagChange) -> None:
    """Change the flags of sets of emails. The server is asked not to repeat them."""
    for number, part in enumerate(sets):
        with saying(f"changed ({change})", _among(sets[:number])):
            connection.command("UID STORE", part, change.item)


@contextmanager
def saying(done: str, uids: Iterable[int]) -> Iterator[None]:
    """Have a refusal of what is in the block say what was done before it.

    done: what was done, such as `moved`
    uids: to which emails; only looked at when something is refused, and maybe none
    """
    try:
        yield
    except (CommandRefused, ExpungeUnsafe) as refused:
        if before := list(uids):
            many = "emails were" if len(before) > 1 else "email was"
            said = f"Before that, {len(before):,} {many} {done}: UID {in_short(before)}."
            refused.args = (f"{refused} {said}",)
        raise


def check_change(connection: Connection, change: FlagChange) -> None:
    """Raise ReadOnly or, if the server would not keep a flag, InvalidArgument."""
    check_writable(connection)
    if change.sign != "-":
        check_kept(connection, change.names)


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
            f"deleted and would go too: UID {in_short(others)}. Nothing was removed. "
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
    store(connection, parts, FlagChange("+", ("\\Deleted",)))
    with saying("flagged as deleted", uids):
        _remove(connection, parts)
    if others:
        _log.info("Also gone, because they were flagged as deleted: UID %s.", in_short(others))


def copy(connection: Connection, uids: Collection[int], folder: str) -> dict[int, int]:
    """Copy emails into another folder, and return their UIDs there by the ones here.

    Nothing is returned about emails of which the server does not say it (RFC 4315, COPYUID).
    """
    return _transfer(connection, "UID COPY", uids, folder, "copied")


def move(connection: Connection, uids: Collection[int], folder: str) -> dict[int, int]:
    """Move emails into another folder by MOVE (RFC 6851). Returns what `copy` does."""
    check_writable(connection)
    return _transfer(connection, "UID MOVE", uids, folder, "moved")


def check_kept(connection: Connection, flags: Iterable[str]) -> None:
    """Raise InvalidArgument if the server would not keep one of these flags in the folder."""
    kept = connection.permanent_flags
    if kept is None:
        return
    for flag in flags:
        if not has_flag(kept, flag) and (flag.startswith("\\") or "\\*" not in kept):
            raise InvalidArgument(
                f"The server does not keep the flag {flag} in {connection.location}. It keeps "
                f"{' '.join(kept) or 'none'}."
            )


def _remove(connection: Connection, sets: Sequence[str]) -> None:
    """Remove what is flagged as deleted: of these sets, or all if the server can't but do that."""
    if not connection.has("UIDPLUS"):
        if sets:
            connection.command("EXPUNGE")
        return
    for number, part in enumerate(sets):
        with saying("removed", _among(sets[:number])):
            connection.command("UID EXPUNGE", part)


def _transfer(
    connection: Connection, command: str, uids: Collection[int], folder: str, done: str
) -> dict[int, int]:
    name = connection.folders.wire(folder)
    new: dict[int, int] = {}
    sets, asked = uid_sets(uids), len(set(uids))
    for number, part in enumerate(sets):
        with saying(done, _among(sets[:number])):
            codes = connection.command(command, part, name, answer="COPYUID")
        for code in codes:
            new.update(copied_uids(code, asked))
    return new


def _among(sets: Iterable[str]) -> Iterator[int]:
    return (uid for part in sets for uid in uids_of(part))
