"""From one place to fill in to the next.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.core.text.blanks import next_blank
from cowrite.gui.page.editor import Editor


def go_to_blank(editor: Editor, at: int) -> bool:
    """Selects the first blank from a position on, or else the first of all, so that typing replaces it.

    Args:
        editor: in whose text.
        at: the position, in UTF-16 units.

    Returns:
        Whether there is one.
    """
    place = next_blank(editor.draft.spans(), at)
    if place is not None:
        start, stop = place
        editor.set_caret(stop, start)
        editor.setFocus()
    return place is not None
