"""A long text comes onto its page part by part, and whatever needs more has it at once, or waits for it."""

from __future__ import annotations

import random
import re

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.bridge.page.laying_out import is_laid_out
from cowrite.bridge.page.shown_parts import MOST_LOOKS
from cowrite.bridge.page.taking_over import whole_characters
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page.others import RemoteCaret
from helpers.drafts import draft
from helpers.long_pages import PART, is_full, long_document, marked, on_page
from helpers.player import check_page
from helpers.seats import CTRL, Seat, Teammate
from helpers.seeds import seeds


class Heard(QObject):
    """Notes how much is on a page when an event comes."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self.found: list[int] = []

    def event(self, event: QEvent) -> bool:
        self.found.append(on_page(self._seat))
        return True


def test_the_beginning_of_a_long_text_is_there_at_once(open_page):
    seat = open_page()
    assert seat.shown().startswith("0 words 😀 of a line\n1 words")
    assert PART <= on_page(seat) < 2 * PART
    assert seat.editor.caret() == (0, 0)


def test_while_a_long_text_comes_onto_its_page_the_event_loop_turns(open_page, qtbot):
    seat = open_page()
    heard = Heard(seat)
    first = on_page(seat)
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))
    qtbot.waitUntil(lambda: is_full(seat))
    assert heard.found[0] < seat.document.length / 2
    assert first < seat.document.length / 2
    assert seat.editor.caret() == (0, 0)
    check_page(seat.editor, seat.document)


def test_keys_on_a_page_that_is_not_full_do_not_wait_for_the_rest(open_page, qtbot):
    seat = open_page()
    seat.type("x\ny")
    seat.press(Qt.Key.Key_Down, times=3)
    seat.type("z")
    seat.editor.formatting.toggle_inline("bold")
    assert on_page(seat) < seat.document.length / 2
    seat.document.settle()
    assert re.match(r"x\ny0 words .*\n1.*\n2.*\n3.*z.* of a line\n", seat.document.text())
    check_page(seat.editor, seat.document, is_beginning=True)
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


def test_keys_that_go_on_from_page_to_page_go_as_far_as_on_a_full_one(open_page, qtbot):
    seat, full = open_page(part=1000), open_page(part=1_000_000)
    for _ in range(6):
        assert not is_full(seat)
        for each in (seat, full):
            each.press(Qt.Key.Key_PageDown)
        assert seat.editor.caret() == full.editor.caret()


def test_keys_that_go_to_the_end_wait_with_all_that_follow_while_the_event_loop_turns(open_page, qtbot):
    seat = open_page()
    seat.press(Qt.Key.Key_End, CTRL)
    seat.type("yz")
    assert not is_full(seat)
    heard = Heard(seat)
    QCoreApplication.postEvent(heard, QEvent(QEvent.Type.User))
    qtbot.waitUntil(lambda: seat.document.text().endswith("\nyz\n"))
    assert heard.found[0] < seat.document.length / 2
    check_page(seat.editor, seat.document)


@pytest.mark.parametrize("act", ["click", "command", "composed", "close"])
def test_what_is_done_after_keys_that_wait_is_done_after_them(open_page, act: str):
    seat = open_page()
    seat.press(Qt.Key.Key_End, CTRL)
    seat.type("y")
    match act:
        case "click":
            QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(600, 150))
        case "command":
            seat.press(Qt.Key.Key_Home, CTRL)
        case "composed":
            seat.commit("z")
        case "close":
            seat.editor.close()
    seat.document.settle()
    assert seat.document.text().endswith({"composed": "yz\n"}.get(act, "y\n"))
    assert seat.editor.textCursor().atEnd() == (act in ("composed", "close"))


def test_a_teammates_change_of_a_page_that_is_not_full_is_shown_as_far_as_there_is_a_page(open_page, qtbot):
    seat = open_page()
    mate = Teammate(seat)
    before = on_page(seat)
    mate.insert(mate.document.length - 1, " and the end")
    mate.format_lines(mate.document.length // 2, {"header": 1})
    mate.delete(before + 50, 90)
    assert on_page(seat) == before
    mate.insert(0, "first ")
    mate.insert(before + 6, " at its end\nand a line")  # its last line goes on
    mate.format_lines(before, {"list": "bullet"})
    check_page(seat.editor, seat.document, is_beginning=True)
    assert seat.shown().endswith("at its end\nand a line")
    mate.delete(30, 3000)
    mate.insert(0, "and ")
    assert not is_full(seat)
    check_page(seat.editor, seat.document, is_beginning=True)
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)
    assert seat.shown().endswith("and the end")


def test_a_letter_typed_while_a_long_page_is_laid_out_anew_waits_until_it_is(open_page, qtbot):
    seat = open_page()
    qtbot.waitUntil(lambda: is_full(seat))
    text = seat.editor.document()
    seat.type("a")
    seat.editor.resize(400, 500)
    assert not is_laid_out(text)
    seat.type("b")
    assert seat.shown().startswith("a0")
    qtbot.waitUntil(lambda: seat.shown().startswith("ab0"))
    assert is_laid_out(text)
    assert all(text.findBlockByNumber(number).layout().lineCount() for number in range(text.blockCount()))


def test_undo_and_commands_find_the_whole_page(open_page):
    seat = open_page()
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.insert(seat.document.length - 1, "own")
    seat.editor.show_theme(named("dark"))
    assert not is_full(seat)
    seat.editor.undo_own()
    check_page(seat.editor, seat.document)
    seat.editor.show_theme(named("light"))
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.select_all()
    assert sorted(seat.editor.caret()) == [0, seat.document.length - 1]


def test_a_caret_can_be_put_where_the_page_has_no_text_yet(open_page):
    seat = open_page()
    end = seat.document.length - 1
    seat.editor.set_caret(end)
    assert seat.editor.caret() == (end, end)
    seat.editor.show_theme(named("dark"))
    assert seat.editor.caret() == (end, end)


def test_a_caret_at_the_end_of_what_is_there_stays_where_it_was_put(open_page, qtbot):
    seat = open_page()
    at = on_page(seat)
    seat.editor.set_caret(at)
    qtbot.waitUntil(lambda: is_full(seat))
    assert seat.editor.caret() == (at, at)


def test_a_click_on_a_page_that_is_not_full_puts_the_caret_there(open_page, qtbot):
    seat = open_page(height=2000)
    at = on_page(seat)
    QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(600, 1900))
    clicked = seat.editor.caret()
    assert clicked[0] > at / 2
    assert at < seat.document.length / 2
    qtbot.waitUntil(lambda: is_full(seat))
    assert seat.editor.caret() == clicked


def test_a_page_that_was_scrolled_while_it_filled_stays_there(open_page, qtbot):
    seat = open_page(part=3000)
    QApplication.processEvents()
    seat.editor.scroll_to(400) if is_full(seat) else seat.editor.verticalScrollBar().setValue(400)
    assert seat.editor.verticalScrollBar().value() == 400
    qtbot.waitUntil(lambda: is_full(seat))
    assert seat.editor.verticalScrollBar().value() == 400


def test_words_that_are_commented_on_are_marked_once_they_are_there_and_in_sight(open_page, qtbot):
    seat = open_page()
    far = seat.document.length - 20
    seat.editor.marks.show_commented([(far, far + 5)], -1)
    mate = RemoteCaret("1", "Ada", "#c4314b", far + 8, far + 12)
    seat.editor.marks.show_carets([mate])
    qtbot.waitUntil(lambda: marked(seat) == [(far + 8, far + 12)])
    assert is_full(seat)
    seat.editor.position_visible(far)
    assert marked(seat) == [(far, far + 5), (far + 8, far + 12)]


def test_a_page_that_fills_paints_no_more_than_is_in_sight_though_a_table_has_come(open_page):
    lines = [(f"item {number}", {"list": "bullet"}) for number in range(300)]
    seat = open_page(draft(*lines[:150], ("cell", {"table": "1"}), *lines), part=1000)
    seat.editor._binding._go_on()
    seat.editor._binding._go_on()
    assert not is_full(seat)
    assert "cell" in seat.editor.toPlainText()
    view = seat.editor.viewport().rect()
    in_sight = [block.blockNumber() for block, _, _ in seat.editor._painter.styled_lines(view)]
    assert in_sight[0] == 0
    assert in_sight[-1] < 100


def test_lines_that_take_long_to_show_come_in_smaller_parts(open_page):
    seat = open_page(draft(*(("item", {"list": "bullet"}) for _ in range(3 * MOST_LOOKS))), part=1_000_000)
    counts = []
    while not is_full(seat):
        counts.append(seat.editor.document().blockCount())
        seat.editor._binding._go_on()
    assert counts == [MOST_LOOKS + 1, 2 * (MOST_LOOKS + 1)]  # each with its last line whole
    check_page(seat.editor, seat.document)


def test_to_tell_what_is_in_sight_no_more_is_laid_out_also_where_the_page_ends_between_two_lines(open_page):
    seat = open_page(part=1_000_000)
    for height in range(480, 510):
        seat.editor.resize(700, height)
        assert seat.editor.in_sight()[1] < 1000
        assert not seat.editor.document().lastBlock().layout().lineCount()


def test_no_text_is_laid_out_for_marks_that_are_not_in_sight(open_page, qtbot):
    seat = open_page(part=1_000_000)
    far = seat.document.length - 20
    ranges = [(3, 5), (6, 30), (far, far + 5)]  # for one on several lines Qt would lay out all of it
    seat.editor.marks.show_commented(ranges, -1)
    seat.editor.marks.show_carets([RemoteCaret("1", "Ada", "#c4314b", 0, far)])
    assert marked(seat) == [(3, 5)]
    assert not seat.editor.document().lastBlock().layout().lineCount()
    qtbot.waitUntil(lambda: marked(seat) == [*ranges[:2], (0, far)])
    seat.editor.show_theme(named("dark"))
    qtbot.waitUntil(lambda: marked(seat) == [*ranges[:2], (0, far)])
    seat.editor.position_visible(far)
    assert marked(seat) == [ranges[2], (0, far)]


def test_another_look_brings_a_long_page_up_to_the_caret_at_once_and_the_rest_in_parts(open_page, qtbot):
    seat = open_page(part=1000)
    caret = seat.document.length // 2
    seat.editor.set_caret(caret)
    height = seat.editor.cursorRect().top()
    seat.editor.show_theme(named("dark"))
    assert caret < on_page(seat) < seat.document.length - 1000
    assert (seat.editor.caret()[1], seat.editor.cursorRect().top()) == (caret, height)
    qtbot.waitUntil(lambda: is_full(seat))
    assert (seat.editor.caret()[1], seat.editor.cursorRect().top()) == (caret, height)
    check_page(seat.editor, seat.document)


def test_what_is_found_beyond_what_is_there_is_marked(open_page):
    seat = open_page()
    far = seat.document.length - 20
    seat.editor.marks.show_found([(3, 5), (far, far + 5)], 0)
    assert marked(seat) == [(3, 5), (far, far + 5)]


def test_what_is_cut_from_a_page_that_is_not_full_is_cut_from_the_body(open_page, qtbot):
    seat = open_page()
    before = seat.document.text()
    seat.editor.set_caret(2, 8)
    seat.editor.cut()
    seat.document.settle()
    assert seat.document.text() == before[:2] + before[8:]
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


def test_lines_that_are_cut_above_a_table_leave_an_empty_last_line_to_come(open_page):
    document = draft("one", "two", ("cell", {"table": "1"}), "below", "")
    document.steps.forget()
    seat = open_page(document, part=14)
    assert on_page(seat) == document.length - 2  # all but the empty line below
    seat.editor.set_caret(1, 5)
    seat.editor.cut()
    seat.editor.reach(document.length)
    assert document.text() == "owo\ncell\nbelow\n\n"
    check_page(seat.editor, document)


def test_a_long_text_that_arrives_on_an_empty_page_comes_part_by_part(open_page, qtbot):
    seat = open_page(MendedDocument(clock=lambda: 1))
    QApplication.processEvents()
    seat.document.apply_remote(long_document().state())
    assert PART <= on_page(seat) < 2 * PART
    assert seat.editor.caret() == (0, 0)
    qtbot.waitUntil(lambda: is_full(seat))
    assert seat.editor.caret() == (0, 0)
    check_page(seat.editor, seat.document)


def test_a_page_that_is_closed_before_it_is_full_is_gone(qapp):
    seat = Seat(long_document(), part=PART)
    seat.editor.close()
    seat.editor.deleteLater()
    QCoreApplication.sendPostedEvents(seat.editor, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.mark.parametrize("seed", seeds(4))
def test_whatever_comes_between_two_parts_page_and_body_are_equal(open_page, qtbot, seed):
    chance = random.Random(seed)
    document = long_document()
    if chance.random() < 0.3:  # its last line is open
        with document.edit(Origin.IMPORT) as edit:
            edit.insert(document.length, "open")
        document.steps.forget()
    seat = open_page(document, part=chance.choice([1, 20, 400, 2500]))
    mate = Teammate(seat)
    assert not is_full(seat)
    for _ in range(12):
        for _ in range(chance.randrange(3)):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        at = chance.randrange(document.length)
        while _halves(document, at):
            at -= 1
        match chance.choice(
            ["key", "mate", "line", "gone", "undo", "format", "theme", "caret", "cut", "paste", "click", "end", "width"]
        ):
            case "key":
                seat.type(chance.choice(["a", "\n", "😀", "# "]))
            case "mate":
                mate.insert(at, chance.choice(["b", "\nc\n", "d\n"]))
            case "line":
                mate.format_lines(
                    at, chance.choice([{"header": 1}, {"list": "ordered"}, {"header": None}, {"table": "1"}])
                )
            case "gone":
                end = min(at + chance.choice([3, 30, 300, 3000]), document.length - 1)
                while _halves(document, end):
                    end -= 1
                mate.delete(at, max(0, end - at))
            case "undo":
                seat.editor.undo_own()
            case "format":
                seat.editor.formatting.toggle_inline("bold")
            case "theme":
                seat.editor.show_theme(named(chance.choice(["dark", "light"])))
            case "caret":
                seat.editor.set_caret(at)
            case "cut":
                seat.editor.set_caret(max(0, min(2, on_page(seat) - 1)), 0)
                seat.editor.cut()
            case "paste":
                data = QMimeData()
                data.setText("one\ntwo")
                seat.editor.insertFromMimeData(data)
            case "click":
                QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
            case "end":
                seat.press(Qt.Key.Key_End, CTRL)
            case "width":
                seat.editor.resize(chance.choice([400, 700]), 500)
        document.settle()
        check_page(seat.editor, document, is_beginning=not is_full(seat))
    qtbot.waitUntil(lambda: is_full(seat))
    check_page(seat.editor, seat.document)


def _halves(document: Document, at: int) -> bool:
    return whole_characters(document.rope, at, at) != (at, at)
