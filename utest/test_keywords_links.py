"""The keywords for links and codes: what they return, log, fetch and refuse."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from scripted import ScriptedServer, message
from waits import opened
from webserver import WebServer, page, redirect

from ImapLibrary.errors import CodeNotFound, InvalidArgument, LinkNotFound, LinkNotOpened
from ImapLibrary.keywords.codes import CodeKeywords
from ImapLibrary.keywords.links import LinkKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.links import Link
from ImapLibrary.mail.message import Email
from ImapLibrary.mailboxes import Mailboxes

NONE_OPEN = Mailboxes()
LINKS = LinkKeywords(NONE_OPEN)
CODES = CodeKeywords(NONE_OPEN)
READING = ReadingKeywords(NONE_OPEN, Walks(NONE_OPEN))

HTML = """<div style="display:none">Preheader <a href=https://x.example/h>Hidden</a></div>
<p>Welcome!</p><ul><li><a href=https://x.example/a role=button>Confirm</a></li></ul>
<p>Your code: 483920</p><a href=https://x.example/b><img src=x alt=Help></a>"""


def email(text: str = "", html: str = "", subject: str = "Hello") -> Email:
    """Return an email that is in no mailbox."""
    made = EmailMessage()
    made["Subject"] = subject
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return Email(made.as_bytes())


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "ImapLibrary"):
        yield caplog


def test_all_links_or_those_that_one_sees(log: pytest.LogCaptureFixture) -> None:
    confirm = Link("https://x.example/a", "Confirm", 0, button=True)
    help_ = Link("https://x.example/b", "Help", 1, image=True)
    assert LINKS.get_email_links(email("http://y", HTML)) == [confirm, help_]
    assert log.messages == [
        "'Confirm' -> https://x.example/a (button)\n'Help' -> https://x.example/b (image)"
    ]
    hidden = LINKS.get_email_links(email("http://y", HTML), hidden=True)
    assert [link.text for link in hidden] == ["Hidden", "Confirm", "Help"]
    assert LINKS.get_email_links(email("Nothing")) == []
    assert log.messages[-1] == "No links."


def test_links_of_plain_text_lines_that_were_broken() -> None:
    raw = (
        b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
        b"Confirm: https://x.example/confirm \r\n?id=42 \r\n.\r\n"
    )
    (link,) = LINKS.get_email_links(Email(raw))
    assert link.href == "https://x.example/confirm?id=42"


def test_one_link(log: pytest.LogCaptureFixture) -> None:
    assert LINKS.get_email_link(email("", HTML), text="confirm").href == "https://x.example/a"
    assert log.messages == ["'Confirm' -> https://x.example/a (button)"]
    assert LINKS.get_email_link(email("", HTML), url="*/b").text == "Help"
    assert LINKS.get_email_link(email("", HTML), index=-1).text == "Help"
    assert LINKS.get_email_link(email("", HTML), index=0, hidden=True).text == "Hidden"
    with pytest.raises(LinkNotFound, match="No link of this email matches text 'Hidden'"):
        LINKS.get_email_link(email("", HTML), text="Hidden")


def test_a_link_is_opened(log: pytest.LogCaptureFixture) -> None:
    with WebServer({"/one": redirect("/two"), "/two": page("<p>Thank you!")}) as server:
        mail = email(f"Open {server.url}/one or {server.url}/three")
        opened_link = LINKS.open_email_link(mail, url="/one")
        assert opened_link.text == "Thank you!"
        assert log.messages == [
            f"Opening '{server.url}/one' -> {server.url}/one",
            f"{server.url}/one -> {server.url}/two: status 200",
        ]
        assert LINKS.open_email_link(mail, index=1).status == 404
        with pytest.raises(LinkNotFound):
            LINKS.open_email_link(mail)
        with pytest.raises(LinkNotOpened, match="has more than 5 bytes"):
            LINKS.open_email_link(mail, url="/one", max_size=5)
        assert server.paths == ["/one", "/two", "/three", "/one", "/two"]


def test_what_can_not_be_opened() -> None:
    with pytest.raises(LinkNotOpened, match="only http and https can"):
        LINKS.open_email_link(email(html="<a href=mailto:qa@x.example>a</a>"))
    with pytest.raises(InvalidArgument, match="The argument max_size must be 1 or more, not 0"):
        LINKS.open_email_link(email("http://x"), max_size=0)
    with pytest.raises(InvalidArgument, match="The argument timeout must be"):
        LINKS.open_email_link(email("http://x"), timeout=timedelta(0))
    with pytest.raises(InvalidArgument, match="could not be read as certificates"):
        LINKS.open_email_link(email("http://127.0.0.1:1/"), verify=Path("no such file"))


def test_the_code_is_looked_for_in_text_then_html_then_subject(
    log: pytest.LogCaptureFixture,
) -> None:
    assert CODES.get_email_code(email("Code: 112233", HTML, "Code 445566")) == "112233"
    assert log.messages == ["The code is 112233."]
    assert CODES.get_email_code(email("See the HTML", HTML, "Code 445566")) == "483920"
    assert CODES.get_email_code(email("Enter it here", subject="445566 is your code")) == "445566"
    assert CODES.get_email_code(email("No. AB-12", HTML), pattern=r"[A-Z]{2}-\d\d") == "AB-12"
    with pytest.raises(CodeNotFound, match="There is no code in this email"):
        CODES.get_email_code(email("Nothing", "<p>Nothing", "Nothing"))
    with pytest.raises(InvalidArgument, match="The argument pattern is no regular expression"):
        CODES.get_email_code(email("Nothing"), pattern="(")


def test_the_text_of_html_even_beside_plain_text() -> None:
    mail = email("Plain\n", HTML)
    assert READING.get_email_body(mail) == "Plain"
    assert READING.get_email_text(mail) == "Welcome!\n\n- Confirm\n\nYour code: 483920\n\nHelp"
    assert READING.get_email_text(mail, hidden=True).startswith("Preheader Hidden\n\nWelcome!")
    assert READING.get_email_text(email("Plain\n")) == "Plain"
    assert READING.get_email_text(email("Plain\n", "<p>")) == ""
    assert READING.get_email_text(Email(b"")) == ""


def test_only_what_is_missing_is_fetched_and_the_email_marked_as_read() -> None:
    raw = message(text="Open http://127.0.0.1:1/x. Code: 483920")
    with ScriptedServer(raw, first_uid=7) as server, opened(server) as suite:
        links, codes = LinkKeywords(suite.mailboxes), CodeKeywords(suite.mailboxes)
        mail = suite.wait(status="UNSEEN")
        sent = len(server.lines)
        assert links.get_email_link(mail, mark_as_read=False).href == "http://127.0.0.1:1/x"
        assert links.get_email_links(mail, mark_as_read=False)[0].href == "http://127.0.0.1:1/x"
        assert codes.get_email_code(mail, mark_as_read=False) == "483920"
        assert suite.read.get_email_text(mail, mark_as_read=False).startswith("Open")
        with pytest.raises(LinkNotOpened):
            links.open_email_link(
                mail, timeout=timedelta(milliseconds=1), mailbox="qa", mark_as_read=False
            )
        assert suite.sent(sent) == []
        assert codes.get_email_code(7) == "483920"
        assert suite.sent(sent)[1:] == ["UID STORE 7 +FLAGS.SILENT (\\Seen)"]
