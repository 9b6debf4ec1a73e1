"""Sending an email: the dialogue with an SMTP server (RFC 5321, RFC 6409), and how it can fail.

Who sends an email wants to know which recipient was refused with which words, and whether the
email can have been taken although no answer came. One deadline holds for all of it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from ImapLibrary.arguments import Security, reveal
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import (
    ConnectionFailed,
    ConnectionLost,
    EmailRefused,
    LoginFailed,
    OutcomeUnknown,
)
from ImapLibrary.imap.account import (
    Account,
    certificate_refused,
    greeting_failed,
    tls_failed,
    turned_away,
)
from ImapLibrary.imap.sasl import TOKENS, by_token, hidden, spellings
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.imap.tunnel import reach
from ImapLibrary.sending.esmtp import Answer, Esmtp, Leaving
from ImapLibrary.sending.fitting import fitted, options
from ImapLibrary.sending.outgoing import NOT_SENT, Outgoing
from ImapLibrary.units import amount

MECHANISMS = ("CRAM-MD5", "PLAIN", "LOGIN")
"""The ways to log in that are known, the best first."""

QUIT_SECONDS = 3.0
"""Nobody wants to wait long for a farewell."""

TOO_LARGE = 552
"""What a server says to MAIL FROM that has heard of a SIZE it does not take (RFC 1870)."""

CONTENT = "the content of the email"

T = TypeVar("T")


def send(account: Account, outgoing: Outgoing) -> Answer:
    """Send an email, and return the server's answer to it.

    Raises ConnectionFailed, LoginFailed or ConnectionLost if it was not sent, EmailRefused if the
    server did not take it or refused a recipient, and OutcomeUnknown if it may have been sent.
    """
    session = _Session(account)
    try:
        session.open()
        answer = session.hand_over(outgoing)
        session.quit()
        return answer
    except EmailRefused:
        session.quit()
        raise
    finally:
        session.close()


class _Session:
    """A dialogue with a server, from greeting to farewell."""

    _client: Esmtp  # since the greeting

    def __init__(self, account: Account) -> None:
        self._account = account
        self._place = f"{account.host} port {account.port}"
        # First of all, because it fails if the file with the authorities can't be read.
        self._tls = None if account.security is Security.NONE else account.tls_context()
        self._wire = reach(account, Deadline(account.timeout))

    def open(self) -> None:
        """Make the server ready to take an email from this user."""
        try:
            self._greet()
        except Leaving as leaving:
            raise turned_away(self._account, f"The server said: {leaving.answer}") from leaving
        except ConnectionLost as lost:
            raise greeting_failed(self._account, str(lost)) from lost
        except ssl.SSLCertVerificationError as error:
            raise certificate_refused(self._account, error) from error
        except OSError as error:
            raise tls_failed(self._account, error) from error
        account, password = self._account, reveal(self._account.password)
        if account.token and (self._takes_tokens() or not password):
            self._log_in_by_token(account.token)
        elif account.user:
            self._log_in(account.user, password)

    def hand_over(self, outgoing: Outgoing) -> Answer:
        """Give the server the email, and return what it says to that."""
        client = self._client
        outgoing = fitted(outgoing, client.has_extn, self._place)
        announced = options(outgoing, client.has_extn)
        answer = self._ask("MAIL FROM", client.mail_from, outgoing.sender, announced)
        if not answer.positive:
            size = f"the email because of its size ({amount(len(outgoing.content))})"
            what = size if answer.code == TOO_LARGE else f"the sender {outgoing.sender}"
            raise self._refusal(f"{what}: {answer} {NOT_SENT}")
        refused: dict[str, Answer] = {}
        for recipient in outgoing.recipients:
            answer = self._ask("RCPT TO", client.rcpt_to, recipient)
            if not answer.positive:
                refused[recipient] = answer
        taken = [each for each in outgoing.recipients if each not in refused]
        if not taken:
            raise self._refusal(_listed(refused, then=NOT_SENT))
        answer = self._ask("DATA", client.command, "DATA")
        begun = answer.code == 354
        if begun:
            answer = self._hand_over_content(outgoing)
        if not begun or not 200 <= answer.code <= 299:
            before = f" Before that, it refused {_listed(refused)}" if refused else ""
            raise self._refusal(f"the email: {answer} {NOT_SENT}{before}")
        if refused:
            to_others = f"To the others the email was sent: {', '.join(taken)}."
            raise self._refusal(_listed(refused, then=to_others))
        return answer

    def quit(self) -> None:
        """Take leave of the server and close the connection."""
        self._wire.deadline = self._wire.deadline.or_sooner(QUIT_SECONDS)
        with suppress(ConnectionLost):
            self._client.command("QUIT")
        self.close()

    def close(self) -> None:
        """Close the connection as it is. Nothing is sent and nothing raised."""
        self._wire.close()

    def _greet(self) -> None:
        account, tls = self._account, self._tls
        if tls and account.security is Security.TLS:
            self._wire.start_tls(tls, account.host)
        self._client = client = Esmtp(self._wire)
        self._insist(client.answer())
        self._insist(client.hello())
        if tls and account.security is Security.STARTTLS:
            self._ask_for_tls()
            self._wire.start_tls(tls, account.host, agreed=True)
            self._insist(client.hello())

    def _insist(self, answer: Answer) -> None:
        if not answer.positive:
            raise turned_away(self._account, f"The server said: {answer}")

    def _ask_for_tls(self) -> None:
        server = f"The server at {self._place}"
        advice = (
            "With security=TLS the connection is encrypted from the start (usually on port 465); "
            "with security=NONE everything is sent in plain text."
        )
        if not self._client.has_extn("STARTTLS"):
            raise ConnectionFailed(f"{server} offers no STARTTLS. {advice}")
        answer = self._client.command("STARTTLS")
        if not answer.positive:
            raise ConnectionFailed(f"{server} refused STARTTLS: {answer} {advice}")

    def _offered(self) -> list[str]:
        """Return the ways to log in that the server offers."""
        return self._client.esmtp_features.get("auth", "").upper().split()

    def _takes_tokens(self) -> bool:
        return any(each in self._offered() for each in TOKENS)

    def _log_in_by_token(self, token: AccessToken) -> None:
        """Log in with an access token, a fresh one if the server refuses the one there is."""
        if not self._takes_tokens():
            raise LoginFailed(
                f"Could not log in as {self._account.user} on {self._account.host}: the server "
                f"takes no access tokens ({' or '.join(TOKENS)}). It offers: "
                f"{', '.join(self._offered()) or 'no log-in'}."
            )
        refused = self._send_token(token.text())
        if refused and token.renewable:
            token.renew()
            refused = self._send_token(token.text())
        if refused:
            raise LoginFailed(
                f"Could not log in as {self._account.user} on {self._account.host}: {refused} Has "
                "the access token expired, and was it made for this user and for SMTP? "
                "fresh_token= takes a keyword that gives a new one."
            )

    def _send_token(self, token: str) -> str:
        """Show an access token, and return what the server says if it refuses that."""
        account = self._account
        dialogue = by_token(
            account.user,
            token,
            account.host,
            account.port,
            lambda name: name.removeprefix("AUTH=") in self._offered(),
        )
        try:
            answer = self._client.converse(dialogue)
        except ConnectionLost as lost:
            raise self._lost("AUTH", self._without(token, str(lost))) from None
        if answer.positive or answer.code == 503:
            return ""
        said = f"{answer} {' '.join(dialogue.told.split())}".rstrip()
        return self._without(token, f"{said}." if dialogue.told else said)

    def _log_in(self, user: str, password: str) -> None:
        offered = self._offered()
        refused = ""
        for mechanism in MECHANISMS:
            if mechanism not in offered:
                continue
            try:
                answer = self._client.authenticate(mechanism, user, password)
            except ConnectionLost as lost:
                # Some servers take their leave when they have refused a log-in.
                if not refused:
                    raise self._lost("AUTH", self._without(password, str(lost))) from None
                break
            if answer.positive or answer.code == 503:  # 503: the user is logged in already
                return
            refused = self._without(password, str(answer))
        if not refused:
            raise LoginFailed(
                f"Could not log in as {user} on {self._account.host}: {self._no_way(offered)}"
            )
        raise LoginFailed(
            f"Could not log in as {user} on {self._account.host}: {refused} "
            "Are user and password right, and may this account send by SMTP?"
        )

    def _without(self, secret: str, said: str) -> str:
        """Return what a server said without a password or token, in any form in which it is sent."""
        account = self._account
        return hidden(said, spellings(account.user, secret, account.host, account.port))

    def _no_way(self, offered: Sequence[str]) -> str:
        if offered:
            return (
                f"the server takes {' and '.join(dict.fromkeys(offered))}, and this library knows "
                f"{', '.join(MECHANISMS)}."
            )
        without = (
            "the server offers no log-in (AUTH). If it wants none, leave out user and password"
        )
        if self._account.security is Security.TLS:
            return f"{without}."
        return f"{without}; if it wants TLS before, try security=TLS or security=STARTTLS."

    def _hand_over_content(self, outgoing: Outgoing) -> Answer:
        """Send all of the email. From its last byte on, the server may have it."""
        content = _stuffed(outgoing.content)
        if not self._ask(CONTENT, self._client.upload, content):
            return self._answer_ahead()
        try:
            return self._final_answer()
        except ConnectionLost as lost:
            message_id = outgoing.email.message_id
            name = f"with the Message-ID {message_id} " if message_id else ""
            raise OutcomeUnknown(
                f"It is unknown whether the email was sent. The server at {self._place} got all of "
                f"it, and then no answer came: {lost} Before you send it again, see whether the "
                f"email {name}arrives."
            ) from lost

    def _answer_ahead(self) -> Answer:
        """Return the refusal of a server that does not want to have all of the email."""
        answer = self._ask(CONTENT, self._final_answer)
        self.close()  # a farewell would be taken for a line of the email
        if answer.positive:
            reason = f"The server answered before it had all of the email: {answer}"
            raise self._lost(CONTENT, reason)
        return answer

    def _final_answer(self) -> Answer:
        """Return what the server says to the email. It may take its leave with that."""
        try:
            return self._client.answer()
        except Leaving as leaving:
            return leaving.answer

    def _ask(self, step: str, command: Callable[..., T], *arguments: object) -> T:
        try:
            return command(*arguments)
        except ConnectionLost as lost:
            raise self._lost(step, str(lost)) from lost

    def _lost(self, step: str, reason: str) -> ConnectionLost:
        return ConnectionLost(f"{reason} This was {step} for {self._account}. {NOT_SENT}")

    def _refusal(self, what: str) -> EmailRefused:
        return EmailRefused(f"The server at {self._place} refused {what}")


def _listed(refused: Mapping[str, Answer], then: str = "") -> str:
    """Return the recipients that were refused, each with the server's words, and what comes then."""
    told = [f"{recipient}: {answer}" for recipient, answer in refused.items()]
    if len(told) == 1:
        return f"the recipient {told[0]} {then}".rstrip()
    return "\n".join([f"{len(told)} recipients:", *(f"  {each}" for each in told), then]).rstrip()


def _stuffed(content: bytes) -> bytes:
    """Return content as DATA takes it: no line of it is taken for the end (section 4.5.2)."""
    dotted = b"." + content if content.startswith(b".") else content
    return dotted.replace(b"\r\n.", b"\r\n..") + b".\r\n"
