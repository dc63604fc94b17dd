"""Correcting spelling and grammar with a model that is too small to be trusted with whole sentences.

Runs anywhere. The model writes the sentence anew a few times. Each change in that which looks like a correction is
judged by itself: it is made where the sentence becomes clearly likelier with it. How clearly depends on what kind of
change it is, for a small model finds many a good sentence likelier without its "also" and in another tense. Choosing
corrections by a language model's probabilities follows Bryant & Briscoe, "Language Model Based Grammatical Error
Correction without Annotated Training Data", 2018.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Iterable
from difflib import SequenceMatcher

from cowrite.assist.prompts.files import Template
from cowrite.assist.prompts.prompting import parts_of
from cowrite.assist.requests import Completing, Lane, Scoring
from cowrite.assist.tasks.jobs import Answer, Step, score
from cowrite.assist.tasks.outcomes import Tally
from cowrite.assist.text.difference import Rewording, apply, smallest_difference
from cowrite.assist.text.facts import facts_of
from cowrite.assist.text.guards import SMALL_WORDS, stem
from cowrite.assist.text.meaning import turns_round
from cowrite.assist.text.sentences import WORD, words

MOST_WORDS = 3  # of one change
MOST_CHANGES = 24  # that are judged for one sentence
NEVER = math.inf
NEAR = 0.75  # how much alike a misspelt word and its correction are; 1 is equal
NEARER = 0.85  # the same where a space is wrong: "alot", "can not"

# Nats by which a change has to make a sentence likelier, by its kind. Chosen by 129 sentences of a paper and of
# summaries, 69 of them with a mistake put in.
SURE = 1.5  # a capital at the beginning, a sign at the end, a word that stands there twice
CONFUSED = 3.0  # is and are, its and it's, letters that changed places, a wrong space; another ending of the same word
SIGN = 4.0  # a sign that is put in
SPELLING = 6.0  # another word that is much like it; a small word that is put in; any other sign
LOOSE = 8.0  # another preposition, a small word that goes, a capital that goes, an adverb for an adjective
NAME = 16.0  # a word with a capital amid the sentence: a misspelt day or country, or a name that is rare

_CONFUSED = tuple(
    frozenset(each.split())
    for each in (
        "am is are", "was were", "has have", "does do", "be been being", "a an", "this these", "that those", "to too",
        "then than", "its it's", "their there they're", "your you're", "whose who's", "of have", "where were",
        "i me", "he him", "she her", "we us", "they them", "who whom", "dont don't doesn't", "isn't aren't",
        "wasn't weren't", "hasn't haven't",
    )
)  # fmt: skip
_PREPOSITIONS = frozenset("at by for from in into of on onto to with".split())
_ENDINGS = frozenset("s es d ed n en ing".split())
_PREFIXES = frozenset("un in im il ir dis non mis a".split())
_NUMERALS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand million billion trillion".split()
)
_NEVER_TWICE = frozenset(
    "a an the to of in on at by for from with and or but is are was were be will we they i he she it as this".split()
)
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(WORD)
_OTHER_SIGN = re.compile(r"[^\s\w,.;:!?…'’]|_")
"""A sign that is no mistake by itself: of a list, of a quotation, of a sum of money."""
_QUOTED_MARK = re.compile(r"[\"“”„«»]")
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
    if _changes_facts(sentence, after) or _OTHER_SIGN.search(_SIGNS.sub("", change.old + change.new)):
        return NEVER
    if old == new:
        return _of_signs(change, sentence)
    if [word.lower() for word in old] == [word.lower() for word in new]:
        return _of_capitals(change, sentence) if change.old.lower() == change.new.lower() else NEVER
    if not old or not new:
        return _of_lone_words(change, sentence)
    if len(old) == len(new):
        is_head = not words(sentence[: change.start])
        return max(_of_word(one, other, is_head) for one, other in zip(old, new, strict=True))
    joined = SequenceMatcher(None, "".join(old).lower(), "".join(new).lower()).ratio()
    return CONFUSED if joined >= NEARER else NEVER


def _changes_facts(before: str, after: str) -> bool:
    return facts_of(before).links != facts_of(after).links or sorted(_DIGITS.findall(before)) != sorted(
        _DIGITS.findall(after)
    )


def _of_signs(change: Rewording, sentence: str) -> float:
    if not change.old.strip():
        return SURE if not sentence[change.end :].strip() else SIGN
    return SURE if change.old.strip() == change.new.strip() * 2 else SPELLING


def _of_capitals(change: Rewording, sentence: str) -> float:
    is_head = not words(sentence[: change.start])
    if not change.new[:1].isupper():
        return NEVER if is_head else LOOSE
    return SURE if is_head or change.new == "I" else CONFUSED


def _of_lone_words(change: Rewording, sentence: str) -> float:
    some = [word.lower() for word in words(change.old or change.new)]
    if not words(change.new):
        before, behind = words(sentence[: change.start])[-1:], words(sentence[change.end :])[:1]
        if len(some) == 1 and some[0] in [word.lower() for word in before + behind]:
            return SURE if some[0] in _NEVER_TWICE and not _is_quoted(change, sentence) else NEVER
        return LOOSE if _PREPOSITIONS.union(("a", "an", "the")).issuperset(some) else NEVER
    return SPELLING if not change.old.strip() and _PUT_IN.issuperset(some) else NEVER


def _is_quoted(change: Rewording, sentence: str) -> bool:
    """Whether a change is within quotation marks: what stands there may be talked about."""
    return bool(_QUOTED_MARK.search(sentence[: change.start]) and _QUOTED_MARK.search(sentence[change.end :]))


def _takes_an_apostrophe(change: Rewording, sentence: str) -> bool:
    """Whether only the sign behind a plural goes: a small model finds "the parents council" the likelier one."""
    return (
        change.old in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        and not change.new
        and sentence[: change.start][-1:] == "s"
    )


def _of_word(old: str, new: str, is_head: bool) -> float:
    is_name = old[:1].isupper() and old != "I" and not is_head
    old, new = old.lower(), new.lower()
    if old == new:
        return SURE
    if any(old in some and new in some for some in _CONFUSED) or old == re.sub(r"['’]", "", new):
        return CONFUSED
    if old in _PREPOSITIONS and new in _PREPOSITIONS:
        return LOOSE
    if (old in SMALL_WORDS and new in SMALL_WORDS) or (old in _NUMERALS and new in _NUMERALS):
        return NEVER
    if is_name:
        return NAME if SequenceMatcher(None, old, new).ratio() >= NEAR else NEVER
    if old.removesuffix("ly") == new.removesuffix("ly"):
        return LOOSE
    if stem(old) == stem(new) or new.removeprefix(old) in _ENDINGS or old.removeprefix(new) in _ENDINGS:
        return CONFUSED
    if sorted(old) == sorted(new):
        return CONFUSED
    return SPELLING if SequenceMatcher(None, old, new).ratio() >= NEAR and _begin_alike(old, new) else NEVER


def _begin_alike(old: str, new: str) -> bool:
    """Whether one word can be the other misspelt, and not its opposite: increase and decrease, likely and unlikely."""
    if old[0] == new[0]:
        return not {old.removesuffix(new), new.removesuffix(old)} & _PREFIXES
    return (old[1:] == new or new[1:] == old) and "a" not in (old[0], new[0])
