"""The emails in `emails/`, each with what it must read as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EMAILS = Path(__file__).parent / "emails"


@dataclass(frozen=True)
class Sample:
    """An email as bytes, and the expected values of its fields by name."""

    name: str
    raw: bytes
    expected: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def _sample(path: Path) -> Sample:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return Sample(path.stem, path.read_bytes(), expected)


SAMPLES = tuple(_sample(path) for path in sorted(EMAILS.glob("*.eml")))
