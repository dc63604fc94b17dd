"""The assistant panel: what it shows in each state, and what the person says with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.difference_view import DifferenceView
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.values import (
    Alteration,
    Context,
    DecisionShown,
    Order,
    Outcome,
    Paragraph,
    Phase,
    Quote,
    Source,
    Standing,
    Subject,
    TaskChoice,
)
from cowrite.gui.theme import named
from cowrite.gui.wrapping_button import WrappingButton
from helpers.letters import set_letters

SHORTER = TaskChoice("rewrite-shorter", "Shorter", "Fewer words", "Rewrite", Subject.SELECTION)
OWN = TaskChoice("rewrite-own", "As you say", "Your words", "Rewrite", Subject.SELECTION, "How it should become")
ASK = TaskChoice("ask", "Ask about the draft", "With quotes", "Read", Subject.DOCUMENT, "Your question")
SUMMARISE = TaskChoice("summarise", "Summarise", "In short", "Read")
DECISIONS = TaskChoice(
    "decisions",
    "Decisions",
    "With quotes",
    "Read",
    Subject.EITHER,
    "About what?",
    may_be_silent=True,
    sources=(Source.DRAFT, Source.PASTED, Source.NOTES),
)
TASKS = (SHORTER, OWN, ASK, DECISIONS, SUMMARISE)
FOUND = (
    DecisionShown(0, "They take rubber.", "Decided · Ben · due Friday", (Quote(0, "We agreed on rubber."),)),
    DecisionShown(1, "The battery stays.", "Open", (Quote(1, "It is gone.", is_lost=True),), is_accepted=True),
)
DIFFERENCE = ("We have ", Alteration(0, "one", "a"), " wall", Alteration(1, "", " and a door"), ".")


@pytest.fixture
def panel(qtbot: QtBot) -> AssistantPanel:
    panel = AssistantPanel(named("light"))
    qtbot.addWidget(panel)
    panel.show_tasks(TASKS)
    panel.form.show_subject(0, 40)
    panel.resize(340, 640)
    panel.show()
    panel.activateWindow()
    return panel


def shown(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]


def buttons(panel: QWidget) -> list[str]:
    return [each.text() for each in panel.findChildren(QPushButton) if each.isVisible() and each.text()]


def press(panel: QWidget, text: str) -> None:
    next(each for each in panel.findChildren(QPushButton) if each.isVisible() and each.text() == text).click()


@pytest.mark.parametrize(
    ("phase", "word", "button", "signal"),
    [
        (Phase.OFF, "off", "Turn on", "turned_on"),
        (Phase.NO_MODEL, "no model", "Choose a model…", "models_requested"),
        (Phase.STOPPED, "three times", "Start again", "start_requested"),
    ],
)
def test_where_nothing_can_be_asked_it_says_why_and_offers_the_way_out(
    panel: AssistantPanel, qtbot: QtBot, phase: Phase, word: str, button: str, signal: str
) -> None:
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


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.WAITING, Phase.WORKING])
def test_while_it_works_stop_is_seen_and_escape_stops_it(panel: AssistantPanel, qtbot: QtBot, phase: Phase) -> None:
    panel.form.choose("summarise")
    panel.show_standing(Standing(phase, model="small", may_stop=True))
    panel.show_outcome(Outcome("Summary", text="It " * 900))
    assert "Stop" in buttons(panel)
    assert panel.rect().contains(panel.form.stop_button.mapTo(panel, panel.form.stop_button.rect().center()))
    with qtbot.waitSignal(panel.form.stop_requested):
        press(panel, "Stop")
    panel.form.stop_button.setFocus()
    with qtbot.waitSignal(panel.form.stop_requested):
        qtbot.keyClick(panel.form.stop_button, Qt.Key.Key_Escape)
    panel.show_standing(Standing(Phase.READY, model="small"))
    assert "Stop" not in buttons(panel)


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
    panel.form.choose("ask", "Who waters?")
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


def test_a_stream_grows_and_can_be_accepted_once_it_is_complete(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.WORKING, model="small", may_stop=True))
    panel.show_outcome(Outcome("Summary", text="The team"))
    assert "Accept" not in buttons(panel)
    panel.show_outcome(Outcome("Summary", text="The team plants", accepting="Insert", is_final=True))
    panel.show_standing(Standing(Phase.READY, model="small"))
    assert {"Insert", "Reject", "Again"} <= set(buttons(panel))
    for button, signal in (("Insert", "accepted"), ("Reject", "rejected"), ("Again", "again_requested")):
        with qtbot.waitSignal(getattr(panel.result, signal)):
            press(panel, button)


def test_each_change_of_a_rewriting_is_accepted_or_rejected_by_keyboard(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE, accepting="Accept all", is_final=True))
    (view,) = panel.findChildren(DifferenceView)
    assert "Change 1 of 2" in shown(view)
    text = view.focusProxy()
    assert text is not None
    assert text.accessibleDescription() == "Change 1 of 2: “one” becomes “a”"
    with qtbot.waitSignal(panel.result.alteration_accepted) as accepted:
        qtbot.keyClick(text, Qt.Key.Key_Return)
    assert accepted.args == [0]
    qtbot.keyClick(text, Qt.Key.Key_Down)
    assert text.accessibleDescription() == "Change 2 of 2: “and a door” is added"
    with qtbot.waitSignal(panel.result.alteration_rejected) as rejected:
        qtbot.keyClick(text, Qt.Key.Key_Delete)
    assert rejected.args == [1]


def test_a_difference_that_is_still_written_cannot_be_accepted(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE))
    (view,) = panel.findChildren(DifferenceView)
    with qtbot.assertNotEmitted(panel.result.alteration_accepted):
        view.accept()
    assert "Accept all" not in buttons(panel)


def test_tab_goes_from_an_answer_to_its_quotes_and_then_to_what_becomes_of_it(
    panel: AssistantPanel, qtbot: QtBot
) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Who?", text="Both.", quotes=QUOTES, accepting="Insert", is_final=True))
    qtbot.waitUntil(lambda: all(each.isVisible() for each in panel.findChildren(WrappingButton)))
    (written,) = [
        each for each in panel.findChildren(QPlainTextEdit) if each.accessibleName() == "What the model wrote"
    ]
    written.setFocus()
    reached = []
    for _ in range(4):
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
        reached.append(panel.focusWidget().accessibleName())
    there = [quote.text for quote in QUOTES if not quote.is_lost]
    assert reached[: len(there) + 2] == [*there, "Insert", "Reject"]


def test_a_rewriting_shows_what_goes_and_what_comes(panel: AssistantPanel) -> None:
    panel.show_outcome(Outcome("Shorter", difference=("A <b>", Alteration(0, "one", "two"), "\nend"), is_final=True))
    (view,) = panel.findChildren(DifferenceView)
    text = view.focusProxy().document()
    assert text.toPlainText() == "A <b>one\u2009two\nend"
    struck = {
        each.format.fontStrikeOut()
        for each in text.firstBlock().textFormats()
        if text.firstBlock().text()[each.start :].startswith("one")
    }
    assert struck == {True}


def test_who_may_only_read_sees_what_came_and_why_they_cannot_accept_it(panel: AssistantPanel) -> None:
    reason = "You may read this document and not change it"
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE, accepting="Accept", is_final=True))
    accept = next(each for each in panel.result.findChildren(QPushButton) if each.text() == "Accept")
    (view,) = panel.findChildren(DifferenceView)
    assert accept.isEnabled()
    assert "Change 1 of 2" in shown(panel)
    panel.result.show_read_only(reason)
    assert (accept.isEnabled(), accept.toolTip()) == (False, reason)
    assert "Change 1 of 2" not in shown(panel)
    assert view.isVisible()
    panel.show_outcome(Outcome("Decisions", decisions=FOUND[:1], is_final=True))
    take = next(each for each in panel.result.findChildren(QPushButton) if each.accessibleName().startswith("Accept: "))
    assert (take.isEnabled(), take.toolTip()) == (False, reason)
    panel.result.show_read_only("")
    assert accept.isEnabled()


def test_a_quote_jumps_to_its_place_unless_that_is_gone(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    quotes = (Quote(3, "Herbs along the wall"), Quote(4, "It is gone", is_lost=True))
    panel.show_outcome(Outcome("Who?", text="Herbs.", quotes=quotes, is_final=True))
    there, gone = panel.findChildren(WrappingButton)
    assert there.accessibleName() == "Herbs along the wall"
    with qtbot.waitSignal(panel.result.quote_activated) as went:
        qtbot.keyClick(there, Qt.Key.Key_Space)
    assert went.args == [3]
    assert not gone.isEnabled()
    assert "no longer in the draft" in gone.toolTip()


@pytest.mark.parametrize(("said", "is_shown"), [("Herbs.", True), ("Herbs along the wall", False)])
def test_an_answer_that_is_its_only_quote_stands_there_once(panel: AssistantPanel, said: str, is_shown: bool) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Where?", text=said, quotes=(Quote(3, "Herbs along the wall"),), is_final=True))
    (quote,) = panel.findChildren(WrappingButton)
    assert quote.accessibleName() == "Herbs along the wall"
    written = [text for text in panel.result.findChildren(QPlainTextEdit) if text.isVisible()]
    assert [text.toPlainText() for text in written] == [said] * is_shown


QUOTES = tuple(Quote(number, "Herbs along the wall, and tomatoes where it is sunny.") for number in range(2))


@pytest.mark.parametrize(
    "answer",
    [Outcome("Who?", text="Herbs.", quotes=QUOTES, is_final=True), Outcome("Found", decisions=FOUND, is_final=True)],
    ids=["quotes", "decisions"],
)
def test_what_comes_with_an_answer_has_its_room(panel: AssistantPanel, answer: Outcome) -> None:
    panel.show_standing(Standing(Phase.WORKING, model="small", may_stop=True))
    panel.show_outcome(Outcome("Who?", text="Her"))
    QCoreApplication.processEvents()
    panel.show_outcome(answer)
    QCoreApplication.processEvents()
    rows = panel.findChildren(WrappingButton)
    assert len(rows) == 2
    for row in rows:
        assert row.visibleRegion().boundingRect().height() == row.height() >= row.fontMetrics().height()


def test_a_decision_is_accepted_and_its_quote_jumps_by_keyboard(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Decisions", decisions=FOUND, is_final=True))
    assert {"They take rubber.", "Decided · Ben · due Friday", "Open"} <= set(shown(panel))
    panel.result.take_keyboard()
    there = panel.window().focusWidget()
    assert isinstance(there, WrappingButton)
    assert there.accessibleName() == "We agreed on rubber."
    with qtbot.waitSignal(panel.result.quote_activated) as went:
        qtbot.keyClick(there, Qt.Key.Key_Space)
    assert went.args == [0]
    accept = next(
        each for each in panel.findChildren(QPushButton) if each.accessibleName() == "Accept: They take rubber."
    )
    with qtbot.waitSignal(panel.result.decision_accepted) as taken:
        qtbot.keyClick(accept, Qt.Key.Key_Space)
    assert taken.args == [0]
    settled = next(each for each in panel.findChildren(QPushButton) if each.text() == "Accepted")
    assert not settled.isEnabled()
    assert "changed or is gone" in panel.findChildren(WrappingButton)[1].toolTip()


def test_decisions_are_looked_for_in_the_draft_in_a_pasted_text_or_in_the_notes(
    panel: AssistantPanel, qtbot: QtBot
) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.form.choose("summarise")
    assert not panel.form.source.isVisible()
    panel.form.choose("decisions")
    asked: list[Order] = []
    panel.form.asked.connect(asked.append)
    press(panel, "Ask")
    box, field = panel.form.source.box, panel.form.source.pasted
    assert not field.isVisible()
    box.setCurrentIndex(1)
    assert field.isVisible()
    assert "Paste a text first." in shown(panel)
    press(panel, "Ask")
    field.setPlainText("Ben: Fine.")
    press(panel, "Ask")
    box.setCurrentIndex(2)
    press(panel, "Ask")
    assert asked == [
        Order("decisions"),
        Order("decisions", source=Source.PASTED, pasted="Ben: Fine."),
        Order("decisions", source=Source.NOTES),
    ]
    qtbot.keyClick(box, Qt.Key.Key_Escape)


def test_one_of_several_titles_is_chosen(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Title", choices=("One", "Two"), is_final=True))
    with qtbot.waitSignal(panel.result.choice_accepted) as chosen:
        panel.findChildren(WrappingButton)[1].click()
    assert chosen.args == [1]


def test_what_the_model_saw_is_listed_on_demand(panel: AssistantPanel) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    paragraphs = (Paragraph(0, "Far above", False), Paragraph(1, "Near", True), Paragraph(2, "Here", True))
    panel.show_context(Context(paragraphs, 800, 750, 101.7))
    assert any("102 tokens/s" in each for each in shown(panel))
    assert not any("2 of 3 paragraphs" in each for each in shown(panel))
    panel.context.open_list(True)
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
    (sentence,) = [each for each in panel.findChildren(QLabel) if each.accessibleDescription() == "How it stands"]
    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))
    assert panel.rect().contains(panel.act_button.mapTo(panel, panel.act_button.rect().bottomRight()))
