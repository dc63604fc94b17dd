"""What the phases of a session show besides the pad."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QListWidget,
)

from cowrite.core.board import Note, Place
from cowrite.core.decisions import Action, Decision, Status
from cowrite.core.sessions import VARIANTS, Phase
from helpers.session_table import Table

FULL = VARIANTS["full"]


def test_open_actions_and_due_decisions_come_first_and_are_carried_on_with_one_key(table: Table) -> None:
    decisions = table.whole.decisions
    decisions.add(Decision("", "Where?", Status.ACCEPTED, outcome="In the yard", review_on="2020-01-01"))
    action = decisions.add_action(Action("", "buy seeds", when="If it rains", owner="Bo"))
    decisions.add_action(Action("", "dig", is_done=True))
    id = table.begin(Phase.OPEN)
    rows = table.find(QListWidget, "Still open")
    assert [rows.item(row).text() for row in range(rows.count())] == [
        "Review 2020-01-01: In the yard",
        "If it rains: buy seeds · Bo",
    ]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_C)
    assert next(each for each in decisions.actions() if each.id == action).session == id
    table.flow.refresh()
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert next(each for each in decisions.actions() if each.id == action).is_done


def test_building_shows_a_few_grouped_notes_of_others_and_says_what_was_built_on(table: Table) -> None:
    id = table.begin(Phase.BUILD, is_revealed=True)
    ids = table.whole.board.add(Note("", f"Idea {number}", Place(0, 0), author="Bo", session=id) for number in range(9))
    table.whole.board.group(ids[:2], "Green", session=id)
    table.flow.refresh()
    seeds = [each for each in table.pad.findChildren(QAbstractButton) if each.accessibleName().startswith("Build on")]
    assert len(seeds) == 5
    assert any("Green: Idea" in each.accessibleName() for each in seeds)
    seeds[0].click()
    chosen = seeds[0].accessibleName()
    table.write("Better")
    (mine,) = [note for note in table.whole.visibility.published() if note.text == "Better"]
    (origin,) = mine.builds_on
    assert chosen.endswith(table.whole.visibility.note(origin).text)
    assert not mine.is_late
    assert [(link.start, link.end, link.tie) for link in table.whole.board.links()] == [(mine.id, origin, "builds on")]
    table.whole.undo()
    assert len(table.whole.visibility.published()) == 9
    assert table.whole.board.links() == []


def test_whoever_is_alone_builds_on_their_own(table: Table) -> None:
    table.begin(phases=VARIANTS["solo"])
    table.write("Trees")
    table.bar("Next").click()
    table.desk.until(lambda: len(table.whole.visibility.published()) == 1)
    table.flow.refresh()
    table.find(QAbstractButton, "Build on: Trees").click()
    table.write("Lindens")
    built_on = {note.text: note.builds_on for note in table.whole.visibility.published()}
    assert len(built_on["Lindens"]) == 1
