"""The assistant panel: what it shows in each state, and what the person says with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.values import Context, Order, Outcome, Paragraph, Phase, Standing
from helpers.assistant_panel import DIFFERENCE, buttons, panel_in, press, shown
from helpers.letters import set_letters


@pytest.fixture
def panel(qtbot: QtBot) -> AssistantPanel:
    return panel_in(qtbot)


def test_where_nothing_can_be_asked_it_says_why_and_offers_the_way_out(panel: AssistantPanel, qtbot: QtBot) -> None:
    for phase, word, button, signal in (
        (Phase.OFF, "off", "Turn on", "turned_on"),
        (Phase.NO_MODEL, "no model", "Choose a model…", "models_requested"),
        (Phase.STOPPED, "three times", "Start again", "start_requested"),
    ):
        panel.show_standing(Standing(phase))
        assert word in " ".join(shown(panel))
        assert buttons(panel) == [button]
        with qtbot.waitSignal(getattr(panel, signal)):
            press(panel, button)


def test_how_it_stands_and_what_came_of_it_is_read_out_once(
    panel: AssistantPanel, heard: list[str], qtbot: QtBot
) -> None:
    panel.show_standing(Standing(Phase.LOADING))
    panel.show_standing(Standing(Phase.NO_MODEL, sentence="Its file has changed."))
    qtbot.waitUntil(lambda: bool(heard))
    panel.show_standing(Standing(Phase.NO_MODEL, sentence="Its file has changed."))
    for is_final in (False, True, True):
        panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE, is_final=is_final))
    panel.show_outcome(Outcome("Ask", "In A"))
    panel.show_outcome(Outcome("Ask", "In August.", is_final=True))
    panel.show_problem("The model has ended.")
    assert heard == [
        "Its file has changed.", "Shorter. 2 changes proposed", "Ask. In August.", "The model has ended.",
    ]  # fmt: skip


def test_a_click_that_comes_when_the_model_is_loaded_already_asks_for_nothing(panel: AssistantPanel, qtbot: QtBot):
    panel.show_standing(Standing(Phase.OFF))
    act = next(button for button in panel.findChildren(QPushButton) if button.text() == "Turn on")
    panel.show_standing(Standing(Phase.LOADING, model="small"))
    with qtbot.assertNotEmitted(panel.turned_on):
        act.click()


def test_while_it_works_stop_is_seen_and_escape_stops_it(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.form.choose("summarise")
    for phase in (Phase.LOADING, Phase.WAITING, Phase.WORKING):
        panel.show_standing(Standing(phase, model="small", may_stop=True))
        panel.show_outcome(Outcome("Summary", text="It " * 900))
        assert "Stop" in buttons(panel), phase
        assert panel.rect().contains(panel.form.stop.mapTo(panel, panel.form.stop.rect().center())), phase
        with qtbot.waitSignal(panel.form.stop_requested):
            press(panel, "Stop")
        panel.form.stop.setFocus()
        with qtbot.waitSignal(panel.form.stop_requested):
            qtbot.keyClick(panel.form.stop, Qt.Key.Key_Escape)
        panel.show_standing(Standing(Phase.READY, model="small"))
        assert "Stop" not in buttons(panel), phase


def test_it_shows_how_far_the_model_has_read_and_which_part_it_is_at_also_beside_what_it_wrote(
    panel: AssistantPanel,
) -> None:
    (bar,) = panel.findChildren(QProgressBar)
    panel.show_standing(Standing(Phase.WORKING, reading=(128, 512), may_stop=True))
    assert "Reading: 128 of 512 tokens read" in shown(panel)
    assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 25, 100)
    panel.show_outcome(Outcome("Summary", text="Ada waters."))
    panel.show_standing(Standing(Phase.WORKING, may_stop=True))
    assert not bar.isVisible()
    panel.show_standing(Standing(Phase.WORKING, sentence="Part 2 of 3…", reading=(384, 768), may_stop=True))
    assert "Part 2 of 3: 384 of 768 tokens read" in shown(panel)
    panel.show_standing(Standing(Phase.WORKING, sentence="Part 2 of 3…", may_stop=True))
    assert "Part 2 of 3…" in shown(panel)
    assert (bar.isVisible(), bar.maximum()) == (True, 0)


def test_a_task_is_asked_with_what_the_person_says(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.form.choose("ask")
    (field,) = [each for each in panel.form.findChildren(QLineEdit) if each.isVisible()]
    assert field.placeholderText() == "Your question"
    qtbot.keyClicks(field, "Who waters?")
    with qtbot.waitSignal(panel.form.asked) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked.args == [Order("ask", "Who waters?")]


def test_what_was_said_to_a_task_is_there_when_one_comes_back_to_it(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.form.choose("ask")
    (field,) = [each for each in panel.form.findChildren(QLineEdit) if each.isVisible()]
    field.setText("Who waters?")
    panel.form.choose("summarise")
    assert not [each for each in panel.form.findChildren(QLineEdit) if each.isVisible()]
    panel.form.choose("ask")
    with qtbot.waitSignal(panel.form.asked) as asked:
        press(panel, "Ask")
    assert asked.args == [Order("ask", "Who waters?")]


def test_a_rewriting_needs_a_selection_and_says_so(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.form.choose("rewrite-shorter")
    assert "Select the text first." in shown(panel)
    with qtbot.assertNotEmitted(panel.form.asked):
        panel.form.ask()
    panel.form.show_subject(12, 40)
    assert "12 selected words" in shown(panel)
    with qtbot.waitSignal(panel.form.asked):
        panel.form.ask()


def test_a_task_that_needs_words_is_not_asked_without_them(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.form.choose("ask")
    with qtbot.assertNotEmitted(panel.form.asked):
        panel.form.ask()


def test_where_the_text_goes_elsewhere_the_place_is_always_seen(panel: AssistantPanel) -> None:
    for phase in (Phase.READY, Phase.LOADING, Phase.WORKING, Phase.NO_MODEL, Phase.STOPPED):
        panel.show_standing(Standing(phase, model="large", place="models.example.org"))
        assert "Text goes to models.example.org" in shown(panel)
    panel.show_standing(Standing(Phase.READY, model="small"))
    assert not any("Text goes" in each for each in shown(panel))


def test_what_the_model_saw_is_listed_on_demand(panel: AssistantPanel) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    paragraphs = (Paragraph(0, "Far above", False), Paragraph(1, "Near", True), Paragraph(2, "Here", True))
    panel.context.show_context(Context(paragraphs, 800, 750, 101.7))
    assert any("102 tokens/s" in each for each in shown(panel))
    panel.show_standing(Standing(Phase.READY, model="large"))
    assert not any("tokens/s" in each for each in shown(panel))
    assert not any("2 of 3 paragraphs" in each for each in shown(panel))
    panel.context.open.setChecked(True)
    assert any("saw 2 of 3 paragraphs: 800 tokens, 750 of them read before" in each for each in shown(panel))


def test_a_problem_is_one_sentence_that_goes_again(panel: AssistantPanel) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_problem("The model ended.")
    assert "The model ended." in shown(panel)
    panel.show_problem("")
    assert "The model ended." not in shown(panel)


def test_escape_gives_the_keyboard_back_to_the_page(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Summary", text="Short.", accepting="Insert", is_final=True))
    with qtbot.waitSignal(panel.left):
        qtbot.keyClick(panel.result, Qt.Key.Key_Escape)
    panel.form.take_keyboard()
    with qtbot.waitSignal(panel.left):
        assert panel.focusWidget() is not None
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Escape)


def test_words_that_look_like_markup_are_shown_as_they_are(panel: AssistantPanel) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("<i>Title</i>", text="<b>x</b>", note="<u>n</u>", is_final=True))
    assert {"<i>Title</i>", "<u>n</u>"} <= set(shown(panel))


def test_with_large_letters_the_answers_to_what_came_go_below_each_other_and_none_is_cut(
    panel: AssistantPanel, qtbot: QtBot
) -> None:
    set_letters(panel, 20)
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Who?", text="Both. " * 40, accepting="Insert at the caret", is_final=True))
    panel.resize(340, 900)
    answers = [each for each in panel.result.findChildren(QAbstractButton) if each.isVisible() and each.text()]
    assert len(answers) == 3
    qtbot.waitUntil(lambda: len({each.y() for each in answers}) > 1)
    for each in answers:
        row = each.parentWidget()
        qtbot.waitUntil(lambda row=row, each=each: row.rect().contains(each.geometry()))


def test_in_a_low_panel_how_it_stands_is_scrolled_and_not_cut(panel: AssistantPanel, qtbot: QtBot) -> None:
    set_letters(panel, 20)
    panel.show_standing(Standing(Phase.OFF))
    panel.resize(340, 200)
    (sentence,) = [each for each in panel.findChildren(QLabel) if each.accessibleDescription() == "Status"]
    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))
    assert panel.rect().contains(panel.act.mapTo(panel, panel.act.rect().bottomRight()))
