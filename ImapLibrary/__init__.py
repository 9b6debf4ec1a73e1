"""Robot Framework keywords for testing email over IMAP."""

from ImapLibrary.library import ImapLibrary
from ImapLibrary.location import Mark
from ImapLibrary.mail.attachments import Attachment
from ImapLibrary.mail.message import Email
from ImapLibrary.neighbours import warn_about_old_library
from ImapLibrary.version import __version__

__all__ = ["Attachment", "Email", "ImapLibrary", "Mark", "__version__"]

warn_about_old_library()
