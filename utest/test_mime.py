"""The tree of parts, of a whole message and of what has come of one so far."""

from __future__ import annotations

import pytest

from ImapLibrary.mime.parts import MAX_DEPTH, Extent, Part, headers_end, parse

MIXED = (
    b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n"
    b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
    b"--c\r\nContent-Type: text/plain\r\n\r\none\r\n"
    b"--c\r\nContent-Type: text/html\r\n\r\ntwo\r\n--c--\r\n"
    b"--b\r\nContent-Type: image/png\r\n\r\nthree\r\n--b--\r\nepilogue\r\n"
)


def drawn(part: Part) -> str:
    """Return a tree as text: `?` where the type can't be told, `...` where more may come."""
    if not part.known:
        return "?"
    if part.parts:
        more = ["..."] * part.open
        inside = " ".join([*map(drawn, part.parts), *more])
        return f"{part.content_type.partition('/')[2]}({inside})"
    content = (part.body or b"").decode()
    return f"{part.content_type.partition('/')[2]}:{content}{'' if part.whole else '...'}"


def leaf(*lines: str, body: str = "x") -> Part:
    raw = "\r\n".join([*lines, "", body]).encode("utf-8", "surrogateescape")
    return parse(raw)


class TestTree:
    def test_whole(self) -> None:
        assert drawn(parse(MIXED)) == "mixed(alternative(plain:one html:two) png:three)"

    @pytest.mark.parametrize(
        ("last", "tree"),
        [
            (b"Subj", "?"),
            (b"boundary=b\r\n\r\n", "?"),
            (b"preamble\r\n", "?"),
            (b"preamble\r\n--b\r\n", "mixed(? ...)"),
            (b"boundary=c\r\n\r\n", "mixed(? ...)"),
            (b"--c\r\nContent-Type: text", "mixed(alternative(? ...) ...)"),
            (b"one", "mixed(alternative(? ...) ...)"),
            (b"one\r\n", "mixed(alternative(plain:one... ...) ...)"),
            (b"one\r\n--c", "mixed(alternative(plain:one... ...) ...)"),
            (b"one\r\n--c\r\n", "mixed(alternative(plain:one ? ...) ...)"),
            (b"two\r\n", "mixed(alternative(plain:one html:two... ...) ...)"),
            (b"two\r\n--c--\r\n", "mixed(alternative(plain:one html:two) ...)"),
            (b"--c--\r\n--b\r\n", "mixed(alternative(plain:one html:two) ? ...)"),
            (b"three\r\n", "mixed(alternative(plain:one html:two) png:three... ...)"),
            (b"three\r\n--b--\r\n", "mixed(alternative(plain:one html:two) png:three)"),
        ],
    )
    def test_cut(self, last: bytes, tree: str) -> None:
        raw = MIXED[: MIXED.index(last) + len(last)]
        assert drawn(parse(raw, Extent.PREFIX)) == tree

    def test_a_line_that_was_cut_is_no_boundary(self) -> None:
        raw = MIXED[: MIXED.index(b"two")] + b"--b"
        more = raw + b"ut not this one\r\n"
        assert drawn(parse(raw, Extent.PREFIX)) == "mixed(alternative(plain:one ? ...) ...)"
        assert "html:--but not this one" in drawn(parse(more, Extent.PREFIX))

    def test_outline(self) -> None:
        assert drawn(parse(MIXED, Extent.OUTLINE)) == (
            "mixed(alternative(plain:one html:two) png:three...)"
        )

    def test_a_boundary_that_never_comes_leaves_a_text(self) -> None:
        part = parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\none\r\n")
        assert (drawn(part), part.readable) == ("plain:one\r\n", True)

    def test_the_last_boundary_may_be_missing(self) -> None:
        raw = MIXED[: MIXED.index(b"--b--")]
        assert drawn(parse(raw)) == "mixed(alternative(plain:one html:two) png:three)"

    def test_walk_goes_in_the_order_of_the_email(self) -> None:
        assert [part.content_type for part in parse(MIXED).walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "image/png",
        ]

    def test_an_attached_message_is_a_leaf(self) -> None:
        part = leaf("Content-Type: message/rfc822", body="Subject: inner\r\n\r\ntext")
        assert (part.content_type, part.parts) == ("message/rfc822", ())
        assert part.content == part.body == b"Subject: inner\r\n\r\ntext"

    def test_parts_are_read_down_to_a_depth(self) -> None:
        levels = MAX_DEPTH + 5
        raw = b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
            for level in range(levels)
        )
        tree = parse(raw + b"\r\ntext")
        assert sum(1 for _ in tree.walk()) == MAX_DEPTH + 1

    @pytest.mark.parametrize("extent", Extent)
    def test_nothing_is_a_message_too(self, extent: Extent) -> None:
        part = parse(b"", extent)
        assert part.known == (extent is not Extent.PREFIX)
        assert part.content == b""


class TestType:
    @pytest.mark.parametrize(
        ("line", "content_type"),
        [
            ("Subject: none", "text/plain"),
            ("Content-Type: TEXT/HTML; charset=utf-8", "text/html"),
            ("Content-Type: text", "text/plain"),
            ("Content-Type:", "text/plain"),
            ("Content-Type: multipart/mixed", "text/plain"),
            ("Content-Type: application/pdf", "application/pdf"),
        ],
    )
    def test_of_a_leaf(self, line: str, content_type: str) -> None:
        assert leaf(line).content_type == content_type

    @pytest.mark.parametrize(
        ("lines", "readable"),
        [
            ([], True),
            (["Content-Type: text/html"], True),
            (["Content-Type: text/html", "Content-Disposition: INLINE"], True),
            (["Content-Type: text/html", "Content-Disposition: inline; filename=a.html"], True),
            (["Content-Type: text/html", "Content-Disposition: attachment"], False),
            (["Content-Type: text/html", "Content-Disposition: x-unknown"], False),
            (["Content-Type: text/csv"], False),
            (["Content-Type: image/png"], False),
        ],
    )
    def test_what_is_read_as_text(self, lines: list[str], readable: bool) -> None:
        assert leaf(*lines).readable is readable

    def test_a_multipart_is_not_read_itself(self) -> None:
        assert not parse(MIXED).readable


class TestParameters:
    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            (["Content-Type: image/png; name=logo.png"], "logo.png"),
            (
                ["Content-Type: image/png", "Content-Disposition: attachment; filename=a.png"],
                "a.png",
            ),
            (
                [
                    "Content-Type: image/png; name=other.png",
                    'Content-Disposition: attachment; filename="a; b.png"',
                ],
                "a; b.png",
            ),
            (["Content-Disposition: attachment; FILENAME=a.png"], "a.png"),
            (["Content-Disposition: attachment; filename*=utf-8''gr%C3%BCn.png"], "grün.png"),
            (["Content-Disposition: attachment; filename*=utf-8'de'gr%C3%BCn.png"], "grün.png"),
            (["Content-Disposition: attachment; filename*=gr%C3%BCn.png"], "grün.png"),
            (
                [
                    "Content-Disposition: attachment; filename*0*=utf-8''gr%C3;",
                    " filename*1*=%BCn; filename*2=.png",
                ],
                "grün.png",
            ),
            (
                [
                    "Content-Disposition: attachment; filename=plain.png;",
                    " filename*=utf-8''gr%C3%BCn.png",
                ],
                "grün.png",
            ),
            (
                ['Content-Disposition: attachment; filename="=?utf-8?q?gr=C3=BCn=2Epng?="'],
                "grün.png",
            ),
            (['Content-Disposition: attachment; filename="grün.png"'], "grün.png"),
            (['Content-Disposition: attachment; filename="gr\udcfcn.png"'], "grün.png"),
            (['Content-Disposition: attachment; filename="../../etc/passwd"'], "../../etc/passwd"),
            (["Content-Disposition: attachment; filename="], ""),
            (["Content-Disposition: attachment; filename*1=b; filename*9=c"], "bc"),
            (
                ["Content-Disposition: attachment; filename*=\0''%ff"],
                "\N{LATIN SMALL LETTER Y WITH DIAERESIS}",
            ),
            (["Content-Disposition: attachment"], ""),
            ([], ""),
        ],
    )
    def test_file_names(self, lines: list[str], name: str) -> None:
        assert leaf(*lines).filename == name

    @pytest.mark.parametrize(
        ("line", "charset"),
        [
            ("Content-Type: text/plain; charset=UTF-8", "UTF-8"),
            ('Content-Type: text/plain; charset="utf-8"', "utf-8"),
            ("Content-Type: text/plain; charset*=us-ascii''utf-8", "utf-8"),
            ("Content-Type: text/plain", ""),
            ("Subject: none", ""),
        ],
    )
    def test_charset(self, line: str, charset: str) -> None:
        assert leaf(line).charset == charset

    @pytest.mark.parametrize(
        ("value", "content_id"),
        [("<logo@x>", "logo@x"), (" <logo@x> ", "logo@x"), ("logo@x", "logo@x"), ("", "")],
    )
    def test_content_id(self, value: str, content_id: str) -> None:
        assert leaf(f"Content-ID: {value}").content_id == content_id

    @pytest.mark.parametrize(
        ("value", "disposition"),
        [
            ("inline", "inline"),
            ('ATTACHMENT; filename="a;b"', "attachment"),
            ("; filename=a", ""),
            ("inline (shown)", "inline"),
            ("inline(shown)", "inline"),
            ("inline filename=x.txt", "inline"),
            ("inline\t; filename=x.txt", "inline"),
            ("", ""),
        ],
    )
    def test_disposition(self, value: str, disposition: str) -> None:
        assert leaf(f"Content-Disposition: {value}").disposition == disposition

    def test_headers_are_those_of_the_part(self) -> None:
        (_, image) = parse(MIXED).parts
        assert dict(image.headers) == {"Content-Type": "image/png"}
        assert parse(MIXED).headers["subject"] == "x"


class TestContent:
    @pytest.mark.parametrize(
        ("encoding", "body", "content"),
        [
            ("7bit", "SGk=", b"SGk="),
            ("base64", "SGk=", b"Hi"),
            ("quoted-printable", "=C3=BC=\r\n!", "ü!".encode()),
            ("8bit", "ü", "ü".encode()),
            ("binary", "\udcff\udcfe", b"\xff\xfe"),
        ],
    )
    def test_is_decoded(self, encoding: str, body: str, content: bytes) -> None:
        part = leaf(f"Content-Transfer-Encoding: {encoding}", body=body)
        assert part.content == content
        assert part.body == body.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("raw", "end"),
    [
        (b"Subject: x\r\n\r\n", True),
        (b"Subject: x\n\ntext", True),
        (b"Subject: x\n\r\n", True),
        (b"\r\ntext", True),
        (b"\ntext", True),
        (b"", False),
        (b"Subject: x\r\n", False),
        (b"Subject: x\r\n\r", False),
    ],
)
def test_whether_the_header_ends_here(raw: bytes, end: bool) -> None:
    assert headers_end(raw) is end
