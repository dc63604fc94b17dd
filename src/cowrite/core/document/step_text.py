"""StepText: what undo has to know of the text that a step has to do with, as it is now.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.undo_steps import TextIn
from cowrite.core.document.editing import Edits
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.text.richtext import INSERTION, Utf16
from cowrite.core.text.rope import Rope


class StepText:
    """The text of one document's body, as its steps ask for it.

    Args:
        client: the document's client id.
        rope: the body's text.
        anchors: the body's.
        edits: know who suggests.
    """

    def __init__(self, client: int, rope: Rope, anchors: Anchors, edits: Edits) -> None:
        self._client = client
        self._rope = rope
        self._anchors = anchors
        self._edits = edits

    def newest_of(self, client: int, units: range) -> Iterable[tuple[int, range]]:
        """By which ids units go after undo has brought them back, see `Redone.newest_of`."""
        return self._anchors.redone.newest_of(client, units)

    def place_of(self, id: Id) -> Utf16 | None:
        """Where a unit lies now, or lay when it was deleted; None where it has not arrived."""
        return self._anchors.resolve(Anchor(id, Stick.RIGHT))

    def is_brought_back(self, id: Id) -> bool:
        """Whether somebody's undo seems to have brought a unit back that this replica has not written."""
        source = self._anchors.source_of(id)
        return source is not None and source.client != self._client

    def are_there(self, marks: StepMarks) -> bool:
        """Whether what a step has turned still has the marks that it gave it, some of it at least."""
        anchors, spans = self._anchors, self._rope.spans
        return marks.are_there(marks.followed(anchors.place_of, spans(), anchors.runs, anchors.source_of), spans)

    def text_in(self) -> TextIn | None:
        """For who may only suggest, which units are text, and which of that nobody suggests any more: nobody lets them
        take it out. None for who may edit."""
        suggester = self._edits.suggester
        if suggester is None or suggester.may_edit:
            return None
        place, attributes_at = self._anchors.places(), self._rope.attributes_at

        def text_in(units: range) -> Iterator[tuple[range, bool]]:
            for block in self._anchors.blocks.back_from(Id(self._client, units.stop - 1)):
                part = range(max(units.start, block.clock), min(units.stop, block.clock + block.length))
                if not part:
                    break
                at = place(Id(self._client, part.start))  # what one block holds is there, and marked, as a whole
                if at is not None:
                    yield part, INSERTION not in attributes_at(at)

        return text_in
