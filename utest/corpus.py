"""The emails in `emails/`, each with what it must read as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ImapLibrary.mail.message import Email

_ATTACHMENT = ("name", "type", "size", "sha256", "inline", "content_id")

EMAILS = Path(__file__).parent / "emails"


@dataclass(frozen=True)
class Sample:
    """An email as bytes, and the expected values of its fields by name."""

    name: str
    raw: bytes
    expected: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    def read(self) -> dict[str, Any]:
        """Return the fields that are expected, as they are read."""
        email = Email(self.raw)
        return {name: _field(email, name) for name in self.expected}


def _field(email: Email, name: str) -> Any:
    """Return a field in the form in which the corpus states it."""
    value = getattr(email, name)
    if name == "attachments":
        return [{each: getattr(file, each) for each in _ATTACHMENT} for file in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return [str(each) for each in value] if isinstance(value, tuple) else value


def _sample(path: Path) -> Sample:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return Sample(path.stem, path.read_bytes(), expected)


SAMPLES = tuple(_sample(path) for path in sorted(EMAILS.glob("*.eml")))
