"""Takeover: brings a body up to what a transaction has done to the shared text that is no own edit.

Runs on the document's thread. It is an undo, a redo, or what comes from others or from storage. What has come in and is
no text is taken out, and marks that went where they should not are put back: every copy of the document does so by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from typing import TYPE_CHECKING, Any

from pycrdt import Doc

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.text_units import placed
from cowrite.core.document.body import Body
from cowrite.core.document.body_steps import BodySteps
from cowrite.core.document.edit import Edit
from cowrite.core.document.step_looks import StepLooks
from cowrite.core.marks.ai_marks import MOST_LOOKS, Place, put_right, without_marks
from cowrite.core.marks.step_marks import MOST_TURNED, Passing, noted, returned
from cowrite.core.marks.turns import Turn, beside, joined_formats
from cowrite.core.text.offsets import InsideCharacter, OutsideText
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, MARK, TABLE, Format, Op, utf16_length
from cowrite.core.text.table import row_id
from cowrite_server.document.ranges import Ranges, add_ranges, deletion

if TYPE_CHECKING:
    from cowrite.core.document.prepared import Prepared

Transact = Callable[[Origin], AbstractContextManager[Any]]
"""Begins a transaction that has this origin."""

MOST_UNITS = 10_000
"""UTF-16 units of this person's suggestions by whose ids it is known what an undo takes out of them."""


class Takeover:
    """What one transaction does to a body: made before it, ended after it.

    Args:
        doc: the CRDT.
        body: its body.
        anchors: the body's.
        transact: begins another transaction.
        is_first: whether the body is empty: reading all of it takes a thirtieth of the time that its delta takes.
        prepared: what the transaction makes the empty body, where that was read before.
        undo: takes the step back or brings it back, where that is what the transaction does.
        mends: see `Document.mends`.
        may_edit: whether the person here may write all, and not only suggest.

    Attributes:
        passing: what text goes and comes, where it is an undo or redo.
    """

    def __init__(
        self,
        doc: Doc[Any],
        body: Body,
        anchors: Anchors,
        transact: Transact,
        *,
        is_first: bool,
        prepared: Prepared | None = None,
        undo: BodySteps | None,
        mends: bool,
        may_edit: bool,
    ) -> None:
        self._doc = doc
        self._body = body
        self._anchors = anchors
        self._transact = transact
        self._is_first = is_first
        self._prepared = prepared
        self._undo = undo
        self._mends = mends
        self._may_edit = may_edit
        self.passing = Passing() if undo is None else Passing(_ids_of_own(body), undo.looks)
        self._deltas: list[list[dict[str, Any]]] = []
        # It lives only as long as the transaction: pycrdt works out an event's delta by a walk over the whole text as
        # soon as anybody observes, and own edits need none. Not `Text.observe`: it looks at the callback's signature
        # each time, and works out all else of the event too.
        self._subscription = None if is_first or prepared else body.text.integrated.observe(self._keep)

    def end(self, origin: Origin, *, is_redo: bool = False) -> tuple[Op, ...]:
        """Takes over what the transaction has done.

        Args:
            origin: of the transaction.
            is_redo: whether it was a redo.

        Returns:
            The steps that change the body as it was into what it is.
        """
        if self._subscription is not None:
            self._subscription.drop()
        if self._undo is not None:
            self._body.passing = self.passing
            self.passing.watched = frozenset() if self._undo.outside is None else self._undo.outside.names
        ops = self._taken_over(origin)
        self._body.passing = None
        ops = self._without_new_cells(self._mended(ops, origin, is_redo=is_redo), is_redo=is_redo)
        if self._undo is None:
            return ops
        ops = (*ops, *self._with_looks(self._undo, is_redo=is_redo))
        if self._undo.outside is None or not self._undo.has_acted:
            return ops
        with self._undo.joining(is_redo=is_redo):
            return (*ops, *self._without_spread(self._undo.outside))

    def _keep(self, event: Any) -> None:  # its delta is not in pycrdt's stubs
        self._deltas.append(event.delta)

    def _taken_over(self, origin: Origin) -> tuple[Op, ...]:
        """Brings the rope up to the shared text, and takes out what has come in and is no text."""
        ops: list[Op] = list(self._body.read_anew()) if self._is_first else []
        if self._prepared is not None:
            self._body.become(self._prepared.rope, self._prepared.marks, self._prepared.suggested)
            ops = list(self._prepared.ops)
        try:
            for delta in self._deltas:
                for op in self._body.take_over(delta):
                    ops.append(op)
        except (InsideCharacter, OutsideText):
            has_strays = True  # the delta counts what it does not tell of
        else:
            has_strays = self._body.has_strays
        if has_strays:
            from cowrite.core.crdt.strays import without_strays  # seldom needed

            with self._transact(origin):
                self._doc.apply_update(without_strays(self._doc.get_update()))
            ops += self._body.read_anew()
        return tuple(ops)

    def _mended(self, ops: tuple[Op, ...], origin: Origin, *, is_redo: bool) -> tuple[Op, ...]:
        """Puts marks back that were set or taken away where they should not be; returns what is left of the steps."""
        body, place, runs = self._body, self._anchors.places(), self._anchors.runs
        if not (body.has_records or (self._undo is not None and self._undo.has_notes) or self.passing.has_cells):
            if self._undo is not None:  # what came back is of this change alone
                body.marks.forget()
                body.suggested.forget()
            return ops
        is_undo = origin is Origin.UNDO
        with self._anchors.steady():
            strays = body.marks.take_strays(is_undo=is_undo, place=place, runs=runs, spans=body.rope.spans)
            if self._undo is None:
                suggested = body.suggested.take_strays(
                    runs=runs, spans=body.rope.spans, units_of=body.units_of, may_edit=self._may_edit
                )
            else:
                suggested, is_exact = self._undone(self._undo, place, is_redo=is_redo)
                strays = [stray for stray in strays if not (is_exact and stray.is_new)]
        is_mended = is_undo or (origin is Origin.REMOTE and self._mends)
        if not (strays or suggested) or not is_mended:
            return ops
        with self._transact(Origin.MENDING):
            edit = Edit(body)
            for stray in strays:
                edit.format(stray.at, stray.units, {MARK: stray.mark})
            for op in suggested:
                edit.format(op.at, op.length, op.attributes)
        if is_undo:
            ops, strays = tuple(without_marks(ops)), [stray for stray in strays if stray.is_new]
        return (*put_right(ops, strays), *suggested)

    def _without_new_cells(self, ops: tuple[Op, ...], *, is_redo: bool) -> tuple[Op, ...]:
        """Has an undo make cells of no lines that were there, and a redo only of those that others have put into the
        rows which it brings back. Where somebody has added to a table that goes, the shared text holds where their row
        began and no longer where the table ended: all below would be in that row."""
        rope, came = self._body.rope, self.passing.come if is_redo else ()
        places = [rope.spans(at, at + utf16_length(span.text)) for at, span in came]  # as it is put right by now
        brought = {row_id(span.attributes) for span in chain(*places)}
        made = [each for each in self.passing.cells if each[0] in ops and row_id(each[0].attributes) not in brought]
        if not made:
            return ops
        with self._transact(Origin.MENDING):
            edit = Edit(self._body)
            for op, offset, units in made:
                at = moved(op.at, ops[ops.index(op) + 1 :], Stick.RIGHT)
                edit.format(at + offset, units, {TABLE: None})
        return (*ops, *edit.ops)

    def _with_looks(self, undo: BodySteps, *, is_redo: bool) -> Sequence[Op]:
        """Puts right the looks that an undo or redo has turned and its step has not; returns the steps of that."""
        if not undo.has_acted:
            return ()
        strays = self.passing.strays(undo.gone, self._body.rope.spans)
        undo.note_gone(self.passing.gone, is_redo=is_redo)
        if not strays:
            return ()
        with self._transact(Origin.MENDING):
            edit = Edit(self._body)
            for each in strays:
                edit.format(each.at, each.length, each.attributes)
        return edit.ops

    def _without_spread(self, looks: StepLooks) -> Iterator[Op]:
        """Takes looks from text over which they spread, as others have gone on from what the step has set which was
        turned; yields the steps of that."""
        ends = list(looks.ends(self._body.rope.attributes_before))
        goes_on = list[Turn]()
        more = Passing(looks=looks.names)
        more.watched = looks.names
        for op in self._deleted([each.id for each in ends], more) if len(ends) <= MOST_TURNED else ():
            yield op
            for end in ends:
                if isinstance(op, Format) and op.at == end.at and end.name in op.attributes:
                    goes_on.append(Turn(op.at, op.length, end.name, None, op.attributes[end.name], end.wanted))
        inside = looks.divided(goes_on)[0]
        outside = looks.divided(self.passing.spread)[1]
        outside += beside(looks.divided(more.spread)[1], list(outside))
        spread = joined_formats(each.put_right for each in (*inside, *outside))
        if len(spread) <= MOST_TURNED:
            with self._transact(Origin.MENDING):
                edit = Edit(self._body)
                for each in spread:
                    edit.format(each.at, each.length, each.attributes)
            yield from edit.ops

    def _deleted(self, ids: Iterable[Id], passing: Passing) -> list[Op]:
        """Deletes formats; gives the steps of that.

        Args:
            ids: of the formats.
            passing: gets to know what that turns.
        """
        units: Ranges = {}
        for id in ids:
            add_ranges(units, {id.client: [(id.clock, 1)]})
        if not units:
            return []
        self._deltas.clear()
        subscription = self._body.text.integrated.observe(self._keep)
        with self._transact(Origin.MENDING):
            self._doc.apply_update(deletion(units))
        subscription.drop()
        self._body.passing = passing
        ops = [op for delta in self._deltas for op in self._body.take_over(delta)]
        self._body.passing = None
        return ops

    def _undone(self, undo: BodySteps, place: Place, *, is_redo: bool) -> tuple[list[Format], bool]:
        """What puts right the marks of suggestions after an undo or redo, and whether it does so with all marks of text
        that has come back; notes what has been done to them.

        Args:
            undo: what is undone.
            place: where a unit is now; None where it is deleted.
            is_redo: whether it is done again.
        """
        body, passing = self._body, self.passing
        is_noted = undo.has_acted and (body.has_records or undo.has_notes or passing.has_cells)
        step = undo.marks_of(is_redo=is_redo) if is_noted else None
        returns = None if step is None else returned(step.gone, passing.come)
        turned, _, _ = body.suggested.take_turned()
        turns, formats = body.suggested.undone.take(
            turned,
            step,
            returns,
            is_redo=is_redo,
            place=place,
            runs=self._anchors.runs,
            spans=body.rope.spans,
            text=body.rope.spans,
        )
        spared = (turn for turn in turns if turn.name == DELETION and turn.was and turn.wanted is None)
        passing.spared = [(turn.was, turn.at, turn.units) for turn in spared]
        if is_noted:
            undo.note(noted(turns, passing.gone, self._anchors.runs, body.rope.spans), is_redo=is_redo)
        return formats, returns is not None


def _ids_of_own(body: Body) -> dict[int, Id]:
    """The ids of the text of this person's suggestions by position; of no more of it than is worth the time."""
    found: list[tuple[int, str]] = []
    at = units = 0
    for span in body.rope.spans() if body.suggested.are_there else ():
        if body.suggested.is_own(span):
            found.append((at, span.text))
            units += utf16_length(span.text)
        at += utf16_length(span.text)
    if len(found) > MOST_LOOKS or units > MOST_UNITS:
        return {}
    with body.steady():
        return {
            place + offset: Id(id.client, id.clock + offset)
            for start, text in found
            for place, length, id in placed(start, body.runs(start, text))
            for offset in range(length)
        }
