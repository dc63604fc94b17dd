"""A long document, and how much of it is on its page."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Utf16, utf16_length
from helpers.seats import Seat

LINES = 300
PART = 200  # characters that come onto the page at a time


def long_document() -> Document:
    """Lines of words with a look here and there."""
    document = MendedDocument.new(clock=lambda: 1)
    with document.edit(Origin.IMPORT) as edit:
        lines = [f"{number} words 😀 of a line\n" for number in range(LINES)]
        edit.insert(0, "".join(lines))
        starts = [0, *accumulate(map(utf16_length, lines))]
        looks: list[dict[str, Any]] = [{"header": 2}, {"list": "bullet"}, {"code-block": True}]
        for number in range(0, LINES, 7):
            at = Utf16(starts[number])
            edit.format_lines(at, 0, looks[number % 3])
            edit.format(at, 1, {"bold": True})
    document.steps.forget()
    return document


def marked(seat: Seat) -> list[tuple[int, int]]:
    """From where to where the page marks something."""
    return [(each.cursor.selectionStart(), each.cursor.selectionEnd()) for each in seat.editor.extraSelections()]


def on_page(seat: Seat) -> int:
    """How many characters have come onto the page."""
    return seat.editor.document().characterCount() - 1


def is_full(seat: Seat) -> bool:
    """Whether all of them have."""
    return on_page(seat) == seat.document.length - seat.document.is_closed
