"""Rewriting a selection: the same in other words, piece by piece where the model is small.

Runs anywhere. A piece that lost a number, a name or a link, or strayed from what it says, stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, replace

from cowrite.assist.prompts.files import Division, Method, PromptFile, Template
from cowrite.assist.prompts.prompting import generation_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completion, Ending, Model, Sampling, Tier
from cowrite.assist.tasks.correcting import corrected
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, generate
from cowrite.assist.tasks.outcomes import Tally, Written
from cowrite.assist.text.cleaning import cleaned
from cowrite.assist.text.facts import changes_parts, lost_facts, new_facts, repeated_facts
from cowrite.assist.text.guards import (
    NOTHING_USABLE,
    SMALL_NOTE,
    Unusable,
    borrows,
    check_language,
    circles,
    echoes,
    has_loop,
    is_refusal,
    overlap,
)
from cowrite.assist.text.languages import in_language_of, is_in_another
from cowrite.assist.text.meaning import (
    adds_part,
    answers,
    changes_amount,
    changes_duty,
    loses_amount,
    loses_ground,
    suffers,
    turns_round,
)
from cowrite.assist.text.sentences import Piece, has_words, is_around_letter, is_heading, lines, paragraphs, words
from cowrite.assist.text.trimming import trimmed

ROUNDS = 3  # of corrections, as long as each finds something
LOOKED_AT = 100  # characters before a piece, among which the end of the line before it is looked for
NOTHING_TO_SPARE = (
    "A model of this size finds nothing here that can go without losing what the text says; choose a larger one in "
    "Assistant → Models."
)
RETRY_TEMPERATURE = 0.5  # a second try has to differ from the first
_LEAD = re.compile(r"(?:[-*•>–—+]+|#+|\d+[.)]|\[[ xX]?\]|\[\d[\d:.]{2,10}\])[ \t]+")
_LABEL = re.compile(r"[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30})?:[ \t]+")
"""Who says what follows, or what it is: "Ben Lee: ", "Note: "."""
_LINE_BEFORE = re.compile(r"[^\s.!?…:][ \t\r]*\n[ \t]*\Z")
_LINE_BEHIND = re.compile(r"[ \t\r]*\n[ \t]*(\S)")
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
        is_by_line: whether a line takes nothing from another one, as cells of a table: each is worked on by itself.
    """

    file: PromptFile
    text: str
    instruction: str = ""
    language: str = ""
    seed: int = 0
    is_by_line: bool = False


def rewrite(model: Model, card: StyleCard, task: Rewriting) -> Job[Written]:
    """The selection in other words; white space around its pieces stays.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: nothing that the model wrote is worth showing.
    """
    template = task.file.template(model.tier)
    if task.is_by_line and template.division is not Division.SENTENCES:
        template = replace(template, division=Division.LINES)
    found = divided(task.text, template.division, model.context)
    if not has_words(task.text):
        raise Unusable("There are no words to rewrite.")
    check_language(model.parameters, task.text)
    work = _Work(model, card, task, template, Tally())
    parts: list[str] = []
    number = behind = changed = kept = 0
    lost: list[str] = []
    while number < len(found):
        piece = found[number]
        done = "".join([*parts, task.text[behind : piece.start]])
        now = Progress(number, len(found), _doing(template, number, len(found)), done)
        is_left = _is_left(work, piece, len(found))
        new = _New(piece.text) if is_left else (yield from _piece(work, piece.text, now, _Edges.of(task.text, piece)))
        if new is not None and work.runs_together(new.text, piece):
            found[number : number + 1] = _apart(piece)  # each by itself
            continue
        number += 1
        if new is not None and template.division is Division.LINES:
            new = replace(new, text=" ".join(line for line in new.text.split("\n") if line))
        if new is None:
            kept += 1
        else:
            changed += new.text != piece.text
            lost += new.lost
        parts += [task.text[behind : piece.start], piece.text if new is None else new.text]
        behind = piece.end
    text = "".join([*parts, task.text[behind:]])
    raw = "\n".join(work.tally.raw)
    if kept == len(found):
        raise Unusable(NOTHING_TO_SPARE if template.is_trimmed else NOTHING_USABLE, raw)
    if not changed and task.file.act != "proofread":
        raise Unusable(_NOTHING_CHANGED, raw)
    made = work.tally.made(template.name, task.file.act, task.seed)
    notes = _notes(card, text, kept, len(found), lost)
    if model.tier is Tier.SMALL and template.method is Method.WRITE:
        notes = (SMALL_NOTE, *notes)
    return Written(text, made, notes)


def _doing(template: Template, number: int, total: int) -> str:
    name = {"sentences": "sentence", "lines": "line", "paragraphs": "paragraph"}.get(template.division, "part")
    return f"Writing {name} {number + 1} of {total}" if total > 1 else "Writing"


def _notes(card: StyleCard, text: str, kept: int, total: int, lost: list[str]) -> tuple[str, ...]:
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


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where a piece is the part of a sentence that stands in one line, as in verse.

    Attributes:
        goes_on_before: whether the line before it has no end, and it begins small: its first letter is no mistake.
        goes_on_behind: whether the next line begins small: it lacks no sign at its end.
    """

    goes_on_before: bool
    goes_on_behind: bool

    @classmethod
    def of(cls, text: str, piece: Piece) -> _Edges:
        """Those of a piece of a text."""
        before, behind = (
            _LINE_BEFORE.search(text, max(0, piece.start - LOOKED_AT), piece.start),
            _LINE_BEHIND.match(text, piece.end),
        )
        is_begun = before is not None and piece.text[:1].islower()
        return cls(is_begun, behind is not None and behind[1].islower() and piece.text[-1:].isalnum())

    def kept(self, new: str, old: str) -> str:
        """A piece in other words with the edges that it had."""
        if self.goes_on_behind:
            new = new.rstrip(".!?…,;:")
        is_same = new[:1].lower() == old[:1] and new[:1] != old[:1]
        return f"{old[:1]}{new[1:]}" if self.goes_on_before and is_same else new


@dataclass(frozen=True, slots=True)
class _Work:
    model: Model
    card: StyleCard
    task: Rewriting
    template: Template
    tally: Tally

    @property
    def keeps_paragraphs(self) -> bool:
        """Whether a model that is given several paragraphs is to leave them apart."""
        return self.template.division is Division.WHOLE and not _is_told(self.template)

    def runs_together(self, new: str, old: Piece) -> bool:
        """Whether an answer has fewer paragraphs than it should."""
        split = paragraphs if len(paragraphs(old.text)) > 1 else lines
        keeps = self.keeps_paragraphs or (
            self.template.division is Division.PARAGRAPHS and _is_translating(self.template)
        )
        return keeps and len(split(new)) < len(_apart(old))

    def ask(self, text: str, attempt: int, now: Progress) -> Generator[Step, Answer, Completion]:
        """What the model makes of a text. What it wrote in an earlier attempt does not count any more."""
        yield now.at(attempt)
        slots = {
            "text": text,
            "style": self.card.for_tier(self.model.tier),
            "instruction": " ".join(self.task.instruction.split()),
            "language": " ".join(self.task.language.split()),
            "in_language": in_language_of(self.task.text),
        }
        seed = self.task.seed + attempt
        is_shown = self.template.method is Method.WRITE
        step = generation_of(self.template, self.model, slots, given=text, seed=seed, is_shown=is_shown)
        if seed:
            step = replace(step, sampling=Sampling(temperature=RETRY_TEMPERATURE, seed=seed))
        completion = yield from generate(step)
        self.tally.add(completion)
        return completion


def _apart(piece: Piece) -> list[Piece]:
    """The paragraphs of a piece, which on a page are lines; one where its lines are broken within sentences."""
    found = paragraphs(piece.text)
    if len(found) < 2:
        found = lines(piece.text)
    if any(one.text[:1].islower() for one in found):
        return [piece]
    return [Piece(piece.start + one.start, piece.start + one.end, one.text) for one in found]


def _is_left(work: _Work, piece: Piece, total: int) -> bool:
    """Whether a piece stays without the model being asked: a heading, or greeting and farewell of a letter, of which a
    model that is given nothing else makes a sentence, and a cell with a few words, which have no tone, or with none."""
    template, text = work.template, work.task.text
    if total > 1 and not any(letter.isalpha() for letter in piece.text):
        return True
    if total > 1 and work.task.is_by_line and work.task.file.act != "proofread" and not _is_told(template):
        return is_heading(piece.text)
    is_line = text[: piece.start].rpartition("\n")[2].strip("# ") == text[piece.end :].partition("\n")[0].strip() == ""
    is_by_paragraph = work.keeps_paragraphs and work.task.file.act != "proofread"
    is_by_part = template.method is Method.WRITE and (template.division is Division.SENTENCES or is_by_paragraph)
    return total > 1 and is_by_part and is_line and (is_heading(piece.text) or _is_around_letter(piece.text))


def _is_around_letter(text: str) -> bool:
    """Whether a paragraph is greeting or farewell of a letter, with the name below it."""
    first, *below = text.split("\n")
    return is_around_letter(first) and all(is_heading(line) for line in below)


def _piece(work: _Work, text: str, now: Progress, edges: _Edges) -> Generator[Step, Answer, _New | None]:
    """One piece in other words; None where nothing usable came. The mark of a list item or a quotation stays, the time
    in a transcript, and who speaks there."""
    lead = _LEAD.match(text) if work.template.division is Division.SENTENCES else None
    if lead is None and work.template.division is Division.SENTENCES and work.template.method is Method.WRITE:
        lead = _LABEL.match(text)
    if lead and words(text[lead.end() :]):
        new = yield from _piece(work, text[lead.end() :], now, edges)
        return None if new is None else _New(f"{lead.group()}{new.text}", new.lost)
    if work.template.method is Method.CORRECT:
        return _New((yield from _corrected(work, text, now, edges)))
    short = _trimmed(work, text)
    for attempt in range(work.template.tries):
        completion = yield from work.ask(short, attempt, now)
        new = judged(completion, short, work.template, work.card, text, work.task.instruction)
        is_last = attempt + 1 == work.template.tries
        if new is not None and (is_last or words(new.text) != words(text) or not _is_to_vary(work, text)):
            return new
    return None if short == text else _New(short)


def _is_to_vary(work: _Work, text: str) -> bool:
    """Whether a piece has to become other words: all that a model that converses was given, and not to correct it."""
    is_all = text == work.task.text.strip()
    return is_all and not work.template.is_faithful and work.task.file.act != "proofread"


def _trimmed(work: _Work, text: str) -> str:
    """A text as the model is given it: without words that say nothing, unless the style card avoids what is left."""
    short = trimmed(text) if work.template.is_trimmed else text
    return text if set(work.card.avoided_in(short)) - set(work.card.avoided_in(text)) else short


def _corrected(work: _Work, text: str, now: Progress, edges: _Edges) -> Generator[Step, Answer, str]:
    """A piece with its mistakes put right; what was put right first makes others plain."""
    proposals: list[str] = []
    for _ in range(ROUNDS):
        for attempt in range(work.template.tries):
            completion = yield from work.ask(text, attempt, now)
            if not has_loop(completion.text, text) and not is_refusal(completion.text, text):
                proposals.append(edges.kept(cleaned(completion.text, text), text))
        new = yield from corrected(work.template, work.card.for_tier(work.model.tier), text, proposals, work.tally)
        if new == text:
            break
        text = new
    return text


def judged(
    completion: Completion, old: str, template: Template, card: StyleCard, before: str = "", wish: str = ""
) -> _New | None:
    """What is shown of an answer in the place of `old`; None where it is not worth showing.

    Args:
        completion: the answer.
        old: the text that it was given.
        template: how it was asked.
        card: how it should sound.
        before: the text as it was before words were taken out of it; the answer must be shorter than that.
        wish: what a person wants to become of it, in their own words.
    """
    text = cleaned(completion.text, old, wish)
    if not words(text) or is_refusal(text, old) or has_loop(completion.text, old):
        return None
    if completion.ending is Ending.LENGTH and template.length:
        return None
    known = f"{template.prompt} {card.own_words()}"
    if echoes(text, known) and not echoes(old, known):
        return None
    least, most = template.ratio
    if not least <= len(words(text)) / max(1, len(words(before or old))) <= most:
        return None
    if template.overlap and overlap(text, old) < template.overlap:
        return None
    if template.keeps and overlap(old, text) < template.keeps:
        return None
    if not _is_told(template) and is_in_another(text, old):
        return None
    lost = lost_facts(old, text)
    if _is_translating(template):  # names of days and months, for instance, are others
        lost = tuple(fact for fact in lost if any(letter.isdecimal() for letter in fact))
    if template.is_faithful and (lost or _is_unfaithful(old, text, template, card)):
        return None
    return _New(text, lost)


def _is_unfaithful(old: str, new: str, template: Template, card: StyleCard) -> bool:
    """Whether a text that is to say the same as another says something else, or in words that are not wanted."""
    if new_facts(old, new) or repeated_facts(old, new) or _says_otherwise(old, new, template):
        return True
    if template.tries == 1:
        return False
    return borrows(new, old, template.prompt) or not set(card.avoided_in(new)) <= set(card.avoided_in(old))


def _is_told(template: Template) -> bool:
    """Whether a person has said what is to become of the text."""
    return any(slot in text for text in template.texts for slot in ("{{instruction}}", "{{language}}"))


def _is_translating(template: Template) -> bool:
    """Whether the text is to become one in another language."""
    return "{{language}}" in template.prompt


def _says_otherwise(old: str, new: str, template: Template) -> bool:
    if turns_round(old, new) or changes_parts(old, new) or suffers(old, new) or circles(new, old):
        return True
    if _is_told(template):  # a person may want just that
        return False
    if answers(old, new) or changes_duty(old, new) or loses_ground(old, new):
        return True
    if not template.overlap:  # it may say more than the text does
        return loses_amount(old, new)
    return changes_amount(old, new) or adds_part(old, new)
