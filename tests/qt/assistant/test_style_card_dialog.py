"""The dialog of the style card: what is told of a change, and a card that cannot be read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.style_card_dialog import StyleCardDialog, StyleShown
from helpers.assistant_desk import buttons, press, shown

CARD = StyleShown("plain", "short sentences", "British", ("use",), ("utilise", "leverage"), ("One.", "Two."))
PATH = "/home/mia/style-card.toml"
WRONG = f"The style card “{PATH}” cannot be used: “voice” is not known."
FIELDS = ("Tone", "Length", "Spelling", "Words to prefer", "Words to avoid", "Sample paragraphs")


@pytest.fixture
def dialog(qtbot: QtBot) -> StyleCardDialog:
    dialog = StyleCardDialog(PATH, lambda card: card.tone and f"Tone: {card.tone}")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def named_field(dialog: StyleCardDialog, name: str) -> QWidget:
    kinds = (QComboBox, QLineEdit, QPlainTextEdit)
    return next(each for kind in kinds for each in dialog.findChildren(kind) if each.accessibleName() == name)


def goes_into_prompts(dialog: StyleCardDialog) -> str:
    return named_field(dialog, "What goes into prompts").toPlainText()


def test_each_change_is_told_and_seen_as_it_goes_into_prompts(dialog: StyleCardDialog, qtbot: QtBot) -> None:
    dialog.show_card(CARD)
    assert dialog.card() == CARD
    with qtbot.waitSignal(dialog.changed) as changed:
        named_field(dialog, "Tone").setEditText("warm")
    assert changed.args[0].tone == "warm"
    assert goes_into_prompts(dialog) == "Tone: warm"
    named_field(dialog, "Words to avoid").setText(" very , , quite ")
    assert dialog.card().avoid == ("very", "quite")


def test_what_to_write_as_samples_has_room_in_one_line_with_letters_a_fifth_larger(dialog: StyleCardDialog) -> None:
    field = named_field(dialog, "Sample paragraphs")
    assert isinstance(field, QPlainTextEdit)
    assert 1.2 * field.fontMetrics().horizontalAdvance(field.placeholderText()) < field.viewport().width()


def test_to_show_a_card_is_no_change_of_it(dialog: StyleCardDialog) -> None:
    changed = QSignalSpy(dialog.changed)
    dialog.show_card(CARD)
    assert changed.count() == 0


def test_a_field_that_nobody_touches_stays_as_it_is_in_the_file(dialog: StyleCardDialog) -> None:
    odd = StyleShown(" plain ", prefer=("here, now", "use"), samples=("One.\n\nStill one.", ""))
    dialog.show_card(odd)
    named_field(dialog, "Length").setEditText("long sentences")
    assert dialog.card() == replace(odd, length="long sentences")


def test_it_says_where_the_file_is(dialog: StyleCardDialog) -> None:
    assert named_field(dialog, "File of the style card").text() == PATH
    assert goes_into_prompts(dialog) == "Nothing: the card is empty."


def test_of_a_card_that_cannot_be_read_it_says_why_and_lets_nobody_change_it(dialog: StyleCardDialog) -> None:
    dialog.show_unreadable(WRONG)
    assert WRONG in shown(dialog)
    assert "The file stays as it is until you put it right, or start anew" in shown(dialog)
    assert [name for name in FIELDS if named_field(dialog, name).isEnabled()] == []
    assert named_field(dialog, "File of the style card").isEnabled()
    assert goes_into_prompts(dialog) == "Nothing: the card cannot be read."
    dialog.show_card(CARD)
    assert WRONG not in shown(dialog)
    assert [name for name in FIELDS if not named_field(dialog, name).isEnabled()] == []
    assert "Start anew" not in buttons(dialog)


def test_a_card_that_is_still_to_be_read_cannot_be_changed(dialog: StyleCardDialog) -> None:
    dialog.show_waiting()
    assert [name for name in FIELDS if named_field(dialog, name).isEnabled()] == []
    assert goes_into_prompts(dialog) == "Nothing yet: the card is being read."
    assert buttons(dialog) == ["Close"]
    dialog.show_card(CARD)
    assert [name for name in FIELDS if not named_field(dialog, name).isEnabled()] == []
    assert dialog.focusWidget() is named_field(dialog, "Tone")


def test_it_says_where_the_old_card_is_kept(dialog: StyleCardDialog) -> None:
    dialog.show_kept("style-card.bad.toml", "/home/mia/kept")
    assert "The old card is kept as “style-card.bad.toml”, in “/home/mia/kept”." in shown(dialog)


@pytest.mark.parametrize(("text", "signal"), [("Open the file", "open_requested"), ("Start anew", "anew_requested")])
def test_a_card_that_cannot_be_read_is_opened_or_begun_anew(
    dialog: StyleCardDialog, qtbot: QtBot, text: str, signal: str
) -> None:
    assert text not in buttons(dialog)
    dialog.show_unreadable(WRONG)
    with qtbot.waitSignal(getattr(dialog, signal)):
        press(dialog, text)


def test_whoever_comes_back_to_a_card_that_could_not_be_read_has_it_read_again(
    dialog: StyleCardDialog, qtbot: QtBot
) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    other = QWidget()
    qtbot.addWidget(other)
    returned = QSignalSpy(dialog.returned)
    for _ in range(2):
        other.show()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        if dialog._is_readable:
            assert returned.count() == 0
            dialog.show_unreadable(WRONG)
    assert returned.count() == 1
