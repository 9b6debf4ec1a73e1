"""Reading the header fields of emails."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches

from robot.api.deco import keyword

from ImapLibrary.arguments import given
from ImapLibrary.errors import HeaderNotFound
from ImapLibrary.finding import fetching
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.mime.headers import Headers, parse_date


class HeaderKeywords:
    """Keywords that read header fields."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    @takes_assertion("The subject")
    def get_email_subject(self, email: Reference, *, mailbox: str | None = None) -> str:
        """Returns the subject of an email, decoded and on one line.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the subject, see `Assertions`. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        It is empty if there is none. The email stays unread.

        Examples:
        | ${subject} = | Get Email Subject | ${email} | |
        | Get Email Subject | ${email} | equals | Welcome |
        """
        return self._email(email, mailbox).subject

    @keyword
    @takes_assertion("The sender")
    def get_email_sender(self, email: Reference, *, mailbox: str | None = None) -> str:
        """Returns the address that an email is from, without the name beside it.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the address, see `Assertions`. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        It is empty if there is none. Of several it is the first. The name is
        ``${email.sender_name}``. The email stays unread.

        Examples:
        | ${sender} = | Get Email Sender | ${email} | |
        | Get Email Sender | ${email} | ends | @example.com |
        """
        return self._email(email, mailbox).sender

    @keyword
    @takes_assertion("The recipients")
    def get_email_recipients(self, email: Reference, *, mailbox: str | None = None) -> list[str]:
        """Returns the addresses that an email was sent to, without their names, each once.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the addresses, see `Assertions`. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        They are those of To, Cc, Bcc, Delivered-To, X-Original-To and Envelope-To. Those of one
        field, with their names, are ``${email.to}``, ``${email.cc}`` and ``${email.bcc}``. The
        email stays unread.

        Examples:
        | @{recipients} = | Get Email Recipients | ${email} | |
        | Get Email Recipients | ${email} | contains | qa@example.com |
        """
        return list(self._email(email, mailbox).recipients)

    @keyword
    @takes_assertion("The date")
    def get_email_date(self, email: Reference, *, mailbox: str | None = None) -> datetime:
        """Returns when an email was sent, by the Date that the sender wrote, with its time zone.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the date, see `Assertions`. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        When the server received it is ``${email.received}``. The email stays unread.

        Fails if there is no such field, or no date in it.

        Examples:
        | ${date} = | Get Email Date | ${email} | |
        | Get Email Date | ${email} | >= | 2014-03-24 |
        | ${year} = | Get Email Date | ${email} | then | value.year |
        """
        headers = self._email(email, mailbox).headers
        if date := parse_date(headers.get("Date", "")):
            return date
        if "Date" not in headers:
            raise _not_found("Date", headers)
        raise HeaderNotFound(f"The email has no date: its header Date is {headers['Date']!r}.")

    @keyword
    @takes_assertion("The header {name}")
    def get_email_header(
        self,
        email: Reference,
        name: str,
        *,
        default: str | None = None,
        raw: bool = False,
        mailbox: str | None = None,
    ) -> str:
        """Returns the value of a header field, decoded and on one line.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``name``    | Name of the field in any case, such as ``Reply-To``. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the value, see `Assertions`. |
        | ``default`` | What to return if there is no such field, instead of failing. |
        | ``raw``     | ``True`` returns the value as it was sent: folded, and with encoded words. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Of a field that is there several times it returns the first value; `Get Email Headers`
        returns all. The email stays unread. Addresses with their names are also fields of the
        email: ``${email.to}``, ``${email.cc}``, ``${email.bcc}``, ``${email.reply_to}``.

        Fails if there is no such field and no ``default``, and lists the fields that are there.

        Examples:
        | ${type} = | Get Email Header | ${email} | Content-Type | default=text/plain |
        | ${from} = | Get Email Header | ${email} | From | |
        | Should Be Equal | ${from} | Example Shop <noreply@example.com> | | |
        | Should Be Equal | ${email.to[0].address} | qa@example.com | | |
        | Get Email Header | ${email} | Content-Type | starts | multipart/ |
        """
        headers = self._headers(email, name, mailbox)
        values = headers.getall_raw(name) if raw else headers.getall(name)
        if values:
            return values[0]
        if default is None:
            raise _not_found(name, headers)
        return default

    @keyword
    @takes_assertion("The headers {name}")
    def get_email_headers(
        self,
        email: Reference,
        name: str,
        *,
        raw: bool = False,
        mailbox: str | None = None,
    ) -> list[str]:
        """Returns all values of a header field, in the order of the email.

        | =Argument=  | =Meaning= |
        | ``email``   | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``name``    | Name of the field in any case, such as ``Received``. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check the values, see `Assertions`. |
        | ``raw``     | ``True`` returns the values as they were sent: folded, and with encoded words. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        The list is empty if there is no such field. The email stays unread.

        Examples:
        | @{received} = | Get Email Headers | ${email} | Received |
        | @{unsubscribe} = | Get Email Headers | ${email} | List-Unsubscribe |
        | Should Be Empty | ${unsubscribe} | | |
        | Get Email Headers | ${email} | Received | validate | len(value) < 9 |
        """
        headers = self._headers(email, name, mailbox)
        return list(headers.getall_raw(name) if raw else headers.getall(name))

    def _headers(self, email: Reference, name: str, mailbox: str | None) -> Headers:
        given("name", name)
        return self._email(email, mailbox).headers

    def _email(self, email: Reference, mailbox: str | None) -> Email:
        return self._emails.get(email, mailbox, fetching.with_headers)


def _not_found(name: str, headers: Headers) -> HeaderNotFound:
    if not headers:
        return HeaderNotFound(f"The email has no header {name!r}; it has none at all.")
    lower = {each.lower(): each for each in headers}
    near = get_close_matches(name.lower(), lower, n=1)
    hint = f"Did you mean {lower[near[0]]!r}? " if near else ""
    return HeaderNotFound(f"The email has no header {name!r}. {hint}It has {', '.join(headers)}.")
