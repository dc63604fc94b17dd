"""Moving the lines of a page that are selected up and down.

Runs on the GUI thread. Which lines, and past what, is in `core.writing.moving`.
"""

from __future__ import annotations

from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.places import shifted
from cowrite.gui.page.editor import Editor


def move_lines(editor: Editor, *, up: bool) -> None:
    """Moves the selected lines of a page, or that of the caret, by one, with the comments on them; what was selected
    still is."""
    draft = editor.draft
    anchor, head = editor.caret()
    wanted = None if editor.isReadOnly() else possible(draft, *editor.selection(), up=up)
    if wanted is None:
        return
    start, stop = wanted.lines
    standing = editor.comments.standing(start, min(stop, draft.length))
    with draft.steps.apart():
        at = move(draft, wanted)
    if standing:
        editor.comments.moved({id: shifted(place, at - start) for id, place in standing.items()})
    editor.set_caret(head + at - start, anchor + at - start)
