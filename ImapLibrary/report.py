"""What is shown in the log as HTML. Everything that comes from an email is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table for Robot Framework's log.

    header: the names of the columns, as they are
    rows: texts, which are escaped, with line ends kept
    """
    names = "".join(f"<th>{name}</th>" for name in header)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><tr>{names}</tr>{lines}</table>"


def _cell(text: str) -> str:
    return f"<td>{escape(text).replace(chr(10), '<br>')}</td>"
