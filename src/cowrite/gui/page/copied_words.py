"""What copying, cutting and dragging offer in a field in which a note is written: its words, and in a draft beside them
which the assistant wrote.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit

from cowrite.bridge.page.taking_over import plain_text
from cowrite.core.board.items import Note
from cowrite.core.board.model_words import model_text_of
from cowrite.core.document.assists import UNKNOWN
from cowrite.core.text.model_words import letters_of_model
from cowrite.core.text.offsets import code_point_of_utf16
from cowrite.core.text.richtext import MARK, Span, joined
from cowrite.gui.page.clipboard import new_mime, put_own


def words_mime(field: QPlainTextEdit, note: Note | None) -> QMimeData:
    """What the selection of a field offers.

    Args:
        field: it.
        note: whose text is written in it; None for what is no note, or not yet.
    """
    text, cursor = plain_text(field.document()), field.textCursor()
    start, stop = (code_point_of_utf16(text, at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
    data = new_mime()
    data.setText(text[start:stop])
    if note is not None and (model_text := model_text_of(note)):
        mark = {MARK: note.assist or UNKNOWN}
        letters = [*zip(text, letters_of_model(text, model_text), strict=True)][start:stop]
        spans = [Span(sign, mark if is_its and sign != "\n" else {}) for sign, is_its in letters]  # a break is nobody's
        put_own(data, joined(spans), ())
    return data
