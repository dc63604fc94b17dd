"""Vectors of texts as a job, and how like two of them are.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from cowrite.assist.requests import Encoding, Lane
from cowrite.assist.tasks.jobs import Answer, Progress, Step, encode

AT_ONCE = 128
"""Texts of one request: in the background it gives way to what a person waits for, and then begins again."""
MOST = 2_000  # characters of a text; a model looks at no more than some hundred words

Vector = tuple[float, ...]


def vectors(path: str, texts: Sequence[str], lane: Lane = Lane.PANEL) -> Generator[Step, Answer, list[Vector]]:
    """The vector of each text, of length 1.

    Args:
        path: of the model that gives them.
        texts: any; the same one twice is computed once.
    """
    different = list(dict.fromkeys(text[:MOST] for text in texts))
    known: dict[str, Vector] = {}
    for start in range(0, len(different), AT_ONCE):
        some = different[start : start + AT_ONCE]
        if len(different) > AT_ONCE:
            yield Progress(start, len(different), "Comparing texts")
        found = yield from encode(Encoding(lane, path, tuple(some)))
        known.update(zip(some, found.rows, strict=True))
    return [known[text[:MOST]] for text in texts]


def likeness(one: Vector, other: Vector) -> float:
    """How like two texts are by their vectors: 1 for the same, about 0 for what has nothing in common."""
    return sum(left * right for left, right in zip(one, other, strict=True))
