"""Which lines of rich text are a table, and what a cell holds."""

from __future__ import annotations

import pytest

from cowrite.core.text.richtext import Line, Span, lines_of, plain_text, spans_of
from cowrite.core.text.table import (
    Table,
    add_table,
    apart,
    in_rows,
    new_row_id,
    row_id,
    row_of,
    widths_of,
    with_tables,
    with_tabs,
    within_cell,
    without_edges,
)


def cell(text: str, row: str, **look: object) -> Line:
    return Line((Span(text, look),) if text else (), {"table": row})


def plain(text: str) -> Line:
    return Line((Span(text),))


def texts(table: Table) -> list[list[str]]:
    return [["".join(span.text for span in each.spans) for each in row] for row in table.rows]


def test_lines_of_one_row_are_its_cells_and_rows_that_follow_each_other_a_table():
    above, below = plain("above"), plain("below")
    first, table, last = with_tables([above, cell("a", "1"), cell("b", "1"), cell("c", "2"), cell("d", "2"), below])
    assert (first, last) == (above, below)
    assert isinstance(table, Table)
    assert texts(table) == [["a", "b"], ["c", "d"]]


def test_a_line_between_two_tables_keeps_them_apart():
    parts = list(with_tables([cell("a", "1"), plain("between"), cell("b", "1")]))
    assert [isinstance(part, Table) for part in parts] == [True, False, True]


def test_rows_of_several_lengths_have_empty_cells_at_their_end():
    (table,) = with_tables([cell("a", "1"), cell("b", "2"), cell("c", "2")])
    assert isinstance(table, Table)
    assert table.columns == 2
    assert [len(row) for row in table.whole_rows] == [2, 2]
    assert texts(Table(tuple(table.whole_rows))) == [["a", ""], ["b", "c"]]


def test_a_first_row_of_bold_words_names_the_columns():
    (table,) = with_tables([cell("Name", "1", bold=True), cell("", "1"), cell("a", "2"), cell("b", "2")])
    assert isinstance(table, Table)
    assert table.has_head
    assert not Table(table.rows[:1]).has_head  # nothing below it
    assert not Table(table.rows[::-1]).has_head


def test_what_another_program_has_written_in_the_place_of_a_row_is_no_cell():
    assert not any(row_id({"table": value}) for value in (None, True, 3, "", ["row"]))


def test_cells_of_several_lines_become_one_line_each():
    two = [Line((Span("a", {"bold": True}),), {"align": "right", "list": "bullet"}), plain("b")]
    first, empty = row_of([two, []])
    assert first.spans == (Span("a", {"bold": True}), Span("\u2028b"))
    assert first.attributes == {"align": "right", "table": empty.attributes["table"]}
    assert empty.spans == ()


def test_each_new_row_is_one_of_its_own():
    assert len({new_row_id() for _ in range(50)}) == 50


def test_lines_and_tables_come_into_a_cell_as_one_line():
    lines = [plain("a"), cell("b", "1"), cell("c", "1"), cell("d", "2"), plain("")]
    assert within_cell(lines) == [Span("a\u2028b\tc\u2028d\u2028")]
    assert within_cell([]) == []


def test_rows_come_as_lines_with_tabs_and_other_lines_as_they_are():
    above = Line((Span("a"),), {"header": 1})
    assert list(in_rows([above, cell("b", "1"), cell("c", "1", bold=True), cell("d", "2")])) == [
        above,
        Line((Span("b\t"), Span("c", {"bold": True}))),
        plain("d"),
    ]


def test_a_row_is_one_line_of_a_text_in_which_all_stands_where_it_stood():
    cells = [cell("a", "1", bold=True), cell("", "1"), cell("", "1"), cell("b", "2"), cell("c", "2")]
    spans = spans_of([plain("above"), *cells, plain("between"), cell("d", "2")])
    read = plain_text(with_tabs(spans))
    assert read == "above\na\t\t\nb\tc\nbetween\nd\n"
    assert len(read) == len(plain_text(spans))
    assert plain_text(with_tabs([Span("a\nb\nc", {"table": "1"}), Span("\n", {"table": "1"})])) == "a\tb\tc\n"


def test_a_picture_is_no_word_of_a_head():
    picture = Span("\ufffc", {"alt": "x"}, {"image": "sha256:00"})
    (table,) = with_tables([Line((picture, Span("a", {"bold": True})), {"table": "1"}), cell("b", "2")])
    assert isinstance(table, Table)
    assert table.has_head
    assert not Table(((Line((picture,)),), table.rows[1])).begins_bold


def test_two_tables_that_are_added_after_each_other_stay_two():
    lines = [plain("above")]
    for _ in range(2):
        add_table(lines, [row_of([[plain("a")]]), row_of([[plain("b")]])])
    assert [isinstance(part, Table) for part in with_tables(lines)] == [False, True, False, True]
    assert lines[3] == Line(())


@pytest.mark.parametrize("others", [[], [plain("text")]])
def test_a_whole_document_has_a_line_before_and_behind_each_table(others):
    table, nothing = [cell("a", "1"), cell("", "1")], Line(())
    whole = lines_of(apart(spans_of([*table, *others, *table])))
    assert whole == [nothing, *table, *others, *table, nothing]
    assert lines_of(apart(spans_of(whole))) == whole
    assert without_edges(whole) == [*table, *others, *table]


def test_a_document_without_a_table_at_its_edge_is_as_it_was():
    lines = [Line(()), plain("a"), cell("b", "1"), plain("c"), Line(())]
    assert apart(spans_of(lines)) == spans_of(lines)
    assert without_edges(lines) == lines
    assert apart([]) == []
    assert lines_of(apart([Span("a")])) == [plain("a")]


def test_a_cell_is_a_line_with_all_that_a_line_may_have_besides():
    lines = [Line((Span("a"),), {"header": 2, "table": "1"}), plain("b")]
    assert lines_of(spans_of(lines)) == lines


def test_columns_that_somebody_has_made_so_wide_are_and_the_others_share_what_is_left():
    def table(*widths: object) -> Table:
        return Table((tuple(Line((), {"table": "1", "column": width}) for width in widths),))

    assert table(None, None).divided([30, 10]) == [30, 10]
    assert table(500, None, None).divided([20, 60, 20]) == [50, 37.5, 12.5]
    assert table(250, 250).divided([1, 99]) == [50, 50]  # the rest was that of a column that has gone
    assert table(600, 400, None).divided([40, 40, 20]) == pytest.approx([51.43, 34.29, 14.29], abs=0.01)
    assert table(0, True, "300", -5, 1001, 12.5).widths == [None] * 6  # what another program may have written


def test_of_several_cells_that_say_how_wide_their_column_is_the_first_one_counts():
    rows = [[{}, {"column": 300}], [{"column": 200}, {"column": 400}, {"column": 100}], []]
    assert widths_of(rows) == [200, 300, 100]
