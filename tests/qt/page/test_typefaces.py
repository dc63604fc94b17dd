"""The fonts and sizes that people give letters: from the menu, by keys, on the page and in files."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.gui.look.theme import named
from helpers.desk import Desk
from helpers.drafts import marked
from helpers.seats import CTRL, SHIFT, Seat
from helpers.suggesting import suggesting

ALT = Qt.KeyboardModifier.AltModifier


def shown(seat: Seat, at: int) -> QTextCharFormat:
    """How the letter behind a position is shown."""
    cursor = seat.editor.textCursor()
    cursor.setPosition(at + 1)
    return cursor.charFormat()


def points(seat: Seat, at: int) -> float:
    cursor = seat.editor.textCursor()
    cursor.setPosition(at + 1)
    return shown(seat, at).fontPointSize() or seat.editor.document().defaultFont().pointSizeF()


def test_the_same_step_up_and_down_leaves_letters_as_they_were(sit):
    seat = sit("one two")
    seat.editor.set_caret(7, 4)
    seat.editor.formatting.resize(1)
    assert marked(seat.document) == ["one ", ("two", {"size": "12pt"})]
    seat.editor.formatting.resize(-1)
    assert marked(seat.document) == ["one two"]


def test_each_size_in_a_selection_grows_by_itself_as_one_step_to_undo(sit):
    seat = sit(("small huge", {"header": 1}), "plain")
    formatting = seat.editor.formatting
    seat.editor.set_caret(5, 0)
    formatting.set_inline("size", "8pt")
    seat.editor.set_caret(13, 0)
    formatting.resize(1)
    assert marked(seat.document) == [("small", {"size": "9pt"}), (" huge", {"size": "24pt"})]
    assert marked(seat.document, 1) == [("pl", {"size": "12pt"}), "ain"]
    assert formatting.state().size == "", "one size is said of several"
    seat.editor.undo_own()
    assert marked(seat.document) == [("small", {"size": "8pt"}), " huge"]
    assert "size" not in {name for span in seat.document.spans(11) for name in span.attributes}


def test_letters_grow_though_those_behind_them_in_their_line_have_another_size(sit):
    seat = sit(("one two", {}), ("three", {}))
    seat.editor.set_caret(7, 4)
    seat.editor.formatting.set_inline("size", "24pt")
    seat.editor.set_caret(2, 0)
    seat.editor.formatting.resize(1)
    assert marked(seat.document) == [("on", {"size": "12pt"}), "e ", ("two", {"size": "24pt"})]
    assert marked(seat.document, 1) == ["three"]


def test_a_size_holds_for_what_is_typed_next(sit):
    seat = sit("")
    seat.editor.formatting.resize(1)
    seat.type("a")
    assert marked(seat.document) == [("a", {"size": "12pt"})]


def test_points_are_those_of_paper_whatever_the_page_is_read_in(sit):
    seat = sit("large usual")
    seat.editor.set_caret(5, 0)
    seat.editor.formatting.set_inline("size", "22pt")
    assert points(seat, 0) == 2 * points(seat, 6)
    seat.editor.show_theme(named("light"), 1.5)
    assert points(seat, 0) == 2 * points(seat, 6) == 1.5 * 2 * named("light").typography.size


def test_lines_are_as_high_as_their_letters_need(sit):
    seat = sit("one", "two")
    before = seat.editor.document().documentLayout().blockBoundingRect(seat.editor.document().begin()).height()
    seat.editor.set_caret(3, 0)
    seat.editor.formatting.set_inline("size", "48pt")
    after = seat.editor.document().documentLayout().blockBoundingRect(seat.editor.document().begin()).height()
    assert after > 2 * before


def test_a_footnotes_number_is_as_large_as_the_letters_around_it(sit):
    seat = sit("word")
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(4, embed_of([Span("A note.")]))
    seat.editor.set_caret(5, 0)
    seat.editor.formatting.set_inline("size", "24pt")
    assert points(seat, 4) == points(seat, 0)


@pytest.mark.parametrize(("stored", "family"), [("serif", "serif_families"), ("monospace", "code_families")])
def test_a_kind_of_font_is_one_that_the_computer_has(sit, stored, family):
    seat = sit("word")
    theme = named("light")
    theme = theme._replace(typography=theme.typography._replace(**{family: ("Its Own",), "families": ("The Pages",)}))
    seat.editor.show_theme(theme, 1)
    seat.editor.set_caret(4, 0)
    seat.editor.formatting.set_inline("font", stored)
    assert shown(seat, 0).fontFamilies() == ["Its Own", "The Pages"]


def test_clear_formatting_takes_fonts_and_sizes_off(sit):
    seat = sit("word")
    seat.editor.set_caret(4, 0)
    seat.editor.formatting.set_inline("font", "serif")
    seat.editor.formatting.set_inline("size", "24pt")
    seat.editor.formatting.clear()
    assert marked(seat.document) == ["word"]


def test_clear_formatting_takes_them_off_what_is_typed_next(sit):
    seat = sit("")
    seat.editor.formatting.resize(1)
    seat.editor.formatting.clear()
    seat.type("a")
    assert marked(seat.document) == ["a"]


def test_whoever_suggests_gives_their_own_new_words_a_size_and_leaves_those_of_others(sit):
    seat = sit("old ")
    suggesting(seat)
    seat.type("new")
    seat.editor.set_caret(7, 0)
    seat.editor.formatting.resize(1)
    old, (new, look) = marked(seat.document)
    assert (old, new, look["size"]) == ("old ", "new", "12pt")


def test_the_keys_make_letters_larger_and_smaller_and_say_how_large_they_are(desk: Desk, heard: list[str]):
    draft = desk.new()
    editor, actions = draft.editor, draft.window.actions_
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    QTest.keyClicks(editor, "one")
    QTest.keyClick(editor, Qt.Key.Key_A, CTRL)
    QTest.keyClick(editor, Qt.Key.Key_Period, CTRL | ALT | SHIFT)
    QTest.keyClick(editor, Qt.Key.Key_Period, CTRL | ALT | SHIFT)
    draft.window.refresh_state()
    assert marked(editor.draft) == [("one", {"size": "14pt"})]
    assert actions["size_14"].isChecked()
    assert heard[-2:] == ["12 points", "14 points"]
    QTest.keyClick(editor, Qt.Key.Key_Comma, CTRL | ALT | SHIFT)
    QTest.keyClick(editor, Qt.Key.Key_Comma, CTRL | ALT | SHIFT)
    draft.window.refresh_state()
    assert marked(editor.draft) == ["one"]
    assert actions["size_normal"].isChecked()
    assert heard[-1] == "Normal size"


def test_the_menu_has_the_fonts_of_the_document_each_shown_in_itself(desk: Desk):
    draft = desk.new()
    editor, actions = draft.editor, draft.window.actions_
    with editor.draft.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one", {"font": "R&D Sans"})
        edit.insert(3, "two", {"font": "serif"})
    (menu,) = [each for each in actions["font_serif"].associatedObjects() if isinstance(each, QMenu)]
    editor.set_caret(3, 0)
    draft.window.refresh_state()
    for _ in range(2):
        menu.aboutToShow.emit()
    (own,) = [each for each in menu.actions() if "R&&D" in each.text()]
    assert own.isChecked()
    assert own.font().family() == "R&D Sans"
    assert not actions["font_page"].isChecked()

    editor.set_caret(6, 3)
    own.trigger()
    assert marked(editor.draft) == [("onetwo", {"font": "R&D Sans"})]
    actions["font_serif"].trigger()
    assert marked(editor.draft)[1] == ("two", {"font": "serif"})
    actions["font_page"].trigger()
    assert marked(editor.draft)[1] == "two"
