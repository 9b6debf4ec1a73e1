"""Which files come with an email, and what is said of each."""

from __future__ import annotations

import base64
import hashlib
from email.message import EmailMessage

import pytest
from corpus import SAMPLES
from hypothesis import given
from hypothesis import strategies as st

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.mail.attachments import attachments, names_settled, url_key
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.parts import Extent, parse

PNG = b"\x89PNG\r\n\x1a\n\0\xff"

CORPUS = {sample.name: sample.raw for sample in SAMPLES}


def multipart(*parts: bytes, subtype: str = "mixed", boundary: str = "b") -> bytes:
    """Return an email of parts, each from its header on."""
    header = f"Subject: Hi\r\nContent-Type: multipart/{subtype}; boundary={boundary}\r\n\r\n"
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return header.encode() + body + b"--%s--\r\n" % boundary.encode()


def part(content_type: str, content: bytes = b"x", **fields: str) -> bytes:
    """Return a part in Base64. Fields are named as in `content_id="<1@x>"`."""
    fields = {"content_type": content_type, "content_transfer_encoding": "base64", **fields}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", base64.b64encode(content).decode()]).encode()


TEXT = part("text/plain", b"Hello")


def html(source: str) -> bytes:
    return part("text/html; charset=utf-8", source.encode())


def found(*parts: bytes, subtype: str = "mixed") -> list[str]:
    """Return the attachments of an email of these parts as they are told to people."""
    return [str(each) for each in attachments(parse(multipart(*parts, subtype=subtype)))]


def test_the_email_of_the_origin() -> None:
    first, second = Email(CORPUS["origin_big5_mixed_related_alternative"]).attachments
    assert (first.name, first.type, first.size, first.inline) == (
        "logo4w.png",
        "image/png",
        70,
        True,
    )
    assert first.content_id == "logo@example.com"
    assert (second.name, second.content_id, second.inline) == ("logo4w.png", "", False)
    assert second.number == "2"
    assert second.sha256 == hashlib.sha256(second.content).hexdigest()
    assert second.content.startswith(b"\x89PNG\r\n")
    assert second.content.endswith(b"IEND\xaeB`\x82")
    assert first != second


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attached_message", ["inner.eml (message/rfc822)"]),
        ("bounce", ["part-2.txt (message/delivery-status)", "part-3.txt (text/rfc822-headers)"]),
        ("calendar_invitation", ["invite.ics (text/calendar)", "invite.ics (application/ics)"]),
        (
            "rfc_2231_names",
            [f"{name} (application/pdf)" for name in ("€ rates.pdf", "Grüße.pdf", "encoded ✓.pdf")],
        ),
        ("smime_signed", ["smime.p7s (application/pkcs7-signature)"]),
        ("text_attachment_is_no_text", ["log.txt (text/plain)"]),
        ("format_flowed_delsp", []),
        ("html_only_with_preheader", []),
        ("multipart_without_parts", []),
        ("multipart_without_boundary", []),
        ("empty", []),
    ],
)
def test_attachments_of_the_corpus(name: str, expected: list[str]) -> None:
    assert [str(each) for each in Email(CORPUS[name]).attachments] == expected


def test_an_attached_message_is_there_byte_for_byte() -> None:
    inner = (
        b"subject:Odd   spacing\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\npreamble\r\n"
        b"--i\r\nContent-Type:  message/delivery-status\r\n\r\nA: b\r\n\r\nC: d\r\n--i--\r\n\n\repilogue"
    )
    raw = multipart(TEXT, b"Content-Type: message/rfc822\r\n\r\n" + inner)
    (attachment,) = Email(raw).attachments
    assert attachment.content == inner
    assert (attachment.name, attachment.size) == ("Odd   spacing.eml", len(inner))
    assert Email(attachment.content).attachments[0].content == b"A: b\r\n\r\nC: d"


def test_an_attached_message_may_be_encoded() -> None:
    raw = multipart(TEXT, part("message/rfc822", b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nHi"))
    (attachment,) = Email(raw).attachments
    assert attachment.name == "Grüße.eml"
    assert Email(attachment.content).text == "Hi"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("message/rfc822", b"\r\nHi")], "message.eml (message/rfc822)"),
        ([part("message/rfc822", b"Subject: \r\n\r\nHi")], "message.eml (message/rfc822)"),
        ([part("application/ics")], "invite.ics (application/ics)"),
        ([part("image/png")], "part-1.png (image/png)"),
        ([TEXT, part("image/jpeg")], "part-2.jpg (image/jpeg)"),
        ([TEXT, part("application/x-unheard-of")], "part-2.bin (application/x-unheard-of)"),
        ([TEXT, part("text/x-unheard-of")], "part-2.txt (text/x-unheard-of)"),
        ([TEXT, part('text/csv; name=" "')], "part-2.csv (text/csv)"),
        ([TEXT, part("text/csv; name*=utf-8''%20a.csv%20")], "a.csv (text/csv)"),
        ([TEXT, multipart(part("text/plain; name=a.txt"), boundary="c")], "a.txt (text/plain)"),
        ([TEXT, part("application/pdf; name=a.pdf")], "a.pdf (application/pdf)"),
        (
            [TEXT, part("APPLICATION/PDF; name=a.pdf", content_disposition="attachment")],
            "a.pdf (application/pdf)",
        ),
        (
            [part("text/plain; name=a.txt", content_disposition='attachment; filename="b;c.txt"')],
            "b;c.txt (text/plain)",
        ),
        ([TEXT, part("text/html", content_disposition="attachment")], "part-2.html (text/html)"),
        (
            [TEXT, part("text/plain", content_disposition="inline; filename=a.log")],
            "a.log (text/plain)",
        ),
        ([TEXT, multipart(TEXT, part("image/gif"), boundary="c")], "part-2.2.gif (image/gif)"),
    ],
)
def test_names_and_types(parts: list[bytes], expected: str) -> None:
    assert found(*parts) == [expected]


def test_an_email_may_be_a_file_and_nothing_else() -> None:
    raw = b"Subject: Fax\r\n" + part("application/pdf", b"%PDF")
    (attachment,) = Email(raw).attachments
    assert (attachment.name, attachment.number, attachment.content) == ("part-1.pdf", "1", b"%PDF")


def test_texts_of_the_email_are_no_files() -> None:
    named = part("text/plain; name=body.txt", content_disposition="inline; filename=body.txt")
    assert found(named) == []
    assert found(TEXT, part("text/x-amp-html"), html("Hello"), subtype="alternative") == []
    assert found(TEXT, part("text/html; name=body.html"), subtype="alternative") == []
    calendar = part("text/calendar; method=REQUEST")
    assert found(TEXT, calendar, subtype="alternative") == ["invite.ics (text/calendar)"]
    assert found(TEXT, part("image/png"), subtype="alternative") == ["part-2.png (image/png)"]


LOGO = part("image/png; name=logo.png", PNG, content_id="<logo@x>")


@pytest.mark.parametrize(
    "source",
    [
        '<img src="cid:logo@x">',
        "<img src='CID:logo%40x'>",
        "<IMG alt=x SRC = cid:logo@x >",
        "<td background=cid:logo@x>",
        "<p style='background: url(cid:logo@x)'>",
        '<p style="background: url(&quot;cid:logo@x&quot;)">',
        "<style>p { background: URL( 'cid:logo@x' ) }</style>",
        '<img src="cid:\nlogo@x">',
        "<p style='background: url(&#34;cid:logo@x&#34;)'>",
    ],
)
def test_what_the_html_shows_is_inline(source: str) -> None:
    assert found(html(source), LOGO, subtype="related") == ["logo.png (image/png, inline)"]
    attached = LOGO.replace(b"content-type", b"content-disposition: attachment\r\ncontent-type")
    assert found(html(source), attached) == ["logo.png (image/png, inline)"]


@pytest.mark.parametrize(
    ("content_id", "source"),
    [
        ("logo(1).png", '<img src="cid:logo(1).png">'),
        ("logo(1).png", "<img src=cid:logo(1).png>"),
        ("logo(1).png", "<p style=\"background: url('cid:logo(1).png')\">"),
        ("my logo.png", '<img src="cid:my logo.png">'),
        ("my logo.png", '<img src="cid:my%20logo.png">'),
        ("o'x", '<img src="cid:o\'x">'),
        ("o'x", "<img src='cid:o&#39;x'>"),
        ("my%20logo.png", '<img src="cid:my%20logo.png">'),
        ("my%20logo.png", '<img src="cid:my%2520logo.png">'),
        ("a%40b", '<img src="cid:a%40b">'),
        ("a&b", '<img src="cid:a&amp;b">'),
    ],
)
def test_a_content_id_may_hold_what_ends_other_words(content_id: str, source: str) -> None:
    logo = part("image/png; name=logo.png", PNG, content_id=f"<{content_id}>")
    assert found(html(source), logo) == ["logo.png (image/png, inline)"]


@pytest.mark.parametrize(
    "source",
    ["cid:logo@x", '<a href="cid:logo@x">', '<img src="cid:logo@y">', "<img src=logo.png>"],
)
def test_what_the_html_does_not_show_is_not(source: str) -> None:
    assert found(html(source), LOGO, subtype="related") == ["logo.png (image/png)"]


def test_what_is_related_and_declared_as_inline_is_inline() -> None:
    inline = part("image/png", content_id="<logo@x>", content_disposition="inline; filename=a.png")
    assert found(html("x"), inline, subtype="related") == ["a.png (image/png, inline)"]
    assert found(html("x"), inline) == ["a.png (image/png)"]
    anonymous = part("image/png", content_disposition="inline; filename=a.png")
    assert found(html("x"), anonymous, subtype="related") == ["a.png (image/png)"]


def test_a_location_is_as_good_as_an_id() -> None:
    located = part("image/png; name=a.png", content_location="https://x.example/\r\n a.png")
    assert found(html("<img src='https://x.example/a.png'>"), located) == [
        "a.png (image/png, inline)"
    ]
    assert found(html("<img src='https://x.example/b.png'>"), located) == ["a.png (image/png)"]


def test_html_in_a_file_shows_nothing() -> None:
    attached = part(
        "text/html", b"<img src=cid:logo@x>", content_disposition="attachment; filename=a.html"
    )
    assert found(TEXT, attached, LOGO) == ["a.html (text/html)", "logo.png (image/png)"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (" CID:a%40b ", "cid:a@b"),
        ("cid:a%zz", "cid:a%zz"),
        ("https://x/%41", "https://x/%41"),
        ("", ""),
    ],
)
def test_url_keys(url: str, key: str) -> None:
    assert url_key(url) == key


def test_content_as_text() -> None:
    latin = part("text/csv; charset=iso-8859-1", "Größe\r\n1\r2".encode("latin-1"))
    utf_8 = part("text/csv", "\ufeffGröße".encode())
    declared_by_itself = part(
        "text/html",
        "<meta charset=koi8-r>Привет".encode("koi8-r"),
        content_disposition="attachment",
    )
    first, second, third = Email(multipart(TEXT, latin, utf_8, declared_by_itself)).attachments
    assert first.text() == "Größe\n1\n2"
    assert first.text("windows-1251") == "GrцЯe\n1\n2"
    assert second.text() == "Größe"
    assert third.text() == "<meta charset=koi8-r>Привет"


def test_attachments_are_values() -> None:
    raw = multipart(TEXT, LOGO, LOGO, LOGO.replace(b"logo.png", b"other.png"))
    first, second, third = Email(raw).attachments
    assert first == second
    assert first != third
    assert first != "logo.png"
    assert len({first, second, third}) == 2
    with pytest.raises(AttributeError):
        first.name = "x"  # type: ignore[misc]  # that is what is tested
    assert repr(first) == (
        f"<Attachment 'logo.png': image/png, size=10, sha256={first.sha256!r}, inline=False, "
        "content_id='logo@x'>"
    )


def test_names_can_not_mislead_who_reads_them() -> None:
    name = b"name*=utf-8''a%0Ab%E2%80%AEgnp.exe"
    (attachment,) = Email(
        multipart(TEXT, b"Content-Type: image/png; " + name + b"\r\n\r\n")
    ).attachments
    assert attachment.name == "a\nb\u202egnp.exe"
    assert str(attachment) == "a\\nb\\u202egnp.exe (image/png)"


def test_attachments_of_a_cut_email_say_so() -> None:
    raw = multipart(TEXT, LOGO)
    email = Email(raw[:-3], size=3_000_000)
    with pytest.raises(IncompleteEmail) as failure:
        _ = email.attachments
    assert str(failure.value) == (
        f"Only the first {len(raw) - 3} bytes of this email (2.9 MiB) were fetched, and its "
        "attachments go on beyond them. `Get Email Attachments` fetches them."
    )


def outline(*parts: bytes) -> Email:
    """Return an email of parts of which all but the first have no content."""
    emptied = (part[: part.index(b"\r\n\r\n") + 4] for part in parts[1:])
    return Email(multipart(parts[0], *emptied), size=3_000_000, extent=Extent.OUTLINE)


def test_an_outline_tells_which_attachments_there_are() -> None:
    email = outline(html("<img src=cid:logo@x>"), LOGO, part("application/pdf; name=a.pdf"))
    assert names_settled(email.root)
    logo, pdf = email.attachments_so_far
    assert (str(logo), str(pdf)) == ("logo.png (image/png, inline)", "a.pdf (application/pdf)")
    with pytest.raises(IncompleteEmail) as failure:
        _ = pdf.content
    assert str(failure.value) == (
        "The attachment 'a.pdf' of a large email was not fetched. `Get Attachment Content` fetches "
        "it."
    )
    assert repr(pdf).startswith("<Attachment 'a.pdf': application/pdf, not fetched, ")
    assert pdf == pdf  # noqa: PLR0124  # without its content it can be compared all the same
    loaded = pdf.with_body(base64.b64encode(b"%PDF"))
    assert (loaded.content, loaded.size) == (b"%PDF", 4)
    assert loaded != pdf


def test_the_name_of_a_message_without_one_is_in_its_content() -> None:
    message = part("message/rfc822", b"Subject: Hi\r\n\r\n")
    assert not names_settled(outline(TEXT, message).root)
    named = part("message/rfc822; name=a.eml", b"Subject: Hi\r\n\r\n")
    assert names_settled(outline(TEXT, named).root)
    assert not names_settled(Email(multipart(TEXT, named)[:-20], size=9999).root)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(categories=("L", "N", "Zs", "S", "Pd")), min_size=1, max_size=60),
            st.binary(max_size=200),
        ),
        max_size=4,
    )
)
def test_what_the_standard_library_writes_comes_back(files: list[tuple[str, bytes]]) -> None:
    email = EmailMessage()
    email.set_content("Hello")
    for name, content in files:
        email.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    read = Email(email.as_bytes()).attachments
    assert [each.content for each in read] == [content for _, content in files]
    assert [each.size for each in read] == [len(content) for _, content in files]
    named = [each.name for each in read if not each.name.startswith("part-")]
    assert named == [name.strip() for name, _ in files if name.strip()]


HEADERS = st.sampled_from(
    [
        b"Content-Type: multipart/related; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/calendar; name*=utf-8''%00%ff%2e%2e\r\n",
        b"Content-Type: image/png\r\n",
        b'Content-Disposition: attachment; filename="=?utf-8?Q?=FF?="\r\n',
        b"Content-Disposition: inline\r\n",
        b"Content-ID: <>\r\n",
        b"Content-ID: <%\xff>\r\n",
        b"Content-Location: \x00http://[\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"<img src=cid:%\xff>",
    ]
)


@given(st.lists(HEADERS | st.binary(max_size=20), max_size=30).map(b"".join))
def test_nothing_in_an_email_raises(raw: bytes) -> None:
    for extent in Extent:
        email = Email(raw, extent=extent)
        for each in email.attachments_so_far:
            assert each.name
            assert str(each)
            assert repr(each)
            assert {each: 1}[each]
            if extent is Extent.WHOLE:
                assert len(each.content) == each.size
                assert each.text().encode() is not None
        assert isinstance(names_settled(email.root), bool)
