"""More ideas for a question or a note, far from those that are there.

Runs anywhere. Each call of the model looks through another lens (`assist.prompts.lenses`); what is not well formed, in
another language or too much like what is there is dropped. A model is asked in conversation or given a text to go on
with. Which of the two, size alone does not tell: a small one with a chat template is tried. It converses if most of its
first ideas are well formed and the question makes them clearly likelier (the pointwise mutual information of idea and
question): what a model that cannot follow says in a conversation has little to do with the question. One that converses
is trusted: its ideas come as it has them, unless they are too much like others. Of one that goes on with a text more
are asked for than shown: those stay that the question makes likelier and that are near it by their meaning. They are
picked one by one so that each is far from those before it (maximal marginal relevance: Carbonell and Goldstein, 1998).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cowrite.assist.prompts.files import Template
from cowrite.assist.prompts.lenses import Lens, Lenses, Look
from cowrite.assist.prompts.prompting import generation_of, prompt_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Chat, Lane, Message, Model, Prompt, Scoring, Tier, Words
from cowrite.assist.tasks.embedding import Vector, likeness, vectors
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, generate, score
from cowrite.assist.tasks.outcomes import Made, Tally
from cowrite.assist.text.guards import (
    NOTHING_USABLE,
    Unusable,
    check_language,
)
from cowrite.assist.text.languages import in_language_of, is_in_another, language_of
from cowrite.assist.text.sentences import words
from cowrite.assist.text.well_formed import LEAST_WORDS, idea_of
from cowrite.core.board.similar import LetterLikeness, VectorLikeness

AT_ONCE = 3
"""Ideas that a person is shown at a time."""
CALLS = {Tier.SMALL: 4, Tier.CHAT: 1}
"""Calls for each idea that is still wanted."""
LEAST_CALLS = {Tier.SMALL: 12, Tier.CHAT: 1}  # in one round
ROUNDS = {Tier.SMALL: 3, Tier.CHAT: 6}
TRIAL = 4  # first ideas by which it is seen whether a model converses
SPOILT = 1  # of them that may be of no use
CLEAR_GAIN = 0.5  # nats per token by which the question makes an idea likelier that answers it
MOST_CALLS = 60
ENGLISH_ONLY = "This model has ideas in English only; choose another one in Assistant → Models."
NEUTRAL = "What could be done?"
"""A question that makes no idea likelier than another."""
LEAST_TOKENS = 6  # by which the gain of a short idea is divided: one word must not decide
NEARNESS = 1.0  # nats per token that the likeness of idea and question weighs
LEAST_NEARNESS = 0.2  # cosine; of all-MiniLM-L6-v2 below it texts have nothing to do with each other
DISTANCE = {Tier.SMALL: 1.0, Tier.CHAT: 0.0}
"""Nats per token that the likeness of two ideas weighs. Where nothing says how good they are, the one that is farthest
from what is there would be the oddest."""
SAME_LENS = 0.5  # nats per token that one lens twice weighs
MOST_LISTED = 24  # ideas that are there already, and as many new ones, of which a model is told


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
    def told(self) -> str:
        """Question and note in nothing but people's own words."""
        return f"{self.question} {self.note}".strip()

    @property
    def spoken(self) -> str:
        """All that people have said: their language is told by more than a few words."""
        return "\n".join((self.question, self.note, *self.there))

    @property
    def labelled(self) -> str:
        """Question and note, each in a line of its own."""
        lines = (("The question", self.question), ("The idea to go on from", self.note))
        return "\n".join(f"{label}: {' '.join(text.split())}" for label, text in lines if text.strip())

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
    check_language(model.parameters, task.told)
    search = _Search(model, card, task, task.lenses.looks(task.seed), model.tier)
    yield from search.converse()
    if search.tier is Tier.SMALL and language_of(task.spoken) not in ("", "English"):
        raise Unusable(ENGLISH_ONLY, "\n".join(search.tally.raw))  # for so are the words with which it is to go on
    chosen = yield from search.chosen(task.count)
    for _ in range(ROUNDS[search.tier]):
        missing = task.count - len(chosen)
        if missing <= 0:
            break
        yield from search.ask(min(MOST_CALLS, max(LEAST_CALLS[search.tier], missing * CALLS[search.tier])))
        chosen = yield from search.chosen(task.count)
    if not chosen:
        raise Unusable(NOTHING_USABLE, "\n".join(search.tally.raw))
    return Expanded(tuple(chosen), search.tally.made(search.template.name, "idea", task.seed))


@dataclass(slots=True)
class _Search:
    """One search for ideas.

    Attributes:
        looks: those to come.
        tier: how the model is asked.
        tally: what it has taken.
        calls: how often the model was asked for an idea.
        found: what it had to say, as far as it is well formed and new.
        known: the same without the words that it was given to begin with: behind others it is the same idea.
        rows: the vectors that are known.
    """

    model: Model
    card: StyleCard
    task: Expanding
    looks: Iterator[Look]
    tier: Tier
    tally: Tally = field(default_factory=Tally)
    calls: int = 0
    found: list[_Candidate] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    rows: dict[str, Vector] = field(default_factory=dict)

    @property
    def template(self) -> Template:
        """How the model is asked."""
        return self.task.lenses.templates[self.tier]

    def converse(self) -> Generator[Step, Answer, None]:
        """Has the model converse, if it can: of a small one that is seen by its first ideas. What one that cannot has
        said is forgotten."""
        if self.tier is Tier.CHAT or not self.model.has_template:
            return
        self.tier = Tier.CHAT
        for number in range(TRIAL):
            yield from self._ask(number, TRIAL, "Trying out the model")
            if number + 1 - len(self.found) > SPOILT:
                break
        else:
            if (yield from self._answers()):
                return
        self.tier = Tier.SMALL
        self.found = []

    def _answers(self) -> Generator[Step, Answer, bool]:
        """Whether what the model has said answers the question, each in its own way; what does not is dropped."""
        clear = [each for each in (yield from self._likelier(self.found)) if each.gain >= CLEAR_GAIN]
        near = yield from _near(self.task, clear, self.rows)
        apart = _chosen(replace(self.task, there=()), clear, near, TRIAL, DISTANCE[self.tier])
        self.found = [replace(each, gain=0.0) for each in clear]
        return len(apart) >= TRIAL - SPOILT

    def ask(self, calls: int) -> Generator[Step, Answer, None]:
        """Asks the model so many times."""
        before = len(self.found)
        for number in range(calls):
            yield from self._ask(number, calls)
        if self.tier is Tier.SMALL:
            new = yield from self._likelier(self.found[before:])
            self.found[before:] = yield from _on_topic(self.task, new, self.rows)

    def chosen(self, count: int) -> Generator[Step, Answer, list[Idea]]:
        """The best ones so far, far from each other and from what is there."""
        near = yield from _near(self.task, self.found, self.rows)
        return _chosen(self.task, self.found, near, count, DISTANCE[self.tier])

    def _ask(self, number: int, calls: int, doing: str = "Looking for ideas") -> Generator[Step, Answer, None]:
        look = next(self.looks)
        yield Progress(number, calls, f"{doing}: {look.lens.title.lower()}")
        template, opening = self.template, look.opening if self.tier is Tier.SMALL else ""
        seed = (self.task.seed + self.calls) % 2**31
        self.calls += 1
        step = generation_of(
            template,
            self.model,
            self._slots(look),
            given=self.task.asked,
            seed=seed,
            is_shown=False,
            tier=self.tier,
        )
        completion = yield from generate(step)
        self.tally.add(completion)
        if opening and (completion.text[:1].isalnum() or completion.text.startswith(("'", "’"))):
            return  # it made another word of the opening: "Stop" and "ped", "Let" and "'s"
        least = 1 if self.model.tier is Tier.CHAT else LEAST_WORDS
        text = idea_of(f"{opening}{completion.text}", self.task.asked, opening, template.prompt, least)
        ending = completion.text.strip()
        is_ours = not is_in_another(text, self.task.spoken) and not self.card.avoided_in(text)
        if text and is_ours and ending not in self.known:
            self.known.add(ending)
            self.found.append(_Candidate(Idea(text, look.lens)))

    def _likelier(self, found: Sequence[_Candidate]) -> Generator[Step, Answer, list[_Candidate]]:
        """Those that the question makes likelier, and by how much."""
        if not found:
            return []
        texts = tuple(f" {each.idea.text}" if self.tier is Tier.SMALL else each.idea.text for each in found)
        likely: list[Sequence[float]] = []
        lengths: Sequence[int] = ()
        questions = (self.task.asked, NEUTRAL)
        for number, question in enumerate(questions):
            yield Progress(number, len(questions), "Judging ideas")
            scores = yield from score(Scoring(Lane.PANEL, self._question(question), texts))
            self.tally.add(scores)
            likely.append(scores.log_probabilities)
            lengths = scores.lengths
        for each, asked, neutral, length in zip(found, *likely, lengths, strict=True):
            each.gain = (asked - neutral) / max(LEAST_TOKENS, length)
        return [each for each in found if each.gain > 0]

    def _question(self, question: str) -> Prompt:
        if self.tier is Tier.CHAT:
            return Chat((Message("user", (Words(question),)),))
        return prompt_of(self.template, Tier.SMALL, {"style": self.card.for_tier(Tier.SMALL), "question": question})

    def _slots(self, look: Look) -> dict[str, str]:
        found = [each.idea.text for each in self.found]
        listed = [*self.task.there[-MOST_LISTED:], *found[-MOST_LISTED:]]  # it grows at its end, so the head stays read
        return {
            "style": self.card.for_tier(self.tier),
            "question": self.task.asked if self.tier is Tier.SMALL else self.task.labelled,
            "opening": f" {look.opening}",
            "asks": look.asks,
            "language": in_language_of(self.task.spoken),
            "avoid": "\n".join(f"- {' '.join(each.split())}" for each in listed) or "none",
        }


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


def _chosen(task: Expanding, found: Sequence[_Candidate], near: _Near, count: int, distance: float) -> list[Idea]:
    """The best one first, then each time the one that is best and far from those before."""
    there = range(len(found), len(found) + len(task.there))
    left = [number for number in range(len(found)) if all(near(number, other) < near.same for other in there)]
    chosen: list[int] = []
    while left and len(chosen) < count:

        def value(number: int) -> float:
            others = [near(number, other) for other in (*chosen, *there)]
            again = sum(found[other].idea.lens == found[number].idea.lens for other in chosen)
            return found[number].gain - distance * max(others, default=0.0) - SAME_LENS * again

        best = max(left, key=value)
        chosen.append(best)
        left = [number for number in left if number != best and near(number, best) < near.same]
    return [found[number].idea for number in chosen]
