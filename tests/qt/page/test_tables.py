"""Tables on a page: what keys, mouse and commands do to them, and what a page shows of a body with cells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest

from cowrite.app.assistant.records import Source, accept_lines
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.text.table import MOST_CELLS, MOST_COLUMNS
from cowrite.core.writing.tables import table_at
from cowrite.gui.page.commands import page_commands
from helpers.drafts import lines
from helpers.player import check_page
from helpers.seats import CTRL, SHIFT, Teammate
from helpers.shown_tables import cells

Key = Qt.Key


def test_one_writes_from_cell_to_cell_with_tab_and_gets_a_new_row_behind_the_last(table):
    table.type("a\tb\tc\td\te")
    assert cells(table) == ["a|b", "c|d", "e|"]
    table.press(Key.Key_Backtab)
    table.type("other")  # over what was there, which is selected
    assert cells(table) == ["a|b", "c|other", "e|"]


def test_enter_begins_another_line_in_the_same_cell(table):
    table.type("a\nb")
    assert cells(table) == ["a\u2028b|", "|"]


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_no_key_deletes_from_one_cell_into_another_or_across_the_edge_of_a_table(table, modifiers):
    table.type("a\tb")
    before = table.document.text()
    for key, place in ((Key.Key_Backspace, 8), (Key.Key_Delete, 7), (Key.Key_Delete, 5), (Key.Key_Backspace, 12)):
        table.editor.set_caret(place)
        table.press(key, modifiers)
        assert table.document.text() == before
    assert cells(table) == ["a|b", "|"]


@pytest.mark.parametrize("how", ["delete", "backspace", "cut", "type", "compose", "enter", "soft break"])
def test_selected_cells_are_emptied_and_stay_and_one_undo_takes_back_what_one_key_did(table, how):
    table.type("a\tb\tc\td")
    here = table_at(table.document, 6)
    assert here is not None
    ids = [cell.attributes["table"] for row in here.rows for cell in row]
    table.editor.set_caret(here.rows[1][0].start, here.rows[0][0].start)  # the first column
    match how:
        case "delete":
            table.press(Key.Key_Delete)
        case "backspace":
            table.press(Key.Key_Backspace)
        case "cut":
            table.press(Key.Key_X, CTRL)
            assert QGuiApplication.clipboard().text() == "a\nc"
        case "compose":
            table.compose("か")
            table.commit("漢")
        case "enter":
            table.press(Key.Key_Return)
        case "soft break":
            table.press(Key.Key_Return, SHIFT)
        case _:
            table.type("x")
    written = {"type": "x", "compose": "漢", "enter": "\u2028", "soft break": "\u2028"}.get(how, "")
    assert cells(table) == [f"{written}|b", "|d"]
    now = table_at(table.document, 6)
    assert now is not None
    assert [cell.attributes["table"] for row in now.rows for cell in row] == ids
    table.press(Key.Key_Z, CTRL)
    assert cells(table) == ["a|b", "c|d"]
    table.press(Key.Key_Y, CTRL)
    assert cells(table) == [f"{written}|b", "|d"]
    table.type("y")
    table.press(Key.Key_Z, CTRL)
    assert cells(table) == [f"{written}|b", "|d"]


def test_a_look_that_selected_cells_get_is_theirs_alone(table):
    table.type("a\tb\tc\td")
    table.editor.set_caret(10, 6)
    table.editor.formatting.toggle_inline("bold")
    table.editor.formatting.set_side("right")
    table.editor.formatting.set_link("https://example.org")
    table.editor.set_caret(10, 6)
    table.editor.formatting.toggle_list("bullet")
    table.editor.formatting.indent(1)
    for name in ("bold", "link"):
        assert "".join(span.text for span in table.document.spans() if span.attributes.get(name)) == "ac"
    for name in ("align", "list", "indent"):
        assert [line[0] for line in lines(table.document) if isinstance(line, tuple) and name in line[1]] == ["a", "c"]
    table.editor.formatting.set_style("heading_2")
    assert [line[0] for line in lines(table.document) if isinstance(line, tuple) and "header" in line[1]] == ["a", "c"]
    assert table.editor.formatting.state().bold  # as the button shows, though what is between them is not
    table.editor.formatting.toggle_inline("bold")
    assert not any("bold" in span.attributes for span in table.document.spans())


def test_commands_change_rows_and_columns_and_each_is_undone_by_itself(table):
    tables = table.editor.tables
    table.type("a\tb\tc\td")
    tables.add_row(below=False)
    table.type("new")
    assert cells(table) == ["a|b", "|new", "c|d"]
    tables.add_column(behind=True)
    assert cells(table) == ["a|b|", "|new|", "c|d|"]
    tables.delete_rows()
    assert cells(table) == ["a|b|", "c|d|"]
    table.editor.undo_own()
    table.editor.undo_own()
    assert cells(table) == ["a|b", "|new", "c|d"]
    table.editor.set_caret(6)
    tables.delete_columns()
    assert cells(table) == ["b", "new", "d"]
    tables.delete()
    assert lines(table.document) == ["above", "below"]
    check_page(table.editor, table.document)


def test_a_selection_that_leaves_the_table_takes_all_of_it(table):
    table.type("a\tb")
    table.editor.set_caret(8, 2)
    table.press(Key.Key_Delete)
    assert lines(table.document) == ["abbelow"]
    check_page(table.editor, table.document)
    table.press(Key.Key_Z, CTRL)
    assert cells(table) == ["a|b", "|"]


def test_what_teammates_do_to_a_table_is_shown_and_the_caret_stays_in_its_cell(table):
    table.type("a\tb\tc")
    mate = Teammate(table)
    here = table_at(mate.document, 6)
    assert here is not None
    mate.insert(6, "\n\n", {"table": "theirs"})
    assert cells(table) == ["|", "a|b", "c|"]
    assert table.document.text()[table.editor.caret()[1] - 1] == "c"
    mate.insert(8, "\n", {"table": here.rows[0][0].attributes["table"]})  # into one row alone
    assert cells(table) == ["|", "|a|b", "c|"]
    mate.delete(0, 6)  # the line above it: a table has one above it, or is shown as lines
    check_page(table.editor, table.document)
    mate.insert(0, "again\n")
    assert cells(table) == ["|", "|a|b", "c|"]
    table.type("!")
    assert cells(table) == ["|", "|a|b", "c!|"]


def test_a_table_of_too_many_cells_is_shown_as_lines_and_can_be_written_in(sit):
    seat = sit("above", *((f"{number}", {"table": f"{number}"}) for number in range(MOST_CELLS + 1)), "below")
    seat.editor.set_caret(6)
    seat.type("x\ny")
    assert seat.document.text().startswith("above\nx\u2028y0\n1\n")
    assert not seat.editor.document().rootFrame().childFrames()


def test_tab_stays_in_the_last_cell_of_a_table_that_can_have_no_more_rows_and_it_is_said(sit):
    said: list[str] = []
    cells = [("x", {"table": f"{number // 50}"}) for number in range(MOST_CELLS)]
    seat = sit("above", *cells, "below")
    at = seat.document.text().index("below") - 1
    seat.editor.set_caret(at)
    seat.editor.table_refused.connect(said.append)
    seat.type("\t!")
    assert seat.document.text().endswith("x\nx!\nbelow\n")
    assert said == ["This table can have no more rows: a table has at most 1,000 cells."]
    seat.editor.tables.add_column(behind=True)
    assert said[1:] == ["This table can have no more columns: a table has at most 50 columns."]
    check_page(seat.editor, seat.document)


@pytest.mark.parametrize("place", [8, 9])
def test_words_beside_a_decision_that_is_alone_in_a_cell_come_into_this_cell(table, place):
    table.type("a\t")
    table.editor.edits.insert_embed({"decision": "d"})
    table.editor.set_caret(place)
    table.type("xy")
    assert cells(table) == ["a|" + ("xy\ufffc" if place == 8 else "\ufffcxy"), "|"]
    assert lines(table.document)[0] == "above"


def test_a_row_that_becomes_too_long_by_what_a_teammate_puts_behind_it_is_shown_as_lines(sit):
    seat = sit("above", *[("x", {"table": "1"})] * (MOST_COLUMNS - 1), "below")
    mate, at = Teammate(seat), seat.document.text().index("below")
    mate.insert(at + 1, "\n\n", {"table": "1"})  # behind the first letter of the line below
    check_page(seat.editor, seat.document)
    assert not seat.editor.document().rootFrame().childFrames()
    mate.delete(at + 1, 1)
    assert len(cells(seat)[0].split("|")) == MOST_COLUMNS


@pytest.mark.parametrize("pasted", [2, MOST_COLUMNS + 1])
def test_cells_that_would_make_a_table_too_large_are_pasted_below_it_and_it_stays_as_it_is(sit, pasted):
    def select(first: int, last: int) -> None:
        seat.editor.set_caret(last, first)

    said: list[str] = []
    rows = [("x", {"table": id}) for id in "12" for _ in range(MOST_COLUMNS)]
    seat = sit("above", *rows, "between", *[("y", {"table": "3"})] * pasted, "below")
    seat.editor.table_refused.connect(said.append)
    text = seat.document.text()
    select(text.index("y"), text.rindex("y"))
    seat.press(Key.Key_C, CTRL)
    behind = text.index("between")
    select(behind - 2 - 2 * MOST_COLUMNS, behind - 2)  # the last column
    seat.press(Key.Key_V, CTRL)
    reason = "a table has at most 50 columns"
    assert said == [f"What you put in stands below the table, which would have become too large: {reason}."]
    assert seat.document.text() == text[:behind] + "\n" + "y\n" * pasted + text[behind:]
    seat.type("!")  # in the last of them
    assert seat.document.text()[behind - 2 :].startswith("x\n\n" + "y\n" * (pasted - 1) + "y!\nbetween")
    check_page(seat.editor, seat.document)
    tables = seat.editor.document().rootFrame().childFrames()
    assert len(tables) == (3 if pasted == 2 else 1)
    seat.press(Key.Key_Z, CTRL, times=2)
    assert seat.document.text() == text


def test_cells_go_over_those_of_a_full_table_where_it_grows_by_none_of_them(sit):
    rows = [("x", {"table": id}) for id in "12" for _ in range(MOST_COLUMNS)]
    seat = sit("above", *rows, "below")
    behind = seat.document.text().index("below")
    seat.editor.set_caret(8, 6)
    seat.press(Key.Key_C, CTRL)
    seat.editor.set_caret(behind - 4)
    seat.type("yz")
    seat.press(Key.Key_V, CTRL)
    assert cells(seat) == ["|".join("x" * MOST_COLUMNS)] * 2


def test_a_page_that_can_only_be_read_keeps_its_tables(table):
    table.type("a")
    table.editor.setReadOnly(True)
    table.press(Key.Key_Tab)
    table.editor.tables.add_row(below=True)
    table.editor.tables.delete()
    assert cells(table) == ["a|", "|"]


def test_a_table_at_the_very_end_has_a_line_below_it_to_write_in(sit):
    seat = sit("above")
    with seat.document.edit(Origin.IMPORT) as edit:
        edit.insert(6, "a")
        edit.insert(7, "\n", {"table": "1"})
    assert cells(seat) == ["a"]
    seat.press(Key.Key_End, CTRL)
    seat.type("below")
    assert lines(seat.document) == ["above", ("a", {"table": "1"}), "below"]
    assert cells(seat) == ["a"]


def test_a_table_with_which_a_draft_began_is_one_as_soon_as_a_line_stands_above_it(sit):
    seat = sit(("a cell", {"table": "1"}), ("c", {"table": "1"}), "below")
    Teammate(seat).insert(1, "\n")  # its first cell becomes a line, and the rest of that the first cell
    assert cells(seat) == [" cell|c"]


@pytest.mark.parametrize("how", ["backspace", "cut", "type"])
def test_a_table_that_is_selected_with_what_is_below_goes_and_leaves_the_line_above_alone(table, how):
    table.type("a")
    table.editor.set_caret(table.document.text().index("low"), 6)
    match how:
        case "backspace":
            table.press(Key.Key_Backspace)
        case "cut":
            table.press(Key.Key_X, CTRL)
        case _:
            table.type("x")
    assert lines(table.document) == ["above" + "x" * (how == "type"), "low"]
    check_page(table.editor, table.document)


@pytest.mark.parametrize("below", ["", "below"])
def test_nothing_is_left_of_a_table_with_which_a_draft_began_where_all_is_deleted(sit, below):
    seat = sit(("a", {"table": "1"}), ("b", {"table": "1"}), below)
    seat.press(Key.Key_A, CTRL)
    seat.press(Key.Key_Delete)
    assert lines(seat.document) == [""]
    seat.press(Key.Key_Z, CTRL)
    seat.press(Key.Key_Y, CTRL)
    assert lines(seat.document) == [""]
    check_page(seat.editor, seat.document)


def test_selected_cells_are_copied_as_markdown_and_no_others(table):
    table.type("a\tb\tc\td")
    here = table_at(table.document, 6)
    assert here is not None
    table.editor.set_caret(here.rows[1][1].start, here.rows[0][1].start)
    table.editor.copying.copy_markdown()
    assert QGuiApplication.clipboard().text() == "|  |\n| --- |\n| b |\n| d |\n"


def test_lines_of_the_assistant_come_in_below_the_table_in_which_one_is(table):
    table.type("a\tb")
    source = Source("continue", "generated", "model", "", "", "", 0, "")
    accept_lines(table.document, 6, [Span("one\ntwo")], source, "Ada")
    assert cells(table) == ["a|b", "|"]
    assert lines(table.document)[-3:] == ["one", "two", "below"]
    table.press(Key.Key_Z, CTRL)
    assert lines(table.document)[-1] == "below"
    assert cells(table) == ["a|b", "|"]


def test_a_click_beside_a_table_goes_into_its_row_and_a_selection_stays_in_it_when_the_mouse_leaves_it_sideways(table):
    def words() -> str:
        return table.editor.textCursor().block().text()

    table.type("a\tb\tc\td")
    view, left = table.editor.viewport(), Qt.MouseButton.LeftButton

    height, right = table.place(10).y(), view.width() - 1
    QTest.mouseClick(view, left, pos=QPoint(0, height))
    assert words() == "c"
    QTest.mouseClick(view, left, pos=QPoint(right, height))
    assert words() == "d"
    QTest.mouseClick(view, left, pos=QPoint(0, table.place(0).y()))
    assert words() == "above"
    QTest.mousePress(view, left, pos=table.place(8))
    to, none = QPointF(right, height), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, to, view.mapToGlobal(to), none, left, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(view, moved)
    QTest.mouseRelease(view, left, pos=QPoint(right, height))
    table.editor.tables.clear_selected()
    assert cells(table) == ["a|", "c|"]


def test_the_first_row_becomes_the_head_by_a_command_and_one_writes_on_in_bold_from_cell_to_cell(table):
    def bold() -> str:
        return "".join(span.text for span in table.document.spans() if span.attributes.get("bold"))

    table.press(Key.Key_Down)
    table.editor.tables.toggle_head()  # of what is written there next
    table.type("Item\tPrice\tpen\t2")
    assert cells(table) == ["Item|Price", "pen|2"]
    assert bold() == "ItemPrice"
    caret = table.editor.caret()
    table.editor.tables.toggle_head()
    assert bold() == ""
    table.editor.tables.toggle_head()
    assert bold() == "ItemPrice"
    assert table.editor.caret() == caret
    table.press(Key.Key_Z, CTRL)
    assert bold() == ""


def test_a_third_click_selects_no_more_than_its_line(table):
    table.type("\tb")
    before = table.document.text()
    for place in (6, 2):  # in the empty cell, and in the line above
        at, view = table.place(place), table.editor.viewport()
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
        to, held = QPointF(at + QPoint(1, 0)), Qt.MouseButton.LeftButton
        kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        moved = QMouseEvent(kind, to, view.mapToGlobal(to), none, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(view, moved)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
        table.type("x")
    assert table.document.text() == before.replace("above\n\n", "x\nx\n")


def test_rows_are_sorted_numbers_as_numbers_and_words_as_in_the_persons_language_with_the_caret_in_its_cell(sit):
    rows = [("\u00c4rger", "1,000.5"), ("Zoo", "\u22122 %"), ("item 10", "90"), ("Item 9", "€ 100"), ("b", "soon")]
    content = [(word, {"table": f"{number}"}) for number, row in enumerate(rows) for word in row]
    seat = sit("above", *content, "below")
    seat.editor.set_caret(seat.document.text().index("90") + 1)
    commands = page_commands(seat.editor)
    commands["sort_ascending"]()
    assert [row.split("|")[1] for row in cells(seat)] == ["\u22122 %", "90", "€ 100", "1,000.5", "soon"]
    at = seat.editor.caret()[0]
    assert seat.document.text()[at - 1 : at + 1] == "90"
    seat.editor.set_caret(seat.document.text().index("Zoo"))
    commands["sort_descending"]()
    assert [row.split("|")[0] for row in cells(seat)] == ["Zoo", "item 10", "Item 9", "b", "\u00c4rger"]
    for _ in range(2):
        seat.editor.undo_own()
    assert cells(seat) == ["|".join(row) for row in rows]
