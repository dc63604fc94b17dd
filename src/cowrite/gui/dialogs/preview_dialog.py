"""PreviewDialog: the pages of a document before they are printed, as PDF has them too.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cowrite.core.text.direction import isolated
from cowrite.gui.dialogs.sheets import PaperPages, Sheets
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, TIGHT, set_look
from cowrite.gui.widgets.dialog_parts import button, resize_for_letters

SIZE = QSize(860, 900)  # device-independent pixels
_WHOLE = "One whole page (Ctrl+0)"


class PreviewDialog(QDialog):
    """Shows them; `print_wanted` is told when they are to be printed.

    Args:
        pages: what is on them.
        title: of the document.
        parent: its window.
    """

    print_wanted = Signal()

    def __init__(self, pages: PaperPages, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Print preview – {isolated(title)}")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._count = pages.count
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget(self)
        set_look(bar, surface="bar")
        column.addWidget(bar)
        self.sheets = Sheets(pages)
        column.addWidget(self.sheets, 1)
        self._before = icon_button("arrow-up", "Previous page (Page Up)")
        self._after = icon_button("arrow-down", "Next page (Page Down)")
        self._page = QLabel()
        self._smaller = icon_button("zoom-out", "Show the pages smaller (Ctrl+-)")
        self._zoom = QLabel()
        self._larger = icon_button("zoom-in", "Show the pages larger (Ctrl++)")
        self._whole = icon_button("maximize", _WHOLE)
        close = button("Close", "Back to the document (Esc)")
        go_on = button("&Print…", "Choose a printer and print these pages (Ctrl+P)", "primary")
        row = QHBoxLayout(bar)
        row.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        row.setSpacing(TIGHT)
        for part in (
            self._before,
            self._after,
            self._page,
            LOOSE,
            self._smaller,
            self._zoom,
            self._larger,
            self._whole,
        ):
            row.addSpacing(part) if isinstance(part, int) else row.addWidget(part)
        row.addStretch(1)
        row.addWidget(close)
        row.addSpacing(SPACING - TIGHT)
        row.addWidget(go_on)
        for label, widest in ((self._page, self._words(pages.count)), (self._zoom, "400 %")):
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(f"  {widest}"))
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        self._smaller.clicked.connect(lambda: self.sheets.enlarge(-1))
        self._larger.clicked.connect(lambda: self.sheets.enlarge(1))
        self._whole.clicked.connect(self.sheets.fit)
        close.clicked.connect(self.reject)
        go_on.clicked.connect(self._print)
        self.sheets.changed.connect(self._show)
        for keys, act in (
            (("PgUp",), lambda: self._step(-1)),
            (("PgDown",), lambda: self._step(1)),
            (("Home", "Ctrl+Home"), lambda: self.sheets.go_to(1)),
            (("End", "Ctrl+End"), lambda: self.sheets.go_to(self._count)),
            (("Ctrl++", "Ctrl+="), lambda: self.sheets.enlarge(1)),
            (("Ctrl+-",), lambda: self.sheets.enlarge(-1)),
            (("Ctrl+0",), self.sheets.fit),
            (("Ctrl+P",), self._print),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self, act)
        resize_for_letters(self, SIZE)
        self.sheets.setFocus()
        self._show()

    def _step(self, step: int) -> None:
        self.sheets.go_to(self.sheets.number + step)

    def _print(self) -> None:
        self.accept()
        self.print_wanted.emit()

    def _show(self) -> None:
        number = self.sheets.number
        self._page.setText(self._words(number))
        self._zoom.setText(f"{round(self.sheets.zoom * 100)} %")
        self._before.setEnabled(number > 1)
        self._after.setEnabled(number < self._count)

    def _words(self, number: int) -> str:
        return f"Page {number} of {self._count}"
