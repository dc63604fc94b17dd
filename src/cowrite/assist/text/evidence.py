"""Where in a long text a question is talked about: places, not single sentences, for talk has its words scattered.

Runs anywhere. The weight of a place is that of the question's words around it: each occurrence counts the less the
farther it is (a positional language model, Lv & Zhai 2009), many of one word count little more than some (the
saturation of BM25), and a word that is spread all over the text counts little. What a question says only to tell what
else was talked about ("when discussing the budget") counts half.

The numbers were fitted on the 41 meetings of QMSum's training part that ask about decisions.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cowrite.assist.text.guards import SMALL_WORDS
from cowrite.assist.text.sentences import ideograph_pairs, is_ideographs, words
from cowrite.assist.text.transcripts import Said

NEAR = 50.0  # words: at this distance an occurrence counts 0.6, at twice that 0.14
WIDE, BROAD = 150.0, 600.0  # the same, to tell what a longer stretch is about, and a whole part of a meeting
SATURATION = 3.0  # an endless number of occurrences counts so many times one, and one more
BLOCK = 100  # words: in how many blocks of this length a word stands tells how telling it is
ASIDE = 0.5  # what words count that tell what else was talked about
ALIKE = 0.15  # what words count that begin like one that is looked for
OPENING = 0.12  # of a text: what is said there is announced rather than decided
APART = 100.0  # words between two places

_ALIKE_LETTERS = 5
_SHORTEST_HEAD = 10  # characters: "When do we launch?" has no aside
_TALK = frozenset(
    "uh um yeah yep okay ok mm hmm oh ah hm well like right just know mean think really actually kind sort bit lot "
    "thing things something got get go going gonna want maybe say said see let it's that's i'm we're don't there's "
    "they're what's you're i've we've".split()
)
_ASKING = frozenset(
    "decision decide conclusion conclude discussion discuss summarize summarise summary team group mate member agree "
    "agreed agreement think thought talk meeting final finally reach make made give given come came about regarding "
    "opinion reason suggest propose mention comment settle settled resolve".split()
)
_ASIDE = re.compile(
    r"\b(?:when|while|during|(?:which |as )?(?:connected|linked|related) (?:with|to))\b.*", re.IGNORECASE
)
_IN_TALK_OF = re.compile(r"\s*in (?:the|their|a) discussions? (?:of|about|on)\b(.*?),(.*)", re.IGNORECASE | re.DOTALL)
_OWNING = re.compile(r"['’]s?(?!\w)")
_DOING = r"\b(?:did|does|do|was|were|by|to|and|why|that|how)\s+(?:the\s+)?"  # stands before who is asked about
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_](?:[._][^\W\d_])+(?![^\W_])[._]?")


def stem(word: str) -> str:
    """A word in small letters without its commonest English endings, so that remotes and remote are one."""
    word = re.sub(r"['’]s?$", "", word)
    for ending in ("ingly", "edly", "ings", "ing", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 3 and word[-1] == "y" else word


_ASKING_STEMS = frozenset(stem(word) for word in _ASKING)
_ACTING_STEMS = frozenset(
    stem(word) for word in "take use keep drop have do put leave stay choose pick option nehmen".split()
)


def in_one_word(text: str) -> str:
    """A text in which what is spelled out is one word: L.C.D. and L_C_D_ are LCD."""
    return _SPELLED.sub(lambda match: re.sub(r"[._]", "", match.group()), text)


def telling(text: str) -> list[str]:
    """The words that carry the meaning of what was said, as stems; ideographs in pairs. L.C.D. and L_C_D_ are lcd."""
    text = in_one_word(text.replace("’", "'"))
    found = [
        stem(part)
        for word in words(text.lower())
        if word not in SMALL_WORDS and word not in _TALK and not is_ideographs(word)
        for part in word.split("-")
        if part not in SMALL_WORDS and part not in _TALK and (len(part) > 1 or part.isdigit())
    ]
    return found + ideograph_pairs(text)


def looked_for(question: str, names: frozenset[str] = frozenset()) -> dict[str, float]:
    """What of a question is looked for, and how much it counts.

    Args:
        question: in a person's words.
        names: who speaks; their names are no topic, but "marketing" in small letters is one.
    """
    question = "".join(_between(question, [span for _, span in _asked_about(question, names)]))
    for part in {part for name in names for part in words(name)}:
        question = re.sub(rf"\b{re.escape(part)}\b", " ", question)
    head, aside = head_and_aside(question)
    weights = dict.fromkeys((word for word in telling(head) if word not in _ASKING_STEMS), 1.0)
    for word in telling(aside):
        if word not in _ASKING_STEMS:
            weights.setdefault(word, ASIDE)
    return weights


def named_in(question: str, names: frozenset[str]) -> frozenset[str]:
    """Whom of those who speak a question names: in full, or by a word of the name that no other has.

    Args:
        question: in a person's words.
        names: who speaks.
    """
    asked = set(words(_OWNING.sub("", question)))
    parts = {name: set(words(name)) for name in names}
    own = _own_parts(names)

    def is_named(name: str) -> bool:
        in_full = parts[name] <= asked and any(map(telling, parts[name]))  # a name can be a word like any other: Will
        return in_full or not asked.isdisjoint(own[name])

    about = {name for name, _ in _asked_about(question, names)}
    return frozenset(name for name in names if is_named(name)) | about


def _own_parts(names: frozenset[str]) -> dict[str, list[str]]:
    """For each name the telling words of it that no other has."""
    times = Counter(part for name in names for part in set(words(name)))
    return {name: [part for part in words(name) if times[part] == 1 and telling(part)] for name in names}


def _asked_about(question: str, names: frozenset[str]) -> list[tuple[str, tuple[int, int]]]:
    """Who is asked about, in capitals or not: what "the professor" thought, why "user interface" disagreed; and where
    that stands in the question."""
    return [
        (name, match.span("name"))
        for name, own in _own_parts(names).items()
        for called in map(re.escape, [name, *own])
        for pattern in (rf"{_DOING}(?P<name>{called})\b", rf"\b(?P<name>{called})(?=['’]s\b)")
        for match in re.finditer(pattern, question, re.IGNORECASE)
        if telling(match["name"])
    ]


def _between(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """A text without some of its places."""
    end = 0
    for start, stop in sorted(spans):
        yield text[end:start]
        end = max(end, stop)
    yield text[end:]


def head_and_aside(question: str) -> tuple[str, str]:
    """What a question asks, and what it says only to tell what else was talked about; that may be nothing."""
    match = _ASIDE.search(question)
    if match and match.start() > _SHORTEST_HEAD:
        return question[: match.start()], match.group()
    if match := _IN_TALK_OF.match(question):
        return match.group(2), match.group(1)
    return question, ""


def asking_or_acting() -> frozenset[str]:
    """The stems of the words by which people ask what was decided and say what they do: they tell no topic."""
    return _ASKING_STEMS | _ACTING_STEMS


class Evidence:
    """The sentences of a text, asked where something is talked about."""

    def __init__(self, some: Sequence[Said]) -> None:
        self.said = some
        self.terms = [Counter(telling(one.plain)) for one in some]
        self.at: list[float] = []  # where the middle of each sentence is, in words
        end = 0.0
        for one in some:
            self.at.append(end + one.length / 2)
            end += one.length
        self.length = end
        self._where: dict[str, list[int]] = {}
        for index, counts in enumerate(self.terms):
            for word in counts:
                self._where.setdefault(word, []).append(index)
        self._blocks = int(end // BLOCK) + 1

    def weight(self, word: str) -> float:
        """How telling a word is in this text; 0 where it is not in it."""
        where = self._where.get(word)
        if not where:
            return 0.0
        spread = len({int(self.at[index] // BLOCK) for index in where})
        return math.log(1 + (self._blocks - spread + 0.5) / (spread + 0.5))

    def widened(self, weights: dict[str, float]) -> dict[str, float]:
        """What is looked for, and besides the words of the text that begin like it: recognise, recognition."""
        found = {word: weight for word, weight in weights.items() if word in self._where}
        for word, weight in weights.items():
            if len(word) >= _ALIKE_LETTERS and word.isascii():
                for other in self._where:
                    if other.startswith(word[:_ALIKE_LETTERS]):
                        found.setdefault(other, weight * ALIKE)
        return found

    def rated(self, weights: dict[str, float], near: float = NEAR) -> list[float]:
        """How much what is looked for is talked about around each sentence; 0 where it is not.

        Args:
            weights: what is looked for, and how much it counts.
            near: words; at this distance an occurrence counts 0.6.
        """
        found = [0.0] * len(self.said)
        for word, weight in weights.items():
            counts = weight * self.weight(word) * (SATURATION + 1)
            for index, density in self._density(word, near).items():
                found[index] += counts * density / (density + SATURATION)
        opening = OPENING * self.length
        if opening > APART:  # a short text has none
            found = [value * (0.5 + 0.5 * min(1.0, at / opening)) for value, at in zip(found, self.at, strict=True)]
        return found

    def places(self, rates: Sequence[float], most: int) -> list[int]:
        """The sentences about which most is talked of it, apart from each other, the best first."""
        found: list[int] = []
        for index in sorted(range(len(rates)), key=lambda index: -rates[index]):
            if rates[index] <= 0.0 or len(found) == most:
                break
            if all(abs(self.at[index] - self.at[other]) > APART for other in found):
                found.append(index)
        return found

    def around(self, index: int, before: float, behind: float) -> range:
        """The sentences around one, so many words before and behind its middle."""
        return range(bisect_left(self.at, self.at[index] - before), bisect_right(self.at, self.at[index] + behind))

    def _density(self, word: str, near: float) -> dict[int, float]:
        found: dict[int, float] = {}
        for place in self._where.get(word, ()):
            for index in self.around(place, 3 * near, 3 * near):
                distance = (self.at[index] - self.at[place]) / near
                found[index] = found.get(index, 0.0) + self.terms[place][word] * math.exp(-distance * distance / 2)
        return found
