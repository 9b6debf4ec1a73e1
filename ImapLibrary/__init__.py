"""Robot Framework keywords for testing email over IMAP."""

from ImapLibrary.library import ImapLibrary
from ImapLibrary.location import Mark
from ImapLibrary.message import Email
from ImapLibrary.version import __version__

__all__ = ["Email", "ImapLibrary", "Mark", "__version__"]
