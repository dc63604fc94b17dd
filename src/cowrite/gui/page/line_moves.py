"""LineMoves: moving the lines of a page that are selected up and down.

Runs on the GUI thread. Which lines, and past what, is in `core.writing.moving`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.document.document import Document
from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.places import shifted

if TYPE_CHECKING:
    from cowrite.gui.page.editor import Editor


class LineMoves:
    """Moves lines of one page, with the comments on them.

    Args:
        editor: the page.
        draft: its document.
    """

    def __init__(self, editor: Editor, draft: Document) -> None:
        self._editor = editor
        self._draft = draft

    def go(self, *, up: bool) -> None:
        """Moves the selected lines, or that of the caret, by one; what was selected still is."""
        editor = self._editor
        anchor, head = editor.caret()
        wanted = None if editor.isReadOnly() else possible(self._draft, min(anchor, head), max(anchor, head), up=up)
        if wanted is None:
            return
        start, stop = wanted.lines
        standing = editor.pasting.standing(start, min(stop, self._draft.length))
        self._draft.begin_undo_step()
        at = move(self._draft, wanted)
        self._draft.begin_undo_step()
        if standing:
            editor.pasting.moved({id: shifted(place, at - start) for id, place in standing.items()})
        editor.set_caret(head + at - start, anchor + at - start)
