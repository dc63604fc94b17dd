"""Comments go with words that are moved, and are there again for everybody when words come back."""

from __future__ import annotations

from random import SystemRandom

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.app.comments import carried as carried_comments
from cowrite.app.draft.draft import Draft
from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, utf16_length
from cowrite.gui.page.clipboard import COMMENTED_TYPE, Commented, new_mime
from helpers.commenting import TEXT, by_bo, marks, press, select
from helpers.copies import copy_of
from helpers.counting import counted


def for_bo(draft: Draft, id: str) -> str | None:
    """The words on which a teammate sees a thread; None where they are gone."""
    peer = copy_of(draft.document)
    placed = Comments(peer, chance=SystemRandom(), clock=lambda: 5).get(id)
    return None if placed.place is None else peer.rope.text(*placed.place)


def test_a_comment_goes_with_text_that_is_cut_and_pasted_elsewhere_and_back_with_undo(desk, draft):
    id, other = by_bo(draft, "👍 herbs"), by_bo(draft, "Basil")
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["👍 herbs", "Basil"])
    draft.document.steps.begin()
    select(draft, "plant 👍 herbs.")
    press(draft.editor, "Ctrl+X")
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["Basil"])
    draft.editor.set_caret(draft.document.text().index("and"))
    press(draft.editor, "Ctrl+V")
    assert draft.document.text() == "We \nBasil plant 👍 herbs.and thyme.\n\n"
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["Basil", "👍 herbs"])
    assert (for_bo(draft, id), for_bo(draft, other)) == ("👍 herbs", "Basil")
    press(draft.editor, "Ctrl+V")
    assert draft.document.text().count("herbs") == 2
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["Basil", "👍 herbs"])
    for _ in range(3):
        draft.editor.undo_own()
    assert draft.document.text() == f"{TEXT}\n"
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["👍 herbs", "Basil"])
    desk.until(lambda: for_bo(draft, id) == "👍 herbs")


def test_a_comment_stays_with_the_original_of_text_that_is_copied(desk, draft):
    id = by_bo(draft, "thyme")
    select(draft, "Basil and thyme")
    press(draft.editor, "Ctrl+C")
    draft.editor.set_caret(0)
    press(draft.editor, "Ctrl+V")
    assert draft.document.text().count("thyme") == 2
    assert draft.comments.flow.comments.get(id).place[0] == draft.document.text().rindex("thyme") + 1


def test_text_with_many_comments_is_read_once_to_be_copied(desk, draft, monkeypatch):
    passages = [(by_bo(draft, words), words) for words in ("We", "👍", "herbs", "Basil", "and", "thyme")]
    desk.until(lambda: len(marks(draft, draft.window.theme.comment)) == len(passages))
    calls = counted(monkeypatch, Document, "spans")
    found = draft.editor.comments.commented(0, draft.document.length)
    assert found == [Commented(id, utf16_length(TEXT[: TEXT.index(words)]), words) for id, words in passages]
    read = [stop - start for _, start, stop in calls]
    assert sum(read) <= 2 * draft.document.length


def test_the_place_of_a_comment_on_a_word_that_stands_everywhere_is_found_in_one_look(desk, draft, monkeypatch):
    many = "👍 a b\n" * 300
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, many)
    id = by_bo(draft, "a")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(0, utf16_length(many))
        edit.insert(0, many)
    counted_words = counted(monkeypatch, carried_comments, "_in_units")
    comments = draft.comments.flow.comments
    draft.editor.comments.brought([Commented(id, 7 * 130 + 3, "a")], 0, utf16_length(many))
    assert comments.get(id).place == (913, 914)
    assert sum(len(text) for (text,) in counted_words) < 2 * len(many)
    counted_words.clear()
    draft.editor.comments.brought([Commented(id, 3, "a")], 0, utf16_length(many))
    assert comments.get(id).place == (913, 914)
    assert counted_words == []  # it stands on its words: what is pasted is a copy


def test_a_comment_on_words_that_somebody_deletes_and_brings_back_is_there_again_for_everybody(desk, draft):
    id = by_bo(draft, "thyme")
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["thyme"])
    draft.document.steps.begin()
    select(draft, "thyme")
    press(draft.editor, "Delete")
    desk.until(lambda: for_bo(draft, id) is None)
    draft.editor.undo_own()
    desk.until(lambda: for_bo(draft, id) == "thyme")
    assert not draft.comments.flow.comments._entries.steps.can_undo()


def test_a_comment_goes_with_text_that_is_dragged_within_the_page(desk, draft, monkeypatch):
    id = by_bo(draft, "plant")
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["plant"])
    select(draft, "We plant ")
    data = draft.editor.createMimeDataFromSelection()

    def as_qt_drops(editor: QTextEdit, event: QDropEvent) -> None:
        editor.textCursor().removeSelectedText()
        editor.moveCursor(QTextCursor.MoveOperation.End)
        editor.insertFromMimeData(event.mimeData())

    monkeypatch.setattr(QTextEdit, "dropEvent", as_qt_drops)
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    draft.editor.dropEvent(QDropEvent(QPointF(5, 5), move, data, left, Qt.KeyboardModifier.NoModifier))
    assert draft.document.text().startswith("👍 herbs")
    assert for_bo(draft, id) == "plant"


def test_what_another_program_says_of_comments_on_what_is_pasted_harms_nothing(desk, draft):
    by_bo(draft, "Basil")
    contents = (b"[[1]]", b"{", b'[["thread:1", "x", "thyme"]]', b'[["thread:1", 9999, "thyme"]]')
    for number, content in enumerate(contents):
        data = new_mime()
        data.setText(f"thyme{number} ")
        data.setData(COMMENTED_TYPE, content)
        draft.editor.set_caret(0)
        draft.editor.insertFromMimeData(data)
        assert draft.document.text().startswith(f"thyme{number} "), content
    assert draft.document.text().startswith("thyme3 thyme2 thyme1 thyme0 We plant")


def test_a_comment_goes_with_a_line_that_is_moved_and_back_with_undo(desk, draft):
    id, other = by_bo(draft, "👍 herbs"), by_bo(draft, "Basil")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.format(draft.document.text().index("erb"), 2, {DELETION: "gone"})  # what is suggested to go goes along
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["👍 herbs", "Basil"])
    draft.editor.set_caret(0)
    press(draft.editor, "Alt+Down")
    assert draft.document.text().startswith("Basil and thyme.\nWe plant")
    desk.until(lambda: (for_bo(draft, id), for_bo(draft, other)) == ("👍 herbs", "Basil"))
    press(draft.editor, "Ctrl+Z")
    assert draft.document.text() == f"{TEXT}\n"
    desk.until(lambda: (for_bo(draft, id), for_bo(draft, other)) == ("👍 herbs", "Basil"))


def test_comments_go_with_the_rows_of_a_table_that_is_sorted(desk, draft):
    draft.editor.set_caret(draft.document.length - 1)
    draft.editor.tables.insert(3, 1)
    first = draft.editor.caret()[0]
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(first + 2, "Bo")
        edit.insert(first + 1, "Al")
        edit.insert(first, "Coy")
        edit.format(first + 1, 1, {DELETION: "gone"})  # that is suggested to go goes along, within its comment
    ids = [by_bo(draft, name) for name in ("Coy", "Bo")]
    desk.until(lambda: "Bo" in marks(draft, draft.window.theme.comment))  # that of Coy is at the caret
    draft.editor.set_caret(first)
    draft.editor.tables.sort(descending=False)
    assert "\nAl\nBo\nCoy\n" in draft.document.text()
    assert [for_bo(draft, id) for id in ids] == ["Coy", "Bo"]
