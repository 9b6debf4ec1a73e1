"""The folders of an account: which there are, what is in them, making and removing them.

Names are written as people write them, with `/` between the levels; see `imap.listing`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from difflib import get_close_matches

from ImapLibrary.errors import CommandRefused, ConnectionLost, FolderNotFound, InvalidArgument
from ImapLibrary.imap.client import NONEXISTENT, Client, refusal, sentence
from ImapLibrary.imap.listing import INBOX, Folder, Naming, parse_list, parse_status

_log = logging.getLogger(__name__)

MOST_NAMES = 20
"""So many folders are named at most when one was not found."""

POSSIBLE_DELIMITERS = frozenset("/.\\^:|~")
"""A name without any of these is the same whatever the server has between levels."""

COUNTS = "(MESSAGES UNSEEN)"

PREFIX = re.compile(rb'\(\("((?:\\.|[^"\\])*)"')
"""What the names of one's own folders begin with, in an answer to NAMESPACE (RFC 2342)."""


class Folders:
    """The folders of the account that a client is logged in to."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._naming: Naming | None = None

    def wire(self, name: str) -> bytes:
        """Return a name as it goes on the wire. Raises InvalidArgument if none can."""
        return self._naming_for(name).wire(name)

    def normal(self, name: str) -> str:
        """Return a name as it is listed, however it was written."""
        return self._naming_for(name).normal(name)

    def all(self, *, counts: bool = False) -> list[Folder]:
        """Return all folders.

        counts: whether to ask how many emails there are; a command for each folder where the
            server has no LIST-STATUS (RFC 5819)
        """
        return self._list(b'"*"', uses=True, counts=counts)

    def one(self, name: str, *, counts: bool = False) -> Folder | None:
        """Return the folder of that name, None if there is none."""
        # In a pattern, `*` and `%` stand for more than themselves, and some servers refuse them.
        pattern = b'"*"' if {"*", "%"} & set(name) else self.wire(name)
        listed = self._list(pattern, uses=counts, counts=counts)
        return next((folder for folder in listed if folder.name == self.normal(name)), None)

    def status(self, name: str) -> Folder:
        """Return a folder with its counts. Raises FolderNotFound."""
        folder = self.one(name, counts=True)
        if folder is None:
            figures = self._status(name, COUNTS)  # to let the server say why not
            return _counted(Folder(self.normal(name)), figures)
        return folder

    def special(self, use: str) -> Folder | None:
        """Return the folder that the server names for a special use, such as `Trash`."""
        return next((folder for folder in self.all() if folder.special_use == use), None)

    def figures(self, name: str) -> dict[str, int]:
        """Return UIDNEXT and UIDVALIDITY of a folder that is not selected.

        Raises FolderNotFound if there is no such folder.
        """
        return self._status(name, "(UIDNEXT UIDVALIDITY)")

    def create(self, name: str) -> bool:
        """Make a folder, and return whether that was necessary.

        Raises CommandRefused, and InvalidArgument if it can't have that name.
        """
        self._naming_for(name).check_new(name)
        try:
            self._client.command("CREATE", self.wire(name))
        except CommandRefused as refused:
            found = self.one(name)
            if found and found.selectable:
                return False
            raise CommandRefused(
                f"Could not create folder {name!r} of {self._client.account}: "
                f"{sentence(refused.answer)}{self._namespace(name)}",
                refused.answer,
            ) from None
        return True

    def check_new_name(self, name: str, new_name: str) -> None:
        """Raise InvalidArgument if no folder can get the new name, and CommandRefused if INBOX is to
        get one that is taken. Of others, `rename` tells.

        INBOX stays when it is renamed, and is empty then (RFC 9051, section 6.3.6). So it is the new
        name alone by which `end_renaming` can tell whether that was done.
        """
        self._naming_for(new_name).check_new(new_name)
        if self.normal(name) == INBOX and self.one(new_name):
            raise CommandRefused(
                f"Could not rename folder {name!r} to {new_name!r} of {self._client.account}: there "
                "is such a folder already.",
                "",
            )

    def rename(self, name: str, new_name: str) -> None:
        """Give a folder, and those below it, another name. Raises FolderNotFound or CommandRefused."""
        try:
            self._client.command("RENAME", self.wire(name), self.wire(new_name))
        except CommandRefused as refused:
            raise self.refusal(f"rename folder {name!r} to {new_name!r}", name, refused) from None

    def end_renaming(self, name: str, new_name: str) -> None:
        """Do what `rename` does, if it is not known whether it was done."""
        stays = self.normal(name) == INBOX
        if (not stays and self.one(name)) or not self.one(new_name):
            self.rename(name, new_name)

    def delete(self, name: str) -> bool:
        """Delete a folder with its emails, and return whether that was necessary.

        Raises CommandRefused if the server keeps it.
        """
        try:
            self._client.command("DELETE", self.wire(name))
        except CommandRefused as refused:
            if self.one(name) is None:
                return False
            raise self.refusal(f"delete folder {name!r}", name, refused) from None
        return True

    def refusal(self, tried: str, name: str, refused: CommandRefused) -> CommandRefused:
        """Return the failure of a command about a folder, with names that may have been meant.

        tried: what was to be done, as in "Could not open folder 'Archive'"
        """
        said = f"Could not {tried} of {self._client.account}: {sentence(refused.answer)}"
        try:
            listed = {folder.name: folder for folder in self._list(b'"*"')}
            normal = self.normal(name)
        except (CommandRefused, ConnectionLost):
            return _unlisted(said, refused.answer)
        names = list(listed)
        if normal not in listed:
            return FolderNotFound(f"{said} {near(normal, names)}", refused.answer)
        if not listed[normal].selectable:
            return FolderNotFound(f"{said} {_only_above(normal, names)}", refused.answer)
        return refusal(said, refused.answer)

    def _naming_for(self, name: str) -> Naming:
        """Return how the server writes names. It is asked when a name can depend on that."""
        unasked = Naming(utf8=self._client.utf8)
        if self._naming is None:
            if POSSIBLE_DELIMITERS.isdisjoint(name):
                return unasked
            # The empty pattern asks for the delimiter alone (RFC 9051, section 6.3.9).
            root = parse_list(self._client.command("LIST", '""', '""'), unasked)
            self._naming = replace(unasked, delimiter=next((each.delimiter for each in root), "/"))
        return self._naming

    def _list(self, pattern: bytes, *, uses: bool = False, counts: bool = False) -> list[Folder]:
        """Return the folders whose names match, with what they are for and what is in them."""
        told = []
        # Without LIST-EXTENDED, special uses are told unasked (RFC 6154, section 2).
        if uses and self._client.has("SPECIAL-USE") and self._client.has("LIST-EXTENDED"):
            told.append("SPECIAL-USE")
        if counts and self._client.has("LIST-STATUS"):
            told.append(f"STATUS {COUNTS}")
        options = [f"RETURN ({' '.join(told)})"] if told else []
        answer = self._client.command("LIST", '""', pattern, *options)
        folders = list(parse_list(answer, self._naming_for("")))
        if counts and self._client.has("LIST-STATUS"):
            answer = self._client.imap.untagged_responses.pop("STATUS", [])
            figures = parse_status(answer, self._naming_for("/"))
            return [_counted(folder, figures.get(folder.name, {})) for folder in folders]
        return [self._counted(folder) if counts else folder for folder in folders]

    def _counted(self, folder: Folder) -> Folder:
        """Return the folder with its counts, without if the server does not tell them."""
        if not folder.selectable:
            return folder
        try:
            return _counted(folder, self._status(folder.name, COUNTS))
        except (CommandRefused, InvalidArgument) as reason:  # the latter of a name that is none
            _log.debug("The emails of folder %r could not be counted: %s", folder.name, reason)
            return folder

    def _status(self, name: str, items: str) -> dict[str, int]:
        try:
            answer = self._client.command("STATUS", self.wire(name), items)
        except CommandRefused as refused:
            raise self.refusal(f"look into folder {name!r}", name, refused) from None
        return next(iter(parse_status(answer, self._naming_for("")).values()), {})

    def _namespace(self, name: str) -> str:
        """Return the advice to begin the name as the server wants it, if it wants that."""
        if not self._client.has("NAMESPACE"):
            return ""
        answer = self._client.command("NAMESPACE")
        match = PREFIX.match(answer[0]) if answer and isinstance(answer[0], bytes) else None
        prefix = f"{self._naming_for('/').written(match[1])}/" if match and match[1] else ""
        if self.normal(name).startswith(prefix):
            return ""
        return f" The folders of this account are below {prefix!r}: try {prefix + name!r}."


def _unlisted(said: str, answer: str) -> CommandRefused:
    """Return the failure of a command about a folder when it can't be known which there are.

    Some servers refuse everything for the time being: that says nothing of the folder.
    """
    if NONEXISTENT in answer:
        return FolderNotFound(said, answer)
    return refusal(said, answer)


def near(name: str, names: list[str]) -> str:
    """Say which folders there are: those with a name like that one, else the first few."""
    by_case = {each.casefold(): each for each in names}
    alike = [by_case[each] for each in get_close_matches(name.casefold(), by_case, n=5)]
    if alike:
        return f"Near it: {', '.join(alike)}."
    if not names:
        return "There are none."
    more = " and more" if len(names) > MOST_NAMES else ""
    return f"There are: {', '.join(names[:MOST_NAMES])}{more}."


def _only_above(name: str, names: list[str]) -> str:
    """Say what a folder has that can't be opened."""
    below = [each for each in names if each.startswith(f"{name}/")]
    more = " and more" if len(below) > MOST_NAMES else ""
    told = f", only the folders below it: {', '.join(below[:MOST_NAMES])}{more}" if below else ""
    return f"It holds no emails{told}."


def _counted(folder: Folder, figures: dict[str, int]) -> Folder:
    return replace(folder, messages=figures.get("MESSAGES"), unread=figures.get("UNSEEN"))
