"""How lines stand on the page: their height, what stands in and beside them, and where it ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page.embeds import PLACEHOLDER
from cowrite.gui.page.places import caret_rect

BULLET = {"list": "bullet"}


def test_the_space_around_an_image_is_that_between_lines_of_text(sit):
    seat = sit("words", "", "below the image", "and more")
    seat.editor.set_caret(6)
    seat.editor.edits.insert_embed({"image": seat.images.put(b"picture", "image/png")})
    layout = seat.editor.document().documentLayout()
    blocks = [seat.editor.document().findBlockByNumber(line) for line in range(4)]
    tops = [layout.blockBoundingRect(block).top() for block in blocks]
    line = tops[3] - tops[2]
    assert PLACEHOLDER.height() < tops[2] - tops[1] < PLACEHOLDER.height() + line
    assert tops[1] - tops[0] == pytest.approx(line)


def test_text_beside_an_image_stands_at_its_foot(sit):
    seat = sit("words ")
    seat.editor.edits.insert_embed({"image": seat.images.put(b"picture", "image/png")})
    line = seat.editor.document().firstBlock().layout().lineAt(0)
    assert line.ascent() > PLACEHOLDER.height() * 0.9


def test_a_page_that_becomes_longer_than_its_view_is_as_wide_as_before(sit):
    seat = sit("words")
    bar, width = seat.editor.verticalScrollBar(), seat.editor.viewport().width()
    assert not bar.isEnabled()
    seat.paste(text="a line\n" * 100)
    assert bar.isEnabled()
    assert seat.editor.viewport().width() == width


@pytest.mark.parametrize("style", [{}, BULLET, {**BULLET, "indent": 3}, {"blockquote": True}])
def test_a_wide_image_ends_where_lines_of_text_end(sit, style):
    seat = sit(("", style), "words")
    seat.editor.set_caret(0)
    seat.editor.edits.insert_embed({"image": seat.images.put(b"picture", "image/png")})
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.format(0, 1, {"width": 5000})
    image, text = (seat.editor.document().findBlockByNumber(number).layout().lineAt(0).rect() for number in range(2))
    assert image.right() == pytest.approx(text.right(), abs=1)


def test_lines_with_an_emoji_and_without_are_as_far_from_each_other(sit):
    seat = sit("none", "one 😀 here", "none", "none")
    layout = seat.editor.document().documentLayout()
    tops = [layout.blockBoundingRect(seat.editor.document().findBlockByNumber(line)).top() for line in range(4)]
    assert [tops[1] - tops[0], tops[2] - tops[1]] == pytest.approx([tops[3] - tops[2]] * 2)


def gaps(seat) -> list[float]:
    """How far the tops of lines are from each other."""
    layout, text = seat.editor.document().documentLayout(), seat.editor.document()
    tops = [layout.blockBoundingRect(text.findBlockByNumber(line)).top() for line in range(text.blockCount())]
    return [round(below - above) for above, below in pairwise(tops)]


def test_a_list_stands_apart_from_one_of_other_marks_above_it_whatever_becomes_of_either(sit):
    ordered, ticked = {"list": "ordered"}, {"list": "checked"}
    seat = sit(
        ("a", BULLET), ("b", BULLET), ("1", ordered), ("2", ordered), ("x", ticked), ("y", {"list": "unchecked"})
    )
    near, _, _, far, _ = gaps(seat)
    assert far > near + 4
    assert gaps(seat) == [near, far, near, far, near]
    seat.editor.set_caret(0, 3)
    seat.editor.formatting.toggle_list("ordered")
    assert gaps(seat) == [near, near, near, far, near]
    seat.editor.undo_own()
    assert gaps(seat) == [near, far, near, far, near]
    seat.editor.set_caret(4)
    seat.press(Qt.Key.Key_Backspace)
    seat.press(Qt.Key.Key_Backspace)
    assert seat.shown().startswith("a\nb1\n2")
    assert gaps(seat) == [near, far, far, near]


def test_a_list_that_states_its_number_begins_there_and_stands_apart_from_the_one_above_it(sit):
    ordered = {"list": "ordered"}
    seat = sit(("1", ordered), ("2", ordered), ("9", {**ordered, "start": 9}), ("10", ordered))
    near, far, last = gaps(seat)
    assert far > near + 4
    assert last == near


def test_a_list_within_an_item_of_another_follows_it_closely(sit):
    seat = sit(("1", {"list": "ordered"}), ("a", {**BULLET, "indent": 1}), ("2", {"list": "ordered"}))
    first, second = gaps(seat)
    assert first == second


# Markdown habits


@pytest.mark.parametrize("style", [BULLET, {"list": "ordered"}, {"list": "checked"}, {"blockquote": True}])
@pytest.mark.parametrize("from_start", [True, False])
def test_what_stands_beside_a_line_is_drawn_whenever_the_line_came(sit, style, from_start):
    seat = sit(("one", style if from_start else {"indent": 1}))

    def colours_beside() -> set[int]:
        picture, caret = seat.editor.viewport().grab().toImage(), caret_rect(seat.editor, 0)
        rows = range(caret.top(), caret.bottom())
        return {picture.pixel(x, y) for x in range(max(0, caret.left() - 30), caret.left() - 3) for y in rows}

    if not from_start:
        assert len(colours_beside()) == 1
        with seat.document.edit(Origin.LOCAL) as edit:
            edit.format_lines(0, 0, {"indent": None, **style})
    assert len(colours_beside()) > 1


@pytest.mark.parametrize("style", [BULLET, {"list": "ordered"}, {"list": "unchecked"}, {"blockquote": True}])
def test_what_stands_beside_a_line_is_on_the_right_where_the_line_is_read_from_right_to_left(sit, style):
    seat = sit(("שלום", style), ("one", style))
    seat.editor.set_caret(0)
    start = caret_rect(seat.editor, 0)
    first = seat.editor.document().firstBlock().layout().lineAt(0)
    right, left = first.x() + first.width(), first.x()
    picture = seat.editor.viewport().grab().toImage()

    def is_empty(columns: range) -> bool:
        return len({picture.pixel(x, y) for x in columns for y in range(start.top(), start.bottom())}) == 1

    assert not is_empty(range(round(right) + 3, round(right) + 30))
    assert is_empty(range(round(left), round(left) + 100))
    box = seat.editor._painter.check_box(seat.editor.document().firstBlock())
    assert box is None or box.left() > right


def test_a_tab_in_code_is_as_wide_as_four_characters(sit):
    code = {"code-block": True}
    seat = sit(("\tx", code), ("    x", code), ("\t\tx", code), ("ab\tx", code))

    def place(line: int) -> int:
        block = seat.editor.document().findBlockByNumber(line)
        cursor = seat.editor.textCursor()
        cursor.setPosition(block.position() + block.text().index("x"))
        return seat.editor.cursorRect(cursor).x()

    start = caret_rect(seat.editor, 0).x()
    assert place(0) == pytest.approx(place(1), abs=1)
    assert place(3) == pytest.approx(place(1), abs=1)
    assert place(2) - start == pytest.approx(2 * (place(1) - start), abs=2)


def test_a_tab_is_as_wide_beside_the_letters_however_large_they_are(sit):
    seat = sit("\tx")

    def tab() -> float:
        return caret_rect(seat.editor, 1).left() - caret_rect(seat.editor, 0).left()

    before = tab()
    seat.editor.show_theme(named("light"), 2.0)
    assert tab() == pytest.approx(2 * before, abs=1)


# Page breaks


def test_a_page_break_is_a_rule_across_the_page_above_its_line_until_backspace_takes_it(sit):
    seat = sit("one", "two")
    (usual,) = gaps(seat)

    def rules() -> list[int]:
        """Rows in which something is drawn far beyond the words."""
        picture, column = seat.editor.viewport().grab().toImage(), caret_rect(seat.editor, 4).left() + 200
        ground = picture.pixel(column, 2)
        columns = range(column, column + 12)
        return [y for y in range(picture.height()) if any(picture.pixel(x, y) != ground for x in columns)]

    assert rules() == []
    seat.editor.set_caret(4)
    seat.editor.edits.insert_page_break()
    assert gaps(seat)[0] > usual + seat.editor.fontMetrics().height()
    (row,) = {rules()[0], rules()[-1]}
    assert caret_rect(seat.editor, 3).bottom() < row < caret_rect(seat.editor, 4).top()
    seat.press(Qt.Key.Key_Backspace)
    assert (gaps(seat), rules()) == ([usual], [])
    seat.editor.undo_own()
    assert rules() == [row]


def test_bold_goes_on_behind_a_page_break(sit):
    seat = sit("")
    seat.editor.formatting.toggle_inline("bold")
    seat.type("one")
    seat.editor.edits.insert_page_break()
    seat.type("two")
    assert [span.attributes.get("bold") for span in seat.document.spans() if span.text.strip()] == [True, True]
