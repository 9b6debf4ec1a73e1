"""What is fetched of a large email when its attachments are asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted import ScriptedServer, Session

from ImapLibrary.arguments import Security
from ImapLibrary.errors import EmailNotFound, MarkMismatch
from ImapLibrary.finding import fetching
from ImapLibrary.imap.account import Account
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.files import FileKeywords
from ImapLibrary.keywords.headers import HeaderKeywords
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

BIG = base64.encodebytes(bytes(1_000_000)).replace(b"\n", b"\r\n")

HEADER = (
    b"Subject: Big\r\nX-Long: "
    + b"x" * 70_000
    + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
)
SECTIONS = {
    "HEADER": HEADER,
    "1.MIME": b"Content-Type: text/html\r\n\r\n",
    "1": b"<p>Hi <img src=cid:logo@x></p>",
    "2.MIME": b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n",
    "2": b"iVBORw==",
    "3.MIME": b"Content-Type: text/csv; name=a.csv\r\n\r\n",
    "3": b"a,b",
    "4.MIME": b"Content-Type: application/zip; name=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    "4": BIG,
}

RAW = (
    HEADER
    + b"".join(b"--b\r\n%s%s\r\n" % (SECTIONS[f"{n}.MIME"], SECTIONS[str(n)]) for n in (1, 2, 3, 4))
    + b"--b--\r\n"
)

STRUCTURE = (
    '(("text" "html" NIL NIL NIL "7bit" 30 1)("image" "png" NIL "<logo@x>" NIL "base64" 8)'
    '("text" "csv" ("name" "a.csv") NIL NIL "7bit" 3 1)'
    f'("application" "zip" ("name" "big.zip") NIL NIL "base64" {len(BIG)}) "mixed")'
)


def fetch(session: Session, tag: str, arguments: str) -> None:
    """Answer for parts of the large email, which the scripted server by itself doesn't know."""
    if "BODYSTRUCTURE" in arguments:
        session.send(f"* 1 FETCH (UID 1 BODYSTRUCTURE {STRUCTURE})", f"{tag} OK done")
        return
    wanted = re.findall(r"BODY\.PEEK\[([\d.]+(?:MIME)?|HEADER)\]", arguments)
    if not wanted or "INTERNALDATE" in arguments:
        session.default("FETCH", tag, arguments)
        return
    parts = (b"BODY[%s] {%d}\r\n%s" % (s.encode(), len(SECTIONS[s]), SECTIONS[s]) for s in wanted)
    session.send_raw(b"* 1 FETCH (UID 1 %s)\r\n%s OK done\r\n" % (b" ".join(parts), tag.encode()))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(RAW) as server:
        server.on["FETCH"] = fetch
        yield server


@pytest.fixture
def mailboxes(server: ScriptedServer) -> Iterator[Mailboxes]:
    mailboxes = Mailboxes()
    account = Account("127.0.0.1", "qa", "secret", server.port, Security.NONE, timeout=10)
    mailboxes.open(account, "INBOX")
    yield mailboxes
    mailboxes.close_all()


@pytest.fixture
def email(mailboxes: Mailboxes, server: ScriptedServer) -> Email:
    found = mailboxes.get().do(lambda connection: fetching.one(connection, 1))
    server.lines.clear()
    return found


def fetched(server: ScriptedServer) -> list[str]:
    """Return what was fetched since the email was found, apart from the structure and headers."""
    sections = (re.findall(r"BODY(?:\.PEEK)?\[([^\]]*)\]", line) for line in server.lines)
    return [",".join(each) for each in sections if each]


OUTLINE = "HEADER,1.MIME,1,2.MIME,3.MIME,4.MIME"


def test_one_attachment_is_fetched_alone(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    keywords = AttachmentKeywords(mailboxes)
    assert keywords.get_attachment_content(email, type="image/*") == b"\x89PNG"
    assert fetched(server) == [OUTLINE, "2"]
    assert not server.emails[0].flags


def test_attachments_are_saved_one_by_one(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer, tmp_path: Path
) -> None:
    keywords = AttachmentKeywords(mailboxes)
    logo, archive = keywords.save_email_attachments(
        email,
        tmp_path,
        name="*[!v]",
        inline=True,  # not a.csv
    )
    assert fetched(server) == [OUTLINE, "2", "4"]
    assert Path(logo).read_bytes() == b"\x89PNG"
    assert Path(archive).read_bytes() == bytes(1_000_000)


def test_html_is_saved_with_its_images_alone(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer, tmp_path: Path
) -> None:
    path = FileKeywords(mailboxes).save_email_as_html(email, tmp_path / "mail.html")
    assert fetched(server) == [OUTLINE, "2"]
    assert '<p>Hi <img src="data:image/png;base64,iVBORw=="></p>' in Path(path).read_text("utf-8")


def test_what_is_not_in_base64_takes_the_whole(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    keywords = AttachmentKeywords(mailboxes)
    assert keywords.get_attachment_content(email, name="a.csv", text=True) == "a,b"
    assert fetched(server) == [OUTLINE, ""]


def test_a_listing_takes_the_whole(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    listed = AttachmentKeywords(mailboxes).get_email_attachments(email, inline=False)
    assert [(each.name, each.size) for each in listed] == [("a.csv", 3), ("big.zip", 1_000_000)]
    assert fetched(server) == [""]


def test_long_headers_are_fetched_to_their_end(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    assert not email.headers_complete
    assert len(HeaderKeywords(mailboxes).get_email_header(email, "X-Long")) == 70_000
    assert fetched(server) == [OUTLINE]
    assert not server.emails[0].flags


def change(server: ScriptedServer, condition: Callable[[str], bool], answer: str) -> None:
    """Let the server answer differently where the items of a FETCH meet a condition."""

    def handler(session: Session, tag: str, arguments: str) -> None:
        if condition(arguments):
            session.send(*filter(None, [answer]), f"{tag} OK done")
        else:
            fetch(session, tag, arguments)

    server.on["FETCH"] = handler


@pytest.mark.parametrize("answer", ["* 1 FETCH (UID 1 BODY[4] NIL)", "* 1 FETCH (UID 1)"])
def test_a_part_that_the_server_does_not_give_is_taken_from_the_whole(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer, answer: str
) -> None:
    change(server, lambda items: "BODY.PEEK[4]" in items, answer)
    content = AttachmentKeywords(mailboxes).get_attachment_content(email, name="big.zip")
    assert content == bytes(1_000_000)
    assert fetched(server) == [OUTLINE, "4", ""]


def test_a_structure_that_nobody_understands_takes_the_whole(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    change(server, lambda items: "BODYSTRUCTURE" in items, "* 1 FETCH (UID 1 BODYSTRUCTURE NIL)")
    content = AttachmentKeywords(mailboxes).get_attachment_content(email, type="image/png")
    assert content == b"\x89PNG"
    assert fetched(server) == [""]


def test_a_message_without_a_name_takes_the_whole(
    mailboxes: Mailboxes,
    email: Email,
    server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    server.emails[0].raw = RAW.replace(SECTIONS["3.MIME"], message)
    monkeypatch.setitem(SECTIONS, "3.MIME", message)
    csv = '"text" "csv" ("name" "a.csv") NIL NIL "7bit" 3 1'
    structure = STRUCTURE.replace(csv, '"message" "rfc822" NIL NIL NIL "base64" 3')
    change(
        server,
        lambda items: "BODYSTRUCTURE" in items,
        f"* 1 FETCH (UID 1 BODYSTRUCTURE {structure})",
    )
    assert AttachmentKeywords(mailboxes).get_attachment_content(email, name="message.eml") == b"i"
    assert fetched(server) == [OUTLINE, ""]


def test_an_email_that_has_gone_meanwhile(
    mailboxes: Mailboxes, email: Email, server: ScriptedServer
) -> None:
    change(server, lambda items: "BODY.PEEK[4]" in items, "")
    with pytest.raises(EmailNotFound, match="has gone from folder 'INBOX' of qa"):
        AttachmentKeywords(mailboxes).get_attachment_content(email, name="big.zip")


def test_a_small_email_is_fetched_whole_at_once(tmp_path: Path) -> None:
    raw = RAW.replace(BIG, BIG[:90_000])
    with ScriptedServer(raw) as server:
        server.on["FETCH"] = fetch
        mailboxes = Mailboxes()
        account = Account("127.0.0.1", "qa", "secret", server.port, Security.NONE, timeout=10)
        mailboxes.open(account, "INBOX")
        keywords = AttachmentKeywords(mailboxes)
        assert keywords.get_attachment_content(1, name="a.csv") == b"a,b"
        assert fetched(server) == ["", ""]  # the first bytes, then all
        path = FileKeywords(mailboxes).save_email("1", tmp_path / "mail.eml")
        assert Path(path).read_bytes() == raw
        mailboxes.close_all()


def test_an_email_of_another_folder_is_refused(mailboxes: Mailboxes, email: Email) -> None:
    other = Account(
        mailboxes.get().account.host, "boss", "secret", mailboxes.get().account.port, Security.NONE
    )
    mailboxes.open(other, "INBOX")
    with pytest.raises(MarkMismatch, match="which is open as mailbox 'qa', but that is"):
        AttachmentKeywords(mailboxes).get_attachment_content(email, name="big.zip")
    content = AttachmentKeywords(mailboxes).get_attachment_content(
        email, name="big.zip", mailbox="qa"
    )
    assert len(content) == 1_000_000
