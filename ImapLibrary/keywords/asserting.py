"""How getters check what they return, by an operator and a value, said once in the code.

The operators are those of Robot Framework's assertion engine, as in the Browser library.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ImapLibrary.arguments import OPERATORS, Operator
from ImapLibrary.errors import InvalidArgument, NotAsExpected
from ImapLibrary.mail.differing import difference, kind, shown
from ImapLibrary.moments import parse_moment

if TYPE_CHECKING:
    from assertionengine import AssertionOperator

Method = TypeVar("Method", bound=Callable[..., Any])

Spelling = Callable[[list[str], list[str]], list[str]]

_EXPRESSIONS = ("validate", "then")

_IN_ORDER = ("==", "!=", "<", ">", "<=", ">=")

_FITTING = {
    "number": _IN_ORDER,
    "date": _IN_ORDER,
    "list": ("==", "!=", "contains", "not contains"),
    "bytes": ("==", "!=", "contains", "not contains"),
    "text": tuple(each for each in OPERATORS if each not in _EXPRESSIONS),
}
"""Which operators fit which kind of value, besides those that take an expression."""

_PARAMETERS = tuple(
    inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation
    )
    for name, annotation in (
        ("assertion_operator", Operator),
        ("assertion_expected", Any),
        ("message", str | None),
    )
)


def takes_assertion(
    what: str, by: str = "", spelt_as: Spelling | None = None
) -> Callable[[Method], Method]:
    """Let users of a getter give it an operator and a value, after its positional arguments.

    what: what it returns, as the subject of a sentence: "The subject"
    by: the field by which what it returns is compared, if not as a whole
    spelt_as: of a list, how what is expected is written in what there is, if not as it is
    """

    def decorate(method: Method) -> Method:
        signature = inspect.signature(method)
        own = list(signature.parameters.values())
        positional = [each for each in own if each.kind is each.POSITIONAL_OR_KEYWORD]
        takes = signature.replace(parameters=[*positional, *_PARAMETERS, *own[len(positional) :]])
        # Robot Framework reads these; `wraps` leads it to them, and to where the keyword is.
        method.__signature__ = takes  # type: ignore[attr-defined]
        added = {each.name: each.annotation for each in _PARAMETERS}
        method.__annotations__ = {**method.__annotations__, **added}

        @wraps(method)
        def getter(*arguments: Any, **named: Any) -> Any:
            given = takes.bind(*arguments, **named)
            asked = (given.arguments.pop(each.name, None) for each in _PARAMETERS)
            assertion = _Assertion(what.format_map(given.arguments), by, spelt_as, *asked)
            return assertion.checked(method(*given.args, **given.kwargs))

        return cast(Method, getter)

    return decorate


@dataclass(frozen=True)
class _Assertion:
    """What is to be checked of a value, maybe nothing.

    Raises InvalidArgument if some of it is missing, before anything is fetched.
    """

    what: str
    by: str
    spelt_as: Spelling | None
    operator: AssertionOperator | None
    expected: Any
    message: str | None

    def __post_init__(self) -> None:
        if self.operator and self.expected is None:
            raise InvalidArgument(
                f"The operator {self._name} needs a value after it to compare with. For an empty "
                "text, write ${EMPTY}."
            )
        if not self.operator and (self.expected is not None or self.message):
            raise InvalidArgument(
                "There is no operator, so that nothing would be checked. Write one before what is "
                "expected, such as == or contains."
            )
        # Robot Framework takes what no argument is called for the next positional one.
        if misspelt := re.fullmatch(r"([a-z_]+)=[^\s{]*", self.message or ""):
            raise InvalidArgument(
                f"The message of a failure would be {self.message!r}. If {misspelt[1]!r} is to be the "
                "name of an argument, it is misspelt, or of another keyword."
            )

    def checked(self, value: Any) -> Any:
        """Return the value, or what the operator makes of it. Raises NotAsExpected."""
        if not self.operator:
            return value
        if self._name in _EXPRESSIONS:
            return self._verified(value, value, str(self.expected))
        compared = self._compared(value)
        self._check_that_it_fits(compared)
        if isinstance(compared, list):
            self._check_list(compared)
            return value
        if isinstance(compared, datetime):
            self._verified(compared, *self._in_time(compared))
            return value
        result = self._verified(compared, compared, self._of_the_kind_of(compared))
        return value if result == compared else result  # of `matches` the groups

    @property
    def _name(self) -> str:
        """The name of the operator that is shown."""
        assert self.operator
        return next(name for name in OPERATORS if type(self.operator)[name] is self.operator)

    def _compared(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [getattr(each, self.by) if self.by else each for each in value]
        return getattr(value, self.by) if self.by else value

    def _check_that_it_fits(self, compared: object) -> None:
        fitting = _FITTING.get(kind(compared), ())
        if self._name not in fitting:
            names = ", ".join((*fitting, *_EXPRESSIONS))
            what = f"{self.what[0].lower()}{self.what[1:]}"
            raise InvalidArgument(
                f"The operator {self._name} does not fit {what} ({kind(compared)}). It can be "
                f"{names}."
            )

    def _check_list(self, compared: list[str]) -> None:
        several = isinstance(self.expected, list | tuple)
        expected = [str(each) for each in (self.expected if several else [self.expected])]
        if self.spelt_as:
            expected = self.spelt_as(compared, expected)
        if self._name in ("==", "!="):
            self._verified(compared, sorted(compared), sorted(expected))
            return
        if not expected:
            raise InvalidArgument(
                f"The operator {self._name} needs something to look for, but what is expected is empty. "
                "If it comes from a variable, the variable has no value."
            )
        for each in expected:
            self._verified(compared, compared, each)

    def _in_time(self, moment: datetime) -> tuple[int, int]:
        """Return where a moment is, before, within or after what is expected, and that: within."""
        expected = self.expected if isinstance(self.expected, date) else str(self.expected)
        period = parse_moment("expected value", expected)
        after = moment >= period.end if period.end > period.start else moment > period.end
        return after - (moment < period.start), 0

    def _of_the_kind_of(self, compared: object) -> Any:
        """Return what is expected as what it is compared with: Robot Framework's data are text."""
        if isinstance(compared, str):
            return str(self.expected)
        if kind(self.expected) == kind(compared):
            return self.expected
        if isinstance(compared, int) and re.fullmatch(r"\s*[+-]?\d+\s*", str(self.expected)):
            return int(self.expected)
        raise InvalidArgument(
            f"{self.what} ({kind(compared)}) can't be compared with {shown(self.expected)} "
            f"({kind(self.expected)})."
        )

    def _verified(self, found: Any, compared: Any, expected: Any) -> Any:
        """Return what the engine makes of it. found: what is shown if it fails"""
        from assertionengine import verify_assertion

        try:
            return verify_assertion(compared, self.operator, expected)
        except AssertionError:
            wanted = self.expected if isinstance(found, datetime) else expected
            text = failure(self.message, self.what, OPERATORS[self._name], wanted, found)
            raise NotAsExpected(text) from None
        except re.error as error:
            raise InvalidArgument(
                f"The operator matches takes a regular expression, and {expected!r} is none: "
                rf"{error}. In Robot Framework data, a backslash is written twice: \\d for a digit."
            ) from error


def failure(message: str | None, what: str, should: str, expected: object, found: object) -> str:
    """Return the text of a failure.

    message: the tester's own, in which both sides may be named; None for that of `difference`
    """
    if not message:
        return difference(what, should, expected, found)
    try:
        return message.format(
            value=shown(found),
            value_type=kind(found),
            expected=shown(expected),
            expected_type=kind(expected),
        )
    except (LookupError, ValueError, AttributeError):
        return message  # braces that mean nothing here: no reason to hide the failure
