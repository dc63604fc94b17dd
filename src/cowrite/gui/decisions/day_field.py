"""DayField: a day that is typed, or chosen in a calendar.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QDate, QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from cowrite.core.brainstorm.deciding import day_meant, is_day
from cowrite.gui.decisions.fields import LineField
from cowrite.gui.keyboard.key_groups import ENTERS
from cowrite.gui.look.icons import icon
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.theme import SPACING, set_look
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.day_calendar import DayCalendar
from cowrite.gui.widgets.dialog_parts import column_in
from cowrite.gui.widgets.popup_place import open_below

LONGEST = 20  # characters; a day has ten, but "15. 12. 2027" would be another one where it is cut
_FORM = "yyyy-MM-dd"


class DayField(LineField):
    """A day, YYYY-MM-DD, or none. `typed` comes for days only. One that is typed as people here write it, such as
    1.3.2027, takes that form once the person goes on.

    Args:
        name: what it is for, as it is read out.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, "YYYY-MM-DD")
        self.textEdited.disconnect(self.typed)
        self.textEdited.connect(self._on_edit)
        self.setMaxLength(LONGEST)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._choose = self.addAction(icon("calendar", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._choose.setText("Choose a day")
        self._choose.setToolTip(with_keys("Choose a day in a calendar (Alt+Down)"))
        self._choose.triggered.connect(lambda _checked=False: self.choose())

    def sizeHint(self) -> QSize:
        """Wide enough for a day, or how one is written, and the calendar's sign."""
        words = max(self.fontMetrics().horizontalAdvance(day) for day in ("0000-00-00", self.placeholderText()))
        return QSize(words + 62, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """No narrower."""
        return self.sizeHint()

    def show_text(self, text: str) -> None:
        """Shows the day, but not over one that is being typed."""
        if not self.hasFocus() or is_day(self.text()) or not self.text():
            super().show_text(text)
            set_look(self, tone="")

    def setReadOnly(self, on: bool) -> None:
        """Lets nothing be typed nor chosen."""
        super().setReadOnly(on)
        self._choose.setVisible(not on)

    def day(self, before: str) -> str:
        """The day, or none; what it was before while another one is being typed."""
        return self.text() if not self.text() or is_day(self.text()) else before

    def choose(self) -> DayPopup:
        """Opens the calendar, at the day or at today."""
        popup = DayPopup(self.accessibleName(), self.text(), self)
        popup.chosen.connect(self._take)
        popup.open_below(self)
        return popup

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down opens the calendar, as with other fields that have something to choose from."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if not self.isReadOnly():
                self.choose()
            return
        if event.key() in ENTERS:
            self._put_in_form()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The person goes on."""
        self._put_in_form()
        super().focusOutEvent(event)

    def _put_in_form(self) -> None:
        text = self.text()
        if self.isReadOnly() or not text or is_day(text):
            return
        form = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat).lower()
        day = day_meant(text, "".join(sorted("dmy", key=form.find)))
        if day != text:
            self.setText(day)
            self._on_edit(day)

    def _take(self, day: str) -> None:
        if self.isReadOnly():  # by now
            return
        self.setText(day)
        self._on_edit(day)

    def _on_edit(self, text: str) -> None:
        is_good = not text or is_day(text)
        set_look(self, tone="" if is_good else "problem")
        if is_good:
            self.typed.emit(text)


class DayPopup(QFrame):
    """A calendar that closes once a day is chosen; Escape leaves the day as it is.

    Args:
        name: what the day is for.
        day: the day that is chosen now, YYYY-MM-DD; anything else for none.
        parent: of the popup.
    """

    chosen = Signal(str)
    """YYYY-MM-DD, or empty for no day."""

    def __init__(self, name: str, day: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, surface="popup")
        self.setAccessibleName(f"Calendar: {name}")
        self.calendar = DayCalendar()
        self.calendar.setAccessibleName(name)
        self.calendar.setSelectedDate(QDate.fromString(day, _FORM) if is_day(day) else QDate.currentDate())
        self.calendar.clicked.connect(self._choose)
        self.calendar.activated.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(act_button("Today", "Choose today", lambda: self._choose(QDate.currentDate())))
        row.addWidget(act_button("No day", "Leave it without a day", lambda: self._choose(QDate())))
        row.addStretch(1)
        column_in(self, self.calendar, row, around=SPACING, spacing=SPACING)

    def open_below(self, field: QWidget) -> None:
        """Opens beside a field."""
        open_below(self, field)
        self.calendar.setFocus()

    def event(self, event: QEvent) -> bool:
        """Escape closes, wherever the focus is."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.close()
            return True
        return super().event(event)

    def _choose(self, day: QDate) -> None:
        self.close()
        self.chosen.emit(day.toString(_FORM) if day.isValid() else "")
