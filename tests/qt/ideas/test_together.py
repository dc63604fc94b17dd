"""The list of ideas while teammates change it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.ideas import idea_list
from cowrite.gui.ideas.delegate import IdeaDelegate
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.ideas.outline import Kind, Row
from cowrite.gui.ideas.side_pane import Beside
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.dialog_parts import scrolling
from helpers.counting import counted
from helpers.idea_desk import Teammate, focused


def test_something_can_stand_beside_the_list(desk):
    desk = desk("Herbs")
    ballot = QLineEdit()
    desk.view.set_side(ballot)
    assert ballot.isVisible()
    desk.view.set_side(None)
    assert not ballot.isVisible()


def test_selection_and_place_stay_when_teammates_add_move_and_remove(desk):
    desk = desk("one", "two", "three", "four")
    mate = Teammate(desk)
    desk.select("two", "four")

    group = mate.brainstorm.board.group([desk.ids[3]], "Group")
    mate.brainstorm.remove([desk.ids[0]])
    mate.brainstorm.write([Note("", "five", Place(0, 0))])

    desk.until_shown("Group:", "four", "In no group:", "two", "three", "five")
    assert desk.selected == ["four", "two"]
    assert desk.current == "four"
    assert group


def test_nothing_jumps_when_teammates_write_above_what_one_looks_at_or_edits(desk):
    desk = desk(*(f"idea {number}" for number in range(60)))
    mate = Teammate(desk)
    group = desk.brainstorm.board.group(desk.ids[:1], "Above")
    desk.qtbot.waitUntil(lambda: desk.rows[0].text == "Above")
    desk.at("idea 40")
    for edits in (False, True):
        if edits:
            desk.press("Return")
        before = desk.view.list.tree.visualRect(desk.view.list.tree.currentIndex()).top()
        count = len(desk.rows)
        mate.brainstorm.write([Note("", "Many\nlines\nof text", Place(0, 0), group=group) for _ in range(5)])
        desk.qtbot.waitUntil(lambda count=count: len(desk.rows) == count + 5)

        assert desk.view.list.tree.visualRect(desk.view.list.tree.currentIndex()).top() == before
    assert focused(desk.view).text() == "idea 40"


def test_a_list_that_takes_long_to_show_rests_while_teammates_go_on(desk, monkeypatch):
    desk = desk("one")
    ticks = count(1_000_000_000, 100)  # so many seconds it takes to show it
    monkeypatch.setattr(idea_list, "perf_counter", lambda: next(ticks))
    for text in ("two", "three", "four"):
        desk.brainstorm.write([Note("", text, Place(0, 0))])
        QApplication.processEvents()
    assert [row.text for row in desk.rows] == ["All ideas", "one", "two"]
    desk.view.list.refresh()
    assert [row.text for row in desk.rows] == ["All ideas", "one", "two", "three", "four"]


def test_what_happens_while_the_list_is_not_shown_is_there_when_it_is(desk):
    desk = desk("one")
    desk.view.hide()
    desk.brainstorm.write([Note("", "two", Place(0, 0))])
    assert desk.texts == ["All ideas:", "one"]
    desk.view.show()
    assert desk.texts == ["All ideas:", "one", "two"]


def test_a_group_that_was_folded_in_stays_so(desk):
    desk = desk("one", "two")
    desk.brainstorm.board.group(desk.ids[:1], "Group")
    desk.until_shown("Group:", "one", "In no group:", "two")
    desk.at("Group")
    desk.press("Left")
    mate = Teammate(desk)

    mate.brainstorm.board.put_into(desk.brainstorm.board.groups()[0].id, [desk.ids[1]])

    desk.until_shown("Group:", "one", "two")
    assert not desk.view.list.tree.isExpanded(desk.view.list.model.index(0, 0))


def test_what_a_teammate_changes_in_the_note_that_is_being_edited_is_merged_by_letters(desk):
    desk = desk("Herbs by the wall", "Bench")
    mate = Teammate(desk)
    desk.at("Herbs by the wall")
    desk.press("Return", "End")
    desk.type(", many")
    field = focused(desk.view)

    mate.brainstorm.change({desk.ids[0]: {"text": "Old herbs by the sunny wall"}})
    mate.brainstorm.write([Note("", "Another", Place(0, 0))])
    desk.qtbot.waitUntil(lambda: len(desk.rows) == 4)

    assert field.text() == "Old herbs by the sunny wall, many"
    assert field.textCursor().position() == len(field.text())
    assert focused(desk.view) is field
    desk.press("Return")
    desk.until_shown("All ideas:", "Old herbs by the sunny wall, many", "Bench", "Another")
    assert mate.brainstorm.visibility.note(desk.ids[0]).text == "Old herbs by the sunny wall, many"


def test_one_goes_on_editing_a_note_that_teammates_group_merge_and_ungroup(desk):
    desk = desk("one", "two", "three")
    mate = Teammate(desk)
    desk.at("two")
    desk.press("Return", "End")
    desk.type(", and")
    field = focused(desk.view)

    group = mate.brainstorm.board.group([desk.ids[1]], "Theirs")
    desk.until_shown("Theirs:", "two", "In no group:", "one", "three")
    mate.brainstorm.board.merge_notes(desk.ids[2], [desk.ids[1]])
    desk.until_shown("Theirs:", "In no group:", "one", "three", "  two")
    mate.brainstorm.board.change({desk.ids[1]: {"merged_into": ""}})
    mate.brainstorm.remove([group])
    desk.until_shown("All ideas:", "one", "two", "three")

    assert focused(desk.view) is field
    desk.type(" more")
    assert desk.view.list.tree.visualRect(desk.view.list.tree.currentIndex()).intersects(field.geometry())
    desk.press("Return")
    desk.until_shown("All ideas:", "one", "two, and more", "three")


def test_a_note_that_a_teammate_takes_away_while_it_is_edited_ends_the_edit(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.press("Return")

    mate.brainstorm.remove([desk.ids[0]])

    desk.until_shown("All ideas:", "two")
    desk.qtbot.waitUntil(lambda: not desk.view.findChildren(NoteField))
    assert desk.current == "two"


def test_what_is_typed_into_a_note_that_a_teammate_takes_away_is_a_note_of_its_own(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.press("Return")
    desk.type("half a sen")

    mate.brainstorm.remove([desk.ids[0]])

    desk.until_shown("All ideas:", "two", "half a sen")


def test_what_is_typed_on_after_a_teammate_took_the_note_away_is_no_command_for_another_note(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.press("Return")
    desk.type("half ")

    mate.brainstorm.remove([desk.ids[0]])
    desk.until_shown("All ideas:", "two", "half ")
    desk.type("a k")
    desk.press("Backspace")

    assert desk.view.list.input.text() == "a "
    assert [(note.text, note.is_locked) for note in desk.brainstorm.board.notes()] == [("two", False), ("half ", False)]


def test_what_is_typed_into_the_title_of_a_group_that_a_teammate_takes_away_is_a_note_and_no_command(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    group = desk.brainstorm.board.group(desk.ids[:1], "Pair")
    desk.until_shown("Pair:", "one", "In no group:", "two")
    desk.at("Pair")
    desk.press("F2")
    desk.type("Trains")

    mate.brainstorm.remove([group])
    desk.until_shown("All ideas:", "one", "two", "Trains")
    desk.type("a k")

    assert desk.view.list.input.text() == "a k"
    assert not any(note.is_locked for note in desk.brainstorm.board.notes())


def test_what_is_typed_into_a_note_that_a_teammate_locks_is_a_note_of_its_own(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.press("Return", "End")
    desk.type(" and more")

    mate.brainstorm.change({desk.ids[0]: {"is_locked": True}})
    desk.press("Return")

    desk.until_shown("All ideas:", "one", "two", "one and more")


def test_a_note_that_is_edited_stays_in_a_list_that_shows_it_no_longer(desk):
    desk = desk("one", "two", "three")
    mate = Teammate(desk)
    desk.view.open_find()
    desk.type("t")
    desk.until_shown("All ideas:", "two", "three")
    desk.at("two")
    desk.press("Return", "End")
    desk.type(", and more")

    mate.brainstorm.change({desk.ids[1]: {"text": "One of eleven"}})
    desk.until_shown("All ideas:", "One of eleven", "three")
    desk.press("Return")

    desk.until_shown("All ideas:", "three")
    assert desk.brainstorm.board.notes()[1].text.endswith(", and more")


def test_what_is_typed_into_a_sealed_note_while_it_comes_without_a_name_is_a_note_of_its_own(desk):
    desk = desk()
    session = desk.brainstorm.sessions.begin(Session("", "What now?", phase=Phase.WRITE, is_anonymous=True))
    (id,) = desk.brainstorm.write([Note("", "a pond", Place(0, 0))])
    desk.until_shown("All ideas:", "a pond")
    desk.at("a pond")
    desk.press("Return")
    desk.type("a pond with ducks")

    box, there = desk.brainstorm.box, desk.brainstorm.box.notes(session)
    box.take_back([id])  # what the server does: it comes under another id
    desk.brainstorm.board.add(replace(note, id="", author="") for note in there)
    desk.brainstorm.sessions.change(session, is_revealed=True)

    desk.until_shown("All ideas:", "a pond", "a pond with ducks")


def test_where_notes_go_is_asked_of_those_that_were_chosen_whatever_a_teammate_takes_away_meanwhile(desk):
    desk = desk("one", "two", "three")
    mate = Teammate(desk)
    desk.brainstorm.board.group(desk.ids[2:], "Pair")
    desk.until_shown("Pair:", "three", "In no group:", "one", "two")
    desk.at("one")
    desk.press("Alt+G")
    mate.brainstorm.remove(desk.ids[:1])
    desk.until_shown("Pair:", "three", "In no group:", "two")
    desk.type("Pair")
    desk.press("Return")
    assert desk.brainstorm.board.note(desk.ids[1]).group == ""


def test_a_menu_does_nothing_to_the_note_that_comes_in_the_place_of_one_that_a_teammate_takes_away(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.view.acting.show_menu(desk.view.mapToGlobal(QPoint(50, 50)))
    menu = QApplication.activePopupWidget()
    mate.brainstorm.remove(desk.ids[:1])
    desk.until_shown("All ideas:", "two")
    next(action for action in menu.actions() if action.objectName() == "remove").trigger()
    menu.close()
    assert [note.text for note in desk.brainstorm.board.notes()] == ["two"]


def test_a_group_stays_where_the_one_into_which_it_is_to_go_is_taken_away(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    left = desk.brainstorm.board.group(desk.ids[:1], "Left")
    desk.brainstorm.board.group(desk.ids[1:], "Right")
    desk.until_shown("Left:", "one", "Right:", "two")
    desk.at("Right")
    desk.press("Alt+G")
    desk.type("Left")
    mate.brainstorm.remove([left])
    desk.until_shown("Right:", "two", "In no group:", "one")
    desk.press("Return")
    assert [
        (group.title, len(desk.brainstorm.board.members(group.id))) for group in desk.brainstorm.board.groups()
    ] == [("Right", 1)]


def test_nothing_that_was_asked_for_is_done_once_the_person_may_only_read(desk):
    desk = desk("one", "two", "three")
    desk.brainstorm.board.group(desk.ids[2:], "Pair")
    for key in ("Alt+G", "Ctrl+G", "L"):
        desk.view.show_read_only("")
        desk.until_shown("Pair:", "three", "In no group:", "one", "two")
        desk.select("one", "two")
        desk.press(key)
        before = desk.document.state()
        desk.view.show_read_only("You may read this document but not change it")
        desk.press(*(["Down", "Return"] if key == "L" else ["Return"]))
        assert desk.document.state() == before, key


def test_a_note_that_is_being_changed_takes_nothing_more_once_the_person_may_only_read(desk):
    desk = desk("one", "two")
    desk.select("one")
    desk.press("F2")
    desk.type("Herbs")
    desk.view.show_read_only("You may read this document but not change it")
    desk.until_shown("All ideas:", "Herbs", "two")
    before = desk.document.state()
    desk.type(" and more")
    desk.press("Return")
    assert desk.document.state() == before
    assert focused(desk.view) is desk.view.list.tree


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_can_be_painted_in_every_look_and_size(desk, theme):
    desk = desk("Herbs " * 40, "Bench")
    desk.brainstorm.change({desk.ids[1]: {"hand": Hand.MODEL, "colour": "purple"}})
    desk.view.show_theme(named(theme))
    heights = []
    for zoom in (1.0, 2.0):
        desk.view.show_zoom(zoom)
        assert not desk.view.grab().isNull()
        heights.append(desk.view.list.tree.visualRect(desk.view.list.model.index_of(desk.ids[0])).height())
        desk.qtbot.waitUntil(lambda: desk.view.list.input.height() >= desk.view.list.input.sizeHint().height())
    assert heights[1] > 2 * heights[0]


def test_the_title_of_a_group_has_more_room_than_what_stands_behind_it(desk):
    desk = desk()
    row = Row("group:1", Kind.GROUP, "Things that grow", marks=("nobody has opened any of it",), count=2)
    metrics = QFontMetricsF(desk.view.list.tree.delegate._font(row))
    title, tail = desk.view.list.tree.delegate._heading(row, metrics.horizontalAdvance(row.text) * 1.8)
    assert title == "Things that grow"
    assert tail.startswith("2")
    assert tail.endswith("…")


def test_clicking_a_row_twice_edits_it(desk):
    desk = desk("Herbs")
    place = desk.view.list.tree.visualRect(desk.view.list.model.index_of(desk.ids[0])).center()
    QTest.mouseClick(desk.view.list.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(desk.view.list.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert isinstance(focused(desk.view), NoteField)


def test_in_a_narrow_window_what_stands_beside_the_list_is_below_it(desk):
    desk = desk("Herbs")
    ballot = QLineEdit()
    ballot.setMinimumWidth(300)
    desk.view.set_side(ballot)
    for width, is_below in ((430, True), (900, False)):
        desk.view.resize(width, 700)
        desk.qtbot.waitUntil(lambda is_below=is_below: (desk.view.list.side.x() == 0) is is_below)
        assert desk.view.list.side.width() >= 300
        list_, side = desk.view.findChild(Beside).sizes()
        assert is_below or list_ >= side


@pytest.mark.parametrize("widths", [(430,), (900, 430)])
def test_a_ballot_below_the_list_has_as_much_room_as_the_list(desk, widths):
    desk = desk("Herbs")
    desk.view.resize(widths[0], 500)
    ballot = scrolling(QLabel("What weighs most?"), "Ballot")
    desk.view.set_side(ballot)
    QApplication.processEvents()
    desk.view.resize(widths[-1], 500)
    desk.qtbot.waitUntil(lambda: desk.view.list.side.x() == 0 and desk.view.list.side.height() > 0)
    desk.qtbot.waitUntil(lambda: abs(ballot.height() - desk.view.list.tree.height()) < 20)


def test_the_rows_are_laid_out_once_for_another_look(desk, monkeypatch):
    desk = desk("Herbs", "Tomatoes")
    tree = desk.view.list.tree
    tree.executeDelayedItemsLayout()
    times = counted(monkeypatch, IdeaDelegate, "_width")
    for _ in range(8):  # so often Qt says so for one style sheet of the application
        QApplication.sendEvent(tree, QEvent(QEvent.Type.StyleChange))
    assert times == []
    desk.qtbot.waitUntil(lambda: len(times) > 0)
    assert len(times) <= len(desk.rows)
