"""Opening and closing mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.base import PASSWORD

from faults.keywords.base import Keyword, equal

if TYPE_CHECKING:
    from faults.cell import Cell


def _open(cell: Cell) -> None:
    equal(cell.open_mailbox(password=PASSWORD), "qa")


def _open_by_token(cell: Cell) -> None:
    equal(cell.open_mailbox(access_token=PASSWORD), "qa")


def _close(cell: Cell) -> None:
    cell.library.close_mailbox()


def _close_all(cell: Cell) -> None:
    cell.library.close_all_mailboxes()


KEYWORDS = (
    Keyword("Open Mailbox", _open, opened=False, repairs=False),
    Keyword(
        "Open Mailbox, with a token",
        _open_by_token,
        opened=False,
        repairs=False,
        servers=("embedded", "greenmail", "dovecot"),
    ),
    Keyword("Close Mailbox", _close, closes=True, steady=False),
    Keyword("Close All Mailboxes", _close_all, closes=True, steady=False),
)
