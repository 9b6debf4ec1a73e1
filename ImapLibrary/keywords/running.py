"""What Robot Framework is running, what it is asked to run, and where its log is going to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ImapLibrary.arguments import LogLevel, Secret, reveal
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.mailbox import NOBODY, Opener


def opener() -> Opener:
    """Return what runs. Events of Robot Framework do not tell: they begin after the import."""
    # Robot Framework has loaded it by now; without it, importing this library takes longer.
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        variable = BuiltIn().get_variable_value
        return Opener(variable("${SUITE NAME}"), variable("${TEST NAME}") is not None)
    except RobotNotRunningError:
        return NOBODY


def imported_as(name: str) -> bool:
    """Return whether the suite that runs has this library by a name, such as that of an older one."""
    # Robot Framework has loaded it by now; without it, importing this library takes longer.
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        library = BuiltIn().get_library_instance(name)
    except (RobotNotRunningError, RuntimeError):  # the latter for a name that no library has
        return False
    return type(library).__module__.partition(".")[0] == __name__.partition(".")[0]


def token_of(access_token: str | Secret | None, fresh_token: object) -> AccessToken | None:
    """Return the access token that arguments stand for, None if none is given.

    fresh_token: the name of a keyword that gives a fresh one, or a callable that does
    """
    access_token = access_token or ""
    if not fresh_token:
        return AccessToken(access_token) if reveal(access_token).strip() else None
    if callable(fresh_token):
        return AccessToken(access_token, fresh_token)
    # Robot Framework has loaded it by now; without it, importing this library takes longer.
    from robot.libraries.BuiltIn import BuiltIn

    return AccessToken(access_token, lambda: BuiltIn().run_keyword(str(fresh_token)))


@dataclass(frozen=True)
class LogPlace:
    """Where the log is going to be.

    folder: the folder for what is to lie beside it
    link: what a link to something in that folder begins with
    """

    folder: Path
    link: str = ""


def log_place(level: LogLevel = "INFO") -> LogPlace | None:
    """Return where the log is going to be; None if none is, or none with messages of a level."""
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        variable = BuiltIn().get_variable_value
        least, output, log, folder = (
            str(variable(f"${{{name}}}"))
            for name in ("LOG LEVEL", "OUTPUT FILE", "LOG FILE", "OUTPUT DIR")
        )
    except RobotNotRunningError:
        return None
    levels = get_args(LogLevel)
    kept = levels[levels.index(least) :] if least in levels else ()
    if output == "NONE" or level not in kept:
        return None
    if log != "NONE":
        return LogPlace(Path(log).parent)
    return _place_without_log(Path(folder))


def _place_without_log(folder: Path) -> LogPlace:
    """Return where the log is going to be that another program makes of the output in a folder.

    A process of pabot writes to `pabot_results/<number>`, or with several argument files to
    `pabot_results/<number>/<number>`. The log of them all comes beside `pabot_results`. Of what
    lies there, pabot wants links to begin with `../../`, which it takes away.
    """
    for above in folder.parents[:2]:
        if above.name == "pabot_results":
            return LogPlace(above.parent, "../../")
    return LogPlace(folder)
