"""Tables as Word files have them."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.shared import Inches

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.table_writer import MOST_COLUMNS
from cowrite.convert.docx.writer import TEXT_WIDTH, to_docx
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Line, Span, lines_of
from cowrite.core.text.table import Table, with_tables
from helpers.word_changes import decided, tables, words
from helpers.word_files import IMAGE, PATH, PIXEL
from unit.convert.docx.test_writer import line, text, word

COMES, GOES = {INSERTION: "change:1"}, {DELETION: "change:2"}
SUGGESTED = {"change:1": Authorship(Author("Bo"), 0), "change:2": Authorship(Author("Cy"), 0)}


def row(id: str, *cells: Line | str, **marks: str) -> list[Line]:
    """A row all of which has these marks."""
    lines = (cell if isinstance(cell, Line) else line(cell) if cell else line() for cell in cells)
    return [
        Line(
            tuple(Span(span.text, {**span.attributes, **marks}, span.embed) for span in each.spans),
            {**each.attributes, **marks, "table": id},
        )
        for each in lines
    ]


def written(*lines: Line) -> bytes:
    return to_docx(lines, lambda _name: PIXEL, suggested=SUGGESTED)


def grid(file: docx.document.Document, at: int = 0) -> list[int]:
    return [int(each.get(qn("w:w"))) for each in file.tables[at]._tbl.iter(qn("w:gridCol"))]


def test_a_table_is_words_own_with_lines_as_wide_as_the_text_and_its_head_on_each_page():
    bold = line(text("Bed", bold=True)), line(text("What grows there", bold=True))
    file = word(
        line("before"), *row("r1", *bold), *row("r2", line("North", align="right"), "first\u2028second and more"),
        *row("r3", "South"), line("behind"), *row("r4", "a", "b"), *row("r5", "c", "d"),
    )  # fmt: skip
    first, second = file.tables

    assert tables(file) == [
        [["Bed", "What grows there"], ["North", "first\nsecond and more"], ["South", ""]], [["a", "b"], ["c", "d"]],
    ]  # fmt: skip
    assert (first.style.name, first.cell(1, 0).paragraphs[0].alignment) == ("Table Grid", 2)
    assert [sum(grid(file, at)) for at in (0, 1)] == [Inches(TEXT_WIDTH).twips] * 2
    narrow, wide = grid(file)
    assert narrow < wide
    heads = [[each.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for each in table._tbl.tr_lst]
             for table in (first, second)]  # fmt: skip
    assert heads == [[True, False, False], [False, False]]


def test_a_row_with_little_in_it_stands_on_one_page_in_word():
    picture = line(Span(EMBED_CHARACTER, {}, {"image": IMAGE}))
    rows = (("a", "b" * 600), ("a", "b" * 601), ("a", "b\u2028" * 12), (picture, "b"))
    file = word(*(cell for at, cells in enumerate(rows) for cell in row(f"r{at}", *cells)))
    stays = [each.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for each in file.tables[0]._tbl.tr_lst]
    assert stays == [True, False, False, False]


def test_the_line_above_a_table_stays_on_its_page():
    file = word(line("far"), line("above"), *row("r1", "a"), line(""), *row("r2", "b"), *row("r3", "c"))
    kept = {each.text: each.paragraph_format.keep_with_next for each in file.paragraphs}
    assert kept == {"far": None, "above": True, "": None}


def test_a_paragraph_follows_each_table_as_word_needs_it():
    file = word(*row("r1", "a", "b"))
    assert [each.tag for each in file.element.body] == [qn("w:tbl"), qn("w:p"), qn("w:sectPr")]


def wide_picture(pixels: int) -> bytes:
    """A PNG file that says that it is so wide."""
    return PIXEL[:16] + pixels.to_bytes(4, "big") + PIXEL[20:]


def test_no_column_is_narrower_than_its_words_and_no_picture_wider_than_its_column():
    picture = line(Span(EMBED_CHARACTER, {"width": 900}, {"image": IMAGE}))
    file = word(*row("r1", "Responsible", "many words " * 40, "many words " * 40), *row("r2", picture, "", ""))
    (shape,) = file.inline_shapes
    assert shape.width.twips < grid(file)[0] < Inches(TEXT_WIDTH).twips
    as_it_is = word(*row("r1", line(Span(EMBED_CHARACTER, {}, {"image": IMAGE})), "b"), png=wide_picture(300))
    assert [round(each.width.twips / 15) for each in as_it_is.inline_shapes] == [300]
    beside = word(*row("r1", picture, "Responsible"))
    assert grid(beside)[1] > 1500  # twips
    full = grid(word(*row("r1", "Status", *["Verantwortlichkeit"] * 6)))
    assert full[0] > 1000  # the short word stays whole, and the long ones are broken
    many = word(*row("r1", *(["words"] * 50)))
    assert min(grid(many)) > 150
    assert sum(grid(many)) == Inches(TEXT_WIDTH).twips


def test_cells_of_a_row_that_is_longer_than_any_in_word_are_paragraphs():
    file = word(*row("r1", *(["words"] * (MOST_COLUMNS + 1))), line("end"))
    assert (tables(file), len(file.paragraphs)) == ([], MOST_COLUMNS + 2)


def test_the_columns_of_a_table_that_is_read_from_the_right_begin_there():
    file = word(*row("r1", line("א", direction="rtl"), "b"))
    assert file.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None


def test_rows_and_cells_that_are_suggested_are_tracked_as_such():
    data = written(
        *row("r1", "a", "b"), *row("r2", "c", "", **COMES), *row("r3", "", "d", **GOES),
        *row("r4", "e"), *row("r4", "f", **COMES), *row("r5", "g"), *row("r5", "h", **GOES),
        *row("r6", "i", "j", **COMES, **GOES), line("end"),
    )  # fmt: skip

    assert tables(decided(data, accepts=True)) == [[["a", "b"], ["c", ""], ["e", "f"], ["g"]]]
    assert tables(decided(data, accepts=False)) == [[["a", "b"], ["", "d"], ["e"], ["g", "h"]]]
    tracked = docx.Document(BytesIO(data)).element.body.iter(qn("w:ins"), qn("w:cellDel"))
    properties = (qn("w:trPr"), qn("w:tcPr"))
    whose = [each.get(qn("w:author")) for each in tracked if each.getparent().tag in properties]
    assert whose == ["Bo", "Cy", "Bo"]


def test_words_that_nobody_suggests_stay_where_the_break_of_their_cell_is_suggested():
    stays = Line((Span("a"), Span("b", GOES)), {"table": "r1", **GOES})
    data = written(stays, *row("r1", "c", **GOES), *row("r2", "d", "e"), line("end"))

    assert tables(decided(data, accepts=True)) == [[["a"], ["d", "e"]]]
    assert tables(decided(data, accepts=False)) == [[["ab", "c"], ["d", "e"]]]


def test_the_box_of_an_item_behind_a_table_has_nothing_to_do_with_what_is_suggested_there():
    data = written(
        line("one", list="unchecked"), *row("r1", "a", "b"), *row("r2", "c", "d", **COMES), line("two", list="checked")
    )

    for accepts in (True, False):
        assert words(decided(data, accepts=accepts)) == ["☐ one", "☑ two"]
    assert tables(decided(data, accepts=True)) == [[["a", "b"], ["c", "d"]]]


def test_columns_that_somebody_has_made_so_wide_are_so_in_word_and_back():
    def first(**look: object) -> Line:
        return Line((Span("a"),), look)

    def widths(data: bytes) -> list[list[int | None]]:
        lines = lines_of(from_docx(data, PATH).spans)
        return [part.widths for part in with_tables(lines) if isinstance(part, Table)]

    rows = *row("r1", first(column=600), first(), first(column=100)), *row("r2", "b", "c", "d")
    data = written(*rows, line("between"), *row("r3", "e", "f"))
    twips = grid(docx.Document(BytesIO(data)))
    assert [round(1000 * each / sum(twips)) for each in twips] == [600, 300, 100]
    assert widths(data) == [[600, 300, 100], [None, None]]
