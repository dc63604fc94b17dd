"""What was decided: decisions of a draft or a transcript, each with the words that show it and where they stand.

Runs anywhere. A small model is not trusted with words of its own. Without a question, sentences are found in which
people decide, lean or leave open, and the model judges which of the doubtful ones to drop. With a question, the places
are found where it is talked about, and how likely the model finds the question after each helps to choose among them.
A model that converses reads the text in pieces and names decisions with quotes. Either way a decision is shown only
with words that stand in the text, and where there are none the list is empty.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from cowrite.assist.addressing import people_in
from cowrite.assist.choosing import NOTHING, likelihood
from cowrite.assist.decision_claims import claimed_in
from cowrite.assist.decision_groups import Candidate, Group, agrees_after, grouped
from cowrite.assist.decision_wording import wording
from cowrite.assist.decision_words import (
    Standing,
    denies_all,
    due_in,
    is_assent,
    is_closing,
    is_firm,
    is_of_another,
    is_only_assent,
    is_yes_or_no,
    owner_in,
    standing,
    takes_back,
)
from cowrite.assist.evidence import BROAD, WIDE, Evidence, head_and_aside, looked_for, named_in
from cowrite.assist.guards import Unusable
from cowrite.assist.jobs import Answer, Job, Progress, Step
from cowrite.assist.minutes import reported
from cowrite.assist.outcomes import DecisionSummary, FoundDecision, Tally
from cowrite.assist.places import Place, chances, shared_out
from cowrite.assist.prompt_files import PromptFile, Template
from cowrite.assist.prompting import filled
from cowrite.assist.quotes import Quote
from cowrite.assist.requests import Model, Tier
from cowrite.assist.retrieval import PassageIndex
from cowrite.assist.sentences import Piece, words
from cowrite.assist.style_card import StyleCard
from cowrite.assist.transcripts import Said, in_lines, said, speakers

MAX_QUESTION = 500  # characters
ANY = "What was decided?"
NOTHING_DECIDED = "Nothing was decided in this text."
NOTHING_ABOUT_IT = "Nothing was decided about that in this text."
MOST_FOUND = 12  # decisions without a question
BEFORE_THAT = "Before that:"  # stands before what was taken back
REACH = 60.0  # words to either side of the middle of a place, by which it is judged
BEFORE, BEHIND, MOSTLY = 20.0, 120.0, 60.0
"""Words before and behind its middle from which a place is quoted, and where most of them: when people begin to talk
of something they name it, and later they point to it."""
SPACED = 15.0  # words from one quote of a place to the next, where there are so many
BESIDE = 25.0  # words to either side of a sentence that decides
RANKED = 30  # turns
MOST_PLACES = 8  # where the topic is talked about
BEST_TURNS = 3  # that come into question beside them
LEAST_RATE = 0.2  # of the best place's: below, a place has nothing to do with the question
LONG = 600  # words: from here on a place is more than sentences that have the question's words or then decide
TELLING = 5  # sentences of a place, of which one that decides in so many words tells how far things are
MOST_SENTENCE_WORDS = 35  # of one that is reported rather than a longer one
SPOKEN_WORDS = 25  # of a place are reported
"""With what was talked about and how it ended it makes some 50 words: QMSum's human answers have 58 at the median."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """A search for decisions.

    Attributes:
        file: the task.
        text: a draft or a transcript.
        question: what narrows it; empty for all decisions.
        seed: for the draw.
    """

    file: PromptFile
    text: str
    question: str = ""
    seed: int = 0


def decide(model: Model, card: StyleCard, task: Deciding) -> Job[DecisionSummary]:
    """The decisions of a text, with a question the best first, else in their order.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: there are no words to work on.
    """
    template = task.file.template(model.tier)
    if not words(task.text):
        raise Unusable("There are no words to work on.")
    tally = Tally()
    question = " ".join(task.question.split())[:MAX_QUESTION]
    work = _Work.of(task, template, tally, question, card.for_tier(model.tier))
    if model.tier is not Tier.SMALL:
        found = yield from claimed_in(model, card, task.file, task.text, question, task.seed, tally)
    elif work.weights and work.is_transcript:
        found = yield from _places(work)
    else:
        found = yield from _sentences(work)
    shown = tuple(each for each in found if each.quotes)
    return DecisionSummary(shown, tally.made(template.name, task.file.act, task.seed))


@dataclass(frozen=True, slots=True)
class _Work:
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
    def of(cls, task: Deciding, template: Template, tally: Tally, question: str, style: str) -> _Work:
        some = said(task.text)
        names = speakers(task.text)
        by_turn = _by_turn(some, question) if names and question else {}
        weights, named = looked_for(question, names), named_in(question, names)
        return cls(template, tally, question, style, some, Evidence(some), weights, bool(names), by_turn, named)

    def judge(self, parts: Sequence[Sequence[int]], doing: str) -> Generator[Step, Answer, list[float]]:
        """How likely the question is after each of some parts, in nats."""
        found: list[float] = []
        for number, part in enumerate(parts):
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


# With a question, in a transcript: places


def _places(work: _Work) -> Generator[Step, Answer, list[FoundDecision]]:
    evidence = work.evidence
    weights = evidence.widened(work.weights)
    rates = evidence.rated(weights)
    found = _candidates(work, weights, rates)
    judged = yield from work.judge([evidence.around(index, REACH, REACH) for index in found], "Reading part")
    topic, part = _shares(evidence.rated(weights, WIDE)), _shares(evidence.rated(weights, BROAD))
    places = [
        Place(index, evidence.at[index], topic[index], part[index], work.asked(index), value, work.said_by_named(index))
        for index, value in zip(found, judged, strict=True)
    ]
    likely = sorted(zip(chances(places), places, strict=True), key=lambda each: -each[0])
    counts = shared_out([place for _, place in likely], [chance for chance, _ in likely])
    return [
        _at_place(work, weights, place.index, count) for (_, place), count in zip(likely, counts, strict=True) if count
    ]


def _shares(rates: Sequence[float]) -> list[float]:
    """Rates as shares of the highest."""
    most = max(rates, default=0.0) or 1.0
    return [rate / most for rate in rates]


def _candidates(work: _Work, weights: dict[str, float], rates: Sequence[float]) -> list[int]:
    """The middles of the places that come into question: where most is talked of the topic, the best first, then the
    turns that rank highest for the whole question, unless they lie in one of these."""
    at = work.evidence.at
    found = work.evidence.places(rates, MOST_PLACES)
    found = [index for index in found if rates[index] >= LEAST_RATE * rates[found[0]]]
    for turn in [*work.by_turn][:BEST_TURNS] if found else []:
        sentences = [index for index, one in enumerate(work.said) if one.turn == turn]
        middle = max(sentences, key=lambda index: work.own(index, weights))
        if all(abs(at[middle] - at[other]) > REACH for other in found):
            found.append(middle)
    return found


def _at_place(work: _Work, weights: dict[str, float], place: int, count: int) -> FoundDecision:
    chosen = _chosen(work, weights, place)
    status = _status(work, chosen)
    spoken = [work.said[index] for index in sorted(_spoken(work, chosen))]
    return _decision(work, wording(work.question, spoken, status), status, sorted(_spaced(work, chosen)[:count]))


def _spaced(work: _Work, chosen: Sequence[int]) -> list[int]:
    """The sentences of a place, those first that lie apart: where one is off the point, those beside it are too."""
    at = work.evidence.at
    found: list[int] = []
    for index in chosen:
        if all(abs(at[index] - at[other]) >= SPACED for other in found):
            found.append(index)
    return found + [index for index in chosen if index not in found]


def _status(work: _Work, chosen: Sequence[int]) -> Standing:
    """How far things are at a place: what is decided in so many words counts, else what is said last of the most
    telling sentences, else the next telling one."""
    telling = sorted(chosen[:TELLING], reverse=True)
    if any(is_firm(work.said[index].plain) for index in telling):
        return Standing.DECIDED
    found = (standing(work.said[index].plain) for index in (*telling, *chosen[TELLING:]))
    return next((each for each in found if each is not None), Standing.OPEN)


def _chosen(work: _Work, weights: dict[str, float], place: int) -> list[int]:
    """The sentences of a place, the most telling first; those of whom the question names before others'."""
    evidence = work.evidence
    around = evidence.around(place, BEFORE, BEHIND)
    others = around if evidence.length >= LONG else _settling(work, weights, around)
    middle = evidence.at[place] + MOSTLY
    rated: list[tuple[float, int]] = []
    for index in around:
        one = work.said[index]
        own = work.own(index, weights)
        if one.length > 2 and (own or index in others):
            distance = abs(evidence.at[index] - middle) / (BEFORE + BEHIND)
            asked = float(one.speaker in work.named)
            rated.append((own + asked + min(one.length, 15) / 15 - 2 * distance, index))
    return [index for _, index in sorted(rated, key=lambda each: (-each[0], each[1]))]


def _settling(work: _Work, weights: dict[str, float], around: Sequence[int]) -> set[int]:
    """Of the sentences of a place those that decide without the question's words: after one that has them and tells
    nothing yet, as people name once what they talk of, and before something else is asked."""
    found: set[int] = set()
    is_asked = False
    for index in around:
        one = work.said[index]
        asks, how = one.plain.endswith("?"), standing(one.plain)
        if work.own(index, weights):
            is_asked = asks or how in (None, Standing.LEANING)
        elif asks and one.length > 2:
            is_asked = False
        elif is_asked and how is Standing.DECIDED:
            found.add(index)
    return found


def _spoken(work: _Work, chosen: Sequence[int]) -> list[int]:
    """Of the sentences of a place the most telling ones, as many as are reported; those in which somebody rambles
    only where there is nothing else."""
    taken: list[int] = []
    count = 0
    for index in sorted(chosen, key=lambda index: work.said[index].length > MOST_SENTENCE_WORDS):
        if count < SPOKEN_WORDS:
            taken.append(index)
            count += work.said[index].length
    return taken


# All decisions of a text, or those that have the words of a question: sentences


def _sentences(work: _Work) -> Generator[Step, Answer, list[FoundDecision]]:
    weights = work.evidence.widened(work.weights)
    candidates = [each for index in range(len(work.said)) if (each := _candidate(work, index)) is not None]
    if work.weights:
        candidates = [each for each in candidates if _is_about(work, weights, each.index)]
    doubtful = _strongest([each for each in candidates if not each.is_sure])
    parts = [work.evidence.around(each.index, BESIDE, BESIDE) for each in doubtful]
    nothing = (yield from work.likelihood(NOTHING)) if doubtful else 0.0
    values = yield from work.judge(parts, "Judging sentence")
    kept = [each for each, value in zip(doubtful, values, strict=True) if value > nothing]
    shown = _strongest([each for each in candidates if each.is_sure] + kept)
    return [_together(work, group) for group in grouped(work.said, shown)]


def _together(work: _Work, group: Group) -> FoundDecision:
    told = {index: reported(work.said[index].speaker, work.said[index].plain) for index in group.quotes}
    parts = [told[group.asked]] if group.asked is not None else []
    parts.append(told[group.first.index])
    if group.earlier is not None:
        parts.append(f"{BEFORE_THAT} {told[group.earlier]}")
    own = [index for index in group.quotes if index not in (group.asked, group.earlier)]
    return _decision(work, " ".join(parts), group.first.status, own, group.quotes)


def _strongest(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (-each.strength, each.index))[:MOST_FOUND]


def _candidate(work: _Work, index: int) -> Candidate | None:
    one = work.said[index]
    status = standing(one.plain)
    only_back = status is None and takes_back(one.plain)
    if one.length < 3 or not work.evidence.terms[index] or (status is None and not only_back):
        return None
    if denies_all(one.plain) or is_only_assent(one.plain):
        return None
    after = [other for other in work.said[index + 1 : index + 4] if other.speaker != one.speaker]
    is_closed = status is Standing.LEANING and any(is_closing(other.plain) for other in after[:1])
    is_doubted = one.plain.endswith("?") and not agrees_after(work.said, index)
    if is_closed or status is None:
        status = Standing.DECIDED
    elif status is Standing.DECIDED and is_doubted:  # "We are not going to sell, right?"
        status = Standing.OPEN
    elif status is Standing.OPEN and is_yes_or_no(one.plain) and agrees_after(work.said, index):
        status = Standing.LEANING
    is_sure = is_closed or (status is Standing.DECIDED and is_firm(one.plain))
    assents = sum(is_assent(other.plain) for other in after)
    telling = min(4, len(work.evidence.terms[index]))
    strength = 4.0 * is_sure + 2.0 * (status is Standing.DECIDED) + min(2, assents) + telling / 2
    return Candidate(index, status, is_sure, strength, only_back)


def _is_about(work: _Work, weights: dict[str, float], index: int) -> bool:
    """Whether a sentence, or the one before it in its paragraph, has what the question looks for."""
    before = [index - 1] if index and work.said[index - 1].turn == work.said[index].turn else []
    return any(work.own(each, weights) > 0.0 for each in (index, *before))


def _goes_on(work: _Work, index: int, other: int) -> bool:
    """Whether a sentence behind another belongs to it: in the same turn, or where somebody agrees to it."""
    one, behind = work.said[index], work.said[other]
    return behind.turn == one.turn or (other == index + 1 and is_closing(behind.plain))


def _decision(
    work: _Work, text: str, status: Standing, own: Sequence[int], quotes: Sequence[int] | None = None
) -> FoundDecision:
    """A decision with what those sentences that tell it, and what is said right after them in the same turn, say of
    owner and date; but not what somebody else has to do until then."""
    near = list(own)
    for index in own:
        behind = range(index + 1, min(index + 3, len(work.said)))
        near += [other for other in behind if _goes_on(work, index, other) and other not in near]
    spoken = [(work.said[index].speaker, work.said[index].plain) for index in near]
    return FoundDecision(
        text=text,
        status=status,
        owner=owner_in(spoken, people_in(work.said)),
        due=due_in(sentence for _, sentence in spoken if not is_of_another(sentence)),
        quotes=tuple(work.quote(index) for index in quotes or own),
    )
