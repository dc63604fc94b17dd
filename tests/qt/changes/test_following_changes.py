"""Suggested changes of a draft while somebody writes on: how often they are looked at, and what a letter costs."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from cowrite.app.changes import flow as change_flow
from cowrite.app.changes.flow import FOLLOW_DELAY, REST, ChangeFlow, overruled_in_words
from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.core.writing.moving import move, possible
from cowrite.gui.changes.panel import ChangesPanel
from cowrite.gui.widgets.text_panel import FIRST
from cowrite.sync.rights import Rights
from helpers.counting import counted
from helpers.desk import Desk, write
from helpers.suggesting import changes_of, marked


@pytest.fixture
def draft(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, " ".join(f"word{number:02}" for number in range(50)))
    return draft


def panel(draft: Draft) -> ChangesPanel:
    draft.window.actions_["show_changes"].setChecked(True)
    assert draft.window.panels.changes is not None
    return draft.window.panels.changes


def suggest_many(draft: Draft, count: int) -> None:
    """Each of so many words is suggested to be another."""
    suggester, draft.document.suggester = draft.document.suggester, None
    changes_of(draft.document, "Bo")
    for number in range(count):
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.delete(number * 10, 6)
            edit.insert(number * 10, "new")
    draft.document.suggester = suggester


def test_a_suggested_word_that_is_longer_than_the_panel_is_seen_whole(desk: Desk) -> None:
    draft = desk.new()
    word = "Rindfleischetikettierung" * 4
    changes_of(draft.document, "Bo")
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, word)
    (row,) = panel(draft).rows
    room = panel(draft).minimumWidth() // 2
    assert row.words.fontMetrics().horizontalAdvance(word) > room > row.words.minimumSizeHint().width()


def test_a_letter_has_its_line_laid_out_as_often_with_many_suggestions_in_it_as_with_one(draft: Draft) -> None:
    def laid_out(count: int) -> int:
        suggest_many(draft, count)
        draft.document.suggester = draft.changes.flow.changes
        draft.editor.set_caret(draft.document.length - 1)
        changes = QSignalSpy(draft.editor.document().contentsChange)
        draft.editor.textCursor().insertText("x")
        draft.document.suggester = None
        return changes.count()

    few = laid_out(1)
    assert laid_out(40) <= few


def test_where_it_takes_long_to_look_at_all_of_them_that_happens_less_often(draft: Draft, monkeypatch) -> None:
    flow = draft.changes.flow
    assert flow._text_timer.interval() == FOLLOW_DELAY
    seconds = itertools.count(0, 0.05)
    with monkeypatch.context() as slow:
        slow.setattr(change_flow, "perf_counter", lambda: next(seconds))
        suggest_many(draft, 1)
        flow.refresh()
    assert flow._text_timer.interval() == 50 * REST
    suggest_many(draft, 1)
    flow.refresh()
    assert flow._text_timer.interval() < 50 * REST


def test_nobody_looks_through_all_of_them_where_nothing_has_changed(draft: Draft, monkeypatch) -> None:
    flow = draft.changes.flow
    suggest_many(draft, 3)
    shown = panel(draft)
    flow.refresh()
    looks = counted(monkeypatch, flow.changes, "all")
    flow._minute_timer.timeout.emit()
    flow.show_panel()
    assert len(list(shown.rows)) == 3
    assert not looks
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "before ")
    flow.refresh()
    assert len(looks) == 1
    assert flow._open[0].start == len("before ")


def test_the_panel_shows_the_first_of_many_and_decides_on_all(draft: Draft) -> None:
    suggest_many(draft, 40)
    shown = panel(draft)
    draft.changes.flow.refresh()
    assert len(list(shown.rows)) == FIRST
    shown.accept_all.click()
    assert draft.document.text().split()[:41] == [*["new"] * 40, "word40"]
    assert draft.changes.flow.changes.all() == []
    draft.editor.undo_own()
    assert len(draft.changes.flow.changes.all()) == 40


def test_a_line_that_somebody_suggests_to_move_is_shown_once(draft: Draft) -> None:
    document = draft.document
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "first\nsecond\n")
    changes_of(document, "Bo")
    wanted = possible(document, 0, 0, up=False)
    assert wanted is not None
    move(document, wanted)
    shown = panel(draft)
    draft.changes.flow.refresh()
    (row,) = shown.rows
    assert row.change.sentence.startswith("Move “first")
    assert row.words.text().count("first") == 1


def test_what_is_written_anew_in_its_place_is_not_shown_as_moved(draft: Draft) -> None:
    document, goes = draft.document, "words " * 60 + "agree"
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, f"{goes}\n{goes}\n")
    changes_of(document, "Bo")
    for at, comes in ((len(goes) + 1, "words " * 60 + "differ"), (0, goes)):
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(at, len(goes))
            edit.insert(at, comes)
    shown = panel(draft)
    draft.changes.flow.refresh()
    assert [row.change.sentence.partition(" ")[0] for row in shown.rows] == ["Replace", "Replace"]


def test_the_key_for_a_change_that_a_teammate_has_decided_presses_no_other_one(desk, draft: Draft) -> None:
    suggest_many(draft, 3)
    flow, shown = draft.changes.flow, panel(draft)
    draft.window.activateWindow()
    desk.until(draft.window.isActiveWindow)
    flow.refresh()
    first, second, third = (row.change.id for row in shown.rows)
    shown.take_keyboard(first)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    flow.refresh()
    assert QApplication.focusWidget() is shown.row(second).accept
    for id in (second, third):
        flow.changes.accept([id])  # not by a key of this panel
        flow.refresh()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        assert len(flow.changes.all()) == (id == second)
    assert draft.document.text().startswith("new new new word03")


def test_what_a_suggester_can_undo_stays_so_when_the_server_says_again_what_they_may_do(draft: Draft) -> None:
    suggester = Rights(may_edit=False)
    draft.connection.take_rights(suggester)
    assert not draft.document.can_undo()  # what was done before
    draft.editor.edits.replace_range(0, 6, "new")
    draft.connection.take_rights(suggester)
    draft.editor.undo_own()
    assert marked(draft.document).startswith("word00 word01")


def test_whoever_may_write_again_suggests_only_where_they_had_chosen_to(draft: Draft) -> None:
    suggests = draft.window.actions_["suggest_changes"]
    for chosen in (False, True):
        suggests.setChecked(chosen)
        draft.connection.take_rights(Rights(may_edit=False))
        draft.editor.edits.replace_range(0, 6, "new")
        draft.connection.take_rights(Rights())
        assert (suggests.isChecked(), draft.document.suggester is not None) == (chosen, chosen)


def test_a_suggester_withdraws_what_is_their_own_and_accepts_nothing(draft: Draft) -> None:
    suggest_many(draft, 2)
    draft.connection.take_rights(Rights(may_edit=False))
    draft.editor.edits.replace_range(30, 36, "mine")
    flow: ChangeFlow = draft.changes.flow
    flow.act("accept_changes")
    assert len(flow.changes.all()) == 3
    flow.act("reject_changes")
    assert [change.author.name for change in flow.changes.all()] == ["Bo", "Bo"]
    panel(draft)
    assert not [row for row in panel(draft).rows if not (row.accept.isHidden() and row.reject.isHidden())]


def test_the_caret_goes_to_each_change_and_round(draft: Draft) -> None:
    suggest_many(draft, 3)
    flow = draft.changes.flow
    draft.editor.set_caret(0)
    places = []
    for _ in range(3):
        flow.act("next_change")
        places.append(draft.editor.caret()[1])
    assert places == [10, 20, 0]
    flow.act("previous_change")
    assert draft.editor.caret() == (20, 20)
    assert flow.at_caret() == flow.changes.all()[2].id


def test_what_is_decided_has_the_others_looked_at_once_and_who_goes_on_to_the_next_has_none(draft: Draft) -> None:
    suggest_many(draft, 3)
    shown, flow = panel(draft), draft.changes.flow
    assert len(list(shown.rows)) == 3
    flow.refresh()
    looked: list[object] = []
    shown.show_changes = lambda *args, **more: looked.append(args)
    draft.window.actions_["next_change"].trigger()
    assert looked == []
    draft.window.actions_["accept_change"].trigger()
    assert len(looked) == 1
    assert not flow._text_timer.isActive()
    write(draft, "x")
    draft.window.actions_["next_change"].trigger()
    assert len(looked) == 2


def test_what_the_empty_panels_say_stands_below_their_headings(desk: Desk, draft: Draft) -> None:
    shown = panel(draft)
    draft.window.actions_["show_comments"].setChecked(True)
    assert draft.window.panels.comments is not None
    desk.until(draft.window.panels.comments.isVisible)
    for each in (shown, draft.window.panels.comments):
        each._area.widget().layout().activate()
        heading, words = (label.mapTo(each, label.contentsRect().topLeft()) for label in (each._heading, each._empty))
        assert words.x() == heading.x()
        assert words.y() > heading.y()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Bo"], "Bo decided differently on a change at the same moment, and that decision stands."),
        ([""], "Somebody decided differently on a change at the same moment, and that decision stands."),
        (["Bo", "Bo"], "Bo decided differently on 2 changes at the same moment, and those stand."),
        (["Bo", "Cy", "Cy"], "Others decided differently on 3 changes at the same moment, and those stand."),
    ],
)
def test_it_is_said_on_how_many_changes_others_decided_differently(names: list[str], said: str) -> None:
    assert overruled_in_words(names) == said


def test_of_many_changes_only_those_that_the_panel_shows_are_put_into_words(draft: Draft, monkeypatch) -> None:
    suggest_many(draft, 40)
    shown, flow = panel(draft), draft.changes.flow
    worded: list[str] = []
    words = flow._shown
    monkeypatch.setattr(flow, "_shown", lambda change: (worded.append(change.id), words(change))[1])
    flow.refresh()
    assert set(worded) == {row.change.id for row in shown.rows}
    assert len(list(shown.rows)) == FIRST
    shown.accept_all.click()
    assert not flow.changes.all()
