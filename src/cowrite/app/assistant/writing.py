"""WritingWork: a text about a passage or the whole draft, until the person takes it over or lets it be.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome.
"""

from __future__ import annotations

from dataclasses import replace

from cowrite.app.assistant.pieces import for_reading, spans_of, without_signs
from cowrite.app.assistant.records import accept_lines, accept_title
from cowrite.app.assistant.work import Asked, Work
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.writer import Writing
from cowrite.assist.tasks.writing import write
from cowrite.core.text.richtext import lines_of
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.writing.line import line_at
from cowrite.core.writing.passages import Passage
from cowrite.core.writing.pasting import copied
from cowrite.gui.assistant.values import Outcome

TITLE = "title"
"""The task whose text becomes the first heading."""


class WritingWork(Work):
    """A text of its own about the passage or the document: a summary, an outline, a draft, a title."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        start, stop = asked.span
        self._is_of_all = start == stop
        self._text = self._read.text
        # The model is given paragraphs, headings and lists as such; in the text alone all of them are lines.
        spans = asked.document.spans() if self._is_of_all else copied(asked.document, start, stop)
        self._words = for_reading(lines_of(as_suggested(spans)))
        self._passage = Passage(asked.document, start, stop)
        self._result = ""
        self._shown = ""
        self._passages: tuple[str, ...] = ()  # that were read, where these were not all
        self._is_settled = False

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return self._is_settled

    def again(self) -> Work | None:
        """The same once more, with another seed; None where its passage is gone, for all of the draft is not meant."""
        span = (0, 0) if self._is_of_all else self._passage.place
        return None if span is None else WritingWork(replace(self.asked, span=span, seed=self.asked.seed + 1))

    def close(self) -> None:
        """Nobody decides on it any more."""
        self._passage.close()

    def job(self, model: Model, card: StyleCard) -> Job[Written]:
        """What is to be carried out."""
        return write(model, card, Writing(self.asked.file, self._words, self.asked.words, seed=self.asked.seed))

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        file = self.asked.file
        if not self.is_final:
            return Outcome(file.title, self._written)
        accepting = "Use as title" if file.name == TITLE else "Insert"
        return Outcome(file.title, self._shown, accepting=accepting, note=" ".join(self._notes), is_final=True)

    def accept(self, by: str, places: tuple[int, ...] | None) -> int | None:
        """Takes the text over: a title as the first heading, everything else behind the passage, or at the end."""
        document, source = self.asked.document, self._source
        if source is None:
            return None
        self._is_settled = True
        if self.asked.file.name == TITLE:
            return accept_title(document, self._result, source, by)
        place = None if self._is_of_all else self._passage.place
        at = document.length - document.is_closed
        if place is not None:
            start, at = place
            at -= start < at == line_at(document, at).start  # who selects whole lines does not mean the next one
        return accept_lines(document, at, spans_of(self._result), source, by)

    def _take(self, result: Written) -> None:
        self._result = result.text
        self._shown = result.text if self.asked.file.name == TITLE else without_signs(result.text)
        self._passages = result.read

    def _is_seen(self, start: int, stop: int) -> bool:
        """Whether anything of a paragraph was read."""
        words = self._text[start:stop].strip()
        return not self._passages or any(words in passage or passage in words for passage in self._passages)
