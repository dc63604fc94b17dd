"""Commands of one letter or digit, on keyboards of all countries."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodQueryEvent, QKeyEvent
from PySide6.QtTest import QTest

from cowrite.gui.board.canvas import Canvas
from cowrite.gui.ideas.tree import IdeasTree
from cowrite.gui.keyboard import usual_key as module
from cowrite.gui.keyboard.usual_key import usual_key
from helpers.desk import Desk, write

SHIFT, NONE, CTRL = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("Shift", "No", "Control"))


def pressed(text: str, *, code: int = 0, virtual: int = 0, held: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    """A key press as the platforms make it: with the letter as key, and where the key is."""
    return QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), held, code, virtual, 0, text)


@pytest.mark.parametrize(
    ("system", "event", "meant"),
    [
        ("linux", pressed("т", code=57), "N"),
        ("linux", pressed("ν", code=57), "N"),
        ("linux", pressed("ى", code=57), "N"),
        ("linux", pressed("\u0e37", code=57), "N"),
        ("linux", pressed("&", code=10), "1"),
        ("linux", pressed("é", code=11), "2"),
        ("linux", pressed("۳", code=12), "3"),
        ("linux", pressed("!", code=10, held=SHIFT), "1"),
        ("linux", pressed("m", code=47), "M"),
        ("linux", pressed("ö", code=47), "Ö"),
        ("linux", pressed(",", code=58), ","),
        ("linux", pressed("т"), "Т"),
        ("win32", pressed("т", code=49, virtual=0x4E), "N"),
        ("darwin", pressed("ф", code=1, virtual=0), "A"),
        ("darwin", pressed("т", code=1, virtual=45), "N"),
        ("darwin", pressed("т"), "Т"),
    ],
)
def test_a_letter_that_is_not_latin_and_the_row_of_digits_are_known_by_their_place(
    monkeypatch: pytest.MonkeyPatch, system: str, event: QKeyEvent, meant: str
) -> None:
    monkeypatch.setattr(module, "PLATFORM", system)
    assert usual_key(event) == ord(meant)


def test_board_and_list_are_worked_with_on_a_russian_keyboard_and_no_input_method_takes_their_letters(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PLATFORM", "linux")
    window = desk.new().window
    for name, kind in (("board", Canvas), ("ideas", IdeasTree)):
        window.actions_[f"view_{name}"].trigger()
        (view,) = window.findChildren(kind)
        view.setFocus()
        QCoreApplication.sendEvent(view, pressed("т", code=57))
        assert window.focusWidget() is not view  # but where a new note is written
    QTest.keyClicks(window.focusWidget(), "mint\r")
    view.setFocus()
    assert view.currentIndex().isValid()
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(view, asked)
    assert asked.value(Qt.InputMethodQuery.ImEnabled) is False


def test_views_are_chosen_by_the_row_of_digits_on_a_french_keyboard(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PLATFORM", "linux")
    draft = desk.new()
    before = draft.document.length
    for sign, code, name in (("é", 11, "board"), ('"', 12, "ideas"), ("&", 10, "draft")):
        QCoreApplication.sendEvent(draft.window.focusWidget(), pressed(sign, code=code, held=CTRL))
        assert draft.window.views.name == name
    assert draft.document.length == before


def test_headings_are_chosen_by_the_row_of_digits_on_a_french_keyboard_and_no_sign_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PLATFORM", "linux")
    draft = desk.new()
    write(draft, "Herbs")
    key = pressed("é", code=11, held=CTRL | Qt.KeyboardModifier.AltModifier)
    QCoreApplication.sendEvent(draft.editor, key)
    assert draft.document.text() == "Herbs\n"
    assert draft.editor.formatting.state().header == 2
