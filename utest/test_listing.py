"""Names of folders as servers write them, and the answers to LIST and STATUS."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.listing import Folder, Naming, from_utf7, parse_list, parse_status, to_utf7

SLASH = Naming("/")
DOT = Naming(".")

# Everything but half a character, which no encoding has.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("INBOX", b"INBOX"),
        ("Tom & Jerry", b"Tom &- Jerry"),
        ("全部郵件", b"&UWiQ6JD1TvY-"),
        ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("Entwürfe", b"Entw&APw-rfe"),
        ("\U0001f600", b"&2D3eAA-"),
        ("a\tb", b"a&AAk-b"),
    ],
)
def test_modified_utf7(name: str, raw: bytes) -> None:
    """The second and the fourth name are those of RFC 9051 and of Gmail."""
    assert to_utf7(name) == raw
    assert from_utf7(raw) == name


@given(TEXT)
def test_every_name_comes_back(name: str) -> None:
    raw = to_utf7(name)
    assert raw.isascii()
    assert from_utf7(raw) == name


@pytest.mark.parametrize("raw", [b"A&B", b"R&D-Plan", b"&!-", b"&AOQ", b"&2D0-"])
def test_what_is_not_modified_utf7_stays(raw: bytes) -> None:
    assert from_utf7(raw) == raw.decode()


@pytest.mark.parametrize(
    ("naming", "name", "wire"),
    [
        (SLASH, "Archive/2026", b'"Archive/2026"'),
        (DOT, "Archive/2026", b'"Archive.2026"'),
        (DOT, "Archive.2026", b'"Archive.2026"'),
        (Naming("\\"), "A/B", b'"A\\\\B"'),
        (Naming(""), "A/B", b'"A/B"'),
        (SLASH, 'say "x" \\', b'"say \\"x\\" \\\\"'),
        (SLASH, "Größe", b'"Gr&APYA3w-e"'),
        (SLASH, "Inbox", b'"INBOX"'),
        (DOT, "inbox/Sent", b'"INBOX.Sent"'),
        (DOT, "inbox.Sent.", b'"INBOX.Sent"'),
        (SLASH, "inbox", b'"INBOX"'),
        (SLASH, "inbox/", b'"INBOX"'),
        (SLASH, "Inboxes/a", b'"Inboxes/a"'),
        (SLASH, "ınbox", b'"&ATE-nbox"'),
        (Naming(""), "ınbox", b'"&ATE-nbox"'),
        (SLASH, "a/inbox", b'"a/inbox"'),
        (SLASH, "a/", b'"a"'),
        (SLASH, "/", b'"/"'),
        (Naming(""), "inbox/", b'"inbox/"'),
        (Naming("/", utf8=True), "Größe & Co", '"Größe & Co"'.encode()),
    ],
)
def test_on_the_wire(naming: Naming, name: str, wire: bytes) -> None:
    assert naming.wire(name) == wire


@pytest.mark.parametrize(
    ("naming", "raw", "name"),
    [
        (DOT, b"INBOX.Sent", "INBOX/Sent"),
        (SLASH, b"v1.2", "v1.2"),
        (SLASH, b"inbox", "INBOX"),
        (SLASH, b"inbox/a", "INBOX/a"),
        (SLASH, b"INBOX/a/", "INBOX/a"),
        (SLASH, b"&ATE-nbox/a", "ınbox/a"),
        (SLASH, "Grüße".encode(), "Grüße"),
        (SLASH, b"Gr\xfc\xdfe", "Gr\ufffd\ufffde"),
        (Naming("/", utf8=True), b"Tom & Jerry", "Tom & Jerry"),
    ],
)
def test_as_people_write_it(naming: Naming, raw: bytes, name: str) -> None:
    assert naming.written(raw) == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "The argument folder is missing or empty."),
        ("  ", "The argument folder is missing or empty."),
        ("a\r\nZZ1 NOOP", "The folder contains a carriage return"),
        ("a\nb", "The folder contains a line feed"),
        ("a\0", "The folder contains NUL"),
        ("\ud83d", "The folder name '\\ud83d' can't be sent: '\\ud83d' is no character."),
    ],
)
def test_what_can_be_no_name(name: str, text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        SLASH.wire(name)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    ("answer", "folder"),
    [
        ([b'(\\HasNoChildren) "/" INBOX'], Folder("INBOX")),
        ([b'() "." "Archive.2026"'], Folder("Archive/2026", ".")),
        ([b'(\\HasNoChildren \\Trash) "/" Bin'], Folder("Bin", special_use="Trash")),
        ([b'(\\MARKED \\SENT) "/" "Sent Items"'], Folder("Sent Items", special_use="Sent")),
        ([b'(\\Noselect \\HasChildren) "/" A'], Folder("A", selectable=False)),
        ([b'(\\NonExistent \\HasChildren) "/" A'], Folder("A", selectable=False)),
        ([b"() NIL flat"], Folder("flat", "")),
        ([b'() "\\\\" "A\\\\B"'], Folder("A/B", "\\")),
        ([b'() "/" "say \\"x\\""'], Folder('say "x"')),
        ([b'() "/" 007'], Folder("007")),
        ([b'() "/" "007"'], Folder("007")),
        ([b'() "/" NIL'], Folder("NIL")),
        ([(b'() "/" {5}', b'a"b\\c'), b""], Folder('a"b\\c')),
        ([b'() "/" A/B ("CHILDINFO" ("SUBSCRIBED"))'], Folder("A/B")),
        ([b'()  "/"   [Gmail]/Drafts'], Folder("[Gmail]/Drafts")),
    ],
)
def test_list(answer: list[Any], folder: Folder) -> None:
    assert list(parse_list(answer, SLASH)) == [folder]


@pytest.mark.parametrize(
    "line", [b"", b"rubbish", b'() "/"', b"() / A", b'(\\NonExistent) "/" Gone']
)
def test_what_is_left_out_costs_no_other(line: bytes) -> None:
    answer = [line, b'() "/" INBOX', line]
    assert list(parse_list(answer, SLASH)) == [Folder("INBOX")]


def test_status() -> None:
    answer = [
        b'"INBOX" (MESSAGES 3 UNSEEN 1)',
        b"Archive.2026 (messages 0 unseen 0 HIGHESTMODSEQ 1)",
        (b"{3}", b"a b"),
        b" (MESSAGES 5)",
        b"rubbish",
    ]
    assert parse_status(answer, DOT) == {
        "INBOX": {"MESSAGES": 3, "UNSEEN": 1},
        "Archive/2026": {"MESSAGES": 0, "UNSEEN": 0, "HIGHESTMODSEQ": 1},
        "a b": {"MESSAGES": 5},
    }


def test_a_folder_is_its_name() -> None:
    folder = Folder("Archive/2026", ".", messages=3)
    assert str(folder) == "Archive/2026"
    assert folder == "Archive/2026"
    assert folder != "Archive.2026"
    assert folder in ["INBOX", "Archive/2026"]
    assert folder == Folder("Archive/2026", ".", messages=3)
    assert folder != Folder("Archive/2026", ".", messages=4)
    assert folder != 3
    assert len({folder, "Archive/2026"}) == 1
