"""Number: a field for a whole number, or for none.

Runs on the GUI thread.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator
from PySide6.QtWidgets import QSpinBox

from cowrite.gui.widgets.dialog_parts import inset, scroll_past


class Number(QSpinBox):
    """A field for a number; screen readers call it by its name.

    Args:
        name: what the number is.
        tip: how to change it.
        low, high: its bounds.
        none: words for the lowest, which is no number then: an empty field is that, and digits that are typed among
            these words take their place. Empty where the lowest is a number too.
        keeps_enter: whether Enter behind a number that is typed takes it and does nothing else yet. In a dialog that
            asks for nothing but numbers, they are all that Enter can mean.
    """

    def __init__(self, name: str, tip: str, low: int, high: int, none: str = "", *, keeps_enter: bool = True) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSpecialValueText(none)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        inset(self)
        scroll_past(self)
        self._is_typed = False
        field = self.lineEdit()
        if keeps_enter and field is not None:
            field.textEdited.connect(self._on_typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes a number that was typed, and the next what it does in the dialog: open a poll, say."""
        ends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        super().keyPressEvent(event)
        if ends and self._is_typed:
            event.accept()
        self._is_typed = self._is_typed and not ends

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The number is selected, so that one that is typed takes its place. Qt selects it for Tab alone; typed beside
        it, a digit would make a number beyond the highest and not be taken."""
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is taken."""
        super().focusOutEvent(event)
        self._is_typed = False

    def validate(self, typed: str, at: int) -> tuple[QValidator.State, str, int]:
        """Whether it can be a number; Qt takes no digit among the words for none, and none of another script or width
        than the system's."""
        typed = "".join(each if each.isascii() else self._digit(each) for each in typed)
        digits = "".join(filter(str.isdigit, typed))
        none = self.specialValueText()
        if none and digits and typed.removesuffix(self.suffix()).replace(digits, "", 1) == none:
            typed, at = f"{digits}{self.suffix()}", len(digits)
        return super().validate(typed, at)

    def fixup(self, typed: str) -> str:
        """What is meant by an empty field."""
        is_empty = not typed.removesuffix(self.suffix()).strip()
        return f"{self.minimum()}{self.suffix()}" if is_empty and self.specialValueText() else typed

    def _digit(self, character: str) -> str:
        """A digit as Qt takes it; any other character as it is."""
        value = unicodedata.decimal(character, None)
        own = self.locale().zeroDigit()
        return character if value is None or ord(character) - value == ord(own) else str(value)

    def _on_typed(self, _text: str) -> None:
        self._is_typed = True
