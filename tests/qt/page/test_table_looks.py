"""How tables look on a page: their lines, how wide columns are, and what stands behind and beside words of cells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QTextTable

from cowrite.bridge.page.shown_tables import ShownTables
from cowrite.core.text.origin import Origin
from cowrite.core.writing.lines import toggle_list
from cowrite.core.writing.tables import pieces
from cowrite.gui.look.contrast import contrast
from cowrite.gui.look.theme import named, palette
from cowrite.gui.look.typography import LINE_SPACINGS
from cowrite.gui.page.cells import row_edges
from cowrite.gui.page.frame import text_width
from helpers.counting import counted
from helpers.player import check_page
from helpers.seats import CTRL, SHIFT, Teammate
from helpers.shown_tables import cells

Key = Qt.Key


def test_a_picture_is_no_wider_than_the_cell_that_it_comes_into(table):
    table.editor.edits.insert_embed({"image": "sha256:" + "ab" * 32})
    table.editor.tables.add_column(behind=True)
    pictures = table.editor.pictures
    frame = pictures.rect(table.editor.document(), 6)
    assert frame is not None
    assert frame.width() == pictures.room(table.editor.document(), 6) < text_width(table.editor) / 2
    table.editor.resize(400, 300)  # it is laid out anew outside of any change
    assert cells(table) == ["\ufffc||", "||"]


def test_a_table_whose_cells_all_become_items_is_looked_at_a_few_times_and_not_for_each_of_them(sit, monkeypatch):
    rows = [(f"{row} {column}", {"table": str(row)}) for row in range(20) for column in range(3)]
    seat = sit("above", *rows, "below", ("last", {"table": "a"}), "")
    looks = counted(monkeypatch, ShownTables, "_run")
    toggle_list(seat.document, 0, seat.document.length, "bullet")
    check_page(seat.editor, seat.document)
    assert len(looks) < len(rows) / 2


def test_the_ground_of_code_ends_where_its_cell_does(sit):
    code = {"code-block": True}
    seat = sit(("above", code), ("one", {"table": "1", **code}), ("two", {"table": "1"}), ("six", {"table": "2"}), "")
    page = seat.editor.grab().toImage()
    places = {text: seat.place(seat.document.text().index(text)) for text in ("above", "one", "two", "six")}
    shown = {text: page.pixelColor(at.x() + 50, at.y()).name() for text, at in places.items()}
    ground, plain = shown["one"], shown["six"]
    assert ground == named("light").code_background != plain
    assert shown == {"above": ground, "one": ground, "two": plain, "six": plain}
    edge = [page.pixelColor(places["two"].x() + 50, y).name() for y in range(places["above"].y(), places["two"].y())]
    assert ground not in edge[edge.index(plain) :]


def test_what_is_written_over_cells_of_a_shorter_row_looks_as_in_any_other(sit):
    seat = sit("above", ("a", {"table": "1"}), ("b", {"table": "2"}), ("c", {"table": "2"}), "below")
    seat.editor.set_caret(11, 6)
    seat.type("xy")
    assert cells(seat) == ["xy", "|"]


def test_all_cells_of_a_row_have_their_bullets_where_the_view_ends_within_it(sit):
    item = {"table": "1", "list": "bullet"}
    seat = sit("above", *((f"{word}\u2028b\u2028c\u2028d", item) for word in ("one", "two", "six", "ten")), "below")
    seat.editor.resize(700, 150)
    page = seat.editor.grab().toImage()
    for word in ("one", "two", "six", "ten"):
        at = seat.place(seat.document.text().index(word))
        dark = [page.pixelColor(at.x() - x, at.y() + y).lightness() < 200 for x in range(8, 25) for y in range(-6, 6)]
        assert any(dark), word


def test_columns_are_as_wide_as_what_is_in_them_asks_for_once_one_pauses(table, qtbot):
    def look() -> tuple[list[float], int]:
        frames = table.editor.document().rootFrame().childFrames()
        format = next(frame.format().toTableFormat() for frame in frames if isinstance(frame, QTextTable))
        return [width.rawValue() for width in format.columnWidthConstraints()], format.headerRowCount()

    binding = table.editor._binding
    table.type("a\ta line of several words\tc\td")
    table.editor.set_caret(8, 6)
    table.editor.formatting.toggle_inline("bold")
    text = table.document.text()
    with qtbot.waitSignal(binding.tables.fitted):
        assert look() == ([50, 50], 0)
    widths, head = look()
    assert widths[1] > 2 * widths[0]
    assert head == 1
    assert table.document.text() == text
    check_page(table.editor, table.document)
    binding.reload()
    assert look() == (widths, head)  # as whoever opens it sees it
    Teammate(table).insert(6, "theirs ")
    with qtbot.waitSignal(binding.tables.fitted):
        table.editor.resize(320, 500)
    assert look()[0][0] > widths[0]


def test_where_not_all_words_of_a_table_have_room_short_ones_stay_whole_and_long_ones_are_broken(sit):
    words = ("Status", "Verantwortlichkeit", "Budget", "Unterbeamtengesellschaft", "2026-12-01")
    seat = sit("above", *((word, {"table": "1"}) for word in words), "below")
    seat.editor._binding.tables.fit()
    broken = set()
    block = seat.editor.document().begin()
    while block.isValid():
        if block.layout().lineCount() > 1:
            broken.add(block.text())
        block = block.next()
    assert broken == {"Verantwortlichkeit", "Unterbeamtengesellschaft"}


def test_the_line_that_is_written_stays_where_it_is_seen_when_columns_become_wider(sit, qtbot):
    seat = sit(*["line"] * 40)
    seat.editor.set_caret(0)
    seat.editor.tables.insert(3, 3)
    seat.type("\t".join(["several words in one cell of the first row", *"abcdefgh"]))
    bar = seat.editor.verticalScrollBar()
    bar.setValue(60)
    height = seat.editor.cursorRect().top()
    with qtbot.waitSignal(seat.editor._binding.tables.fitted):
        seat.type("b")
        assert seat.editor.cursorRect().top() == height
    assert bar.value() < 60  # rows above it are lower now
    assert seat.editor.cursorRect().top() == height


def test_what_lies_behind_the_words_of_a_cell_and_beside_them_is_drawn_in_this_cell_wherever_the_page_ends(table):
    table.type("code\tone\titem\t")
    for at, style in ((6, {"code-block": True}), (15, {"list": "bullet"})):
        with table.document.edit(Origin.LOCAL) as edit:
            edit.format_lines(at, 0, style)
    editor = table.editor
    editor.set_caret(0)
    editor.resize(editor.width(), editor.height() + table.place(15).y() + 4 - editor.viewport().height())
    editor.verticalScrollBar().setValue(0)
    code, beside, item = (table.place(table.document.text().index(word)) for word in ("code", "one", "item"))

    def colours(left: int, right: int, y: int) -> set[int]:
        picture = editor.viewport().grab().toImage()
        return {picture.pixel(x, each) for x in range(left, right) for each in range(y - 2, y + 3)}

    page = colours(2, 3, code.y())
    assert page.isdisjoint(colours(code.x() - 8, code.x() - 6, code.y()))
    assert colours(beside.x() - 2, beside.x() - 1, beside.y()) == page
    assert colours(item.x() - 30, item.x() - 3, item.y()) - page


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_lines_of_a_table_whose_cells_are_empty_are_seen(table, name):
    theme = named(name)
    table.editor.show_theme(theme)
    shown = next(frame for frame in table.editor.document().rootFrame().childFrames())
    assert contrast(shown.format().toTableFormat().borderBrush().color().name(), theme.page) > 1.6


def test_a_line_of_which_another_program_says_no_row_has_the_room_of_a_line(sit):
    seat = sit("above", ("line", {"table": 5}), "below")
    first = seat.editor.document().begin()
    assert first.next().blockFormat().topMargin() == first.blockFormat().topMargin() > 0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_selected_cells_are_seen_as_such_to_their_edges_also_where_they_are_empty(sit, name):
    one, two, three = ({"table": id} for id in "123")
    item = {**two, "list": "bullet"}
    lines = [("a", one), ("b", one), ("", one), ("", two), ("one\u2028two", item), ("", two), ("short", three)]
    seat = sit("above", *lines, "below")
    editor, view, theme = seat.editor, seat.editor.viewport(), named(name)
    editor.show_theme(theme)
    editor.setPalette(palette(theme))
    first, second, third = (6, 8, 10), (11, 12, 20), (21,)

    def selected() -> tuple[int, ...]:
        """Where the cells begin that are tinted beside their first line, and below it."""
        QCoreApplication.processEvents()
        window = editor.screen().grabWindow(editor.winId()).toImage()
        found = []
        for row, height in ((first, 10), (second, 30), (third, 10)):
            for column, at in zip(first, row, strict=False):
                words = QPoint(seat.place(column).x(), seat.place(at).y())
                beside = {window.pixelColor(view.mapTo(editor, words + QPoint(-5, y))).name() for y in (-13, 0, height)}
                assert len(beside) == 1
                found += [at] if beside == {theme.selection} else []
        return tuple(found)

    editor.set_caret(8)
    assert selected() == ()
    seat.press(Key.Key_Down, SHIFT)
    assert selected() == (8, 12)
    seat.press(Key.Key_Right, SHIFT)
    assert selected() == (8, 10, 12, 20)
    seat.press(Key.Key_Right)
    assert selected() == ()
    editor.set_caret(23, 14)  # the last cell of a shorter row is below all that follow above
    assert selected() == (*second, *third)
    assert tuple(start for start, _ in pieces(seat.document, 14, 23)) == selected()
    seat.press(Key.Key_A, CTRL)
    assert selected() == (*first, *second, *third)


def test_words_stand_no_lower_in_a_cell_where_lines_are_far_apart(sit):
    seat = sit(("one", {"table": "1"}), "", "two", "three")
    theme = named("light")
    usual, apart = seat.place(0), seat.place(9).y() - seat.place(5).y()
    wide = theme.typography.with_lines(LINE_SPACINGS["wide"])
    seat.editor.show_theme(theme._replace(typography=wide))
    assert seat.place(0) == usual
    assert seat.place(9).y() - seat.place(5).y() > apart


def test_words_stand_in_the_middle_of_their_cell(sit):
    seat = sit("above", ("H", {"table": "1"}), "below")
    seat.editor.resize(700, 700)
    theme = named("light")
    seat.editor.show_theme(theme._replace(typography=theme.typography._replace(size=40)))  # to see it well
    frames = seat.editor.document().rootFrame().childFrames()
    top, bottom = row_edges(seat.editor, next(frame for frame in frames if isinstance(frame, QTextTable)))
    page, at = seat.editor.viewport().grab().toImage(), seat.place(seat.document.text().index("H"))
    rows = range(round(top) + 5, round(bottom) - 5)
    ink = [y for y in rows if any(page.pixelColor(at.x() + x, y).lightness() < 128 for x in range(4, 20))]
    assert len(ink) > 20
    assert abs((ink[0] + ink[-1]) / 2 - (top + bottom) / 2) < 0.03 * (bottom - top)
