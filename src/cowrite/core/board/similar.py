"""How much alike notes are: by their letters, where no sentence encoder is there, or by the encoder's vectors.

Runs on any thread, over texts that do not change meanwhile. Letters: each text is a vector of its sequences of three
and four characters, weighted by how rare each is on this board (tf-idf), and two texts are as alike as the cosine of
their vectors says. That finds the same idea in much the same words, and not the same idea in other words. A Likeness
knows its own thresholds, because the cosines of two of them cannot be compared.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Protocol

from cowrite.core.board.items import Note

LENGTHS = (3, 4)  # of the character sequences
SPARE = 100  # texts that are gone, of which the vectors are kept
_GAP = re.compile(r"[\W_]+")
_DENSE = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)  # kana and ideographs: two are as telling as four letters


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a Likeness means something, as cosines.

    Attributes:
        duplicate: two notes may say the same.
        group: notes may belong together.
        each_more: what each note beyond three takes from the likeness of a group, so that no group swallows all.
    """

    duplicate: float
    group: float
    each_more: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that are alike, by their places in the list; the first place is the smaller."""

    first: int
    second: int
    likeness: float


class Likeness(Protocol):
    """Says how much alike texts are."""

    @property
    def thresholds(self) -> Thresholds:
        """What its figures mean."""

    def pairs(self, texts: Sequence[str], at_least: float) -> list[Pair]:
        """All pairs of texts that are at least so much alike, the most alike first."""


class LetterLikeness:
    """By sequences of characters."""

    # Measured over the boards of tests/unit/core/board/test_similar.py; the embeddings' penalty in proportion.
    thresholds = Thresholds(duplicate=0.4, group=0.24, each_more=0.015)

    def __init__(self) -> None:
        self._is_stopped = False

    def stop(self) -> None:
        """Ends the comparing that runs on another thread; nothing is alike from now on."""
        self._is_stopped = True

    def pairs(self, texts: Sequence[str], at_least: float) -> list[Pair]:
        """See Likeness. Texts without a letter or digit are like nothing."""
        sequences = [_sequences(text) for text in texts]
        spread = Counter(sequence for counts in sequences for sequence in counts)
        # What stands in one text alone joins it to nothing, but makes it longer; what stands in very many of many
        # texts says next to nothing, and would cost most of the time.
        most = max(20, len(texts) // 5)
        pairs: list[Pair] = []
        holders: dict[str, list[tuple[int, float]]] = {}
        for index, vector in enumerate(_vectors(sequences, spread)):
            if self._is_stopped:
                return []
            near: dict[int, float] = {}
            for sequence, weight in vector.items():
                if 1 < spread[sequence] <= most:
                    found = holders.setdefault(sequence, [])
                    for other, their in found:
                        near[other] = near.get(other, 0.0) + weight * their
                    found.append((index, weight))
            pairs += [Pair(other, index, likeness) for other, likeness in near.items() if likeness >= at_least]
        return _sorted(pairs)


class VectorLikeness:
    """By the vectors of a sentence encoder. What has been compared once is not compared again, because two vectors of
    some hundred numbers take their time: a note more on a board of a thousand is a thousand comparisons, not half a
    million.

    Args:
        vectors: of texts, see `learn`.
    """

    # 0.78 and the penalty are Parabol's, over sentence embeddings of retrospectives (ParabolInc/parabol). With
    # all-MiniLM-L6-v2 notes about the same are at 0.42 to 0.97 on our boards, others at 0.31 at most.
    thresholds = Thresholds(duplicate=0.78, group=0.5, each_more=0.05)

    def __init__(self, vectors: Mapping[str, Sequence[float]] | None = None) -> None:
        self._units: dict[str, tuple[float, ...]] = {}
        self._near: dict[str, dict[str, float]] = {}  # of each text that was compared, those that are not far from it
        self._is_stopped = False
        self.learn(vectors or {})

    def learn(self, vectors: Mapping[str, Sequence[float]]) -> None:
        """Takes in the vectors of texts; they need no particular length."""
        self._units.update((text, _unit(vector)) for text, vector in vectors.items())

    def stop(self) -> None:
        """Ends the comparing that runs on another thread; nothing is alike from now on."""
        self._is_stopped = True

    def lacks(self, texts: Iterable[str]) -> list[str]:
        """Those of the texts that have no vector yet, each once."""
        return [text for text in dict.fromkeys(texts) if text not in self._units]

    def pairs(self, texts: Sequence[str], at_least: float) -> list[Pair]:
        """See Likeness; what is less alike than half of what makes a group counts as not alike at all. A text without
        a vector is like nothing."""
        places: dict[str, list[int]] = {}
        for index, text in enumerate(texts):
            if self._units.get(text):
                places.setdefault(text, []).append(index)
        if len(self._near) > 2 * len(places) + SPARE:
            self._forget_all_but(places)
        for text in places:
            if self._is_stopped:
                return []
            self._compare(text)
        found = []
        for text, own in places.items():
            for other, likeness in self._near[text].items():
                if likeness >= at_least:
                    found += [
                        Pair(first, second, likeness)
                        for first in own
                        for second in places.get(other, ())
                        if first < second
                    ]
        return _sorted(found)

    def _forget_all_but(self, texts: Collection[str]) -> None:
        self._units = {text: unit for text, unit in self._units.items() if text in texts}
        self._near = {
            text: {other: likeness for other, likeness in near.items() if other in texts}
            for text, near in self._near.items()
            if text in texts
        }

    def _compare(self, text: str) -> None:
        if text in self._near:
            return
        unit = self._units[text]
        near = self._near[text] = {text: 1.0}
        for other in self._near:
            if other != text and (likeness := _dot(unit, self._units[other])) >= self.thresholds.group / 2:
                near[other] = self._near[other][text] = likeness


class Remembered:
    """Another Likeness, asked once for the pairs of some texts and then for fewer of them.

    Args:
        likeness: the other.
    """

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._texts: Sequence[str] | None = None
        self._lowest = 0.0
        self._pairs: list[Pair] = []

    @property
    def thresholds(self) -> Thresholds:
        """See Likeness."""
        return self._likeness.thresholds

    def pairs(self, texts: Sequence[str], at_least: float) -> list[Pair]:
        """See Likeness."""
        if texts != self._texts or at_least < self._lowest:
            self._texts, self._lowest, self._pairs = texts, at_least, self._likeness.pairs(texts, at_least)
        return [pair for pair in self._pairs if pair.likeness >= at_least]


def near_duplicates(notes: Sequence[Note], likeness: Likeness) -> dict[str, tuple[str, ...]]:
    """By note id the ids of those that may say the same, the most alike first; those that have none are left out."""
    found: dict[str, list[str]] = {}
    for pair in likeness.pairs([note.text for note in notes], likeness.thresholds.duplicate):
        first, second = notes[pair.first].id, notes[pair.second].id
        found.setdefault(first, []).append(second)
        found.setdefault(second, []).append(first)
    return {id: tuple(others) for id, others in found.items()}


def _sorted(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def _sequences(text: str) -> Counter[str]:
    plain = f" {_GAP.sub(' ', unicodedata.normalize('NFKC', text).casefold()).strip()} "
    plain = _DENSE.sub(r"\g<0>\g<0>", plain)
    if not plain.strip():
        return Counter()
    return Counter(plain[at : at + length] for length in LENGTHS for at in range(len(plain) - length + 1))


def _vectors(sequences: Sequence[Counter[str]], spread: Mapping[str, int]) -> list[dict[str, float]]:
    """tf-idf with idf = ln(1 + N / n), which is above 0 also for what stands in all texts; of length 1."""
    count = len(sequences)
    rare = {sequence: math.log(1 + count / number) for sequence, number in spread.items()}
    vectors = []
    for counts in sequences:
        weights = {sequence: (1 + math.log(times)) * rare[sequence] for sequence, times in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({sequence: weight / length for sequence, weight in weights.items()})
    return vectors


def _unit(vector: Sequence[float]) -> tuple[float, ...]:
    length = math.sqrt(sum(value * value for value in vector))
    return tuple(value / length for value in vector) if length else ()


_sumprod: Any = getattr(math, "sumprod", None)  # from Python 3.12 on, and ten times as fast


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return float(_sumprod(one, other) if _sumprod else sum(map(mul, one, other)))
