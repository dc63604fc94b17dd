"""Correcting spelling and grammar with a model that is too small to be trusted with whole sentences.

Runs anywhere. The model writes the sentence anew a few times. Each change in that which looks like a correction is
judged by itself: it is made where the sentence becomes clearly likelier with it. How clearly depends on what kind of
change it is, for a small model finds many a good sentence likelier without its "also" and in another tense. Choosing
corrections by a language model's probabilities follows Bryant & Briscoe, "Language Model Based Grammatical Error
Correction without Annotated Training Data", 2018.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
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

MOST_WORDS = 3  # of one change
MOST_CHANGES = 24  # that are judged for one sentence
NEVER = math.inf
NEAR = 0.75  # how much alike a misspelt word and its correction are; 1 is equal
NEARER = 0.85  # the same where a space is wrong: "alot", "can not"

# Nats by which a change has to make a sentence likelier, by its kind. Chosen by 129 sentences of a paper and of
# summaries, 69 of them with a mistake put in.
SURE = 1.5  # a capital at the beginning, a sign at the end, a word that stands there twice
CONFUSED = 3.0  # is and are, its and it's, a wrong space
ENDING = 4.0  # another ending of the same word; a sign that is put in
SPELLING = 6.0  # another word that is much like it; a small word that is put in; any other sign
LOOSE = 8.0  # another preposition, a small word that goes, a capital that goes

_CONFUSED = tuple(
    frozenset(each.split())
    for each in (
        "am is are", "was were", "has have", "does do", "be been being", "a an", "this these", "that those", "to too",
        "then than", "its it's", "their there they're", "your you're", "whose who's", "of have", "where were",
        "i me", "he him", "she her", "we us", "they them", "who whom", "don't doesn't", "isn't aren't",
        "wasn't weren't", "hasn't haven't",
    )
)  # fmt: skip
_PREPOSITIONS = frozenset("at by for from in into of on onto to with".split())
_ENDINGS = frozenset("s es d ed n en ing".split())
_PUT_IN = _PREPOSITIONS | frozenset("a an the is are was were be been have has had do does did".split())


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
        change for proposal in proposals for change in smallest_difference(old, proposal) if margin(change, old) < NEVER
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
        if gain >= margin(change, old) and not any(_meet(change, other) for other in taken):
            taken.append(change)
    return apply(old, sorted(taken, key=lambda change: change.start))


def _meet(one: Rewording, other: Rewording) -> bool:
    return one.start <= other.end and other.start <= one.end


def margin(change: Rewording, sentence: str) -> float:
    """By how much a change has to make a sentence likelier to be made, in nats; NEVER where it is no correction."""
    old, new = words(change.old), words(change.new)
    after = apply(sentence, [change])
    if max(len(old), len(new)) > MOST_WORDS or turns_round(sentence, after) or _takes_an_apostrophe(change, sentence):
        return NEVER
    before_facts, after_facts = facts_of(sentence), facts_of(after)
    if before_facts.numbers != after_facts.numbers or before_facts.links != after_facts.links:
        return NEVER
    if [word.lower() for word in old] == [word.lower() for word in new]:
        return _of_signs(change, sentence) if old == new else _of_capitals(change, sentence)
    if not old or not new:
        return _of_lone_words(change, sentence)
    if len(old) == len(new):
        return max(_of_word(one.lower(), other.lower()) for one, other in zip(old, new, strict=True))
    joined = SequenceMatcher(None, "".join(old).lower(), "".join(new).lower()).ratio()
    return CONFUSED if joined >= NEARER else NEVER


def _of_signs(change: Rewording, sentence: str) -> float:
    if not change.old.strip():
        return SURE if not sentence[change.end :].strip() else ENDING
    return SURE if change.old.strip() == change.new.strip() * 2 else SPELLING


def _of_capitals(change: Rewording, sentence: str) -> float:
    if not sentence[: change.start].strip() or change.new == "I":
        return SURE
    return CONFUSED if change.new.lower() == change.old else LOOSE


def _of_lone_words(change: Rewording, sentence: str) -> float:
    some = [word.lower() for word in words(change.old or change.new)]
    if change.old and not words(change.new):
        before, behind = words(sentence[: change.start])[-1:], words(sentence[change.end :])[:1]
        if len(some) == 1 and some[0] in [word.lower() for word in before + behind]:
            return SURE
        return LOOSE if _PREPOSITIONS.union(("a", "an", "the")).issuperset(some) else NEVER
    return SPELLING if _PUT_IN.issuperset(some) else NEVER


def _takes_an_apostrophe(change: Rewording, sentence: str) -> bool:
    """Whether only the sign behind a plural goes: a small model finds "the parents council" the likelier one."""
    return (
        change.old in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        and not change.new
        and sentence[: change.start][-1:] == "s"
    )


def _of_word(old: str, new: str) -> float:
    if old == new:
        return SURE
    if any(old in some and new in some for some in _CONFUSED):
        return CONFUSED
    if old in _PREPOSITIONS and new in _PREPOSITIONS:
        return LOOSE
    if old in SMALL_WORDS and new in SMALL_WORDS:
        return NEVER
    if stem(old) == stem(new) or new.removeprefix(old) in _ENDINGS or old.removeprefix(new) in _ENDINGS:
        return ENDING
    return SPELLING if SequenceMatcher(None, old, new).ratio() >= NEAR else NEVER
