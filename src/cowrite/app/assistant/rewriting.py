"""RewritingWork: a passage of the draft in other words, until the person has decided on each alteration.

Runs on the GUI thread. It knows no widgets: the panel is shown its Outcome.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cowrite.app.assistant.pieces import code_in, cut, in_units, pieces
from cowrite.app.assistant.work import GONE, Asked, Work
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from cowrite.assist.text.cleaning import unmarked
from cowrite.assist.text.difference import difference_by_line, partial_difference
from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, SOFT_BREAK, utf16_length
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import line_at
from cowrite.core.writing.lines import in_code
from cowrite.core.writing.passages import Passage, Rewrite
from cowrite.gui.assistant.values import Outcome

CHANGED = "Somebody changed this passage meanwhile: their words are kept, and the difference was made anew."
NOTHING_LEFT = "Nothing of it is left to change."
CODE_STAYS = "The lines of code stay as they are."
EMBED_STAYS = "Images and footnotes stay, and so do the words among which the model left them out."
AS_IT_IS = "The model found nothing to change here."
_SIGNS = ".!?…,;:"
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class RewritingWork(Work):
    """A passage in other words."""

    def __init__(self, asked: Asked) -> None:
        self._passage = Passage(asked.document, *asked.span)
        start = asked.span[0]
        stop = start + utf16_length(self._passage.text)
        spans = list(asked.document.spans(start, stop))
        super().__init__(asked, ReadText(spans, DELETION, start, with_embeds=False))
        self._is_by_line = any("\n" in span.text and row_id(span.attributes) for span in spans)
        self._text = self._read.text
        self._given = self._text.replace(SOFT_BREAK, "\n")
        self._code = code_in(asked.document, *asked.span)
        self._rewrites: tuple[Rewrite, ...] = ()
        self._was_changed = self._is_other = False
        self._record: AssistRecord | None = None  # of what was accepted of it already

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to decide."""
        return self.is_final and not self._rewrites and not self._was_changed

    def again(self) -> Work | None:
        """The same once more on the passage as it is now, with another seed; None where it is gone."""
        span = self._passage.place
        return None if span is None else RewritingWork(replace(self.asked, span=span, seed=self.asked.seed + 1))

    def close(self) -> None:
        """Nobody decides on it any more."""
        self._passage.close()

    def job(self, model: Model, card: StyleCard) -> Job[Written]:
        """What is to be carried out."""
        words = self.asked.words
        task = Rewriting(self.asked.file, self._given, words, words, self.asked.seed, self._is_by_line)
        return rewrite(model, card, task)

    def outcome(self) -> Outcome:
        """What the panel shows of it."""
        title = self.asked.file.title
        if not self.is_final:
            begun = in_units(self._text, partial_difference(self._given, self._written)) if self._written else ()
            return Outcome(title, difference=pieces(self._text, begun) if begun else ())
        notes = list(self._notes)
        is_gone = self._passage.is_gone
        if self._was_changed and not is_gone:
            notes.append(CHANGED)
        if not self._rewrites:
            left = NOTHING_LEFT if self._is_other else "" if self._notes else AS_IT_IS
            notes += filter(None, [GONE if is_gone else left])
        accepting = "Accept" if len(self._rewrites) == 1 else "Accept all"
        return Outcome(
            title,
            difference=() if is_gone else pieces(self._passage.text, self._rewrites),
            accepting=accepting if self._rewrites else "",
            note=" ".join(notes),
            is_final=True,
        )

    def follow(self) -> bool:
        """The draft has changed: keeps what somebody has changed, and makes the difference anew."""
        if not self.is_final or not self._passage.has_changed:
            return False
        self._was_changed = True
        self._rewrites = self._passage.renew(self._rewrites)
        return True

    def accept(self, by: str, places: tuple[int, ...] | None) -> int | None:
        """Takes over all alterations, or those at some places: one transaction, one undo step."""
        self.follow()
        every = range(len(self._rewrites))
        chosen = [self._rewrites[place] for place in (every if places is None else places) if place in every]
        if self._source is None or not chosen:
            return None
        self._record = self._record or self._source.record(self.asked.document, by)
        self._passage.accept(chosen, self._record)
        left = [each for each in self._rewrites if each not in chosen]
        self._rewrites = self._passage.renew(left)
        place = self._passage.place
        return place[1] if place is not None else None

    def reject(self, place: int) -> None:
        """The person does not want one of the alterations."""
        self._rewrites = tuple(each for number, each in enumerate(self._rewrites) if number != place)

    def _may_be_other(self, one: Rewrite) -> bool:
        # A model cannot write a picture again, and who has a text rewritten that has code in it does not mean the code.
        return not self._has_embed(one) and not self._is_code(one)

    def _has_embed(self, one: Rewrite) -> bool:
        # One that stands on its own in a line goes along with the break.
        beside = "\n" in cut(self._passage.text, one.start, one.stop)
        return EMBED_CHARACTER in cut(self._passage.text, max(0, one.start - beside), one.stop + beside)

    def _is_code(self, one: Rewrite) -> bool:
        return any((start < one.stop and one.start < stop) or start < one.start < stop for start, stop in self._code)

    def _as_on_page(self, text: str) -> str:
        """What a chat model wrote, without the Markdown that the page shows otherwise or the person has not written."""
        is_code = not self._code and in_code(self.asked.document, self.asked.span[0])
        if is_code or "instruction" in self.asked.file.slots:  # there it may be what was asked for
            return text
        if not _EMPTY_LINES.search(self._given):  # between paragraphs, which on the page are lines
            text = _EMPTY_LINES.sub("\n", text)
        return unmarked(text, self._given)

    def _with_end_behind(self, text: str) -> str:
        """A text without an end of its own where one stands right behind the passage: many a person selects the words,
        and not the full stop."""
        document, place = self.asked.document, self._passage.place
        behind = document.rope.text(place[1], line_at(document, place[1]).end)[:1] if place is not None else ""
        is_twice = behind and behind in _SIGNS and self._given[-1:] not in _SIGNS and text[-1:] in _SIGNS
        return text[:-1] if is_twice else text

    def _take(self, result: Written) -> None:
        begin = self.asked.span[0]
        text = self._with_end_behind(self._as_on_page(result.text))
        found = [
            Rewrite(start - begin, stop - begin, each.text)
            for each in in_units(self._text, difference_by_line(self._given, text))
            for start, stop in (self._read.place(each.start, each.stop),)
        ]
        self._rewrites = tuple(each for each in found if self._may_be_other(each))
        if any(self._is_code(each) for each in found):
            self._notes += (CODE_STAYS,)
        if any(self._has_embed(each) for each in found):
            self._notes += (EMBED_STAYS,)
        self._is_other = bool(self._rewrites)
        self.follow()
