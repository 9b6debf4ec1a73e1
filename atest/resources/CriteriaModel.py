"""Draws mailboxes and criteria, and compares what the library finds with a plain evaluation.

The evaluation knows the emails as they were composed, and neither the library nor a server.
"""

from __future__ import annotations

import imaplib
import itertools
import socket
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from robot.api import logger
from robot.api.deco import keyword, library

from ImapLibrary import ImapLibrary
from ImapLibrary.arguments import Security

WORDS = (
    *("code", "Order", "invoice", "confirm", "a", "42", "E-Mail", "x_y"),
    *("Straße", "STRASSE", "Grüße", "café", "cafe\N{COMBINING ACUTE ACCENT}", "İstanbul"),
    *("確認", "код", "تأكيد", "🎉", '"quoted"', "back\\slash", "50%", "(round)", "{5}", "*"),
)
NAMES = ("Jane Doe", "Jürgen Müller", "王小明", "Doe, Jane", "")
LOCALS = ("qa", "qa+1", "qa+11", "sales", "jane.doe")
DOMAINS = ("example.com", "shop.press")
FLAGS = ("\\Seen", "\\Flagged", "\\Answered", "$Work")
BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)
ZONES = tuple(timezone(timedelta(hours=hours)) for hours in (-11, 0, 9))

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
moments = st.builds(
    lambda hours, zone: (BEGIN + timedelta(hours=hours)).astimezone(zone),
    st.integers(0, 96),
    st.sampled_from(ZONES),
).filter(lambda moment: moment.hour != 12)  # GreenMail's APPEND takes noon for midnight
addresses = st.builds(
    lambda local, domain: f"{local}@{domain}", *map(st.sampled_from, (LOCALS, DOMAINS))
)


@dataclass
class Model:
    """An email as it was composed."""

    subject: str
    name: str
    address: str
    to: str
    body: str
    encoding: str
    sent: datetime
    received: datetime
    flags: frozenset[str] = field(default_factory=frozenset)

    def composed(self) -> bytes:
        email = EmailMessage(policy=SMTP)
        email["Subject"] = self.subject
        email["From"] = Address(self.name, addr_spec=self.address)
        email["To"] = self.to
        email["Date"] = format_datetime(self.sent)
        email["X-Campaign"] = self.subject
        email.set_content(f"{self.body}\n", cte=self.encoding)
        return email.as_bytes()


models = st.builds(
    Model,
    subject=texts,
    name=st.sampled_from(NAMES),
    address=addresses,
    to=addresses,
    body=texts,
    encoding=st.sampled_from(["base64", "quoted-printable"]),
    sent=moments,
    received=moments,
    flags=st.frozensets(st.sampled_from(FLAGS)),
)


def folded(text: str) -> str:
    """Return a text as it compares: NFC, case folded, blanks joined."""
    return unicodedata.normalize(
        "NFC", " ".join(unicodedata.normalize("NFC", text).casefold().split())
    )


def contains(text: str, wanted: str) -> bool:
    return folded(unicodedata.normalize("NFC", wanted)) in folded(text)


def person(name: str, address: str, wanted: str) -> bool:
    if "@" in wanted.strip("@") and not wanted.startswith("@"):
        return wanted.casefold() == address.casefold()
    return contains(f"{name} <{address}>", wanted)


CRITERIA: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "subject": (texts, lambda email, wanted: contains(email.subject, wanted)),
    "not_subject": (texts, lambda email, wanted: not contains(email.subject, wanted)),
    "body": (texts, lambda email, wanted: contains(email.body, wanted)),
    "header": (
        texts.map(lambda text: f"X-Campaign: {text}"),
        lambda email, wanted: contains(email.subject, wanted.partition(": ")[2]),
    ),
    "sender": (
        st.one_of(addresses, st.sampled_from([*NAMES[:-1], "@shop.press", "doe", "qa+1"])),
        lambda email, wanted: person(email.name, email.address, wanted),
    ),
    "recipient": (addresses, lambda email, wanted: wanted.casefold() == email.to.casefold()),
    "since": (moments, lambda email, wanted: email.received >= wanted),
    "before": (moments, lambda email, wanted: email.received < wanted),
    "sent_since": (moments, lambda email, wanted: email.sent >= wanted),
    "sent_before": (moments, lambda email, wanted: email.sent < wanted),
    "status": (
        st.sampled_from(["SEEN", "UNSEEN", "FLAGGED", "UNANSWERED"]),
        lambda email, wanted: (
            (f"\\{wanted.removeprefix('UN').capitalize()}" in email.flags)
            is not wanted.startswith("UN")
        ),
    ),
    "keyword": (st.just("$Work"), lambda email, wanted: wanted in email.flags),
}
"""Criterion -> what it may be, and whether an email meets it."""

criteria = st.lists(st.sampled_from(sorted(CRITERIA)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: CRITERIA[name][0] for name in names})
)


@library(scope="GLOBAL")
class CriteriaModel:
    """Compares the library with the model on the server under test.

    host, port, password: of the server, in plain text
    """

    def __init__(self, host: str, port: int, password: str) -> None:
        self._host = host
        self._port = port
        self._password = password

    @keyword
    def criteria_should_mean_the_same_as_in_the_model(
        self, addresses: list[str], queries: int = 5
    ) -> None:
        """Fills each of the mailboxes with drawn emails, and finds some by drawn criteria.

        ``addresses`` are of empty mailboxes, one for each example; ``queries`` is how many
        criteria are drawn for each.
        """
        unused = iter(addresses)
        found_any = itertools.count()

        @settings(
            max_examples=len(addresses),
            deadline=None,
            database=None,
            derandomize=True,
            # A smaller example would need another mailbox.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            st.lists(models, min_size=3, max_size=8),
            st.lists(criteria, min_size=queries, max_size=queries),
        )
        def compare(emails: list[Model], asked: list[dict[str, Any]]) -> None:
            address = next(unused, None)
            if address is None:
                return
            self._fill(address, emails)
            for found in self._compare(address, emails, asked):
                if found:
                    next(found_any)

        compare()
        count = next(found_any)
        logger.info(f"{count} of the queries found something.")
        if count < len(addresses):
            raise AssertionError(f"Only {count} queries found anything: the model draws badly.")

    def _fill(self, address: str, emails: list[Model]) -> None:
        with imaplib.IMAP4(self._host, self._port) as client:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(address, self._password)
            for email in emails:
                flags = f"({' '.join(sorted(email.flags))})"
                date = f'"{email.received:%d-%b-%Y %H:%M:%S %z}"'
                answer, data = client.append("INBOX", flags, date, email.composed())
                if answer != "OK":
                    raise AssertionError(f"APPEND was refused: {data}")

    def _compare(
        self, address: str, emails: list[Model], asked: list[dict[str, Any]]
    ) -> list[list[int]]:
        # None of the newest is tested for being new alone, so that SEARCH has to find it.
        library = ImapLibrary(check_newest=0)
        keywords = library.keywords
        keywords["open_mailbox"](
            self._host, address, self._password, port=self._port, security=Security.NONE
        )
        try:
            first = min(int(email) for email in keywords["find_emails"]())
            results = []
            for wanted in asked:
                found = [int(email) - first for email in keywords["find_emails"](**wanted)]
                meant = [
                    number
                    for number, email in reversed(list(enumerate(emails)))
                    if all(CRITERIA[name][1](email, value) for name, value in wanted.items())
                ]
                if found != meant:
                    raise AssertionError(f"{wanted} found {found}, not {meant}, among {emails}")
                count = keywords["get_email_count"](**wanted)
                if count != len(meant):
                    raise AssertionError(f"{wanted} counted {count}, not {len(meant)}")
                results.append(found)
            return results
        finally:
            keywords["close_mailbox"]()
