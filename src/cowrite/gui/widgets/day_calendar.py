"""DayCalendar: Qt's calendar in cowrite's look.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QSize, Qt
from PySide6.QtGui import QFont, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton

from cowrite.gui.look.icons import icon
from cowrite.gui.look.theme import worn

_STEPS = (
    ("qt_calendar_prevmonth", "chevron-left", "Previous month"),
    ("qt_calendar_nextmonth", "chevron-right", "Next month"),
)
"""Qt's own names of these buttons, their drawings, and what they do."""


class DayCalendar(QCalendarWidget):
    """A month of days; today's is bold."""

    def __init__(self) -> None:
        super().__init__()
        # Its words are English, as all of cowrite's are; the week begins as where the person lives.
        self.setLocale(QLocale(QLocale.Language.English, QLocale.system().territory()))
        self.setFirstDayOfWeek(QLocale.system().firstDayOfWeek())
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        quiet, bold = QTextCharFormat(), QTextCharFormat()
        quiet.setForeground(self.palette().placeholderText())
        bold.setFontWeight(QFont.Weight.Bold)
        self.setHeaderTextFormat(quiet)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, QTextCharFormat())  # Qt has them in red
        self.setDateTextFormat(QDate.currentDate(), bold)
        metrics = worn().metrics
        size = QSize(metrics.icon, metrics.icon)
        for name, drawing, label in _STEPS:
            step = self.findChild(QToolButton, name)
            if step is not None:
                step.setIcon(icon(drawing))
                step.setIconSize(size)
                step.setAccessibleName(label)
                step.setToolTip(label)
