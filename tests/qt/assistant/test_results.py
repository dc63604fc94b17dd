"""What came of a task in the assistant panel, and what becomes of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.difference_view import DifferenceView
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.reaction import Unmeant
from cowrite.gui.assistant.values import Alteration, Order, Outcome, Phase, Quote, Source, Standing
from cowrite.gui.widgets.wrapping_button import WrappingButton
from helpers.assistant_panel import DIFFERENCE, FOUND, QUOTES, buttons, panel_in, press, shown


@pytest.fixture
def panel(qtbot: QtBot) -> AssistantPanel:
    return panel_in(qtbot)


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


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (Outcome("Summary", text="They plant", accepting="Insert", is_final=True), Qt.Key.Key_Space),
        (Outcome("Shorter", difference=DIFFERENCE, accepting="Accept all", is_final=True), Qt.Key.Key_Return),
    ],
)
def test_a_key_that_was_meant_for_stop_does_not_accept_what_has_just_come(
    panel: AssistantPanel, qtbot: QtBot, outcome: Outcome, key: Qt.Key
) -> None:
    accepted = panel.result.difference.accepted if outcome.difference else panel.result.accepted
    panel.show_standing(Standing(Phase.WORKING, model="small", may_stop=True))
    panel.form.stop.setFocus()
    panel.show_outcome(outcome)
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.result.take_keyboard()
    part = panel.window().focusWidget()
    assert part is not None
    with qtbot.assertNotEmitted(accepted):
        qtbot.keyClick(part, key)
        qtbot.keyClick(part, key)
    qtbot.waitUntil(lambda: not part.findChildren(Unmeant))
    with qtbot.waitSignal(accepted):
        qtbot.keyClick(part, key)


def test_of_all_buttons_the_one_stands_out_that_one_needs_next(panel: AssistantPanel) -> None:
    def leading() -> list[str]:
        shown = [each for each in panel.findChildren(QPushButton) if each.isVisible()]
        return [each.text() for each in shown if each.property("kind") == "primary"]

    panel.show_standing(Standing(Phase.READY, model="small"))
    assert leading() == ["Ask"]
    panel.show_outcome(Outcome("Summary", text="The team plants", accepting="Insert", is_final=True))
    assert leading() == ["Insert"]
    panel.show_outcome(Outcome("Who?", text="Both.", is_final=True))
    assert leading() == ["Ask"]


def test_each_change_of_a_rewriting_is_accepted_or_rejected_by_keyboard(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE, accepting="Accept all", is_final=True))
    (view,) = panel.findChildren(DifferenceView)
    assert "Change 1 of 2" in shown(view)
    text = view.focusProxy()
    assert text is not None
    assert text.accessibleDescription() == "Change 1 of 2: “one” becomes “a”"
    with qtbot.waitSignal(panel.result.difference.accepted) as accepted:
        qtbot.keyClick(text, Qt.Key.Key_Return)
    assert accepted.args == [0]
    qtbot.keyClick(text, Qt.Key.Key_Down)
    assert text.accessibleDescription() == "Change 2 of 2: “and a door” is added"
    with qtbot.waitSignal(panel.result.difference.rejected) as rejected:
        qtbot.keyClick(text, Qt.Key.Key_Delete)
    assert rejected.args == [1]


def test_a_difference_that_is_still_written_cannot_be_accepted(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE))
    (view,) = panel.findChildren(DifferenceView)
    with qtbot.assertNotEmitted(panel.result.difference.accepted):
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
    reason = "You may read this document but not change it"
    panel.show_standing(Standing(Phase.READY, model="small"))
    panel.show_outcome(Outcome("Shorter", difference=DIFFERENCE, accepting="Accept", is_final=True))
    accept = next(each for each in panel.result.findChildren(QPushButton) if each.text() == "Accept")
    (view,) = panel.findChildren(DifferenceView)
    assert accept.isEnabled()
    assert "Change 1 of 2" in shown(panel)
    panel.result.show_read_only(reason, reason)
    assert (accept.isEnabled(), accept.toolTip()) == (False, reason)
    assert "Change 1 of 2" not in shown(panel)
    assert view.isVisible()
    panel.show_outcome(Outcome("Decisions", decisions=FOUND[:1], is_final=True))
    take = next(each for each in panel.result.findChildren(QPushButton) if each.accessibleName().startswith("Accept: "))
    assert (take.isEnabled(), take.toolTip()) == (False, reason)
    panel.result.show_read_only("", "")
    assert accept.isEnabled()


def test_a_quote_jumps_to_its_place_unless_that_is_gone(panel: AssistantPanel, qtbot: QtBot) -> None:
    panel.show_standing(Standing(Phase.READY, model="small"))
    quotes = (Quote(3, "Herbs along the wall"), Quote(4, "It is gone", is_lost=True))
    panel.show_outcome(Outcome("Who?", text="Herbs.", quotes=quotes, is_final=True))
    there, gone = panel.findChildren(WrappingButton)
    assert there.accessibleName() == "Herbs along the wall"
    with qtbot.waitSignal(panel.result.quotes.activated) as went:
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
    qtbot.waitUntil(lambda: not there.findChildren(Unmeant))
    with qtbot.waitSignal(panel.result.decisions.quote_activated) as went:
        qtbot.keyClick(there, Qt.Key.Key_Space)
    assert went.args == [0]
    accept = next(
        each for each in panel.findChildren(QPushButton) if each.accessibleName() == "Accept: They take rubber."
    )
    with qtbot.waitSignal(panel.result.decisions.accepted) as taken:
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
    assert field.property("surface") == "field"  # one writes in it, as in the one below
    assert "Paste some text first." in shown(panel)
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
    with qtbot.waitSignal(panel.result.choices.activated) as chosen:
        panel.findChildren(WrappingButton)[1].click()
    assert chosen.args == [1]
