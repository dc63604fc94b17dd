"""Work: one thing that was asked of the model in a draft, from the question to what the person decided.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome. Stretches of the draft are anchored, so
that they stay where their text goes while teammates write.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from cowrite.app.assistant.records import Source
from cowrite.app.assistant.seen import context_of
from cowrite.assist.prompts.files import PromptFile
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.jobs import Job, Progress
from cowrite.assist.tasks.outcomes import Made
from cowrite.core.document.assists import AssistRecord
from cowrite.core.document.document import Document
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION
from cowrite.gui.assistant.values import Context, Outcome
from cowrite.gui.assistant.values import Source as From

GONE = "The passage is no longer in the draft."


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the task, where in which draft (UTF-16 units), with which words and seed."""

    file: PromptFile
    document: Document
    span: tuple[int, int]
    words: str = ""
    seed: int = 0


def _stretch(asked: Asked) -> tuple[int, int]:
    """Which part of the draft is meant: all of it where nothing is selected."""
    start, stop = asked.span
    return (start, stop) if start < stop else (0, asked.document.length)


class Work(ABC):
    """One thing that was asked.

    Args:
        asked: what.
        read: the text that the model is given; a stretch of the draft without what is suggested to go, with what its
            footnotes say, if nothing else.
    """

    def __init__(self, asked: Asked, read: ReadText | None = None) -> None:
        self.asked = asked
        start, stop = _stretch(asked)
        self._read = read or ReadText(
            asked.document.spans(start, stop), DELETION, start, with_embeds=False, tells_notes=True
        )
        self._sentence = ""
        self._finished = ""  # of the result, by the job's own word
        self._behind = ""  # what the model has written behind it
        self._notes: tuple[str, ...] = ()
        self._made: Made | None = None
        self._source: Source | None = None
        self._copied: AssistRecord | None = None

    @property
    def sentence(self) -> str:
        """What is being done now, in words; empty where the model only writes."""
        return self._sentence

    @property
    def is_final(self) -> bool:
        """Whether the model has ended."""
        return self._made is not None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return False

    @abstractmethod
    def again(self) -> Work | None:
        """The same once more on the draft as it is now, with another seed; None where its passage is gone."""

    @abstractmethod
    def job(self, model: Model, card: StyleCard) -> Job[Any]:
        """What is to be carried out."""

    def progress(self, progress: Progress) -> None:
        """So much is done."""
        self._sentence = f"{progress.doing}…" if progress.total > 1 or progress.is_again else ""
        self._finished, self._behind = progress.text, ""

    def write(self, text: str) -> None:
        """The model has written a piece more."""
        self._behind += text

    def void(self) -> None:
        """What the model has written behind the finished part does not count."""
        self._behind = ""

    def finish(self, result: Any, model: Model) -> None:
        """The job has its result."""
        self._made, self._notes = result.made, result.notes
        self._source = Source.of(self.asked.file.name, result.made, model)
        self._take(result)

    def record(self, by: str) -> AssistRecord | None:
        """The record that goes with what is copied from what was made; None while the model works.

        Args:
            by: who copies it.
        """
        if self._copied is None and self._source is not None:
            self._copied = self._source.record(self.asked.document, by)
        return self._copied

    @abstractmethod
    def outcome(self) -> Outcome:
        """What the panel shows of it."""

    def follow(self) -> bool:
        """The draft has changed; says whether the outcome is another one."""
        return False

    def accept(self, by: str, places: tuple[int, ...] | None) -> int | None:
        """Takes over all, or some by their places; says where the caret goes, if anywhere."""
        return None

    def reject(self, place: int) -> None:
        """The person does not want one of the alterations, where there are any."""
        return

    def place_of(self, quote: int) -> tuple[int, int] | None:
        """Where a quote stands now, in UTF-16 units; None where it stands no more."""
        return None

    @property
    def source(self) -> From:
        """Where the text is that was worked on."""
        return From.DRAFT

    def part_of(self, quote: int) -> str:
        """The id of the note or comment that a quote stands in; empty where it is in none."""
        return ""

    def context(self) -> Context:
        """What the model saw."""
        made = self._made
        if made is None:
            return Context()
        read = self._read
        return context_of(read.text, lambda at: read.place(at, at + 1)[0], self._is_seen, made.usage)

    def _is_seen(self, start: int, stop: int) -> bool:
        """Whether the model saw anything of a paragraph that stands there, in code points: where not all is read."""
        return True

    @abstractmethod
    def close(self) -> None:
        """Nobody decides on it any more."""

    @abstractmethod
    def _take(self, result: Any) -> None:
        """Takes over what is special about the result."""

    @property
    def _written(self) -> str:
        return self._finished + self._behind
