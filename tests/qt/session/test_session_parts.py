"""Parts of a session's pages: text that teammates write along."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from cowrite.gui.session.parts import Paragraph


def test_the_caret_stays_at_its_word_when_a_teammate_writes_before_it_and_undo_leaves_the_teammates_words(
    qtbot: QtBot,
) -> None:
    paragraph = Paragraph("Question", "What the session is about")
    qtbot.addWidget(paragraph)
    paragraph.show_text("Where do we eat?")
    paragraph.moveCursor(QTextCursor.MoveOperation.Start)
    assert paragraph.find("eat")
    paragraph.show_text("Tonight: Where do we eat?")
    assert paragraph.textCursor().selectedText() == "eat"
    paragraph.undo()
    assert paragraph.text() == "Tonight: Where do we eat?"
    assert paragraph.is_kept
