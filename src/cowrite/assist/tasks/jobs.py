"""A job: what has to be asked of the model, step by step, for one result that a person wants.

Runs anywhere. A job is a generator: it yields what it needs next and is sent the answer; what it returns is the
result. So it knows neither processes nor Qt, and a test can play the model with a list. Who carries a job out sends a
Completion for each Generation, Scores for each Scoring, Vectors for each Encoding and None for each Progress, and
closes the generator to end it early.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from cowrite.assist.requests import Completion, Encoding, Generation, Scores, Scoring, Vectors


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job of several steps is.

    Attributes:
        done, total: steps.
        doing: what it does now, in words for people.
        text: what is finished of the result; what the model writes from here on comes behind it.
        is_again: whether what the model has written since the one before does not count, and it is asked once more.
    """

    done: int
    total: int
    doing: str
    text: str = ""
    is_again: bool = False

    def at(self, attempt: int) -> Progress:
        """The same in an attempt, counted from 0."""
        return replace(self, doing=f"{self.doing} once more", is_again=True) if attempt else self


Step = Generation | Scoring | Encoding | Progress
Answer = Completion | Scores | Vectors | None
Result = TypeVar("Result")
Item = TypeVar("Item")
Kind = TypeVar("Kind", Completion, Scores, Vectors)
Job = Generator[Step, Answer, Result]
MANY = 500  # things that a job does before it tells how far it is, and can be ended


def generate(step: Generation) -> Generator[Step, Answer, Completion]:
    """One generation within a job: `completion = yield from generate(step)`."""
    return _asked(step, Completion)


def score(step: Scoring) -> Generator[Step, Answer, Scores]:
    """One scoring within a job: `scores = yield from score(step)`."""
    return _asked(step, Scores)


def encode(step: Encoding) -> Generator[Step, Answer, Vectors]:
    """One encoding within a job: `vectors = yield from encode(step)`."""
    return _asked(step, Vectors)


def _asked(step: Step, kind: type[Kind]) -> Generator[Step, Answer, Kind]:
    answer = yield step
    if not isinstance(answer, kind):
        raise TypeError(f"{type(step).__name__} is answered by {kind.__name__}, not by {type(answer).__name__}")
    return answer


def one_by_one(
    work: Callable[[Item], Result], items: Sequence[Item], doing: str
) -> Generator[Step, Answer, list[Result]]:
    """What comes of each of many things: `found = yield from one_by_one(read, pages, "Reading")`.

    Args:
        work: is done with each.
        items: the things.
        doing: what that is, in words for people.
    """
    found: list[Result] = []
    for number, item in enumerate(items):
        if number and not number % MANY:
            yield Progress(number, len(items), doing)
        found.append(work(item))
    return found
