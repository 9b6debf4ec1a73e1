"""Checking the flags of emails."""

from robot.api.deco import keyword

from ImapLibrary.errors import NotAsExpected
from ImapLibrary.finding import fetching
from ImapLibrary.imap.flags import Flags, has_flag, some_flags, spelt_as
from ImapLibrary.keywords.asserting import takes_assertion
from ImapLibrary.keywords.taking import refuse_others
from ImapLibrary.mail.message import Email
from ImapLibrary.mail.reference import Reference, uid_of
from ImapLibrary.mail.telling import in_short
from ImapLibrary.mailboxes import Mailboxes

_SEEN = ("\\Seen",)
_FLAGGED = ("\\Flagged",)


class CheckingKeywords:
    """Keywords that check the flags that emails have at the moment."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    @keyword
    @takes_assertion("The flags", spelt_as=spelt_as)
    def get_email_flags(self, email: Reference, *, mailbox: str | None = None) -> list[str]:
        """Returns the flags that an email has at the moment, such as ``\\Seen``.

        The field ``flags`` of an email has those of the moment at which it was read.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``assertion_operator``, ``assertion_expected``, ``message`` | How to check them, see `Assertions`. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        To an operator, flags are given as in `Set Email Flags`: ``Seen``, ``\\Seen`` and ``seen`` are
        the same, and several have blanks or commas between, or are a list. An empty text means none.

        Fails if the email is not in the folder.

        Examples:
        | ${flags} = | Get Email Flags | ${email} |
        | Should Be Empty | ${flags} | |
        | Get Email Flags | ${email} | not contains | Seen |
        """
        return sorted(self._flags(email, mailbox))

    @keyword
    def email_should_be_read(self, email: Reference, *, mailbox: str | None = None) -> None:
        """Fails if an email is unread at the moment.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Examples:
        | Get Email Body | ${email} |
        | Email Should Be Read | ${email} |
        """
        self._check(email, mailbox, _SEEN, "be read")

    @keyword
    def email_should_be_unread(self, email: Reference, *, mailbox: str | None = None) -> None:
        """Fails if an email is marked as read at the moment.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Example:
        | Email Should Be Unread | ${email} |
        """
        self._check(email, mailbox, _SEEN, "be unread", present=False)

    @keyword
    def email_should_be_flagged(self, email: Reference, *, mailbox: str | None = None) -> None:
        """Fails if an email is not flagged as important at the moment.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Examples:
        | Flag Email | ${email} |
        | Email Should Be Flagged | ${email} |
        """
        self._check(email, mailbox, _FLAGGED, "be flagged")

    @keyword
    def email_should_not_be_flagged(self, email: Reference, *, mailbox: str | None = None) -> None:
        """Fails if an email is flagged as important at the moment.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Example:
        | Email Should Not Be Flagged | ${email} |
        """
        self._check(email, mailbox, _FLAGGED, "not be flagged", present=False)

    @keyword
    def email_should_have_flags(
        self,
        email: Reference,
        flags: Flags = None,
        *,
        mailbox: str | None = None,
        **others: object,
    ) -> None:
        """Fails if an email lacks one of the flags at the moment. It may have others, too.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``flags``   | Flags, as in `Set Email Flags`. Must be given. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Examples:
        | Set Email Flags | ${email} | add=Answered $Reviewed |
        | Email Should Have Flags | ${email} | Answered $Reviewed |
        """
        refuse_others(self.email_should_have_flags, others)
        names = some_flags("flags", flags)
        self._check(email, mailbox, names, f"have {' '.join(names)}")

    @keyword
    def email_should_not_have_flags(
        self,
        email: Reference,
        flags: Flags = None,
        *,
        mailbox: str | None = None,
        **others: object,
    ) -> None:
        """Fails if an email has one of the flags at the moment.

        | =Argument=  | =Meaning= |
        | ``email``   | An email, as `Wait For Email` returns it, or its UID. |
        | ``flags``   | Flags, as in `Set Email Flags`. Must be given. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Example:
        | Email Should Not Have Flags | ${email} | Deleted $Junk |
        """
        refuse_others(self.email_should_not_have_flags, others)
        names = some_flags("flags", flags)
        self._check(email, mailbox, names, f"not have {' '.join(names)}", present=False)

    def _check(
        self,
        email: Reference,
        mailbox: str | None,
        names: tuple[str, ...],
        expected: str,
        *,
        present: bool = True,
    ) -> None:
        flags = self._flags(email, mailbox)
        if not all(has_flag(flags, name) is present for name in names):
            uid = uid_of(email, self._mailboxes.get(mailbox).location)
            raise NotAsExpected(
                f"This email should {expected}, but its flags are "
                f"{' '.join(sorted(flags)) or 'none'}:\n"
                f"  {in_short(email) if isinstance(email, Email) else f'UID {uid}'}"
            )

    def _flags(self, email: Reference, mailbox: str | None) -> tuple[str, ...]:
        return self._mailboxes.get(mailbox).do(
            lambda connection: fetching.flags_now(connection, uid_of(email, connection.location))
        )
