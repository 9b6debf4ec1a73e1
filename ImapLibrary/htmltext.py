"""HTML -> the text that a browser would show. Nothing is loaded from anywhere."""

from __future__ import annotations

from justhtml import JustHTML


def html_to_text(source: str, hidden: bool = False) -> str:
    """Return the text of HTML.

    hidden: whether to keep what the HTML hides
    """
    return JustHTML(source, sanitize=False).to_text()
