"""What the arguments of keywords may be: the names behind the words, and what is never accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

from ImapLibrary.errors import InvalidArgument

if TYPE_CHECKING:
    from assertionengine import AssertionOperator

__all__ = [
    "CONVERTERS",
    "OPERATORS",
    "SECRETS_KNOWN",
    "CloseScope",
    "FolderName",
    "LogLevel",
    "OnMultiple",
    "Operator",
    "Provider",
    "Secret",
    "Security",
    "TrueOrFalse",
    "encodable",
    "given",
    "in_own_case",
    "missing",
    "not_empty",
    "not_negative",
    "of_import",
    "one_line",
    "positive_seconds",
    "reveal",
    "to_folder_name",
    "to_operator",
    "to_security",
    "to_time",
    "true_or_false",
    "without_none",
]

try:
    from robot.api.types import Secret
except ImportError:  # Robot Framework before 7.4

    class Secret:  # type: ignore[no-redef]
        """Stands in for Robot Framework's own type; nothing can be an instance of it."""

        value: str

    SECRETS_KNOWN = False
else:
    SECRETS_KNOWN = True


T = TypeVar("T")

LogLevel = Literal["TRACE", "DEBUG", "INFO"]
"""How much a message of the log matters, in the order of Robot Framework's levels."""


TrueOrFalse = Literal[""] | bool
"""What is true or false, and not just empty, which Robot Framework takes for false."""


class Security(Enum):
    """How a connection is protected."""

    TLS = "TLS from the first byte (IMAPS)"
    STARTTLS = "plain text first, then TLS by the STARTTLS command"
    NONE = "plain text"


class Provider(Enum):
    """Where the mailboxes of large providers are: TLS on port 993, as is the default."""

    GMAIL = "imap.gmail.com"
    OUTLOOK = "outlook.office365.com"
    YAHOO = "imap.mail.yahoo.com"


class OnMultiple(Enum):
    """What to do when several emails match."""

    NEWEST = "take the one with the highest UID"
    OLDEST = "take the one with the lowest UID"
    FAIL = "fail and list them"


class CloseScope(Enum):
    """When mailboxes that are still open get closed."""

    RUN = "at the end of the run"
    SUITE = "at the end of the suite that opened them"
    TEST = "at the end of the test that opened them"


if TYPE_CHECKING:
    FolderName = str
else:

    class FolderName:
        """Stands for texts that name a folder: of a `str`, Robot Framework makes one of anything."""


class Operator:
    """Stands for the operators of the assertion engine, so that it is loaded when one is used.

    It stands in signatures without None, which would cost failures what `to_operator` says.
    """


OPERATORS = {
    "==": "should be",
    "!=": "should not be",
    "<": "should be less than",
    ">": "should be greater than",
    "<=": "should be less than or equal to",
    ">=": "should be greater than or equal to",
    "contains": "should contain",
    "not contains": "should not contain",
    "starts": "should start with",
    "ends": "should end with",
    "matches": "should match",
    "validate": "should validate to true with",
    "then": "",
}
"""The operators, each by the name that is shown for it, and what it wants. `then` takes anything."""


def to_operator(value: str) -> AssertionOperator:
    """An operator, in any case, such as ``==`` or ``contains``: see `Assertions`.

    The operators are those of Robot Framework's assertion engine, as in the Browser library.
    """
    # The engine loads BuiltIn. Robot Framework has loaded it by now.
    from assertionengine import AssertionOperator

    for name, operator in AssertionOperator.__members__.items():
        if _plain(name) == _plain(value):
            return operator
    misspelt = re.match(r"(\w+)=", value)
    hint = (
        f"If {misspelt[1]!r} is to be the name of an argument, it is misspelt."
        if misspelt
        else "The operator stands before what is expected."
    )
    raise ValueError(f"There is no such operator. There are {', '.join(OPERATORS)}. {hint}")


def to_security(value: object) -> Security:
    """``TLS`` from the first byte, ``STARTTLS``, or ``NONE`` for plain text."""
    for member in Security:
        if isinstance(value, str) and _plain(value) == _plain(member.name):
            return member
    raise ValueError(f"There are {', '.join(Security.__members__)}.")


def to_time(value: object) -> timedelta:
    """A time such as ``30 s``, ``2 min`` or ``0:02:00``; a number is so many seconds."""
    from robot.libraries.DateTime import convert_time  # it is slow to import

    try:
        return convert_time(value, "timedelta")  # type: ignore[arg-type, return-value]
    except (ValueError, OverflowError, TypeError):
        raise ValueError("Write it like 30 s, 2 min or 0:02:00.") from None


def to_folder_name(value: object) -> str:
    """The name of a folder, with ``/`` between its levels, or what `List Folders` returns for one."""
    if value is None:
        raise ValueError(
            "Give the name of a folder. If it comes from a variable, the variable has no value."
        )
    if isinstance(value, Collection) and type(value) is not str:
        email = "This is an email. " if isinstance(value, str) else ""
        raise ValueError(f"{email}Give the name of one folder, as text.")
    return str(value)


CONVERTERS: dict[type, Callable[..., Any]] = {
    FolderName: to_folder_name,
    Operator: to_operator,
    Security: to_security,
    timedelta: to_time,
}
"""What converts arguments in place of Robot Framework, for its failures don't say what is right."""


def _plain(name: str) -> str:
    return re.sub(r"[ _-]", "", name).lower()


def reveal(secret: str | Secret | None) -> str:
    """Return the text of a password, which Robot Framework may have hidden in a `Secret`."""
    if secret is None:
        return ""
    return secret if isinstance(secret, str) else secret.value


def without_none(type_: Any) -> Any:
    """Return the type of an argument as Robot Framework is to know it.

    When a value is neither of a type nor None, its failure does not say which words, times or names
    are right; of a type alone it does. Where None is the default, None is taken all the same.
    """
    several = get_args(type_)
    others = [each for each in several if each is not type(None)]
    if len(others) == len(several) or len(others) > 1 or not isinstance(others[0], type):
        return type_
    alone = get_origin(others[0]) is None and issubclass(others[0], (Enum, FolderName, timedelta))
    return others[0] if alone else type_


def not_negative(name: str, value: timedelta) -> float:
    """Return a time as seconds. Raises InvalidArgument if it is less than nothing."""
    seconds = value.total_seconds()
    if seconds < 0:
        raise InvalidArgument(f"The argument {name} can't be negative.")
    return seconds


def positive_seconds(name: str, value: timedelta) -> float:
    """Return a time as seconds. Raises InvalidArgument unless it is more than nothing."""
    seconds = value.total_seconds()
    if seconds <= 0:
        raise InvalidArgument(f"The argument {name} must be more than zero seconds.")
    return seconds


def true_or_false(name: str, value: object) -> None:
    """Raise InvalidArgument if `value` is a text.

    name: the argument, which takes True or False

    Robot Framework lets texts pass that mean neither, and any text counts as true: a misspelt
    ``False`` would do the opposite of what was meant.
    """
    if isinstance(value, str):
        raise InvalidArgument(f"The argument {name} must be True or False, not {value!r}.")


def given(name: str, value: str | None) -> str:
    """Return `value` if it can be part of a command and is not empty, else raise InvalidArgument.

    name: what the value is, for the failure
    """
    return one_line(name, not_empty(name, value))


def not_empty(name: str, value: str | None) -> str:
    """Return `value` if it is not empty, else raise InvalidArgument.

    name: the argument
    """
    if value is None or not value.strip():
        raise missing(name)
    return value


def missing(name: str) -> InvalidArgument:
    """Return the failure of a keyword that can do nothing without an argument."""
    return InvalidArgument(
        f"The argument {name} is missing or empty. If it comes from a variable, the variable has "
        "no value."
    )


def one_line(name: str, value: str, carrier: str = "IMAP command") -> str:
    """Return `value` if it can be part of a command.

    name: what the value is, for the failure
    carrier: what it is to be part of, if not of a command
    Raises InvalidArgument if it holds CR, LF or NUL: these end a command, so that what follows
    them would be one of its own (RFC 9051, section 4.3).
    """
    for character, called in (("\r", "a carriage return"), ("\n", "a line feed"), ("\0", "NUL")):
        if character in value:
            raise InvalidArgument(
                f"The {name} contains {called}, which no {carrier} can carry. Nothing was sent."
            )
    return value


def in_own_case(given: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """Return named arguments by the names that a keyword has for them, which are in lower case.

    types: those of the arguments that it has

    Robot Framework converts only what has an exact name. Raises InvalidArgument if something else
    can't be converted.
    """
    exact = {}
    for name, value in given.items():
        own = name.lower()
        if name != own and own in types and own not in given:
            exact[own] = _converted(own, value, types[own])
        else:
            exact[name] = value
    return exact


def encodable(name: str, value: str) -> str:
    """Return `value` if it can be sent. Raises InvalidArgument if there is half a character in it.

    name: what the value is, for the failure
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidArgument(
            f"The {name} holds {value[error.start]!r}, which is no character but half of one, and "
            "can't be sent."
        ) from None
    return value


def of_import(name: str, value: T | str, type_: type[T]) -> T:
    """Return an argument of the import as what it is to be. Raises InvalidArgument if it is not.

    What Robot Framework's own conversion of these raises, it lets through, and the run is over.
    """
    if isinstance(value, type_):
        return value
    return _converted(name, given(name, value) if isinstance(value, str) else value, type_)  # type: ignore[no-any-return]


def _converted(name: str, value: Any, type_: Any) -> Any:
    # Robot Framework has loaded it by now; without it, importing this module takes longer.
    from robot.api import TypeInfo

    if value is None and type(None) in get_args(type_):
        return None
    try:
        return TypeInfo.from_type_hint(without_none(type_)).convert(value, name, CONVERTERS)
    except ValueError as error:
        raise InvalidArgument(f"{error}") from error
