"""A library of a project's own, which gets ImapLibrary2 by its name."""

from __future__ import annotations

from robot.libraries.BuiltIn import BuiltIn


def count_of_emails() -> int:
    library = BuiltIn().get_library_instance("ImapLibrary2")
    count: int = library.get_email_count(folder="INBOX")
    return count
