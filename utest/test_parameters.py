"""Parameters of MIME fields as senders write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import assert_no_square_time

from ImapLibrary.mime.parameters import boundary, media_type, parameter


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("text/plain", "text/plain"),
        (" TEXT/Html; charset=utf-8", "text/html"),
        ("text/html charset=utf-8", "text/html"),
        ("text / html", "text/html"),
        ("text/plain(a comment)", "text/plain"),
        ("multipart/mixed;boundary=b", "multipart/mixed"),
        ("text", ""),
        ("", ""),
    ],
)
def test_media_types(field: str, expected: str) -> None:
    assert media_type(field) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a/b; name=x.pdf", "x.pdf"),
        ("a/b;NAME = x.pdf ;size=1", "x.pdf"),
        ("a/b name=x.pdf", "x.pdf"),
        ('a/b; name="a;b=c.pdf"; size=1', "a;b=c.pdf"),
        (r'a/b; name="a \"b\" c.pdf"', 'a "b" c.pdf'),
        (r'a/b; name="C:\temp\x.pdf"', r"C:\temp\x.pdf"),
        ("a/b; name=my own file.pdf; size=1", "my own file.pdf"),
        ('a/b; name="x.pdf; size=1', "x.pdf"),
        ("a/b; name=", ""),
        ('a/b; name=""', ""),
        ("a/b; filename=x.pdf", ""),
        ("a/b; name=x.pdf; name=y.pdf", "x.pdf"),
        ('a/b; name="long\r\n name.pdf"', "long name.pdf"),
        ("a/b; name==?utf-8?Q?=C3=A4.pdf?=", "ä.pdf"),
        ('a/b; name="=?utf-8?Q?=C3=A4.pdf?="', "ä.pdf"),
        ('a/b; name="=?utf-8?Q?=C3=A4?=\r\n =?utf-8?Q?.pdf?="', "ä.pdf"),
        ("a/b; name*=utf-8''%C3%A4.pdf", "ä.pdf"),
        ("a/b; name*=\"utf-8'de'%C3%A4.pdf\"", "ä.pdf"),
        ("a/b; name*=''%C3%A4.pdf", "ä.pdf"),
        ("a/b; name*=%C3%A4.pdf", "ä.pdf"),
        ("a/b; name*=x-nobody-knows''%C3%A4.pdf", "ä.pdf"),
        ("a/b; name*=iso-8859-1''%E4%zz.pdf", "ä%zz.pdf"),
        ("a/b; name=plain.pdf; name*=utf-8''%C3%A4.pdf", "ä.pdf"),
        ("a/b; name=plain.pdf; name*0=piece; name*1=s.pdf", "pieces.pdf"),
        ("a/b; name*0=one; name*1=two; name*2=.pdf", "onetwo.pdf"),
        ("a/b; name*2=.pdf; name*0=one; name*1=two", "onetwo.pdf"),
        ("a/b; name*0=one; name*2=.pdf", "one.pdf"),
        ("a/b; name*0*=utf-8''%C3; name*1*=%A4; name*2=.pdf", "ä.pdf"),
        ("a/b; name*0*=utf-8''a%20; name*1=b%20; name*2*=c", "a b%20c"),
        ("a/b; name*0=a; name*1*=%C3%A4", "aä"),
        ('a/b; name*0="=?utf-8?Q?=C3"; name*1="=A4?="', "ä"),
        ("a/b; name*10=k; " + "; ".join(f"name*{i}={i}" for i in range(10)), "0123456789k"),
        ("a/b; name*0=a; name*0=b", "a"),
        ("a/b; name=report (2)", "report (2)"),
        ("a/b; name*=utf-8''; name=real.pdf", "real.pdf"),
        ("a/b; name=real.pdf; name*=", "real.pdf"),
        ("a/b; name*0*=utf-8''; name=real.pdf", "real.pdf"),
        ("a/b; name*=utf-8''", ""),
        ("a/b; name*99999=a", ""),
        ("a/b; name*=utf-8''a%0D%0Ab", "a\r\nb"),
    ],
)
def test_names(field: str, expected: str) -> None:
    assert parameter(field, "name") == expected


def test_raw_bytes() -> None:
    field = 'a/b; name="ä.pdf"'.encode().decode("ascii", "surrogateescape")
    assert parameter(field, "name") == "ä.pdf"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("multipart/mixed; boundary=b", b"b"),
        ('multipart/mixed; boundary="b c: d"; x=y', b"b c: d"),
        ('multipart/mixed; boundary="b "', b"b"),
        ("multipart/mixed; boundary*0=b; boundary*1=c", b"bc"),
        ('multipart/mixed; boundary="=?utf-8?Q?b?="', b"=?utf-8?Q?b?="),
        ("multipart/mixed; boundary=\udce4", b"\xe4"),
        ("multipart/mixed; boundary=abc (comment)", b"abc"),
        ("multipart/mixed; boundary=abc (comment); x=y", b"abc"),
        ("multipart/mixed; boundary=abc  (a;b)", b"abc"),
        ('multipart/mixed; boundary="abc (d)"', b"abc (d)"),
        ("multipart/mixed; boundary=abc(d)", b"abc(d)"),
        ("multipart/mixed", b""),
    ],
)
def test_boundaries(field: str, expected: bytes) -> None:
    assert boundary(field) == expected


@given(st.text(st.sampled_from("namboudry*0123=';\"\\%?Q /\r\n\udce4"), max_size=60))
def test_any_field_is_read(value: str) -> None:
    field = "a/b; " + value
    media_type(field)
    boundary(field)
    parameter(field, "name").encode()


def test_other_values_may_have_comments() -> None:
    assert parameter("text/plain; format=flowed (RFC 3676)", "format") == "flowed"


@pytest.mark.parametrize(
    "piece", [" ", ";", ";a=b", ';a="', ';a="\\', ";name*1*=b", ";a=( ", "*1", "a ", "name*=", "="]
)
def test_hostile_fields_are_read_to_their_end(piece: str) -> None:
    def read(length: int) -> None:
        field = "a/b;" + piece * (length // len(piece))
        media_type(field)
        boundary(field)
        parameter(field, "name")

    assert_no_square_time(read, 50_000)
