"""Long texts: they are shown from their beginning, and laid out as far as they are seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication

from cowrite.app.paper.paper import laid_out as laid_out_on_paper
from cowrite.bridge.page.long_words import LONG
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import named
from cowrite.gui.page.others import RemoteCaret
from helpers.colours import colours
from helpers.seats import CTRL, Seat

LINES = 5000


def long_document() -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "".join(f"{number} words of a line\n" for number in range(LINES)))
    return document


def laid_out(seat: Seat) -> int:
    """How many lines of a page have been laid out."""
    text, count = seat.editor.document(), 0
    block = text.begin()
    while block.isValid():
        count += block.layout().lineCount() > 0
        block = block.next()
    return count


def full_height(sit_at, qtbot) -> int:
    """Where the scroll bar of a page ends on which nobody has written."""
    seat = sit_at(long_document())
    seat.press(Qt.Key.Key_End, CTRL)
    qtbot.waitUntil(lambda: laid_out(seat) == LINES + 1)
    QApplication.processEvents()  # Qt tells of its size later
    return seat.editor.verticalScrollBar().maximum()


def test_a_long_text_is_opened_at_its_beginning_and_not_laid_out_to_its_end(sit_at):
    seat = sit_at(long_document())
    assert seat.editor.caret() == (0, 0)
    assert seat.editor.verticalScrollBar().value() == 0
    assert 20 < laid_out(seat) < LINES / 2


def test_a_long_text_that_arrives_on_an_empty_page_is_shown_likewise(sit_at, qtbot):
    seat = sit_at(MendedDocument(clock=lambda: 0))
    QApplication.processEvents()
    whole = long_document()
    seat.document.apply_remote(whole.state())
    assert seat.editor.caret() == (0, 0)
    assert 20 < laid_out(seat) < LINES / 2
    qtbot.waitUntil(lambda: seat.shown() == whole.text().removesuffix("\n"))


def test_who_writes_at_once_can_scroll_to_the_end_soon(sit_at, qtbot):
    height = full_height(sit_at, qtbot)
    seat = sit_at(long_document())
    seat.type("first")
    assert laid_out(seat) < LINES
    qtbot.waitUntil(lambda: laid_out(seat) == LINES + 1)
    assert seat.editor.verticalScrollBar().maximum() == height


def test_keys_that_write_nothing_have_nothing_laid_out_that_is_not_seen(sit_at):
    seat = sit_at(long_document())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Shift, Qt.Key.Key_Control):
        seat.press(key)
    QApplication.sendEvent(seat.editor, QInputMethodEvent())
    assert seat.editor.caret() > (1, 1)
    assert laid_out(seat) < LINES / 2


def test_a_page_that_a_teammate_writes_on_while_it_is_laid_out_can_be_scrolled_to_its_end(sit_at, qtbot):
    whole = long_document()
    seat = sit_at(MendedDocument(clock=lambda: 0))
    seat.document.apply_remote(whole.state())
    with whole.edit(Origin.LOCAL) as edit:
        edit.insert(0, "x")
    seat.document.apply_remote(whole.state())
    qtbot.waitUntil(lambda: laid_out(seat) == LINES + 1)
    assert seat.editor.verticalScrollBar().maximum() == full_height(sit_at, qtbot)


def test_a_page_that_is_dressed_anew_stays_where_it_is_scrolled_to(sit_at, qtbot):
    seat = sit_at(long_document())
    qtbot.waitUntil(lambda: laid_out(seat) == LINES + 1)
    bar = seat.editor.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    seat.editor.show_theme(named("dark"))
    assert bar.value() == before


def test_a_page_that_was_just_opened_can_be_scrolled_to_where_it_was(sit_at):
    seat = sit_at(long_document())
    seat.editor.scroll_to(90_000)
    assert seat.editor.verticalScrollBar().value() == 90_000


def test_where_a_teammate_writes_far_below_is_not_laid_out_until_it_is_seen(sit):
    seat = sit(*(f"line {number} " + 30 * "word " for number in range(100)))
    editor = seat.editor
    last = seat.document.length - 1
    editor.set_caret(0)
    editor.marks.show_carets([RemoteCaret("bo", "Bo", PEOPLE[0].light, last, last)])
    editor.resize(600, 500)
    editor.viewport().grab()
    assert not editor.document().lastBlock().layout().lineCount()
    editor.set_caret(last)
    assert PEOPLE[0].light in colours(editor.viewport().grab().toImage())


def breaks_words(text: QTextDocument) -> bool:
    """Whether lines end within words that would fit into the next one."""
    return text.defaultTextOption().wrapMode() == QTextOption.WrapMode.WrapAnywhere


def test_lines_break_anywhere_while_there_is_a_word_over_which_qt_would_take_minutes(sit_at):
    other, document = MendedDocument.new(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    document.apply_remote(other.state())
    seat = sit_at(document)
    text = seat.editor.document()
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(0, f"{'5 is ' * (LONG // 5)}\n{'漢' * LONG}\n{'x' * LONG}y\n")
    document.apply_remote(other.state())
    assert breaks_words(text)
    assert breaks_words(laid_out_on_paper(f"<p>{'x' * LONG}</p>"))
    with other.edit(Origin.LOCAL) as edit:
        edit.delete(2 * LONG + 2, 1)
    document.apply_remote(other.state())
    assert breaks_words(text)
    with other.edit(Origin.LOCAL) as edit:
        edit.delete(2 * LONG + 2, 1)
    document.apply_remote(other.state())
    assert not breaks_words(text)


def test_a_word_that_grows_too_long_letter_by_letter_is_broken_too(sit, qtbot):
    seat = sit("x" * (LONG - 2))
    for _ in range(4):
        seat.type("y")
    qtbot.waitUntil(lambda: breaks_words(seat.editor.document()))
    assert seat.document.length == LONG + 2 + seat.document.is_closed
