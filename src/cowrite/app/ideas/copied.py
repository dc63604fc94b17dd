"""What copying in the list of ideas offers, and what a pasted list is.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData

from cowrite.app.ideas.lists import pasted
from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.list import ListedNote, to_markdown_list
from cowrite.convert.notes.marked_list import marked_list
from cowrite.core.board.items import Hand, all_below, right_below
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.gui.board.clipboard import hand_of, model_notes, put_notes
from cowrite.gui.page.clipboard import model_lines, new_mime, put_own
from cowrite.sync.blob import Blob


def offered(brainstorm: Brainstorm, ids: Sequence[str], original: Callable[[str], Blob | None]) -> QMimeData | None:
    """Notes as a Markdown list, in the forms for a board and, where the assistant wrote any, for a draft beside it;
    None where there is nothing of them that everybody has.

    Args:
        brainstorm: has the notes.
        ids: of the notes.
        original: gives the file of an image, or None while it is not here.
    """
    words = to_markdown_list(listed(brainstorm, ids))
    if not words:
        return None
    every = brainstorm.visibility.published(merged=True)
    chosen, below = [note for note in every if note.id in set(ids)], right_below(every)
    within = {each.id: each for note in chosen for each in all_below(note.id, below)}
    notes = [note for note in chosen if note.id not in within]
    held, named = {note.id for note in notes}, {note.group for note in notes}
    data = new_mime()
    data.setText(words)
    put_notes(
        *(data, notes, [link for link in brainstorm.board.links() if {link.start, link.end} <= held], ()),
        [group for group in brainstorm.board.groups() if group.id in named],
        {note.image: original(note.image) for note in notes if note.image},
    )
    if any(note.hand is not Hand.PERSON for note in (*notes, *within.values())):
        spans = marked_list(words, (*notes, *within.values()))
        put_own(data, spans, brainstorm.document.assists.of(spans))
    return data


def taken(text: str, data: QMimeData | None) -> list[ListedNote]:
    """The notes of a list that is pasted; of those that the assistant wrote it is known.

    Args:
        text: the list.
        data: what else the clipboard holds.

    Raises:
        NotNotes: see `lists.pasted`.
    """
    lines, copied = model_lines(data), model_notes(data)

    def whose(note: ListedNote) -> ListedNote:
        if (before := copied.get(" ".join(note.text.split()))) is not None and note.hand in (Hand.PERSON, before.hand):
            return replace(note, hand=before.hand, model_text=before.model_text)
        if note.hand is not Hand.PERSON:
            return note
        hand, model_text = hand_of(note.text, lines)
        return replace(note, hand=hand, model_text=model_text)

    return [replace(whose(note), stands_for=tuple(map(whose, note.stands_for))) for note in pasted(text)]
