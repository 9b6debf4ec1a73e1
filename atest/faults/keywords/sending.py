"""Sending emails, all of them to the account itself, by SMTP.

What was sent can't be called back, so that nothing is tried again when the connection is lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from servers.base import HOST

from faults.account import TEXT, UNREAD
from faults.keywords.base import NEW, Keyword, equal, with_email
from ImapLibrary.arguments import Security

if TYPE_CHECKING:
    from faults.cell import Cell


def _server(cell: Cell) -> dict[str, object]:
    return {
        "host": HOST,
        "port": cell.port,
        "security": Security.NONE,
        "timeout": cell.timeout,
        "sender": cell.address,
    }


def _send(cell: Cell) -> None:
    sent = cell.library.send_email(to=cell.address, subject=NEW, text=TEXT, **_server(cell))
    equal(sent.startswith("<"), True)


def _reply(cell: Cell) -> None:
    sent = cell.library.reply_to_email(cell.uids[UNREAD], text=TEXT, **_server(cell))
    equal(sent.startswith("<"), True)


def _forward(cell: Cell) -> None:
    sent = cell.library.forward_email(cell.uids[UNREAD], to=cell.address, **_server(cell))
    equal(sent.startswith("<"), True)


_sending = partial(Keyword, repairs=False, sends=True, servers=("embedded", "greenmail"))

KEYWORDS = (
    _sending("Send Email", _send, promise=with_email(NEW, "INBOX"), opened=False),
    _sending("Reply To Email", _reply, promise=with_email(f"Re: {UNREAD}", "INBOX")),
    _sending("Forward Email", _forward, promise=with_email(f"Fwd: {UNREAD}", "INBOX")),
)
