"""How little is fetched of an email, and what is made of odd answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timezone

import pytest
from scripted import Handler, ScriptedServer, Session, message
from waits import refuse

from ImapLibrary.arguments import Security
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import EmailNotFound, IncompleteEmail
from ImapLibrary.finding import fetching
from ImapLibrary.finding.fetching import FIRST_BYTES
from ImapLibrary.imap.account import Account
from ImapLibrary.imap.connection import Connection
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent

WHERE = "folder 'INBOX' of qa on 127.0.0.1"
FIRST = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)"

HEADER = b'Subject: Large\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
TEXT = b"Content-Type: text/plain\r\n\r\n"
PDF = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
LARGE = (
    HEADER
    + b"--b\r\n"
    + PDF
    + b"QUJD" * 20_000
    + b"\r\n--b\r\n"
    + TEXT
    + b"At the end\r\n--b--\r\n"
)
STRUCTURE = (
    '(("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "BASE64" 80000)'
    '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 10 1) "MIXED")'
)
SECTIONS = {"HEADER": HEADER, "1.MIME": PDF, "2.MIME": TEXT, "2": b"At the end"}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First"), LARGE) as server:
        yield server


@pytest.fixture
def connection(server: ScriptedServer) -> Iterator[Connection]:
    account = Account("127.0.0.1", "qa", "x", server.port, Security.NONE)
    with closing(Connection(account, Deadline(30))) as connection:
        connection.select("INBOX")
        server.lines.clear()
        yield connection


def answering(answer: bytes) -> Handler:
    """Return a handler that answers a FETCH with that, whatever was asked."""

    def handle(session: Session, tag: str, arguments: str) -> None:
        session.send_raw(answer)
        session.send(f"{tag} OK done")

    return handle


def structured(structure: str = STRUCTURE, sections: dict[str, bytes] | None = None) -> Handler:
    """Return a handler that knows the structure and the sections of the large email, too."""
    known = SECTIONS if sections is None else sections

    def handle(session: Session, tag: str, arguments: str) -> None:
        named = re.findall(r"BODY(?:\.PEEK)?\[([\w.]+)\]", arguments)
        if "BODYSTRUCTURE" in arguments:
            session.send(f"* 2 FETCH (UID 2 BODYSTRUCTURE {structure})", f"{tag} OK done")
        elif set(named) <= {"", "HEADER"} and "2.MIME" not in arguments:
            session.default("FETCH", tag, arguments)
        else:
            literals = (
                f"BODY[{name}] {{{len(known[name])}}}\r\n".encode() + known[name]
                if name in known
                else f"BODY[{name}] NIL".encode()
                for name in named
            )
            session.send_raw(b"* 2 FETCH (UID 2 " + b" ".join(literals) + b")\r\n")
            session.send(f"{tag} OK done")

    return handle


def large(server: ScriptedServer, connection: Connection) -> Email:
    """Return the first bytes of the large email, on a server that knows its structure."""
    server.on["FETCH"] = structured()
    email = fetching.one(connection, 2)
    server.lines.clear()
    return email


class TestFirstBytes:
    def test_one_command_that_marks_nothing_as_read(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        small, large = fetching.first_bytes(connection, "1:2")
        assert server.lines == [f"UID FETCH 1:2 {FIRST}"]
        assert [stored.flags for stored in server.emails] == [set(), set()]
        assert (small.subject, small.extent, small.raw) == ("First", Extent.WHOLE, message("First"))
        assert (large.subject, large.extent, large.size) == ("Large", Extent.PREFIX, len(LARGE))
        assert large.fetched == LARGE[:FIRST_BYTES]
        assert small.location == large.location == connection.location
        assert small.received == datetime(2026, 11, 24, 12, tzinfo=timezone.utc)

    @pytest.mark.parametrize(
        ("size", "extent"),
        [
            (FIRST_BYTES - 1, Extent.WHOLE),
            (FIRST_BYTES, Extent.PREFIX),
            (FIRST_BYTES + 1, Extent.PREFIX),
        ],
    )
    def test_an_answer_of_full_length_may_have_been_cut(
        self, server: ScriptedServer, connection: Connection, size: int, extent: Extent
    ) -> None:
        server.emails[0].raw = b"\r\n" + b"x" * (size - 2)
        (email,) = fetching.first_bytes(connection, "1")
        assert (email.extent, email.size) == (extent, size)

    def test_the_size_that_a_server_estimates_does_not_count(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(
            b"* 1 FETCH (UID 1 RFC822.SIZE 4711 FLAGS () BODY[]<0> {9}\r\nA: b\r\n\r\nc)\r\n"
        )
        (email,) = fetching.first_bytes(connection, "1")
        assert (email.complete, email.size) == (True, 9)

    def test_oldest_first_whatever_the_order_of_answers(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(
            b"* 9 FETCH (UID 30 BODY[]<0> {2}\r\n\r\n)\r\n"
            b"* 2 FETCH (FLAGS (\\Seen) BODY[]<0> {2}\r\n\r\n UID 4)\r\n"
            b"* 5 FETCH (BODY[]<0> {2}\r\n\r\n UID 17 FLAGS ())\r\n"
        )
        emails = fetching.first_bytes(connection, "1:*")
        assert [email.uid for email in emails] == [4, 17, 30]
        assert [email.seen for email in emails] == [True, False, False]
        assert emails[0].received is None

    @pytest.mark.parametrize(
        "content",
        [
            b"BODY[]<0> {9}\r\nA: b\r\n\r\nc",
            b"BODY[]<0>{9}\r\nA: b\r\n\r\nc",  # GreenMail leaves no blank
            b'BODY[]<0> "A: b"',
        ],
    )
    def test_ways_to_send_content(
        self, server: ScriptedServer, connection: Connection, content: bytes
    ) -> None:
        server.on["FETCH"] = answering(b"* 1 FETCH (UID 1 " + content + b")\r\n")
        (email,) = fetching.first_bytes(connection, "1")
        assert email.headers["a"] == "b"

    def test_no_content_is_an_empty_email(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(b"* 1 FETCH (UID 1 RFC822.SIZE NIL BODY[]<0> NIL)\r\n")
        (email,) = fetching.first_bytes(connection, "1")
        assert (email.raw, email.size) == (b"", 0)

    def test_news_of_other_emails_are_none(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(
            b"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 BODY[]<0> {2}\r\n\r\n)\r\n"
            b"* 3 FETCH (FLAGS ())\r\n"
        )
        assert [email.uid for email in fetching.first_bytes(connection, "1")] == [1]


class TestHeaders:
    def test_that_and_nothing_more(self, server: ScriptedServer, connection: Connection) -> None:
        small, large = fetching.headers(connection, "1:2")
        assert server.lines == [
            "UID FETCH 1:2 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
        ]
        assert (small.subject, large.subject) == ("First", "Large")
        assert (small.complete, small.headers_complete) == (False, True)
        assert (small.size, large.size) == (len(message("First")), len(LARGE))
        with pytest.raises(IncompleteEmail):
            _ = small.text

    def test_without_the_empty_line_at_their_end(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(
            b"* 1 FETCH (UID 1 RFC822.SIZE 99 BODY[HEADER] {12}\r\nSubject: x\r\n)\r\n"
        )
        (email,) = fetching.headers(connection, "1")
        assert email.headers_complete
        assert email.subject == "x"


class TestOne:
    def test_is_the_one_that_was_asked_for(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        assert fetching.one(connection, 2).uid == 2

    def test_is_missing(self, server: ScriptedServer, connection: Connection) -> None:
        with pytest.raises(EmailNotFound) as caught:
            fetching.one(connection, 77)
        assert str(caught.value) == (
            f"There is no email with UID 77 in {WHERE}. It may have been deleted or moved, or the "
            "UID may be of another folder."
        )

    def test_is_missing_though_the_server_tells_of_another(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = answering(b"* 1 FETCH (UID 1 BODY[]<0> {2}\r\n\r\n)\r\n")
        with pytest.raises(EmailNotFound):
            fetching.one(connection, 2)


class TestText:
    def test_of_an_email_that_is_here_costs_nothing(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        email = fetching.one(connection, 1)
        server.lines.clear()
        assert fetching.with_text(connection, email, mark_as_read=True) is email
        assert fetching.whole(connection, email, mark_as_read=True) is email
        assert server.lines == []

    @pytest.mark.parametrize(("mark", "item"), [(False, "BODY.PEEK"), (True, "BODY")])
    def test_of_a_large_email_costs_two_commands_and_no_attachment(
        self, server: ScriptedServer, connection: Connection, mark: bool, item: str
    ) -> None:
        email = large(server, connection)
        found = fetching.with_text(connection, email, mark_as_read=mark)
        sections = " ".join(f"{item}[{section}]" for section in SECTIONS)
        assert server.lines == [
            "UID FETCH 2 (UID BODYSTRUCTURE)",
            f"UID FETCH 2 (UID {sections})",
        ]
        assert (found.text, found.html, found.extent) == ("At the end", "", Extent.OUTLINE)
        assert (found.uid, found.size, found.location) == (2, len(LARGE), email.location)

    @pytest.mark.parametrize(
        "structure",
        [
            "NIL",
            '("MULTIPART" "MIXED" NIL NIL NIL "7BIT" 0)',
            '("TEXT" "an "unescaped" quote" NIL NIL NIL "7BIT" 10 1)',
            "(" * 100 + ")" * 100,
        ],
    )
    @pytest.mark.parametrize("mark", [True, False])
    def test_a_structure_that_can_not_be_relied_on_costs_the_whole(
        self, server: ScriptedServer, connection: Connection, structure: str, mark: bool
    ) -> None:
        email = large(server, connection)
        server.on["FETCH"] = structured(structure)
        found = fetching.with_text(connection, email, mark_as_read=mark)
        assert (found.text, found.raw) == ("At the end", LARGE)
        assert server.emails[1].flags == ({"\\Seen"} if mark else set())

    @pytest.mark.parametrize(
        "sections",
        [
            {**SECTIONS, "2": b"--b--\r\n"},
            {**SECTIONS, "1.MIME": TEXT},
            {**SECTIONS, "HEADER": TEXT},
            {},
        ],
    )
    def test_so_do_sections_that_contradict_it(
        self, server: ScriptedServer, connection: Connection, sections: dict[str, bytes]
    ) -> None:
        email = large(server, connection)
        server.on["FETCH"] = structured(sections=sections)
        assert fetching.with_text(connection, email).raw == LARGE
        assert server.lines[-1] == "UID FETCH 2 (UID BODY.PEEK[])"

    def test_a_text_that_is_nil_is_empty(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        email = large(server, connection)
        server.on["FETCH"] = structured(
            sections={name: value for name, value in SECTIONS.items() if name != "2"}
        )
        assert fetching.with_text(connection, email).text == ""

    @pytest.mark.parametrize("commands", [0, 1])
    def test_an_email_that_goes_meanwhile(
        self, server: ScriptedServer, connection: Connection, commands: int
    ) -> None:
        email = large(server, connection)
        known = structured()

        def gone(session: Session, tag: str, arguments: str) -> None:
            if len(server.lines) > commands:
                session.send(f"{tag} OK done")
            else:
                known(session, tag, arguments)

        server.on["FETCH"] = gone
        with pytest.raises(EmailNotFound) as caught:
            fetching.with_text(connection, email)
        assert str(caught.value) == f"The email with UID 2 has gone from {WHERE} while it was read."

    def test_an_email_in_no_folder_can_not_be_fetched(self, connection: Connection) -> None:
        with pytest.raises(EmailNotFound) as caught:
            fetching.with_text(connection, Email(b"Subject: x", size=1000))
        assert str(caught.value) == (
            "This email is in no folder, so that nothing more can be fetched."
        )


class TestMore:
    def test_each_step_asks_for_as_little_as_there_is(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        server.on["FETCH"] = structured()
        (email,) = fetching.headers(connection, "2")
        extents = []
        while not email.complete:
            email = fetching.more_of(connection, email)
            extents.append((email.extent, len(email.fetched)))
        assert [extent for extent, _ in extents] == [Extent.PREFIX, Extent.OUTLINE, Extent.WHOLE]
        assert extents[0][1] == FIRST_BYTES
        assert extents[1][1] < 1000
        assert extents[2][1] == len(LARGE)

    def test_first_bytes_that_are_here_are_not_fetched_again(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        email = large(server, connection)
        assert fetching.with_first_bytes(connection, email) is email
        assert server.lines == []

    def test_first_bytes_of_those_of_which_just_the_headers_are_here(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        for _ in range(3):
            server.deliver(message("Later"))
        found = [*fetching.headers(connection, "3:5"), *fetching.first_bytes(connection, "2")]
        server.emails[2].flags = {"\\Seen"}
        del server.emails[3]
        server.lines.clear()
        read = fetching.all_with_first_bytes(connection, found)
        assert server.lines == [f"UID FETCH 3:5 {FIRST}"]
        assert [email.uid for email in read] == [3, 4, 5, 2]
        assert [email.text_complete for email in read] == [True, False, True, False]
        assert read[1] is found[1]  # it has gone
        assert read[3] is found[3]
        assert read[0].flags == set()  # as at the look that found it
        assert fetching.all_with_first_bytes(connection, [read[0]]) == [read[0]]
        assert len(server.lines) == 1

    def test_first_bytes_that_are_refused_are_done_without(
        self, server: ScriptedServer, connection: Connection
    ) -> None:
        found = fetching.headers(connection, "1:2")
        server.on["FETCH"] = refuse("NO The message could not be converted to RFC-822 format")
        assert fetching.all_with_first_bytes(connection, found) == found

    @pytest.mark.parametrize(("mark", "item"), [(False, "BODY.PEEK[]"), (True, "BODY[]")])
    def test_the_whole(
        self, server: ScriptedServer, connection: Connection, mark: bool, item: str
    ) -> None:
        email = large(server, connection)
        assert fetching.whole(connection, email, mark_as_read=mark).raw == LARGE
        assert server.lines == [f"UID FETCH 2 (UID {item})"]


def test_flags_as_text() -> None:
    assert fetching.flags_of({b"FLAGS": (b"\\Seen", b"$L\xfc")}) == (
        "\\Seen",
        "$L\N{REPLACEMENT CHARACTER}",
    )
    assert fetching.flags_of({}) == ()


def test_flags_that_are_read_as_numbers_or_as_nothing(
    server: ScriptedServer, connection: Connection
) -> None:
    server.emails[0].flags = {"123", "0123", "0", "NIL", "nil", "\\Seen"}
    first, other = fetching.first_bytes(connection, "1:2")
    assert first.flags == {"123", "0123", "0", "NIL", "nil", "\\Seen"}
    assert (first.subject, other.subject) == ("First", "Large")
    assert set(fetching.flags_now(connection, 1)) == first.flags
    (first, _) = fetching.headers(connection, "1:2")
    assert "123" in first.flags
