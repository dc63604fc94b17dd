"""The question whether the assistant may work here, and the style card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.first_choice import FirstChoice
from cowrite.gui.assistant.style_card_dialog import StyleCardDialog, StyleShown
from cowrite.gui.theme import named

CARD = StyleShown("plain", "short sentences", "British", ("use",), ("utilise", "leverage"), ("One.", "Two."))


@pytest.fixture
def offer(qtbot: QtBot) -> FirstChoice:
    offer = FirstChoice(named("light"))
    qtbot.addWidget(offer)
    offer.resize(1000, 80)
    offer.show()
    return offer


@pytest.mark.parametrize(("button", "on"), [("Turn on", True), ("Keep off", False)])
def test_one_press_chooses(offer: FirstChoice, qtbot: QtBot, button: str, on: bool) -> None:
    with qtbot.waitSignal(offer.chosen) as chosen:
        next(each for each in offer.findChildren(QPushButton) if each.text() == button).click()
    assert chosen.args == [on]


def test_it_says_where_the_model_runs_and_that_nothing_leaves(offer: FirstChoice) -> None:
    words = " ".join(label.text() for label in offer.findChildren(QLabel))
    assert "runs on this computer only" in words
    assert "Nothing you write leaves it." in words
    assert "in Preferences and in the menu Assistant" in words


def test_escape_keeps_it_off(offer: FirstChoice, qtbot: QtBot) -> None:
    with qtbot.waitSignal(offer.chosen) as chosen:
        qtbot.keyClick(offer, Qt.Key.Key_Escape)
    assert chosen.args == [False]


def test_in_a_narrow_window_the_answers_go_under_the_words(offer: FirstChoice, qtbot: QtBot) -> None:
    on = next(each for each in offer.findChildren(QPushButton) if each.text() == "Turn on")
    words = next(label for label in offer.findChildren(QLabel) if "language model" in label.text())
    assert on.x() > words.geometry().right()
    offer.resize(400, 200)
    qtbot.waitUntil(lambda: on.y() > words.geometry().bottom())


def test_each_change_of_the_style_card_is_told_and_seen_as_it_goes_into_prompts(qtbot: QtBot) -> None:
    dialog = StyleCardDialog(named("light"), CARD, "/home/mia/style-card.toml", lambda card: f"Tone: {card.tone}")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.card() == CARD
    tone = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Tone")
    with qtbot.waitSignal(dialog.changed) as changed:
        tone.setEditText("warm")
    assert changed.args[0].tone == "warm"
    preview = next(each for each in dialog.findChildren(QPlainTextEdit) if each.isReadOnly())
    assert preview.toPlainText() == "Tone: warm"
    avoid = next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "Words to avoid")
    avoid.setText(" very , , quite ")
    assert dialog.card().avoid == ("very", "quite")


def test_the_style_card_says_where_its_file_is(qtbot: QtBot) -> None:
    dialog = StyleCardDialog(named("light"), StyleShown(), "/home/mia/style-card.toml", lambda _card: "")
    qtbot.addWidget(dialog)
    assert "/home/mia/style-card.toml" in [each.text() for each in dialog.findChildren(QLineEdit)]
    preview = next(each for each in dialog.findChildren(QPlainTextEdit) if each.isReadOnly())
    assert preview.toPlainText() == "Nothing: the card is empty."
