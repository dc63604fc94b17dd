"""Rows of tables that are made whole where several add and delete rows and columns at the same moment."""

from __future__ import annotations

import pycrdt
import pytest

from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.core.writing.lines import press_enter
from cowrite.core.writing.moving import move, possible
from cowrite.core.writing.table_commands import delete_columns, delete_rows, insert_column, insert_row
from helpers.copies import copy_of
from helpers.drafts import draft
from helpers.suggesting import changes_of, decide, marked
from helpers.tables import shown, with_table


def apart(*rows: str) -> tuple[Document, Document]:
    """Two copies of a draft with a table."""
    one = with_table(*rows)
    return one, copy_of(one)


def meet(one: Document, other: Document) -> list[str | list[str]]:
    """Brings together what two have written, and what they put right then; gives what both show."""
    for _ in range(3):
        for left, right in ((one, other), (other, one)):
            right.apply_remote(left.update_since(right.state_vector()))
    assert shown(one) == shown(other)
    assert joined(one.spans()) == joined(one.stored_spans()) == joined(other.stored_spans())
    return shown(one)


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("row", ["A", "C"])
def test_a_row_that_goes_goes_whole_where_somebody_adds_a_column_at_the_same_moment(row, column):
    one, other = apart("A B", "C D")
    at = one.text().index(row)
    delete_rows(one, at, at)
    insert_column(other, other.text().index("AB"[column]), behind=True)
    left, whole = ("C", "D") if row == "A" else ("A", "B"), ["A", "B"] if row == "A" else ["C", "D"]

    def added(cells: list[str]) -> str:
        return "|".join((*cells[: column + 1], "", *cells[column + 1 :]))

    assert meet(one, other) == ["above", [added(list(left))], "below"]
    one.undo()
    assert meet(one, other)[1] == [added(cells) for cells in sorted([list(left), whole])]
    one.redo()
    assert meet(one, other)[1] == [added(list(left))]
    other.undo()
    assert meet(one, other)[1] == ["|".join(left)]


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("are_there_at_once", [False, True])
@pytest.mark.parametrize(("word", "behind"), [("D", True), ("A", False)])
def test_rows_and_columns_that_come_in_at_one_corner_at_the_same_moment_are_whole(
    word, behind, are_there_at_once, first
):
    state = with_table("A B", "C D").state()
    one, other = MendedDocument(client_id=first, clock=lambda: 1), MendedDocument(client_id=3 - first, clock=lambda: 1)
    for document in (one, other):
        document.apply_remote(state)
    at = one.text().index(word)
    for _ in range(2):
        insert_row(one, at if behind else one.text().index(word), below=behind)
    insert_column(other, at, behind=behind)
    if are_there_at_once:
        updates = one.state(), other.state()
        one.apply_remote(updates[1])
        other.apply_remote(updates[0])
    rows = ["||", "||"]
    there = ["A|B|", "C|D|"] if behind else ["|A|B", "|C|D"]
    assert meet(one, other)[1] == ([*there, *rows] if behind else [*rows, *there])


@pytest.mark.parametrize(("decision", "columns"), [("accept", 3), ("reject", 2)])
def test_a_row_beside_a_column_that_is_only_suggested_has_the_cell_as_long_as_that_has(decision, columns):
    one, other = apart("A B", "C D")
    changes_of(other)
    insert_row(one, one.text().index("A"), below=True)
    insert_column(other, other.text().index("B"), behind=True)
    meet(one, other)
    decide(one, decision)
    assert [row.count("|") + 1 for row in meet(one, other)[1]] == [columns] * 3


def test_two_columns_and_a_row_that_come_in_at_the_same_moment_are_whole():
    one, other = apart("A B", "C D")
    insert_row(one, one.text().index("A"), below=True)
    for _ in range(2):
        insert_column(other, other.text().index("B"), behind=True)
    assert meet(one, other)[1] == ["A|B||", "|||", "C|D||"]


def test_a_row_that_goes_leaves_what_somebody_writes_in_a_column_of_theirs_at_the_same_moment():
    one, other = apart("A B", "C D")
    at = one.text().index("A")
    delete_rows(one, at, at)
    caret = insert_column(other, at, behind=True)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(caret, "theirs")
    assert meet(one, other) == ["above", ["theirs", "C||D"], "below"]


@pytest.mark.parametrize("column", [0, 1])
def test_a_row_has_a_cell_of_the_column_that_somebody_adds_at_the_same_moment(column):
    one, other = apart("A B", "C D")
    at = insert_row(one, one.text().index("A"), below=True)
    with one.edit(Origin.LOCAL) as edit:
        edit.insert(at, "E")
    other.steps.begin()
    insert_column(other, other.text().index("AB"[column]), behind=True)
    rows = ["A||B", "E||", "C||D"] if column == 0 else ["A|B|", "E||", "C|D|"]
    assert meet(one, other)[1] == rows
    other.undo()
    assert meet(one, other)[1] == ["A|B", "E|", "C|D"]
    other.redo()
    assert meet(one, other)[1] == rows
    one.undo()
    assert meet(one, other)[1] == [rows[0], rows[2]]
    one.redo()
    assert meet(one, other)[1] == rows


def test_what_is_written_beside_added_columns_may_be_beyond_the_first_planes():
    one, other = apart("A B", "C D")
    insert_column(one, 6, behind=True)
    with one.edit(Origin.LOCAL) as edit:
        edit.insert(0, "\N{SEEDLING}!")
    meet(one, other)
    with one.edit(Origin.LOCAL) as edit:
        edit.delete(2, 1)
    assert meet(one, other)[0] == "\N{SEEDLING}above"


@pytest.mark.parametrize("writer", [1, 9])
def test_a_row_has_the_cells_of_all_columns_that_somebody_adds_at_the_same_moment_at_the_end(writer):
    made = with_table("A B", "C D")
    one, other = MendedDocument(client_id=writer, clock=lambda: 1), MendedDocument(client_id=5, clock=lambda: 1)
    for each in (one, other):
        each.apply_remote(made.state())
    with one.edit(Origin.LOCAL) as edit:
        edit.insert(insert_row(one, one.text().index("A"), below=True), "E")
    for letter in "YX":
        with other.edit(Origin.LOCAL) as edit:
            edit.insert(insert_column(other, other.text().index("D"), behind=True), letter)
    assert meet(other, one)[1] == ["A|B||", "E|||", "C|D|X|Y"]


def test_a_row_is_suggested_to_go_whole_before_an_empty_one_that_is_suggested():
    document = with_table("A B", "C D")
    changes = changes_of(document)
    insert_row(document, document.text().index("A"), below=True)
    document.steps.begin()
    at = document.text().index("A")
    delete_rows(document, at, at)
    assert marked(document) == "above¶[-A-][-¶-][-B-][-¶-]{+¶¶+}C¶D¶below"
    changes.accept([change.id for change in changes.all()])
    assert shown(document)[1] == ["|", "C|D"]


def test_an_empty_row_of_added_columns_alone_stays_where_somebody_adds_another_one():
    one, other = apart("A", "B")
    insert_column(one, 6, behind=True)
    delete_columns(one, 6, 6)
    meet(one, other)
    insert_row(one, 6, below=True)
    insert_column(other, 6, behind=True)
    assert meet(one, other)[1] == ["|", "|", "|"]


def test_a_row_that_is_shorter_stays_so_where_somebody_adds_a_column():
    one, other = apart("A B C", "D")
    insert_column(other, other.text().index("C"), behind=True)
    assert meet(one, other)[1] == ["A|B|C|", "D"]


def test_a_copy_that_may_write_nothing_makes_no_row_whole():
    one, other = apart("A B", "C D")
    delete_rows(one, 6, 6)
    insert_column(other, 6, behind=True)
    other.mends = False
    other.apply_remote(one.update_since(other.state_vector()))
    assert shown(other)[1] == ["", "C||D"]


def test_an_undo_leaves_alone_what_another_program_has_written_in_the_place_of_a_row():
    one = draft("words")
    other: pycrdt.Doc = pycrdt.Doc()
    body = other.get("body", type=pycrdt.Text)
    other.apply_update(one.state())
    body.format(5, 6, {"table": 5})
    one.apply_remote(other.get_update())
    before = joined(one.spans())
    press_enter(one, 4)
    one.undo()
    assert joined(one.spans()) == before


def test_a_row_that_is_moved_again_has_its_cell_of_an_added_column_in_that_column():
    one, other = apart("A B", "C D", "E F")
    one.steps.begin()
    down = possible(one, 6, 6, up=False)
    assert down is not None
    move(one, down)
    meet(one, other)
    insert_column(other, other.text().index("A"), behind=True)
    moved = ["C||D", "A||B", "E||F"]
    assert meet(one, other)[1] == moved
    for turn, wanted in ((one.undo, ["A||B", "C||D", "E||F"]), (one.redo, moved)) * 2:
        turn()
        assert meet(one, other)[1] == wanted


def test_where_one_has_written_alone_nothing_is_put_right_after_undo():
    document, origins = with_table("A B", "C D"), list[Origin]()
    document.steps.forget()
    document.observe_changes(lambda change: origins.append(change.origin))

    def cell(line: int) -> int:
        document.steps.begin()
        return sum(len(each) + 1 for each in document.text().split("\n")[:line])

    insert_column(document, cell(1), behind=False)
    delete_rows(document, at := cell(6), at)
    insert_column(document, cell(3), behind=True)
    insert_row(document, cell(2), below=True)
    delete_rows(document, at := cell(5), at)
    document.undo()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(cell(8), "x")
    delete_rows(document, at := cell(4), at)
    delete_columns(document, at := cell(3), at)
    delete_rows(document, at := cell(2), at)
    while document.can_undo():
        document.undo()
    assert set(origins) == {Origin.LOCAL, Origin.UNDO}
