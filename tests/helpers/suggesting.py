"""People who suggest changes of a document, and the text with their marks in it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, joined, plain_text
from cowrite.core.text.suggested_text import as_it_stands

if TYPE_CHECKING:
    from helpers.seats import Seat  # has Qt with it

BO = Author("Bo", "#2f5fd0", "b2")
ADA = Author("Ada", "#c4314b", "a1")


def changes_of(document: Document, name: str = "Bo", *, suggests: bool = True, now: int = 5) -> SuggestedChanges:
    """The suggested changes of a document as somebody sees them, who suggests from now on, or only decides."""
    changes = SuggestedChanges(document, lambda: Author(name, "", name), chance=Random(name), clock=lambda: now)
    if suggests:
        document.suggester = changes
    return changes


def write(document: Document, at: int, text: str) -> None:
    """A step in which somebody puts text in."""
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text)
    document.steps.begin()


def replace(document: Document, start: int, stop: int, text: str) -> None:
    """A step in which somebody puts text in the place of other text."""
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(start, stop - start)
        edit.insert(start, text)


def marked(document: Document) -> str:
    """The text with [-what goes-] and {+what comes+} marked, and without the break that closes it."""
    shown = ""
    for span in joined(document.spans()):
        text = span.text.replace("\n", "¶")
        text = f"{{+{text}+}}" if INSERTION in span.attributes else text
        shown += f"[-{text}-]" if DELETION in span.attributes else text
    return shown.removesuffix("¶")


def stands(document: Document) -> str:
    """The text while nothing is decided, without the break that closes it."""
    return plain_text(as_it_stands(document.spans())).removesuffix("\n")


def suggesting(seat: Seat, who: Author = BO) -> SuggestedChanges:
    """From now on what is done at this seat is suggested."""
    changes = SuggestedChanges(seat.document, lambda: who, chance=Random(who.id), clock=lambda: 5)
    seat.document.suggester = changes
    return changes


def accepted(seat: Seat, changes: SuggestedChanges) -> str:
    """What the text is when all is accepted; it is suggested again afterwards."""
    seat.document.settle()
    changes.accept([change.id for change in changes.all()])
    text = seat.document.text().removesuffix("\n")
    seat.editor.undo_own()
    return text


def decide(document: Document, decision: str) -> None:
    """An editor decides on all changes: "accept" or "reject"."""
    changes = changes_of(document, "Ada", suggests=False)
    getattr(changes, decision)([change.id for change in changes.all()])
