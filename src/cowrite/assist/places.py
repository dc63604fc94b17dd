"""The places of a transcript that a question may be about: how likely each is the one, and how many quotes it gets.

Runs anywhere. Three things speak for a place: how much the question's topic is talked about there, how high its turns
rank for all words of the question, and how likely a small model finds the question after it. Each alone is right for
about half of the questions; together, by a logistic regression, for more. What it gives is a probability, and by it a
few quotes are shared out: most to a place that is sure, one each to several that are not.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

QUOTES = 5  # that are shared out
MOST_QUOTES = 4  # of one place
TOPIC, ASKED, JUDGED, BIAS = 1.65, 1.45, 0.39, -2.58
"""Fitted with a ridge penalty of 1 on the places that are judged for each of the 56 questions about decisions in
QMSum's training part, where a place is right whose middle a human marked."""
LESS = 0.85  # what the next quote of a place is worth beside the one before it
FIRST = 2.0  # what a quote is worth that may be the first right one, beside what it is worth in itself


@dataclass(frozen=True, slots=True)
class Place:
    """A place as what speaks for it.

    Attributes:
        index: the sentence in its middle.
        topic: how much the question's topic is talked about there, as a share of the best place's.
        asked: what BM25 gives its turns for the whole question, as a share of what it gives the three best turns.
        judged: the logarithm of the question's probability after it, by a small model.
    """

    index: int
    topic: float
    asked: float
    judged: float


def chances(places: Sequence[Place]) -> list[float]:
    """For each of all places that come into question, how likely it is one that the question is about."""
    judged = [place.judged for place in places]
    middle, spread = (statistics.fmean(judged), statistics.pstdev(judged)) if places else (0.0, 0.0)
    found = []
    for place in places:
        beyond = (place.judged - middle) / spread if spread else 0.0
        found.append(1 / (1 + math.exp(-(BIAS + TOPIC * place.topic + ASKED * place.asked + JUDGED * beyond))))
    return found


def shared_out(probabilities: Sequence[float], quotes: int = QUOTES) -> list[int]:
    """How many quotes each place gets.

    One after the other goes where most is to be expected of it: that it is right, and that it is the first one that is
    (the greedy choice of Agrawal et al., "Diversifying Search Results", 2009). Of several quotes of one place each is
    a little farther from its middle.
    """
    counts = [0] * len(probabilities)
    missing = 1.0  # the probability that no place with a quote is right
    for _ in range(quotes if probabilities else 0):
        gains = [
            0.0 if count == MOST_QUOTES else chance * (LESS**count + (0.0 if count else FIRST * missing))
            for chance, count in zip(probabilities, counts, strict=True)
        ]
        best = gains.index(max(gains))
        if gains[best] <= 0.0:
            break
        if not counts[best]:
            missing *= 1 - probabilities[best]
        counts[best] += 1
    return counts
