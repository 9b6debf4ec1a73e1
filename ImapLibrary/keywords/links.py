"""Listing, choosing and opening the links of emails."""

import logging
from datetime import timedelta
from pathlib import Path

from robot.api.deco import keyword

from ImapLibrary.arguments import TrueOrFalse, positive_seconds
from ImapLibrary.deadline import Deadline
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.imap.account import to_verify
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.links import Link, choose, find_links
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.web.opening import OpenedLink, open_link

_log = logging.getLogger(__name__)


class LinkKeywords:
    """Keywords for the links in emails."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    @takes_assertion("The addresses of the links", by="href")
    def get_email_links(
        self,
        email: Reference,
        *,
        hidden: bool = False,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> list[Link]:
        """Returns the links of an email, in its order, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check their addresses, see `Assertions`. |
        | ``hidden``       | ``True`` also returns links that nobody sees, because a style hides them. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        Each has these fields:

        | =Field=    | =Value= |
        | ``href``   | Where it leads, decoded, and complete if the email names a base address. Links to other things than pages, such as ``mailto:``, are among them. |
        | ``text``   | What it shows, on one line; of an image its alternative text. |
        | ``index``  | Its position in this list, from 0 on. |
        | ``button`` | Whether it looks like a button: by role or class, or by a coloured ground or a frame with room in it, be it its own or that of the table cell around it. |
        | ``image``  | Whether it shows an image. |
        | ``hidden`` | Whether it can't be seen. |

        The links are those of the HTML, each as often as it is there. If there is no HTML, or
        none with a link, they are the addresses in the text, without the punctuation around them.
        One that begins with ``www.`` leads to ``http://``, as in mail programs.

        Examples:
        | @{links} = | Get Email Links | ${email} | |
        | Should Be Equal | ${links[0].text} | Confirm your address | |
        | Should Be True | ${links[0].button} | | |
        | FOR | ${link} | IN | @{links} |
        |     | Log | ${link.href} | |
        | END | | | |
        | Get Email Links | ${email} | validate | len(value) == 2 |
        """
        found = self._links(email, hidden, mark_as_read, mailbox)
        _log.info("%s", "\n".join(map(str, found)) or "No links.")
        return found

    @keyword
    @takes_assertion("The address of the link", by="href")
    def get_email_link(
        self,
        email: Reference,
        *,
        text: str | None = None,
        url: str | None = None,
        index: int | None = None,
        hidden: bool = False,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> Link:
        """Returns one link of an email, and marks the email as read.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check its address, see `Assertions`. |
        | ``text``         | What the link shows, compared as text in `Criteria` is: in any case, as a part of the whole unless it begins with ``exact:``, ``glob:`` or ``regexp:``. |
        | ``url``          | Where it leads: a part of the address, or a pattern for the whole of it, with ``*`` for anything and ``?`` for one character. The same prefixes can be used. |
        | ``index``        | Which of those that match, from 0 on; -1 is the last. |
        | ``hidden``       | ``True`` also looks at links that nobody sees, because a style hides them. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        Returns a link with the fields that `Get Email Links` describes.

        Fails unless exactly one link matches, and lists the candidates. Several that lead to the
        same address count as one. Nothing needs to be said if the email has only one link.

        Examples:
        | ${link} = | Get Email Link | ${email} | text=Confirm your address | |
        | ${link} = | Get Email Link | ${email} | url=*/confirm?id=* | |
        | Should End With | ${link.href} | id=42 | | |
        | ${last} = | Get Email Link | ${email} | index=-1 | |
        | Get Email Link | ${email} | ends | ?id=42 | text=Confirm |
        """
        found = self._link(email, text, url, index, hidden, mark_as_read, mailbox)
        _log.info("%s", found)
        return found

    @keyword
    def open_email_link(
        self,
        email: Reference,
        *,
        text: str | None = None,
        url: str | None = None,
        index: int | None = None,
        timeout: timedelta = timedelta(seconds=30),
        max_size: int = 10_000_000,
        verify: TrueOrFalse | Path | None = True,
        mark_as_read: bool = True,
        mailbox: str | None = None,
    ) -> OpenedLink:
        """Opens a link of an email, without a browser, and returns the page that it leads to.

        | =Argument=       | =Meaning= |
        | ``email``        | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``text``, ``url``, ``index`` | Which link, as in `Get Email Link`. |
        | ``timeout``      | How long it may take, redirects included, 30 seconds by default. |
        | ``max_size``     | So many bytes the page may have. |
        | ``verify``       | Whether the certificate of an ``https`` address is checked. ``False`` accepts any, as test systems may need; a path names a PEM file with authorities to trust. |
        | ``mark_as_read`` | ``False`` leaves the email as it is. |
        | ``mailbox``      | Alias of the mailbox, by default the current one. |

        Returns what was found there, whatever its status:

        | =Field=       | =Value= |
        | ``status``    | Status of the answer, such as 200. |
        | ``address``   | Address of the page, after all redirects. |
        | ``redirects`` | The addresses that led there, from that of the link on. None if there was no redirect. |
        | ``text``      | What the page shows, read like the text of an email. |
        | ``source``    | The page as it was sent, decoded. |

        *A link for one use is used up by that*, such as one that confirms an address or resets a
        password: the product takes it for a person's click. When the test needs the page in a
        browser, give ``${link.href}`` from `Get Email Link` to the browser and do not open the
        link here. Services that count clicks change the addresses in what they send: the address
        in the email is then theirs, and leads to that of the product by redirects. Compare
        ``${page.address}`` rather than the link.

        It is one click: the address is asked for by GET, redirects are followed, and cookies are
        kept on the way. Scripts on the page do not run, so that a page that redirects by script
        is where it ends. Only ``http`` and ``https`` are opened. The proxy that the environment
        names is used, except for this machine.

        Fails if the page can't be had in time, if it is too large, if redirects go round in
        circles or lead elsewhere than to ``http`` or ``https``.

        Examples:
        | ${page} = | Open Email Link | ${email} | text=Confirm your address |
        | Should Be Equal As Integers | ${page.status} | 200 | |
        | Should Be Equal | ${page.text} | Thank you! | |
        | Should Be Empty | ${page.redirects} | | |
        | ${page} = | Open Email Link | ${email} | url=/unsubscribe | timeout=1 min |
        | Should End With | ${page.address} | /goodbye | |
        """
        if max_size < 1:
            raise InvalidArgument(f"The argument max_size must be 1 or more, not {max_size}.")
        seconds = positive_seconds("timeout", timeout)
        link = self._link(email, text, url, index, False, mark_as_read, mailbox)
        _log.info("Opening %s", link)
        page = open_link(
            link.href,
            deadline=Deadline(seconds),
            max_size=max_size,
            verify=to_verify(verify),
        )
        _log.info("%s", page)
        return page

    def _link(
        self,
        email: Reference,
        text: str | None,
        url: str | None,
        index: int | None,
        hidden: bool,
        mark_as_read: bool,
        mailbox: str | None,
    ) -> Link:
        return choose(self._links(email, hidden, mark_as_read, mailbox), text, url, index)

    def _links(
        self, email: Reference, hidden: bool, mark_as_read: bool, mailbox: str | None
    ) -> list[Link]:
        found = self._emails.with_text(email, mailbox, mark_as_read)
        return list(find_links(found.html, found.text, hidden))
