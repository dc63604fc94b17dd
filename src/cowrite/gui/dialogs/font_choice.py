"""FontChoice: with which letters, and how large, the page is written.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QFont, QFontDatabase, QShowEvent, QValidator
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.look.typography import LARGEST, SMALLEST
from cowrite.gui.widgets.dialog_parts import column_in, inset, scroll_past

SYSTEM_FONT = "System font"
SAMPLE = "The quiet fox wrote 12 pages"
ABOVE = 10  # device-independent pixels between what is chosen and the sample


class FontChoice(QWidget):
    """A font and a size, with a sample of both.

    Args:
        font: name of the font that is chosen; empty for the system's own.
        size: in points.
    """

    font_changed = Signal(str)
    """Another font, as above."""
    size_changed = Signal(float)
    """Another size, in points."""

    def __init__(self, font: str, size: float) -> None:
        super().__init__()
        self._font_box = QComboBox()
        self._font_box.addItems([SYSTEM_FONT, *_families()])
        if self._font_box.findText(font or SYSTEM_FONT) < 0:  # set on another computer: kept, and shown as it is
            self._font_box.addItem(font)
        self._font_box.setCurrentText(font or SYSTEM_FONT)
        self._font_box.setMaxVisibleItems(14)
        called(self._font_box, "Writing font", "The font of the page, on this computer only")
        self._size_box = _Points()
        self._size_box.setRange(SMALLEST, LARGEST)
        self._size_box.setSingleStep(0.5)
        self._size_box.setDecimals(1)
        self._size_box.setValue(size)
        called(self._size_box, "Size of the writing font", "The size of body text; headings grow with it")
        scroll_past(self._font_box, self._size_box)
        self._sample = QLabel(SAMPLE)
        self._sample.setAccessibleDescription("Sample of the writing font")
        self._sample.setMinimumHeight(64)
        self._sample.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # whatever its size
        self._sample.setContentsMargins(LOOSE, SPACING, LOOSE, SPACING)
        set_look(self._sample, surface="card")
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self._font_box, 1)
        row.addWidget(self._size_box)
        column_in(self, row, self._sample, spacing=ABOVE)
        self._font_box.currentTextChanged.connect(self._tell_font)
        self._size_box.valueChanged.connect(self._tell_size)

    def showEvent(self, event: QShowEvent) -> None:
        """Sets the sample anew: the style sheet takes a label's own font from it when it is first shown."""
        super().showEvent(event)
        self._show_sample()

    @property
    def _name(self) -> str:
        shown = self._font_box.currentText()
        return "" if shown == SYSTEM_FONT else shown

    def _tell_font(self) -> None:
        self._show_sample()
        self.font_changed.emit(self._name)

    def _tell_size(self, size: float) -> None:
        self._show_sample()
        self.size_changed.emit(size)

    def _show_sample(self) -> None:
        font = QFont(self.font())
        if self._name:
            font.setFamily(self._name)
        font.setPointSizeF(self._size_box.value())
        self._sample.setFont(font)


def _families() -> list[str]:
    """The fonts that have a Latin face, each once; bitmap fonts and those that Qt calls private are left out."""
    latin = QFontDatabase.families(QFontDatabase.WritingSystem.Latin)
    return [
        name for name in latin if QFontDatabase.isSmoothlyScalable(name) and not QFontDatabase.isPrivateFamily(name)
    ]


class _Points(QDoubleSpinBox):
    """A size in points: "12.5 pt", and "14 pt" without a decimal."""

    def __init__(self) -> None:
        super().__init__()
        inset(self)

    def textFromValue(self, value: float) -> str:
        """As short as it can be said."""
        return f"{self.locale().toString(value, 'g', 4)} pt"

    def valueFromText(self, text: str) -> float:
        """The number that was typed; zero, which is out of range, for anything else."""
        return self._number(text)[0]

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed on the way; Qt brings it into the range at the end."""
        number, fits = self._number(text)
        state = QValidator.State.Acceptable if fits and SMALLEST <= number <= LARGEST else QValidator.State.Intermediate
        return state, text, position

    def _number(self, text: str) -> tuple[float, bool]:
        """What was typed, with the decimal sign of one's language or a point; and whether it is a number."""
        words = text.removesuffix("pt").strip()
        number, fits = self.locale().toDouble(words)
        return (number, True) if fits else QLocale.c().toDouble(words)
