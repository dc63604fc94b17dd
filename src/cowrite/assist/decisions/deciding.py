"""What was decided: decisions of a draft or a transcript, each with the words that show it and where they stand.

Runs anywhere. With a question, the places of a long transcript are found where it is talked about; how likely the
model finds the question after each helps to choose among them, and a model that makes nothing up puts them into words.
A model that converses reads anything else, in pieces, and names decisions with quotes; it judges those of them that no
word shows. A small one is not trusted with that: sentences are found in which people decide, lean or leave open, and it
judges which of the doubtful ones to drop.
Either way a decision is shown only with words that stand in the text, and where there are none the list is empty.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from cowrite.assist.decisions.at_places import at_places
from cowrite.assist.decisions.candidates import candidates_of
from cowrite.assist.decisions.claims import claimed_in
from cowrite.assist.decisions.groups import Candidate, Group, grouped
from cowrite.assist.decisions.minutes import reported
from cowrite.assist.decisions.past import telling_of_then
from cowrite.assist.decisions.shown import BEFORE_THAT, found_decision
from cowrite.assist.decisions.work import Work
from cowrite.assist.prompts.files import Division, PromptFile
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model, Tier
from cowrite.assist.tasks.choosing import NOTHING
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.jobs import Answer, Job, Step
from cowrite.assist.tasks.outcomes import DecisionSummary, Tally
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.sentences import has_words
from cowrite.core.decisions.found import FoundDecision
from cowrite.core.text.quote import Quote

MAX_QUESTION = 500  # characters
NOTHING_DECIDED = "No decision was found in this text."
NOTHING_ABOUT_IT = "No decision about that was found in this text."
MOST_FOUND = 12  # decisions without a question
BESIDE = 25.0  # words to either side of a sentence that decides


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
    if not has_words(task.text):
        raise Unusable("There are no words to work on.")
    tally = Tally()
    question = " ".join(task.question.split())[:MAX_QUESTION]
    work = yield from Work.of(task.text, template, tally, question, card.for_tier(model.tier))
    found: list[FoundDecision] = []
    notes: tuple[str, ...] = ()
    is_all_read = model.tier is not Tier.SMALL and len(divided(task.text, Division.WHOLE, model.context)) < 2
    if work.weights and work.is_transcript and template.judging and not is_all_read:
        found = yield from at_places(work, model)
    elif model.tier is Tier.SMALL:
        found = yield from _sentences(work)
    if model.tier is not Tier.SMALL and not found:
        claimed, notes = yield from claimed_in(model, card, task.file, work, task.text, task.seed)
        borne = (yield from _borne(work, claimed)) if claimed and not model.place else claimed
        found = _joined(borne, (yield from _sentences(work, is_judged=False)))
    return DecisionSummary(_apart(found), tally.made(template.name, task.file.act, task.seed), notes)


def _borne(work: Work, claimed: Sequence[FoundDecision]) -> Generator[Step, Answer, list[FoundDecision]]:
    """Of what a model names that which the words show, or else after which it finds it likely that decisions are spoken
    of: asked for all, some call each sentence of a page decided."""
    told = {each.index for each in (yield from candidates_of(work))}
    at = [work.indices(each.quotes) for each in claimed]
    doubtful = [indices for indices in at if told.isdisjoint(indices)]
    parts = [work.evidence.around(indices[0], BESIDE, BESIDE) for indices in doubtful]
    nothing = (yield from work.likelihood(NOTHING)) if doubtful else 0.0
    values = yield from work.judge(parts, "Judging decision")
    dropped = [indices for indices, value in zip(doubtful, values, strict=True) if value <= nothing]
    return [each for each, indices in zip(claimed, at, strict=True) if indices not in dropped]


def _joined(claimed: Sequence[FoundDecision], sure: Sequence[FoundDecision]) -> list[FoundDecision]:
    """What a model names, and what the text says in so many words that the model has passed over; of what was taken
    back, that counts alone."""
    back = [each for each in sure if BEFORE_THAT in each.text]
    kept = [each for each in claimed if not any(_shares(each, other) for other in back)]
    others = [each for each in sure if not any(_shares(each, other) for other in kept)]
    return sorted((*kept, *others), key=lambda each: each.quotes[0].start) if others else kept


def _shares(one: FoundDecision, other: FoundDecision) -> bool:
    """Whether two decisions have words of the text in common."""
    return any(a.start < b.end and b.start < a.end for a in one.quotes for b in other.quotes)


def _sentences(work: Work, *, is_judged: bool = True) -> Generator[Step, Answer, list[FoundDecision]]:
    """All decisions of a text, or those that have the words of a question; where no model judges, only those of which
    the text says so in so many words."""
    weights = work.evidence.widened(work.weights)
    telling = telling_of_then(work.said)
    candidates = yield from candidates_of(work)
    candidates = [each for each in candidates if work.said[each.index].speaker not in telling]
    if work.weights:
        groups = [group for group in grouped(work.said, candidates) if _is_asked_for(work, weights, group)]
        candidates = [each for each in candidates if any(each.index in group.all for group in groups)]
    doubtful = _strongest([each for each in candidates if not each.is_sure]) if is_judged else []
    parts = [work.evidence.around(each.index, BESIDE, BESIDE) for each in doubtful]
    nothing = (yield from work.likelihood(NOTHING)) if doubtful else 0.0
    values = yield from work.judge(parts, "Judging sentence")
    kept = [each for each, value in zip(doubtful, values, strict=True) if value > nothing]
    shown = _strongest([each for each in candidates if each.is_sure] + kept)
    return [_together(work, group) for group in grouped(work.said, shown)]


def _apart(found: Sequence[FoundDecision]) -> tuple[FoundDecision, ...]:
    """Those that have words to show, each in the same words once: a transcript may have been pasted twice."""
    shown: dict[tuple[str, ...], FoundDecision] = {}
    for each in found:
        quotes: dict[str, Quote] = {}
        for quote in each.quotes:
            quotes.setdefault(" ".join(quote.text.split()).casefold(), quote)
        if quotes:
            shown.setdefault(tuple(quotes), replace(each, quotes=tuple(quotes.values())))
    return tuple(shown.values())


def _together(work: Work, group: Group) -> FoundDecision:
    told = {index: reported(work.said[index].speaker, work.said[index].plain) for index in group.quotes}
    parts = [told[group.asked]] if group.asked is not None else []
    parts.append(told[group.first.index])
    if group.earlier is not None:
        parts.append(f"{BEFORE_THAT} {told[group.earlier]}")
    own = [index for index in group.quotes if index not in (group.asked, group.earlier)]
    return found_decision(work, " ".join(parts), group.first.status, own, group.quotes)


def _strongest(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (-each.strength, each.index))[:MOST_FOUND]


def _is_asked_for(work: Work, weights: dict[str, float], group: Group) -> bool:
    """Whether a decision has what the question looks for, or the sentence before it in its paragraph has."""
    return any(
        work.own(each, weights) > 0.0
        for index in group.all
        for each in (index, index - 1)
        if each >= 0 and work.said[each].turn == work.said[index].turn
    )
