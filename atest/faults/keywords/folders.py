"""Looking at folders and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faults.account import ARCHIVE, Snapshot
from faults.keywords.base import Keyword, equal, without

if TYPE_CHECKING:
    from faults.cell import Cell

NEW = "INBOX/New"
"""A folder that is not there."""


def _list(cell: Cell) -> None:
    found = [(folder.name, folder.messages) for folder in cell.library.list_folders()]
    equal({("INBOX", 3), (ARCHIVE, 0)} <= set(found), True)


def _select(cell: Cell) -> None:
    equal(cell.library.select_folder(ARCHIVE), "INBOX")


def _status(cell: Cell) -> None:
    folder = cell.library.get_folder_status(ARCHIVE)
    equal((folder.name, folder.messages), (ARCHIVE, 0))


def _exists(cell: Cell) -> None:
    equal(cell.library.folder_exists(ARCHIVE), True)


def _should_exist(cell: Cell) -> None:
    cell.library.folder_should_exist(ARCHIVE)


def _should_not_exist(cell: Cell) -> None:
    cell.library.folder_should_not_exist(NEW)


def _create(cell: Cell) -> None:
    equal(cell.library.create_folder(NEW), NEW)


def _created(before: Snapshot) -> Snapshot:
    return {**before, f"folder {NEW}": ((NEW, ()),)}


def _rename(cell: Cell) -> None:
    equal(cell.library.rename_folder(ARCHIVE, NEW), NEW)


def _renamed(before: Snapshot) -> Snapshot:
    return {**_created(before), f"folder {ARCHIVE}": ()}


def _delete(cell: Cell) -> None:
    # When it is repeated because its answer was lost, there is none any more.
    equal(cell.library.delete_folder(ARCHIVE) or cell.disturbed, True)


KEYWORDS = (
    Keyword("List Folders", _list),
    Keyword("Select Folder", _select),
    Keyword("Get Folder Status", _status),
    Keyword("Folder Exists", _exists),
    Keyword("Folder Should Exist", _should_exist),
    Keyword("Folder Should Not Exist", _should_not_exist),
    Keyword("Create Folder", _create, promise=_created),
    Keyword("Rename Folder", _rename, promise=_renamed),
    Keyword("Delete Folder", _delete, promise=without(f"folder {ARCHIVE}")),
)
