"""Overruled: what a decision has taken out here, brought back where somebody else's holds.

Runs on the document's thread. Where two people decide on one change at the same moment and not alike, each has taken
out what the other has left, and the decision holds that the root has in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from cowrite.core.crdt.anchor import Anchor, Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.fields import text
from cowrite.core.marks.belonging import ACCEPTED
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Delete, Op, Span, utf16_length
from cowrite.core.text.suggested_text import suggested_part

if TYPE_CHECKING:
    from cowrite.core.suggestions.changes import SuggestedChange, SuggestedChanges

REJECTED = "rejected"


class Overruled:
    """What the person here has decided in one document.

    Args:
        document: the draft.
        changes: its changes, as this person sees them.
        tell: see `SuggestedChanges`.
    """

    def __init__(self, document: Document, changes: SuggestedChanges, tell: Callable[[Sequence[str]], None]) -> None:
        self._document = document
        self._entries = document.entries(SUGGESTIONS)
        self._changes = changes
        self._tell = tell
        self._decided: dict[str, tuple[str, list[tuple[Anchor, list[Span]]]]] = {}  # and what was taken out
        self._entries.observe(self._yield_to)
        document.observe_changes(self._forget_decided)

    def note(self, changes: Sequence[SuggestedChange], state: str) -> None:
        """Notes what is taken out by deciding on changes."""
        gone = [(each.id, part) for each in changes for part in each.stretches if part.comes != (state == ACCEPTED)]
        ends = self._document.anchors.ends_of([(part.start, part.stop) for _, part in gone]) if gone else []
        self._decided |= {change.id: (state, []) for change in changes}
        for (id, part), (start, _) in zip(gone, ends, strict=True):
            spans = [_unmarked(span) for span in self._document.spans(part.start, part.stop)]
            self._decided[id][1].append((start, spans))

    def _yield_to(self, change: EntriesChange) -> None:
        """Where somebody has decided otherwise at the same moment, and theirs holds, brings back what was taken out
        here: it was not to go, and what was to come in for it has gone there. Who may not edit suggests it anew."""
        ids = change.ids & self._decided.keys()
        may_write = self._changes.may_edit or self._document.suggester is self._changes
        if change.origin is not Origin.REMOTE or not ids or not may_write:
            return
        others = {id for id in ids if text(self._entries.get(id) or {}, "state") not in (self._decided[id][0], "")}
        others -= self._back(others)
        if not others:
            return
        gone = self._taken_out(others)
        places = self._document.anchors.resolve_all([start for start, _ in gone]) if gone else []
        found = [(at, spans) for at, (_, spans) in zip(places, gone, strict=True) if at is not None]
        found.sort(key=itemgetter(0))
        with self._document.edit(Origin.MENDING, directly=True) as edit:
            if found and not self._changes.may_edit:
                id = self._changes.begin()
                found = [(at, [_marked(span, id) for span in spans]) for at, spans in found]
            for at, spans in reversed(found):
                edit.insert_spans(at, spans)
        self._tell([text(self._entries.get(id) or {}, "decided_by") for id in sorted(others)])

    def _forget_decided(self, change: Change) -> None:
        if change.origin is Origin.UNDO:  # it may have brought back what was taken out
            self._decided.clear()
            self._note_undone(change.ops)

    def _note_undone(self, ops: Sequence[Op]) -> None:
        """Notes what an undo has taken out that this person had suggested in the place of text that was to go."""
        undone, parts = self._document.undone, list[tuple[Anchor, list[Span]]]()
        ids = {id for id in undone.spared if self._changes.is_own(id)}
        rest = iter(undone.gone if ids else ())
        for index, op in enumerate(ops if ids else ()):
            if isinstance(op, Delete):
                gone = list(_beginning(rest, op.length))
                spans = [_unmarked(span) for span in gone if self._changes.is_own(span.attributes.get(INSERTION))]
                if spans:
                    at = moved(op.at, tuple(ops[index + 1 :]), Stick.RIGHT)
                    parts.append((self._document.anchor(at, Stick.RIGHT), spans))
        if parts:
            self._decided |= dict.fromkeys(ids, (REJECTED, parts))

    def _back(self, ids: Iterable[str]) -> set[str]:
        """The changes of which what was taken out here is there again; others may only have gone on with them."""
        marked: dict[str, str] = {}
        for span in self._document.spans():
            for id in suggested_part(span.attributes).values():
                marked[id] = marked.get(id, "") + span.text
        out = {id: ["".join(span.text for span in spans) for _, spans in self._decided[id][1]] for id in ids}
        return {id for id, words in out.items() if id in marked and all(each in marked[id] for each in words)}

    def _taken_out(self, ids: Iterable[str]) -> list[tuple[Anchor, list[Span]]]:
        """What was taken out by deciding on changes, each part once; it is known no longer."""
        parts = [self._decided.pop(id)[1] for id in ids]
        return [part for each in {id(each): each for each in parts}.values() for part in each]


def _beginning(spans: Iterator[Span], units: int) -> Iterator[Span]:
    """Takes so many units off rich text."""
    while units > 0 and (span := next(spans, None)) is not None:
        units -= utf16_length(span.text)
        yield span


def _unmarked(span: Span) -> Span:
    return replace(span, attributes={k: v for k, v in span.attributes.items() if k not in (INSERTION, DELETION)})


def _marked(span: Span, id: str) -> Span:
    return replace(span, attributes={**span.attributes, INSERTION: id})
