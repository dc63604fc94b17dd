"""A person at a page with footnotes, and at the card of one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.core.text.footnotes import embed_of, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from helpers.seats import Seat


def with_footnotes(sit: Callable[..., Seat]) -> Seat:
    """“one¹ two² three”, on a page."""
    seat = sit("one two three")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(7, embed_of([Span("See "), Span("Jones", {"italic": True})]))
        edit.insert_embed(3, embed_of([Span("See Smith")]))
    return seat


def notes(seat: Seat) -> list[str]:
    seat.document.settle()
    return [text_of(span.embed) for span in seat.document.spans() if span.embed is not None]


def write(seat: Seat, text: str) -> None:
    field = seat.editor.footnotes.field
    assert field is not None
    QTest.keyClicks(field.words, text)


def press(seat: Seat, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    field = seat.editor.footnotes.field
    assert field is not None
    QTest.keyClick(field.words, key, modifiers)
