"""AnsweringWork: an answer to a question about the draft, with quotes that lead to their places in it.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome.
"""

from __future__ import annotations

from dataclasses import replace

from cowrite.app.assistant.pieces import standing
from cowrite.app.assistant.work import Asked, Work
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.answering import Asking, answer
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.outcomes import Answered
from cowrite.core.document.document import Document
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION
from cowrite.core.text.table import with_tabs
from cowrite.core.writing.passages import Passage
from cowrite.gui.assistant.values import Outcome, Quote


class AnsweringWork(Work):
    """An answer to a question about the document, with quotes."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(replace(asked, span=(0, 0)), _as_read(asked.document))
        self._result: Answered | None = None
        self._places: list[Passage | None] = []  # None for a quote that stands no more

    def again(self) -> Work:
        """The same question once more, with another seed."""
        return AnsweringWork(replace(self.asked, seed=self.asked.seed + 1))

    def job(self, model: Model, card: StyleCard) -> Job[Answered]:
        """What is to be carried out."""
        return answer(model, card, Asking(self.asked.file, self._read.text, self.asked.words, seed=self.asked.seed))

    def _is_seen(self, start: int, stop: int) -> bool:
        """Whether anything of a paragraph was read for the question."""
        read = self._result.read if self._result is not None else ()
        return any(piece.start < stop and start < piece.end for piece in read)

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        title = self.asked.words
        if self._result is None:
            return Outcome(title, self._written)
        quotes = tuple(
            Quote(number, quote.in_a_line, is_lost=place is None or place.has_changed)
            for number, (quote, place) in enumerate(zip(self._result.quotes, self._places, strict=True))
        )
        return Outcome(title, self._result.text, quotes=quotes, note=" ".join(self._notes), is_final=True)

    def follow(self) -> bool:
        """The draft has changed: a quote may stand no more."""
        return self._result is not None and bool(self._result.quotes)

    def place_of(self, quote: int) -> tuple[int, int] | None:
        """Where a quote stands now, in UTF-16 units; None where it stands no more."""
        place = self._places[quote]
        return None if place is None else place.place

    def close(self) -> None:
        """Nobody looks at it any more."""
        for place in self._places:
            if place is not None:
                place.close()

    def _take(self, result: Answered) -> None:
        self._result = result
        document = self.asked.document
        now = _as_read(document)
        # Their places are told for the text as it was asked; teammates may have written since.
        self._places = [standing(document, now, quote.text, quote.start) for quote in result.quotes]


def _as_read(document: Document) -> ReadText:
    """A document without pictures and what is suggested to go, with what its footnotes say, each row of a table as one
    line."""
    return ReadText(with_tabs(document.spans()), DELETION, with_embeds=False, tells_notes=True)
