"""Addresses that no other test uses, all of one mailbox."""

from __future__ import annotations

import secrets

from ImapLibrary.arguments import one_line
from ImapLibrary.errors import InvalidArgument

PLACE = "{unique}"
"""What a template has where addresses differ."""

_BYTES = 6
"""Of randomness: among a million addresses, two are the same once in five hundred times."""


def unique_address(template: str) -> str:
    """Return an address made from a template. Raises InvalidArgument if that can't be one.

    template: an address with `{unique}` in the part before the `@`
    """
    local, _, domain = one_line("template", template).rpartition("@")
    if PLACE not in local or not domain:
        raise InvalidArgument(
            f"The template must be an address with {PLACE} before the @, such as "
            f"qa+{PLACE}@example.com; {template!r} is none."
        )
    # Lower case, for some products and servers do not keep the case of an address.
    return template.replace(PLACE, secrets.token_hex(_BYTES))


def template_for(user: str) -> str:
    """Return the template of plus-addresses for a user (RFC 5233). Raises InvalidArgument.

    user: the name that logs in
    """
    local, at, domain = user.rpartition("@")
    if not at:
        raise InvalidArgument(
            f"The user {user!r} is no email address, so say which addresses arrive in its mailbox: "
            f"template=qa+{PLACE}@example.com, or {PLACE}@example.com for a catch-all."
        )
    return f"{local.partition('+')[0]}+{PLACE}@{domain}"
