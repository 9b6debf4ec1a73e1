"""Which attachments a name pattern and a type mean, and how it reads if they mean none or several."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ImapLibrary.errors import AttachmentNotFound, InvalidArgument, SeveralAttachments
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.choosing import Selection
from ImapLibrary.mime.parts import parse


def attachment(name: str, type_: str = "image/png", *, inline: bool = False) -> Attachment:
    return Attachment(name, type_, inline, "", "2", parse(b"\r\n"))


LOGO = attachment("logo.png", inline=True)
PHOTO = attachment("Photo.PNG")
REPORT = attachment("report [final].pdf", "application/pdf")
GREEN = attachment("Gru\u0308n.txt", "text/plain")
ALL = (LOGO, PHOTO, REPORT, GREEN)


def chosen(
    name: str | None = None, media_type: str | None = None, *, inline: bool = True
) -> list[str]:
    return [each.name for each in Selection(name, media_type, inline).any_of(ALL)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("logo.png", [LOGO]),
        ("photo.png", [PHOTO]),
        ("*.png", [LOGO, PHOTO]),
        ("*", list(ALL)),
        ("?hoto.*", [PHOTO]),
        ("[lp]*.png", [LOGO, PHOTO]),
        ("report [final].pdf", [REPORT]),
        ("report*", [REPORT]),
        ("grün.txt", [GREEN]),
        ("GRÜN*", [GREEN]),
        ("logo", []),
        ("ogo.png", []),
        (" logo.png ", [LOGO]),
        ("exact:LOGO.png", [LOGO]),
        ("exact:*", []),
        ("glob:logo*", [LOGO]),
        ("regexp:^[Pl].*[gG]$", [LOGO, PHOTO]),
    ],
)
def test_names(name: str, expected: list[Attachment]) -> None:
    assert chosen(name) == [each.name for each in expected]


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("image/png", [LOGO, PHOTO]),
        ("IMAGE/*", [LOGO, PHOTO]),
        ("*/pdf", [REPORT]),
        ("image", []),
    ],
)
def test_types(media_type: str, expected: list[Attachment]) -> None:
    assert chosen(media_type=media_type) == [each.name for each in expected]


def test_all_that_is_asked_must_hold() -> None:
    assert chosen("*o*", "image/*", inline=False) == ["Photo.PNG"]
    assert chosen(inline=False) == [each.name for each in ALL if not each.inline]
    assert chosen() == [each.name for each in ALL]


@pytest.mark.parametrize(("name", "media_type"), [("", None), (" ", None), (None, "")])
def test_an_empty_pattern_is_refused(name: str | None, media_type: str | None) -> None:
    argument = "type" if name is None else "name"
    with pytest.raises(InvalidArgument, match=f"^The criterion {argument} is empty"):
        Selection(name, media_type, True)
    with pytest.raises(InvalidArgument, match="^The criterion name is no regular expression"):
        Selection("regexp:(", None, True)


def test_a_pattern_that_meets_nothing_is_a_failure() -> None:
    for choose in (
        Selection("*.doc", "text/*", False).some_of,
        Selection("*.doc", None, True).one_of,
    ):
        with pytest.raises(AttachmentNotFound, match=r"^No attachment of the email matches name="):
            choose(ALL)
    with pytest.raises(AttachmentNotFound) as failure:
        Selection("*.doc", "text/*", False).some_of(ALL)
    assert str(failure.value) == (
        "No attachment of the email matches name=*.doc and type=text/* and inline=False. It has:\n"
        "  logo.png (image/png, inline)\n"
        "  Photo.PNG (image/png)\n"
        "  report [final].pdf (application/pdf)\n"
        "  Gru\u0308n.txt (text/plain)"
    )


def test_without_a_pattern_there_may_be_none() -> None:
    assert Selection(None, None, True).some_of(()) == []
    assert Selection(None, None, False).some_of([LOGO]) == []
    with pytest.raises(AttachmentNotFound, match=r"^The email has no attachments\.$"):
        Selection(None, None, True).one_of(())
    with pytest.raises(AttachmentNotFound, match=r"matches inline=False\. It has:\n  logo\.png"):
        Selection(None, None, False).one_of([LOGO])


@pytest.mark.parametrize(
    ("name", "attachments", "which"),
    [
        ("*.png", ALL, "2 attachments that match name=*.png"),
        (None, (LOGO, PHOTO), "2 attachments"),
    ],
)
def test_one_of_several_can_not_be_known(
    name: str | None, attachments: Sequence[Attachment], which: str
) -> None:
    with pytest.raises(SeveralAttachments) as failure:
        Selection(name, None, True).one_of(attachments)
    assert str(failure.value) == (
        f"The email has {which}, and it can't be known which one is meant:\n"
        "  logo.png (image/png, inline)\n"
        "  Photo.PNG (image/png)\n"
        "Give a name= or type= that only one of them has, or leave out those that the HTML shows "
        "with inline=False."
    )
    assert Selection(name, None, False).one_of([LOGO, PHOTO]) == [PHOTO]


def test_only_some_of_many_are_told() -> None:
    with pytest.raises(SeveralAttachments) as failure:
        Selection(None, None, True).one_of([PHOTO] * 23)
    assert str(failure.value).count("Photo.PNG") == 20
    assert "\n  and 3 more\nGive a name= " in str(failure.value)
