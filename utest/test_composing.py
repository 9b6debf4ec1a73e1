"""Emails that are composed, read by the standard library, by our own reader, and as bytes."""

from __future__ import annotations

import email
import re
import time
from datetime import datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage, Message, MIMEPart
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import FileFailed, InvalidArgument
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.headers import Address
from ImapLibrary.sending.composing import Draft, File, addresses, compose, crlf
from ImapLibrary.sending.uploads import read_files

LONG_ID = f"<{'a' * 90}@mail.example>"

# Half of a surrogate pair is no character; the others can't be in a field.
ONE_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"))
VISIBLE = st.characters(exclude_categories=["Cs", "Cc"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def composed(**fields: object) -> bytes:
    fields = {"sender": "qa@example.com", "to": "jane@example.com"} | fields
    return compose(Draft(**fields))  # type: ignore[arg-type]


def by_the_standard(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


def content(part: Message | None) -> str:
    """Return a text as the standard library reads it, with its own line ends."""
    assert isinstance(part, MIMEPart)
    return str(part.get_content()).replace("\r\n", "\n")


def header(raw: bytes, name: str) -> str:
    """Return the lines of a field as they are in the bytes."""
    found = re.findall(rf"^{name}:(?:.*\r\n)(?:[ \t].*\r\n)*", raw.decode(), re.MULTILINE)
    assert len(found) == 1, found
    return str(found[0])


def refusal(**fields: object) -> str:
    with pytest.raises(InvalidArgument) as caught:
        composed(**fields)
    return str(caught.value)


class TestWhole:
    def test_a_plain_email_reads_as_it_was_meant(self) -> None:
        raw = compose(
            Draft(
                sender="QA <qa@example.com>",
                to="jane@example.com",
                subject="Hello",
                text="A text.",
                date=datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=1))),
                message_id="<1@example.com>",
            )
        )
        assert raw == (
            b"Date: Tue, 24 Nov 2026 12:00:00 +0100\r\n"
            b"From: QA <qa@example.com>\r\n"
            b"To: jane@example.com\r\n"
            b"Subject: Hello\r\n"
            b"Message-ID: <1@example.com>\r\n"
            b"MIME-Version: 1.0\r\n"
            b'Content-Type: text/plain; charset="utf-8"\r\n'
            b"Content-Transfer-Encoding: 7bit\r\n"
            b"\r\n"
            b"A text.\r\n"
        )

    def test_all_of_it_is_read_by_the_standard_library(self) -> None:
        message = by_the_standard(
            composed(
                sender="Jörg <joerg@example.com>",
                cc=["Anna <anna@example.com>", "bob@example.com"],
                reply_to="help@example.com",
                subject="Grüße – 測試",
                text="Schöne\nGrüße",
                html="<p>Schöne <img src='cid:logo.png'></p>",
                inline_images=[File("logo.png", b"\x89PNG")],
                attachments=[File("Übersicht.pdf", b"%PDF"), File("data.bin", b"\0\xff\n.\n")],
            )
        )
        assert message["Subject"] == "Grüße – 測試"
        assert message["From"].addresses[0].display_name == "Jörg"
        assert [each.addr_spec for each in message["Cc"].addresses] == [
            "anna@example.com",
            "bob@example.com",
        ]
        assert message["Reply-To"] == "help@example.com"
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert content(plain) == "Schöne\nGrüße\n"
        assert content(html) == "<p>Schöne <img src='cid:logo.png'></p>\n"
        attached = list(message.iter_attachments())
        assert [part.get_filename() for part in attached] == ["Übersicht.pdf", "data.bin"]
        assert [part.get_content() for part in attached] == [b"%PDF", b"\0\xff\n.\n"]
        assert attached[0].get_content_type() == "application/pdf"
        (image,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
        assert image["Content-ID"] == "<logo.png>"
        assert image.get_content_disposition() == "inline"

    def test_parts_are_nested_as_mail_programs_expect(self) -> None:
        raw = composed(
            text="a",
            html="b",
            inline_images=[File("c.gif", b"GIF")],
            attachments=[File("d.txt", b"d")],
        )
        assert [part.content_type for part in Email(raw).root.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/gif",
            "text/plain",
        ]

    def test_html_alone_has_no_empty_alternative(self) -> None:
        assert Email(composed(html="<p>x</p>")).root.content_type == "text/html"

    def test_nothing_to_say_is_an_empty_text(self) -> None:
        assert Email(composed()).text == ""

    def test_what_is_empty_is_left_out(self) -> None:
        raw = compose(Draft(text="x"))
        assert list(Email(raw).headers) == [
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
        ]

    def test_bcc_is_in_it_if_it_is_in_the_draft(self) -> None:
        assert Email(composed(bcc="secret@example.com")).headers["Bcc"] == "secret@example.com"

    def test_date_is_now_in_local_time_by_default(self) -> None:
        date = Email(composed()).date
        assert date is not None
        now = datetime.now().astimezone()
        assert abs(now - date) < timedelta(minutes=1)
        assert date.utcoffset() == now.utcoffset()

    def test_a_date_without_a_zone_is_local_time(self) -> None:
        local = datetime(2026, 7, 1, 12, 0)
        raw = composed(date=local)
        assert Email(raw).date == local.astimezone()
        assert header(raw, "Date").endswith(f"{local.astimezone():%z}\r\n")

    def test_message_ids_differ_and_are_of_the_senders_domain(self) -> None:
        first, second = Email(composed()).message_id, Email(composed()).message_id
        assert first != second
        assert re.fullmatch(r"<[\w-]+@example\.com>", first)

    @pytest.mark.parametrize("sender", ["qa@[127.0.0.1]", "qa@bücher.example", ""])
    def test_a_message_id_is_ascii_whatever_the_sender_is(self, sender: str) -> None:
        assert re.fullmatch(r"<[\w-]+@localhost>", Email(composed(sender=sender)).message_id)


class TestTransport:
    def test_everything_is_ascii_in_lines_that_any_server_takes(self) -> None:
        raw = composed(
            sender="Jörg <joerg@example.com>",
            subject="ü" * 300,
            text="ä" * 3000 + "\n" + "x" * 3000,
            html="<p>" + "y" * 3000,
            attachments=[File("ü" * 100 + ".txt", bytes(range(256)) * 10)],
            headers={"X-Long": "z" * 3000},
        )
        assert raw.isascii()
        assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
        assert max(map(len, raw.split(b"\r\n"))) <= 78

    @pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb"])
    def test_line_ends_of_a_text_are_those_of_email(self, text: str) -> None:
        assert composed(text=text).endswith(b"\r\n\r\na\r\nb\r\n")

    def test_nul_in_a_text_is_encoded(self) -> None:
        raw = composed(text="a\0b")
        assert b"\0" not in raw
        assert content(by_the_standard(raw)) == "a\0b\n"

    def test_lines_that_look_like_boundaries_or_ends_stay_lines(self) -> None:
        text = "--x\n.\nFrom here\n--\n"
        raw = composed(text=text, attachments=[File("a.txt", b"--x--\r\n.\r\n")])
        assert Email(raw).text == text.rstrip("\n")
        assert Email(raw).root.parts[1].content == b"--x--\r\n.\r\n"

    def test_crlf_adds_no_line_to_doubled_carriage_returns(self) -> None:
        """Programs leave them that turn LF into CR LF where it is CR LF already."""
        assert crlf(b"a\r\r\nb\r\r\r\n\r\r\nc\r\rd") == b"a\r\nb\r\n\r\nc\r\n\r\nd"

    def test_crlf_takes_no_quadratic_time(self) -> None:
        begin = time.monotonic()
        crlf(b"\r" * 1_000_000)
        assert time.monotonic() - begin < 5

    @pytest.mark.parametrize("data", [b"a\nb\rc\r\nd", b"a\r\nb\r\nc\r\nd"])
    def test_crlf_mends_other_line_ends_alone(self, data: bytes) -> None:
        assert crlf(data) == b"a\r\nb\r\nc\r\nd"


class TestFields:
    def test_long_message_ids_stay_readable(self) -> None:
        """EmailMessage encodes them, and then no program finds the thread."""
        references = " ".join([LONG_ID] * 3)
        raw = composed(headers={"In-Reply-To": LONG_ID, "References": references})
        assert header(raw, "In-Reply-To") == f"In-Reply-To: {LONG_ID}\r\n"
        assert (
            header(raw, "References") == f"References: {LONG_ID}" + f"\r\n {LONG_ID}" * 2 + "\r\n"
        )

    def test_a_long_subject_is_folded_between_words(self) -> None:
        lines = header(composed(subject="word " * 40 + "end"), "Subject").splitlines()
        assert len(lines) == 3
        assert max(map(len, lines)) <= 78
        assert " ".join(line.strip() for line in lines) == "Subject: " + "word " * 40 + "end"

    def test_only_the_words_that_need_it_are_encoded(self) -> None:
        raw = composed(subject="Your order über alles – is here")
        assert header(raw, "Subject") == (
            "Subject: Your order =?utf-8?b?w7xiZXI=?= alles =?utf-8?b?4oCT?= is here\r\n"
        )

    def test_neighbours_are_encoded_together(self) -> None:
        assert Email(composed(subject="Schöne Grüße")).subject == "Schöne Grüße"
        assert header(composed(subject="Schöne Grüße"), "Subject").count("=?") == 1

    @pytest.mark.parametrize(
        "subject",
        ["=?utf-8?q?no?=", "two  blanks", " in front", "tab\there", "=?", "x" * 2000, "\x1b[0m"],
    )
    def test_what_readers_would_change_is_encoded(self, subject: str) -> None:
        raw = composed(subject=subject)
        assert by_the_standard(raw)["Subject"] == subject
        assert b"?b??=" not in raw  # RFC 2047 knows no empty words

    @given(subject=ONE_LINE)
    def test_any_subject_comes_back(self, subject: str) -> None:
        raw = composed(subject=subject)
        decoded = email.header.make_header(
            email.header.decode_header(email.message_from_bytes(raw)["Subject"] or "")
        )
        assert str(decoded) == subject
        assert raw.isascii()

    @given(name=st.text(VISIBLE).filter(lambda name: name.strip(" ,").strip() == name != ""))
    def test_any_name_comes_back(self, name: str) -> None:
        """Only the reader of the email has to take names in every form; here they are quoted."""
        quoted = '"' + re.sub(r'(["\\])', r"\\\1", name[:400]) + '"'
        (wanted,) = addresses("recipient", f"{quoted} <jane@example.com>")
        assert Email(composed(to=f"{quoted} <jane@example.com>")).recipient_addresses == (wanted,)

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("Jane Doe", "Jane Doe"),
            ("Doe, Jane", '"Doe, Jane"'),
            ('The "Boss"', r'"The \"Boss\""'),
            ("Dr. Doe", '"Dr. Doe"'),
            ("Jörg, Müller", "=?utf-8?b?SsO2cmcsIE3DvGxsZXI=?="),
            ("=?x", "=?utf-8?b?PT94?="),
        ],
    )
    def test_names_are_written_so_that_they_stay_names(self, name: str, written: str) -> None:
        quoted = name.replace('"', r"\"")
        raw = composed(to=f'"{quoted}" <jane@example.com>')
        assert header(raw, "To") == f"To: {written} <jane@example.com>\r\n"
        assert by_the_standard(raw)["To"].addresses[0].display_name == name

    def test_many_recipients_are_folded_between_addresses(self) -> None:
        many = [f"Müller, Jörg <user{number}@example.com>" for number in range(30)]
        raw = composed(to=many)
        assert max(map(len, raw.split(b"\r\n"))) <= 78
        found = by_the_standard(raw)["To"].addresses
        assert [each.addr_spec for each in found] == [f"user{n}@example.com" for n in range(30)]
        assert {each.display_name for each in found} == {"Müller, Jörg"}

    def test_addresses_outside_ascii_are_written_as_they_are(self) -> None:
        raw = composed(to="Jörg <jörg@bücher.example>")
        assert header(raw, "To") == "To: =?utf-8?b?SsO2cmc=?= <jörg@bücher.example>\r\n"

    def test_own_fields_are_added(self) -> None:
        raw = composed(headers={"X-Trace": "42", "List-Id": "Kunden über <list.example.com>"})
        assert Email(raw).headers["X-Trace"] == "42"
        assert Email(raw).headers["List-Id"] == "Kunden über <list.example.com>"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Date", "Tue,  3 Mar 2026 10:00:00 +0000"),
            ("List-Unsubscribe", f"<https://shop.example/{'a' * 950}>"),
            ("list-id", "=?utf-8?q?=C3=BC?=  <list.example.com>"),
            ("References", "<=?1@x>\t<2@x>"),
            ("Received", "from a (b  c) by d; Tue,  3 Mar 2026 10:00:00 +0000"),
            ("Auto-Submitted", "auto-replied  (by us)"),
        ],
    )
    def test_what_programs_read_is_not_encoded(self, name: str, value: str) -> None:
        raw = composed(headers={name: value})
        assert header(raw, name).replace("\r\n", "") == f"{name}: {value}"
        assert max(map(len, raw.split(b"\r\n"))) <= 998

    @pytest.mark.parametrize(
        ("name", "value"),
        [("X-Note", "two  blanks"), ("Comments", "=?"), ("List-Id", "x" * 998)],
    )
    def test_what_people_read_or_fits_no_line_is(self, name: str, value: str) -> None:
        raw = composed(headers={name: value})
        assert b"?b?" in raw

    def test_own_fields_take_the_place_of_others(self) -> None:
        headers = {"message-id": "<mine@x>", "From": "Böss <boss@example.com>"}
        raw = composed(headers=headers)
        assert Email(raw).message_id == "<mine@x>"
        assert header(raw, "From") == "From: =?utf-8?b?QsO2c3M=?= <boss@example.com>\r\n"


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "content_type"),
        [
            ("a.pdf", "application/pdf"),
            ("a.PNG", "image/png"),
            ("a.csv", "text/csv"),
            ("a.webp", "image/webp"),
            ("a.ics", "text/calendar"),
            (
                "a.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            ("a.tar.gz", "application/octet-stream"),
            ("a", "application/octet-stream"),
        ],
    )
    def test_the_type_is_told_by_the_name(self, name: str, content_type: str) -> None:
        raw = composed(attachments=[File(name, b"x")])
        assert Email(raw).root.parts[1].content_type == content_type

    def test_a_type_can_be_given(self) -> None:
        raw = composed(attachments=[File("a.pdf", b"x", "text/calendar")])
        assert Email(raw).root.parts[1].content_type == "text/calendar"

    @given(name=ONE_LINE.filter(lambda name: name.strip() == name != ""), content=st.binary())
    def test_any_name_and_content_come_back(self, name: str, content: bytes) -> None:
        part = Email(composed(attachments=[File(name, content, "application/x-any")])).root.parts[1]
        assert part.content == content
        assert part.filename == name

    def test_an_attached_email_stays_byte_for_byte(self) -> None:
        original = b"Subject: =?x?=\r\nX:  odd  \r\n\r\nFrom \xe4\xff\r\n.\r\n--\r\n"
        raw = composed(attachments=[File("a.eml", original)])
        assert b"message/rfc822" in raw
        assert raw.count(b"Content-Transfer-Encoding: 8bit\r\n") == 2  # of the multipart, too
        assert b"\r\n\r\n" + original + b"\r\n--" in raw

    def test_an_attached_email_in_ascii_keeps_all_ascii(self) -> None:
        raw = composed(attachments=[File("a.eml", b"Subject: x\n\ny\n")])
        assert raw.isascii()
        assert b"8bit" not in raw
        assert b"Subject: x\r\n\r\ny\r\n" in raw

    @given(text=TEXT)
    def test_any_text_comes_back(self, text: str) -> None:
        read = content(by_the_standard(composed(text=text)))
        assert read.rstrip("\n") == re.sub("\r\n|\r", "\n", text).rstrip("\n")

    def test_files_are_read_from_disk(self, tmp_path: Path) -> None:
        (tmp_path / "übersicht.txt").write_bytes(b"\xff")
        (tmp_path / "b.txt").write_bytes(b"b")
        (one,) = read_files([tmp_path / "übersicht.txt"])
        assert (one.name, one.content) == ("übersicht.txt", b"\xff")
        two = read_files([tmp_path / "übersicht.txt", tmp_path / "b.txt"])
        assert [file.name for file in two] == ["übersicht.txt", "b.txt"]

    def test_a_file_that_can_not_be_read_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileFailed, match=r"Could not read .*nowhere\.pdf: "):
            read_files([tmp_path / "nowhere.pdf"])


class TestRefusals:
    @pytest.mark.parametrize(
        ("field", "value", "name"),
        [
            ("subject", "x\r\nBcc: eve@example.com", "subject"),
            ("sender", "qa@example.com\nBcc: eve@example.com", "sender"),
            ("to", ["jane@example.com", "bob@example.com\rX: y"], "recipient"),
            ("cc", "jane@example.com\0", "recipient"),
            ("bcc", "jane@example.com\n", "recipient"),
            ("reply_to", "jane@example.com\n", "address"),
            ("message_id", "<1@x>\r\nX: y", "Message-ID"),
            ("headers", {"X-Y": "1\nZ: 2"}, "header X-Y"),
            ("headers", {"From": "qa@example.com\nZ: 2"}, "address of From"),
            ("attachments", [File('a"\r\nX: y.txt', b"")], "file name"),
        ],
    )
    def test_no_line_end_gets_into_a_field(self, field: str, value: object, name: str) -> None:
        text = refusal(**{field: value})
        assert re.fullmatch(
            f"The {name} contains (a carriage return|a line feed|NUL), which no header field can "
            "carry. Nothing was sent.",
            text,
        )

    @pytest.mark.parametrize("name", ["X: y\r\nZ", "X Y", "", "X:", "Ü", "X\n"])
    def test_names_of_fields_are_names(self, name: str) -> None:
        assert refusal(headers={name: "x"}) == (
            f"{name!r} is no name of a header field: it consists of ASCII characters other than "
            "blanks and colons."
        )

    @pytest.mark.parametrize("name", ["Content-Type", "mime-version", "CONTENT-DISPOSITION"])
    def test_fields_about_the_content_are_not_for_users(self, name: str) -> None:
        assert refusal(headers={name: "x"}) == (
            f"The header {name} is made from what the email holds and can't be given. An email "
            "that says it wrongly can be sent from an .eml file."
        )

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("Jane", "Jane"),
            ("Jane <jane>", "jane"),
            ("jane@", "jane@"),
            ("@example.com", "@example.com"),
            ("a@b@example.com", "a@b@example.com"),
            ("Jane <>", "Jane"),
            ("['jane@example.com']", "['jane@example.com']"),
            ("jane @example.com", "jane @example.com"),
            ("jane(at)example.com", "jane(at)example.com"),
            ('"a\tb"@example.com', '"a\tb"@example.com'),
        ],
    )
    def test_what_is_no_address_is_named(self, address: str, shown: str) -> None:
        assert refusal(to=address) == (
            f"The recipient {shown!r} is no email address: it should read like jane@example.com or "
            "Jane Doe <jane@example.com>."
        )

    @pytest.mark.parametrize(
        ("address", "bare"),
        [
            ("jane@example.com", "jane@example.com"),
            ("o'hara+tag@sub.example.com", "o'hara+tag@sub.example.com"),
            ('"a;b"@example.com', '"a;b"@example.com'),
            ('"a,b"@example.com', '"a,b"@example.com'),
            ('"a b"@example.com', '"a b"@example.com'),
            ('<"a b"@example.com>', '"a b"@example.com'),
            ("qa@[127.0.0.1]", "qa@[127.0.0.1]"),
            ("qa@[IPv6:::1]", "qa@[IPv6:::1]"),
            ("qa@localhost", "qa@localhost"),
            ("用户@例子.example", "用户@例子.example"),
        ],
    )
    def test_addresses_of_all_kinds_are_taken(self, address: str, bare: str) -> None:
        assert addresses("recipient", address) == (Address("", bare),)

    @pytest.mark.parametrize("content_type", ["text", "text/plain\r\nX: y", "text/plain; x=y"])
    def test_types_are_types(self, content_type: str) -> None:
        assert refusal(attachments=[File("a", b"", content_type)]) == (
            f"The content type {content_type!r} of 'a' is none: it should read like text/csv."
        )

    def test_half_a_character_is_refused(self) -> None:
        for field in ("subject", "text", "html"):
            assert "which is no character but half of one" in refusal(**{field: "a\ud83db"})

    def test_images_need_html(self) -> None:
        assert refusal(text="x", inline_images=[File("a.png", b"")]) == (
            "Inline images need HTML that shows them: the argument html."
        )

    @pytest.mark.parametrize(
        "names", [["my logo.png"], ["lögo.png"], ["a.png", "a.png"], ["a>.png"]]
    )
    def test_images_need_a_name_that_html_can_say(self, names: list[str]) -> None:
        images = [File(name, b"") for name in names]
        assert refusal(html="x", inline_images=images).startswith(
            f"The inline image {names[-1]!r} can't be referred to by its name: "
        )
