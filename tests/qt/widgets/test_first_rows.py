"""Long lists beside and below the text: the first of their rows are made, and the others when somebody wants them."""

from __future__ import annotations

from random import SystemRandom

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSpinBox, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.core.comments.comments import Comments
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.parts import Argument, Choice
from cowrite.core.entries.authors import Author
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.text.origin import Origin
from cowrite.gui.comments.panel import CommentsPanel
from cowrite.gui.session import number_forms, results
from cowrite.gui.session.ballot_forms import make_form
from cowrite.gui.session.results import ResultBar, Results
from cowrite.gui.widgets import text_panel
from helpers.decision_desk import DecisionDesk
from helpers.desk import Desk

BO = Author("Bo", "#2f5fd0", "b2")
FIRST = 12
"""Rows that are made at first, instead of fifteen: more than a window has room for, and soon made."""

MANY = FIRST + 8

BOXES = 50
"""Numbers that are asked for at first, instead of two hundred."""


@pytest.fixture(autouse=True)
def few_first_rows(monkeypatch):
    monkeypatch.setattr(text_panel, "FIRST", FIRST)
    monkeypatch.setattr(number_forms, "BOXES", BOXES)


@pytest.fixture
def decisions(tmp_path, qtbot):
    desk = DecisionDesk(tmp_path / "home", qtbot)
    yield desk
    desk.desk.leave()


def commented(desk: Desk) -> tuple[Draft, list[str]]:
    """A draft with many threads beside it, one a line, and their ids."""
    draft = desk.new()
    comments = Comments(draft.document, chance=SystemRandom(), clock=lambda: 5)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "word\n" * MANY)
    with draft.document.transaction(Origin.LOCAL):
        ids = [comments.add(5 * at, 5 * at + 4, "Why?", BO) for at in range(MANY)]
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    draft.window.actions_["show_comments"].trigger()
    return draft, ids


def panel(draft: Draft) -> CommentsPanel:
    assert draft.window.panels.comments is not None
    return draft.window.panels.comments


def shown(draft: Draft) -> list[str]:
    return [row.thread_.id for row in panel(draft).rows]


def more(widget: QWidget, what: str) -> QPushButton:
    (found,) = [
        each
        for each in widget.findChildren(QPushButton)
        if each.accessibleName().startswith(f"Show more {what}") and each.isVisible()
    ]
    return found


def test_of_many_comments_the_first_are_shown_that_at_the_caret_and_one_just_made_and_the_others_by_key(desk):
    draft, ids = commented(desk)
    assert shown(draft) == ids[:FIRST]
    button = more(panel(draft), "comments")
    assert button.accessibleName() == f"Show more comments, {MANY - FIRST} are not shown"

    draft.editor.set_caret(5 * (MANY - 1) + 1)
    desk.until(lambda: panel(draft).row(ids[-1]) is not None)
    assert shown(draft) == [*ids[:FIRST], ids[-1]]
    draft.comments.flow.go_to(ids[-2])
    assert shown(draft) == [*ids[:FIRST], *ids[-2:]]

    end = draft.document.text().rindex("word") + 4
    draft.editor.set_caret(end, end - 2)
    draft.window.actions_["comment"].trigger()
    panel(draft).form.field.setPlainText("Which word?")
    panel(draft).form.send.click()
    (made,) = set(shown(draft)) - set(ids)
    row = panel(draft).row(made)
    assert row is not None
    desk.until(lambda: is_in_sight(row))

    assert len(shown(draft)) < MANY
    button = more(panel(draft), "comments")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert set(shown(draft)) == {*ids, made}
    assert not button.isVisible()
    new = panel(draft).row(ids[FIRST])
    assert new is not None
    assert QApplication.focusWidget() is new.quote
    desk.until(lambda: is_in_sight(new.quote))


def is_in_sight(row: QWidget) -> bool:
    return row.visibleRegion().boundingRect().height() == row.height()


def test_a_change_that_one_has_just_suggested_is_in_sight_though_there_are_many_before_it(desk):
    draft = desk.new()
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "word\n" * 12)
    draft.window.actions_["suggest_changes"].setChecked(True)
    for at in range(12):
        draft.editor.set_caret(6 * at)
        QTest.keyClicks(draft.editor, "a")
    draft.window.actions_["show_changes"].setChecked(True)
    assert draft.window.panels.changes is not None
    draft.editor.set_caret(draft.document.length)
    QTest.keyClicks(draft.editor, "end")
    desk.until(lambda: len(list(draft.window.panels.changes.rows)) == 13)
    *_, last = draft.window.panels.changes.rows
    desk.until(lambda: is_in_sight(last))


def test_a_reply_that_is_being_written_stays_when_many_comments_come_before_it(desk):
    draft, ids = commented(desk)
    row = panel(draft).row(ids[FIRST - 1])
    row.reply.click()
    QTest.keyClicks(QApplication.focusWidget(), "Because")
    draft.editor.setFocus()
    comments = Comments(draft.document, chance=SystemRandom(), clock=lambda: 4)
    comments.add(0, 4, "Before it", BO)
    assert len(shown(draft)) == FIRST + 1
    assert panel(draft).row(ids[FIRST - 1]) is row


def test_what_is_typed_in_one_of_the_first_arguments_keeps_those_that_are_not_shown(decisions):
    option = Choice("Herbs", pros=tuple(Argument(f"good {at}") for at in range(15)), cons=(Argument("bad"),))
    id = decisions.add("What?", options=(option,))
    decisions.go_to(id)
    (box,) = decisions.card.options.rows
    assert len(box.arguments) == 10
    box.arguments[0].text.setFocus()
    decisions.type("!")
    (now,) = decisions.decisions.get(id).options
    assert [each.text for each in now.pros] == ["!good 0", *(f"good {at}" for at in range(1, 15))]
    assert [each.text for each in now.cons] == ["bad"]


def test_an_option_that_is_added_behind_many_is_written_in_at_once(decisions):
    id = decisions.add("What?", options=tuple(Choice(f"option {at}") for at in range(30)))
    decisions.go_to(id)
    assert len(decisions.card.options.rows) == 20
    next(each for each in decisions.card.findChildren(QPushButton) if each.text() == "Add an option").click()
    decisions.type("Last")
    options = decisions.decisions.get(id).options
    assert [each.text for each in options[29:]] == ["option 29", "Last"]
    decisions.card.options.rows[-1]._remove.click()
    assert len(decisions.decisions.get(id).options) == 30
    assert decisions.decisions.get(id).options == options[:30]


def test_an_action_that_one_goes_to_is_shown_wherever_it_stands(decisions):
    with decisions.draft.document.transaction(Origin.LOCAL):
        for at in range(60):
            last = decisions.decisions.actions.add(Action("", f"Do {at}", due=f"2026-12-{at // 3 + 1:02}"))
    decisions.go_to(last)
    rows = decisions.view.action_page.rows.column.rows
    assert len(rows) == 41
    ids = {row.action().id for row in rows}
    assert last in ids
    focused = QApplication.focusWidget()
    assert focused.accessibleName() == next(row for row in rows if row.action().id == last).what.accessibleName()
    more(decisions.view.action_page, "actions").click()
    assert len(decisions.view.action_page.rows.column.rows) == 60


OPTIONS = tuple(Option(f"o{at}", f"Option {at}") for at in range(16))


def names(form: QWidget) -> list[str]:
    """What the keyboard reaches by Tab from the first number on."""
    QApplication.processEvents()  # what was just put into a layout is shown by an event
    first = form.findChildren(QSpinBox)[0]
    first.setFocus()
    reached = [first.accessibleName()]
    while QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab) is None and not first.hasFocus():
        reached.append(QApplication.focusWidget().accessibleName())
    return reached


def test_of_a_vote_on_many_options_the_first_are_asked_and_what_was_said_of_the_others_stays(qtbot):
    criteria = tuple(f"c{at}" for at in range(5))
    poll = Poll("poll:1", PollKind.SCORES, "Which?", OPTIONS, criteria=criteria)
    before = {criterion: {option.id: 3 for option in OPTIONS} for criterion in criteria}
    form = make_form(poll, Ballot(scores=before))
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    qtbot.waitUntil(lambda: len(form.findChildren(QSpinBox)) == BOXES)
    form.findChildren(QSpinBox)[0].setValue(5)
    before["c0"]["o0"] = 5
    assert form.ballot().scores == before

    more(form, "options").click()
    qtbot.waitUntil(lambda: len(form.findChildren(QSpinBox)) == 80)
    assert QApplication.focusWidget().accessibleName() == "c0 of Option 10"
    assert names(form) == [f"{criterion} of {option.text}" for option in OPTIONS for criterion in criteria]


def test_dots_for_options_that_are_not_shown_yet_count(qtbot):
    options = tuple(Option(f"o{at}", f"Option {at}") for at in range(BOXES + 1))
    poll = Poll("poll:1", PollKind.DOTS, "Which?", options, budget=3, most=3)
    form = make_form(poll, Ballot(dots={options[-1].id: 2}))
    qtbot.addWidget(form)
    first = form.findChildren(QSpinBox)[0]
    first.setValue(3)
    assert form.ballot().dots == {"o0": 1, options[-1].id: 2}


def test_of_many_results_the_best_are_shown_and_the_others_by_key(qtbot, monkeypatch):
    monkeypatch.setattr(results, "FIRST", 20)
    options = tuple(Option(f"o{at}", f"Option {at}") for at in range(60))
    ballots = (Ballot(dots={option.id: at for at, option in enumerate(options)}),)
    poll = Poll("poll:1", PollKind.DOTS, "Which?", options, budget=2000, most=100, is_closed=True, ballots=ballots)
    shown = Results(poll)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    assert len(shown.findChildren(ResultBar)) == 20
    button = more(shown, "options")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    bars = shown.findChildren(ResultBar)
    assert len(bars) == 40
    assert QApplication.focusWidget() is bars[20]
