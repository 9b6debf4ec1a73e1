"""What it costs to list a full mailbox: who wrote what, and when.

The floor has the same FETCH read from a bare socket, and the same fields of the headers read by the
standard library.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser

from clients import Library
from deliverer import compose
from folder import Folder
from lab import Lab, medians
from marking import MANY
from proxy import Proxy
from rawsocket import RawSocket
from table import FLOOR, OURS, Row

Fields = list[tuple[str, str, object]]

_LITERAL = re.compile(rb"\{(\d+)\}\r\n")

NOTE = "the floor reads the fields with the standard library and policy.default"


def headers(lab: Lab) -> list[Row]:
    """List subject, sender and date of 5,000 emails on Dovecot."""
    place = lab.place("dovecot")
    emails = (_email(place.user, number) for number in range(1, MANY + 1))
    raw, library = RawSocket(), Library()
    with Folder(place, emails), Proxy(place.port) as proxy:
        listers: dict[str, Callable[[], Fields]] = {
            FLOOR: lambda: floor(raw),
            OURS: lambda: ours(library),
        }
        seconds: dict[str, list[float]] = {name: [] for name in listers}
        raw.open(place)
        library.open(replace(place, port=proxy.port))
        commands, size = len(proxy.traffic.commands()), proxy.traffic.bytes()
        if sorted(ours(library), key=str) != sorted(floor(raw), key=str):
            raise RuntimeError("The two read different fields.")
        commands = len(proxy.traffic.commands()) - commands
        size = proxy.traffic.bytes() - size
        library.close()
        library.open(place)
        for _ in range(lab.repetitions(9)):
            for name, fields in listers.items():
                begin = time.perf_counter()
                fields()
                seconds[name].append(time.perf_counter() - begin)
        library.close()
        raw_size = len(raw.headers())
        raw.close()
    what = f"list {MANY:,} emails"
    return [
        Row(what, "ms", medians(seconds.items(), 1000), times=2, note=NOTE),
        Row(what, "commands", {FLOOR: 1, OURS: commands}, limit=4),
        Row(
            f"{what}: over the wire",
            "KiB",
            {FLOOR: raw_size / 1024, OURS: size / 1024},
            times=1.1,
        ),
    ]


def _email(to: str, number: int) -> EmailMessage:
    """Return an email with as many headers as those that come over the Internet have."""
    email = compose(to, f"Number {number}: Grüße")
    email["Date"] = f"Tue, 24 Nov 2026 12:{number // 60 % 60:02}:{number % 60:02} +0100"
    email["Message-ID"] = f"<{number}@shop.example>"
    for hop in range(3):
        email["Received"] = (
            f"from mx{hop}.shop.example (mx{hop}.shop.example [192.0.2.{hop}]) by mail.example.com "
            f"with ESMTPS id {number:08x}; Tue, 24 Nov 2026 11:00:00 +0000"
        )
    return email


def ours(library: Library) -> Fields:
    """List them by `Find Emails`."""
    return [(each.subject, each.sender, each.date) for each in library.find_all()]


def floor(raw: RawSocket) -> Fields:
    """List them by one FETCH, and the standard library."""
    parser = BytesHeaderParser(policy=policy.default)
    answer = raw.headers()
    fields: Fields = []
    end = 0
    while literal := _LITERAL.search(answer, end):
        end = literal.end() + int(literal[1])
        message = parser.parsebytes(answer[literal.end() : end])
        sender = message["From"].addresses[0].addr_spec
        fields.append((str(message["Subject"]), sender, message["Date"].datetime))
    return fields
