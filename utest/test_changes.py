"""Changing flags and deleting: how many commands they take, and what servers can't do or must not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from changes import BARE, WITH_MOVE, Keywords, failure, lose_answer, lose_command, opened, say
from scripted import ScriptedServer, Session, message

from ImapLibrary.arguments import to_operator
from ImapLibrary.errors import (
    CommandRefused,
    EmailNotFound,
    ExpungeUnsafe,
    InvalidArgument,
    MarkMismatch,
    NotAsExpected,
    ReadOnly,
)
from ImapLibrary.mail.message import Email

WHERE = "folder 'INBOX' of qa on 127.0.0.1"
MANY = 5000


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    emails = [message(f"Number {n}", message_id=f"<{n}@example.com>") for n in range(1, 6)]
    with ScriptedServer(*emails) as running:
        running.has_archive = True
        yield running


@pytest.fixture
def keywords(server: ScriptedServer) -> Iterator[Keywords]:
    with opened(server) as provided:
        yield provided


def flags(server: ScriptedServer) -> list[str]:
    """Return the flags of each email, in a few letters."""
    return ["".join(sorted(flag.strip("\\")[:2] for flag in each.flags)) for each in server.emails]


def uids(server: ScriptedServer) -> list[int]:
    return [each.uid for each in server.emails]


def changing(server: ScriptedServer) -> list[str]:
    """Return the commands that were sent, but those that only look."""
    looking = ("NOOP", "UID SEARCH", "UID FETCH", "FETCH", "LIST", "STATUS", "CAPABILITY")
    looking += ("EXAMINE", "SELECT")
    return [line for line in server.lines if not line.startswith(looking)]


class TestFlags:
    def test_are_checked_as_people_write_them(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.emails[0].flags.update({"\\Seen", "$Mine"})
        get = keywords.checking.get_email_flags
        assert get(1, to_operator("contains"), "seen $MINE") == ["$Mine", "\\Seen"]  # type: ignore[call-arg]
        assert get(1, to_operator("=="), ["Seen", "$mine"]) == ["$Mine", "\\Seen"]  # type: ignore[call-arg]
        for operator, expected in (("not contains", "Seen"), ("!=", "$Mine Seen")):
            with pytest.raises(NotAsExpected):
                get(1, to_operator(operator), expected)  # type: ignore[call-arg]

    def test_none_are_expected(self, server: ScriptedServer, keywords: Keywords) -> None:
        get = keywords.checking.get_email_flags
        for none in ("", " ", []):
            assert get(1, to_operator("=="), none) == []  # type: ignore[call-arg]
        server.emails[0].flags.add("\\Seen")
        assert get(1, to_operator("!="), "") == ["\\Seen"]  # type: ignore[call-arg]
        text = failure(NotAsExpected, lambda: get(1, to_operator("=="), ""))  # type: ignore[call-arg]
        assert text == "The flags should be none (list), but found '\\\\Seen' (list)."

    def test_one_command_for_any_number(self, server: ScriptedServer, keywords: Keywords) -> None:
        keywords.changing.mark_email_as_read([1, 2, 3, 5])
        assert changing(server) == ["UID STORE 1:3,5 +FLAGS.SILENT (\\Seen)"]
        assert flags(server) == ["Se", "Se", "Se", "", "Se"]

    def test_emails_in_hand_are_not_fetched_again(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        emails = keywords.finding.find_emails(subject="Number")
        server.lines.clear()
        read = keywords.changing.mark_email_as_read(emails)
        assert server.lines == ["NOOP", "UID STORE 1:5 +FLAGS.SILENT (\\Seen)"]
        assert isinstance(read, list)
        assert [email.subject for email in read] == [email.subject for email in emails]
        assert all(email.seen for email in read)

    def test_once_one_has_gone_the_server_is_asked_which_are_there(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        def tell_of_second(session: Session, tag: str, arguments: str) -> None:
            session.send("* 2 EXPUNGE", f"{tag} OK done")

        emails = keywords.finding.find_emails(subject="Number")
        del server.emails[1]
        server.on["NOOP"] = tell_of_second
        server.lines.clear()
        text = failure(EmailNotFound, lambda: keywords.changing.mark_email_as_read(emails))
        assert text.startswith(f"There is no email with UID 2 in {WHERE}. ")
        assert server.lines == ["NOOP", "UID SEARCH UID 1:5", "UID SEARCH UID 1:5"]

    def test_several_changes(self, server: ScriptedServer, keywords: Keywords) -> None:
        changed = keywords.changing.set_email_flags(2, add="Seen $Mine", remove=["Draft"])
        assert isinstance(changed, Email)
        assert changed.flags == {"\\Seen", "$Mine"}
        assert changing(server) == [
            "UID STORE 2 -FLAGS.SILENT (\\Draft)",
            "UID STORE 2 +FLAGS.SILENT (\\Seen $Mine)",
        ]
        keywords.changing.set_email_flags(2, flags="")
        assert changing(server)[-1] == "UID STORE 2 FLAGS.SILENT ()"
        assert flags(server)[1] == ""

    def test_an_argument_that_is_misspelt(self, server: ScriptedServer, keywords: Keywords) -> None:
        text = failure(
            InvalidArgument,
            lambda: keywords.changing.set_email_flags(2, flag="Seen"),  # type: ignore[call-arg]
        )
        assert text.startswith("`Set Email Flags` has no argument 'flag'. Did you mean 'flags'? ")
        assert changing(server) == []

    def test_none_to_add_or_to_take_away(self, server: ScriptedServer, keywords: Keywords) -> None:
        for name in ("add", "remove"):
            for none in ("", " ", ",", []):
                text = failure(
                    InvalidArgument,
                    lambda name=name, none=none: keywords.changing.set_email_flags(  # type: ignore[misc]
                        2, **{"add": "Seen", "remove": "Draft", name: none}
                    ),
                )
                assert text.startswith(f"The argument {name} is missing or empty. ")
        assert changing(server) == []

    def test_the_log_says_which(self, keywords: Keywords, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        keywords.changing.flag_email([1, 3])
        keywords.changing.mark_email_as_unread(subject="nothing like it")
        keywords.changing.set_email_flags(2, add="Seen", remove="$Mine")
        keywords.changing.set_email_flags(2, flags="")
        messages = [record.getMessage() for record in caplog.records]
        told = [
            f"\n  UID {uid}: 'Number {uid}' from noreply@shop.example, received 2026-11-24 12:00:00 "
            "+0000"
            for uid in (1, 2, 3)
        ]
        assert messages == [
            f"Flagged 2 emails:{told[2]}{told[0]}",
            "Marked 0 emails as unread.",
            f"Changed the flags of 1 email (-$Mine, +\\Seen):{told[1]}",
            f"Changed the flags of 1 email (all taken away):{told[1]}",
        ]

    def test_missing_emails_are_named_and_nothing_is_changed(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        text = failure(EmailNotFound, lambda: keywords.changing.flag_email([1, 7, 8, 12]))
        assert text == (
            f"There is no email with UID 7:8,12 in {WHERE}. They may have been deleted or moved, "
            "or the UID may be of another folder."
        )
        assert changing(server) == []

    @pytest.mark.parametrize(
        ("permanent", "flag", "kept"),
        [
            ("\\Seen \\Deleted", "$Mine", "\\Seen \\Deleted"),
            ("\\Seen \\*", "\\Flagged", "\\Seen \\*"),
            ("", "\\Seen", "none"),
        ],
    )
    def test_what_the_server_would_not_keep(
        self, server: ScriptedServer, permanent: str, flag: str, kept: str
    ) -> None:
        server.on["SELECT"] = say(
            "* 5 EXISTS", f"* OK [PERMANENTFLAGS ({permanent})] kept", "TAG OK [READ-WRITE] done"
        )
        with opened(server) as keywords:
            text = failure(InvalidArgument, lambda: keywords.changing.set_email_flags(1, add=flag))
            keywords.changing.set_email_flags(1, remove=flag)
        assert text == f"The server does not keep the flag {flag} in {WHERE}. It keeps {kept}."

    @pytest.mark.parametrize("flag", ["$Mine", "\\seen"])
    def test_what_it_keeps(self, server: ScriptedServer, flag: str) -> None:
        server.on["SELECT"] = say(
            "* 5 EXISTS", "* OK [PERMANENTFLAGS (\\SEEN \\*)] kept", "TAG OK [READ-WRITE] done"
        )
        with opened(server) as keywords:
            keywords.changing.set_email_flags(1, add=flag)

    def test_an_answer_that_is_lost(self, server: ScriptedServer, keywords: Keywords) -> None:
        lose_answer(server, "STORE")
        keywords.changing.flag_email([1, 2])
        assert flags(server) == ["Fl", "Fl", "", "", ""]
        assert server.count("UID STORE") == 2

    def test_what_a_lost_change_has_altered_is_still_what_is_meant(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.emails[1].flags.add("\\Flagged")
        lose_answer(server, "STORE")
        (changed,) = keywords.changing.set_email_flags(
            status="FLAGGED", remove="Flagged", add="Seen"
        )
        assert changed.flags == {"\\Seen"}
        assert flags(server) == ["", "Se", "", "", ""]

    def test_uids_that_have_lost_their_meaning(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        def renew(session: Session, tag: str, arguments: str) -> None:
            server.uidvalidity += 1
            session.close()

        server.on["STORE"] = renew
        text = failure(MarkMismatch, lambda: keywords.changing.flag_email(1))
        assert text.startswith(f"The UIDs of {WHERE} have lost their meaning: ")
        assert server.count("UID STORE") == 1

    def test_a_refusal(self, server: ScriptedServer, keywords: Keywords) -> None:
        server.on["STORE"] = say("TAG NO [LIMIT] Too much")
        text = failure(CommandRefused, lambda: keywords.changing.flag_email(1))
        assert text == f"The server refused STORE for {WHERE}: NO [LIMIT] Too much."

    def test_a_refusal_of_the_second_change(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        def store(session: Session, tag: str, arguments: str) -> None:
            if "+FLAGS" in arguments:
                session.send(f"{tag} NO [LIMIT] Too many keywords")
            else:
                session.default("STORE", tag, arguments)

        server.emails[0].flags.add("\\Flagged")
        server.on["STORE"] = store
        text = failure(
            CommandRefused,
            lambda: keywords.changing.set_email_flags([1, 2], add="X", remove="Flagged"),
        )
        assert text == (
            f"The server refused STORE for {WHERE}: NO [LIMIT] Too many keywords. Before that, 2 "
            "emails were changed (-\\Flagged): UID 1:2."
        )
        assert flags(server)[0] == ""

    def test_nothing_is_changed_if_the_second_change_would_not_be_kept(
        self, server: ScriptedServer
    ) -> None:
        server.on["SELECT"] = say(
            "* 5 EXISTS", "* OK [PERMANENTFLAGS (\\Seen)] kept", "TAG OK [READ-WRITE] done"
        )
        with opened(server) as keywords:
            failure(
                InvalidArgument,
                lambda: keywords.changing.set_email_flags(1, add="$Mine", remove="Seen"),
            )
        assert server.count("UID STORE") == 0


class TestMany:
    """5,000 emails: no more commands than fit into lines of 8 KiB."""

    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(*[message()] * MANY) as running:
            yield running

    def test_in_a_row(self, server: ScriptedServer, keywords: Keywords) -> None:
        keywords.changing.flag_email(list(range(1, MANY + 1)))
        keywords.deleting.delete_email(list(range(1, MANY + 1)))
        assert changing(server) == [
            f"UID STORE 1:{MANY} +FLAGS.SILENT (\\Flagged)",
            f"UID STORE 1:{MANY} +FLAGS.SILENT (\\Deleted)",
            f"UID EXPUNGE 1:{MANY}",
        ]
        assert server.emails == []

    def test_with_gaps(self, server: ScriptedServer, keywords: Keywords) -> None:
        keywords.deleting.delete_email(list(range(1, MANY + 1, 2)))
        assert uids(server) == list(range(2, MANY + 1, 2))
        commands = changing(server)
        assert len(commands) == 4
        assert max(map(len, server.lines)) < 8192 - 10  # for the tag and the line end

    @pytest.mark.parametrize(
        ("command", "operation", "done"),
        [
            ("STORE", "flag_email", "changed (+\\Flagged)"),
            ("COPY", "copy_email", "copied"),
            ("MOVE", "move_email", "moved"),
            ("STORE", "delete_email", "changed (+\\Deleted)"),
            ("EXPUNGE", "delete_email", "removed"),
        ],
    )
    def test_with_gaps_and_a_refusal_in_the_middle(
        self, server: ScriptedServer, command: str, operation: str, done: str
    ) -> None:
        """What was done before is told."""

        def refuse(session: Session, tag: str, arguments: str) -> None:
            if arguments.startswith("1,"):
                session.default(command, tag, arguments)
            else:
                session.send(f"{tag} NO Enough.")

        server.capabilities = WITH_MOVE
        server.has_archive = True
        server.on[command] = refuse
        odd = list(range(1, MANY + 1, 2))
        with opened(server) as keywords:
            operations: dict[str, Callable[[], object]] = {
                "flag_email": lambda: keywords.changing.flag_email(odd),
                "copy_email": lambda: keywords.moving.copy_email(odd, "Archive"),
                "move_email": lambda: keywords.moving.move_email(odd, "Archive"),
                "delete_email": lambda: keywords.deleting.delete_email(odd),
            }
            text = failure(CommandRefused, operations[operation])
        first = (
            f"The server refused {command} for {WHERE}: NO Enough. Before that, 1,711 emails were "
        )
        assert text.startswith(f"{first}{done}: UID 1,3,5,7,9,11,")
        last = " Before that, 2,500 emails were flagged as deleted: UID 1,3,5," * (
            done == "removed"
        )
        assert last in text

    def test_all_though_there_are_gaps(self, server: ScriptedServer, keywords: Keywords) -> None:
        with server.changed:
            del server.emails[1::2]
        assert keywords.deleting.delete_all_emails() == MANY // 2
        assert server.lines == [
            "NOOP",
            "UID SEARCH ALL",
            f"UID STORE 1:{MANY - 1} +FLAGS.SILENT (\\Deleted)",
            f"UID EXPUNGE 1:{MANY - 1}",
        ]

    def test_the_log_names_a_few(
        self, keywords: Keywords, caplog: pytest.LogCaptureFixture
    ) -> None:
        emails = keywords.finding.find_emails()
        caplog.clear()
        caplog.set_level(logging.INFO)
        keywords.changing.flag_email(emails)
        lines = caplog.records[-1].getMessage().splitlines()
        assert lines[0] == "Flagged 5000 emails:"
        assert lines[1].startswith("  UID 5000: ")
        assert lines[-1] == "  and 4990 more"
        assert len(lines) == 12


class TestDeleting:
    def test_nothing_but_what_is_meant(self, server: ScriptedServer, keywords: Keywords) -> None:
        server.emails[0].flags.add("\\Deleted")
        deleted = keywords.deleting.delete_email([2, 4, 4])
        assert isinstance(deleted, list)
        assert [email.subject for email in deleted] == ["Number 2", "Number 4"]
        assert uids(server) == [1, 3, 5]
        assert changing(server) == [
            "UID STORE 2,4 +FLAGS.SILENT (\\Deleted)",
            "UID EXPUNGE 2,4",
        ]

    def test_what_is_gone_already(
        self, server: ScriptedServer, keywords: Keywords, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        assert keywords.deleting.delete_email(9) is None
        assert keywords.deleting.delete_email([9]) == []
        assert keywords.deleting.delete_email([]) == []
        assert changing(server) == []
        assert caplog.messages == ["Deleted 0 emails."] * 3

    @pytest.mark.parametrize("lose", [lose_answer, lose_command])
    @pytest.mark.parametrize("command", ["SEARCH", "STORE", "EXPUNGE"])
    def test_a_lost_connection(
        self,
        server: ScriptedServer,
        keywords: Keywords,
        lose: Callable[[ScriptedServer, str], None],
        command: str,
    ) -> None:
        server.emails[0].flags.add("\\Deleted")
        emails = keywords.finding.find_emails(subject="Number 2")
        lose(server, command)
        deleted = keywords.deleting.delete_email(emails)
        assert [str(email) for email in deleted or ()] == ["2"]
        assert uids(server) == [1, 3, 4, 5]

    @pytest.mark.parametrize("command", ["SEARCH", "STORE", "EXPUNGE"])
    def test_a_lost_answer_when_all_are_deleted(
        self, server: ScriptedServer, keywords: Keywords, command: str
    ) -> None:
        lose_answer(server, command)
        assert keywords.deleting.delete_all_emails() == 5
        assert server.emails == []

    def test_no_trash(self, server: ScriptedServer, keywords: Keywords) -> None:
        with pytest.raises(CommandRefused) as caught:
            keywords.deleting.delete_email(1, to_trash=True)
        assert str(caught.value) == (
            f"The server names no folder of qa on 127.0.0.1 port {server.port} as the trash (RFC "
            "6154). Move to a folder that is there with `Move Email`, or delete for good without "
            "to_trash."
        )
        assert changing(server) == []

    @pytest.mark.parametrize("name", ["Trash", "INBOX/Deleted Items", "BIN"])
    def test_a_trash_that_is_called_so(
        self, server: ScriptedServer, keywords: Keywords, name: str
    ) -> None:
        server.folders = ("INBOX", "Wastebin", name)
        with pytest.raises(CommandRefused) as caught:
            keywords.deleting.delete_email(1, to_trash=True)
        assert str(caught.value).endswith(
            f" as the trash (RFC 6154). If it is {name!r}, move there with `Move Email`, or delete "
            "for good without to_trash."
        )
        assert changing(server) == []


class TestWithoutUidplus:
    """A server that can only remove everything that is flagged as deleted."""

    @pytest.fixture
    def server(self) -> Iterator[ScriptedServer]:
        with ScriptedServer(*[message(f"Number {n}") for n in range(1, 6)]) as running:
            running.capabilities = BARE
            yield running

    def test_nothing_else_is_flagged(self, server: ScriptedServer, keywords: Keywords) -> None:
        keywords.deleting.delete_email([2, 4])
        assert uids(server) == [1, 3, 5]
        assert changing(server) == ["UID STORE 2,4 +FLAGS.SILENT (\\Deleted)", "EXPUNGE"]

    def test_what_is_meant_may_be_flagged_already(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.emails[1].flags.add("\\Deleted")
        keywords.deleting.delete_email(2)
        assert uids(server) == [1, 3, 4, 5]

    def test_others_are_flagged(
        self, server: ScriptedServer, keywords: Keywords, caplog: pytest.LogCaptureFixture
    ) -> None:
        for index in (0, 2, 3):
            server.emails[index].flags.add("\\Deleted")
        text = failure(ExpungeUnsafe, lambda: keywords.deleting.delete_email([2, 4]))
        assert text == (
            "The server can't remove single emails (it has no UIDPLUS), and 2 others in "
            f"{WHERE} are flagged as deleted and would go too: UID 1,3. Nothing was removed. "
            "expunge_all=True lets them go."
        )
        assert changing(server) == []
        caplog.set_level(logging.INFO)
        keywords.deleting.delete_email([2, 4], expunge_all=True)
        assert uids(server) == [5]
        assert caplog.messages[-2] == ("Also gone, because they were flagged as deleted: UID 1,3.")

    def test_nothing_to_delete_is_no_danger_to_others(
        self, server: ScriptedServer, keywords: Keywords
    ) -> None:
        server.emails[0].flags.add("\\Deleted")
        assert keywords.deleting.delete_email(9) is None
        assert keywords.deleting.delete_email(9, expunge_all=True) is None
        assert len(server.emails) == 5

    def test_all(self, server: ScriptedServer, keywords: Keywords) -> None:
        server.emails[0].flags.add("\\Deleted")
        assert keywords.deleting.delete_all_emails() == 5
        assert changing(server) == ["UID STORE 1:5 +FLAGS.SILENT (\\Deleted)", "EXPUNGE"]


class TestReadOnly:
    def test_nothing_is_sent(self, server: ScriptedServer) -> None:
        with opened(server, readonly=True) as keywords:
            operations: list[Callable[[], object]] = [
                keywords.changing.mark_all_as_read,
                lambda: keywords.changing.mark_email_as_read(1),
                lambda: keywords.changing.mark_email_as_unread(1),
                lambda: keywords.changing.flag_email(subject="x"),
                lambda: keywords.changing.unflag_email(1),
                lambda: keywords.changing.set_email_flags(1, add="Seen"),
                lambda: keywords.deleting.delete_email(1),
                lambda: keywords.deleting.delete_emails(subject="x"),
                keywords.deleting.delete_all_emails,
                lambda: keywords.moving.move_email(1, "Archive"),
                lambda: keywords.moving.copy_email(1, "Archive"),
                lambda: keywords.appending.append_email(b"Subject: x\r\n\r\n"),
                lambda: keywords.folders.create_folder("New"),
                lambda: keywords.folders.rename_folder("Archive", "New"),
                lambda: keywords.folders.delete_folder("Archive"),
            ]
            for operation in operations:
                assert failure(ReadOnly, operation) == (
                    "The mailbox 'qa' was opened with readonly=True, so that nothing can be "
                    "changed in it. Nothing was sent."
                )
        assert server.lines == ["LOGOUT"]

    def test_it_stays_so(self, server: ScriptedServer) -> None:
        """On a new connection, and in another folder."""
        with opened(server, readonly=True) as keywords:
            lose_command(server, "NOOP")
            assert len(keywords.finding.find_emails()) == 5
            keywords.folders.select_folder("Archive")
        assert server.count("SELECT") == 0
        assert [line for line in server.lines if line.startswith("EXAMINE")] == [
            'EXAMINE "INBOX"',
            'EXAMINE "Archive"',
        ]

    def test_a_folder_that_the_server_opens_so(self, server: ScriptedServer) -> None:
        server.greeting = "* OK Dovecot ready."  # whose word on UIDNEXT is taken
        server.on["SELECT"] = lambda session, tag, arguments: session.do_select(
            tag, arguments, "READ-ONLY"
        )
        with opened(server) as keywords:
            operations: list[Callable[[], object]] = [
                keywords.changing.mark_all_as_read,
                lambda: keywords.changing.flag_email(1),
                lambda: keywords.deleting.delete_email(1),
                keywords.deleting.delete_all_emails,
                lambda: keywords.moving.move_email(1, "Archive"),
            ]
            for operation in operations:
                assert failure(ReadOnly, operation) == (
                    f"The server opened {WHERE} for reading only, so that nothing in it can be "
                    "changed. Nothing was sent."
                )
            keywords.moving.copy_email(1, "Archive")
        assert changing(server) == ['UID COPY 1 "Archive"', "LOGOUT"]
