"""Addresses that no other test uses."""

from __future__ import annotations

import pytest

from ImapLibrary.errors import InvalidArgument
from ImapLibrary.unique import template_for, unique_address


def test_no_two_are_the_same() -> None:
    addresses = {unique_address("qa+{unique}@example.com") for _ in range(1000)}
    assert len(addresses) == 1000
    assert all(address.startswith("qa+") for address in addresses)
    assert all(address == address.lower() for address in addresses)


def test_a_catch_all_needs_no_plus() -> None:
    local, _, domain = unique_address("{unique}@Example.com").partition("@")
    assert len(local) == 12
    assert domain == "Example.com"


@pytest.mark.parametrize("template", ["qa@example.com", "{unique}", "qa@{unique}.example", ""])
def test_what_is_no_template(template: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        unique_address(template)
    assert str(caught.value) == (
        "The template must be an address with {unique} before the @, such as "
        f"qa+{{unique}}@example.com; {template!r} is none."
    )


def test_line_ends_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="The template contains a line feed"):
        unique_address("qa+{unique}@example.com\nBcc: x@example.com")


@pytest.mark.parametrize("user", ["qa@example.com", "qa+tag@example.com"])
def test_the_users_plus_addresses(user: str) -> None:
    assert template_for(user) == "qa+{unique}@example.com"


def test_a_user_without_address() -> None:
    with pytest.raises(InvalidArgument) as caught:
        template_for("qa")
    assert str(caught.value) == (
        "The user 'qa' is no email address, so say which addresses arrive in its mailbox: "
        "template=qa+{unique}@example.com, or {unique}@example.com for a catch-all."
    )
