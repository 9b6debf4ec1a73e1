"""Counts what is asked of the server under test."""

import logging
import re

from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

_COMMAND = re.compile(r"> b'\w+ (.*)'")
"""A command as it is logged, with its tag."""


class _Commands(logging.Handler):
    """Collects the commands that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if command := _COMMAND.fullmatch(record.getMessage()):
            self.sent.append(command[1])


@library(scope="GLOBAL")
class Commands:
    """Keywords that run another one."""

    @keyword
    def commands_of(self, name: str, *arguments: object) -> list[str]:
        """Runs a keyword, and returns the commands that it sends, without their tags."""
        logger, commands = logging.getLogger("imapclient"), _Commands()
        level = logger.level
        logger.setLevel(logging.DEBUG)
        logger.addHandler(commands)
        try:
            BuiltIn().run_keyword(name, *arguments)
        finally:
            logger.removeHandler(commands)
            logger.setLevel(level)
        return commands.sent
