"""Body: the shared text of a document and its rope, kept equal.

Runs on the document's thread. Own edits are made to both (Edit), what others did comes as pycrdt's delta and is taken
over into the rope. Positions are UTF-16 units; pycrdt's are bytes, with an embed as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from pycrdt import Text

from cowrite.core.crdt.structs import Struct
from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.marks.ai_marks import AiMarks, Runs
from cowrite.core.marks.step_marks import Passing
from cowrite.core.marks.suggested_marks import SuggestedMarks
from cowrite.core.text.richtext import (
    DELETION,
    EMBED_CHARACTER,
    MARK,
    TABLE,
    Delete,
    Format,
    Insert,
    Op,
    Span,
    Utf16,
    joined,
    normal_attributes,
    utf16_length,
)
from cowrite.core.text.rope import Rope
from cowrite.core.text.table import is_closed, row_id


class Body:
    """The body of one document.

    Args:
        text: the shared text.
        client: this replica's client id.

    Attributes:
        text: the shared text.
        rope: the same in memory, for reading only.
        marks: keeps the mark of the assistant's text on that text alone.
        suggested: keeps those of suggested changes.
        passing: what an undo or redo takes away and brings, while one is taken over.
        runs: gives the ids of a stretch of the text.
        units_of: gives those of several, see `Anchors.units_of`; None where there is no shared text behind it.
        steady: within it nothing changes, see `Anchors.steady`.
    """

    def __init__(self, text: Text, client: int) -> None:
        self.text = text
        self.rope = Rope()
        self.marks = AiMarks(client)
        self.suggested = SuggestedMarks(client)
        self.passing: Passing | None = None
        self.runs: Runs = lambda _at, _text: iter(())
        self.units_of: Callable[[Sequence[tuple[int, int]]], TextUnits] | None = None
        self.steady: Callable[[], AbstractContextManager[None]] = nullcontext

    @property
    def is_closed(self) -> bool:
        """Whether the text ends with a line break that is no cell's; see `Document.is_closed`."""
        return is_closed(self.rope)

    def line_breaks(self, start: int, stop: int) -> list[Utf16]:
        """Positions of the breaks that end the lines which a range touches; see `Document.line_breaks`."""
        breaks: list[Utf16] = []
        last = max(start, stop - 1)
        at = start
        while True:
            found = self.rope.find("\n", at)
            breaks.append(Utf16(found if found >= 0 else self.rope.units))
            if found < 0 or found >= last:
                return breaks
            at = found + 1

    def stored_spans(self) -> list[Span]:
        """The rich text as the CRDT itself holds it: a walk over the whole text, for checking the rope."""
        return spans_of(self.text)

    @property
    def has_records(self) -> bool:
        """Whether there has been text with one of RECORDS."""
        return self.marks.are_there or self.suggested.have_been

    @property
    def has_strays(self) -> bool:
        """Whether the shared text counts more or fewer places than the rope; see `core.crdt.strays`."""
        return len(self.text) != self.rope.octets

    def read_anew(self) -> Iterator[Op]:
        """Makes the rope what the shared text is, where they differ; yields what that changes."""
        spans, rope = self.stored_spans(), self.rope
        if joined(spans) == joined(rope.spans()):
            return
        self.marks.forget()
        self.suggested.forget()
        if rope.units:
            yield Delete(Utf16(0), Utf16(rope.units))
            rope.delete(0, rope.units)
        for span in spans:
            at = Utf16(rope.units)
            self._note_marks(span)
            rope.insert(at, span)
            yield Insert(at, span)

    def become(self, rope: Rope, marks: AiMarks, suggested: SuggestedMarks) -> None:
        """Makes the empty rope what another body has read of the same text: its rope, which has none then, and what it
        knows of the marks there."""
        self.rope.become(rope)
        self.marks.are_there = self.marks.are_there or marks.are_there
        self.suggested.reads_as(suggested)

    def take_over(self, delta: list[dict[str, Any]]) -> Iterator[Op]:
        """Applies pycrdt's delta (in bytes) to the rope; yields the same in UTF-16."""
        rope, octet = self.rope, 0
        for step in delta:
            if "retain" in step:
                length = int(step["retain"])
                attributes = step.get("attributes")
                if attributes:
                    at = rope.units_of(octet)
                    units = rope.units_of(octet + length) - at
                    changed = {**normal_attributes(attributes), **{n: None for n, v in attributes.items() if v is None}}
                    if MARK in changed:
                        self.marks.are_there = True
                        self.marks.turns(at, rope.spans(at, at + units), changed[MARK])
                    self.suggested.turns(at, rope.spans(at, at + units), changed)
                    op = Format(Utf16(at), Utf16(units), changed)
                    if self.passing is not None:
                        self.passing.turns(at, rope.spans(at, at + units), changed)
                    if self.passing is not None and row_id(changed):
                        self.passing.cells += ((op, *stretch) for stretch in _plain(rope.spans(at, at + units)))
                    rope.format(at, units, changed)
                    yield op
                octet += length
            elif "delete" in step:
                at = rope.units_of(octet)
                units = rope.units_of(octet + int(step["delete"])) - at
                self.marks.goes(rope.spans(at, at + units))
                self.suggested.goes(rope.spans(at, at + units))
                if self.passing is not None:
                    self.passing.goes(at, rope.spans(at, at + units))
                rope.delete(at, units)
                yield Delete(Utf16(at), Utf16(units))
            else:
                at = rope.units_of(octet)
                before = rope.octets
                span = _span(step["insert"], step.get("attributes"))
                self._note_marks(span)
                self.suggested.brings(at, span, is_within=self._is_within_struck(at, span))
                if self.passing is not None:
                    self.passing.comes(at, span)
                rope.insert(at, span)
                octet += rope.octets - before
                yield Insert(Utf16(at), span)

    def came_back(self, structs: Sequence[Struct]) -> None:
        """Takes note of what an own undo or redo has written: the structs are those of its update."""
        self.marks.came_back(structs)
        self.suggested.returned.came_back(structs)

    def _is_within_struck(self, at: int, span: Span) -> bool:
        """Whether text that comes in is to go, and what stands on both sides is to go in the same change."""
        goes = span.attributes.get(DELETION)
        beside = self.rope.attributes_before, self.rope.attributes_at
        return goes is not None and all(attributes(at).get(DELETION) == goes for attributes in beside)

    def _note_marks(self, span: Span) -> None:
        self.marks.are_there = self.marks.are_there or MARK in span.attributes
        self.suggested.reads(span.attributes)


def _plain(spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """What of rich text is in no table: how far from its beginning each stretch is, and its length (UTF-16 units)."""
    at = 0
    for span in spans:
        units = utf16_length(span.text)
        if TABLE not in span.attributes:
            yield at, units
        at += units


def spans_of(text: Text) -> list[Span]:
    """The rich text that a shared text holds: a walk over all of it."""
    return [_span(content, attributes) for content, attributes in text.diff()]


def _span(content: Any, attributes: Mapping[str, Any] | None) -> Span:
    if isinstance(content, str):
        return Span(content, normal_attributes(attributes))
    embed = content if isinstance(content, dict) else {"unknown": True}
    return Span(EMBED_CHARACTER, normal_attributes(attributes), normal_attributes(embed))
