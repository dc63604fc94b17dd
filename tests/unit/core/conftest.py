"""An empty document, and what one person has on its board."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from helpers.memory_box import MemoryBox


@pytest.fixture
def document() -> Document:
    return Document.new(clock=lambda: 0)


@pytest.fixture
def brainstorm(document: Document) -> Brainstorm:
    clock = count(1000)
    parts = {"chance": Random(1), "clock": lambda: next(clock)}
    return Brainstorm(document, MemoryBox(document, **parts), "Ada", **parts)
