"""The emails of the embedded mail server: their bytes, parsed when a client asks for what needs it.

pymap would parse a large email for seconds at delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default as parsing_policy
from functools import cached_property

from pymap.bytes import Writeable
from pymap.flags import SessionFlags
from pymap.message import BaseLoadedMessage, BaseMessage
from pymap.mime import MessageBody, MessageContent, MessageHeader
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement
from pymap.parsing.specials.flag import Flag

_PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the standard library's header parser raises on malformed headers instead of a defect. An
email that has some must stay readable as a whole, and must not end a connection."""


class Original:
    """The bytes of one email, as they were received, and what can be read from them.

    envelope: its ENVELOPE, which SEARCH asks for again and again, once it is known
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.envelope: EnvelopeStructure | None = None

    @cached_property
    def parsed(self) -> MessageContent:
        """The MIME structure, found when a client first asks for a part of it."""
        try:
            return MessageContent.parse(self.raw)
        except _PARSER_ERRORS:
            return MessageContent(self.raw, MessageHeader.empty(), MessageBody.empty())

    @cached_property
    def searchable(self) -> str:
        """Headers and text parts, decoded and in lower case (RFC 9051, section 6.4.4)."""
        found = [self.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")]
        try:
            found += _texts(message_from_bytes(self.raw, policy=parsing_policy))
        except _PARSER_ERRORS:
            # What can't be decoded is searched as it stands.
            found.append(self.raw.decode("utf-8", "replace"))
        return "\n".join(found).lower()


def _texts(message: object) -> Iterable[str]:
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        yield from (str(value) for value in part.values())
        if part.get_content_maintype() == "text":
            yield part.get_content()


def spelt(flags: Iterable[Flag], known: Iterable[Flag] = ()) -> frozenset[Flag]:
    """Return flags as they are known already: their case makes no difference (RFC 9051, 2.3.2).

    To pymap, it does in keywords.
    """
    spellings: dict[bytes, Flag] = {}
    for flag in (*known, *sorted(flags)):
        spellings.setdefault(bytes(flag).lower(), flag)
    return frozenset(spellings[bytes(flag).lower()] for flag in flags)


class _InAnyCase(frozenset[Flag]):
    """Flags, among which SEARCH finds a keyword in any case."""

    def __contains__(self, flag: object) -> bool:
        if super().__contains__(flag):
            return True
        return isinstance(flag, Flag) and not flag.is_system and spelt([flag], self) <= self


class Message(BaseMessage):
    """An email in a folder: its UID, flags and date, and its bytes."""

    def __init__(
        self,
        uid: int,
        internal_date: datetime,
        permanent_flags: Iterable[Flag],
        original: Original,
        *,
        recent: bool = False,
        expunged: bool = False,
    ) -> None:
        super().__init__(uid, internal_date, permanent_flags, expunged=expunged)
        self.original = original
        self.recent = recent

    def get_flags(self, session_flags: SessionFlags) -> frozenset[Flag]:
        """Return the flags that a session sees."""
        return _InAnyCase(super().get_flags(session_flags))

    def copied(self, uid: int, *, recent: bool = False, expunged: bool = False) -> Message:
        """Return the same email under another UID."""
        return Message(
            uid,
            self.internal_date,
            self.permanent_flags,
            self.original,
            recent=recent,
            expunged=expunged,
        )

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        """Return what FETCH and SEARCH read from."""
        return LoadedMessage(self, requirement)


class LoadedMessage(BaseLoadedMessage):
    """What FETCH and SEARCH read from.

    pymap knows how to take an email apart. This class gives out the bytes as they were received
    where pymap would take them from its parts, and has an answer for malformed headers.
    """

    def __init__(self, message: Message, requirement: FetchRequirement) -> None:
        super().__init__(message, requirement, None)
        self._original = message.original

    @property
    def content(self) -> MessageContent:
        """The parsed email."""
        return self._original.parsed

    def __bytes__(self) -> bytes:
        return self._original.raw

    def get_size(self, section: Sequence[int] | None = None) -> int:
        """Return the size in bytes of the email, or of one part."""
        return super().get_size(section) if section else len(self._original.raw)

    def get_body(self, section: Sequence[int] | None = None, binary: bool = False) -> Writeable:
        """Return the email, or one part of it."""
        if section or binary:
            return super().get_body(section, binary)
        return Writeable.wrap(self._original.raw)

    def get_header(self, name: bytes) -> Sequence[str]:
        """Return the values of a header; none if they can't be parsed."""
        try:
            return super().get_header(name)
        except _PARSER_ERRORS:
            return []

    def get_envelope_structure(self) -> EnvelopeStructure:
        """Return the ENVELOPE; an empty one if the headers can't be parsed."""
        if self._original.envelope is None:
            self._original.envelope = self._parsed_envelope()
        return self._original.envelope

    def _parsed_envelope(self) -> EnvelopeStructure:
        try:
            envelope = super().get_envelope_structure()
            # pymap parses the headers again while it sends them; see it fail now if it must.
            bytes(envelope)
        except _PARSER_ERRORS:
            return EnvelopeStructure.empty()
        return envelope

    def get_body_structure(self) -> BodyStructure:
        """Return the BODYSTRUCTURE; an empty one if the headers can't be parsed."""
        try:
            structure = super().get_body_structure()
            bytes(structure.extended)
        except _PARSER_ERRORS:
            return BodyStructure.empty()
        return structure

    def contains(self, value: bytes) -> bool:
        """Tell whether the decoded headers or text parts contain `value`, in any case."""
        return value.decode("utf-8", "replace").lower() in self._original.searchable
