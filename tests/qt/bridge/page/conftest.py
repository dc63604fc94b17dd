"""A person before a page of which only the beginning is there."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from helpers.long_pages import PART, long_document
from helpers.seats import Seat


@pytest.fixture
def open_page(sit_at):
    """Seats a person before a page of which only the beginning is there."""

    def show(document: Document | None = None, **seat) -> Seat:
        return sit_at(document or long_document(), **{"part": PART, **seat})

    return show
