"""Views: the ways of looking at one document, behind tabs: its draft, and what it holds besides.

Runs on the GUI thread. A view other than the draft is made when its tab is first chosen, so that opening a document
does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from PySide6 import QtWidgets  # what few need is named when it is needed: PySide makes a class when it is first named
from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import TITLE, Theme
from cowrite.gui.window.document_title import DocumentTitle

DRAFT = "draft"
BESIDE = 8  # device-independent pixels between tabs and title, and behind that


Field: TypeAlias = "QtWidgets.QLineEdit | QtWidgets.QPlainTextEdit"


def field_of(widget: QWidget) -> Field | None:
    """The field in a widget in which the person is; None where they are in none."""
    field = widget.focusWidget()
    if isinstance(field, QtWidgets.QLineEdit | QtWidgets.QPlainTextEdit) and field.hasFocus():
        return field
    return None


def does_in_field(field: Field | None, command: str) -> bool:
    """Has a field do what a command of the menu Edit says; gives whether there is a field, and it can do that."""
    match field, command:
        case None, _:
            return False
        case _, "copy":
            field.copy()
        case _, "select_all":
            field.selectAll()
        case _, "cut" | "paste" | "paste_plain":
            if not field.isReadOnly():  # Qt does so there too
                field.cut() if command == "cut" else field.paste()
        case _:
            return False
    return True


class Acts(Protocol):
    """One's own acts on what a document holds besides its text."""

    def can_undo(self) -> bool:
        """Whether there is one to take back."""

    def can_redo(self) -> bool:
        """Whether there is one to bring back."""

    def undo(self) -> None:
        """Takes the newest back."""

    def redo(self) -> None:
        """Brings back what was taken back last."""


class View(QWidget):
    """One way of looking at a document. What a view cannot do it leaves as it is here.

    Args:
        parent: where it is shown. What goes there only when it is whole is dressed once more, part by part.
        own: one's own acts, which undo takes back; None where it is not known to the view what can be undone.
    """

    state_changed = Signal()
    """What can be undone, redone or copied may be something else now."""

    def __init__(self, parent: QWidget | None = None, own: Acts | None = None) -> None:
        super().__init__(parent)
        self._own = own
        self.zoom = 1.0
        self.read_only = ""

    def show_theme(self, theme: Theme) -> None:
        """Takes another look, where that is more than to be painted anew."""

    def show_zoom(self, zoom: float) -> None:
        """Shows everything larger or smaller; 1 is the actual size."""
        self.zoom = zoom

    def dress(self) -> None:
        """Has all that the application's style sheet dresses as large as the zoom says; a font would not reach it."""
        size = QApplication.font().pointSizeF() * self.zoom
        title = TITLE * size
        rules = f'* {{ font-size: {size:g}pt; }} QLabel[role="title"] {{ font-size: {title:g}pt; }}'
        if self.zoom > 1:  # the application's least height of fields and buttons is that of its own letters
            rules += " QPushButton, QLineEdit, QAbstractSpinBox, QComboBox { min-height: 1em; }"
        self.setStyleSheet(rules if self.zoom != 1 else "")

    def show_read_only(self, reason: str) -> None:
        """Lets the person read only, and says why in a sentence; an empty one lets them write."""
        self.read_only = reason

    def appear(self) -> None:
        """Its tab has been chosen."""

    def enter(self) -> None:
        """Takes the keyboard, where nobody goes from tab to tab."""
        self.setFocus()

    def can_undo(self) -> bool:
        """Whether there is an own act to take back."""
        return self._own is not None and self._own.can_undo() and not self.read_only

    def can_redo(self) -> bool:
        """Whether there is an own act to bring back."""
        return self._own is not None and self._own.can_redo() and not self.read_only

    def undo(self) -> None:
        """Takes back one's own newest act."""
        if self._own is not None and not self.read_only:
            self._own.undo()

    def redo(self) -> None:
        """Brings back the act that was taken back last."""
        if self._own is not None and not self.read_only:
            self._own.redo()

    def cut(self) -> None:
        """Moves what is selected to the clipboard; here and below, in the field in which the person is."""
        if not does_in_field(self._field(), "cut"):
            self.cut_selected()

    def copy(self) -> None:
        """Copies what is selected to the clipboard."""
        if not does_in_field(self._field(), "copy"):
            self.copy_selected()

    def paste(self) -> None:
        """Takes in what is on the clipboard."""
        if not does_in_field(self._field(), "paste"):
            self.paste_here()

    def select_all(self) -> None:
        """Selects everything."""
        if not does_in_field(self._field(), "select_all"):
            self.select_everything()

    def cut_selected(self) -> None:
        """Does `cut` where the person is in no field; so do the next three for what stands above."""

    def copy_selected(self) -> None:
        """See `copy`."""

    def paste_here(self) -> None:
        """See `paste`."""

    def select_everything(self) -> None:
        """See `select_all`."""

    def open_find(self) -> None:
        """Lets the person search."""

    def find_step(self, step: int) -> None:
        """Goes to the next thing found, or with -1 to the one before."""

    def selected_notes(self) -> list[str]:
        """The ids of the notes that are selected."""
        return []

    def selected_ids(self) -> list[str]:
        """The ids of the notes and groups that are selected."""
        return self.selected_notes()

    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys that mean something in this view alone: what each does, and the key."""
        return ()

    def go_to(self, id: str) -> None:
        """Brings what has this id into sight and selects it."""

    def bring_into_sight(self, ids: Sequence[str]) -> None:
        """Shows all that has these ids at once, where the view has a place for it."""

    def show_arrived(self, ids: Sequence[str]) -> None:
        """Shows what has come all at once, where nothing of it is in sight and the person does nothing there."""

    def keep(self) -> None:
        """Keeps what the person is in the middle of writing; the document is about to be closed."""

    def _field(self) -> Field | None:
        """The field in which the person is; what is on the clipboard is meant for it then."""
        return field_of(self)


class Views(QStackedWidget):
    """The draft and the other views, one of which is shown.

    Args:
        draft: the page; it is the first tab.
    """

    draft_comes = Signal()
    """The draft is shown next: what stands beside it may come before, so that the page keeps its width."""
    shown = Signal(str)
    """Name of the view that is shown now."""
    state_changed = Signal()
    """See `View.state_changed`, of the view that is shown."""

    def __init__(self, draft: QWidget) -> None:
        super().__init__()
        self._zoom = 1.0
        self._read_only = ""
        self._names = [DRAFT]
        self._makers: dict[str, Callable[[], View]] = {}
        self._made: dict[str, View] = {}
        self._unfit: set[str] = set()  # those that were hidden when the size was changed last
        self._draft = draft
        self.addWidget(draft)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Views of this document")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.addTab("Draft")
        self.tabs.setVisible(False)  # one tab is no choice
        self._clicked = -1  # the tab on which the mouse was pressed last
        self.tabs.tabBarClicked.connect(self._note_click)
        self.tabs.currentChanged.connect(lambda _at: self._show_chosen())
        self._is_led = False  # to a view, and not by the arrow keys among the tabs
        self.head = QWidget()
        self.head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head_column = QVBoxLayout(self.head)
        self._head_column.setContentsMargins(0, 0, 0, 0)
        self._head_column.setSpacing(0)
        self.title = DocumentTitle()
        self.title.left.connect(self.take_keyboard)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, BESIDE, 0)
        row.setSpacing(0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.title)
        self._head_column.addLayout(row)
        self.head.installEventFilter(self)
        self._bar: QWidget | None = None

    @property
    def name(self) -> str:
        """Name of the view that is shown."""
        return self._names[self.tabs.currentIndex()]

    @property
    def current(self) -> View | None:
        """The view that is shown; None for the draft."""
        return self._made.get(self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all views, in the order of their tabs."""
        return tuple(self._names)

    def add(self, name: str, title: str, tip: str, make: Callable[[], View]) -> None:
        """Adds a tab.

        Args:
            name: what the view is called among the actions, "view_" and this.
            title, tip: of the tab.
            make: makes the view, when it is first shown.
        """
        self._names.append(name)
        self._makers[name] = make
        self.tabs.addTab(title)
        self.tabs.setTabToolTip(self.tabs.count() - 1, with_keys(tip))
        self.tabs.setVisible(True)

    def show_view(self, name: str) -> None:
        """Shows a view and gives it the keyboard."""
        self._is_led = True
        if self.tabs.currentIndex() != self._names.index(name):
            self.tabs.setCurrentIndex(self._names.index(name))  # shows it
        else:
            self._show_chosen()
        self._is_led = False

    def _show_chosen(self) -> None:
        """Shows the view of the chosen tab. The keyboard stays among the tabs where one goes from tab to tab there: to
        lead it into each view on the way would let nobody get to the last one."""
        name = self.name
        is_clicked, self._clicked = self._clicked == self.tabs.currentIndex(), -1
        stays = self.window().focusWidget() is self.tabs and not self._is_led and not is_clicked
        view = self.view(name) if name != DRAFT else None
        if view is None:
            self.draft_comes.emit()
        elif name in self._unfit:
            self._fit(name)
        self.setCurrentWidget(view or self._draft)
        self.updateGeometry()
        if view is not None:
            view.appear()
        if not stays:
            self.take_keyboard()
        self.shown.emit(name)

    def _note_click(self, tab: int) -> None:
        self._clicked = tab

    def take_keyboard(self) -> None:
        """Puts the keyboard into the view that is shown."""
        if self.current is None:
            self._draft.setFocus()
        else:
            self.current.enter()

    def minimumSizeHint(self) -> QSize:
        """What the view that is shown needs; Qt asks all of them."""
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint().expandedTo(shown.minimumSize())

    def view(self, name: str) -> View:
        """A view by its name, made where it was not yet; not the draft's."""
        if name not in self._made:
            view = self._makers[name]()
            self._made[name] = view
            view.show_zoom(self._zoom)
            view.show_read_only(self._read_only)
            view.state_changed.connect(self.state_changed)
            self.addWidget(view)
        return self._made[name]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The title has what the tabs leave of the width; without tabs there is no row for it."""
        if watched is self.head and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            left = self.head.width() - self.tabs.sizeHint().width() - 2 * BESIDE
            self.title.show_room(left if self.tabs.isVisibleTo(self.head) else 0)
        return super().eventFilter(watched, event)

    def set_bar(self, bar: QWidget | None) -> None:
        """Puts a bar between the tabs and the views, or takes it away."""
        if self._bar is not None:
            self._head_column.removeWidget(self._bar)
            self._bar.hide()
        self._bar = bar
        if bar is not None:
            self._head_column.addWidget(bar)
            bar.show()

    def keep(self) -> None:
        """Keeps what the person is in the middle of writing in any of them, and in the title; see `View.keep`."""
        self.title.keep()
        for view in self._made.values():
            if not view.read_only:
                view.keep()

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        for view in self._made.values():
            view.show_theme(theme)

    def show_zoom(self, zoom: float) -> None:
        """Shows the view that is shown larger or smaller, and the others when they are."""
        self._zoom = zoom
        self._unfit = set(self._made)
        if self.current is not None:
            self._fit(self.name)

    def _fit(self, name: str) -> None:
        self._unfit.discard(name)
        self._made[name].show_zoom(self._zoom)

    def show_read_only(self, reason: str) -> None:
        """Lets the person read only, or write where the reason is empty."""
        self._read_only = reason
        for view in self._made.values():
            view.show_read_only(reason)
