"""The page under a person's hands: real key presses, undo, reading only, and looks."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page import embeds
from cowrite.gui.page.rest import lay_out
from helpers.counting import counted
from helpers.drafts import lines
from helpers.seats import CTRL, SHIFT, Seat

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
    laid_out = counted(monkeypatch, embeds, "_room")  # of the divider
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


def test_each_enter_on_an_empty_draft_makes_a_line(sit):
    seat = sit()
    seat.type("\n\n\nx")
    assert lines(seat.document) == ["", "", "", "x"]


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_replaces_what_is_selected(sit, key):
    seat = sit("one two three")
    seat.editor.set_caret(7, 4)
    seat.press(key)
    assert lines(seat.document) == ["one ", " three"]


def test_shift_enter_breaks_a_line_without_ending_it(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Return, SHIFT)
    seat.type("more")
    assert lines(seat.document) == [("item\u2028more", BULLET)]


def test_backspace_and_delete_take_a_whole_character(sit):
    seat = sit("a😀b👍")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a😀b"]
    seat.editor.set_caret(1)
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == ["ab"]


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧‍👦", "👍🏽", "1️⃣", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "🇩🇪"])
def test_backspace_takes_an_emoji_with_all_its_parts(sit, emoji):
    seat = sit(f"a{emoji}")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a"]


def test_backspace_takes_accents_off_one_by_one(sit):
    seat = sit("a\u0308\u0323")
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == ["a\u0308"]


def test_ctrl_backspace_takes_a_word(sit):
    seat = sit("one two")
    seat.press(Key.Key_Backspace, CTRL)
    assert lines(seat.document) == ["one "]


def test_backspace_at_the_start_of_a_plain_line_joins_it_to_the_line_above(sit):
    seat = sit(("one", {"header": 1}), "two")
    seat.editor.set_caret(4)
    seat.press(Key.Key_Backspace)
    assert seat.document.text() == "onetwo\n"


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, SHIFT])
def test_backspace_at_the_start_of_an_item_makes_it_body_text(sit, modifiers):
    seat = sit("a", ("item", BULLET))
    seat.press(Key.Key_Home)
    seat.press(Key.Key_Backspace, modifiers)
    assert lines(seat.document) == ["a", "item"]


@pytest.mark.parametrize("below", [BULLET, {"list": "checked"}, {"blockquote": True}, {"code-block": True}])
def test_backspace_deletes_selected_lines_whatever_stands_below_them(sit, below):
    seat = sit(("one", BULLET), "two", ("three", below))
    seat.editor.set_caret(8, 0)
    seat.press(Key.Key_Backspace)
    assert lines(seat.document) == [("three", below)]
    seat.press(Key.Key_Z, CTRL)
    assert lines(seat.document) == [("one", BULLET), "two", ("three", below)]


@pytest.mark.parametrize("style", [{}, BULLET, {"code-block": True}])
@pytest.mark.parametrize(
    ("act", "count"),
    [
        (lambda seat: seat.type("X"), 1),
        (lambda seat: seat.paste(text="X"), 1),
        (lambda seat: seat.press(Key.Key_Return), 2),
    ],
    ids=["a letter", "pasting", "Enter"],
)
def test_what_replaces_text_of_two_lines_leaves_the_style_of_the_first(sit, style, act, count):
    seat = sit(("one", style), ("two", {"header": 2}), "three")
    seat.editor.set_caret(6, 1)
    act(seat)
    *made, _three = seat.document.line_breaks(0, seat.document.length - 1)
    assert [seat.document.rope.attributes_at(at) for at in made] == [style] * count


def test_typing_over_a_selection_across_lines_leaves_one_line(sit):
    seat = sit(("one", BULLET), ("two", {"header": 2}), "three")
    seat.editor.set_caret(10, 1)
    seat.type("X")
    assert len(lines(seat.document)) == 1
    assert seat.document.text() == "oXree\n"


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


# Lists


def test_tab_and_shift_tab_nest_items(sit):
    seat = sit(("item", BULLET))
    seat.press(Key.Key_Tab, times=2)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 2})]
    seat.press(Key.Key_Backtab, SHIFT)
    assert lines(seat.document) == [("item", {**BULLET, "indent": 1})]


def test_tab_nests_all_selected_items_and_keeps_the_selection(sit):
    seat = sit(("a", BULLET), ("b", BULLET))
    seat.editor.set_caret(3, 0)
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == [("a", {**BULLET, "indent": 1}), ("b", {**BULLET, "indent": 1})]
    assert seat.editor.caret() == (0, 3)


def test_tab_in_body_text_is_a_tab(sit):
    seat = sit("a")
    seat.press(Key.Key_Tab)
    assert lines(seat.document) == ["a\t"]


def test_enter_in_an_item_begins_the_next_and_on_an_empty_one_ends_the_list(sit):
    seat = sit()
    seat.type("- one\ntwo\n\nafter")
    assert lines(seat.document) == [("one", BULLET), ("two", BULLET), "after"]


def test_a_click_on_a_box_ticks_it(sit):
    seat = sit(("do it", {"list": "unchecked"}))
    box = seat.editor._page.check_box(seat.editor.document().firstBlock())
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "checked"})]
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert lines(seat.document) == [("do it", {"list": "unchecked"})]


def test_each_box_that_is_clicked_in_haste_is_a_step_of_its_own(sit):
    seat = sit(("one", {"list": "unchecked"}), ("two", {"list": "unchecked"}))
    for line in (0, 1):
        box = seat.editor._page.check_box(seat.editor.document().findBlockByNumber(line))
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
    box = editor._page.check_box(editor.document().firstBlock())
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


def test_a_million_characters_stay_typable(qapp):
    document = Document.new(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, ("words and more words in a long line of text " * 5 + "\n") * 4500)
    seat = Seat(document)
    seat.editor.set_caret(500_000)
    seat.type("typed")
    assert document.rope.text(500_000, 500_005) == "typed"
    seat.editor.deleteLater()


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
