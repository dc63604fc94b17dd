"""Notes are joined by links, with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QMenu

from cowrite.core.board.items import Tie
from helpers.board_seat import SHIFT

Key = Qt.Key


def test_a_link_is_drawn_from_a_handle_to_a_note(seat):
    seat.click(seat.middle("three"))
    knob = seat.canvas.mapFromScene(seat.scene.handles.spot("right"))
    seat.drag(knob, seat.middle("four"))
    (link,) = seat.brainstorm.board.links()
    assert [link.start, link.end] == seat.ids("three", "four")


def test_a_handle_that_is_let_go_beside_all_notes_draws_nothing(seat):
    seat.click(seat.middle("three"))
    knob = seat.canvas.mapFromScene(seat.scene.handles.spot("right"))
    seat.drag(knob, seat.at(0, 250))
    assert seat.brainstorm.board.links() == []


def test_l_links_two_notes_from_the_first_and_only_once(seat):
    seat.click(seat.middle("four"))
    seat.click(seat.middle("three"), SHIFT)
    seat.press(Key.Key_L)
    seat.select("four", "three")
    seat.press(Key.Key_L)
    (link,) = seat.brainstorm.board.links()
    assert [link.start, link.end] == seat.ids("four", "three")


def test_a_link_follows_its_notes_and_goes_with_them(seat):
    three, four = seat.ids("three", "four")
    seat.brainstorm.board.link(three, four)
    (item,) = seat.scene.links.values()
    before = item.line.p2()
    seat.drag(seat.middle("four"), seat.at(290, 300), drops=False)
    assert item.line.p2() != before
    seat.release(seat.at(290, 300))
    seat.select("four")
    seat.press(Key.Key_Delete)
    assert seat.scene.links == {}
    seat.view.undo()
    assert len(seat.scene.links) == 1


def test_a_context_menu_goes_when_it_is_closed(seat):
    menu = seat.view.commands.menu(seat.view)
    menu.popup(QPoint())
    menu.close()
    QCoreApplication.sendPostedEvents(menu, QEvent.Type.DeferredDelete)
    assert seat.view.findChildren(QMenu) == []


def test_the_menu_says_what_a_link_means_and_turns_it_round(seat):
    three, four = seat.ids("three", "four")
    link = seat.brainstorm.board.link(three, four)
    seat.scene.select([link])
    menu = seat.view.commands.menu(seat.view)
    inner = next(action.menu() for action in menu.actions() if action.menu() and action.text() == "L&ink")
    entries = {action.text().split("\t")[0].replace("&", ""): action for action in inner.actions()}
    entries["Supports"].trigger()
    assert seat.brainstorm.board.links()[0].tie is Tie.SUPPORTS
    entries["Point the other way"].trigger()
    assert [seat.brainstorm.board.links()[0].start, seat.brainstorm.board.links()[0].end] == [four, three]


def test_a_click_on_a_link_selects_it_and_delete_removes_it(seat):
    three, four = seat.ids("three", "four")
    seat.brainstorm.board.link(three, four)
    seat.click(seat.at(0, 110))
    assert len(seat.scene.selected()) == 1
    seat.press(Key.Key_Delete)
    assert seat.brainstorm.board.links() == []


def test_a_link_goes_to_the_note_that_stands_for_its_end(seat):
    three, four, one = seat.ids("three", "four", "one")
    seat.brainstorm.board.link(three, four)
    seat.brainstorm.board.merge_notes(one, [four])
    (item,) = seat.scene.links.values()
    assert item.isVisible()
    assert item.line.p2().y() < 0
