"""The folders of an account: whatever the server has between levels, and whatever it can't do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from changes import account, failure, opened, say
from scripted import ScriptedServer, Session, message
from waits import hang

from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionLost,
    FolderNotFound,
    InvalidArgument,
    OutcomeUnknown,
)
from ImapLibrary.imap.connection import Connection
from ImapLibrary.imap.folders import Folders
from ImapLibrary.imap.listing import Folder


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(message("First"), message("Second")) as running:
        running.has_archive = True
        yield running


@contextmanager
def folders_of(server: ScriptedServer) -> Iterator[Folders]:
    """Provide the folders, and forget what was sent until then."""
    chosen = account(server)
    with closing(Connection(chosen, Deadline(chosen.timeout))) as connection:
        connection.select("INBOX")
        server.lines.clear()
        yield connection.folders


class TestDelimiter:
    def test_is_asked_once_if_it_can_matter(self, server: ScriptedServer) -> None:
        server.on["LIST"] = say('* LIST (\\Noselect) "." ""', "TAG OK done")
        server.on["CREATE"] = say("TAG OK done")
        with folders_of(server) as folders:
            folders.create("Plain")
            folders.create("Archive/2026")
            folders.create("Archive/2027")
        assert server.lines == [
            'CREATE "Plain"',
            'LIST "" ""',
            'CREATE "Archive.2026"',
            'CREATE "Archive.2027"',
        ]

    @pytest.mark.parametrize(
        ("root", "wire"),
        [
            ('* LIST (\\Noselect) "\\\\" ""', '"A\\\\B"'),
            ("* LIST (\\Noselect) NIL INBOX", '"A/B"'),
            ("* OK nothing to list", '"A/B"'),
        ],
    )
    def test_may_be_anything(self, server: ScriptedServer, root: str, wire: str) -> None:
        server.on["LIST"] = say(root, "TAG OK done")
        with folders_of(server) as folders:
            assert folders.wire("A/B").decode() == wire

    def test_the_folder_that_is_open_has_its_listed_name(self, server: ScriptedServer) -> None:
        server.on["LIST"] = say('* LIST (\\Noselect) "." ""', "TAG OK done")
        server.folders = ("INBOX", "INBOX.Sent")
        chosen = account(server)
        for name in ("INBOX.Sent", "INBOX/Sent"):
            with closing(Connection(chosen, Deadline(chosen.timeout))) as connection:
                connection.select(name)
                assert connection.location.folder == "INBOX/Sent"
                connection.select("INBOX")
                assert connection.location.folder == "INBOX"


class TestListing:
    def test_counts_in_one_command(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 LIST-EXTENDED LIST-STATUS SPECIAL-USE"
        server.on["LIST"] = say(
            '* LIST () "/" INBOX',
            "* STATUS INBOX (MESSAGES 2 UNSEEN 1)",
            '* LIST (\\Noselect) "/" Archive',
            '* LIST (\\Trash) "/" "Gel&APY-scht"',
            '* STATUS "Gel&APY-scht" (MESSAGES 5 UNSEEN 0)',
            "TAG OK done",
        )
        with folders_of(server) as folders:
            assert folders.all(counts=True) == [
                Folder("INBOX", messages=2, unread=1),
                Folder("Archive", selectable=False),
                Folder("Gelöscht", special_use="Trash", messages=5, unread=0),
            ]
        assert 'LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN))' in server.lines

    @pytest.mark.parametrize(
        ("listed", "said"),
        [
            (
                '* LIST (\\Noselect) "/" A',
                "Folder 'A' holds no emails: it only has others below it.",
            ),
            ('* LIST () "/" A', "The server does not tell how many emails folder 'A' has."),
        ],
    )
    def test_a_folder_of_which_there_are_no_counts(
        self, server: ScriptedServer, listed: str, said: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        server.on["LIST"] = say(listed, "TAG OK done")
        server.on["STATUS"] = say("TAG NO [NOPERM] Not for you")
        with opened(server) as keywords:
            assert keywords.folders.get_folder_status("A").messages is None
        assert said in caplog.text

    def test_counts_folder_by_folder(self, server: ScriptedServer) -> None:
        server.emails[0].flags.add("\\Seen")
        with folders_of(server) as folders:
            assert folders.all(counts=True)[:2] == [
                Folder("INBOX", messages=2, unread=1),
                Folder("Archive", messages=0, unread=0),
            ]
        assert server.lines[0] == 'LIST "" "*"'
        assert server.count("STATUS") == len(server.folders)

    def test_a_folder_that_is_kept_secret_is_not_counted(self, server: ScriptedServer) -> None:
        server.on["STATUS"] = say("TAG NO [NOPERM] Not for you")
        with folders_of(server) as folders:
            assert folders.all(counts=True)[0] == Folder("INBOX")

    @pytest.mark.parametrize("name", ['""', '"a\x00b"', "{3}\r\na\rb"])
    def test_a_name_that_can_not_be_sent_costs_no_other(
        self, server: ScriptedServer, name: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.on["LIST"] = say(f'* LIST () "/" {name}', '* LIST () "/" INBOX', "TAG OK done")
        with folders_of(server) as folders:
            odd, inbox = folders.all(counts=True)
        assert (odd.messages, odd.unread) == (None, None)
        assert inbox == Folder("INBOX", messages=2, unread=2)
        assert f"The emails of folder {odd.name!r} could not be counted: The " in caplog.text

    def test_no_counts(self, server: ScriptedServer) -> None:
        with folders_of(server) as folders:
            assert folders.all()[0] == Folder("INBOX")
        assert server.lines == ['LIST "" "*"']

    @pytest.mark.parametrize(
        ("capabilities", "command"),
        [
            ("IMAP4rev1", 'LIST "" "*"'),
            ("IMAP4rev1 SPECIAL-USE", 'LIST "" "*"'),
            ("IMAP4rev1 SPECIAL-USE LIST-EXTENDED", 'LIST "" "*" RETURN (SPECIAL-USE)'),
        ],
    )
    def test_special_uses(self, server: ScriptedServer, capabilities: str, command: str) -> None:
        server.capabilities = capabilities
        server.on["LIST"] = say(
            '* LIST () "/" Trash', '* LIST (\\HasNoChildren \\Trash) "/" Bin', "TAG OK done"
        )
        with folders_of(server) as folders:
            trash = folders.special("Trash")
            assert trash == Folder("Bin", special_use="Trash")
            assert folders.special("Sent") is None
        assert set(server.lines) == {command}

    def test_one_folder_is_not_mistaken_for_what_its_name_matches(
        self, server: ScriptedServer
    ) -> None:
        server.folders = ("INBOX", "abc", "a*")
        with folders_of(server) as folders:
            assert folders.one("a*") == Folder("a*")
            assert folders.one("a%") is None
            assert folders.one("abc") == Folder("abc")
        assert server.lines == ['LIST "" "*"', 'LIST "" "*"', 'LIST "" "abc"']

    def test_status(self, server: ScriptedServer) -> None:
        with folders_of(server) as folders:
            assert folders.status("inbox") == Folder("INBOX", messages=2, unread=2)
            text = failure(FolderNotFound, lambda: folders.status("Archvie"))
        assert text == (
            f"Could not look into folder 'Archvie' of qa on 127.0.0.1 port {server.port}: NO "
            "[NONEXISTENT] No such folder. Near it: Archive."
        )


class TestMakingAndRemoving:
    def test_what_is_there_need_not_be_made(self, server: ScriptedServer) -> None:
        server.on["CREATE"] = say("TAG NO [ALREADYEXISTS] There is one")
        with folders_of(server) as folders:
            assert not folders.create("Archive")

    def test_what_only_has_folders_below_it_is_no_folder_yet(self, server: ScriptedServer) -> None:
        server.on["CREATE"] = say("TAG NO Not now")
        server.on["LIST"] = say('* LIST (\\Noselect) "/" Archive', "TAG OK done")
        with folders_of(server) as folders:
            text = failure(CommandRefused, lambda: folders.create("Archive"))
        assert text == (
            f"Could not create folder 'Archive' of qa on 127.0.0.1 port {server.port}: NO Not now."
        )

    @pytest.mark.parametrize(
        ("namespace", "advice"),
        [
            (
                '(("INBOX." ".")) NIL NIL',
                " The folders of this account are below 'INBOX/': try 'INBOX/Archive/2026'.",
            ),
            ('(("" ".")) NIL NIL', ""),
            ("NIL NIL NIL", ""),
        ],
    )
    def test_where_folders_must_be(
        self, server: ScriptedServer, namespace: str, advice: str
    ) -> None:
        server.capabilities = "IMAP4rev1 NAMESPACE"
        server.on["CREATE"] = say("TAG NO Invalid mailbox name.")
        server.on["LIST"] = say('* LIST (\\Noselect) "." ""', "TAG OK done")
        server.on["NAMESPACE"] = say(f"* NAMESPACE {namespace}", "TAG OK done")
        with folders_of(server) as folders:
            text = failure(CommandRefused, lambda: folders.create("Archive/2026"))
        assert text == (
            f"Could not create folder 'Archive/2026' of qa on 127.0.0.1 port {server.port}: NO "
            f"Invalid mailbox name.{advice}"
        )

    @pytest.mark.parametrize(
        ("below", "told"),
        [(["A/B", "AB", "A/C/D"], ", only the folders below it: A/B, A/C/D"), (["AB"], "")],
    )
    def test_what_only_has_folders_below_it(
        self, server: ScriptedServer, below: list[str], told: str
    ) -> None:
        lines = [f'* LIST () "/" {name}' for name in below]
        server.on["LIST"] = say('* LIST (\\Noselect) "/" A', *lines, "TAG OK done")
        server.on["DELETE"] = say("TAG NO [NONEXISTENT] None")
        with folders_of(server) as folders:
            text = failure(FolderNotFound, lambda: folders.delete("A"))
        assert text == (
            f"Could not delete folder 'A' of qa on 127.0.0.1 port {server.port}: NO [NONEXISTENT] "
            f"None. It holds no emails{told}."
        )

    def test_what_is_not_there_need_not_be_deleted(self, server: ScriptedServer) -> None:
        server.on["DELETE"] = say("TAG NO [NONEXISTENT] None")
        with folders_of(server) as folders:
            assert not folders.delete("Elsewhere")
            text = failure(CommandRefused, lambda: folders.delete("Archive"))
        assert text == (
            f"Could not delete folder 'Archive' of qa on 127.0.0.1 port {server.port}: NO "
            "[NONEXISTENT] None."
        )

    @pytest.mark.parametrize("name", ["/", "//", "/abs", "a//b", "a/b//", "Archive./b"])
    def test_no_level_is_empty(self, server: ScriptedServer, name: str) -> None:
        server.on["LIST"] = say('* LIST (\\Noselect) "." ""', "TAG OK done")
        said = (
            f"The folder name {name!r} has an empty level: there must be something before, between "
            "and after the slashes. Nothing was changed."
        )
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            for operation in (
                lambda: keywords.folders.create_folder(name),
                lambda: keywords.folders.rename_folder("Archive", name),
            ):
                assert failure(InvalidArgument, operation) == said
            assert keywords.mailboxes.get().location.folder == "Archive"
        assert server.count("CREATE") == server.count("RENAME") == 0

    def test_the_log_has_the_names_as_they_are_listed(
        self, server: ScriptedServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        for command in ("CREATE", "RENAME", "DELETE"):
            server.on[command] = say("TAG OK done")
        with opened(server) as keywords:
            caplog.set_level(logging.INFO)
            caplog.clear()
            keywords.folders.create_folder("New/")
            keywords.folders.rename_folder("New/", "Old/")
            keywords.moving.copy_email(1, "Archive/")
            keywords.folders.delete_folder("Archive/")
        assert [text.splitlines()[0] for text in caplog.messages] == [
            "Created folder 'New'.",
            "Renamed folder 'New' to 'Old'.",
            "Copied 1 email to folder 'Archive':",
            "Deleted folder 'Archive'.",
        ]

    def test_without_levels_none_is_empty(self, server: ScriptedServer) -> None:
        server.on["LIST"] = say("* LIST (\\Noselect) NIL INBOX", "TAG OK done")
        server.on["CREATE"] = say("TAG OK done")
        with folders_of(server) as folders:
            assert folders.create("a//b")

    def test_renaming(self, server: ScriptedServer) -> None:
        server.on["RENAME"] = say("TAG NO [NONEXISTENT] None")
        with folders_of(server) as folders:
            text = failure(FolderNotFound, lambda: folders.rename("Archvie", "Old/2026"))
        assert text == (
            f"Could not rename folder 'Archvie' to 'Old/2026' of qa on 127.0.0.1 port "
            f"{server.port}: NO [NONEXISTENT] None. Near it: Archive."
        )
        assert 'RENAME "Archvie" "Old/2026"' in server.lines


GONE = "Something has deleted or renamed that folder since it was opened. `Select Folder` opens another."


class TestGoneMeanwhile:
    """Another session deleted or renamed the folder that is open here."""

    @pytest.mark.parametrize("command", ["NOOP", "SEARCH"])
    def test_the_server_says_so(self, server: ScriptedServer, command: str) -> None:
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            server.on[command] = say("TAG NO [NONEXISTENT] Mailbox does not exist.")
            text = failure(FolderNotFound, keywords.finding.get_email_count)
        assert text == (
            f"The server refused {command} for folder 'Archive' of qa on 127.0.0.1: NO "
            f"[NONEXISTENT] Mailbox does not exist. {GONE}"
        )

    def test_it_says_so_in_idle(self, server: ScriptedServer) -> None:
        server.on["IDLE"] = say("TAG NO [NONEXISTENT] Mailbox does not exist.")
        chosen = account(server)
        with closing(Connection(chosen, Deadline(chosen.timeout))) as connection:
            connection.select("INBOX")
            text = failure(FolderNotFound, lambda: connection.idle(Deadline(1)))
        assert text.endswith(GONE)

    def test_the_connection_ends(
        self, server: ScriptedServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            server.folders = ("INBOX", "Spam")
            server.sessions[-1].close()
            text = failure(FolderNotFound, keywords.finding.get_email_count)
            assert text == (
                f"Could not open folder 'Archive' of qa on 127.0.0.1 port {server.port}: NO "
                f"[NONEXISTENT] No such folder. There are: INBOX, Spam. {GONE}"
            )
            text = failure(FolderNotFound, lambda: keywords.folders.select_folder("Spma"))
            assert text == (
                f"Could not open folder 'Spma' of qa on 127.0.0.1 port {server.port}: NO "
                "[NONEXISTENT] No such folder. Near it: Spam."
            )
            assert keywords.folders.select_folder("Spam") == "Archive"
            assert keywords.mailboxes.get().location.folder == "Spam"
        assert "UIDVALIDITY" not in caplog.text

    def test_another_one_is_not_there_either(self, server: ScriptedServer) -> None:
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            server.folders = ("INBOX", "Spam")
            text = failure(FolderNotFound, lambda: keywords.folders.select_folder("Spma"))
            assert text.endswith("NO [NONEXISTENT] No such folder. Near it: Spam.")
            assert failure(FolderNotFound, keywords.finding.get_email_count).endswith(GONE)

    def test_what_was_never_open(self, server: ScriptedServer) -> None:
        with opened(server) as keywords:
            text = failure(
                FolderNotFound, lambda: keywords.mailboxes.open(account(server), "Archvie")
            )
        assert text.endswith("Near it: Archive.")


class TestUtf8:
    """A server that speaks nothing else (RFC 6855, UTF8=ONLY)."""

    def test_is_told_and_spoken_to_in_utf8(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 ENABLE UTF8=ONLY"
        server.folders = ("INBOX", "Größe & Maß")
        server.on["ENABLE"] = say("* ENABLED UTF8=ACCEPT", "TAG OK done")
        chosen = account(server)
        with closing(Connection(chosen, Deadline(chosen.timeout))) as connection:
            connection.select("Größe & Maß")
            assert connection.folders.one("Größe & Maß") == Folder("Größe & Maß")
            connection.search([b"SUBJECT", "Grüße".encode()], "UTF-8")
        assert server.lines[-4:] == [
            "ENABLE UTF8=ACCEPT",
            'SELECT "Größe & Maß"',
            'LIST "" "Größe & Maß"',
            "UID SEARCH SUBJECT Grüße",
        ]

    def test_others_are_not_told(self, server: ScriptedServer) -> None:
        server.capabilities = "IMAP4rev1 ENABLE UTF8=ACCEPT"
        with folders_of(server):
            pass
        assert server.count("ENABLE") == 0


class TestLostConnection:
    @pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
    def test_renaming(
        self, server: ScriptedServer, done: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ImapLibrary.mailbox.SETTLE", 0.0)

        def rename(session: Session, tag: str, arguments: str) -> None:
            server.folders = ("INBOX", "Old", "Spam")
            session.send(f"{tag} OK done")

        def lose(session: Session, tag: str, arguments: str) -> None:
            server.on["RENAME"] = rename
            if done:
                session.mute = True
                rename(session, tag, arguments)
            session.close()

        server.on["RENAME"] = lose
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            assert keywords.folders.rename_folder("Archive", "Old") == "Old"
            assert keywords.mailboxes.get().location.folder == "Old"
        assert server.count("RENAME") == (1 if done else 2)

    @pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
    def test_renaming_the_inbox(
        self, server: ScriptedServer, done: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It stays, so that only the new name tells."""
        monkeypatch.setattr("ImapLibrary.mailbox.SETTLE", 0.0)

        def rename(session: Session, tag: str, arguments: str) -> None:
            if "Old" in server.folders:
                session.send(f"{tag} NO [ALREADYEXISTS] There is one")
            server.folders = (*server.folders, "Old")
            session.send(f"{tag} OK done")

        def lose(session: Session, tag: str, arguments: str) -> None:
            server.on["RENAME"] = rename
            if done:
                session.mute = True
                rename(session, tag, arguments)
            session.close()

        server.on["RENAME"] = lose
        with opened(server) as keywords:
            assert keywords.folders.rename_folder("inbox", "Old") == "Old"
            assert server.count("RENAME") == (1 if done else 2)
            text = failure(
                CommandRefused, lambda: keywords.folders.rename_folder("INBOX", "Archive")
            )
        assert text == (
            f"Could not rename folder 'INBOX' to 'Archive' of qa on 127.0.0.1 port {server.port}: "
            "there is such a folder already."
        )
        assert server.count("RENAME") == (1 if done else 2)

    @pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
    def test_deleting(self, server: ScriptedServer, done: bool) -> None:
        def delete(session: Session, tag: str, arguments: str) -> None:
            there = "Spam" in server.folders
            server.folders = ("INBOX", "Archive")
            session.send(f"{tag} OK done" if there else f"{tag} NO [NONEXISTENT] None")

        def lose(session: Session, tag: str, arguments: str) -> None:
            server.on["DELETE"] = delete
            if done:
                session.mute = True
                delete(session, tag, arguments)
            session.close()

        server.on["DELETE"] = lose
        with opened(server) as keywords:
            assert keywords.folders.delete_folder("Spam") is True
            assert server.count("DELETE") == 2
            assert keywords.folders.delete_folder("Spam") is False

    def test_creating_and_deleting(self, server: ScriptedServer) -> None:
        def create(session: Session, tag: str, arguments: str) -> None:
            server.folders = ("INBOX", "New")
            server.on["CREATE"] = say("TAG NO [ALREADYEXISTS] There is one")
            session.close()

        def delete(session: Session, tag: str, arguments: str) -> None:
            server.folders = ("INBOX",)
            server.on["DELETE"] = say("TAG NO [NONEXISTENT] None")
            session.close()

        server.on["CREATE"] = create
        server.on["DELETE"] = delete
        with opened(server) as keywords:
            assert keywords.folders.create_folder("New") == "New"
            assert keywords.folders.folder_exists("New")
            keywords.folders.delete_folder("New")
            assert not keywords.folders.folder_exists("New")

    def test_a_folder_that_is_kept_stays_open(self, server: ScriptedServer) -> None:
        server.on["DELETE"] = server.on["RENAME"] = say("TAG NO [NOPERM] Not you")
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            failure(CommandRefused, lambda: keywords.folders.delete_folder("Archive"))
            assert keywords.mailboxes.get().location.folder == "Archive"
            failure(CommandRefused, lambda: keywords.folders.rename_folder("Archive", "Old"))
            assert keywords.mailboxes.get().location.folder == "Archive"

    @pytest.mark.parametrize("command", ["DELETE", "RENAME"])
    def test_nobody_finds_themselves_in_inbox(self, server: ScriptedServer, command: str) -> None:
        """What they delete next is what they had open, or nothing."""
        server.archive(message("Archived"))
        server.on[command] = hang
        with opened(server, timeout=1.0) as keywords:
            keywords.folders.select_folder("Archive")
            with pytest.raises((ConnectionLost, OutcomeUnknown)):
                if command == "DELETE":
                    keywords.folders.delete_folder("Archive")
                else:
                    keywords.folders.rename_folder("Archive", "Old")
            del server.on[command]
            assert keywords.mailboxes.get().location.folder == "Archive"
            assert keywords.deleting.delete_all_emails() == 1
            assert (len(server.archived), len(server.emails)) == (0, 2)

    def test_a_renamed_folder_that_does_not_open_at_once_is_opened_next(
        self, server: ScriptedServer
    ) -> None:
        def rename(session: Session, tag: str, arguments: str) -> None:
            server.folders = ("INBOX", "Old")
            server.on["SELECT"] = say("TAG NO [NOPERM] Not yet")
            session.send(f"{tag} OK done")

        server.on["RENAME"] = rename
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            failure(CommandRefused, lambda: keywords.folders.rename_folder("Archive", "Old"))
            failure(CommandRefused, keywords.deleting.delete_all_emails)
            del server.on["SELECT"]
            keywords.finding.find_emails()
            assert keywords.mailboxes.get().location.folder == "Old"
            assert server.count("STORE") == 0

    def test_a_name_that_can_not_be_leaves_the_folder_open(self, server: ScriptedServer) -> None:
        with opened(server) as keywords:
            keywords.folders.select_folder("Archive")
            failure(InvalidArgument, lambda: keywords.folders.rename_folder("Archive", "\ud800"))
            assert keywords.mailboxes.get().location.folder == "Archive"
            assert server.count("RENAME") == 0

    def test_a_folder_that_has_gone_is_told_and_another_can_be_opened(
        self, server: ScriptedServer
    ) -> None:
        def delete_and_break(session: Session, tag: str, arguments: str) -> None:
            server.folders = ("INBOX",)
            hang(session, tag, arguments)

        server.on["DELETE"] = delete_and_break
        with opened(server, timeout=1.0) as keywords:
            keywords.folders.select_folder("Archive")
            failure(ConnectionLost, lambda: keywords.folders.delete_folder("Archive"))
            failure(FolderNotFound, keywords.deleting.delete_all_emails)
            assert keywords.folders.select_folder("INBOX") == "Archive"
            assert len(keywords.finding.find_emails()) == 2

    def test_a_folder_that_does_not_open_leaves_the_other_one_open(
        self, server: ScriptedServer
    ) -> None:
        with opened(server) as keywords:
            failure(FolderNotFound, lambda: keywords.folders.select_folder("Archvie"))
            assert keywords.mailboxes.get().location.folder == "INBOX"
            assert len(keywords.finding.find_emails()) == 2
