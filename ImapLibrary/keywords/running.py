"""What Robot Framework is running."""

from ImapLibrary.mailboxes import NOBODY, Opener


def opener() -> Opener:
    """Return what runs. Events of Robot Framework do not tell: they begin after the import."""
    # Robot Framework has loaded it by now; without it, importing this library takes longer.
    from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

    try:
        variable = BuiltIn().get_variable_value
        return Opener(variable("${SUITE NAME}"), variable("${TEST NAME}") is not None)
    except RobotNotRunningError:
        return NOBODY
