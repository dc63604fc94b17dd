"""The places of a transcript that a question may be about: how likely each is the one, and how many quotes it gets.

Runs anywhere. Five things speak for a place: how much the question's topic is talked about in the stretch around it
and in the part of the meeting that it belongs to, how high its turns rank for all words of the question, how likely a
small model finds the question after it, and how much of it is said by those whom the question names. By a logistic
regression they give a probability, and by it a few quotes are shared out: most to a place that is sure, one each to
several that are not.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

QUOTES = 5  # that are shared out
MOST_QUOTES = 4  # of one place
TOPIC, PART, ASKED, JUDGED, NAMED, BIAS = 2.4, 2.5, 0.6, 0.7, 1.9, -5.0
"""Fitted with a ridge penalty of 1 on the places that are judged for the 1,095 questions which QMSum has on the 162
meetings of its training part; a place is as right as the share of its three most telling sentences that a human marked.
What the model says counts as much as where it was fitted with the others, on 290 of them."""
BESIDE = 150.0  # words: what the model says of a place at this distance counts 0.6 beside what it says of the place
LESS = 0.85  # what the next quote of a place is worth beside the one before it
FIRST = 5.0  # what a quote is worth that may be the first right one, beside what it is worth in itself
ELSEWHERE = 600.0  # words: nearer to a place that has quotes a place is right or wrong together with it


@dataclass(frozen=True, slots=True)
class Place:
    """A place as what speaks for it.

    Attributes:
        index: the sentence in its middle.
        at: where that is, in words.
        topic: how much the question's topic is talked about in the stretch around it, as a share of the text's most.
        part: the same for the part of the text that it belongs to.
        asked: what BM25 gives its turns for the whole question, as a share of what it gives the three best turns.
        judged: the logarithm of the question's probability after it, by a small model.
        named: the share of its words that those say whom the question names; 0 where it names nobody.
    """

    index: int
    at: float
    topic: float
    part: float
    asked: float
    judged: float
    named: float = 0.0


def chances(places: Sequence[Place]) -> list[float]:
    """For each of all places that come into question, how likely it is one that the question is about."""
    if not places:
        return []
    middle = statistics.fmean(place.judged for place in places)
    spread = statistics.pstdev(place.judged for place in places) or 1.0
    usual = statistics.fmean(place.named for place in places)
    found = []
    for place in places:
        shares = [math.exp(-(((other.at - place.at) / BESIDE) ** 2) / 2) for other in places]
        judged = sum(share * other.judged for share, other in zip(shares, places, strict=True)) / sum(shares)
        spoken = TOPIC * place.topic + PART * place.part + ASKED * place.asked
        beyond = JUDGED * (judged - middle) / spread + NAMED * (place.named - usual)
        found.append(1 / (1 + math.exp(-(BIAS + spoken + beyond))))
    return found


def shared_out(places: Sequence[Place], probabilities: Sequence[float], quotes: int = QUOTES) -> list[int]:
    """How many quotes each place gets.

    One after the other goes where most is to be expected of it: that it is right, and that it is the first one that is
    (the greedy choice of Agrawal et al., "Diversifying Search Results", 2009). Only a place that lies far from all that
    have quotes can be the first right one. Of several quotes of one place each is a little farther from its middle.

    Args:
        places: where quotes can be taken from.
        probabilities: of each, that the question is about it.
        quotes: how many there are.

    Returns:
        For each place its number of quotes.
    """
    counts = [0] * len(places)
    missing = 1.0  # the probability that no place with a quote is right
    for _ in range(quotes if places else 0):
        with_quotes = [place.at for place, count in zip(places, counts, strict=True) if count]
        alone = [all(abs(place.at - at) > ELSEWHERE for at in with_quotes) for place in places]
        gains = [
            0.0 if count == MOST_QUOTES else chance * (LESS**count + (FIRST * missing if is_alone else 0.0))
            for chance, count, is_alone in zip(probabilities, counts, alone, strict=True)
        ]
        best = gains.index(max(gains))
        if gains[best] <= 0.0:
            break
        if alone[best]:
            missing *= 1 - probabilities[best]
        counts[best] += 1
    return counts
