"""What people do to their copy of a document in a suggesting room: each draws from chance where, and how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.footnotes import footnotes_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Span
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.writing.lines import change_indent, delete, delete_in, press_backspace, press_enter, toggle_list
from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.pasting import copied, insert_rich_text
from cowrite.core.writing.replacing import Replacement, replace_all
from cowrite.core.writing.table_commands import (
    delete_columns,
    delete_rows,
    delete_table,
    insert_column,
    insert_row,
    insert_table,
)
from cowrite.core.writing.tables import in_table

ACTS = {
    "type": 6,
    "line": 1,
    "delete": 3,
    "replace": 2,
    "format": 2,
    "style": 1,
    "move": 1,
    "accept": 3,
    "reject": 2,
    "undo": 3,
    "redo": 2,
    "step": 2,
}
"""What people do, and how often."""

TABLE_ACTS = {**ACTS, "table": 12}
"""The same, in tables too."""

NOTE_ACTS = {**ACTS, "footnote": 12}
"""The same, in footnotes too."""

ALL_ACTS = {**ACTS, "table": 4, "footnote": 4, "lines": 2, "paste": 2, "comment": 1}
"""All that people do who work for an afternoon."""

EVERY_ACT = {
    **ALL_ACTS,
    "drag": 2,
    "from outside": 1,
    "replace all": 1,
    "list": 2,
    "enter": 1,
    "backspace": 2,
}
"""The same, and what else there is to do."""

MOVE_ACTS = {**ALL_ACTS, "move": 8}
"""The same, by who cuts and pastes much."""


class Writer:
    """Somebody at a document.

    Args:
        document: their copy.
        changes: its suggested changes, as they see them.
        me: who it is.
        chance: says where they do something.
        letters: those that nobody else writes.
    """

    def __init__(
        self, document: Document, changes: SuggestedChanges, me: Author, chance: Random, letters: Iterator[int]
    ) -> None:
        self.document = document
        self.changes = changes
        self.me = me
        self.chance = chance
        self.letters = letters
        self.comments = Comments(document, chance=chance, clock=lambda: 5)

    def letter(self) -> str:
        """One that nobody writes a second time."""
        return chr(next(self.letters))

    def places(self) -> list[int]:
        text = self.document.text()
        places, at = [0], 0
        for character in text.removesuffix("\n"):
            at += 2 if ord(character) > 0xFFFF else 1
            places.append(at)
        return places

    def act(self, what: str) -> None:
        """The person does something somewhere."""
        chance, document = self.chance, self.document
        places = self.places()
        at = chance.choice(places)
        match what:
            case "type":
                inner = [place for place in places[1:-1] if INSERTION in document.rope.attributes_at(place)]
                if inner and chance.random() < 0.7:
                    at = chance.choice(inner)
                for _ in range(chance.randrange(1, 5)):
                    with document.edit(Origin.LOCAL) as edit:
                        edit.insert(at, self.letter())
                    at += 1
            case "line":
                with document.edit(Origin.LOCAL) as edit:
                    edit.insert(at, "\n", {"header": 1} if chance.random() < 0.3 else {})
            case "delete" | "replace":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 6))]
                own = [p for p in places[:-1] if self.changes.is_own(document.rope.attributes_at(p).get(INSERTION))]
                if own and chance.random() < 0.5:
                    at = chance.choice(own)
                    stop = min(places[-1], places[places.index(at) + 1])
                with document.edit(Origin.LOCAL) as edit:
                    if stop > at:
                        delete_in(edit, document, at, stop)
                    if what == "replace":
                        edit.insert(at, self.letter())
            case "format":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 9))]
                with document.edit(Origin.LOCAL) as edit:
                    edit.format_text(at, stop - at, {"bold": chance.choice([True, None])})
            case "style":
                with document.edit(Origin.LOCAL) as edit:
                    edit.format_lines(at, 0, {"header": chance.choice([1, 2, None])})
            case "move":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 9))]
                spans = list(as_suggested(document.spans(at, stop)))
                with document.edit(Origin.LOCAL) as edit:
                    delete_in(edit, document, at, stop)
                to = chance.choice(self.places())
                insert_rich_text(document, to, to, spans)
            case "lines":
                wanted = possible(document, at, at, up=chance.random() < 0.5)
                if wanted is not None:
                    move(document, wanted)
            case "paste":
                read = as_suggested(copied(document, *sorted((at, chance.choice(places)))))
                others = [Span(_WORDS.sub(lambda _: self.letter(), span.text), span.attributes) for span in read]
                insert_rich_text(document, at, at, others)
            case "drag":
                index = places.index(at)
                stop = places[min(len(places) - 1, index + chance.randrange(1, 9))]
                spans = list(as_suggested(document.spans(at, stop)))
                outside = [place for place in places if not at < place < stop]
                to = chance.choice(outside)
                with document.edit(Origin.LOCAL) as edit:
                    if to >= stop:
                        edit.insert_spans(to, spans)
                    delete_in(edit, document, at, stop)
                    if to <= at and to < stop:
                        edit.insert_spans(to, spans)
            case "from outside":
                head, item, last = (Span(self.letter()) for _ in range(3))
                marks = {chance.choice([INSERTION, DELETION]): "change:of another document"}
                came = [head, Span("\n", {"header": 2}), item, Span("\n", {"list": "bullet"}), Span(last.text, marks)]
                insert_rich_text(document, at, at, came)
            case "replace all":
                text, many = document.text().removesuffix("\n"), chance.randrange(1, 5)
                stretches = [
                    (start, stop)
                    for (start, stop), letter in zip(pairwise(places), text, strict=True)
                    if letter not in ("\n", EMBED_CHARACTER)
                ]
                places_taken = sorted(chance.sample(stretches, min(len(stretches), many)))
                found = [Replacement(start, stop, (Span(self.letter()),)) for start, stop in places_taken]
                if found:
                    with document.edit(Origin.LOCAL) as edit:
                        replace_all(edit, found)
            case "list":
                stop = places[min(len(places) - 1, places.index(at) + 5)]
                toggle_list(document, at, stop, chance.choice(["bullet", "ordered", "unchecked"]))
                change_indent(document, at, stop, chance.choice([-1, 1]))
            case "enter":
                press_enter(document, at)
            case "backspace":
                press_backspace(document, at)
            case "comment":
                begin, end = sorted((at, chance.choice(places)))
                if begin < end:
                    self.comments.add(begin, end, self.letter(), self.me)
            case "accept" | "reject":
                changes = self.changes.all()
                if not self.changes.may_edit:
                    changes = [each for each in changes if self.changes.is_mine(each)]
                    what = "reject"
                if changes:
                    few = chance.sample(changes, min(len(changes), chance.randrange(1, 3)))
                    getattr(self.changes, what)([each.id for each in few])
            case "table":
                self._act_on_table(at, chance.choice(places))
            case "footnote":
                self._write_footnote(at)
            case "undo":
                for _ in range(chance.randrange(1, 4)):
                    document.undo()
            case "redo":
                for _ in range(chance.randrange(1, 4)):
                    document.redo()
            case "step":
                document.steps.begin()

    def _write_footnote(self, at: int) -> None:
        """Puts a footnote in, or goes on with one or takes it out, in several steps."""
        there = [at for at, _ in footnotes_in(self.document.spans())]
        is_new = not there or self.chance.random() < 0.4
        here = FootnoteHere(self.document, at if is_new else self.chance.choice(there), is_new=is_new)
        for _ in range(self.chance.randrange(1, 4)):
            here.write((*here.words, Span(self.letter())))
        if self.chance.random() < 0.2:
            here.write(())
        here.close()

    def _act_on_table(self, at: int, to: int) -> None:
        document, chance = self.document, self.chance
        inner = [place for place in (at, to, *self.places()) if in_table(document, place)]
        if not inner or chance.random() < 0.1:
            insert_table(document, at, at, chance.randrange(1, 4), chance.randrange(1, 4))
            return
        at, to = inner[0], chance.choice(inner)
        match chance.choice(("row", "row", "column", "rows", "columns", "table", "clear", "type", "enter", "cells")):
            case "row":
                insert_row(document, at, below=chance.random() < 0.5)
            case "column":
                insert_column(document, at, behind=chance.random() < 0.5)
            case "rows":
                delete_rows(document, min(at, to), max(at, to))
            case "columns":
                delete_columns(document, min(at, to), max(at, to))
            case "table":
                delete_table(document, at)
            case "clear":
                delete(document, min(at, to), max(at, to))
            case "enter":
                press_enter(document, at)
            case "cells":
                spans = as_suggested(copied(document, min(at, to), max(at, to)))
                others = [Span(_WORDS.sub("x", span.text), span.attributes) for span in spans]
                insert_rich_text(document, to, to, others)
            case _:
                with document.edit(Origin.LOCAL) as edit:
                    edit.insert(at, self.letter())


_WORDS = re.compile("[^\n\u2028]")
