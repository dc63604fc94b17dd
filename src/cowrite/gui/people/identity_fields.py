"""IdentityFields: who somebody is, as a name and one of twelve colours.

Runs on the GUI thread. Serves whoever joins, the people panel and the preferences.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.keyboard.tab_order import reach_the_chosen
from cowrite.gui.look.icons import pixmap
from cowrite.gui.look.swatches import PEOPLE, Swatch
from cowrite.gui.look.theme import CLOSE, LOOSE, worn
from cowrite.gui.widgets.dialog_parts import note, together

NAME_LIMIT = 60  # characters; a name has to fit a flag beside the text
COLUMNS = 6


class IdentityFields(QWidget):
    """A name and a colour. `changed` tells both once the name is not empty; `submitted`: Enter in the name.

    Args:
        need: what is said below the name while it is empty; empty for nothing.
    """

    changed = Signal(str, str)
    valid_changed = Signal(bool)
    submitted = Signal()

    def __init__(self, need: str = "") -> None:
        super().__init__()
        self._need = need
        label = QLabel("Your &name")
        self._name = QLineEdit()
        self._name.setMaxLength(NAME_LIMIT)
        self._name.setPlaceholderText("How others see you")
        called(self._name, "Your name", "The name that others see beside your caret")
        self._name.textChanged.connect(self._tell)
        self._name.returnPressed.connect(self._submit)
        label.setBuddy(self._name)
        self._missing = note(need)
        self._missing.setAccessibleDescription("About your name")
        policy = self._missing.sizePolicy()
        policy.setRetainSizeWhenHidden(bool(need))  # nothing below it moves with the first letter
        self._missing.setSizePolicy(policy)
        self._missing.hide()
        self._colours = ColourChoice()
        self._colours.chosen.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LOOSE)
        column.addLayout(together(label, self._name, self._missing))
        column.addLayout(together(QLabel("Your colour"), self._colours))

    def identity(self) -> tuple[str, str]:
        """Name, without spaces around it, and stored colour."""
        return self._name.text().strip(), self._colours.colour()

    def is_valid(self) -> bool:
        """Whether there is a name."""
        return bool(self.identity()[0])

    def start(self) -> None:
        """Puts the keyboard into the name."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._name.selectAll()

    def show_identity(self, name: str, colour: str) -> None:
        """Shows this name and colour; emits no `changed`."""
        with QSignalBlocker(self._name):  # what is shown was not typed
            self._name.setText(name)
        self._colours.show_colour(colour)
        self._show_need()
        self.valid_changed.emit(self.is_valid())

    def tell_need(self) -> None:
        """Reads out why a name is needed, where there is none."""
        if self._missing.isVisible():
            say(self._missing, self._need)

    def _show_need(self) -> None:
        was_shown = not self._missing.isHidden()
        self._missing.setVisible(bool(self._need) and not self.is_valid())
        if not was_shown:
            self.tell_need()

    def _tell(self) -> None:
        self._show_need()
        self.valid_changed.emit(self.is_valid())
        if self.is_valid():
            self.changed.emit(*self.identity())

    def _submit(self) -> None:
        if self.is_valid():
            self.submitted.emit()
        else:
            self.tell_need()


class ColourChoice(QWidget):
    """Twelve colours, one of them chosen; `chosen` carries the stored colour. Arrow keys walk."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Your colour")
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(CLOSE)
        grid.setColumnStretch(COLUMNS, 1)
        self._dots = [_ColourDot(swatch) for swatch in PEOPLE]
        for place, dot in enumerate(self._dots):
            grid.addWidget(dot, place // COLUMNS, place % COLUMNS)
            self._group.addButton(dot)
            dot.toggled.connect(self._tell)
        reach_the_chosen(self._dots)
        self.show_colour("")

    def colour(self) -> str:
        """The stored colour that is chosen."""
        return next(dot.swatch.light for dot in self._dots if dot.isChecked())

    def show_colour(self, colour: str) -> None:
        """Choose a stored colour without a signal; one that is not among the twelve leaves the first chosen."""
        with QSignalBlocker(self):  # what is shown was not chosen
            next((dot for dot in self._dots if dot.swatch.light == colour.lower()), self._dots[0]).setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys choose the neighbour."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
        step = steps.get(Qt.Key(event.key()))
        here = next(place for place, dot in enumerate(self._dots) if dot.isChecked())
        if step is not None and 0 <= here + step < len(self._dots):
            self._dots[here + step].setChecked(True)
            self._dots[here + step].setFocus(Qt.FocusReason.TabFocusReason)
        elif step is None:
            super().keyPressEvent(event)

    def _tell(self, on: bool) -> None:
        if on:
            self.chosen.emit(self.colour())


class _ColourDot(QAbstractButton):
    """One colour as a disc; the chosen one wears a ring and a tick, so that colour is not the only sign."""

    def __init__(self, swatch: Swatch) -> None:
        super().__init__()
        self.swatch = swatch
        self.setCheckable(True)
        side = worn().metrics.button
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        called(self, swatch.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the palette; Qt would step by its own order."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The disc, the tick and the rings."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        box = QRectF(self.rect())
        theme = worn()
        colour = theme.person(self.swatch.light)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(box.adjusted(6, 6, -6, -6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawEllipse(box.adjusted(3, 3, -3, -3))
            side = theme.metrics.arrow
            tick = pixmap("check", theme.on(colour), side, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, tick)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
