"""An empty document, and what one person has on its board."""

from __future__ import annotations

import pytest

from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from helpers.brainstorms import brainstorm_of


@pytest.fixture
def document() -> Document:
    return MendedDocument.new(clock=lambda: 0)


@pytest.fixture
def brainstorm(document: Document) -> Brainstorm:
    return brainstorm_of(document)
