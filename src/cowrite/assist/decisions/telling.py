"""What a model says in its own words of the places where something was decided.

Runs anywhere. Whether a model can be asked for that shows in what it does: first it is asked about talk of something
else, and one that answers all the same makes things up. Of what another one says only that is taken which the places
bear.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import pairwise

from cowrite.assist.decisions.work import Work
from cowrite.assist.prompts.prompting import parts_of, tokens_of
from cowrite.assist.requests import Chat, Completion, Ending, Generation, Lane, Message, Model
from cowrite.assist.tasks.jobs import Answer, Step, generate
from cowrite.assist.text.cleaning import cleaned, unmarked
from cowrite.assist.text.evidence import in_one_word
from cowrite.assist.text.facts import new_facts
from cowrite.assist.text.guards import is_refusal, overlap
from cowrite.assist.text.languages import in_language_of
from cowrite.assist.text.sentences import sentences, words
from cowrite.assist.text.transcripts import in_lines

ASIDE = (
    "Maria: How was your holiday?\n"
    "Tom: Wonderful. We went to the lake every day, and the kids learned to swim.\n"
    "Maria: Oh nice! We only stayed at home."
)
NONE = "NONE"  # what the prompt has a model say where the question is not answered
NONE_TOKENS = 6  # enough to see whether it says that
TOKENS = 140  # of an answer
MOST_SENTENCES = 4
LEAST_WORDS = 6
OVERLAP = 0.6  # the least share of its telling words that the places or the question have
SHARE = 0.5  # of the context that the places may take
READING = 45.0  # seconds that a model may read them here


def told(work: Work, model: Model, places: Sequence[Sequence[int]]) -> Generator[Step, Answer, str]:
    """What the model says of some places in answer to the question, in a few sentences; empty where it cannot, finds no
    answer there, or says what they do not bear.

    Args:
        work: the text, and what is asked of it.
        model: which is asked.
        places: the sentences of each, the likeliest first; those that are too many for the model, or take it too long,
            are not read.
    """
    first = _together(work, places[:1])
    if not (model.has_template and work.template.wording) or _takes_long(work, first):
        return ""
    aside = yield from _asked(work, ASIDE, NONE_TOKENS)
    if not _is_none(aside.text):
        return ""
    read = first
    for count in range(2, len(places) + 1):
        more = _together(work, places[:count])
        if tokens_of(more) > model.context * SHARE or _takes_long(work, more):
            break
        read = more
    completion = yield from _asked(work, read, TOKENS)
    return borne(completion.text, read, work.question, is_cut=completion.ending is Ending.LENGTH)


def borne(answer: str, read: str, question: str, *, is_cut: bool = False) -> str:
    """What of an answer can be shown: its first sentences, if the words that it was made from bear them.

    Args:
        answer: as the model wrote it.
        read: the words.
        question: in answer to which.
        is_cut: whether it ends in the middle.
    """
    whole = [piece.text for piece in sentences(cleaned(unmarked(answer)))]
    whole = whole[: -1 if is_cut else None][:MOST_SENTENCES]
    text, source = " ".join(" ".join(whole).split()), f"{read} {in_one_word(read)} {question}"
    if len(words(text)) < LEAST_WORDS or text.endswith(("?", "？", ":")) or is_refusal(text) or _is_none(text):
        return ""
    return text if not new_facts(source, text) and overlap(text, source) >= OVERLAP else ""


def _asked(work: Work, read: str, most: int) -> Generator[Step, Answer, Completion]:
    asked_in = in_language_of(work.question)
    slots = {"text": read, "question": work.question, "style": work.style, "in_language": asked_in}
    parts = parts_of(work.template.wording, work.template, slots)
    completion = yield from generate(Generation(Lane.PANEL, Chat((Message("user", parts),)), most))
    work.tally.add(completion)
    return completion


def _takes_long(work: Work, read: str) -> bool:
    """Whether the model takes too long for some words here, by how fast it was so far."""
    return work.tally.seconds_for(tokens_of(read)) > READING


def _is_none(answer: str) -> bool:
    return NONE in words(answer)[:2]  # "Maria: NONE"


def _together(work: Work, places: Sequence[Sequence[int]]) -> str:
    """Places as one text in their order, with a mark where something is left out."""
    indices = sorted({index for place in places for index in place})
    starts = [0, *(number for number, (one, next_one) in enumerate(pairwise(indices), 1) if next_one > one + 1)]
    stretches = [indices[start:end] for start, end in pairwise([*starts, len(indices)])]
    return "\n…\n".join(in_lines([work.said[index] for index in stretch]) for stretch in stretches)
