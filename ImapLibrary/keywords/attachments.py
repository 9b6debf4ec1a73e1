"""Listing, saving and reading the attachments of emails."""

from __future__ import annotations

import logging
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary.arguments import given
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.files import Folder
from ImapLibrary.finding import fetching
from ImapLibrary.imap.connection import Connection
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.mistaken import path
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.choosing import Selection
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.mime.charsets import is_known
from ImapLibrary.units import amount

_log = logging.getLogger(__name__)


class AttachmentKeywords:
    """Keywords for the files that come with emails."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    @takes_assertion("The names of the attachments", by="name")
    def get_email_attachments(
        self,
        email: Reference,
        *,
        name: str | None = None,
        type: str | None = None,
        inline: bool = True,
        mailbox: str | None = None,
    ) -> list[Attachment]:
        """Returns the attachments of an email, in its order.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check their names, see `Assertions`. |
        | ``name``    | Only those with this name, in any case. ``*``, ``?`` and ``[abc]`` are wildcards; ``exact:`` before it takes them as they are, ``regexp:`` takes it for a regular expression. |
        | ``type``    | Only those of this media type, such as ``application/pdf`` or ``image/*``. |
        | ``inline``  | ``False`` leaves out what the HTML of the email shows, such as a logo. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Each has these fields:

        | =Field=        | =Value= |
        | ``name``       | Name as the sender chose it, decoded. Without one, ``invite.ics``, the subject of an attached message with ``.eml``, or a name such as ``part-2.png``. |
        | ``type``       | Media type such as ``image/png``. |
        | ``size``       | Size in bytes. |
        | ``sha256``     | SHA-256 digest as hexadecimal digits. |
        | ``inline``     | Whether the HTML of the email shows it. |
        | ``content_id`` | The name by which the HTML refers to it, without angle brackets. |
        | ``content``    | The file as bytes. |

        Attached messages and invitations count. A text counts if it is meant as a file.

        Size and digest need the content, so that the whole email is fetched, however large it is.
        It stays unread. The list is empty if there are no such attachments.

        Examples:
        | @{attachments} = | Get Email Attachments | ${email} | inline=False |
        | Length Should Be | ${attachments} | 2 | |
        | Should Be Equal | ${attachments[0].name} | invoice.pdf | |
        | @{images} = | Get Email Attachments | ${email} | type=image/* |
        | Get Email Attachments | ${email} | contains | invoice.pdf |
        """
        selection = Selection(name, type, inline)
        found = self._emails.get(email, mailbox, fetching.whole)
        chosen = selection.any_of(found.attachments)
        _log.info(
            "%s", "\n".join(f"{each}, {amount(each.size)}" for each in chosen) or "No attachments."
        )
        return chosen

    @keyword
    def save_email_attachments(
        self,
        email: Reference,
        folder: Path,
        *,
        name: str | None = None,
        type: str | None = None,
        inline: bool = False,
        overwrite: bool = False,
        mailbox: str | None = None,
    ) -> list[str]:
        """Saves the attachments of an email into a folder, and returns their paths.

        | =Argument=    | =Meaning= |
        | ``email``     | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``folder``    | Where to. It is made if it is missing. |
        | ``name``, ``type`` | Only those with this name or of this media type, as in `Get Email Attachments`. |
        | ``inline``    | ``True`` also saves what the HTML of the email shows, such as a logo. |
        | ``overwrite`` | ``True`` replaces files in the folder that have the same name. |
        | ``mailbox``   | Alias of the mailbox, by default the current one. |

        The files have the names that the sender chose, as far as these are safe: they never get
        outside the folder, and what some system does not allow in names becomes ``_``. Where a
        name is taken, whatever its case, a number is added: ``logo.png``, ``logo (2).png``.
        Attachments of the same email never replace each other.

        Of a large email just these attachments are fetched, one after the other. The email stays
        unread. The paths are absolute, in the order of the email; there are none if it has no
        attachments.

        Fails if a ``name`` or ``type`` is given that no attachment has, and lists those that are
        there, and if a file can't be written.

        Examples:
        | @{paths} = | Save Email Attachments | ${email} | ${OUTPUT_DIR}/invoices | name=*.pdf |
        | File Should Exist | ${paths}[0] | | |
        | @{paths} = | Save Email Attachments | ${email} | ${OUTPUT_DIR}/all | inline=True |
        """
        selection = Selection(name, type, inline)
        found = self._prepared(email, mailbox, selection.some_of)
        target = Folder(path("folder", folder), overwrite=overwrite)
        paths: list[str] = []
        for attachment in selection.some_of(found.attachments_so_far):
            content = self._emails.load(found, attachment, mailbox).content
            paths.append(str(target.save(attachment.name, content)))
            _log.info("Saved %s, %s, as %s.", attachment, amount(len(content)), paths[-1])
        return paths

    @keyword
    @takes_assertion("The content of the attachment")
    def get_attachment_content(
        self,
        email: Reference,
        *,
        name: str | None = None,
        type: str | None = None,
        inline: bool = True,
        text: bool = False,
        encoding: str | None = None,
        mailbox: str | None = None,
    ) -> bytes | str:
        """Returns the content of an attachment, as bytes or as text.

        | =Argument=   | =Meaning= |
        | ``email``    | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check it, see `Assertions`. |
        | ``name``, ``type``, ``inline`` | Which attachment, as in `Get Email Attachments`. They may be left out if there is only one. |
        | ``text``     | ``True`` returns decoded text, with line ends as ``\\n``. |
        | ``encoding`` | What to decode the text in. By default what the email or the file itself says, else what fits. |
        | ``mailbox``  | Alias of the mailbox, by default the current one. |

        Of a large email just this attachment is fetched. The email stays unread.

        Fails unless exactly one attachment matches, and lists the candidates.

        Examples:
        | ${pdf} = | Get Attachment Content | ${email} | name=invoice*.pdf | |
        | ${csv} = | Get Attachment Content | ${email} | type=text/csv | text=True |
        | Should Contain | ${csv} | Socks,7.50 | | |
        | Get Attachment Content | ${email} | contains | Socks | type=text/csv | text=True |
        """
        selection = Selection(name, type, inline)
        charset = "" if encoding is None else _charset(encoding)
        found = self._prepared(email, mailbox, selection.one_of)
        (attachment,) = selection.one_of(found.attachments_so_far)
        loaded = self._emails.load(found, attachment, mailbox)
        _log.info("Read %s, %s.", loaded, amount(loaded.size))
        return loaded.text(charset) if text or charset else loaded.content

    def _prepared(self, email: Reference, mailbox: str | None, choose: fetching.Choice) -> Email:
        """Return the email with what it takes to load the chosen attachments."""

        def prepare(connection: Connection, email: Email) -> Email:
            return fetching.with_attachments(connection, email, choose)

        return self._emails.get(email, mailbox, prepare)


def _charset(encoding: str) -> str:
    if not is_known(given("encoding", encoding)):
        raise InvalidArgument(
            f"The argument encoding is {encoding!r}, which is no known charset. Give one such as "
            "UTF-8, ISO-8859-1, Windows-1252 or Shift_JIS."
        )
    return encoding
