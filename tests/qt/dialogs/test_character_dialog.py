"""Characters that the keyboard does not have, found by name and put in where one writes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.gui.dialogs.character_dialog import CharacterDialog
from helpers.desk import Desk, write


def asked(draft) -> CharacterDialog:
    draft.window.actions_["character"].trigger()
    return draft.window.findChildren(CharacterDialog)[-1]


def test_a_character_is_found_by_its_name_and_typed_as_a_letter_would_be(desk: Desk) -> None:
    draft = desk.new()
    write(draft, "ab")
    draft.editor.set_caret(2, 1)
    draft.window.actions_["bold"].trigger()
    dialog = asked(draft)
    QTest.keyClicks(dialog.search, "arrow left")
    assert dialog.list.currentItem().text() == "←"
    assert dialog.message.text().endswith("leftwards arrow, U+2190")
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Up)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert draft.document.text() == "a←\n"
    assert [(span.text, dict(span.attributes)) for span in draft.document.spans()][1] == ("←", {"bold": True})
    draft.editor.undo_own()
    assert draft.document.text() == "ab\n"
    assert asked(draft).list.item(0).text() == "←"  # as it was used last


def test_a_character_goes_into_the_footnote_that_is_open_and_nowhere_where_none_is_found(desk: Desk) -> None:
    draft = desk.new()
    write(draft, "ab")
    draft.window.actions_["footnote"].trigger()
    words = draft.editor.footnotes.field.words
    dialog = asked(draft)
    QTest.keyClicks(dialog.search, "no such sign")
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not dialog.give.isEnabled()
    dialog.search.clear()
    QTest.keyClick(dialog.search, Qt.Key.Key_Right)
    second = dialog.list.currentItem().text()
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert words.toPlainText() == second == "—"
    assert second not in draft.document.text()


def test_a_character_that_cannot_be_seen_is_found_by_its_name_and_shown_by_a_short_one(desk: Desk) -> None:
    signs = {
        "nbsp": ("NBSP", "\u00a0"),
        "non-breaking space": ("NBSP", "\u00a0"),
        "narrow no-break": ("NNBSP", "\u202f"),
        "soft hyphen": ("SHY", "\u00ad"),
        "zero width joiner": ("ZWJ", "\u200d"),
        "U+200B": ("ZWSP", "\u200b"),
    }
    draft = desk.new()
    found = {}
    for words in signs:
        before = draft.document.text().removesuffix("\n")
        dialog = asked(draft)
        dialog.search.setText(words)
        shown = dialog.list.currentItem().text()
        QTest.keyClick(dialog.search, Qt.Key.Key_Return)
        found[words] = (shown, draft.document.text().removesuffix("\n").removeprefix(before))
    assert found == signs
