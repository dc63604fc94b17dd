"""A draft at which a session runs, and what a person does there with keys and buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.app.session.flow import SessionFlow
from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.session.pad import Pad
from cowrite.gui.session.session_bar import SessionBar
from cowrite.gui.session.session_view import SessionView
from helpers.called import Part, called
from helpers.desk import Desk


class Table:
    """A draft at which a session runs."""

    def __init__(self, desk: Desk, draft: Draft) -> None:
        self.desk, self.draft = desk, draft

    @property
    def flow(self) -> SessionFlow:
        return self.draft.brainstorming.sessions

    @property
    def brainstorm(self) -> Brainstorm:
        return self.draft.brainstorming.brainstorm

    @property
    def view(self) -> SessionView:
        return cast(SessionView, self.draft.brainstorming.view("session"))

    @property
    def pad(self) -> Pad:
        return self.view.pad

    @property
    def _session(self) -> str:
        assert self.flow.session is not None
        return self.flow.session.id

    @property
    def _bar(self) -> SessionBar:
        assert self.flow.bar is not None
        return self.flow.bar

    def begin(self, phase: Phase = Phase.WRITE, **fields: Any) -> str:
        id = self.brainstorm.sessions.begin(Session("", "How might we rest?", phase=phase, **fields))
        self.flow.refresh()
        self.draft.brainstorming.show("session")
        return id

    def two_notes(self) -> tuple[str, str]:
        """Puts two notes of the session on the board: "Trees" and "Benches"."""
        session = self._session
        one, two = self.brainstorm.board.add(
            Note("", text, Place(0, 0), session=session) for text in ("Trees", "Benches")
        )
        return one, two

    def write(self, *texts: str) -> None:
        for text in texts:
            line = self.find(QPlainTextEdit, "A new note")
            QTest.keyClicks(line, text)
            QTest.keyClick(line, Qt.Key.Key_Return)
        self.flow.refresh()

    def find(self, kind: type[Part], name: str, within: QWidget | None = None) -> Part:
        """The one widget of a kind with an accessible name."""
        QApplication.processEvents()  # what was just put into a layout is shown by an event
        (found,) = [
            each for each in (within or self.view).findChildren(kind)
            if called(each) == name and not each.isHidden()
        ]  # fmt: skip
        return found

    def bar(self, name: str) -> QAbstractButton:
        return self.find(QAbstractButton, name, self._bar)

    def text(self, name: str) -> str:
        """What a label of the session's place says; nothing where it is not shown."""
        labels = [each for each in self.view.findChildren(QLabel) if each.accessibleDescription() == name]
        return next((each.text() for each in labels if not each.isHidden()), "")

    def bar_text(self, name: str) -> str:
        """What a label of the bar says."""
        bar = self._bar
        return next((each.text() for each in bar.findChildren(QLabel) if each.accessibleDescription() == name), "")

    def offer(self) -> str:
        self.flow.refresh()
        labels = {called(each): each for each in self._bar.findChildren(QLabel)}
        label = labels["Where the group is"]
        return label.text() if label.isVisible() else ""

    def answer(self, words: str) -> None:
        assert self.flow.dialog is not None
        (found,) = [each for each in self.flow.dialog.findChildren(QAbstractButton) if each.text() == words]
        found.click()

    def go(self, phase: Phase) -> None:
        self.brainstorm.sessions.go_to(self._session, phase)
        self.flow.refresh()


def begin_by_keys(table: Table, *others: Table, **chosen: str) -> None:
    """Begins a session with real keys; the others see its bar."""
    table.draft.window.actions_["session_begin"].trigger()
    dialog = table.flow.dialog
    assert dialog is not None
    for name, words in chosen.items():
        box = table.find(QComboBox, {"length": "Length", "template": "Template"}[name], dialog)
        box.setCurrentIndex(box.findText(words))
    QTest.keyClicks(table.find(QLineEdit, "Question", dialog), "How might we rest?")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    until(*others, holds=lambda other: other.draft.brainstorming._sessions is not None)
    until(*others, holds=lambda other: other.flow.bar is not None)


def published(table: Table) -> list[str]:
    """The notes that everybody sees at a table."""
    return sorted(note.text for note in table.brainstorm.visibility.published())


def until(*tables: Table, holds: Callable[[Table], object]) -> None:
    """Waits until something holds at each table."""
    for table in tables:
        table.desk.until(partial(holds, table))
