"""Placeholders of templates that nobody filled in: `{{name}}`, `%NAME%` and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_BRACKETED = re.compile(
    r"""\{{2,3}[^{}]{1,200}\}{2,3}        # {{name}}: Handlebars, Jinja, Liquid, Django
      | \{%[^{}%]{1,200}%\}               # {% if name %}
      | \$\{[^{}]{1,200}\}                # ${name}: Java, JavaScript
      | \[\[\s*[^\W\d][^\[\]]{0,200}\]\]  # [[name]]: Thymeleaf
      | \*\|[^|]{1,200}\|\*               # *|NAME|*: Mailchimp
      | <%[^%<>]{1,200}%>                 # <%= name %>: ERB, EJS
    """,
    re.VERBOSE,
)

_NAME = r"[A-Za-z][\w.-]{0,60}\w"

_PERCENT = re.compile(rf"(?<![\w%])%%?{_NAME}%%?(?![\w%])")

# In an address, a percent sign may begin an escape (RFC 3986, section 2.1). Where both may do so,
# as in `%C3%A4`, they do.
_NO_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_PERCENT_IN_URL = re.compile(rf"{_NO_ESCAPE}{_NAME}%|%{_NAME}{_NO_ESCAPE}")


def in_text(text: str) -> Iterator[str]:
    """Yield the placeholders in a text that people read."""
    yield from _BRACKETED.findall(text)
    yield from _PERCENT.findall(text)


def in_url(url: str) -> Iterator[str]:
    """Yield the placeholders in an address, those whose braces are escaped included."""
    yield from _BRACKETED.findall(unquote(url))
    yield from _PERCENT_IN_URL.findall(url)
