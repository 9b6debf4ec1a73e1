"""Listing, choosing, making and removing folders."""

import logging

from robot.api.deco import keyword

from ImapLibrary.arguments import FolderName, given
from ImapLibrary.errors import NotAsExpected
from ImapLibrary.imap.folders import near
from ImapLibrary.imap.listing import Folder
from ImapLibrary.mailboxes import Mailboxes
from ImapLibrary.units import number_of

_log = logging.getLogger(__name__)


class FolderKeywords:
    """Keywords about folders."""

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    @keyword
    def list_folders(self, *, counts: bool = True, mailbox: str | None = None) -> list[Folder]:
        """Returns all folders.

        | =Argument=  | =Meaning= |
        | ``counts``  | ``False`` spares counting the emails, which some servers do folder by folder. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Each has these fields. As text it is its name, and it equals that:

        | =Field=         | =Value= |
        | ``name``        | Name, with ``/`` between its levels whatever the server has there. |
        | ``special_use`` | What the server says that it is for: ``Archive``, ``Drafts``, ``Junk``, ``Sent``, ``Trash`` and so on; empty if it does not say. |
        | ``messages``    | How many emails it has; None if it can't be opened or ``counts`` is ``False``. |
        | ``unread``      | How many of them are unread; None likewise. |
        | ``selectable``  | Whether it can be opened; else it only has folders below it. |
        | ``delimiter``   | What the server has between the levels. |

        Examples:
        | ${folders} = | List Folders |
        | Should Contain | ${folders} | Archive/2026 |
        | FOR | ${folder} | IN | @{folders} |
        | | Log | ${folder}: ${folder.messages} emails |
        | END |
        """
        folders = self._mailboxes.get(mailbox).do(
            lambda connection: connection.folders.all(counts=counts)
        )
        _log.info("Folders: %s.", ", ".join(folder.name for folder in folders))
        return folders

    @keyword
    def select_folder(self, folder: FolderName, *, mailbox: str | None = None) -> str:
        """Opens another folder of the mailbox: keywords act on it from then on.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Returns the name of the folder that was open before. Emails and marks of that one can't be
        used in this one.

        Fails if there is no such folder, and names those that come near. Then the folder that was
        open stays open.

        Examples:
        | ${before} = | Select Folder | Archive/2026 |
        | Mark All As Read | | |
        | Select Folder | ${before} | |
        """
        opened = self._mailboxes.get(mailbox)
        before = opened.select(folder)
        _log.info("%s", opened.described())
        return before

    @keyword
    def get_folder_status(
        self, folder: FolderName | None = None, *, mailbox: str | None = None
    ) -> Folder:
        """Returns a folder with the number of its emails.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels; by default the one that is open. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        What is returned has the fields that `List Folders` describes. The numbers are None for what is
        no folder itself but only has folders below it, and where the server does not tell them. Fails
        if there is no such folder, and names those that come near.

        Examples:
        | ${inbox} = | Get Folder Status |
        | Should Be True | ${inbox.unread} > 0 | |
        | ${archive} = | Get Folder Status | Archive/2026 |
        | Should Be Equal As Integers | ${archive.messages} | 0 |
        """
        opened = self._mailboxes.get(mailbox)
        name = opened.location.folder if folder is None else folder
        status = opened.do(lambda connection: connection.folders.status(name))
        _log.info("%s", _contents(status))
        return status

    @keyword
    def folder_exists(self, folder: FolderName, *, mailbox: str | None = None) -> bool:
        """Returns whether there is a folder of that name, be it only to hold other folders.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Examples:
        | ${exists} = | Folder Exists | Archive/2026 |
        | Should Be True | ${exists} | |
        """
        return self._exists(folder, mailbox)

    @keyword
    def folder_should_exist(self, folder: FolderName, *, mailbox: str | None = None) -> None:
        """Fails if there is no folder of that name, and names those that come near.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Example:
        | Folder Should Exist | Archive/2026 |
        """
        if not self._exists(folder, mailbox):
            opened = self._mailboxes.get(mailbox)
            folders = opened.do(lambda connection: connection.folders.all())
            raise NotAsExpected(
                f"There is no folder {folder!r} of {opened.account}. "
                f"{near(folder, [each.name for each in folders])}"
            )

    @keyword
    def folder_should_not_exist(self, folder: FolderName, *, mailbox: str | None = None) -> None:
        """Fails if there is a folder of that name.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Example:
        | Folder Should Not Exist | Archive/1999 |
        """
        if self._exists(folder, mailbox):
            account = self._mailboxes.get(mailbox).account
            raise NotAsExpected(f"There is a folder {folder!r} of {account}.")

    @keyword
    def create_folder(self, folder: FolderName, *, mailbox: str | None = None) -> str:
        """Makes a folder, unless there is one of that name.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder: any characters, with ``/`` between its levels, of which none is empty. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Returns the name as `List Folders` shows it. Fails if the server refuses, or if the mailbox
        is open for reading only.

        Examples:
        | Create Folder | Archive/Rechnungen März |
        | Folder Should Exist | Archive/Rechnungen März |
        """
        opened = self._mailboxes.writable(mailbox)
        name = self._normal(folder, mailbox)
        made = opened.do(lambda connection: connection.folders.create(folder))
        _log.info("Created folder %r." if made else "Folder %r is there already.", name)
        return name

    @keyword
    def rename_folder(
        self, folder: FolderName, new_name: FolderName, *, mailbox: str | None = None
    ) -> str:
        """Gives a folder another name. The folders below it go along.

        | =Argument=   | =Meaning= |
        | ``folder``   | Name of the folder, with ``/`` between its levels. |
        | ``new_name`` | The name that it gets, with all its levels. |
        | ``mailbox``  | Alias of the mailbox, by default the current one. |

        Returns the new name as `List Folders` shows it. A folder that is open stays open.

        Fails if there is no such folder, if the new name is taken, or if the mailbox is open for
        reading only.

        Examples:
        | Create Folder | Projects |
        | Rename Folder | Projects | Archive/Projects |
        """
        opened = self._mailboxes.writable(mailbox)
        given("new_name", new_name)
        opened.do(lambda connection: connection.folders.check_new_name(folder, new_name))
        before = self._normal(folder, mailbox)
        name = opened.rename_folder(folder, new_name)
        _log.info("Renamed folder %r to %r.", before, name)
        return name

    @keyword
    def delete_folder(self, folder: FolderName, *, mailbox: str | None = None) -> bool:
        """Deletes a folder and all emails in it, if there is one of that name.

        | =Argument=  | =Meaning= |
        | ``folder``  | Name of the folder, with ``/`` between its levels. |
        | ``mailbox`` | Alias of the mailbox, by default the current one. |

        Returns whether there was such a folder. If it was the one that is open, INBOX is open
        then. Folders below it stay.

        Fails if the server keeps the folder, as it does with INBOX, or if the mailbox is open for
        reading only.

        Examples:
        | Create Folder | Projects |
        | Delete Folder | Projects |
        """
        opened = self._mailboxes.writable(mailbox)
        # Asked before, for when the answer to DELETE is lost, it is not there the second time.
        there = self._exists(folder, mailbox)
        name = self._normal(folder, mailbox)
        deleted = opened.delete_folder(folder) or there
        _log.info("Deleted folder %r." if deleted else "There was no folder %r.", name)
        return deleted

    def _normal(self, folder: str, mailbox: str | None) -> str:
        """Return the name of a folder as it is listed, however it was written."""
        return self._mailboxes.get(mailbox).do(lambda connection: connection.folders.normal(folder))

    def _exists(self, folder: str, mailbox: str | None) -> bool:
        found = self._mailboxes.get(mailbox).do(lambda connection: connection.folders.one(folder))
        return found is not None


def _contents(folder: Folder) -> str:
    """Say how many emails are in a folder, for the log."""
    if not folder.selectable:
        return f"Folder {folder.name!r} holds no emails: it only has others below it."
    if folder.messages is None:
        return f"The server does not tell how many emails folder {folder.name!r} has."
    emails = number_of(folder.messages, "email")
    return f"Folder {folder.name!r} has {emails}, {folder.unread} of them unread."
