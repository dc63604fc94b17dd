"""Edit: what one transaction does to a body.

Runs on the document's thread. Each step is made to the shared text and to its rope. Positions are UTF-16 units;
pycrdt's are bytes, with an embed as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from cowrite.core.crdt.text_units import TextUnits
from cowrite.core.document.between import format_units, texts_between, update_of
from cowrite.core.document.body import Body
from cowrite.core.document.edit_marks import EditMarks
from cowrite.core.document.run_looks import has_many_looks, insert_look_by_look, insert_looks
from cowrite.core.document.untidied import MOST_LOOKED_UP, deletion_by_copy, is_tidied
from cowrite.core.marks.step_marks import StepMarks
from cowrite.core.text.richtext import (
    EMBED_CHARACTER,
    MARK,
    NO_ATTRIBUTES,
    TABLE,
    Attributes,
    Delete,
    Format,
    Insert,
    Op,
    Span,
    Utf16,
    normal_attributes,
    utf16_length,
)
from cowrite.core.text.run import in_rows, pieces
from cowrite.core.text.strides import far_apart_first
from cowrite_server.document.ranges import deletion

MANY = 100  # pieces that are formatted one by one
MOST_WALKS = 1500  # stretches that are deleted one by one
MOST_PLACES = 300  # places that are looked for one by one; to read by which ids all text goes takes as long


class Edit:
    """The steps of one transaction on a body. Positions count in the text as the steps before have left it.

    Args:
        body: what is edited.
        mark: the mark that all inserted characters get, see `core.document.assists`; None for none.

    Attributes:
        ops: the steps that were made.
        told: what the marks of the body are told of them.
    """

    __slots__ = ("_body", "_mark", "ops", "told")

    def __init__(self, body: Body, mark: str | None = None) -> None:
        self._body = body
        self._mark = mark
        self.ops: list[Op] = []
        self.told = EditMarks(body)

    @property
    def result(self) -> Edit:
        """What is done to the body when the edit is over: this, unless it is only suggested
        (`core.document.suggesting`)."""
        return self

    @property
    def marks(self) -> StepMarks | None:
        """What undo is to know of what it does to marks; None for nothing."""
        return None

    def finish(self) -> None:
        """Ends the edit: all steps have been made."""

    def take_back(self) -> None:
        """Ends the edit, of which the steps failed: those that were made stay."""

    def place(self, at: int, *, behind: bool = False) -> int:
        """Where a position of the text, as the steps have left it, lies when the edit is over (UTF-16 units).

        Args:
            at: the position.
            behind: whether it stands behind what was suggested to go there, and not before it.
        """
        return at

    def insert(self, at: int, text: str, attributes: Attributes = NO_ATTRIBUTES) -> None:
        """Inserts text that has exactly these attributes.

        Args:
            at: position in UTF-16 units.
            text: any text without unpaired surrogates.
            attributes: inline attributes, or for line breaks block attributes.

        Raises:
            OutsideText, InsideCharacter: `at` is no position of the text.
        """
        if self._mark is not None:
            self._insert_marked(at, text, attributes)
            return
        self._insert(at, text, attributes)

    def _insert_marked(self, at: int, text: str, attributes: Attributes) -> None:
        # A line's break is nobody's: its attributes are the line's.
        for part in reversed(re.split("(\n)", text)):
            if part:
                self._insert(at, part, attributes if part == "\n" else {**attributes, MARK: self._mark})

    def _insert(self, at: int, text: str, attributes: Attributes) -> None:
        rope = self._body.rope
        if "\n" not in text:
            attributes = self._in_row(at, attributes)
        octet = rope.octet_of(at)
        explicit = self._explicit(at, attributes)
        self._body.text.insert(octet, text, explicit)
        span = Span(text, attributes)
        self.told.written.append(span)
        rope.insert(at, span)
        self.ops.append(Insert(Utf16(at), span))

    def insert_embed(self, at: int, embed: Mapping[str, Any], attributes: Attributes = NO_ATTRIBUTES) -> None:
        """Inserts an embed, such as `{"image": "sha256:…"}`; see `insert`."""
        if self._mark is not None:
            attributes = {**attributes, MARK: self._mark}
        attributes = self._in_row(at, attributes)
        rope = self._body.rope
        octet = rope.octet_of(at)
        self._body.text.insert_embed(octet, dict(embed), self._explicit(at, attributes) or {})
        span = Span(EMBED_CHARACTER, attributes, embed)
        self.told.written.append(span)
        rope.insert(at, span)
        self.ops.append(Insert(Utf16(at), span))

    def insert_span(self, at: int, span: Span) -> None:
        """Inserts a span of either kind; see `insert`."""
        if span.embed is not None:
            self.insert_embed(at, span.embed, span.attributes)
        else:
            self.insert(at, span.text, span.attributes)

    def insert_spans(self, at: int, spans: Iterable[Span]) -> int:
        """Inserts rich text; see `insert`.

        It comes in by pieces, the last one first, and each is formatted from its end on: the shared text looks for each
        place from its own beginning, and would pass all that has come in before.

        Args:
            at: position in UTF-16 units.
            spans: the rich text, neighbours with equal attributes joined.

        Returns:
            The position behind it.
        """
        found = list(spans)
        for alone, group in groupby(reversed(found), lambda span: span.embed is not None or self._mark is not None):
            if alone:
                for span in group:
                    self.insert_span(at, span)
            else:
                self._insert_run(at, list(group)[::-1])
        return at + sum(utf16_length(span.text) for span in found)

    def _insert_run(self, at: int, run: list[Span]) -> None:
        """Inserts text of several looks."""
        body = self._body
        text, rope = body.text, body.rope
        octet = rope.octet_of(at)
        run = in_rows(run, rope.attributes_at(at).get(TABLE))
        bare = dict.fromkeys(rope.attributes_before(at))
        come = list(pieces(run))[::-1]
        if body.units_of is not None and has_many_looks(run):
            insert_looks(text, octet, come, bare)
        else:
            insert_look_by_look(text, octet, come, bare)
        for piece in come:
            self.told.written += piece
        left = rope.attributes_before(at)
        for span in run:
            self.told.comes(left, span.attributes)
            left = span.attributes
            rope.insert(at, span)
            self.ops.append(Insert(Utf16(at), span))
            at += utf16_length(span.text)

    def replace_many(self, stretches: Sequence[tuple[int, int]], texts: Sequence[Sequence[Span]]) -> list[bool]:
        """Puts text in the place of many stretches, as far as none of them has to be looked for: where what comes looks
        as both letters do between which it comes, behind a stretch or before its last letter.

        Args:
            stretches: position and units of each, from left to right and apart from each other.
            texts: what comes in the place of each; nothing where it only goes.

        Returns:
            For each whether that is done.
        """
        body = self._body
        if len(stretches) <= MOST_PLACES or self._mark is not None or body.units_of is None:
            return [False] * len(stretches)
        units = body.units_of(stretches)
        come = texts_between(units, body.rope, stretches, texts)
        done = [each is not None or not text for each, text in zip(come, texts, strict=True)]
        gone = [each for each, is_done in zip(stretches, done, strict=True) if is_done and each[1]]
        if body.has_records:
            for each in reversed(gone):
                self.told.goes(*each, units.runs)
        written = far_apart_first([each for each in come if each is not None])
        body.text.doc.apply_update(update_of(body.text.doc, written, units.ranges(gone)))
        self.told.written += [each.span for each in written if each.span is not None]
        for (at, length), new, is_done in reversed(list(zip(stretches, come, done, strict=True))):
            if is_done:
                middle = at if new is None else new.at
                self._note_gone(middle, at + length)
                if new is not None and new.span is not None:
                    body.rope.insert(middle, new.span)
                    self.ops.append(Insert(Utf16(middle), new.span))
                self._note_gone(at, middle)
        return done

    def _note_gone(self, at: int, stop: int) -> None:
        """Takes out of the rope what the shared text lacks already."""
        if at < stop:
            self._body.rope.delete(at, stop - at)
            self.ops.append(Delete(Utf16(at), Utf16(stop - at)))

    def delete(self, at: int, length: int) -> None:
        """Deletes `length` UTF-16 units from position `at` on.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        if length:
            self._delete([(at, length)])

    def delete_all(self, stretches: Sequence[tuple[int, int]], known: TextUnits | None = None) -> None:
        """Deletes several stretches at once; see `delete`.

        Args:
            stretches: position and units of each, from left to right and apart from each other.
            known: by which ids these go, where that was read before; no text before the last of them is another now.

        Raises:
            OutsideText, InsideCharacter: one of the ranges is none of the text; nothing was deleted.
        """
        octet_of = self._body.rope.octet_of
        for at, length in stretches:
            octet_of(at)
            octet_of(at + length)
        if stretches:
            self._delete(stretches, known)

    def _delete(self, stretches: Sequence[tuple[int, int]], known: TextUnits | None = None) -> None:
        body = self._body
        are_many = len(stretches) > (MOST_WALKS if known is None else MOST_PLACES)
        by_units = [each for each in stretches if are_many or is_tidied(body, *each)]
        units, update = known, b""
        if by_units and body.units_of is not None:
            if units is None and (are_many or sum(length for _, length in by_units) <= MOST_LOOKED_UP):
                units = body.units_of(by_units)
            update = deletion_by_copy(body, by_units) if units is None else deletion(units.ranges(by_units))
        gone = set(by_units if update else ())
        if body.has_records:
            with body.steady():
                for each in reversed(stretches):
                    self.told.goes(*each, body.runs if units is None or each not in gone else units.runs)
        for at, length in reversed(stretches):  # so that the others keep their place
            start, stop = body.rope.delete(at, length)
            if (at, length) not in gone:
                del body.text[start:stop]
            self.ops.append(Delete(Utf16(at), Utf16(length)))
        if update:
            body.text.doc.apply_update(update)

    def format(self, at: int, length: int, attributes: Attributes) -> None:
        """Sets attributes on `length` units from `at` on, line breaks included; a value of None takes one away.

        Raises:
            OutsideText, InsideCharacter: the range is none of the text.
        """
        if length == 0 or not attributes:
            return
        rope = self._body.rope
        changed = _changed(rope.spans(at, at + length), attributes)
        if not changed:
            return
        start, stop = rope.octet_of(at), rope.octet_of(at + length)
        rope.format(at, length, attributes)
        self._body.text.format(start, stop, dict(attributes))
        self.ops.append(Format(Utf16(at), Utf16(length), changed))

    def set_suggested(self, at: int, length: int, name: str, id: str | None) -> None:
        """Sets the mark of a suggested change on a range, or takes it away; see `format`.

        Args:
            at: position in UTF-16 units.
            length: units.
            name: INSERTION or DELETION.
            id: of the change; None to take its mark away.
        """
        self.told.sets(at, length, name, id)
        self.format(at, length, {name: id})

    def writers(self, stretches: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        """Who has written ranges: of each the client id of each part that was written in a row, behind its units.

        Args:
            stretches: position and units of each, from left to right and apart from each other.
        """
        body = self._body
        runs = body.runs if body.units_of is None else body.units_of(stretches).runs
        return [
            [(units, id.client) for units, id in runs(at, body.rope.text(at, at + length))] for at, length in stretches
        ]

    def format_text(self, at: int, length: int, attributes: Attributes) -> None:
        """Sets inline attributes on the characters of a range.

        Its line breaks are left out where they are few: pycrdt walks from the beginning of the text for each piece. On
        a line break an inline attribute says nothing.
        """
        parts = self._body.rope.text(at, at + length).split("\n")
        if len(parts) > MANY:
            self.format(at, length, attributes)
            return
        start = at
        for part in parts:
            units = utf16_length(part)
            self.format(start, units, attributes)
            start += units + 1

    def format_lines(self, at: int, length: int, attributes: Attributes) -> None:
        """Sets block attributes on every line that a range touches; closes the last line first where it is open.

        Args:
            at: position in UTF-16 units.
            length: units; 0 for the line that `at` lies in.
            attributes: block attributes; a value of None takes one away.
        """
        self.format_breaks(self._body.line_breaks(at, at + length), attributes)

    def format_breaks(self, breaks: Sequence[int], attributes: Attributes) -> None:
        """Sets block attributes on several lines; see `format_lines`.

        Args:
            breaks: positions of the breaks that end the lines, from left to right; where the last line is open, the end
                of the text.
            attributes: block attributes; a value of None takes one away.
        """
        self._format_many(breaks, attributes)
        for line_break in reversed(breaks):  # see `insert_spans`
            if line_break == self._body.rope.units:
                self.insert(line_break, "\n", normal_attributes(attributes))
            else:
                self.format(line_break, 1, attributes)

    def _format_many(self, places: Sequence[int], attributes: Attributes) -> None:
        """Sets attributes on single units, where they are many, as far as none of them has to be looked for."""
        body = self._body
        if len(places) <= MOST_PLACES or body.units_of is None:
            return
        there = [at for at in places if at < body.rope.units]
        for start, stop in format_units(body, body.units_of([(at, 1) for at in there]), there, attributes):
            length = Utf16(stop - start)
            body.rope.format(start, length, attributes)
            self.ops.append(Format(Utf16(start), length, attributes))

    def _in_row(self, at: int, attributes: Attributes) -> Attributes:
        """Attributes of characters with the row, if any, of what they come to stand before. On characters it means
        nothing; without it the shared text would hold that the row ends before them and begins behind them anew, and
        that would still begin there where the row is no more."""
        row = self._body.rope.attributes_at(at).get(TABLE)
        return attributes if row is None else {**attributes, TABLE: row}

    def _explicit(self, at: int, attributes: Attributes) -> dict[str, Any] | None:
        """Attributes to hand to pycrdt: also null for each that the text to the left has, for Yjs would inherit it."""
        left = self._body.rope.attributes_before(at)
        self.told.comes(left, attributes)
        if not left:
            return dict(attributes) if attributes else None
        return {**dict.fromkeys(left), **attributes}


def _changed(spans: Iterable[Span], attributes: Attributes) -> Attributes:
    """Which of some attributes a text does not have already; of a value of None, which it has."""
    rest, changed = dict(attributes), set[str]()
    for span in spans:
        found = [name for name, value in rest.items() if span.attributes.get(name) != value]
        if found:
            changed.update(found)
            for name in found:
                del rest[name]
            if not rest:
                break
    return {name: value for name, value in attributes.items() if name in changed}
