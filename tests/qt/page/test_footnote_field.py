"""The card of a footnote: opened, written, undone and closed with keys, while teammates write too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.core.text.footnotes import embed_of, footnotes_in, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Span
from cowrite.core.writing.typography import QUOTES
from cowrite.gui.commands.actions import IN_FOOTNOTE
from cowrite.gui.look.theme import named
from cowrite.gui.page import clipboard, footnote_words
from cowrite.gui.page.footnote_field import GONE
from cowrite.gui.widgets.line_dialog import LineDialog
from helpers.desk import Desk, notices, texts
from helpers.footnote_seat import notes, press, with_footnotes, write
from helpers.seats import CTRL, SHIFT, Seat, Teammate

Key = Qt.Key


@pytest.fixture
def seat(sit) -> Seat:
    return with_footnotes(sit)


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
    seat.document.steps.begin()
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


@pytest.mark.parametrize("goes_on", [True, False])
def test_who_writes_in_a_footnote_that_a_teammate_takes_out_goes_on_there_and_not_on_the_page(seat, heard, goes_on):
    seat.editor.resize(300, 400)
    seat.editor.footnotes.open(3)
    write(seat, ", 1")
    seat.editor.footnotes.write()
    text = seat.document.text()
    Teammate(seat).delete(2, 3)
    field = seat.editor.footnotes.field
    assert GONE in texts(field)
    assert heard == [GONE]
    assert field.minimumSizeHint().width() < field.width() < 300
    assert seat.editor.window().focusWidget() is field.words
    if goes_on:
        write(seat, "2")
        seat.editor.footnotes.write()
        assert GONE not in texts(seat.editor.footnotes.field)
    press(seat, Key.Key_Escape)
    assert notes(seat) == (["See Smith, 12", "See Jones"] if goes_on else ["See Jones"])
    assert seat.document.text() == text[:2] + text[3:4] * goes_on + text[5:]
    assert seat.editor.window().focusWidget() is seat.editor


@pytest.mark.parametrize("is_new", [True, False])
def test_who_writes_in_a_footnote_that_a_teammate_takes_out_and_brings_back_goes_on_in_it(sit, is_new):
    seat = sit("one two") if is_new else with_footnotes(sit)
    seat.editor.set_caret(3)
    seat.editor.footnotes.put_in()
    write(seat, ", 1")
    seat.editor.footnotes.write()
    text, mate = seat.document.text(), Teammate(seat)
    mate.delete(3, 1)
    mate.undo()
    assert GONE not in texts(seat.editor.footnotes.field)
    write(seat, "2")
    press(seat, Key.Key_Escape)
    assert notes(seat) == ([", 12"] if is_new else ["See Smith, 12", "See Jones"])
    assert seat.document.text() == text


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
    with_note = [Span("p. 6"), Span(EMBED_CHARACTER, embed=embed_of([Span("See Jones")]))]
    for data in (files_mime(__file__), clipboard.mime_of(with_note, lambda _name: None)):
        window.notices.remove("missed")
        words.insertFromMimeData(data)
        assert "footnotes and decisions in what you pasted are left out" in notices(draft)
    do("undo")
    assert words.words[-1] == Span("https://example.org/", {"link": "https://example.org/"})
    do("footnote")
    assert editor.footnotes.field is None
    assert draft.document.text() == "We plant\ufffc herbs.\n"
    assert [text_of(span.embed) for span in draft.document.spans() if span.embed] == ["See Smithhttps://example.org/"]
    assert actions["heading_1"].isEnabled()
    assert IN_FOOTNOTE not in actions["heading_1"].toolTip() + window.toolbar._style.toolTip()
    do("heading_1")
    assert draft.document.text() == "We plant\ufffc herbs.\n"


def files_mime(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def test_what_is_too_long_for_a_footnote_is_not_pasted_there_and_that_is_said(desk: Desk):
    draft = desk.new()
    draft.editor.footnotes.put_in()
    words = draft.editor.footnotes.field.words
    most = footnote_words.LONGEST_NOTE
    QTest.keyClicks(words, "See ")
    text, html, fits = QMimeData(), QMimeData(), QMimeData()
    text.setText("n" * most)
    html.setHtml("<p>word " * footnote_words.MOST_SOURCE)
    fits.setHtml(f"<b>Smith</b><img src='data:image/png;base64,{'A' * 2 * footnote_words.MOST_SOURCE}'>")
    for data in (text, html):
        draft.window.notices.remove("pasted")
        words.insertFromMimeData(data)
        assert "A footnote takes at most 50,000 characters" in notices(draft)
    draft.window.notices.remove("pasted")
    QApplication.clipboard().setText("n" * most)
    QTest.keyClick(words, Key.Key_V, CTRL | SHIFT)
    assert "A footnote takes at most 50,000 characters" in notices(draft)
    assert words.toPlainText() == "See "
    words.insertFromMimeData(fits)
    assert words.toPlainText() == "See Smith"


def test_a_long_footnote_is_shown_without_looking_at_each_of_its_letters(sit, monkeypatch):
    monkeypatch.setattr(footnote_words, "letters_of", None)
    seat = sit("one")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert_embed(3, embed_of([Span("See "), Span("Smith", {"bold": True})]))
    seat.editor.footnotes.open(3)
    assert seat.editor.footnotes.field.words.words == (Span("See "), Span("Smith", {"bold": True}))
