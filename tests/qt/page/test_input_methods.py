"""Text that an input method composes, alone and while a teammate writes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtTest import QTest

from cowrite.gui.look.theme import named
from helpers.drafts import lines, marked
from helpers.seats import Teammate


def test_text_that_is_being_composed_is_shown_but_not_shared_until_it_is_committed(sit):
    seat = sit("日")
    for text in ("ほ", "ほん", "本"):
        seat.compose(text)
        assert seat.editor.document().firstBlock().layout().preeditAreaText() == text
        assert seat.document.text() == "日\n"
    seat.commit("本")
    assert seat.document.text() == "日本\n"
    assert seat.editor.document().firstBlock().layout().preeditAreaText() == ""


def test_lines_that_are_dictated_into_a_cell_stay_in_it(sit):
    seat = sit("above", ("a", {"table": "1"}), ("b", {"table": "1"}), "below")
    seat.editor.set_caret(7)
    seat.commit("c\nd")
    assert lines(seat.document)[1:3] == [("ac\u2028d", {"table": "1"}), ("b", {"table": "1"})]


def test_composing_that_is_given_up_leaves_nothing(sit):
    seat = sit("日")
    seat.compose("ほん")
    seat.commit("")
    assert seat.document.text() == seat.shown() + "\n" == "日\n"


@pytest.mark.parametrize(
    ("at", "text", "wanted"),
    [(0, "x", "xab本c"), (3, "x", "ab本cx"), (1, "x\ny", "ax\nyb本c"), (2, "x", "ab本xc")],
    ids=["before", "behind", "a line before", "at the caret"],
)
def test_a_teammate_writes_while_text_is_being_composed(sit, at, text, wanted):
    seat = sit("abc")
    seat.editor.set_caret(2)
    teammate = Teammate(seat)
    seat.compose("ほん")
    teammate.insert(at, text)
    seat.commit("本")
    assert seat.document.text() == wanted + "\n"
    assert seat.shown() == wanted


def composed(seat) -> list[tuple[int, str, int, list[int]]]:
    """What is shown as being composed: its line, its text, where it stands there, and where it has a look."""
    text = seat.editor.document()
    layouts = ((number, text.findBlockByNumber(number).layout()) for number in range(text.blockCount()))
    shown = [(n, each.preeditAreaText(), each.preeditAreaPosition(), each.formats()) for n, each in layouts]
    return [(number, words, at, [look.start for look in looks]) for number, words, at, looks in shown if words or looks]


@pytest.mark.parametrize(
    ("at", "text"), [(0, "x"), (1, "x\ny"), (2, "\n"), (4, "x"), (5, "\n")],
    ids=["before", "a line before", "a break at the caret", "behind", "a break behind"],
)  # fmt: skip
def test_what_is_composed_stays_at_the_caret_when_a_teammate_writes_around_it(sit, at, text):
    seat = sit("abcd", "ef")
    seat.editor.set_caret(2)
    teammate = Teammate(seat)
    look = QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.TextFormat, 1, 1, QTextCharFormat())
    QCoreApplication.sendEvent(seat.editor, QInputMethodEvent("ほん", [look]))
    teammate.insert(at, text)
    line, place = seat.editor.textCursor().blockNumber(), seat.editor.textCursor().positionInBlock()
    assert composed(seat) == [(line, "ほん", place, [place, place + 1])]
    seat.commit("本")
    assert not composed(seat)
    assert "本" in seat.document.text()


def test_a_teammate_deletes_the_line_in_which_text_is_being_composed(sit):
    seat = sit("above", "line", "below")
    seat.editor.set_caret(8)
    teammate = Teammate(seat)
    seat.compose("ほん")
    teammate.delete(5, 5)
    seat.commit("本")
    assert seat.document.text() == seat.shown() + "\n" == "above本\nbelow\n"


@pytest.mark.parametrize(
    ("text", "wanted"), [("ab🙂c", "ab�zc"), ("ab🙂🙃c", "ab�z🙃c"), ("ab🙂", "ab�z")], ids=["one", "two", "at the end"]
)
@pytest.mark.parametrize("composed_at", [1, 2])
def test_page_and_document_are_equal_when_qt_deletes_half_a_character_during_composing(sit, text, wanted, composed_at):
    seat = sit(text)
    seat.editor.set_caret(composed_at)
    seat.compose("ほ")
    seat.editor.set_caret(2)
    seat.press(Qt.Key.Key_Delete)
    assert seat.document.text() == seat.shown() + "\n" == wanted.replace("z", "") + "\n"
    seat.press(Qt.Key.Key_Right)
    seat.type("z")
    seat.document.settle()
    assert seat.document.text() == seat.shown() + "\n" == wanted + "\n"
    seat.press(Qt.Key.Key_Backspace, times=2)
    assert seat.document.text() == seat.shown() + "\n" == wanted.replace("�z", "") + "\n"
    seat.editor.undo_own()
    assert seat.document.text() == seat.shown() + "\n"


def test_what_is_composed_behind_a_link_is_no_part_of_it(sit):
    seat = sit()
    seat.type("see https://example.org ")
    seat.press(Qt.Key.Key_Left)
    seat.compose("か")
    seat.compose("漢字")
    seat.commit("漢字")
    seat.commit("。")
    address = "https://example.org"
    assert marked(seat.document) == ["see ", (address, {"link": address}), "漢字。 "]


@pytest.mark.parametrize("place", ["line", "cells"])
def test_what_is_composed_over_a_selection_is_undone_with_it_however_long_that_takes(sit, clock, place):
    seat = sit("above", ("a", {"table": "1"}), ("b", {"table": "2"}), "below")
    before = seat.document.text()
    seat.editor.set_caret(*((0, 5) if place == "line" else (9, 6)))
    for text in ("ほ", "ほん"):
        seat.compose(text)
        clock.pause()
    seat.commit("本")
    assert seat.document.text() == ("本\na\nb\nbelow\n" if place == "line" else "above\n本\n\nbelow\n")
    clock.pause()
    seat.compose("ご")
    seat.commit("語")
    seat.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "本" in seat.document.text()
    seat.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert seat.document.text() == before


@pytest.mark.parametrize("caret", [(2, 1), (1, 2)], ids=["forwards", "backwards"])
@pytest.mark.parametrize("how", ["composed", "typed"])
def test_what_is_written_in_the_place_of_bold_words_is_bold_however_they_were_selected(sit, caret, how):
    seat = sit("ab")
    seat.editor.set_caret(2, 1)
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.set_caret(*caret)
    if how == "composed":
        seat.compose("k")
        seat.commit("x")
    else:
        QTest.keyClick(seat.editor, Qt.Key.Key_Shift)
        assert seat.editor.textCursor().position() == caret[0]  # or Shift with an arrow would select otherwise
        QTest.keyClicks(seat.editor, "x")
    assert [(span.text, dict(span.attributes)) for span in seat.document.spans()][1] == ("x", {"bold": True})
    seat.editor.undo_own()
    assert seat.document.text() == "ab\n"


@pytest.mark.parametrize("how", ["commit", "type"])
def test_a_line_stays_where_it_is_when_one_writes_there_in_the_place_of_pages_selected_backwards(sit, how):
    seat = sit(*["words"] * 200)
    editor, bar = seat.editor, seat.editor.verticalScrollBar()
    editor.set_caret(300, 900)
    bar.setValue(bar.value() + editor.cursorRect().top() - 200)
    height = editor.cursorRect().top()
    getattr(seat, how)("x")
    assert editor.caret() == (301, 301)
    assert editor.cursorRect().top() == height > 0


def test_what_is_being_composed_is_seen_also_in_another_theme(sit):
    seat = sit("one", "日")
    seat.editor.set_caret(5)
    underlined = QTextCharFormat()
    underlined.setFontUnderline(True)
    look = QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.TextFormat, 0, 2, underlined)
    QCoreApplication.sendEvent(seat.editor, QInputMethodEvent("ほん", [look]))
    before = composed(seat)
    seat.editor.show_theme(named("dark"), 1.5)
    assert composed(seat) == before == [(1, "ほん", 1, [1])]
    seat.commit("本")
    assert seat.document.text() == "one\n日本\n"


def test_what_is_being_composed_is_gone_once_one_may_only_read(desk):
    draft = desk.new()
    editor = draft.editor
    desk.until(draft.window.isActiveWindow)
    QCoreApplication.sendEvent(editor, QInputMethodEvent("ほん", []))
    draft.window.show_read_only("You may only read this document.")
    assert editor.document().firstBlock().layout().preeditAreaText() == ""
    assert draft.document.text().strip() == ""


@pytest.mark.parametrize("at", [6, 7, 8])
def test_page_and_document_are_equal_when_half_a_character_is_committed_in_a_cell(sit, at):
    seat = sit("above", ("a", {"table": "1"}), ("b", {"table": "1"}), "below")
    seat.editor.set_caret(at)
    seat.commit("\ud83d")
    wanted = "above\na\nb\nbelow"
    assert seat.document.text() == f"{wanted[:at]}\ufffd{wanted[at:]}\n"
    assert seat.shown() + "\n" == seat.document.text()


@pytest.mark.parametrize(
    ("at", "arrow", "key", "wanted"),
    [(0, Qt.Key.Key_Right, Qt.Key.Key_Backspace, "b"), (2, Qt.Key.Key_Left, Qt.Key.Key_Delete, "b")],
)
def test_keys_take_whole_characters_where_an_input_method_has_left_what_it_composed(sit, at, arrow, key, wanted):
    seat = sit("👍b")
    seat.editor.set_caret(at)
    seat.compose("か")
    seat.press(arrow)
    seat.press(key)
    seat.commit("")
    assert seat.document.text() == wanted + "\n"
    assert seat.shown() == wanted
