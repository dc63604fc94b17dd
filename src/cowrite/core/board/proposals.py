"""Proposals: which notes might make a group, and how it might be called. None is ever applied by itself.

`proposed_groups` runs on any thread, over notes that do not change meanwhile. `Dismissals` runs on the document's
thread: what somebody has said no to is in the root `board`, so that nobody is asked again, in this or another window,
and so that it is taken back like any other act.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import combinations

from cowrite.core.board.board import ROOT
from cowrite.core.board.items import Note
from cowrite.core.board.similar import Likeness
from cowrite.core.document.document import Document
from cowrite.core.entries.fields import texts

UNPENALISED = 3  # so many notes make a group at no cost
TITLE_WORDS = 3
FIRST_WORDS = 6  # of a note that gives a group its title
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SMALL = frozenset(
    "a about above across after all along also an and any are as at be before been behind below between but by can "
    "could do does for from get had has have how i if in into instead is it its let make more most my no not of on "
    "during each every one only or our out over own should so some such than that the their them then there they "
    "this to too up us use very was we were what when where which while who why will with would you your "
    "als am an auch auf aus bei das dem den der des die durch ein eine einem einen einer es für im ist mehr mit nicht "
    "oder sich sie sind soll über um und unter vom von vor wir zu zum zur "
    "au aux avec ce ces dans de du elle en est et il la le les leur lieu mais ne nous ou par pas plus pour qui que "
    "sans ses son sont sur trop très un une vous "
    "al como con del el ella las los lo más muy para pero por se sin sobre son su sus una uno unos y "
    "agli ai alla alle che da dai dal degli dei del della delle di gli i nei nel nella non più per un "
    "ao aos com da das do dos em mais na nas no nos não o os pela pelo um uma "
    "aan bij een het met naar niet op te uit van voor".split()
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Notes that might belong together.

    Attributes:
        notes: their ids, in the order of the board.
        title: what the group might be called.
        likeness: how much alike they are on average.
    """

    notes: tuple[str, ...]
    title: str
    likeness: float


def proposed_groups(
    notes: Sequence[Note], likeness: Likeness, apart: Collection[frozenset[str]] = frozenset()
) -> list[Proposal]:
    """Groups among notes that are in none yet, the surest first; each note is in one at most.

    The two nearest groups become one, beginning with the notes alone, as long as their notes are on average alike
    enough. A group of more than three has to be the more alike the larger it is.

    Args:
        notes: all notes of the board, because what is rare on it is what tells notes apart.
        likeness: says how much alike two are.
        apart: pairs of ids that somebody has said do not belong together for being alike.
    """
    limits = likeness.thresholds
    found = likeness.pairs([note.text for note in notes], limits.group / 2)
    near = {
        (pair.first, pair.second): pair.likeness
        for pair in found
        if not (notes[pair.first].group or notes[pair.second].group)
        and frozenset((notes[pair.first].id, notes[pair.second].id)) not in apart
    }
    clusters = _clusters(near, limits.group, limits.each_more)
    spread = _spread(notes)
    proposals = [
        Proposal(
            tuple(notes[each].id for each in members),
            _title([notes[each] for each in members], spread, len(notes)),
            mean,
        )
        for members, mean in clusters
    ]
    return sorted(proposals, key=lambda proposal: (-proposal.likeness, proposal.notes))


def title_for(members: Sequence[Note], notes: Sequence[Note]) -> str:
    """A title for some notes of a board: the words that most of them have and few others; the first words of the
    first of them, where they have none in common.

    Args:
        members: they.
        notes: those of the board; some of the members may lie sealed, and so not be among them.
    """
    every = {note.id: note for note in (*notes, *members)}
    return _title(members, _spread(every.values()), len(notes))


def _spread(notes: Iterable[Note]) -> Counter[str]:
    """How many of the notes have each word."""
    return Counter(word for note in notes for word in set(_words(note.text)))


def _title(members: Sequence[Note], spread: Counter[str], count: int) -> str:
    inside = _spread(members)
    common = {word: times for word, times in inside.items() if times * 2 >= len(members) and times > 1}
    if not common:
        return _beginning(members[0].text) if members else ""
    weights = {word: times * math.log(1 + count / (1 + spread[word] - times)) for word, times in common.items()}
    text = " ".join(note.text for note in members).casefold()
    typical = sorted(weights, key=lambda word: (-weights[word], text.find(word)))[:TITLE_WORDS]
    for length in range(len(typical), 0, -1):
        for some in combinations(typical, length):
            phrases = filter(None, (_phrase(note.text, some) for note in members))
            if title := min(phrases, key=len, default=""):
                return title[:1].upper() + title[1:]
    return ""


def _beginning(text: str) -> str:
    found = text.split()
    return " ".join(found[:FIRST_WORDS]) + ("…" if len(found) > FIRST_WORDS else "")


def _phrase(text: str, typical: Collection[str]) -> str:
    """The shortest run of a text that has each of some words and else only small ones; empty where it has none."""
    places = [match for match in _WORD.finditer(text) if match.group().casefold() not in _SMALL]
    count = len(typical)
    runs = (places[at : at + count] for at in range(len(places) - count + 1))
    found = (run for run in runs if {match.group().casefold() for match in run} == set(typical))
    phrases = (text[run[0].start() : run[-1].end()] for run in found)
    return min((" ".join(phrase.split()) for phrase in phrases), key=len, default="")


class Dismissals:
    """What of the proposals somebody has said no to.

    Args:
        document: the draft whose board it is.
    """

    def __init__(self, document: Document) -> None:
        self._entries = document.entries(ROOT)

    def dismiss(self, notes: Iterable[str]) -> None:
        """Says that notes do not belong together for being alike; one step of undo."""
        ids = sorted(set(notes))
        # Who dismisses the same proposal at the same time makes the same entry with the same fields.
        key = f"dismissed:{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:16]}"
        if self._entries.get(key, removed=True) is None:
            self._entries.add(key, {"notes": ids})

    def apart(self) -> frozenset[frozenset[str]]:
        """All pairs of ids of which somebody has said so."""
        return frozenset(
            frozenset(pair)
            for _, fields in self._entries.all("dismissed")
            for pair in combinations(texts(fields, "notes"), 2)
        )


def _clusters(near: dict[tuple[int, int], float], enough: float, each_more: float) -> list[tuple[list[int], float]]:
    """Clusters by average linkage; a pair that is not in `near` counts as 0. Gives members and their mean likeness."""
    members: dict[int, list[int]] = {each: [each] for pair in near for each in pair}
    sums: dict[int, dict[int, float]] = {each: {} for each in members}
    inner: dict[int, float] = dict.fromkeys(members, 0.0)
    for (first, second), likeness in near.items():
        sums[first][second] = sums[second][first] = likeness

    def rated(one: int, other: int) -> tuple[float, int, int, int]:
        size = len(members[one]) + len(members[other])
        mean = sums[one][other] / (len(members[one]) * len(members[other]))
        return each_more * max(0, size - UNPENALISED) - mean, min(one, other), max(one, other), size

    waiting = [rated(first, second) for first, second in near]
    heapify(waiting)
    while waiting and -waiting[0][0] >= enough:
        best = heappop(waiting)
        _, one, other, _ = best
        if one not in members or other not in members or rated(one, other) != best:
            continue  # one of them has become larger since
        inner[one] += inner.pop(other) + sums[one].pop(other)
        members[one] += members.pop(other)
        del sums[other][one]
        for third, likeness in sums.pop(other).items():
            sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + likeness
            del sums[third][other]
        for third in sums[one]:
            heappush(waiting, rated(one, third))
    return [
        (sorted(each), inner[one] / (len(each) * (len(each) - 1) / 2)) for one, each in members.items() if len(each) > 1
    ]


def _words(text: str) -> list[str]:
    return [word for word in (each.casefold() for each in _WORD.findall(text)) if word not in _SMALL and len(word) > 2]
