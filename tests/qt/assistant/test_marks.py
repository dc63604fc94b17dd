"""Text that came from a language model: marked on the page, named on demand, and never taken for a person's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.origin import Origin
from cowrite.gui.assistant.marks import AssistMarks
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.elided_label import ElidedLabel
from cowrite.gui.window.status_strip import StatusStrip
from helpers.drafts import marked
from helpers.seats import SHIFT, Seat, Teammate

Sit = Callable[..., Seat]


def written_by_a_model(seat: Seat, start: int, stop: int, **more: object) -> None:
    text = seat.document.rope.text(start, stop)
    with seat.document.edit(Origin.ASSIST, record=AssistRecord("a1", model="small", by="Ada")) as edit:
        edit.delete(start, stop - start)
        edit.insert(start, text, more)
    seat.document.steps.begin()


def look_of(seat: Seat, at: int) -> QTextCharFormat:
    cursor = seat.editor.textCursor()
    cursor.setPosition(at + 1)
    return cursor.charFormat()


@pytest.fixture
def seat(sit: Sit) -> Seat:
    seat = sit("Mine its mine")
    written_by_a_model(seat, 5, 8)
    return seat


def test_it_is_dotted_below_in_the_colour_of_the_theme(seat: Seat) -> None:
    for name in ("light", "dark"):
        seat.editor.show_theme(named(name))
        look = look_of(seat, 6)
        assert look.underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
        assert look.underlineColor().name() == named(name).assist
    assert look_of(seat, 1).underlineStyle() is QTextCharFormat.UnderlineStyle.NoUnderline


def test_where_a_line_is_below_it_already_a_veil_is_behind_it(seat: Seat) -> None:
    written_by_a_model(seat, 5, 8, underline=True)
    look = look_of(seat, 6)
    assert look.fontUnderline()
    assert look.background().color().name() == named("light").assist


def test_it_can_be_shown_unmarked(seat: Seat) -> None:
    seat.editor.formats.shows_assists = False
    seat.editor.show_theme(named("light"))
    assert look_of(seat, 6).underlineStyle() is QTextCharFormat.UnderlineStyle.NoUnderline
    assert marked(seat.document) == ["Mine ", ("its", {"ai": "a1"}), " mine"]


@pytest.mark.parametrize("at", [6, 8])
def test_what_a_person_types_in_it_or_behind_it_is_their_own(seat: Seat, at: int) -> None:
    seat.editor.set_caret(at)
    seat.type("xy")
    assert [("xy" in span, "ai" in rest) for span, rest in pieces(seat) if "xy" in span] == [(True, False)]
    assert "".join(span for span, rest in pieces(seat) if "ai" in rest) == "its"


def pieces(seat: Seat) -> list[tuple[str, dict]]:
    return [(each, {}) if isinstance(each, str) else each for each in marked(seat.document)]


def test_what_a_person_types_over_it_is_their_own_and_one_undo_brings_it_back(seat: Seat) -> None:
    seat.editor.set_caret(8, 5)
    seat.type("our")
    assert not any("ai" in rest for _, rest in pieces(seat))
    assert seat.shown() == "Mine our mine"
    seat.editor.undo_own()
    assert marked(seat.document) == ["Mine ", ("its", {"ai": "a1"}), " mine"]


def test_what_an_input_method_commits_in_it_is_the_persons_own(seat: Seat) -> None:
    seat.editor.set_caret(6)
    seat.compose("に")
    seat.commit("日")
    assert ("日", {}) in pieces(seat)


def test_a_word_put_in_by_replacing_is_the_persons_own(seat: Seat) -> None:
    seat.editor.edits.replace_range(5, 8, "our")
    assert not any("ai" in rest for _, rest in pieces(seat))
    assert seat.shown() == "Mine our mine"


def test_deleting_in_it_and_breaking_it_leave_the_rest_marked(seat: Seat) -> None:
    seat.editor.set_caret(7)
    seat.press(Qt.Key.Key_Backspace)
    assert marked(seat.document) == ["Mine ", ("is", {"ai": "a1"}), " mine"]
    seat.editor.set_caret(6)
    seat.type("\n")
    assert marked(seat.document, 0) == ["Mine ", ("i", {"ai": "a1"})]
    assert marked(seat.document, 1) == [("s", {"ai": "a1"}), " mine"]


def test_clearing_the_formatting_leaves_the_record(seat: Seat) -> None:
    seat.editor.selectAll()
    seat.editor.formatting.clear()
    assert ("its", {"ai": "a1"}) in pieces(seat)


@pytest.fixture
def marks(seat: Seat, qtbot: QtBot) -> tuple[AssistMarks, StatusStrip]:
    status = StatusStrip()
    qtbot.addWidget(status)
    status.resize(1200, 40)
    status.show()
    marks = AssistMarks(seat.editor)
    marks.said.connect(status.show_assist)
    marks.words = lambda assist, _unit: f"From the model, by {assist}"
    return marks, status


def said(status: StatusStrip) -> str:
    label = next(each for each in status.findChildren(ElidedLabel) if "comes from" in each.accessibleDescription())
    return label.text() if label.isVisible() else ""


def test_at_the_caret_the_status_bar_says_where_it_comes_from(seat: Seat, marks) -> None:
    given, status = marks
    seat.editor.set_caret(7)
    given.refresh()
    assert said(status) == "From the model, by a1"
    seat.editor.set_caret(2)
    given.refresh()
    assert said(status) == ""
    seat.press(Qt.Key.Key_End, SHIFT)
    given.refresh()
    assert said(status) == ""


def test_under_the_pointer_a_tooltip_says_it(seat: Seat, marks, qtbot: QtBot) -> None:
    given, _ = marks
    given.refresh()
    place = seat.place(7)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, seat.editor.viewport().mapToGlobal(place))
    QApplication.sendEvent(seat.editor.viewport(), event)
    qtbot.waitUntil(lambda: QToolTip.text() == "From the model, by a1")
    QToolTip.hideText()
    place = QPoint(seat.place(2))
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, seat.editor.viewport().mapToGlobal(place))
    QApplication.sendEvent(seat.editor.viewport(), event)
    qtbot.waitUntil(lambda: QToolTip.text() == "")


def test_a_teammate_sees_the_same_marks(seat: Seat, sit: Sit) -> None:
    other = sit()
    other.document.apply_remote(seat.document.state())
    at = other.shown().index("its")
    assert look_of(other, at + 1).underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
    assert look_of(other, at + 4).underlineStyle() is QTextCharFormat.UnderlineStyle.NoUnderline


def test_a_teammates_letters_behind_it_keep_what_they_are(seat: Seat) -> None:
    Teammate(seat).insert(8, "!", {})
    assert marked(seat.document) == ["Mine ", ("its", {"ai": "a1"}), "! mine"]
