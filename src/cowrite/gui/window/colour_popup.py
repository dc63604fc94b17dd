"""ColourPopup: the palette below a button, from which the colour of text or of its ground is picked.

Runs on the GUI thread. It closes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QColorDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from cowrite.gui.look.swatches import Swatch
from cowrite.gui.look.theme import LOOSE, SPACING, TIGHT, worn
from cowrite.gui.widgets.dialog_parts import column_in

ACROSS = 5  # swatches in a row


class ColourPopup(QFrame):
    """The palette of one colour, with "None" and "Custom…".

    Args:
        title: what the colour is of.
        swatches: that are offered.
        current: the stored colour now; None for none.
        choose: is called with the colour to store, None for none; also after the palette has gone.
        parent: of the palette, and of the dialog for any other colour.
        behind: whether the colour lies behind the text, and is not that of its letters.
    """

    def __init__(
        self,
        title: str,
        swatches: Sequence[Swatch],
        current: str | None,
        choose: Callable[[str | None], None],
        parent: QWidget,
        *,
        behind: bool,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._tell = choose
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "popup")
        self.setAccessibleName(title)
        self._title = title
        self._current = current
        self._first = swatches[0]
        heading = QLabel(title)
        heading.setProperty("role", "muted")
        grid = QGridLayout()
        grid.setSpacing(TIGHT)
        buttons = [self._button(swatch, behind=behind) for swatch in swatches]
        for place, button in enumerate(buttons):
            grid.addWidget(button, place // ACROSS, place % ACROSS)
        none = QPushButton("None")
        none.setToolTip(f"No {title.lower()}")
        none.clicked.connect(lambda: self._choose(None))
        custom = QPushButton("Custom…")
        custom.setToolTip(f"Choose any {title.lower()}")
        custom.clicked.connect(self._open_dialog)
        last = QHBoxLayout()
        for button_ in (none, custom):
            button_.setAccessibleName(button_.toolTip())
            last.addWidget(button_, 1)
        column_in(self, heading, grid, last, around=(LOOSE, SPACING, LOOSE, LOOSE), spacing=SPACING)
        next((each for each in buttons if each.isChecked()), buttons[0]).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; arrow keys walk over the palette."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -ACROSS, Qt.Key.Key_Down: ACROSS}
        buttons: list[QWidget] = [*self.findChildren(QToolButton), *self.findChildren(QPushButton)]
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
        if event.key() in steps:
            there = min(max(here + steps[Qt.Key(event.key())], 0), len(buttons) - 1)
            buttons[there].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _button(self, swatch: Swatch, *, behind: bool) -> QToolButton:
        button = _SwatchButton(swatch, behind=behind)
        button.setCheckable(True)
        button.setChecked(swatch.light == self._current)
        button.clicked.connect(lambda: self._choose(swatch.light))
        return button

    def _choose(self, stored: str | None) -> None:
        self._tell(stored)
        self.close()

    def _open_dialog(self) -> None:
        dialog = QColorDialog(QColor(self._current or worn().shown(self._first)), self.parentWidget())
        dialog.setWindowTitle(self._title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour, tell=self._tell: tell(colour.name()))
        self.close()
        dialog.open()


class _SwatchButton(QToolButton):
    """A button that shows a letter in a colour, or on it."""

    def __init__(self, swatch: Swatch, *, behind: bool) -> None:
        super().__init__()
        self._colour = swatch
        self._behind = behind
        self.setFixedSize(36, 36)
        self.setAccessibleName(swatch.name)
        self.setToolTip(swatch.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """In the colours of the theme that the application wears by now."""
        super().paintEvent(event)
        theme, painter = worn(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.border))
        painter.setBrush(QColor(theme.shown(self._colour) if self._behind else theme.page))
        painter.drawRoundedRect(QRectF(5.5, 5.5, 25, 25), 5, 5)
        painter.setPen(QColor(theme.text if self._behind else theme.shown(self._colour)))
        font = QFont()
        font.setPixelSize(15)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.drawText(QRectF(5, 5, 26, 26), Qt.AlignmentFlag.AlignCenter, "A")
        painter.end()
