"""BodySteps: what this person has done to the body, step by step, to be taken back and brought back.

Runs on the document's thread. Edits that follow each other without a pause are one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pycrdt import StackItem, Text, UndoManager

from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.undo_steps import divide, followed, joined, leaving, sparing
from cowrite.core.document.reworded import Reworded
from cowrite.core.document.step_looks import StepLooks
from cowrite.core.document.step_text import StepText
from cowrite.core.entries.observers import weakly
from cowrite.core.marks.step_marks import StepMarks, looks_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Op, Span
from cowrite_server.document.ranges import read_ranges
from cowrite_server.wire.encoding import Reader

PAUSE = 600
"""Milliseconds of quiet after which a new step begins."""


class BodySteps:
    """The steps of one document's body.

    Args:
        shared: the shared text.
        text: what is known of it.
        clock: milliseconds.
        settle: makes the change that was announced, which belongs to the step that is the newest until then.

    Attributes:
        made: when the change that is being made was made, see `now`; None where that is now.
        has_acted: whether the last undo or redo has done anything.
        looks: those that steps have set on text that was there, or taken from it.
        gone: the text that went when the step was turned the last time which is turned now, from left to right; nothing
            once others have changed the document since, which may have given it other looks.
        outside: the looks that the step has set which is turned now, where text outside of them is to keep its own.
        reworded: what this person has made of footnotes.
    """

    def __init__(
        self,
        shared: Text,
        text: StepText,
        clock: Callable[[], int],
        settle: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._epoch = 0
        self._newest = 0  # when the newest change was made
        self.made: int | None = None
        self.has_acted = False
        self.looks: frozenset[str] = frozenset()
        self.gone: tuple[Span, ...] = ()
        self.outside: StepLooks | None = None
        self._others = 0  # how often others have changed the document
        self._is_in_step = False  # see `one`
        # Of the steps that can be taken back, and of those that can be brought back, by their place among them.
        self._marks: dict[bool, dict[int, StepMarks]] = {False: {}, True: {}}
        self._gone: dict[bool, dict[int, tuple[Span, ...]]] = {False: {}, True: {}}
        self._looks: dict[bool, dict[int, StepLooks]] = {False: {}, True: {}}
        self.reworded = Reworded(weakly(self._count, 0))
        self._shared = shared
        self._text = text
        self._settle = settle
        self._manager = self._made_manager([], [])

    def now(self) -> int:
        """When the change that is being made was made, in milliseconds; see PAUSE."""
        return self._clock() + self._epoch if self.made is None else self.made

    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._manager.can_undo())

    def can_redo(self) -> bool:
        """Whether there is one to bring back."""
        return bool(self._manager.can_redo())

    def undo(self) -> None:
        """Takes the newest step back."""
        self._act(is_redo=False)

    def redo(self) -> None:
        """Brings back the step that was taken back last."""
        self._act(is_redo=True)

    @property
    def has_notes(self) -> bool:
        """Whether something was noted of a step that can be taken back, or brought back."""
        return any(self._marks.values())

    def marks_of(self, *, is_redo: bool) -> StepMarks | None:
        """What was noted of the step that has just been taken back, when it was brought back the last time, or the
        other way round; None where nothing was.

        Args:
            is_redo: whether it has been brought back.
        """
        return self._above(len(self._steps(is_redo=is_redo)), self._marks[is_redo])

    def note(self, marks: StepMarks, *, is_redo: bool) -> None:
        """Notes what an undo or redo has done to marks, for its reverse; see `marks_of`."""
        place, kept = len(self._steps(is_redo=not is_redo)) - 1, self._marks[not is_redo]
        self._above(place, kept)
        kept[place] = marks

    @contextmanager
    def one(self) -> Iterator[list[StepMarks]]:
        """What is done within is one step, and undo reverses what the list then says of its marks: where Yjs has the
        document, it takes formats away between which nothing stands any more."""
        self.begin()
        above, marks = self._count(), list[StepMarks]()
        self._is_in_step = True
        try:
            yield marks
        finally:
            self._is_in_step = False
        if self._count() > above:
            for each in marks:
                self.note(each, is_redo=True)
        self.begin()

    def note_more(self, marks: StepMarks) -> None:
        """Notes what has just been done to marks in the newest step, for its undo; within `one`, its list says it."""
        place, kept = self._count() - 1, self._marks[False]
        if place >= 0 and not self._is_in_step:
            self._above(place + 1, kept)
            kept[place] = kept[place].then(marks) if place in kept else marks

    def note_gone(self, gone: Iterable[Span], *, is_redo: bool) -> None:
        """Notes the text that an undo or redo took away, for its reverse."""
        self._gone[not is_redo][len(self._steps(is_redo=not is_redo)) - 1] = tuple(gone)

    def note_others(self) -> None:
        """Notes that others have changed the document."""
        self._others += 1
        for kept in self._gone.values():
            kept.clear()

    def note_looks(self, ops: Sequence[Op]) -> None:
        """Notes what looks an own edit has set.

        Args:
            ops: its steps.
        """
        names, place = looks_of(ops), self._count() - 1
        if names and place >= 0:
            self.looks |= names
            kept = self._looks[False]
            if place not in kept:
                kept[place] = StepLooks(self._shared.doc.get_state(), self._others, self._text)
            kept[place].add(ops)

    def weight(self, *, is_redo: bool = False) -> int:
        """How many units the newest step has written and deleted, or that which was taken back last; 0 for none."""
        self._settle()
        steps = self._steps(is_redo=is_redo)
        parts = (steps[-1].insertions, steps[-1].deletions) if steps else ()
        ranges = (each for part in parts for each in read_ranges(Reader(part.encode())).values())
        return sum(length for found in ranges for _, length in found)

    def begin(self) -> None:
        """Makes the next edit start a new step, however soon it comes."""
        self._settle()
        self._epoch += 2 * PAUSE

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is done within joins no step before it, nor what comes after it, however soon."""
        self.begin()
        yield
        self.begin()

    def go_on(self) -> None:
        """Makes the next edit part of the newest step, however late it comes; within `one`, of that."""
        self._settle()
        if self._newest and not self._is_in_step:
            self._epoch = self._newest - self._clock()

    def spare(self, units: Iterable[tuple[Id, int]]) -> None:
        """Has no undo or redo bring back what this person has taken out and what has come back otherwise.

        Args:
            units: that text, by the first unit and the number of each part that was written in a row.
        """
        self._settle()
        back: dict[int, list[range]] = {}
        for id, length in units:
            back.setdefault(id.client, []).append(range(id.clock, id.clock + length))
        steps = [self._steps(is_redo=is_redo) for is_redo in (False, True)]
        spared = [[sparing(self._shared.doc, step, back) for step in each] for each in steps]
        if any(one is not other for both in zip(steps, spared, strict=True) for one, other in zip(*both, strict=True)):
            self._manager = self._made_manager(*spared)

    def forget(self) -> None:
        """Empties both, as after loading."""
        self._settle()
        self._manager.clear()
        self.reworded.forget()
        for kept in self._marks.values():
            kept.clear()
        for looks in self._looks.values():
            looks.clear()
        self.looks = frozenset()
        self.note_others()

    def _act(self, *, is_redo: bool) -> None:
        """Turns the newest step, and only where nothing comes of it the one before: the library, which would go on by
        itself, follows what has come back no further than to its first part."""
        # WORKAROUND yjs/yjs#736, in yrs too: where that was divided since, undo finds the first part of it alone.
        self.has_acted, self.reworded.turned, self.outside = False, [], None
        looks: StepLooks | None = None
        steps, turned = list(self._steps(is_redo=is_redo)), list(self._steps(is_redo=not is_redo))
        if not steps:
            return  # a burst of typing goes on
        text_in = self._text.text_in()
        while steps and not self.has_acted:
            self.reworded.turn(len(steps), is_redo=is_redo)
            step = steps.pop()
            self.gone = self._gone[is_redo].pop(len(steps), ())
            looks = self._looks[is_redo].pop(len(steps), None)
            step = followed(self._shared.doc, step, self._text.newest_of) or step
            if text_in is not None:
                step = leaving(self._shared.doc, step, text_in)
            # Who may only suggest could put nothing right in others' text: no server would take that.
            self.outside = self._outside(looks, step, is_redo=is_redo) if text_in is None else None
            divide(self._shared.doc, step)
            alone = self._made_manager(redone=[step]) if is_redo else self._made_manager([step])
            self.has_acted = alone.redo() if is_redo else alone.undo()
            turned += alone.undo_stack if is_redo else alone.redo_stack
            marks = None if self.has_acted else self._marks[is_redo].get(len(steps))
            if marks is not None and self._text.are_there(marks):  # of others' formats alone, which are nobody's step
                self.has_acted = True
                turned.append(joined(self._shared.doc, ()))
        self._manager = self._made_manager(turned, steps) if is_redo else self._made_manager(steps, turned)
        if not self.has_acted:
            self._marks[is_redo].clear()  # of steps that are no more
        if looks is not None and self.has_acted:
            self._looks[not is_redo][len(turned) - 1] = looks
        self.reworded.note_turned(len(turned) if self.has_acted else None, is_redo=is_redo)

    @contextmanager
    def joining(self, *, is_redo: bool) -> Iterator[None]:
        """What is done within to the body with MENDING is part of what the last undo or redo has done."""
        manager = self._made_manager()
        manager.include_origin(Origin.MENDING)
        yield
        steps = {each: list(self._steps(is_redo=each)) for each in (False, True)}
        turned = steps[not is_redo]
        if manager.undo_stack and turned:
            turned[-1] = joined(self._shared.doc, (turned[-1], *manager.undo_stack))
            self._manager = self._made_manager(steps[False], steps[True])

    def _outside(self, looks: StepLooks | None, step: StackItem[Any], *, is_redo: bool) -> StepLooks | None:
        """The looks of a step that is to be turned, if text outside of them is to keep its own."""
        if looks is None or looks.others == self._others:
            return None
        every = (step, *self._manager.undo_stack, *self._manager.redo_stack)
        return looks if looks.is_seen(self._shared.doc, step, every, is_redo=is_redo) else None

    def _made_manager(
        self, undone: Sequence[StackItem[Any]] = (), redone: Sequence[StackItem[Any]] = ()
    ) -> UndoManager:
        """What takes back, with these steps to take back and to bring back."""
        manager = UndoManager(
            scopes=[self._shared],
            capture_timeout_millis=PAUSE,
            timestamp=weakly(self._stamp, 0),
            undo_stack=list(undone),
            redo_stack=list(redone),
        )
        manager.include_origin(Origin.LOCAL)
        manager.include_origin(Origin.ASSIST)
        return manager

    def _count(self) -> int:
        """How many steps can be taken back."""
        return len(self._manager.undo_stack)

    def _stamp(self) -> int:
        self._newest = self.now()
        return self._newest

    def _steps(self, *, is_redo: bool) -> Sequence[StackItem[Any]]:
        return self._manager.redo_stack if is_redo else self._manager.undo_stack

    def _above(self, place: int, kept: dict[int, StepMarks]) -> StepMarks | None:
        """Forgets what is kept of steps that are no more, from a place on; gives what was at that place."""
        found = kept.get(place)
        while kept and (last := next(reversed(kept))) >= place:  # they come in the order of their places
            del kept[last]
        return found
