"""Goals for words: chosen in a dialog, shown with the number of words, and kept on this computer."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.app.draft.words import own_words
from cowrite.core.text.origin import Origin
from cowrite.gui.dialogs.word_goals_dialog import WordGoalsDialog
from cowrite.storage.goals import load_goals, save_goals
from helpers.desk import Desk, texts, write


def asked(draft: Draft) -> WordGoalsDialog:
    draft.window.actions_["word_goals"].trigger()
    return draft.window.findChildren(WordGoalsDialog)[-1]


def choose(draft: Draft, document: str, a_day: str) -> None:
    """Types goals, and presses Enter."""
    dialog = asked(draft)
    for field, words in ((dialog.document, document), (dialog.a_day, a_day)):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, words)
    QTest.keyClick(dialog.a_day, Qt.Key.Key_Return)


def shown(draft: Draft) -> str:
    return draft.window.status._words.text()


def test_goals_stand_with_the_number_of_words_and_are_kept_for_the_next_start(desk, draft, tmp_path, qtbot):
    other = desk.new()
    write(draft, "one two three")
    desk.until(lambda: shown(draft) == "3 words")
    choose(draft, "2000", "5")
    assert shown(draft) == "3 words of 2000 · 0 of 5 today"
    assert shown(other) == "0 words · 0 of 5 today"
    write(draft, " four five")
    write(other, "six")
    desk.until(lambda: shown(draft) == "5 words of 2000 · 3 of 5 today")
    assert shown(other) == "1 word · 3 of 5 today"
    for _ in " five":
        QTest.keyClick(draft.editor, Qt.Key.Key_Backspace)
    desk.until(lambda: shown(draft) == "4 words of 2000 · 2 of 5 today")
    assert draft.window.status.told()[-1] == shown(draft)
    draft.editor.select_all()
    desk.until(lambda: shown(draft) == "4 of 4 words")
    path = draft.path
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    draft = again.open(path)
    again.until(lambda: shown(draft) == "4 words of 2000 · 2 of 5 today")
    dialog = asked(draft)
    assert (dialog.document.value(), dialog.a_day.value()) == (2000, 5)
    dialog.reject()
    choose(draft, "0", "0")
    assert shown(draft) == "4 words"
    again.leave()


def test_what_teammates_write_and_what_comes_from_elsewhere_is_none_of_the_days_words(desk, draft):
    choose(draft, "0", "100")
    write(draft, "one two three ")
    said = "This document has 3 words now; you have written 3 today."  # those of just now are counted
    dialog = asked(draft)
    assert said in texts(dialog)
    dialog.reject()
    for origin in (Origin.REMOTE, Origin.IMPORT):
        with draft.document.edit(origin) as edit:
            edit.insert(0, "not mine ")
    desk.until(lambda: shown(draft) == "7 words · 3 of 100 today")
    QTest.keyClick(draft.editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    write(draft, "but this is ")
    desk.until(lambda: shown(draft) == "10 words · 6 of 100 today")


def test_another_day_begins_at_nought_and_is_shown_though_nobody_writes(desk, draft, monkeypatch):
    choose(draft, "", "10")
    write(draft, "one two")
    desk.until(lambda: shown(draft) == "2 words · 2 of 10 today")
    goals = desk.application.goals
    monkeypatch.setattr(goals, "_today", lambda: date(2199, 1, 1))
    write(draft, " three")
    desk.until(lambda: shown(draft) == "3 words · 1 of 10 today")
    monkeypatch.setattr(goals, "_today", lambda: date(2199, 1, 2))
    goals._look.timeout.emit()
    assert shown(draft) == "3 words · 0 of 10 today"


@pytest.mark.parametrize(
    ("grown", "own", "others", "mine"),
    [(4, 20, 0, 4), (-2, -9, 0, -2), (10, 30, 30, 5), (-90, 50, -500, 10), (0, 60, -60, 10), (3, 12, 600, 2)],
)
def test_words_that_several_have_written_at_once_are_divided_by_their_letters(grown, own, others, mine):
    assert own_words(grown, own, others) == pytest.approx(mine, abs=2)


def test_what_is_written_right_before_a_window_closes_or_everything_ends_counts(desk, draft, tmp_path, qtbot):
    other = desk.new()
    desk.until(lambda: shown(other) == "0 words")
    choose(draft, "", "10")
    write(draft, "one two three")
    draft.window.close()
    assert desk.application.goals.written == 3
    write(other, "four five")
    desk.application.storage.finish()
    path, today = desk.paths.goals, QDate.currentDate().toString(Qt.DateFormat.ISODate)
    there = load_goals(path).with_document("elsewhere", 700)
    save_goals(path, there._replace(day=today, written=10))  # by another cowrite
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    assert again.application.goals.written == 15
    assert load_goals(path).documents == {"elsewhere": 700}
    again.leave()


def test_what_a_teammate_suggests_is_theirs_also_when_one_decides_on_it(desk, draft):
    choose(draft, "", "100")
    write(draft, "mine one two three four five")
    desk.until(lambda: shown(draft) == "6 words · 6 of 100 today")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(4, " new words", {"insertion": "change:1"})
        edit.set_suggested(18, 4, "deletion", "change:2")
    desk.until(lambda: shown(draft) == "7 words · 6 of 100 today")
    for what, words in (("reject_changes", 6), ("undo", 7), ("accept_changes", 7)):
        draft.window.actions_[what].trigger()
        desk.until(lambda: not draft.window.words.is_behind)
        assert shown(draft) == f"{words} words · 6 of 100 today", what


def test_a_goal_for_the_day_stays_that_is_chosen_while_another_window_asks_for_that_of_its_document(desk, draft):
    dialog = asked(draft)
    choose(desk.new(), "", "300")
    dialog.document.setValue(1000)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert shown(draft) == "0 words of 1000 · 0 of 300 today"


def test_a_click_on_the_number_of_words_asks_for_goals(draft):
    QTest.mouseClick(draft.window.status._words, Qt.MouseButton.LeftButton)
    assert draft.window.findChild(WordGoalsDialog).isVisible()
