"""Texts about a text: a summary, an outline, a draft of an outline, a title, a description for a reader, and the like.

Runs anywhere. A long text is worked on in pieces, with Progress. What a small model writes is taken only where it keeps
to the text; where it is too small to be trusted with writing, it chooses among the text's own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cowrite.assist.prompts.files import Division, Method, PromptFile, Template
from cowrite.assist.prompts.prompting import generation_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Ending, Model, Sampling, Tier
from cowrite.assist.tasks.choosing import gains
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, generate, one_by_one
from cowrite.assist.tasks.outcomes import Tally, Written
from cowrite.assist.text.facts import lost_facts, new_facts
from cowrite.assist.text.guards import (
    NOTHING_USABLE,
    SMALL_NOTE,
    Unusable,
    borrows,
    cleaned,
    echoes,
    has_loop,
    is_refusal,
    overlap,
    says_again,
    telling_words,
    unmarked,
)
from cowrite.assist.text.meaning import changes_amount, turns_part_round, turns_round
from cowrite.assist.text.retrieval import central, gathered, passages_in, terms
from cowrite.assist.text.sentences import (
    HEADING_WORDS,
    Piece,
    has_words,
    is_heading,
    paragraphs,
    sentences,
    word_places,
    words,
)

RETRY_TEMPERATURE = 0.8
CHOSEN_SHARE = 0.2  # of the sentences stand in a summary
MOST_CHOSEN = 6
MOST_PER_PASSAGE = 8  # sentences of a passage that are judged
MOST_PASSAGES = 16  # that are judged: a longer text would take minutes
READING = "Reading the text"
MOST_HELD = 6000  # characters of a text, from its beginning, that a name for it is made of and held against
LEAST_WORDS = 5  # that are left of a text which goes in circles
_THING = re.compile(
    r"\b(?:of|with|for|from|by|in|at|on|and|or)\s+(?:(?:the|an?|our|its|their|his|her|some)\s+)*([^\W\d_]+)",
    re.IGNORECASE,
)
CHOSEN_NOTE = "These are sentences of the text itself: this model is too small to be trusted with words of its own."
KEPT_NOTE = "These are the outline’s own words: nothing that the model wrote kept to them."
NAMED_NOTE = "These are words of the text itself: this model is too small to be trusted with words of its own."
_NOTES = {
    Method.CHOOSE: CHOSEN_NOTE,
    Method.NAME: NAMED_NOTE,
    Method.WRITE: SMALL_NOTE,
}
_TOLD = {"instruction": "what to do", "reader": "for whom", "language": "into which language"}
_ITEM = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+")
_MARK = re.compile(r"^(?:[-*+•]|#+|\d+[.)]|\[.\])\s+")  # of a list item or a heading; "3.5 litres" has none
_CODE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(?:.*?\n)??\1[^\n]*$", re.MULTILINE | re.DOTALL)
_CLAUSE = re.compile(r"[,;:–—]|\s(?:because|which|where|so that|but|although|while)\s")


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be written about a text.

    Attributes:
        file: the task.
        text: what it is about.
        words: for whom, or how: whatever the task asks for beside the text.
        said: the same for single slots, such as "reader"; those that are not in it have `words`.
        seed: for the draw.
    """

    file: PromptFile
    text: str
    words: str = ""
    seed: int = 0
    said: Mapping[str, str] = field(default_factory=dict)

    def told(self, slot: str) -> str:
        """What goes into a slot, in one line."""
        return " ".join(self.said.get(slot, self.words).split())


def write(model: Model, card: StyleCard, task: Writing) -> Job[Written]:
    """The text about the text.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: there is nothing to work on, or nothing that the model wrote is worth showing.
    """
    template = task.file.template(model.tier)
    if not has_words(task.text):
        raise Unusable("There are no words to work on.")
    lacking = frozenset(slot for slot in task.file.slots & _TOLD.keys() if not words(task.told(slot)))
    if lacking:
        raise Unusable(f"“{task.file.title}” needs to be told {_needed(lacking)}.")
    if template.method in (Method.CHOOSE, Method.NAME):
        task = replace(task, text=_without_code(task.text))
    work = _Work(model, card, task, template, Tally(), [], [])
    ways = {Method.WRITE: _write, Method.CHOOSE: _choose, Method.NAME: _name, Method.EXPAND: _expand}
    text = (yield from ways[template.method](work)).strip()
    if not words(text):
        raise Unusable(NOTHING_USABLE, "\n".join(work.tally.raw))
    notes = [_NOTES[template.method]] if model.tier is Tier.SMALL and template.method in _NOTES else []
    notes += work.notes
    avoided = card.avoided_in(text)
    if avoided:
        notes.append(f"It uses words that your style card avoids: {', '.join(avoided)}.")
    made = work.tally.made(template.name, task.file.act, task.seed)
    return Written(text, made, tuple(notes), tuple(work.read))


def _without_code(text: str) -> str:
    """A text without its blocks of code, whose lines are no sentences; as it is where nothing else is in it."""
    prose = _CODE.sub("", text)
    return prose if words(prose) else text


def _needed(slots: frozenset[str]) -> str:
    return " and ".join(_TOLD[slot] for slot in sorted(slots))


@dataclass(frozen=True, slots=True)
class _Work:
    model: Model
    card: StyleCard
    task: Writing
    template: Template
    tally: Tally
    notes: list[str]
    read: list[str]  # the passages, where not all are read

    def slots(self, text: str) -> dict[str, str]:
        told = {slot: self.task.told(slot) for slot in _TOLD}
        return {**told, "text": text, "style": self.card.for_tier(self.model.tier)}

    def ask(self, text: str, attempt: int, now: Progress | None = None) -> Generator[Step, Answer, str]:
        """What the model writes about a text, cleaned; empty where it is not worth showing.

        Args:
            text: what it writes about.
            attempt: from 0; what it wrote in an earlier one does not count any more.
            now: how far the job is, for a person who watches it write; None where nobody does.
        """
        if now is not None:
            yield now
        seed = self.task.seed + attempt
        step = generation_of(
            self.template, self.model, self.slots(text), given=text, seed=seed, is_shown=now is not None
        )
        if seed:
            step = replace(step, sampling=Sampling(temperature=RETRY_TEMPERATURE, seed=seed))
        completion = yield from generate(step)
        self.tally.add(completion)
        new = cleaned(completion.text, text)
        if "\n" in self.template.stop:  # words of one line, and no page
            new = unmarked(new)
        is_cut = completion.ending is Ending.LENGTH and self.template.method is not Method.WRITE
        is_looping = has_loop(completion.text) and len(words(new)) < LEAST_WORDS
        if not words(new) or is_refusal(new) or is_cut or is_looping:
            return ""
        known = f"{self.template.prompt} {self.card.own_words()}"
        return "" if echoes(new, known) and not echoes(new, text) else new


def _write(work: _Work) -> Generator[Step, Answer, str]:
    """Each piece by the model; where there are several, the results once more as one text if the template says so."""
    pieces = divided(work.task.text, work.template.division, work.model.context)
    found: list[str] = []
    for number, piece in enumerate(pieces):
        now = Progress(number, len(pieces), _doing(number, len(pieces)), _joined(work, found))
        for attempt in range(work.template.tries):
            new = yield from work.ask(piece.text, attempt, now)
            if new:
                found.append(new)
                break
    is_gathered = work.template.division is Division.WHOLE and len(found) > 1
    if is_gathered:  # the text was too long for one piece: the results are worked on as the text was
        now = Progress(len(pieces), len(pieces) + 1, "Putting it together")
        together = "\n\n".join(found)
        new = yield from work.ask(divided(together, Division.WHOLE, work.model.context)[0].text, 0, now)
        return new or together
    return _joined(work, found)


def _joined(work: _Work, found: Sequence[str]) -> str:
    return work.template.joins.join(f"{work.template.begins}{one}" for one in found)


def _doing(number: int, total: int) -> str:
    return f"Part {number + 1} of {total}" if total > 1 else "Writing"


def _choose(work: _Work) -> Generator[Step, Answer, str]:
    """The text's own sentences that say most of it, or most to the reader, in their order."""
    parts = yield from one_by_one(passages_in, paragraphs(work.task.text), READING)
    every = [passage for part in parts for passage in part]
    if len(every) > MOST_PASSAGES:
        every = gathered(every, work.task.text)
    found_in = yield from one_by_one(terms, [passage.text for passage in every], READING)
    passages = [every[index] for index in central(found_in, MOST_PASSAGES)]
    if len(passages) < len(every):
        work.notes.append(f"It read the {len(passages)} of {len(every)} passages that say most about the whole.")
        work.read.extend(passage.text for passage in passages)
    rated: list[tuple[bool, float, Piece]] = []
    total = 0
    known: set[str] = set()
    for number, passage in enumerate(passages):
        yield Progress(number, len(passages), _doing(number, len(passages)))
        found = _new_sentences(passage.text, known)[:MOST_PER_PASSAGE]
        if not found or (len(found) == 1 and is_heading(passage.text)):
            continue
        total += len(found)
        pieces = [
            {"piece": one.text, "rest": f"{passage.text[: one.start]}{passage.text[one.end :]}".strip()}
            for one in found
        ]
        slots = work.slots(passage.text)
        if len(found) == 1 and "rest" in work.template.judged:
            values = [0.0]
        else:
            values = yield from gains(work.template, pieces, slots, work.tally)
        best = max(values)
        rated += [
            (value == best, value, Piece(passage.start + one.start, passage.start + one.end, one.text))
            for value, one in zip(values, found, strict=True)
        ]
    number = max(1, min(MOST_CHOSEN, round(total * CHOSEN_SHARE)))
    ranked = sorted(rated, key=lambda each: each[:2], reverse=True)
    others = ranked[number : 2 * number]
    swapped = work.task.seed % (len(others) + 1)  # another seed has some of the next best in the place of the first
    first = [*ranked[swapped:number], *others[:swapped]]
    chosen = sorted((piece for _, _, piece in first), key=lambda piece: piece.start)
    return " ".join(_MARK.sub("", piece.text) for piece in chosen)


def _new_sentences(passage: str, known: set[str]) -> list[Piece]:
    """The sentences of a passage that stand in none before it, which are known; no summary says one twice."""
    found: list[Piece] = []
    for one in sentences(passage):
        spoken = words(one.text.lower())
        key = " ".join(spoken)
        if len(spoken) > 3 and key not in known:
            known.add(key)
            found.append(one)
    return found


def _name(work: _Work) -> Generator[Step, Answer, str]:
    """A few words for the text, or for each of its paragraphs; headings that it has stay, and so do items of lists."""
    if work.template.division is Division.WHOLE:
        yield Progress(0, 1, "Looking for words")
        return (yield from _named(work, work.task.text))
    points = [point for piece in paragraphs(work.task.text) for point in _points(piece.text)]
    lines: list[str] = []
    has_headings = any(_is_head(point) for point in points)
    for number, point in enumerate(points):
        yield Progress(number, len(points), _doing(number, len(points)), "\n".join(lines))
        if _is_head(point):
            lines.append(f"{work.template.begins}{point.lstrip('# ')}")
        elif _ITEM.match(point):
            lines.append(f"{'  ' if has_headings else ''}{work.template.begins}{_beginning(_ITEM.sub('', point, 1))}")
        elif name := (yield from _named(work, point)):
            lines.append(f"{'  ' if has_headings else ''}{work.template.begins}{name}")
    return work.template.joins.join(lines)


def _points(paragraph: str) -> list[str]:
    """A paragraph as one point, or a list as one for each item, which keeps its mark."""
    found: list[str] = []
    for line in paragraph.split("\n"):
        if not found or _ITEM.match(line):
            found.append(line)
        else:
            found[-1] += f"\n{line}"
    return found


def _is_head(point: str) -> bool:
    return not _ITEM.match(point) and (is_heading(point) or point.startswith("#"))


def _named(work: _Work, text: str) -> Generator[Step, Answer, str]:
    text = text[:MOST_HELD]
    start = " ".join(text.split())[:900]
    candidates: list[str] = []
    for attempt in range(work.template.tries):
        new = yield from work.ask(start, attempt)
        candidates.append(new)
    candidates += [clause for one in sentences(text)[:4] for clause in _clauses(one.text)]
    fit = list(dict.fromkeys(name for name in map(_as_name, candidates) if _fits(name, text)))
    if not fit:
        return _beginning(text)
    values = yield from gains(work.template, [{"piece": name} for name in fit], work.slots(start), work.tally)
    ranked = sorted(range(len(fit)), key=lambda index: -values[index])
    return fit[ranked[work.task.seed % len(ranked)]]  # another seed gives the next best one


def _beginning(text: str) -> str:
    first = " ".join(sentences(text)[0].text.split())
    places = [at for at, _ in word_places(first)]
    if not places:
        return ""
    if len(places) <= HEADING_WORDS:
        return _as_name(first)
    last, behind = places[HEADING_WORDS - 1 : HEADING_WORDS + 1]
    return _as_name(first[:last] + first[last:behind].split(" ")[0]) + "…"  # no bracket that opens behind the last word


def _clauses(sentence: str) -> list[str]:
    """How a sentence begins, as far as it can stand for itself."""
    head = _CLAUSE.split(_MARK.sub("", sentence), maxsplit=1)[0]
    return [head] if 3 <= len(words(head)) <= HEADING_WORDS else []


def _as_name(text: str) -> str:
    name = (
        _MARK.sub("", text.split("\n", maxsplit=1)[0].strip())
        .lstrip("# |")
        .rstrip(" |")
        .rstrip(".,;:。、")
        .strip('"“”')
    )
    return name[:1].upper() + name[1:]


def _fits(name: str, text: str) -> bool:
    if not 1 < len(words(name)) <= HEADING_WORDS + 1 or new_facts(text, name) or turns_part_round(text, name):
        return False
    return any(word != "one" for word in telling_words(name)) and overlap(name, text) >= 0.99


def _expand(work: _Work) -> Generator[Step, Answer, str]:
    """Each line of an outline as a sentence or two; lines under one heading make a paragraph."""
    blocks: list[list[str]] = [[]]
    found = divided(work.task.text, Division.LINES, work.model.context)
    heads = _heads([piece.text for piece in found], work.task.text)
    written = 0
    for number, piece in enumerate(found):
        now = Progress(number, len(found), _doing(number, len(found)), _paragraphs(blocks))
        note = _MARK.sub("", piece.text).strip()
        if number in heads:
            blocks += [[f"## {note}"], []]
            continue
        new = yield from _expanded(work, note, now)
        written += new is not None
        blocks[-1].append(_sentence(note if new is None else new))
    if work.model.tier is Tier.SMALL:
        work.notes.append(SMALL_NOTE if written else KEPT_NOTE)
    return _paragraphs(blocks)


def _expanded(work: _Work, note: str, now: Progress) -> Generator[Step, Answer, str | None]:
    for attempt in range(work.template.tries):
        new = yield from work.ask(note, attempt, now)
        if new and _keeps_to(note, new, work.template):
            return new
    return None


def _sentence(text: str) -> str:
    sentence = text[:1].upper() + text[1:]
    return sentence if sentence[-1:] in ".!?…" else f"{sentence}."


def _keeps_to(note: str, new: str, template: Template) -> bool:
    if borrows(new, note, template.prompt) or says_again(new, note) or _brings_in(note, new):
        return False
    if turns_round(note, new) or changes_amount(note, new):
        return False
    if lost_facts(note, new) or new_facts(note, new):
        return False
    return overlap(note, new) >= template.keeps and overlap(new, note) >= template.overlap


def _brings_in(note: str, new: str) -> bool:
    """Whether a sentence has a thing of which the note says nothing, "of wine"; a verb makes it a sentence."""
    return any(overlap(match.group(1), note) < 1 for match in _THING.finditer(new))


def _heads(lines: Sequence[str], text: str) -> frozenset[int]:
    """Which lines are headings: those with #, or those without a bullet where the next line has one or is indented."""
    raw = [line for line in text.split("\n") if line.strip()]
    depth = [len(line) - len(line.lstrip()) + (2 if re.match(r"\s*(?:[-*•]|\d+[.)])\s", line) else 0) for line in raw]
    if len(depth) != len(lines):
        return frozenset()
    deeper = (n for n in range(len(lines)) if n + 1 < len(lines) and depth[n + 1] > depth[n])
    return frozenset(deeper) | frozenset(n for n, line in enumerate(lines) if line.startswith("#"))


def _paragraphs(blocks: Sequence[Sequence[str]]) -> str:
    return "\n\n".join(" ".join(block) for block in blocks if block)
