"""IDLE (RFC 2177), and hearing what a server says of its own accord.

IMAPClient's way, and imaplib's, overlooks what arrives together with another answer, ahead of the
server's consent or after its end.
"""

from __future__ import annotations

from typing import Any

from ImapLibrary.deadline import Deadline
from ImapLibrary.imap.imap4 import Imap4


def idle(imap: Imap4, until: Deadline) -> bool:
    """Let the server push until then, and return whether it announced a change.

    Raises Refused if it does not want to. The answer to DONE comes after the deadline.
    """
    changes = imap.changes
    tag = imap._command("IDLE")
    while imap._get_response() is not None:  # None is the server's consent, "+"
        imap._check_bye()
        if imap.tagged_commands[tag]:  # it ended before it began, most likely by a refusal
            imap._command_complete("IDLE", tag)
            return imap.changes != changes
    listen(imap, until, tag, changes)
    if not imap.tagged_commands[tag]:
        imap.step()
        imap.send(b"DONE\r\n")
    imap._command_complete("IDLE", tag)
    return imap.changes != changes


def listen(imap: Imap4, until: Deadline, tag: Any = None, changes: int | None = None) -> bool:
    """Hear what the server says, until it announces a change, ends the command, or then.

    tag: the command that can end; None if none runs
    changes: the count before the command; None if it is the present one
    """
    before = imap.changes if changes is None else changes
    while imap.changes == before and imap.wait_for_line(until):
        imap._get_response()
        imap._check_bye()
        if imap.tagged_commands.get(tag):
            break
    return imap.changes != before
