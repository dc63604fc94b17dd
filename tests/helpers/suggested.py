"""Changes that are suggested at a desk, by the person there."""

from __future__ import annotations

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length


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
