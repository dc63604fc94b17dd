"""Words of people stand on the side from which they are read, in a window that is read from the other one.

Runs on the GUI thread. Qt does so by itself on pages and in fields of one line alone.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QPlainTextEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cowrite.core.text.breaking import breakable
from cowrite.core.text.direction import begins_from_right, isolated


def side_of(text: str) -> Qt.LayoutDirection:
    """From which side a text is read."""
    return Qt.LayoutDirection.RightToLeft if begins_from_right(text) else Qt.LayoutDirection.LeftToRight


def stand_on_side(field: QPlainTextEdit) -> None:
    """Has the text of a field stand on the side from which it is read, by its first letter."""
    document = field.document()
    option = document.defaultTextOption()
    from_right = begins_from_right(field.toPlainText())
    side = Qt.AlignmentFlag.AlignRight if from_right else Qt.AlignmentFlag.AlignLeft
    if option.alignment() != side:  # to set it lays all of the text out anew
        option.setAlignment(side)
        document.setDefaultTextOption(option)


class SidedDelegate(QStyledItemDelegate):
    """Rows of which each stands on the side from which it is read, and is as high as all its words need."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Leaves room for the sign to tick: Qt wraps the words as if there were none, or no air
        around them, and then cuts the last line."""
        measured = QStyleOptionViewItem(option)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None and option.widget is not None:
            style, metric = option.widget.style(), QStyle.PixelMetric
            sign = style.pixelMetric(metric.PM_IndicatorWidth, option, option.widget)
            beside = style.pixelMetric(metric.PM_CheckBoxLabelSpacing, option, option.widget)
            measured.rect = option.rect.adjusted(0, 0, -sign - beside, 0)
        return super().sizeHint(measured, index)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Turns the words of a row that say so, and breaks long ones; what stands before them in all rows stays in its
        column."""
        super().initStyleOption(option, index)
        option.text = breakable(option.text)
        if begins_from_right(option.text):
            option.text = isolated(option.text)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # else Qt turns that, too
            option.displayAlignment = right | Qt.AlignmentFlag.AlignVCenter
        elif option.direction == Qt.LayoutDirection.RightToLeft:
            option.text = f"\u2066{option.text}\u2069"  # or its last sign would stand before it
