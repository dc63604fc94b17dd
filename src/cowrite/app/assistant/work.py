"""Work: one thing that was asked of the model in a draft, from the question to what the person decided.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome. Stretches of the draft are anchored, so
that they stay where their text goes while teammates write.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any

from cowrite.app.assistant.pieces import SOFT_BREAK, code_in, cut, for_reading, in_units, pieces, spans_of, standing
from cowrite.app.assistant.records import Source, accept_lines, accept_title
from cowrite.app.assistant.seen import context_of
from cowrite.assist.difference import difference, partial_difference
from cowrite.assist.jobs import Job, Progress
from cowrite.assist.outcomes import Answered, Made, Written
from cowrite.assist.prompt_files import Kind, PromptFile
from cowrite.assist.requests import Model
from cowrite.assist.rewriting import Rewriting, rewrite
from cowrite.assist.sentences import Piece
from cowrite.assist.style_card import StyleCard
from cowrite.core.assists import AssistRecord
from cowrite.core.document import Document
from cowrite.core.lines import copied, line_at
from cowrite.core.passages import Passage, Replacement
from cowrite.core.read_text import ReadText
from cowrite.core.richtext import DELETION, EMBED_CHARACTER, lines_of, utf16_length
from cowrite.core.suggested_text import as_suggested
from cowrite.gui.assistant.values import Context, Outcome, Quote
from cowrite.gui.assistant.values import Source as From

CHANGED = "Somebody changed this passage meanwhile: their words are kept, and the difference was made anew."
GONE = "The passage is no longer in the draft."
NOTHING_LEFT = "Nothing of it is left to change."
CODE_STAYS = "The lines of code stay as they are."
AS_IT_IS = "The model found nothing to change here."


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked: the task, where in which draft (UTF-16 units), with which words and seed."""

    file: PromptFile
    document: Document
    span: tuple[int, int]
    words: str = ""
    seed: int = 0


def _stretch(order: Order) -> tuple[int, int]:
    """Which part of the draft is meant: all of it where nothing is selected."""
    start, stop = order.span
    return (start, stop) if start < stop else (0, order.document.length)


class Work(ABC):
    """One thing that was asked.

    Args:
        order: what.
        read: the text that the model is given; a stretch of the draft without what is suggested to go, if nothing else.
    """

    def __init__(self, order: Order, read: ReadText | None = None) -> None:
        self.order = order
        self._read = read or ReadText(order.document.spans(*_stretch(order)), DELETION, _stretch(order)[0])
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

    def again(self) -> Work:
        """The same once more, with another seed."""
        return work_for(replace(self.order, seed=self.order.seed + 1))

    @abstractmethod
    def job(self, model: Model, card: StyleCard) -> Job[Any]:
        """What is to be carried out."""

    def progress(self, progress: Progress) -> None:
        """So much is done."""
        self._sentence = f"{progress.doing}…" if progress.total > 1 else ""
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
        self._source = Source.of(self.order.file.name, result.made, model)
        self._take(result)

    def record(self, by: str) -> AssistRecord | None:
        """The record that goes with what is copied from what was made; None while the model works.

        Args:
            by: who copies it.
        """
        if self._copied is None and self._source is not None:
            self._copied = self._source.record(self.order.document, by)
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


class RewritingWork(Work):
    """A passage in other words."""

    def __init__(self, order: Order) -> None:
        self._passage = Passage(order.document, *order.span)
        start = order.span[0]
        stop = start + utf16_length(self._passage.text)
        super().__init__(order, ReadText(order.document.spans(start, stop), DELETION, start))
        self._text = self._read.text
        self._asked = self._text.replace(SOFT_BREAK, "\n")
        self._code = code_in(order.document, *order.span)
        self._replacements: tuple[Replacement, ...] = ()
        self._was_changed = self._is_other = False
        self._record: AssistRecord | None = None  # of what was accepted of it already

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return self.is_final and not self._replacements and not self._was_changed

    def again(self) -> Work:
        """The same once more on the passage as it is now, with another seed."""
        return work_for(replace(self.order, span=self._passage.place or (0, 0), seed=self.order.seed + 1))

    def close(self) -> None:
        """Nobody decides on it any more."""
        self._passage.close()

    def job(self, model: Model, card: StyleCard) -> Job[Written]:
        """What is to be carried out."""
        words = self.order.words
        return rewrite(model, card, Rewriting(self.order.file, self._asked, words, words, self.order.seed))

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        title = self.order.file.title
        if not self.is_final:
            begun = in_units(self._text, partial_difference(self._asked, self._written)) if self._written else ()
            return Outcome(title, difference=pieces(self._text, begun) if begun else ())
        notes = list(self._notes)
        if self._was_changed:
            notes.append(CHANGED)
        if not self._replacements:
            left = NOTHING_LEFT if self._is_other else AS_IT_IS
            notes.append(GONE if self._passage.is_gone else left)
        accepting = "Accept" if len(self._replacements) == 1 else "Accept all"
        return Outcome(
            title,
            difference=() if self._passage.is_gone else pieces(self._passage.text, self._replacements),
            accepting=accepting if self._replacements else "",
            note=" ".join(notes),
            is_final=True,
        )

    def follow(self) -> bool:
        """The draft has changed: keeps what somebody has changed, and makes the difference anew."""
        if not self.is_final or not self._passage.has_changed:
            return False
        self._was_changed = True
        self._replacements = self._passage.renew(self._replacements).replacements
        return True

    def accept(self, by: str, places: tuple[int, ...] | None) -> int | None:
        """Takes over all alterations, or those at some places: one transaction, one undo step."""
        self.follow()
        every = range(len(self._replacements))
        chosen = [self._replacements[place] for place in (every if places is None else places) if place in every]
        if self._source is None or not chosen:
            return None
        self._record = self._record or self._source.record(self.order.document, by)
        self._passage.accept(chosen, self._record)
        left = [each for each in self._replacements if each not in chosen]
        self._replacements = self._passage.renew(left).replacements
        place = self._passage.place
        return place[1] if place is not None else None

    def reject(self, place: int) -> None:
        """The person does not want one of the alterations."""
        self._replacements = tuple(each for number, each in enumerate(self._replacements) if number != place)

    def _may_be_other(self, one: Replacement) -> bool:
        # A model cannot write a picture again, and who has a text rewritten that has code in it does not mean the code.
        return EMBED_CHARACTER not in cut(self._passage.text, one.start, one.stop) and not self._is_code(one)

    def _is_code(self, one: Replacement) -> bool:
        return any((start < one.stop and one.start < stop) or start < one.start < stop for start, stop in self._code)

    def _take(self, result: Written) -> None:
        begin = self.order.span[0]
        found = [
            Replacement(start - begin, stop - begin, each.text)
            for each in in_units(self._text, difference(self._asked, result.text))
            for start, stop in (self._read.place(each.start, each.stop),)
        ]
        self._replacements = tuple(each for each in found if self._may_be_other(each))
        if any(self._is_code(each) for each in found):
            self._notes += (CODE_STAYS,)
        self._is_other = bool(self._replacements)
        self.follow()


class WritingWork(Work):
    """A text of its own about the passage or the document: a summary, an outline, a draft, a title."""

    def __init__(self, order: Order) -> None:
        super().__init__(order)
        start, stop = order.span
        self._is_of_all = start == stop
        self._text = self._read.text
        # The model is given paragraphs, headings and lists as such; in the text alone all of them are lines.
        spans = order.document.spans() if self._is_of_all else copied(order.document, start, stop)
        self._words = for_reading(lines_of(as_suggested(spans)))
        self._passage = Passage(order.document, start, stop)
        self._result = ""
        self._passages: tuple[str, ...] = ()  # that were read, where these were not all
        self._is_settled = False

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return self._is_settled

    def again(self) -> Work:
        """The same once more, with another seed."""
        span = (0, 0) if self._is_of_all else self._passage.place or (0, 0)
        return work_for(replace(self.order, span=span, seed=self.order.seed + 1))

    def close(self) -> None:
        """Nobody decides on it any more."""
        self._passage.close()

    def job(self, model: Model, card: StyleCard) -> Job[Written]:
        """What is to be carried out."""
        from cowrite.assist.writing import Writing, write

        return write(model, card, Writing(self.order.file, self._words, self.order.words, seed=self.order.seed))

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        file = self.order.file
        if not self.is_final:
            return Outcome(file.title, self._written)
        accepting = "Use as title" if file.name == TITLE else "Insert"
        return Outcome(file.title, self._result, accepting=accepting, note=" ".join(self._notes), is_final=True)

    def accept(self, by: str, places: tuple[int, ...] | None) -> int | None:
        """Takes the text over: a title as the first heading, everything else behind the passage, or at the end."""
        document, source = self.order.document, self._source
        if source is None:
            return None
        self._is_settled = True
        if self.order.file.name == TITLE:
            return accept_title(document, self._result, source, by)
        place = None if self._is_of_all else self._passage.place
        at = document.length - document.is_closed
        if place is not None:
            start, at = place
            at -= start < at == line_at(document, at).start  # who selects whole lines does not mean the next one
        return accept_lines(document, at, spans_of(self._result), source, by)

    def _take(self, result: Written) -> None:
        self._result = result.text
        self._passages = result.read

    def _is_seen(self, start: int, stop: int) -> bool:
        """Whether anything of a paragraph was read."""
        words = self._text[start:stop].strip()
        return not self._passages or any(words in passage or passage in words for passage in self._passages)


class AnsweringWork(Work):
    """An answer to a question about the document, with quotes."""

    def __init__(self, order: Order) -> None:
        super().__init__(replace(order, span=(0, 0)))
        self._result: Answered | None = None
        self._places: list[Passage | None] = []  # None for a quote that stands no more
        self._given: list[Piece] = []

    def job(self, model: Model, card: StyleCard) -> Job[Answered]:
        """What is to be carried out."""
        from cowrite.assist.answering import Asking, answer, given

        asking = Asking(self.order.file, self._read.text, self.order.words, seed=self.order.seed)
        self._given = given(model, asking)
        return answer(model, card, asking)

    def _is_seen(self, start: int, stop: int) -> bool:
        """Whether anything of a paragraph was read for the question."""
        return any(piece.start < stop and start < piece.end for piece in self._given)

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        title = self.order.words
        if self._result is None:
            return Outcome(title, self._written)
        quotes = tuple(
            Quote(number, quote.text, is_lost=place is None or place.has_changed)
            for number, (quote, place) in enumerate(zip(self._result.quotes, self._places, strict=True))
        )
        return Outcome(title, self._result.text, quotes=quotes, note=" ".join(self._notes), is_final=True)

    def follow(self) -> bool:
        """The draft has changed: a quote may stand no more."""
        return self._result is not None and bool(self._result.quotes)

    def place_of(self, quote: int) -> tuple[int, int] | None:
        """Where a quote stands now."""
        place = self._places[quote]
        return None if place is None else place.place

    def close(self) -> None:
        """Nobody looks at it any more."""
        for place in self._places:
            if place is not None:
                place.close()

    def _take(self, result: Answered) -> None:
        self._result = result
        document = self.order.document
        now = ReadText(document.spans(), DELETION)
        # Their places are told for the text as it was asked; teammates may have written since.
        self._places = [standing(document, now, quote.text, quote.start) for quote in result.quotes]


TITLE = "title"


def work_for(order: Order) -> Work:
    """The work for what was asked."""
    match order.file.kind:
        case Kind.REWRITE:
            return RewritingWork(order)
        case Kind.ASK:
            return AnsweringWork(order)
        case _:
            return WritingWork(order)
