"""The keywords in the matrix: how each is called, what it returns, and what it does to a mailbox."""

from faults.keywords import (
    changing,
    expecting,
    finding,
    folders,
    reading,
    sending,
    sessions,
    waiting,
)
from faults.keywords.base import Keyword

KEYWORDS: tuple[Keyword, ...] = (
    *sessions.KEYWORDS,
    *waiting.KEYWORDS,
    *finding.KEYWORDS,
    *reading.KEYWORDS,
    *expecting.KEYWORDS,
    *changing.KEYWORDS,
    *folders.KEYWORDS,
    *sending.KEYWORDS,
)
