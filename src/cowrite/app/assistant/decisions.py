"""DecidingWork: a search for decisions in a draft, a pasted text, the notes or comments, until the person has taken
some over.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cowrite.app.assistant.pieces import nearest, standing
from cowrite.app.assistant.work import Asked, Work
from cowrite.assist.decisions.deciding import NOTHING_ABOUT_IT, NOTHING_DECIDED, Deciding, decide
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.outcomes import DecisionSummary
from cowrite.core.board.items import Note
from cowrite.core.comments.comments import Thread
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.core.text.first_words import shortened
from cowrite.core.text.offsets import code_point_of_utf16
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import EMBED_CHARACTER, INSERTION, Span
from cowrite.core.writing.passages import Passage
from cowrite.gui.assistant.values import DecisionShown, Outcome, Quote, Source

_WORDS = {Standing.DECIDED: "Decided", Standing.LEANING: "Leaning", Standing.OPEN: "Open"}
ACCEPTED = "Accepted decisions are in the document’s log of decisions."


@dataclass(frozen=True, slots=True)
class Pool:
    """A text that is not the draft.

    Attributes:
        source: where it is.
        text: all of it.
        parts: of notes and comments, start and stop in it (code points) and the id of each.
        name: what it is called; empty where the person knows.
    """

    source: Source
    text: str
    parts: tuple[tuple[int, int, str], ...] = ()
    name: str = ""


def pasted(text: str) -> Pool:
    """A text that the person has pasted."""
    return Pool(Source.PASTED, text)


def of_notes(notes: Sequence[Note]) -> Pool:
    """Notes as a text, one after the other."""
    parts: list[str] = []
    places: list[tuple[int, int, str]] = []
    at = 0
    for note in notes:
        if note.text.strip():
            parts.append(note.text)
            places.append((at, at + len(note.text), note.id))
            at += len(note.text) + 2
    return Pool(Source.NOTES, "\n\n".join(parts), tuple(places))


def of_thread(thread: Thread) -> Pool:
    """What was said in a thread as a transcript, a line for each comment that is there."""
    parts: list[tuple[int, int, str]] = []
    text = ""
    for said in thread.remarks:
        if words := " ".join(said.text.split()):
            text += f"{' '.join(said.author.name.replace(':', ' ').split()) or 'Somebody'}: "
            parts.append((len(text), len(text) + len(words), said.id))
            text += f"{words}\n"
    quote = shortened(thread.quote.replace(EMBED_CHARACTER, " "))
    return Pool(Source.THREAD, text, tuple(parts), f"Comments on “{quote}”")


class DecidingWork(Work):
    """A search for decisions.

    Args:
        asked: what was asked; the selection is searched, or all of the draft where nothing is selected, as it stands:
            what is only suggested nobody has decided.
        pool: another text that is searched; None for the draft.
    """

    def __init__(self, asked: Asked, pool: Pool | None = None) -> None:
        start, stop = asked.span
        if pool is not None:
            read = ReadText((Span(pool.text),), INSERTION)
        elif start == stop:
            read = ReadText(asked.document.spans(), INSERTION, with_embeds=False)
        else:
            read = ReadText(asked.document.spans(start, stop), INSERTION, start, with_embeds=False)
        super().__init__(asked, read)
        self._pool = pool
        self._passage = None if pool is not None or start == stop else Passage(asked.document, start, stop)
        self._text = read.text
        self._summary: DecisionSummary | None = None
        # Of the quotes of each decision, where the draft is searched; None for one that stands no more.
        self._places: list[list[Passage | None]] = []
        self._accepted: set[int] = set()

    def again(self) -> Work | None:
        """The same once more; the selection as it is now, and None where that is gone."""
        span = (0, 0) if self._passage is None else self._passage.place
        if span is None:
            return None
        return DecidingWork(replace(self.asked, span=span, seed=self.asked.seed + 1), self._pool)

    def job(self, model: Model, card: StyleCard) -> Job[DecisionSummary]:
        """What is to be carried out."""
        asked = self.asked
        return decide(model, card, Deciding(asked.file, self._text, asked.words, asked.seed))

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        title = self.asked.words or (self._pool.name if self._pool is not None else "") or self.asked.file.title
        if self._summary is None:
            return Outcome(title, self._written)
        if not self._summary.found:
            said = NOTHING_ABOUT_IT if self.asked.words else NOTHING_DECIDED
            return Outcome(title, note=" ".join((said, *self._notes)), is_final=True)
        shown = tuple(self._shown(number) for number in range(len(self._summary.found)))
        notes = (*self._notes, *((ACCEPTED,) if self._accepted else ()))
        return Outcome(title, decisions=shown, note=" ".join(notes), is_final=True)

    def follow(self) -> bool:
        """The draft has changed: a quote may stand no more."""
        return any(self._places)

    def place_of(self, quote: int) -> tuple[int, int] | None:
        """Where a quote stands now in the draft (UTF-16 units); None where it stands in another text, or no more."""
        number, one = self._numbers[quote]
        kept = self._places[number][one] if self._places else None
        return None if kept is None else kept.place

    def place_in(self, pasted: str, quote: int) -> tuple[int, int] | None:
        """Where a quote stands in the pasted text as it is now (UTF-16 units); None where it stands there no more."""
        number, one = self._numbers[quote]
        found = self._found(number).quotes[one]
        return nearest(pasted, found.text, found.start)

    @property
    def source(self) -> Source:
        """Where the quotes stand."""
        return self._pool.source if self._pool is not None else Source.DRAFT

    def part_of(self, quote: int) -> str:
        """The id of the note or comment that a quote stands in; empty where it is in none."""
        number, one = self._numbers[quote]
        found = self._found(number).quotes[one]
        parts = self._pool.parts if self._pool is not None else ()
        return next((id for start, stop, id in parts if start <= found.start < stop), "")

    def take_over(self, number: int, by: str) -> FoundDecision | None:
        """A decision as the person accepts it, with a record of where it came from; None where it is taken already."""
        if self._source is None or self._summary is None or number in self._accepted:
            return None
        self._accepted.add(number)
        found = self._summary.found[number]
        now = ReadText(self.asked.document.spans(), INSERTION, with_embeds=False)
        quotes = []
        for one, quote in enumerate(found.quotes):
            kept = self._places[number][one] if self._places else None
            place = kept.place if kept is not None else None
            start = quote.start if place is None else code_point_of_utf16(now.text, now.position(place[0]))
            quotes.append(replace(quote, start=start, end=start + len(quote.text)))
        record = self._source.record(self.asked.document, by)
        return replace(found, quotes=tuple(quotes), question=self.asked.words, record=record)

    def close(self) -> None:
        """Nobody looks at it any more."""
        if self._passage is not None:
            self._passage.close()
        for places in self._places:
            for place in places:
                if place is not None:
                    place.close()

    def _found(self, number: int) -> FoundDecision:
        assert self._summary is not None
        return self._summary.found[number]

    @property
    def _numbers(self) -> list[tuple[int, int]]:
        """For each quote that is shown, its decision, and which of its quotes it is."""
        assert self._summary is not None
        return [(number, one) for number, found in enumerate(self._summary.found) for one in range(len(found.quotes))]

    def _shown(self, number: int) -> DecisionShown:
        found = self._found(number)
        first = self._numbers.index((number, 0))
        quotes = tuple(
            Quote(first + one, quote.in_a_line, is_lost=self._is_lost(number, one))
            for one, quote in enumerate(found.quotes)
        )
        facts = (_WORDS[found.status], found.owner, f"due {found.due}" if found.due else "")
        about = " · ".join(fact for fact in facts if fact)
        return DecisionShown(number, found.text, about, quotes, is_accepted=number in self._accepted)

    def _is_lost(self, number: int, one: int) -> bool:
        if not self._places:
            return False
        place = self._places[number][one]
        return place is None or place.has_changed

    def _take(self, result: DecisionSummary) -> None:
        self._summary = result
        if self._pool is not None:
            return
        document = self.asked.document
        now = ReadText(document.spans(), INSERTION, with_embeds=False)
        offset = 0
        if self._passage is not None and self._passage.place is not None:
            offset = code_point_of_utf16(now.text, now.position(self._passage.place[0]))
        self._places = [
            [standing(document, now, quote.text, offset + quote.start) for quote in found.quotes]
            for found in result.found
        ]
