"""Lineage: from a sentence to the ideas that it rests on, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.grounds import Ground
from cowrite.core.decisions.lineage import Lineage, Relation, Strand
from cowrite.gui.decisions.lineage_list import LineageList
from cowrite.gui.decisions.values import Sheet
from helpers.desk import notices

Key = Qt.Key


def test_a_sentence_is_linked_to_an_idea_and_the_link_leads_there(desk, qtbot):
    note, other = desk.brainstorm.write(
        [Note("", "herbs need little water", Place(0, 0)), Note("", "roses", Place(0, 0))]
    )
    desk.go_to(desk.add("What?", outcome="Roses go. Herbs come, they need little water."))
    desk.until(lambda: desk.view.lineage.sentence.count() == 2)
    assert desk.shown.grounds == ()
    desk.tab_to("Sentence of the outcome")
    desk.press(Key.Key_Down)
    assert desk.view.lineage.idea.currentText() == "Likely: herbs need little water"
    desk.push("Link the sentence to the idea on which it rests")

    assert desk.shown.grounds == (Ground("Herbs come, they need little water.", (note,)),)
    assert desk.view.lineage.lines() == [
        "“Herbs come, they need little water.” rests on", "Note: herbs need little water",
    ]  # fmt: skip
    tree = desk.view.lineage.tree
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    with qtbot.waitSignal(desk.view.lineage.jumped) as jumped:
        desk.press(Key.Key_Return)
    assert jumped.args == [note]
    assert other not in jumped.args
    assert desk.draft.window.views.name == "board"

    desk.go_to(desk.card.shown)
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    desk.press(Key.Key_Delete)
    assert desk.shown.grounds == ()


def test_a_link_to_a_group_that_has_gone_into_another_one_says_so_and_leads_nowhere(desk):
    one, other = desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(0, 0))])
    group, into = (desk.brainstorm.board.group([each], "Group") for each in (one, other))
    desk.go_to(desk.add("What?", outcome="Herbs.", grounds=(Ground("Herbs.", (group,)),)))
    desk.brainstorm.board.merge_groups(into, [group])
    tree = desk.view.lineage.tree
    desk.until(lambda: desk.view.lineage.lines() == ["“Herbs.” rests on", "Group: (not here any more)"])
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    desk.press(Key.Key_Return)
    assert "not in this document any more" in notices(desk.draft)
    assert desk.draft.window.views.name == "decisions"
    desk.draft.brainstorming.go_to(into)
    assert "not in this document any more" not in notices(desk.draft)
    assert desk.draft.window.views.name == "board"


def test_sentence_and_idea_that_are_chosen_stay_so_whatever_teammates_write(desk):
    note, other = desk.brainstorm.write([Note("", "herbs need water", Place(0, 0)), Note("", "roses", Place(0, 0))])
    id = desk.add("What?", outcome="Roses go. Herbs need water.")
    desk.go_to(id)
    lineage = desk.view.lineage
    desk.until(lambda: lineage.sentence.count() == lineage.idea.count() == 2)
    desk.tab_to("Sentence of the outcome")
    desk.press(Key.Key_Down)
    desk.tab_to("Idea, group or vote that it rests on")
    assert lineage.idea.currentData() == note
    desk.press(Key.Key_Down)

    desk.decisions.put(id, outcome="It is so. Roses go. Herbs need water.")
    desk.brainstorm.write([Note("", "a bench", Place(0, 0))])
    desk.until(lambda: (lineage.sentence.count(), lineage.idea.count()) == (3, 3))

    assert (lineage.sentence.currentText(), lineage.idea.currentData()) == ("Herbs need water.", other)


def test_that_nothing_is_linked_stands_right_below_the_heading(desk):
    desk.go_to(desk.add("What?"))
    nothing = desk.view.lineage.nothing
    desk.until(lambda: nothing.isVisible() and nothing.height() <= nothing.heightForWidth(nothing.width()))
    assert nothing.y() < 60


def test_a_link_whose_sentence_was_reworded_says_so(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    grounds = (Ground("We plant herbs.", (note,)),)
    desk.go_to(desk.add("What?", outcome="We plant roses.", grounds=grounds))

    desk.until(desk.view.lineage.lines)
    assert desk.view.lineage.lines()[0] == "“We plant herbs.” rests on (the sentence has changed)"


def test_a_note_in_the_list_of_ideas_says_which_sentence_rests_on_it(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    id = desk.add("What?", outcome="We plant herbs.", grounds=(Ground("We plant herbs.", (note,)),))
    desk.draft.brainstorming.show("ideas")
    view = desk.draft.brainstorming.view("ideas")
    view.go_to(note)
    html = view.list.details._html(desk.brainstorm.visibility.note(note))

    assert f'href="{id}"' in html
    assert "What?</a> (“We plant herbs.”)" in html


def test_it_is_seen_that_the_lineage_has_the_keyboard(desk):
    (note,) = desk.brainstorm.write([Note("", "herbs", Place(0, 0))])
    desk.go_to(desk.add("What?", outcome="We plant roses.", notes=(note,)))
    tree = desk.view.lineage.tree
    desk.until(lambda: tree.isVisible() and desk.draft.window.isActiveWindow())
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    desk.card.decider.setFocus()
    without = tree.viewport().grab().toImage()
    tree.setFocus()
    assert tree.viewport().grab().toImage() != without


def test_a_few_lines_of_the_lineage_have_room_in_a_low_window(qtbot: QtBot) -> None:
    shown = LineageList()
    qtbot.addWidget(shown)
    strands = tuple(Strand(f"note:{at}", "Trees", Relation.LED) for at in range(8))
    decision = Decision("decision:1", "Where?", outcome="Here.")
    ideas = {strand.id: strand.words for strand in strands}
    shown.show_sheet(Sheet(decision, "Proposed", lineage=Lineage(strands), ideas=ideas))
    shown.resize(240, 160)
    shown.show()
    line = shown.tree.visualItemRect(shown.tree.topLevelItem(0)).height()
    assert shown.tree.viewport().height() >= 4 * line
