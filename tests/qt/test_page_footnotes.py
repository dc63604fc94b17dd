"""Footnotes on a page: counted, read, written and taken out, with keys and mouse."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QSizeF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from cowrite.core.document import Document
from cowrite.core.earlier import Earlier
from cowrite.core.footnotes import embed_of, footnotes_in, text_of
from cowrite.core.origin import Origin
from cowrite.core.richtext import DELETION, INSERTION, Span
from cowrite.core.typography import QUOTES
from cowrite.gui import footnote_words, page_footnotes
from cowrite.gui.actions import IN_FOOTNOTE
from cowrite.gui.earlier_page import EarlierPage
from cowrite.gui.editor import Editor
from cowrite.gui.footnote_signs import FootnoteObject
from cowrite.gui.line_dialog import LineDialog
from cowrite.gui.page_places import caret_rect
from cowrite.gui.theme import named
from helpers.desk import Desk, notices
from helpers.seats import CTRL, SHIFT, FakeImages, Seat, Teammate

Key = Qt.Key


@pytest.fixture
def seat(sit) -> Seat:
    """“one¹ two² three”, on a page."""
    seat = sit("one two three")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(7, embed_of([Span("See "), Span("Jones", {"italic": True})]))
        edit.insert_embed(3, embed_of([Span("See Smith")]))
    return seat


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


def notes(seat: Seat) -> list[str]:
    seat.document.settle()
    return [text_of(span.embed) for span in seat.document.spans() if span.embed is not None]


def write(seat: Seat, text: str) -> None:
    field = seat.editor.footnotes.field
    assert field is not None
    QTest.keyClicks(field.words, text)


def press(seat: Seat, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    field = seat.editor.footnotes.field
    assert field is not None
    QTest.keyClick(field.words, key, modifiers)


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


def test_quotes_in_a_footnote_are_set_as_in_print_once_that_is_chosen(sit):
    seat = sit("We plant herbs.")
    seat.editor.set_caret(8)
    seat.editor.footnotes.put_in()
    write(seat, '"a" ')
    seat.editor.use_quotes(QUOTES["de"])
    write(seat, '"')
    seat.editor.footnotes.field.words.insertPlainText("😀")
    write(seat, " -- 'geht's'... ")
    assert seat.editor.footnotes.field.words.toPlainText() == '"a" „😀 – ‚geht’s‘… '
    write(seat, '"')
    press(seat, Key.Key_Z, CTRL)
    assert seat.editor.footnotes.field.words.toPlainText() == '"a" „😀 – ‚geht’s‘… "'
    press(seat, Key.Key_Escape)
    seat.editor.footnotes.put_in()
    seat.editor.footnotes.field.words.toggle("code")
    write(seat, "'x' ")
    assert seat.editor.footnotes.field.words.toPlainText().endswith("'x' ")


def test_a_footnote_is_put_in_written_and_left_by_keys(sit):
    seat = sit("We plant herbs.")
    seat.document.begin_undo_step()
    seat.editor.set_caret(8)
    assert seat.editor.footnotes.put_in() == ""
    assert seat.document.text() == "We plant herbs.\n"
    write(seat, "See ")
    press(seat, Key.Key_I, CTRL)
    write(seat, "Smith")
    press(seat, Key.Key_Return, SHIFT)
    QApplication.clipboard().setText("p. 7")
    press(seat, Key.Key_V, CTRL | SHIFT)
    press(seat, Key.Key_Return)
    assert seat.editor.footnotes.field is None
    assert seat.editor.caret() == (9, 9)
    looks = {"italic": True}
    ((at, words),) = footnotes_in(seat.document.spans())
    assert at == 8
    assert words == (Span("See "), Span("Smith", looks), Span("\u2028p. 7"))
    seat.type("s")
    seat.document.settle()
    assert seat.document.text() == "We plant\ufffcs herbs.\n"
    seat.editor.undo_own()
    seat.editor.undo_own()
    assert seat.document.text() == "We plant herbs.\n"
    seat.editor.redo_own()
    assert notes(seat) == ["See Smith p. 7"]


def test_the_same_key_leads_to_the_footnote_at_the_caret_and_back(seat):
    seat.editor.set_caret(4)
    seat.editor.footnotes.put_in()
    assert seat.editor.footnotes.field.words.accessibleName() == "Footnote 1"
    write(seat, ", p. 7")
    press(seat, Key.Key_Escape)
    assert notes(seat) == ["See Smith, p. 7", "See Jones"]
    assert seat.editor.caret() == (4, 4)
    seat.editor.footnotes.put_in()
    press(seat, Key.Key_A, CTRL)
    press(seat, Key.Key_Delete)
    press(seat, Key.Key_Escape)
    assert notes(seat) == ["See Jones"]
    assert seat.editor.caret() == (3, 3)


def test_keys_at_the_button_of_a_card_are_none_of_the_page_and_enter_presses_it(seat):
    seat.editor.footnotes.open(3)
    remove = seat.editor.footnotes.field.remove
    remove.setFocus()
    QTest.keyClicks(remove, "x")
    seat.document.settle()
    assert seat.document.text() == "one\ufffc two\ufffc three\n"
    QTest.keyClick(remove, Key.Key_Return)
    assert seat.document.text() == "one two\ufffc three\n"


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


def test_what_a_teammate_writes_in_an_open_footnote_comes_in_around_what_is_typed(seat):
    seat.editor.footnotes.open(3)
    seat.editor.show_theme(named("dark"), 2.0)
    seat.editor.footnotes.open(3)
    field = seat.editor.footnotes.field.words
    assert field.document().defaultFont().pointSizeF() == 2 * named("dark").typography.size
    field.moveCursor(field.textCursor().MoveOperation.End)
    write(seat, ", p. 7")
    mate = Teammate(seat)
    with mate._turn(), mate.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(3, embed_of([Span("Only see Smith")]))
        edit.delete(4, 1)
        edit.insert(0, "x")
    assert field.toPlainText() == "Only see Smith, p. 7"
    write(seat, "8")
    seat.editor.footnotes.close()
    assert notes(seat) == ["Only see Smith, p. 78", "See Jones"]


def test_undo_in_a_card_takes_back_what_was_typed_there_and_not_what_the_footnote_said(seat):
    seat.editor.footnotes.open(3)
    write(seat, ", 12")
    for _ in range(3):
        seat.editor.footnotes.field.words.undo()
    press(seat, Key.Key_Escape)
    assert notes(seat) == ["See Smith", "See Jones"]
    seat.editor.footnotes.open(3)
    with seat.document.edit(Origin.REMOTE) as edit:
        edit.insert_embed(3, embed_of([Span("See Smith, too")]))
        edit.delete(4, 1)
    seat.editor.footnotes.field.words.undo()
    press(seat, Key.Key_Escape)
    assert notes(seat) == ["See Smith, too", "See Jones"]


def test_a_card_is_open_with_the_keyboard_in_another_look_too(seat):
    seat.editor.footnotes.open(3)
    write(seat, ", 1")
    seat.editor.show_theme(named("dark"), 2.0)
    assert seat.editor.focusWidget() is seat.editor.footnotes.field.words
    write(seat, "2")
    press(seat, Key.Key_Escape)
    assert notes(seat) == ["See Smith, 12", "See Jones"]


def test_the_card_of_a_footnote_that_a_teammate_takes_out_closes(seat, leave_window):
    seat.editor.footnotes.open(3)
    leave_window()
    Teammate(seat).delete(2, 3)
    assert seat.editor.footnotes.field is None
    assert notes(seat) == ["See Jones"]
    assert seat.editor.window().focusWidget() is seat.editor


def test_a_footnote_is_opened_from_the_menu_where_it_has_moved_meanwhile_and_not_once_it_is_gone(desk: Desk):
    draft = desk.new()
    editor = draft.editor
    editor.edits.insert_spans([Span("one"), Span("\ufffc", embed=embed_of([Span("See Smith")])), Span(" two")])

    def open_after(change) -> None:
        editor.set_caret(editor.document().toPlainText().index("\ufffc"))
        menu = draft.window.context_menu()
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


def test_who_may_only_read_reads_what_a_footnote_says(seat):
    seat.editor.setReadOnly(True)
    seat.editor.footnotes.open(3)
    field = seat.editor.footnotes.field
    assert field.words.isReadOnly()
    assert not field.remove.isVisible()
    write(seat, "x")
    seat.editor.footnotes.close()
    assert notes(seat) == ["See Smith", "See Jones"]
    seat.editor.set_caret(0)
    seat.editor.footnotes.put_in()
    assert seat.editor.footnotes.field is None


@pytest.mark.parametrize("words", ["a\ufeffb", "a\rb", "a\u2029b", "a\x00\ufdd0"])
def test_a_footnote_that_is_only_looked_at_stays_as_it_is(sit, words):
    seat = sit("one two")
    with seat.document.edit(Origin.REMOTE) as edit:
        edit.insert_embed(3, {"footnote": [{"insert": words}]})
    seat.editor.footnotes.open(3)
    seat.editor.footnotes.close()
    assert [span.embed for span in seat.document.spans() if span.embed] == [{"footnote": [{"insert": words}]}]
    seat.editor.footnotes.open(3)
    write(seat, "!")
    seat.editor.footnotes.close()
    assert notes(seat)[0].endswith("!")


def test_the_card_of_a_long_footnote_is_all_within_a_small_page(sit):
    seat = sit("word " * 200)
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(300, embed_of([Span("many words " * 80)]))
    seat.editor.resize(240, 200)
    seat.editor.footnotes.open(300)
    assert seat.editor.viewport().rect().contains(seat.editor.footnotes.field.geometry())


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
    next(each for each in window.context_menu().actions() if each.text() == "Open foot&note").trigger()
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
    document = Document.new(clock=lambda: 0)
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


def test_commands_act_in_the_card_that_is_open_and_those_for_the_page_are_off(desk: Desk):
    draft = desk.new()
    window, editor = draft.window, draft.editor
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant herbs.")
        edit.insert_embed(8, embed_of([Span("See Smith")]))
    editor.grab()
    editor.footnotes.open(8)
    actions, words = window.actions_, editor.footnotes.field.words

    def do(*names: str) -> None:
        for name in names:
            actions[name].trigger()

    off = ("heading_1", "image", "lines_up", "bullet_list", "row_above", "text_color", "rewrite_shorter")
    assert not any(actions[name].isEnabled() for name in off)
    assert all(IN_FOOTNOTE in actions[name].toolTip() for name in off)
    assert IN_FOOTNOTE in window.toolbar._style.toolTip()
    assert not window.toolbar._style.isEnabled()
    for key in (Key.Key_1, Key.Key_I):
        QTest.keyClick(words, key, CTRL | Qt.KeyboardModifier.AltModifier)  # Qt would type the letter
    assert words.toPlainText() == "See Smith"
    do("select_all", "superscript", "copy_markdown")
    assert QApplication.clipboard().text() == "<sup>See Smith</sup>\n"
    assert words.words == (Span("See Smith", {"script": "super"}),)
    do("copy_look", "clear_format")
    assert words.words == (Span("See Smith"),)
    do("paste_look")
    assert words.words == (Span("See Smith", {"script": "super"}),)
    do("undo", "redo", "select_all", "clear_format")
    QApplication.clipboard().setText("https://example.org/")
    do("link")
    (asked,) = window.findChildren(LineDialog)
    asked.give.click()
    QCoreApplication.sendPostedEvents(asked, QEvent.Type.DeferredDelete)
    assert words.words == (Span("See Smith", {"link": "https://example.org/"}),)
    words.moveCursor(words.textCursor().MoveOperation.End)
    do("link")
    (asked,) = window.findChildren(LineDialog)
    assert asked.line.text() == "https://example.org/"
    asked.take.click()
    do("paste")
    assert words.words == (Span("See Smith"), Span("https://example.org/", {"link": "https://example.org/"}))
    QApplication.clipboard().setText("\x00 p.\x01 4")
    do("paste_plain")
    assert words.words[-1] == Span(" p. 4")  # without what no format carries
    do("undo")
    assert notices(draft) == ""
    with_picture = QMimeData()
    with_picture.setHtml('<p>p. 5 <img src="data:image/png;base64,iVBORw0KGgo=" width="90"></p>')
    words.insertFromMimeData(with_picture)
    assert "a footnote holds only words" in notices(draft)
    do("undo")
    do("footnote")
    assert editor.footnotes.field is None
    assert draft.document.text() == "We plant\ufffc herbs.\n"
    assert [text_of(span.embed) for span in draft.document.spans() if span.embed] == ["See Smithhttps://example.org/"]
    assert actions["heading_1"].isEnabled()
    assert IN_FOOTNOTE not in actions["heading_1"].toolTip() + window.toolbar._style.toolTip()
    do("heading_1")
    assert draft.document.text() == "We plant\ufffc herbs.\n"


def test_a_long_footnote_is_shown_without_looking_at_each_of_its_letters(sit, monkeypatch):
    monkeypatch.setattr(footnote_words, "letters_of", None)
    seat = sit("one")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(3, embed_of([Span("See "), Span("Smith", {"bold": True})]))
    seat.editor.footnotes.open(3)
    assert seat.editor.footnotes.field.words.words == (Span("See "), Span("Smith", {"bold": True}))
