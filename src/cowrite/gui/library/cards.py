"""The cards of the library: what they say, and how they are painted.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
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
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cowrite.core.text.direction import from_left
from cowrite.gui.look.icons import pixmap
from cowrite.gui.look.reading_sides import side_of
from cowrite.gui.look.theme import worn
from cowrite.gui.widgets.tips import tip_of

Index = QModelIndex | QPersistentModelIndex
CARD_WIDTH = 256  # device-independent pixels, at least
GAP = 8  # device-independent pixels between two cards
PAD = 14  # device-independent pixels within a card
CARD_ROLE = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """One document. `modified` and `size` are words to show, such as "Today at 14:05" and "24 KB"; `file` is what tells
    it from others of its title."""

    path: str
    title: str
    modified: str
    snippet: str = ""
    size: str = ""
    shared: bool = False
    file: str = ""

    @property
    def facts(self) -> list[str]:
        """What stands below its words."""
        return [fact for fact in (self.file, self.modified, self.size) if fact]


class LibraryModel(QAbstractListModel):
    """The cards; a title that was typed is passed on and shown only once the caller shows it."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[DocumentCard] = []

    def show_cards(self, cards: Sequence[DocumentCard]) -> None:
        """Shows these. Cards that stay are not touched: one may be chosen, and its title being typed."""
        cards = _told_apart(cards)
        before, after = [card.path for card in self._cards], [card.path for card in cards]
        steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for what, start, stop, first, last in reversed(steps):
            if what == "equal":
                for row, card in enumerate(cards[first:last], start):
                    self._show_card(row, card)
                continue
            if start < stop:
                self.beginRemoveRows(NOWHERE, start, stop - 1)
                del self._cards[start:stop]
                self.endRemoveRows()
            if first < last:
                self.beginInsertRows(NOWHERE, start, start + last - first - 1)
                self._cards[start:start] = cards[first:last]
                self.endInsertRows()

    def _show_card(self, row: int, card: DocumentCard) -> None:
        if self._cards[row] != card:
            self._cards[row] = card
            self.dataChanged.emit(self.index(row), self.index(row))

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
            return ", ".join((card.title, *card.facts, *(("shared",) if card.shared else ())))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(from_left(f"{card.title}\n{card.path}"))
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

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.width = CARD_WIDTH

    def fit(self, room: int) -> None:
        """Has as many cards stand side by side as there is room for, so wide that none is left over."""
        self.width = max(room // max(1, room // CARD_WIDTH), CARD_WIDTH // 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for about seven lines."""
        return QSize(self.width, 7 * option.fontMetrics.height() + 2 * (PAD + GAP) + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, title, first words, and a line of facts."""
        card: DocumentCard = index.data(CARD_ROLE)
        theme = worn()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(option.rect).adjusted(GAP, GAP, -GAP, -GAP)
        edge = theme.focus if focused else theme.control if hovered or chosen else theme.border
        inset = 1.0 if focused else 0.5
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
        editor.setToolTip("Enter keeps the title, Esc leaves it as it was")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the title."""
        place = option.rect.adjusted(GAP + 5, GAP + 5, -GAP - 5, 0)
        place.setHeight(editor.sizeHint().height())
        editor.setGeometry(place)

    def _facts(self, painter: QPainter, option: QStyleOptionViewItem, card: DocumentCard, box: QRect) -> None:
        side = 16 if card.shared else 0
        if card.shared:
            picture = pixmap("users", worn().accent_text, side, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPoint(box.right() - side + 1, box.center().y() - side // 2 + 1), picture)
        _lines(painter, box.adjusted(0, 0, -side - GAP, 0), " · ".join(card.facts), option.font, worn().muted, 1)


class CardList(QListView):
    """The cards side by side, over the whole width."""

    def __init__(self, delegate: CardDelegate) -> None:
        super().__init__()
        self._delegate = delegate
        self.setItemDelegate(delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cards fit the new width."""
        bar = self.verticalScrollBar()
        kept = 0 if bar.isVisible() else bar.sizeHint().width()  # Qt leaves room for it, and breaks a row that fills it
        self._delegate.fit(self.viewport().width() - kept - 1)
        super().resizeEvent(event)


def _told_apart(cards: Sequence[DocumentCard]) -> list[DocumentCard]:
    """The same cards; those that have one title say how their files are called."""
    titles = Counter(card.title for card in cards)
    return [replace(card, file=Path(card.path).stem) if titles[card.title] > 1 else card for card in cards]


def _lines(painter: QPainter, box: QRect, text: str, font: QFont, colour: str, most: int) -> int:
    """Write `text` into `box` on at most so many lines, the last one ending in "…"; returns the height used."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics = painter.fontMetrics()
    layout = QTextLayout(" ".join(text.split()), font)
    painter.setLayoutDirection(side_of(text))  # of all lines alike, whatever one of them begins with
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
        painter.drawText(row, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, shown)
    return len(starts) * metrics.height()
