"""EditMarks: what the marks of a body are told of one edit, so that they can be put right later.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from cowrite.core.crdt.text_structs import read_texts
from cowrite.core.crdt.undo_steps import clock
from cowrite.core.document.body import Body
from cowrite.core.marks.ai_marks import MOST_LOOKS, SHORT, Runs
from cowrite.core.marks.step_marks import StepMarks, noted
from cowrite.core.marks.turns import Turn
from cowrite.core.text.richtext import DELETION, INSERTION, MARK, Attributes, Span


class EditMarks:
    """What is noted of the steps of one edit.

    Args:
        body: what is edited.

    Attributes:
        written: the text that was put in, in the order in which the shared text got it.
    """

    __slots__ = ("_body", "_has_marks", "_has_suggestions", "_looks", "written")

    def __init__(self, body: Body) -> None:
        self._body = body
        self.written: list[Span] = []
        self._looks = MOST_LOOKS  # to find one place takes the longer the more places there are
        self._has_marks = False  # a step has put in text with a mark
        self._has_suggestions = False  # one has put in text that is suggested

    def comes(self, left: Attributes, attributes: Attributes) -> None:
        """Text is about to be inserted.

        Args:
            left: the attributes of what it comes to stand behind.
            attributes: its own.
        """
        if self._body.suggested.comes(attributes):
            self._has_suggestions = True
        if MARK in attributes:
            self._has_marks = self._body.marks.are_there = True
        if MARK in left:
            self._body.marks.typed(left, attributes)
        if INSERTION in left or DELETION in left:
            self._body.suggested.deeds.types(left, attributes)

    def goes(self, at: int, length: int, runs: Runs) -> None:
        """A range is about to be deleted (UTF-16 units).

        Args:
            at, length: where it stands, and how long it is.
            runs: see `Body.runs`.
        """
        body = self._body
        for marks, names in ((body.marks, {MARK}), (body.suggested.returned, {INSERTION, DELETION})):
            if self._looks and marks.are_there and (length <= SHORT or self._touches(names, at, length)):
                spans = list(body.rope.spans(at, at + length))
                self._looks -= marks.deletes(at, spans, runs, self._looks)

    def sets(self, at: int, length: int, name: str, id: str | None) -> None:
        """The mark of a suggested change is about to be set, or taken away; see `Edit.set_suggested`."""
        body = self._body
        behind = body.rope.attributes_at(at + length).get(name)
        with body.steady():
            self._looks -= body.suggested.sets(
                at, length, name, id, behind=behind, runs=body.runs, spans=body.rope.spans, most=self._looks
            )

    def noted(self, turns: Sequence[Turn], gone: Iterable[Span]) -> StepMarks:
        """What undo needs to know of what it is about to do to marks; see `BodySteps.note_more`.

        Args:
            turns: what becomes of those of text that stays.
            gone: the text that is taken out, from left to right.
        """
        body = self._body
        if len(turns) > self._looks:
            return StepMarks(None, tuple(gone))
        with body.steady():
            return noted(turns, gone, body.runs, body.rope.spans)

    def strikes(self, id: str, marks: StepMarks) -> None:
        """Text is about to be suggested to go.

        Args:
            id: of the change.
            marks: what is `noted` of it.
        """
        self._body.suggested.strikes(id, marks.stayed, clock(self._body.text.doc))

    def rejects(self, marks: StepMarks) -> None:
        """It is about to be rejected that text goes.

        Args:
            marks: what is `noted` of that.
        """
        self._body.suggested.rejects(marks.stayed or ())

    @staticmethod
    def wrote(body: Body, update: bytes, told: Sequence[EditMarks]) -> None:
        """A transaction is over.

        Args:
            body: what was edited.
            update: that of the transaction.
            told: what was noted of each of its edits, in their order.
        """
        has_marks, has_suggestions = any(each._has_marks for each in told), any(each._has_suggestions for each in told)
        if has_marks or has_suggestions:
            structs, written = read_texts(update).structs, [span for each in told for span in each.written]
            if has_marks:
                body.marks.wrote(structs, written)
            if has_suggestions:
                body.suggested.returned.wrote(structs, written)

    def _touches(self, marks: Set[str], at: int, length: int) -> bool:
        """Whether a range has one of some marks somewhere, or stands beside one."""
        rope = self._body.rope
        beside = rope.attributes_before(at), rope.attributes_at(at + length)
        within = (span.attributes for span in rope.spans(at, at + length))
        return not all(marks.isdisjoint(each) for each in (*beside, *within))
