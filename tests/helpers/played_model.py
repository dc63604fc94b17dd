"""A model that is played with a list: what it writes or scores next, whatever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from cowrite.assist.prompts.files import PromptFiles
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.requests import (
    Chat,
    Completion,
    Encoding,
    Ending,
    Generation,
    Model,
    Part,
    Prompt,
    Scaffold,
    Scores,
    Scoring,
    Token,
    Usage,
    Vectors,
    Window,
)
from cowrite.assist.tasks.jobs import Job, Progress, Result
from cowrite.paths import resources

SMALL = Model("Small", "a" * 64, 135_000_000, 2048, True)
LARGE = Model("Large", "b" * 64, 8_000_000_000, 4096, True)
USAGE = Usage(10, 2, 8, 4, 0.05, 0.1)

Reply = str | Completion | Scores | Vectors | float | Callable[[Any], Any]
"""What the model does at a step: a text, a whole answer, one log-probability, or what a function of the step gives."""


@cache
def prompt_files() -> PromptFiles:
    """The prompt files that cowrite brings."""
    return load_prompt_files(resources() / "prompts")


def wrote(text: str, *probabilities: float, ending: Ending = Ending.STOP) -> Completion:
    """A completion; with probabilities, of a token for each word with the space before it."""
    pieces = _tokens(text)
    tokens = tuple(Token(piece, p) for piece, p in zip(pieces, probabilities, strict=True)) if probabilities else ()
    return Completion(text, tokens, ending, None, USAGE)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for letter in text:
        if found and not (letter == " " and found[-1].strip()):
            found[-1] += letter
        else:
            found.append(letter)
    return found


class PlayedModel:
    """Carries jobs out.

    Args:
        replies: what it does, in order; the last one again and again.
        model: what it says it is.

    Attributes:
        steps: the generations, scorings and encodings that it was asked for.
        progress: what it was told.
    """

    def __init__(self, *replies: Reply, model: Model = SMALL) -> None:
        self.model = model
        self.steps: list[Generation | Scoring | Encoding] = []
        self.progress: list[Progress] = []
        self._replies = list(replies)

    def carry_out(self, job: Job[Result]) -> Result:
        """The job's result."""
        try:
            step = next(job)
            while True:
                if isinstance(step, Progress):
                    self.progress.append(step)
                    step = job.send(None)
                else:
                    self.steps.append(step)
                    step = job.send(self._answer(step))
        except StopIteration as end:
            result: Result = end.value
            return result

    @property
    def prompts(self) -> list[str]:
        """All prompts, each as one text."""
        return [text_of(step.prompt) for step in self.steps if not isinstance(step, Encoding)]

    def _answer(self, step: Generation | Scoring | Encoding) -> Completion | Scores | Vectors:
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if callable(reply):
            reply = reply(step)
        if isinstance(reply, str):
            return wrote(reply)
        if isinstance(reply, float | int):
            assert isinstance(step, Scoring)
            return Scores((float(reply),) * len(step.candidates), (1,) * len(step.candidates), USAGE)
        return reply


def text_of(prompt: Prompt) -> str:
    """A prompt as one text; in a conversation each turn begins with its role in brackets."""
    if isinstance(prompt, Chat):
        turns = (f"[{message.role}]\n{_joined(message.parts)}" for message in prompt.messages)
        return "\n".join([*turns, f"[assistant]\n{prompt.begun}"])
    return _joined(prompt.parts)


def _joined(parts: Iterable[Part]) -> str:
    return "".join("".join(part.paragraphs) if isinstance(part, Window) else part.text for part in parts)


def scaffold_of(prompt: Prompt) -> str:
    """The words of a prompt in which control tokens count."""
    turns = prompt.messages if isinstance(prompt, Chat) else (prompt,)
    return "".join(part.text for turn in turns for part in turn.parts if isinstance(part, Scaffold))


def own_folder(folder: Path, **files: str) -> Path:
    """A folder of prompt files; underscores in names become hyphens."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return folder
