"""Emails as files: saving and loading them."""

from __future__ import annotations

import logging
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary import files
from ImapLibrary.finding import fetching
from ImapLibrary.keywords import mistaken
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mail.telling import in_short
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.units import amount

_log = logging.getLogger(__name__)


class FileKeywords:
    """Keywords that write emails to files and read them from files."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    def save_email(
        self,
        email: Reference,
        path: Path,
        *,
        overwrite: bool = False,
        mailbox: str | None = None,
    ) -> str:
        """Saves an email as a file, byte for byte as the server has it, and returns the path.

        | =Argument=    | =Meaning= |
        | ``email``     | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``path``      | The file, usually with the extension ``.eml``. Folders that are missing are made. |
        | ``overwrite`` | ``True`` replaces a file that is there already. |
        | ``mailbox``   | Alias of the mailbox, by default the current one. |

        Mail programs open such files, and so does `Load Email`. The path that is returned is
        absolute. The email stays unread.

        Fails if there is such a file already, or if it can't be written.

        Example:
        | ${path} = | Save Email | ${email} | ${OUTPUT_DIR}/welcome.eml | overwrite=True |
        """
        raw = self._emails.get(email, mailbox, fetching.whole).raw
        return self._written(path, raw, overwrite)

    @keyword("Save Email As HTML")
    def save_email_as_html(
        self,
        email: Reference,
        path: Path,
        *,
        overwrite: bool = False,
        mailbox: str | None = None,
    ) -> str:
        """Saves the HTML of an email as one file for a browser, and returns the path.

        | =Argument=    | =Meaning= |
        | ``email``     | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``path``      | The file, usually with the extension ``.html``. Folders that are missing are made. |
        | ``overwrite`` | ``True`` replaces a file that is there already. |
        | ``mailbox``   | Alias of the mailbox, by default the current one. |

        Images that came with the email are in place. Nothing is loaded from the network: images
        on servers are left out, with their addresses as ``data-remote-src``, and so are scripts
        and frames. Links can be clicked. Of an email without HTML it is the text, with links. The
        title of the page is the subject. The path that is returned is absolute. The email stays
        unread.

        A browser library can open the file, as in ``New Page    file://${path}``, and click what is
        in it. ``examples/browser/`` shows that with SeleniumLibrary.

        Fails if there is such a file already, or if it can't be written.

        Example:
        | ${path} = | Save Email As HTML | ${email} | ${OUTPUT_DIR}/welcome.html | overwrite=True |
        """
        # The HTML library is loaded when it is needed, not when this library is.
        from ImapLibrary.mail.export import as_html, standalone

        found, images = self._emails.with_images(email, mailbox)
        html = standalone(found.html or as_html(found.text), title=found.subject, images=images)
        return self._written(path, html.encode("utf-8", "replace"), overwrite)

    @keyword
    def load_email(self, path: Path) -> Email:
        """Reads an email from a file, and returns it.

        ``path`` is a file such as `Save Email`, mail programs and many products write: the email
        as it is sent, usually with the extension ``.eml``.

        The email is in no folder: it has no ``uid``, no ``flags`` and no ``received``. Keywords
        that read emails take it, and need no open mailbox for it.

        Fails if the file can't be read.

        Examples:
        | Save Email | ${email} | ${OUTPUT_DIR}/welcome.eml | overwrite=True |
        | ${loaded} = | Load Email | ${OUTPUT_DIR}/welcome.eml | |
        | Should Be Equal | ${loaded.subject} | Welcome | |
        | ${body} = | Get Email Body | ${loaded} | |
        """
        email = Email(files.read(mistaken.path("path", path)))
        _log.info("%s", in_short(email))
        return email

    def _written(self, path: Path, content: bytes, overwrite: bool) -> str:
        written = files.write(mistaken.path("path", path), content, overwrite=overwrite)
        _log.info("Saved %s as %s.", amount(len(content)), written)
        return str(written)
