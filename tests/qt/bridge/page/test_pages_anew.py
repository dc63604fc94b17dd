"""A change in very many places fills the page anew, part by part."""

from __future__ import annotations

import re

import pytest

from cowrite.bridge.page import editor_binding
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite.gui.page.frame import text_width
from helpers.long_pages import LINES, PART, is_full, long_document, marked, on_page
from helpers.player import check_page
from helpers.seats import Seat


@pytest.fixture
def few_steps(monkeypatch):
    """The page is filled anew for a change of more than a few steps."""
    monkeypatch.setattr(editor_binding, "MOST_STEPS", 5)


def replace_everywhere(seat: Seat, *, is_own: bool = True) -> None:
    """Puts other letters in the place of many words, here or at a teammate's."""
    document = seat.document if is_own else MendedDocument(clock=lambda: 0)
    if not is_own:
        document.apply_remote(seat.document.state())
    with document.edit(Origin.LOCAL) as edit:
        for place in reversed(list(re.finditer("of", document.text()))):
            at = utf16_length(document.text()[: place.start()])
            edit.delete(at, 2)
            edit.insert(at, "out of")
    if not is_own:
        seat.document.apply_remote(document.state())


@pytest.mark.usefixtures("few_steps")
def test_a_change_of_very_many_steps_fills_the_page_anew_part_by_part(open_page, qtbot):
    seat = open_page()
    qtbot.waitUntil(lambda: is_full(seat))
    width = text_width(seat.editor)
    replace_everywhere(seat, is_own=False)
    assert PART <= on_page(seat) < 2 * PART + 100
    assert text_width(seat.editor) == width < seat.editor.viewport().width()
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


@pytest.mark.usefixtures("few_steps")
def test_a_text_of_very_many_looks_that_arrives_on_an_empty_page_comes_part_by_part(open_page, qtbot):
    seat = open_page(MendedDocument(clock=lambda: 1))
    seat.document.apply_remote(long_document().state())
    assert PART <= on_page(seat) < 2 * PART + 100
    assert seat.editor.caret() == (0, 0)
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


@pytest.mark.usefixtures("few_steps")
def test_a_page_that_is_filled_anew_comes_as_far_at_once_as_one_has_gone_on_it(open_page, qtbot):
    seat = open_page()
    qtbot.waitUntil(lambda: is_full(seat))
    seat.editor.set_caret(utf16_length(seat.document.text().partition("150 words")[0]))
    replace_everywhere(seat)
    caret = utf16_length(seat.document.text().partition("150 words")[0])
    assert seat.editor.caret() == (caret, caret)
    assert caret + PART <= on_page(seat) < caret + 2 * PART
    assert not is_full(seat)
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("is_own", [False, True])
def test_what_is_selected_and_in_sight_stays_so_where_very_many_places_change(open_page, qtbot, *, is_own: bool):
    seat = open_page()
    qtbot.waitUntil(lambda: is_full(seat))
    start = utf16_length(seat.document.text().partition("150 words")[0])
    seat.editor.set_caret(start + 5, start)
    seat.editor.position_visible(start)
    seat.editor.marks.show_found([(start, start + 5)], 0)
    height = seat.editor.cursorRect().top()
    replace_everywhere(seat, is_own=is_own)
    assert seat.editor.textCursor().selectedText() == "150 w"
    assert abs(seat.editor.cursorRect().top() - height) <= 2
    assert marked(seat) == []  # which nobody has found in this text yet
    qtbot.waitUntil(lambda: is_full(seat))
    assert seat.editor.textCursor().selectedText() == "150 w"
    assert abs(seat.editor.cursorRect().top() - height) <= 2
    check_page(seat.editor, seat.document)


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("line", [0, 150, LINES], ids=["first", "here", "last"])
def test_undo_of_very_many_steps_leads_to_the_first_or_last_of_them_or_leaves_one_between(open_page, qtbot, line: int):
    seat = open_page()
    qtbot.waitUntil(lambda: is_full(seat))
    before = seat.document.text()
    replace_everywhere(seat)
    qtbot.waitUntil(lambda: is_full(seat))
    seat.editor.set_caret(seat.editor.document().findBlockByNumber(line).position())
    seat.editor.undo_own()
    assert seat.document.text() == before
    assert seat.editor.textCursor().blockNumber() == min(line, LINES - 1)
    assert seat.editor.textCursor().atBlockStart() == (line == 150)
    assert 0 <= seat.editor.cursorRect().top() < seat.editor.viewport().height()
    assert is_full(seat) == (line == LINES)  # the page reaches as far as it has to
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)
