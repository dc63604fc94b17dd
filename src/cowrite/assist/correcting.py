"""Correcting spelling and grammar with a model that is too small to be trusted with whole sentences.

Runs anywhere. The model writes the sentence anew a few times. Each change in that which looks like a correction is
judged by itself: it is made where the sentence becomes clearly likelier with it. Choosing corrections by a language
model's probabilities follows Bryant & Briscoe, "Language Model Based Grammatical Error Correction without Annotated
Training Data", 2018.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from difflib import SequenceMatcher

from cowrite.assist.difference import Rewording, apply, smallest_difference
from cowrite.assist.facts import facts_of
from cowrite.assist.guards import SMALL_WORDS, stem, turns_round
from cowrite.assist.jobs import Answer, Step, score
from cowrite.assist.outcomes import Tally
from cowrite.assist.prompt_files import Template
from cowrite.assist.prompting import parts_of
from cowrite.assist.requests import Completing, Lane, Scoring
from cowrite.assist.sentences import words

MARGIN = 1.5  # nats by which a change has to make a sentence likelier
MOST_WORDS = 3  # of one change
MOST_CHANGES = 24  # that are judged for one sentence
NEAR = 0.6  # how much alike a misspelt word and its correction are; 1 is equal


def corrected(
    template: Template, style: str, old: str, proposals: Iterable[str], tally: Tally
) -> Generator[Step, Answer, str]:
    """A sentence with those of the proposed changes that are corrections.

    Args:
        template: has `judging`, after which the likelier of two versions is the better one.
        style: what the style card says.
        old: the sentence.
        proposals: the same as the model has written it.
        tally: counts what it takes.
    """
    found = dict.fromkeys(
        change for proposal in proposals for change in smallest_difference(old, proposal) if is_correction(change, old)
    )
    changes = list(found)[:MOST_CHANGES]
    if not changes:
        return old
    prompt = Completing(parts_of(template.judging, template, {"style": style}))
    versions = [old, *(apply(old, [change]) for change in changes)]
    scores = yield from score(Scoring(Lane.PANEL, prompt, tuple(f'{version}"' for version in versions)))
    tally.add(scores)
    plain = scores.log_probabilities[0]
    gains = [value - plain for value in scores.log_probabilities[1:]]
    taken: list[Rewording] = []
    for gain, change in sorted(zip(gains, changes, strict=True), key=lambda pair: -pair[0]):
        if gain >= MARGIN and not any(_meet(change, other) for other in taken):
            taken.append(change)
    return apply(old, sorted(taken, key=lambda change: change.start))


def _meet(one: Rewording, other: Rewording) -> bool:
    return one.start <= other.end and other.start <= one.end


def is_correction(change: Rewording, sentence: str) -> bool:
    """Whether a change looks like a correction: spelling, an ending, a small word, a capital, a sign."""
    old, new = words(change.old), words(change.new)
    if max(len(old), len(new)) > MOST_WORDS:
        return False
    before, after = sentence, apply(sentence, [change])
    if facts_of(before).numbers != facts_of(after).numbers or facts_of(before).links != facts_of(after).links:
        return False
    if turns_round(before, after) or _takes_an_apostrophe(change, sentence):
        return False
    if [word.lower() for word in old] == [word.lower() for word in new]:
        return True
    return _stand_for(old, new) and _stand_for(new, old)


def _takes_an_apostrophe(change: Rewording, sentence: str) -> bool:
    """Whether only the sign behind a plural goes: a small model finds "the parents council" the likelier one."""
    return (
        change.old in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        and not change.new
        and sentence[: change.start][-1:] == "s"
    )


def _stand_for(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each word of some is a small one or much like one of the others."""
    return all(word.lower() in SMALL_WORDS or any(_alike(word, other) for other in others) for word in some)


def _alike(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    return stem(one) == stem(other) or SequenceMatcher(None, one, other).ratio() >= NEAR
