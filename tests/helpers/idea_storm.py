"""What stands on a document, for tests that need no window."""

from __future__ import annotations

from itertools import count
from random import Random

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from helpers.memory_box import MemoryBox


def storm_of(document: Document, name: str = "Ada", seed: int = 1) -> Brainstorm:
    """What stands on a document, as somebody sees it."""
    clock = count(1000 * seed)
    parts = {"chance": Random(seed), "clock": lambda: next(clock)}
    return Brainstorm(document, MemoryBox(document, **parts), name, **parts)
