"""Changes that are suggested at a desk, by the person there."""

from __future__ import annotations

from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.changes.row import ChangeRow


def suggest(draft: Draft, goes: str, comes: str = "", *, before: str = "") -> None:
    """Suggests words in the place of others, or before others, and edits again."""
    draft.window.actions_["suggest_changes"].setChecked(True)
    text = draft.document.text()
    at = utf16_length(text[: text.index(goes or before)])
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(at, utf16_length(goes))
        if comes:
            edit.insert(at, comes)
    draft.window.actions_["suggest_changes"].setChecked(False)


def overwrite(draft: Draft, words: str, others: str) -> None:
    """Writes over words, key by key."""
    start = draft.document.text().index(words)
    draft.editor.set_caret(start + len(words), start)
    QTest.keyClicks(draft.editor, others)
    draft.document.settle()


def rows(draft: Draft) -> list[ChangeRow]:
    draft.window.actions_["show_changes"].setChecked(True)
    draft.changes.flow.refresh()
    assert draft.window.panels.changes is not None
    return list(draft.window.panels.changes.rows)
