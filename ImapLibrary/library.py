"""The library that Robot Framework imports: its arguments, its keywords, and when it cleans up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from inspect import signature
from pathlib import Path
from typing import Any, ClassVar

from robotlibcore import DynamicCore

from ImapLibrary.arguments import (
    CONVERTERS,
    CloseScope,
    TrueOrFalse,
    in_own_case,
    not_negative,
    of_import,
    true_or_false,
    without_none,
)
from ImapLibrary.errors import InvalidArgument
from ImapLibrary.files import to_path
from ImapLibrary.imap.habits import NEWEST
from ImapLibrary.plugins import load, refuse_clashes
from ImapLibrary.unknown import refuse_unknown
from ImapLibrary.version import __version__


class ImapLibrary(DynamicCore):
    """ImapLibrary is a library for testing email over IMAP.

    A suite opens a mailbox, marks what is there as read, triggers the product, waits for the
    email, reads it and checks it:

    | ***** Settings *****
    | Library           ImapLibrary
    | Suite Teardown    Close All Mailboxes
    |
    | ***** Test Cases *****
    | The Product Confirms A Registration
    |     Open Mailbox    imap.example.com    qa@example.com    ${PASSWORD}
    |     Mark All As Read
    |     Trigger The Product
    |     ${email} =    Wait For Email    subject=Confirm your address    timeout=2 min
    |     ${body} =    Get Email Body    ${email}
    |     Should Contain    ${body}    Welcome

    = Emails =

    `Wait For Email` returns an email whose fields read directly: ``${email.subject}``,
    ``${email.sender}`` (the address) and ``${email.sender_name}``, ``${email.recipients}``,
    ``${email.to[0].name}``, ``${email.date}``, ``${email.text}``, ``${email.html}``,
    ``${email.attachments}``, ``${email.headers}[X-Header]``, ``${email.uid}``,
    ``${email.flags}``, ``${email.received}`` and ``${email.size}``. As text it is its UID. It
    never changes: it is what was fetched. Of an email larger than 64 KiB that may not be all, and
    of those in a list of more than 50 (`Find Emails`, `Wait For Emails`) it may be the headers.
    Then a field that is not there whole fails and says so, and keywords such as `Get Email Body`
    and `Get Email Attachments` fetch what is missing.

    An email that was fetched whole can still be given to keywords that read it when its mailbox is
    closed, or not the current one. Those that mark it as read, such as `Get Email Body`, need the
    mailbox, unless they are told ``mark_as_read=False``.

    `Load Email` makes the same of a file, without any mailbox.

    = Codes and links =

    `Get Email Code` returns the code that a person would type, `Get Email Link` the link that a
    person would click. A browser library opens ``${link.href}``; where no browser is needed,
    `Open Email Link` follows it. Both keywords fail if more than one could be meant, and list
    the candidates.

    | ${code} =    Get Email Code    ${email}
    | ${link} =    Get Email Link    ${email}    text=Confirm your address

    = Criteria =

    Keywords that find emails or wait for them take these arguments. All that are given must hold.
    What a criterion means is the same on every server.

    | =Criterion=     | =Is met by= |
    | ``sender``      | Address or name in From. |
    | ``recipient``   | Address or name in To, Cc, Bcc, Delivered-To, X-Original-To or Envelope-To. |
    | ``cc``          | Address or name in Cc. |
    | ``subject``     | Text in the subject. |
    | ``header``      | ``Name: text``: text in that header field. The name alone: the field is there. |
    | ``body``        | Text that a person reads in the email. |
    | ``text``        | Text anywhere: in the headers, file names, the text or the HTML source. |
    | ``link``        | Where a link leads, or what it shows. |
    | ``attachment``  | Name of a file that comes with the email; its type if there is a slash in it, such as ``application/pdf`` or ``image/*``. |
    | ``has_attachments`` | ``True``: files come with it, besides images that its HTML shows. ``False``: none do. |
    | ``status``      | Flags: ``UNSEEN``, ``SEEN``, ``FLAGGED``, ``ANSWERED`` ``KEYWORD $Forwarded`` and so on, as in SEARCH (RFC 9051, section 6.4.4); several are separated by blanks or commas. |
    | ``keyword``     | Flags of a client's own, such as ``$Forwarded``; several are separated by blanks or commas. |
    | ``larger``, ``smaller`` | Size in bytes, more or less than that. |
    | ``since``, ``before``, ``on`` | When the server received it: from that day or moment on, before it, or on that day. |
    | ``sent_since``, ``sent_before``, ``sent_on`` | The same by the Date that the sender wrote. |
    | ``uid``         | UIDs: ``7``, ``2:9``, ``5:*``; or an email, of no other folder. |
    | ``search``      | SEARCH keys of RFC 9051, passed on as they are. Only here the server decides alone. |
    | ``gmail``       | Gmail's search language, such as ``has:attachment`` (X-GM-RAW). |

    ``not_`` in front turns one around: ``not_sender``, ``not_recipient``, ``not_cc``,
    ``not_subject``, ``not_header``, ``not_body``, ``not_text``, ``not_link``,
    ``not_attachment``, ``not_keyword``.

    Text compares as part of the whole, decoded, without regard to case, any white space as one
    blank. A whole address compares as a whole: ``qa+1@example.com`` is not ``qa+11@example.com``.
    A prefix changes how a text compares:

    | =Prefix=    | =The text is= |
    | ``exact:``  | all of it |
    | ``glob:``   | all of it, with ``*`` for anything, ``?`` for one character, ``[abc]`` for one of these |
    | ``regexp:`` | a [https://docs.python.org/3/library/re.html|regular expression] that is found anywhere in it; case matters unless it begins with ``(?i)`` |

    In Robot Framework data a backslash is written twice: ``subject=regexp:Order \\\\d+ shipped``.

    Days and moments: ``2026-03-24``, ``2026-03-24 10:00``, ``2026-03-24T10:00Z``, ``24-Mar-2026``,
    ``today``, ``now``, or what the DateTime library takes. Without a time zone they are in that of
    the machine that runs the tests. An empty criterion is a failure.

    Arrivals, and the newest emails as ``check_newest`` says (see `Importing`), are tested whatever
    the server finds. Of older ones its SEARCH has to find those that may match, and it looks at
    what was sent. A few are out of its sight: with ``body`` and ``text`` a word that the HTML splits
    or encodes (``Versicherungs&shy;nummer``, ``help&#64;example.com``, ``<b>W</b>elcome``), with
    ``text`` a file name that is percent-encoded, with ``subject`` and ``header`` a word with invisible
    characters in it, and with ``sent_on`` and the like a Date that is not written as it should be.
    A mark keeps `Wait For Email` and `Wait For Emails` to arrivals; for older emails there are
    other criteria, ``regexp:``, for which all are tested, and a higher ``check_newest``.

    = Assertions =

    Keywords that get something of an email check it at once, if they are given an operator and a
    value, as keywords of the Browser library do:

    | Get Email Subject    ${email}    ==    Welcome
    | Get Email Body    ${email}    contains    Your code is
    | Get Email Header    ${email}    List-Unsubscribe    starts    <https://

    | =Argument= | =Meaning= |
    | ``assertion_operator`` | How to compare. |
    | ``assertion_expected`` | What to compare with; or the expression. |
    | ``message`` | What the failure says instead. ``{value}``, ``{expected}``, ``{value_type}`` and ``{expected_type}`` stand for both sides and what kinds of things they are. |

    | =Operator=     | =Also=                               | =Is met by a value that= |
    | ``==``         | ``equal``, ``equals``, ``should be`` | is the expected one |
    | ``!=``         | ``inequal``, ``should not be``       | is another one |
    | ``<``, ``>``   | ``less than``, ``greater than``      | is less, greater; a date: earlier, later |
    | ``<=``, ``>=`` |                                      | is that, or the expected one |
    | ``contains``   | ``*=``                               | has the expected one in it |
    | ``not contains`` |                                    | does not have it in it |
    | ``starts``     | ``^=``, ``should start with``        | begins with it |
    | ``ends``       | ``$=``, ``should end with``          | ends with it |
    | ``matches``    |                                      | has a match of that regular expression in it |
    | ``validate``   |                                      | makes that Python expression true; it is ``value`` there |
    | ``then``       | ``evaluate``                         | any: the keyword returns what the expression is |

    Texts compare to the letter. Numbers and dates may be given as texts; a day, such as
    ``2026-03-24`` or ``today``, is equal to all moments in it. Lists compare in any order, with
    a list or with one item; ``contains`` wants all of the items, ``not contains`` none. Links are
    compared by their addresses and attachments by their names, but ``validate`` and ``then`` see
    all their fields. Flags are given as in `Set Email Flags`. The keyword returns what it got; with
    ``matches`` what the groups matched, if there are groups (and ``robotframework-assertion-engine``
    is 5.0 or later).

    `Get Email Count` takes criteria, and there Robot Framework takes ``==`` for the name and value of
    an argument. Write ``equals``, or ``\\=\\=`` and ``>\\=``; or use `Email Count Should Be`.

    Nothing is tried again, because an email does not change. `Wait For Email` and `Wait For
    Emails` wait for one that is not there yet.

    Those who like keywords better find `Email Should Match`, which takes all `Criteria`, `Email
    Subject Should Be`, `Email Body Should Contain` and others.

    = Only new emails =

    Emails that are there already and match are returned at once. There are two ways to get only
    what comes after a moment: `Mark All As Read` and ``status=UNSEEN``, or, without changing
    anything, `Get Mailbox Mark` and ``after``.

    = Several mailboxes =

    Any number can be open. Keywords act on the one that was opened or switched to last (`Switch
    Mailbox`), or on the one that their ``mailbox`` argument names by its alias.

    = Folders =

    A mailbox has one folder open at a time, ``INBOX`` unless `Open Mailbox` or `Select Folder`
    says otherwise. Emails are looked for, changed and deleted in that one. Names of folders have
    ``/`` between their levels, whatever the server has there, and any characters.

    = Changing emails =

    Keywords such as `Mark Email As Read`, `Flag Email` and `Move Email` are about an email, its
    UID, or a list of them; or, if they are given none, about all that meet the `Criteria`. It
    takes one command for any number, or a few if their UIDs have gaps. The log says what was
    changed. With ``readonly=True``, `Open Mailbox` lets nothing be changed at all.

    = Failures =

    A failure says what was tried, what the server answered and what to do. A connection that
    breaks is replaced: in a wait as long as there is time, elsewhere twice. A server that is down
    meanwhile, because it restarts, or says that it can't do it just now, may come back within the
    ``timeout`` of `Open Mailbox`. What must not be done twice, such as moving emails, is not: it
    is found out first what was done.

    = Emails in the log =

    The log shows every email that a keyword returns, once in a run: sender, subject, date,
    attachments, and on a click the email as a person sees it, its text, its links and its source.
    What came instead is shown in the same way when a wait fails. `Log Email` shows an email again,
    with all that a person sees of it. Of a list, the first 10 are shown.

    An email is shown as far as it was fetched: of a large one that may be the beginning, and of
    those in a list of more than 50 the headers. Nothing is fetched for the log alone but by `Log
    Email` and, if there is still time for it, by a wait that has failed. No email is marked as read
    for it.

    Opening the log is safe. No script of an email runs, and nothing is loaded from the network, so
    no sender learns of it. Links lead nowhere, because many work only once; where they would lead
    is told as text.

    The emails are files in ``email-previews`` beside the log: keep that folder together with it.
    In the log of pabot the links to them are right, too. With ``embed_previews=True`` the emails
    are in the log itself, shortened if they are long.

    *Consider who can read your logs.* Emails hold links that log in, codes, names and addresses,
    and logs of CI servers are often seen by many and kept for long. With ``previews=False`` no
    email is shown at all, not even by `Log Email`. Failures still quote what they compare, such as
    a line of the text or a link, and Robot Framework logs what keywords return.

    = Sending =

    `Send Email`, `Reply To Email` and `Forward Email` send by SMTP, for tests that begin with an
    email to the product. Each takes the server as arguments. They need not be repeated: a
    dictionary holds them, as in the examples of `Send Email`.

    = Suites of older libraries =

    Suites written for the ``ImapLibrary`` of 2012 and 2016, or for ``ImapLibrary2``, run with
    ``Library    ImapLibrary    AS    ImapLibrary2`` in place of their import. Keywords that are
    there for them say by what they are superseded, and ``docs/migrating.rst`` what differs.

    = Plugins =

    A suite's own keywords for email can stand beside those of the library, and call them. They
    are methods of a class that the import names as ``plugins``: as ``module.Class``, or, if the
    class is called like its file, by the path of the file. The class is made with the library as
    its first argument, whose keywords are its methods:

    | from robot.api.deco import keyword
    |
    | class OrderNumbers:
    |     def __init__(self, library, prefix="A"):
    |         self.library, self.prefix = library, prefix
    |
    |     @keyword
    |     def get_order_number(self, email):
    |         return self.library.get_email_code(email, pattern=self.prefix + r"-\\d{6}")

    = A mail server for a first try =

    `Start Mail Server` starts one inside Robot Framework, so that nothing needs to be installed
    besides ``robotframework-imap[server]``.
    """

    ROBOT_LIBRARY_SCOPE = "GLOBAL"
    ROBOT_LIBRARY_VERSION = __version__
    ROBOT_LISTENER_API_VERSION = 3
    ROBOT_LIBRARY_CONVERTERS: ClassVar = {**CONVERTERS, Path: to_path}

    def __init__(
        self,
        *,
        timeout: timedelta | str = timedelta(seconds=120),
        scope: CloseScope | str = CloseScope.RUN,
        check_newest: int | str = NEWEST,
        legacy_hints: bool = True,
        plugins: str | None = "",
        previews: bool = True,
        embed_previews: bool = False,
        **others: object,
    ) -> None:
        """The library can be imported with arguments, each by its name.

        | =Argument=  | =Meaning= |
        | ``timeout`` | How long `Wait For Email` waits if it does not say otherwise, 120 seconds by default. |
        | ``scope``   | When mailboxes that are still open close by themselves: at the end of the ``RUN`` (default), or at the end of the ``SUITE`` or the ``TEST`` that opened them. |
        | ``check_newest`` | So many of the newest emails are tested by the library itself, whatever the server's SEARCH finds, 10 by default (50 with Gmail and Exchange). More helps where the server's index lags behind, and where its SEARCH does not see what is meant: see `Criteria`. |
        | ``legacy_hints`` | ``False`` keeps hints out of the log that a keyword is one of the older libraries, and what to use today. By default there is one for each such keyword in a suite. |
        | ``plugins`` | Classes that add keywords, see `Plugins`. Several are separated by commas. Arguments of theirs follow a semicolon each. |
        | ``previews`` | ``False`` keeps emails out of the log: see `Emails in the log`. |
        | ``embed_previews`` | ``True`` puts the emails that the log shows into the log itself, and not into files beside it. |

        Examples:
        | Library | ImapLibrary | | |
        | Library | ImapLibrary | timeout=30 s | scope=TEST |
        | Library | ImapLibrary | legacy_hints=False | |
        | Library | ImapLibrary | plugins=${CURDIR}/OrderNumbers.py;prefix=A | |
        | Library | ImapLibrary | previews=False | |
        """
        self.ROBOT_LIBRARY_LISTENER = [self]
        # Who imports only `Email`, or the version, need not wait until all keywords are loaded.
        from ImapLibrary.keywords.components import components
        from ImapLibrary.keywords.previews import Previews
        from ImapLibrary.keywords.server import ServerKeywords
        from ImapLibrary.mailboxes import Mailboxes

        known = [name for name in signature(ImapLibrary).parameters if name != "others"]
        refuse_unknown("Library    ImapLibrary", others, known)
        timeout = of_import("timeout", timeout, timedelta)
        not_negative("timeout", timeout)
        check_newest = of_import("check_newest", check_newest, int)
        if check_newest < 0:
            raise InvalidArgument("The argument check_newest can't be negative.")
        true_or_false("legacy_hints", legacy_hints)
        true_or_false("previews", previews)
        true_or_false("embed_previews", embed_previews)
        self._mailboxes = Mailboxes()
        self._server = ServerKeywords()
        self._scope = of_import("scope", scope, CloseScope)
        self._previews = Previews(previews, embed_previews)
        keywords = components(self._mailboxes, timeout, check_newest, legacy_hints, self._previews)
        added = load(plugins or "", self)
        # Those of plugins come first, so that no keyword of the library is replaced.
        super().__init__([*added, self._server, *keywords])
        refuse_clashes(added, self.keywords)

    def get_keyword_types(self, name: str) -> Any:
        """Return the types of a keyword's arguments, so that failures say what is right."""
        types = super().get_keyword_types(name)  # type: ignore[no-untyped-call]
        if not isinstance(types, dict):  # a plugin may give a list
            return types
        return {argument: without_none(type_) for argument, type_ in types.items()}

    def run_keyword(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run a keyword, and show in the log the emails that it returns.

        Arguments by name may be in any case, as in suites of older libraries.
        """
        types = super().get_keyword_types(name)  # type: ignore[no-untyped-call]
        named = in_own_case(kwargs or {}, types)
        for argument, value in named.items():
            if types.get(argument) in (bool, bool | None, TrueOrFalse | None) and value != "":
                true_or_false(argument, value)
        returned = super().run_keyword(name, args, named)  # type: ignore[no-untyped-call]
        self._previews.show(returned)
        return returned

    # Robot Framework calls these because the library is its own listener. A leading underscore
    # keeps them from being keywords.

    def _end_test(self, data: object, result: object) -> None:
        if self._scope is CloseScope.TEST:
            self._mailboxes.end_test()

    def _end_suite(self, data: Any, result: object) -> None:
        if self._scope is not CloseScope.RUN:
            self._mailboxes.end_suite(data.full_name)

    def _close(self) -> None:
        self._mailboxes.close_all()
        self._server.close()
