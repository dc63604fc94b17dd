"""Random tables as Word files: what is written and read again is the same, with what is suggested and said of it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.convert.comment_pieces import edges_of, in_pieces
from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.convert.file_read import FileRead
from cowrite.convert.normal import normal_lines, spans_from
from cowrite.core.comments.comments import Placed, Thread
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges, bring_in
from cowrite.core.text.richtext import (
    DELETION,
    EMBED_CHARACTER,
    INSERTION,
    Line,
    Span,
    lines_of,
    plain_text,
    utf16_length,
)
from cowrite.core.text.table import Table, with_tables
from helpers.seeds import seeds
from helpers.word_changes import decided, tables, words
from property.test_tracked_changes import IMAGE, PIXEL

LETTERS = ["a", "Bed ", "écrit", "👩‍👩‍👧", "שלום", " ", "\t", "\u2028", "• ", "1. ", "<w:tc>", "\x00"]
LOOKS = st.sampled_from(
    [{}, {}, {"bold": True}, {"bold": True}, {"italic": True, "code": True}, {"link": "https://example.org"}]
)
PICTURES = st.just(Span(EMBED_CHARACTER, {"alt": "a bed", "width": 20}, IMAGE))
STANDING = st.sampled_from([{}, {}, {"align": "center"}, {"align": "right", "direction": "rtl"}])
BLOCKS = st.sampled_from([{}, {"header": 1}, {"list": "ordered"}, {"list": "bullet"}, {"align": "center"}])


def lines_with(letters, blocks):
    spans = st.builds(Span, st.lists(st.sampled_from(letters), max_size=4).map("".join), LOOKS)
    return st.builds(lambda spans, block: Line(tuple(spans), block), st.lists(spans | PICTURES, max_size=3), blocks)


ROWS = st.lists(lines_with([*LETTERS, "☐ "], STANDING), min_size=2, max_size=4)
LINES = lines_with(LETTERS, BLOCKS)
DOCUMENTS = st.tuples(LINES, st.lists(st.tuples(st.lists(ROWS, min_size=1, max_size=3), LINES), max_size=3))

STATES = st.sampled_from(["", "", "", INSERTION, DELETION])
WORDS = st.tuples(st.sampled_from(["a", "bc ", "😀", "x\u2028y"]), STATES)
SUGGESTED_ROWS = st.tuples(
    STATES, st.lists(st.tuples(STATES, st.lists(WORDS, max_size=3)), min_size=3, max_size=3)
)  # fmt: skip


def written(document) -> list[Line]:
    """The lines of tables, each of which stands between two others."""
    first, rest = document
    lines = [first]
    for rows, behind in rest:
        for row in rows:
            id = f"row-{len(lines)}"
            lines += (Line(each.spans, {**each.attributes, "table": id}) for each in row)
        lines.append(behind)
    return lines


def read(data: bytes) -> FileRead:
    return from_docx(data, Path("plan.docx"), lambda _data, _media_type: IMAGE["image"])


def shown(lines: list[Line]) -> list[object]:
    """The lines, and of tables the cells, without the ids of rows and with those that shorter rows lack."""
    return [
        [[(cell.spans, {**cell.attributes, "table": ""}) for cell in row] for row in part.whole_rows]
        if isinstance(part, Table) else part
        for part in with_tables(lines)
    ]  # fmt: skip


@settings(max_examples=len(seeds(6)), deadline=None)
@given(DOCUMENTS)
def test_tables_come_back_from_a_word_file_as_they_were(document):
    lines = normal_lines(written(document))
    found = read(to_docx(lines, lambda _name: PIXEL))

    assert shown(lines_of(found.spans)) == shown(lines_of(spans_from(lines)))
    assert (found.changed, found.left_out) == ((), ())


@settings(max_examples=len(seeds(6)), deadline=None)
@given(st.lists(SUGGESTED_ROWS, min_size=1, max_size=4))
def test_suggested_rows_cells_and_words_are_tracked_and_come_back(rows):
    suggested: dict[str, Authorship] = {}

    def marked(*states: str) -> dict[str, str]:
        """The marks that these states make together, each kind the outermost's, by people of that name."""
        marks: dict[str, str] = {}
        for state in filter(None, states):
            marks.setdefault(state, state)
            suggested[state] = Authorship(Author(state), 1_000)
        return marks

    lines = [Line((Span("before"),))]
    for number, (of_row, cells) in enumerate(rows):
        for of_cell, content in cells:
            of_cell = "" if of_row else of_cell
            spans = tuple(Span(text, marked(of_row, of_cell, state)) for text, state in content)
            lines.append(Line(spans, {**marked(of_row, of_cell), "table": f"row-{number}"}))
    lines.append(Line((Span("end"),)))
    data = to_docx(lines, lambda _name: PIXEL, suggested=suggested)
    found = read(data)
    whose = {id: by.author.name for id, by in found.suggested.items()}

    back = letters_of(lines_of(found.spans, keeps_suggested=True), whose)
    assert back == letters_of(lines, {id: id for id in suggested})
    opened = MendedDocument.new(clock=lambda: 0)
    bring_in(opened, found.spans, found.suggested)
    changes = SuggestedChanges(opened, lambda: Author("z", id="z"), chance=Random(1), clock=lambda: 1_000)
    for decide, gone in ((changes.accept, DELETION), (changes.reject, INSERTION)):
        stays = [
            Line(tuple(span for span in line.spans if gone not in span.attributes), line.attributes)
            for line in lines
            if gone not in line.attributes
        ]
        file = decided(data, accepts=gone == DELETION)
        assert words(file) == ["before", "end"]
        assert tables(file) == [
            [[plain_text(cell.spans).replace("\u2028", "\n") for cell in row] for row in part.rows]
            for part in with_tables(stays)
            if isinstance(part, Table)
        ]
        decide([each.id for each in changes.all()])
        assert texts_of(lines_of(opened.spans())) == texts_of(stays)
        opened.undo()


def texts_of(lines: list[Line]) -> list[str]:
    return [plain_text(line.spans) for line in lines]


def letters_of(lines: list[Line], whose: dict[str, str]) -> list[list[list[tuple[str, dict[str, str]]]]]:
    """Of each row the letters of each cell and its break, with who suggests them."""

    def who(attributes) -> dict[str, str]:
        return {name: whose[attributes[name]] for name in (INSERTION, DELETION) if name in attributes}

    def letters(cell: Line) -> list[tuple[str, dict[str, str]]]:
        return [
            (letter, who(span.attributes))
            for span in (*cell.spans, Span("\n", cell.attributes))
            for letter in span.text
        ]

    (table,) = (each for each in with_tables(lines) if isinstance(each, Table))
    return [[letters(cell) for cell in row] for row in table.rows]


@settings(max_examples=len(seeds(6)), deadline=None)
@given(DOCUMENTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=5))
def test_comments_in_cells_and_over_several_come_back_on_the_same_words(document, wanted):
    lines = normal_lines(line for part in with_tables(written(document)) for line in _filled(part))
    spans = spans_from(lines)
    text = plain_text(spans)
    at = [utf16_length(text[:index]) for index in range(len(text) + 1)]
    last = len(text) - 1  # the break that ends the text is in no paragraph
    places = [(start % last, min(last, start % last + length)) for start, length in wanted] if last else []
    threads = [
        Placed(Thread(f"thread:{number}", "", f"{number}", Author("Ada"), 1), (at[start], at[stop]))
        for number, (start, stop) in enumerate(places)
    ]
    pieces = lines_of(in_pieces(spans, edges_of(each.place for each in threads)), keeps_suggested=True)

    found = read(to_docx(pieces, lambda _name: PIXEL, suggested={}, comments=threads))
    assert plain_text(found.spans) == text
    assert {each.thread.text: each.place for each in found.comments} == {
        each.thread.text: each.place for each in threads
    }


def _filled(part: Line | Table) -> list[Line]:
    """The lines of a part, of a table with the cells that shorter rows lack."""
    if not isinstance(part, Table):
        return [part]
    return [
        Line(cell.spans, {**cell.attributes, "table": row[0].attributes["table"]})
        for row in part.whole_rows
        for cell in row
    ]
