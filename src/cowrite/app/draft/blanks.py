"""From one place to fill in to the next.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.app.draft.draft import Draft
from cowrite.core.text.blanks import next_blank


def go_to_blank(draft: Draft, at: int) -> bool:
    """Selects the first blank from a position on, or else the first of all, so that typing replaces it.

    Args:
        draft: in whose text.
        at: the position, in UTF-16 units.

    Returns:
        Whether there is one.
    """
    place = next_blank(draft.document.spans(), at)
    if place is not None:
        start, stop = place
        draft.editor.set_caret(stop, start)
        draft.editor.setFocus()
    return place is not None
