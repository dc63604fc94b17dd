"""SuggestedMarks: keeps the marks of suggested changes where people have set them.

Runs on the document's thread. In Yjs a mark reaches from where it is set to where it is taken away. For example, Bo
suggests that "one two" goes, and Ada writes "X" in the middle before she sees that: in Yjs the mark lies over "X" too,
and nobody has asked for that to go. So after each change which is no own edit, this looks at the marks that it has set
or taken away, and says what puts them right:

- After others' changes, text has no mark of a change of which it is no text (`belonging`), that was undone here or that
  is decided (`deeds`); what is suggested to go here is so still, and nothing else is (`struck`).
- After an undo or redo, text that stayed has the mark that it had before the step, and text that came back the one with
  which it was written (`undone_marks`).

Two copies may see it in different ways, so each puts one mark right only a few times (`corrections`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.marks.ai_marks import (
    MOST_DELETED_RUNS,
    MOST_LOOKS,
    MOST_RUNS,
    AiMarks,
    Runs,
)
from cowrite.core.marks.belonging import Belonging
from cowrite.core.marks.corrections import MOST_OTHERS, MOST_OWN, Corrections
from cowrite.core.marks.deeds import MARKS, Deeds, Mark, hashable
from cowrite.core.marks.spreading import Brought, comes_along, goes_on_from, marks_of
from cowrite.core.marks.step_marks import Stayed
from cowrite.core.marks.struck import Struck
from cowrite.core.marks.turns import Spans, Turn, cut, joined_formats
from cowrite.core.marks.undone_marks import UndoneMarks
from cowrite.core.text.richtext import DELETION, INSERTION, Attributes, Format, Span, utf16_length

UnitsOf = Callable[[Sequence[tuple[int, int]]], TextUnits]
"""The ids of several stretches of the text, see `Anchors.units_of`."""


class SuggestedMarks:
    """What one copy of a document knows of them.

    Args:
        client: its client id.

    Attributes:
        returned: the marks of text to come in.
        belonging: which text is of which change to come in.
        struck: what is to go here.
        deeds: what was done here with suggestions.
        undone: what an own undo or redo does to their marks.
    """

    def __init__(self, client: int) -> None:
        self._client = client
        self._are_to_go = False  # there has been text that is suggested to go
        self.returned = AiMarks(client, INSERTION, has_breaks=True)
        self.belonging = Belonging(client, self.returned)
        self.struck = Struck(client, self.belonging)
        self.deeds = Deeds(self.belonging)
        self._gone: set[Mark] = set()  # marks of what others take away in one change
        self._brought: list[Brought] = []
        self.undone = UndoneMarks(client, self.returned, self.belonging, self.struck, self.deeds)
        self._corrections = Corrections()
        # Marks that text got in the place of one that was undone here, which others have laid over it: should that come
        # again, who has set the other one has undone that as well.
        self._given_back: set[tuple[str, Any, Any]] = set()
        self._turned: list[Turn] = []

    @property
    def are_there(self) -> bool:
        """Whether there has been an insertion in the document."""
        return self.returned.are_there

    @property
    def have_been(self) -> bool:
        """Whether there has been a suggestion in the document."""
        return self.are_there or self._are_to_go

    @property
    def may_be_gone_on_with(self) -> bool:
        """Whether somebody may just be writing into a suggestion; of one that was rejected before this copy was opened
        only the entry is left to see."""
        return self.are_there or self.belonging.are_entries()

    def is_own(self, span: Span) -> bool:
        """Whether text is of a change to come in of which this copy has written some."""
        return INSERTION in span.attributes and self.returned.knows(hashable(span.attributes[INSERTION]))

    def reads(self, attributes: Attributes) -> None:
        """Takes note of the attributes of text that others have written."""
        self._are_to_go = self._are_to_go or DELETION in attributes
        self.comes(attributes)

    def reads_as(self, other: SuggestedMarks) -> None:
        """Takes note of all attributes of which another one has."""
        self._are_to_go = self._are_to_go or other._are_to_go
        self.returned.are_there = self.returned.are_there or other.are_there

    def comes(self, attributes: Attributes) -> bool:
        """Takes note of the attributes of text that comes in; says whether it is suggested."""
        is_suggested = INSERTION in attributes
        self.returned.are_there = self.returned.are_there or is_suggested
        return is_suggested

    def sets(
        self, at: int, units: int, name: str, id: str | None, *, behind: Any, runs: Runs, spans: Spans, most: int
    ) -> int:
        """This person sets the mark of a change on text that is there, or takes it away.

        Args:
            at, units: where it stands, and how long it is.
            name: INSERTION or DELETION.
            id: of the change; None to take its mark away.
            behind: the mark of that name right behind it.
            runs, spans: see `take_strays`.
            most: so many parts of it are looked at.

        Returns:
            How many were.
        """
        self._are_to_go = True
        if name == DELETION and isinstance(behind, str):
            self.deeds.touches(behind)
        if id is not None:
            if name == DELETION:
                self.struck.sets(id)
            self.deeds.sets(name, id)
            return 0
        looked, taken = 0, set[Any]()
        for span in list(spans(at, at + units)):
            was = span.attributes.get(name)
            if was is not None:
                taken.add(hashable(was))
                if name == DELETION:
                    self.struck.spares(hashable(was))
                turned = Turn(at, utf16_length(span.text), name, was, None, None)
                looked += self.belonging.hold(turned, runs, spans, most - looked)
            at += utf16_length(span.text)
        self.deeds.takes(name, taken)
        return looked

    def strikes(self, id: str, stayed: Iterable[Stayed] | None, clock: int) -> None:
        """This person has suggested text to go.

        Args:
            id: of the change.
            stayed: the text; None where it is too much to look by which ids it goes.
            clock: how much this copy had written before.
        """
        if stayed is None:
            self.struck.is_unsure(id)
        for each in stayed or ():
            self.struck.sets(each.now)
            self.struck.strikes(each.now, each.id, utf16_length(each.text), clock)

    def rejects(self, stayed: Iterable[Stayed]) -> None:
        """This person has rejected that text goes.

        Args:
            stayed: it.
        """
        for each in stayed:
            if each.name == DELETION and isinstance(each.was, str):
                self.struck.rejects(each.was, each.id, utf16_length(each.text))

    def recalls(self, is_own: Callable[[object], bool], *, runs: Runs, spans: Iterable[Span]) -> None:
        """This person opens the document again: what is to go in changes of theirs they have suggested to go. Of much
        only the beginning is looked at.

        Args:
            is_own: says of what stands in a mark whether it is the id of a change of theirs.
            runs: the ids of a stretch of the text.
            spans: all of the text.
        """
        at = looked = 0
        for span in spans if self.have_been else ():
            id = span.attributes.get(DELETION)
            if isinstance(id, str) and is_own(id):
                for units, first in islice(runs(at, span.text), MOST_LOOKS - looked):
                    looked += 1
                    self.struck.strikes(id, first, units)  # by clock 0 whoever decides on it has known of it
            at += utf16_length(span.text)

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that others take away, before it is."""
        if not (self.deeds.typed_beside or self._are_to_go):
            return
        spans = list(spans)
        self.struck.goes(spans)
        if self.deeds.typed_beside:
            self._gone |= marks_of(spans)

    def brings(self, at: int, span: Span, *, is_within: bool) -> None:
        """Takes note of text that a change of others brings; in one change from left to right.

        Args:
            at, span, is_within: see `Brought`.
        """
        if is_within or self.struck or self.deeds.decided or self.deeds.opened:
            self._brought.append(Brought(at, span, is_within))

    def turns(self, at: int, spans: Iterable[Span], changed: Mapping[str, Any]) -> None:
        """Takes note that text which stays gets other attributes, before it has them; in one change from left to
        right."""
        names = [name for name in MARKS if name in changed]
        if not names:
            return
        self._are_to_go = True
        for span in spans:
            units = utf16_length(span.text)
            for name in names:
                was = span.attributes.get(name)
                if was != changed[name]:
                    self._turned.append(Turn(at, units, name, was, changed[name], changed[name]))
                    if changed[name] is None and self.deeds.typed_beside:
                        self._gone.add((name, hashable(was)))
            at += units

    def forget(self) -> None:
        """See `AiMarks.forget`."""
        self.returned.forget()
        self.struck.forget()
        self._turned, self._gone, self._brought = [], set(), []

    def take_strays(
        self, *, runs: Runs, spans: Spans, units_of: UnitsOf | None = None, may_edit: bool = False
    ) -> list[Format]:
        """What puts right the marks that a change of others has set or taken away.

        Args:
            runs: the ids of a stretch of the text.
            spans: the rich text between two positions.
            units_of: the ids of several stretches at once; None where there is no shared text.
            may_edit: see `Belonging.lost`.
        """
        turned, gone, new = self.take_turned()
        lost: list[Turn] = []
        looks = MOST_DELETED_RUNS
        ends = {each.stop for each in new} if self.deeds.opened else set()
        are_lost = any(each.name == DELETION and each.now is None for each in turned)
        standing = self.struck.standing() if are_lost else []
        for each in turned:
            if each.at in ends and self.deeds.is_cut_off(each):
                ends.add(each.at + each.units)
                lost.append(each._replace(wanted=each.was))
            elif each.now is None and self._is_open(each.name, hashable(each.was)):
                lost.append(each._replace(wanted=each.was))
            elif each.was is not None:
                if self._is_decided(hashable(each.was)):
                    looks -= self.belonging.hold(each, runs, spans, looks)
                parts = [
                    *self.belonging.lost(each, runs, spans, may_edit=may_edit),
                    *self.struck.lost(each, standing, runs, spans),
                ]
                lost += parts
                if not parts:
                    self.deeds.others_decide(each.name, hashable(each.was))
        cut = self.deeds.typed_beside & gone

        def has_spread(each: Turn) -> bool:
            mark = each.name, hashable(each.now)
            return (mark in self.deeds.decided and comes_along(each, new, spans)) or (
                mark in cut and goes_on_from(self._client, each, runs, spans)
            )

        return joined_formats(
            each.put_right
            for each in [
                *self._laid_over(turned, has_spread, runs, spans),
                *self._corrected(lost, MOST_OWN),
                *self._corrected_strokes(list(self._covered(new, runs, units_of))),
            ]
        )

    def take_turned(self) -> tuple[list[Turn], set[Mark], list[Brought]]:
        """What a change has turned, what marks went in it, and what it has brought."""
        taken = self._turned, self._gone, self._brought
        self.belonging.are_many = len(self._turned) > MOST_RUNS
        self._turned, self._gone, self._brought = [], set(), []
        return taken

    def _covered(self, new: Iterable[Brought], runs: Runs, units_of: UnitsOf | None) -> Iterator[Turn]:
        """What others have written before they saw that somebody laid a mark around it, or this person laid it again:
        in Yjs it has that too. What somebody brings back has had its own. Of much only the beginning is looked at: all
        of a long text comes back where a decision is undone."""
        found = [each for each in new if self._may_be_covered(each)]
        if found and units_of is not None:
            runs = units_of([(each.at, each.stop - each.at) for each in found]).runs
        looked = 0
        for each in found:
            at, rest = each.at, each.span.text
            for units, first in islice(runs(at, rest), MOST_RUNS - looked):
                looked += 1
                part, rest = cut(rest, units)
                if not self.struck.comes_back(each.goes_in, first, part):
                    yield Turn(at, units, DELETION, None, each.goes_in, None)
                at += units
        self.struck.forget()

    def _may_be_covered(self, brought: Brought) -> bool:
        id = brought.goes_in
        return brought.is_within or self.struck.has(id) or (DELETION, id) in self.deeds.opened

    def _is_open(self, name: str, id: Any) -> bool:
        """Whether this is the mark of text that this person has suggested to go, and nobody has decided on that."""
        return name == DELETION and (name, id) not in self.deeds.undone and self.struck.is_open(id)

    def _laid_over(
        self, turned: Iterable[Turn], has_spread: Callable[[Turn], bool], runs: Runs, spans: Spans
    ) -> Iterator[Turn]:
        """What others' changes have laid marks over that cannot be meant: what has spread, marks that were undone here,
        and those of changes of which it is no text."""
        strange, given_back = list[Turn](), set[tuple[str, Any, Any]]()
        decided = self.deeds.touched()
        again: tuple[int, Any] | None = None  # where text ends over which a stroke was laid again, and its change
        for each in turned:
            if each.name == DELETION:
                strange += self.belonging.contrary(each, runs, spans)
            name, now = each.name, hashable(each.now)
            if not (each.was is None or (name == DELETION and self._is_decided(hashable(each.was)))):
                if (name, now) in self.deeds.undone:
                    mark = name, hashable(each.was), now
                    strange.append(each._replace(wanted=None if mark in self._given_back else each.was))
                    given_back.add(mark)
                continue
            is_endless = name == DELETION and now in decided
            if (name, now) in self.deeds.decided and (
                self.struck.is_laid_again(each, runs, spans) or (each.at, now) == again
            ):
                again = each.at + each.units, now
                strange.append(each._replace(wanted=None))
            elif has_spread(each) or is_endless or (name, now) in self.deeds.undone or self._is_open(name, now):
                strange.append(each._replace(wanted=None))
            elif name == DELETION and self.struck.tells(now):
                strange += self.struck.strange(each, runs, spans)
            else:
                strange += (
                    part._replace(wanted=None)
                    for part, is_strange in self.belonging.strange(each, runs, spans)
                    if is_strange
                )
        self._given_back |= given_back
        yield from self._corrected_strokes(strange)

    def _is_decided(self, id: str) -> bool:
        return self.belonging.is_decided(id)

    def _corrected_strokes(self, turned: Sequence[Turn]) -> Iterator[Turn]:
        """See `Corrections.make`; no other copy knows better what is to go in a change than the one that tells."""
        told: dict[bool, list[Turn]] = {False: [], True: []}
        for each in turned:
            is_told = each.name == DELETION and each.wanted is None and self.struck.tells(hashable(each.now))
            told[is_told].append(each)
        yield from self._corrected(told[True], MOST_OWN)
        yield from self._corrected(told[False], MOST_OTHERS)

    def _corrected(self, turned: Sequence[Turn], most: int) -> Iterator[Turn]:
        """See `Corrections.make`."""
        return self._corrections.make([((each.name, hashable(each.wanted or each.now)), most, each) for each in turned])
