"""From a board to a list of notes; back it goes by `Ideas.take_in`.

Runs on the document's thread. What goes out is what everybody has and as everybody sees it, results only of polls that
are closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import count

from cowrite.convert.notes.list import ListedNote, plain, with_model_text
from cowrite.convert.notes.marks import NO_RESULTS, Results
from cowrite.core.board.frames import frame_of
from cowrite.core.board.items import Group, Hand, Note, Tie, all_below, right_below
from cowrite.core.board.jottings import JottedLink
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.polls import Poll, PollKind
from cowrite.core.sessions.tally import tally


def listed(brainstorm: Brainstorm, ids: Collection[str] | None = None) -> list[ListedNote]:
    """The notes of a board group by group, those of no group last.

    Args:
        brainstorm: what is on it.
        ids: only these; all without it, but for the model's that nobody has adopted. A note that was sealed by whoever
            sits here is never among them.
    """
    notes = brainstorm.visibility.published(merged=True)
    below = right_below(notes)
    groups = {group.id: group for group in brainstorm.board.groups()}
    titles = {id: _title(group.title) or "Group" for id, group in groups.items()}
    order = {id: place for place, id in enumerate(titles)}
    chosen = [note for note in notes if (note.hand is not Hand.MODEL if ids is None else note.id in ids)]
    inside = {each.id for note in chosen for each in all_below(note.id, below)}
    rows = []
    for note in sorted(chosen, key=lambda note: order.get(note.group, len(order))):
        # What is inside another one is listed below it, or in its place where that one says nothing.
        shown = [each for each in (note, *all_below(note.id, below)) if plain(each.text) or each.image]
        if shown and note.id not in inside:
            rows.append((note.group if note.group in titles else "", shown))
    known = _Known(brainstorm, [each for _, shown in rows for each in shown])
    return [
        replace(
            known.listed(first, titles.get(group, ""), groups.get(group)),
            stands_for=tuple(known.listed(each).within() for each in within),
        )
        for group, (first, *within) in rows
    ]


class _Known:
    """What is known of the notes of a list besides their words.

    Args:
        brainstorm: what is on the board.
        notes: all of the list.
    """

    def __init__(self, brainstorm: Brainstorm, notes: Sequence[Note]) -> None:
        self._results = _results(brainstorm.visibility.polls())
        self._frames = brainstorm.board.frames()
        ids = {note.id for note in notes}
        ties = [(note.id, end, Tie.BUILDS_ON) for note in notes for end in note.builds_on]
        ties += [(link.start, link.end, link.tie) for link in brainstorm.board.links()]
        told = dict.fromkeys(tie for tie in ties if {*tie[:2]} <= ids and tie[0] != tie[1])
        ends = {end for _, end, _ in told}
        numbers = count(1)
        self._numbers = {note.id: next(numbers) for note in notes if note.id in ends}
        self._links: dict[str, list[JottedLink]] = {}
        for start, end, tie in told:
            self._links.setdefault(start, []).append(JottedLink(tie, self._numbers[end]))

    def listed(self, note: Note, title: str = "", group: Group | None = None) -> ListedNote:
        """A note with all that is known of it."""
        return with_model_text(
            ListedNote(
                *(plain(note.text), title, note.colour, note.author),
                results=self._results.get(note.id, NO_RESULTS),
                group_results=self._results.get(group.id, NO_RESULTS) if group else NO_RESULTS,
                group_model_text=group.model_text if group else "",
                is_late=note.is_late,
                frame=_title(frame.title) or "Frame" if (frame := frame_of(note.place, self._frames)) else "",
                picture=note.image,
                number=self._numbers.get(note.id, 0),
                hand=note.hand,
                model_text="" if note.hand is Hand.PERSON else note.model_text,
                links=tuple(sorted(self._links.get(note.id, ()), key=lambda link: (link.number, link.tie))),
            )
        )


def _results(polls: Iterable[Poll]) -> dict[str, Results]:
    """By id of a note or group what the newest closed poll of each kind says of it. Dots, a mean of scores and a place
    in a ranking are different things and never take each other's place."""
    found: dict[str, Results] = {}
    for poll in polls:
        if not poll.is_closed:
            continue
        result = tally(poll)
        for place, each in enumerate(result.counts, 1):
            before = found.get(each.option, NO_RESULTS)
            if poll.kind is PollKind.DOTS:
                found[each.option] = replace(before, votes=float(each.value))
            elif poll.kind is PollKind.SCORES and each.voters:
                found[each.option] = replace(before, score=round(each.value, 2))
            elif poll.kind is PollKind.RANKED and each.voters:
                found[each.option] = replace(before, rank=1 if each.option in result.winners else place)
    return found


def _title(title: str) -> str:
    return " ".join(plain(title).split())
