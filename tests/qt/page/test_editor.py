"""The page under a person's hands: real key presses, undo, reading only, and looks."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from cowrite.bridge.page.laying_out import lay_out
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page import embeds
from helpers.counting import counted
from helpers.drafts import lines
from helpers.seats import CTRL, SHIFT

Key = Qt.Key
BULLET = {"list": "bullet"}


# Typing


def test_an_empty_page_says_where_to_write_and_a_first_letter_takes_its_place(sit, qtbot):
    seat = sit()
    qtbot.waitUntil(lambda: bool(seat.editor.viewport().findChildren(QLabel, "hint")))
    (hint,) = seat.editor.viewport().findChildren(QLabel, "hint")
    assert hint.isVisible()
    caret = seat.editor.cursorRect()
    assert abs(hint.geometry().left() - caret.left()) <= 2
    assert hint.geometry().center().y() == pytest.approx(caret.center().y(), abs=3)
    seat.type("a")
    seat.document.settle()
    assert not hint.isVisible()
    seat.press(Key.Key_Backspace)
    seat.document.settle()
    assert hint.isVisible()


def test_typed_text_is_in_the_shared_document(sit):
    seat = sit()
    seat.type("Hé 😀 漢\nשלום")
    assert lines(seat.document) == ["Hé 😀 漢", "שלום"]
    assert seat.shown() == "Hé 😀 漢\nשלום"


@pytest.mark.parametrize("width", [500, 700, 916, 1400])
def test_the_text_is_as_wide_as_its_page_from_the_first_moment_on(sit, width):
    seat = sit(width=width)
    assert seat.editor.document().textWidth() == seat.editor.viewport().width()
    seat.editor.resize(width + 100, 500)
    assert seat.editor.document().textWidth() == seat.editor.viewport().width()


@pytest.mark.parametrize(("width", "times"), [(1500, 0), (600, 1)])
def test_a_text_is_laid_out_once_where_it_gets_another_width_and_else_not_at_all(sit, monkeypatch, width, times):
    seat = sit("one", width=1400)
    seat.editor.edits.insert_alone({"divider": True})
    lay_out(seat.editor.document())
    laid_out = counted(monkeypatch, embeds, "room_at")  # of the divider
    seat.editor.resize(width, 500)
    lay_out(seat.editor.document())
    assert len(laid_out) == times
    assert seat.editor.document().textWidth() == seat.editor.viewport().width()


def test_the_line_that_is_written_stays_in_sight_when_the_page_gets_lower(sit, qtbot):
    seat = sit(*(f"line {number}" for number in range(60)))
    seat.editor.setFocus()
    qtbot.waitUntil(seat.editor.hasFocus)
    seat.type("x")
    seat.editor.resize(seat.editor.width(), seat.editor.height() - 120)
    assert seat.editor.cursorRect().bottom() <= seat.editor.viewport().height()
    seat.editor.verticalScrollBar().setValue(0)
    seat.editor.resize(seat.editor.width(), seat.editor.height() - 50)
    assert seat.editor.verticalScrollBar().value() == 0, "whoever reads elsewhere stays there"


@pytest.mark.parametrize("is_caret_seen", [True, False])
def test_what_is_in_sight_stays_there_when_the_page_gets_narrower_or_wider(sit, is_caret_seen):
    seat = sit(*(f"line {number} " + 30 * "word " for number in range(100)))
    editor = seat.editor
    editor.set_caret(seat.document.text().index("line 50 "))
    if not is_caret_seen:
        editor.verticalScrollBar().setValue(editor.verticalScrollBar().value() // 2)
    line = editor.cursorForPosition(QPoint(0, 0)).blockNumber()
    for width in (400, 900, 500):
        editor.resize(width, 500)
        assert editor.cursorForPosition(QPoint(0, 0)).blockNumber() == line


def test_a_space_behind_a_full_line_moves_the_page_nowhere(sit):
    seat = sit(width=916)
    left = seat.place(0).x()
    for word in (
        "We have got one sunny wall in our courtyard, two rainwater barrels, and also about forty " * 3
    ).split():
        seat.type(f"{word} ")
        assert seat.place(0).x() == left


def test_a_double_click_selects_a_word_and_typing_replaces_it(sit):
    seat = sit("one two")
    middle = seat.place(5)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
        left = Qt.MouseButton.LeftButton
        where = QPointF(middle)
        event = QMouseEvent(kind, where, where, left, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(seat.editor.viewport(), event)
    seat.type("X")
    assert lines(seat.document) == ["one X"]


def test_a_third_click_selects_a_line_and_typing_replaces_its_words_alone(sit):
    seat = sit(("one two", BULLET), ("three", BULLET))
    view, place = seat.editor.viewport(), seat.place(5)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert seat.editor.caret() == (0, 7)
    seat.type("X")
    assert lines(seat.document) == [("X", BULLET), ("three", BULLET)]


@pytest.mark.skipif(sys.platform == "darwin", reason="there Alt does it")
def test_ctrl_up_and_down_go_from_paragraph_to_paragraph(sit):
    seat = sit("one", "two", "three")
    seat.press(Key.Key_Up, CTRL)
    assert seat.editor.caret() == (8, 8)
    seat.press(Key.Key_Up, CTRL | SHIFT)
    assert seat.editor.caret() == (8, 4)
    seat.press(Key.Key_Down, CTRL, times=2)
    assert seat.editor.caret() == (13, 13)


def test_an_image_is_put_in_place_of_the_selection(sit):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.editor.edits.insert_embed({"image": seat.images.put(b"picture", "image/png")})
    assert seat.document.text() == "one \ufffc three\n"
    assert [span.embed for span in seat.document.spans() if span.embed] == [{"image": next(iter(seat.images.stored))}]
    assert seat.editor.caret() == (5, 5)


def test_a_click_on_a_box_ticks_it(sit):
    seat = sit(("do it", {"list": "unchecked"}))
    box = seat.editor._painter.check_box(seat.editor.document().firstBlock())
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "checked"})]
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "unchecked"})]


def test_each_box_that_is_clicked_in_haste_is_a_step_of_its_own(sit):
    seat = sit(("one", {"list": "unchecked"}), ("two", {"list": "unchecked"}))
    for line in (0, 1):
        box = seat.editor._painter.check_box(seat.editor.document().findBlockByNumber(line))
        QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    seat.editor.undo_own()
    assert lines(seat.document) == [("one", {"list": "checked"}), ("two", {"list": "unchecked"})]


def test_nothing_is_left_beside_a_divider_of_what_was_composed_there(sit):
    seat = sit("")
    seat.editor.edits.insert_divider()
    seat.editor.set_caret(1)
    seat.compose("か")
    seat.commit("漢")
    assert seat.document.text() == "\ufffc\n漢\n\n"
    page = seat.editor.document()
    assert [page.findBlockByNumber(line).layout().preeditAreaText() for line in range(3)] == ["", "", ""]


# Reading only


def test_a_reader_can_select_and_copy_but_change_nothing(sit):
    seat = sit(("do", {"list": "unchecked"}), "text")
    editor = seat.editor
    editor.setReadOnly(True)
    before = seat.document.text(), lines(seat.document)
    editor.set_caret(3)
    seat.type("x# - \n")
    for key in (Key.Key_Backspace, Key.Key_Delete, Key.Key_Tab, Key.Key_Return):
        seat.press(key)
    seat.press(Key.Key_V, CTRL)
    seat.compose("ほ")
    seat.commit("本")
    seat.paste(text="pasted")
    editor.set_caret(3, 0)
    for act in (
        lambda: editor.formatting.toggle_inline("bold"),
        lambda: editor.formatting.set_style("heading_1"),
        lambda: editor.formatting.toggle_list("bullet"),
        lambda: editor.formatting.indent(1),
        lambda: editor.formatting.set_side("center"),
        lambda: editor.formatting.set_link("https://example.org"),
        editor.edits.insert_divider,
        lambda: editor.edits.insert_embed({"divider": True}),
        lambda: editor.edits.replace_range(0, 1, "x"),
        editor.formatting.clear,
        editor.undo_own,
        editor.cut,
    ):
        act()
    box = editor._painter.check_box(editor.document().firstBlock())
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert (seat.document.text(), lines(seat.document)) == before
    editor.selectAll()
    editor.copy()
    assert "text" in QGuiApplication.clipboard().text()


# Looks


def test_another_theme_and_zoom_change_the_look_and_nothing_else(sit):
    seat = sit(("Head", {"header": 1}), "text")
    sent = []
    seat.document.observe_updates(sent.append)
    seat.editor.set_caret(7, 2)
    light = seat.editor.grab().toImage()
    seat.editor.show_theme(named("dark"), 1.5)
    assert seat.editor.grab().toImage() != light
    assert seat.editor.caret() == (2, 7)
    assert sent == []
    assert lines(seat.document) == [("Head", {"header": 1}), "text"]


def test_what_is_in_sight_stays_there_when_letters_become_larger_or_smaller(sit):
    seat = sit(*(f"line {number} " + 30 * "word " for number in range(100)))
    editor, bar = seat.editor, seat.editor.verticalScrollBar()

    def first() -> int:
        return editor.cursorForPosition(QPoint(0, 0)).blockNumber()

    editor.set_caret(seat.document.text().index("line 50 "))
    height = editor.cursorRect().top()
    for zoom in (2.0, 0.7):
        editor.show_theme(named("light"), zoom)
        assert editor.cursorRect().top() == pytest.approx(height, abs=2)
    bar.setValue(bar.value() // 2)
    line = first()
    for zoom in (1.0, 2.0):
        editor.show_theme(named("light"), zoom)
        assert first() == line


def test_a_million_characters_stay_typable(sit_at):
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, ("words and more words in a long line of text " * 5 + "\n") * 4500)
    seat = sit_at(document)
    seat.editor.set_caret(500_000)
    seat.type("typed")
    assert document.rope.text(500_000, 500_005) == "typed"


HEADING, BULLET, QUOTE = {"header": 1}, {"list": "bullet"}, {"blockquote": True}
REPLACED = {
    "typed over": (lambda seat: seat.type("x"), "x"),
    "deleted": (lambda seat: seat.press(Qt.Key.Key_Delete), ""),
    "deleted backwards": (lambda seat: seat.press(Qt.Key.Key_Backspace), ""),
    "cut": (lambda seat: seat.editor.cut(), ""),
    "composed over": (lambda seat: seat.commit("語"), "語"),
    "pasted over": (lambda seat: seat.paste(text="y"), "y"),
}


@pytest.mark.parametrize("styles", [(HEADING, {}, BULLET), ({}, HEADING), (BULLET, QUOTE, {})])
@pytest.mark.parametrize("how", REPLACED)
def test_what_comes_in_the_place_of_whole_lines_has_the_style_of_the_first(sit, how, styles):
    seat = sit("above", *((f"line {number}", style) for number, style in enumerate(styles)), "below")
    before = lines(seat.document)
    seat.editor.set_caret(seat.document.text().rindex("\nbelow"), len("above\n"))
    act, left = REPLACED[how]
    act(seat)
    first = (left, styles[0]) if styles[0] else left
    assert lines(seat.document) == ["above", first, "below"]
    there = seat.editor.document().findBlockByNumber(1)
    assert seat.editor.formats.line_attributes(there.blockFormat()) == styles[0]
    assert there.text() == left
    seat.editor.undo_own()
    assert lines(seat.document) == before


def test_enter_in_the_place_of_all_lines_goes_on_from_the_first(sit):
    seat = sit(("one", BULLET), ("two", HEADING))
    seat.editor.selectAll()
    seat.press(Qt.Key.Key_Return)
    seat.type("x")
    assert HEADING not in [line[1] for line in lines(seat.document) if isinstance(line, tuple)]


def test_a_line_of_which_some_is_left_keeps_its_style_when_those_above_it_go(sit):
    seat = sit(("one", BULLET), "two", ("three", HEADING))
    seat.editor.set_caret(len("one\ntwo\nth"), 0)
    seat.press(Qt.Key.Key_Delete)
    assert lines(seat.document) == [("ree", HEADING)]
