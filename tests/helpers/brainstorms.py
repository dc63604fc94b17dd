"""What a document holds besides its body, in tests."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from helpers.memory_box import MemoryBox


def brainstorm_of(
    document: Document,
    me: str = "Ada",
    seed: int = 1,
    *,
    chance: Random | None = None,
    clock: Callable[[], int] | None = None,
) -> Brainstorm:
    """What a document holds, as somebody sees it.

    Args:
        document: it.
        me: their name.
        seed: draws ids, and says where the clock begins, which ticks at each look.
        chance, clock: in their place.
    """
    chance, clock = chance or Random(seed), clock or count(1000 * seed).__next__
    return Brainstorm(document, MemoryBox(document, chance=chance, clock=clock), me, chance=chance, clock=clock)
