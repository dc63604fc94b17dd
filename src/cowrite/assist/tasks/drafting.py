"""Drafts: each line of an outline as a sentence or two.

Runs anywhere. A line of which the model writes nothing that keeps to it stays as it is, and so do sentences, lines of
code and rows of tables.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from cowrite.assist.prompts.files import Division, Template
from cowrite.assist.requests import Tier
from cowrite.assist.tasks.dividing import divided
from cowrite.assist.tasks.jobs import Answer, Progress, Step
from cowrite.assist.tasks.writer import MARK, Writer, doing
from cowrite.assist.text.cleaning import FENCES
from cowrite.assist.text.facts import lost_facts, new_facts
from cowrite.assist.text.guards import SMALL_NOTE, borrows, overlap, says_again
from cowrite.assist.text.meaning import changes_amount, turns_round
from cowrite.assist.text.sentences import sentences, words

KEPT_NOTE = "These are the outline’s own words: nothing that the model wrote kept to them."
_THING = re.compile(
    r"\b(?:of|with|for|from|by|in|at|on|and|or)\s+(?:(?:the|an?|our|its|their|his|her|some)\s+)*([^\W\d_]+)",
    re.IGNORECASE,
)

_WHO_OR_WHEN = re.compile(
    r"\b(?:i|me|my|mine|he|she|him|his|her|hers|today|tomorrow|yesterday|tonight)\b", re.IGNORECASE
)
LEAST_WORDS = 4  # of a sentence that needs no more words


def draft(writer: Writer) -> Generator[Step, Answer, str]:
    """Each line of an outline as a sentence or two; lines under one heading make a paragraph."""
    blocks: list[list[str]] = [[]]
    text = writer.task.text
    found = divided(text, Division.LINES, writer.model.context)
    lines = [piece.text for piece in found]
    verbatim = _verbatim(lines)
    heads = _heads(lines, text) - verbatim
    written = begun = 0
    for number, piece in enumerate(found):
        now = Progress(number, len(found), doing(number, len(found)), _paragraphs(blocks))
        if number in verbatim:
            if number - 1 not in verbatim:
                begun = text.rfind("\n", 0, piece.start) + 1
            if number + 1 not in verbatim:
                blocks += [[text[begun : piece.end]], []]
            continue
        note = MARK.sub("", piece.text).strip()
        if number in heads:
            blocks += [[f"## {note}"], []]
            continue
        new = None if _is_told(note) else (yield from _expanded(writer, note, now))
        written += new is not None
        blocks[-1].append(_sentence(note if new is None else new))
    if writer.model.tier is Tier.SMALL:
        writer.notes.append(SMALL_NOTE if written else KEPT_NOTE)
    return _paragraphs(blocks)


def _expanded(writer: Writer, note: str, now: Progress) -> Generator[Step, Answer, str | None]:
    for attempt in range(writer.template.tries):
        new = yield from writer.ask(note, attempt, now)
        if new and _keeps_to(note, new, writer.template):
            return new
    return None


def _is_told(note: str) -> bool:
    """Whether a line is made of sentences already."""
    found = sentences(note)
    return all(len(words(one.text)) >= LEAST_WORDS and one.text.rstrip("\"'”’»)")[-1:] in ".!?…" for one in found)


def _verbatim(lines: Sequence[str]) -> frozenset[int]:
    """Which lines are code between fences, with these, or rows of a table."""
    found: set[int] = set()
    is_code = False
    for number, line in enumerate(lines):
        is_fence = line.lstrip().startswith(FENCES)
        if is_code or is_fence or " | " in line.strip() or line.lstrip().startswith("|"):
            found.add(number)
        is_code ^= is_fence
    return frozenset(found)


def _sentence(text: str) -> str:
    sentence = text[:1].upper() + text[1:]
    return sentence if sentence[-1:] in ".!?…,;:" else f"{sentence}."


def _keeps_to(note: str, new: str, template: Template) -> bool:
    if borrows(new, note, template.prompt) or says_again(new, note) or _brings_in(note, new):
        return False
    if turns_round(note, new) or changes_amount(note, new):
        return False
    if lost_facts(note, new) or new_facts(note, new):
        return False
    return overlap(note, new) >= template.keeps and overlap(new, note) >= template.overlap


def _brings_in(note: str, new: str) -> bool:
    """Whether a sentence has a thing of which the note says nothing, "of wine", or somebody or a day; a verb makes it a
    sentence."""
    said = {word.lower() for word in words(note)}
    if any(match.group().lower() not in said for match in _WHO_OR_WHEN.finditer(new)):
        return True
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
