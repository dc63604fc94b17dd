"""From a board to a list of notes, and back.

Runs on the document's thread. What goes out is what everybody has and as everybody sees it, votes only of polls that
are closed; what comes in is one act.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cowrite.convert.notes_list import ListedNote, plain
from cowrite.core.board import Hand, Note
from cowrite.core.brainstorm import Brainstorm
from cowrite.core.ideas import Ideas, Jotting
from cowrite.core.polls import PollKind
from cowrite.core.tally import tally


def listed(storm: Brainstorm, ids: Collection[str] | None = None) -> list[ListedNote]:
    """The notes of a board group by group, those of no group last.

    Args:
        storm: what is on it.
        ids: only these; all without it, but for the model's that nobody has adopted. A note that was sealed by whoever
            sits here is never among them.
    """
    notes = storm.visibility.published(merged=True)
    below: dict[str, list[Note]] = {}
    for note in notes:
        if note.merged_into:
            below.setdefault(note.merged_into, []).append(note)
    votes = _votes(storm)
    titles = {group.id: plain(group.title) or "Group" for group in storm.board.groups()}
    order = {id: place for place, id in enumerate(titles)}
    chosen = [note for note in notes if (note.hand is not Hand.MODEL if ids is None else note.id in ids)]
    inside = {each.id for note in chosen for each in _inner(note, below)}
    found = []
    for note in sorted(chosen, key=lambda note: order.get(note.group, len(order))):
        if note.id not in inside:  # it is listed below the one that stands for it
            title = " ".join(titles.get(note.group, "").split())
            stands_for = tuple(_listed(each, "", votes) for each in _inner(note, below))
            whole = _listed(note, title, votes, stands_for, votes.get(note.group) if title else None)
            found += [whole] if whole.text else []
    return found


def take_in(storm: Brainstorm, notes: Sequence[ListedNote]) -> list[str]:
    """Puts a list on the board in one act; gives the ids of its notes."""
    return Ideas(storm).take_in([_jotting(note) for note in notes])


def _listed(
    note: Note,
    group: str,
    votes: dict[str, float],
    stands_for: tuple[ListedNote, ...] = (),
    group_votes: float | None = None,
) -> ListedNote:
    text = plain(note.text)
    return ListedNote(text, group, note.colour, note.author, votes.get(note.id), group_votes, stands_for)


def _jotting(note: ListedNote) -> Jotting:
    within = tuple(_jotting(each) for each in note.stands_for)
    return Jotting(note.text, note.group, note.colour, note.author, within)


def _inner(note: Note, below: dict[str, list[Note]]) -> list[Note]:
    found: list[Note] = []
    waiting = [note.id]
    while waiting:
        inner = below.get(waiting.pop(), [])
        found += inner
        waiting += [each.id for each in inner]
    return found


def _votes(storm: Brainstorm) -> dict[str, float]:
    """By id of a note or group the dots that it got in the newest closed poll that asked about it. A mean of scores and
    a place in a ranking are no numbers of votes."""
    found: dict[str, float] = {}
    for poll in storm.visibility.polls():
        if poll.is_closed and poll.kind is PollKind.DOTS:
            found |= {count.option: float(count.value) for count in tally(poll).counts}
    return found
