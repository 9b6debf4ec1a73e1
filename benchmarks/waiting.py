"""How long after its delivery an email is in the hands of who waits for it.

The clock starts when the server has accepted the email, and stops when its text is there.
"""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import repeat

from clients import ALL, Client, ImapLibrary2, Library
from lab import Lab, medians, spread
from proxy import FAR, Proxy, Traffic
from rawsocket import RawSocket
from table import OURS, Row

FADED = 10.0
"""Seconds of waiting after which a near server is to be left alone."""

LATE = 30.0


class Watcher:
    """A client that waits again and again, in a mailbox of its own.

    seconds: how long each email took
    broken: how many waits broke off
    traffic: what passed by during each wait, empty without a proxy
    """

    def __init__(self, lab: Lab, server: str, kind: type[Client], proxy: Proxy | None) -> None:
        self.name = kind.name
        self.seconds: list[float] = []
        self.broken = 0
        self.traffic: list[Traffic] = []
        # It looks every ten seconds, so that each of its waits takes very long.
        self._every = 5 if kind is ImapLibrary2 else 1
        self._kind = kind
        self._deliverer = lab.deliverer(server)
        self._proxy = proxy
        place = lab.place(server)
        self._place = replace(place, port=proxy.port) if proxy else place
        self._open()

    def close(self) -> None:
        self._client.close()

    def wait(self, number: int, delay: float) -> None:
        """Wait for an email that is delivered after so many seconds.

        number: of the wait; some clients leave out some
        """
        if number % self._every:
            return
        passed = len(self._proxy.traffic) if self._proxy else 0
        subject, accepted = self._deliverer.later(self._place.user, delay)
        try:
            text = self._client.wait(subject)
        except imaplib.IMAP4.error:  # of others: a line that came in two pieces, for example
            self.broken += 1
            self._open()
            return
        returned = time.perf_counter()
        if subject not in text:
            raise RuntimeError(f"{self.name} returned {text[:200]!r} for {subject!r}.")
        self.seconds.append(returned - accepted.result(10))
        if self._proxy:
            self.traffic.append(self._proxy.traffic.since(passed))

    def wait_each(self, delays: Sequence[float]) -> None:
        """Wait once for each of the delays."""
        for number, delay in enumerate(delays):
            self.wait(number, delay)

    def _open(self) -> None:
        self._client = self._kind()
        self._client.open(self._place)


def embedded(lab: Lab) -> list[Row]:
    """Wait on the embedded server, which pushes at once."""
    with _watchers(lab, "embedded", ALL) as watchers:
        # In turn, so that whatever else the machine does hits all alike.
        for number, delay in enumerate(spread(0.2, 1.0, lab.repetitions(50))):
            for watcher in watchers:
                watcher.wait(number, delay)
    return [_row("wait, embedded server", watchers, times=3, limit=5)]


def near(lab: Lab) -> list[Row]:
    """Wait on Dovecot, which pushes late but answers at once."""
    delays = spread(0.2, 9.0, lab.repetitions(45))
    with _watchers(lab, "dovecot", ALL) as watchers:
        _at_once(watchers, repeat(delays))
    what = "wait, Dovecot near"
    return [_row(what, watchers, times=0.25), *_late(lab, what)]


def far(lab: Lab) -> list[Row]:
    """Wait on Dovecot, 50 ms away."""
    delays = spread(0.2, 9.0, lab.repetitions(30))
    with _watchers(lab, "dovecot", ALL, FAR) as watchers:
        _at_once(watchers, repeat(delays))
    what = "wait, Dovecot far"
    after_push = {
        watcher.name: max(each.after_push().round_trips() for each in watcher.traffic)
        for watcher in watchers
    }
    return [
        _row(what, watchers, times=1.05),
        Row(f"{what}: after the push", "round trips", after_push, limit=3),
    ]


def _late(lab: Lab, what: str) -> list[Row]:
    """Wait for what comes when a near server is left alone again, and count the commands."""
    kinds: tuple[type[Client], ...] = lab.repetitions(5) * (RawSocket, Library)
    with _watchers(lab, "dovecot", kinds, 0.0) as watchers:
        # One after the other, or the deliveries would hold each other up.
        late = (LATE + number for number in range(len(watchers)))
        _at_once(watchers, ([delay] for delay in late))
    times = [
        [at - each.traffic[0][0].at for at, _ in each.traffic[0].commands()]
        for each in watchers
        if each.name == OURS
    ]
    most = max(most_in_a_second(each) for each in times)
    faded = max(sum(FADED + 1 <= at < LATE for at in each) for each in times)
    return [
        Row(f"{what}: most in one second", "commands", {OURS: most}, limit=20),
        Row(f"{what}: {FADED + 1:g} to {LATE:g} s", "commands/s", {OURS: faded / 19}, limit=1),
        _row(f"{what}: email after {LATE:g} s", watchers),
    ]


def most_in_a_second(times: Sequence[float]) -> int:
    """Return how many of these moments lie within one second at most."""
    return max(sum(begin <= each < begin + 1 for each in times) for begin in times)


@contextmanager
def _watchers(
    lab: Lab, server: str, kinds: Sequence[type[Client]], delay: float | None = None
) -> Iterator[list[Watcher]]:
    """Provide a watcher of each kind.

    delay: the seconds that the network takes in each direction, None for no proxy
    """
    with ExitStack() as stack:
        watchers = []
        for kind in kinds:
            proxy = None
            if delay is not None:
                port = lab.server(server).imap_port
                proxy = stack.enter_context(Proxy(port, delay))
            watchers.append(Watcher(lab, server, kind, proxy))
            stack.callback(watchers[-1].close)
        yield watchers


def _at_once(watchers: Sequence[Watcher], delays: Iterable[Sequence[float]]) -> None:
    """Let all wait at the same time, where waits are long and a millisecond is nothing.

    delays: those of each watcher
    """
    with ThreadPoolExecutor(len(watchers)) as pool:
        list(pool.map(Watcher.wait_each, watchers, delays))


def _row(
    what: str, watchers: Sequence[Watcher], times: float | None = None, limit: float | None = None
) -> Row:
    """Return the row of what all waits of each client took, and how many of them broke off."""
    seconds: dict[str, list[float]] = {}
    broken: dict[str, int] = {}
    for each in watchers:
        seconds.setdefault(each.name, []).extend(each.seconds)
        broken[each.name] = broken.get(each.name, 0) + each.broken
    notes = [
        f"{name} broke off {count} of {count + len(seconds[name])} waits"
        for name, count in broken.items()
        if count
    ]
    return Row(what, "ms", medians(seconds.items(), 1000), times, limit, ", ".join(notes))
