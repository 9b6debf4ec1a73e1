"""What can go wrong between the library and a server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum

from faults.proxy import CHUNK, Fault, Pipe, Strike

DELAY = 0.1
"""Seconds that everything is late, each way."""

TRICKLE = 2048
"""So many bytes of a piece come in drops; all of a large email would take too long."""

GLUED = 0.03
"""Seconds of silence after which what was held back is sent in one piece."""

OUTAGE = 0.7
"""Seconds for which the server can't be reached."""

GARBLED = 8
"""So many bytes are changed."""


class Due(Enum):
    """What a keyword owes under a fault."""

    RESULT = "the right result"
    REPAIR = "the right result, if the keyword repairs lost connections"
    EITHER = "the right result or a clear failure"


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    place: which part of what passes in the course of the keyword passes unharmed before it
        (of a keyword that does not take the same commands each time: at its beginning)
    of_commands, lasting: as in `Fault`
    tls: whether the connection is in TLS
    unused: whether the connection was not used for a while, so that it is tried out first
    restarts: whether it takes a server that can be restarted, and disturbs everyone else
    """

    name: str
    strike: Strike
    due: Due
    place: float = 0.0
    of_commands: bool = False
    lasting: bool = False
    tls: bool = False
    unused: bool = False
    restarts: bool = False

    def fault(self, commands: int, answers: int) -> Fault:
        """Return the fault for a keyword of which that many bytes pass each way."""
        total = commands if self.of_commands else answers
        # Lengths differ by some bytes from run to run, such as those of the times that Dovecot tells.
        # The last twenty belong to the last line.
        place = min(round(total * self.place), max(0, total - 20))
        return Fault(self.strike, self.of_commands, place, self.lasting)


def _nothing(pipe: Pipe, data: bytes) -> None:
    pipe.send(data)


def _delay(pipe: Pipe, data: bytes) -> None:
    time.sleep(DELAY)
    pipe.send(data)


def _throttle(pipe: Pipe, data: bytes) -> None:
    for start in range(0, min(len(data), TRICKLE), 64):
        time.sleep(0.005)
        pipe.send(data[start : min(start + 64, TRICKLE)])
    pipe.send(data[TRICKLE:])


def _split(pipe: Pipe, data: bytes) -> None:
    for start in range(min(len(data), TRICKLE)):
        pipe.send(data[start : start + 1])
        time.sleep(0)  # lets the reader have it before the next one comes
    pipe.send(data[TRICKLE:])


def _glue(pipe: Pipe, data: bytes) -> None:
    pipe.send(data + pipe.gather(GLUED))


def _cut(pipe: Pipe, data: bytes) -> None:
    pipe.link.close()


def _reset(pipe: Pipe, data: bytes) -> None:
    pipe.link.reset()


def _hang(pipe: Pipe, data: bytes) -> None:
    pipe.link.hang()


def _swallow(pipe: Pipe, data: bytes) -> None:
    """Lose this and what belongs to it; what comes once the other side has spoken passes."""
    pipe.link.swallow(pipe)


def _garble(pipe: Pipe, data: bytes) -> None:
    pipe.send(bytes(byte ^ 0x15 for byte in data[:GARBLED]) + data[GARBLED:CHUNK])


def _garble_end(pipe: Pipe, data: bytes) -> None:
    """Change what no length stands in, or TLS would wait for the end of a record that has none."""
    pipe.send(data[:-GARBLED] + bytes(byte ^ 0x15 for byte in data[-GARBLED:]))


def _bye(pipe: Pipe, data: bytes) -> None:
    pipe.send(b"* BYE Down for maintenance\r\n")
    pipe.link.close()


def _outage(pipe: Pipe, data: bytes) -> None:
    pipe.link.proxy.turn_away(OUTAGE)
    pipe.link.close()


def _gone(pipe: Pipe, data: bytes) -> None:
    pipe.link.proxy.turn_away(3600)
    pipe.link.reset()


def _restart(pipe: Pipe, data: bytes) -> None:
    pipe.link.proxy.restart_server()
    pipe.link.close()


NOTHING = Kind("nothing", _nothing, Due.RESULT, lasting=True)
NOTHING_IN_TLS = Kind("nothing, in TLS", _nothing, Due.RESULT, lasting=True, tls=True)

# Without TLS, garbage is only told from an answer where a line begins: IMAP has no checksums.
KINDS = (
    Kind("answers delayed", _delay, Due.RESULT, lasting=True),
    Kind("commands delayed", _delay, Due.RESULT, lasting=True, of_commands=True),
    Kind("answers throttled", _throttle, Due.RESULT, lasting=True),
    Kind("answers split into bytes", _split, Due.RESULT, lasting=True),
    Kind("commands split into bytes", _split, Due.RESULT, lasting=True, of_commands=True),
    Kind("answers glued", _glue, Due.RESULT, lasting=True),
    Kind("cut before the first answer", _cut, Due.REPAIR),
    Kind("cut in an answer", _cut, Due.REPAIR, place=0.5),
    Kind("cut in the last answer", _cut, Due.REPAIR, place=1.0),
    Kind("cut in a command", _cut, Due.REPAIR, place=0.5, of_commands=True),
    Kind("reset before the first command", _reset, Due.REPAIR, of_commands=True),
    Kind("reset before the first answer", _reset, Due.REPAIR),
    Kind("reset in an answer", _reset, Due.REPAIR, place=0.5),
    Kind("reset in the last answer", _reset, Due.REPAIR, place=1.0),
    Kind("half-open before the first command", _hang, Due.REPAIR, of_commands=True, unused=True),
    Kind("half-open before the first answer", _hang, Due.REPAIR, unused=True),
    Kind("half-open in an answer", _hang, Due.EITHER, place=0.5),
    Kind("first command swallowed", _swallow, Due.REPAIR, of_commands=True, unused=True),
    Kind("first answer swallowed", _swallow, Due.REPAIR, unused=True),
    Kind("an answer swallowed half", _swallow, Due.EITHER, place=0.5),
    Kind("first answer garbled", _garble, Due.EITHER),
    Kind("BYE instead of the first answer", _bye, Due.REPAIR),
    Kind("an outage in an answer", _outage, Due.REPAIR, place=0.5),
    Kind("server gone in an answer", _gone, Due.EITHER, place=0.5),
    Kind("answers split into bytes, in TLS", _split, Due.RESULT, lasting=True, tls=True),
    Kind("answer garbled, in TLS", _garble_end, Due.REPAIR, place=0.5, tls=True),
    Kind("cut in an answer, in TLS", _cut, Due.REPAIR, place=0.5, tls=True),
    Kind("half-open in an answer, in TLS", _hang, Due.EITHER, place=0.5, tls=True),
    Kind("server restarted in an answer", _restart, Due.REPAIR, place=0.5, restarts=True),
)
