"""Two people with one draft, of which one has suggested a change."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, replace


@pytest.fixture
def ada() -> Document:
    return draft("one two three.")


@pytest.fixture
def bo(ada: Document) -> Document:
    """Has suggested a change of it."""
    bo = copy_of(ada)
    changes_of(bo)
    replace(bo, 4, 7, "XY")
    meet(ada, bo)
    return bo
