"""What a new link shall be: for which role, how long, for how many.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE, SPACING, set_look
from cowrite.gui.look.times import DAY, HOUR
from cowrite.gui.people.roles import MAY, RoleBox
from cowrite.gui.widgets.day_calendar import DayCalendar
from cowrite.gui.widgets.dialog_parts import button, inset, note, scroll_past
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role

TERMS = (("1 hour", HOUR), ("1 day", DAY), ("7 days", 7 * DAY), ("30 days", 30 * DAY))
WEEK = 2  # the place among TERMS that is offered
NEVER, DATE = "never", "date"
MOST_USES = 10_000


class InviteForm(QFrame):
    """`submitted(InviteWish)`; the button waits then until `show_ready`."""

    submitted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        set_look(self, surface="card")
        self.setAccessibleName("New link")
        self.role = RoleBox("those who come by the new link")
        self.role.show_role(Role.EDITOR)
        self._means = note("")
        self.expiry = QComboBox()
        called(self.expiry, "How long the link lets people in")
        for name, length in TERMS:
            self.expiry.addItem(f"For {name}", length)
        self.expiry.addItem("Until a date…", DATE)
        self.expiry.addItem("Until it is withdrawn", NEVER)
        self.expiry.setCurrentIndex(WEEK)
        self.day = QDateEdit(QDate.currentDate().addMonths(1))
        self.day.setDisplayFormat("ddd d MMM yyyy")
        self.day.setMinimumDate(QDate.currentDate())
        self.day.setCalendarPopup(True)
        self.day.setCalendarWidget(DayCalendar())
        self.day.setAccessibleName("The last day on which the link lets people in")
        self.uses = QComboBox()
        called(self.uses, "How many people the link lets in")
        self.uses.addItems(["Any number of people", "A limited number of people"])
        self.count = QSpinBox()
        self.count.setRange(1, MOST_USES)
        self.count.setAccessibleName("The number of people whom the link lets in")
        for field in (self.day, self.count):
            inset(field)
        scroll_past(self.expiry, self.day, self.uses, self.count)
        self.make = button("Make a link", "Make a new link and copy it to the clipboard", "primary")
        self.make.clicked.connect(self._submit)
        self._lay_out()
        self.role.currentIndexChanged.connect(lambda _row: self._refresh())
        self.expiry.currentIndexChanged.connect(lambda _row: self._refresh())
        self.uses.currentIndexChanged.connect(lambda _row: self._refresh())
        self._refresh()

    def show_ready(self) -> None:
        """Another link may be made."""
        self.make.setEnabled(True)

    def wish(self, now: int) -> InviteWish:
        """What is chosen; `now` in milliseconds since 1970."""
        chosen = self.expiry.currentData()
        if chosen == NEVER:
            expires = None
        elif chosen == DATE:
            expires = QDateTime(self.day.date().addDays(1), QTime(0, 0)).toMSecsSinceEpoch()
        else:
            expires = now + int(chosen)
        uses = self.count.value() if self.uses.currentIndex() == 1 else None
        return InviteWish(self.role.role, expires, uses)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(LOOSE, LOOSE, LOOSE, LOOSE)
        grid.setHorizontalSpacing(LOOSE)
        grid.setVerticalSpacing(SPACING)
        for row, (name, box, beside) in enumerate(
            (
                ("New link &for", self.role, None),
                ("Lets people &in", self.expiry, self.day),
                ("For how &many", self.uses, self.count),
            )
        ):
            label = QLabel(name)
            label.setBuddy(box)
            place = 0 if row == 0 else row + 1
            grid.addWidget(label, place, 0)
            grid.addLayout(_beside(box, beside), place, 1)
        grid.addWidget(self._means, 1, 1)
        grid.addWidget(self.make, 4, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)

    def _submit(self) -> None:
        self.make.setEnabled(False)
        self.submitted.emit(self.wish(QDateTime.currentMSecsSinceEpoch()))

    def _refresh(self) -> None:
        self._means.setText(f"{MAY[self.role.role]}.")
        self.day.setVisible(self.expiry.currentData() == DATE)
        self.count.setVisible(self.uses.currentIndex() == 1)


def _beside(box: QWidget, other: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACING)
    row.addWidget(box)
    row.setContentsMargins(0, 0, 0, 0)
    if other is not None:
        row.addWidget(other)
    row.addStretch(1)
    return row
