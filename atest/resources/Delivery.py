"""Brings emails to the server under test, as a product or a provider would."""

import itertools
import json
import os
import smtplib
import threading
import time
import urllib.request
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path

from robot.api import logger
from robot.api.deco import keyword, library

_SENDER = "The Shop <noreply@shop.example>"
# Products send mail that needs no 8-bit transport: quoted-printable and base64.
_POLICY = SMTP.clone(cte_type="7bit")


@library(scope="GLOBAL", listener="SELF")
class Delivery:
    """Keywords that make accounts and deliver emails.

    host, port: where the server takes emails
    protocol: how: "smtp" or "lmtp"
    password: what new accounts get
    accounts_url: where accounts have to be made, "" if the server does without
    """

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(
        self, host: str, port: int, protocol: str, password: str, accounts_url: str = ""
    ) -> None:
        self._host = host
        self._port = port
        self._client = {"smtp": smtplib.SMTP, "lmtp": smtplib.LMTP}[protocol]
        self._password = password
        self._accounts_url = accounts_url
        self._accounts: set[str] = set()
        self._numbers = itertools.count(1)
        self._under_way: list[threading.Thread] = []
        self._failures: list[str] = []

    @keyword
    def new_address(self, name: str = "user") -> str:
        """Returns an address that no test has used before: its mailbox is empty."""
        return f"{name}-{next(self._numbers)}@example.com"

    @keyword
    def tagged_address(self, address: str, tag: str) -> str:
        """Returns the address with a tag: ``local+tag@domain``."""
        local, domain = address.split("@")
        return f"{local}+{tag}@{domain}"

    @keyword
    def create_account(self, address: str) -> None:
        """Makes an account with the password ``${PASSWORD}``, if it must be made and is not yet."""
        if not self._accounts_url or address in self._accounts:
            return
        account = {"email": address, "login": address, "password": self._password}
        request = urllib.request.Request(
            self._accounts_url,
            json.dumps(account).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30):
            self._accounts.add(address)

    @keyword
    def deliver_email(
        self,
        to: str,
        subject: str = "Hello",
        text: str | None = None,
        html: str | None = None,
        sender: str = _SENDER,
        count: int = 1,
    ) -> None:
        """Delivers an email, or ``count`` equal ones.

        It has a text part, an HTML part, or both, as given; by default a text. When the keyword
        returns, the server has taken the email.
        """
        for _ in range(count):
            self._deliver(to, _compose(to, subject, text, html, sender).as_bytes())

    @keyword
    def deliver_email_with_attachment(self, mebibytes: int, to: str, **fields: str) -> None:
        """Delivers an email with an attachment of random bytes. Fields as in `Deliver Email`."""
        email = _compose(to, **fields)
        email.add_attachment(
            os.urandom(mebibytes * 1024 * 1024),
            maintype="application",
            subtype="octet-stream",
            filename="large.bin",
        )
        self._deliver(to, email.as_bytes())

    @keyword
    def deliver_large_email(self, mebibytes: int, to: str) -> None:
        """Delivers HTML with an image, and attachments: one large, one small."""
        email = _compose(to, text="Logo", html='<p>Logo: <img src="cid:logo@shop.example"></p>')
        html = list(email.iter_parts())[1]
        html.add_related(
            b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", cid="<logo@shop.example>"
        )
        email.add_attachment(
            os.urandom(mebibytes * 1024 * 1024),
            maintype="application",
            subtype="octet-stream",
            filename="large.bin",
        )
        email.add_attachment("a,b\n1,2\n", subtype="csv", filename="small.csv", cte="base64")
        self._deliver(to, email.as_bytes())

    @keyword
    def deliver_raw_email(self, email: Path | bytes, to: str) -> None:
        """Delivers bytes, or those of a file, as they are."""
        self._deliver(to, email if isinstance(email, bytes) else Path(email).read_bytes())

    @keyword
    def deliver_email_after(self, delay: timedelta, to: str, **fields: str) -> None:
        """Delivers an email later, while the test goes on. Fields as in `Deliver Email`.

        The test does not end before it is delivered. If that fails, a warning says so.
        """
        raw = _compose(to, **fields).as_bytes()
        thread = threading.Thread(target=self._deliver_later, args=(delay, to, raw), daemon=True)
        thread.start()
        self._under_way.append(thread)

    def _deliver_later(self, delay: timedelta, to: str, raw: bytes) -> None:
        time.sleep(delay.total_seconds())
        try:
            self._deliver(to, raw)
        except (OSError, smtplib.SMTPException) as failure:
            self._failures.append(f"The email for {to} could not be delivered: {failure}")

    def _deliver(self, to: str, raw: bytes) -> None:
        # LMTP asks for a name of the client, which smtplib would look up in the DNS.
        with self._client(self._host, self._port, local_hostname="localhost") as client:
            client.sendmail("bounce@shop.example", [to], raw)

    def _end_test(self, data: object, result: object) -> None:
        while self._under_way:
            self._under_way.pop().join()
        while self._failures:
            logger.warn(self._failures.pop())


def _compose(
    to: str,
    subject: str = "Hello",
    text: str | None = None,
    html: str | None = None,
    sender: str = _SENDER,
) -> EmailMessage:
    email = EmailMessage(policy=_POLICY)
    name, _, address = sender.rpartition("<")
    email["From"] = Address(name.strip(), addr_spec=address.rstrip(">"))
    email["To"] = to
    email["Subject"] = subject
    email["Date"] = format_datetime(localtime())
    email["Message-ID"] = make_msgid(domain="shop.example")
    if html is None:
        email.set_content("Some text." if text is None else text)
    elif text is None:
        email.set_content(html, subtype="html")
    else:
        email.set_content(text)
        email.add_alternative(html, subtype="html")
    return email
