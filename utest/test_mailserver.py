"""The embedded mail server, over real sockets with the standard library's clients."""

from __future__ import annotations

import gc
import imaplib
import logging
import os
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import final

import pytest

if sys.version_info < (3, 11):
    pytest.skip("the embedded mail server needs Python 3.11", allow_module_level=True)
pytest.importorskip("pymap", reason="the extra 'server' is not installed")

from robot.api.types import Secret

from ImapLibrary.errors import InvalidArgument, MailServerError
from ImapLibrary.keywords.server import ServerKeywords
from ImapLibrary.mailserver.server import MailServer

PATIENCE = 20.0
"""Seconds after which a test gives up waiting for what should be there at once."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def secure() -> Iterator[MailServer]:
    with MailServer(tls=True) as running:
        yield running


def send(
    server: MailServer, raw: bytes, *recipients: str, sender: str = "product@example.com"
) -> None:
    with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
        client.sendmail(sender, recipients or ("qa@example.com",), raw)


def log_in(
    server: MailServer, user: str = "qa@example.com", password: str = "any"
) -> imaplib.IMAP4:
    client = imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE)
    try:
        client.login(user, password)
        client.select()
    except imaplib.IMAP4.error:
        client.shutdown()
        raise
    return client


def authenticate(server: MailServer, password: str, acting_as: str = "") -> None:
    answer = f"{acting_as}\0qa@example.com\0{password}".encode()
    with imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE) as client:
        client.authenticate("PLAIN", lambda _: answer)


def by_token(server: MailServer, token: str) -> None:
    answer = f"user=QA@example.com\1auth=Bearer {token}\1\1".encode()
    with imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE) as client:
        client.authenticate("XOAUTH2", lambda _: answer)
        client.select()


def count(server: MailServer, user: str) -> int:
    with log_in(server, user) as client:
        return len(found(client, "ALL"))


def found(client: imaplib.IMAP4, *criteria: str) -> list[bytes]:
    status, [numbers] = client.search(None, *criteria)
    assert status == "OK"
    assert isinstance(numbers, bytes)
    return numbers.split()


def fetched(client: imaplib.IMAP4, number: str, item: str) -> bytes:
    status, data = client.fetch(number, f"({item})")
    assert status == "OK"
    return next(answer[1] for answer in data if isinstance(answer, tuple))


@final
class Idler:
    """A client in the middle of IDLE, on a bare socket."""

    def __init__(self, server: MailServer, user: str = "qa@example.com") -> None:
        self._socket = socket.create_connection((server.host, server.imap_port), PATIENCE)
        self._lines = self._socket.makefile("rb")
        self.read_until(b"* OK")
        self.command(b"a LOGIN %b any" % user.encode())
        self.read_until(b"a OK")
        self.command(b"b SELECT INBOX")
        self.read_until(b"b OK")

    def idle(self) -> None:
        self.command(b"c IDLE")
        self.read_until(b"+")

    def command(self, line: bytes) -> None:
        self._socket.sendall(line + b"\r\n")

    def read_until(self, start: bytes) -> bytes:
        for line in self._lines:
            if line.startswith(start):
                return line
        raise EOFError(f"no {start!r} came")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Idler:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class TestAccounts:
    def test_log_in_makes_an_account_without_emails(self, server: MailServer) -> None:
        assert count(server, "new@example.com") == 0

    def test_an_email_goes_to_each_recipient_of_the_envelope(self, server: MailServer) -> None:
        send(server, b"To: other@example.com\r\n\r\nHi\r\n", "a@example.com", "b@example.org")
        assert count(server, "a@example.com") == 1
        assert count(server, "b@example.org") == 1
        assert count(server, "other@example.com") == 0

    def test_the_same_name_at_another_domain_is_another_account(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n", "qa@example.com")
        assert count(server, "qa@example.org") == 0

    @pytest.mark.parametrize(
        "recipient", ["qa+signup@example.com", "QA@Example.COM", "Qa+Sign+Up@EXAMPLE.com"]
    )
    def test_tag_and_case_make_no_other_account(self, server: MailServer, recipient: str) -> None:
        send(server, b"Subject: a\r\n\r\n", recipient)
        assert count(server, "qa@example.com") == 1
        assert count(server, recipient) == 1

    def test_two_tags_of_one_account_get_one_email(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n", "qa+1@example.com", "qa+2@example.com")
        assert count(server, "qa@example.com") == 1

    def test_a_name_that_is_only_a_tag_stays(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n", "+tag@example.com")
        assert count(server, "+tag@example.com") == 1

    def test_a_bounce_has_no_sender(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n", sender="")
        assert count(server, "qa@example.com") == 1

    def test_an_address_may_hold_letters_of_any_alphabet(self, server: MailServer) -> None:
        with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
            client.ehlo()
            client.mail("a@example.com", ["SMTPUTF8"])
            assert client.rcpt("jürgen@example.com")[0] == 250
            assert client.data(b"Subject: a\r\n\r\n")[0] == 250
        with imaplib.IMAP4(server.host, server.imap_port, timeout=PATIENCE) as imap:
            imap.authenticate("PLAIN", lambda _: "\0Jürgen@example.com\0any".encode())
            imap.select()
            assert len(found(imap, "ALL")) == 1


class TestPasswords:
    def test_any_password_will_do(self, server: MailServer) -> None:
        log_in(server, password="one").logout()
        log_in(server, password="two").logout()

    @pytest.mark.parametrize("fixed", ["right pässword", Secret("right pässword")])
    def test_a_fixed_password_is_needed(self, fixed: str | Secret) -> None:
        with MailServer(password=fixed) as server:
            with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
                authenticate(server, "wrong pässword")
            authenticate(server, "right pässword")

    @pytest.mark.parametrize("accepted", [True, False])
    def test_no_password_is_shown(
        self, accepted: bool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        failures = []
        with MailServer(password="pearl" if accepted else "right") as server:
            for way in (
                authenticate,
                by_token,
                lambda server, word: log_in(server, password=word).logout(),
            ):
                try:
                    way(server, "pearl")
                except imaplib.IMAP4.error as error:
                    failures.append(str(error))
            with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
                try:
                    client.login("product", "pearl")
                except smtplib.SMTPAuthenticationError as error:
                    failures.append(str(error))
            shown = [str(server), repr(server), caplog.text, *failures, *capfd.readouterr()]
        assert len(failures) == (0 if accepted else 4)
        assert "pearl" not in "".join(shown)

    def test_an_smtp_log_in_is_nothing_to_warn_of(
        self, server: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """aiosmtpd warns of itself, and Robot Framework shows warnings on the console."""
        with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
            client.login("product", "any")
            client.docmd("NONSENSE")
        assert not [each for each in caplog.records if each.levelno >= logging.WARNING]

    def test_login_needs_it_too(self) -> None:
        with MailServer(password="right") as server:
            with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
                log_in(server, password="wrong")
            log_in(server, password="right").logout()

    def test_it_is_the_access_token_too(self) -> None:
        with MailServer(password="right") as server:
            with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
                by_token(server, "wrong")
            by_token(server, "right")

    def test_any_access_token_will_do(self, server: MailServer) -> None:
        by_token(server, "any")
        by_token(server, "")

    def test_smtp_log_in_needs_it_where_there_is_one(self) -> None:
        with (
            MailServer(password="right") as server,
            smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client,
        ):
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("product", "wrong")
            client.login("product", "right")

    def test_nobody_acts_as_somebody_else(self, server: MailServer) -> None:
        with pytest.raises(imaplib.IMAP4.error, match="AUTHORIZATIONFAILED"):
            authenticate(server, "any", acting_as="boss@example.com")

    def test_an_empty_password_is_refused(self) -> None:
        with pytest.raises(InvalidArgument, match="The argument password is empty"):
            MailServer(password="")


HEADERS = b"Subject: a\r\nContent-Type: text/plain\r\n"

EXACT = {
    "plain": HEADERS + b"\r\nHi\r\n",
    "no body": HEADERS + b"\r\n",
    "no blank line": HEADERS,
    "no headers": b"\r\nHi\r\n",
    "leading dots": HEADERS + b"\r\n.\r\n..\r\n.a\r\n...b\r\n \r\n.\r\n",
    "8-bit in body and headers": b"Subject: \xe4\xf6\xff\r\n\r\n\x80\xff\x00\xe2\x82\r\n",
    "line of 5,000": HEADERS + b"\r\n" + b"x" * 5_000 + b"\r\n",
    "line of 200,000": HEADERS + b"\r\n." + b"x" * 200_000 + b"\r\n",
    "header line of 5,000": b"Subject: " + b"x" * 5_000 + b"\r\n\r\nHi\r\n",
    "blanks at line ends": HEADERS + b"\r\na \t \r\n\r\n\r\n\r\n",
    "malformed headers": b": \r\nContent-Type: ;;=\r\nSubject: =?x?b?!!?= =?utf-8?q?\xff=zz?=\r\n"
    b"Message-ID: <\r\nContent-Disposition: =\r\n\r\nHi\r\n",
    "unreadable date": b"Date: ''\r\n [ : \r\n\r\nHi\r\n",
    "empty sender": b"Sender: \r\n\r\nHi\r\n",
    "unfinished address": b"From: \\@\r\nCc: =?1 Jan 2026@\r\n\r\nHi\r\n",
    "unfinished literal": b"From: a@[=?utf-8?q?+9\r\n\r\nHi\r\n",
    "address that starts folded": b"To: \r\n .a=?x?b?//?=@\r\n\r\nHi\r\n",
    "address after a group": b"To: :;*0a\r\n\r\nHi\r\n",
    "unknown charset": b"Content-Type: text/plain; charset=nope\r\n\r\nHi\r\n",
    "malformed multipart": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n\r\n",
}


class TestExactBytes:
    @pytest.mark.parametrize("raw", EXACT.values(), ids=EXACT)
    def test_bytes_stay_as_smtp_received_them(self, server: MailServer, raw: bytes) -> None:
        send(server, raw)
        with log_in(server) as client:
            assert fetched(client, "1", "BODY.PEEK[]") == raw
            assert fetched(client, "1", "BODY.PEEK[]<3.7>") == raw[3:10]
            assert found(client, "LARGER", str(len(raw) - 1), "SMALLER", str(len(raw) + 1))
            # Malformed headers must not end the connection either.
            assert client.fetch("1", "(RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY)")[0] == "OK"
            assert found(client, "NOT", "SUBJECT", '"not in any of them"')
            for header in ("FROM", "TO", "CC", "SENDER", "DATE", "MESSAGE-ID"):
                assert found(client, "NOT", "HEADER", header, '"not in any of them"')
            assert bool(found(client, "TEXT", "hi")) is (b"Hi" in raw)

    def test_bare_cr_and_lf_stay(self, server: MailServer) -> None:
        # smtplib would correct them, so the bytes of DATA are sent by hand.
        raw = b"Subject: a\r\n\r\none\ntwo\rthree\n.\nfour\r\n"
        with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
            client.ehlo()
            client.mail("a@example.com")
            client.rcpt("qa@example.com")
            client.docmd("DATA")
            client.send(raw + b".\r\n")
            assert client.getreply()[0] == 250
        with log_in(server) as imap:
            assert fetched(imap, "1", "BODY.PEEK[]") == raw

    @pytest.mark.parametrize("line", [b"x" * 76 + b"\r\n", b"x" * 2**20], ids=["lines", "one line"])
    def test_50_mebibytes(self, server: MailServer, line: bytes) -> None:
        raw = HEADERS + b"\r\n" + line * (50 * 2**20 // len(line)) + b"\r\n"
        send(server, raw)
        with log_in(server) as client:
            assert fetched(client, "1", "BODY.PEEK[]<0.65536>") == raw[:65536]
            # Not "assert ==": a failure would print both.
            assert (fetched(client, "1", "BODY.PEEK[]") == raw) is True

    def test_append_keeps_bytes_too(self, server: MailServer) -> None:
        raw = b"Subject: a\r\n\r\n" + b"\xff" * 100_000 + b"\r\n"
        with log_in(server) as client:
            client.append("INBOX", r"(\Seen)", "", raw)
            assert fetched(client, "1", "BODY.PEEK[]") == raw
            assert found(client, "SEEN") == [b"1"]


class TestImap:
    def test_search_looks_into_what_is_encoded(self, server: MailServer) -> None:
        send(
            server,
            b"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nWm/DqyBzZW5kcw==\r\n",
        )
        with log_in(server) as client:
            for key, text, matches in (
                ("SUBJECT", "Grüße", True),
                ("TEXT", "zoë", True),
                ("BODY", "ZOË SENDS", True),
                ("TEXT", "elsewhere", False),
            ):
                # imaplib sends this attribute as the last argument.
                vars(client)["literal"] = text.encode()
                _, [numbers] = client.search("UTF-8", key)
                assert bool(numbers) is matches, (key, text)

    def test_flags_last_and_reach_other_sessions(self, server: MailServer) -> None:
        for _ in range(3):
            send(server, b"Subject: a\r\n\r\n")
        with log_in(server) as one, log_in(server) as other:
            one.store("1:*", "+FLAGS.SILENT", r"(\Seen $Mine)")
            other.noop()
            told = other.response("FETCH")[1]
            assert told[-1] == rb"3 (FLAGS (\Seen $Mine))"
            assert found(other, "UNSEEN") == []
            assert found(other, "KEYWORD", "$Mine") == [b"1", b"2", b"3"]

    def test_keywords_are_the_same_in_any_case(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n")
        with log_in(server) as client:

            def flags(change: str, names: str) -> bytes:
                client.store("1", f"{change}FLAGS.SILENT", f"({names})")
                return last_flags()

            def last_flags() -> bytes:
                told: bytes = client.fetch("*", "(FLAGS)")[1][-1]
                return told.replace(b"\\Recent ", b"")

            assert flags("+", "Foo foo") == b"1 (FLAGS (Foo))"
            assert flags("+", "FOO Bar") == b"1 (FLAGS (Bar Foo))"
            assert found(client, "KEYWORD", "foo") == [b"1"]
            assert found(client, "UNKEYWORD", "FOO") == []
            assert found(client, "KEYWORD", "fo") == []
            assert flags("-", "foo") == b"1 (FLAGS (Bar))"
            assert flags("", "bar") == b"1 (FLAGS (Bar))"
            assert found(client, "UNKEYWORD", "foo") == [b"1"]
            client.append("INBOX", "(X x)", "", b"Subject: b\r\n\r\n")
            assert last_flags() == b"2 (FLAGS (X))"

    def test_expunge_reaches_other_sessions(self, server: MailServer) -> None:
        for subject in (b"first", b"second"):
            send(server, b"Subject: %b\r\n\r\n" % subject)
        with log_in(server) as one, log_in(server) as other:
            one.store("1", "+FLAGS", r"(\Deleted)")
            one.expunge()
            other.noop()
            assert other.response("EXPUNGE")[1] == [b"1"]
            assert b"second" in fetched(other, "1", "BODY.PEEK[HEADER]")

    def test_uids_are_never_given_twice(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n")
        with log_in(server) as client:
            first = int(client.uid("SEARCH", "ALL")[1][0])
            client.store("1", "+FLAGS", r"(\Deleted)")
            client.expunge()
            send(server, b"Subject: b\r\n\r\n")
            client.noop()
            assert int(client.uid("SEARCH", "ALL")[1][0]) == first + 1
            status = client.status("INBOX", "(UIDNEXT)")[1][0]
            assert status == b"INBOX (UIDNEXT %d)" % (first + 2)

    def test_emails_are_copied_and_moved_between_folders(self, server: MailServer) -> None:
        raw = b"Subject: a\r\n\r\nHi\r\n"
        send(server, raw)
        with log_in(server) as client:
            for folder in ("Archive", '"With blank/below"', "Entw&APw-rfe/"):
                assert client.create(folder)[0] == "OK"
            assert client.create("Archive")[0] == "NO"
            client.copy("1", "Archive")
            client.uid("MOVE", "1:*", '"With blank/below"')
            assert found(client, "ALL") == []
            for folder in ("Archive", '"With blank/below"'):
                client.select(folder)
                assert fetched(client, "1", "BODY.PEEK[]") == raw
            client.select()
            assert client.rename('"With blank"', "Other")[0] == "OK"
            assert client.delete("Archive")[0] == "OK"
            lines = [line for line in client.list()[1] if isinstance(line, bytes)]
            names = [line.rpartition(b' "/" ')[2] for line in lines]
            assert names == [b"INBOX", b"Entw&APw-rfe", b"Other", b"Other/below"]

    def test_the_second_server_on_a_port_has_another_uidvalidity(self) -> None:
        values = []
        port = 0
        for _ in range(2):
            with MailServer(imap_port=port) as server, log_in(server) as client:
                port = server.imap_port
                values.append(client.response("UIDVALIDITY")[1])
        assert values[0] != values[1]

    def test_a_long_list_of_uids_is_one_command(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n")
        uids = ",".join(str(uid) for uid in range(1, 60_000, 2))
        with log_in(server) as client:
            # imaplib itself may refuse so long a line, but sends it.
            assert client.uid("FETCH", uids, "(FLAGS)")[0] == "OK"

    @pytest.mark.parametrize(
        ("name", "use"),
        [
            ("Archive", "\\Archive"),
            ("Drafts", "\\Drafts"),
            ("Junk", "\\Junk"),
            ("Sent", "\\Sent"),
            ("Trash", "\\Trash"),
            ("Spam", ""),
            ("Old/Trash", ""),
        ],
    )
    def test_what_a_folder_is_for(self, server: MailServer, name: str, use: str) -> None:
        with log_in(server) as client:
            client.create(name)
            _, [line] = client.list('""', name)
            assert "SPECIAL-USE" in client.capability()[1][0].decode()
            assert line == f'(\\HasNoChildren{use and " "}{use}) "/" {name}'.encode()

    def test_what_only_has_folders_below_it_is_for_nothing(self, server: MailServer) -> None:
        with log_in(server) as client:
            client.create("Archive/2026")
            _, [line] = client.list('""', "Archive")
            assert line == b'(\\Noselect \\HasChildren) "/" Archive'


class TestPush:
    def test_every_idling_client_hears_of_each_email(self, server: MailServer) -> None:
        with Idler(server) as one, Idler(server, "QA+tag@example.com") as two:
            one.idle()
            two.idle()
            for number in range(1, 21):
                send(server, b"Subject: a\r\n\r\n")
                for idler in (one, two):
                    assert idler.read_until(b"* %d EXISTS" % number)
            one.command(b"DONE")
            assert one.read_until(b"c OK")

    def test_an_email_before_idle_is_announced_in_it(self, server: MailServer) -> None:
        with Idler(server) as idler:
            send(server, b"Subject: a\r\n\r\n")
            idler.idle()
            assert idler.read_until(b"* 1 EXISTS")

    def test_no_email_of_a_burst_is_forgotten(self, server: MailServer) -> None:
        def send_some() -> None:
            for _ in range(25):
                send(server, b"Subject: a\r\n\r\n")

        senders = [threading.Thread(target=send_some) for _ in range(4)]
        with Idler(server) as idler:
            idler.idle()
            for sender in senders:
                sender.start()
            assert idler.read_until(b"* 100 EXISTS")
            for sender in senders:
                sender.join(PATIENCE)

    def test_done_right_after_idle_is_answered(self, server: MailServer) -> None:
        with Idler(server) as idler:
            for _ in range(50):
                idler.command(b"c IDLE\r\nDONE")
                assert idler.read_until(b"c OK")

    def test_another_accounts_email_is_not_announced(self, server: MailServer) -> None:
        with Idler(server) as idler:
            idler.idle()
            send(server, b"Subject: a\r\n\r\n", "other@example.com")
            idler.command(b"DONE")
            assert idler.read_until(b"") == b"c OK IDLE completed.\r\n"


class TestTls:
    def trusting(self, server: MailServer) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=server.ca_file)

    def test_imaps_with_a_certificate_that_the_ca_file_vouches_for(
        self, secure: MailServer
    ) -> None:
        assert secure.imaps_port is not None
        with imaplib.IMAP4_SSL(
            secure.host, secure.imaps_port, ssl_context=self.trusting(secure), timeout=PATIENCE
        ) as client:
            assert client.login("qa@example.com", "any")[0] == "OK"
            assert "STARTTLS" not in client.capabilities

    def test_the_certificate_is_for_localhost_too(self, secure: MailServer) -> None:
        with (
            socket.create_connection((secure.host, secure.imaps_port or 0), PATIENCE) as plain,
            self.trusting(secure).wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            assert tls.recv(4) == b"* OK"

    def test_nobody_else_trusts_it(self, secure: MailServer) -> None:
        context = ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            imaplib.IMAP4_SSL(secure.host, secure.imaps_port or 0, ssl_context=context)

    def test_garbage_of_a_client_is_nothing_to_warn_of(
        self, secure: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """asyncio would tell of it as an error, and Robot Framework would show that."""
        with socket.create_connection((secure.host, secure.imaps_port or 0), PATIENCE) as plain:
            tls = self.trusting(secure).wrap_socket(plain, server_hostname="localhost")
            assert tls.recv(4) == b"* OK"
            with socket.socket(fileno=tls.detach()) as beneath:
                beneath.settimeout(PATIENCE)
                beneath.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))
                while beneath.recv(1000):
                    pass
        assert not [each for each in caplog.records if each.levelno >= logging.WARNING]

    def test_starttls_by_imap(self, secure: MailServer) -> None:
        with imaplib.IMAP4(secure.host, secure.imap_port, timeout=PATIENCE) as client:
            assert client.starttls(self.trusting(secure))[0] == "OK"
            assert client.login("qa@example.com", "any")[0] == "OK"

    def test_starttls_by_smtp(self, secure: MailServer) -> None:
        with smtplib.SMTP(secure.host, secure.smtp_port, timeout=PATIENCE) as client:
            assert client.starttls(context=self.trusting(secure))[0] == 220
            client.sendmail("a@example.com", "qa@example.com", b"Subject: a\r\n\r\n")
        assert count(secure, "qa@example.com") == 1

    def test_without_tls_it_is_not_offered(self, server: MailServer) -> None:
        assert (server.imaps_port, server.ca_file) == (None, None)
        with log_in(server) as client:
            assert "STARTTLS" not in client.capabilities
        with smtplib.SMTP(server.host, server.smtp_port, timeout=PATIENCE) as client:
            client.ehlo()
            assert not client.has_extn("starttls")

    def test_the_ca_file_goes_with_the_server(self, secure: MailServer) -> None:
        assert secure.ca_file is not None
        assert secure.ca_file.is_file()
        secure.stop()
        assert not secure.ca_file.exists()

    def test_the_ca_file_goes_with_a_process_that_stops_nothing(self) -> None:
        program = "from ImapLibrary.mailserver.server import MailServer; print(MailServer(tls=True).ca_file)"
        assert not Path(python("-c", program).stdout.strip()).exists()


class TestPorts:
    @pytest.mark.parametrize("argument", ["smtp_port", "imap_port", "imaps_port"])
    def test_a_used_port_is_named(self, argument: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            service = argument.removesuffix("_port").upper()
            with pytest.raises(MailServerError, match=f"port {port} of 127.0.0.1 for {service}"):
                MailServer(tls=True, **{argument: port})

    def test_a_port_for_tls_needs_tls(self) -> None:
        with pytest.raises(InvalidArgument) as caught:
            MailServer(imaps_port=9993)
        assert str(caught.value) == (
            "The argument imaps_port is the port for TLS from the first byte, which is offered with "
            "tls=True only. Add that, or leave imaps_port out."
        )

    @pytest.mark.parametrize("host", ["", " "])
    def test_an_empty_host_is_named(self, host: str) -> None:
        with pytest.raises(InvalidArgument, match=r"^The argument host is missing or empty\. "):
            MailServer(host=host)

    def test_chosen_ports_are_used_and_free_again_afterwards(self, server: MailServer) -> None:
        smtp_port, imap_port = server.smtp_port, server.imap_port
        server.stop()
        with MailServer(smtp_port=smtp_port, imap_port=imap_port) as again:
            assert (again.smtp_port, again.imap_port) == (smtp_port, imap_port)
            assert count(again, "qa@example.com") == 0

    @pytest.mark.parametrize("port", [-1, 65536])
    def test_a_number_that_is_no_port_is_named(self, port: int) -> None:
        with pytest.raises(InvalidArgument, match=f"The SMTP port {port} is no port"):
            MailServer(smtp_port=port)

    def test_an_unknown_host_is_named(self) -> None:
        with pytest.raises(MailServerError) as caught:
            MailServer(host="no..host.invalid")
        text = re.sub(r"\(.+\)", "(...)", str(caught.value))
        assert text == (
            "The mail server could not listen on no..host.invalid: the host name is unknown (...). "
            "Give a name or an address of this machine, or leave host out: then it is 127.0.0.1."
        )

    def test_an_address_of_another_machine_is_named(self) -> None:
        with pytest.raises(MailServerError) as caught:
            MailServer(host="192.0.2.1")
        assert str(caught.value) == (
            "The mail server could not listen on 192.0.2.1: this machine has no such address. "
            "Give a name or an address of this machine, or leave host out: then it is 127.0.0.1."
        )

    def test_a_failed_start_leaves_no_port_open(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            with pytest.raises(MailServerError):
                MailServer(smtp_port=port, imap_port=other.getsockname()[1])
        socket.create_server(("127.0.0.1", port)).close()

    def test_a_name_as_host(self) -> None:
        with MailServer(host="localhost", tls=True) as server:
            send(server, b"Subject: a\r\n\r\n")
            assert count(server, "qa@example.com") == 1


class TestStop:
    def test_idling_clients_hear_bye(self, server: MailServer) -> None:
        with Idler(server) as idler:
            idler.idle()
            server.stop()
            assert idler.read_until(b"* BYE")

    def test_clients_do_not_keep_it_from_stopping(self, secure: MailServer) -> None:
        context = ssl.create_default_context(cafile=secure.ca_file)
        encrypted = imaplib.IMAP4_SSL(secure.host, secure.imaps_port or 0, ssl_context=context)
        upgraded = smtplib.SMTP(secure.host, secure.smtp_port, timeout=PATIENCE)
        upgraded.starttls(context=context)
        in_data = smtplib.SMTP(secure.host, secure.smtp_port, timeout=PATIENCE)
        in_data.ehlo()
        in_data.mail("a@example.com")
        in_data.rcpt("qa@example.com")
        in_data.docmd("DATA")
        silent = socket.create_connection((secure.host, secure.imaps_port or 0), PATIENCE)
        secure.stop()
        assert thread_of(secure) is None
        for connection in (encrypted.sock, upgraded.sock, in_data.sock, silent):
            assert connection is not None
            connection.close()

    def test_nor_does_a_client_that_does_not_read(self, server: MailServer) -> None:
        send(server, b"Subject: a\r\n\r\n" + b"x" * 20_000_000)
        with Idler(server) as deaf:
            deaf.command(b"d FETCH 1 (BODY.PEEK[] BODY.PEEK[] BODY.PEEK[])")
            assert deaf.read_until(b"* 1 FETCH")
            server.stop()
            assert thread_of(server) is None

    def test_a_server_that_does_not_stop_is_told(
        self,
        server: MailServer,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        go_on = threading.Event()
        server._loop.call_soon_threadsafe(go_on.wait)
        monkeypatch.setattr("ImapLibrary.mailserver.server._SECONDS_TO_STOP", 0.2)
        server.stop()
        go_on.set()
        assert caplog.messages == [
            f"The {server} did not stop within 0.2 seconds. Its ports may stay in use."
        ]
        monkeypatch.undo()
        server.stop()
        assert thread_of(server) is None

    def test_stopping_again_is_harmless(self, server: MailServer) -> None:
        server.stop()
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((server.host, server.imap_port), PATIENCE)

    @pytest.mark.parametrize("tls", [False, True])
    def test_nothing_is_left_of_ten_servers(self, tls: bool) -> None:
        MailServer(tls=tls).stop()
        threads, files = threading.active_count(), open_files()
        for _ in range(10):
            with MailServer(tls=tls) as server, Idler(server) as idler:
                idler.idle()
                send(server, b"Subject: a\r\n\r\n")
                idler.read_until(b"* 1 EXISTS")
        gc.collect()
        assert threading.active_count() == threads
        assert open_files() == files

    def test_the_process_ends_with_a_server_running(self) -> None:
        program = (
            "import socket\n"
            "from ImapLibrary.mailserver.server import MailServer\n"
            "server = MailServer()\n"
            "client = socket.create_connection((server.host, server.imap_port))\n"
            "print('done')\n"
        )
        assert python("-c", program).stdout.strip() == "done"


class TestImports:
    def test_the_library_does_not_import_what_only_the_server_needs(self) -> None:
        program = (
            "import sys, robot.api, ImapLibrary, ImapLibrary.mailserver.server\n"
            "print([name for name in ('pymap', 'aiosmtpd', 'trustme') if name in sys.modules])\n"
        )
        assert python("-c", program).stdout.strip() == "[]"

    @pytest.mark.parametrize("package", ["pymap", "aiosmtpd", "trustme"])
    def test_a_missing_package_is_named_with_what_to_install(self, package: str) -> None:
        program = (
            "import sys\n"
            "class Missing:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            f"        if name == {package!r}:\n"
            "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
            "sys.meta_path.insert(0, Missing())\n"
            "from ImapLibrary.mailserver.server import MailServer\n"
            "from ImapLibrary.errors import MailServerError\n"
            "try:\n"
            "    MailServer(tls=True)\n"
            "except MailServerError as error:\n"
            "    print(error)\n"
        )
        message = python("-c", program).stdout
        assert f"the package {package}, which can't be imported" in message
        assert "pip install robotframework-imap[server]" in message

    def test_an_older_python_is_told_with_what_to_do_instead(self) -> None:
        program = (
            "import sys\n"
            "from ImapLibrary.mailserver.server import MailServer\n"
            "from ImapLibrary.errors import MailServerError\n"
            "sys.version_info = (3, 10, 13, 'final', 0)\n"
            "try:\n"
            "    MailServer()\n"
            "except MailServerError as error:\n"
            "    print(error)\n"
        )
        message = python("-c", program).stdout
        assert "needs Python 3.11 or later" in message
        assert "GreenMail" in message


class TestKeywords:
    def test_a_server_is_started_and_stopped(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        keywords = ServerKeywords()
        server = keywords.start_mail_server(password="secret word")
        assert count_with(server, "secret word") == 0
        keywords.stop_mail_server()
        assert thread_of(server) is None
        for shown in (server.host, str(server.smtp_port), str(server.imap_port)):
            assert shown in caplog.messages[0]
        assert "secret word" not in caplog.text

    def test_the_newest_is_stopped_first(self) -> None:
        keywords = ServerKeywords()
        older, newer = keywords.start_mail_server(), keywords.start_mail_server()
        keywords.stop_mail_server()
        assert (thread_of(newer), thread_of(older) is not None) == (None, True)
        keywords.stop_mail_server()
        assert thread_of(older) is None

    def test_the_given_one_is_stopped(self) -> None:
        keywords = ServerKeywords()
        older, newer = keywords.start_mail_server(), keywords.start_mail_server()
        keywords.stop_mail_server(older)
        assert (thread_of(older), thread_of(newer) is not None) == (None, True)
        keywords.stop_mail_server(older)
        keywords.close()
        assert thread_of(newer) is None

    def test_stopping_without_a_server_is_silent(self) -> None:
        ServerKeywords().stop_mail_server()

    def test_something_else_is_not_stopped(self) -> None:
        stop: Callable[[object], None] = ServerKeywords().stop_mail_server  # type: ignore[assignment]
        with pytest.raises(InvalidArgument, match="not '3025'"):
            stop("3025")

    def test_the_end_of_the_run_stops_all(self) -> None:
        keywords = ServerKeywords()
        servers = [keywords.start_mail_server() for _ in range(3)]
        keywords.close()
        assert [thread_of(server) for server in servers] == [None, None, None]


def count_with(server: MailServer, password: str) -> int:
    with log_in(server, password=password) as client:
        return len(found(client, "ALL"))


def thread_of(server: MailServer) -> threading.Thread | None:
    """The thread of a server that runs; a thread's name holds the port of SMTP."""
    name = f"mail server {server.host}:{server.smtp_port}"
    return next((thread for thread in threading.enumerate() if thread.name == name), None)


def open_files() -> int | None:
    """How many files and sockets this process has open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else None


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    project = Path(__file__).resolve().parent.parent
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
