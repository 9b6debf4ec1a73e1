"""Moving and copying: by whatever the server has, and once, whatever happens to the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from changes import (
    BARE,
    OLD_FIGURES,
    WITH_MOVE,
    WITH_UIDPLUS,
    Keywords,
    failure,
    lose_answer,
    lose_command,
    opened,
    say,
)
from scripted import ScriptedServer, Session, message
from waits import hang

from ImapLibrary.errors import (
    CommandRefused,
    ConnectionLost,
    EmailNotFound,
    ExpungeUnsafe,
    FolderNotFound,
    InvalidArgument,
    MarkMismatch,
    OutcomeUnknown,
    QuotaExceeded,
)
from ImapLibrary.mail.message import Email

WHERE = "folder 'INBOX' of qa on 127.0.0.1"
CHANGES = ("UID COPY", "UID MOVE", "UID STORE", "UID EXPUNGE", "EXPUNGE")


@pytest.fixture(autouse=True)
def no_time_to_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ImapLibrary.mailbox.SETTLE", 0.0)


@pytest.fixture(params=[WITH_MOVE, WITH_UIDPLUS, BARE], ids=["MOVE", "UIDPLUS", "bare"])
def server(request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
    """Emails 1 to 4, of which 2 and 3 look the same, and one in the other folder."""
    subjects = ["One", "Twin", "Twin", "Four"]
    emails = [message(subject, message_id=f"<{subject}@example.com>") for subject in subjects]
    with ScriptedServer(*emails) as running:
        running.capabilities = request.param
        running.has_archive = True
        running.archive(message("There before"))
        yield running


@pytest.fixture
def keywords(server: ScriptedServer) -> Iterator[Keywords]:
    with opened(server) as provided:
        yield provided


def changes(server: ScriptedServer) -> list[str]:
    return [line for line in server.lines if line.startswith(CHANGES)]


def inbox(server: ScriptedServer) -> str:
    return _subjects(server.emails)


def archive(server: ScriptedServer) -> str:
    return _subjects(server.archived)


def _subjects(emails: list[Any]) -> str:
    return ", ".join(Email(each.raw).subject for each in emails)


def told(emails: Email | list[Email]) -> list[str]:
    """Return where emails are said to be."""
    assert isinstance(emails, list)
    return [f"{email.folder} {email.uid} {email.subject}" for email in emails]


def test_the_commands(server: ScriptedServer, keywords: Keywords) -> None:
    moved = keywords.moving.move_email([4, 1], "Archive")
    assert told(moved) == ["Archive 503 Four", "Archive 502 One"]
    assert (
        changes(server)
        == {
            WITH_MOVE: ['UID MOVE 1,4 "Archive"'],
            WITH_UIDPLUS: [
                'UID COPY 1,4 "Archive"',
                "UID STORE 1,4 +FLAGS.SILENT (\\Deleted)",
                "UID EXPUNGE 1,4",
            ],
            BARE: ['UID COPY 1,4 "Archive"', "UID STORE 1,4 +FLAGS.SILENT (\\Deleted)", "EXPUNGE"],
        }[server.capabilities]
    )
    assert inbox(server) == "Twin, Twin"
    assert archive(server) == "There before, One, Four"


def test_copying(server: ScriptedServer, keywords: Keywords) -> None:
    copy = keywords.moving.copy_email(2, "Archive")
    assert told([copy]) == ["Archive 502 Twin"]  # type: ignore[list-item]
    assert changes(server) == ['UID COPY 2 "Archive"']
    assert inbox(server) == "One, Twin, Twin, Four"


@pytest.mark.parametrize("move", [True, False], ids=["moving", "copying"])
def test_a_server_that_does_not_say_where(
    server: ScriptedServer, keywords: Keywords, move: bool
) -> None:
    server.uid_codes = False
    transfer = keywords.moving.move_email if move else keywords.moving.copy_email
    there = transfer([4, 3, 2, 1], "Archive")
    assert [email.split(" ", 2)[2] for email in told(there)] == ["Four", "Twin", "Twin", "One"]
    found = {email.uid for email in there}  # type: ignore[union-attr]
    assert found == {502, 503, 504, 505}
    assert server.sessions[0].folder == "INBOX"  # is open again


@pytest.mark.parametrize("codes", [True, False], ids=["told where", "not told where"])
@pytest.mark.parametrize("move", [True, False], ids=["moving", "copying"])
@pytest.mark.parametrize("lose", [lose_answer, lose_command])
@pytest.mark.parametrize(
    "command", ["SEARCH", "STATUS", "MOVE", "COPY", "STORE", "EXPUNGE", "EXAMINE"]
)
def test_a_lost_connection(
    server: ScriptedServer,
    keywords: Keywords,
    command: str,
    lose: Callable[[ScriptedServer, str], None],
    move: bool,
    codes: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Wherever the connection ends, each email is there once, and where it is said to be."""
    server.uid_codes = codes
    transfer = keywords.moving.move_email if move else keywords.moving.copy_email
    lose(server, command)
    there = transfer([1, 2, 4], "Archive")
    assert archive(server) == "There before, One, Twin, Four"
    assert inbox(server) == ("Twin" if move else "One, Twin, Twin, Four")
    assert told(there) == ["Archive 502 One", "Archive 503 Twin", "Archive 504 Four"]
    assert not [text for text in caplog.messages if "UIDVALIDITY" in text]


@pytest.mark.parametrize("server", [WITH_MOVE], indirect=True)
def test_one_of_two_that_look_the_same_is_not_taken_for_the_other(
    keywords: Keywords, server: ScriptedServer
) -> None:
    """The server had moved the second one only when the connection ended."""

    def half(session: Session, tag: str, arguments: str) -> None:
        del server.on["MOVE"]
        session.mute = True
        session.do_move(tag, '3 "Archive"')
        session.close()

    server.on["MOVE"] = half
    there = keywords.moving.move_email([2, 3], "Archive")
    assert changes(server) == ['UID MOVE 2:3 "Archive"', 'UID MOVE 2 "Archive"']
    assert inbox(server) == "One, Four"
    assert told(there) == ["Archive 503 Twin", "Archive 502 Twin"]


class TestWithoutMessageId:
    """The headers of two emails can be the same, and their bodies not: the codes of two tests."""

    DATE = "Tue, 24 Mar 2026 10:00:00 +0000"

    def code(self, digits: str) -> bytes:
        return message("Your code", f"It is {digits}.", date=self.DATE)

    @pytest.fixture(params=[WITH_MOVE, WITH_UIDPLUS, BARE], ids=["MOVE", "UIDPLUS", "bare"])
    def server(self, request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
        with ScriptedServer(self.code("1111"), self.code("2222")) as running:
            running.capabilities = request.param
            running.has_archive = True
            running.uid_codes = False
            yield running

    @staticmethod
    def codes(emails: list[Any]) -> list[str]:
        return [Email(each.raw).text.split()[-1].rstrip(".") for each in emails]

    @pytest.mark.parametrize("others", ["2222", "22222"], ids=["same size", "other size"])
    @pytest.mark.parametrize("move", [True, False], ids=["moving", "copying"])
    def test_an_email_that_looks_the_same_is_not_taken_for_the_copy(
        self, server: ScriptedServer, keywords: Keywords, move: bool, others: str
    ) -> None:
        """Or the original would be removed, and be nowhere."""
        command = "MOVE" if move and server.capabilities == WITH_MOVE else "COPY"

        def lose(session: Session, tag: str, arguments: str) -> None:
            del server.on[command]
            server.archive(self.code(others))
            session.close()

        server.on[command] = lose
        transfer = keywords.moving.move_email if move else keywords.moving.copy_email
        there = transfer("1", "Archive")
        assert self.codes(server.archived) == [others, "1111"]
        assert self.codes(server.emails) == (["2222"] if move else ["1111", "2222"])
        assert told([there]) == ["Archive 502 Your code"]  # type: ignore[list-item]

    @pytest.mark.parametrize("move", [True, False], ids=["moving", "copying"])
    @pytest.mark.parametrize("found", [True, False], ids=["whole in hand", "headers in hand"])
    def test_each_gets_its_own_uid(
        self, server: ScriptedServer, keywords: Keywords, move: bool, found: bool
    ) -> None:
        """Servers copy in the order of UIDs, whatever the order that was asked for."""
        emails = keywords.finding.find_emails(subject="code") if found else ["2", "1"]
        transfer = keywords.moving.move_email if move else keywords.moving.copy_email
        there = transfer(emails, "Archive")  # type: ignore[arg-type]
        assert told(there) == ["Archive 502 Your code", "Archive 501 Your code"]
        assert self.codes(server.archived) == ["1111", "2222"]

    def test_several_that_are_the_same(self, server: ScriptedServer, keywords: Keywords) -> None:
        """One may be of a test that copied the same email; nothing is removed on a guess."""
        command = "MOVE" if server.capabilities == WITH_MOVE else "COPY"

        def lose(session: Session, tag: str, arguments: str) -> None:
            server.archive(self.code("1111"))
            server.archive(self.code("1111"))
            session.close()

        server.on[command] = lose
        text = failure(OutcomeUnknown, lambda: keywords.moving.move_email("1", "Archive"))
        assert text == (
            "It can't be told which email of folder 'Archive' of qa on 127.0.0.1 is the one that was "
            "to get there, or whether it is there yet: UID 501:502 looks the same. Something else "
            "may have put the same email there at that time. Look before trying again."
        )
        assert self.codes(server.emails) == ["1111", "2222"]

    def test_an_email_that_was_moved_before_the_connection_was_lost(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        """Nobody has its body any more: its headers and its size must do."""
        if server.capabilities != WITH_MOVE:
            pytest.skip("only MOVE takes it away at once")

        def lose(session: Session, tag: str, arguments: str) -> None:
            del server.on["MOVE"]
            server.archive(self.code("22222"))
            session.mute = True
            session.do_move(tag, arguments)
            session.close()

        server.on["MOVE"] = lose
        there = keywords.moving.move_email("1", "Archive")
        assert told([there]) == ["Archive 502 Your code"]  # type: ignore[list-item]


def test_another_version_of_an_email_is_not_taken_for_its_copy(
    server: ScriptedServer, keywords: Keywords
) -> None:
    """Such as what a mailing list made of it."""
    command = "MOVE" if server.capabilities == WITH_MOVE else "COPY"

    def lose(session: Session, tag: str, arguments: str) -> None:
        server.archive(message("One", "Some text. With a footer.", message_id="<One@example.com>"))
        session.close()

    server.on[command] = lose
    text = failure(OutcomeUnknown, lambda: keywords.moving.move_email(1, "Archive"))
    assert "or whether it is there yet: UID 502 looks the same." in text
    assert inbox(server) == "One, Twin, Twin, Four"


def test_lost_for_good(server: ScriptedServer) -> None:
    def leave(session: Session, tag: str, arguments: str) -> None:
        server.on["LOGIN"] = lambda session, tag, arguments: session.bye("Closed for today")
        session.close()

    server.on["MOVE" if server.capabilities == WITH_MOVE else "COPY"] = leave
    with opened(server, timeout=2.0) as keywords:
        text = failure(OutcomeUnknown, lambda: keywords.moving.move_email(1, "Archive"))
    assert text == (
        f"The connection of qa on 127.0.0.1 port {server.port} ended in LOGIN: The server said: "
        "Closed for today. It is not known how much was done before that: look before trying "
        "again."
    )


@pytest.mark.parametrize("told", OLD_FIGURES)
def test_one_that_was_there_before_is_not_taken_for_the_copy(
    server: ScriptedServer, keywords: Keywords, told: str
) -> None:
    """Or the only copy would be removed."""
    server.archive(message("One", message_id="<One@example.com>"))
    server.on["STATUS"] = say(f'* STATUS "Archive" ({told})', "TAG OK done")
    lose_command(server, "MOVE" if server.capabilities == WITH_MOVE else "COPY")
    moved = keywords.moving.move_email(1, "Archive")
    assert archive(server) == "There before, One, One"
    assert inbox(server) == "Twin, Twin, Four"
    assert moved.uid == 503  # type: ignore[union-attr]


@pytest.mark.parametrize("folder", ["INBOX", "Archive"])
def test_uids_that_changed_with_the_connection(
    server: ScriptedServer, keywords: Keywords, folder: str
) -> None:
    def renumber(session: Session, tag: str, arguments: str) -> None:
        if folder == "INBOX":
            server.uidvalidity = 9
        else:
            server.archive_uidvalidity = 9
        session.default("LOGIN", tag, arguments)

    lose_command(server, "MOVE" if server.capabilities == WITH_MOVE else "COPY")
    server.on["LOGIN"] = renumber
    text = failure(OutcomeUnknown, lambda: keywords.moving.move_email(1, "Archive"))
    assert (
        text
        == {
            "INBOX": (
                f"The UIDs of {WHERE} have lost their meaning: its UIDVALIDITY was 7 and is now 9, as "
                "after the folder was made anew. Take a new mark, or find the email again. It is not "
                "known how much was done before that: look before trying again."
            ),
            "Archive": (
                "The UIDs of folder 'Archive' of qa on 127.0.0.1 have lost their meaning (its "
                "UIDVALIDITY was 8 and is now 9), so that it can't be told which emails got there. It "
                "is not known how much was done before that: look before trying again."
            ),
        }[folder]
    )
    assert len(changes(server)) == 1
    assert inbox(server) == "One, Twin, Twin, Four"


def test_uids_that_change_while_the_other_folder_is_looked_at(
    server: ScriptedServer, keywords: Keywords
) -> None:
    def renumber(session: Session, tag: str, arguments: str) -> None:
        server.uidvalidity = 9
        session.default("EXAMINE", tag, arguments)

    server.on["EXAMINE"] = renumber
    text = failure(MarkMismatch, lambda: keywords.moving.move_email(1, "Archive"))
    assert f"The UIDs of {WHERE} have lost their meaning: its UIDVALIDITY was 7 and" in text
    assert changes(server) == []


def test_lost_before_anything_was_done(server: ScriptedServer, keywords: Keywords) -> None:
    """Nothing needs to be found out, so it is simply done again."""
    lose_command(server, "STATUS")
    keywords.moving.move_email(1, "Archive")
    assert server.count("EXAMINE") == 1  # to know what is there before
    assert archive(server) == "There before, One"


def test_no_answer_before_anything_was_done(server: ScriptedServer) -> None:
    server.on["STATUS"] = hang
    with opened(server, timeout=1.0) as keywords:
        text = failure(ConnectionLost, lambda: keywords.moving.move_email(1, "Archive"))
    assert text.endswith(f"This was STATUS for qa on 127.0.0.1 port {server.port}.")
    assert changes(server) == []


def test_other_uids_after_it_was_done(server: ScriptedServer, keywords: Keywords) -> None:
    def leave(session: Session, tag: str, arguments: str) -> None:
        session.mute = True
        session.default(command, tag, arguments)
        server.uidvalidity = 9
        session.close()

    command = "MOVE" if server.capabilities == WITH_MOVE else "COPY"
    server.on[command] = leave
    text = failure(OutcomeUnknown, lambda: keywords.moving.move_email(1, "Archive"))
    assert text.startswith("The UIDs of folder 'INBOX' of qa on 127.0.0.1 have lost their meaning")
    assert text.endswith(
        " It is not known how much was done before that: look before trying again."
    )


def test_no_such_folder(server: ScriptedServer, keywords: Keywords) -> None:
    text = failure(FolderNotFound, lambda: keywords.moving.move_email(1, "Archvie"))
    assert text == (
        f"Could not look into folder 'Archvie' of qa on 127.0.0.1 port {server.port}: NO "
        "[NONEXISTENT] No such folder. Near it: Archive."
    )
    assert changes(server) == []


def test_into_the_same_folder(server: ScriptedServer, keywords: Keywords) -> None:
    text = failure(InvalidArgument, lambda: keywords.moving.move_email(1, "INBOX"))
    assert text == "The emails are in folder 'INBOX' already, so they can't be moved there."
    assert changes(server) == []


def test_no_such_folder_for_no_emails(server: ScriptedServer, keywords: Keywords) -> None:
    """A name that is misspelt shows at once, and not when an email is there."""
    for keyword in (keywords.moving.move_email, keywords.moving.copy_email):
        for chosen in ({"emails": []}, {"subject": "nothing like it"}):
            text = failure(FolderNotFound, lambda k=keyword, c=chosen: k(folder="Archvie", **c))
            assert text.endswith("Near it: Archive.")
            assert keyword(folder="Archive", **chosen) == []
    assert changes(server) == []


def test_no_room(server: ScriptedServer, keywords: Keywords) -> None:
    server.on["COPY"] = say("TAG NO [OVERQUOTA] Full")
    text = failure(QuotaExceeded, lambda: keywords.moving.copy_email(1, "Archive"))
    assert text == (
        f"The server refused COPY for {WHERE}: NO [OVERQUOTA] Full. There is no room left for it: "
        "delete emails first."
    )


def test_others_that_are_flagged_as_deleted(server: ScriptedServer, keywords: Keywords) -> None:
    server.emails[3].flags.add("\\Deleted")
    if server.capabilities == BARE:
        text = failure(ExpungeUnsafe, lambda: keywords.moving.move_email(1, "Archive"))
        assert f"1 other in {WHERE} is flagged as deleted and would go too: UID 4." in text
        assert changes(server) == []
        keywords.moving.move_email(1, "Archive", expunge_all=True)
        assert inbox(server) == "Twin, Twin"
    else:
        keywords.moving.move_email(1, "Archive")
        assert inbox(server) == "Twin, Twin, Four"
    assert archive(server) == "There before, One"


@pytest.mark.parametrize("server", [BARE], indirect=True)
def test_others_that_are_flagged_as_deleted_after_the_copy(
    server: ScriptedServer, keywords: Keywords
) -> None:
    def copy(session: Session, tag: str, arguments: str) -> None:
        session.default("COPY", tag, arguments)
        server.emails[3].flags.add("\\Deleted")

    server.on["COPY"] = copy
    server.uid_codes = False
    text = failure(ExpungeUnsafe, lambda: keywords.moving.move_email([1, 2], "Archive"))
    assert text.endswith(
        " and would go too: UID 4. Nothing was removed. expunge_all=True lets them go. Before that, "
        "2 emails were copied to folder 'Archive' of qa on 127.0.0.1, where the copies stay: UID "
        "502:503."
    )
    assert inbox(server) == "One, Twin, Twin, Four"


def test_a_removal_that_is_refused_after_the_copy(
    server: ScriptedServer, keywords: Keywords
) -> None:
    if server.capabilities == WITH_MOVE:
        pytest.skip("MOVE does both at once")
    server.on["STORE"] = say("TAG NO Not today.")
    text = failure(CommandRefused, lambda: keywords.moving.move_email(4, "Archive"))
    assert text == (
        f"The server refused STORE for {WHERE}: NO Not today. Before that, 1 email was copied to "
        "folder 'Archive' of qa on 127.0.0.1, where the copies stay: UID 502."
    )


@pytest.mark.parametrize("server", [WITH_MOVE], indirect=True)
def test_what_a_server_says_to_have_moved_and_has_not(
    server: ScriptedServer, keywords: Keywords
) -> None:
    """It is not removed, whatever happens to the connection."""

    def lose(session: Session, tag: str, arguments: str) -> None:
        server.on["MOVE"] = say("TAG OK done")
        session.close()

    server.on["MOVE"] = lose
    failure(EmailNotFound, lambda: keywords.moving.move_email(1, "Archive"))
    assert inbox(server) == "One, Twin, Twin, Four"


def test_what_vanishes_at_once(server: ScriptedServer, keywords: Keywords) -> None:
    server.uid_codes = False
    command = "MOVE" if server.capabilities == WITH_MOVE else "COPY"

    def swallow(session: Session, tag: str, arguments: str) -> None:
        session.default(command, tag, arguments)
        del server.archived[1:]

    server.on[command] = swallow
    text = failure(EmailNotFound, lambda: keywords.moving.move_email([1, 4], "Archive"))
    done, rest = ("Moved", "") if command == "MOVE" else ("Copied", " What was to be moved stays.")
    assert text == (
        f"{done} to folder 'Archive' of qa on 127.0.0.1, but not to be found there: what had UID "
        f"1,4. Something may have moved or deleted it there.{rest}"
    )
    assert inbox(server) == ("Twin, Twin" if command == "MOVE" else "One, Twin, Twin, Four")


def test_a_code_that_says_nothing(server: ScriptedServer, keywords: Keywords) -> None:
    """GreenMail's when it copied nothing, and worse."""
    codes = ["COPYUID 8  ", "COPYUID 8 1 502:503", "COPYUID", "COPYUID 8 a b"]
    codes += ["COPYUID 8 1:2 502:503", "COPYUID 8 1:4294967295 1:4294967295"]
    for code in codes:

        def copy(session: Session, tag: str, arguments: str, code: str = code) -> None:
            server.archive(message("One", message_id="<One@example.com>"))
            session.send(f"{tag} OK [{code}] done")

        server.on["COPY"] = copy
        there = keywords.moving.copy_email([1], "Archive")
        assert told(there) == [f"Archive {500 + len(server.archived)} One"]
