"""The list of ideas: details, finding, coverage, marks, and what is read out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget

from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.sessions.visibility import Visibility
from cowrite.gui.board.command_table import COMMANDS as BOARD_COMMANDS
from cowrite.gui.ideas import delegate, idea_list
from cowrite.gui.ideas.commands import COMMANDS
from cowrite.gui.ideas.delegate import LONGEST
from cowrite.gui.ideas.empty_list import EmptyList
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.ideas.outline import Kind, Row
from helpers.counting import counted
from helpers.idea_desk import IdeaDesk, focused
from helpers.mnemonics import doubled


def drop(desk: IdeaDesk, data: QMimeData, onto: str) -> None:
    """Lets go of what is dragged over a row."""
    viewport = desk.view.list.tree.viewport()
    index = desk.view.list.model.index_of(next(row.id for row in desk.rows if row.text == onto))
    place = desk.view.list.tree.visualRect(index).center()
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(place, Qt.DropAction.MoveAction, *held),
        QDragMoveEvent(place, Qt.DropAction.MoveAction, *held),
        QDropEvent(place.toPointF(), Qt.DropAction.MoveAction, *held),
    ):
        QApplication.sendEvent(viewport, event)


def test_the_list_is_read_once_when_it_is_first_shown(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = counted(monkeypatch, idea_list, "outline")
    assert desk("Herbs").texts == ["All ideas:", "Herbs"]
    assert len(read) == 1


def test_words_that_fit_in_a_line_are_laid_out_in_sight_alone_and_equal_ones_below_them_once(desk, monkeypatch) -> None:
    desk = desk()
    measured = counted(monkeypatch, delegate, "_laid_out")
    desk.brainstorm.board.add(Note("", f"Herb {at}", Place(0, 0), author="Bo") for at in range(200))
    desk.qtbot.waitUntil(lambda: len(desk.rows) == 201)
    desk.view.grab()
    texts = [text for text, *_ in measured]
    assert 0 < sum(text.startswith("Herb") for text in texts) < 100
    assert 0 < sum(text.startswith("Bo") for text in texts) < 100


def test_space_opens_a_note_whole_and_says_that_it_was_seen(desk):
    desk = desk("Herbs")
    (theirs,) = desk.brainstorm.board.add([Note("", "Long " * 50, Place(0, 0), author="Bo", builds_on=(desk.ids[0],))])
    desk.qtbot.waitUntil(lambda: len(desk.rows) == 3)
    assert "nobody has opened this yet" in desk.rows[2].said
    desk.view.list.tree.go_to(theirs)

    desk.press("Space")

    page = desk.view.list.details.page.toPlainText()
    assert "Long " * 49 in page
    assert "Written by\nBo" in page
    assert "Builds on\nHerbs" in page
    desk.qtbot.waitUntil(lambda: "Opened by\nAda" in desk.view.list.details.page.toPlainText())
    desk.qtbot.waitUntil(lambda: "nobody" not in desk.rows[2].said)
    assert desk.brainstorm.sessions.seen()[theirs] == {"Ada"}
    desk.press("Space")
    assert not desk.view.list.details.isVisible()


def test_a_note_opened_whole_says_of_each_link_which_way_it_goes(desk):
    desk = desk("Bench", "Wall", "Post", "Roof", "Path")
    bench, *others = desk.ids
    ties = (Tie.SUPPORTS, Tie.CONTRADICTS, Tie.BUILDS_ON, Tie.RELATED)
    for other, tie in zip(others, ties, strict=True):
        desk.brainstorm.board.link(bench, other, tie)

    def said(text: str) -> set[str]:
        desk.at(text)
        desk.press("Space")
        return set(desk.view.list.details.page.toPlainText().partition("Links\n")[2].splitlines())

    assert {"supports: Wall", "contradicts: Post", "builds on: Roof", "related: Path"} <= said("Bench")
    there = {"Wall": "supported by", "Post": "contradicted by", "Roof": "built on by", "Path": "related"}
    for text, words in there.items():
        assert f"{words}: Bench" in said(text)


def test_finding_shows_what_has_the_words_and_escape_shows_all(desk):
    desk = desk("Herbs by Bo’s wall", "Bench", "A wall of stones")
    desk.at("Bench")

    desk.view.open_find()
    desk.type("wall bo's")
    assert desk.texts == ["All ideas:", "Herbs by Bo’s wall"]
    desk.view.list.finding.field.clear()
    desk.type("wall")
    assert desk.texts == ["All ideas:", "Herbs by Bo’s wall", "A wall of stones"]
    assert desk.view.list.finding.found.text() == "2 found"
    desk.press("Return")
    assert focused(desk.view) is desk.view.list.tree
    desk.view.find_step(1)
    assert desk.current in ("Herbs by Bo’s wall", "A wall of stones")
    desk.press("Esc")

    assert len(desk.rows) == 4


def test_the_list_is_copied_as_markdown(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.brainstorm.board.group(desk.ids[:2], "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.at("Yard")
    desk.view.copy()
    assert QGuiApplication.clipboard().text() == "## Yard\n\n- Herbs <sub>Ada</sub>\n- Bench <sub>Ada</sub>\n"


def test_coverage_counts_what_somebody_else_has_opened_and_leads_to_the_rest(desk):
    desk = desk("one", "two", "three")
    desk.brainstorm.board.group(desk.ids[1:2], "Alone")
    desk.until_shown("Alone:", "two", "In no group:", "one", "three")
    assert not any("nobody" in row.said for row in desk.rows)  # there is nobody else yet
    assert not desk.view.list.coverage.isVisible()
    desk.brainstorm.me = "Bo"
    desk.at("one")
    desk.press("Space")
    desk.qtbot.waitUntil(lambda: desk.view.list.coverage._words.text() == "1 of 3 opened")
    assert desk.view.list.coverage._bar.accessibleName() == "1 of 3 opened"
    assert desk.view.list.coverage._groups.text() == "Never opened: Alone"
    wide = desk.view.list.coverage.size()
    desk.view.list.coverage.resize(480, 200)
    assert desk.view.list.coverage._groups.text() == "Never opened: Alone"
    desk.view.list.coverage.resize(wide)

    desk.press("Ctrl+Shift+N")
    assert desk.current == "three"
    desk.press("Ctrl+Shift+N")
    assert desk.current == "two"
    desk.view.list.coverage.only.click()

    assert desk.texts == ["Alone:", "two", "In no group:", "three"]


def test_whoever_opens_a_note_without_a_name_may_have_written_it_and_is_led_on(desk):
    desk = desk()
    desk.brainstorm.sessions.begin(Session("", "How?", is_anonymous=True, phase=Phase.BUILD, is_revealed=True))
    desk.brainstorm.write([Note("", text, Place(0, 0)) for text in ("one", "two")])
    desk.until_shown("All ideas:", "one", "two")
    desk.at("one")
    desk.press("Space")
    desk.qtbot.waitUntil(lambda: "only one person, perhaps its author, has opened this" in desk.rows[1].said)
    assert desk.view.list.coverage._words.text() == "0 of 2 opened"
    desk.press("Ctrl+Shift+N")
    assert desk.current == "two"
    desk.press("Ctrl+Shift+N")
    assert desk.current == "two"
    desk.brainstorm.sessions.say_seen([desk.brainstorm.visibility.notes()[0].id], "Bo")
    desk.qtbot.waitUntil(lambda: desk.view.list.coverage._words.text() == "1 of 2 opened")


def test_what_lies_sealed_is_marked_and_cannot_be_grouped(desk):
    desk = desk()
    desk.brainstorm.sessions.begin(Session("", "How?", phase=Phase.WRITE))
    desk.qtbot.waitUntil(lambda: "sealed" in desk.view.list.input.accessibleName())
    desk.type("Secret")
    desk.press("Return")
    desk.until_shown("All ideas:", "Secret")
    assert "sealed, only you see it" in desk.rows[1].said
    desk.at("Secret")

    desk.press("Ctrl+G")

    assert focused(desk.view) is desk.view.list.tree
    assert desk.view.list._message.text() == "Sealed notes can be grouped and linked once they are revealed."
    QGuiApplication.clipboard().setText("before")
    desk.view.cut()
    assert desk.view.list._message.text() == "Sealed notes can be copied as a list once they are revealed."
    assert (QGuiApplication.clipboard().text(), desk.texts) == ("before", ["All ideas:", "Secret"])
    desk.press("F2")
    desk.type("Better")
    desk.press("Return")
    desk.until_shown("All ideas:", "Better")
    desk.press("Delete")
    desk.until_shown()
    assert desk.brainstorm.visibility.published(merged=True) == desk.brainstorm.board.groups() == []


def test_the_models_notes_are_marked_until_somebody_adopts_them(desk):
    desk = desk("Herbs")
    desk.brainstorm.change({desk.ids[0]: {"hand": Hand.MODEL}})
    desk.qtbot.waitUntil(lambda: "from the assistant, not adopted" in desk.rows[1].said)
    assert desk.rows[1].is_foreign
    desk.at("Herbs")

    desk.press("A")

    desk.qtbot.waitUntil(lambda: "from the assistant, adopted" in desk.rows[1].said)


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
    desk.brainstorm.change({desk.ids[0]: {"colour": "blue", "is_late": True}})
    desk.brainstorm.is_shared = lambda: True
    desk.brainstorm.board.group(desk.ids, "Yard")
    desk.qtbot.waitUntil(lambda: desk.rows[0].text == "Yard" and "late" in desk.rows[1].said)

    tree = QAccessible.queryAccessibleInterface(desk.view.list.tree)
    desk.qtbot.waitUntil(lambda: tree.childCount() == 3)
    told = [tree.child(at).text(QAccessible.Text.Name) for at in range(tree.childCount())]

    assert told == [
        "Ideas",
        "Group: Yard; 1 note; nobody has opened any of it",
        "Herbs; by Ada; blue; late; nobody has opened this yet",
    ]


def test_every_control_has_a_name_and_can_be_reached_by_tab(desk):
    desk = desk("Herbs", "Herbs!")
    desk.brainstorm.is_shared = lambda: True
    desk.view.open_find()
    desk.view.list.refresh()
    for each in desk.view.findChildren(QWidget):
        if isinstance(each, (QAbstractButton, QLineEdit)) and each.isVisible():
            assert each.accessibleName(), each
    desk.view.list.input.setFocus()
    met = set()
    for _ in range(12):
        met.add(focused(desk.view))
        desk.press("Tab")
    assert {
        desk.view.list.input,
        desk.view.list.finding.field,
        desk.view.list.tree,
        desk.view.list.coverage.only,
    } <= met


def test_what_is_selected_is_looked_at_once_for_all_commands_of_the_menu(desk, monkeypatch):
    desk = desk(*(f"idea {number}" for number in range(20)))
    desk.view.list.tree.selectAll()
    looked = counted(monkeypatch, Visibility, "note")

    desk.view.acting.show_menu(QPoint())
    QApplication.activePopupWidget().close()

    assert 0 < len(looked) <= 6 * 20


def test_the_menu_has_every_command_with_its_key(desk):
    desk = desk("Herbs", "Bench")
    desk.select("Herbs", "Bench")

    desk.view.list.tree.customContextMenuRequested.emit(QPoint(-1, -1))

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    by_name = {action.objectName(): action for action in menu.actions() if action.objectName()}
    assert {"edit", "new", "remove", "group", "move", "ungroup", "merge", "split", "adopt", "decide", "details"} <= set(
        by_name
    )
    assert doubled(action.text() for action in menu.actions()) == []
    assert by_name["merge"].isEnabled()
    assert not by_name["split"].isEnabled()
    assert by_name["group"].text().endswith("\tCtrl+G")
    by_name["merge"].trigger()
    menu.close()
    desk.until_shown("All ideas:", "Bench", "  Herbs")


def test_rows_are_dragged_onto_groups_onto_notes_of_groups_and_out_again(desk):
    desk = desk("Herbs", "Bench", "Pond")
    desk.brainstorm.board.group(desk.ids[:1], "Yard")
    desk.until_shown("Yard:", "Herbs", "In no group:", "Bench", "Pond")
    desk.select("Bench")

    drop(desk, desk.view.list.model.mimeData(desk.view.list.tree.selectedIndexes()), "Yard")
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.select("Pond")
    drop(desk, desk.view.list.model.mimeData(desk.view.list.tree.selectedIndexes()), "Herbs")
    desk.until_shown("Yard:", "Herbs", "Bench", "Pond")
    desk.brainstorm.board.put_into("", desk.ids[2:])
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")
    desk.select("Herbs", "Bench")
    drop(desk, desk.view.list.model.mimeData(desk.view.list.tree.selectedIndexes()), "In no group")

    desk.until_shown("Yard:", "In no group:", "Herbs", "Bench", "Pond")
    dragged = desk.view.list.model.mimeData(desk.view.list.tree.selectedIndexes())
    desk.brainstorm.remove(desk.ids[:2])
    desk.until_shown("Yard:", "In no group:", "Pond")
    drop(desk, dragged, "Yard")
    assert desk.view.list._message.text() == ""  # what a teammate takes away meanwhile lies not sealed
    desk.view.undo()
    desk.view.undo()
    desk.until_shown("Yard:", "Herbs", "Bench", "In no group:", "Pond")


def test_whoever_may_only_read_changes_nothing(desk):
    desk = desk("Herbs", "Bench")
    desk.view.list.input.setFocus()
    desk.view.show_read_only("You may read this document but not change it.")
    assert focused(desk.view) is desk.view.list.tree
    before = desk.document.state()
    desk.select("Herbs", "Bench")

    asked = []
    desk.view.decision_wanted.connect(asked.append)
    desk.press("Delete", "Ctrl+G", "M", "N", "F2", "A", "D", "Space")
    desk.view.paste()
    assert asked == []

    assert desk.document.state() == before
    assert not desk.view.list.input.isEnabled()
    assert not desk.view.findChildren(NoteField)


def test_a_command_that_board_and_list_have_is_called_the_same_in_both():
    on_board = {command.id: command.text for command in BOARD_COMMANDS if command is not None}
    in_list = {entry[0]: entry[1] for entry in COMMANDS if entry is not None}
    for command in ("decide", "adopt"):
        assert in_list[command].replace("&", "") == on_board[command].replace("&", "")


def test_of_a_note_without_end_the_list_shows_the_beginning(qtbot):
    desk = IdeaDesk(qtbot, ["x" * (LONGEST + 1), "x" * 1_000_000])
    tree = desk.view.list.tree
    heights = {round(tree.itemDelegate()._height(row, 600)) for row in desk.rows if row.kind is Kind.NOTE}
    desk.view.close_view()

    assert len(heights) == 1


def test_an_empty_list_asks_for_an_idea_whoever_may_write_one(desk):
    desk = desk()
    title, words = (each for part in desk.view.findChildren(EmptyList) for each in part.findChildren(QLabel))
    assert title.text() == "No ideas yet"
    assert words.text() == "Write one above, or paste a list: each line becomes an idea."
    desk.view.show_read_only("You may read this document but not change it.")
    assert words.text() == "You may read this document but not change it. To add one, ask an owner of the document."
    desk.view.show_read_only("")
    assert words.text() == "Write one above, or paste a list: each line becomes an idea."


def test_a_row_is_as_high_as_its_words_laid_out_however_near_they_come_to_the_edge(desk) -> None:
    rows = desk().view.list.tree.delegate
    for count in range(1, 120, 3):
        row = Row("note:1", Kind.NOTE, " ".join(["WAVE Tofu"] * count)[: count * 3], "grey", "", ())
        laid_out = delegate._laid_out(row.text, rows._font(row), 400, leftwards=False)
        assert rows._height_of_text(row, 400) == delegate._height_of(laid_out)
