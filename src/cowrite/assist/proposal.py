"""A proposal: what a rewriting would change in a passage, while the passage goes on changing.

Runs anywhere. Positions are code points of the passage. What a teammate changes is kept: where it lies in what would be
changed, that part of the proposal is void; the rest moves with the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from cowrite.assist.difference import Replacement, apply, difference, partial_difference


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change in a passage.

    Attributes:
        passage: as it stands now.
        replacements: what would change in it, in order, without overlaps.
        voided: how many were void because somebody had changed the same words.
    """

    passage: str
    replacements: tuple[Replacement, ...]
    voided: int = 0

    @classmethod
    def between(cls, passage: str, wanted: str) -> Self:
        """What makes the passage the wanted text."""
        return cls(passage, difference(passage, wanted))

    @classmethod
    def begun(cls, passage: str, begun: str) -> Self:
        """The same while the wanted text is still being written."""
        return cls(passage, partial_difference(passage, begun))

    @property
    def wanted(self) -> str:
        """The passage with all of it."""
        return apply(self.passage, self.replacements)

    def without(self, place: int) -> Self:
        """The same without one of the replacements: somebody does not want it."""
        return replace(self, replacements=(*self.replacements[:place], *self.replacements[place + 1 :]))

    def after(self, places: Sequence[int]) -> Self:
        """What is left once these replacements are made in the passage."""
        made = [self.replacements[place] for place in places]
        passage = apply(self.passage, made)
        left = [one for place, one in enumerate(self.replacements) if place not in places]
        return replace(self, passage=passage, replacements=tuple(_moved(one, made) for one in left))

    def on(self, passage: str) -> Self:
        """The same on the passage as somebody has changed it meanwhile."""
        if passage == self.passage:
            return self
        changes = difference(self.passage, passage)
        kept = [one for one in self.replacements if not any(_collide(one, change) for change in changes)]
        return replace(
            self,
            passage=passage,
            replacements=tuple(_moved(one, changes) for one in kept),
            voided=self.voided + len(self.replacements) - len(kept),
        )


def _collide(one: Replacement, other: Replacement) -> bool:
    """Whether two replacements concern the same words, or would put words in at the same place."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end and not _touch(one, other)
    return one.start < other.end and other.start < one.end


def _touch(one: Replacement, other: Replacement) -> bool:
    """Whether words are put in just beside words that are replaced, so that both can be done."""
    if one.start == one.end and other.start == other.end:
        return False
    put_in, replaced = (one, other) if one.start == one.end else (other, one)
    return put_in.start in (replaced.start, replaced.end)


def _moved(one: Replacement, changes: Sequence[Replacement]) -> Replacement:
    """A replacement where its words are after changes that do not collide with it."""
    shift = sum(len(change.new) - len(change.old) for change in changes if change.end <= one.start)
    return replace(one, start=one.start + shift, end=one.end + shift)
