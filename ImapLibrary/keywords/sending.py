"""Sending emails."""

import logging
from datetime import timedelta
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary import files
from ImapLibrary.arguments import Secret, Security, TrueOrFalse, given, positive_seconds, reveal
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.finding import fetching
from ImapLibrary.imap.account import SMTP, Account, to_verify
from ImapLibrary.imap.proxy import Proxy
from ImapLibrary.imap.tokens import AccessToken
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.mistaken import path, paths, refuse_emails
from ImapLibrary.keywords.running import token_of
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.sending.answering import forward, reply
from ImapLibrary.sending.composing import Draft
from ImapLibrary.sending.outgoing import Outgoing, as_it_is, enveloped
from ImapLibrary.sending.smtp import send
from ImapLibrary.sending.uploads import read_files

_log = logging.getLogger(__name__)


class SendingKeywords:
    """Keywords that send emails by SMTP."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    def send_email(
        self,
        *,
        host: str | None,
        port: int | None = None,
        security: Security = Security.TLS,
        user: str | None = "",
        password: str | Secret | None = "",
        verify: TrueOrFalse | Path | None = True,
        timeout: timedelta = timedelta(seconds=30),
        client_certificate: Path | None = None,
        access_token: str | Secret | None = "",
        fresh_token: object = None,
        proxy: str | Secret | None = "",
        sender: str | None = "",
        to: list[str] | str | None = "",
        cc: list[str] | str | None = "",
        bcc: list[str] | str | None = "",
        reply_to: list[str] | str | None = "",
        subject: str | None = "",
        text: str | None = None,
        html: str | None = None,
        attachments: Path | list[Path] | None = None,
        inline_images: Path | list[Path] | None = None,
        headers: dict[str, str] | None = None,
        eml: Path | bytes | None = None,
    ) -> str:
        """Sends an email by SMTP, made of its arguments or as it is in a file.

        | =Argument=      | =Meaning= |
        | ``host``        | Name or address of the SMTP server. Must be given. |
        | ``port``        | By default 465 with TLS, 587 with STARTTLS, 25 in plain text. |
        | ``security``    | ``TLS`` (default), ``STARTTLS``, or ``NONE`` for plain text. |
        | ``user``, ``password`` | To log in (CRAM-MD5, PLAIN or LOGIN). Leave both out where the server wants no log-in. The password is text or Robot Framework's ``Secret`` and never shown. |
        | ``verify``      | As with `Open Mailbox`: ``True`` (default), ``False``, or a file with the authorities to trust. |
        | ``timeout``     | How long all of it may take, 30 seconds by default. |
        | ``client_certificate``, ``access_token``, ``fresh_token``, ``proxy`` | As with `Open Mailbox`. With an access token it logs in by OAUTHBEARER or XOAUTH2. |
        | ``sender``      | Address that it comes from, with or without a name: ``QA <qa@example.com>``. Bounces go there too. |
        | ``to``, ``cc``  | Addresses that it goes to: one, several with commas between, or a list. |
        | ``bcc``         | Addresses that get it without being named in it. |
        | ``reply_to``    | Addresses that answers should go to. |
        | ``subject``     | The subject. |
        | ``text``, ``html`` | The body as plain text, as HTML, or both as alternatives. |
        | ``attachments`` | Path of a file to attach, or a list of paths. An ``.eml`` file is attached as an email. |
        | ``inline_images`` | Paths of images that the HTML shows by their file names: ``<img src="cid:logo.png">``. |
        | ``headers``     | A dictionary of more header fields. One that there would be anyway, such as ``Date`` or ``From``, is replaced. |
        | ``eml``         | Path of an ``.eml`` file, or bytes, to send as they are; only line ends become those of email. Without ``sender``, ``to``, ``cc`` and ``bcc`` it goes from and to whom it names; what else it says can't be changed. |

        Returns the Message-ID. `Wait For Email` finds the email by it where it arrives.

        Fails if the server can't be reached, does not let the user in or does not take the email.
        If it refuses some recipients only, the others get the email, and the failure says which
        ones were refused with which words. If the connection breaks after all of the email was
        handed over, the failure says that the outcome is unknown. Nothing is sent twice.

        An address outside ASCII is refused if the server takes none (it offers no SMTPUTF8). What
        ``eml`` holds is sent all the same, and the log warns.

        What is the same for several emails need not be repeated: a dictionary holds it.

        Examples:
        | Send Email | host=smtp.example.com | user=qa@example.com | password=${PASSWORD} | sender=qa@example.com | to=shop@example.com | subject=Help | text=My order is late. |
        | VAR | &{SMTP} | host=localhost | port=3025 | security=NONE | sender=QA <qa@example.com> |
        | ${id} = | Send Email | &{SMTP} | to=qa@example.com, boss@example.com | subject=Report | html=<img src="cid:logo.png"> | inline_images=${CURDIR}/logo.png | attachments=${CURDIR}/report.pdf |
        | ${email} = | Wait For Email | header=Message-ID: ${id} |
        | Send Email | &{SMTP} | eml=${CURDIR}/email.eml | to=qa@example.com |
        """
        account = _account(
            host=host,
            port=port,
            security=security,
            user=user,
            password=password,
            verify=verify,
            timeout=timeout,
            client_certificate=client_certificate,
            token=token_of(access_token, fresh_token),
            proxy=proxy,
        )
        refuse_emails(subject=subject, text=text, html=html)
        attached, shown = paths("attachments", attachments), paths("inline_images", inline_images)
        if eml is not None:
            _refuse_beside_eml(
                reply_to=reply_to,
                subject=subject,
                text=text,
                html=html,
                attachments=attached,
                inline_images=shown,
                headers=headers,
            )
            raw = eml if isinstance(eml, bytes) else files.read(path("eml", eml))
            recipients = [*_several(to), *_several(cc), *_several(bcc)]
            return _send(account, as_it_is(raw, sender or "", recipients))
        draft = Draft(
            sender=sender or "",
            to=to or (),
            cc=cc or (),
            reply_to=reply_to or (),
            subject=subject or "",
            text=text,
            html=html,
            attachments=read_files(attached),
            inline_images=read_files(shown),
            headers=headers or {},
        )
        return _send(account, enveloped(draft, bcc or ()))

    @keyword
    def reply_to_email(
        self,
        email: Reference,
        *,
        text: str | None,
        sender: str | None,
        host: str | None,
        port: int | None = None,
        security: Security = Security.TLS,
        user: str | None = "",
        password: str | Secret | None = "",
        verify: TrueOrFalse | Path | None = True,
        timeout: timedelta = timedelta(seconds=30),
        client_certificate: Path | None = None,
        access_token: str | Secret | None = "",
        fresh_token: object = None,
        proxy: str | Secret | None = "",
        mailbox: str | None = None,
    ) -> str:
        """Replies to an email, as a person would who got it.

        | =Argument= | =Meaning= |
        | ``email``  | What `Wait For Email` returned, or a UID. |
        | ``text``   | What to say. The text of the email is quoted below it. |
        | ``sender`` | Address that the reply comes from, with or without a name. |
        | ``host``, ``port``, ``security``, ``user``, ``password``, ``verify``, ``timeout``, ``client_certificate``, ``access_token``, ``fresh_token``, ``proxy`` | The SMTP server, as with `Send Email`. |
        | ``mailbox`` | Alias of the mailbox that the email is in, by default the current one. |

        The reply goes to the Reply-To of the email, else to its sender. Its subject has ``Re:``
        in front, once, and its header ties it to the email (In-Reply-To, References), so that a
        product recognises it. The email stays as it is; it is not marked as read or answered.

        Returns the Message-ID of the reply. Fails as `Send Email` does, and if the email names
        nobody to reply to.

        Examples:
        | VAR | &{SMTP} | host=smtp.example.com | user=qa@example.com | password=${PASSWORD} | sender=qa@example.com |
        | Reply To Email | ${email} | &{SMTP} | text=Yes, please. |
        """
        text = given("text", text) if text is None else text
        refuse_emails(text=text)
        account = _account(
            host=host,
            port=port,
            security=security,
            user=user,
            password=password,
            verify=verify,
            timeout=timeout,
            client_certificate=client_certificate,
            token=token_of(access_token, fresh_token),
            proxy=proxy,
        )
        original = self._emails.get(email, mailbox, fetching.with_text)
        return _send(account, enveloped(reply(original, sender or "", text)))

    @keyword
    def forward_email(
        self,
        email: Reference,
        *,
        to: list[str] | str | None,
        sender: str | None,
        host: str | None,
        port: int | None = None,
        security: Security = Security.TLS,
        user: str | None = "",
        password: str | Secret | None = "",
        verify: TrueOrFalse | Path | None = True,
        timeout: timedelta = timedelta(seconds=30),
        client_certificate: Path | None = None,
        access_token: str | Secret | None = "",
        fresh_token: object = None,
        proxy: str | Secret | None = "",
        text: str | None = "",
        inline: bool = False,
        mailbox: str | None = None,
    ) -> str:
        """Forwards an email, whole as an attachment or its text inline.

        | =Argument= | =Meaning= |
        | ``email``  | What `Wait For Email` returned, or a UID. |
        | ``to``     | Addresses that it goes to: one, several with commas between, or a list. |
        | ``sender`` | Address that it comes from, with or without a name. |
        | ``host``, ``port``, ``security``, ``user``, ``password``, ``verify``, ``timeout``, ``client_certificate``, ``access_token``, ``fresh_token``, ``proxy`` | The SMTP server, as with `Send Email`. |
        | ``text``   | What to say above it. |
        | ``inline`` | ``True`` puts the text of the email, with its sender, date, subject and recipients, below ``text``, and leaves out its HTML and attachments. By default the whole email is attached (``message/rfc822``), byte for byte but for line ends, which become those of email. To a server that takes ASCII only (it offers neither 8BITMIME nor SMTPUTF8), an email with other bytes goes as a file (``application/octet-stream``). |
        | ``mailbox`` | Alias of the mailbox that the email is in, by default the current one. |

        The subject has ``Fwd:`` in front, unless it begins with ``Fwd:`` or ``Fw:``. The email stays as it is.

        Returns the Message-ID of the new email. Fails as `Send Email` does.

        Examples:
        | VAR | &{SMTP} | host=smtp.example.com | user=qa@example.com | password=${PASSWORD} | sender=qa@example.com |
        | Forward Email | ${email} | &{SMTP} | to=help@example.com | text=What is this? | |
        | Forward Email | ${email} | &{SMTP} | to=help@example.com | inline=True | |
        """
        refuse_emails(text=text)
        account = _account(
            host=host,
            port=port,
            security=security,
            user=user,
            password=password,
            verify=verify,
            timeout=timeout,
            client_certificate=client_certificate,
            token=token_of(access_token, fresh_token),
            proxy=proxy,
        )
        fetch = fetching.with_text if inline else fetching.whole
        original = self._emails.get(email, mailbox, fetch)
        draft = forward(original, sender or "", to or (), text or "", inline=inline)
        return _send(account, enveloped(draft))


def _account(
    *,
    host: str | None,
    port: int | None,
    security: Security,
    user: str | None,
    password: str | Secret | None,
    verify: TrueOrFalse | Path | None,
    timeout: timedelta,
    client_certificate: Path | None,
    token: AccessToken | None,
    proxy: str | Secret | None,
) -> Account:
    return Account(
        host=host or "",
        user=user or "",
        password=password or "",
        port=SMTP.ports[security] if port is None else port,
        security=security,
        verify=to_verify(verify),
        timeout=positive_seconds("timeout", timeout),
        service=SMTP,
        token=token,
        client_certificate=None
        if client_certificate is None
        else path("client_certificate", client_certificate),
        proxy=Proxy.parse(proxy) if proxy and reveal(proxy) else None,
    )


def _several(addresses: list[str] | str | None) -> list[str]:
    return [addresses] if addresses and isinstance(addresses, str) else list(addresses or ())


def _refuse_beside_eml(**others: object) -> None:
    for name, value in others.items():
        if value:
            raise InvalidArgument(
                f"The argument {name} can't be given together with eml, which is sent as it is."
            )


def _send(account: Account, outgoing: Outgoing) -> str:
    """Send an email, tell the log, and return the Message-ID."""
    answer = send(account, outgoing)
    _log.info("Sent %s by %s port %s. It said: %s", outgoing, account.host, account.port, answer)
    return outgoing.email.message_id
