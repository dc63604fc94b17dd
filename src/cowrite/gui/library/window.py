"""All documents, to open, find and tidy.

Runs on the GUI thread. LibraryWindow shows DocumentCards and says what is wanted of which; the caller reads the
folder, searches and acts, and answers with `show_cards`; until then the window says that they are being looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.commands.own_keys import by_command
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.menu_key import MenuKey
from cowrite.gui.keyboard.window_keys import KeysByCommand, WindowKeys
from cowrite.gui.library.cards import CARD_ROLE, CardDelegate, CardList, DocumentCard, LibraryModel
from cowrite.gui.look.icons import Drawing, show_icon
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, TIGHT, WIDE, set_look
from cowrite.gui.widgets.button_menu import open_button_menu
from cowrite.gui.widgets.dialog_parts import button, resize_for_letters
from cowrite.gui.widgets.search_field import as_search_field
from cowrite.gui.widgets.wrapping_row import WrappingRow
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar

_TRASHED = "trashed"  # the notice of what is in the trash
NARROW = 760  # device-independent pixels below which the buttons go under title and search


class LibraryWindow(QWidget):
    """What is wanted, by path: open, rename (with the title), duplicate, trash, show in its folder; and take back what
    went into the trash, new, new from a template, open a file, join, the guide; `search_changed(text)` as it is typed;
    `activated` when the person comes to the window."""

    open_requested = Signal(str)
    rename_requested = Signal(str, str)
    duplicate_requested = Signal(str)
    trash_requested = Signal(str)
    restore_requested = Signal()
    reveal_requested = Signal(str)
    new_requested = Signal()
    template_requested = Signal()
    open_file_requested = Signal()
    join_requested = Signal()
    guide_requested = Signal()
    search_changed = Signal(str)
    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("All documents")
        set_look(self, surface="window")
        self.setMinimumSize(420, 320)
        resize_for_letters(self, QSize(1080, 720))
        self.model = LibraryModel(self)
        MenuKey(self)
        self.model.renamed.connect(self.rename_requested)
        self._delegate = CardDelegate(self)
        self._list = self._make_list()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Find a document")
        called(self._search, "Find in all documents", "Find in all documents")
        self._search.textChanged.connect(self.search_changed)
        as_search_field(self._search)
        self.notices = NoticeBar()
        self.notices.left.connect(self._list.setFocus)
        self.notices.answered.connect(self._answered)
        self._shown_for = ""  # what was looked for when the cards were shown
        self._stack = QStackedWidget()
        self._empty = _Blank(
            "file-text", "Nothing here yet", "Start a document, open a file, or join one that somebody shares."
        )
        self._nothing = _Blank("search", "Nothing found", "")
        self._looking = _Blank("library", "Looking for your documents…", "")
        show_all = _button("Show all documents", "Empty the search field", self._search.clear)
        self._nothing.end(show_all)
        first = _button("New document", "Start an empty document", self.new_requested.emit)
        set_look(first, kind="primary")
        show_icon(first, "file-plus")
        self._empty.end(first)
        self._looking.end()
        for page in (self._looking, self._list, self._empty, self._nothing):
            self._stack.addWidget(page)
        for blank in (self._empty, self._nothing):
            blank.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            blank.customContextMenuRequested.connect(partial(self._show_beginnings, blank))
        self._actions = self._make_actions()
        self._lay_out()
        self._keys = self._make_keys()
        self.show_keys(by_command({}))

    def show_keys(self, keys: KeysByCommand) -> None:
        """Takes the keys of commands that hold from now on."""
        self._keys.show(keys)

    def show_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Shows these. The one that was chosen stays so, or the one that is in its place; of others that are looked
        for, the first. Without any, says why there is nothing."""
        here, row, looked_for = self._card(), self._list.currentIndex().row(), self._search.text().strip()
        is_other = looked_for != self._shown_for
        self._shown_for = looked_for
        self.model.show_cards(cards)
        instead = 0 if is_other else max(0, min(row, len(cards) - 1))
        row = next((place for place, card in enumerate(cards) if here and card.path == here.path), instead)
        self._list.setCurrentIndex(self.model.index(row))
        if is_other:
            self._list.scrollTo(self.model.index(row))
        self._nothing.sentence.setText(f"No document contains “{looked_for}”.")
        self._stack.setCurrentWidget(self._list if cards else self._nothing if looked_for else self._empty)

    def show_trashed(self, titles: Sequence[str]) -> None:
        """Says what is in the trash, by its titles, and offers to take it back; without any, says nothing."""
        if not titles:
            self.notices.remove(_TRASHED)
            return
        is_one = len(titles) == 1
        sentence = f"“{titles[0]}” is in the trash." if is_one else f"{len(titles)} documents are in the trash."
        answer = Answer("undo", "Bring it back" if is_one else "Bring them back")
        self.notices.show_notice(Notice(_TRASHED, "information", sentence, (answer,)))

    def menu(self) -> QMenu:
        """What can be done with the chosen document."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._actions)
        menu.insertSeparator(self._actions[-1])
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons go under title and search."""
        super().resizeEvent(event)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        margins = self._above.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        finding = self._title.sizeHint().width() + self._search.minimumWidth() + 2 * self._finding.spacing()
        narrow = self.width() < NARROW or room < finding + self._buttons.sizeHint().width() + self._above.spacing()
        self._buttons.let_wrap(narrow)
        self._above.setDirection(below if narrow else beside)
        self._finding.setDirection(below if room < finding else beside)

    def changeEvent(self, event: QEvent) -> None:
        """The person may come from where they have moved, deleted or copied documents."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search into the documents, Escape empties the search."""
        if event.key() == Qt.Key.Key_Down and self._search.hasFocus():
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        else:
            super().keyPressEvent(event)

    def _answered(self, notice: str, _answer: str) -> None:
        if notice == _TRASHED:
            self.restore_requested.emit()

    def _card(self) -> DocumentCard | None:
        index = self._list.currentIndex()
        return index.data(CARD_ROLE) if index.isValid() else None

    def _with_card(self, emit: Callable[[str], None]) -> Callable[[], None]:
        def act() -> None:
            if (card := self._card()) is not None:
                emit(card.path)

        return act

    def _make_list(self) -> QListView:
        view = CardList(self._delegate)
        view.setModel(self.model)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)  # F2 is an action: it stands in the menu
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName("Documents")
        set_look(view, surface="cards")
        view.activated.connect(lambda index: self.open_requested.emit(index.data(CARD_ROLE).path))
        view.customContextMenuRequested.connect(self._show_menu)
        return view

    def _show_menu(self, at: QPoint) -> None:
        if self._list.indexAt(at).isValid() or at.isNull():
            self.menu().popup(self._list.viewport().mapToGlobal(at))
        else:
            self._show_beginnings(self._list.viewport(), at)

    def _show_beginnings(self, page: QWidget, at: QPoint) -> None:
        """The menu of a place where no document is: what the buttons above it do."""
        open_button_menu(self._beginnings, self, page.mapToGlobal(at))

    def _make_actions(self) -> list[QAction]:
        trash = "Delete", "Ctrl+Backspace"  # the latter is usual on a Mac, whose keyboards have no Delete
        rows: tuple[tuple[str, Sequence[str], Callable[[], None]], ...] = (
            ("&Open", (), self._with_card(self.open_requested.emit)),
            ("&Rename", ("F2",), lambda: self._list.edit(self._list.currentIndex())),
            ("&Duplicate", ("Ctrl+D",), self._with_card(self.duplicate_requested.emit)),
            ("&Show in its folder", (), self._with_card(self.reveal_requested.emit)),
            ("Move to &trash", trash, self._with_card(self.trash_requested.emit)),
        )
        made = []
        for text, keys, act in rows:
            action = QAction(text, self._list)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the search field has a Delete of its own
            action.triggered.connect(act)
            self._list.addAction(action)
            made.append(action)
        return made

    def _make_keys(self) -> WindowKeys:
        acts: dict[str, Callable[[], object]] = {
            "new": self.new_requested.emit,
            "new_from_template": self.template_requested.emit,
            "open": self.open_file_requested.emit,
            "join": self.join_requested.emit,
            "find": self._search.setFocus,
            "guide": self.guide_requested.emit,
        }
        keys = WindowKeys(self, acts)
        for id, part in {"find": self._search, **self._named}.items():
            keys.name(id, partial(_name_key, part, part.toolTip()))
        return keys

    def _lay_out(self) -> None:
        title = self._title = QLabel("All documents")
        set_look(title, role="title")
        self._new = _button("New document", "Start an empty document", self.new_requested.emit)
        set_look(self._new, kind="primary")
        show_icon(self._new, "file-plus")
        self._search.setMinimumWidth(170)
        self._search.setMaximumWidth(320)
        finding = self._finding = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        finding.setSpacing(MARGIN)
        finding.addWidget(title)
        finding.addStretch(1)
        finding.addWidget(self._search, 2)
        buttons = self._buttons = WrappingRow(SPACING)
        template = "Start with minutes, a proposal or another text"
        open_ = _button("Open file…", "Open a file from this computer", self.open_file_requested.emit)
        join = _button("Join with a link…", "Write in somebody’s document", self.join_requested.emit)
        from_template = _button("From a template…", template, self.template_requested.emit)
        for each in (open_, join, from_template, self._new):
            buttons.addWidget(each)
        self._named = {"new": self._new, "new_from_template": from_template, "open": open_, "join": join}
        names = ("&New document", "From a &template…", "&Open file…", "&Join with a link…")
        self._beginnings = tuple(zip(names, (self._new, from_template, open_, join), strict=True))
        above = self._above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        above.setContentsMargins(WIDE, MARGIN + TIGHT, WIDE, SPACING)
        above.setSpacing(SPACING)
        above.addLayout(finding, 1)
        above.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(above)
        column.addWidget(self._stack, 1)


class _Blank(QWidget):
    """A page that says why there is nothing to see."""

    def __init__(self, drawing: str, title: str, sentence: str) -> None:
        super().__init__()
        heading = QLabel(title)
        set_look(heading, role="title")
        self.sentence = QLabel(sentence)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)  # what is looked for may look like markup
        set_look(self.sentence, role="muted")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(LOOSE)
        self._column.addStretch(1)
        self._column.addWidget(Drawing(48, drawing), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (heading, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.addWidget(label)

    def end(self, button: QPushButton | None = None) -> None:
        """What can be done about it; None where there is nothing to do but to wait."""
        if button is not None:
            self._column.addSpacing(SPACING)
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(2)


def _name_key(part: QWidget, tip: str, key: str) -> None:
    part.setToolTip(and_key(tip, key))


def _button(text: str, tip: str, act: Callable[[], None]) -> QPushButton:
    made = button(text, tip)
    made.clicked.connect(lambda _=False: act())
    return made
