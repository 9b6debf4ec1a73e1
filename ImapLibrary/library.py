"""The library that Robot Framework imports: its arguments, its keywords, and when it cleans up."""

from datetime import timedelta
from typing import Any

from robotlibcore import DynamicCore

from ImapLibrary.arguments import CloseScope
from ImapLibrary.keywords.changing import ChangingKeywords
from ImapLibrary.keywords.finding import FindingKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.server import ServerKeywords
from ImapLibrary.keywords.sessions import SessionKeywords
from ImapLibrary.mailboxes import Mailboxes
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
    ``${email.date}``, ``${email.text}``, ``${email.html}``, ``${email.headers}[X-Header]``,
    ``${email.uid}``, ``${email.flags}``, ``${email.received}`` and ``${email.size}``. As text it
    is its UID. It never changes: it is what was fetched. Of an email larger than 64 KiB that may
    not be all. Then a field that is not there whole fails and says so, and `Get Email Body`
    fetches what is missing.

    = Only new emails =

    Emails that are there already and match are returned at once. There are two ways to get only
    what comes after a moment: `Mark All As Read` and ``status=UNSEEN``, or, without changing
    anything, `Get Mailbox Mark` and ``after``.

    = Several mailboxes =

    Any number can be open. Keywords act on the one that was opened or switched to last (`Switch
    Mailbox`), or on the one that their ``mailbox`` argument names by its alias.

    = Failures =

    A failure says what was tried, what the server answered and what to do. A connection that
    breaks is replaced where that is safe: in a wait as long as there is time, elsewhere once.

    = A mail server for a first try =

    `Start Mail Server` starts one inside Robot Framework, so that nothing needs to be installed
    besides ``robotframework-imap[server]``.
    """

    ROBOT_LIBRARY_SCOPE = "GLOBAL"
    ROBOT_LIBRARY_VERSION = __version__
    ROBOT_LISTENER_API_VERSION = 3

    def __init__(
        self,
        timeout: timedelta = timedelta(seconds=120),
        scope: CloseScope = CloseScope.RUN,
    ) -> None:
        """The library can be imported with arguments.

        | =Argument=  | =Meaning= |
        | ``timeout`` | How long `Wait For Email` waits if it does not say otherwise, 120 seconds by default. |
        | ``scope``   | When mailboxes that are still open close by themselves: at the end of the ``RUN`` (default), or at the end of the ``SUITE`` or the ``TEST`` that opened them. |

        Examples:
        | Library | ImapLibrary | | |
        | Library | ImapLibrary | timeout=30 s | scope=TEST |
        """
        self.ROBOT_LIBRARY_LISTENER = [self]
        self._mailboxes = Mailboxes()
        self._scope = scope
        self._server = ServerKeywords()
        super().__init__(
            [
                SessionKeywords(self._mailboxes),
                FindingKeywords(self._mailboxes, timeout),
                ReadingKeywords(self._mailboxes),
                ChangingKeywords(self._mailboxes),
                self._server,
            ]
        )

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
