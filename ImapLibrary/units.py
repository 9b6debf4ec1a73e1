"""Amounts as people write them."""

from __future__ import annotations


def amount(size: int) -> str:
    """Return a number of bytes in words."""
    if size < 1024:
        return "1 byte" if size == 1 else f"{size} bytes"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KiB"
    return f"{size / 1024 / 1024:.1f} MiB"


def number_of(count: int, what: str) -> str:
    """Return how many there are of something: "1 email", "2 emails"."""
    return f"1 {what}" if count == 1 else f"{count} {what}s"
