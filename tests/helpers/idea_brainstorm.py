"""What stands on a document, for tests that need no window."""

from __future__ import annotations

from itertools import count
from random import Random

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from helpers.memory_box import MemoryBox


def brainstorm_of(document: Document, name: str = "Ada", seed: int = 1) -> Brainstorm:
    """What stands on a document, as somebody sees it."""
    chance, clock = Random(seed), count(1000 * seed).__next__
    return Brainstorm(document, MemoryBox(document, chance=chance, clock=clock), name, chance=chance, clock=clock)
