"""What the assistant's ideas are worth, beside those of the same model when it is asked in chat for a list.

    python benchmarks/ideas.py [--model FILE] [--encoder FILE] [--questions 20] [--threads N] [--seed 1] [--json]

Twenty questions of several kinds, each with a few notes in groups that are there already (`idea_questions.json`; no
prompt was made by looking at them). Both sides are asked for ten ideas and told what is there:

- `lenses`: as the app and `cowrite assist expand` do it.
- `chat`: "Give me a list of 10 ideas …", in the model's own template, its answer begun with "1." so that it makes a
  list; list signs and bold are taken off its lines, and the first ten count.

One judge for both, per ten ideas asked for:

- well_formed: a phrase or sentence of 3 to 25 words that ends cleanly and does not only repeat the question or a word.
  The rules are written anew here, but `lenses` drops by rules much like them before it gives an idea.
- new: well formed, and no note or idea before it is the same: cosine of the sentence encoder at least 0.78. `lenses`
  drops by the same encoder at 0.69 (without one: by letters, which then is the judge too).
- new_by_words: the same with another measure, by which neither side was chosen: half of the telling words shared.
- spread: groups and clusters that the new ones touch: an idea is in the group of a note with a cosine of at least 0.6
  to it, else in the cluster of an earlier idea, else in one of its own.
- relevance: mean cosine of the new ones and the question, 0 to 1. `lenses` chooses by it too, where there is the
  encoder, beside the model's own probabilities: there it is no independent figure.
- seconds and tokens for each question.

Nobody judges here whether an idea is a good one: read the `examples`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arguments import at_least

from cowrite.assist.engine.asking import ModelFile
from cowrite.assist.prompts.lenses import load_lenses
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Chat, Completion, Generation, Lane, Message, Model, Sampling, Words
from cowrite.assist.tasks.embedding import likeness, vectors
from cowrite.assist.tasks.expanding import Expanded, Expanding, expand
from cowrite.assist.tasks.jobs import Job, generate
from cowrite.assist.text.guards import Unusable
from cowrite.commands.model_process import ModelProcess
from cowrite.core.board.similar import LetterLikeness, VectorLikeness
from cowrite.errors import CowriteError
from cowrite.models.shelf import encoder_in_use, in_use
from cowrite.models.store import ModelStore
from cowrite.paths import Paths, resources

ASKED = 10
CHAT_TOKENS = 500
SHARED_WORDS = 0.5
QUESTIONS = Path(__file__).with_name("idea_questions.json")
_SIGNS = re.compile(r"^\s*(?:[-*•]+|\(?\d{1,2}[.):])\s*")
_LITTLE = frozenset(
    "a an the this that these those i you he she it we they me him her us them my your his its our their and or but "
    "nor so if then than as at by for from in into of off on onto out over to up with without about after before is "
    "am are was were be been being do does did have has had will would can could shall should may might must not no "
    "there here what which who how when where why all any each more most other some such".split()
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the notes that are there, by the titles of their groups."""

    text: str
    groups: dict[str, list[str]]

    @property
    def notes(self) -> list[tuple[str, str]]:
        """Group and text of each."""
        return [(group, note) for group, notes in self.groups.items() for note in notes]


@dataclass(slots=True)
class Side:
    """What is counted for one side."""

    ideas: int = 0
    well_formed: int = 0
    new: int = 0
    new_by_words: int = 0
    spread: int = 0
    relevance: list[float] = field(default_factory=list)
    seconds: float = 0.0
    tokens: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def figures(self, questions: int) -> dict[str, float]:
        """Per question, that is per ten ideas asked for."""
        counted = ("ideas", "well_formed", "new", "new_by_words", "spread", "seconds", "tokens")
        found = {name: round(getattr(self, name) / questions, 2) for name in counted}
        return {**found, "relevance": round(sum(self.relevance) / max(1, len(self.relevance)), 3)}


class Judge:
    """Looks at the ideas of both sides in the same way.

    Args:
        process: computes vectors.
        encoder: the file of the model for them; empty for letters.
    """

    def __init__(self, process: ModelProcess, encoder: str) -> None:
        self._process = process
        self._encoder = encoder
        self._limits = (VectorLikeness if encoder else LetterLikeness).thresholds

    def count(self, side: Side, question: Question, ideas: Sequence[str]) -> None:
        """Adds the ideas for one question."""
        ideas = ideas[:ASKED]
        formed = [idea for idea in ideas if is_well_formed(idea, question.text)]
        notes = [note for _, note in question.notes]
        near = self._near([*notes, *formed, question.text])
        asked = len(notes) + len(formed)
        homes = [group for group, _ in question.notes]
        new: list[int] = []
        for number in range(len(notes), asked):
            before = [*range(len(notes)), *new]
            if any(near(other, number) >= self._limits.duplicate for other in before):
                continue
            close = max(before, key=lambda other: near(other, number), default=None)
            is_close = close is not None and near(close, number) >= self._limits.group
            homes += [""] * (number + 1 - len(homes))
            homes[number] = homes[close] if is_close and close is not None else f"cluster {number}"
            new.append(number)
        known = [_stems(note) for note in notes]
        for idea in formed:
            stems = _stems(idea)
            if not any(len(stems & other) >= SHARED_WORDS * len(stems | other) for other in known):
                side.new_by_words += 1
                known.append(stems)
        side.ideas += len(ideas)
        side.well_formed += len(formed)
        side.new += len(new)
        side.spread += len({homes[number] for number in new})
        side.relevance += [near(number, asked) for number in new]
        side.examples.append(
            {"question": question.text, "new": [formed[number - len(notes)] for number in new], "all": list(ideas)}
        )

    def _near(self, texts: Sequence[str]) -> Any:
        if not self._encoder:
            pairs = {(pair.first, pair.second): pair.likeness for pair in LetterLikeness().pairs(texts, 0.0)}
            return lambda one, other: pairs.get((min(one, other), max(one, other)), 0.0)
        rows = self._process.carry_out(vectors(self._encoder, texts))
        return lambda one, other: likeness(rows[one], rows[other])


def is_well_formed(idea: str, question: str) -> bool:
    """Whether an idea is a clean phrase or sentence with something of its own."""
    spoken = re.findall(r"[\w’'-]+", idea)
    if not 3 <= len(spoken) <= 25 or not idea[0].isalnum() or not (idea[-1].isalnum() or idea[-1] in '.!)”"'):
        return False
    if idea[-1].isalnum() and spoken[-1].lower() in _LITTLE:
        return False  # broken off
    if re.search(r"[*#|<>{}\[\]\\]|https?:|\?", idea):
        return False
    telling = Counter(_stem(word) for word in spoken if word.lower() not in _LITTLE)
    return bool(telling) and max(telling.values()) <= 2 and len(telling.keys() - _stems(question)) >= 2


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[\w’'-]+", text) if word.lower() not in _LITTLE)


def _stem(word: str) -> str:
    return word.lower()[:5]


def listed(answer: str) -> list[str]:
    """The ideas of a list, without its signs and bold."""
    lines = (_SIGNS.sub("", line.replace("**", "")).strip() for line in answer.split("\n"))
    return [line for line in lines if line]


def in_chat(question: Question, seed: int) -> Job[Completion]:
    """The list that the model writes."""
    there = "\n".join(f"- {note}" for _, note in question.notes)
    words = (
        f"{question.text}\n\nThese ideas are there already:\n{there}\n\n"
        f"Give me a list of {ASKED} new ideas, far from these and from each other, each in one short sentence."
    )
    prompt = Chat((Message("user", (Words(words),)),), begun="1.")
    sampling = Sampling(temperature=0.7, seed=seed)
    completion = yield from generate(Generation(Lane.PANEL, prompt, CHAT_TOKENS, sampling=sampling))
    return completion


def measure(process: ModelProcess, encoder: str, questions: Sequence[Question], seed: int) -> dict[str, Any]:
    """Asks both sides all questions, and has the judge look."""
    lenses, judge = load_lenses(resources()), Judge(process, encoder)
    model: Model = process.prepare()
    sides = {"lenses": Side(), "chat": Side()}
    for number, question in enumerate(questions):
        task = Expanding(
            lenses,
            question.text,
            there=tuple(note for _, note in question.notes),
            count=ASKED,
            encoder=encoder,
            seed=seed + number,
        )
        begun = time.perf_counter()
        ideas: list[str] = []
        try:
            expanded: Expanded = process.carry_out(expand(model, StyleCard(), task))
            ideas = [idea.text for idea in expanded.ideas]
            sides["lenses"].tokens += expanded.made.usage.generated
        except Unusable:
            pass  # none: that counts too
        sides["lenses"].seconds += time.perf_counter() - begun
        judge.count(sides["lenses"], question, ideas)
        if model.has_template:
            begun = time.perf_counter()
            completion = process.carry_out(in_chat(question, seed + number))
            sides["chat"].seconds += time.perf_counter() - begun
            sides["chat"].tokens += completion.usage.generated
            judge.count(sides["chat"], question, listed(f"1.{completion.text}"))
        print(f"{number + 1} of {len(questions)}", end="\r", file=sys.stderr, flush=True)
    figures: dict[str, Any] = {name: side.figures(len(questions)) for name, side in sides.items()}
    ours, theirs = figures["lenses"], figures["chat"]
    return {
        "questions": len(questions),
        "asked": ASKED,
        "model": model.name,
        "encoder": Path(encoder).stem if encoder else "",
        **figures,
        "ratio": round(ours["new"] / theirs["new"], 2) if theirs["new"] else None,
        "ratio_by_words": round(ours["new_by_words"] / theirs["new_by_words"], 2) if theirs["new_by_words"] else None,
        "examples": {name: side.examples for name, side in sides.items()},
    }


def main() -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="a GGUF file; the smallest model here where left out"
    )
    parser.add_argument("--encoder", type=Path, metavar="FILE", help="a GGUF file; the one that is here where left out")
    parser.add_argument("--questions", type=at_least(1), default=20, metavar="N", help="only the first so many")
    parser.add_argument(
        "--threads", type=at_least(0), default=0, metavar="N", help="to compute with; what suits this machine"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--json", action="store_true", help="all figures as one JSON object, with the ideas")
    arguments = parser.parse_args()
    store = ModelStore(Paths.of(os.environ).models)
    here = in_use(store.models(), "")
    if arguments.model is None and here is None:
        parser.error("there is no model here: cowrite models pull smollm2-135m")
    path = arguments.model or (here.path if here is not None else Path())
    known = encoder_in_use(store.models())
    encoder = os.fspath(arguments.encoder or (known.path if known else ""))
    plain = json.loads(QUESTIONS.read_text(encoding="utf-8"))[: arguments.questions]
    questions = [Question(each["question"], each["groups"]) for each in plain]
    try:
        with ModelProcess(ModelFile(os.fspath(path), path.stem, threads=arguments.threads)) as process:
            found = measure(process, encoder, questions, arguments.seed)
    except CowriteError as error:
        sys.exit(str(error))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    print(f"{found['questions']} questions, {ASKED} ideas asked for; {found['model']}, {found['encoder'] or 'letters'}")
    print("".join(f"{name:>14}" for name in ("", *found["lenses"])))
    for side in ("lenses", "chat"):
        print(f"{side:>14}" + "".join(f"{value:>14}" for value in found[side].values()))
    print(f"new ideas, lenses to chat: {found['ratio']} by meaning, {found['ratio_by_words']} by words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
