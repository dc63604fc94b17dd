"""Where lines of the assistant come into a draft."""

from __future__ import annotations

import pytest

from cowrite.app.assistant.records import Source, accept_lines
from cowrite.core.text.richtext import Span
from helpers.drafts import draft, lines

SOURCE = Source("summarise", "generated", "model", "", "", "", 0, "")
CELL = ("a", {"table": "1"})


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ("below", ["new", ("item", {"list": "bullet"}), "below"]),
        ("", ["new", ("item", {"list": "bullet"})]),
    ],
)
def test_lines_that_are_accepted_behind_a_cell_come_in_below_its_table(below, left):
    document = draft("above", CELL, below)
    behind = accept_lines(document, 7, [Span("new\nitem"), Span("\n", {"list": "bullet"})], SOURCE, "Ada")
    assert lines(document) == ["above", CELL, *left]
    assert document.text()[:behind].endswith("item")
