"""EncodingDialog: in which encoding a file of another program is, where the file does not say it.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from cowrite.gui.widgets.dialog_parts import (
    add_row,
    button,
    dialog_column,
    last_row,
    note,
    plain_label,
    resize_on_screen,
    text_field,
    wrapping_form,
)

WIDTH = 520  # device-independent pixels, or as its letters need
LINES = 9  # of the file, in sight


class EncodingDialog(QDialog):
    """The dialog. The first encoding is chosen to begin with.

    Args:
        name: what the file is called.
        encodings: those in which it can be, each with what people call it.
        preview: gives lines of the file in one of them.
        parent: the window in front.
    """

    chosen = Signal(str)
    """The encoding."""

    def __init__(
        self,
        name: str,
        encodings: Sequence[tuple[str, str]],
        preview: Callable[[str], str],
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self.setWindowTitle("Open a text file")
        self.encoding = QComboBox(self)
        self.encoding.setAccessibleName("Encoding")
        self.encoding.setToolTip("How the file stores letters")
        for encoding, title in encodings:
            self.encoding.addItem(title, encoding)
        height = LINES * self.fontMetrics().lineSpacing() + 20
        self.lines = text_field("Lines of the file", "Lines of the file in this encoding", "", height)
        self.lines.setReadOnly(True)
        form = wrapping_form()
        add_row(form, "&Encoding", self.encoding)
        cancel = button("Cancel", "Leave the file alone (Esc)")
        give = button("&Open", "Open the file in this encoding (Enter)", "primary")
        give.setDefault(True)
        column = dialog_column(self)
        what = f"“{name}” does not say in which encoding it is. Choose one in which it reads well."
        column.addWidget(plain_label(what))
        column.addLayout(form)
        column.addWidget(self.lines)
        column.addWidget(note("The likeliest encodings come first. The file stays as it is."))
        column.addStretch(1)
        column.addLayout(last_row(cancel, give))
        self.encoding.currentIndexChanged.connect(lambda _row: self._show())
        cancel.clicked.connect(self.reject)
        give.clicked.connect(self._give)
        self._show()
        width = max(WIDTH, 64 * self.fontMetrics().averageCharWidth())
        resize_on_screen(self, QSize(width, self.sizeHint().height()))

    def _show(self) -> None:
        self.lines.setPlainText(self._preview(self.encoding.currentData()))

    def _give(self) -> None:
        encoding = self.encoding.currentData()
        self.accept()
        self.chosen.emit(encoding)
