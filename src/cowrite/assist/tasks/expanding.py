"""More ideas for a question or a note, far from those that are there.

Runs anywhere. Each call of the model looks through another lens (`assist.prompts.lenses`); what is not well formed or
too much like what is there is dropped. More are asked for than shown: of those of a small model the ones stay that the
question makes likelier (the pointwise mutual information of idea and question) and that are near it by their meaning,
and they are picked one by one so that each is far from those before it (maximal marginal relevance: Carbonell and
Goldstein, 1998). A model that converses is trusted to answer the question, so there only the distance counts.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field

from cowrite.assist.prompts.files import Template
from cowrite.assist.prompts.lenses import Lens, Lenses, Look
from cowrite.assist.prompts.prompting import generation_of, prompt_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Lane, Model, Scoring, Tier
from cowrite.assist.tasks.embedding import Vector, likeness, vectors
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, generate, score
from cowrite.assist.tasks.outcomes import Made, Tally
from cowrite.assist.text.guards import NOTHING_USABLE, Unusable, check_language
from cowrite.assist.text.sentences import words
from cowrite.assist.text.well_formed import idea_of
from cowrite.core.board.similar import LetterLikeness, VectorLikeness

AT_ONCE = 3
"""Ideas that a person is shown at a time."""
CALLS = {Tier.SMALL: 4, Tier.CHAT: 2}
"""Calls for each idea that is still wanted."""
LEAST_CALLS = {Tier.SMALL: 12, Tier.CHAT: 3}  # in one round
MOST_CALLS = 60
ROUNDS = 3
NEUTRAL = "What could be done?"
"""A question that makes no idea likelier than another."""
LEAST_TOKENS = 6  # by which the gain of a short idea is divided: one word must not decide
NEARNESS = 1.0  # nats per token that the likeness of idea and question weighs
LEAST_NEARNESS = 0.2  # cosine; of all-MiniLM-L6-v2 below it texts have nothing to do with each other
DISTANCE = 1.0  # nats per token that the likeness of two ideas weighs
SAME_LENS = 0.5  # nats per token that one lens twice weighs
MOST_LISTED = 24  # ideas that are there already, of which a model is told


@dataclass(frozen=True, slots=True)
class Expanding:
    """What ideas are wanted for.

    Attributes:
        question: what is asked.
        note: the idea from which they go on; empty for the question alone.
        there: what is there already: notes, titles of groups, ideas that were shown.
        count: how many.
        encoder: the file of the model that gives vectors; empty where there is none, then letters are compared.
        seed: for order and draw.
    """

    lenses: Lenses
    question: str
    note: str = ""
    there: tuple[str, ...] = ()
    count: int = AT_ONCE
    encoder: str = ""
    seed: int = 0

    @property
    def asked(self) -> str:
        """Question and note as one question."""
        question, note = " ".join(self.question.split()), " ".join(self.note.split())
        if not note:
            return question
        about = f"How could we go on from this idea: “{note.rstrip('.')}”?"
        return f"{question} {about}" if question else about


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of the model.

    Attributes:
        lens: through which it looked.
    """

    text: str
    lens: Lens


@dataclass(frozen=True, slots=True)
class Expanded:
    """The ideas; fewer than wanted where the model had no more."""

    ideas: tuple[Idea, ...]
    made: Made


@dataclass(slots=True)
class _Candidate:
    idea: Idea
    gain: float = 0.0


@dataclass(slots=True)
class _Near:
    """How like the candidates are to each other and to what is there, by the texts' places in one list."""

    same: float
    table: dict[tuple[int, int], float] = field(default_factory=dict)

    def __call__(self, one: int, other: int) -> float:
        return self.table.get((min(one, other), max(one, other)), 0.0)


def expand(model: Model, card: StyleCard, task: Expanding) -> Job[Expanded]:
    """Ideas for a question, without words that the card wants avoided.

    Raises:
        Unusable: there is no question, it is in a language that the model does not know, or the model had no idea that
            is worth showing.
    """
    if not words(task.asked):
        raise Unusable("There is no question to find ideas for.")
    check_language(model.parameters, f"{task.question} {task.note}")
    template, tally = task.lenses.templates[model.tier], Tally()
    looks = task.lenses.looks(task.seed)
    found: list[_Candidate] = []
    chosen: list[Idea] = []
    known: set[str] = set()
    rows: dict[str, Vector] = {}
    for turn in range(ROUNDS):
        missing = task.count - len(chosen)
        calls = min(MOST_CALLS, max(LEAST_CALLS[model.tier], missing * CALLS[model.tier]))
        new = yield from _asked(model, card, task, template, tally, looks, calls, turn, known)
        if model.tier is Tier.SMALL:
            new = yield from _likelier(card, task, template, tally, new)
            new = yield from _on_topic(task, new, rows)
        found += new
        near = yield from _near(task, found, rows)
        chosen = _chosen(task, found, near)
        if len(chosen) >= task.count:
            break
    if not chosen:
        raise Unusable(NOTHING_USABLE, "\n".join(tally.raw))
    return Expanded(tuple(chosen), tally.made(template.name, "idea", task.seed))


def _asked(
    model: Model,
    card: StyleCard,
    task: Expanding,
    template: Template,
    tally: Tally,
    looks: Iterator[Look],
    calls: int,
    turn: int,
    known: set[str],
) -> Generator[Step, Answer, list[_Candidate]]:
    """What the model has to say, as far as it is well formed and new.

    Args:
        known: what it wrote that was new; grows.
    """
    found: list[_Candidate] = []
    for number in range(calls):
        look = next(looks)
        yield Progress(number, calls, f"Looking for ideas: {look.lens.title.lower()}")
        slots = _slots(model, card, task, look, [each.idea.text for each in found])
        seed = (task.seed + 7919 * turn + number) % 2**31
        step = generation_of(template, model, slots, given=task.asked, seed=seed, is_shown=False)
        completion = yield from generate(step)
        tally.add(completion)
        begun = look.opening if model.tier is Tier.SMALL else ""
        if begun and completion.text[:1].isalnum():
            continue  # it made another word of the opening: "Stop" and "ped"
        text = idea_of(f"{begun}{completion.text}", task.asked, begun, template.prompt)
        ending = completion.text.strip()
        if (
            text and ending not in known and not card.avoided_in(text)
        ):  # the same behind other first words is the same idea
            known.add(ending)
            found.append(_Candidate(Idea(text, look.lens)))
    return found


def _slots(model: Model, card: StyleCard, task: Expanding, look: Look, found: Sequence[str]) -> dict[str, str]:
    listed = [*task.there, *found][-MOST_LISTED:]
    return {
        "style": card.for_tier(model.tier),
        "question": task.asked,
        "opening": f" {look.opening}",
        "asks": look.asks,
        "avoid": "\n".join(f"- {' '.join(each.split())}" for each in listed) or "none",
    }


def _likelier(
    card: StyleCard, task: Expanding, template: Template, tally: Tally, found: Sequence[_Candidate]
) -> Generator[Step, Answer, list[_Candidate]]:
    """Those that the question makes likelier, and by how much."""
    if not found:
        return []
    texts = tuple(f" {each.idea.text}" for each in found)
    likely: list[Sequence[float]] = []
    lengths: Sequence[int] = ()
    for question in (task.asked, NEUTRAL):
        prompt = prompt_of(template, Tier.SMALL, {"style": card.for_tier(Tier.SMALL), "question": question})
        scores = yield from score(Scoring(Lane.PANEL, prompt, texts))
        tally.add(scores)
        likely.append(scores.log_probabilities)
        lengths = scores.lengths
    for each, asked, neutral, length in zip(found, *likely, lengths, strict=True):
        each.gain = (asked - neutral) / max(LEAST_TOKENS, length)
    return [each for each in found if each.gain > 0]


def _on_topic(
    task: Expanding, found: list[_Candidate], rows: dict[str, Vector]
) -> Generator[Step, Answer, list[_Candidate]]:
    """Those that have to do with the question by their meaning, where there is a model that knows; the nearer the
    better. Their distance from what is there is looked at later.

    Args:
        rows: the vectors that are known; grows.
    """
    if not task.encoder:
        return found
    yield from _look_up(task, [task.asked, *(each.idea.text for each in found)], rows)
    kept: list[_Candidate] = []
    for each in found:
        nearness = likeness(rows[task.asked], rows[each.idea.text])
        if nearness >= LEAST_NEARNESS:
            each.gain += NEARNESS * nearness
            kept.append(each)
    return kept


def _look_up(task: Expanding, texts: Sequence[str], rows: dict[str, Vector]) -> Generator[Step, Answer, None]:
    lacking = [text for text in texts if text not in rows]
    made = yield from vectors(task.encoder, lacking)
    rows.update(zip(lacking, made, strict=True))


def _near(task: Expanding, found: Sequence[_Candidate], rows: dict[str, Vector]) -> Generator[Step, Answer, _Near]:
    """How like all of it is.

    Args:
        rows: the vectors that are known; grows.
    """
    texts = [*(each.idea.text for each in found), *task.there]
    if not task.encoder:
        letters = LetterLikeness()
        pairs = {(pair.first, pair.second): pair.likeness for pair in letters.pairs(texts, 0.0)}
        return _Near((letters.thresholds.duplicate + letters.thresholds.group) / 2, pairs)
    yield from _look_up(task, texts, rows)
    limits = VectorLikeness.thresholds
    near = _Near((limits.duplicate + limits.group) / 2)
    for one in range(len(found)):
        for other in range(one + 1, len(texts)):
            near.table[one, other] = likeness(rows[texts[one]], rows[texts[other]])
    return near


def _chosen(task: Expanding, found: Sequence[_Candidate], near: _Near) -> list[Idea]:
    """The best one first, then each time the one that is best and far from those before."""
    there = range(len(found), len(found) + len(task.there))
    left = [number for number in range(len(found)) if all(near(number, other) < near.same for other in there)]
    chosen: list[int] = []
    while left and len(chosen) < task.count:

        def value(number: int) -> float:
            others = [near(number, other) for other in (*chosen, *there)]
            again = sum(found[other].idea.lens == found[number].idea.lens for other in chosen)
            return found[number].gain - DISTANCE * max(others, default=0.0) - SAME_LENS * again

        best = max(left, key=value)
        chosen.append(best)
        left = [number for number in left if number != best and near(number, best) < near.same]
    return [found[number].idea for number in chosen]
