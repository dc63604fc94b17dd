"""All documents, to open, find and tidy.

Runs on the GUI thread. LibraryWindow shows DocumentCards and says what is wanted of which; the caller reads the
folder, searches and acts, and answers with `show_cards`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPen, QShortcut, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cowrite.gui.icons import icon, pixmap, show_icon
from cowrite.gui.notice_bar import Answer, Notice, NoticeBar
from cowrite.gui.theme import Theme, set_look

Index = QModelIndex | QPersistentModelIndex
CARD_WIDTH = 256
GAP = 8
PAD = 14
CARD_ROLE = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """One document. `modified` and `size` are words to show, such as "Today at 14:05" and "24 KB"."""

    path: str
    title: str
    modified: str
    snippet: str = ""
    size: str = ""
    shared: bool = False


class LibraryModel(QAbstractListModel):
    """The cards; a title that was typed is passed on and shown only once the caller shows it."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[DocumentCard, ...] = ()

    def show_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Replace them all."""
        self.beginResetModel()
        self._cards = tuple(cards)
        self.endResetModel()

    def title(self, path: str) -> str:
        """The title on a document's card; empty where it has none."""
        return next((card.title for card in self._cards if card.path == path), "")

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Number of cards."""
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title to see and edit, what a screen reader says, the tooltip, and the card itself for CARD_ROLE."""
        card = self._cards[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return card.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            facts = (card.title, card.modified, card.size, "shared" if card.shared else "")
            return ", ".join(fact for fact in facts if fact)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{card.title}\n{card.path}"
        return card if role == CARD_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every card can be renamed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass on a new title, unless it is empty or the old one."""
        card = self._cards[index.row()]
        title = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and title and title != card.title:
            self.renamed.emit(card.path, title)
        return False


class CardDelegate(QStyledItemDelegate):
    """Paints a document as a small page: title, first words, and a line of facts."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for about seven lines."""
        return QSize(CARD_WIDTH, 7 * option.fontMetrics.height() + 2 * (PAD + GAP) + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, title, first words, and a line of facts."""
        card: DocumentCard = index.data(CARD_ROLE)
        theme = self.theme
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(option.rect).adjusted(GAP, GAP, -GAP, -GAP)
        edge = theme.focus if chosen else theme.control if hovered else theme.border
        inset = 1.0 if chosen else 0.5
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), 2 * inset))
        painter.setBrush(QColor(theme.page))
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 8, 8)
        inner = box.toRect().adjusted(PAD, PAD - 2, -PAD, -PAD + 2)
        title = QFont(option.font)
        title.setWeight(QFont.Weight.DemiBold)
        used = _lines(painter, inner, card.title, title, theme.text, 2)
        line = option.fontMetrics.height()
        below = inner.adjusted(0, used + 6, 0, -line - 8)
        _lines(painter, below, card.snippet, option.font, theme.muted, max(0, below.height() // line))
        self._facts(painter, option, card, inner.adjusted(0, inner.height() - line, 0, 0))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the title."""
        editor = QLineEdit(parent)
        editor.setAccessibleName("Title")
        editor.setToolTip("Enter keeps the title, Escape leaves it as it was")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the title."""
        place = option.rect.adjusted(GAP + 5, GAP + 5, -GAP - 5, 0)
        place.setHeight(editor.sizeHint().height())
        editor.setGeometry(place)

    def _facts(self, painter: QPainter, option: QStyleOptionViewItem, card: DocumentCard, box: QRect) -> None:
        side = 16 if card.shared else 0
        if card.shared:
            picture = pixmap("users", self.theme.accent_text, side, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPoint(box.right() - side + 1, box.center().y() - side // 2 + 1), picture)
        text = " · ".join(fact for fact in (card.modified, card.size) if fact)
        _lines(painter, box.adjusted(0, 0, -side - GAP, 0), text, option.font, self.theme.muted, 1)


class LibraryWindow(QWidget):
    """What is wanted, by path: open, rename (with the title), duplicate, trash, restore, show in its folder; and new,
    open a file, join; `search_changed(text)` as it is typed."""

    open_requested = Signal(str)
    rename_requested = Signal(str, str)
    duplicate_requested = Signal(str)
    trash_requested = Signal(str)
    restore_requested = Signal(str)
    reveal_requested = Signal(str)
    new_requested = Signal()
    open_file_requested = Signal()
    join_requested = Signal()
    search_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All documents")
        set_look(self, surface="window")
        self.resize(1080, 720)
        self.model = LibraryModel(self)
        self.model.renamed.connect(self.rename_requested)
        self._delegate = CardDelegate(theme, self)
        self._list = self._make_list()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search")
        self._search.setAccessibleName("Search in all documents")
        self._search.setToolTip("Search in all documents (Ctrl+F)")
        self._search.textChanged.connect(self.search_changed)
        self._loupe = QAction(self._search)
        self._search.addAction(self._loupe, QLineEdit.ActionPosition.LeadingPosition)
        self._emptier = QAction("Empty the search field", self._search)
        self._emptier.triggered.connect(self._search.clear)
        self._emptier.setVisible(False)
        self._search.textChanged.connect(lambda text: self._emptier.setVisible(bool(text)))
        self._search.addAction(self._emptier, QLineEdit.ActionPosition.TrailingPosition)
        self.notices = NoticeBar(theme)
        self.notices.answered.connect(self._undo_trash)
        self._stack = QStackedWidget()
        self._empty = _Blank("Nothing here yet", "Start a document, open a file, or join one that somebody shares.")
        self._nothing = _Blank("Nothing found", "")
        show_all = _button("Show all documents", "Empty the search field", self._search.clear)
        self._nothing.end(show_all)
        self._first = _button("New document", "Start an empty document", self.new_requested.emit)
        set_look(self._first, kind="primary")
        self._empty.end(self._first)
        for page in (self._list, self._empty, self._nothing):
            self._stack.addWidget(page)
        self._actions = self._make_actions()
        self._lay_out(theme)
        self.show_theme(theme)
        self.show_cards(())

    def show_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Show these, the first chosen; without any, say why there is nothing."""
        here = self._card()
        self.model.show_cards(cards)
        row = next((place for place, card in enumerate(cards) if here and card.path == here.path), 0)
        self._list.setCurrentIndex(self.model.index(row))
        looked_for = self._search.text().strip()
        self._nothing.sentence.setText(f"No document has “{looked_for}” in its title or text.")
        self._stack.setCurrentWidget(self._list if cards else self._nothing if looked_for else self._empty)

    def show_trashed(self, path: str) -> None:
        """Say that it is in the trash and offer to take it back; `restore_requested` carries the path then."""
        title = self.model.title(path) or Path(path).stem
        self.notices.show_notice(
            Notice(path, "information", f"“{title}” is in the trash.", (Answer("undo", "Take it back"),))
        )

    def show_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._delegate.theme = theme
        self._loupe.setIcon(icon("search", theme, "muted"))
        show_icon(self._new, "file-plus", theme, "on_accent")
        show_icon(self._first, "file-plus", theme, "on_accent")
        self._emptier.setIcon(icon("x", theme))
        self._empty.picture.setPixmap(pixmap("file-text", theme.muted, 48, self.devicePixelRatioF()))
        self._nothing.picture.setPixmap(pixmap("search", theme.muted, 48, self.devicePixelRatioF()))
        self.notices.show_theme(theme)
        self._list.viewport().update()

    def menu(self) -> QMenu:
        """What can be done with the chosen document."""
        menu = QMenu(self)
        menu.addActions(self._actions)
        menu.insertSeparator(self._actions[-1])
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down leads from the search into the documents, Escape empties the search."""
        if event.key() == Qt.Key.Key_Down and self._search.hasFocus():
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        else:
            super().keyPressEvent(event)

    def _card(self) -> DocumentCard | None:
        index = self._list.currentIndex()
        return index.data(CARD_ROLE) if index.isValid() else None

    def _with_card(self, emit: Callable[[str], None]) -> Callable[[], None]:
        def act() -> None:
            if (card := self._card()) is not None:
                emit(card.path)

        return act

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
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

    def _make_actions(self) -> list[QAction]:
        rows: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("&Open", "", self._with_card(self.open_requested.emit)),
            ("&Rename", "F2", lambda: self._list.edit(self._list.currentIndex())),
            ("&Duplicate", "Ctrl+D", self._with_card(self.duplicate_requested.emit)),
            ("&Show in its folder", "", self._with_card(self.reveal_requested.emit)),
            ("Move to &trash", "Delete", self._with_card(self.trash_requested.emit)),
        )
        made = []
        for text, key, act in rows:
            action = QAction(text, self._list)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the search field has a Delete of its own
            action.triggered.connect(act)
            self._list.addAction(action)
            made.append(action)
        for key_, act in (
            (QKeySequence(QKeySequence.StandardKey.New), self.new_requested.emit),
            (QKeySequence(QKeySequence.StandardKey.Open), self.open_file_requested.emit),
            (QKeySequence("Ctrl+J"), self.join_requested.emit),
            (QKeySequence(QKeySequence.StandardKey.Find), self._search.setFocus),
        ):
            QShortcut(key_, self).activated.connect(act)
        return made

    def _lay_out(self, theme: Theme) -> None:
        title = QLabel("All documents")
        set_look(title, role="title")
        self._new = _button("New document", "Start an empty document (Ctrl+N)", self.new_requested.emit)
        set_look(self._new, kind="primary")
        self._search.setMinimumWidth(170)
        self._search.setMaximumWidth(320)
        above = QHBoxLayout()
        above.setContentsMargins(24, 20, 24, 8)
        above.setSpacing(theme.metrics.spacing)
        above.addWidget(title)
        above.addStretch(1)
        above.addWidget(self._search, 2)
        above.addWidget(_button("Open file…", "Open a file from this computer (Ctrl+O)", self.open_file_requested.emit))
        above.addWidget(_button("Join with a link…", "Write in somebody's document (Ctrl+J)", self.join_requested.emit))
        above.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(above)
        column.addWidget(self._stack, 1)

    def _undo_trash(self, path: str, _: str) -> None:
        self.notices.remove(path)
        self.restore_requested.emit(path)


class _Blank(QWidget):
    """A page that says why there is nothing to see."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self.picture = QLabel()
        heading = QLabel(title)
        set_look(heading, role="title")
        self.sentence = QLabel(sentence)
        set_look(self.sentence, role="muted")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        for label in (self.picture, heading, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.addWidget(label)

    def end(self, button: QPushButton) -> None:
        """What can be done about it."""
        self._column.addSpacing(8)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(2)


def _button(text: str, tip: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text.removesuffix("…"))
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: act())
    return button


def _lines(painter: QPainter, box: QRect, text: str, font: QFont, colour: str, most: int) -> int:
    """Write `text` into `box` on at most so many lines, the last one ending in "…"; returns the height used."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics = painter.fontMetrics()
    layout = QTextLayout(" ".join(text.split()), font)
    layout.beginLayout()
    starts: list[tuple[int, int]] = []
    while len(starts) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(box.width())
        starts.append((line.textStart(), line.textLength()))
    layout.endLayout()
    for place, (start, length) in enumerate(starts):
        last = place == most - 1
        shown = layout.text()[start:] if last else layout.text()[start : start + length]
        row = QRect(box.left(), box.top() + place * metrics.height(), box.width(), metrics.height())
        shown = metrics.elidedText(shown.rstrip(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, shown)
    return len(starts) * metrics.height()
