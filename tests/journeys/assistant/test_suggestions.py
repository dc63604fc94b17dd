"""Suggestions at the caret, with the real worker answering by a script: asked, shown, accepted, and never stale."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.pacing import LATE
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase
from cowrite.core.text.origin import Origin
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import AssistantDesk, marks, put_model, shown, turn_on
from helpers.copies import copy_of
from helpers.desk import Desk, write
from helpers.keys import press
from helpers.suggested import suggest

pytestmark = pytest.mark.journey

RULES = [
    {"when": r"^I write so\.\n\nThe bell rings$", "answer": " as I write.", "probability": 0.95},
    {"when": r"The fox jumps$", "answer": " over the wall.", "probability": 0.95},
    {"when": r"unsure$", "answer": " of this.", "probability": 0.1},
    {"when": r"slow$", "answer": " and steady.", "probability": 0.95, "gated": True},
    {"when": r"(\w+)$", "answer": " after \\1 comes more.", "probability": 0.9},
]


@pytest.fixture
def make(tmp_path: Path, sit: Callable[..., Desk]) -> Callable[..., AssistantDesk]:
    def make(name: str = "Ada", *, after_pause: bool = False) -> AssistantDesk:
        paths = Paths.of({HOME_VARIABLE: str(tmp_path / name)})
        put_model(paths)
        turn_on(paths, name, after_pause=after_pause)
        folder = tmp_path / f"{name}-script"
        folder.mkdir()
        return AssistantDesk(sit(name), {"rules": RULES}, folder)

    return make


def begun(given: AssistantDesk, text: str) -> Draft:
    """A draft with some words and the keyboard in it."""
    draft = given.desk.new()
    draft.window.activateWindow()
    QTest.qWaitForWindowActive(draft.window)
    write(draft, text)
    return draft


def suggested(given: AssistantDesk, draft: Draft) -> str:
    """What is shown once it has been asked for by key."""
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.of(draft).suggestions.shown)
    return given.of(draft).suggestions.shown


def said(draft: Draft) -> str:
    return " ".join(each.text() for each in draft.window.status.findChildren(QLabel) if each.isVisible())


def test_a_suggestion_goes_on_from_the_text_without_what_is_to_go(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "The fox runs ")
    suggest(draft, "runs", "jumps")
    draft.editor.set_caret(draft.document.length - 1)
    assert suggested(given, draft) == "over the wall."


def test_a_key_asks_tab_accepts_and_one_undo_takes_it_back(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "The fox jumps ")
    assert suggested(given, draft) == "over the wall."
    assert draft.editor.toPlainText() == "The fox jumps "
    press(draft.editor, "Tab")
    assert draft.editor.toPlainText() == "The fox jumps over the wall."
    assert draft.editor.caret() == (28, 28)
    (record,) = draft.document.assists.records().values()
    assert (record.task, record.act, record.model, record.by) == ("continue", "generated", "scripted", "Ada")
    write(draft, " Mine")
    assert [span.text for span in draft.document.spans() if "ai" in span.attributes] == ["over the wall."]
    draft.editor.undo_own()
    draft.editor.undo_own()
    assert draft.editor.toPlainText() == "The fox jumps "


def test_the_persons_own_paragraphs_stand_before_the_draft_and_avoided_words_are_not_suggested(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    card = given.desk.paths.style_card
    card.write_text('samples = ["I write so."]', encoding="utf-8")
    draft = begun(given, "The bell rings ")
    assert suggested(given, draft) == "as I write."
    press(draft.editor, "Escape")
    card.write_text('avoid = ["wall"]', encoding="utf-8")
    write(draft, "\nThe fox jumps ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: "nothing to suggest" in said(draft))
    assert given.of(draft).suggestions.shown == ""


def test_word_by_word_it_is_one_use_of_the_model(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "The fox jumps ")
    suggested(given, draft)
    press(draft.editor, "ctrl+Right")
    press(draft.editor, "ctrl+Right")
    assert draft.editor.toPlainText() == "The fox jumps over the"
    assert given.of(draft).suggestions.shown == " wall."
    press(draft.editor, "Escape")
    assert given.of(draft).suggestions.shown == ""
    assert len(draft.document.assists.records()) == 1


def test_another_press_asks_for_another_one(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "The fox jumps ")
    suggested(given, draft)
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert given.of(draft).suggestions.shown == ""
    given.desk.until(lambda: given.of(draft).suggestions.shown)
    press(draft.editor, "Tab")
    (record,) = draft.document.assists.records().values()
    assert record.seed == 1


def test_what_the_model_is_not_sure_of_is_not_shown_and_that_is_said(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "I am unsure ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: "nothing to suggest" in said(draft))
    assert given.of(draft).suggestions.shown == ""


def test_typing_on_while_the_model_thinks_shows_nothing_later(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "It is slow ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    suggestions, process = given.of(draft).suggestions, given.processes
    given.desk.until(lambda: process and process[0].phase is Phase.READING)
    assert suggestions.is_busy
    write(draft, "x")
    given.desk.until(lambda: not suggestions.is_busy)
    given.desk.until(lambda: process[0].phase is Phase.READY)
    assert suggestions.shown == ""


def test_a_suggestion_for_another_place_than_the_caret_is_at_by_now_is_not_shown(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "The rain falls\nIt is slow ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    suggestions, process = given.of(draft).suggestions, given.processes
    given.desk.until(lambda: process and process[0].phase is Phase.READING)
    press(draft.editor, "Up")
    press(draft.editor, "End")
    given.let_write(10)
    given.desk.until(lambda: not suggestions.is_busy)
    assert suggestions.shown == ""
    assert draft.editor.caret() == (14, 14)
    press(draft.editor, "Tab")
    assert draft.editor.toPlainText() == "The rain falls\t\nIt is slow "
    assert draft.document.assists.records() == {}


def test_escape_stops_the_model_before_it_has_anything_to_suggest(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "It is slow ")
    stop = draft.window.actions_["assistant_stop"]
    assert not stop.isEnabled()
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    suggestions, process = given.of(draft).suggestions, given.processes
    given.desk.until(lambda: process and process[0].phase is Phase.READING)
    assert stop.isEnabled()
    QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
    assert not suggestions.is_busy
    assert not stop.isEnabled()
    given.desk.until(lambda: process[0].phase is Phase.READY)
    assert suggestions.shown == ""
    assert draft.editor.toPlainText() == "It is slow "


def test_a_teammate_elsewhere_leaves_the_suggestion_and_in_the_paragraph_takes_it(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "Above\nThe fox jumps ")
    suggested(given, draft)
    mate = copy_of(draft.document)

    def writes(at: int, text: str) -> None:
        with mate.edit(Origin.LOCAL) as edit:
            edit.insert(at, text)
        draft.document.apply_remote(mate.update_since(draft.document.state_vector()))

    writes(0, "Far ")
    assert given.of(draft).suggestions.shown == "over the wall."
    writes(mate.text().index("fox"), "red ")
    assert given.of(draft).suggestions.shown == ""


def test_a_teammate_elsewhere_keeps_no_suggestion_from_coming(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "Above here\nIt is slow ")
    mate = copy_of(draft.document)
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    suggestions, process = given.of(draft).suggestions, given.processes
    given.desk.until(lambda: process and process[0].phase is Phase.READING)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(0, 1)
        edit.insert(9, ", in a line that becomes long")
        edit.format(0, 4, {"bold": True})
    draft.document.apply_remote(mate.update_since(draft.document.state_vector()))
    assert suggestions.is_busy
    given.let_write(10)
    given.desk.until(lambda: not suggestions.is_busy)
    assert suggestions.shown == "and steady."


def test_by_itself_nothing_is_asked_unless_the_person_wants_it_so(
    make: Callable[..., AssistantDesk], qtbot: QtBot
) -> None:
    given = make()
    draft = begun(given, "The fox jumps ")
    qtbot.wait(700)
    assert given.processes == []
    draft.window.actions_["suggest_after_pause"].trigger()
    write(draft, "x")
    press(draft.editor, "Backspace")
    write(draft, "and runs ")
    given.desk.until(lambda: given.of(draft).suggestions.shown)
    assert given.of(draft).suggestions.shown == "after runs comes more."


def test_what_comes_late_disturbs_nobody_unless_it_was_asked_for_by_key(make: Callable[..., AssistantDesk]) -> None:
    given = make(after_pause=True)
    draft = begun(given, "The fox jumps ")
    suggestions, assistant, passed = given.of(draft).suggestions, given.desk.application.assistant.assistant, [0.0]
    assistant.clock = lambda: time.monotonic() + passed[0]
    suggested(given, draft)
    press(draft.editor, "Escape")
    write(draft, "it is slow ")
    for by_key in (False, True):
        if by_key:
            suggestions.ask()
        given.desk.until(lambda: suggestions.is_busy)
        passed[0] += LATE + 1
        given.let_write(10)
        given.desk.until(lambda: not suggestions.is_busy)
        assert suggestions.shown == ("and steady." if by_key else "")


def test_that_the_model_is_too_slow_to_suggest_by_itself_is_said_in_the_panel(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(after_pause=True)
    draft = begun(given, "The fox jumps ")
    panel = given.panel(draft)
    draft.editor.setFocus()
    suggested(given, draft)
    assert "seconds to begin" not in shown(panel)
    suggestions = given.of(draft).suggestions
    suggestions._pacing.measured(30.0)
    suggestions.suggested.emit()
    assert "The model takes about 9 seconds to begin here" in shown(panel)
    draft.window.actions_["suggest_after_pause"].trigger()
    assert "seconds to begin" not in shown(panel)


def test_what_is_asked_for_by_key_right_behind_a_letter_gives_way_to_no_pause(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(after_pause=True)
    draft = begun(given, "It is slow ")
    suggestions = given.of(draft).suggestions
    given.desk.until(lambda: given.desk.application.assistant.assistant.models.is_known)
    write(draft, "and slow ")  # of which the document is told as soon as somebody reads it
    suggestions.ask()
    assert suggestions.is_busy
    assert suggestions._pacing.due is None


def test_turning_the_assistant_off_ends_the_process_and_takes_the_suggestion(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "The fox jumps ")
    suggested(given, draft)
    draft.window.actions_["assistant_on"].trigger()
    assert given.of(draft).suggestions.shown == ""
    given.desk.until(lambda: given.processes[0].process_id is None)
    press(draft.editor, "Tab")
    assert draft.editor.toPlainText() == "The fox jumps \t"


def test_without_a_model_the_panel_says_so(make: Callable[..., AssistantDesk], tmp_path: Path) -> None:
    given = make()
    for path in given.desk.paths.models.iterdir():
        path.unlink()
    draft = begun(given, "The fox jumps ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(
        lambda: draft.window.panels.assistant is not None and "no model" in shown(draft.window.panels.assistant)
    )
    assert given.processes == []


def test_two_windows_ask_one_model(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    first = begun(given, "The fox jumps ")
    suggested(given, first)
    second = begun(given, "A bird flies ")
    assert suggested(given, second) == "after flies comes more."
    assert given.of(first).suggestions.shown == ""  # the keyboard has gone
    assert len(given.processes) == 1


def test_while_a_suggestion_is_computed_the_status_strip_has_what_stops_it(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "It is slow ")
    assert marks(draft) == []
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.of(draft).suggestions.is_busy)
    (stop,) = marks(draft)
    assert stop.accessibleName() == "Stop"
    stop.click()
    given.desk.until(lambda: not given.of(draft).suggestions.is_busy)
    assert marks(draft) == []
    assert draft.editor.hasFocus()
    assert given.of(draft).suggestions.shown == ""


def test_a_suggestion_that_another_window_takes_the_place_of_is_waited_for_no_longer(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    first = begun(given, "It is slow ")
    QTest.keyClick(first.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.processes and given.processes[0].phase is Phase.READING)
    second = begun(given, "A bird flies ")
    assert suggested(given, second) == "after flies comes more."
    assert not given.of(first).suggestions.is_busy
    assert not first.window.actions_["assistant_stop"].isEnabled()
    assert "thinking" not in shown(first.window.status)


def test_a_suggestion_that_comes_while_the_keyboard_is_elsewhere_is_not_said_to_be_none(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "It is slow ")
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.processes and given.processes[0].phase is Phase.READING)
    given.panel(draft).take_keyboard()
    given.let_write(10)
    given.desk.until(lambda: not given.of(draft).suggestions.is_busy)
    assert given.of(draft).suggestions.shown == ""
    assert "nothing to suggest" not in shown(draft.window.status)
