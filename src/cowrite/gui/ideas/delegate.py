"""IdeaDelegate: how a row of the list of ideas looks, and the field in which it is written.

Runs on the GUI thread. A note is a card: its colour as a bar at the leading edge, its text in as many lines as it
needs, below it who wrote it and what else is to be known. The heights are kept, because a list of a thousand asks for
all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cowrite.core.board.items import Note
from cowrite.core.text.direction import begins_from_right
from cowrite.core.text.merging import merged_text
from cowrite.gui.ideas.item_model import ROW_ROLE
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.ideas.outline import UNGROUPED, Kind, Row
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.swatches import INKS
from cowrite.gui.look.theme import SMALL, Theme

PADDING = 10  # device-independent pixels, as all here
GAP = 6  # between two cards
BAR = 5
LONGEST = 4_000  # characters of a note that are shown here; all of it is beside the list
AIRY = 1.1  # as wide words may be, beside the sum of their letters, where a font sets pairs of these further apart
BETWEEN = 12  # between the title of a group and what stands behind it
_DEPTHS = {Kind.GROUP: 0, Kind.NOTE: 1}  # known without a walk: of a thousand rows most are notes
LEAST_TITLE = 0.6  # share of a group's row that its title has where it needs it
_INK_OF = {"yellow": "Gold"}
_INKS = {swatch.name: swatch for swatch in INKS}
Index = QModelIndex | QPersistentModelIndex


def bar_colour(colour: str, theme: Theme) -> str:
    """The ink in which the name of a note's colour is shown."""
    return theme.shown(_INKS[_INK_OF.get(colour, colour.capitalize())])


class IdeaDelegate(QStyledItemDelegate):
    """Paints and edits rows.

    Args:
        view: the list; its width decides how text breaks.
        theme: how it looks.
    """

    retyped = Signal(str, str)
    """An id and its new text or title."""
    editing_changed = Signal()
    """A field has been opened or closed."""

    def __init__(self, view: QAbstractItemView, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._zoom = 1.0
        self._heights: dict[tuple[Row, int], int] = {}
        self._below_heights: dict[tuple[str, int], float] = {}
        self._line: tuple[dict[str, float], float] | None = None  # how wide the letters of notes are, how high a line
        self.edited = ""
        """The id of what is being edited, or empty."""
        self._base = ""
        self.note: Callable[[str], Note | None] = lambda _id: None
        """Gives the note of an id; None for anything else."""

    def show_look(self, theme: Theme, zoom: float) -> None:
        """Takes another look or size."""
        self._theme, self._zoom = theme, zoom
        self._forget()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the text needs in the width that there is."""
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return QSize(0, 0)
        width = self._width(row, index)
        key = (row, width)
        height = self._heights.get(key)
        if height is None:
            if len(self._heights) > 5000:
                self._forget()
            height = self._heights[key] = self._height(row, width)
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A group as a heading, a note as a card."""
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind is Kind.GROUP:
            self._paint_group(painter, option, row)
        else:
            self._paint_note(painter, option, row)
        painter.restore()

    # The field

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field of several lines for a note, of one for a title."""
        row: Row = index.data(ROW_ROLE)
        field = NoteField(row.kind is not Kind.GROUP, parent)
        field.setFont(self._font(row))
        field.setAccessibleName("Title of the group" if row.kind is Kind.GROUP else "Text of the note")
        field.grew.connect(lambda: self.updateEditorGeometry(field, option, self._view.currentIndex()))
        field.note = lambda: self.note(row.id)
        self.edited, self._base = row.id, row.text
        self.editing_changed.emit()
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fills the field; while somebody types in it, what a teammate changed is merged in by letters."""
        row: Row | None = index.data(ROW_ROLE)
        if not isinstance(editor, NoteField) or row is None:
            return
        if not editor.is_begun:
            editor.begin(row.text)
        elif row.text != self._base:
            editor.take_over(merged_text(self._base, editor.text(), row.text))
        self._base = row.text

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Tells what was typed; the row shows it when the board says so."""
        row: Row | None = index.data(ROW_ROLE)
        if isinstance(editor, NoteField) and row is not None and editor.text() != row.text:
            self.retyped.emit(row.id, editor.text())

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """The field is closed."""
        self.edited = ""
        super().destroyEditor(editor, index)
        self.editing_changed.emit()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the row, and as much higher as its text needs."""
        rect = self._view.visualRect(index)
        if isinstance(editor, NoteField) and rect.isValid():
            inner = rect.adjusted(0, GAP // 2, 0, -(GAP // 2))
            editor.setGeometry(
                QRect(inner.topLeft(), QSize(inner.width(), max(inner.height(), editor.wanted_height())))
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab commit, Shift+Enter breaks the line of a note, Escape gives up."""
        if isinstance(watched, NoteField) and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            hint = QStyledItemDelegate.EndEditHint.NoHint
            plain = not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
            if event.key() in ENTERS and (plain or not watched.is_of_many_lines):
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, hint)
                return True
            if event.key() in ENTERS:
                return False
        return super().eventFilter(watched, event)

    # Measures

    def _forget(self) -> None:
        self._heights.clear()
        self._below_heights.clear()
        self._line = None

    def _width(self, row: Row, index: Index) -> int:
        depth = _DEPTHS.get(row.kind, 0)
        if row.kind is Kind.MERGED:
            parent = index.parent()
            while parent.isValid():
                depth, parent = depth + 1, parent.parent()
        indentation = getattr(self._view, "indentation", lambda: 0)()
        return max(120, self._view.viewport().width() - indentation * (depth + 1))

    def _font(self, row: Row, *, small: bool = False) -> QFont:
        font = QFont(self._view.font())
        size = font.pointSizeF() * self._zoom * (SMALL if small else 1.06 if row.kind is Kind.GROUP else 1.0)
        font.setPointSizeF(max(6.0, size))
        if row.kind is Kind.GROUP and not small:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _height(self, row: Row, width: int) -> int:
        if row.kind is Kind.GROUP:
            return round(QFontMetricsF(self._font(row)).height() + 2 * PADDING)
        inner = width - BAR - 2 * PADDING
        height = self._height_of_text(row, inner) + 2 * PADDING + GAP
        if words := _facts(row):
            if (words, width) not in self._below_heights:  # of many notes this is the same
                below = _laid_out(words, self._font(row, small=True), inner, leftwards=False)
                self._below_heights[words, width] = 4 + _height_of(below)
            height += self._below_heights[words, width]
        return round(height)

    def _height_of_text(self, row: Row, width: float) -> float:
        """How high words are; of those that surely fit in one line as high as any of their font, which is known
        sooner than by laying them out."""
        text = row.text
        if len(text) <= LONGEST and text.isascii() and text.isprintable():
            if self._line is None:
                font = self._font(row)
                metrics = QFontMetricsF(font)
                letters = {sign: metrics.horizontalAdvance(sign) for sign in map(chr, range(0x20, 0x7F))}
                self._line = letters, _height_of(_laid_out("x", font, width, leftwards=False))
            letters, height = self._line
            if sum(map(letters.__getitem__, text)) * AIRY < width:
                return height
        return _height_of(_laid_out(text, self._font(row), width, leftwards=False))

    def _paint_group(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        theme = self._theme
        rect = QRectF(option.rect).adjusted(0.5, GAP / 2, -1.5, -GAP / 2)
        self._ground(painter, option, rect, theme.window, dashed=False, bare=True)
        font = self._font(row)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted if row.id == UNGROUPED else theme.text))
        metrics = QFontMetricsF(font)
        small = self._font(row, small=True)
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        title, tail = self._heading(row, inner.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(inner, int(flags), title)
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        used = metrics.horizontalAdvance(title) + BETWEEN
        rest = inner.adjusted(used, 0, 0, 0)
        if option.direction == Qt.LayoutDirection.RightToLeft:
            rest = inner.adjusted(0, 0, -used, 0)
        painter.drawText(rest, int(flags), tail)

    def _heading(self, row: Row, width: float) -> tuple[str, str]:
        """The title of a group and what stands behind it, as much of both as there is room for: the title first."""
        metrics, small = QFontMetricsF(self._font(row)), QFontMetricsF(self._font(row, small=True))
        tail = _facts(row)
        room = max(width - BETWEEN - small.horizontalAdvance(tail) - 1, width * LEAST_TITLE)
        title = metrics.elidedText(row.text[:LONGEST], Qt.TextElideMode.ElideRight, room)
        rest = width - BETWEEN - metrics.horizontalAdvance(title)
        return title, small.elidedText(tail, Qt.TextElideMode.ElideRight, rest)

    def _paint_note(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        theme = self._theme
        rect = QRectF(option.rect).adjusted(0.5, GAP / 2, -1.5, -GAP / 2)
        self._ground(painter, option, rect, theme.raised, dashed=row.is_foreign)
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        bar = QRectF(
            rect.right() - 1 - BAR if is_mirrored else rect.left() + 1, rect.top() + 5, BAR, rect.height() - 10
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(bar_colour(row.colour, theme)))
        painter.drawRoundedRect(bar, 2, 2)
        inner = rect.width() + 2 - BAR - 2 * PADDING
        left = rect.left() - 0.5 + PADDING + (0 if is_mirrored else BAR)
        text = _laid_out(row.text, self._font(row), inner, leftwards=begins_from_right(row.text))
        painter.setPen(QColor(theme.muted if row.kind is Kind.MERGED else theme.text))
        text.draw(painter, QPointF(left, rect.top() + PADDING))
        if words := _facts(row):
            below = _laid_out(words, self._font(row, small=True), inner, leftwards=is_mirrored)
            painter.setPen(QColor(theme.muted))
            below.draw(painter, QPointF(left, rect.top() + PADDING + _height_of(text) + 4))

    def _ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rect: QRectF,
        ground: str,
        *,
        dashed: bool,
        bare: bool = False,
    ) -> None:
        theme = self._theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        edge = QPen(QColor(theme.assist if dashed else theme.border), 1)
        if dashed:
            edge.setStyle(Qt.PenStyle.DashLine)
        if bare and not (selected or focused or hovered):
            return
        painter.setBrush(QColor(theme.accent_soft if selected else theme.hover if hovered and bare else ground))
        painter.setPen(QPen(QColor(theme.focus), 2) if focused else Qt.PenStyle.NoPen if bare else edge)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1) if focused else rect, 6, 6)


def _facts(row: Row) -> str:
    """What is known of a row, in one line."""
    first = str(row.count) if row.kind is Kind.GROUP else row.author
    marks = [mark[:1].upper() + mark[1:] for mark in row.marks]
    return "   ·   ".join([first] * bool(first) + marks)


def _laid_out(text: str, font: QFont, width: float, *, leftwards: bool) -> QTextLayout:
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    layout = QTextLayout(shown.replace("\n", "\u2028"), font)
    option = QTextOption(
        Qt.AlignmentFlag.AlignAbsolute | (Qt.AlignmentFlag.AlignRight if leftwards else Qt.AlignmentFlag.AlignLeft)
    )
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if leftwards else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    top = 0.0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(40.0, width))
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout


def _height_of(layout: QTextLayout) -> float:
    return layout.boundingRect().height()
