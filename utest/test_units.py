"""Amounts as people write them."""

from __future__ import annotations

import pytest

from ImapLibrary.units import amount, number_of


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (65536, "64 KiB"),
        (1024 * 1024, "1.0 MiB"),
        (26_214_400, "25.0 MiB"),
        (3 * 1024**3, "3072.0 MiB"),
    ],
)
def test_bytes(size: int, text: str) -> None:
    assert amount(size) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 emails"), (1, "1 email"), (2, "2 emails")])
def test_numbers(count: int, text: str) -> None:
    assert number_of(count, "email") == text
