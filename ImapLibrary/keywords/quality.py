"""Checking emails for what readers, mail programs and providers may find wrong with them."""

from __future__ import annotations

import logging

from robot.api.deco import keyword

from ImapLibrary.errors import NotAsExpected
from ImapLibrary.keywords.emails import Emails
from ImapLibrary.mail.quality import Finding, check
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mail.telling import in_short
from ImapLibrary.mailboxes import Mailboxes

MOST_TOLD = 100
"""So many findings are told at most by a failure."""

_log = logging.getLogger(__name__)


class QualityKeywords:
    """The keyword that checks the quality of emails."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._emails = Emails(mailboxes)

    @keyword
    def check_email_quality(
        self,
        email: Reference,
        *,
        leave_out: str | list[str] = "",
        fail: bool = True,
        mailbox: str | None = None,
    ) -> list[Finding]:
        """Fails if an email has mistakes that its readers or mail programs would stumble on.

        | =Argument=    | =Meaning= |
        | ``email``     | What `Wait For Email` or `Load Email` returned, or a UID. |
        | ``leave_out`` | Rules that don't matter for this email, separated by blanks or as a list. |
        | ``fail``      | ``False`` logs and returns what is found, and does not fail. |
        | ``mailbox``   | Alias of the mailbox, by default the current one. |

        | =Rule=               | =What it finds= |
        | ``image-alt``        | Images without alternative text. An empty one, ``alt=""``, says that an image means nothing, and is fine. |
        | ``link-text``        | Links that show no text, no alternative text of an image, and have no ``aria-label`` or ``title``. |
        | ``placeholder``      | Placeholders that nothing was put in place of, in what people read and in addresses: ``{{name}}``, ``%NAME%``, ``${name}``, ``[[name]]``, ``{% if %}``, ``<%= name %>``, ``*|NAME|*``. |
        | ``plain-text``       | HTML without the same as plain text, for readers and programs that show no HTML. |
        | ``same-links``       | Links to pages that are in the HTML but not in the plain text, or the other way round. |
        | ``list-unsubscribe`` | No ``List-Unsubscribe`` header, or no address in it (RFC 2369). |
        | ``one-click``        | No unsubscribing with one click (RFC 8058), which Gmail and Yahoo demand of bulk mail: no ``List-Unsubscribe-Post``, no ``https`` address, or a DKIM signature that leaves these headers out. |
        | ``html-size``        | More than 102 KB of HTML, the rest of which Gmail hides. |

        Nothing is asked of any server but for the email itself: images are not loaded, links are
        not followed. ``list-unsubscribe`` and ``one-click`` are about newsletters; emails that
        somebody asked for, such as one that resets a password, need neither. What styles hide is
        not looked at, except for placeholders. The email stays unread.

        The failure lists everything that is found. It is returned as a list, which is empty if
        all is well. Each has these fields:

        | =Field=   | =Value= |
        | ``rule``  | Name of the rule. |
        | ``where`` | Where it is, such as ``image https://shop.example/logo.png``. |
        | ``what``  | What is wrong there, such as ``has no alternative text``. |

        Fails if there is no such rule, too.

        Examples:
        | Check Email Quality | ${email} | leave_out=plain-text list-unsubscribe one-click |
        | @{findings} = | Check Email Quality | ${email} | fail=False |
        | Should Be Equal | ${findings[-1].rule} | one-click | |
        | FOR | ${finding} | IN | @{findings} |
        |     | Log | ${finding.where} ${finding.what} | level=WARN |
        | END | | | |
        """
        found = self._emails.with_text(email, mailbox, mark_as_read=False)
        findings = check(found, leave_out)
        if findings and fail:
            raise NotAsExpected(
                f"{_counted(findings)} in this email:\n  {in_short(found)}\n{_told(findings)}\n"
                "A rule that does not matter here can be left out by its name, as in "
                f"leave_out={findings[0].rule}."
            )
        _log.info("%s", _told(findings) or "Nothing is wrong with this email.")
        return findings


def _counted(findings: list[Finding]) -> str:
    return "1 thing is wrong" if len(findings) == 1 else f"{len(findings)} things are wrong"


def _told(findings: list[Finding]) -> str:
    lines = [str(finding) for finding in findings[:MOST_TOLD]]
    if len(findings) > MOST_TOLD:
        lines.append(f"... and {len(findings) - MOST_TOLD} more, which fail=False returns")
    return "\n".join(lines)
