"""What is shown in the log as HTML. Everything that comes from an email is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest


def table(header: Sequence[str], rows: Iterable[Sequence[str]], below: Iterable[str] = ()) -> str:
    """Return a table for Robot Framework's log.

    header: the names of the columns, as they are
    rows: texts, which are escaped, with line ends kept
    below: HTML to stand below each row, as wide as the table; empty where there is none
    """
    names = "".join(f"<th>{name}</th>" for name in header)
    lines = [
        f"<tr>{''.join(map(_cell, row))}</tr>"
        + (f'<tr><td colspan="{len(header)}">{more}</td></tr>' if more else "")
        for row, more in zip_longest(rows, below)
    ]
    return f"<table><tr>{names}</tr>{''.join(lines)}</table>"


def _cell(text: str) -> str:
    return f"<td>{escape(text).replace(chr(10), '<br>')}</td>"
