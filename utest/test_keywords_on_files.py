"""Keywords that read emails take those of files too, with no mailbox open."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import EMAILS

from ImapLibrary.errors import HeaderNotFound, InvalidArgument, MailboxNotOpen
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.files import FileKeywords
from ImapLibrary.keywords.headers import HeaderKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

NONE_OPEN = Mailboxes()
ATTACHMENTS = AttachmentKeywords(NONE_OPEN)
FILES = FileKeywords(NONE_OPEN)
HEADERS = HeaderKeywords(NONE_OPEN)
READING = ReadingKeywords(NONE_OPEN, Walks(NONE_OPEN))

RECIPIENTS = FILES.load_email(EMAILS / "recipients_with_names.eml")


def test_a_file_reads_as_an_email(tmp_path: Path) -> None:
    path = EMAILS / "origin_big5_mixed_related_alternative.eml"
    email = FILES.load_email(path)
    assert (email.uid, email.folder, email.flags, email.received) == (None, "", frozenset(), None)
    assert READING.get_email_body(email) == email.text
    assert ATTACHMENTS.get_email_attachments(email) == list(email.attachments)
    saved = ATTACHMENTS.save_email_attachments(email, tmp_path / "a", inline=True)
    assert [Path(each).name for each in saved] == ["logo4w.png", "logo4w (2).png"]
    again = FILES.save_email(email, tmp_path / "again.eml")
    assert Path(again).read_bytes() == path.read_bytes()
    html = FILES.save_email_as_html(email, tmp_path / "email.html")
    assert 'src="data:image/png;base64,' in Path(html).read_text(encoding="utf-8")


def test_an_email_of_a_folder_needs_its_mailbox() -> None:
    for email in (1, Email(b"", uid=1)):
        with pytest.raises(MailboxNotOpen):
            READING.get_email_body(email)


def test_headers() -> None:
    assert HEADERS.get_email_header(RECIPIENTS, "subject") == "Grüße from two lines"
    assert HEADERS.get_email_header(RECIPIENTS, "subject", raw=True) == (
        "=?utf-8?Q?Gr=C3=BC=C3=9Fe?= from\r\n two lines"
    )
    assert HEADERS.get_email_header(RECIPIENTS, "RECEIVED") == "by two.example"
    assert HEADERS.get_email_headers(RECIPIENTS, "Received") == ["by two.example", "by one.example"]
    assert HEADERS.get_email_headers(RECIPIENTS, "Received", raw=True) == [
        "by two.example",
        "by one.example",
    ]


def test_missing_headers() -> None:
    assert HEADERS.get_email_headers(RECIPIENTS, "X-Mailer") == []
    assert HEADERS.get_email_headers(RECIPIENTS, "X-Mailer", raw=True) == []
    assert HEADERS.get_email_header(RECIPIENTS, "X-Mailer", default="") == ""
    assert (
        HEADERS.get_email_header(RECIPIENTS, "Cc", default="") == '"Doe, Jane" <jane@example.com>'
    )
    with pytest.raises(HeaderNotFound) as failure:
        HEADERS.get_email_header(RECIPIENTS, "Recieved")
    assert str(failure.value) == (
        "The email has no header 'Recieved'. Did you mean 'Received'? It has From, To, Cc, Bcc, "
        "Reply-To, Received, Subject."
    )
    with pytest.raises(HeaderNotFound, match=r"^The email has no header 'Zz'\. It has From, "):
        HEADERS.get_email_header(RECIPIENTS, "Zz", raw=True)
    with pytest.raises(HeaderNotFound, match=r"^The email has no header 'To'; it has none at all"):
        HEADERS.get_email_header(Email(b"\r\nText"), "To")
    for read in (HEADERS.get_email_header, HEADERS.get_email_headers):
        with pytest.raises(InvalidArgument, match=r"^The argument name is missing or empty\."):
            read(RECIPIENTS, " ")


CSV = b"Content-Type: text/csv; charset=utf-8\r\n\r\nGr\xc3\xb6\xc3\x9fe\r\n"


def test_content_as_bytes_and_as_text() -> None:
    email = Email(CSV)
    assert ATTACHMENTS.get_attachment_content(email) == "Größe\r\n".encode()
    assert ATTACHMENTS.get_attachment_content(email, text=True) == "Größe\n"
    assert ATTACHMENTS.get_attachment_content(email, encoding="windows-1252") == "GrÃ¶ÃŸe\n"
    for encoding, failure in (
        ("", "The argument encoding is missing or empty."),
        (
            "UTF-88",
            "The argument encoding is 'UTF-88', which is no known charset. Give one such as",
        ),
    ):
        with pytest.raises(InvalidArgument, match=f"^{failure}"):
            ATTACHMENTS.get_attachment_content(email, encoding=encoding)


def test_a_text_email_is_saved_as_html_with_its_links(tmp_path: Path) -> None:
    email = Email(b"Subject: <Hi>\r\n\r\nSee https://shop.example/?a=1&b=2\r\n")
    path = FILES.save_email_as_html(email, tmp_path / "email.html")
    html = Path(path).read_text(encoding="utf-8")
    assert "<title>&lt;Hi&gt;</title>" in html
    assert '<pre>See <a href="https://shop.example/?a=1&amp;b=2">' in html
