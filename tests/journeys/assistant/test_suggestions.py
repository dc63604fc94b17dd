"""Suggestions at the caret, with the real worker answering by a script: asked, shown, accepted, and never stale."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.pacing import LATE
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase
from cowrite.core.text.origin import Origin
from helpers.assistant_desk import AssistantDesk, marks, said, shown
from helpers.copies import copy_of
from helpers.desk import write
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
def make(make: Callable[..., AssistantDesk]) -> Callable[..., AssistantDesk]:
    return partial(make, *RULES, model={})


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


def suggests_nothing(given: AssistantDesk, draft: Draft) -> None:
    """Asks by key, and sees that there is none, and that this is said."""
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: "nothing to suggest" in said(draft))
    assert given.of(draft).suggestions.shown == ""


def test_the_line_in_which_a_suggestion_is_taken_has_room_below_it(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft = begun(given, "Words\n\n" * 60 + "The fox jumps")
    editor = draft.editor
    editor.set_caret(editor.caret()[0])
    bar = editor.verticalScrollBar()
    bar.setValue(bar.value() + editor.cursorRect().bottom() - editor.viewport().height() + 2)
    assert editor.viewport().height() - editor.cursorRect().bottom() < editor.cursorRect().height()
    assert suggested(given, draft) == " over the wall."
    press(editor, "Tab")
    assert editor.viewport().height() - editor.cursorRect().bottom() >= editor.cursorRect().height()


def test_a_suggestion_goes_on_from_the_text_without_what_is_to_go_and_one_that_is_not_sure_is_said_to_be_none(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "The fox runs ")
    suggest(draft, "runs", "jumps")
    draft.editor.set_caret(draft.document.length - 1)
    assert suggested(given, draft) == "over the wall."
    press(draft.editor, "Escape")

    write(draft, "I am unsure ")
    suggests_nothing(given, draft)


def test_a_key_asks_tab_accepts_and_one_undo_takes_it_back_and_another_press_asks_for_another_one(
    make: Callable[..., AssistantDesk],
) -> None:
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

    draft = begun(given, "The fox jumps ")
    suggested(given, draft)
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert given.of(draft).suggestions.shown == ""
    given.desk.until(lambda: given.of(draft).suggestions.shown)
    press(draft.editor, "ctrl+Right")  # word by word it is one use of the model
    press(draft.editor, "ctrl+Right")
    assert draft.editor.toPlainText() == "The fox jumps over the"
    assert given.of(draft).suggestions.shown == " wall."
    press(draft.editor, "Escape")
    assert given.of(draft).suggestions.shown == ""
    (record,) = draft.document.assists.records().values()
    assert record.seed == 1


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
    suggests_nothing(given, draft)


def test_typing_on_going_on_elsewhere_escape_and_the_status_strip_each_end_what_the_model_thinks_about(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "The rain falls\nIt is slow ")
    suggestions, process, stop = given.of(draft).suggestions, given.processes, draft.window.actions_["assistant_stop"]
    assert not stop.isEnabled()

    def think() -> None:
        QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        given.desk.until(lambda: process and process[0].phase is Phase.READING)
        assert suggestions.is_busy
        assert stop.isEnabled()

    think()
    (strip,) = marks(draft)
    assert strip.accessibleName() == "Stop"
    strip.click()
    given.desk.until(lambda: not suggestions.is_busy)
    given.desk.until(lambda: process[0].phase is Phase.READY)
    assert marks(draft) == []
    assert draft.editor.hasFocus()
    assert suggestions.shown == ""

    think()
    QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
    assert not suggestions.is_busy
    assert not stop.isEnabled()
    given.desk.until(lambda: process[0].phase is Phase.READY)
    assert suggestions.shown == ""

    think()
    write(draft, "x")
    given.desk.until(lambda: not suggestions.is_busy)
    given.desk.until(lambda: process[0].phase is Phase.READY)
    assert suggestions.shown == ""
    press(draft.editor, "Backspace")

    think()
    press(draft.editor, "Up")
    press(draft.editor, "End")
    given.let_write(10)
    given.desk.until(lambda: not suggestions.is_busy)
    assert suggestions.shown == ""
    assert draft.editor.caret() == (14, 14)
    press(draft.editor, "Tab")
    assert draft.editor.toPlainText() == "The rain falls\t\nIt is slow "
    assert draft.document.assists.records() == {}


def test_a_teammate_elsewhere_leaves_the_suggestion_that_is_shown_or_comes_and_in_the_paragraph_takes_it(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft = begun(given, "Above here\nIt is slow ")
    mate = copy_of(draft.document)
    suggestions, process = given.of(draft).suggestions, given.processes
    QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
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

    def writes(at: int, text: str) -> None:
        with mate.edit(Origin.LOCAL) as edit:
            edit.insert(at, text)
        draft.document.apply_remote(mate.update_since(draft.document.state_vector()))

    writes(0, "Far ")
    assert suggestions.shown == "and steady."
    writes(mate.text().index("slow"), "rather ")
    assert suggestions.shown == ""


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


@pytest.mark.parametrize("turned_off", ["before it is asked", "while it is thought of", "while it is shown"])
def test_whoever_wants_none_by_itself_any_more_gets_none_though_it_was_under_way(
    make: Callable[..., AssistantDesk], turned_off: str
) -> None:
    given = make(after_pause=True)
    draft = begun(given, "Above\n")
    suggestions, choice = given.of(draft).suggestions, draft.window.actions_["suggest_after_pause"]
    write(draft, "The fox jumps " if turned_off == "while it is shown" else "It is slow ")
    if turned_off == "before it is asked":
        given.desk.until(suggestions._timer.isActive)
    elif turned_off == "while it is thought of":
        given.desk.until(lambda: given.processes and given.processes[0].phase is Phase.READING)
    else:
        given.desk.until(lambda: suggestions.shown)
    choice.trigger()
    assert not suggestions.is_busy
    assert not suggestions._timer.isActive()
    assert suggestions.shown == ""

    suggestions.ask()  # what was asked for by key goes on
    given.desk.until(lambda: suggestions.is_busy)
    choice.trigger()
    choice.trigger()
    assert suggestions.is_busy


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


def test_two_windows_ask_one_model_and_a_suggestion_whose_place_is_taken_is_waited_for_no_longer(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    first = begun(given, "The fox jumps ")
    suggested(given, first)
    second = begun(given, "A bird flies ")
    assert suggested(given, second) == "after flies comes more."
    assert given.of(first).suggestions.shown == ""  # the keyboard has gone
    assert len(given.processes) == 1

    write(second, "and is slow ")
    QTest.keyClick(second.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    given.desk.until(lambda: given.processes[0].phase is Phase.READING)
    first.window.activateWindow()
    given.desk.until(first.window.isActiveWindow)
    assert suggested(given, first) == "over the wall."
    assert not given.of(second).suggestions.is_busy
    assert not second.window.actions_["assistant_stop"].isEnabled()
    assert "thinking" not in shown(second.window.status)


def test_a_suggestion_that_comes_while_the_keyboard_is_elsewhere_is_not_said_to_be_none_and_goes_with_the_assistant(
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

    draft.editor.setFocus()
    write(draft, "fox jumps ")
    suggested(given, draft)
    draft.window.actions_["assistant_on"].trigger()
    assert given.of(draft).suggestions.shown == ""
    given.desk.until(lambda: given.processes[0].process_id is None)
    press(draft.editor, "Tab")
    assert draft.editor.toPlainText() == "It is slow fox jumps \t"
