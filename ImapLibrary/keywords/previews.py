"""Emails in the log, as a person sees them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from robot.api import logger
from robot.errors import RobotError

from ImapLibrary import files, report
from ImapLibrary.arguments import LogLevel
from ImapLibrary.errors import FileFailed
from ImapLibrary.keywords.running import LogPlace, log_place
from ImapLibrary.mail.message import Email
from ImapLibrary.waiting.story import Story

if TYPE_CHECKING:
    from ImapLibrary.mail.export import Image

FOLDER = "email-previews"
"""The folder beside the log in which the pages are."""

MOST = 10
"""So many emails are shown at a time."""

MOST_MISSES = 50
"""So many emails are in the table when a wait fails."""

HEADERS_ALONE = (
    "<p>Emails of which only the headers were fetched are not shown. "
    "Log Email fetches the rest of those that are still there.</p>"
)
"""Stands below a table once, and not below each of its rows."""

MISS_COLUMNS = ("UID", "Received", "From", "Subject", "Asked for", "Has instead")

More = Callable[[Sequence[Email]], Sequence[Email]]

_log = logging.getLogger(__name__)


class Previews:
    """Shows emails in the log, each that keywords return once in a run.

    wanted: whether any are to be shown
    embedded: whether their pages go into the log itself, and not into files beside it

    That an email can't be shown never makes a keyword fail.
    """

    def __init__(self, wanted: bool = True, embedded: bool = False) -> None:
        self.wanted = wanted
        self._embedded = embedded
        # How many bytes were fetched of what was shown: with more of them, it is shown again.
        self._shown: dict[object, int] = {}

    def show(self, found: object) -> None:
        """Show those emails in what a keyword found that are news, and say how many follow."""
        emails = iter(_emails_in(found) if self.wanted else ())
        # Of thousands, no more are looked at than are shown.
        news = list(islice(filter(self._is_news, emails), MOST))
        if news:
            self._write(news, more=sum(1 for _ in emails))

    def show_again(self, email: Email, images: Sequence[Image], level: LogLevel) -> None:
        """Show an email, whether or not it was shown before.

        images: inline attachments that were fetched besides what the email holds itself
        """
        self._write([email], images, level)

    def show_failure(self, story: Story, more: More = list) -> None:
        """Show what was there when a wait failed: what should not have been, and what came near.

        more: fetches more of emails of which just the headers are here, if it can

        There is a table of what came near, even if no previews are wanted.
        """
        misses = story.misses[:MOST_MISSES]
        near = [miss.email for miss in misses]
        found = list(islice(filter(self._is_news, story.found), MOST))
        fuller = self._fuller([*found, *filter(None, near)], more)
        self.show([fuller.get(email.uid, email) for email in story.found])
        if misses:
            rows = [miss.row for miss in misses]
            emails = [email and fuller.get(email.uid, email) for email in near]
            html = report.table(MISS_COLUMNS, rows, self._below(emails))
            logger.info(html + (_headers_alone(emails) if self.wanted else ""), html=True)

    def _fuller(self, emails: Sequence[Email], more: More) -> dict[int | None, Email]:
        """Return more of emails of one folder, by UID, if they are going to be shown."""
        with _without_failing():
            if self.wanted and log_place():
                return {email.uid: email for email in more(emails)}
        return {}

    def _below(self, emails: Iterable[Email | None]) -> list[str]:
        """Return HTML that shows emails, for the rows of a table; None is a row without one."""
        with _without_failing():
            place = log_place() if self.wanted else None
            if place:
                return [self._framed(email, place) if email else "" for email in emails]
        return []

    def _write(
        self,
        emails: Sequence[Email],
        images: Sequence[Image] = (),
        level: LogLevel = "INFO",
        more: int = 0,
    ) -> None:
        """Write emails to the log. Of those that follow, it is said how many there are."""
        with _without_failing():
            place = log_place(level)
            if place is None:
                return
            # The HTML library is loaded when it is needed, not when this library is.
            from ImapLibrary.mail import preview

            rows = [preview.row(email) for email in emails]
            below = [self._framed(email, place, images) for email in emails]
            rest = f"<p>and {more:,} more</p>" if more > 0 else ""
            html = report.table(preview.COLUMNS, rows, below) + rest + _headers_alone(emails)
            logger.write(html, level, html=True)
            for email in emails:
                self._shown |= dict.fromkeys(_keys(email), len(email.fetched))

    def _framed(self, email: Email, place: LogPlace, images: Sequence[Image] = ()) -> str:
        """Return HTML in which a page opens that shows the email, or that says why none does.

        It is empty if nothing but headers was fetched.
        """
        from ImapLibrary.mail import preview

        limits = preview.WITHIN_THE_LOG if self._embedded else preview.IN_A_FILE
        page = preview.page(email, limits, images)
        if not page:
            return ""
        if self._embedded:
            return preview.frame(page=page)
        try:
            return preview.frame(url=place.link + _saved(page, place))
        except (FileFailed, OSError) as failure:
            return f"There is no preview. {escape(str(failure))}"

    def _is_news(self, email: Email) -> bool:
        shown = max(self._shown.get(key, -1) for key in _keys(email))
        return shown < len(email.fetched)


@contextmanager
def _without_failing() -> Iterator[None]:
    """Let nothing that goes wrong within make a keyword fail, but time-outs end it as ever."""
    try:
        yield
    except RobotError:  # which time-outs are before Robot Framework 7.3
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not what is tested
        _log.warning("An email could not be shown in the log: %r", error)


NO_PREVIEWS = Previews(wanted=False)


def _headers_alone(emails: Iterable[Email | None]) -> str:
    """Return HTML that says that some emails can't be shown, if it is so."""
    from ImapLibrary.mail.preview import only_headers

    return HEADERS_ALONE if any(email and only_headers(email) for email in emails) else ""


def _emails_in(found: object) -> list[Email]:
    several = found if isinstance(found, (list, tuple)) else [found]
    return [each for each in several if isinstance(each, Email)]


def _keys(email: Email) -> list[object]:
    """Return what tells that an email is the same: its place, and its bytes if it was moved."""
    place = [(email.location, email.uid)] if email.uid else []
    return [*place, sha256(email.fetched).digest()]


def _saved(page: str, place: LogPlace) -> str:
    """Write a page to a file, and return its name from the folder of the log on.

    It is named by what is in it, so that processes and runs with the same folder never replace a
    page that a log has a link to.
    """
    content = page.encode("utf-8", "replace")
    name = f"{sha256(content).hexdigest()[:20]}.html"
    path = place.folder / FOLDER / name
    try:
        files.write(path, content)
    except FileFailed:
        if not path.exists():  # else it is there, maybe from another process at this moment
            raise
    return f"{FOLDER}/{name}"
