"""Telling the users of old names and arguments what they are called today."""

import logging

from ImapLibrary.keywords.running import opener

_log = logging.getLogger(__name__)


class Hints:
    """Hints for the log, each once in a suite.

    wanted: whether there are to be any
    """

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted
        self._given: set[tuple[str, str]] = set()

    def superseded(self, old: str, today: str) -> None:
        """Say that a keyword has an old name.

        today: what to use, as a part of a sentence
        """
        if self._is_news(old):
            _log.info(
                "`%s` is a keyword of older libraries and goes on working. Today it is %s. "
                "(legacy_hints=False at import silences this.)",
                old,
                today,
            )

    def warn(self, about: str, remark: str) -> None:
        """Warn of what an old argument is taken for."""
        if self._is_news(about):
            _log.warning("%s", remark)

    def _is_news(self, what: str) -> bool:
        key = (opener().suite, what)
        news = self._wanted and key not in self._given
        self._given.add(key)
        return news
