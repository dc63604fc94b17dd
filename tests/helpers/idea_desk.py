"""A person before the list of ideas of a document, with real keys in a real window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.ideas.copied import offered, taken
from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.ideas.outline import Kind, Row
from cowrite.gui.ideas.view import IdeasView
from cowrite.gui.look.theme import Theme, named
from helpers.brainstorms import brainstorm_of
from helpers.seats import FakeImages


class IdeaDesk:
    """A shown list with what a person does at it.

    Args:
        qtbot: shows the window and waits.
        texts: the notes that are there.
        theme: how it looks.
    """

    def __init__(self, qtbot: QtBot, texts: Sequence[str] = (), theme: Theme | None = None) -> None:
        self.qtbot = qtbot
        self.document = MendedDocument.new(clock=lambda: 0)
        self.brainstorm = brainstorm_of(self.document)
        self.images = FakeImages()
        self.ids = self.brainstorm.write(Note("", text, Place(0, 0)) for text in texts)
        self.view = IdeasView(
            self.brainstorm,
            theme or named("light"),
            offer=lambda ids: offered(self.brainstorm, ids, lambda _name: None),
            from_list=lambda text, data: Ideas(self.brainstorm).take_in(taken(text, data)),
            store_image=self.images.put,
            take_picture=self.images.take,
        )
        qtbot.addWidget(self.view)
        self.view.resize(900, 700)
        self.view.show()
        self.view.activateWindow()
        qtbot.waitUntil(self.view.isActiveWindow)
        self.view.enter()

    @property
    def rows(self) -> list[Row]:
        """What is shown, from top to bottom."""
        return list(self.view.list.model.rows())

    @property
    def texts(self) -> list[str]:
        """The same in short: groups with a colon, merged notes indented."""
        ends = {Kind.GROUP: ("", ":"), Kind.NOTE: ("", ""), Kind.MERGED: ("  ", "")}
        return [f"{ends[row.kind][0]}{row.text}{ends[row.kind][1]}" for row in self.rows]

    @property
    def current(self) -> str:
        """The text of the row that has the keyboard."""
        row = self.view.list.tree.current_row
        return row.text if row is not None else ""

    @property
    def selected(self) -> list[str]:
        """The texts of the selected rows."""
        return [row.text for row in self.view.list.tree.selected_rows()]

    def at(self, text: str) -> None:
        """Goes to a row by its text."""
        assert self.view.list.tree.go_to(next(row.id for row in self.rows if row.text == text))
        self.view.list.tree.setFocus()

    def select(self, *texts: str) -> None:
        """Selects rows with Ctrl and the mouse; the last one is current."""
        for place, text in enumerate(texts):
            index = self.view.list.model.index_of(next(row.id for row in self.rows if row.text == text))
            self.view.list.tree.scrollTo(index)
            held = Qt.KeyboardModifier.ControlModifier if place else Qt.KeyboardModifier.NoModifier
            point = self.view.list.tree.visualRect(index).center()
            QTest.mouseClick(self.view.list.tree.viewport(), Qt.MouseButton.LeftButton, held, point)

    def press(self, *keys: str) -> None:
        """Presses keys in the widget that has the keyboard, such as "Ctrl+G" or "Return"."""
        for key in keys:
            combination = QKeySequence(key)[0]  # type: ignore[index]  # PySide's stubs do not have it
            QTest.keyClick(focused(self.view), combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        """Types letters into the widget that has the keyboard."""
        QTest.keyClicks(focused(self.view), text)

    def until_shown(self, *texts: str) -> None:
        """Waits until the list is this."""
        try:
            self.qtbot.waitUntil(lambda: self.texts == list(texts))
        except Exception as error:
            raise AssertionError(f"the list is {self.texts}") from error


class Teammate:
    """Somebody else on the same board; what they do arrives at once."""

    def __init__(self, desk: IdeaDesk, name: str = "Bo") -> None:
        self._desk = desk
        self.document = MendedDocument(clock=lambda: 0)
        self.document.apply_remote(desk.document.state())
        self.brainstorm = brainstorm_of(self.document, name, seed=2)
        desk.document.observe_updates(
            lambda told: None if told[1] is Origin.REMOTE else self.document.apply_remote(told[0])
        )
        self.document.observe_updates(
            lambda told: None if told[1] is Origin.REMOTE else desk.document.apply_remote(told[0])
        )


def focused(view: QWidget) -> QWidget:
    """The widget that has the keyboard, in a popup too."""
    popup = QApplication.activePopupWidget()
    widget = (popup.focusWidget() or popup) if popup is not None else view.focusWidget()
    assert widget is not None
    return widget


def paste_by_menu(field: QLineEdit) -> None:
    """Opens the menu of a field with the mouse, and chooses to paste there."""
    place = field.rect().center()
    QApplication.sendEvent(field, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, field.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    next(action for action in menu.actions() if action.objectName() == "edit-paste").trigger()
    menu.close()
