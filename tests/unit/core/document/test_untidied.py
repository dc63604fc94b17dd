"""Text that somebody deletes while somebody else writes in it: what stands behind keeps its look."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.core.writing.lines import delete, press_enter
from cowrite.core.writing.sorting import sort, sorted_rows
from cowrite.core.writing.table_commands import insert_column, insert_row
from helpers.copies import copy_of, meet
from helpers.drafts import draft, lines, marked
from helpers.tables import shown, there

LIST, CODE, QUOTE, HEADING = {"list": "bullet"}, {"code-block": True}, {"blockquote": True}, {"header": 2}
CELLS = [(word, {"table": row}) for word, row in (("A", "0"), ("B", "0"), ("C", "1"), ("D", "1"))]


@pytest.fixture(params=["looked up", "by a copy"], autouse=True)
def way(request, monkeypatch):
    """How it is found out by which ids a text goes."""
    if request.param == "by a copy":
        monkeypatch.setattr("cowrite.core.document.edit.MOST_LOOKED_UP", 0)


def with_table() -> tuple[Document, Document]:
    """Two copies of a draft with a table between a list and a text."""
    one = draft(("item", LIST), "above", *CELLS, "below", ("code", CODE), "end")
    return one, copy_of(one)


def place(document: Document, word: str) -> int:
    return document.text().index(word)


def test_only_the_row_that_somebody_adds_stays_a_row_where_all_around_it_is_deleted():
    one, other = with_table()
    before = joined(one.spans())
    one.steps.begin()
    delete(one, place(one, "above"), place(one, "below") + 2)
    insert_row(other, place(other, "A"), below=True)
    meet(one, other)
    assert shown(one) == shown(other) == ["item", ["|"], "low", "code", "end"]
    assert lines(one)[3:] == ["low", ("code", CODE), "end"]
    one.undo()
    meet(one, other)
    assert shown(one) == shown(other) == ["item", "above", ["A|B", "|", "C|D"], "below", "code", "end"]
    other.undo()
    meet(one, other)
    assert joined(one.spans()) == joined(other.spans()) == joined(one.stored_spans()) == before


@pytest.mark.parametrize("above", [LIST, HEADING, {"table": "t"}])
@pytest.mark.parametrize("look", [LIST, CODE, QUOTE, HEADING])
def test_lines_below_keep_their_look_where_somebody_writes_a_line_in_what_is_deleted(above, look):
    one = draft(("top", above), "start", ("one", look), ("two", look), "below", ("head", HEADING), "end")
    other = copy_of(one)
    delete(one, place(one, "start"), place(one, "below") + 2)
    at = press_enter(other, place(other, "one") + 3)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(at, "new")
    meet(one, other)
    assert joined(one.spans()) == joined(other.spans()) == joined(one.stored_spans())
    assert lines(one)[2:] == ["low", ("head", HEADING), "end"]


def test_words_behind_a_link_are_none_of_it_where_somebody_writes_beside_it_while_it_is_deleted():
    one = draft("one two three four", "end")
    link = {"link": "https://a.example/"}
    with one.edit(Origin.IMPORT) as edit:
        edit.format(0, 3, {"bold": True})
        edit.format(4, 9, link)
    other = copy_of(one)
    with one.edit(Origin.LOCAL) as edit:
        edit.delete(2, 13)
    with other.edit(Origin.LOCAL) as edit:
        edit.insert(8, "X")
    meet(one, other)
    assert marked(one) == marked(other) == [("on", {"bold": True}), "Xour"]
    assert joined(one.spans()) == joined(one.stored_spans())


def test_what_nobody_writes_in_is_gone_and_comes_back_with_its_looks():
    one, other = with_table()
    before = joined(one.spans())
    one.steps.begin()
    with one.edit(Origin.LOCAL) as edit:
        edit.delete_all([(place(one, "item") + 4, 3), (place(one, "A"), place(one, "below") - place(one, "A"))])
    meet(one, other)
    assert lines(one) == lines(other) == ["itemove", "below", ("code", CODE), "end"]
    one.undo()
    meet(one, other)
    assert joined(one.spans()) == joined(other.stored_spans()) == before


def test_a_column_that_somebody_adds_to_a_table_that_is_deleted_takes_nothing_below_into_it():
    one, other = with_table()
    delete(one, place(one, "above"), place(one, "below") + 2)
    insert_column(other, place(other, "B"), behind=True)
    meet(one, other)
    assert lines(one)[-3:] == lines(other)[-3:] == ["low", ("code", CODE), "end"]


def test_sorted_rows_go_back_and_come_again_as_often_as_one_likes_where_somebody_has_added_a_column():
    one, other = with_table()
    table = there(one, "A")
    one.steps.begin()
    sort(one, table, sorted_rows(one, table, str, descending=True))
    insert_column(other, place(other, "A"), behind=True)
    meet(one, other)
    for act, rows in [(one.undo, ["A||B", "C||D"]), (one.redo, ["C||D", "A||B"])] * 2:
        act()
        meet(one, other)
        assert shown(one) == shown(other) == ["item", "above", rows, "below", "code", "end"]
