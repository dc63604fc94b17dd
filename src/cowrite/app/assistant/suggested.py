"""Suggested: what the model proposes at a caret, and how a part of it is accepted.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cowrite.app.assistant.records import Source
from cowrite.app.assistant.seen import context_of
from cowrite.app.assistant.tasks import CONTINUE, Tasks
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model, Usage
from cowrite.assist.tasks.jobs import Job
from cowrite.core.document.assists import AssistRecord
from cowrite.core.document.document import Document
from cowrite.core.text.read_text import ReadText
from cowrite.core.writing.passages import Passage, Rewrite
from cowrite.gui.assistant.values import Context


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the model proposes at a caret.

    Attributes:
        text: what is shown; empty where the model is not sure enough.
        source: where it came from.
        usage: what it took.
        read: the draft as it was read when the model was asked; others may have written since.
        before: of it what stands before the caret.
        first: of the lines before the caret, the first that the model saw.
        record: of what was accepted of it already.
        is_rated: whether the model has said how sure it is.
    """

    text: str
    source: Source
    usage: Usage
    read: ReadText
    before: str
    first: int
    record: AssistRecord | None = None
    is_rated: bool = True

    def context(self) -> Context:
        """What the model saw of the draft for it."""
        from cowrite.assist.prompts.prompting import paragraphs_of

        first, stop = sum(map(len, paragraphs_of(self.before)[: self.first])), len(self.before)
        return context_of(
            self.read.text,
            lambda at: self.read.place(at, at + 1)[0],
            lambda start, end: start < stop and first < end,
            self.usage,
            is_suggestion=True,
        )

    def accept(self, document: Document, at: int, text: str, by: str) -> Suggested:
        """The person takes this much of it: one undo step. Gives what to take more from, which has the same record."""
        record = self.record or self.source.record(document, by)
        place = Passage(document, at, at)
        place.accept([Rewrite(0, 0, text)], record)
        place.close()
        return replace(self, record=record)


def continuation(
    tasks: Tasks, read: ReadText, at: int, card: StyleCard, seed: int, confidence: float | None
) -> Callable[[Model], Job[Suggested]]:
    """Makes the job that asks how a text goes on.

    Args:
        tasks: has the prompt.
        read: the draft.
        at: where the caret is in what is read; code points.
        card: the person's style card.
        seed: for the draw; another one gives another suggestion.
        confidence: how sure the model must be, 0 to 1; None for what cowrite comes with.
    """
    from cowrite.assist.tasks.continuing import Continuing, suggest
    from cowrite.assist.text.confidence import THRESHOLD

    before = read.text[:at]
    after = read.text[at:].partition("\n")[0]  # in the caret's line
    file, threshold = tasks.files[CONTINUE], THRESHOLD if confidence is None else confidence

    def make(model: Model) -> Job[Suggested]:
        found = yield from suggest(model, card, Continuing(file, before, seed, after, threshold))
        made = found.written.made
        first = made.seen.first if made.seen is not None else 0
        source, is_rated = Source.of(file.name, made, model), found.is_rated or not threshold
        return Suggested(found.text, source, made.usage, read, before, first, is_rated=is_rated)

    return make
