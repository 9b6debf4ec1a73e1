"""Putting emails into folders without sending them."""

import logging
import re
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName
from ImapLibrary.changing.appending import Append
from ImapLibrary.changing.contents import Content
from ImapLibrary.errors import IncompleteEmail, InvalidArgument
from ImapLibrary.finding import fetching
from ImapLibrary.imap.flags import Flags, flag_names
from ImapLibrary.keywords.mistaken import path, paths, refuse_emails
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.telling import told
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.moments import Moment, parse_moment
from ImapLibrary.sending.composing import Draft, compose
from ImapLibrary.sending.uploads import read_files

_log = logging.getLogger(__name__)

_NO_PATH = re.compile(r"[0-9]+|\[.*\]|\{.*\}", re.DOTALL)
"""A UID, a list or a dictionary: as an `Email` is a text, Robot Framework makes texts of them."""


class AppendingKeywords:
    """Keywords that put emails into folders."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    @keyword
    def append_email(
        self,
        email: Email | Path | bytes | None = None,
        *,
        sender: str | None = "",
        to: list[str] | str | None = "",
        subject: str | None = "",
        text: str | None = None,
        html: str | None = None,
        attachments: Path | list[Path] | None = None,
        inline_images: Path | list[Path] | None = None,
        headers: dict[str, str] | None = None,
        folder: FolderName | None = None,
        flags: Flags = "",
        date: Moment | None = None,
        mailbox: str | None = None,
    ) -> Email:
        """Puts an email into a folder without sending it, to have something to test with.

        | =Argument=      | =Meaning= |
        | ``email``       | Path of an ``.eml`` file, an email that a keyword returned, or bytes, to be stored as they are. |
        | ``sender``, ``to`` | Addresses, with or without names, if the email is to be made. ``to`` takes several with commas between, or a list. |
        | ``subject``     | The subject. |
        | ``text``, ``html`` | The body as plain text, as HTML, or both as alternatives. |
        | ``attachments`` | Path of a file to attach, or a list of paths. |
        | ``inline_images`` | Paths of images that the HTML shows by their file names: ``<img src="cid:logo.png">``. |
        | ``headers``     | A dictionary of more header fields. |
        | ``folder``      | Name of the folder, by default the one that is open. |
        | ``flags``       | Flags that it has from the start, as in `Set Email Flags`. By default it is unread. |
        | ``date``        | When it was received, by default now: a day, which is its first moment, or a moment, as in `Criteria`. An email that is made also gets it as its Date. |
        | ``mailbox``     | Alias of the mailbox, by default the current one. |

        Either ``email`` is given, or what an email is made of. A file of any size is read piece by
        piece while it is sent. If its first line ends as text files of Unix do, all line ends
        become those of email; otherwise nothing is changed. A wait without ``after`` or in
        another test finds the email like any other.

        Returns the email in the folder, with its UID. If the connection breaks, it is
        found out whether the email is there before it is put there again. So it is there once,
        unless the server goes on with the lost command for more than a second.

        Fails if there is no such folder, if the server has no room left for it (quota), if the
        folder is the one that is open and the server does not keep a flag in it, if sending takes
        longer than the ``timeout`` of `Open Mailbox`, if the file changes meanwhile, or if the
        mailbox is open for reading only. It also fails if the same email gets there from elsewhere
        at that time and the server does not say which is which (no UIDPLUS); an email that is made
        is like no other.

        Examples:
        | ${email} = | Append Email | ${CURDIR}/email.eml | flags=Seen | date=2026-03-24 10:00 |
        | Append Email | sender=Jane <jane@example.com> | to=qa@example.com | subject=Report | text=See the file. | attachments=${CURDIR}/report.pdf |
        | Append Email | ${email} | folder=Archive/2026 | | |
        """
        opened = self._mailboxes.writable(mailbox)
        refuse_emails(subject=subject, text=text, html=html)
        attached, shown = paths("attachments", attachments), paths("inline_images", inline_images)
        made = {
            "sender": sender,
            "to": to,
            "subject": subject,
            "text": text,
            "html": html,
            "attachments": attached,
            "inline_images": shown,
            "headers": headers,
        }
        _check_given(email, [name for name, value in made.items() if value])
        # The server would not say which moment it takes for now.
        received = parse_moment("argument date", "now" if date is None else date).start
        if email is None:
            draft = Draft(
                sender=sender or "",
                to=to or (),
                subject=subject or "",
                text=text,
                html=html,
                attachments=read_files(attached),
                inline_images=read_files(shown),
                headers=headers or {},
                date=received,
            )
            source: bytes | Path = compose(draft)
        elif isinstance(email, Email):
            source = self._whole(email).raw
        else:
            source = _source(email)
        name = opened.location.folder if folder is None else folder
        append = Append(Content(source), name, flag_names(flags or ""), received)
        appended = opened.do_once(append.begin, append.resume, append.begun)
        _log.info("%s", told("Appended", [appended], f"to folder {appended.folder!r}"))
        return appended

    def _whole(self, email: Email) -> Email:
        """Return all of an email, fetched from where it is if need be."""
        if email.complete or email.location is None:
            return email
        opened = self._mailboxes.holding(email.location)
        if opened is None:
            raise IncompleteEmail(
                f"Only a part of the email was fetched. The rest is in {email.location}: open that "
                "folder first."
            )
        return opened.do(lambda connection: fetching.whole(connection, email))


def _source(email: Path | str | bytes) -> bytes | Path:
    """Return the bytes, or the file with them."""
    if isinstance(email, bytes):
        return email
    text = str(email)
    if not _NO_PATH.fullmatch(text):
        return path("email", text)
    hint = ""
    if text.isdecimal():
        hint = f" `Wait For Email` with uid={text} returns the email that has this UID."
    elif text.startswith("["):
        hint = " Of a list, give one, such as ${emails}[0]."
    raise InvalidArgument(
        f"{text!r} is no email to append. Give one that a keyword returned, the path of a file, or "
        f"bytes.{hint}"
    )


def _check_given(email: object, made_of: list[str]) -> None:
    if email is not None and made_of:
        raise InvalidArgument(
            f"The argument {made_of[0]} can't be given together with an email, which is stored as "
            "it is."
        )
    if email is None and not made_of:
        raise InvalidArgument(
            "There is no email to append. Give one, the path of one, or what it is to be made of, "
            "such as subject= and text=."
        )
