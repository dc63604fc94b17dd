"""A draft, and the comments on it."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.passage_comments import TEXT


@pytest.fixture
def document() -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, TEXT)
    return document


@pytest.fixture
def comments(document: Document) -> Comments:
    clock = count(1000)
    return Comments(document, chance=Random(1), clock=lambda: next(clock))
