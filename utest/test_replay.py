"""What odd servers say, and what the library makes of it. The transcripts are in `replay/`."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from player import Player, as_bytes, as_lines, as_one, names, read, remaining

from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import Security
from ImapLibrary.errors import (
    CommandRefused,
    ConnectionFailed,
    FolderNotFound,
    ImapLibraryError,
    InvalidArgument,
    LoginFailed,
    QuotaExceeded,
)
from ImapLibrary.imap import patience

USER = "qa@example.com"

ALERT_OF_COURIER = (
    "127.0.0.1 says: [ALERT] Filesystem notification initialization error -- contact your mail "
    "administrator (check for configuration errors with the FAM/Gamin library)"
)

EMAIL = b"Subject: x\r\n\r\n"


class Client:
    """The keywords, and the server that plays a transcript to them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.keywords: Any = ImapLibrary()

    def open(self, **changed: Any) -> Client:
        arguments: dict[str, Any] = {
            "host": "127.0.0.1",
            "user": USER,
            "password": "secret",
            "port": self.port,
            "security": Security.NONE,
            "timeout": timedelta(seconds=10),
        }
        self.keywords.open_mailbox(**(arguments | changed))
        return self

    def refusal(self, kind: type[ImapLibraryError], **changed: Any) -> str:
        """Return the text with which opening fails, without the port."""
        return self.failure(kind, lambda: self.open(**changed))

    def failure(self, kind: type[ImapLibraryError], operation: Callable[[], object]) -> str:
        """Return the text with which something fails, without the port, which is never the same."""
        with pytest.raises(kind) as caught:
            operation()
        assert type(caught.value) is kind
        return str(caught.value).replace(f" port {self.port}", "")


Play = Callable[[str], AbstractContextManager[Client]]

ONCE: dict[str, Any] = {"timeout": timedelta(seconds=1)}


@pytest.fixture
def tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time be up before what is refused for the moment is tried again."""
    monkeypatch.setattr(patience, "FIRST_PAUSE", 60.0)


@pytest.fixture(params=[as_one, as_lines, as_bytes])
def play(request: pytest.FixtureRequest) -> Play:
    """Provide what plays a transcript until a block ends; in pieces of whatever size."""

    @contextmanager
    def playing(name: str) -> Iterator[Client]:
        with Player(read(name), request.param) as player:
            client = Client(player.port)
            try:
                yield client
            finally:
                client.keywords.close_all_mailboxes()

    return playing


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


def test_every_transcript_is_played() -> None:
    played = re.findall(r'play\("([^"]+)"\)', Path(__file__).read_text(encoding="utf-8"))
    assert sorted(set(played)) == names()


@pytest.mark.parametrize("name", names())
class TestTranscript:
    def test_says_at_the_top_what_it_shows(self, name: str) -> None:
        assert re.fullmatch(r"(# .+\n)*# .+\.\n", read(name).about)

    def test_literals_are_as_long_as_they_say(self, name: str) -> None:
        for said in read(name).said():
            assert remaining(said) <= 0


class TestGmail:
    def test_folders(self, play: Play) -> None:
        with play("gmail/folders") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.special_use, each.messages, each.unread) for each in folders] == [
            ("INBOX", "", 3, 1),
            ("[Gmail]", "", None, None),
            ("[Gmail]/Alle Nachrichten", "All", 41, 1),
            ("[Gmail]/Entwürfe", "Drafts", 0, 0),
            ("[Gmail]/Papierkorb", "Trash", 2, 0),
            ("[Gmail]/Wichtig", "Important", 5, 0),
        ]
        assert [each.name for each in folders if not each.selectable] == ["[Gmail]"]

    def test_application_password(self, play: Play) -> None:
        with play("gmail/application_password") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [ALERT] Application-specific "
                "password required: https://support.google.com/accounts/answer/185833 (Failure)."
            )

    def test_log_in_by_a_browser(self, play: Play) -> None:
        with play("gmail/web_login") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [ALERT] Please log in via "
                "your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)."
            )

    def test_too_many_connections(self, play: Play) -> None:
        with play("gmail/too_many_connections") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [ALERT] Too many simultaneous "
                "connections. (Failure)."
            )

    def test_expired_token(self, play: Play, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "ImapLibrary.imap.login")
        with play("gmail/expired_token") as client:
            client.open(password="", access_token="first", fresh_token=lambda: "second")
        (text,) = caplog.messages
        assert text == (
            "Could not log in as qa@example.com on 127.0.0.1: NO [AUTHENTICATIONFAILED] Invalid "
            "credentials (Failure). It said of the access token: "
            '{"status":"invalid_request","scope":"https://mail.google.com/"}. A fresh access token '
            "is tried."
        )

    def test_unsolicited(self, play: Play) -> None:
        with play("gmail/unsolicited") as client:
            found = client.open().keywords.find_emails(subject="order")
        assert [(each.uid, each.subject, each.size, each.flags) for each in found] == [
            (8, "Your order 4711", 85, {"\\Flagged"}),
            (6, "Your order 4710", 79, set()),
        ]
        assert found[0].received == datetime(2026, 11, 5, 9, 12, 44, tzinfo=timezone.utc)
        assert found[1].received == datetime(2026, 11, 24, 22, 59, 59, tzinfo=timezone.utc)

    def test_throttled(self, play: Play) -> None:
        with play("gmail/throttled") as client:
            keywords = client.open().keywords
            text = client.failure(CommandRefused, lambda: keywords.find_emails(subject="order"))
        assert text == (
            "The server refused FETCH for folder 'INBOX' of qa@example.com on 127.0.0.1: NO "
            "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure). Too much was "
            "asked for of late: try again later."
        )

    def test_session_that_expires(self, play: Play) -> None:
        with play("gmail/session_expired") as client:
            assert client.open().keywords.get_folder_status().unread == 1


class TestExchange:
    def test_not_connected(self, play: Play, tried_once: None) -> None:
        with play("exchange/not_connected") as client:
            assert client.refusal(CommandRefused, **ONCE) == (
                "Could not open folder 'INBOX' of qa@example.com on 127.0.0.1: BAD User is "
                "authenticated but not connected."
            )

    def test_estimated_sizes(self, play: Play) -> None:
        with play("exchange/estimated_sizes") as client:
            keywords = client.open().keywords
            found = keywords.find_emails(subject="Grüße")
            assert [(each.uid, each.subject) for each in found] == [(29, "Viele Grüße")]
            assert found[0].size == 208
            assert found[0].flags == {"\\Seen", "\\Recent"}
            assert keywords.get_email_body(found[0]) == "Schöne Grüße!"

    def test_folders(self, play: Play) -> None:
        with play("exchange/folders") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.special_use, each.messages, each.unread) for each in folders] == [
            ("Calendar", "", None, None),
            ("Deleted Items", "Trash", 7, 0),
            ("Drafts", "Drafts", 0, 0),
            ("INBOX", "", 2, 1),
            ("Junk Email", "Junk", 1, 1),
        ]

    def test_throttled(self, play: Play) -> None:
        with play("exchange/throttled") as client:
            keywords = client.open().keywords
            assert client.failure(CommandRefused, keywords.get_folder_status) == (
                "The server refused LIST for folder 'INBOX' of qa@example.com on 127.0.0.1: NO "
                "Request is throttled. Suggested Backoff Time: 1000 milliseconds."
            )
            assert keywords.get_folder_status().messages == 2

    def test_token_that_expires(self, play: Play) -> None:
        with play("exchange/token_expired") as client:
            client.open(password="", access_token="first-token", fresh_token=lambda: "second-token")
            assert client.keywords.get_folder_status().messages == 2


class TestYahoo:
    def test_unavailable(self, play: Play, tried_once: None) -> None:
        with play("yahoo/unavailable") as client:
            assert client.refusal(LoginFailed, **ONCE) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [UNAVAILABLE] AUTHENTICATE "
                "Server error - Please try again later. This is not about user and password: try "
                "again later."
            )

    def test_limit(self, play: Play, tried_once: None) -> None:
        with play("yahoo/limit") as client:
            assert client.refusal(CommandRefused, **ONCE) == (
                "Could not open folder 'INBOX' of qa@example.com on 127.0.0.1: NO [LIMIT] SELECT "
                "Rate limit hit."
            )

    def test_nil_for_an_email(self, play: Play) -> None:
        with play("yahoo/nil_body") as client:
            email = client.open().keywords.wait_for_email(
                subject="Confirm", timeout=timedelta(seconds=10)
            )
        assert (email.uid, email.subject, email.text) == (
            501,
            "Confirm your address",
            "Click here.",
        )

    def test_no_charset(self, play: Play) -> None:
        with play("yahoo/no_charset") as client:
            found = client.open().keywords.find_emails(subject="заказ")
        assert [(each.uid, each.subject) for each in found] == [(500, "Ваш заказ 4711")]

    def test_no_destination(self, play: Play) -> None:
        with play("yahoo/no_destination") as client:
            keywords = client.open().keywords
            text = client.failure(FolderNotFound, lambda: keywords.move_email(500, "Old"))
        assert text == (
            "The server refused MOVE for folder 'INBOX' of qa@example.com on 127.0.0.1: NO "
            "[TRYCREATE] UID MOVE failure. Can't find destination folder. `Create Folder` makes "
            "the folder."
        )


class TestZimbra:
    def test_folders(self, play: Play) -> None:
        with play("zimbra/folders") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.special_use, each.messages, each.unread) for each in folders] == [
            ("Chats", "", 0, 0),
            ("Contacts", "", 12, 0),
            ("INBOX", "", 2, 1),
            ("Junk", "Junk", 3, 3),
            ("/home/boss", "", None, None),
            ("/home/boss/Réunion", "", 4, 4),
        ]
        assert [each.name for each in folders if not each.selectable] == ["/home/boss"]

    def test_move_without_move(self, play: Play) -> None:
        with play("zimbra/move_without_move") as client:
            moved = client.open().keywords.move_email(258, "Archive/2026")
        assert (moved.uid, moved.folder, moved.subject) == (300, "Archive/2026", "Welcome")

    def test_restart(self, play: Play) -> None:
        with play("zimbra/terminating") as client:
            assert client.open().keywords.get_folder_status().unread == 1


class TestCourier:
    def test_namespace(self, play: Play) -> None:
        with play("courier/namespace") as client:
            keywords = client.open().keywords
            assert client.failure(
                CommandRefused, lambda: keywords.create_folder("Archive/2026")
            ) == (
                "Could not create folder 'Archive/2026' of qa@example.com on 127.0.0.1: NO Invalid "
                "mailbox name. The folders of this account are below 'INBOX/': try "
                "'INBOX/Archive/2026'."
            )
            keywords.create_folder("INBOX/Archive/2026")
            folders = keywords.list_folders(counts=False)
        assert [(each.name, each.selectable) for each in folders] == [
            ("INBOX", True),
            ("INBOX/Archive", True),
            ("INBOX/Archive/2026", True),
            ("INBOX/Kunden", False),
            ("INBOX/Kunden/Müller", True),
        ]

    def test_alert_is_shown_once(self, play: Play, caplog: pytest.LogCaptureFixture) -> None:
        with play("courier/alert") as client:
            assert client.open().keywords.get_mailbox_mark().uid == 42
        assert warnings(caplog) == [ALERT_OF_COURIER]

    def test_bad_search(self, play: Play) -> None:
        with play("courier/bad_search") as client:
            keywords = client.open().keywords
            assert client.failure(
                InvalidArgument, lambda: keywords.find_emails(search="OLDER 100")
            ) == (
                "The server can't search for search 'OLDER 100': NO Error in IMAP command received "
                "by server."
            )

    def test_folder_to_be_made(self, play: Play) -> None:
        with play("courier/try_create") as client:
            keywords = client.open().keywords
            text = client.failure(
                FolderNotFound, lambda: keywords.append_email(EMAIL, folder="INBOX/Sent")
            )
        assert text == (
            "Could not append an email of 14 bytes to folder 'INBOX/Sent' of qa@example.com on "
            "127.0.0.1: NO [TRYCREATE] Must create mailbox. Near it: INBOX/Trash, INBOX."
        )


class TestCyrus:
    def test_preauth(self, play: Play) -> None:
        with play("cyrus/preauth") as client:
            assert client.open().keywords.switch_mailbox(USER) == USER

    def test_almost_full(self, play: Play, caplog: pytest.LogCaptureFixture) -> None:
        with play("cyrus/almost_full") as client:
            keywords = client.open().keywords
            assert client.failure(QuotaExceeded, lambda: keywords.append_email(EMAIL)) == (
                "Could not append an email of 14 bytes to folder 'INBOX' of qa@example.com on "
                "127.0.0.1: NO [OVERQUOTA] Over quota. There is no room left for it: delete emails "
                "first."
            )
        assert warnings(caplog) == ["127.0.0.1 says: [ALERT] Mailbox is at 96% of quota"]

    def test_names_as_literals(self, play: Play) -> None:
        with play("cyrus/names_as_literals") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.special_use, each.messages, each.unread) for each in folders] == [
            ("INBOX", "", 2, 2),
            ('7"-Disks', "", 1, 0),
            ("Bücher", "", 0, 0),
            ("Bücher/Alt", "Trash", None, None),
        ]


class TestDovecot:
    def test_expired_password(self, play: Play) -> None:
        with play("dovecot/expired_password") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [EXPIRED] Password expired. "
                "The password has expired: give the account a new one."
            )


class TestMailRu:
    def test_application_password(self, play: Play) -> None:
        with play("mailru/application_password") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO [AUTHENTICATIONFAILED] "
                "NEOBHODIM parol prilozheniya "
                "https://help.mail.ru/mail/security/protection/external / Application password is "
                "REQUIRED. Are user and password right, and is IMAP allowed for this account?"
            )

    def test_folders(self, play: Play) -> None:
        with play("mailru/folders") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.special_use, each.messages, each.unread) for each in folders] == [
            ("INBOX", "", 2, 1),
            ("Спам", "Junk", 9, 9),
            ("Отправленные", "Sent", None, None),
            ("Черновики", "Drafts", None, None),
            ("Корзина", "Trash", None, None),
        ]


class TestQQ:
    def test_login_refused(self, play: Play) -> None:
        with play("qq/login_refused") as client:
            assert client.refusal(LoginFailed) == (
                "Could not log in as qa@example.com on 127.0.0.1: NO Login fail. Account is "
                "abnormal, service is not open, password is incorrect, login frequency limited, or "
                "system is busy. More information at https://help.mail.qq.com/detail/108/1023. Are "
                "user and password right, and is IMAP allowed for this account?"
            )

    def test_email_in_gbk(self, play: Play) -> None:
        with play("qq/email_in_gbk") as client:
            keywords = client.open().keywords
            (email,) = keywords.find_emails(subject="确认您的地址")
            assert email.subject == "确认您的地址，欢迎来到我们的商店"
            assert (email.sender_name, email.sender) == ("小店", "noreply@shop.example")
            assert keywords.get_email_body(email) == "您好，请点击下面的链接。"

    def test_folders(self, play: Play) -> None:
        with play("qq/folders") as client:
            folders = client.open().keywords.list_folders()
        assert [(each.name, each.selectable, each.messages, each.unread) for each in folders] == [
            ("其他文件夹", False, None, None),
            ("其他文件夹/Shop", True, 3, None),
            ("INBOX", True, 1, 1),
            ("Sent Messages", True, None, None),
        ]


class TestNetease:
    def test_unsafe_login(self, play: Play) -> None:
        with play("netease/unsafe_login") as client:
            folders = client.open().keywords.list_folders(counts=False)
        assert [(each.name, each.special_use) for each in folders] == [
            ("INBOX", ""),
            ("草稿箱", "Drafts"),
            ("已发送", "Sent"),
            ("已删除", "Trash"),
            ("垃圾邮件", "Junk"),
        ]

    def test_still_unsafe(self, play: Play) -> None:
        with play("netease/still_unsafe") as client:
            assert client.refusal(CommandRefused) == (
                "Could not open folder 'INBOX' of qa@example.com on 127.0.0.1: NO SELECT Unsafe "
                "Login. Please contact kefu@188.com for help."
            )


class TestGreenMail:
    def test_announced_before_consent(self, play: Play) -> None:
        with play("greenmail/exists_before_consent") as client:
            email = client.open().keywords.wait_for_email(
                subject="Confirm", timeout=timedelta(seconds=10)
            )
        assert (email.uid, email.subject, email.text) == (2, "Confirm your address", "Click here.")


class TestPlayer:
    """That a transcript which the client does not keep to is noticed."""

    @pytest.mark.parametrize("name", ["gmail/folders", "gmail/session_expired"])
    def test_what_is_left(self, name: str) -> None:
        with pytest.raises(AssertionError, match=f"^{name}: "), Player(read(name)) as player:
            Client(player.port).open().keywords.close_all_mailboxes()

    def test_what_comes_instead(self) -> None:
        with (
            pytest.raises(AssertionError, match="Line 8 is 'A2 AUTH.*, and the client said"),
            Player(read("gmail/folders")) as player,
        ):
            Client(player.port).refusal(ConnectionFailed, password="other")

    def test_connection_that_was_not_made(self) -> None:
        with (
            pytest.raises(AssertionError, match="^1 more connections ought to have been made"),
            Player(read("dovecot/expired_password")),
        ):
            pass
