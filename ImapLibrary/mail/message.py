"""The bytes of an email -> the frozen `Email` that keywords return."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from ImapLibrary.errors import IncompleteEmail
from ImapLibrary.location import Location
from ImapLibrary.mail import content
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.reader import Reader
from ImapLibrary.mime.headers import Address, Headers, parse_date
from ImapLibrary.mime.parts import Extent, Part
from ImapLibrary.units import amount
from ImapLibrary.unknown import Fields

if TYPE_CHECKING:
    from typing_extensions import Self  # of `typing` from Python 3.11 on

RECIPIENT_FIELDS = ("To", "Cc", "Bcc", "Delivered-To", "X-Original-To", "Envelope-To")
"""The fields that a `recipient` criterion looks at: a catch-all's address is in no To."""

_REMEDY = " `Get Email Body` fetches it."


class Email(Fields, str):
    """An email, as it was when it was read. Nothing of it can be changed.

    Used as text it is its UID, so that it can be given to any keyword that takes an email, and
    compared with UIDs. Its fields:

    | =Field=       | =Value=                                                               |
    | `uid`         | number that names the email in its folder, None if it is in none      |
    | `folder`      | name of the folder                                                    |
    | `subject`     | subject, decoded, on one line                                         |
    | `sender`      | address of From, such as ``qa@example.com``                           |
    | `sender_name` | name beside that address                                              |
    | `recipients`  | addresses of To, Cc, Bcc, Delivered-To, X-Original-To, Envelope-To    |
    | `to`          | those of To with their names, as in ``${email.to[0].name}`` and       |
    |               | ``${email.to[0].address}``; likewise `cc`, `bcc` and `reply_to`       |
    | `date`        | Date field as a datetime with time zone, None if it can't be read     |
    | `received`    | when the server received it, as a datetime with time zone             |
    | `text`        | the readable text; of an HTML-only email the text of the HTML         |
    | `html`        | the HTML, empty if there is none                                      |
    | `attachments` | files, attached messages, invitations; images of the HTML have        |
    |               | ``inline`` set. Each has ``name``, ``type``, ``size``, ``sha256``,    |
    |               | ``inline``, ``content_id`` and ``content`` (bytes)                    |
    | `headers`     | header fields by name in any case: ``${email.headers}[Reply-To]``     |
    | `message_id`  | Message-ID with its angle brackets                                    |
    | `flags`       | flags at that time, such as ``\\Seen``                                 |
    | `seen`        | whether it was flagged as read at that time                           |
    | `size`        | size in bytes                                                         |
    | `raw`         | the email as bytes, exactly as the server has it                      |
    | `complete`    | whether all of these bytes were fetched                               |

    Of a large email only the first bytes may have been fetched. A field that lies beyond them, or
    of which more could lie there, fails and says so. Text that isn't there is empty, never None.
    """

    # No properties, which take too long with thousands of emails.
    __slots__ = {
        "_reader": "What stays the same of it in any folder and with any flags.",
        "flags": "The names of the flags when the email was read.",
        "location": "The folder, of which mailbox, in which state; None for an email in none.",
        "uid": "The UID, None for an email that is in no folder.",
    }

    _FIELDS = (
        *("uid", "folder", "subject", "sender", "sender_name", "recipients", "to", "cc", "bcc"),
        *("reply_to", "date", "received", "text", "html", "attachments", "headers", "message_id"),
        *("flags", "seen", "size", "raw", "complete"),
    )

    uid: int | None
    location: Location | None
    flags: frozenset[str]
    _reader: Reader

    def __new__(
        cls,
        raw: bytes,
        *,
        uid: int | None = None,
        location: Location | None = None,
        flags: Iterable[str] = (),
        received: datetime | None = None,
        size: int | None = None,
        extent: Extent | None = None,
    ) -> Self:
        """Make an email from its bytes.

        raw: the bytes from the start of the message, all or the first of them; or an outline
        uid: its UID in the folder of `location`
        flags: names of its flags, such as `\\Seen`
        received: its INTERNALDATE; without a time zone it is taken for local time
        size: its size in bytes as the server says, by default that of `raw`
        extent: how much of the message `raw` is. By default the first bytes if `size` is larger,
            else the whole. Say WHOLE where the server's size is known to be wrong.
        """
        size = len(raw) if size is None else size
        if extent is None:
            extent = Extent.PREFIX if size > len(raw) else Extent.WHOLE
        if received and not received.tzinfo:
            received = received.astimezone()
        reader = Reader(bytes(raw), extent, received, size)
        return cls._made(uid, location, frozenset(flags), reader)

    def with_flags(self, flags: Iterable[str]) -> Email:
        """Return the same email with these flags. What was parsed already stays parsed."""
        return self._made(self.uid, self.location, frozenset(flags), self._reader)

    def placed(self, uid: int, location: Location) -> Email:
        """Return the same email as it is in a folder that it was copied or moved to."""
        return self._made(uid, location, self.flags, self._reader)

    def with_raw(self, raw: bytes, extent: Extent = Extent.WHOLE) -> Email:
        """Return the same email read from other bytes of it.

        extent: WHOLE (also where the server's size says otherwise), PREFIX, or OUTLINE for what
            `mime.structure.Outline.assemble` makes
        """
        return self._again(raw=raw, extent=extent)

    @property
    def folder(self) -> str:
        """The name of the folder, empty for an email that is in none."""
        return self.location.folder if self.location else ""

    @property
    def received(self) -> datetime | None:
        """INTERNALDATE, with its time zone; None if it wasn't asked for."""
        return self._reader.received

    @property
    def size(self) -> int:
        """The size in bytes, as the server says."""
        return self._reader.size

    @property
    def seen(self) -> bool:
        """Whether it was flagged as read; flags are the same in any case (RFC 9051, 2.3.2)."""
        return any(flag.lower() == "\\seen" for flag in self.flags)

    @property
    def fetched(self) -> bytes:
        """The bytes that were fetched; see `extent`."""
        return self._reader.raw

    @property
    def extent(self) -> Extent:
        """How much of the email the fetched bytes are."""
        return self._reader.extent

    @property
    def complete(self) -> bool:
        """Whether all the bytes of the email were fetched."""
        return self.extent is Extent.WHOLE

    @property
    def raw(self) -> bytes:
        """All the bytes of the email. Raises IncompleteEmail if they weren't all fetched."""
        if not self.complete:
            self._fail("that is not all of it")
        return self._reader.raw

    @property
    def root(self) -> Part:
        """The tree of its parts, so far as it was fetched."""
        return self._reader.root

    @property
    def headers_complete(self) -> bool:
        """Whether the whole header was fetched."""
        return self._reader.headers_complete

    @property
    def text_complete(self) -> bool:
        """Whether `text` can be read: nothing that wasn't fetched could change it."""
        return self._reader.readable.settled

    @property
    def html_complete(self) -> bool:
        """Whether `html` can be read: nothing that wasn't fetched could change it."""
        return self._reader.html_parts.settled

    @property
    def headers(self) -> Headers:
        """The header fields. Raises IncompleteEmail if they weren't all fetched."""
        if not self.headers_complete:
            self._fail("its header goes on beyond them")
        return self._reader.headers

    @property
    def headers_so_far(self) -> Headers:
        """The header fields that were fetched."""
        return self._reader.headers

    @property
    def subject(self) -> str:
        """The subject, decoded, on one line."""
        return self.headers.get("Subject", "")

    @property
    def senders(self) -> tuple[Address, ...]:
        """The addresses of From, with their names; SEARCH FROM looks at the same field."""
        return self.headers.addresses("From")

    @property
    def sender(self) -> str:
        """The first address of From, without its name; empty if there is none."""
        return self.senders[0].address if self.senders else ""

    @property
    def sender_name(self) -> str:
        """The name beside the first address of From; empty if there is none."""
        return self.senders[0].name if self.senders else ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses it was sent to, each once (cases apart), without their names."""
        found: dict[str, str] = {}
        for recipient in self.recipient_addresses:
            found.setdefault(recipient.address.casefold(), recipient.address)
        return tuple(filter(None, found.values()))

    @property
    def recipient_addresses(self) -> tuple[Address, ...]:
        """The addresses it was sent to, each as often as it is there, with their names."""
        return self.headers.addresses(*RECIPIENT_FIELDS)

    @property
    def to(self) -> tuple[Address, ...]:
        """The addresses of To, with their names."""
        return self.headers.addresses("To")

    @property
    def cc(self) -> tuple[Address, ...]:
        """The addresses of Cc, with their names."""
        return self.headers.addresses("Cc")

    @property
    def bcc(self) -> tuple[Address, ...]:
        """The addresses of Bcc, with their names: a sender's own copy may have it."""
        return self.headers.addresses("Bcc")

    @property
    def reply_to(self) -> tuple[Address, ...]:
        """The addresses of Reply-To, with their names."""
        return self.headers.addresses("Reply-To")

    @property
    def date(self) -> datetime | None:
        """The Date field with its time zone; None if it is missing or no date."""
        return parse_date(self.headers.get("Date", ""))

    @property
    def message_id(self) -> str:
        """Message-ID with its angle brackets; empty if there is none."""
        return self.headers.get("Message-ID", "")

    @property
    def text(self) -> str:
        """The readable text. Raises IncompleteEmail if it wasn't all fetched."""
        if not self.text_complete:
            self._fail("its text goes on beyond them, or may", _REMEDY)
        return self._reader.text

    @property
    def text_so_far(self) -> str:
        """The readable text of what was fetched."""
        return self._reader.text

    @property
    def html(self) -> str:
        """The HTML. Raises IncompleteEmail if it wasn't all fetched."""
        if not self.html_complete:
            self._fail("its HTML goes on beyond them, or may", _REMEDY)
        return self._reader.html

    @property
    def html_so_far(self) -> str:
        """The HTML of what was fetched."""
        return self._reader.html

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that come with it, in its order, inline images among them.

        Raises IncompleteEmail if it wasn't all fetched.
        """
        if not self.complete:
            self._fail(
                "its attachments go on beyond them", " `Get Email Attachments` fetches them."
            )
        return self._reader.attachments

    @property
    def attachments_so_far(self) -> tuple[Attachment, ...]:
        """The files of which at least the headers were fetched; their content may be missing."""
        return self._reader.attachments

    @property
    def text_source(self) -> str:
        """The part that `text` comes from, decoded but otherwise as the sender wrote it.

        Raises IncompleteEmail if it wasn't all fetched.
        """
        if not self.text_complete:
            self._fail("its text goes on beyond them, or may", _REMEDY)
        return content.source_of(self._reader.readable.parts)

    @property
    def html_source(self) -> str:
        """The part that `html` comes from, decoded but otherwise as the sender wrote it.

        Raises IncompleteEmail if it wasn't all fetched.
        """
        if not self.html_complete:
            self._fail("its HTML goes on beyond them, or may", _REMEDY)
        return content.source_of(self._reader.html_parts.parts)

    def __repr__(self) -> str:
        uid = "without UID" if self.uid is None else str(self)
        headers = self._reader.headers
        sender = next((address.address for address in headers.addresses("From")), "nobody")
        return f"<Email {uid}: {headers.get('Subject', '')[:60]!r} from {sender[:60]}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Email):
            if self.uid is None:
                return other.uid is None and self.fetched == other.fetched
            return (self.uid, self.location) == (other.uid, other.location)
        if isinstance(other, (bytes, bytearray)):
            return str(self).encode("ascii") == other
        if isinstance(other, int):
            return self.uid == other
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()

    def __bool__(self) -> bool:
        return True

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"An email can't be changed: its {name!r} can't be set.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"An email can't be changed: its {name!r} can't be deleted.")

    def __copy__(self) -> Email:
        return self

    def __deepcopy__(self, memo: object) -> Email:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._arguments())

    def _arguments(self) -> dict[str, Any]:
        return {
            "raw": self.fetched,
            "uid": self.uid,
            "location": self.location,
            "flags": self.flags,
            "received": self.received,
            "size": self.size,
            "extent": self.extent,
        }

    @classmethod
    def _made(
        cls, uid: int | None, location: Location | None, flags: frozenset[str], reader: Reader
    ) -> Self:
        """Return an email of what it consists of, quickly: it may be one of thousands."""
        email = str.__new__(cls, "" if uid is None else uid)
        _put_uid(email, uid)
        _put_location(email, location)
        _put_flags(email, flags)
        _put_reader(email, reader)
        return email

    def _again(self, **changed: Any) -> Email:
        return type(self)(**{**self._arguments(), **changed})

    def _fail(self, what: str, remedy: str = "") -> NoReturn:
        if self.extent is Extent.OUTLINE:
            fetched = "Only the headers and texts"
        else:
            fetched = f"Only the first {amount(len(self.fetched))}"
        raise IncompleteEmail(
            f"{fetched} of this email ({amount(self.size)}) were fetched, and {what}.{remedy}"
        )


# What object.__setattr__ ends in, in half the time.
_put_uid, _put_location, _put_flags, _put_reader = (
    Email.__dict__[name].__set__ for name in ("uid", "location", "flags", "_reader")
)


def _restore(cls: type[Email], arguments: dict[str, Any]) -> Email:
    """Make an email again that was pickled."""
    return cls(**arguments)
