"""The binding between a QTextEdit and a Document: random rich-text edits in several replicas."""

from __future__ import annotations

import itertools
import random

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.editor_binding import EditorBinding
from cowrite.bridge.text_formats import TextFormats, block_part
from cowrite.core.document import Document, Origin
from cowrite.core.richtext import joined, lines_of
from cowrite.gui.theme import named

from helpers.rich_edits import BLOCKS, INLINE, WORDS, boundaries


class Replica:
    """A bound editor, and what it has to tell the others."""

    def __init__(self, *, new: bool, clock) -> None:
        self.document = Document.new(clock=clock) if new else Document(clock=clock)
        self.widget = QTextEdit()
        self.formats = TextFormats(named("light"))
        self.binding = EditorBinding(self.widget.document(), self.document, self.formats)
        self.outbox: list[bytes] = []
        self.document.observe_updates(lambda sent: sent[1] is Origin.REMOTE or self.outbox.append(sent[0]))

    def act(self, chance: random.Random) -> str:
        """Does one thing that a person can do; returns what."""
        shown = self.widget.document().toRawText().replace("\u2029", "\n")
        places = boundaries(shown)
        i = chance.randrange(len(places))
        j = min(len(places) - 1, i + chance.randrange(8))
        at, stop = places[i], places[j]
        cursor = QTextCursor(self.widget.document())
        cursor.setPosition(at)
        match chance.randrange(12):
            case 0 | 1 | 2:
                cursor.insertText(chance.choice(WORDS))
            case 3:
                cursor.insertBlock()
            case 4:
                cursor.deletePreviousChar()
            case 5:
                cursor.deleteChar()
            case 6:
                cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(chance.choice(WORDS))
            case 7:
                cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
            case 8:
                with self.document.edit(Origin.LOCAL) as edit:
                    edit.format_text(at, stop - at, chance.choice(INLINE))
            case 9:
                with self.document.edit(Origin.LOCAL) as edit:
                    edit.format_lines(at, stop - at, chance.choice(BLOCKS))
            case 10:
                with self.document.edit(Origin.LOCAL) as edit:
                    edit.insert_embed(at, {"image": f"sha256:{chance.randrange(9):064x}"}, chance.choice(INLINE[:1]))
            case 11:
                self.document.undo() if chance.random() < 0.6 else self.document.redo()
        return ""

    def check(self) -> None:
        """The widget, the rope and the CRDT hold the same rich text."""
        spans = joined(self.document.spans())
        assert spans == joined(self.document.stored_spans())
        lines = lines_of(spans) or lines_of([])
        shown = []
        block = self.widget.document().begin()
        while block.isValid():
            shown.append(
                (
                    joined(self.binding._read(block.position(), block.position() + block.length() - 1)),
                    dict(self.formats.line_attributes(block.blockFormat())),
                )
            )
            block = block.next()
        expected = [(joined(line.spans), dict(block_part(line.attributes))) for line in lines] or [([], {})]
        assert shown == expected


@pytest.mark.parametrize("seed", range(100))
def test_bound_editors_hold_the_same_rich_text_as_their_documents_and_as_each_other(seed, qapp):
    chance = random.Random(seed)
    ticks = itertools.count(0, 300)
    replicas = [Replica(new=index == 0 and seed % 3 > 0, clock=lambda: next(ticks)) for index in range(chance.randrange(2, 5))]
    in_flight: list[tuple[int, bytes]] = []
    for _ in range(60):
        if chance.random() < 0.6:
            index = chance.randrange(len(replicas))
            replica = replicas[index]
            replica.act(chance)
            for update in replica.outbox:
                in_flight += [(other, update) for other in range(len(replicas)) if other != index]
            replica.outbox.clear()
            replica.check()
        elif in_flight:
            target, update = in_flight.pop(chance.randrange(len(in_flight)))
            if chance.random() < 0.1:
                continue
            replicas[target].document.apply_remote(update)
            if chance.random() < 0.1:
                replicas[target].document.apply_remote(update)
            replicas[target].check()
    for _ in range(2):
        for one, other in itertools.permutations(replicas, 2):
            other.document.apply_remote(one.document.update_since(other.document.state_vector()))
            other.check()
    first = joined(replicas[0].document.spans())
    for replica in replicas[1:]:
        assert joined(replica.document.spans()) == first
