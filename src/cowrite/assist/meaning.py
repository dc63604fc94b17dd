"""Whether another version of a sentence still says the same, as far as its words show it.

Runs anywhere. A check by English words alone: in other languages it sees nothing, and refuses nothing.
"""

from __future__ import annotations

import re

from cowrite.assist.guards import telling_words
from cowrite.assist.sentences import sentences, words

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot|unable|fail(?:s|ed)?|refus\w+|"
    r"lies?|lying|false(?:ly)?|untrue|wrong(?:ly)?|fake|myth|"
    r"(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|could|should|must)n['’]?t)\b",
    re.IGNORECASE,
)

_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "old/new more/less most/least many/few before/after always/never first/last early/late earlier/later "
        "open/closed opens/closes opened/closed high/low higher/lower big/small bigger/smaller large/small "
        "larger/smaller long/short longer/shorter good/bad better/worse best/worst cheap/expensive cheaper/dearer "
        "fast/slow faster/slower hot/cold warm/cold wet/dry full/empty left/right up/down over/under above/below "
        "inside/outside north/south east/west buy/sell buys/sells bought/sold win/lose wins/loses won/lost "
        "rise/fall rises/falls rose/fell risen/fallen increase/decrease increases/decreases increased/decreased "
        "accept/reject accepts/rejects accepted/rejected begin/end begins/ends began/ended start/stop starts/stops "
        "started/stopped come/go comes/goes came/went allowed/forbidden possible/impossible likely/unlikely "
        "true/false public/private strong/weak easy/difficult yesterday/tomorrow morning/evening day/night "
        "summer/winter spring/autumn"
    ).split()
)

_AMOUNTS = tuple(
    frozenset(amount.split("/"))
    for amount in (
        "half/halves third/thirds quarter/quarters twice/double/doubled/doubles dozen/dozens least most/majority "
        "less/fewer more/over/above/exceeding/exceeds only/merely/solely every/each/always almost/nearly "
        "until/till unless except/apart/besides second/seconds last/final/latest/previous sometimes/occasionally"
    ).split()
)
_REQUEST = re.compile(r"^\W*(?:please|kindly|(?:could|can|would|will) you)\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:please|kindly|could|can|would|will)\b", re.IGNORECASE)
_PROMISE = re.compile(r"\b(?:I|we)(?:['’]ll|['’]d| (?:will|can|could|would|shall))\b", re.IGNORECASE)
_CLAUSES = re.compile(r"\s*(?:;|,\s+(?:and|but|so|while|whereas|which|because|as|since)\b)\s*")


def turns_round(old: str, new: str) -> bool:
    """Whether one of two versions denies something and the other does not, or says the opposite of a word."""
    if bool(_NEGATIONS.search(old)) != bool(_NEGATIONS.search(new)):
        return True
    gone, come = set(words(old.lower())), set(words(new.lower()))
    gone, come = gone - come, come - gone
    return any((one in gone and other in come) or (other in gone and one in come) for one, other in _OPPOSITES)


def loses_amount(old: str, new: str) -> bool:
    """Whether a version lacks a word that says how much or how often: of "half of the team" it makes "the team"."""
    return bool(_amounts(old) - _amounts(new))


def changes_amount(old: str, new: str) -> bool:
    """Whether only one of two versions has a word that says how much or how often."""
    return _amounts(old) != _amounts(new)


def _amounts(text: str) -> set[frozenset[str]]:
    there = set(words(text.lower()))
    return {amount for amount in _AMOUNTS if there & amount}


def answers(old: str, new: str) -> bool:
    """Whether a version answers a question or a request in the place of saying it in other words."""
    if old.rstrip(" \"'”’)").endswith("?") and "?" not in new:
        return True
    if not _REQUEST.match(old) or _REQUEST.match(new):
        return False
    return bool(_PROMISE.search(new)) or not (_ASKS.search(new) or _same_start(old, new))


def _same_start(old: str, new: str) -> bool:
    """Whether a request begins with the same act, its "please" aside."""
    first = telling_words(_REQUEST.sub("", old))[:1]
    return first == telling_words(new)[:1]


def adds_clause(old: str, new: str) -> bool:
    """Whether a version goes on with what is at least half not in the text: "They meet, and it is a weekly meeting"."""
    known = set(telling_words(old))
    for sentence in sentences(new):
        for clause in _CLAUSES.split(sentence.text)[1:]:
            telling = set(telling_words(clause))
            if telling and 2 * len(telling & known) <= len(telling):
                return True
    return False
