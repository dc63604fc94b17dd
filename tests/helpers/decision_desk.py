"""A person before the decisions of a draft, at a desk of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.decisions import Decision, Decisions
from cowrite.gui.decisions.card import DecisionCard
from cowrite.gui.decisions.values import Row
from cowrite.gui.decisions.view import DecisionsView
from helpers.desk import Desk, write

CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_ALT = CTRL | Qt.KeyboardModifier.AltModifier


class DecisionDesk:
    """A desk with one new draft; presses real keys."""

    def __init__(self, home: Path, qtbot: QtBot, words: str = "") -> None:
        self.desk = Desk(home, qtbot)
        self.draft: Draft = self.desk.new()
        self.draft.window.activateWindow()
        write(self.draft, words)

    @property
    def brainstorm(self) -> Brainstorm:
        """What the draft holds besides its text."""
        return self.draft.brainstorming.brainstorm

    @property
    def decisions(self) -> Decisions:
        """Its decisions."""
        return self.brainstorm.decisions

    @property
    def view(self) -> DecisionsView:
        """The view of them."""
        view = self.draft.brainstorming.view("decisions")
        assert isinstance(view, DecisionsView)
        return view

    @property
    def card(self) -> DecisionCard:
        """The card of the one that is shown."""
        return self.view.card

    @property
    def shown(self) -> Decision:
        """The decision that is shown."""
        decision = self.decisions.get(self.card.shown)
        assert decision is not None
        return decision

    def add(self, question: str, **fields: object) -> str:
        """Puts a decision down; gives its id."""
        return self.decisions.add(Decision("", question, **fields))  # type: ignore[arg-type]

    def go_to(self, id: str) -> None:
        """Shows it."""
        self.draft.brainstorming.go_to(id)

    def new(self) -> None:
        """Presses Ctrl+Alt+N."""
        QTest.keyClick(self.focus, Qt.Key.Key_N, CTRL_ALT)

    @property
    def focus(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.focusWidget() or self.draft.window

    def type(self, text: str) -> None:
        """Presses the keys of a text where the keyboard is."""
        QTest.keyClicks(self.focus, text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Presses a key where the keyboard is."""
        QTest.keyClick(self.focus, key, modifiers)

    def tab_to(self, name: str) -> None:
        """Presses Tab until the control of an accessible name has the keyboard."""
        for _ in range(120):
            if self.focus.accessibleName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to “{name}”")

    def push(self, name: str) -> None:
        """Goes to a button by Tab and presses Space."""
        self.tab_to(name)
        assert isinstance(self.focus, QPushButton) or self.focus.accessibleName() == name
        self.press(Qt.Key.Key_Space)

    def undo(self) -> None:
        """Presses Ctrl+Z."""
        self.press(Qt.Key.Key_Z, CTRL)

    def until(self, holds: object) -> None:
        """Waits until something holds."""
        self.desk.until(holds)  # type: ignore[arg-type]

    def leave(self) -> None:
        """Ends everything."""
        self.desk.leave()


def row(id: str, **fields: Any) -> Row:
    """A line of the log, proposed on a day of November."""
    return replace(Row(id, id, "", "Proposed", "2026-11-01", words=id), **fields)
