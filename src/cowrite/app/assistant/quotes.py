"""Quotes: where what the model quotes stands, in the draft, among its notes and comments, or in a pasted text.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.gui.assistant.values import Source
from cowrite.gui.window.views import DRAFT

if TYPE_CHECKING:
    from cowrite.app.assistant.work import Work
    from cowrite.app.draft.draft import Draft
    from cowrite.gui.assistant.source_field import SourceField

NOT_PASTED = "The pasted text was changed: this passage stands in it no more."


def go_to_quote(draft: Draft, pasted: SourceField, work: Work, quote: int) -> None:
    """Brings the person to where a quote stands now. Where it stands in the draft no more, nothing happens.

    Args:
        draft: beside which the model was asked.
        pasted: the field with the text that was pasted to ask about it; where the quote stands there no more, it is
            said.
        work: what has the quote.
        quote: its number there.
    """
    from cowrite.app.assistant.decisions import DecidingWork

    if work.source is Source.NOTES:
        draft.brainstorming.go_to(work.part_of(quote))
    elif work.source is Source.THREAD:
        draft.comments.flow.go_to(work.part_of(quote))
    elif isinstance(work, DecidingWork) and work.source is Source.PASTED:
        place = work.place_in(pasted.text(), quote)
        if place is not None:
            pasted.select(*place)
        else:
            draft.say("pasted", "information", NOT_PASTED)
    elif (span := work.place_of(quote)) is not None:
        draft.window.views.show_view(DRAFT)
        draft.editor.set_caret(span[1], span[0])
        draft.editor.setFocus()
