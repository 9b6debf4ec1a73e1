"""The classes of keywords that the library is composed of, and what each of them is given."""

from datetime import timedelta

from ImapLibrary.keywords.appending import AppendingKeywords
from ImapLibrary.keywords.attachments import AttachmentKeywords
from ImapLibrary.keywords.changing import ChangingKeywords
from ImapLibrary.keywords.checking import CheckingKeywords
from ImapLibrary.keywords.codes import CodeKeywords
from ImapLibrary.keywords.deleting import DeletingKeywords
from ImapLibrary.keywords.expecting import ExpectingKeywords
from ImapLibrary.keywords.files import FileKeywords
from ImapLibrary.keywords.finding import FindingKeywords
from ImapLibrary.keywords.folders import FolderKeywords
from ImapLibrary.keywords.headers import HeaderKeywords
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.legacy import LegacyKeywords
from ImapLibrary.keywords.links import LinkKeywords
from ImapLibrary.keywords.moving import MovingKeywords
from ImapLibrary.keywords.multipart import MultipartKeywords
from ImapLibrary.keywords.previews import Previews
from ImapLibrary.keywords.quality import QualityKeywords
from ImapLibrary.keywords.reading import ReadingKeywords
from ImapLibrary.keywords.sending import SendingKeywords
from ImapLibrary.keywords.sessions import SessionKeywords
from ImapLibrary.keywords.showing import ShowingKeywords
from ImapLibrary.keywords.waiting import WaitingKeywords
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mailboxes import Mailboxes


def components(
    mailboxes: Mailboxes,
    timeout: timedelta,
    check_newest: int,
    legacy_hints: bool,
    previews: Previews,
) -> list[object]:
    """Return all that have keywords of mailboxes.

    timeout, check_newest, legacy_hints: as the library was imported with
    previews: shows emails in the log
    """
    hints = Hints(legacy_hints)
    walks = Walks(mailboxes)
    sessions = SessionKeywords(mailboxes, hints)
    waiting = WaitingKeywords(mailboxes, timeout, check_newest, previews)
    reading = ReadingKeywords(mailboxes, walks)
    attachments = AttachmentKeywords(mailboxes)
    changing = ChangingKeywords(mailboxes, check_newest)
    return [
        sessions,
        waiting,
        FindingKeywords(mailboxes, check_newest),
        reading,
        HeaderKeywords(mailboxes),
        LinkKeywords(mailboxes),
        CodeKeywords(mailboxes),
        QualityKeywords(mailboxes),
        attachments,
        FileKeywords(mailboxes),
        ShowingKeywords(mailboxes, previews),
        changing,
        CheckingKeywords(mailboxes),
        ExpectingKeywords(mailboxes),
        AppendingKeywords(mailboxes),
        MovingKeywords(mailboxes, check_newest),
        DeletingKeywords(mailboxes, check_newest),
        FolderKeywords(mailboxes),
        SendingKeywords(mailboxes),
        LegacyKeywords(
            mailboxes,
            hints,
            walks,
            sessions=sessions,
            waiting=waiting,
            reading=reading,
            attachments=attachments,
            changing=changing,
        ),
        MultipartKeywords(mailboxes, hints, walks),
    ]
