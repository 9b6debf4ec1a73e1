"""What happened during a wait, in words for the one whose email did not come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ImapLibrary.criteria.criteria import Criteria
from ImapLibrary.criteria.misreading import taken_literally
from ImapLibrary.errors import ImapLibraryError
from ImapLibrary.finding.screening import Verdict
from ImapLibrary.imap.uidset import in_short as uids_in_short
from ImapLibrary.location import Location, Mark
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.telling import in_short, listed

NEAREST = 5
"""So many emails are told one by one."""

KEPT = 10
"""So many emails are kept for the log, those that come nearest."""


class Story:
    """Collects during a wait what its failure has to tell.

    after: the mark, if only later emails count
    timeout: the seconds of the wait

    found: the emails that matched, of a wait that failed all the same
    """

    def __init__(self, criteria: Criteria, after: Mark | None, timeout: float) -> None:
        self._criteria = criteria
        self._after = after
        self._timeout = timeout
        self._arrived: dict[int, Miss] = {}
        self._older: dict[int, Miss] = {}
        self._kept: dict[int, tuple[tuple[bool, int, int], Miss]] = {}
        self._vanished: dict[int, str] = {}
        self._unread: set[int] = set()
        self._left_out: set[int] = set()
        self._trouble: ImapLibraryError | None = None
        self.found: Sequence[Email] = ()

    def missed(self, verdict: Verdict, *, arrived: bool) -> None:
        """Note an email that does not match (yet)."""
        noted = self._arrived if arrived else self._older
        noted[verdict.uid] = miss = Miss(verdict)
        self._left_out.discard(verdict.uid)
        self._keep(miss, (not arrived, miss.count, -verdict.uid))

    def vanished(self, email: Email) -> None:
        """Note an email that matched and has gone since."""
        self._vanished[email.uid or 0] = in_short(email)

    def unread(self, uids: Iterable[int]) -> None:
        """Note emails that had gone before it could be known whether they match."""
        self._unread.update(uids)

    def left_out(self, uids: Iterable[int]) -> None:
        """Note emails that were not looked at, because there were too many."""
        self._left_out.update(uids)

    def trouble(self, error: ImapLibraryError) -> None:
        """Note that a look failed."""
        self._trouble = error

    def answered(self) -> None:
        """Note that a look got its answers again."""
        self._trouble = None

    @property
    def unanswered(self) -> ImapLibraryError | None:
        """Why the last look failed, None if it did not."""
        return self._trouble

    @property
    def misses(self) -> list[Miss]:
        """The emails that were not the one: those that arrived first, and of these the nearest."""
        return [*_nearest_first(self._arrived), *_nearest_first(self._older)]

    def _keep(self, miss: Miss, distance: tuple[bool, int, int]) -> None:
        """Keep an email, and let go of the most distant if there are too many."""
        self._kept[-distance[-1]] = (distance, miss)
        if len(self._kept) > KEPT:
            _, farthest = self._kept.pop(max(self._kept, key=lambda uid: self._kept[uid][0]))
            farthest.email = None

    def several(self, found: Sequence[Email], location: Location | None) -> str:
        """Return the text of the failure when it can't be known which email is meant."""
        self.found = found
        return (
            f"{len(found)} emails in {location} {self.wanted('are')}, and it can't be known which "
            f"one is meant:{listed(found)}\n"
            "Give criteria that only one of them meets, or say on_multiple=NEWEST or OLDEST."
        )

    def miscounted(self, found: Sequence[Email], count: int, location: Location | None) -> str:
        """Return the text of the failure when more or fewer emails match than there should be."""
        self.found = found
        emails, verb = _counted(found)
        told = f"{emails} in {location} {self.wanted(verb)}, and there should be {count}"
        return f"{told}:{listed(found)}" if found else f"{told}."

    def arrived(self, found: Sequence[Email], location: Location | None) -> str:
        """Return the text of the failure when there should be no email."""
        self.found = found
        emails, verb = _counted(found)
        return f"{emails} arrived in {location} that {self.wanted(verb)}:{listed(found)}"

    def still_there(self, found: Sequence[Email], location: Location | None) -> str:
        """Return the text of the failure when emails should have gone."""
        self.found = found
        if not found:  # no look got so far
            parts = [f"It is not known whether emails that {self.wanted('are')} are still there."]
            return "\n".join([*parts, *self._told_trouble()])
        emails, verb = _counted(found)
        still = f"{verb} still in {location} after {self._timeout:g}s"
        told = f"{emails} that {self.wanted(verb)} {still}:{listed(found)}"
        return "\n".join([told, *self._told_trouble()])

    def told(self, location: Location | None, found: Sequence[Email] = (), wanted: int = 1) -> str:
        """Return the text of the failure when the time is up.

        found: what has matched
        wanted: how many emails were waited for
        """
        self.found = found
        where = f", in {location}" if location else ""
        within = f"received within {self._timeout:g}s"
        if found:
            parts = [f"{len(found)} of {wanted} emails {within} that {self.wanted('are')}{where}:"]
            parts[0] += listed(found)
        else:
            parts = [f"No email {within} that {self.wanted('is')}{where}."]
        parts.append(self._told_arrivals())
        if not found:
            parts += taken_literally(self._criteria)
        if self._vanished:
            gone = _lines(list(self._vanished.values()))
            parts.append(f"Matched, but gone meanwhile:{gone}")
        if self._unread:
            parts.append(self.told_unread())
        if self._left_out:
            parts.append(f"Not looked at, because there were too many: {len(self._left_out)}.")
        return "\n".join([*parts, *self._told_trouble()])

    def told_unread(self) -> str:
        """Return a line about emails of which nobody knows whether they matched, maybe none."""
        if not self._unread:
            return ""
        it = "it" if len(self._unread) == 1 else "they"
        return (
            f"Gone before {it} could be read, so that nobody knows whether {it} matched: UID "
            f"{uids_in_short(self._unread)}."
        )

    def _told_trouble(self) -> list[str]:
        return [f"The last look got no answer: {self._trouble}"] if self._trouble else []

    def wanted(self, verb: str = "is") -> str:
        """Return what was waited for, as what follows `that`.

        verb: `is` or `are`
        """
        wanted = []
        if self._criteria.by_default:
            wanted.append(f"{verb} unread")
        elif self._criteria.conditions:
            wanted.append(f"{'match' if verb == 'are' else 'matches'} {self._criteria}")
        if self._after:
            wanted.append(f"arrived after UID {self._after.uid - 1}")
        return " and ".join(wanted) or f"{verb} there"

    def _told_arrivals(self) -> str:
        if self._arrived:
            count = len(self._arrived)
            emails = "1 other email" if count == 1 else f"{count} other emails"
            return f"{emails} arrived meanwhile:{_nearest(self._arrived)}"
        nothing = "No other email arrived meanwhile."
        if self._older:
            return f"{nothing} Of those that were there before, these come near:{_nearest(self._older)}"
        return nothing


class Miss:
    """An email that was not the one, and why: in words, so that the email need not be kept.

    email: the email, as long as it is kept
    count: how many conditions it does not meet
    line: all of it in one line
    row: UID, when it was received, sender, subject, what was asked and what it has instead
    """

    def __init__(self, verdict: Verdict) -> None:
        self.email: Email | None = verdict.email
        email = verdict.email
        self.count = len(verdict.misses)
        instead = [missed.missed_by(email) for missed in verdict.misses]
        self.line = f"{in_short(email)} - {', '.join(instead)}"
        self.row = (
            str(email),
            f"{email.received:%Y-%m-%d %H:%M:%S %z}" if email.received else "",
            next((str(each) for each in email.headers_so_far.addresses("From")), ""),
            email.headers_so_far.get("Subject", ""),
            "\n".join(str(missed) for missed in verdict.misses),
            "\n".join(instead),
        )


def _counted(found: Sequence[Email]) -> tuple[str, str]:
    """Return how many emails there are, and the verb that goes with them."""
    return ("An email", "is") if len(found) == 1 else (f"{len(found)} emails", "are")


def _nearest(noted: dict[int, Miss]) -> str:
    """Return lines for those that come nearest."""
    more = len(noted) - NEAREST
    lines = [miss.line for miss in _nearest_first(noted)[:NEAREST]]
    return _lines(lines) + (f"\n  and {more} more" if more > 0 else "")


def _nearest_first(noted: dict[int, Miss]) -> list[Miss]:
    """Return those that miss the fewest conditions first, and of these the newest."""
    return [noted[uid] for uid in sorted(noted, key=lambda uid: (noted[uid].count, -uid))]


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"\n  {line}" for line in lines)
