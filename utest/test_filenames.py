"""That names of files are safe, whatever a sender chose, and stay recognisable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.mail.filenames import MAX_BYTES, numbered, safe_name, same_file


@pytest.mark.parametrize(
    "name",
    [
        "logo4w.png",
        "Grüße €.pdf",
        "報告書.docx",
        "Rechnung 11-2026 (Kopie).pdf",
        ".env",
        "archive.tar.gz",
        "no extension",
        "console.txt",
        "com10.txt",
        "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}.png",
        "می\u200cخواهم.txt",
    ],
)
def test_good_names_stay(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (" \t.\u200b. ", "unnamed"),
        ("\u200d", "unnamed"),
        ("C:\\Windows\\win.ini", "C__Windows_win.ini"),
        ("/etc/passwd", "_etc_passwd"),
        ("Invoice 11/2026.pdf", "Invoice 11_2026.pdf"),
        ('What? "This" <is> *it*|.txt', "What_ _This_ _is_ _it__.txt"),
        ("page.html:evil.exe", "page.html_evil.exe"),
        ("name.exe. . .", "name.exe"),
        ("  name.txt  ", "name.txt"),
        ("first line\r\n second\tline.txt", "first line   second line.txt"),
        ("nul\0byte\x7f\x1b.txt", "nulbyte.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066isolated\u2069.txt", "isolated.txt"),
        ("half\ud800.txt", "half.txt"),
        ("Gru\u0308n.txt", "Grün.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("LPT².txt", "_LPT².txt"),
        ("aux .txt", "_aux .txt"),
        ("conin$", "_conin$"),
        ("N\u200bUL.txt", "_NUL.txt"),
    ],
)
def test_bad_names_are_mended(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("name", "beginning", "end"),
    [
        ("a" * 300 + ".pdf", "aaaa", "a.pdf"),
        ("報" * 300 + ".docx", "報報", "報.docx"),
        ("😀" * 300, "😀😀", "😀"),
        ("a." + "b" * 300, "a.b", "b"),
        ("." + "a" * 300, ".aa", "a"),
        ("nul" + " " * 260 + "x.txt", "_nul", ".txt"),
        ("a" * 253 + ". .png", "aaaa", "a.png"),
    ],
)
def test_long_names_are_cut_before_their_extension(name: str, beginning: str, end: str) -> None:
    safe = safe_name(name)
    assert safe.startswith(beginning)
    assert safe.endswith(end)
    assert len(safe.encode()) <= MAX_BYTES


def test_as_much_of_a_long_name_is_kept_as_there_is_room_for() -> None:
    assert len(safe_name("a" * 300 + ".pdf")) == MAX_BYTES
    assert safe_name("ü" * 126 + "x.pdf") == "ü" * 125 + ".pdf"
    assert safe_name("a" * 254 + " b") == "a" * 254
    assert safe_name("a" * 250 + ".b.pdf") == "a" * 250 + ".pdf"


def test_equal_names_are_numbered() -> None:
    assert [numbered("logo.png", n) for n in (1, 2, 3)] == [
        "logo.png",
        "logo (2).png",
        "logo (3).png",
    ]
    assert numbered(".env", 2) == ".env (2)"
    long = numbered("a" * 251 + ".pdf", 12)
    assert long.endswith("a (12).pdf")
    assert len(long) == MAX_BYTES


def test_names_that_differ_in_case_or_form_are_one_file_somewhere() -> None:
    assert same_file("LOGO.png") == same_file("logo.PNG")
    assert same_file("Gru\u0308n") == same_file("GRÜN")
    assert same_file("logo.png") != same_file("logo (2).png")


PARTS = st.sampled_from(
    ["../", "..\\", "C:", "con", "NUL", "lpt1", ".", " ", "\0", "\u202e", "\u200d", "é", "e\u0301"]
)
NAMES = st.text(max_size=300) | st.lists(PARTS | st.text(max_size=90), max_size=9).map("".join)

DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³"
}


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(NAMES)
def test_any_name_becomes_a_safe_one(name: str) -> None:
    for safe in (safe_name(name), numbered(safe_name(name), 2), numbered(safe_name(name), 1000)):
        assert 0 < len(safe.encode()) <= MAX_BYTES
        assert not set(safe) & set('/\\<>:"|?*')
        assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in safe)
        assert not any(unicodedata.bidirectional(each) in BIDI_CONTROLS for each in safe)
        assert not safe.endswith((".", " "))
        assert not safe.startswith(" ")
        assert safe.partition(".")[0].rstrip(" ").casefold() not in DEVICES
        assert safe_name(safe) == safe
