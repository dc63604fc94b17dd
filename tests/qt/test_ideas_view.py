"""The list of ideas: everything by keys in a real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.board import Hand, Note, Place
from cowrite.core.sessions import Phase, Session
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.theme import named
from helpers.idea_desk import IdeaDesk, Teammate, focused


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def sit(*texts: str) -> IdeaDesk:
        made.append(IdeaDesk(qtbot, texts))
        return made[-1]

    yield sit
    for each in made:
        each.view.close_view()


def test_ideas_are_written_one_after_the_other_without_leaving_the_line(desk):
    desk = desk()
    assert focused(desk.view) is desk.view.input

    for idea in ("Herbs", "Bench"):
        desk.type(idea)
        desk.press("Return")

    desk.until_shown("All ideas:", "Herbs", "Bench")
    assert focused(desk.view) is desk.view.input
    assert desk.view.input.text() == ""
    assert {note.author for note in desk.storm.visibility.notes()} == {"Ada"}


def test_a_list_that_is_pasted_is_many_ideas_and_one_step_of_undo(desk):
    desk = desk("Old")
    QGuiApplication.clipboard().setText("## To eat\n- Herbs\n- Berries\n\n## To sit\n- Bench\n")
    desk.view.input.setFocus()

    desk.press("Ctrl+V")

    desk.until_shown("To eat:", "Herbs", "Berries", "To sit:", "Bench", "In no group:", "Old")
    desk.view.undo()
    desk.until_shown("All ideas:", "Old")


def test_what_cannot_be_read_is_said_and_nothing_comes_in(desk):
    desk = desk("Old")
    QGuiApplication.clipboard().setText("x" * 20_001)
    desk.at("Old")

    desk.view.paste()

    assert desk.texts == ["All ideas:", "Old"]
    assert "longer than 20,000 characters" in desk.view._message.text()
    assert desk.view._message.isVisible()


def test_a_note_is_edited_in_its_place_in_several_lines(desk):
    desk = desk("Herbs", "Bench")
    desk.at("Bench")

    desk.press("F2")
    desk.type("Two")
    desk.press("Shift+Return")
    desk.type("lines")
    desk.press("Return")

    desk.until_shown("All ideas:", "Herbs", "Two\nlines")
    assert focused(desk.view) is desk.view.tree
    desk.view.undo()
    desk.until_shown("All ideas:", "Herbs", "Bench")


def test_escape_leaves_a_note_as_it_was(desk):
    desk = desk("Herbs")
    desk.at("Herbs")

    desk.press("Return")
    desk.type("no")
    desk.press("Esc")

    assert desk.storm.visibility.notes()[0].text == "Herbs"
    assert focused(desk.view) is desk.view.tree


def test_notes_are_grouped_with_a_title_that_is_asked_for_where_they_stand(desk):
    desk = desk("Plant herbs here", "Pond", "Water the herbs")
    desk.select("Plant herbs here", "Water the herbs")

    desk.press("Ctrl+G")
    field = focused(desk.view)
    assert isinstance(field, QLineEdit)
    assert (field.selectedText(), field.accessibleName()) == ("Herbs", "Title of the group of 2 notes")
    desk.type("To eat")
    desk.press("Return")

    desk.until_shown("To eat:", "Plant herbs here", "Water the herbs", "In no group:", "Pond")
    assert desk.current == "To eat"
    desk.view.undo()
    desk.until_shown("All ideas:", "Plant herbs here", "Pond", "Water the herbs")


def test_a_title_that_is_not_given_makes_no_group(desk):
    desk = desk("Herbs")
    desk.at("Herbs")
    desk.press("Ctrl+G", "Esc")
    assert desk.storm.board.groups() == []
    assert focused(desk.view) is desk.view.tree


def test_a_group_is_renamed_and_left_by_keys(desk):
    desk = desk("Herbs", "Bench")
    desk.storm.board.group(desk.ids, "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench")
    desk.at("Yard")

    desk.press("F2")
    desk.type("Garden")
    desk.press("Return")
    desk.until_shown("Garden:", "Herbs", "Bench")
    desk.at("Bench")
    desk.press("Ctrl+Shift+G")

    desk.until_shown("Garden:", "Herbs", "In no group:", "Bench")


def test_a_few_letters_move_notes_to_a_group(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.storm.board.group(desk.ids[:1], "To eat")
    desk.storm.board.group(desk.ids[1:2], "To sit")
    desk.until_shown("To eat:", "Herbs", "To sit:", "Bench", "In no group:", "Pond")
    desk.at("Pond")

    desk.press("Alt+G")
    desk.type("sit")
    desk.press("Return")

    desk.until_shown("To eat:", "Herbs", "To sit:", "Bench", "Pond")


def test_a_title_that_is_not_there_makes_a_new_group(desk):
    desk = desk("Herbs", "Pond")
    desk.at("Pond")
    desk.press("Alt+G")
    desk.type("Water")
    desk.press("Return")
    desk.until_shown("Water:", "Pond", "In no group:", "Herbs")


def test_a_group_goes_into_another_one_whole(desk):
    desk = desk("Herbs", "Bench")
    desk.storm.board.group(desk.ids[:1], "Left")
    desk.storm.board.group(desk.ids[1:], "Right")
    desk.until_shown("Left:", "Herbs", "Right:", "Bench")
    desk.at("Right")

    desk.press("Alt+G")
    desk.type("Left")
    desk.press("Return")

    desk.until_shown("Left:", "Herbs", "Bench")


def test_notes_are_merged_into_the_current_one_and_split_off(desk):
    desk = desk("Bench", "Pond", "A bench")
    desk.select("A bench", "Bench")

    desk.press("M")
    desk.until_shown("All ideas:", "Bench", "  A bench", "Pond")
    assert desk.current == "Bench"
    assert "stands for 1 more" in desk.view.tree.current_row.said
    desk.press("Shift+M")

    desk.until_shown("All ideas:", "Bench", "Pond", "A bench")


def test_deleted_rows_leave_the_keyboard_at_what_follows(desk):
    desk = desk("one", "two", "three", "four")
    desk.select("two", "three")
    desk.press("Delete")
    desk.until_shown("All ideas:", "one", "four")
    assert desk.current == "four"
    desk.press("Delete")
    desk.until_shown("All ideas:", "one")
    assert desk.current == "one"


def test_n_writes_into_the_group_where_one_stands(desk):
    desk = desk("Herbs", "Pond")
    desk.storm.board.group(desk.ids[:1], "To eat")
    desk.until_shown("To eat:", "Herbs", "In no group:", "Pond")
    desk.at("Herbs")

    desk.press("N")
    assert desk.view.input.accessibleName() == "Write an idea for “To eat”"
    desk.type("Berries")
    desk.press("Return", "Esc")
    desk.type("Bench")
    desk.press("Return")

    desk.until_shown("To eat:", "Herbs", "Berries", "In no group:", "Pond", "Bench")


def test_space_opens_a_note_whole_and_says_that_it_was_seen(desk):
    desk = desk("Herbs")
    (theirs,) = desk.storm.board.add([Note("", "Long " * 50, Place(0, 0), author="Bo", builds_on=(desk.ids[0],))])
    desk.qtbot.waitUntil(lambda: len(desk.rows) == 3)
    assert "nobody has opened this yet" in desk.rows[2].said
    desk.view.tree.go_to(theirs)

    desk.press("Space")

    page = desk.view.details.page.toPlainText()
    assert "Long " * 49 in page
    assert "Written by\nBo" in page
    assert "Builds on\nHerbs" in page
    desk.qtbot.waitUntil(lambda: "Opened by\nAda" in desk.view.details.page.toPlainText())
    desk.qtbot.waitUntil(lambda: "nobody" not in desk.rows[2].said)
    assert desk.storm.sessions.seen()[theirs] == {"Ada"}
    desk.press("Space")
    assert not desk.view.details.isVisible()


def test_finding_shows_what_has_the_words_and_escape_shows_all(desk):
    desk = desk("Herbs by the wall", "Bench", "A wall of stones")
    desk.at("Bench")

    desk.view.open_find()
    desk.type("wall")
    assert desk.texts == ["All ideas:", "Herbs by the wall", "A wall of stones"]
    assert desk.view.finding.found.text() == "2 found"
    desk.press("Return")
    assert focused(desk.view) is desk.view.tree
    desk.view.find_step(1)
    assert desk.current in ("Herbs by the wall", "A wall of stones")
    desk.press("Esc")

    assert len(desk.rows) == 4


def test_the_list_is_copied_as_markdown(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.storm.board.group(desk.ids[:2], "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.at("Yard")
    desk.view.copy()
    assert QGuiApplication.clipboard().text() == "## Yard\n\n- Herbs <sub>Ada</sub>\n- Bench <sub>Ada</sub>\n"


def test_coverage_counts_what_somebody_else_has_opened_and_leads_to_the_rest(desk):
    desk = desk("one", "two", "three")
    desk.storm.board.group(desk.ids[1:2], "Alone")
    desk.storm.me = "Bo"
    desk.at("one")
    desk.press("Space")
    desk.qtbot.waitUntil(lambda: desk.view.coverage._words.text() == "1 of 3 opened")
    assert desk.view.coverage._bar.accessibleName() == "1 of 3 opened"
    assert desk.view.coverage._groups.text() == "Never opened: Alone"

    desk.press("Ctrl+Shift+N")
    assert desk.current == "three"
    desk.press("Ctrl+Shift+N")
    assert desk.current == "two"
    desk.view.coverage.only.click()

    assert desk.texts == ["Alone:", "two", "In no group:", "three"]


def test_what_lies_sealed_is_marked_and_cannot_be_grouped(desk):
    desk = desk()
    desk.storm.sessions.begin(Session("", "How?", phase=Phase.WRITE))
    desk.qtbot.waitUntil(lambda: "sealed" in desk.view.input.accessibleName())
    desk.type("Secret")
    desk.press("Return")
    desk.until_shown("All ideas:", "Secret")
    assert "sealed, only you see it" in desk.rows[1].said
    desk.at("Secret")

    desk.press("Ctrl+G")

    assert focused(desk.view) is desk.view.tree
    assert desk.view._message.text() == "What lies sealed can be grouped when it has been revealed."
    desk.press("F2")
    desk.type("Better")
    desk.press("Return")
    desk.until_shown("All ideas:", "Better")
    desk.press("Delete")
    desk.until_shown()
    assert desk.storm.visibility.published(merged=True) == desk.storm.board.groups() == []


def test_the_models_notes_are_marked_until_somebody_adopts_them(desk):
    desk = desk("Herbs")
    desk.storm.change({desk.ids[0]: {"hand": Hand.MODEL}})
    desk.qtbot.waitUntil(lambda: "from the model, not adopted" in desk.rows[1].said)
    assert desk.rows[1].is_foreign
    desk.at("Herbs")

    desk.press("A")

    desk.qtbot.waitUntil(lambda: "from the model, adopted" in desk.rows[1].said)


def test_notes_are_marked_for_a_decision(desk):
    desk = desk("Herbs", "Bench")
    desk.select("Herbs", "Bench")
    with desk.qtbot.waitSignal(desk.view.decision_wanted) as told:
        desk.press("D")
    assert told.args == [desk.ids]


def test_the_model_is_asked_for_ideas_for_a_note_or_for_the_question(desk):
    desk = desk("Herbs", "Bench")
    desk.at("Bench")
    with desk.qtbot.waitSignal(desk.view.expand_wanted) as told:
        desk.press("E")
    assert told.args == [desk.ids[1]]
    desk.select("Herbs", "Bench")
    with desk.qtbot.waitSignal(desk.view.expand_wanted) as told:
        desk.press("E")
    assert told.args == [""]


def test_every_row_says_all_that_it_shows(desk):
    desk = desk("Herbs")
    desk.storm.change({desk.ids[0]: {"colour": "blue", "is_late": True}})
    desk.storm.board.group(desk.ids, "Yard")
    desk.qtbot.waitUntil(lambda: desk.rows[0].text == "Yard" and "late" in desk.rows[1].said)

    tree = QAccessible.queryAccessibleInterface(desk.view.tree)
    desk.qtbot.waitUntil(lambda: tree.childCount() == 3)
    told = [tree.child(at).text(QAccessible.Text.Name) for at in range(tree.childCount())]

    assert told == [
        "Ideas",
        "Group: Yard; 1 note; nobody has opened any of it",
        "Herbs; by Ada; blue; late; nobody has opened this yet",
    ]


def test_every_control_has_a_name_and_can_be_reached_by_tab(desk):
    desk = desk("Herbs", "Herbs!")
    desk.view.open_find()
    for each in desk.view.findChildren(QWidget):
        if isinstance(each, (QAbstractButton, QLineEdit)) and each.isVisible():
            assert each.accessibleName(), each
    desk.view.input.setFocus()
    met = set()
    for _ in range(12):
        met.add(focused(desk.view))
        desk.press("Tab")
    assert {desk.view.input, desk.view.finding.field, desk.view.tree, desk.view.coverage.only} <= met


def test_the_menu_has_every_command_with_its_key(desk):
    desk = desk("Herbs", "Bench")
    desk.select("Herbs", "Bench")

    desk.view.tree.customContextMenuRequested.emit(QPoint(-1, -1))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    by_name = {action.objectName(): action for action in menu.actions() if action.objectName()}
    assert {"edit", "new", "remove", "group", "move", "ungroup", "merge", "split", "adopt", "decide", "details"} <= set(
        by_name
    )
    assert by_name["merge"].isEnabled()
    assert not by_name["split"].isEnabled()
    assert by_name["group"].text().endswith("\tCtrl+G")
    by_name["merge"].trigger()
    menu.close()
    desk.until_shown("All ideas:", "Bench", "  Herbs")


def drop(desk: IdeaDesk, data: QMimeData, onto: str) -> None:
    """Lets go of what is dragged over a row."""
    viewport = desk.view.tree.viewport()
    index = desk.view.model.index_of(next(row.id for row in desk.rows if row.text == onto))
    place = desk.view.tree.visualRect(index).center()
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(place, Qt.DropAction.MoveAction, *held),
        QDragMoveEvent(place, Qt.DropAction.MoveAction, *held),
        QDropEvent(place.toPointF(), Qt.DropAction.MoveAction, *held),
    ):
        QApplication.sendEvent(viewport, event)


def test_rows_are_dragged_onto_groups_onto_notes_of_groups_and_out_again(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.storm.board.group(desk.ids[:1], "Yard")
    desk.until_shown("Yard:", "Herbs", "In no group:", "Bench", "Pond")
    desk.select("Bench")

    drop(desk, desk.view.model.mimeData(desk.view.tree.selectedIndexes()), "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.select("Pond")
    drop(desk, desk.view.model.mimeData(desk.view.tree.selectedIndexes()), "Herbs")
    desk.until_shown("Yard:", "Herbs", "Bench", "Pond")
    desk.storm.board.put_into("", desk.ids[2:])
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.select("Herbs", "Bench")
    drop(desk, desk.view.model.mimeData(desk.view.tree.selectedIndexes()), "In no group")

    desk.until_shown("Yard:", "In no group:", "Herbs", "Bench", "Pond")
    desk.view.undo()
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")


def test_whoever_may_only_read_changes_nothing(desk):
    desk = desk("Herbs", "Bench")
    desk.view.show_read_only("You may read this document but not change it.")
    before = desk.document.state()
    desk.select("Herbs", "Bench")

    desk.press("Delete", "Ctrl+G", "M", "N", "F2", "A", "Space")
    desk.view.paste()

    assert desk.document.state() == before
    assert not desk.view.input.isEnabled()
    assert not desk.view.findChildren(NoteField)


def test_something_can_stand_beside_the_list(desk):
    desk = desk("Herbs")
    ballot = QLineEdit()
    desk.view.set_side(ballot)
    assert ballot.isVisible()
    desk.view.set_side(None)
    assert not ballot.isVisible()


# While teammates work


def test_selection_and_place_stay_when_teammates_add_move_and_remove(desk):
    desk = desk("one", "two", "three", "four")
    mate = Teammate(desk)
    desk.select("two", "four")

    group = mate.storm.board.group([desk.ids[3]], "Group")
    mate.storm.remove([desk.ids[0]])
    mate.storm.write([Note("", "five", Place(0, 0))])

    desk.until_shown("Group:", "four", "In no group:", "two", "three", "five")
    assert desk.selected == ["four", "two"]
    assert desk.current == "four"
    assert group


def test_nothing_jumps_when_teammates_write_above_what_one_looks_at_or_edits(desk):
    desk = desk(*(f"idea {number}" for number in range(60)))
    mate = Teammate(desk)
    group = desk.storm.board.group(desk.ids[:1], "Above")
    desk.qtbot.waitUntil(lambda: desk.rows[0].text == "Above")
    desk.at("idea 40")
    for edits in (False, True):
        if edits:
            desk.press("Return")
        before = desk.view.tree.visualRect(desk.view.tree.currentIndex()).top()
        count = len(desk.rows)
        mate.storm.write([Note("", "Many\nlines\nof text", Place(0, 0), group=group) for _ in range(5)])
        desk.qtbot.waitUntil(lambda count=count: len(desk.rows) == count + 5)

        assert desk.view.tree.visualRect(desk.view.tree.currentIndex()).top() == before
    assert focused(desk.view).text() == "idea 40"


def test_what_happens_while_the_list_is_not_shown_is_there_when_it_is(desk):
    desk = desk("one")
    desk.view.hide()
    desk.storm.write([Note("", "two", Place(0, 0))])
    assert desk.texts == ["All ideas:", "one"]
    desk.view.show()
    assert desk.texts == ["All ideas:", "one", "two"]


def test_a_group_that_was_folded_in_stays_so(desk):
    desk = desk("one", "two")
    desk.storm.board.group(desk.ids[:1], "Group")
    desk.until_shown("Group:", "one", "In no group:", "two")
    desk.at("Group")
    desk.press("Left")
    mate = Teammate(desk)

    mate.storm.board.put_into(desk.storm.board.groups()[0].id, [desk.ids[1]])

    desk.until_shown("Group:", "one", "two")
    assert not desk.view.tree.isExpanded(desk.view.model.index(0, 0))


def test_what_a_teammate_changes_in_the_note_that_is_being_edited_is_merged_by_letters(desk):
    desk = desk("Herbs by the wall", "Bench")
    mate = Teammate(desk)
    desk.at("Herbs by the wall")
    desk.press("Return", "End")
    desk.type(", many")
    field = focused(desk.view)

    mate.storm.change({desk.ids[0]: {"text": "Old herbs by the sunny wall"}})
    mate.storm.write([Note("", "Another", Place(0, 0))])
    desk.qtbot.waitUntil(lambda: len(desk.rows) == 4)

    assert field.text() == "Old herbs by the sunny wall, many"
    assert field.textCursor().position() == len(field.text())
    assert focused(desk.view) is field
    desk.press("Return")
    desk.until_shown("All ideas:", "Old herbs by the sunny wall, many", "Bench", "Another")
    assert mate.storm.visibility.note(desk.ids[0]).text == "Old herbs by the sunny wall, many"


def test_one_goes_on_editing_a_note_that_teammates_group_merge_and_ungroup(desk):
    desk = desk("one", "two", "three")
    mate = Teammate(desk)
    desk.at("two")
    desk.press("Return", "End")
    desk.type(", and")
    field = focused(desk.view)

    group = mate.storm.board.group([desk.ids[1]], "Theirs")
    desk.until_shown("Theirs:", "two", "In no group:", "one", "three")
    mate.storm.board.merge_notes(desk.ids[2], [desk.ids[1]])
    desk.until_shown("Theirs:", "In no group:", "one", "three", "  two")
    mate.storm.board.split_off([desk.ids[1]])
    mate.storm.remove([group])
    desk.until_shown("All ideas:", "one", "two", "three")

    assert focused(desk.view) is field
    desk.type(" more")
    assert desk.view.tree.visualRect(desk.view.tree.currentIndex()).intersects(field.geometry())
    desk.press("Return")
    desk.until_shown("All ideas:", "one", "two, and more", "three")


def test_a_note_that_a_teammate_takes_away_while_it_is_edited_ends_the_edit(desk):
    desk = desk("one", "two")
    mate = Teammate(desk)
    desk.at("one")
    desk.press("Return")

    mate.storm.remove([desk.ids[0]])

    desk.until_shown("All ideas:", "two")
    desk.qtbot.waitUntil(lambda: not desk.view.findChildren(NoteField))
    assert desk.current == "two"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_can_be_painted_in_every_look_and_size(desk, theme):
    desk = desk("Herbs " * 40, "Bench")
    desk.storm.change({desk.ids[1]: {"hand": Hand.MODEL, "colour": "purple"}})
    desk.view.show_theme(named(theme))
    heights = []
    for zoom in (1.0, 2.0):
        desk.view.show_zoom(zoom)
        assert not desk.view.grab().isNull()
        heights.append(desk.view.tree.visualRect(desk.view.model.index_of(desk.ids[0])).height())
    assert heights[1] > 2 * heights[0]


def test_clicking_a_row_twice_edits_it(desk):
    desk = desk("Herbs")
    place = desk.view.tree.visualRect(desk.view.model.index_of(desk.ids[0])).center()
    QTest.mouseClick(desk.view.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(desk.view.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert isinstance(focused(desk.view), NoteField)
