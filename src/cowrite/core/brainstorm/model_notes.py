"""Notes of the model on a board: put there with the record of where they came from, in one act.

Runs on the document's thread. They are on the board as the model's (`Hand.MODEL`) until a person adopts or removes
them; until then they are in no ballot.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.origin import Origin

COLOUR = "grey"


def is_silent(brainstorm: Brainstorm) -> bool:
    """Whether people work alone, and the model stays out."""
    session = brainstorm.session
    return session is not None and session.defaults.is_silent


def put_model_notes(
    brainstorm: Brainstorm, ideas: Sequence[tuple[str, str]], record: AssistRecord, builds_on: Sequence[str] = ()
) -> list[str]:
    """Puts ideas on the board as the model's; gives their ids.

    Args:
        brainstorm: of the document.
        ideas: text and lens of each.
        record: of the use; kept with the notes.
        builds_on: ids of the notes that they came from.
    """
    session = brainstorm.session
    places: list[Place] = Ideas(brainstorm).places(len(ideas))
    notes = [
        Note(
            "",
            text,
            place,
            COLOUR,
            builds_on=tuple(builds_on),
            hand=Hand.MODEL,
            assist=record.id,
            lens=lens,
            model_text=text,
            session=session.id if session else "",
            phase=session.phase if session else "",
        )
        for (text, lens), place in zip(ideas, places, strict=True)
    ]
    with brainstorm.document.transaction(Origin.ASSIST):
        brainstorm.document.assists.keep([record])
        return brainstorm.board.add(notes, Origin.ASSIST)
