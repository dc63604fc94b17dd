"""Files of separated values as tables."""

from __future__ import annotations

import pytest

from cowrite.convert.errors import NotRows
from cowrite.convert.formats import Reading, format_for
from cowrite.core.text.richtext import Line, lines_of, plain_text
from cowrite.core.text.table import Table, with_tables


def table(text: str, suffix: str = "csv") -> Table:
    lines = lines_of(format_for(suffix).read(text, Reading()))
    (found,) = (part for part in with_tables(lines) if isinstance(part, Table))
    return found


def words(table: Table) -> list[list[str]]:
    return [[plain_text(cell.spans) for cell in row] for row in table.rows]


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2", "\ufeffa,b\n\n1,2\n,\n", "sep=;\na;b\n1;2\n", "sep=|\na|b\n1|2\n"],
)
def test_a_file_of_separated_values_is_a_table_whatever_separates_them(text):
    assert words(table(text)) == [["a", "b"], ["1", "2"]]


def test_a_cell_has_what_stands_in_quotation_marks_and_short_rows_are_filled():
    found = table('name;"what; why"\nAda;"first\nsecond"\nBen\n')
    assert words(found) == [["name", "what; why"], ["Ada", "first\u2028second"], ["Ben", ""]]


def test_of_a_file_with_tabs_commas_separate_nothing():
    assert words(table("one, two, three\tfour\n1\t2\n", "tsv")) == [["one, two, three", "four"], ["1", "2"]]


@pytest.mark.parametrize(
    ("text", "has_head"),
    [("name,cost\nbed,3\n", True), ("bed,3\nbench,4\n", False), ("name,\nbed,3\n", False), ("name,cost\n", False)],
)
def test_the_first_row_is_the_head_where_it_can_name_the_columns(text, has_head):
    assert table(text).has_head is has_head


def test_a_formula_that_was_guarded_on_the_way_out_comes_in_as_it_was():
    assert words(table("a,b\n'=1+1,'tis\n"))[1] == ["=1+1", "'tis"]


def test_a_file_of_one_column_is_lines():
    lines = lines_of(format_for("csv").read("one\ntwo\n", Reading()))
    assert [(plain_text(line.spans), line.attributes) for line in lines] == [("one", {}), ("two", {})]


def test_what_is_too_wide_for_a_table_is_lines_with_tabs_and_that_is_said():
    changed: list[str] = []
    text = ",".join(map(str, range(60))) + "\n" + ",".join("x" * 60)
    lines = lines_of(format_for("csv").read(text, Reading(change=changed.append)))
    assert plain_text(lines[1].spans) == "\t".join("x" * 60)
    assert changed == ["tables"]
    assert isinstance(lines[0], Line)


def test_a_short_row_below_a_very_long_one_stays_short():
    lines = lines_of(format_for("csv").read("a" + "," * 300 + "b\n" + "c\n" * 300, Reading()))
    assert {len(plain_text(line.spans)) for line in lines[1:]} == {1}


def test_where_a_file_is_no_table_is_told():
    with pytest.raises(NotRows) as raised:
        format_for("csv").read('a,b\n"x,1\n', Reading())
    assert (raised.value.line, raised.value.reason) == (2, "a quotation mark is not closed there")
