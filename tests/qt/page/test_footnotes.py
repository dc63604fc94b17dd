"""Footnotes on a page: counted, read, found, copied and taken out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QSizeF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from cowrite.core.document.earlier import Earlier
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import embed_of, footnotes_in, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, Span
from cowrite.gui.history.earlier_page import EarlierPage
from cowrite.gui.look.theme import named
from cowrite.gui.page import footnotes as page_footnotes
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.footnote_signs import FootnoteObject
from cowrite.gui.page.places import caret_rect
from helpers.desk import Desk, notices
from helpers.footnote_seat import notes, press, with_footnotes, write
from helpers.seats import FakeImages, Seat, Teammate

Key = Qt.Key


@pytest.fixture
def seat(sit) -> Seat:
    return with_footnotes(sit)


def test_no_line_is_laid_out_while_qt_asks_how_large_the_first_footnote_is(seat, qtbot, monkeypatch) -> None:
    asked, most = 0, 0
    size = FootnoteObject.intrinsicSize

    def count(*of: Any) -> QSizeF:
        nonlocal asked, most
        asked += 1
        most = max(most, asked)
        try:
            return size(*of)
        finally:
            asked -= 1

    monkeypatch.setattr(FootnoteObject, "intrinsicSize", count)
    seat.editor.set_caret(seat.document.length - 1)
    QTest.keyClick(seat.editor, Key.Key_Return)
    page = Editor(seat.document, named("light"), FakeImages())
    qtbot.addWidget(page)
    page.resize(300, 400)
    page.show()
    page.grab()
    assert page.footnotes.numbers.places == [3, 8]
    assert most == 1


def sign(seat: Seat, at: int) -> QPoint:
    """The middle of a reference."""
    return (seat.place(at) + seat.place(at + 1)) / 2


def test_footnotes_are_counted_in_the_order_of_the_text_whatever_comes_and_goes(seat):
    numbers = seat.editor.footnotes.numbers
    seat.editor.grab()
    assert numbers.places == [3, 8]
    seat.editor.set_caret(0)
    seat.type("🙂 Zero ")
    seat.document.settle()
    mate = Teammate(seat)
    with mate._turn(), mate.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(2, embed_of([Span("First")]))
        edit.insert(0, "a\n")
    assert numbers.places == [at for at, _ in footnotes_in(seat.document.spans())] == [4, 14, 19]
    assert [seat.editor.footnotes.described(at)[:11] for at in numbers.places] == [
        "Footnote 1:",
        "Footnote 2:",
        "Footnote 3:",
    ]
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.delete(13, 3)
    assert numbers.places == [at for at, _ in footnotes_in(seat.document.spans())] == [4, 16]
    seat.document.undo()
    assert notes(seat) == ["First", "See Smith", "See Jones"]
    assert len(numbers.places) == 3


def test_a_tenth_footnote_takes_the_width_of_its_number(sit):
    seat = sit("x")
    with seat.document.edit(Origin.IMPORT) as edit:
        for at in range(9):
            edit.insert_embed(at, embed_of([Span("n")]))
    seat.editor.grab()
    before = seat.place(9).x() - seat.place(8).x()
    with seat.document.edit(Origin.REMOTE) as edit:
        edit.insert_embed(0, embed_of([Span("n")]))
    seat.editor.grab()
    assert seat.place(10).x() - seat.place(9).x() > before
    assert seat.place(9).x() - seat.place(8).x() == before


def test_a_click_opens_a_footnote_and_the_pointer_says_what_it_says(seat):
    view = seat.editor.viewport()
    seat.editor.grab()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, sign(seat, 8), view.mapToGlobal(sign(seat, 8))))
    assert "2  See Jones" in QToolTip.text()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=sign(seat, 8))
    assert seat.editor.footnotes.field.words.toPlainText() == "See Jones"
    QTest.mouseClick(seat.editor.footnotes.field.remove, Qt.MouseButton.LeftButton)
    assert notes(seat) == ["See Smith"]
    assert seat.editor.caret() == (8, 8)
    seat.document.undo()
    assert notes(seat) == ["See Smith", "See Jones"]


def test_a_footnote_is_opened_from_the_menu_where_it_has_moved_meanwhile_and_not_once_it_is_gone(desk: Desk):
    draft = desk.new()
    editor = draft.editor
    editor.edits.insert_spans([Span("one"), Span("\ufffc", embed=embed_of([Span("See Smith")])), Span(" two")])

    def open_after(change) -> None:
        editor.set_caret(editor.document().toPlainText().index("\ufffc"))
        menu = draft.window.page_menu.made()
        with draft.document.edit(Origin.REMOTE) as edit:
            change(edit)
        next(each for each in menu.actions() if each.text() == "Open foot&note").trigger()

    open_after(lambda edit: edit.insert(0, "now "))
    assert editor.footnotes.field.words.toPlainText() == "See Smith"
    editor.footnotes.close()
    open_after(lambda edit: edit.delete(7, 1))
    assert editor.footnotes.field is None
    assert draft.document.text() == "now one two\n"


def test_a_footnote_is_copied_and_cut_with_its_words(seat, sit):
    seat.editor.set_caret(4, 0)
    data = seat.editor.createMimeDataFromSelection()
    assert data.text() == "one[1]\n\n[1] See Smith"
    other = sit("")
    other.editor.insertFromMimeData(data)
    assert notes(other) == ["See Smith"]
    seat.editor.cut()
    assert notes(seat) == ["See Jones"]


def test_a_footnote_that_is_only_suggested_is_marked_and_one_that_is_changed_stays_beside(bo):
    seat, _ = bo("We plant herbs.")
    seat.editor.set_caret(8)
    seat.editor.footnotes.put_in()
    write(seat, "See Smith")
    seat.editor.footnotes.write()
    write(seat, ", p. 7")
    press(seat, Key.Key_Escape)
    (note,) = [span for span in seat.document.spans() if span.embed is not None]
    assert text_of(note.embed) == "See Smith, p. 7"
    assert INSERTION in note.attributes
    seat.document.suggester, suggester = None, seat.document.suggester
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(0, embed_of([Span("Old")]))
    seat.document.suggester = suggester
    seat.editor.footnotes.open(0)
    write(seat, "er")
    press(seat, Key.Key_Escape)
    signs = [(text_of(span.embed), set(span.attributes)) for span in seat.document.spans() if span.embed is not None]
    assert signs == [("Old", {DELETION}), ("Older", {INSERTION}), ("See Smith, p. 7", {INSERTION})]


def test_the_window_says_where_footnotes_are_found_counted_and_not_possible_and_keeps_what_is_typed(desk: Desk):
    draft = desk.new()
    window, editor = draft.window, draft.editor
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs.\ncode")
        edit.format_lines(18, 1, {"code-block": True})
        edit.insert_embed(8, embed_of([Span("The garden of Smith")]))
    editor.grab()
    window.words.begin()
    assert "without those of footnotes" in window.status._words.toolTip()
    editor.set_caret(19)
    window.actions_["footnote"].trigger()
    assert page_footnotes.NOT_IN_CODE in notices(draft)
    editor.set_caret(8)
    next(each for each in window.page_menu.made().actions() if each.text() == "Open foot&note").trigger()
    QTest.keyClicks(editor.footnotes.field.words, " and Son")
    QTest.keyClick(window.focusWidget(), Key.Key_Tab)
    assert window.focusWidget().accessibleName() == "Remove the footnote"
    QTest.keyClick(window.focusWidget(), Key.Key_Tab)
    assert window.focusWidget() is editor.footnotes.field.words
    window.actions_["strike"].trigger()
    QTest.keyClicks(editor.footnotes.field.words, "s")
    assert editor.footnotes.field.words.words[-1] == Span("s", {"strike": True})
    assert window.actions_["strike"].isChecked()
    QTest.keyClick(editor.footnotes.field.words, Key.Key_Backspace)
    draft.rename("Garden")
    path = draft.path
    assert window.close()
    again = desk.open(path)
    assert text_of(next(span.embed for span in again.document.spans() if span.embed)) == "The garden of Smith and Son"
    editor, window = again.editor, again.window
    editor.footnotes.open(8)
    QTest.keyClicks(editor.footnotes.field.words, "s")
    window.show_read_only("You may read this document")
    QTest.keyClicks(editor.footnotes.field.words, "x")
    assert editor.footnotes.field.words.toPlainText() == "The garden of Smith and Sons"
    assert text_of(next(span.embed for span in again.document.spans() if span.embed)) == "The garden of Smith and Sons"
    editor.footnotes.close()
    window.show_read_only("")
    window.actions_["find"].trigger()
    window.find_bar._find.setText("garden")
    assert sorted(editor.caret()) == [8, 9]
    window.actions_["replace"].trigger()
    window.find_bar.replace_all_requested.emit("yard")
    assert [text_of(span.embed) for span in again.document.spans() if span.embed] == ["The garden of Smith and Sons"]


def test_footnotes_are_counted_whatever_part_of_a_table_is_written_anew(seat):
    numbers, text = seat.editor.footnotes.numbers, seat.editor.document()
    seat.editor.grab()
    seat.editor.set_caret(5)
    picture, note = {"image": "sha256:0"}, embed_of([Span("See")])
    cells = [[Span("\ufffc", embed=picture), Span("🙂"), Span("\ufffc", embed=note)], [Span("\ufffc", embed=picture)]]
    seat.editor.edits.insert_spans([each for cell in cells for each in (*cell, Span("\n", {"table": "row-1"}))])
    places = [at for at, _ in footnotes_in(seat.document.spans())]
    assert numbers.places == places
    last = text.characterCount()
    for start, stop in itertools.combinations(range(last + 1), 2):
        text.contentsChange.emit(start, stop - start, stop - start)
        assert numbers.places == places


def test_an_earlier_moment_says_what_its_footnotes_say(qtbot):
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one two")
        edit.insert_embed(3, embed_of([Span("See <b>Smith</b>")]))
    page = EarlierPage(named("light"), 1.0, FakeImages())
    qtbot.addWidget(page)
    page.resize(500, 200)
    page.show_earlier(Earlier(document, ()), ())
    page.grab()
    at, view = caret_rect(page, 4).center(), page.viewport()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert "1  See &lt;b&gt;Smith&lt;/b&gt;" in QToolTip.text()
    page.selectAll()
    assert page.createMimeDataFromSelection().text() == "one[1] two\n\n[1] See <b>Smith</b>"
