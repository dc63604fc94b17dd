"""Where decisions stand besides their log: the draft, the list of ideas and the board."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.decisions.view import ACTIONS, DECISION, LINEAGE, LOG
from cowrite.gui.look.theme import named
from cowrite.sync.rights import Rights
from helpers.copies import copy_of
from helpers.desk import notices

Key = Qt.Key


def test_a_decision_is_put_into_the_draft_from_its_card_and_stays_live_and_is_opened_from_there(desk) -> None:
    id = desk.add("What?", outcome="Herbs.")
    desk.go_to(id)
    text = desk.draft.document.text()
    desk.draft.editor.set_caret(15, 3)
    desk.push("Put it into the draft, below the line at the caret")

    assert desk.draft.window.views.name == "draft"
    assert [span.embed for span in desk.draft.document.spans() if span.embed] == [{"decision": id}]
    assert desk.draft.document.text() == f"{text}{EMBED_CHARACTER}\n\n"
    before = desk.draft.editor.grab().toImage()
    desk.decisions.put(id, outcome="Roses.")
    assert desk.draft.editor.grab().toImage() != before
    assert desk.draft.decisions.card(id).outcome == "Roses."

    desk.draft.editor.set_caret(desk.draft.document.text().index(EMBED_CHARACTER))
    desk.press(Key.Key_Return)
    assert desk.draft.window.views.name == "decisions"
    assert desk.card.shown == id

    desk.draft.brainstorming.show("draft")
    (entry,) = [each for each in desk.draft.window.page_menu.made().actions() if each.text() == "Open d&ecision"]
    entry.trigger()
    assert desk.draft.window.views.name == "decisions"


def test_a_decision_that_stands_in_the_draft_is_shown_there_and_put_in_again_only_where_one_wants_that(desk):
    id, said = desk.add("What?", outcome="Herbs."), "stands in the draft already"

    def put() -> int:
        desk.go_to(id)
        desk.push("Put it into the draft, below the line at the caret")
        assert desk.draft.window.views.name == "draft"
        return desk.draft.document.text().count(EMBED_CHARACTER)

    assert (put(), put()) == (1, 1)
    assert said in notices(desk.draft)
    desk.draft.editor.undo_own()
    assert put() == 1
    assert said not in notices(desk.draft)
    put()
    buttons = desk.draft.window.notices.findChildren(QAbstractButton)
    next(each for each in buttons if each.text() == "Put it in again").click()
    assert desk.draft.document.text().count(EMBED_CHARACTER) == 2
    assert said not in notices(desk.draft)


def test_the_card_in_the_draft_says_when_its_evidence_changes(desk):
    id = desk.add("What?", outcome="Herbs.", evidence=(desk.decisions.evidence(0, 15),))
    desk.draft.editor.set_caret(desk.draft.document.length - 1)
    desk.draft.decisions.insert(id)
    before = desk.draft.editor.grab().toImage()
    card = desk.draft.editor.decisions._object.card
    assert not card(id).is_stale

    desk.draft.editor.edits.replace_range(3, 8, "grow")
    desk.until(lambda: card(id).is_stale)
    assert desk.draft.editor.grab().toImage() != before


def test_enter_puts_in_the_decision_that_is_chosen_and_of_those_found_the_first(desk):
    one = desk.add("one", decided_on="2026-01-01", outcome="Herbs.", status=Status.ACCEPTED)
    two = desk.add("two", decided_on="2026-02-01", outcome="Trees.")
    put = {}
    for search in ("", "one", "herbs", "Accepted"):
        picker = desk.draft.decisions.ask_insert()
        assert picker.focusWidget() is picker.log.list
        if search == "Accepted":
            picker.log.filter.setCurrentText(search)
        else:
            QTest.keyClicks(picker.log.search, search)
        QTest.keyClick(picker.log.search if search else picker.log.list, Key.Key_Return)
        (put[search],) = [span.embed["decision"] for span in desk.draft.document.spans() if span.embed]
        desk.draft.editor.undo_own()
    assert put == {"": two, "one": one, "herbs": one, "Accepted": one}


def test_the_picker_makes_a_decision_where_there_is_none_but_not_for_who_may_write_no_longer(desk):
    picker = desk.draft.decisions.ask_insert()
    assert not picker.insert.isEnabled()
    QTest.keyClick(picker.new, Key.Key_Space)

    (decision,) = desk.decisions.all()
    assert [span.embed for span in desk.draft.document.spans() if span.embed] == [{"decision": decision.id}]

    picker = desk.draft.decisions.ask_insert()
    desk.draft.connection.take_rights(Rights(may_edit=False))
    before = desk.draft.document.state()
    picker.new.click()
    desk.draft.brainstorming.view("board").decision_wanted.emit([])
    assert desk.draft.document.state() == before


def test_every_control_has_a_name(desk):
    poll = desk.brainstorm.polls.open(Poll("", PollKind.CONSENT, "?", (Option("o:1", "x"),)))
    id = desk.add(
        "What?", status=Status.ACCEPTED, outcome="Herbs.", review_on="2026-01-01", poll=poll,
        options=(Choice("herbs", (Argument("cheap", "note:1"),), (), "note:1"),),
        stances=(Stance("Bo", "agree"),), evidence=(desk.decisions.evidence(0, 15),),
    )  # fmt: skip
    desk.decisions.actions.add(Action("", "dig", decision=id))
    desk.go_to(id)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
    inside = (QComboBox, QAbstractItemView)
    nameless = [
        part
        for part in desk.view.findChildren(QWidget)
        if isinstance(part, kinds)
        and not isinstance(part.parent(), inside)
        and not isinstance(part.window(), QComboBox)
        and part.window() is desk.draft.window
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
        and part.focusPolicy() is not Qt.FocusPolicy.NoFocus
    ]

    assert nameless == []


def test_an_empty_view_offers_the_first_decision_and_theme_and_zoom_reach_every_part(desk):
    desk.draft.brainstorming.show("decisions")
    assert desk.focus is desk.view.empty_new
    assert not desk.view.new.isVisible()  # it is offered once
    middle = desk.view.empty_new.mapTo(desk.view, desk.view.empty_new.rect().center())
    assert (desk.view.rect().center() - middle).manhattanLength() < 120
    (heading,) = [each for each in desk.view.findChildren(QLabel) if each.text() == "Nothing is decided here yet"]
    points, heading_points = desk.view.font().pointSizeF(), heading.font().pointSizeF()
    desk.view.show_zoom(2.0)
    assert heading.font().pointSizeF() == pytest.approx(2 * heading_points)
    desk.view.show_zoom(1.0)
    desk.press(Key.Key_Space)
    assert desk.view.new.isVisible()
    assert len(desk.decisions.all()) == 1
    assert desk.focus.accessibleName() == "Question"
    before = desk.view.grab().toImage()
    desk.view.show_theme(named("dark"))
    desk.view.show_zoom(2.0)
    assert desk.view.grab().toImage() != before
    assert desk.card.fields["question"].font().pointSizeF() == pytest.approx(2 * points)


def test_the_lineage_stands_beside_the_card_where_there_is_room_and_else_below_the_log_as_high_as_it_needs(desk):
    desk.draft.window.resize(1180, 860)
    desk.go_to(desk.add("<img src=x> & co", outcome="Herbs.", options=(Choice("herbs"),)))
    view = desk.view
    nothing = view.lineage.nothing

    def holds_to_its_end() -> bool:
        end = nothing.mapTo(view.lineage, nothing.rect().bottomLeft()).y()
        return nothing.isVisible() and end < view.lineage.height() <= end + 40

    desk.until(holds_to_its_end)
    assert view.log.height() > 3 * view.lineage.height()
    for width, place in ((1400, view._split), (900, view._left), (1300, view._split)):
        view.resize(width, 700)
        assert view.lineage.parent() is place
        assert not view.lineage.isHidden()
    tip = view.log.list.item(0).toolTip()
    assert not QtGui.Qt.mightBeRichText(tip)  # what people write is no markup there
    assert tip.replace("\u2060", "").startswith("<img src=x> & co")


def test_a_long_lineage_takes_half_of_the_height_below_the_log_unless_the_person_divides_it_otherwise(desk):
    desk.draft.window.resize(1180, 860)
    board = desk.brainstorm.board
    notes = board.add(Note("", f"Herbs need little water, says reason {number}", Place(0, 0)) for number in range(30))
    desk.go_to(desk.add("What do we plant?", outcome="Herbs.", notes=tuple(notes)))
    view = desk.view
    desk.until(lambda: len(view.lineage.lines()) == 31)
    desk.until(lambda: abs(view.lineage.height() - view.log.height()) < 20)
    view._left.moveSplitter(600, 1)
    moved = view._left.sizes()
    desk.go_to(desk.add("And where?", outcome="At the wall.", notes=tuple(notes[:2])))
    desk.until(lambda: len(view.lineage.lines()) == 3)
    assert view._left.sizes() == moved


def test_in_a_narrow_window_the_whole_card_is_in_sight_from_side_to_side(desk):
    desk.go_to(desk.add("What?", outcome="Herbs.", options=(Choice("herbs"),), stances=(Stance("Bo", "object"),)))
    view, card, window = desk.view, desk.card, desk.draft.window
    for width in (560, 340, 300):
        window.resize(width, 900)
        desk.until(lambda width=width: view.width() == card.width() == width)
        desk.until(lambda: card.widget().minimumSizeHint().width() <= card.viewport().width())
    desk.until(lambda: card.height() > view.lineage.height())  # it has what the other two can do without
    desk.until(lambda: view.log.height() <= max(view.log.minimumSizeHint().height(), view.height() // 4))
    window.resize(900, 900)
    desk.until(lambda: card.mapTo(view, QPoint()).x() > view.log.width())
    assert view.lineage.parent() is view._left
    desk.until(lambda: card.widget().minimumSizeHint().width() <= card.viewport().width())


def test_in_a_small_window_log_card_and_lineage_are_seen_one_at_a_time(desk):
    desk.go_to(desk.add("What?"))
    view, window = desk.view, desk.draft.window

    def seen() -> list[bool]:
        return [part.isVisible() for part in (view.log, view.card, view.lineage, view.action_page)]

    window.resize(560, 420)
    desk.until(lambda: view.tabs.isTabVisible(DECISION))
    assert seen() == [True, False, False, False]
    row = view.log.list.visualItemRect(view.log.list.item(0))
    QTest.mouseClick(view.log.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert seen() == [False, True, False, False]
    assert view.card.isAncestorOf(desk.focus)
    for tab, at in ((LINEAGE, 2), (ACTIONS, 3), (LOG, 0)):
        view.tabs.setCurrentIndex(tab)
        assert seen() == [part == at for part in range(4)]
    view.new.click()  # where what is new is written
    assert seen() == [False, True, False, False]
    assert desk.focus.accessibleName() == "Question"
    window.resize(560, 900)
    desk.until(lambda: seen() == [True, True, True, False])
    assert not view.tabs.isTabVisible(DECISION)
    assert view.tabs.currentIndex() == LOG
    view.show_zoom(2.0)  # whoever writes in the card goes on there
    assert seen() == [False, True, False, False]
    assert desk.focus.accessibleName() == "Question"


def _as_a_teammate_removes(desk, id: str) -> bytes:
    mate = copy_of(desk.draft.document)
    mate.entries("decisions").remove(id, Origin.LOCAL)
    return mate.state()


def test_a_decision_that_a_teammate_removes_while_one_types_is_let_go(desk):
    one, two = desk.add("one", created=1000), desk.add("two", created=2000)
    desk.go_to(two)
    removed = _as_a_teammate_removes(desk, two)
    desk.tab_to("Context")
    desk.type("words")
    desk.draft.document.apply_remote(removed)
    desk.type("more")
    desk.press(Qt.Key.Key_Delete)

    assert desk.card.shown == one
    assert desk.shown == Decision(one, "one", created=1000)
    desk.view.undo()  # takes back what was typed in it, and not the offer
    desk.view.redo()
    assert "A teammate has taken the decision in which you were writing out" in notices(desk.draft)
    (answer,) = (each for each in desk.draft.window.notices.findChildren(QAbstractButton) if "back" in each.text())
    answer.click()
    assert desk.card.shown == two
    assert desk.shown.context == "words"
    assert not notices(desk.draft)


def test_nobody_is_told_or_disturbed_who_was_not_writing_in_a_decision_that_a_teammate_removes(desk):
    one, two, three = (desk.add(name, created=created) for name, created in (("one", 1000), ("two", 2000), ("3", 3000)))
    desk.decisions.remove(three)
    desk.brainstorm.undo()
    desk.go_to(three)
    desk.tab_to("Context")
    desk.view.redo()  # by the person
    assert desk.card.shown == two
    assert "A teammate" not in notices(desk.draft)

    four = desk.add("four", created=1500)
    for id, where in ((four, "in another view"), (two, "as a reader")):
        desk.go_to(id)
        desk.tab_to("Context")
        removed = _as_a_teammate_removes(desk, id)
        if where == "in another view":
            desk.draft.brainstorming.show("draft")
        else:
            desk.draft.connection.take_rights(Rights(may_edit=False))
        before = desk.focus
        desk.draft.document.apply_remote(removed)
        assert desk.focus is before or where == "as a reader"
        assert desk.card.shown != id, where
        assert "A teammate" not in notices(desk.draft), where
    assert desk.card.shown == one


def test_ideas_that_are_selected_in_the_list_or_on_the_board_become_the_options_and_both_ask_for_a_decision(desk):
    one, _ = desk.brainstorm.write([Note("", "herbs", Place(0, 0)), Note("", "roses", Place(300, 0))])
    for name in ("ideas", "board"):
        desk.draft.brainstorming.show(name)
        view = desk.draft.brainstorming.view(name)
        view.select_all()
        desk.new()
        assert sorted(choice.text for choice in desk.shown.options) == ["herbs", "roses"], name
        view.decision_wanted.emit([one])
        assert [choice.note for choice in desk.shown.options] == [one], name
    assert len(desk.decisions.all()) == 4


def test_in_a_narrow_window_of_large_letters_nothing_in_the_log_lies_over_something_else(desk, qtbot):
    desk.go_to(desk.add("What?", outcome="Herbs.", options=(Choice("herbs"),)))
    view = desk.view
    view.show_zoom(2.0)
    desk.until(lambda: view.minimumSizeHint().width() <= 480)
    view.resize(480, view.minimumSizeHint().height())
    desk.until(lambda: view.log.height() >= view.log.minimumSizeHint().height())
    parts = (view.log.search, view.log.filter, view.log.order, view.log.list)
    assert not [pair for pair in combinations(parts, 2) if pair[0].geometry().intersects(pair[1].geometry())]
    for part in (view.log.search, view.lineage.sentence, view.lineage.idea, view.lineage.link):
        assert part.height() >= part.fontMetrics().height() + 8
