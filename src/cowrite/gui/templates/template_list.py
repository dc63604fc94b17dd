"""TemplateList: the templates from which a document can be made, cowrite's own first, then the person's.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cowrite.gui.look.theme import set_look, worn
from cowrite.gui.widgets.painted_row import paint_ground, write_line
from cowrite.gui.widgets.tips import tip_of
from cowrite.storage.document_templates import DocumentTemplate

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
TEMPLATE_ROLE = Qt.ItemDataRole.UserRole
"""The DocumentTemplate of a line; None for a heading."""
PAD = 12  # device-independent pixels before the words of a line

BROUGHT, OWN = "From cowrite", "Yours"
NONE_YET = "You have none of your own yet. File → Save as a template… makes one from an open document."
WRAPPED = Qt.TextFlag.TextWordWrap.value


class TemplatesModel(QAbstractListModel):
    """The templates with a heading above each kind."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: list[tuple[DocumentTemplate | None, str]] = []

    def show_templates(self, templates: Sequence[DocumentTemplate], *, are_all: bool) -> None:
        """Shows these; says where there are none of the person's own, if they are all that there are."""
        self.beginResetModel()
        self._lines = []
        for is_own, heading in ((False, BROUGHT), (True, OWN)):
            if group := [each for each in templates if each.is_own is is_own]:
                self._lines += [(None, heading), *((each, each.title) for each in group)]
            elif is_own and are_all:
                self._lines += [(None, heading), (None, NONE_YET)]
        self.endResetModel()

    def line_of(self, template: DocumentTemplate | None) -> QModelIndex:
        """Where a template stands; the first one's place for one that is not there, nowhere where there is none."""
        lines = [(row, each) for row, (each, _) in enumerate(self._lines) if each is not None]
        row = next((row for row, each in lines if template is not None and each.path == template.path), None)
        if row is None and lines:
            row = lines[0][0]
        return NOWHERE if row is None else self.index(row)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Templates and headings."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a line, and its template."""
        template, words = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == TEMPLATE_ROLE:
            return template
        if template is not None and role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words}, {'yours' if template.is_own else 'from cowrite'}"
        if template is not None and role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(template.description or words)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if self._lines[index.row()][0] is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class TemplateDelegate(QStyledItemDelegate):
    """Paints a title, a heading, or that there are none.

    Args:
        view: the list.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line; a heading has air above it, and what is said of none takes as many as it needs."""
        if _is_note(index):
            room = QRect(0, 0, self._view.viewport().width() - 2 * PAD, 10_000)
            return QSize(120, option.fontMetrics.boundingRect(room, WRAPPED, NONE_YET).height() + 8)
        return QSize(120, option.fontMetrics.height() + (20 if index.data(TEMPLATE_ROLE) is None else 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of what is chosen, and the words."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if _is_note(index):
            self._paint_note(painter, option)
        else:
            self._paint_line(painter, option, index)
        painter.restore()

    def _paint_note(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        painter.setFont(option.font)
        painter.setPen(QColor(worn().muted))
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        painter.drawText(option.rect.adjusted(PAD, 4, -PAD, 0), align | Qt.TextFlag.TextWordWrap, NONE_YET)

    def _paint_line(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        is_heading = index.data(TEMPLATE_ROLE) is None
        font = QFont(option.font)
        if is_heading:
            font.setWeight(QFont.Weight.DemiBold)
        else:
            paint_ground(painter, QRectF(option.rect).adjusted(4, 1, -4, -1), option)
        box = option.rect.adjusted(PAD, 8 if is_heading else 0, -PAD, 0)
        colour = worn().muted if is_heading else worn().text
        write_line(painter, box, str(index.data()), font, colour, option)


def _is_note(index: Index) -> bool:
    """Whether a line says that there are none."""
    return index.data(TEMPLATE_ROLE) is None and index.data() == NONE_YET


class TemplateList(QListView):
    """The list. What is typed in it is handed on, for it is looked for."""

    chosen = Signal(object)
    """The DocumentTemplate that is marked now; None where there is none."""
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._model = TemplatesModel(self)
        self.setModel(self._model)
        self.setItemDelegate(TemplateDelegate(self))
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Templates")
        set_look(self, surface="templates")

    @property
    def template(self) -> DocumentTemplate | None:
        """The one that is marked."""
        index = self.currentIndex()
        return index.data(TEMPLATE_ROLE) if index.isValid() else None

    @property
    def titles(self) -> list[str]:
        """What it shows, with its headings."""
        return [str(self._model.index(row).data()) for row in range(self._model.rowCount())]

    def show_templates(
        self, templates: Sequence[DocumentTemplate], marked: DocumentTemplate | None, *, are_all: bool
    ) -> None:
        """Shows these, one of them marked: this one where it is among them, else the first.

        Args:
            templates: in their order.
            marked: which one.
            are_all: whether there are no others, of which it is said whether any is the person's own.
        """
        self._model.show_templates(templates, are_all=are_all)
        self.setAccessibleDescription(NONE_YET if are_all and not any(each.is_own for each in templates) else "")
        index = self._model.line_of(marked)
        self.setCurrentIndex(index)
        if not index.isValid():
            self.chosen.emit(None)
        elif index.row() == 1:
            self.scrollToTop()  # the heading above it is to be seen
        else:
            self.scrollTo(index)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which one is marked."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(current.data(TEMPLATE_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are handed on."""
        text = event.text()
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
        if text.strip() and text.isprintable() and not held:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)
