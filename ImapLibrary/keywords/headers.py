"""Reading the header fields of emails."""

from __future__ import annotations

from difflib import get_close_matches

from robot.api.deco import keyword

from ImapLibrary.arguments import given
from ImapLibrary.errors import HeaderNotFound
from ImapLibrary.finding import fetching
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.mime.headers import Headers


class HeaderKeywords:
    """Keywords that read header fields."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
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
        """
        headers = self._headers(email, name, mailbox)
        values = headers.getall_raw(name) if raw else headers.getall(name)
        if values:
            return values[0]
        if default is None:
            raise _not_found(name, headers)
        return default

    @keyword
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
        | ``raw``     | ``True`` returns the values as they were sent: folded, and with encoded words. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        The list is empty if there is no such field. The email stays unread.

        Examples:
        | @{received} = | Get Email Headers | ${email} | Received |
        | @{unsubscribe} = | Get Email Headers | ${email} | List-Unsubscribe |
        | Should Be Empty | ${unsubscribe} | | |
        """
        headers = self._headers(email, name, mailbox)
        return list(headers.getall_raw(name) if raw else headers.getall(name))

    def _headers(self, email: Reference, name: str, mailbox: str | None) -> Headers:
        given("name", name)
        return self._emails.get(email, mailbox, fetching.with_headers).headers


def _not_found(name: str, headers: Headers) -> HeaderNotFound:
    if not headers:
        return HeaderNotFound(f"The email has no header {name!r}; it has none at all.")
    lower = {each.lower(): each for each in headers}
    near = get_close_matches(name.lower(), lower, n=1)
    hint = f"Did you mean {lower[near[0]]!r}? " if near else ""
    return HeaderNotFound(f"The email has no header {name!r}. {hint}It has {', '.join(headers)}.")
