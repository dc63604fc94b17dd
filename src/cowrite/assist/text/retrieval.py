"""Finds the passages of a text that have to do with some words.

Runs anywhere. Ranks by Okapi BM25 (Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
2009) with the weight of a term as Lucene has it, which is never negative:

    score(D, Q) = sum over q in Q of  idf(q) · f · (K1 + 1) / (f + K1 · (1 - B + B · |D| / avg))
    idf(q) = ln(1 + (N - n(q) + 0.5) / (n(q) + 0.5))

with N passages, n(q) of them with the term, f times in this one. Written here and not taken from `bm25s`, which would
load numpy into the app's own process for a few hundred passages, and does not tell how much of a question was found.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cowrite.assist.text.guards import telling_words
from cowrite.assist.text.sentences import Piece, ideograph_pairs, is_ideographs, paragraphs, sentences, words

K1 = 1.2
B = 0.75
PASSAGE_WORDS = 120  # about so long is a passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        index: which one.
        score: by BM25; above 0.
    """

    index: int
    score: float


class PassageIndex:
    """Passages that can be asked for."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._counts = [Counter(terms(passage)) for passage in passages]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._average = sum(self._lengths) / len(self._lengths) if self._lengths else 0.0
        self._spread = Counter(term for counts in self._counts for term in counts)

    def search(self, query: str, most: int) -> list[Hit]:
        """The passages that have any of the words, the best first, at most so many."""
        wanted = Counter(terms(query))
        weights = {term: self._weight(term) for term in wanted}
        hits = []
        for index, counts in enumerate(self._counts):
            found = [term for term in wanted if term in counts]
            if found:
                norm = K1 * (1 - B + B * self._lengths[index] / self._average)
                score = sum(weights[t] * wanted[t] * counts[t] * (K1 + 1) / (counts[t] + norm) for t in found)
                hits.append(Hit(index, score))
        return sorted(hits, key=lambda hit: (-hit.score, hit.index))[:most]

    def _weight(self, term: str) -> float:
        spread = self._spread[term]
        return math.log(1 + (len(self._counts) - spread + 0.5) / (spread + 0.5))


def gathered(passages: Sequence[Piece], text: str) -> list[Piece]:
    """Neighbouring passages of a text put together, up to PASSAGE_WORDS words: many a text is short paragraphs."""
    found: list[Piece] = []
    count = PASSAGE_WORDS
    for passage in passages:
        length = len(words(passage.text))
        if count + length <= PASSAGE_WORDS:
            start = found.pop().start
            count += length
        else:
            start, count = passage.start, length
        found.append(Piece(start, passage.end, text[start : passage.end]))
    return found


def central(passages: Iterable[Iterable[str]], most: int) -> list[int]:
    """The passages that have most of what all of them are about, in their order, at most so many.

    Args:
        passages: the terms of each passage of one text.
        most: passages.
    """
    found = [frozenset(each) for each in passages]
    spread = Counter(term for each in found for term in each)
    shared = [sum(spread[term] - 1 for term in each) / math.sqrt(len(each) or 1) for each in found]
    return sorted(sorted(range(len(found)), key=lambda index: -shared[index])[:most])


def terms(text: str) -> list[str]:
    """What of a text is looked for: its telling words without their endings, and pairs of neighbouring ideographs."""
    return [word for word in telling_words(text) if not is_ideographs(word)] + ideograph_pairs(text)


def passages_of(text: str) -> list[Piece]:
    """A text cut into passages of about PASSAGE_WORDS words, at the ends of paragraphs and else of sentences."""
    return [passage for paragraph in paragraphs(text) for passage in passages_in(paragraph)]


def passages_in(paragraph: Piece) -> list[Piece]:
    """The passages of one paragraph, see `passages_of`."""
    found: list[Piece] = []
    begin, text = paragraph.start, paragraph.text
    start = end = count = 0
    for sentence in sentences(text):
        length = len(words(sentence.text))
        if count and count + length > PASSAGE_WORDS:
            found.append(Piece(begin + start, begin + end, text[start:end]))
            start, count = sentence.start, 0
        end = sentence.end
        count += length
    if end > start:
        found.append(Piece(begin + start, begin + end, text[start:end]))
    return found
