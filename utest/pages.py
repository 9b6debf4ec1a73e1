"""The pages of the documentation: what stands in their code blocks.

for block in blocks(PAGES["tutorial"]):
    print(block.language, block.caption, block.text)
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

PAGES = {
    path.relative_to(DOCS).with_suffix("").as_posix(): path for path in sorted(DOCS.rglob("*.rst"))
} | {"README": ROOT / "README.rst"}
"""The files of the pages, by name."""

_DIRECTIVE = re.compile(
    r"^\.\. (?P<name>code|code-block|literalinclude):: *(?P<argument>.*)\n"
    r"(?P<options>(?: {3,}:.*\n)*)"
    r"(?P<body>(?: {3,}.*\n|\n)*)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A code block.

    page: the name of its page
    language: as in the directive
    caption: the name of the file that it is to be saved as, "" if none
    text: what stands in it; of a file that is shown, "" - see `shown_files`
    """

    page: str
    language: str
    caption: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    def __str__(self) -> str:
        telling = (line for line in self.lines if not line.startswith("***"))
        return f"{self.page}: {self.caption or next(telling)}"


def blocks(name: str, path: Path) -> Iterator[Block]:
    """Yield the code blocks that are written in a page."""
    for found in _directives(path):
        if found["name"] != "literalinclude":
            caption = re.search(r":caption: (.*)", found["options"])
            text = textwrap.dedent(found["body"]).strip("\n") + "\n"
            yield Block(name, found["argument"], caption[1] if caption else "", text)


def shown_files(path: Path) -> list[Path]:
    """Return the files that a page shows."""
    shown = (each["argument"] for each in _directives(path) if each["name"] == "literalinclude")
    return [(path.parent / name).resolve() for name in shown]


def undirected(path: Path) -> list[str]:
    """Return the lines that begin a code block of no language, by two colons."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.endswith("::") and not line.startswith("..")]


def _directives(path: Path) -> Iterator[re.Match[str]]:
    yield from _DIRECTIVE.finditer(path.read_text(encoding="utf-8"))


BLOCKS = [block for name, path in PAGES.items() for block in blocks(name, path)]
"""All code blocks."""
