"""What keys and commands do to the tables of a draft."""

from __future__ import annotations

import pytest

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, TABLE, Span, joined, lines_of
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS, Table, with_tables
from cowrite.core.writing.lines import delete, delete_in, insert_below, insert_divider, press_backspace, press_enter
from cowrite.core.writing.pasting import copied, in_style_of, insert_rich_text
from cowrite.core.writing.table_commands import (
    delete_columns,
    delete_rows,
    delete_table,
    insert_column,
    insert_row,
    insert_table,
    set_widths,
)
from cowrite.core.writing.tables import below_table, next_cell, pieces, press_delete
from helpers.copies import copy_of, meet
from helpers.drafts import draft
from helpers.tables import shown, there, with_table


def test_an_empty_table_comes_in_at_the_caret_between_two_lines():
    document = draft("AB")
    caret = insert_table(document, 1, 1, 2, 2)
    assert shown(document) == ["A", ["|", "|"], "B"]
    assert caret == 2
    document.undo()
    assert shown(document) == ["AB"]


@pytest.mark.parametrize("first", [Span("a"), Span("\na"), Span("above\na")])
def test_words_and_pictures_of_a_cell_carry_its_row_whatever_comes_in_with_them(first):
    document, picture = draft("below"), Span(EMBED_CHARACTER, {}, {"image": "sha256:" + "ab" * 32})
    ends = [Span("\n", {TABLE: "1"}), Span("\n", {TABLE: "2"})]
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [first, picture, Span("b"), ends[0], picture, Span("c"), ends[1]])
    rows = [(span.text, span.attributes.get(TABLE)) for span in joined(document.spans())]
    cells = [("a", "1"), (EMBED_CHARACTER, "1"), ("b\n", "1"), (EMBED_CHARACTER, "2"), ("c\n", "2")]
    assert rows[-6:-1] == cells


def test_a_table_has_a_line_above_it_and_one_below_also_in_an_empty_draft():
    document = draft("")
    insert_table(document, 0, 0, 1, 2)
    assert shown(document) == ["", ["|"], ""]
    insert_table(document, 1, 1, 1, 1)  # within that table, and so below it
    assert shown(document) == ["", ["|"], "", [""], ""]


def test_rows_and_columns_come_in_beside_the_caret_and_the_caret_goes_there():
    document = with_table("A B", "C D")
    at = insert_row(document, document.text().index("B"), below=True)
    assert shown(document)[1] == ["A|B", "|", "C|D"]
    assert there(document, "A").rows[1][1].start == at
    at = insert_row(document, document.text().index("A"), below=False)
    assert shown(document)[1] == ["|", "A|B", "|", "C|D"]
    at = insert_column(document, document.text().index("C"), behind=True)
    assert shown(document)[1] == ["||", "A||B", "||", "C||D"]
    assert there(document, "A").rows[3][1].start == at
    at = insert_column(document, document.text().index("A"), behind=False)
    assert shown(document)[1] == ["|||", "|A||B", "|||", "|C||D"]
    assert there(document, "A").rows[1][0].start == at


def test_a_new_row_is_aligned_as_the_one_beside_it():
    document = draft("above", ("A", {"table": "1", "align": "right"}), "below")
    insert_row(document, 6, below=True)
    assert [cell.attributes["align"] for row in there(document, "A").rows for cell in row] == ["right", "right"]


@pytest.mark.parametrize(("columns", "rows"), [(MOST_COLUMNS, 1), (40, MOST_CELLS // 40)])
def test_a_table_gets_no_more_rows_and_columns_than_can_be_shown(columns, rows):
    document = with_table(*[" ".join("x" * columns)] * rows)
    assert insert_column(document, 6, behind=True) == 6
    assert (insert_row(document, 6, below=True) == 6) is (rows > 1)
    assert [len(row) for row in there(document, "x").rows] == [columns] * max(2, rows)


@pytest.mark.parametrize(
    ("take_out", "left"),
    [
        (lambda document, at: delete_rows(document, at, at), ["above", ["C|D"], "below"]),
        (lambda document, at: delete_columns(document, at, at), ["above", ["B", "D"], "below"]),
        (delete_table, ["above", "below"]),
        (lambda document, at: delete_rows(document, at, document.text().index("D")), ["above", "below"]),
        (lambda document, at: delete_columns(document, at, document.text().index("D")), ["above", "below"]),
    ],
)
def test_rows_columns_and_tables_go_by_commands(take_out, left):
    document = with_table("A B", "C D")
    caret = take_out(document, document.text().index("A"))
    assert shown(document) == left
    assert caret == document.text().index("\n") + 1
    document.undo()
    assert shown(document) == ["above", ["A|B", "C|D"], "below"]


def test_after_the_last_row_has_gone_the_caret_is_still_in_the_table():
    document = with_table("A B", "C D")
    at = document.text().index("C")
    caret = delete_rows(document, at, at)
    assert caret == document.text().index("B") + 1
    assert there(document, "A").rows[0][1].end == caret


@pytest.mark.parametrize(
    ("start", "stop", "left"),
    [
        ("bove", "D", ["a", ["|", "|D"], "below"]),  # from above into the table
        ("B|", "elow", ["above", ["A|", "|"], "elow"]),  # from the table to what is below
        ("A", "D", ["above", ["|", "|"], "below"]),  # from one cell to another: all between them
        ("B|", "D", ["above", ["A|", "C|"], "below"]),  # a column
        ("bove", "elow", ["aelow"]),  # all of it
        ("above", "elow", ["elow"]),
        ("above|", "below", ["above", "below"]),  # as Qt selects from the table to what is below
        ("above|", "elow", ["above", "elow"]),
    ],
)
def test_what_is_deleted_leaves_a_table_whole_unless_all_of_it_goes(start, stop, left):
    document = with_table("A B", "C D")
    places = {"B|": document.text().index("\nB") + 1, "A": 6, "above|": 5}
    delete(document, places.get(start, document.text().find(start)), document.text().index(stop))
    assert shown(document) == left


def test_a_row_that_goes_leaves_what_has_come_into_the_next_one_in_its_row():
    document = with_table("A B", "C D")
    with document.edit(Origin.LOCAL) as edit:
        delete_in(edit, document, 6, 10, new=1)
    assert shown(document) == ["above", ["C|D"], "below"]


def test_a_line_above_a_table_stays_where_everything_above_is_deleted():
    document = with_table("A")
    delete(document, 0, 6)
    assert shown(document) == ["", ["A"], "below"]


def test_enter_in_a_cell_breaks_its_line_and_leaves_the_table_as_it_is():
    document = with_table("AB C")
    caret = press_enter(document, 7)
    assert shown(document)[1] == ["A\u2028B|C"]
    assert caret == 8


def test_backspace_and_delete_stop_where_a_cell_ends():
    document = with_table("A B")
    before = shown(document)
    assert press_backspace(document, 8) == 8
    assert press_delete(document, 7) == 7
    assert press_delete(document, 5) == 6
    assert press_backspace(document, 10) == 9
    assert shown(document) == before


def test_an_empty_line_beside_a_table_can_be_deleted_where_another_one_is_there():
    document = draft("above", "", ("A", {"table": "1"}), "", "below")
    assert press_delete(document, 6) == 6
    assert press_backspace(document, 8) == 7
    assert shown(document) == ["above", ["A"], "below"]
    lone = draft("", ("A", {"table": "1"}), "")
    assert (press_delete(lone, 0), press_backspace(lone, 3)) == (1, 2)
    assert shown(lone) == ["", ["A"], ""]


def test_tab_leads_from_cell_to_cell():
    document = with_table("A B", "C D")
    cell = next_cell(document, document.text().index("B"))
    assert cell is not None
    assert cell.start == document.text().index("C")
    back = next_cell(document, cell.start, back=True)
    assert back is not None
    assert back.start == document.text().index("\nB") + 1
    assert next_cell(document, document.text().index("A\n"), back=True) is None
    assert next_cell(document, document.text().index("D")) is None


def test_lines_that_are_pasted_into_a_cell_are_one_line_there():
    document = with_table("A B")
    spans = [Span("x"), Span("\n", {"list": "bullet"}), Span("y\n")]
    insert_rich_text(document, 7, 7, in_style_of(document, 7, spans))
    assert shown(document)[1] == ["Ax\u2028y|B"]


def test_a_table_that_is_pasted_goes_over_the_cells_from_there_on_and_adds_what_is_lacking():
    document = with_table("A B", "C D")
    cells = copied(document, 6, document.text().index("D"))
    caret = insert_rich_text(document, *[document.text().index("D")] * 2, cells)
    assert shown(document)[1] == ["A|B", "C|A|B", "|C|D"]
    assert document.text()[caret - 1] == "D"
    assert there(document, "D").stop == caret + 1


def test_a_table_that_is_pasted_into_a_line_stands_apart_with_rows_of_its_own():
    document = with_table("A B", below="wo")
    cells = copied(document, 6, 8)
    at = document.text().index("wo") + 1
    insert_rich_text(document, at, at, cells)
    assert shown(document) == ["above", ["A|B"], "w", ["A|B"], "o"]
    rows = {cell.attributes["table"] for text in "ao" for cell in there(document, "A").rows[0]}
    insert_rich_text(document, *[below_table(document, 6)] * 2, cells)
    assert shown(document) == ["above", ["A|B"], "", ["A|B"], "w", ["A|B"], "o"]
    assert len(rows) == 1


def test_what_is_copied_between_two_cells_are_the_cells_between_them():
    document = with_table("A B C", "D E F")
    start, stop = document.text().index("\nB") + 1, document.text().index("\nD") + 1
    assert shown_spans(copied(document, start, stop)) == ["A|B", "D|E"]
    assert copied(document, 6, 7) == [Span("A")]
    assert pieces(document, 0, 3) == [(0, 3)]


def shown_spans(spans: list[Span]) -> list[str]:
    (table,) = with_tables(lines_of(spans))
    assert isinstance(table, Table)
    return ["|".join("".join(span.text for span in cell.spans) for cell in row) for row in table.rows]


def test_what_stands_alone_on_its_line_comes_in_below_a_table():
    document = with_table("A")
    insert_below(document, 6, {"divider": True})
    assert shown(document) == ["above", ["A"], "\ufffc", "below"]


def test_a_draft_that_ends_with_a_table_has_an_open_line_below_it():
    document = draft("above", ("A", {"table": "1"}))
    assert not document.is_closed
    assert document.line_breaks(8, 8) == [8]
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(8, "below")
    assert shown(document) == ["above", ["A"], "below"]


@pytest.mark.parametrize("at_row", [0, 1])
def test_a_table_that_its_maker_takes_back_leaves_a_teammates_words_and_makes_no_cells_of_other_lines(at_row):
    one = draft("above", "below", "last")
    at = insert_table(one, 5, 5, 2, 2)
    other = copy_of(one)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(at, "theirs")
    insert_row(other, there(other, "theirs").rows[at_row][0].start, below=True)
    one.apply_remote(other.state())
    one.undo()
    other.apply_remote(one.state())
    assert joined(one.spans()) == joined(other.spans()) == joined(other.stored_spans())
    *_, below, last = lines_of(one.spans())
    assert [line.attributes for line in (below, last)] == [{}, {}]
    assert "theirs" in one.text()


@pytest.mark.parametrize("theirs", [insert_row, insert_column])
def test_rows_and_columns_that_two_people_add_at_the_same_moment_are_all_there(theirs):
    one = with_table("A B", "C D", "E F")
    other = copy_of(one)
    at = one.text().index("B")
    for number, (document, insert) in enumerate(((one, insert_row), (other, theirs))):
        caret = insert(document, at, **{"below" if insert is insert_row else "behind": True})
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(caret, f"new{number}")
    meet(one, other)
    assert joined(one.spans()) == joined(other.spans()) == joined(one.stored_spans())
    above, rows, below = shown(one)
    assert (above, below) == ("above", "below")
    assert "".join(rows).replace("|", "").replace("new", "") in {"AB01CDEF", "AB10CDEF"}
    assert theirs is insert_column or len(rows) == 5


def test_what_takes_the_place_of_cells_comes_into_the_first_of_them_also_from_right_to_left():
    document = with_table("A B", "C D")
    start, stop = document.text().index("B"), document.text().index("C") + 1
    insert_rich_text(document, start, stop, [Span("new")])
    assert shown(document) == ["above", ["new|", "|"], "below"]
    document.undo()
    assert delete(document, start, stop) == document.text().index("\n") + 1
    assert shown(document) == ["above", ["|", "|"], "below"]
    document.undo()
    insert_divider(document, start, stop)
    assert shown(document) == ["above", ["|", "|"], "\ufffc", "below"]


@pytest.mark.parametrize(
    "theirs",
    [lambda document, at: insert_row(document, at, below=True), lambda d, at: insert_column(d, at, behind=True)],
)
def test_a_table_that_its_maker_takes_back_and_brings_again_is_whole_with_what_others_added(theirs):
    one = draft("above", "below")
    at = insert_table(one, 5, 5, 3, 2)
    other = copy_of(one)
    caret = theirs(other, at)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(caret, "theirs")
    one.apply_remote(other.state())
    before = shown(one)
    assert len(before) == 3
    for _ in range(2):
        one.undo()
        assert "theirs" in one.text()
        one.redo()
        assert shown(one) == before
    assert joined(one.spans()) == joined(one.stored_spans())


def test_a_row_that_comes_back_is_whole_also_where_a_column_of_it_has_gone_meanwhile():
    one = with_table("A B", "C D")
    other = copy_of(one)
    a, b = one.text().index("A"), one.text().index("B")
    delete_rows(one, a, a)
    delete_columns(other, b, b)
    one.apply_remote(other.state())
    one.undo()
    assert shown(one) == ["above", ["A|B", "C"], "below"]


@pytest.mark.parametrize("take_out", [delete_rows, delete_columns])
def test_no_rows_or_columns_go_where_a_range_leads_from_one_table_to_another(take_out):
    document = draft("", ("A", {"table": "1"}), "", ("B", {"table": "2"}), ("C", {"table": "3"}), "")
    before = shown(document)
    assert take_out(document, 1, document.text().index("C")) == 1
    assert shown(document) == before


def test_columns_stay_as_wide_as_somebody_has_made_them_whatever_becomes_of_rows():
    document = with_table("A B C", "D E F", "G H I")
    set_widths(document, 6, {0: 500, 1: 200})
    assert there(document, "I").widths == [500, 200, None]
    insert_row(document, document.text().index("A"), below=False)
    assert there(document, "A").widths == [500, 200, None]
    document.steps.begin()
    delete_rows(document, 6, document.text().index("D"))
    assert shown(document)[1] == ["G|H|I"]
    assert there(document, "G").widths == [500, 200, None]
    document.undo()
    assert there(document, "G").widths == [500, 200, None]
    set_widths(document, 6, {0: None, 1: 300})
    assert there(document, "G").widths == [None, 300, None]


def test_columns_are_as_wide_where_some_of_their_cells_are_pasted():
    document = with_table("A B C", "D E F")
    set_widths(document, 6, {1: 300, 2: 100})
    other = draft("line")
    insert_rich_text(other, 4, 4, copied(document, document.text().index("E"), document.text().index("F")))
    assert shown(other) == ["line", ["E|F"], ""]
    assert there(other, "E").widths == [300, 100]


def test_widths_that_two_people_give_to_columns_at_the_same_moment_both_hold():
    document = with_table("A B C D", "E F G H")
    other = copy_of(document)
    set_widths(document, 6, {0: 100, 1: 200})
    set_widths(other, 6, {2: 300})
    insert_row(other, 6, below=False)
    meet(other, document)
    assert there(document, "A").widths == there(other, "A").widths == [100, 200, 300, None]
    document.undo()
    assert there(document, "A").widths == [None, None, 300, None]


def test_redo_makes_no_cells_of_the_lines_that_stand_in_the_place_of_a_table() -> None:
    document = MendedDocument.new(clock=lambda: 0)
    bullet = {"list": "bullet"}
    one, two = {"table": "one"}, {"table": "two"}
    rows = [Span("\n\n", one), Span("item", {}), Span("\n", {**two, **bullet}), Span("\n", two)]
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [Span("w", {}), *rows])
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(7, "\n", bullet)
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(3, 1)
        edit.format(3, 1, {"table": None})
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all([(0, 9)])
        edit.format_lines(0, 0, {"table": None, **bullet})
        edit.insert(0, "\n", bullet)
    wanted = joined(document.spans())
    while document.can_undo():
        document.undo()
    while document.can_redo():
        document.redo()
    assert joined(document.spans()) == wanted
