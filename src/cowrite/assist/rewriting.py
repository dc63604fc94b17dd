"""Rewriting a selection: the same in other words, piece by piece where the model is small.

Runs anywhere. A piece that lost a number, a name or a link, or strayed from what it says, stays as it was.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from cowrite.assist.correcting import corrected
from cowrite.assist.dividing import divided
from cowrite.assist.facts import lost_facts, new_facts, repeated_facts
from cowrite.assist.guards import (
    NOTHING_USABLE,
    Unusable,
    borrows,
    cleaned,
    echoes,
    has_loop,
    is_refusal,
    overlap,
    turns_round,
)
from cowrite.assist.jobs import Answer, Job, Progress, Step, generate
from cowrite.assist.outcomes import Tally, Written
from cowrite.assist.prompt_files import Method, PromptFile, Template
from cowrite.assist.prompting import generation_of
from cowrite.assist.requests import Completion, Ending, Model, Sampling
from cowrite.assist.sentences import Piece, words
from cowrite.assist.style_card import StyleCard

ROUNDS = 3  # of corrections, as long as each finds something
RETRY_TEMPERATURE = 0.5  # a second try has to differ from the first
_NOTHING_CHANGED = "The model found nothing to change; try again, or say in your own words what you want."


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What is to be rewritten, and how.

    Attributes:
        file: the task.
        text: the selection.
        instruction: in the person's own words, where the task takes one.
        language: into which it is translated, where the task takes one.
        seed: for the draw; "again" is another seed.
    """

    file: PromptFile
    text: str
    instruction: str = ""
    language: str = ""
    seed: int = 0


def rewrite(model: Model, card: StyleCard, task: Rewriting) -> Job[Written]:
    """The selection in other words; white space around its pieces stays.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: nothing that the model wrote is worth showing.
    """
    template = task.file.template(model.tier)
    found = divided(task.text, template.division, model.context)
    if not words(task.text):
        raise Unusable("There are no words to rewrite.")
    tally = Tally()
    parts: list[str] = []
    behind = changed = kept = 0
    lost: list[str] = []
    for number, piece in enumerate(found):
        parts.append(task.text[behind : piece.start])
        yield Progress(number, len(found), _doing(template, number, len(found)), "".join(parts))
        new = yield from _piece(model, card, task, template, piece, tally)
        if new is None:
            kept += 1
        else:
            changed += new.text != piece.text
            lost += new.lost
        parts.append(piece.text if new is None else new.text)
        behind = piece.end
    text = "".join([*parts, task.text[behind:]])
    raw = "\n".join(tally.raw)
    if kept == len(found):
        raise Unusable(NOTHING_USABLE, raw)
    if not changed and task.file.act != "proofread":
        raise Unusable(_NOTHING_CHANGED, raw)
    return Written(
        text, tally.made(template.name, task.file.act, task.seed), _notes(card, task, text, kept, len(found), lost)
    )


def _doing(template: Template, number: int, total: int) -> str:
    name = {"sentences": "sentence", "lines": "line", "paragraphs": "paragraph"}.get(template.division, "part")
    return f"Writing {name} {number + 1} of {total}" if total > 1 else "Writing"


def _notes(card: StyleCard, task: Rewriting, text: str, kept: int, total: int, lost: list[str]) -> tuple[str, ...]:
    notes: list[str] = []
    if kept:
        notes.append(f"{kept} of {total} parts stay as they were: the model gave nothing usable for them.")
    if lost:
        notes.append(f"Not in the new text: {', '.join(dict.fromkeys(lost))}.")
    avoided = card.avoided_in(text)
    if avoided:
        notes.append(f"It uses words that your style card avoids: {', '.join(avoided)}.")
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _New:
    text: str
    lost: tuple[str, ...] = ()


def _piece(
    model: Model, card: StyleCard, task: Rewriting, template: Template, piece: Piece, tally: Tally
) -> Generator[Step, Answer, _New | None]:
    """One piece in other words; None where nothing usable came."""
    if template.method is Method.CORRECT:
        return _New((yield from _corrected(model, card, task, template, piece.text, tally)))
    for attempt in range(template.tries):
        completion = yield from _asked(model, card, task, template, piece.text, attempt, tally)
        new = judged(completion, piece.text, template, card)
        if new is not None:
            return new
    return None


def _asked(
    model: Model, card: StyleCard, task: Rewriting, template: Template, text: str, attempt: int, tally: Tally
) -> Generator[Step, Answer, Completion]:
    slots = {
        "text": text,
        "style": card.in_words,
        "instruction": " ".join(task.instruction.split()),
        "language": " ".join(task.language.split()),
    }
    step = generation_of(template, model, slots, given=text, seed=task.seed + attempt)
    if attempt:
        step = replace(step, sampling=Sampling(temperature=RETRY_TEMPERATURE, seed=task.seed + attempt))
    completion = yield from generate(step)
    tally.add(completion)
    return completion


def _corrected(
    model: Model, card: StyleCard, task: Rewriting, template: Template, text: str, tally: Tally
) -> Generator[Step, Answer, str]:
    """A piece with its mistakes put right; what was put right first makes others plain."""
    proposals: list[str] = []
    for _ in range(ROUNDS):
        for attempt in range(template.tries):
            completion = yield from _asked(model, card, task, template, text, attempt, tally)
            if not has_loop(completion.text) and not is_refusal(completion.text):
                proposals.append(cleaned(completion.text, text))
        new = yield from corrected(template, text, proposals, tally)
        if new == text:
            break
        text = new
    return text


def judged(completion: Completion, old: str, template: Template, card: StyleCard) -> _New | None:
    """What is shown of an answer in the place of `old`; None where it is not worth showing."""
    text = cleaned(completion.text, old)
    if not words(text) or is_refusal(text) or has_loop(completion.text):
        return None
    if completion.ending is Ending.LENGTH and template.length:
        return None
    if echoes(text, template.prompt) and not echoes(old, template.prompt):
        return None
    if template.tries > 1 and borrows(text, old, template.prompt):
        return None
    least, most = template.ratio
    if not least <= len(words(text)) / max(1, len(words(old))) <= most:
        return None
    if template.overlap and overlap(text, old) < template.overlap:
        return None
    if template.keeps and overlap(old, text) < template.keeps:
        return None
    lost = lost_facts(old, text)
    if template.is_faithful and (lost or new_facts(old, text) or repeated_facts(old, text) or turns_round(old, text)):
        return None
    if set(card.avoided_in(text)) - set(card.avoided_in(old)):
        return None
    return _New(text, lost)
