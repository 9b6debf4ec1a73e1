"""What an email must be like: the conditions that keywords take, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from ImapLibrary.arguments import TrueOrFalse
from ImapLibrary.criteria.base import Condition, Not
from ImapLibrary.criteria.content import Attached, Body, HasAttachments, Link, Text
from ImapLibrary.criteria.dates import Before, On, SentBefore, SentOn, SentSince, Since
from ImapLibrary.criteria.header import Cc, Header, Recipient, Sender, Subject
from ImapLibrary.criteria.server import Gmail, Search
from ImapLibrary.criteria.state import Keyword, Larger, Smaller, Status, Uid
from ImapLibrary.imap.habits import Habits
from ImapLibrary.location import Location, check_location
from ImapLibrary.mail.message import Email
from ImapLibrary.moments import Moment

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


class CriteriaArguments(TypedDict, total=False):
    """The criteria as arguments of keywords. What is None was not given."""

    sender: str | None
    recipient: str | None
    cc: str | None
    subject: str | None
    header: str | None
    text: str | None
    body: str | None
    link: str | None
    attachment: str | None
    has_attachments: TrueOrFalse | None
    status: str | None
    keyword: str | None
    larger: int | None
    smaller: int | None
    since: Moment | None
    before: Moment | None
    on: Moment | None
    sent_since: Moment | None
    sent_before: Moment | None
    sent_on: Moment | None
    uid: str | None
    search: str | None
    gmail: str | None
    not_sender: str | None
    not_recipient: str | None
    not_cc: str | None
    not_subject: str | None
    not_header: str | None
    not_text: str | None
    not_body: str | None
    not_link: str | None
    not_attachment: str | None
    not_keyword: str | None


_KINDS: tuple[type[Any], ...] = (
    Uid,
    Status,
    Keyword,
    Larger,
    Smaller,
    Since,
    Before,
    On,
    SentSince,
    SentBefore,
    SentOn,
    Sender,
    Recipient,
    Cc,
    Subject,
    Header,
    Body,
    Text,
    Link,
    Attached,
    HasAttachments,
    Search,
    Gmail,
)
"""In the order in which they are told, and asked of servers: what is found fastest first."""


class Criteria:
    """Conditions that must all hold.

    by_default: whether they stand in for criteria that the user did not give
    server_conditions: those of them that only the server can decide
    """

    def __init__(self, conditions: Sequence[Condition], by_default: bool = False) -> None:
        self.conditions = tuple(conditions)
        self.by_default = by_default
        self.about_flags = any(condition.about_flags for condition in conditions)
        self.about_content = any(condition.about_content for condition in conditions)
        self.server_conditions = tuple(each for each in conditions if each.only_server)

    def __str__(self) -> str:
        if self.by_default:
            return "unread"
        return " and ".join(str(condition) for condition in self.conditions)

    def search_keys(self, habits: Habits) -> list[bytes]:
        """Return SEARCH keys that find at least the matching emails."""
        return _keys(self.conditions, habits)

    def sure_keys(self) -> list[bytes]:
        """Return the SEARCH keys that every server understands: those about flags.

        What only the server can tell is among them, for it can't be done without.
        """
        sure = (each for each in self.conditions if each.about_flags or each.only_server)
        return _keys(tuple(sure), Habits())

    def server_keys(self) -> list[bytes]:
        """Return the SEARCH keys of the conditions that only the server can decide."""
        return _keys(self.server_conditions, Habits())

    @property
    def about_one_folder(self) -> bool:
        """Whether they name an email of a folder, and so mean nothing in another."""
        return any(each.location for each in self.conditions)

    def check_location(self, location: Location) -> None:
        """Raise MarkMismatch if they name an email of another folder than that."""
        for condition in self.conditions:
            if condition.location:
                check_location(condition.location, location)

    def misses(self, email: Email) -> tuple[Condition, ...]:
        """Return the conditions that the email does not meet, the cheapest to test first.

        Raises IncompleteEmail if the rest of the email must be fetched to tell.
        """
        headers = (condition for condition in self.conditions if not condition.about_content)
        missed = tuple(condition for condition in headers if not condition.accepts(email))
        if missed:
            return missed
        content = (condition for condition in self.conditions if condition.about_content)
        return tuple(condition for condition in content if not condition.accepts(email))


NONE = Criteria([])
"""What a keyword is given that is given no criteria."""

UNREAD = Criteria([Status("UNSEEN")], by_default=True)
"""What a wait without criteria is about."""


def criteria(**arguments: Unpack[CriteriaArguments]) -> Criteria:
    """Return the criteria that were given, maybe none. Raises InvalidArgument for unusable ones."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return Criteria(list(_conditions(given))) if given else NONE


def _conditions(given: dict[str, Any]) -> Iterator[Condition]:
    for kind in _KINDS:
        if kind.name in given:
            yield kind(given[kind.name])
        if (unlike := f"not_{kind.name}") in given:
            yield Not(kind, given[unlike])


def _keys(conditions: Sequence[Condition], habits: Habits) -> list[bytes]:
    """Return the keys of all conditions; ALL if there are none, since SEARCH needs one."""
    return [key for each in conditions for key in each.search_keys(habits)] or [b"ALL"]
