"""Parts that dialogs and pages have in common.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6 import QtWidgets  # what few need is named when it is needed: PySide makes a class when it is first named
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cowrite.bridge.page.points import usual_points
from cowrite.core.text.direction import from_left
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, TIGHT, USUAL, set_look
from cowrite.gui.widgets.elided_button import ElidedButton
from cowrite.gui.widgets.elided_line import ElidedLine
from cowrite.gui.widgets.wrapping_label import WrappingLabel
from cowrite.gui.widgets.wrapping_row import row_of

LINE_WIDTH = 460  # device-independent pixels of a question for one line: an address is long
INSET = 7  # of a number or a date in its field, in device-independent pixels
ABOVE_LINE, ABOVE_TICK = 7, 5  # the same from the top of a field, or a box to tick, to its first line
FRAME = 40  # device-independent pixels of the screen that a window's title bar may take
AROUND = (24, 20, 24, 20)  # device-independent pixels from each side of a dialog to what it holds


class Message(QLabel):
    """A sentence on how it went; gone when there is none."""

    def __init__(self, what: str = "How it went") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleDescription(what)
        self.show_sentence("", "ok")

    def show_sentence(self, sentence: str, tone: str) -> None:
        """Shows it in that tone; one that comes while its window is seen is read out."""
        is_new = from_left(sentence) != self.text()
        self.setText(from_left(sentence))
        self.setVisible(bool(sentence))
        if is_new and self.isVisible():
            say(self, sentence)
        set_look(self, tone=tone)


def resize_on_screen(window: QWidget, size: QSize) -> None:
    """Makes a window so large (device-independent pixels), and no larger than its screen has room for."""
    window.resize(size.boundedTo(window.screen().availableSize() - QSize(0, FRAME)))


def resize_for_letters(window: QWidget, size: QSize) -> None:
    """Makes a window so large (device-independent pixels) beside letters of the usual size, larger beside larger ones,
    and no larger than its screen has room for."""
    resize_on_screen(window, size * max(1.0, usual_points(window.font().pointSizeF()) / USUAL))


def bring_to_front(window: QWidget) -> None:
    """Brings a window to the person, wherever it is, with the keyboard."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


class _Past(QObject):
    """Leaves the mouse wheel to what scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes it from a field."""
        if event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


def scroll_past(*fields: QWidget) -> None:
    """Has the mouse wheel scroll what fields are in, where Qt would choose something else in the one below it."""
    for field in fields:
        field.installEventFilter(_Past(field))
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def text_field(name: str, tip: str, hint: str, height: int) -> QtWidgets.QPlainTextEdit:
    """A field for text of several lines, which Tab leaves.

    Args:
        name: what it is for, as it is read out.
        tip: what it is for, under the pointer.
        hint: what it says while it is empty.
        height: device-independent pixels.
    """
    field = QtWidgets.QPlainTextEdit()
    field.setAccessibleName(name)
    field.setToolTip(tip)
    field.setPlaceholderText(hint)
    field.setTabChangesFocus(True)
    field.setFixedHeight(height)
    set_look(field, surface="field")
    return field


def inset(field: QtWidgets.QAbstractSpinBox) -> None:
    """Puts air before what stands in a field with steps or a date: Qt gives it no padding from the stylesheet."""
    line = field.lineEdit()
    if line is not None:
        line.setTextMargins(INSET, 0, 0, 0)


def in_one_line(text: str) -> str:
    """What was written or pasted into a field for one line, which keeps the breaks that are pasted."""
    return " ".join(text.splitlines())


def plain_label(text: str) -> QLabel:
    """Text that wraps and is never taken for markup."""
    return WrappingLabel(text)


def title_label(text: str) -> QLabel:
    """What a dialog or a page is about, above all else in it."""
    label = plain_label(text)
    set_look(label, role="title")
    return label


def title_line(text: str) -> QLabel:
    """The same in one line, where a document's title may be long: it is whole in the tooltip."""
    line = ElidedLine()
    set_look(line, role="title")
    line.show_text(text)
    return line


def note(text: str) -> QLabel:
    """A word of explanation."""
    label = plain_label(text)
    set_look(label, role="muted")
    return label


def button(text: str, tip: str, kind: str = "", *, is_long: bool = False) -> QPushButton:
    """A button that says to screen readers what it says to the eye; a long one ends in dots where it has no room."""
    result = ElidedButton(text) if is_long else QPushButton(text)
    result.setAutoDefault(False)
    result.setAccessibleName(text.replace("&", "").removesuffix("…"))
    result.setToolTip(with_keys(tip))
    set_look(result, kind=kind)
    return result


def dialog_column(dialog: QWidget) -> QVBoxLayout:
    """What all of a dialog stands in, one part below the other, with the usual room around it."""
    column = QVBoxLayout(dialog)
    column.setContentsMargins(*AROUND)
    column.setSpacing(LOOSE)
    return column


def last_row(*buttons: QWidget, first: QWidget | None = None) -> QHBoxLayout:
    """The row at the foot of a dialog.

    Args:
        buttons: what ends the dialog, at the row's end.
        first: what else there is to do, at its beginning.
    """
    row = QHBoxLayout()
    row.setContentsMargins(0, TIGHT, 0, 0)
    row.setSpacing(SPACING)
    if first is not None:
        row.addLayout(row_of(first, spacing=0))
    row.addStretch(1)
    for each in buttons:
        row.addWidget(each)
    return row


def wrapping_form() -> QtWidgets.QFormLayout:
    """A form whose fields stand below their words where a row is too narrow for both."""
    form = QtWidgets.QFormLayout()
    form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setHorizontalSpacing(MARGIN)
    form.setVerticalSpacing(SPACING)
    return form


def together(*parts: QWidget | QtWidgets.QLayout) -> QVBoxLayout:
    """Parts that belong together, close below each other: what a field is, the field, and what is said of it."""
    column = QVBoxLayout()
    column.setSpacing(TIGHT)
    _fill(column, parts)
    return column


def column_in(
    widget: QWidget,
    *parts: QWidget | QtWidgets.QLayout,
    around: int | tuple[int, int, int, int] = 0,
    spacing: int | None = None,
) -> None:
    """Puts parts into a widget, one below the other.

    Args:
        widget: what holds them.
        parts: them, from top to bottom.
        around: the room at all edges, or at the left, the top, the right and the bottom, in device-independent pixels.
        spacing: the room between two of them; None for the style's.
    """
    column = QVBoxLayout(widget)
    column.setContentsMargins(*((around,) * 4 if isinstance(around, int) else around))
    if spacing is not None:
        column.setSpacing(spacing)
    _fill(column, parts)


def _fill(column: QVBoxLayout, parts: Iterable[QWidget | QtWidgets.QLayout]) -> None:
    for part in parts:
        if isinstance(part, QtWidgets.QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)


def add_row(
    form: QtWidgets.QFormLayout, words: str, field: QWidget | QtWidgets.QLayout, first: QWidget | None = None
) -> None:
    """Adds a row to a form, its words level with the first line of the field; Qt has them some pixels higher.

    Args:
        form: the form.
        words: what the field is, with a letter for its key; may be empty.
        field: what stands beside them.
        first: what the words and their key are of, where several parts stand below each other in `field`.
    """
    if not words:
        form.addRow("", field)
        return
    named = first or field
    above = ABOVE_TICK if isinstance(named, QtWidgets.QCheckBox) else ABOVE_LINE
    label = QLabel(words)
    if isinstance(named, QWidget):
        label.setBuddy(named)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
    label.setContentsMargins(0, above, 0, 0)
    form.addRow(label, field)


def lay_out_row(row: QFrame, *parts: QWidget | tuple[QWidget, ...]) -> None:
    """Lays out one row of a list.

    Args:
        row: the row.
        parts: what stands in it from its start; several in one stand below each other, and take the room that is left.
    """
    line = QHBoxLayout(row)
    line.setContentsMargins(0, SPACING, 0, SPACING)
    line.setSpacing(LOOSE)
    for part in parts:
        if isinstance(part, QWidget):
            line.addWidget(part)
            continue
        column = QVBoxLayout()
        column.setSpacing(0)
        for text in part:
            column.addWidget(text)
        line.addLayout(column, 1)
    set_look(row, surface="row")


class _Whole(QScrollArea):
    """Never narrower than what is in it, beside its scroll bar: else what is at the end of rows would be cut off."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is in it needs another width."""
        inside = self.widget()
        if event.type() == QEvent.Type.LayoutRequest and watched is inside:
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        return super().eventFilter(watched, event)


def scrolling(inside: QWidget, name: str, *, keeps_width: bool = False) -> QScrollArea:
    """What scrolls up and down where it is higher than its place; the keyboard goes to what is in it.

    Args:
        inside: what scrolls.
        name: for screen readers.
        keeps_width: whether it is never narrower than what scrolls.
    """
    area = _Whole() if keeps_width else QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area


def busy_bar(name: str, parent: QWidget | None = None) -> QtWidgets.QProgressBar:
    """What moves while something takes nobody knows how long.

    Args:
        name: what is being done, in words.
        parent: Qt parent, where it is in no layout.
    """
    bar = QtWidgets.QProgressBar(parent)
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    bar.setAccessibleName(name)
    return bar
