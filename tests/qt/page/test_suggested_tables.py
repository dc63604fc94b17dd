"""Tables to which changes are only suggested."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cowrite.gui.page.commands import page_commands
from helpers.drafts import lines
from helpers.seats import CTRL, Teammate
from helpers.shown_tables import cells
from helpers.suggesting import marked

Key = Qt.Key


def test_a_suggested_row_is_a_row_of_its_own_and_goes_when_it_is_rejected(bo):
    seat, changes = bo("above", ("a", {"table": "1"}), ("b", {"table": "1"}), "below")
    seat.editor.set_caret(6)
    seat.editor.tables.add_row(below=True)
    seat.type("c")
    assert cells(seat) == ["a|b", "c|"]
    changes.reject([change.id for change in changes.all()])
    assert cells(seat) == ["a|b"]


def test_a_row_that_is_suggested_to_go_goes_as_a_whole_when_that_is_accepted(bo):
    seat, changes = bo("above", *((text, {"table": (text in "ab" and "1") or "2"}) for text in "abcd"), "below")
    seat.editor.set_caret(6)
    seat.editor.tables.delete_rows()
    assert cells(seat) == ["a|b", "c|d"]
    seat.type("x")
    changes.accept([change.id for change in changes.all()])
    assert cells(seat) == ["xc|d"]


def test_words_in_a_row_that_goes_come_to_the_line_below_and_that_is_no_cell(bo):
    seat, changes = bo("above", *((text, {"table": (text in "ab" and "1") or "2"}) for text in "abcd"), "below")
    seat.editor.set_caret(10)
    seat.editor.tables.delete_rows()
    Teammate(seat).insert(13, "theirs")
    changes.accept([change.id for change in changes.all()])
    assert cells(seat) == ["a|b"]
    assert lines(seat.document)[-1] == "theirsbelow"


def test_the_caret_stays_where_words_of_a_cell_are_cut_to_which_changes_are_suggested(bo):
    seat, _ = bo("above", ("cell", {"table": "1"}), "below")
    seat.editor.set_caret(8, 6)
    seat.editor.cut()
    seat.type("x")
    assert cells(seat) == ["cexll"]


def test_the_caret_stands_behind_what_is_pasted_over_words_of_a_cell_to_which_changes_are_suggested(bo):
    seat, _ = bo("above", ("cell", {"table": "1"}), "below")
    seat.editor.set_caret(10, 6)
    seat.paste(text="new")
    seat.type("!")
    assert cells(seat) == ["cellnew!"]


def test_selected_cells_that_are_cut_by_keys_are_suggested_to_be_empty_and_no_others(bo):
    cells = (("a", {"table": "1"}), ("b", {"table": "1"}), ("c", {"table": "2"}), ("d", {"table": "2"}))
    seat, _ = bo("above", *cells, "below")
    seat.editor.set_caret(12, 8)  # the second column
    seat.press(Key.Key_X, CTRL)
    assert marked(seat.document) == "above¶a¶[-b-]¶c¶[-d-]¶below"


def test_rows_are_not_sorted_by_who_suggests_changes_and_that_is_said(bo):
    content = [(word, {"table": word}) for word in "ba"]
    seat, _ = bo("above", *content, "below")
    told = list[str]()
    seat.editor.table_refused.connect(told.append)
    seat.editor.set_caret(6)
    page_commands(seat.editor)["sort_ascending"]()
    assert cells(seat) == ["b", "a"]
    assert told == ["Rows cannot be sorted while you suggest changes: each that moves would stand here twice."]
