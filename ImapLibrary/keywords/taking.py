"""How keywords take criteria: as arguments of their own for users, said once in the code."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, get_type_hints

from ImapLibrary.criteria.criteria import Criteria, CriteriaArguments, criteria
from ImapLibrary.unknown import refuse_unknown

Method = TypeVar("Method", bound=Callable[..., Any])


def takes_criteria(method: Method) -> Method:
    """Let users of a keyword see the criteria, where the code has `**given` alone.

    What no argument is called is collected as `**others`, and refused by `asked`.
    """
    signature = inspect.signature(method)
    types = _types()
    shown = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=type_)
        for name, type_ in types.items()
    ]
    own = [each for each in signature.parameters.values() if each.name != "given"]
    shown = [each for each in shown if each.name not in signature.parameters]
    others = inspect.Parameter("others", inspect.Parameter.VAR_KEYWORD, annotation=object)
    # Both are what Robot Framework reads.
    method.__signature__ = signature.replace(parameters=[*own, *shown, others])  # type: ignore[attr-defined]
    method.__annotations__ = {
        **types,
        **{name: hint for name, hint in method.__annotations__.items() if name != "given"},
        "others": object,
    }
    return method


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(CriteriaArguments)


def asked(keyword: Callable[..., Any], given: Mapping[str, Any]) -> Criteria:
    """Return the criteria that a keyword was given, maybe none.

    keyword: the keyword, which takes criteria
    given: what it was given besides its own arguments

    Raises InvalidArgument for what is no argument of the keyword, and for unusable criteria.
    """
    refuse_others(keyword, given)
    return criteria(**given)


def refuse_others(keyword: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Raise InvalidArgument if something is no argument of the keyword."""
    if not given:
        return  # what follows takes a while
    known = [
        name for name in inspect.signature(keyword).parameters if name not in ("self", "others")
    ]
    title = keyword.__name__.replace("_", " ").title()
    refuse_unknown(title, [name for name in given if name not in known], known)
