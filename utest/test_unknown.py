"""Named arguments and fields that are misspelt."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from ImapLibrary import ImapLibrary
from ImapLibrary.criteria.criteria import CriteriaArguments
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.listing import Folder
from ImapLibrary.location import Location, Mark
from ImapLibrary.mail.links import Link
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.quality import Finding
from ImapLibrary.mailserver.server import MailServer
from ImapLibrary.unknown import Fields, refuse_unknown
from ImapLibrary.web.opening import OpenedLink

KNOWN = ("sender", "recipient", "subject", "timeout")


def refusal(*others: str) -> str:
    with pytest.raises(InvalidArgument) as caught:
        refuse_unknown("Wait For Email", others, KNOWN)
    return str(caught.value)


def test_none_is_fine() -> None:
    refuse_unknown("Wait For Email", (), KNOWN)


@pytest.mark.parametrize(
    ("other", "meant"),
    [
        ("subjct", "subject"),
        ("SUBJECT", "subject"),
        ("time_out", "timeout"),
        ("reciever", "recipient"),
    ],
)
def test_what_may_have_been_meant(other: str, meant: str) -> None:
    assert refusal(other) == (
        f"`Wait For Email` has no argument {other!r}. Did you mean {meant!r}? It takes sender, "
        "recipient, subject, timeout."
    )


@pytest.mark.parametrize(
    ("other", "meant"),
    [
        ("from", "sender"),
        ("To", "recipient"),
        ("content", "body"),
        ("url", "link"),
        ("flags", "status"),
    ],
)
def test_what_is_called_otherwise_elsewhere(other: str, meant: str) -> None:
    with pytest.raises(InvalidArgument, match=f"Did you mean '{meant}'\\?"):
        refuse_unknown("Find Emails", [other], CriteriaArguments.__annotations__)


@pytest.mark.parametrize("keyword", ["Move Email", "Copy Email"])
def test_what_means_something_else_to_a_keyword(keyword: str) -> None:
    with pytest.raises(InvalidArgument, match=r"Did you mean 'folder'\?"):
        refuse_unknown(keyword, ["to"], ["emails", "folder", *CriteriaArguments.__annotations__])


def test_what_the_keyword_does_not_have_is_not_proposed() -> None:
    with pytest.raises(InvalidArgument) as caught:
        refuse_unknown("Open Mailbox", ["from"], ["host", "user"])
    assert str(caught.value) == ("`Open Mailbox` has no argument 'from'. It takes host, user.")


def test_what_resembles_nothing_gets_no_guess() -> None:
    assert refusal("xyzzy") == (
        "`Wait For Email` has no argument 'xyzzy'. It takes sender, recipient, subject, timeout."
    )


def test_the_first_of_several_is_named() -> None:
    assert "'subjct'" in refusal("subjct", "xyzzy")


EMAIL = Email(
    b"To: Jane <jane@example.com>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b'--x\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nA\r\n--x--\r\n'
)

RETURNED: list[Any] = [
    EMAIL,
    EMAIL.attachments[0],
    EMAIL.to[0],
    Folder("INBOX"),
    Finding("image-alt", "image a.png", "has no alternative text"),
    Link("https://shop.example/", "Shop", 0),
    Mark(Location("imap.example.com", 993, "qa", "INBOX", 1), 1),
    OpenedLink(200, "https://shop.example/", (), "Hello", "Hello"),
]


def no_field(value: Any, name: str) -> str:
    with pytest.raises(AttributeError) as caught:
        getattr(value, name)
    return str(caught.value)


@pytest.mark.parametrize("value", RETURNED, ids=lambda value: type(value).__name__)
class TestFields:
    def test_those_that_are_there_are_told(self, value: Any) -> None:
        text = no_field(value, "xyzzy")
        begin = f"`{type(value).__name__}` has no field 'xyzzy'. It has "
        assert text.startswith(begin)
        for name in text.removeprefix(begin).removesuffix(".").split(", "):
            getattr(value, name)

    def test_whoever_only_asks_gets_an_answer(self, value: Any) -> None:
        assert not hasattr(value, "xyzzy")
        assert getattr(value, "xyzzy", 42) == 42
        for name in ("_xyzzy", "__xyzzy__", "__deepcopy_me__"):
            assert no_field(value, name) == (
                f"{type(value).__name__!r} object has no attribute {name!r}"
            )

    def test_it_can_be_copied(self, value: Any) -> None:
        for same in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert same == value
            assert repr(same) == repr(value)


@pytest.mark.parametrize(
    ("value", "name", "meant"),
    [
        (EMAIL, "body", "text"),
        (EMAIL, "Subject", "subject"),
        (EMAIL, "recipent", "recipients"),
        (EMAIL, "from_email", "sender"),
        (EMAIL, "id", "uid"),
        (EMAIL, "url", ""),
        (EMAIL.attachments[0], "filename", "name"),
        (EMAIL.attachments[0], "content_type", "type"),
        (EMAIL.to[0], "email", "address"),
        (Link("", "", 0), "url", "href"),
        (Link("", "", 0), "address", "href"),
        (RETURNED[-1], "url", "address"),
        (RETURNED[-1], "body", "text"),
    ],
)
def test_the_field_that_may_have_been_meant(value: Any, name: str, meant: str) -> None:
    hint = f"Did you mean {meant!r}? " if meant else ""
    begin = f"`{type(value).__name__}` has no field {name!r}. {hint}It has "
    assert no_field(value, name).startswith(begin)


def test_all_words_of_a_missing_field() -> None:
    assert no_field(Link("", "", 0), "url") == (
        "`Link` has no field 'url'. Did you mean 'href'? It has href, text, index, button, image, "
        "hidden."
    )


def test_fields_of_a_mail_server() -> None:
    server = MailServer.__new__(MailServer)  # one that runs is not needed
    assert no_field(server, "port") == (
        "`MailServer` has no field 'port'. Did you mean 'imap_port'? It has host, smtp_port, "
        "imap_port, imaps_port, ca_file."
    )


def test_all_that_keywords_return_has_it() -> None:
    library = ImapLibrary()
    for name in library.keywords:
        returned = library.get_keyword_types(name).get("return")
        for type_ in _classes(returned):
            if type_.__module__.startswith("ImapLibrary"):
                assert issubclass(type_, Fields), (name, type_)


def _classes(type_: Any) -> list[type]:
    inner = get_args(type_)
    if not inner:
        return [type_] if isinstance(type_, type) else []
    return [each for one in inner for each in _classes(one)]


def test_a_failure_in_a_field_stays_what_it_is() -> None:
    @dataclass(frozen=True)
    class Broken(Fields):
        name: str

        @property
        def size(self) -> int:
            return self.name.xyzzy  # type: ignore[attr-defined,no-any-return]

    assert no_field(Broken("a"), "size") == "'str' object has no attribute 'xyzzy'"
