"""Words of scripts that set no spaces: clicked twice, and gone over by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.gui.page.unspaced_words import word_at
from helpers.seats import CTRL, NO_KEYS, SHIFT

P = "\ufffc"
LINE = "see 東京都のカタログ、now"


@pytest.mark.parametrize(
    ("at", "word"), [(0, "see"), (4, "東京都"), (6, "東京都"), (7, "の"), (8, "カタログ"), (13, "now")]
)
def test_of_words_without_spaces_a_double_click_selects_the_one_that_is_clicked(sit, at, word):
    seat = sit(LINE)
    left, right = seat.place(at), seat.place(at + 1)
    for part in (1, 3):  # of four quarters of the character
        point = QPoint(left.x() + (right.x() - left.x()) * part // 4, left.y())
        QTest.mouseDClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, point)
        assert seat.editor.textCursor().selectedText() == word


def test_words_without_spaces_are_gone_over_one_by_one_and_selected(sit):
    seat = sit(LINE)
    seat.editor.set_caret(4)
    places = []
    for _ in range(4):
        seat.press(Qt.Key.Key_Right, CTRL)
        places.append(seat.editor.caret()[1])
    assert places == [7, 8, 12, 13]
    seat.press(Qt.Key.Key_Left, CTRL | SHIFT, times=3)
    assert seat.editor.caret() == (13, 7)


def test_words_without_spaces_are_deleted_one_by_one(sit, bo):
    seat = sit(LINE)
    seat.editor.set_caret(8)
    seat.press(Qt.Key.Key_Backspace, CTRL)
    assert seat.document.text() == "see 東京都カタログ、now\n"
    seat.press(Qt.Key.Key_Delete, CTRL)
    assert seat.shown() == "see 東京都、now"
    seat.press(Qt.Key.Key_Z, CTRL)
    seat.press(Qt.Key.Key_Z, CTRL)
    assert seat.document.text() == f"{LINE}\n"
    suggests, changes = bo(LINE)
    suggests.editor.set_caret(8)
    suggests.press(Qt.Key.Key_Backspace, CTRL, times=2)
    assert suggests.document.text() == f"{LINE}\n"
    assert [span.text for span in suggests.document.spans() if "deletion" in span.attributes] == ["東京都の"]
    assert len(changes.all()) == 1


def test_a_word_is_within_its_line_however_many_units_its_characters_have():
    assert word_at("😀𠮷野家 abc", 4) == (2, 6)
    assert word_at("😀𠮷野家 abc", 0) is None
    assert word_at("葛\U000e0100城", 0) == (0, 4)
    assert word_at("abc", -1) is None
    start, stop = word_at("ภาษาไทย", 5) or (0, 0)
    assert start <= 5 < stop <= 7


def test_an_image_or_footnote_is_a_word_of_its_own_beside_letters(sit):
    seat = sit("see mid and")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(11, embed_of([Span("note")]))
        edit.insert_embed(7, {"image": "sha256:" + "0" * 64})
        edit.insert_embed(7, {"image": "sha256:" + "0" * 64})
    assert seat.document.text() == f"see mid{P}{P} and{P}\n"
    seat.editor.set_caret(4)
    places = []
    for _ in range(5):
        seat.press(Qt.Key.Key_Right, CTRL)
        places.append(seat.editor.caret()[1])
    assert places == [7, 8, 9, 10, 13]
    left: list[str] = []
    for _ in range(5):
        seat.press(Qt.Key.Key_Backspace, CTRL)
        left.append(seat.document.text())
        assert seat.editor.toPlainText() + "\n" == left[-1]
    assert left == [f"{words}\n" for words in (f"see mid{P}{P} {P}", f"see mid{P}{P}", f"see mid{P}", f"see {P}", P)]


@pytest.mark.parametrize(("key", "at"), [(Qt.Key.Key_Backspace, 6), (Qt.Key.Key_Delete, 3)])
def test_a_divider_is_taken_out_by_the_keys_for_a_word_and_joins_no_line(sit, key, at):
    seat = sit("one", "", "two")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(4, {"divider": True})
    seat.editor.set_caret(at)
    seat.press(key, CTRL)
    assert seat.document.text() == seat.editor.toPlainText() + "\n" == "one\ntwo\n"
    seat.press(Qt.Key.Key_Z, CTRL)
    assert seat.document.text() == f"one\n{P}\ntwo\n"
