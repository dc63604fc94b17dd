"""The card of a decision, the list of ideas and the board tell which of their words the assistant wrote."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from cowrite.core.board.items import Hand, Note, Place, Tie
from cowrite.core.brainstorm.deciding import accept_found
from cowrite.core.decisions.found import FoundDecision, Standing
from cowrite.gui.board.area_items import GroupItem
from cowrite.gui.board.describing import described
from helpers.assisted import record
from helpers.board_seat import note
from helpers.decision_desk import DecisionDesk
from helpers.ideas_tab import ideas, press

Key = Qt.Key


def signs(desk: DecisionDesk) -> int:
    """How many signs of the assistant's words the card shows."""
    return sum(label.text() == "AI" and label.isVisibleTo(desk.card) for label in desk.card.findChildren(QLabel))


def test_the_card_says_of_options_arguments_and_actions_that_they_are_the_assistants_until_somebody_rewords_them(
    desk: DecisionDesk,
) -> None:
    board = desk.brainstorm.board
    ids = board.add(
        Note("", text, Place(0, 200 * at), hand=hand, model_text=text if hand is Hand.ADOPTED else "")
        for at, (text, hand) in enumerate(
            (("A small pond", Hand.ADOPTED), ("It gives shade", Hand.ADOPTED), ("Herbs", Hand.PERSON))
        )
    )
    board.link(ids[1], ids[2], Tie.SUPPORTS)
    desk.draft.decisions.flow.new_from([ids[0], ids[2]])
    assert signs(desk) == 2
    desk.tab_to("Option 1, from the assistant")
    desk.press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.type("Ducks")
    assert desk.shown.options[0].text == "Ducks"
    assert signs(desk) == 1
    desk.tab_to("Argument 1 of option 2, from the assistant")

    known = FoundDecision("Bo buys herbs.", Standing.DECIDED, due="2027-01-01", record=record("r1"))
    desk.go_to(accept_found(desk.brainstorm, known))
    desk.tab_to("Action 1, from the assistant")
    assert signs(desk) == 1


def test_the_list_says_of_a_group_that_the_assistant_gave_its_title_also_where_it_was_copied(
    desk: DecisionDesk,
) -> None:
    ids = desk.brainstorm.board.add(
        Note("", text, Place(0, 200 * at), hand=Hand.ADOPTED, model_text=text)
        for at, text in enumerate(("Benches along the wall", "More benches along the wall"))
    )
    draft = desk.draft
    press(draft, "Ctrl+3")
    ideas(draft).list.tree.setFocus()
    ideas(draft).list.tree.go_to(ids[0])
    ideas(draft).select_all()
    press(draft, "Ctrl+G")
    desk.press(Key.Key_Return)
    (row,) = [row for row in ideas(draft).list.model.rows() if row.text == "Benches along the wall" and row.count]
    assert "title from the assistant" in row.said

    ideas(draft).list.tree.setFocus()
    ideas(draft).select_all()
    draft.window.actions_["copy"].trigger()
    assert QGuiApplication.clipboard().mimeData().text()
    press(draft, "Ctrl+2")
    draft.window.actions_["paste"].trigger()
    groups = desk.brainstorm.board.groups()
    assert [(group.title, group.is_of_model) for group in groups] == 2 * [("Benches along the wall", True)]


def test_the_board_says_of_a_group_that_the_assistant_gave_its_title(desk: DecisionDesk) -> None:
    board = desk.brainstorm.board
    ids = board.add(note("A small pond", hand=Hand.ADOPTED, model_text="A small pond") for _ in range(2))
    group = board.group(ids)
    press(desk.draft, "Ctrl+2")
    view = desk.draft.window.views.current
    item = view.scene.groups[group]
    assert isinstance(item, GroupItem)
    assert described(item, view.scene) == "Group “A small pond”, 2 notes, title from the assistant"
    assert item.count == "  2  AI"
    board.change({group: {"title": "Water"}})
    assert described(item, view.scene) == "Group “Water”, 2 notes"
    assert item.count == "  2"
