"""Parts of a session's pages: text that teammates write along, and boxes to choose from."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDateTimeEdit
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.polls import PollKind
from cowrite.gui.decisions.lineage_list import LineageList
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.session.pages import FramePage
from cowrite.gui.session.parts import Paragraph
from cowrite.gui.session.poll_dialog import PollDialog
from cowrite.gui.session.poll_page import PollPage
from cowrite.storage.session_templates import SessionTemplate


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


def test_the_mouse_wheel_scrolls_past_what_can_be_chosen_of_a_session(qtbot: QtBot) -> None:
    begin = BeginDialog([SessionTemplate("plain", "Plain")], "/templates", "Ada", ["Ada", "Bo"], 0)
    places = (FramePage(), PollPage(), LineageList(), PollDialog((), PollKind.DOTS), begin)
    for place in places:
        qtbot.addWidget(place)
    for box in (box for place in places for box in place.findChildren(QComboBox)):
        box.blockSignals(True)
        box.addItems(["one", "other"])
        box.setCurrentIndex(1)
        wheel(box)
        assert box.currentIndex() == 1, box.accessibleName()
    (until,) = begin.findChildren(QDateTimeEdit)
    before = until.dateTime()
    wheel(until)
    assert until.dateTime() == before


def wheel(field: QComboBox | QDateTimeEdit) -> None:
    """Turns the mouse wheel by one notch over a field."""
    at, button, held = QPointF(5, 5), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(at, at, QPoint(), QPoint(0, 120), button, held, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(field, event)
