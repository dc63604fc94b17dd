"""A text as a small model looks for decisions in it: its sentences, what is looked for, and what the model finds.

Runs anywhere.
"""

from __future__ import annotations

import statistics
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from cowrite.assist.prompts.files import Template
from cowrite.assist.prompts.prompting import filled
from cowrite.assist.tasks.choosing import likelihood
from cowrite.assist.tasks.jobs import MANY, Answer, Progress, Step
from cowrite.assist.tasks.outcomes import Tally
from cowrite.assist.text.evidence import Evidence, head_and_aside, looked_for, named_in
from cowrite.assist.text.retrieval import PassageIndex
from cowrite.assist.text.sentences import Piece
from cowrite.assist.text.transcripts import Said, in_lines, one_after_the_other, speakers
from cowrite.core.text.quote import Quote

READING = "Reading"
ANY = "What was decided?"
REACH = 60.0  # words to either side of the middle of a place, by which it is judged
RANKED = 30  # turns
JUDGING = 30.0  # seconds: what would take longer to judge is not judged, as the words alone tell nearly as much


@dataclass(frozen=True, slots=True)
class Work:
    """A text as a small model works on it.

    Attributes:
        style: what the style card says.
        weights: what the question looks for; empty where it only asks for decisions.
        by_turn: the turns that BM25 ranks first, in that order, with their part of what the whole question weighs.
        named: who speaks and is named in the question.
    """

    template: Template
    tally: Tally
    question: str
    style: str
    said: list[Said]
    evidence: Evidence
    weights: dict[str, float]
    is_transcript: bool
    by_turn: dict[int, float]
    named: frozenset[str]

    @classmethod
    def of(
        cls, text: str, template: Template, tally: Tally, question: str, style: str
    ) -> Generator[Step, Answer, Work]:
        """A text that is read for decisions; tells how far that is."""
        some: list[Said] = []
        for one in one_after_the_other(text):
            if some and not len(some) % MANY:
                yield Progress(one.piece.start, len(text), READING)
            some.append(one)
        names = speakers(text)
        by_turn = _by_turn(some, question) if names and question else {}
        weights, named = looked_for(question, names), named_in(question, names)
        return cls(template, tally, question, style, some, Evidence(some), weights, bool(names), by_turn, named)

    def judge(self, parts: Sequence[Sequence[int]], doing: str) -> Generator[Step, Answer, list[float]]:
        """How likely the question is after each of some parts, in nats, the most important first. Where a slow model
        would take too long for the rest, each of these counts as those before do at the mean."""
        found: list[float] = []
        begun = self.tally.usage.seconds
        for number, part in enumerate(parts):
            if number and (self.tally.usage.seconds - begun) * (number + 1) / number > JUDGING:
                return found + [statistics.fmean(found)] * (len(parts) - number)
            yield Progress(number, len(parts), f"{doing} {number + 1} of {len(parts)}")
            found.append((yield from self.likelihood(in_lines([self.said[index] for index in part]))))
        return found

    def likelihood(self, piece: str) -> Generator[Step, Answer, float]:
        """How likely the question is after a piece, in nats; without what it says of other things."""
        head, aside = head_and_aside(self.question)
        asked = f"{head.strip(' ,')}?" if aside else self.question or ANY
        slots = {"question": asked, "piece": piece, "style": self.style}
        return (yield from likelihood(self.template, slots, filled(self.template.judged, slots), self.tally))

    def quote(self, index: int) -> Quote:
        """A sentence as it stands in the text."""
        piece: Piece = self.said[index].piece
        return Quote(piece.text, piece.start, piece.end)

    def indices(self, quotes: Sequence[Quote]) -> list[int]:
        """The sentences of which some words of the text are."""
        return [
            index
            for index, one in enumerate(self.said)
            if any(one.piece.start < quote.end and quote.start < one.piece.end for quote in quotes)
        ]

    def asked(self, place: int) -> float:
        """How high the turns around a sentence rank for the question as a whole."""
        turns = {self.said[index].turn for index in self.evidence.around(place, REACH, REACH)}
        return sum(self.by_turn.get(turn, 0.0) for turn in turns)

    def said_by_named(self, place: int) -> float:
        """The share of the words around a sentence that those say whom the question names."""
        around = [self.said[index] for index in self.evidence.around(place, REACH, REACH)]
        named = sum(one.length for one in around if one.speaker in self.named)
        return named / sum(one.length for one in around)

    def own(self, index: int, weights: dict[str, float]) -> float:
        """How much a sentence itself has of what is looked for."""
        return sum(weights.get(word, 0.0) * self.evidence.weight(word) for word in self.evidence.terms[index])


def _by_turn(some: Sequence[Said], question: str) -> dict[int, float]:
    """The turns that BM25 ranks first for a question, with their scores as shares of the three best ones together."""
    turns: dict[int, list[str]] = {}
    for one in some:
        turns.setdefault(one.turn, []).append(one.plain)
    numbers = list(turns)
    hits = PassageIndex([" ".join(parts) for parts in turns.values()]).search(question, RANKED)
    best = sum(hit.score for hit in hits[:3]) or 1.0
    return {numbers[hit.index]: hit.score / best for hit in hits}
