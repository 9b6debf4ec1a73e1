"""What a keyword may be given for an email: the email, or its UID in any form."""

from __future__ import annotations

import re

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.location import Location, Mark, check_location
from ImapLibrary.mail.message import Email

Reference = Email | int | str | bytes

References = Reference | list[Reference]
"""What a keyword may be given that is about any number of emails."""

HIGHEST_UID = 2**32 - 1
"""RFC 9051, section 2.3.1.1."""

_UID = re.compile("0*[1-9][0-9]{0,9}")


def uid_of(reference: Reference, location: Location) -> int:
    """Return the UID that is meant.

    location: where the keyword is about to use it

    Raises InvalidArgument if it is no UID, and MarkMismatch if the email is of another folder.
    """
    if isinstance(reference, Email):
        of, uid = reference.location, reference.uid
        if of is not None and of is not location:  # the latter is quick to tell of thousands
            check_location(of, location)
        if uid is not None:
            return uid
        raise InvalidArgument(
            "This email is of a file and in no folder, so that only keywords that read it can take it."
        )
    text = reference.decode(errors="replace") if isinstance(reference, bytes) else str(reference)
    if not _UID.fullmatch(text) or int(text) > HIGHEST_UID:
        # Robot Framework makes a text of a list.
        hint = " Of a list, give one, such as ${emails}[0]." if text.startswith("[") else ""
        raise InvalidArgument(
            f"{text!r} is no email. Give what `Wait For Email` returned, or a UID, which is a whole "
            f"number from 1 to {HIGHEST_UID}.{hint}"
        )
    return int(text)


def as_mark(after: Mark | Reference | None, location: Location) -> Mark | None:
    """Return the mark that an argument `after` stands for: itself, or what is behind an email.

    location: where the keyword is about to use it

    Raises InvalidArgument if it is neither, and MarkMismatch if it is of another folder.
    """
    if after is None:
        return None
    if isinstance(after, Mark):
        check_location(after.location, location)
        return after
    try:
        return Mark(location, uid_of(after, location) + 1)
    except InvalidArgument as reason:
        if isinstance(after, Email):
            raise
        raise InvalidArgument(
            f"{reason} The argument after also takes a mark from `Get Mailbox Mark`. Days and times "
            "are for since, such as since=today."
        ) from None


def as_marks(after: Mark | Email | list[Mark | Email] | None) -> list[Mark]:
    """Return the marks that an argument `after` stands for that is about several mailboxes.

    Raises InvalidArgument for an empty list, and for what does not tell which mailbox it is of.
    """
    if after is None:
        return []
    marks = [_own_mark(each) for each in (after if isinstance(after, list | tuple) else [after])]
    if not marks:
        raise InvalidArgument(
            "The argument after is an empty list. Leave it out if emails that are there already "
            "count too."
        )
    return marks


def _own_mark(after: Mark | Email) -> Mark:
    if isinstance(after, Mark):
        return after
    if isinstance(after, Email) and after.location is not None and after.uid is not None:
        return Mark(after.location, after.uid + 1)
    raise InvalidArgument(
        f"{str(after)!r} does not tell which mailbox it is of. In several mailboxes, after takes "
        "marks from `Get Mailbox Mark` and emails that were found, one for each mailbox."
    )
