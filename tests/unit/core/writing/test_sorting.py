"""Sorting the rows of a table by one of its columns."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.core.writing.sorting import sort, sorted_rows
from cowrite.core.writing.table_commands import insert_column, insert_row, set_widths
from helpers.copies import copy_of
from helpers.drafts import draft
from helpers.suggesting import changes_of, marked, write
from helpers.tables import shown, there, with_table


def sorts(document: Document, text: str, *, descending: bool = False) -> None:
    """Sorts the table by the column of a text."""
    table = there(document, text)
    sort(document, table, sorted_rows(document, table, str, descending=descending))


def meet(one: Document, other: Document) -> list[str | list[str]]:
    """Brings two copies together until nobody has anything new; gives what both show."""
    for _ in range(3):
        one.apply_remote(other.state())
        other.apply_remote(one.state())
    assert shown(one) == shown(other)
    return shown(one)


@pytest.mark.parametrize(
    ("column", "descending", "rows"),
    [
        ("B", False, ["B|1", "Cc|3", "Cc|2", "D|2", "|4"]),
        ("B", True, ["D|2", "Cc|3", "Cc|2", "B|1", "|4"]),
        ("1", False, ["B|1", "D|2", "Cc|2", "Cc|3", "|4"]),
    ],
)
def test_rows_stand_in_the_order_of_a_column_those_alike_as_they_stood_and_empty_ones_last(column, descending, rows):
    document = with_table("D 2", "_ 4", "Cc 3", "B 1", "Cc 2")
    before = joined(document.spans())
    sorts(document, column, descending=descending)
    assert shown(document) == ["above", rows, "below"]
    document.undo()
    assert joined(document.spans()) == before
    assert not document.can_undo()


def test_a_row_that_names_the_columns_stays_on_top_and_the_columns_as_wide_as_they_are():
    document = with_table("Who When", "Bo 2", "Al 1")
    at = there(document, "Who").start
    with document.edit(Origin.LOCAL) as edit:
        edit.format(at, 3, {"bold": True})
    sorts(document, "Who")  # of a part of the words being bold it is no head
    assert shown(document)[1] == ["Al|1", "Bo|2", "Who|When"]
    document.undo()
    with document.edit(Origin.LOCAL) as edit:
        edit.format(at + 4, 4, {"bold": True})
    with document.edit(Origin.LOCAL) as edit:
        edit.format_lines(there(document, "Who").rows[2][0].end, 0, {"column": 100})
    set_widths(document, at, {0: 300, 1: 700})
    sorts(document, "Who")
    assert shown(document)[1] == ["Who|When", "Al|1", "Bo|2"]
    assert there(document, "Who").widths == [300, 700]


def test_undo_brings_rows_back_with_what_a_teammate_suggests_in_them():
    document = with_table("A 0", "B 1", "C 2", "D 3")
    mate = copy_of(document)
    changes_of(mate)
    write(mate, mate.text().index("A"), "x")
    meet(document, mate)
    sorts(document, "A")
    before = marked(document)
    sorts(document, "A", descending=True)
    document.undo()
    assert marked(document) == before == "above¶B¶1¶C¶2¶D¶3¶{+x+}A¶0¶below"


def test_shorter_rows_are_sorted_as_empty_there():
    document = draft("above", ("x", {"table": "1"}), ("y", {"table": "2"}), ("z", {"table": "2"}), "end")
    sorts(document, "z")
    assert shown(document) == ["above", ["y|z", "x"], "end"]


def test_what_a_teammate_types_meanwhile_is_kept_and_stays_in_a_row_that_stays():
    one = with_table("A 1", "C 3", "B 2", "D 4")
    other = copy_of(one)
    sorts(one, "A")  # moves one row, and the others stay
    for text in "ABCD":
        with other.edit(Origin.LOCAL) as edit:
            edit.insert(other.text().index(text) + 1, text.lower())
    _, rows, _ = meet(one, other)
    stay = [row for row in rows if row in ("Aa|1", "Bb|2", "Cc|3", "Dd|4")]
    assert len(rows) == 4
    assert len(stay) == 2
    assert all(text in "".join(rows) for text in "abcd")


def test_rows_of_one_id_stay_rows_where_they_come_to_stand_beside_each_other():
    document = draft(
        "up", *((text, {"table": id}) for text, id in (("A", "1"), ("D", "2"), ("B", "1"), ("C", "3"))), ""
    )
    sorts(document, "A")
    assert shown(document)[1] == ["A", "B", "C", "D"]


def test_rows_that_two_people_sort_at_the_same_moment_stay_rows():
    one = with_table("B 2", "A 1", "C 3")
    other = copy_of(one)
    sorts(one, "A")
    sorts(other, "A", descending=True)
    rows = meet(one, other)[1]
    assert {*rows} == {"A|1", "B|2", "C|3"}


@pytest.mark.parametrize("descending", [False, True])
def test_a_column_or_a_row_that_comes_in_meanwhile_is_whole(descending):
    one = with_table("B 2", "A 1", "C 3")
    other = copy_of(one)
    sorts(one, "A", descending=descending)
    insert_column(other, other.text().index("1"), behind=True)
    insert_row(other, other.text().index("A"), below=True)
    rows = meet(one, other)[1]
    assert [row.count("|") for row in rows] == [2, 2, 2, 2]
    assert sorted(rows) == ["A|1|", "B|2|", "C|3|", "||"]
