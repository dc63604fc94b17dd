"""Player: one person in a random plan, at an editor that is bound to a document.

`Player.check` is what must hold after everything that a person does.
"""

from __future__ import annotations

import itertools
import json
import re
from random import Random

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData
from PySide6.QtGui import QInputMethodEvent, QTextFormat
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.page.taking_over import read_spans, shown_text
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    EMBED_CHARACTER,
    NO_ATTRIBUTES,
    Line,
    Span,
    block_part,
    joined,
    lines_of,
    utf16_length,
)
from cowrite.core.text.suggested_text import as_it_stands
from cowrite.core.text.table import Table, may_be, with_tables
from cowrite.core.writing.lines import toggle_check
from cowrite.core.writing.tables import in_table
from cowrite.core.writing.typography import QUOTES
from cowrite.gui.look.theme import named
from cowrite.gui.page.clipboard import SPANS_TYPE
from cowrite.gui.page.editor import Editor
from helpers.keys import press, press_text
from helpers.plan_files import Op
from helpers.plans import HTML, MARKDOWN, OWN, TABLES, WORDS, author
from helpers.seats import FakeImages

DECIDING = ("decide", "suggest", "look")
"""What changes the text itself also where a person only suggests, or nothing of it."""

_BREAKS = re.compile("[\u2029\ufdd0\ufdd1]")

LONGEST = 260  # characters; beyond, a person deletes what is selected, so that plans stay fast


class Player:
    """One person: an editor, the document behind it, and a clipboard."""

    def __init__(self, who: int, document: Document) -> None:
        self.who = who
        self.outbox: list[bytes] = []
        self.clipboard: QMimeData | None = None
        self.open(document)

    def open(self, document: Document) -> None:
        """Shows a document."""
        self.document = document
        self.has_only_suggested = True  # as far as undo leads back
        self.changes = SuggestedChanges(
            document, lambda: Author(f"{self.who}", "", f"{self.who}"), chance=Random(self.who), clock=lambda: 0
        )
        self.editor = Editor(document, named("light"), FakeImages())
        self.editor.use_quotes(QUOTES["de"] if self.who % 2 else None)
        self.document.observe_updates(self._send)

    def _send(self, told: tuple[bytes, Origin]) -> None:
        update, origin = told
        if origin not in (Origin.REMOTE, Origin.STORAGE):
            self.outbox.append(update)

    def close(self) -> None:
        """Puts the editor away. Qt holds it in cycles that no search for garbage finds."""
        self.editor.close()
        self.editor.deleteLater()
        QCoreApplication.sendPostedEvents(self.editor, QEvent.Type.DeferredDelete)

    def shown(self) -> str:
        """The text in the widget."""
        return _BREAKS.sub("\n", self.editor.document().toRawText())

    def tokens(self) -> set[str]:
        """The tokens that are in the document."""
        return {character for character in self.document.text() if author(character) is not None}

    def perform(self, op: Op) -> None:
        """Does one thing that a person can do."""
        if "at" in op and op["do"] not in ("foreign", "anchor"):
            at = self.place(op["at"])
            to = self.place(op["to"]) if "to" in op else at
            if len(self.shown()) > LONGEST:
                at, to = sorted((self.place("c150"), self.place("c850")))
            self.editor.set_caret(to, at if to != at else None)
        is_undoing = op["do"] in ("undo", "redo")
        only_suggests = self.has_only_suggested if is_undoing else self.document.suggester is not None
        only_suggests = only_suggests and op["do"] not in DECIDING
        self.has_only_suggested = self.has_only_suggested and (only_suggests or op["do"] in ("suggest", "look"))
        before = self.stands(looks=not is_undoing) if only_suggests else []
        getattr(self, "do_" + op["do"])(op)
        if only_suggests:
            assert before == (now := self.stands(looks=not is_undoing)), (
                f"{op} changed {before} to {now}, and was to be suggested"
            )

    def stands(self, *, looks: bool) -> list[Span]:
        """The rich text without what is only suggested; without looks, which others' text can lose to an undo."""
        spans = as_it_stands(self.document.spans())
        return joined(spans if looks else (Span(span.text) for span in spans))

    def place(self, spec: str) -> int:
        """A position, in UTF-16 units, from how a plan says it: character, line end, start, beside an embed, caret, or
        a character of a table."""
        if spec == "k":
            return self.editor.caret()[1]
        text, kind, number = self.shown(), spec[0], int(spec[1:])
        boundaries = [0, *itertools.accumulate(utf16_length(character) for character in text)]
        if kind == "t":
            within = [at for at in boundaries if at <= self.document.length and in_table(self.document, at)]
            return (within or boundaries)[number % len(within or boundaries)]
        marks = {"l": "\n", "s": "\n", "e": EMBED_CHARACTER}
        if kind in marks:
            found = [boundaries[i] + (kind != "l") for i, c in enumerate(text) if c == marks[kind]]
            found = [*found, boundaries[-1]] if kind == "l" else [0, *found]
            return found[number % len(found)]
        return boundaries[number * len(boundaries) // 1000]

    # What a person does

    def do_type(self, op: Op) -> None:
        for character in op["text"]:
            if character == "\n":
                press(self.editor, "Return")
            else:
                press_text(self.editor, character)

    def do_key(self, op: Op) -> None:
        for _ in range(op["times"]):
            press(self.editor, op["key"])

    def do_insert(self, op: Op) -> None:
        self.editor.textCursor().insertText(op["text"])

    def do_compose(self, op: Op) -> None:
        before = self.document.text()
        selected = self.editor.textCursor().hasSelection()
        for text in op["pre"]:
            QCoreApplication.sendEvent(self.editor, QInputMethodEvent(text, []))
            assert selected or self.document.text() == before, "text that is being composed is in the shared document"
        event = QInputMethodEvent("", [])
        event.setCommitString(op["text"])
        QCoreApplication.sendEvent(self.editor, event)

    def do_paste(self, op: Op) -> None:
        data, n = QMimeData(), op["n"]
        match op["kind"]:
            case "plain":
                data.setText(WORDS[n] + op["text"])
            case "html":
                data.setHtml(HTML[n])
            case "markdown":
                data.setText(MARKDOWN[n])
            case "own":
                data.setData(SPANS_TYPE, json.dumps(OWN[n]).encode())
            case "table":
                data.setData(SPANS_TYPE, json.dumps(TABLES[n]).encode())
        self.editor.insertFromMimeData(data)

    def do_copy(self, op: Op) -> None:
        self._take()
        self._give()

    def do_cut(self, op: Op) -> None:
        self._take()
        self.editor.textCursor().removeSelectedText()

    def do_move(self, op: Op) -> None:
        self._take()
        self.editor.textCursor().removeSelectedText()
        self.editor.set_caret(self.place("c500"))
        self._give()

    def _take(self) -> None:
        """Copies the selection, without tokens: a token is in a text once, and stays its author's."""
        data = self.editor.createMimeDataFromSelection()
        own = json.loads(bytes(data.data(SPANS_TYPE).data()))
        for span in own:
            span[0] = "".join(character for character in span[0] if author(character) is None)
        data.setData(SPANS_TYPE, json.dumps([span for span in own if span[0]]).encode())
        self.clipboard = data

    def _give(self) -> None:
        if self.clipboard is not None:
            self.editor.insertFromMimeData(self.clipboard)

    def do_inline(self, op: Op) -> None:
        for name, value in op["attributes"].items():
            if name == "link":
                self.editor.formatting.set_link(value, "text")
            elif op["toggle"] and value is not None:
                self.editor.formatting.toggle_inline(name, value)
            else:
                self.editor.formatting.set_inline(name, value)

    def do_style(self, op: Op) -> None:
        self.editor.formatting.set_style(op["style"])

    def do_list(self, op: Op) -> None:
        self.editor.formatting.toggle_list(op["kind"])

    def do_indent(self, op: Op) -> None:
        self.editor.formatting.indent(op["step"])

    def do_align(self, op: Op) -> None:
        self.editor.formatting.set_side(op["side"])

    def do_clear(self, op: Op) -> None:
        self.editor.formatting.clear()

    def do_unlink(self, op: Op) -> None:
        self.editor.formatting.set_link(None)

    def do_table(self, op: Op) -> None:
        tables = self.editor.tables
        match op["act"]:
            case "insert":
                tables.insert(*op["size"])
            case "row_above" | "row_below":
                tables.add_row(below=op["act"] == "row_below")
            case "column_before" | "column_behind":
                tables.add_column(behind=op["act"] == "column_behind")
            case "rows":
                tables.delete_rows()
            case "columns":
                tables.delete_columns()
            case "column_wider" | "column_narrower":
                tables.widen(50 if op["act"] == "column_wider" else -50)
            case "columns_fit":
                tables.leave_widths()
            case _:
                tables.delete()

    def do_check(self, op: Op) -> None:
        toggle_check(self.document, self.editor.caret()[1])

    def do_divider(self, op: Op) -> None:
        self.editor.edits.insert_divider()

    def do_image(self, op: Op) -> None:
        self.editor.edits.insert_embed({"image": f"sha256:{op['n']:064x}"})

    def do_replace(self, op: Op) -> None:
        start, stop = sorted(self.editor.caret())
        self.editor.edits.replace_range(start, stop, op["text"])

    def do_suggest(self, op: Op) -> None:
        self.document.settle()
        self.document.suggester = self.changes if op["on"] else None

    def do_decide(self, op: Op) -> None:
        ids = [change.id for change in self.changes.all()]
        if ids and op["n"] >= 0:
            ids = [ids[op["n"] % len(ids)]]
        (self.changes.accept if op["accepts"] else self.changes.reject)(ids)

    def do_undo(self, op: Op) -> None:
        for _ in range(op["times"]):
            self.undo()

    def undo(self) -> None:
        """Takes back a step, and looks whether that has taken anything from a teammate."""
        before = {character for character in self.tokens() if author(character) != self.who}
        self.editor.undo_own()
        gone = before - self.tokens()
        assert not gone, f"undo by {self.who} removed {sorted(gone)} of {[author(c) for c in sorted(gone)]}"

    def do_redo(self, op: Op) -> None:
        for _ in range(op["times"]):
            self.editor.redo_own()

    def do_look(self, op: Op) -> None:
        self.editor.show_theme(named(op["theme"]))

    # What must hold

    def check(self) -> None:
        """The widget, the rope and the CRDT hold the same rich text, and the widget shows it as the formats say."""
        check_page(self.editor, self.document)


def shown_lines(editor: QTextEdit) -> list[str]:
    """The widget's lines, for messages."""
    return _BREAKS.split(editor.document().toRawText())


def check_tables(editor: QTextEdit, lines: list[Line]) -> None:
    """Lines that are cells are in a table of Qt, in their rows and columns, where there is a line above and below, and
    not too many of them."""
    block, cursor = editor.document().begin(), editor.textCursor()
    parts = list(with_tables(lines))
    for number, part in enumerate(parts):
        rows, columns = (part.rows, part.columns) if isinstance(part, Table) else (((part,),), 0)
        is_table = columns > 0 and 0 < number < len(parts) - 1 and may_be(columns, len(rows))
        for row, cells in enumerate(rows):
            for column in range(len(cells)):
                cursor.setPosition(block.position())
                shown = cursor.currentTable()
                assert bool(shown) == is_table, f"“{block.text()}” is {'not ' if is_table else ''}in a table"
                if shown:
                    cell = shown.cellAt(cursor)
                    assert (cell.row(), cell.column()) == (row, column), f"“{block.text()}” is in another cell"
                    assert (shown.rows(), shown.columns()) == (len(rows), columns), "the table has another size"
                block = block.next()


def check_page(editor: Editor, document: Document, *, is_beginning: bool = False) -> None:
    """The widget, the rope and the CRDT hold the same rich text, and the widget shows it as the formats say; the
    beginning of it where that is all that has come onto the page."""
    spans = joined(document.spans())
    stored = joined(document.stored_spans())
    assert spans == stored, f"rope {spans} is not CRDT {stored}"
    formats = editor.formats
    lines = lines_of(spans)
    if spans and spans[-1].text.endswith("\n") and not document.is_closed:
        lines.append(Line(()))  # below a table
    if is_beginning:
        lines = lines[: editor.document().blockCount()]
    block, above = editor.document().begin(), NO_ATTRIBUTES
    for number, line in enumerate(lines or lines_of([Span("\n")])):
        assert block.isValid(), f"the widget ends before line {number} of {len(lines)}: {shown_lines(editor)}"
        start, end = block.position(), block.position() + block.length() - 1
        shown = joined(read_spans(editor.document(), formats, start, end))
        held = joined(Span(shown_text(span), span.attributes, span.embed) for span in line.spans)
        assert shown == held, f"line {number}: widget {shown} is not document {held}"
        attributes = block_part(line.attributes)
        style = formats.line_attributes(block.blockFormat())
        assert style == attributes, f"line {number}: widget {style} is not document {attributes}"
        look, wanted = block.blockFormat(), formats.line_format(attributes, above)
        if block.length() == 1 and not wanted.hasProperty(QTextFormat.Property.LayoutDirection):
            look.clearProperty(QTextFormat.Property.LayoutDirection)  # it may begin on the side of the line above
        assert look == wanted, f"line {number} does not look as it is"
        above = attributes
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            letters = fragment.charFormat()
            wanted_letters = formats.char_format(formats.attributes(letters), attributes, formats.embed(letters))
            assert letters == wanted_letters, f"line {number}: “{fragment.text()}” does not look as it is"
            iterator += 1
        block = block.next()
    assert not block.isValid(), f"the widget has more lines than {len(lines)}: {shown_lines(editor)}"
    check_tables(editor, lines)
    editor.formatting.state()
    for end in editor.caret():
        document.rope.octet_of(min(end, document.length))  # never inside of a character
