"""Reading emails, saving them and their attachments, and following their links."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from faults.account import BODY, CODE, FILE, FILE_NAME, LARGE, LARGE_FILE, LINK, UNREAD
from faults.keywords.base import SEEN, Keyword, equal, with_flags

if TYPE_CHECKING:
    from faults.cell import Cell

PAGE = "Welcome"
"""What the page says that the link leads to."""


def _body(cell: Cell) -> None:
    equal(cell.library.get_email_body(cell.uids[UNREAD]), BODY)


def _body_unread(cell: Cell) -> None:
    equal(cell.library.get_email_body(cell.uids[UNREAD], mark_as_read=False), BODY)


def _text(cell: Cell) -> None:
    equal(cell.library.get_email_text(cell.uids[UNREAD]), BODY)


def _code(cell: Cell) -> None:
    equal(cell.library.get_email_code(cell.uids[UNREAD]), CODE)


def _header(cell: Cell) -> None:
    equal(cell.library.get_email_header(cell.uids[UNREAD], "Subject"), UNREAD)


def _headers(cell: Cell) -> None:
    equal(cell.library.get_email_headers(cell.uids[UNREAD], "Subject"), [UNREAD])


def _links(cell: Cell) -> None:
    equal([each.href for each in cell.library.get_email_links(cell.uids[UNREAD])], [LINK])


def _link(cell: Cell) -> None:
    equal(cell.library.get_email_link(cell.uids[UNREAD]).href, LINK)


def _older_links(cell: Cell) -> None:
    equal(cell.library.get_links_from_email(cell.uids[UNREAD]), [LINK])


def _open_link(cell: Cell) -> None:
    page = cell.library.open_email_link(cell.uids[UNREAD], timeout=cell.timeout)
    equal((page.status, PAGE in page.source), (200, True))


def _older_open_link(cell: Cell) -> None:
    equal(PAGE in cell.library.open_link_from_email(cell.uids[UNREAD]), True)


def _older_open_link_too(cell: Cell) -> None:
    equal(PAGE in cell.library.open_link_from_mail(cell.uids[UNREAD]), True)


def _matches(cell: Cell) -> None:
    equal(cell.library.get_matches_from_email(cell.uids[UNREAD], r"\d{6}"), [CODE])


def _walk(cell: Cell) -> None:
    equal(cell.library.walk_multipart_email(cell.uids[UNREAD]), 2)
    equal(cell.library.get_multipart_field("Subject"), UNREAD)


def _quality(cell: Cell) -> None:
    found = cell.library.check_email_quality(cell.uids[UNREAD], fail=False)
    equal([each.rule for each in found], ["list-unsubscribe", "one-click"])


def _attachments(cell: Cell) -> None:
    found = cell.library.get_email_attachments(cell.uids[UNREAD])
    equal([(each.name, each.content) for each in found], [(FILE_NAME, FILE)])


def _attachment(cell: Cell) -> None:
    equal(cell.library.get_attachment_content(cell.uids[LARGE]), LARGE_FILE)


def _save_attachments(cell: Cell) -> None:
    (path,) = cell.library.save_email_attachments(cell.uids[LARGE], cell.folder)
    equal(Path(path).read_bytes(), LARGE_FILE)


def _older_save_attachments(cell: Cell) -> None:
    (path,) = cell.library.get_attachments_from_email(cell.uids[UNREAD], cell.folder)
    equal(Path(path).read_bytes(), FILE)


def _save(cell: Cell) -> None:
    path = cell.library.save_email(cell.uids[UNREAD], cell.folder / "saved.eml")
    equal(Path(path).read_bytes(), cell.raw)


def _save_as_html(cell: Cell) -> None:
    path = cell.library.save_email_as_html(cell.uids[UNREAD], cell.folder / "saved.html")
    equal(CODE in Path(path).read_text(encoding="utf-8"), True)


def _log(cell: Cell) -> None:
    # There is no log here; what it would show is fetched all the same.
    cell.library.log_email(cell.uids[UNREAD])


_reading = partial(Keyword, promise=with_flags(UNREAD, add=SEEN))

KEYWORDS = (
    _reading("Get Email Body", _body),
    Keyword("Get Email Body, left unread", _body_unread),
    _reading("Get Email Text", _text),
    _reading("Get Email Code", _code),
    Keyword("Get Email Header", _header),
    Keyword("Get Email Headers", _headers),
    _reading("Get Email Links", _links),
    _reading("Get Email Link", _link),
    _reading("Get Links From Email", _older_links),
    _reading("Open Email Link", _open_link, site=True),
    _reading("Open Link From Email", _older_open_link, site=True),
    _reading("Open Link From Mail", _older_open_link_too, site=True),
    _reading("Get Matches From Email", _matches),
    _reading("Walk Multipart Email", _walk),
    Keyword("Check Email Quality", _quality),
    Keyword("Get Email Attachments", _attachments),
    Keyword("Get Attachment Content, large", _attachment, large=True),
    Keyword("Save Email Attachments, large", _save_attachments, large=True),
    Keyword("Get Attachments From Email", _older_save_attachments),
    Keyword("Save Email", _save),
    Keyword("Save Email As HTML", _save_as_html),
    Keyword("Log Email", _log),
)
