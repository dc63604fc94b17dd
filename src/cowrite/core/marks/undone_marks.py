"""UndoneMarks: what becomes of the marks of suggested changes when the person here undoes or redoes something.

Runs on the document's thread. Positions are UTF-16 units. Yjs turns each mark that a step has set, over as far as it
reaches by now. So text that stayed gets the mark that it had before the step (`step_marks`), and text that came back
the one with which it was written (`ai_marks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cowrite.core.marks.ai_marks import AiMarks, Place, Runs
from cowrite.core.marks.belonging import Belonging
from cowrite.core.marks.deeds import Deeds, hashable
from cowrite.core.marks.step_marks import StepMarks, turned_back
from cowrite.core.marks.struck import Struck
from cowrite.core.marks.turns import Spans, Turn, joined_formats, runs_of
from cowrite.core.text.richtext import DELETION, INSERTION, Format, Span, Utf16


class UndoneMarks:
    """Judges them in one copy of a document.

    Args:
        client: its client id.
        returned: knows with which marks its text was written.
        belonging: knows which text is of which change.
        struck: knows what this person has suggested to go.
        deeds: knows which marks they have set and taken away.
    """

    def __init__(self, client: int, returned: AiMarks, belonging: Belonging, struck: Struck, deeds: Deeds) -> None:
        self._client = client
        self._returned = returned
        self._belonging = belonging
        self._struck = struck
        self._deeds = deeds

    def take(
        self,
        turned: list[Turn],
        step: StepMarks | None,
        returns: Iterable[Format] | None,
        *,
        is_redo: bool,
        place: Place,
        runs: Runs,
        spans: Spans,
        text: Callable[[], Iterable[Span]],
    ) -> tuple[list[Turn], list[Format]]:
        """What becomes of text whose marks an own undo or redo has turned, and what puts all marks right.

        Args:
            turned: what the library has turned.
            step: what was noted of the reverse of this undo or redo.
            returns: what puts the marks right of text that came back, where that is known from there.
            is_redo: whether it was a redo.
            place: where a unit is now; None where it is deleted.
            runs: the ids of a stretch of the text.
            spans: the rich text between two positions.
            text: all of the rich text.
        """
        if step is not None and step.stayed is not None:
            where = step.followed(place, text(), runs, self._belonging.source_of, turned)
            turns = turned_back(step.stayed, turned, where, spans)
        else:
            turns = [turn for each in turned for turn in self._judged(each, is_redo=is_redo, runs=runs, spans=spans)]
        if returns is not None:
            self._returned.forget()
        else:
            back = self._returned.take_strays(is_undo=True, place=place, runs=runs, spans=spans)
            # What went after the step had turned its mark, as a footnote that was joined, comes back with the former.
            known = {(each.at, each.units) for each in turns if each.name == INSERTION} if step is not None else ()
            back = [each for each in back if (each.at, each.units) not in known]
            left = (each for each in back if not self._deeds.is_settled(each.mark))
            returns = [Format(Utf16(each.at), Utf16(each.units), {INSERTION: each.mark}) for each in left]
        self._deeds.decides_again(turned)
        for each, mark in self._deeds.opens_again(() if self._belonging.are_many else turns):
            for _, units, id in runs_of(each, runs, spans):
                if id.client == self._client:
                    self._returned.laid(id.clock, units, mark)
        self._deeds.undoes(turned, turns, is_redo=is_redo)
        self._strike_again(turns, runs, spans)
        strays = [each.put_right for each in turns if each.wanted != each.now]
        return turns, joined_formats([*strays, *returns])

    def _strike_again(self, turns: Iterable[Turn], runs: Runs, spans: Spans) -> None:
        """This person has taken back that text goes, or has it go again."""
        for each in turns:
            if each.name == DELETION and each.was != each.wanted:
                if each.was is not None:
                    self._struck.spares(hashable(each.was))
                mark = hashable(each.wanted)
                if self._struck.has(mark) and not self._belonging.are_many:  # and not laid again on somebody else's
                    for _, units, id in runs_of(each, runs, spans):
                        self._struck.strikes(mark, id, units)

    def _judged(self, turned: Turn, *, is_redo: bool, runs: Runs, spans: Spans) -> Iterator[Turn]:
        """What becomes of text whose mark an undo has turned, or a redo of which nothing was noted: it keeps the mark
        that it had where this person has not set or taken it. Where one was to go and only another came in its place,
        it has none."""
        if not self._deeds.is_stray(turned, is_redo=is_redo):
            for part, is_strange in self._belonging.strange(turned, runs, spans):
                yield part._replace(wanted=turned.was if is_strange else turned.now)
            return
        name, was = turned.name, turned.was
        goes = is_redo and was is not None and self._deeds.has_taken(name, was)
        yield turned._replace(wanted=None if goes else was)
