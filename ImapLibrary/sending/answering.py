"""An email -> the draft of a reply to it, or of an email that passes it on."""

from __future__ import annotations

import re

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.mail.message import Email
from ImapLibrary.mime.headers import Address
from ImapLibrary.sending.composing import EMAIL_TYPE, Draft, File, Recipients

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What emails arrive with and no field can carry, such as NUL."""

_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]+>")


def reply(email: Email, sender: Recipients, text: str) -> Draft:
    """Return an answer to whom the email asks for it, below which its text is quoted.

    Raises InvalidArgument if the email says nowhere whom it is from.
    """
    asked = email.headers.addresses("Reply-To") or email.senders
    to = [Address(_CONTROL.sub(" ", each.name), each.address) for each in asked]
    if not to:
        raise InvalidArgument(
            f"The email {email.subject!r} has neither From nor Reply-To, so there is nobody to reply "
            "to. `Send Email` takes any recipient."
        )
    return Draft(
        sender=sender,
        to=to,
        subject=_prefixed("Re", "Re", email.subject),
        text=f"{text}\n\n{_quoted(email)}\n",
        headers=_thread(email),
    )


def forward(email: Email, sender: Recipients, to: Recipients, text: str, *, inline: bool) -> Draft:
    """Return an email that passes another one on: as a whole, in an attachment.

    inline: its text below the new one instead, and nothing else of it
    """
    if inline:
        text = f"{text}\n\n{_told(email)}\n\n{email.text}\n".lstrip("\n")
    return Draft(
        sender=sender,
        to=to,
        subject=_prefixed("Fwd", "Fwd?", email.subject),
        text=text,
        attachments=() if inline else (File("original.eml", email.raw, EMAIL_TYPE),),
    )


def _prefixed(prefix: str, known: str, subject: str) -> str:
    """Return the subject with a prefix, once.

    known: a pattern of what is taken for the prefix, in any case
    """
    subject = _CONTROL.sub(" ", subject)
    there = re.match(rf"{known}\s*:", subject, re.IGNORECASE)
    return subject if there else f"{prefix}: {subject}".strip()


def _thread(email: Email) -> dict[str, str]:
    """Return the fields that tie an answer to its email (RFC 5322, section 3.6.4)."""
    own = _MESSAGE_ID.findall(email.message_id)[:1]
    if not own:
        return {}
    before = _MESSAGE_ID.findall(email.headers.get("References", ""))
    if not before:
        parents = _MESSAGE_ID.findall(email.headers.get("In-Reply-To", ""))
        before = parents if len(parents) == 1 else []
    return {"In-Reply-To": own[0], "References": " ".join(dict.fromkeys([*before, *own]))}


def _quoted(email: Email) -> str:
    who = str(email.senders[0]) if email.senders else "somebody"
    when = f"On {email.date:%Y-%m-%d %H:%M %z}, " if email.date else ""
    quoted = re.sub("^(?=[^>\n])", " ", email.text, flags=re.MULTILINE)
    return f"{when}{who} wrote:\n" + re.sub("^", ">", quoted, flags=re.MULTILINE)


def _told(email: Email) -> str:
    """Return the header as mail programs show it above what they pass on."""
    fields = {
        "From": ", ".join(map(str, email.senders)),
        "Date": f"{email.date:%Y-%m-%d %H:%M %z}" if email.date else "",
        "Subject": email.subject,
        "To": ", ".join(map(str, email.headers.addresses("To"))),
    }
    told = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["---------- Forwarded email ----------", *told])
