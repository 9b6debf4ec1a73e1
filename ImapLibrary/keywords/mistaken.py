"""What must not be an email: it is a text, its UID, and would pass for a path or for what to say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ImapLibrary.arguments import not_empty
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.message import Email


def path(name: str, value: Path | str) -> Path:
    """Return the path that an argument stands for.

    name: the argument

    Raises InvalidArgument if it is empty or an email: a file may be called like the UID.
    """
    if isinstance(value, Email):
        raise InvalidArgument(
            f"The argument {name} takes a path, and this is an email. `Save Email` makes a file of "
            "it, and `Forward Email` sends it on."
        )
    return Path(not_empty(name, str(value)))


def paths(name: str, value: Path | str | Sequence[Path | str] | None) -> list[Path]:
    """Return the paths that an argument stands for that is one, a list of them, or not given.

    Raises InvalidArgument as `path` does.
    """
    if value is None:
        return []
    return [path(name, each) for each in ([value] if isinstance(value, Path | str) else value)]


def refuse_emails(**texts: str | None) -> None:
    """Raise InvalidArgument if an email is given for what an email is to say.

    texts: what is given, by the arguments, which are called like the fields of an email
    """
    for name, value in texts.items():
        if isinstance(value, Email):
            raise InvalidArgument(
                f"The argument {name} takes a text, and this is an email, which as text is its UID. "
                f"Give what it says, such as ${{email.{name}}}."
            )
