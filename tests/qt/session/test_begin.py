"""Beginning a session: with the question alone, or with everything chosen, by keyboard too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.gui.look.theme import named, stylesheet
from cowrite.gui.session import begin_dialog
from cowrite.gui.session.begin_dialog import BeginDialog
from cowrite.gui.widgets.wrapping_row import FRAMELESS
from cowrite.paths import resources
from cowrite.storage.session_template_reading import load_session_templates
from helpers.called import the

NOW = 1_795_600_000_000  # in November 2026


@pytest.fixture
def dialog(qtbot: QtBot) -> BeginDialog:
    templates = load_session_templates(resources() / "templates").templates
    dialog = BeginDialog(templates, "/home/ada/templates", "Ada", ["Ada", "Bo"], NOW)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def button(dialog: QWidget, text: str) -> QAbstractButton:
    return the(dialog, QAbstractButton, text)


def say(dialog: QWidget, question: str = "How might we rest?") -> None:
    field = the(dialog, QLineEdit, "Question")
    field.setFocus()
    QTest.keyClicks(field, question)


def more(dialog: QWidget) -> QListWidget:
    button(dialog, "More: phases, rules, who leads").click()
    return the(dialog, QListWidget, "Phases")


def choose(dialog: QWidget, name: str, text: str) -> None:
    box = the(dialog, QComboBox, name)
    box.setCurrentIndex(box.findText(text))


def test_its_fields_end_where_its_button_does_with_a_scroll_bar_or_without(dialog: BeginDialog, qtbot: QtBot) -> None:
    more(dialog)
    bar = dialog.findChildren(QScrollArea)[0].verticalScrollBar()
    parts = [the(dialog, QLineEdit, "Question"), the(dialog, QComboBox, "Template"), button(dialog, "Begin")]
    for height, is_scrolled in ((400, True), (1800, False)):
        dialog.resize(dialog.width(), height)
        qtbot.waitUntil(lambda is_scrolled=is_scrolled: bar.isVisible() is is_scrolled)
        qtbot.waitUntil(lambda: len({each.mapTo(dialog, each.rect().topRight()).x() for each in parts}) == 1)
    for words in ("Word it as “How might we …”", "More: phases, rules, who leads"):
        frameless = button(dialog, words).mapTo(dialog, QPoint(FRAMELESS, 0))
        assert frameless.x() == parts[0].mapTo(dialog, QPoint(0, 0)).x()


def test_a_session_begins_with_a_question_and_enter_and_not_without(dialog: BeginDialog, qtbot: QtBot) -> None:
    assert not button(dialog, "Begin").isEnabled()
    say(dialog)
    with qtbot.waitSignal(dialog.begin_wanted) as asked:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    (wanted,) = asked.args
    assert wanted.question == "How might we rest?"
    assert (wanted.phases, wanted.facilitator, wanted.is_anonymous) == (VARIANTS["full"], "Ada", False)
    assert (wanted.template, wanted.decider, wanted.deadline) == ("how-might-we", "", 0)


def test_a_question_is_worded_and_the_missing_word_is_marked(dialog: BeginDialog) -> None:
    say(dialog, "The noisy yard")
    button(dialog, "Word it as “How might we …”").click()
    field = the(dialog, QLineEdit, "Question")
    assert field.selectedText() == "…"
    QTest.keyClicks(field, "use")
    assert field.text() == "How might we use the noisy yard?"
    assert not button(dialog, "Word it as “How might we …”").isEnabled()


def test_it_is_said_what_becomes_of_ones_name_before_anybody_writes(dialog: BeginDialog) -> None:
    words = the(dialog, QLabel, "What becomes of your name")
    assert "Your name will stand beside" in words.text()
    button(dialog, "Without names").click()
    assert "Nobody will learn who wrote which note" in words.text()
    assert dialog.beginning().is_anonymous


def test_that_what_is_open_comes_first_only_where_something_is_left_stands_beside_that_phase(dialog) -> None:
    first = more(dialog).item(0)
    assert first.text() == "Open  ·  if something is left"


def test_a_template_sets_phases_and_minutes_and_says_what_it_is_and_a_length_other_phases_or_a_day(
    dialog: BeginDialog,
) -> None:
    choose(dialog, "Template", "Crazy eights")
    assert "Eight ideas in eight minutes" in the(dialog, QLabel, "What the template is").text()
    assert Phase.DECIDE not in dialog.beginning().phases
    assert dialog.beginning().minutes == {Phase.WRITE: 8}

    choose(dialog, "Template", "SCAMPER")
    choose(dialog, "Length", "Quick")
    assert dialog.beginning().phases == VARIANTS["quick"]
    assert dialog.beginning().minutes == {Phase.WRITE: 14}
    assert dialog.beginning().deadline == 0

    choose(dialog, "Length", "Asynchronous")
    assert dialog.beginning().deadline > NOW + 24 * 3_600_000


def test_how_long_all_phases_take_is_said_before_a_session_is_begun(dialog: BeginDialog) -> None:
    def said() -> list[str]:
        return [each.text() for each in dialog.findChildren(QLabel) if each.isVisible() and "in all" in each.text()]

    assert said() == ["About 57 min in all."]
    choose(dialog, "Length", "Quick")
    assert said() == ["About 17 min in all."]
    listed = more(dialog)
    listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert said() == ["About 14 min in all."]
    choose(dialog, "Length", "Asynchronous")
    assert said() == []


def test_phases_are_ticked_moved_and_timed_with_keys(dialog: BeginDialog) -> None:
    phases = more(dialog)
    phases.setFocus()
    QTest.keyClick(phases, Qt.Key.Key_Space)  # not Open
    QTest.keyClick(phases, Qt.Key.Key_Down)
    QTest.keyClick(phases, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)  # Question after Write
    QTest.keyClick(phases, Qt.Key.Key_Plus)
    assert dialog.beginning().phases[:3] == (Phase.WRITE, Phase.FRAME, Phase.REVEAL)
    assert dialog.beginning().minutes == {Phase.FRAME: 4}
    assert the(dialog, QSpinBox, "Minutes for Question").value() == 4


def test_a_session_without_phases_is_not_begun_nor_kept(dialog: BeginDialog, qtbot: QtBot) -> None:
    say(dialog)
    phases = more(dialog)
    for row in range(phases.count()):
        phases.item(row).setCheckState(Qt.CheckState.Unchecked)
    with qtbot.assertNotEmitted(dialog.begin_wanted):
        button(dialog, "Begin").click()
    assert the(dialog, QLabel, "What went wrong").text() == "Tick at least one phase."
    the(dialog, QLineEdit, "Title of the template").setText("None")
    with qtbot.assertNotEmitted(dialog.save_wanted):
        button(dialog, "Keep").click()


def test_who_leads_decides_and_by_which_rule_can_be_chosen(dialog: BeginDialog) -> None:
    more(dialog)
    choose(dialog, "Who leads", "Everybody")
    the(dialog, QComboBox, "Who decides").setCurrentText("Bo")
    the(dialog, QComboBox, "Rule").setCurrentText("Whoever shouts loudest")
    wanted = dialog.beginning()
    assert (wanted.facilitator, wanted.decider, wanted.rule) == ("", "Bo", "Whoever shouts loudest")


def test_what_is_chosen_is_kept_as_a_template_and_enter_and_escape_at_its_title_are_about_that_alone(
    dialog: BeginDialog, qtbot: QtBot
) -> None:
    say(dialog)
    more(dialog)
    button(dialog, "Save this as a template").click()
    assert not button(dialog, "Keep").isEnabled()
    title = the(dialog, QLineEdit, "Title of the template")
    QTest.keyClicks(title, "Fridays")
    with qtbot.waitSignal(dialog.save_wanted) as asked:
        button(dialog, "Keep").click()
    assert asked.args[1] == "Fridays"
    assert asked.args[0].phases == VARIANTS["full"]
    title.clear()
    with qtbot.assertNotEmitted(dialog.begin_wanted):
        QTest.keyClick(title, Qt.Key.Key_Return)
        QTest.keyClicks(title, "Mondays")
        with qtbot.waitSignal(dialog.save_wanted) as asked:
            QTest.keyClick(title, Qt.Key.Key_Return)
    assert asked.args[1] == "Mondays"

    QTest.keyClick(title, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not title.isVisible()
    assert dialog.focusWidget() is button(dialog, "Save this as a template")


def test_all_that_takes_the_keyboard_has_a_name_and_a_template_that_cannot_be_used_is_told_of(
    dialog: BeginDialog,
) -> None:
    dialog.show_message("The session template “x.toml”, line 2, cannot be used.")
    assert "line 2" in the(dialog, QLabel, "What went wrong").text()
    more(dialog)
    kinds = (QLineEdit, QComboBox, QAbstractButton, QListWidget, QSpinBox)
    controls = [each for kind in kinds for each in dialog.findChildren(kind) if each.isVisible()]
    nameless = [each for each in controls if not each.accessibleName() and not isinstance(each.parent(), QSpinBox)]
    assert nameless == []


def test_no_words_are_cut_off_in_a_narrow_window_with_all_there_is_to_choose(qtbot: QtBot, qapp, monkeypatch) -> None:
    theme, before = named("light"), qapp.styleSheet()
    qapp.setStyleSheet(stylesheet(theme))
    try:
        templates = load_session_templates(resources() / "templates").templates
        dialog = BeginDialog(templates, "/home/ada/templates", "Ada", [], NOW)
        qtbot.addWidget(dialog)
        dialog.show()
        choose(dialog, "Length", "Asynchronous")
        description = the(dialog, QLabel, "What the template is")
        monkeypatch.setattr(begin_dialog, "resize_on_screen", lambda *_: None)  # as where the screen has no more room
        for width in range(360, 460, 20):
            for _ in range(2):
                dialog.resize(width, 420)
                QApplication.processEvents()
                more(dialog)
                qtbot.waitUntil(lambda: description.height() >= description.heightForWidth(description.width()))
    finally:
        qapp.setStyleSheet(before)
