"""What an email is to say -> its bytes (RFC 5322, RFC 2045 and following). Nothing is sent here.

    raw = compose(Draft(sender="qa@example.com", to="jane@example.com", subject="Hi", text="Ho"))

The bytes are ASCII with lines that end in CR LF, so that any server takes them, but for two things
that have no other form: an address outside ASCII, and an attached email with such bytes, which
`in_seven_bits` turns into a file for servers that take ASCII only.

The standard library encodes the texts. Fields are written by `sending.headerlines`, and the parts
are joined here, because an attached email has to stay byte for byte.
"""

from __future__ import annotations

import mimetypes
import re
from base64 import encodebytes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, localtime
from functools import cache
from uuid import uuid4

from ImapLibrary.arguments import encodable, one_line
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mime.headers import Address, parse_addresses
from ImapLibrary.sending.headerlines import address_field, file_field, text_field

Recipients = str | Sequence[str | Address]
"""Addresses, with or without names: one or more in a text, separated by commas, or a list."""

EMAIL_TYPE = "message/rfc822"

BYTES_TYPE = "application/octet-stream"

ADDRESS_FIELDS = ("from", "sender", "to", "cc", "bcc", "reply-to")

_ADDRESS = re.compile(
    r"""(?: [^\s\x00-\x1f\x7f"(),:;<>@\[\\\]]+ | "(?: [^\s\x00-\x1f\x7f"\\] | [ ] )+" ) @ (?: [\w.-]+ | \[[\w.:]+\] )""",
    re.VERBOSE,
)

# Lines of encoded texts may be as long as this.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)

# A line may have got carriage returns too many. The limit keeps the time linear.
_LINE_END = re.compile(rb"\r{1,9}\n|\r|\n")

_OFFICE = "application/vnd.openxmlformats-officedocument"

_MORE_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".ics": "text/calendar",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".webp": "image/webp",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
"""Types that not every Python knows."""


@dataclass(frozen=True)
class File:
    """What is attached.

    name: the file name, without folders
    content: the bytes
    content_type: by default what the name ends in tells; `message/rfc822` for an email
    """

    name: str
    content: bytes = field(repr=False)
    content_type: str = ""

    @property
    def type(self) -> str:
        """The declared type, else the one that the name tells."""
        guessed, encoding = _types().guess_type(self.name)
        if self.content_type or guessed is None or encoding:
            return self.content_type or BYTES_TYPE
        return guessed


@cache
def _types() -> mimetypes.MimeTypes:
    """Return the types that every Python knows, not those that this machine has been told of."""
    types = mimetypes.MimeTypes()
    for ending, content_type in _MORE_TYPES.items():
        types.add_type(content_type, ending)
    return types


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an email is to say. What is empty is left out.

    sender, to, cc, bcc, reply_to: addresses, with or without names. Bcc gets a field of its own;
        who sends the email keeps it out of the draft.
    subject: on one line
    text, html: the body in either form, or both as alternatives
    attachments: files beside the text
    inline_images: files that the HTML shows: `<img src="cid:NAME">` with the file's name
    headers: fields more, or in place of those that would be there: by name
    date: now by default; without a time zone it is local time
    message_id: with angle brackets; by default one that no other email has
    """

    sender: Recipients = ""
    to: Recipients = ()
    cc: Recipients = ()
    bcc: Recipients = ()
    reply_to: Recipients = ()
    subject: str = ""
    text: str | None = None
    html: str | None = None
    attachments: Sequence[File] = ()
    inline_images: Sequence[File] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    date: datetime | None = None
    message_id: str = ""


def compose(draft: Draft) -> bytes:
    """Return the bytes of an email.

    Raises InvalidArgument if the draft holds what no email can carry; no field, address or file
    name can smuggle in another field.
    """
    fields = [
        text_field(name, value) if isinstance(value, str) else address_field(name, value)
        for name, value in _fields(draft).items()
    ]
    return b"".join([*fields, b"MIME-Version: 1.0\r\n", _body(draft)])


def new_id(draft: Draft) -> str:
    """Return a Message-ID that no other email has, of the sender's domain."""
    senders = addresses("sender", draft.sender)
    domain = senders[0].address.rpartition("@")[2] if senders else ""
    known = domain and domain.isascii() and not domain.startswith("[")
    return f"<{uuid4()}@{domain if known else 'localhost'}>"


def in_seven_bits(draft: Draft) -> Draft:
    """Return a draft without what would need 8 bits: attached emails become files of any bytes.

    Only these may be encoded (RFC 2046, section 5.2.1).
    """
    return replace(
        draft,
        attachments=[_as_bytes(file) for file in draft.attachments],
        inline_images=[_as_bytes(file) for file in draft.inline_images],
    )


def _as_bytes(file: File) -> File:
    eight_bit = file.type == EMAIL_TYPE and not file.content.isascii()
    return replace(file, content_type=BYTES_TYPE) if eight_bit else file


def addresses(name: str, value: Recipients) -> tuple[Address, ...]:
    """Return the mailboxes of a text or a list. Raises InvalidArgument if one is no address.

    name: what they are, for the failure
    """
    return tuple(
        _checked(name, address, text)
        for text in ([value] if isinstance(value, str) else value)
        for address in _split(name, text)
    )


def _split(name: str, value: str | Address) -> Iterable[Address]:
    if isinstance(value, Address):
        return [Address(_carried(name, value.name), value.address)]
    if value.startswith("{") and value.endswith("}"):  # Robot Framework makes a text of it
        raise InvalidArgument(
            f"The {name} {value!r} is a dictionary. Addresses are a text, with commas between "
            "them, or a list of texts."
        )
    return parse_addresses(_carried(name, value))


def _checked(name: str, address: Address, text: str | Address) -> Address:
    """Return an address that can be sent to. The reader of emails mends more than is safe here."""
    if not _ADDRESS.fullmatch(address.address) or address.address not in str(text):
        shown = address.address if address.address in str(text) else text
        raise InvalidArgument(
            f"The {name} {str(shown or address.name)!r} is no email address: it should read like "
            "jane@example.com or Jane Doe <jane@example.com>."
        )
    return address


def crlf(data: bytes) -> bytes:
    """Return lines that all end in CR LF, as every email is sent."""
    ends = data.count(b"\r\n")
    if data.count(b"\n") == data.count(b"\r") == ends:
        return data
    return _LINE_END.sub(b"\r\n", data)


def _fields(draft: Draft) -> dict[str, str | tuple[Address, ...]]:
    """Return the header fields but those of MIME, in the order of the email."""
    date = draft.date or localtime()
    given: dict[str, str | tuple[Address, ...]] = {
        "Date": format_datetime(date if date.tzinfo else date.astimezone()),
        "From": addresses("sender", draft.sender),
        "To": addresses("recipient", draft.to),
        "Cc": addresses("recipient", draft.cc),
        "Bcc": addresses("recipient", draft.bcc),
        "Reply-To": addresses("address", draft.reply_to),
        "Subject": _carried("subject", draft.subject),
        "Message-ID": _carried("Message-ID", draft.message_id) or new_id(draft),
    }
    named = {name.lower(): name for name in given}
    for name, value in draft.headers.items():
        given[named.get(name.lower(), name)] = _own_field(name, value)
    return {name: value for name, value in given.items() if value}


def _own_field(name: str, value: str) -> str | tuple[Address, ...]:
    """Return the value of a field that the user names. Raises InvalidArgument if it can't be."""
    if not re.fullmatch("[!-9;-~]+", name):
        raise InvalidArgument(
            f"{name!r} is no name of a header field: it consists of ASCII characters other than "
            "blanks and colons."
        )
    if name.lower().startswith("content-") or name.lower() == "mime-version":
        raise InvalidArgument(
            f"The header {name} is made from what the email holds and can't be given. An email "
            "that says it wrongly can be sent from an .eml file."
        )
    if name.lower() in ADDRESS_FIELDS:
        return addresses(f"address of {name}", value)
    return _carried(f"header {name}", value)


def _carried(name: str, value: str) -> str:
    """Return `value` if a header field can carry it."""
    return encodable(name, one_line(name, value, "header field"))


def _body(draft: Draft) -> bytes:
    """Return the fields of MIME and the content."""
    body = _content(draft)
    if not draft.attachments:
        return body
    return _multipart("mixed", [body, *(_attached(file) for file in draft.attachments)])


def _content(draft: Draft) -> bytes:
    """Return what is read, without what is attached."""
    if draft.html is None:
        if draft.inline_images:
            raise InvalidArgument("Inline images need HTML that shows them: the argument html.")
        return _text(draft.text or "", "plain")
    html = _text(draft.html, "html")
    if draft.inline_images:
        html = _multipart("related", [html, *_inline(draft.inline_images)])
    if draft.text is None:
        return html
    return _multipart("alternative", [_text(draft.text, "plain"), html])


def _text(text: str, subtype: str) -> bytes:
    part = MIMEPart(_POLICY)
    # What is ASCII stays readable, but NUL is not allowed there (RFC 2045, section 2.7).
    encoding = "base64" if "\0" in text else None
    part.set_content(encodable("text", text), subtype=subtype, cte=encoding)
    return part.as_bytes()


def _inline(images: Iterable[File]) -> list[bytes]:
    parts: dict[str, bytes] = {}
    for image in images:
        if not re.fullmatch(r"[\w.+-]+", image.name, re.ASCII) or image.name in parts:
            raise InvalidArgument(
                f"The inline image {image.name!r} can't be referred to by its name: it must be of "
                "letters, digits, dots, hyphens and underscores, and no other may have the same."
            )
        parts[image.name] = _attached(image, content_id=f"<{image.name}>")
    return list(parts.values())


def _attached(file: File, content_id: str = "") -> bytes:
    """Return a part that is a file.

    content_id: by which HTML refers to it, if it does
    """
    if file.type == EMAIL_TYPE:
        # No other encoding is allowed there (RFC 2046, section 5.2.1).
        content = crlf(file.content)
        return _file_fields(file, "7bit" if content.isascii() else "8bit", content_id) + content
    content = encodebytes(file.content).replace(b"\n", b"\r\n")
    return _file_fields(file, "base64", content_id) + content


def _file_fields(file: File, encoding: str, content_id: str) -> bytes:
    """Return the fields of MIME for a file, and the empty line that ends them."""
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type, re.ASCII):
        raise InvalidArgument(
            f"The content type {file.type!r} of {file.name!r} is none: it should read like text/csv."
        )
    name = _carried("file name", file.name)
    fields = [
        text_field("Content-Type", file.type),
        text_field("Content-Transfer-Encoding", encoding),
        file_field("inline" if content_id else "attachment", name),
    ]
    if content_id:
        fields.append(text_field("Content-ID", content_id))
    return b"".join([*fields, b"\r\n"])


def _multipart(subtype: str, parts: Sequence[bytes]) -> bytes:
    boundary = uuid4().hex
    fields = [f"Content-Type: multipart/{subtype};", f' boundary="{boundary}"']
    if not all(part.isascii() for part in parts):
        fields.append("Content-Transfer-Encoding: 8bit")
    opening = "\r\n".join([*fields, "", f"--{boundary}", ""]).encode()
    between = f"\r\n--{boundary}\r\n".encode()
    return opening + between.join(parts) + f"\r\n--{boundary}--\r\n".encode()
