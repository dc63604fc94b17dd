"""Spread: over how much ground the ideas of a board go: how many groups and lone clusters they touch, not how many
they are.

Runs on any thread, over notes that do not change meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.core.board.items import Hand, Note
from cowrite.core.board.similar import Likeness


@dataclass(frozen=True, slots=True)
class Spread:
    """How many groups and clusters there are.

    Attributes:
        before: that people's notes touch.
        after: with the model's.
    """

    before: int
    after: int


def spread(notes: Sequence[Note], likeness: Likeness, *, with_adopted: bool = False) -> Spread:
    """Counts what the notes touch: a group is one, and so are notes in none that are alike.

    A note of the model that is like one of a person's adds nothing; those that are like each other alone add one.

    Args:
        notes: of one board.
        likeness: says how much alike two are.
        with_adopted: whether notes that a person has adopted count as the model's, which gave them.
    """
    heads = list(range(len(notes)))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = heads[heads[place]]
            place = heads[place]
        return place

    def is_model(place: int) -> bool:
        hand = notes[place].hand
        return hand is Hand.MODEL or (with_adopted and hand is Hand.ADOPTED)

    grouped: dict[str, int] = {}
    for place, note in enumerate(notes):
        if note.group:
            heads[head(place)] = head(grouped.setdefault(note.group, place))
    near = [(pair.first, pair.second) for pair in likeness.pairs([note.text for note in notes], _from(likeness))]
    for first, second in near:
        # Notes that stand in groups were put there by somebody, who knows better; and no idea of the model joins two.
        if not is_model(first) and not is_model(second) and not (notes[first].group or notes[second].group):
            heads[head(first)] = head(second)
    before = {head(place) for place in range(len(notes)) if not is_model(place)}
    at_home = {head(place) for place in range(len(notes)) if is_model(place) and head(place) in before}
    for first, second in near:
        if is_model(first) != is_model(second):
            at_home.add(head(first if is_model(first) else second))
    for first, second in near:
        if is_model(first) and is_model(second) and not {head(first), head(second)} & (at_home | before):
            heads[head(first)] = head(second)
    new = {head(place) for place in range(len(notes)) if is_model(place)} - before - at_home
    return Spread(len(before), len(before) + len(new))


def _from(likeness: Likeness) -> float:
    return likeness.thresholds.group
