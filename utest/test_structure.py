"""What is fetched of a large email, and that its outline reads as the email itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from corpus import SAMPLES, Sample
from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response

from ImapLibrary.mail.message import Email
from ImapLibrary.mailserver.server import MailServer
from ImapLibrary.mime.parts import Extent
from ImapLibrary.mime.structure import MAX_PARTS, plan

HEADER = b'Subject: Hi\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
TEXT = b"Content-Type: text/plain\r\n\r\n"
IMAGE = b"Content-Type: image/png; name=logo.png\r\nContent-Disposition: attachment\r\n\r\n"

TEXT_PART = '("TEXT" "PLAIN" ("charset" "utf-8") NIL NIL "7BIT" 5 1)'
IMAGE_PART = '("IMAGE" "PNG" NIL NIL NIL "BASE64" 26214400)'


def parsed(structure: str) -> Any:
    """Return a BODYSTRUCTURE as IMAPClient parses it."""
    answer = f"1 (UID 1 BODYSTRUCTURE {structure})".encode()
    return parse_fetch_response([answer])[1][b"BODYSTRUCTURE"]


def assembled(structure: str, answers: dict[str, bytes]) -> Email:
    outline = plan(parsed(structure))
    assert set(outline.sections) == set(answers)
    return Email(outline.assemble(answers), size=26_000_000, extent=Extent.OUTLINE)


def test_an_email_of_one_text_part() -> None:
    email = assembled(TEXT_PART, {"HEADER": b"Subject: Hi\r\n\r\n", "1": b"Hello\r\n"})
    assert (email.subject, email.text, email.html) == ("Hi", "Hello", "")


def test_an_email_that_is_an_image_has_no_text() -> None:
    email = assembled(IMAGE_PART, {"HEADER": b"Subject: Hi\r\n" + IMAGE})
    assert (email.subject, email.text) == ("Hi", "")


def test_attachments_are_there_without_content() -> None:
    email = assembled(
        f'({TEXT_PART}{IMAGE_PART} "MIXED")',
        {"HEADER": HEADER, "1.MIME": TEXT, "1": b"Hello", "2.MIME": IMAGE},
    )
    assert email.text == "Hello"
    assert [part.filename for part in email.root.walk()] == ["", "", "logo.png"]
    image = email.root.parts[1]
    assert image.known
    assert not image.whole
    assert not email.complete


def test_sections_of_nested_parts() -> None:
    attached = TEXT_PART.replace("5 1)", '5 1 NIL ("ATTACHMENT" ("filename" "log.txt")))')
    message = f'("message" "rfc822" NIL NIL NIL "7bit" 99 NIL {TEXT_PART} 9)'
    html = '("text" "html" NIL NIL NIL "7bit" 5 1 NIL ("INLINE" NIL) NIL)'
    outline = plan(
        parsed(
            f'((({TEXT_PART}{html} "alternative"){IMAGE_PART} "related"){attached}{message} "m")'
        )
    )
    assert outline.sections == (
        "HEADER",
        "1.MIME",
        "1.1.MIME",
        "1.1.1.MIME",
        "1.1.1",
        "1.1.2.MIME",
        "1.1.2",
        "1.2.MIME",
        "2.MIME",
        "3.MIME",
    )


@pytest.mark.parametrize(
    "structure",
    [
        '("MULTIPART" "MIXED" ("boundary" "b") NIL NIL "7BIT" 0)',
        f'({TEXT_PART}("MULTIPART" "MIXED") "MIXED")',
        "(NIL NIL NIL NIL NIL NIL 0)",
        '("TEXT" NIL NIL NIL NIL "7BIT" 5 1)',
        '("TEXT" 7 NIL NIL NIL "7BIT" 5 1)',
        '("TEXT")',
        TEXT_PART.replace("5 1)", '5 1 NIL "attachment")'),
        TEXT_PART.replace("5 1)", "5 1 NIL (NIL NIL))"),
        f'({TEXT_PART * (MAX_PARTS + 1)} "MIXED")',
        "(" * 30 + TEXT_PART + ' "MIXED")' * 30,
    ],
)
def test_odd_structures_are_refused(structure: str) -> None:
    with pytest.raises(ValueError, match=r"part|Not a"):
        plan(parsed(structure))


@pytest.mark.parametrize(
    "structure", [None, b"", 7, (), [], ([], b"MIXED"), ((), b"MIXED"), (1, 2)]
)
def test_what_is_no_structure_is_refused(structure: object) -> None:
    with pytest.raises(ValueError, match=r"part|Not a"):
        plan(structure)


MIXED = f'({TEXT_PART}{IMAGE_PART} "MIXED")'
ANSWERS = {"HEADER": HEADER, "1.MIME": TEXT, "1": b"Hello", "2.MIME": IMAGE}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"1": b"Hello\r\n--b--\r\n"}, id="content that ends the multipart"),
        pytest.param(
            {"1": b"a\r\n--b\r\nContent-Type: text/html\r\n\r\nb"}, id="content with parts"
        ),
        pytest.param({"1.MIME": TEXT[:-2] + b"\r\nMore\r\n\r\n"}, id="header that ends early"),
        pytest.param(
            {"1.MIME": HEADER.replace(b'"b"', b"c"), "1": b"--c\r\n\r\nHello\r\n--c--\r\n"},
            id="text that is a multipart",
        ),
        pytest.param(
            {"1.MIME": b"Content-Type: multipart/alternative; boundary=c\r\n\r\n"},
            id="header of the multipart, as GreenMail gives it",
        ),
        pytest.param({"2.MIME": TEXT}, id="image that says it is a text"),
        pytest.param({"2.MIME": b""}, id="image whose header is missing"),
        pytest.param({"HEADER": b""}, id="no header"),
        pytest.param({"HEADER": HEADER.replace(b"boundary", b"boundless")}, id="no boundary"),
        pytest.param({"HEADER": b"\r\n" + HEADER}, id="header that begins with its end"),
        pytest.param({"HEADER": b"One\r\nTwo\r\n" + HEADER}, id="header that is none"),
    ],
)
def test_there_is_no_outline_that_reads_otherwise(changed: dict[str, bytes]) -> None:
    outline = plan(parsed(MIXED))
    assert outline.assemble(ANSWERS)
    with pytest.raises(ValueError, match="Part"):
        outline.assemble({**ANSWERS, **changed})


def test_a_missing_answer_leaves_no_outline() -> None:
    outline = plan(parsed(MIXED))
    for section in outline.sections:
        rest = {name: value for name, value in ANSWERS.items() if name != section}
        if section != "1.MIME":  # without a header a part is plain text, as it should be here
            with pytest.raises(ValueError, match="Part"):
                outline.assemble(rest)


def test_headers_without_their_blank_line_are_understood() -> None:
    answers = {name: value.rstrip() for name, value in ANSWERS.items()}
    outline = plan(parsed(MIXED))
    assert outline.assemble(answers) == outline.assemble(ANSWERS)


@pytest.fixture(scope="module")
def client() -> Iterator[IMAPClient]:
    if sys.version_info < (3, 11):
        pytest.skip("the embedded mail server needs Python 3.11")
    pytest.importorskip("pymap", reason="the extra 'server' is not installed")
    with (
        MailServer() as server,
        IMAPClient(server.host, server.imap_port, ssl=False, use_uid=True) as client,
    ):
        client.login("qa@example.com", "any")
        client.select_folder("INBOX")
        yield client


def on_server(client: IMAPClient, raw: bytes) -> tuple[Email, Email | None]:
    """Return the email as the server has it and as read by its outline, None if there is none."""
    client.append("INBOX", raw)
    client.noop()
    uid = max(client.search())
    whole = Email(client.fetch(uid, "BODY.PEEK[]")[uid][b"BODY[]"])
    try:
        outline = plan(client.fetch(uid, "BODYSTRUCTURE")[uid][b"BODYSTRUCTURE"])
        items = [f"BODY.PEEK[{section}]" for section in outline.sections]
        answer = client.fetch(uid, items)[uid]
        answers = {name: answer[f"BODY[{name}]".encode()] or b"" for name in outline.sections}
        return whole, whole.with_raw(outline.assemble(answers), Extent.OUTLINE)
    except (ProtocolError, ValueError):
        return whole, None


WITHOUT_OUTLINE = {
    "multipart_without_boundary",
    "multipart_without_parts",
    # Boundaries that pymap and the library find in different places.
    "bare_cr_in_a_header",
    "boundaries_followed_by_blanks",
    "boundary_in_raw_bytes",
    "boundary_of_the_multipart_around",
    "boundary_that_looks_like_an_encoded_word",
    "boundary_twice_in_a_row",
    "boundary_with_blank_at_its_end",
    # Headers that end without a blank line.
    "link_in_a_text_without_blank_line",
    "no_blank_line_after_the_header",
    "note_in_a_text_without_blank_line",
    "part_without_blank_line",
    # More than one command can ask for.
    "parts_1001",
    "parts_on_52_levels",
    # pymap tells a disposition as one word.
    "disposition_that_nobody_knows",
    "disposition_with_a_comment",
    "disposition_without_a_word",
    "disposition_without_its_semicolon",
    "html_file_that_is_attached",
    "text_attachment_is_no_text",
}
"""Emails whose structure nobody should rely on."""

NOT_ON_SERVER = {
    "empty",  # can't be appended
    "no_body",  # pymap takes a header without end for a body,
    "line_of_blanks_in_a_folded_header",  # and a line of blanks for the end of a header
}

ON_SERVER = [sample for sample in SAMPLES if sample.name not in NOT_ON_SERVER]


@pytest.mark.parametrize("sample", ON_SERVER, ids=str)
def test_an_outline_reads_as_the_whole_email(client: IMAPClient, sample: Sample) -> None:
    whole, outline = on_server(client, sample.raw)
    assert (outline is None) == (sample.name in WITHOUT_OUTLINE)
    if outline:
        assert (outline.text, outline.html) == (whole.text, whole.html)
        # pymap takes the line end before a boundary for part of the text.
        assert outline.text_source.split() == whole.text_source.split()
        assert outline.headers.lines == whole.headers.lines
        assert [part.filename for part in outline.root.walk()] == [
            part.filename for part in whole.root.walk()
        ]
