"""Small jobs to carry out, and what a test needs to ask a worker."""

from __future__ import annotations

from cowrite.assist.engine.asking import ModelFile
from cowrite.assist.requests import Completing, Generation, Lane, Model, Scaffold, Scoring, Words
from cowrite.assist.tasks.jobs import Job, Progress, generate, score

FILE = ModelFile("model.gguf", "Fake", "a" * 64)


def a_generation(lane: Lane = Lane.PANEL, *, is_shown: bool = True) -> Generation:
    """A generation that a person watches."""
    return Generation(lane, Completing((Scaffold("Once"),)), 8, is_shown=is_shown)


def written(_model: Model | None = None, lane: Lane = Lane.PANEL) -> Job[str]:
    """What the model writes."""
    completion = yield from generate(a_generation(lane))
    return completion.text


def in_steps(model: Model) -> Job[tuple[str, str, int]]:
    """The model's name, what it writes, and how many candidates it has scored."""
    yield Progress(0, 2, "Writing")
    completion = yield from generate(a_generation())
    yield Progress(1, 2, "Judging")
    scores = yield from score(Scoring(Lane.PANEL, Completing((Words("a"),)), ("b", "c")))
    return model.name, completion.text, len(scores.log_probabilities)
