"""A draft at which a session runs, and what a person does there with keys and buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit

from cowrite.app.draft.draft import Draft
from cowrite.core.board.items import Note, Place
from cowrite.core.sessions.sessions import Phase, Session
from helpers.called import called
from helpers.desk import Desk


class Table:
    """A draft at which a session runs."""

    def __init__(self, desk: Desk, draft: Draft) -> None:
        self.desk, self.draft = desk, draft

    @property
    def flow(self):
        return self.draft.brainstorming.sessions

    @property
    def whole(self):
        return self.draft.brainstorming.brainstorm

    @property
    def view(self):
        return self.draft.brainstorming.view("session")

    @property
    def pad(self):
        return self.view.pad

    def begin(self, phase: Phase = Phase.WRITE, **fields) -> str:
        id = self.whole.sessions.begin(Session("", "How might we rest?", phase=phase, **fields))
        self.flow.refresh()
        self.draft.brainstorming.show("session")
        return id

    def two_notes(self) -> tuple[str, str]:
        """Puts two notes of the session on the board: "Trees" and "Benches"."""
        session = self.flow.session.id
        one, two = self.whole.board.add(Note("", text, Place(0, 0), session=session) for text in ("Trees", "Benches"))
        return one, two

    def write(self, *texts: str) -> None:
        for text in texts:
            line = self.find(QPlainTextEdit, "A new note")
            QTest.keyClicks(line, text)
            QTest.keyClick(line, Qt.Key.Key_Return)
        self.flow.refresh()

    def find(self, kind: type, name: str, within=None):
        """The one widget of a kind with an accessible name."""
        QApplication.processEvents()  # what was just put into a layout is shown by an event
        (found,) = [
            each for each in (within or self.view).findChildren(kind)
            if called(each) == name and not each.isHidden()
        ]  # fmt: skip
        return found

    def bar(self, name: str) -> QAbstractButton:
        return self.find(QAbstractButton, name, self.flow.bar)

    def text(self, name: str) -> str:
        """What a label of the session's place says; nothing where it is not shown."""
        labels = [each for each in self.view.findChildren(QLabel) if each.accessibleDescription() == name]
        return next((each.text() for each in labels if not each.isHidden()), "")

    def bar_text(self, name: str) -> str:
        """What a label of the bar says."""
        bar = self.flow.bar
        return next((each.text() for each in bar.findChildren(QLabel) if each.accessibleDescription() == name), "")

    def offer(self) -> str:
        self.flow.refresh()
        labels = {called(each): each for each in self.flow.bar.findChildren(QLabel)}
        label = labels["Where the group is"]
        return label.text() if label.isVisible() else ""

    def answer(self, words: str) -> None:
        (found,) = [each for each in self.flow.dialog.findChildren(QAbstractButton) if each.text() == words]
        found.click()

    def go(self, phase: Phase) -> None:
        self.whole.sessions.go_to(self.flow.session.id, phase)
        self.flow.refresh()
