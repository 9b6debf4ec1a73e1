"""Draws mailboxes and criteria, and compares what the library finds with a plain evaluation.

The evaluation knows the emails as they were composed, and neither the library nor a server.
"""

from __future__ import annotations

import imaplib
import itertools
import re
import socket
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
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
FILES = ("invoice.pdf", "Rechnung März.pdf", "photo.png")
TYPES = {"pdf": "application/pdf", "png": "image/png"}
PAGES = ("reset", "welcome")
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
    cc: str
    body: str
    shape: str
    page: str
    file: str
    encoding: str
    sent: datetime
    received: datetime
    flags: frozenset[str] = field(default_factory=frozenset)
    number: int = 0

    @property
    def link(self) -> str:
        return f"https://shop.example/{self.page}" if self.shape != "plain" else ""

    @property
    def html(self) -> str:
        """The source of the HTML, which splits and encodes no word: see record 18."""
        if not self.link:
            return ""
        text = escape(self.body, quote=False)
        return f'<p>{text}</p><p><a href="{self.link}">Open page</a></p>\n'

    @property
    def read(self) -> list[str]:
        """The texts that a person can read, each on its own."""
        plain = [self.body] if self.shape != "html" else []
        return [*plain, f"{self.body}\n\nOpen page"] if self.link else plain

    @property
    def written(self) -> list[str]:
        """All that is written in it, each line of the header on its own."""
        lines = [f"{name}: {value}" for name, value in self.made().items()]
        return [*lines, *self.read, self.html, self.file]

    def composed(self) -> bytes:
        return self.made().as_bytes()

    def made(self) -> EmailMessage:
        email = EmailMessage(policy=SMTP)
        email["Subject"] = self.subject
        email["From"] = Address(self.name, addr_spec=self.address)
        email["To"] = self.to
        if self.cc:
            email["Cc"] = self.cc
        email["Date"] = format_datetime(self.sent)
        email["X-Campaign"] = self.subject
        if self.shape == "html":
            email.set_content(self.html, subtype="html", cte=self.encoding)
        else:
            email.set_content(f"{self.body}\n", cte=self.encoding)
        if self.shape == "both":
            email.add_alternative(self.html, subtype="html", cte=self.encoding)
            email.set_boundary("=_alternative")
        if self.file:
            main, _, kind = TYPES[self.file[-3:]].partition("/")
            email.add_attachment(bytes(9000), maintype=main, subtype=kind, filename=self.file)
            email.set_boundary("=_mixed")
        return email


models = st.builds(
    Model,
    subject=texts,
    name=st.sampled_from(NAMES),
    address=addresses,
    to=addresses,
    cc=st.one_of(st.just(""), addresses),
    body=texts,
    shape=st.sampled_from(["plain", "html", "both"]),
    page=st.sampled_from(PAGES),
    file=st.sampled_from(["", "", *FILES]),
    encoding=st.sampled_from(["base64", "quoted-printable"]),
    sent=moments,
    received=moments,
    flags=st.frozensets(st.sampled_from(FLAGS)),
)


def folded(text: str) -> str:
    """Return a text as it compares: NFC, case folded, blanks joined."""
    return unicodedata.normalize("NFC", joined(text).casefold())


def joined(text: str) -> str:
    """Return a text in NFC, blanks joined."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def like(pattern: str, text: str) -> bool:
    """Return whether all of a text is as a pattern with * and ? has it."""
    wildcards = {"*": ".*", "?": "."}
    plain = "".join(wildcards.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(plain, text, re.DOTALL | re.IGNORECASE) is not None


def meets(text: str, wanted: str) -> bool:
    """Return whether a text is as it is wanted, by the prefix of what is wanted."""
    prefix, _, rest = wanted.partition(":")
    if prefix == "exact":
        return folded(text) == folded(rest)
    if prefix == "glob":
        return like(folded(rest), folded(text)) or like(joined(rest), joined(text))
    if prefix == "regexp":
        wanted, text = (unicodedata.normalize("NFC", each) for each in (rest, text))
        return re.search(wanted, text) is not None
    return folded(wanted) in folded(text)


def any_of(texts: Iterable[str], wanted: str) -> bool:
    return any(meets(text, wanted) for text in texts)


def person(name: str, address: str, wanted: str) -> bool:
    shown = f"{name} <{address}>"
    if wanted.startswith(("exact:", "glob:", "regexp:")):
        return any_of([shown, address, name], wanted)
    if "@" in wanted.strip("@") and not wanted.startswith("@"):
        return wanted.casefold() == address.casefold()
    return meets(shown, wanted)


def attached(email: Model, wanted: str) -> bool:
    """Return whether the file is the one that is wanted, by its name, or else by its type."""
    if not email.file:
        return False
    if "/" not in wanted:
        return meets(email.file, wanted)
    return like(wanted.removeprefix("glob:"), TYPES[email.file[-3:]])


def numbered(email: Model, wanted: str) -> bool:
    """Return whether the number of an email is within `1`, `1:2` or `1:*`."""
    first, _, last = wanted.partition(":")
    return int(first) <= email.number and (last == "*" or email.number <= int(last or first))


def flagged(email: Model, wanted: str) -> bool:
    flag = f"\\{wanted.removeprefix('UN').capitalize()}"
    return (flag in email.flags) is not wanted.startswith("UN")


def on_day(moment: datetime, wanted: datetime) -> bool:
    return moment.astimezone(wanted.tzinfo).date() == wanted.date()


def as_patterns(text: str) -> st.SearchStrategy[str]:
    """Draw how to ask for a text: as it is, exactly, with wildcards, by a regular expression."""
    return st.sampled_from(
        [
            *(text, f"exact:{text}", f"glob:*{text}*", f"glob:{text[0]}*{text[-1]}"),
            *(f"glob:{text[:2]}?{text[3:]}", f"glob:*{text[1:]}", f"regexp:{re.escape(text)}"),
        ]
    )


wanted_texts = st.one_of(texts, texts.flatmap(as_patterns))
people = st.one_of(addresses, st.sampled_from([*NAMES[:-1], "@shop.press", "doe", "qa+1"]))
wanted_people = st.one_of(people, people.flatmap(as_patterns))

TEXTUAL: dict[str, tuple[st.SearchStrategy[str], Callable[[Model, str], bool]]] = {
    "subject": (wanted_texts, lambda email, wanted: meets(email.subject, wanted)),
    "body": (wanted_texts, lambda email, wanted: any_of(email.read, wanted)),
    "text": (
        st.one_of(wanted_texts, st.sampled_from([*FILES[::2], "X-Campaign", "jane.doe@shop"])),
        lambda email, wanted: any_of(email.written, wanted),
    ),
    "header": (
        wanted_texts.map(lambda text: f"X-Campaign: {text}"),
        lambda email, wanted: meets(email.subject, wanted.partition(": ")[2]),
    ),
    "sender": (
        wanted_people,
        lambda email, wanted: person(email.name, email.address, wanted),
    ),
    "recipient": (
        addresses,
        lambda email, wanted: wanted.casefold() in (email.to.casefold(), email.cc.casefold()),
    ),
    "cc": (
        st.one_of(addresses, st.sampled_from(["@shop.press", "glob:qa*", "exact:qa@example.com"])),
        lambda email, wanted: bool(email.cc) and person("", email.cc, wanted),
    ),
    "link": (
        st.sampled_from(["shop.example/reset", "open page", "glob:*/welcome", "exact:Open page"]),
        lambda email, wanted: bool(email.link) and any_of([email.link, "Open page"], wanted),
    ),
    "attachment": (
        st.one_of(
            st.sampled_from([*FILES, *TYPES.values(), "image/*", "glob:*.pdf", "märz"]),
            st.sampled_from(FILES).flatmap(as_patterns),
        ),
        attached,
    ),
    "keyword": (st.just("$Work"), lambda email, wanted: wanted in email.flags),
}
"""Criterion that has an opposite -> what it may be, and whether an email meets it."""

CRITERIA: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    **TEXTUAL,
    **{
        f"not_{name}": (values, lambda email, wanted, met=met: not met(email, wanted))
        for name, (values, met) in TEXTUAL.items()
    },
    "has_attachments": (st.booleans(), lambda email, wanted: bool(email.file) is wanted),
    "larger": (
        st.sampled_from([100, 6000, 50000]),
        lambda email, wanted: len(email.composed()) > wanted,
    ),
    "smaller": (
        st.sampled_from([100, 6000, 50000]),
        lambda email, wanted: len(email.composed()) < wanted,
    ),
    "since": (moments, lambda email, wanted: email.received >= wanted),
    "before": (moments, lambda email, wanted: email.received < wanted),
    "on": (moments, lambda email, wanted: on_day(email.received, wanted)),
    "sent_since": (moments, lambda email, wanted: email.sent >= wanted),
    "sent_before": (moments, lambda email, wanted: email.sent < wanted),
    "sent_on": (moments, lambda email, wanted: on_day(email.sent, wanted)),
    "status": (st.sampled_from(["SEEN", "UNSEEN", "FLAGGED", "UNANSWERED"]), flagged),
    # As if the first email had the UID 0.
    "uid": (st.sampled_from(["0", "1", "0:1", "2:*", "7"]), numbered),
}
"""Criterion -> what it may be, and whether an email meets it."""

criteria = st.lists(st.sampled_from(sorted(CRITERIA)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: CRITERIA[name][0] for name in names})
)


def with_uids(wanted: dict[str, Any], first: int) -> dict[str, Any]:
    """Return the criteria with the UIDs that the emails have."""
    if "uid" not in wanted:
        return wanted
    uids = re.sub(r"\d+", lambda number: str(int(number[0]) + first), wanted["uid"])
    return {**wanted, "uid": uids}


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
            for number, email in enumerate(emails):
                email.number = number
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
                given = with_uids(wanted, first)
                found = [int(email) - first for email in keywords["find_emails"](**given)]
                meant = [
                    number
                    for number, email in reversed(list(enumerate(emails)))
                    if all(CRITERIA[name][1](email, value) for name, value in wanted.items())
                ]
                if found != meant:
                    raise AssertionError(f"{wanted} found {found}, not {meant}, among {emails}")
                count = keywords["get_email_count"](**given)
                if count != len(meant):
                    raise AssertionError(f"{wanted} counted {count}, not {len(meant)}")
                results.append(found)
            return results
        finally:
            keywords["close_mailbox"]()
