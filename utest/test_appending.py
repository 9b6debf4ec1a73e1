"""Appending: the bytes as they are, once, whatever happens to the connection, and never all in
memory."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from changes import (
    OLD_FIGURES,
    Keywords,
    failure,
    lose_answer,
    lose_command,
    opened,
    say,
)
from scripted import Handler, ScriptedServer, Session, message
from waits import hang

from ImapLibrary.errors import (
    CommandRefused,
    ConnectionLost,
    EmailNotFound,
    FileFailed,
    FolderNotFound,
    IncompleteEmail,
    InvalidArgument,
    OutcomeUnknown,
    QuotaExceeded,
)
from ImapLibrary.mail.message import Email
from ImapLibrary.moments import Moment

RAW = message("Appended", message_id="<appended@example.com>")
MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def no_time_to_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ImapLibrary.mailbox.SETTLE", 0.0)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("There before")) as running:
        running.has_archive = True
        yield running


@pytest.fixture
def keywords(server: ScriptedServer) -> Iterator[Keywords]:
    with opened(server) as provided:
        yield provided


def stored(server: ScriptedServer) -> list[bytes]:
    """Return what has got into the INBOX."""
    return [each.raw for each in server.emails[1:]]


def appends(server: ScriptedServer) -> list[str]:
    """Return the commands without what follows them."""
    return [line.partition("Subject")[0] for line in server.lines if line.startswith("APPEND")]


def test_the_command(server: ScriptedServer, keywords: Keywords) -> None:
    date = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    appended = keywords.appending.append_email(
        b"Subject: x\r\n\r\n", folder="Archive", flags="Seen $Mine", date=date
    )
    assert appends(server) == ['APPEND "Archive" ($Mine \\Seen) "04-Mar-2026 05:06:07 +0530" ']
    assert (appended.uid, appended.folder, appended.received) == (501, "Archive", date)
    assert appended.flags == {"\\Seen", "$Mine"}
    assert server.archived[0].raw == b"Subject: x\r\n\r\n"


class TestReceived:
    @pytest.mark.parametrize(
        ("date", "written", "moment"),
        [
            (
                "2026-03-24T10:00:00+02:00",
                "24-Mar-2026 10:00:00 +0200",
                datetime(2026, 3, 24, 8, tzinfo=timezone.utc),
            ),
            (
                "2026-03-24 10:00:01.999Z",
                "24-Mar-2026 10:00:01 +0000",
                datetime(2026, 3, 24, 10, 0, 1, tzinfo=timezone.utc),
            ),
            ("24-Mar-2026", "24-Mar-2026 00:00:00 ", datetime(2026, 3, 24).astimezone()),
            ("20260324 100000", "24-Mar-2026 10:00:00 ", datetime(2026, 3, 24, 10).astimezone()),
            (date(2026, 3, 24), "24-Mar-2026 00:00:00 ", datetime(2026, 3, 24).astimezone()),
        ],
    )
    def test_when_it_is_to_have_been(
        self,
        server: ScriptedServer,
        keywords: Keywords,
        date: Moment,
        written: str,
        moment: datetime,
    ) -> None:
        appended = keywords.appending.append_email(subject="x", date=date)
        assert f'() "{written}' in appends(server)[0]
        assert appended.received == moment == appended.date

    def test_now_unless_it_is_said(self, keywords: Keywords) -> None:
        """It is known, to the second, without a command more."""
        begin = datetime.now().astimezone().replace(microsecond=0)
        for appended in (
            keywords.appending.append_email(RAW),
            keywords.appending.append_email(subject="Made"),
        ):
            assert appended.received is not None
            assert begin <= appended.received <= datetime.now().astimezone()
            assert appended.received.microsecond == 0
        assert appended.date == appended.received

    @pytest.mark.parametrize("value", ["abc", "", "2026-13-01", "10:00"])
    def test_what_is_no_date(self, server: ScriptedServer, keywords: Keywords, value: str) -> None:
        text = failure(
            InvalidArgument, lambda: keywords.appending.append_email(subject="x", date=value)
        )
        assert text == (
            f"The argument date is no date: {value!r}. Write it like 2026-03-24, "
            "2026-03-24 10:00, 24-Mar-2026, today or now."
        )
        assert server.lines == []

    @pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31 23:00"])
    def test_what_is_too_far_away(
        self,
        server: ScriptedServer,
        keywords: Keywords,
        value: str,
    ) -> None:
        text = failure(
            InvalidArgument, lambda: keywords.appending.append_email(subject="x", date=value)
        )
        assert text == (
            f"The argument date is too far away for an email: {value!r}. Give a year from 2 to "
            "9998, or leave it out."
        )
        assert server.lines == []

    @pytest.mark.parametrize(
        ("greeting", "hour"), [("* OK GreenMail ready", "13"), ("* OK ready", "12")]
    )
    def test_greenmail_is_told_no_hour_that_it_takes_for_midnight(
        self, server: ScriptedServer, greeting: str, hour: str
    ) -> None:
        server.greeting = greeting
        zone = {"12": "+0200", "13": "+0300"}[hour]
        with opened(server) as keywords:
            appended = keywords.appending.append_email(RAW, date="2026-03-24 12:30:00+02:00")
        assert f'"24-Mar-2026 {hour}:30:00 {zone}"' in appends(server)[0]
        assert appended.received == datetime(2026, 3, 24, 10, 30, tzinfo=timezone.utc)


def test_into_the_folder_that_is_open(server: ScriptedServer, keywords: Keywords) -> None:
    appended = keywords.appending.append_email(RAW)
    assert appended == keywords.finding.find_emails(limit=1)[0]
    assert appended.raw == RAW
    assert stored(server) == [RAW]
    assert server.count("STATUS") == 0  # which is not to be trusted for the folder that is open


@pytest.mark.parametrize(
    ("greeting", "commands"),
    [
        ("* OK Dovecot ready.", ["STATUS", "APPEND"]),
        ("* OK ready", ["STATUS", "EXAMINE", "FETCH", "SELECT", "APPEND"]),
    ],
)
def test_into_another_folder(server: ScriptedServer, greeting: str, commands: list[str]) -> None:
    """Only of a server whose UIDNEXT is no good, the highest UID there is asked."""
    server.greeting = greeting
    server.archive(message("There before"))
    with opened(server) as keywords:
        appended = keywords.appending.append_email(RAW, folder="Archive")
        assert [line.removeprefix("UID ").split()[0] for line in server.lines] == commands
    assert appended.uid == 502


def test_into_another_folder_that_is_empty(server: ScriptedServer, keywords: Keywords) -> None:
    keywords.appending.append_email(RAW, folder="Archive")
    assert [line.split()[0] for line in server.lines] == ["STATUS", "EXAMINE", "SELECT", "APPEND"]


def test_what_it_is_made_of(server: ScriptedServer, keywords: Keywords, tmp_path: Path) -> None:
    file = tmp_path / "terms.txt"
    file.write_text("No terms.")
    date = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)
    appended = keywords.appending.append_email(
        sender="Jürgen <juergen@example.com>",
        to=["qa@example.com", "Jane <jane@example.com>"],
        subject="Größe 44",
        text="As text",
        html="<b>As HTML</b>",
        attachments=file,
        headers={"X-Campaign": "Spring"},
        date=date,
    )
    assert appended.sender_name == "Jürgen"
    assert appended.recipients == ("qa@example.com", "jane@example.com")
    assert (appended.subject, appended.text) == ("Größe 44", "As text")
    assert appended.html == "<b>As HTML</b>"
    assert appended.date == date == appended.received
    assert b'filename="terms.txt"' in appended.raw
    assert stored(server) == [appended.raw]


def test_a_file_and_another_email_as_they_are(
    server: ScriptedServer, keywords: Keywords, tmp_path: Path
) -> None:
    odd = b"Subject: x\r\n\r\nodd\n\rends"
    path = tmp_path / "odd.eml"
    path.write_bytes(odd)
    appended = keywords.appending.append_email(path)
    again = keywords.appending.append_email(appended)
    named = keywords.appending.append_email(str(path))  # type: ignore[arg-type]
    assert appended.raw == again.raw == named.raw == odd
    assert appended.uid != again.uid


class TestOnce:
    @pytest.mark.parametrize("codes", [True, False], ids=["told where", "not told where"])
    @pytest.mark.parametrize("folder", ["INBOX", "Archive"])
    @pytest.mark.parametrize("lose", [lose_answer, lose_command])
    @pytest.mark.parametrize("command", ["STATUS", "NOOP", "APPEND", "EXAMINE", "SELECT"])
    def test_a_lost_connection(
        self,
        server: ScriptedServer,
        keywords: Keywords,
        command: str,
        lose: Callable[[ScriptedServer, str], None],
        folder: str,
        codes: bool,
    ) -> None:
        server.uid_codes = codes
        lose(server, command)
        appended = keywords.appending.append_email(RAW, folder=folder)
        where = server.emails[1:] if folder == "INBOX" else server.archived
        assert [each.raw for each in where] == [RAW]
        assert (appended.folder, appended.uid) == (folder, where[0].uid)

    def test_an_email_that_looks_the_same_is_not_taken_for_it(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        """Without Message-ID, the emails of two tests may differ in their bodies alone."""
        codes = [message("Your code", f"It is {digits}.") for digits in ("1111", "2222")]

        def lose(session: Session, tag: str, arguments: str) -> None:
            del server.on["APPEND"]
            server.deliver(codes[1])
            session.close()

        server.on["APPEND"] = lose
        assert keywords.appending.append_email(codes[0]).uid == 3
        assert stored(server) == [codes[1], codes[0]]

    def test_nor_is_another_version_of_it(self, server: ScriptedServer, keywords: Keywords) -> None:
        """A template with a Message-ID, or what the server made of the email."""

        def lose(session: Session, tag: str, arguments: str) -> None:
            server.deliver(RAW.replace(b"Some text", b"Another text"))
            session.close()

        server.on["APPEND"] = lose
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(RAW))
        assert "or whether it is there yet: UID 2 looks the same." in text
        assert server.count("APPEND") == 1

    @pytest.mark.parametrize("raw", [RAW, b"Subject: x\r\n\r\n"], ids=["Message-ID", "none"])
    def test_two_clients_that_append_the_same_email(
        self, server: ScriptedServer, keywords: Keywords, raw: bytes
    ) -> None:
        """A server without UIDPLUS says to neither which is its own."""
        server.uid_codes = False

        def append_both(session: Session, tag: str, arguments: str) -> None:
            server.deliver(raw)
            session.do_append(tag, arguments)

        server.on["APPEND"] = append_both
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(raw))
        assert text == (
            "It can't be told which email of folder 'INBOX' of qa on 127.0.0.1 is the one that was "
            "to get there, or whether it is there yet: UID 2:3 looks the same. Something else may "
            "have put the same email there at that time. Look before trying again."
        )
        assert stored(server) == [raw, raw]

    def test_a_large_email_is_read_again_to_be_recognised(
        self, server: ScriptedServer, keywords: Keywords, tmp_path: Path
    ) -> None:
        server.uid_codes = False
        path = tmp_path / "large.eml"
        path.write_bytes(message("Large", "0123456789abcde\r\n" * 5000))
        assert keywords.appending.append_email(path).uid == 2

    def test_the_same_email_that_was_there_before_is_not_taken_for_it(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.archive(RAW)
        lose_command(server, "APPEND")
        appended = keywords.appending.append_email(RAW, folder="Archive")
        assert appended.uid == 502
        assert len(server.archived) == 2

    @pytest.mark.parametrize("told", OLD_FIGURES)
    def test_nor_is_it_where_the_server_gives_no_uidnext_or_an_old_one(
        self, server: ScriptedServer, keywords: Keywords, told: str
    ) -> None:
        server.archive(RAW)
        server.on["STATUS"] = say(f'* STATUS "Archive" ({told})', "TAG OK done")
        lose_command(server, "APPEND")
        appended = keywords.appending.append_email(RAW, folder="Archive")
        assert len(server.archived) == 2
        assert appended.uid == 502
        assert appended.location.uidvalidity == 8  # type: ignore[union-attr]

    @pytest.mark.parametrize("sent", [0, 1, 30])
    def test_a_connection_that_breaks_in_the_middle_of_the_email(
        self, server: ScriptedServer, keywords: Keywords, sent: int
    ) -> None:
        def cut(session: Session, tag: str, line: str) -> None:
            del server.on["LITERAL"]
            session.send("+ go on")
            session.socket.recv(sent, socket.MSG_WAITALL) if sent else None
            session.reset()

        server.on["LITERAL"] = cut
        keywords.appending.append_email(RAW)
        assert stored(server) == [RAW]

    @pytest.mark.parametrize("folder", ["INBOX", "Archive"])
    def test_uids_that_changed_with_the_connection(
        self, server: ScriptedServer, keywords: Keywords, folder: str
    ) -> None:
        """Then the email has any UID, so that it can't be told from one that was there before."""
        lose_answer(server, "APPEND")

        def renumber(session: Session, tag: str, arguments: str) -> None:
            server.uidvalidity = server.archive_uidvalidity = 9
            server.uidnext = 1
            session.default("LOGIN", tag, arguments)

        server.on["LOGIN"] = renumber
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(RAW, folder=folder))
        before = {"INBOX": 7, "Archive": 8}[folder]
        assert text == (
            f"The UIDs of folder '{folder}' of qa on 127.0.0.1 have lost their meaning (its "
            f"UIDVALIDITY was {before} and is now 9), so that it can't be told which emails got "
            "there. It is not known how much was done before that: look before trying again."
        )
        assert server.count("APPEND") == 1

    def test_lost_for_good(self, server: ScriptedServer, keywords: Keywords) -> None:
        lose_command(server, "APPEND", times=2)
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(RAW))
        assert text.endswith(
            f"This was APPEND for qa on 127.0.0.1 port {server.port}. It is not known how much "
            "was done before that: look before trying again."
        )
        assert stored(server) == []

    @pytest.mark.parametrize("command", ["NOOP", "STATUS"])
    def test_lost_before_the_email_was_sent(self, server: ScriptedServer, command: str) -> None:
        """The outcome is known then: there is none."""
        folder = "INBOX" if command == "NOOP" else "Archive"
        server.on[command] = hang
        with opened(server, timeout=1.0) as keywords:
            text = failure(
                ConnectionLost, lambda: keywords.appending.append_email(RAW, folder=folder)
            )
        assert text.endswith(f"This was {command} for qa on 127.0.0.1 port {server.port}.")
        assert appends(server) == []

    def test_a_folder_that_is_refused_afterwards(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        def leave(session: Session, tag: str, arguments: str) -> None:
            session.mute = True
            session.do_append(tag, arguments)
            server.on["SELECT"] = say("TAG NO Not now")
            session.close()

        server.on["APPEND"] = leave
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(RAW))
        assert text == (
            f"Could not open folder 'INBOX' of qa on 127.0.0.1 port {server.port}: NO Not now. It "
            "is not known how much was done before that: look before trying again."
        )
        assert stored(server) == [RAW]

    def test_what_vanishes_at_once(self, server: ScriptedServer, keywords: Keywords) -> None:
        server.uid_codes = False

        def swallow(session: Session, tag: str, arguments: str) -> None:
            session.do_append(tag, arguments)
            server.archived.clear()

        server.on["APPEND"] = swallow
        text = failure(
            EmailNotFound, lambda: keywords.appending.append_email(RAW, folder="Archive")
        )
        assert text == (
            "The server took the email for folder 'Archive' of qa on 127.0.0.1, but it is not to "
            "be found there. Something may have moved or deleted it."
        )


@pytest.mark.parametrize("now", [RAW + b"more\r\nZ9 UID STORE 1 +FLAGS (\\Deleted)\r\n", RAW[:-9]])
def test_a_file_that_changes_while_it_is_sent(
    server: ScriptedServer, keywords: Keywords, tmp_path: Path, now: bytes
) -> None:
    """What it has too much would be taken for commands, and for what it lacks the server would wait."""
    path = tmp_path / "email.eml"
    path.write_bytes(RAW)

    def consent(session: Session, tag: str, line: str) -> None:
        path.write_bytes(now)
        session.send("+ go on")

    server.on["LITERAL"] = consent
    text = failure(FileFailed, lambda: keywords.appending.append_email(path))
    assert text.startswith(f"The file {path} was changed while it was sent: ")
    del server.on["LITERAL"]
    assert keywords.appending.append_email(RAW).uid == 2  # over another connection
    assert stored(server) == [RAW]
    assert [line for line in server.lines if "STORE" in line] == []


class TestLarge:
    SIZE = 64 * MEBIBYTE

    @pytest.fixture
    def large(self, tmp_path: Path) -> Path:
        path = tmp_path / "large.eml"
        with path.open("wb") as file:
            file.write(b"Subject: Large\r\n\r\n")
            for _ in range(self.SIZE // MEBIBYTE):
                file.write(b"0123456789abcde\n" * (MEBIBYTE // 16))
        return path

    def test_is_never_in_memory_as_a_whole(
        self, server: ScriptedServer, keywords: Keywords, large: Path
    ) -> None:
        received = 0

        def swallow(session: Session, tag: str, line: str) -> None:
            nonlocal received
            session.send("+ go on")
            left = large.stat().st_size + 2
            while left:
                left -= len(session._stream.read1(min(left, MEBIBYTE)))
            received = large.stat().st_size
            session.send(f"{tag} OK [APPENDUID 7 9] done")
            del server.on["LITERAL"]
            session._stream.read()

        server.on["LITERAL"] = swallow
        tracemalloc.start()
        try:
            appended = keywords.appending.append_email(large)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert appended.uid == 9
        assert received == appended.size
        assert not appended.complete
        assert peak < 8 * MEBIBYTE

    def test_one_that_is_refused_is_not_sent(
        self, server: ScriptedServer, keywords: Keywords, large: Path
    ) -> None:
        def refuse(session: Session, tag: str, line: str) -> None:
            session.send(f"{tag} NO [TOOBIG] Not so large.")
            session.refused = True

        server.on["LITERAL"] = refuse
        text = failure(CommandRefused, lambda: keywords.appending.append_email(large))
        assert text == (
            f"Could not append an email of {self.SIZE + 18:,} bytes to folder 'INBOX' of qa on "
            f"127.0.0.1 port {server.port}: NO [TOOBIG] Not so large."
        )


class TestInTheMiddle:
    """What a server says while it is sent an email."""

    RAW = message("Large", "0123456789abcde\r\n" * MEBIBYTE)

    @staticmethod
    def saying(line: str, end: Callable[[Session], object]) -> Handler:
        def interrupt(session: Session, tag: str, arguments: str) -> None:
            session.send("+ go on")
            session._stream.read(MEBIBYTE)
            session.send(line.replace("TAG", tag))
            end(session)
            raise OSError

        return interrupt

    @staticmethod
    def hang(session: Session) -> None:
        """Read nothing more, but keep the connection."""
        time.sleep(1.0)

    @staticmethod
    def hang_up(session: Session) -> None:
        session.socket.shutdown(socket.SHUT_WR)
        time.sleep(0.2)
        session.close()

    @pytest.mark.parametrize("end", ["hang", "hang_up"])
    def test_a_refusal(self, server: ScriptedServer, keywords: Keywords, end: str) -> None:
        server.on["LITERAL"] = self.saying("TAG NO [LIMIT] Message too big", getattr(self, end))
        begin = time.monotonic()
        text = failure(CommandRefused, lambda: keywords.appending.append_email(self.RAW))
        assert time.monotonic() - begin < 1.0
        assert text == (
            f"Could not append an email of {len(self.RAW):,} bytes to folder 'INBOX' of qa on "
            f"127.0.0.1 port {server.port}: NO [LIMIT] Message too big."
        )
        assert len(server.sessions) == 1
        del server.on["LITERAL"]
        assert keywords.appending.append_email(RAW).uid == 2  # over another connection

    @pytest.mark.parametrize("end", ["hang", "hang_up"])
    def test_a_farewell(self, server: ScriptedServer, keywords: Keywords, end: str) -> None:
        server.on["LITERAL"] = self.saying("* BYE Too busy", getattr(self, end))
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(self.RAW))
        assert text == (
            f"The connection of qa on 127.0.0.1 port {server.port} ended in APPEND: The server "
            "said: Too busy. It is not known how much was done before that: look before trying "
            "again."
        )

    def test_what_is_no_answer(self, server: ScriptedServer, keywords: Keywords) -> None:
        def chat(session: Session, tag: str, arguments: str) -> None:
            session.send("+ go on", "* OK Still here", "* 2 EXISTS", "* OK")

        server.on["LITERAL"] = chat
        keywords.appending.append_email(self.RAW)
        assert stored(server) == [self.RAW]

    def test_consent_before_it_has_the_email(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.on["LITERAL"] = self.saying("TAG OK Thanks", self.hang)
        text = failure(OutcomeUnknown, lambda: keywords.appending.append_email(self.RAW))
        assert "ended in APPEND: The server said: the server ended APPEND before it had" in text


class TestRefused:
    def test_no_room(self, server: ScriptedServer, keywords: Keywords) -> None:
        server.on["APPEND"] = say("TAG NO [OVERQUOTA] Full")
        text = failure(QuotaExceeded, lambda: keywords.appending.append_email(RAW))
        assert text == (
            f"Could not append an email of {len(RAW)} bytes to folder 'INBOX' of qa on 127.0.0.1 "
            f"port {server.port}: NO [OVERQUOTA] Full. There is no room left for it: delete "
            "emails first."
        )

    def test_no_such_folder(self, server: ScriptedServer, keywords: Keywords) -> None:
        text = failure(
            FolderNotFound, lambda: keywords.appending.append_email(RAW, folder="Archvie")
        )
        assert text.endswith("Near it: Archive.")
        assert appends(server) == []

    def test_a_flag_that_is_none(self, server: ScriptedServer, keywords: Keywords) -> None:
        for flags in ("a)b", "Seen) {3}", "a\r\nZZ1 NOOP"):
            failure(
                InvalidArgument,
                lambda flags=flags: keywords.appending.append_email(RAW, flags=flags),  # type: ignore[misc]
            )
        assert server.lines == []

    @pytest.mark.parametrize("access", ["READ-WRITE", "READ-ONLY"])
    def test_a_flag_that_the_server_would_not_keep(
        self, server: ScriptedServer, access: str
    ) -> None:
        """It says so of the folder that is open, and not if that is for reading only."""
        server.on["SELECT"] = say(
            "* 1 EXISTS",
            "* OK [UIDVALIDITY 7] valid",
            "* OK [PERMANENTFLAGS (\\Seen)] kept",
            f"TAG OK [{access}] done",
        )
        with opened(server) as keywords:
            append = keywords.appending.append_email
            append(RAW, folder="Archive", flags="$Mine")
            append(RAW, flags="Seen")
            if access == "READ-ONLY":
                append(RAW, flags="$Mine")
                return
            text = failure(InvalidArgument, lambda: append(RAW, flags="Seen $Mine"))
        assert text == (
            "The server does not keep the flag $Mine in folder 'INBOX' of qa on 127.0.0.1. It "
            "keeps \\Seen."
        )
        assert len(appends(server)) == 2

    def test_nothing_and_both(self, keywords: Keywords) -> None:
        assert failure(InvalidArgument, keywords.appending.append_email) == (
            "There is no email to append. Give one, the path of one, or what it is to be made of, "
            "such as subject= and text=."
        )
        text = failure(
            InvalidArgument, lambda: keywords.appending.append_email(RAW, text="x", to="y")
        )
        assert text == (
            "The argument to can't be given together with an email, which is stored as it is."
        )

    def test_a_part_of_an_email_whose_rest_is_out_of_reach(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        email = keywords.finding.find_emails()[0]
        part = email.with_raw(email.fetched, Email(b"", size=1).extent)
        assert not part.complete
        appended = keywords.appending.append_email(part)
        assert appended.raw == server.emails[0].raw
        keywords.folders.select_folder("Archive")
        text = failure(IncompleteEmail, lambda: keywords.appending.append_email(part))
        assert text == (
            "Only a part of the email was fetched. The rest is in folder 'INBOX' of qa on "
            "127.0.0.1: open that folder first."
        )
