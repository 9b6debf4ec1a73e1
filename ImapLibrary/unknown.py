"""Names that are not there: arguments that a keyword does not have, fields of what one returned.

Robot Framework itself refuses an unknown named argument only where no positional one can take
its place: a misspelt name silently becomes the value of another argument. Keywords whose names
older libraries share, or where that value would let a check pass, therefore collect what they do
not know, and it is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, NoReturn

from ImapLibrary.errors import InvalidArgument

_MEANT = {
    "from": "sender",
    "to": "recipient",
    "content": "body",
    "url": "link",
    "flags": "status",
}
"""What is called otherwise elsewhere, and resembles nothing here or the wrong thing."""

_MEANT_BY = {"Move Email": {"to": "folder"}, "Copy Email": {"to": "folder"}}
"""The same where a keyword means something else by it."""

_FIELDS_MEANT = {
    "address": "href",
    "body": "text",
    "content_type": "type",
    "email": "address",
    "from_email": "sender",
    "id": "uid",
    "plain": "text",
    "port": "imap_port",
    "url": "href address",
}
"""The same of fields; of several it is the first that is there."""


class Fields:
    """What keywords return: whoever asks for a field that is not there is told those that are."""

    __slots__ = ()

    _FIELDS: ClassVar[tuple[str, ...]] = ()
    """The fields to tell; by default all those of a dataclass."""

    if not TYPE_CHECKING:  # type checkers would take any name for one that is there

        def __getattr__(self, name: str) -> NoReturn:
            if hasattr(type(self), name):  # it is there, and reading it failed
                object.__getattribute__(self, name)
            kind = type(self).__name__
            if name.startswith("_"):  # asked by Python itself, to find out what can be done
                raise AttributeError(f"{kind!r} object has no attribute {name!r}")
            known = self._FIELDS or [field.name for field in fields(self)]
            hint = _hint(name, known, _FIELDS_MEANT)
            raise AttributeError(
                f"`{kind}` has no field {name!r}. {hint}It has {', '.join(known)}."
            )


def refuse_unknown(keyword: str, others: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidArgument if there are other arguments than the known ones."""
    names = list(known)
    for other in others:
        hint = _hint(other, names, {**_MEANT, **_MEANT_BY.get(keyword, {})})
        raise InvalidArgument(
            f"`{keyword}` has no argument {other!r}. {hint}It takes {', '.join(names)}."
        )


def _hint(other: str, names: Sequence[str], elsewhere: Mapping[str, str]) -> str:
    """Return the question whether a name was meant, or an empty text.

    elsewhere: names that are in use elsewhere, and what is called so here
    """
    known = [name for name in elsewhere.get(other.lower(), "").split() if name in names]
    near = known or get_close_matches(other.lower(), names, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}? " if near else ""
