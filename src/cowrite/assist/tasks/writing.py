"""Texts about a text: a summary, an outline, a draft of an outline, a title, a description for a reader, and the like.

Runs anywhere. A long text is worked on in pieces, with Progress. What a small model writes is taken only where it keeps
to the text; where it is too small to be trusted with writing, it chooses among the text's own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from cowrite.assist.prompts.files import Division, Method
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model, Tier
from cowrite.assist.tasks.choosing import gains
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.drafting import draft
from cowrite.assist.tasks.jobs import Answer, Job, Progress, Step, one_by_one
from cowrite.assist.tasks.naming import name
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.writer import MARK, TOLD, Writer, Writing, doing
from cowrite.assist.text.guards import NOTHING_USABLE, SMALL_NOTE, Unusable
from cowrite.assist.text.retrieval import central, gathered, passages_in, terms
from cowrite.assist.text.sentences import Piece, has_words, is_heading, paragraphs, sentences, words

CHOSEN_SHARE = 0.2  # of the sentences stand in a summary
MOST_CHOSEN = 6
MOST_PER_PASSAGE = 8  # sentences of a passage that are judged
MOST_PASSAGES = 16  # that are judged: a longer text would take minutes
READING = "Reading the text"
CHOSEN_NOTE = "These are sentences of the text itself: this model is too small to be trusted with words of its own."
NAMED_NOTE = "These are words of the text itself: this model is too small to be trusted with words of its own."
_NOTES = {Method.CHOOSE: CHOSEN_NOTE, Method.NAME: NAMED_NOTE, Method.WRITE: SMALL_NOTE}
_CODE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(?:.*?\n)??\1[^\n]*$", re.MULTILINE | re.DOTALL)

_A_NAME = r"[A-ZÄÖÜÉ][^\s,]{0,40}"
_NAMES = re.compile(rf"[^:\n]{{1,30}}: {_A_NAME}(?:(?:, ?| and | und | et | y | ){_A_NAME})*")
"""A line that only lists names: "Present: Ada, Ben Lee"."""
_ROW = re.compile(r"^(?:[ \t]*\|[^\n]*|[^\n]* \| [^\n]*)$", re.MULTILINE)


def write(model: Model, card: StyleCard, task: Writing) -> Job[Written]:
    """The text about the text.

    Raises:
        Unsuited: the task is not for such a model.
        Unusable: there is nothing to work on, or nothing that the model wrote is worth showing.
    """
    template = task.file.template(model.tier)
    if not has_words(task.text):
        raise Unusable("There are no words to work on.")
    lacking = [TOLD[slot] for slot in sorted(task.file.slots & TOLD.keys()) if not words(task.told(slot))]
    if lacking:
        raise Unusable(f"“{task.file.title}” needs to be told {' and '.join(lacking)}.")
    if template.method in (Method.CHOOSE, Method.NAME):
        task = replace(task, text=_prose(task.text))
    writer = Writer(model, card, task, template)
    ways = {Method.WRITE: _write, Method.CHOOSE: _choose, Method.NAME: name, Method.EXPAND: draft}
    text = (yield from ways[template.method](writer)).strip()
    if not words(text):
        raise Unusable(NOTHING_USABLE, "\n".join(writer.tally.raw))
    notes = [_NOTES[template.method]] if model.tier is Tier.SMALL and template.method in _NOTES else []
    notes += writer.notes
    avoided = card.avoided_in(text)
    if avoided:
        notes.append(f"It uses words that your style card avoids: {', '.join(avoided)}.")
    made = writer.tally.made(template.name, task.file.act, task.seed)
    return Written(text, made, tuple(notes), tuple(writer.read))


def _prose(text: str) -> str:
    """A text without its blocks of code and its tables, whose lines are no sentences; as it is where nothing else is in
    it."""
    prose = _ROW.sub("", _CODE.sub("", text))
    return prose if words(prose) else text


def _write(writer: Writer) -> Generator[Step, Answer, str]:
    """Each piece by the model. Where a text was too long for one piece, the results are worked on as the text was, and
    theirs again, until they are one or come to no less."""
    found = yield from _each(writer, writer.task.text)
    while writer.template.division is Division.WHOLE and len(found) > 1:
        fewer = yield from _each(writer, "\n\n".join(found), "Putting it together")
        if not fewer or len(fewer) >= len(found):
            return "\n\n".join(found)
        found = fewer
    return _joined(writer, found)


def _each(writer: Writer, text: str, work: str = "") -> Generator[Step, Answer, list[str]]:
    """What the model writes about each piece of a text; those of which nothing came are left out."""
    pieces = divided(text, writer.template.division, writer.model.context)
    found: list[str] = []
    for number, piece in enumerate(pieces):
        now = Progress(number, len(pieces), work or doing(number, len(pieces)), "" if work else _joined(writer, found))
        for attempt in range(writer.template.tries):
            new = yield from writer.ask(piece.text, attempt, now)
            if new:
                found.append(new)
                break
    return found


def _joined(writer: Writer, found: Sequence[str]) -> str:
    return writer.template.joins.join(f"{writer.template.begins}{one}" for one in found)


def _choose(writer: Writer) -> Generator[Step, Answer, str]:
    """The text's own sentences that say most of it, or most to the reader, in their order."""
    parts = yield from one_by_one(passages_in, paragraphs(writer.task.text), READING)
    every = [passage for part in parts for passage in part]
    if len(every) > MOST_PASSAGES:
        every = gathered(every, writer.task.text)
    found_in = yield from one_by_one(terms, [passage.text for passage in every], READING)
    passages = [every[index] for index in central(found_in, MOST_PASSAGES)]
    if len(passages) < len(every):
        writer.notes.append(f"It read the {len(passages)} of {len(every)} passages that say most about the whole.")
        writer.read.extend(passage.text for passage in passages)
    rated: list[tuple[bool, float, Piece]] = []
    total = 0
    known: set[str] = set()
    for number, passage in enumerate(passages):
        yield Progress(number, len(passages), doing(number, len(passages)))
        found = _new_sentences(passage.text, known)[:MOST_PER_PASSAGE]
        if not found or (len(found) == 1 and is_heading(passage.text)):
            continue
        total += len(found)
        pieces = [
            {"piece": one.text, "rest": f"{passage.text[: one.start]}{passage.text[one.end :]}".strip()}
            for one in found
        ]
        slots = writer.slots(passage.text)
        if len(found) == 1 and "rest" in writer.template.judged:
            values = [0.0]
        else:
            values = yield from gains(writer.template, pieces, slots, writer.tally)
        best = max(values)
        rated += [
            (value == best, value, Piece(passage.start + one.start, passage.start + one.end, one.text))
            for value, one in zip(values, found, strict=True)
        ]
    number = max(1, min(MOST_CHOSEN, round(total * CHOSEN_SHARE)))
    ranked = sorted(rated, key=lambda each: each[:2], reverse=True)
    others = ranked[number : 2 * number]
    swapped = writer.task.seed % (len(others) + 1)  # another seed has some of the next best in the place of the first
    first = [*ranked[swapped:number], *others[:swapped]]
    chosen = sorted((piece for _, _, piece in first), key=lambda piece: piece.start)
    return " ".join(MARK.sub("", piece.text) for piece in chosen)


def _new_sentences(passage: str, known: set[str]) -> list[Piece]:
    """The sentences of a passage that stand in none before it, which are known; no summary says one twice. A line that
    heads others is none."""
    found: list[Piece] = []
    for one in sentences(passage):
        spoken = words(one.text.lower())
        key = " ".join(spoken)
        if len(spoken) > 3 and key not in known:
            known.add(key)
            found.append(one)
    return [one for one in found if not _is_title(one.text)] or found


def _is_title(line: str) -> bool:
    """Whether a line heads those below it by its look, or only lists names; no item of a list, and nothing that
    somebody says."""
    return bool(_NAMES.fullmatch(line)) or (is_heading(line) and ":" not in line and not MARK.match(line))
