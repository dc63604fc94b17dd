"""Grounds: what a sentence of an outcome rests on, as a person has said it.

Pure. A ground quotes its sentence, so that it is still known what it was said of when the words have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CLOSERS = r"[\"”’»')\]]*"
# A sign that ends a sentence does not where a small letter follows.
_SENTENCE = re.compile(rf"[^\n]+?(?:[.!?…]+{_CLOSERS}(?=\s+(?![a-zß-ÿ])|\s*\Z)|[。！？]+[」』”’）]*|(?=\n)|\Z)")
_WORD = re.compile(r"\w+")
LEAST_LETTERS = 4
"""Words of fewer letters say little about what a sentence is about."""
LEAST_SHARED = 2
"""So many words have to be the same before something is proposed."""
MOST_PROPOSALS = 3
"""So many things are proposed for one sentence."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What one sentence rests on.

    Attributes:
        sentence: its words when it was said.
        ids: of notes, groups and polls.
    """

    sentence: str
    ids: tuple[str, ...]


def sentences_of(outcome: str) -> list[str]:
    """The sentences of an outcome, in order, without the white space around them."""
    return [each for each in (part.strip() for part in _SENTENCE.findall(outcome)) if each]


def ground_of(grounds: Iterable[Ground], sentence: str) -> Ground:
    """The ground of a sentence; an empty one where nobody has said what it rests on."""
    return next((each for each in grounds if each.sentence == sentence), Ground(sentence, ()))


def with_ground(grounds: Iterable[Ground], ground: Ground) -> tuple[Ground, ...]:
    """The grounds with another one for its sentence; without ids it is taken away."""
    others = [each for each in grounds if each.sentence != ground.sentence]
    return (*others, ground) if ground.ids else tuple(others)


def proposals(sentences: Iterable[str], texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each sentence the ids of what it may rest on, by the words that it shares, the likeliest first; a person
    decides.

    Args:
        sentences: of an outcome.
        texts: for each id its words.

    Returns:
        At most MOST_PROPOSALS for each.
    """
    known = {id: _words(words) for id, words in texts.items()}
    return {sentence: _likely(_words(sentence), known) for sentence in sentences}


def _likely(wanted: set[str], known: Mapping[str, set[str]]) -> tuple[str, ...]:
    shared = {id: len(wanted & words) for id, words in known.items()}
    likely = [id for id, count in shared.items() if count >= min(LEAST_SHARED, len(known[id]) or LEAST_SHARED)]
    return tuple(sorted(likely, key=lambda id: (-shared[id] / len(known[id]), id))[:MOST_PROPOSALS])


def grounds_of(pairs: Iterable[tuple[str, str]]) -> tuple[Ground, ...]:
    """Grounds from sentences, each with the id of one thing that it rests on."""
    ids: dict[str, list[str]] = {}
    for sentence, id in pairs:
        if sentence and id:
            ids.setdefault(sentence, []).append(id)
    return tuple(Ground(sentence, tuple(dict.fromkeys(each))) for sentence, each in ids.items())


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) >= LEAST_LETTERS}
