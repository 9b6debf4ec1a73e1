"""What a text criterion takes literally although its writer may have meant something else.

It is told where no email meets the criterion, for the text may be just what is wanted.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from ImapLibrary.criteria.base import Condition
from ImapLibrary.criteria.criteria import Criteria, CriteriaArguments
from ImapLibrary.mail.comparing import Manner

_ARGUMENTS = frozenset(CriteriaArguments.__annotations__) | {
    *("after", "count", "folder", "mailbox", "on_multiple", "poll_frequency", "settle", "timeout"),
    *("at_least", "within"),
}
"""What criteria stand beside in keywords that wait, and the criteria themselves."""

_ARGUMENT = re.compile(r"\s((\w+)=)")

_PREFIX = re.compile(r"(?!mailto:|tel:)([A-Za-z]+:)(?=[^\s/])")
"""One word at the start with something behind its colon, but no scheme of an address."""

_PREFIXES = [manner.value for manner in Manner if manner.value]


def taken_literally(criteria: Criteria) -> list[str]:
    """Return a sentence for each criterion that may have been meant otherwise."""
    return [told for condition in criteria.conditions if (told := _told(condition))]


def _told(condition: Condition) -> str:
    name, pattern = condition.name, condition.pattern
    if pattern is None or pattern.manner is not Manner.CONTAINS:
        return ""
    for written, argument in _ARGUMENT.findall(pattern.text):
        if argument.lower() in _ARGUMENTS:
            return (
                f"In {name}, {written!r} is a part of the text and no argument: put two blanks or "
                "more in front of it if it is to be one."
            )
    if prefix := _PREFIX.match(pattern.text):
        near = get_close_matches(prefix[1].lower(), _PREFIXES, n=1, cutoff=0.5)
        instead = (
            f"write {near[0]} instead" if near else "the prefixes are exact:, glob: and regexp:"
        )
        return f"In {name}, {prefix[1]!r} is a part of the text and no prefix: {instead}."
    # Types of attachments have wildcards without a prefix.
    if "*" in pattern.text and not (name == "attachment" and "/" in pattern.text):
        return (
            f"In {name}, * is that character and no wildcard: it is one in glob:{pattern.text}, "
            f"which is compared with all of the {name}, so that a part of it needs * at both ends."
        )
    return ""
